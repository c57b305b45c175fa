//! What stands in for the functions of a row that this version does not evaluate: typed, so that
//! the rest is checked all the same.

use super::Context;
use super::functions::{args, arity};
use super::row::Scope;
use super::types::{Type, Typed};
use super::units::Scalar;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::row::RowExpr;
use crate::source::Span;
use crate::syntax::ast::{Call, Expr, ExprKind};
use crate::value::Unit;

/// A function that is refused for now: typed, so that the rest is checked all the same.
pub(super) fn stand_in(
    call: &Call,
    due: usize,
    ty: Type,
    span: Span,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    if arity(call, due, due, cx).is_some() {
        args(call, scope, cx);
    }
    Typed::new(RowExpr::Null, ty, span)
}

/// `convert(x, EUR, rates.rate)`: refused for now, but of the currency that it names.
pub(super) fn convert(call: &Call, span: Span, cx: &mut Context<'_, '_>) -> Typed {
    if arity(call, 2, 3, cx).is_none() {
        return Typed::unknown(span);
    }
    let unit = target_currency(&call.args[1].value, cx);
    Typed::new(RowExpr::Null, Type::Number(unit), span)
}

/// The currency behind the comma of `convert`.
pub(super) fn target_currency(expr: &Expr, cx: &mut Context<'_, '_>) -> Scalar {
    if let ExprKind::Name(path) = &expr.kind
        && let [code] = path.segments.as_slice()
    {
        return cx.currency(code).map_or(Scalar::Unknown, |c| Scalar::Of(Unit::Money(c)));
    }
    let message = "`convert` takes a currency as its second argument";
    cx.out.push(
        Diagnostic::new(&codes::BAD_ARGUMENTS, message)
            .at(expr.span, "not a currency")
            .help("write its code, such as `EUR`"),
    );
    Scalar::Unknown
}
