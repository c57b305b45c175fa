//! `# kpi: allow(NAME) reason` lines.

use super::atom::ident_of;
use super::context::Context;
use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::source::Span;
use crate::syntax::ast::{Allow, Item};

/// The comment lines right above an item that allow a lint: `# kpi: allow(NAME) reason`.
pub(super) fn allows(cx: &Context<'_, '_, '_>, comments: &[Span], keyword: Span) -> Vec<Allow> {
    let mut below = keyword.start as usize;
    let behind = comments.partition_point(|c| c.end <= keyword.start);
    let mut allows = Vec::new();
    for comment in comments[..behind].iter().rev() {
        let between = &cx.text[comment.end as usize..below];
        let one_line = between.matches('\n').count() == 1 && between.trim().is_empty();
        let line = cx.text[..comment.start as usize].rfind('\n').map_or(0, |i| i + 1);
        let alone = cx.text[line..comment.start as usize].trim_start_matches('\u{FEFF}').trim();
        if !one_line || !alone.is_empty() {
            break;
        }

        allows.extend(allow(cx, *comment));
        below = comment.start as usize;
    }
    allows.reverse();
    allows
}

fn allow(cx: &Context<'_, '_, '_>, comment: Span) -> Option<Allow> {
    let text = &cx.text[comment.range()];
    let rest = text.strip_prefix('#')?.trim_start().strip_prefix("kpi:")?.trim_start();
    let rest = rest.strip_prefix("allow(")?;
    let (name, reason) = rest.split_once(')')?;
    let start = comment.start as usize + (text.len() - rest.len());
    let lint = ident_of(name.trim(), Span::new(cx.file(), start, start + name.len()));
    Some(Allow { lint, reason: reason.trim().to_owned() })
}

/// Warns of `# kpi:` comments that allow nothing: misspelt, or not right above an item.
pub(in crate::syntax) fn check(cx: &mut Context<'_, '_, '_>, comments: &[Span], items: &[Item]) {
    let mut used = items.iter().flat_map(|i| &i.allows).map(|a| a.lint.span.start).peekable();
    for comment in comments {
        let text = &cx.text[comment.range()];
        if !text[1..].trim_start().starts_with("kpi:") {
            continue;
        }
        while used.peek().is_some_and(|&start| start < comment.start) {
            used.next();
        }
        if used.peek().is_some_and(|&start| start < comment.end) {
            continue;
        }
        let label = if allow(cx, *comment).is_some() {
            "no item right below it"
        } else {
            "not of that form"
        };
        let mut diagnostic = Diagnostic::new(&codes::UNEXPECTED, "this comment allows nothing")
            .at(*comment, label)
            .help("write `# kpi: allow(NAME) reason` on the line above an item");
        diagnostic.severity = Severity::Warning;
        cx.push(diagnostic);
    }
}
