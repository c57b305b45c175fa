//! Dimensions: a breakdown has to be there in every source that a measure reads.

use std::collections::BTreeMap;

use super::Context;
use super::items::Items;
use super::measure::Measures;
use super::source::grain;
use super::table::{Made, Table};
use super::target::quiet;
use super::types::{Type, word};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::model::each_node;
use crate::model::formula::Node;
use crate::model::measure::{Measure, TargetValue};
use crate::model::source::{ColumnOrigin, ColumnType, Source, SourceId};
use crate::syntax::ast::{self, ExprKind, Ident, Member};
use crate::syntax::walk;
use crate::time::Grain;

/// Checks every breakdown: of KPIs, of targets, of figures, of tests.
pub(super) fn check<'a>(
    measures: &mut Measures<'a>,
    items: &Items,
    tables: &mut [Table<'a>],
    cx: &mut Context<'a, '_>,
) {
    for at in 0..measures.items.len() {
        let item = measures.items[at];
        let measure = &mut measures.done[at];
        let by = item.by.iter().flat_map(|b| &b.value);
        // A target for a channel that there is not has its message.
        let scopes = item.targets.iter().filter_map(|t| t.value.scope.as_ref());
        let scopes = scopes.filter(|s| match &s.member {
            Member::Text(_) => true,
            Member::Name(path) => {
                let name = path.segments.last();
                name.is_some_and(|name| cx.names.channels.contains_key(name.key.as_str()))
            }
        });
        let scopes: Vec<&ast::Scope> = scopes.collect();
        for name in by {
            // A breakdown of a library is a proposal: sources without it are no mistake.
            if cx.texts.is_borrowed(name.span) {
                let mut unheard = Diagnostics::default();
                let sources = &measure.sources;
                let found = quiet(cx, &mut unheard, |cx| dimension(name, sources, tables, cx));
                if found.is_none() {
                    drop_breakdown(measure, &name.key);
                    continue;
                }
            }
            let key = dimension(name, &measure.sources, tables, cx);
            replace(measure, &name.key, key.as_deref());
        }
        for name in item.formula.iter().flat_map(|f| left_out(&f.value)) {
            dimension(name, &measure.sources, tables, cx);
        }
        for scope in scopes {
            dimension(&scope.dimension, &measure.sources, tables, cx);
        }
        planned(item, at, measures, tables, cx);
    }
    let reports: Vec<&ast::Report> = cx.names.reports.items().collect();
    for (report, spec) in reports.into_iter().zip(&items.reports) {
        let sections = report.sections.iter().zip(&spec.sections);
        for (written, section) in sections {
            for (written, figure) in written.figures.iter().zip(&section.figures) {
                for name in &written.value.by {
                    for id in &figure.measures {
                        let sources = &measures.done[id.0 as usize].sources;
                        if dimension(name, sources, tables, cx).is_none() {
                            break;
                        }
                    }
                }
            }
        }
    }
}

fn drop_breakdown(measure: &mut Measure, key: &str) {
    if let Some(purpose) = &mut measure.purpose {
        purpose.by.retain(|by| by != key);
    }
}

/// The dimensions that a formula's totals go over: `total(x, over: channel)`.
fn left_out(formula: &ast::Expr) -> Vec<&Ident> {
    let mut names = Vec::new();
    walk(formula, &mut |expr| {
        if let ExprKind::Call(call) = &expr.kind
            && call.name.key == "total"
        {
            let over =
                call.args.iter().filter(|a| a.name.as_ref().is_some_and(|n| n.key == "over"));
            names.extend(over.filter_map(|arg| match &arg.value.kind {
                ExprKind::Name(path) => path.segments.last(),
                _ => None,
            }));
        }
    });
    names
}

/// What a target for a member is computed from has to have the dimension too.
fn planned<'a>(
    item: &ast::Measure,
    at: usize,
    measures: &Measures<'a>,
    tables: &mut [Table<'a>],
    cx: &mut Context<'a, '_>,
) {
    let Some(purpose) = &measures.done[at].purpose else { return };
    for written in &item.targets {
        let found = purpose.targets.iter().find(|t| t.span == written.span);
        if let Some(scope) = &written.value.scope
            && let Some(TargetValue::Formula { node, .. }) = found.map(|t| &t.value)
        {
            dimension(&scope.dimension, &sources(node, measures), tables, cx);
        }
    }
}

/// The sources of a part of a formula, through other measures too.
fn sources(node: &Node, measures: &Measures<'_>) -> Vec<SourceId> {
    let mut found = Vec::new();
    each_node(node, &mut |node| match node {
        Node::Aggregate(id) => found.push(measures.aggregates[id.0 as usize].source),
        Node::Measure(id) | Node::Attainment(id) => {
            found.extend(&measures.done[id.0 as usize].sources);
        }
        _ => {}
    });
    found.sort();
    found.dedup();
    found
}

