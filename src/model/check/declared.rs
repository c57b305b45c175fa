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
