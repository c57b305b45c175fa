//! What stands in for the functions of a row that this version does not evaluate: typed, so that
//! the rest is checked all the same.

use super::Context;
use super::functions::{args, arity};
use super::row::{Scope, mistake};
use super::table::Table;
use super::types::{Type, Typed};
use super::units::Scalar;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::row::RowExpr;
use crate::source::Span;
use crate::syntax::ast::{self, Call, Expr, ExprKind};
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

/// `customers.country`: a column of a source that is looked up. Refused for now, but of its type.
pub(super) fn looked_up(
    table: &mut Table<'_>,
    source: &ast::Ident,
    name: &ast::Ident,
    span: Span,
    cx: &mut Context<'_, '_>,
) -> Typed {
    let Some(at) = cx.names.source(source, cx.out) else { return Typed::unknown(span) };
    let joined = table.item.lookups.iter().any(|l| l.value.source.key == source.key);
    if !joined {
        let this = &table.item.name.text;
        let message = format!("a row of `{this}` has no columns of `{}`", source.text);
        let found = Diagnostic::new(&codes::UNKNOWN_COLUMN, message)
            .at(span, format!("a column of `{}`", source.text))
            .help(format!("join the two in `{this}`: `lookup: {} on ...`", source.text));
        return mistake(found, span, cx);
    }
    let item = cx.names.sources.items().nth(at as usize);
    let column = item.and_then(|i| i.columns.iter().find(|c| c.name.key == name.key));
    let ty = column.and_then(|c| c.ty.as_ref()).and_then(|t| super::source::column_type(t, cx));
    Typed::new(RowExpr::Null, ty.as_ref().map_or(Type::Unknown, Type::of), span)
}
