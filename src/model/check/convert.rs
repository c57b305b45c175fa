//! `convert`: money of one currency brought to another, row by row or of a whole value.

use super::formula::{Desk, Value, check as value, mistake as no_value};
use super::functions::arity;
use super::row::{self, Scope, mistake};
use super::types::{Type, Typed};
use super::units::Scalar;
use super::{Context, demand};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::formula::{Node, Place};
use crate::model::row::{Arithmetic, Case, CompareOp, Comparison, RowExpr};
use crate::source::Span;
use crate::syntax::ast::{Call, Expr, ExprKind};
use crate::value::{Currency, Decimal, Number, Unit};

/// `convert(cost, EUR, rates.rate)` of a row. A row without a rate has no value; one that is of
/// the currency already stays as it is.
pub(super) fn in_row(
    call: &Call,
    span: Span,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    if arity(call, 2, 3, cx).is_none() {
        return Typed::unknown(span);
    }
    let amount = row::check(&call.args[0].value, scope, cx);
    let Some(to) = currency(&call.args[1].value, cx) else { return Typed::unknown(span) };
    let rate = call.args.get(2).map(|arg| {
        let rate = row::check(&arg.value, scope, cx);
        demand::number(&rate, "a rate is a number", scope, cx);
        rate
    });
    let ty = Type::Number(Scalar::Of(Unit::Money(to)));
    let times = |expr: RowExpr, factor: RowExpr| {
        RowExpr::Arithmetic(Box::new(expr), vec![(Arithmetic::Multiply, factor)])
    };
    let expr = match &amount.ty {
        Type::Number(Scalar::Of(Unit::Money(from))) => {
            match step(*from, to, rate.as_ref().map(|r| r.span), amount.span) {
                Err(found) => return mistake(*found, span, cx),
                Ok(Step::None) => amount.expr,
                Ok(Step::Fixed(factor)) => times(amount.expr, RowExpr::Number(factor)),
                Ok(Step::Rate) => match rate {
                    Some(rate) => times(amount.expr, rate.expr),
                    None => RowExpr::Null,
                },
            }
        }
        Type::Number(Scalar::InColumn(column)) => {
            let Some(rate) = rate else {
                return mistake(no_rate(amount.span, to, cx), span, cx);
            };
            let Scope::Table(table) = scope else { return Typed::unknown(span) };
            let Some(code) = table.known(column) else { return Typed::unknown(span) };
            each_row(&amount.expr, &RowExpr::Column(code), to, &rate.expr)
        }
        // What is wrong with it has been told.
        Type::Unknown if amount.expr == RowExpr::Null => return Typed::unknown(span),
        Type::Null => RowExpr::Null,
        Type::Open(_) | Type::Unknown => return mistake(no_money(amount.span, cx), span, cx),
        Type::Number(unit) => {
            let found = match unit {
                Scalar::Unknown => no_money(amount.span, cx),
                other => not_money(amount.span, &other.noun()),
            };
            return mistake(found, span, cx);
        }
        other => return mistake(not_money(amount.span, other.noun()), span, cx),
    };
    Typed::new(expr, ty, span)
}

/// Each row by its own currency: as it is, by the fixed factor of rial and toman, by the rate.
fn each_row(amount: &RowExpr, code: &RowExpr, to: Currency, rate: &RowExpr) -> RowExpr {
    let is = |other: Currency| {
        let comparison = Comparison { op: CompareOp::Equal, case: Case::Sensitive };
        let text = Box::new(RowExpr::Text(other.code().to_owned()));
        RowExpr::Compare(Box::new(code.clone()), comparison, text)
    };
    let times = |factor: RowExpr| {
        RowExpr::Arithmetic(Box::new(amount.clone()), vec![(Arithmetic::Multiply, factor)])
    };
    let mut expr = times(rate.clone());
    for other in ["IRR", "IRT"].into_iter().filter_map(Currency::from_code) {
        if let Some(fixed) = factor(other, to) {
            let fixed = Box::new(times(RowExpr::Number(fixed)));
            expr = RowExpr::If(Box::new(is(other)), fixed, Box::new(expr));
        }
    }
    let same = RowExpr::If(Box::new(is(to)), Box::new(amount.clone()), Box::new(expr));
    // An amount of no currency is no amount.
    let none = RowExpr::IsNull(Box::new(code.clone()));
    RowExpr::If(Box::new(none), Box::new(RowExpr::Null), Box::new(same))
}

