//! Arithmetic over one row: `a + b - c`, `a * b / c`, and the difference of two dates.

use super::Context;
use super::demand::number;
use super::row::{Scope, check, mistake};
use super::types::{Type, Typed};
use super::units::{self, Doing, Scalar, Side};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::row::{Arithmetic, RowExpr};
use crate::model::source::ColumnType;
use crate::syntax::ast::{ChainOp, Expr, Link};
use crate::value::Unit;

/// `a + b - c`, `a * b / c`, and the difference of two dates.
pub(super) fn arithmetic(
    first: &Expr,
    links: &[Link],
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    let mut acc = check(first, scope, cx);
    let mut steps: Vec<(Arithmetic, RowExpr)> = Vec::new();
    for link in links {
        let right = check(&link.operand, scope, cx);
        if link.op == ChainOp::Subtract && steps.is_empty() && (is_day(&acc) || is_day(&right)) {
            acc = elapsed(acc, right, scope, cx);
            continue;
        }
        let (left_unit, right_unit) = (operand(&acc, scope, cx), operand(&right, scope, cx));
        let left = Side { unit: &left_unit, span: acc.span, text: cx.texts.slice(acc.span) };
        let text = cx.texts.slice(right.span);
        let right_side = Side { unit: &right_unit, span: right.span, text };
        let (op, unit) = match link.op {
            ChainOp::Add => (Arithmetic::Add, units::alike(Doing::Add, left, right_side)),
            ChainOp::Subtract => {
                (Arithmetic::Subtract, units::alike(Doing::Subtract, left, right_side))
            }
            ChainOp::Multiply => (Arithmetic::Multiply, units::times(left, right_side)),
            _ => (Arithmetic::Divide, units::per(left, right_side)),
        };
        let unit = unit.unwrap_or_else(|found| {
            cx.out.push(*found);
            Scalar::Unknown
        });
        steps.push((op, right.expr));
        acc.ty = Type::Number(unit);
        acc.span = acc.span.to(right.span);
    }
    if !steps.is_empty() {
        acc.expr = RowExpr::Arithmetic(Box::new(acc.expr), steps);
    }
    acc
}

fn is_day(typed: &Typed) -> bool {
    matches!(typed.ty, Type::Date | Type::Timestamp)
}

/// The unit of an operand of arithmetic.
fn operand(found: &Typed, scope: &mut Scope<'_, '_>, cx: &mut Context<'_, '_>) -> Scalar {
    match number(found, "arithmetic takes numbers", scope, cx) {
        Type::Number(unit) => unit,
        _ => Scalar::Unknown,
    }
}

/// `shipped - created`: two dates, or two timestamps.
fn elapsed(
    left: Typed,
    right: Typed,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    let span = left.span.to(right.span);
    let ty = Type::Number(Scalar::Of(Unit::Duration));
    let known = if is_day(&left) { left.ty.clone() } else { right.ty.clone() };
    let column = if known == Type::Date { ColumnType::Date } else { ColumnType::Timestamp };
    for side in [&left, &right] {
        match &side.ty {
            Type::Open(ids) => scope.settle(ids, &column, side.span, cx.out),
            Type::Unknown | Type::Null => {}
            other if *other == known => {}
            other => {
                let message =
                    format!("{} and {} have no difference", left.ty.noun(), right.ty.noun());
                let help = "take the difference of two dates or of two timestamps; \
                            a number of days between any two gives `days_between(a, b)`";
                let found = Diagnostic::new(&codes::TYPE_MISMATCH, message)
                    .at(side.span, other.noun())
                    .help(help);
                return mistake(found, span, cx);
            }
        }
    }
    Typed::new(RowExpr::Elapsed(Box::new(left.expr), Box::new(right.expr)), ty, span)
}
