//! Which source an aggregate reads, by the names in it.

use super::Context;
use super::argument::Parts;
use super::formula::Desk;
use super::names::{Found, unknown};
use super::types::Type;
use super::units::noun;
use crate::diagnostic::{Diagnostic, codes};
use crate::syntax::ast::{self, Call, Expr, ExprKind};
use crate::syntax::walk;

/// The source of `count(orders)`.
pub(super) fn counted(
    call: &Call,
    parts: &Parts<'_>,
    desk: &Desk<'_, '_>,
    cx: &Context<'_, '_>,
) -> Option<usize> {
    let ExprKind::Name(path) = &parts.value.kind else { return None };
    let [name] = path.segments.as_slice() else { return None };
    if call.name.key != "count" {
        return None;
    }
    match cx.names.find(&cx.names.sources, &name.key) {
        Found::Item(at, _) => Some(at as usize).filter(|at| *at < desk.tables.len()),
        _ => None,
    }
}

/// The one source that the argument reads, with a message where there is none or another.
pub(super) fn table_of(
    call: &Call,
    value: &Expr,
    desk: &Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Option<usize> {
    let mut heads: Vec<&ast::Ident> = Vec::new();
    let mut bare: Vec<&ast::Ident> = Vec::new();
    walk(value, &mut |e| {
        if let ExprKind::Name(path) = &e.kind {
            match path.segments.as_slice() {
                [name] => bare.push(name),
                [head, ..] if head.key != "std" => heads.push(head),
                _ => {}
            }
        }
    });
    if heads.is_empty() {
        no_source(call, value, &bare, desk, cx);
        return None;
    }
    let mut found: Vec<(usize, &ast::Ident)> = Vec::new();
    for head in heads {
        let at = cx.names.source(head, cx.out)? as usize;
        if found.iter().all(|(known, _)| *known != at) {
            found.push((at, head));
        }
    }
    let joins = |from: usize, to: usize| {
        let key = desk.tables[to].key();
        desk.tables[from].item.lookups.iter().any(|l| l.value.source.key == key)
    };
    let owner = found
        .iter()
        .find(|(at, _)| found.iter().all(|(other, _)| other == at || joins(*at, *other)));
    if let Some((at, _)) = owner {
        return Some(*at);
    }
    let ((_, a), (_, b)) = (found[0], found[1]);
    let message = format!("an aggregate reads one source: here are `{}` and `{}`", a.text, b.text);
    cx.out.push(
        Diagnostic::new(&codes::BAD_ARGUMENTS, message)
            .at(b.span, "another source")
            .at(a.span, "one source")
            .help("aggregate each apart, and put the results together"),
    );
    None
}

/// Nothing in the argument names a source.
fn no_source(
    call: &Call,
    value: &Expr,
    bare: &[&ast::Ident],
    desk: &Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) {
    let function = &call.name.text;
    let Some(name) = bare.first() else {
        let message = format!("`{function}` reads a column, and here is none");
        cx.out.push(
            Diagnostic::new(&codes::BAD_ARGUMENTS, message)
                .at(value.span, "names no column")
                .help(format!("name one with its source: `{function}(web.visits)`")),
        );
        return;
    };
    let text = &name.text;
    let example = |column: &str| format!("{function}({text}.{column})");
    if let Some(source) = cx.names.sources.entry(&name.key) {
        if source.item.is_none() {
            return;
        }
        let table = desk.tables.iter().find(|t| t.key() == name.key);
        let column = table.and_then(|t| t.slots().next().map(|(_, s)| s.name.clone()));
        let message = format!("`{function}` reads a column, and `{text}` is a source");
        cx.out.push(
            Diagnostic::new(&codes::BAD_ARGUMENTS, message).at(name.span, "a source").help(
                format!("name a column of it: `{}`", example(column.as_deref().unwrap_or("..."))),
            ),
        );
        return;
    }
    match cx.names.find(&cx.names.measures, &name.key) {
        Found::Item(..) => {
            let message = format!("`{function}` reads rows, and `{text}` is computed already");
            let help = if matches!(function.as_str(), "sum" | "avg" | "min" | "max") {
                format!("write `{text}`, or over sub-periods `{function}({text}, each: day)`")
            } else {
                format!("write `{text}`, or name a column with its source")
            };
            cx.out.push(
                Diagnostic::new(&codes::BAD_ARGUMENTS, message)
                    .at(name.span, "a metric or KPI")
                    .help(help),
            );
        }
        Found::Silent => {}
        Found::Nowhere => {
            let owner = desk.tables.iter().find(|t| t.known(&name.key).is_some());
            let found = if let Some(table) = owner {
                let full = format!("{}.{text}", table.item.name.text);
                Diagnostic::new(&codes::UNKNOWN_COLUMN, format!("`{text}` of which source?"))
                    .at(name.span, "a column is named with its source")
                    .suggest(format!("write `{full}`"), name.span, full)
            } else {
                let known = cx.names.known_measures();
                unknown(&codes::UNKNOWN_NAME, "name", name, known)
            };
            cx.out.push(found);
        }
    }
}

/// `web.visits` outside of an aggregate.
pub(super) fn bare_column(
    path: &ast::Path,
    desk: &mut Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Option<Diagnostic> {
    let [source, column, ..] = path.segments.as_slice() else { return None };
    let at = cx.names.source(source, cx.out)?;
    let table = &mut desk.tables[at as usize];
    let id = table.resolve(column, cx.out)?;
    let text = cx.texts.slice(path.span);
    let (op, what) = match table.type_of(id) {
        Type::Number(unit) => ("sum", noun(&unit.unit())),
        _ => ("count", "a column".to_owned()),
    };
    let fixed = format!("{op}({text})");
    Some(
        Diagnostic::new(&codes::BARE_COLUMN, format!("`{text}` has a value in every row"))
            .at(path.span, format!("{what} of each row"))
            .suggest(format!("say what to make of them: `{fixed}`"), path.span, fixed),
    )
}
