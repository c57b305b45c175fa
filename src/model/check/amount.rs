//! Values as written, held against the unit of their KPI.

use super::units::Scalar;
use super::{Context, literal};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, UnaryOp};
use crate::value::{Number, Unit};

/// A constant as written.
pub(super) struct Constant {
    pub(super) value: Number,
    pub(super) unit: Scalar,
    pub(super) span: Span,
}

/// Reads a constant: a number, money or a duration, with its sign; none where it is no constant,
/// an error where it has a mistake of its own.
pub(super) fn constant(expr: &Expr, cx: &mut Context<'_, '_>) -> Option<Result<Constant, ()>> {
    let span = expr.span;
    let of = |value: Number, unit: Scalar| Some(Ok(Constant { value, unit, span }));
    match &expr.kind {
        ExprKind::Number(n) => of(literal::number(*n), super::row::scalar(*n)),
        ExprKind::Money(n, code) => match cx.currency(code) {
            Some(currency) => of(literal::number(*n), Scalar::Of(Unit::Money(currency))),
            None => Some(Err(())),
        },
        ExprKind::Quantity(quantity) => {
            let Some(seconds) = literal::seconds(quantity) else {
                cx.out.push(super::row::no_duration(span));
                return Some(Err(()));
            };
            of(seconds.to_number(), Scalar::Of(Unit::Duration))
        }
        ExprKind::Unary(UnaryOp::Negate, inner) => {
            let inner = constant(inner, cx)?;
            Some(inner.map(|c| Constant { value: c.value.neg(), span, ..c }))
        }
        _ => None,
    }
}

/// A value of the KPI: `what` is it called, such as "target".
pub(super) fn amount(
    expr: &Expr,
    what: &str,
    unit: &Scalar,
    cx: &mut Context<'_, '_>,
) -> Option<Number> {
    let Some(found) = constant(expr, cx) else {
        cx.out.push(
            Diagnostic::new(&codes::BAD_TARGET, format!("a {what} is a value as written"))
                .at(expr.span, "computed")
                .help("write the result"),
        );
        return None;
    };
    let found = found.ok()?;
    fits(&found, what, unit, cx).then_some(found.value)
}

/// Whether a constant is of the KPI's unit, with a message and the repair where it is not.
pub(super) fn fits(found: &Constant, what: &str, unit: &Scalar, cx: &mut Context<'_, '_>) -> bool {
    let text = cx.texts.slice(found.span);
    let (due, is) = match (unit, &found.unit) {
        (Scalar::Unknown | Scalar::Bare | Scalar::Zero | Scalar::InColumn(_), _)
        | (_, Scalar::Zero | Scalar::Unknown | Scalar::InColumn(_)) => {
            return true;
        }
        (Scalar::Of(due), Scalar::Of(is)) => match (due, is) {
            (a, b) if a == b => return true,
            (Unit::MoneyOfSource, Unit::Money(_))
            | (Unit::Number, Unit::Percent)
            | (Unit::Compound { .. }, _) => return true,
            _ => (due, Some(is)),
        },
        (Scalar::Of(due), Scalar::Bare) => match due {
            Unit::Number | Unit::Count | Unit::Own(_) | Unit::Compound { .. } => return true,
            _ => (due, None),
        },
    };
    let (message, fix) = match (due, is) {
        (Unit::Percent, None) if what == "tolerance" => (
            "a tolerance is a share of the target, in percent".to_owned(),
            Some(format!("{text}%")),
        ),
        (Unit::Percent, Some(_)) if what == "tolerance" => {
            ("a tolerance is a share of the target, in percent".to_owned(), None)
        }
        (Unit::Percent, None) => {
            ("a percent KPI against a bare number".to_owned(), Some(format!("{text}%")))
        }
        (Unit::Money(currency), None) => {
            ("money against a bare number".to_owned(), Some(format!("{text} {}", currency.code())))
        }
        (Unit::Duration, None) => ("a duration against a bare number".to_owned(), None),
        (due, None) => (format!("{} against a bare number", Scalar::Of(due.clone()).noun()), None),
        (Unit::Money(a), Some(Unit::Money(b))) => {
            (format!("a KPI in {} against a {what} in {}", a.code(), b.code()), None)
        }
        (due, Some(is)) => {
            let (due, is) = (Scalar::Of(due.clone()).noun(), Scalar::Of(is.clone()).noun());
            (format!("a KPI in {due} against a {what} in {is}"), None)
        }
    };
    let label = match is {
        None => "a bare number".to_owned(),
        Some(is) => format!("this is {}", Scalar::Of(is.clone()).noun()),
    };
    let found_at = Diagnostic::new(&codes::TARGET_UNIT, message).at(found.span, label);
    let diagnostic = match fix {
        Some(fix) => found_at.suggest(format!("write `{fix}`"), found.span, fix),
        None => match due {
            Unit::Duration => found_at.help(format!("say of what: `{text} min`, `{text} s`")),
            Unit::Money(c) => found_at.help(format!("write it in {}", c.code())),
            Unit::MoneyOfSource => found_at.help(format!("name its currency: `{text} EUR`")),
            Unit::Percent => found_at.help("write it with `%`"),
            _ => found_at.help("write a plain number"),
        },
    };
    cx.out.push(diagnostic);
    false
}
