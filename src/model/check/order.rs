//! Cycles of definitions that need one another, as messages.

use crate::diagnostic::{Diagnostic, Step, cycle};
pub(super) use crate::order::{Order, sort};
use crate::syntax::ast::Ident;

/// "`a` needs itself: `a`, `b`, `c`, `a`", with every step marked.
pub(super) fn report(what: &str, steps: &[&Ident]) -> Diagnostic {
    let steps: Vec<Step<'_>> = steps.iter().map(|name| (name.text.as_str(), name.span)).collect();
    cycle(what, "needs", &steps).help("let one of them be computed without the others")
}
