//! Comparisons over one row, and what else needs several values of one type.

use super::demand::with_origin;
use super::row::{Scope, check};
use super::types::{Type, Typed};
use super::units::{self, Doing, Side};
use super::{Context, lists};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::row::{Case, CompareOp, Comparison, RowExpr, RowFunction};
use crate::model::source::ColumnType;
use crate::source::Span;
use crate::syntax::ast::{self, Expr, ExprKind};
use crate::value::Decimal;

/// The model's word for an operator.
pub(super) fn compare_op(op: ast::CompareOp) -> CompareOp {
    match op {
        ast::CompareOp::Equal => CompareOp::Equal,
        ast::CompareOp::NotEqual => CompareOp::NotEqual,
        ast::CompareOp::Less => CompareOp::Less,
        ast::CompareOp::LessEqual => CompareOp::LessEqual,
        ast::CompareOp::Greater => CompareOp::Greater,
        ast::CompareOp::GreaterEqual => CompareOp::GreaterEqual,
    }
}

/// The one type of several values: of `??`, of the branches of `if`, of `least`.
pub(super) fn same(
    all: &[Kind],
    doing: Doing,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Type {
    let mut found: Option<(Type, Span)> = None;
    for (ty, at) in all {
        match ty {
            Type::Unknown | Type::Null | Type::Open(_) => {}
            ty => match &mut found {
                None => found = Some((ty.clone(), *at)),
                Some((Type::Number(unit), span)) if matches!(ty, Type::Number(_)) => {
                    let Type::Number(other) = ty else { continue };
                    let left = Side { unit, span: *span, text: cx.texts.slice(*span) };
                    let right = Side { unit: other, span: *at, text: cx.texts.slice(*at) };
                    match units::alike(doing, left, right) {
                        Ok(both) => *unit = both,
                        Err(diagnostic) => {
                            cx.out.push(*diagnostic);
                            return Type::Unknown;
                        }
                    }
                }
                Some((known, _)) if known == ty => {}
                Some((known, span)) => {
                    let (one, other) = (known.noun(), ty.noun());
                    let message = format!("one type is needed: here are {one} and {other}");
                    cx.out.push(
                        Diagnostic::new(&codes::TYPE_MISMATCH, message)
                            .at(*at, ty.noun())
                            .at(*span, known.noun()),
                    );
                    return Type::Unknown;
                }
            },
        }
    }
    let Some((ty, _)) = found else { return open(all) };
    for (open, at) in all {
        if let (Type::Open(ids), Some(column)) = (open, column_type(&ty)) {
            scope.settle(ids, &column, *at, cx.out);
        }
    }
    ty
}

/// The type of values that have none yet: whoever uses them gives it to all of them.
fn open(all: &[Kind]) -> Type {
    let mut ids = Vec::new();
    for (ty, _) in all {
        match ty {
            Type::Open(more) => ids.extend(more),
            Type::Null => {}
            _ => return Type::Unknown,
        }
    }
    if ids.is_empty() { Type::Unknown } else { Type::Open(ids) }
}

/// A type and its place: what it takes to compare types.
pub(super) type Kind = (Type, Span);

/// The types of several values.
pub(super) fn kinds(all: &[Typed]) -> Vec<Kind> {
    all.iter().map(kind).collect()
}

fn kind(typed: &Typed) -> Kind {
    (typed.ty.clone(), typed.span)
}

/// What an undeclared column is when it meets a value of this type.
fn column_type(ty: &Type) -> Option<ColumnType> {
    match ty {
        Type::Number(_) => Some(ColumnType::Number),
        Type::Text => Some(ColumnType::Text),
        Type::Bool => Some(ColumnType::Bool),
        Type::Date => Some(ColumnType::Date),
        Type::Timestamp => Some(ColumnType::Timestamp),
        Type::Unknown | Type::Null | Type::Open(_) => None,
    }
}

/// `device == mobile`: a text without its quotes, where there is no such column.
pub(super) fn unquoted(
    left: &Typed,
    right: &Expr,
    scope: &Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Option<Typed> {
    let (Scope::Table(table), ExprKind::Name(path)) = (scope, &right.kind) else { return None };
    let [name] = path.segments.as_slice() else { return None };
    if table.has(name) || !matches!(left.ty, Type::Text | Type::Open(_)) {
        return None;
    }
    let mut found = table.missing(name);
    if found.fix.is_none() {
        let text = format!("\"{}\"", name.text);
        found = found.suggest(format!("a text stands in quotes: `{text}`"), right.span, text);
    }
    cx.out.push(found);
    Some(Typed::unknown(right.span))
}

/// `a < b`
pub(super) fn compare(
    left: Typed,
    op: CompareOp,
    right: Typed,
    span: Span,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    let expr = compared(left, op, right, scope, cx);
    Typed::new(expr, Type::Bool, span)
}

/// A comparison of two values of one type; of a moment with a day, by its day.
pub(super) fn compared(
    left: Typed,
    op: CompareOp,
    right: Typed,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> RowExpr {
    let comparison = Comparison { op, case: scope.case() };
    match (&left.ty, &right.ty) {
        (Type::Timestamp, Type::Date) | (Type::Date, Type::Timestamp) => {
            let nought = RowExpr::Number(Decimal::ZERO);
            let days = RowExpr::Call(RowFunction::DaysBetween, vec![right.expr, left.expr]);
            return RowExpr::Compare(Box::new(days), comparison, Box::new(nought));
        }
        // Two columns that nothing has given a type: as texts, until one is declared.
        (Type::Open(a), Type::Open(b)) => {
            scope.settle(a, &ColumnType::Text, left.span, cx.out);
            scope.settle(b, &ColumnType::Text, right.span, cx.out);
        }
        (Type::Number(_), Type::Number(_)) => {
            same(&[kind(&left), kind(&right)], Doing::Compare, scope, cx);
        }
        (a, b) => {
            let settled = (column_type(a), column_type(b));
            match (a, b, settled) {
                (Type::Open(ids), _, (_, Some(ty))) => {
                    scope.settle(ids, &ty, left.span, cx.out);
                }
                (_, Type::Open(ids), (Some(ty), _)) => {
                    scope.settle(ids, &ty, right.span, cx.out);
                }
                (Type::Unknown | Type::Null | Type::Open(_), ..)
                | (_, Type::Unknown | Type::Null | Type::Open(_), _) => {}
                (a, b, _) if a == b => {}
                (a, b, _) => {
                    let message = format!("{} and {} cannot be compared", a.noun(), b.noun());
                    let found = Diagnostic::new(&codes::TYPE_MISMATCH, message)
                        .at(right.span, b.noun())
                        .at(left.span, a.noun());
                    let found = with_origin(with_origin(found, &left, scope), &right, scope);
                    cx.out.push(comparison_help(found, &left, &right, cx));
                }
            }
        }
    }
    RowExpr::Compare(
        Box::new(fold(left.expr, scope)),
        comparison,
        Box::new(fold(right.expr, scope)),
    )
}

/// What to do about a text beside a number or a date, where it is plain.
fn comparison_help(
    found: Diagnostic,
    left: &Typed,
    right: &Typed,
    cx: &Context<'_, '_>,
) -> Diagnostic {
    let unquoted = |text: &Typed, other: &Typed| {
        let RowExpr::Text(value) = &text.expr else { return None };
        let fits = match other.ty {
            Type::Number(_) => value.parse::<Decimal>().is_ok(),
            Type::Date | Type::Timestamp => crate::time::Date::parse_iso(value).is_some(),
            _ => false,
        };
        fits.then(|| (text.span, value.clone()))
    };
    let quoted = |text: &Typed, other: &Typed| {
        let constant = matches!(other.expr, RowExpr::Number(_) | RowExpr::Date(_));
        (text.ty == Type::Text && constant)
            .then(|| (other.span, format!("\"{}\"", cx.texts.slice(other.span))))
    };
    let fix = unquoted(left, right)
        .or_else(|| unquoted(right, left))
        .or_else(|| quoted(left, right))
        .or_else(|| quoted(right, left));
    match fix {
        Some((span, text)) => found.suggest(format!("write `{text}`"), span, text),
        None => found,
    }
}

/// A constant text in lower case where case does not count.
fn fold(expr: RowExpr, scope: &Scope<'_, '_>) -> RowExpr {
    match expr {
        RowExpr::Text(text) if scope.case() == Case::Folded => RowExpr::Text(text.to_lowercase()),
        other => other,
    }
}

/// `low <= value <= high`
pub(super) fn between(
    value: Typed,
    low: Typed,
    high: Typed,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> RowExpr {
    let mixed = |a: &Typed, b: &Typed| {
        matches!((&a.ty, &b.ty), (Type::Timestamp, Type::Date) | (Type::Date, Type::Timestamp))
    };
    if mixed(&value, &low) || mixed(&value, &high) {
        let from = compared(value.clone(), CompareOp::GreaterEqual, low, scope, cx);
        let to = compared(value, CompareOp::LessEqual, high, scope, cx);
        return RowExpr::And(vec![from, to]);
    }
    same(&[kind(&value), kind(&low), kind(&high)], Doing::Compare, scope, cx);
    RowExpr::Between(Box::new(value.expr), Box::new(low.expr), Box::new(high.expr))
}

/// `value in (...)`: constants, or the members of a list.
pub(super) fn membership(
    value: Typed,
    members: &[Expr],
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> RowExpr {
    let mut constants: Vec<Typed> = Vec::new();
    for member in members {
        if let ExprKind::Name(path) = &member.kind {
            let texts = lists::members(path, cx);
            let span = member.span;
            constants
                .extend(texts.into_iter().map(|t| Typed::new(RowExpr::Text(t), Type::Text, span)));
            if constants.is_empty() {
                constants.push(Typed::unknown(span));
            }
            continue;
        }
        let found = check(member, scope, cx);
        let constant = matches!(
            found.expr,
            RowExpr::Text(_)
                | RowExpr::Number(_)
                | RowExpr::Date(_)
                | RowExpr::Bool(_)
                | RowExpr::Null
        );
        let negative =
            matches!(&found.expr, RowExpr::Negate(n) if matches!(**n, RowExpr::Number(_)));
        if constant || negative {
            constants.push(folded_negation(found));
        } else if found.ty != Type::Unknown {
            let diagnostic = Diagnostic::new(&codes::TYPE_MISMATCH, "`in` looks among constants")
                .at(found.span, "not a constant")
                .help("compare with `==` and `or`");
            cx.out.push(diagnostic);
        }
    }
    let mut all = vec![kind(&value)];
    all.extend(constants.iter().map(kind));
    same(&all, Doing::Compare, scope, cx);
    let members = constants.into_iter().filter(|c| c.ty != Type::Unknown);
    let members = members.map(|c| fold(c.expr, scope)).collect();
    RowExpr::In(Box::new(value.expr), members, scope.case())
}

/// `-1` among constants is a constant.
fn folded_negation(typed: Typed) -> Typed {
    match typed.expr {
        RowExpr::Negate(inner) => match *inner {
            RowExpr::Number(n) => {
                let negative = Decimal::new(-n.mantissa(), n.scale());
                Typed { expr: RowExpr::Number(negative), ..typed }
            }
            other => Typed { expr: RowExpr::Negate(Box::new(other)), ..typed },
        },
        _ => typed,
    }
}
