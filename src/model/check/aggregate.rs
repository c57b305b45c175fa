//! Aggregates: which source they read, over what, under which condition.

use std::collections::BTreeSet;

use super::additivity::{Flow, Hazard};
use super::calls;
use super::formula::{Desk, Value, mistake};
use super::functions::arity;
use super::names::{Found, unknown};
use super::row::{self, Scope, condition};
use super::source;
use super::text::one_line;
use super::types::{Type, Typed};
use super::units::{Scalar, noun};
use super::walk::walk;
use super::{Context, literal};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::formula::{Aggregate, AggregateOp, EachOp, Node};
use crate::model::row::{ColumnId, RowExpr};
use crate::model::source::{ColumnType, Rows, SourceId};
use crate::source::Span;
use crate::syntax::ast::{self, Call, ChainOp, CompareOp, Expr, ExprKind};
use crate::value::{Decimal, Unit};

/// All aggregates.
pub(super) const NAMES: [&str; 15] = [
    "sum",
    "count",
    "count_distinct",
    "avg",
    "min",
    "max",
    "median",
    "percentile",
    "stddev",
    "first",
    "last",
    "new",
    "returning",
    "lost",
    "retained",
];

/// Whether a name is one of them.
pub(super) fn is_name(name: &str) -> bool {
    NAMES.contains(&name)
}

/// The arguments of an aggregate by what they are.
struct Parts<'c> {
    value: &'c Expr,
    second: Option<&'c Expr>,
    weight: Option<&'c Expr>,
    on: Option<&'c Expr>,
    per: Option<&'c Expr>,
    of: Option<&'c Expr>,
    at_least: Option<&'c Expr>,
}

/// Checks an aggregate.
pub(super) fn check(
    call: &Call,
    span: Span,
    desk: &mut Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Value {
    let each = call.args.iter().find(|a| a.name.as_ref().is_some_and(|n| n.key == "each"));
    if let Some(each) = each {
        return sub_periods(call, &each.value, span, desk, cx);
    }
    let Some(parts) = parts(call, cx) else { return Value::unknown(span) };
    let Some(op) = operation(call, &parts, cx) else { return Value::unknown(span) };
    if let Some(table) = counted(call, &parts, desk, cx) {
        return finish(call, AggregateOp::Rows, table, &parts, span, desk, cx);
    }
    let Some(table) = table_of(call, parts.value, desk, cx) else { return Value::unknown(span) };
    finish(call, op, table, &parts, span, desk, cx)
}

/// `avg(x, each: day)`
fn sub_periods(
    call: &Call,
    by: &Expr,
    span: Span,
    desk: &mut Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Value {
    let name = call.name.key.as_str();
    let op = match name {
        "avg" => EachOp::Avg,
        "sum" => EachOp::Sum,
        "min" => EachOp::Min,
        "max" => EachOp::Max,
        _ => {
            let found = Diagnostic::new(&codes::BAD_ARGUMENTS, format!("`{name}` has no `each:`"))
                .at(call.name.span, "cannot put periods together")
                .help("`avg`, `sum`, `min` and `max` can");
            return mistake(found, span, cx);
        }
    };
    let stray = call.args.iter().filter_map(|a| a.name.as_ref()).find(|n| n.key != "each");
    if let Some(at) = stray.map(|n| n.span).or(call.filter.as_ref().map(|f| f.span)) {
        let message = format!("`{name}` over sub-periods takes a value and `each:` alone");
        let found = Diagnostic::new(&codes::BAD_ARGUMENTS, message)
            .at(at, "not here")
            .help("put it into the aggregate inside");
        return mistake(found, span, cx);
    }
    calls::each(call, op, by, span, desk, cx)
}

/// Sorts the arguments; one that the aggregate does not have is a mistake.
fn parts<'c>(call: &'c Call, cx: &mut Context<'_, '_>) -> Option<Parts<'c>> {
    let name = call.name.key.as_str();
    let due = if matches!(name, "percentile" | "retained") { 2 } else { 1 };
    let positional: Vec<&Expr> =
        call.args.iter().filter(|a| a.name.is_none()).map(|a| &a.value).collect();
    if positional.len() != due {
        let plain = Call { args: Vec::new(), filter: None, name: call.name.clone() };
        let args = call.args.iter().filter(|a| a.name.is_none()).cloned().collect();
        arity(&Call { args, ..plain }, due, due, cx)?;
    }
    let mut parts = Parts {
        value: positional[0],
        second: positional.get(1).copied(),
        weight: None,
        on: None,
        per: None,
        of: None,
        at_least: None,
    };
    for arg in &call.args {
        let Some(key) = &arg.name else { continue };
        let place = match (key.key.as_str(), name) {
            ("on", _) => &mut parts.on,
            ("weight", "avg") => &mut parts.weight,
            ("per", "last" | "first") => &mut parts.per,
            ("of", "retained") => &mut parts.of,
            ("at_least", "count_distinct") => &mut parts.at_least,
            _ => {
                let message = format!("`{name}` has no argument `{}`", key.text);
                cx.out
                    .push(Diagnostic::new(&codes::BAD_ARGUMENTS, message).at(key.span, "not here"));
                return None;
            }
        };
        if place.replace(&arg.value).is_some() {
            let message = format!("`{}` stands twice", key.text);
            cx.out.push(
                Diagnostic::new(&codes::BAD_ARGUMENTS, message).at(key.span, "the second one"),
            );
            return None;
        }
    }
    Some(parts)
}

