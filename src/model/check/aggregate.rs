//! Aggregates: which source they read, over what, under which condition.

use super::Context;
use super::additivity::Flow;
use super::additivity::hazards;
use super::argument::{Parts, operation, parts};
use super::calls;
use super::demand::{self, condition};
use super::formula::{Desk, Value, mistake};
use super::owner::{counted, table_of};
use super::row::{self, Scope};
use super::source;
use super::table::Table;
use super::text::one_line;
use super::types::{Type, Typed};
use super::units::Scalar;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::formula::{Aggregate, AggregateOp, EachOp, Node};
use crate::model::row::{ColumnId, RowExpr};
use crate::model::source::{ColumnType, Rows, SourceId};
use crate::source::Span;
use crate::syntax::ast::{Call, Expr, ExprKind};
use crate::value::Unit;

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

/// An aggregate of rows without a date: of a source for lookups only, or of one that lacks it.
fn undated(at: usize, value: &Expr, span: Span, desk: &Desk<'_, '_>) -> Diagnostic {
    let name = &desk.tables[at].item.name;
    let message = format!("the rows of `{}` have no date", name.text);
    let found = Diagnostic::new(&codes::NO_DATE, message)
        .at(span, "belongs to no period")
        .at(name.span, "has no `date:`");
    let looks = |table: &&Table<'_>| table.joins.iter().any(|j| j.name().key == name.key);
    let taken = match &value.kind {
        ExprKind::Name(path) if path.segments.len() == 2 => path.segments.last(),
        _ => None,
    };
    match (desk.tables.iter().find(looks), taken) {
        (Some(other), Some(column)) => {
            let (other, name, column) = (&other.item.name.text, &name.text, &column.text);
            found.help(format!(
                "`{other}` looks `{name}` up: declare `{column}_there: number = {name}.{column}` in \
                 it and aggregate that, or say with `date:` which day a row of `{name}` belongs to"
            ))
        }
        _ => found.help("name the column of the row's date: `date: day`"),
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
    if desk.tables[at].item.date.is_none() {
        cx.out.push(undated(at, parts.value, span, desk));
        return Value::unknown(span);
    }
    let table = &mut desk.tables[at];
    let id = SourceId(at as u32);
    let value =
        (op != AggregateOp::Rows).then(|| row::check(parts.value, &mut Scope::Table(table), cx));
    let unit = match &value {
        None => Scalar::Of(Unit::Count),
        Some(value) => unit_of(call, op, value, parts, at, desk, cx),
    };
    let table = &mut desk.tables[at];
    let weight = parts.weight.map(|w| {
        let weight = row::check(w, &mut Scope::Table(table), cx);
        demand::number(&weight, "a weight is a number", &mut Scope::Table(table), cx);
        if let Type::Number(unit @ Scalar::InColumn(_)) = &weight.ty {
            let message = format!("a weight is of one unit, and this is {}", unit.noun());
            cx.out.push(
                Diagnostic::new(&codes::UNIT_MISMATCH, message)
                    .at(weight.span, "of many currencies")
                    .help("bring each row to one currency first: `convert(..., GBP, rates.rate)`"),
            );
        }
        weight.expr
    });
    let on = parts.on.and_then(|e| date_column(e, desk, at, cx));
    let per = parts.per.and_then(|e| plain_column(e, desk, at, cx));
    let of = parts.of.map(|e| summed(e, &mut Scope::Table(&mut desk.tables[at]), cx));
    let filter = call.filter.as_ref();
    let table = &mut desk.tables[at];
    let condition = filter.map(|f| condition(f, &mut Scope::Table(table), cx));
    let unit = of.as_ref().map_or(unit, |(_, unit)| unit.clone());
    let item = desk.tables[at].item;
    let adds = matches!(op, AggregateOp::Sum | AggregateOp::Rows | AggregateOp::Count);
    // The rows of a snapshot are levels: those of two days are the same things twice.
    let adds = adds && source::rows(item) != Rows::Snapshot;
    // An id is new once.
    let flow = if adds || op == AggregateOp::New { Flow::Adds } else { Flow::Level };
    let mut one_date = None;
    // `retained(id, ..., of: x)` is the sum of `x`, over fewer rows.
    let added = if op == AggregateOp::Sum { Some(parts.value) } else { parts.of };
    if let Some(added) = added {
        one_date = hazards(call, added, at, span, desk, cx);
    }
    // What is not additive over dates is a level of each of them.
    let flow = if one_date.is_some() { Flow::Level } else { flow };
    desk.sources.insert(id);
    let table = &desk.tables[at];
    let currency = match &unit {
        Scalar::InColumn(column) => table.known(column),
        _ => None,
    };
    let unit = match unit {
        Scalar::InColumn(_) => Scalar::Of(Unit::MoneyOfSource),
        other => other,
    };
    let aggregate = Aggregate {
        source: id,
        op,
        value: value.map(|v| v.expr),
        weight: weight.or(of.map(|(of, _)| of)),
        condition,
        on,
        per,
        one_date,
        currency,
        unit: unit.unit(),
        text: one_line(cx.texts.slice(span)),
        span,
    };
    let id = desk.pool.add(aggregate);
    // The rows have told already.
    let unit = match cx.currencies.get(&id) {
        Some(currency) if unit == Scalar::Of(Unit::MoneyOfSource) => {
            desk.pool.all[id.0 as usize].unit = Unit::Money(*currency);
            Scalar::Of(Unit::Money(*currency))
        }
        _ => unit,
    };
    Value::new(Node::Aggregate(id), unit, flow, span)
}

fn is_column(value: &Typed) -> bool {
    matches!(value.expr, RowExpr::Column(_))
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
        AggregateOp::Count if value.ty == Type::Bool && !is_column(value) => {
            let source = &table.item.name.text;
            let text = cx.texts.slice(value.span).replace(&format!("{source}."), "");
            let count = format!("count({source} where {text})");
            let message = "`count` counts rows with a value, and a condition has one in each row";
            cx.out.push(
                Diagnostic::new(&codes::TYPE_MISMATCH, message)
                    .at(value.span, "true or false, and never nothing")
                    .help(format!("count the rows where it holds: `{count}`")),
            );
            Scalar::Unknown
        }
        AggregateOp::Rows | AggregateOp::Count => Scalar::Of(Unit::Count),
        AggregateOp::New
        | AggregateOp::Returning
        | AggregateOp::Lost
        | AggregateOp::Retained(..) => {
            entity(value, &format!("`{name}` takes ids"), &mut Scope::Table(table), cx);
            Scalar::Of(Unit::Count)
        }
        AggregateOp::CountDistinct(_) => {
            if let Type::Open(ids) = &value.ty {
                Scope::Table(table).settle(ids, &ColumnType::Id, value.span, cx.out);
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
            let Type::Number(unit) = demand::number(value, &why, &mut Scope::Table(table), cx)
            else {
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

/// Demands ids: numbers, dates and conditions are none. None with a message.
pub(super) fn entity(
    value: &Typed,
    why: &str,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Option<()> {
    match &value.ty {
        Type::Text | Type::Unknown | Type::Null => Some(()),
        Type::Open(ids) => {
            scope.settle(ids, &ColumnType::Id, value.span, cx.out);
            Some(())
        }
        other => {
            let message = format!("{why}, and this is {}", other.noun());
            let found =
                Diagnostic::new(&codes::TYPE_MISMATCH, message).at(value.span, other.noun());
            let found = demand::with_origin(found, value, scope);
            cx.out.push(found.help("declare the column of the ids as `id`"));
            None
        }
    }
}

/// The column of `of:` and its unit: a number that adds up.
fn summed(expr: &Expr, scope: &mut Scope<'_, '_>, cx: &mut Context<'_, '_>) -> (RowExpr, Scalar) {
    let found = row::check(expr, scope, cx);
    let ty = demand::number(&found, "`of:` adds up a number", scope, cx);
    let unit = match ty {
        Type::Number(Scalar::Of(Unit::Percent)) => {
            let message = "the sum of a rate: rates do not add up";
            cx.out.push(
                Diagnostic::new(&codes::RATE_AVERAGED, message)
                    .at(expr.span, "a rate")
                    .help("add up what it is a share of, and divide"),
            );
            Scalar::Unknown
        }
        Type::Number(Scalar::Bare | Scalar::Zero) => Scalar::Of(Unit::Number),
        Type::Number(unit) => unit,
        _ => Scalar::Unknown,
    };
    (found.expr, unit)
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
    demand::day(&found, "`on:` names a date", &mut Scope::Table(table), cx);
    source::declared_coarse(table, id, cx.out);
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
