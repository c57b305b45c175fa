//! What a place takes: a condition, a number, a text, a day; and a message where it gets
//! something else.

use super::Context;
use super::row::{Scope, check};
use super::types::{Type, Typed};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::row::RowExpr;
use crate::model::source::ColumnType;
use crate::syntax::ast::Expr;

/// Checks a condition; what is none becomes a message.
pub(super) fn condition(
    expr: &Expr,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> RowExpr {
    let found = check(expr, scope, cx);
    match &found.ty {
        Type::Bool | Type::Unknown | Type::Null => {}
        Type::Open(ids) => scope.settle(ids, &ColumnType::Bool, found.span, cx.out),
        other => {
            let message = format!("a condition is needed, and this is {}", other.noun());
            let text = cx.texts.slice(found.span);
            let help = match other {
                Type::Text => format!("compare it: `{text} == \"...\"`"),
                Type::Number(_) => format!("compare it: `{text} > 0`"),
                _ => format!("compare it: `{text} is not null`"),
            };
            let diagnostic =
                Diagnostic::new(&codes::TYPE_MISMATCH, message).at(found.span, other.noun());
            cx.out.push(with_origin(diagnostic, &found, scope).help(help));
        }
    }
    found.expr
}

/// Demands a number; gives its type.
pub(super) fn number(
    found: &Typed,
    why: &str,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Type {
    match &found.ty {
        Type::Number(unit) => Type::Number(unit.clone()),
        Type::Unknown | Type::Null => Type::number(),
        Type::Open(ids) => {
            scope.settle(ids, &ColumnType::Number, found.span, cx.out);
            Type::number()
        }
        other => {
            mismatch(found, why, other.noun(), scope, cx);
            Type::number()
        }
    }
}

/// Demands a text.
pub(super) fn text(found: &Typed, why: &str, scope: &mut Scope<'_, '_>, cx: &mut Context<'_, '_>) {
    match &found.ty {
        Type::Text | Type::Unknown | Type::Null => {}
        Type::Open(ids) => scope.settle(ids, &ColumnType::Text, found.span, cx.out),
        other => mismatch(found, why, other.noun(), scope, cx),
    }
}

/// Demands a day, with or without a time.
pub(super) fn day(found: &Typed, why: &str, scope: &mut Scope<'_, '_>, cx: &mut Context<'_, '_>) {
    match &found.ty {
        Type::Date | Type::Timestamp | Type::Unknown | Type::Null => {}
        Type::Open(ids) => scope.settle(ids, &ColumnType::Date, found.span, cx.out),
        other => mismatch(found, why, other.noun(), scope, cx),
    }
}

/// Demands a moment.
pub(super) fn moment(
    found: &Typed,
    why: &str,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) {
    match &found.ty {
        Type::Timestamp | Type::Unknown | Type::Null => {}
        Type::Open(ids) => scope.settle(ids, &ColumnType::Timestamp, found.span, cx.out),
        other => mismatch(found, why, other.noun(), scope, cx),
    }
}

/// "`lower` takes a text": and this is something else.
fn mismatch(found: &Typed, why: &str, noun: &str, scope: &Scope<'_, '_>, cx: &mut Context<'_, '_>) {
    let message = format!("{why}, and this is {noun}");
    let diagnostic = Diagnostic::new(&codes::TYPE_MISMATCH, message).at(found.span, noun);
    cx.out.push(with_origin(diagnostic, found, scope));
}

/// Says where an undeclared column got its type.
pub(super) fn with_origin(
    diagnostic: Diagnostic,
    found: &Typed,
    scope: &Scope<'_, '_>,
) -> Diagnostic {
    let Scope::Table(table) = scope else { return diagnostic };
    match table.settled(&found.expr) {
        Some((slot, word, at)) => {
            let help = format!("declare its type: `{}: ...` in `columns`", slot.name);
            diagnostic.at(at, format!("used as {word} here")).help(help)
        }
        None => diagnostic,
    }
}
