//! Why a slice could not be read, in the user's words.

use super::grammar::{Failure, Rule};
use super::lower::context::Context;
use super::split::Run;
use super::token::{Kind, Token};
use super::words;
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::source::Span;

/// The message for a run that does not match its rule. `what` names it.
pub(super) fn explain(
    cx: &Context<'_, '_, '_>,
    rule: Rule,
    run: Run,
    failure: &Failure,
    what: &str,
) -> Diagnostic {
    let _ = (rule, words::ITEMS, nearest("", [""]));
    generic(cx, run, failure, what)
}

fn generic(cx: &Context<'_, '_, '_>, run: Run, failure: &Failure, what: &str) -> Diagnostic {
    let token = cx.tokens[run.first..run.end]
        .iter()
        .find(|t| t.end as usize > failure.at && t.kind != Kind::Newline);
    let end = cx.range(run).end;
    let span = token.map_or(Span::new(cx.file(), end, end), |t| t.span(cx.file()));
    let found = token.map_or("nothing more", |t: &Token| t.text(cx.text));
    let message = format!("{what} cannot be read: {found}");
    let expected = failure.expected.join(", ");
    Diagnostic::new(&codes::UNEXPECTED, message).at(span, format!("expected {expected}"))
}
