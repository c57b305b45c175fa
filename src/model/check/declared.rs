//! The unit that a measure is declared to have, held against what its formula gives.

use super::Context;
use super::formula::Value;
use super::text::localized;
use super::units::{self, Scalar};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::Localized;
use crate::source::Span;
use crate::syntax::ast::{self, UnitRef};
use crate::value::Unit;

/// The unit of an input that is stated only.
pub(super) fn stated(needs: &ast::ColumnType, cx: &mut Context<'_, '_>) -> Scalar {
    if needs.name.key == "money" {
        let currency = match &needs.currency {
            Some(code) => cx.currency(code),
            None => cx.settings.currency,
        };
        return Scalar::Of(currency.map_or(Unit::MoneyOfSource, Unit::Money));
    }
    // A word that is no type has been reported where it was read.
    let Some(ty) = super::source::column_type(needs, cx) else { return Scalar::Unknown };
    let unit = ty.unit();
    if unit.is_none() {
        cx.out.push(
            Diagnostic::new(&codes::TYPE_MISMATCH, "a metric is a number")
                .at(needs.name.span, "not a number")
                .help("state it as `count`, `number`, `money`, `percent` or `duration`"),
        );
    }
    unit.map_or(Scalar::Unknown, Scalar::Of)
}

/// What all statements of an input say, held against one another: the same need of several
/// libraries is one.
pub(super) fn agreed<'a>(
    name: &ast::Ident,
    cx: &mut Context<'a, '_>,
) -> Option<&'a ast::ColumnType> {
    let all = cx.names.stated.get(name.key.as_str())?;
    let first = *all.first()?;
    let currency = |needs: &ast::ColumnType| needs.currency.as_ref().map(|c| c.key.clone());
    let same = |n: &ast::ColumnType| n.name.key == first.name.key && currency(n) == currency(first);
    if let Some(other) = all.iter().find(|n| !same(n)) {
        let words = |needs: &ast::ColumnType| match &needs.currency {
            Some(code) => format!("{} {}", needs.name.text, code.text),
            None => needs.name.text.clone(),
        };
        let (a, b) = (words(first), words(other));
        let message = format!("`{}` is needed as {a} and as {b}", name.text);
        let found = Diagnostic::new(&codes::NEEDS_DIFFER, message)
            .at(other.name.span, format!("{b} here"))
            .at(first.name.span, format!("{a} here"));
        cx.out.push(found.help("use only one of the two, or state both with one type"));
    }
    Some(first)
}

/// Holds a formula against what others need the measure to be.
pub(super) fn serves(
    name: &ast::Ident,
    needs: &ast::ColumnType,
    value: &Value,
    cx: &mut Context<'_, '_>,
) {
    let Scalar::Of(due) = stated(needs, cx) else { return };
    if units::declared(&due, &value.unit) {
        return;
    }
    let (due, gives) = (units::noun(&due), value.unit.noun());
    let message = format!("`{}` is needed as {due} and the formula gives {gives}", name.text);
    cx.out.push(
        Diagnostic::new(&codes::UNIT_MISMATCH, message)
            .at(value.span, format!("this is {gives}"))
            .at(needs.name.span, format!("needed as {due}"))
            .help("change the formula, or compute the KPIs that need it over another metric"),
    );
}

/// The unit that is declared, and where.
pub(super) fn declared(
    unit: &UnitRef,
    found: &Scalar,
    cx: &mut Context<'_, '_>,
) -> Option<(Unit, Span)> {
    match unit {
        UnitRef::Word(word) => {
            let unit = match word.key.as_str() {
                "percent" => Unit::Percent,
                "count" => Unit::Count,
                "number" => Unit::Number,
                "duration" => Unit::Duration,
                "money" => match (found, cx.settings.currency) {
                    (Scalar::Of(Unit::Money(currency)), _) => Unit::Money(*currency),
                    (_, Some(currency)) => Unit::Money(currency),
                    (_, None) => Unit::MoneyOfSource,
                },
                // Reported where it was read.
                _ => return None,
            };
            Some((unit, word.span))
        }
        UnitRef::Own(word) => {
            let text = &word.plain;
            if text.value.trim() == "%" {
                cx.out.push(
                    Diagnostic::new(&codes::UNIT_MISMATCH, "`%` is no word of one's own")
                        .at(text.span, "a sign of the language")
                        .suggest("write `percent`", text.span, "percent"),
                );
                return None;
            }
            Some((Unit::Own(text.value.clone()), text.span))
        }
    }
}

/// The user's own word for the unit.
pub(super) fn own_word(item: &ast::Measure) -> Option<Localized> {
    match &item.unit.as_ref()?.value {
        UnitRef::Word(_) => None,
        UnitRef::Own(word) => Some(localized(Some(word), &[])),
    }
}

/// Holds the declared unit against what the formula gives.
pub(super) fn hold(unit: &Unit, at: Span, value: &Value, cx: &mut Context<'_, '_>) {
    if units::declared(unit, &value.unit) {
        return;
    }
    let gives = value.unit.noun();
    let (message, help) = match (unit, &value.unit) {
        (Unit::Own(word), Scalar::Of(found)) => {
            let language = match found {
                Unit::Money(_) | Unit::MoneyOfSource => "money",
                Unit::Duration => "duration",
                _ => "percent",
            };
            (
                format!("\"{word}\" is a word for plain numbers, and the formula gives {gives}"),
                format!("write `unit: {language}`"),
            )
        }
        (Unit::Money(due), Scalar::Of(Unit::Money(is))) => (
            format!("the unit is {} and the formula gives {}", due.code(), is.code()),
            format!("bring it over: `convert(..., {}, RATE)`", due.code()),
        ),
        (_, Scalar::Of(Unit::Number | Unit::Own(_))) => {
            let word = units::noun(unit);
            (
                format!("the unit is {word} and the formula gives {gives}"),
                format!("declare the columns that it reads as `{word}`"),
            )
        }
        _ => (
            format!("the unit is {} and the formula gives {gives}", units::noun(unit)),
            "declare the unit that the formula gives, or change the formula".to_owned(),
        ),
    };
    cx.out.push(
        Diagnostic::new(&codes::UNIT_MISMATCH, message)
            .at(at, "this unit")
            .at(value.span, format!("this is {gives}"))
            .help(help),
    );
}
