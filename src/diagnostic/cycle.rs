//! Definitions that need one another: every step of the cycle in one message.

use super::{Diagnostic, codes};
use crate::source::Span;

/// How many steps of a cycle are named and shown before the rest is only counted.
const SHOWN: usize = 64;

/// One that needs the next one, and where it says so.
pub(crate) type Step<'s> = (&'s str, Span);

/// "these `what` form a cycle: `a`, `b`, `a`", with every step marked: "`a` `verb` `b`".
pub(crate) fn cycle(what: &str, verb: &str, steps: &[Step<'_>]) -> Diagnostic {
    let (first, _) = steps[0];
    let more = steps.len().saturating_sub(SHOWN);
    let mut names: Vec<String> =
        steps.iter().take(SHOWN).map(|(name, _)| format!("`{name}`")).collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.push(format!("`{first}`"));
    let message = format!("these {what} form a cycle: {}", names.join(", "));
    let mut found = Diagnostic::new(&codes::CYCLE, message);
    for (at, (name, span)) in steps.iter().take(SHOWN).enumerate() {
        let next = steps.get(at + 1).map_or(first, |(next, _)| next);
        found = found.at(*span, format!("`{name}` {verb} `{next}`"));
    }
    found
}