/// What is computed, with its constants.
fn operation(call: &Call, parts: &Parts<'_>, cx: &mut Context<'_, '_>) -> Option<AggregateOp> {
    Some(match call.name.key.as_str() {
        "sum" => AggregateOp::Sum,
        "count" => AggregateOp::Count,
        "count_distinct" => AggregateOp::CountDistinct(match parts.at_least {
            None => None,
            Some(expr) => Some(at_least(expr, cx)?),
        }),
        "avg" => AggregateOp::Avg,
        "min" => AggregateOp::Min,
        "max" => AggregateOp::Max,
        "median" => AggregateOp::Percentile(Decimal::from_i64(50)),
        "percentile" => AggregateOp::Percentile(percentile(parts.second?, cx)?),
        "stddev" => AggregateOp::Stddev,
        "first" => AggregateOp::First,
        "last" => AggregateOp::Last,
        "new" => AggregateOp::New,
        "returning" => AggregateOp::Returning,
        "lost" => AggregateOp::Lost,
        _ => {
            let second = parts.second?;
            let span = match &second.kind {
                ExprKind::Quantity(quantity) => literal::span(quantity),
                _ => None,
            };
            if span.is_none() {
                let message = "`retained` takes a span of time as its second argument";
                cx.out.push(
                    Diagnostic::new(&codes::BAD_ARGUMENTS, message)
                        .at(second.span, "not a span of time")
                        .help("write it as `1 month`"),
                );
            }
            let (n, unit) = span?;
            AggregateOp::Retained(n, unit)
        }
    })
}

fn at_least(expr: &Expr, cx: &mut Context<'_, '_>) -> Option<u32> {
    let found = match &expr.kind {
        ExprKind::Number(n) => literal::whole(*n).filter(|n| *n > 0),
        _ => None,
    };
    if found.is_none() {
        let message = "`at_least` is a whole number from 1";
        cx.out.push(Diagnostic::new(&codes::BAD_ARGUMENTS, message).at(expr.span, "not that"));
    }
    found
}

fn percentile(expr: &Expr, cx: &mut Context<'_, '_>) -> Option<Decimal> {
    let found = match &expr.kind {
        ExprKind::Number(n) if !n.percent => Some(literal::decimal(*n)),
        _ => None,
    };
    let hundred = Decimal::from_i64(100);
    let found = found.filter(|p| !p.is_negative() && *p <= hundred);
    if found.is_none() {
        cx.out.push(
            Diagnostic::new(&codes::BAD_ARGUMENTS, "a percentile is a number from 0 to 100")
                .at(expr.span, "not that")
                .help("write `percentile(web.load_time, 90)`"),
        );
    }
    found
}