/// `convert(x, IRT)`, `convert(x, EUR, rate)` of a value.
pub(super) fn in_formula(
    call: &Call,
    span: Span,
    desk: &mut Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Value {
    if arity(call, 2, 3, cx).is_none() {
        return Value::unknown(span);
    }
    let amount = value(&call.args[0].value, desk, cx);
    let Some(to) = currency(&call.args[1].value, cx) else { return Value::unknown(span) };
    let rate = call.args.get(2).map(|arg| {
        let rate = value(&arg.value, desk, cx);
        if matches!(rate.unit, Scalar::Of(Unit::Money(_) | Unit::MoneyOfSource | Unit::Duration)) {
            let noun = rate.unit.noun();
            let message = format!("a rate is a plain number, and this is {noun}");
            cx.out.push(Diagnostic::new(&codes::TYPE_MISMATCH, message).at(rate.span, noun));
        }
        rate
    });
    let unit = Scalar::Of(Unit::Money(to));
    let fixed = |amount: Value, factor: Decimal, unit: Scalar| {
        let node = Node::Convert(Box::new(amount.node), to, factor);
        Value::new(node, unit, amount.flow, span)
    };
    match &amount.unit {
        Scalar::Of(Unit::Money(from)) => {
            match step(*from, to, rate.as_ref().map(|r| r.span), amount.span) {
                Err(found) => no_value(*found, span, cx),
                Ok(Step::None) => fixed(amount, Decimal::ONE, unit),
                Ok(Step::Fixed(factor)) => fixed(amount, factor, unit),
                Ok(Step::Rate) => match rate {
                    None => Value::unknown(span),
                    Some(rate) => {
                        let flow = amount.flow.times(rate.flow);
                        let factors = vec![(Place::Above, amount.node), (Place::Above, rate.node)];
                        Value::new(Node::Product(factors), unit, flow, span)
                    }
                },
            }
        }
        // Of which currency the rows are, they tell; then this is looked at again.
        Scalar::Of(Unit::MoneyOfSource) => fixed(amount, Decimal::ONE, unit),
        Scalar::Unknown if amount.node == Node::Value(Number::ZERO) => Value::unknown(span),
        Scalar::Unknown => no_value(no_money(amount.span, cx), span, cx),
        other => no_value(not_money(amount.span, &other.noun()), span, cx),
    }
}

/// How money gets from one currency to another.
enum Step {
    /// It is there.
    None,
    /// By a factor that never changes.
    Fixed(Decimal),
    /// By the rate.
    Rate,
}

fn step(
    from: Currency,
    to: Currency,
    rate: Option<Span>,
    amount: Span,
) -> Result<Step, Box<Diagnostic>> {
    let (is, due) = (from.code(), to.code());
    if from == to {
        return Ok(Step::None);
    }
    match (factor(from, to), rate) {
        (None, Some(_)) => Ok(Step::Rate),
        (Some(factor), None) => Ok(Step::Fixed(factor)),
        (Some(_), Some(rate)) => Err(Box::new(
            Diagnostic::new(&codes::BAD_ARGUMENTS, format!("{is} and {due} have a fixed rate"))
                .at(rate, "another rate")
                .help(format!("leave it out: `convert(..., {due})`; a toman is ten rial")),
        )),
        (None, None) => Err(Box::new(
            Diagnostic::new(&codes::BAD_ARGUMENTS, format!("{is} has no fixed rate to {due}"))
                .at(amount, format!("this is {is}"))
                .help(rate_help(due)),
        )),
    }
}

fn rate_help(due: &str) -> String {
    format!(
        "give the rate as the third argument, `convert(..., {due}, rates.rate)`: a column of the \
         row, or one of a source of rates that the row looks up with `lookup: rates on ...`"
    )
}

/// The fixed factor between two currencies: a toman is ten rial.
fn factor(from: Currency, to: Currency) -> Option<Decimal> {
    match (from.code(), to.code()) {
        ("IRR", "IRT") => Some(Decimal::new(1, 1)),
        ("IRT", "IRR") => Some(Decimal::from_i64(10)),
        _ => None,
    }
}

fn no_rate(at: Span, to: Currency, cx: &Context<'_, '_>) -> Diagnostic {
    let text = cx.texts.slice(at);
    let message = format!("`{text}` may be of any currency, so there is no fixed rate");
    Diagnostic::new(&codes::BAD_ARGUMENTS, message)
        .at(at, "each row names its currency")
        .help(rate_help(to.code()))
}

/// Money of no currency that is known.
fn no_money(at: Span, cx: &Context<'_, '_>) -> Diagnostic {
    let text = cx.texts.slice(at);
    Diagnostic::new(&codes::BAD_ARGUMENTS, format!("of which currency is `{text}`?"))
        .at(at, "says no currency")
        .help("declare it in `columns` as money of a currency, such as `money IRR`")
}

fn not_money(at: Span, noun: &str) -> Diagnostic {
    let message = format!("`convert` takes money, and this is {noun}");
    Diagnostic::new(&codes::TYPE_MISMATCH, message).at(at, noun)
}

/// The currency behind the comma.
fn currency(expr: &Expr, cx: &mut Context<'_, '_>) -> Option<Currency> {
    if let ExprKind::Name(path) = &expr.kind
        && let [code] = path.segments.as_slice()
    {
        return cx.currency(code);
    }
    let message = "`convert` takes a currency as its second argument";
    cx.out.push(
        Diagnostic::new(&codes::BAD_ARGUMENTS, message)
            .at(expr.span, "not a currency")
            .help("write its code, such as `EUR`"),
    );
    None
}