/// A dimension in backticks goes by the column that it is.
fn replace(measure: &mut Measure, written: &str, key: Option<&str>) {
    if let (Some(key), Some(purpose)) = (key, &mut measure.purpose)
        && key != written
    {
        for by in purpose.by.iter_mut().filter(|b| *b == written) {
            key.clone_into(by);
        }
    }
}

/// Whether all sources have a dimension; gives its name as compared, or a message that names the
/// source that lacks it.
pub(super) fn dimension(
    name: &Ident,
    sources: &[SourceId],
    tables: &mut [Table<'_>],
    cx: &mut Context<'_, '_>,
) -> Option<String> {
    let mut key = name.key.clone();
    for source in sources {
        let table = &mut tables[source.0 as usize];
        if let Some(derived) = derived(table, name) {
            if let Err(found) = derived {
                cx.out.push(*found);
                return None;
            }
            continue;
        }
        if !table.has(name) {
            let source = &table.item.name.text;
            let help = format!("remove it or add the column to `{source}`");
            let mut found = table.missing(name);
            found.code = &codes::MISSING_DIMENSION;
            if found.fix.is_none() {
                found.help = Some(help);
            }
            cx.out.push(found);
            return None;
        }
        let id = table.resolve(name, cx.out)?;
        table.slot(id).key.clone_into(&mut key);
        if let Some(ty) = table.slot(id).ty.clone()
            && !groups(&ty)
        {
            let message = format!("`{}` is {}, and no dimension", name.text, word(&ty));
            let at = table.slot(id).span;
            cx.out.push(
                Diagnostic::new(&codes::MISSING_DIMENSION, message)
                    .at(name.span, "not a dimension")
                    .at(at, "declared here")
                    .help("break down by a text, or declare one: `size: text = if(...)`"),
            );
            return None;
        }
    }
    Some(key)
}

/// What a row's date tells without a column: its weekday, its hour. None where the name is not one
/// of these, or a column goes by it.
fn derived(table: &Table<'_>, name: &Ident) -> Option<Result<(), Box<Diagnostic>>> {
    if table.known(&name.key).is_some() {
        return None;
    }
    let source = &table.item.name;
    let lacks = |message: String, help: &str| {
        let found = Diagnostic::new(&codes::MISSING_DIMENSION, message);
        Box::new(found.at(name.span, "not in the date").at(source.span, "this source").help(help))
    };
    let grain = grain(table.item);
    let ranged = table.date.is_some_and(|id| table.slot(id).made == Some(Made::Range));
    match name.key.as_str() {
        "weekday" | "hour" if ranged => {
            let message = format!("the rows of `{}` have no dates of their own", source.text);
            Some(Err(lacks(message, "break down where a row has a day")))
        }
        "weekday" if grain != Grain::Day => {
            let message = format!("a row of `{}` stands for a whole {}", source.text, grain.word());
            Some(Err(lacks(message, "break down by `weekday` where a row has a day")))
        }
        "hour" if table.date.is_some_and(|id| table.type_of(id) != Type::Timestamp) => {
            let message = format!("the rows of `{}` have no hour", source.text);
            Some(Err(lacks(message, "break down by `weekday`, or declare a `timestamp`")))
        }
        "weekday" | "hour" => Some(Ok(())),
        _ => None,
    }
}

/// Whether the values of a type are members.
fn groups(ty: &ColumnType) -> bool {
    match ty {
        ColumnType::Text | ColumnType::Id | ColumnType::Bool | ColumnType::Date => true,
        ColumnType::Count
        | ColumnType::Number
        | ColumnType::Money(_)
        | ColumnType::MoneyIn(_)
        | ColumnType::Percent
        | ColumnType::Duration
        | ColumnType::Timestamp => false,
    }
}

/// The dimensions that all sources of each measure share.
pub(super) fn fill(measures: &mut [Measure], sources: &[Source]) {
    let mut known: BTreeMap<Vec<SourceId>, Vec<String>> = BTreeMap::new();
    for measure in measures {
        let found = known
            .entry(measure.sources.clone())
            .or_insert_with(|| shared(&measure.sources, sources));
        measure.dimensions.clone_from(found);
    }
}

fn shared(ids: &[SourceId], sources: &[Source]) -> Vec<String> {
    let keys = |id: &SourceId| {
        let columns = sources[id.0 as usize].columns.iter();
        let nameless = |origin: &ColumnOrigin| {
            use ColumnOrigin as O;
            matches!(origin, O::Joined { .. } | O::Ranked(..) | O::Range)
        };
        let named = columns.filter(move |c| !nameless(&c.origin));
        named.filter(|c| groups(&c.ty)).map(|c| c.key.as_str())
    };
    let Some((first, rest)) = ids.split_first() else { return Vec::new() };
    let mut found: std::collections::BTreeSet<&str> = keys(first).collect();
    for id in rest {
        let other: std::collections::BTreeSet<&str> = keys(id).collect();
        found.retain(|key| other.contains(key));
    }
    found.into_iter().map(str::to_owned).collect()
}