/// The source of `count(orders)`.
fn counted(
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
fn table_of(
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

/// Checks everything that is of the source's rows.
fn finish(
    call: &Call,
    op: AggregateOp,
    at: usize,
    parts: &Parts<'_>,
    span: Span,
    desk: &mut Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Value {
    let table = &mut desk.tables[at];
    let id = SourceId(at as u32);
    if table.item.date.is_none() {
        let name = &table.item.name;
        let message = format!("the rows of `{}` have no date", name.text);
        cx.out.push(
            Diagnostic::new(&codes::NO_DATE, message)
                .at(span, "belongs to no period")
                .at(name.span, "has no `date:`")
                .help("name the column of the row's date: `date: day`"),
        );
        return Value::unknown(span);
    }
    let value =
        (op != AggregateOp::Rows).then(|| row::check(parts.value, &mut Scope::Table(table), cx));
    let unit = match &value {
        None => Scalar::Of(Unit::Count),
        Some(value) => unit_of(call, op, value, parts, at, desk, cx),
    };
    let table = &mut desk.tables[at];
    let weight = parts.weight.map(|w| {
        let weight = row::check(w, &mut Scope::Table(table), cx);
        row::number(&weight, "a weight is a number", &mut Scope::Table(table), cx);
        weight.expr
    });
    let on = parts.on.and_then(|e| date_column(e, desk, at, cx));
    let per = parts.per.and_then(|e| plain_column(e, desk, at, cx));
    let of = parts.of.map(|e| row::check(e, &mut Scope::Table(&mut desk.tables[at]), cx));
    let filter = call.filter.as_ref();
    let table = &mut desk.tables[at];
    let condition = filter.map(|f| condition(f, &mut Scope::Table(table), cx));
    let unit = match &of {
        Some(Typed { ty: Type::Number(unit), .. }) => unit.clone(),
        Some(_) => Scalar::Unknown,
        None => unit,
    };
    let item = desk.tables[at].item;
    let adds = matches!(op, AggregateOp::Sum | AggregateOp::Rows | AggregateOp::Count);
    // The rows of a snapshot are levels: those of two days are the same things twice.
    let flow = if adds && source::rows(item) != Rows::Snapshot { Flow::Adds } else { Flow::Level };
    if op == AggregateOp::Sum && value.is_some() {
        hazards(call, parts.value, at, span, desk, cx);
    }
    desk.sources.insert(id);
    let aggregate = Aggregate {
        source: id,
        op,
        value: value.map(|v| v.expr),
        weight: weight.or(of.map(|o| o.expr)),
        condition,
        on,
        per,
        unit: unit.unit(),
        text: one_line(cx.texts.slice(span)),
        span,
    };
    Value::new(Node::Aggregate(desk.pool.add(aggregate)), unit, flow, span)
}

/// What comes out, and whether the argument fits the aggregate.
fn unit_of(
    call: &Call,
    op: AggregateOp,
    value: &Typed,
    parts: &Parts<'_>,
    at: usize,
    desk: &mut Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Scalar {
    let name = &call.name.text;
    let table = &mut desk.tables[at];
    match op {
        AggregateOp::Rows | AggregateOp::Count => Scalar::Of(Unit::Count),
        AggregateOp::CountDistinct(_)
        | AggregateOp::New
        | AggregateOp::Returning
        | AggregateOp::Lost
        | AggregateOp::Retained(..) => {
            if let Type::Open(id) = value.ty {
                table.settle(id, ColumnType::Id, value.span);
            }
            Scalar::Of(Unit::Count)
        }
        _ => {
            if value.ty == Type::Bool {
                let source = &table.item.name.text;
                let text = cx.texts.slice(value.span);
                let column = text.strip_prefix(&format!("{source}.")).unwrap_or(text);
                let count = format!("count({source} where {column})");
                let message = format!("`{name}` takes a number, and this is a condition");
                cx.out.push(
                    Diagnostic::new(&codes::TYPE_MISMATCH, message)
                        .at(value.span, "a condition")
                        .help(format!("count the rows where it holds: `{count}`")),
                );
                return Scalar::Unknown;
            }
            let why = format!("`{name}` takes a number");
            let Type::Number(unit) = row::number(value, &why, &mut Scope::Table(table), cx) else {
                return Scalar::Unknown;
            };
            let rate = unit == Scalar::Of(Unit::Percent);
            if rate && (op == AggregateOp::Avg && parts.weight.is_none() || op == AggregateOp::Sum)
            {
                rate_alone(call, op, value, at, desk, cx);
                return Scalar::Unknown;
            }
            match (op, unit) {
                // A mean of counts is no count.
                (
                    AggregateOp::Avg | AggregateOp::Percentile(_) | AggregateOp::Stddev,
                    Scalar::Of(Unit::Count),
                )
                | (_, Scalar::Bare | Scalar::Zero) => Scalar::Of(Unit::Number),
                (_, unit) => unit,
            }
        }
    }
}

/// The mean or the sum of a rate: it needs a weight.
fn rate_alone(
    call: &Call,
    op: AggregateOp,
    value: &Typed,
    at: usize,
    desk: &Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) {
    let table = &desk.tables[at];
    let weight = table
        .slots()
        .filter(|(_, s)| s.ty == Some(ColumnType::Count) && s.computed.is_none())
        .find(|(_, s)| s.declared.is_some_and(|d| d.not_additive_over.is_empty()));
    let weight = weight.map_or("...", |(_, s)| s.name.as_str());
    let column = cx.texts.slice(value.span);
    let fixed = format!("avg({column}, weight: {weight})");
    let what = if op == AggregateOp::Sum { "the sum of a rate" } else { "the mean of a rate" };
    let message = match op {
        AggregateOp::Sum => format!("{what}: rates do not add up"),
        _ => format!("{what} without a weight: rows of one visit and of a thousand count alike"),
    };
    let found = Diagnostic::new(&codes::RATE_AVERAGED, message).at(value.span, "a rate");
    let title = format!("weigh it by what it is a share of: `{fixed}`");
    // Only the whole call can be replaced, and not one with a condition.
    let whole = call.filter.is_none() && call.args.len() == 1 && weight != "...";
    cx.out.push(if whole {
        let end = cx.texts.slice(value.span.tail()).len();
        debug_assert_eq!(end, 0);
        found.suggest(title, call_span(call, value.span, cx), fixed)
    } else {
        found.help(title)
    });
}

/// From the name to the closing bracket of a call of one argument.
fn call_span(call: &Call, last: Span, cx: &Context<'_, '_>) -> Span {
    let text = &cx.texts.get(last.file).text;
    let close = text[last.end as usize..].find(')').map_or(last.end, |n| last.end + n as u32 + 1);
    Span { end: close, ..call.name.span }
}

/// The column of `on:`: a date.
fn date_column(
    expr: &Expr,
    desk: &mut Desk<'_, '_>,
    at: usize,
    cx: &mut Context<'_, '_>,
) -> Option<ColumnId> {
    let id = plain_column(expr, desk, at, cx)?;
    let table = &mut desk.tables[at];
    let found = Typed::new(RowExpr::Column(id), table.type_of(id), expr.span);
    row::day(&found, "`on:` names a date", &mut Scope::Table(table), cx);
    Some(id)
}

/// The column of `on:` or `per:`, bare or qualified.
fn plain_column(
    expr: &Expr,
    desk: &mut Desk<'_, '_>,
    at: usize,
    cx: &mut Context<'_, '_>,
) -> Option<ColumnId> {
    let found = row::check(expr, &mut Scope::Table(&mut desk.tables[at]), cx);
    match found.expr {
        RowExpr::Column(id) => Some(id),
        _ if found.ty == Type::Unknown => None,
        _ => {
            let found = Diagnostic::new(&codes::BAD_ARGUMENTS, "a column is due")
                .at(expr.span, "not a column");
            cx.out.push(found);
            None
        }
    }
}

/// Notes where a sum goes over something that its column is not additive over.
fn hazards(
    call: &Call,
    value: &Expr,
    at: usize,
    span: Span,
    desk: &mut Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) {
    let table = &desk.tables[at];
    let mut columns: BTreeSet<ColumnId> = BTreeSet::new();
    walk(value, &mut |e| {
        if let ExprKind::Name(path) = &e.kind
            && let Some(name) = path.segments.last()
            && let Some(id) = table.known(&name.key)
        {
            columns.insert(id);
        }
    });
    for id in columns {
        let slot = table.slot(id);
        let Some(declared) = slot.declared else { continue };
        let over = declared.not_additive_over.iter();
        let over = over.filter(|n| {
            !call.filter.as_ref().is_some_and(|f| pins(f, &n.key))
                && (n.key == "date" || table.has(n))
        });
        let over: Vec<String> = over.map(|n| n.key.clone()).collect();
        if over.is_empty() {
            continue;
        }
        let mean = match &call.filter {
            Some(filter) => {
                format!("avg({} where {})", cx.texts.slice(value.span), cx.texts.slice(filter.span))
            }
            None => format!("avg({})", cx.texts.slice(value.span)),
        };
        desk.hazards.push(Hazard {
            span,
            column: (slot.name.clone(), slot.span),
            over,
            grain: source::grain(table.item),
            each: desk.each,
            mean,
        });
    }
}

/// Whether a condition leaves one member of a dimension.
fn pins(filter: &Expr, dimension: &str) -> bool {
    match &filter.kind {
        ExprKind::Compare(left, CompareOp::Equal, right) => {
            let named = |e: &Expr| {
                matches!(&e.kind, ExprKind::Name(p)
                    if p.segments.last().is_some_and(|s| s.key == dimension))
            };
            let constant = |e: &Expr| matches!(e.kind, ExprKind::Text(_) | ExprKind::Date(_));
            named(left) && constant(right) || named(right) && constant(left)
        }
        ExprKind::Chain(first, links) if links.iter().all(|l| l.op == ChainOp::And) => {
            pins(first, dimension) || links.iter().any(|l| pins(&l.operand, dimension))
        }
        _ => false,
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
