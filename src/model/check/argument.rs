//! The arguments of an aggregate, by position and by name.

use super::functions::arity;
use super::{Context, literal};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::formula::AggregateOp;
use crate::syntax::ast::{Call, Expr, ExprKind};
use crate::value::Decimal;

/// The arguments of an aggregate by what they are.
pub(super) struct Parts<'c> {
    pub(super) value: &'c Expr,
    pub(super) second: Option<&'c Expr>,
    pub(super) weight: Option<&'c Expr>,
    pub(super) on: Option<&'c Expr>,
    pub(super) per: Option<&'c Expr>,
    pub(super) of: Option<&'c Expr>,
    pub(super) at_least: Option<&'c Expr>,
}

/// Sorts the arguments; one that the aggregate does not have is a mistake.
pub(super) fn parts<'c>(call: &'c Call, cx: &mut Context<'_, '_>) -> Option<Parts<'c>> {
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
pub(super) fn operation(
    call: &Call,
    parts: &Parts<'_>,
    cx: &mut Context<'_, '_>,
) -> Option<AggregateOp> {
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
