//! Functions of values in formulas: over time, over dimensions, over targets, of numbers.

use super::additivity::Flow;
use super::formula::{Desk, Value, alike, check as value, condition, mistake};
use super::functions::{arity, places};
use super::literal;
use super::names::Found;
use super::units::{Doing, Scalar};
use super::{Context, convert};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::formula::{EachOp, Function, Node, Over};
use crate::model::measure::MeasureId;
use crate::source::Span;
use crate::syntax::ast::{Call, Expr, ExprKind, MeasureKind};
use crate::time::{Grain, SpanUnit};
use crate::value::{Number, Unit};

/// All of them.
pub(super) const NAMES: [&str; 15] = [
    "previous",
    "growth",
    "rolling",
    "to_date",
    "cumulative",
    "opening",
    "share",
    "total",
    "attainment",
    "convert",
    "if",
    "abs",
    "round",
    "least",
    "greatest",
];

/// Whether a name is one of them.
pub(super) fn is_name(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Checks such a call.
pub(super) fn check(
    call: &Call,
    span: Span,
    desk: &mut Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Value {
    let name = call.name.key.as_str();
    if let Some(filter) = &call.filter {
        let found = Diagnostic::new(&codes::BAD_ARGUMENTS, format!("`{name}` has no `where`"))
            .at(filter.span, "not here")
            .help("a `where` belongs into the aggregate inside");
        return mistake(found, span, cx);
    }
    let stray = call.args.iter().filter_map(|a| a.name.as_ref());
    if let Some(stray) = stray.into_iter().find(|n| name != "total" || n.key != "over") {
        let message = format!("`{name}` has no argument `{}`", stray.text);
        let found = Diagnostic::new(&codes::BAD_ARGUMENTS, message).at(stray.span, "not here");
        return mistake(found, span, cx);
    }
    match name {
        "previous" => previous(call, span, desk, cx),
        "growth" => growth(call, span, desk, cx),
        "rolling" => rolling(call, span, desk, cx),
        "to_date" => to_date(call, span, desk, cx),
        "cumulative" => cumulative(call, span, desk, cx),
        "opening" => opening(call, span, desk, cx),
        "share" => share(call, span, desk, cx),
        "total" => total(call, span, desk, cx),
        "attainment" => attainment(call, span, desk, cx),
        "convert" => convert::in_formula(call, span, desk, cx),
        "if" => choice(call, span, desk, cx),
        "abs" => numeric(call, Function::Abs, 1, span, desk, cx),
        "round" => round(call, span, desk, cx),
        "least" => numeric(call, Function::Least, usize::MAX, span, desk, cx),
        _ => numeric(call, Function::Greatest, usize::MAX, span, desk, cx),
    }
}

/// `growth(x)`
fn growth(call: &Call, span: Span, desk: &mut Desk<'_, '_>, cx: &mut Context<'_, '_>) -> Value {
    if arity(call, 1, 1, cx).is_none() {
        return Value::unknown(span);
    }
    let inner = value(&call.args[0].value, desk, cx);
    let node = Node::Over(Over::Growth, Box::new(inner.node));
    Value::new(node, Scalar::Of(Unit::Percent), Flow::Level, span)
}

/// `cumulative(x)`
fn cumulative(call: &Call, span: Span, desk: &mut Desk<'_, '_>, cx: &mut Context<'_, '_>) -> Value {
    if arity(call, 1, 1, cx).is_none() {
        return Value::unknown(span);
    }
    let inner = within(Grain::Year, &call.args[0].value, desk, cx);
    let node = Node::Over(Over::Cumulative, Box::new(inner.node));
    Value::new(node, inner.unit, Flow::Level, span)
}

/// A value over other days than those of the period: whether it adds up dates that it must not
/// hangs on how long these are.
fn within(grain: Grain, expr: &Expr, desk: &mut Desk<'_, '_>, cx: &mut Context<'_, '_>) -> Value {
    let outer = desk.each.replace(grain);
    let inner = value(expr, desk, cx);
    desk.each = outer;
    inner
}

/// `previous(x)`, `previous(x, 1 year)`
fn previous(call: &Call, span: Span, desk: &mut Desk<'_, '_>, cx: &mut Context<'_, '_>) -> Value {
    if arity(call, 1, 2, cx).is_none() {
        return Value::unknown(span);
    }
    let inner = value(&call.args[0].value, desk, cx);
    let by = match call.args.get(1) {
        None => None,
        Some(arg) => match time_span(&arg.value, cx) {
            Some(by) => Some(by),
            None => return Value::unknown(span),
        },
    };
    let node = Node::Over(Over::Previous(by), Box::new(inner.node));
    Value::new(node, inner.unit, Flow::Level, span)
}

/// `28 days` as an argument.
fn time_span(expr: &Expr, cx: &mut Context<'_, '_>) -> Option<(u32, SpanUnit)> {
    let found = match &expr.kind {
        ExprKind::Quantity(quantity) => literal::span(quantity),
        _ => None,
    };
    if found.is_none() {
        cx.out.push(
            Diagnostic::new(&codes::BAD_ARGUMENTS, "a span of time is due")
                .at(expr.span, "not a span of days or longer")
                .help("write it as `28 days`, `3 months` or `1 year`"),
        );
    }
    let (n, unit) = found?;
    if u64::from(n) * days_of(unit) > LONGEST {
        let message = "a span of more than 400 years";
        let found = Diagnostic::new(&codes::BAD_ARGUMENTS, message);
        cx.out.push(found.at(expr.span, "longer than any data").help("write a shorter one"));
        return None;
    }
    Some((n, unit))
}

/// Days of the longest span.
const LONGEST: u64 = 146_100;

/// How many days a unit has at most.
fn days_of(unit: SpanUnit) -> u64 {
    match unit {
        SpanUnit::Days => 1,
        SpanUnit::Weeks => 7,
        SpanUnit::Months => 30,
        SpanUnit::Quarters => 91,
        SpanUnit::Years => 365,
    }
}

/// `rolling(x, 28 days)`
fn rolling(call: &Call, span: Span, desk: &mut Desk<'_, '_>, cx: &mut Context<'_, '_>) -> Value {
    if arity(call, 2, 2, cx).is_none() {
        return Value::unknown(span);
    }
    let Some((n, unit)) = time_span(&call.args[1].value, cx) else { return Value::unknown(span) };
    let window = if n == 1 { unit.grain() } else { Grain::Year };
    let inner = within(window, &call.args[0].value, desk, cx);
    let node = Node::Over(Over::Rolling(n, unit), Box::new(inner.node));
    Value::new(node, inner.unit, Flow::Level, span)
}

/// `to_date(x, year)`
fn to_date(call: &Call, span: Span, desk: &mut Desk<'_, '_>, cx: &mut Context<'_, '_>) -> Value {
    if arity(call, 2, 2, cx).is_none() {
        return Value::unknown(span);
    }
    let Some(grain) = grain(&call.args[1].value, cx) else { return Value::unknown(span) };
    let inner = within(grain, &call.args[0].value, desk, cx);
    let node = Node::Over(Over::ToDate(grain), Box::new(inner.node));
    Value::new(node, inner.unit, Flow::Level, span)
}

/// `day`, `week`, ... as an argument.
pub(super) fn grain(expr: &Expr, cx: &mut Context<'_, '_>) -> Option<Grain> {
    let word = match &expr.kind {
        ExprKind::Name(path) => path.segments.first().map(|s| s.key.as_str()),
        _ => None,
    };
    let found = word.and_then(Grain::from_word);
    if found.is_none() {
        cx.out.push(
            Diagnostic::new(&codes::BAD_ARGUMENTS, "a part of the calendar is due")
                .at(expr.span, "none of day, week, month, quarter, year")
                .help("write `day`, `week`, `month`, `quarter` or `year`"),
        );
    }
    found
}

/// `opening(x)`: of a level alone.
fn opening(call: &Call, span: Span, desk: &mut Desk<'_, '_>, cx: &mut Context<'_, '_>) -> Value {
    if arity(call, 1, 1, cx).is_none() {
        return Value::unknown(span);
    }
    let inner = value(&call.args[0].value, desk, cx);
    if inner.flow == Flow::Adds {
        let text = cx.texts.slice(inner.span);
        let message = format!("`{text}` is a flow and has no opening level");
        let previous = format!("previous({text})");
        let found = Diagnostic::new(&codes::OPENING_OF_FLOW, message)
            .at(span, "the end of the period before is no level of it")
            .suggest(format!("write `{previous}`"), span, previous);
        return mistake(found, span, cx);
    }
    let node = Node::Over(Over::Opening, Box::new(inner.node));
    Value::new(node, inner.unit, Flow::Level, span)
}

/// `share(x)`
fn share(call: &Call, span: Span, desk: &mut Desk<'_, '_>, cx: &mut Context<'_, '_>) -> Value {
    if arity(call, 1, 1, cx).is_none() {
        return Value::unknown(span);
    }
    let inner = value(&call.args[0].value, desk, cx);
    let node = Node::Share(Box::new(inner.node));
    Value::new(node, Scalar::Of(Unit::Percent), Flow::Level, span)
}

/// `total(x)`, `total(x, over: channel)`
fn total(call: &Call, span: Span, desk: &mut Desk<'_, '_>, cx: &mut Context<'_, '_>) -> Value {
    let Some(first) = call.args.first().filter(|a| a.name.is_none()) else {
        arity(call, 1, 2, cx);
        return Value::unknown(span);
    };
    let inner = value(&first.value, desk, cx);
    let mut dimensions = Vec::new();
    for arg in &call.args[1..] {
        match (&arg.name, &arg.value.kind) {
            (Some(_), ExprKind::Name(path)) if path.segments.len() == 1 => {
                dimensions.push(path.segments[0].key.clone());
            }
            _ => {
                let found = Diagnostic::new(&codes::BAD_ARGUMENTS, "`over` names a dimension")
                    .at(arg.value.span, "not a dimension")
                    .help("write `over: channel`");
                return mistake(found, span, cx);
            }
        }
    }
    let node = Node::Total(Box::new(inner.node), dimensions);
    Value::new(node, inner.unit, Flow::Level, span)
}

/// `attainment(revenue)`: of a KPI.
fn attainment(call: &Call, span: Span, desk: &mut Desk<'_, '_>, cx: &mut Context<'_, '_>) -> Value {
    if arity(call, 1, 1, cx).is_none() {
        return Value::unknown(span);
    }
    let of = &call.args[0].value;
    let inner = value(of, desk, cx);
    let id = match inner.node {
        Node::Measure(id) => id,
        _ if inner.unit == Scalar::Unknown && matches!(of.kind, ExprKind::Name(_)) => {
            return Value::unknown(span);
        }
        _ => return mistake(no_kpi(of.span), span, cx),
    };
    if let ExprKind::Name(path) = &of.kind
        && let Found::Item(_, item) = cx.names.find(&cx.names.measures, &path.segments[0].key)
        && item.kind == MeasureKind::Metric
    {
        return mistake(no_kpi(of.span), span, cx);
    }
    Value::new(Node::Attainment(MeasureId(id.0)), Scalar::Of(Unit::Percent), Flow::Level, span)
}

fn no_kpi(span: Span) -> Diagnostic {
    Diagnostic::new(&codes::BAD_ARGUMENTS, "`attainment` takes the name of a KPI")
        .at(span, "not a KPI")
        .help("only a KPI has a target to be held to")
}

/// `if(condition, a, b)`
fn choice(call: &Call, span: Span, desk: &mut Desk<'_, '_>, cx: &mut Context<'_, '_>) -> Value {
    if arity(call, 3, 3, cx).is_none() {
        return Value::unknown(span);
    }
    let test = condition(&call.args[0].value, desk, cx);
    let branches = [1, 2].map(|at| value(&call.args[at].value, desk, cx));
    let unit = alike(&branches, Doing::Choose, cx);
    let [yes, no] = branches.map(|b| Box::new(b.node));
    Value::new(Node::If(Box::new(test), yes, no), unit, Flow::Level, span)
}

/// `abs(x)`, `least(a, b)`
fn numeric(
    call: &Call,
    function: Function,
    most: usize,
    span: Span,
    desk: &mut Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Value {
    let least = if most == 1 { 1 } else { 2 };
    if arity(call, least, most, cx).is_none() {
        return Value::unknown(span);
    }
    let args: Vec<Value> = call.args.iter().map(|a| value(&a.value, desk, cx)).collect();
    let unit = alike(&args, Doing::Choose, cx);
    let nodes = args.into_iter().map(|a| a.node).collect();
    Value::new(Node::Function(function, nodes), unit, Flow::Level, span)
}

/// `round(x)`, `round(x, 2)`
fn round(call: &Call, span: Span, desk: &mut Desk<'_, '_>, cx: &mut Context<'_, '_>) -> Value {
    if arity(call, 1, 2, cx).is_none() {
        return Value::unknown(span);
    }
    let inner = value(&call.args[0].value, desk, cx);
    let mut nodes = vec![inner.node];
    if let Some(arg) = call.args.get(1) {
        match places(&arg.value, cx) {
            Some(n) => nodes.push(Node::Value(Number::from(i64::from(n)))),
            None => return Value::unknown(span),
        }
    }
    Value::new(Node::Function(Function::Round, nodes), inner.unit, Flow::Level, span)
}

/// `avg(x, each: day)` over sub-periods.
pub(super) fn each(
    call: &Call,
    op: EachOp,
    by: &Expr,
    span: Span,
    desk: &mut Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Value {
    let plain: Vec<_> = call.args.iter().filter(|a| a.name.is_none()).collect();
    let [arg] = plain.as_slice() else {
        arity(call, 2, 2, cx);
        return Value::unknown(span);
    };
    let Some(grain) = grain(by, cx) else { return Value::unknown(span) };
    let inner = within(grain, &arg.value, desk, cx);
    let flow = if op == EachOp::Sum { inner.flow } else { Flow::Level };
    let node = Node::Each(op, grain, Box::new(inner.node));
    Value::new(node, inner.unit, flow, span)
}
