//! Numbers as written to exact values in base units.

use crate::syntax::ast::{self, UnitWord};
use crate::time::SpanUnit;
use crate::value::{Decimal, Number};

/// The value of a number; `3%` is 0.03.
pub(super) fn decimal(number: ast::Number) -> Decimal {
    let scale = u8::try_from(number.scale).unwrap_or(Decimal::MAX_SCALE);
    Decimal::new(number.mantissa.max(-i128::MAX), scale.min(Decimal::MAX_SCALE))
}

/// The value of a number, for a formula.
pub(super) fn number(value: ast::Number) -> Number {
    decimal(value).to_number()
}

/// Milliseconds in a unit; none where its length varies.
fn milliseconds(unit: UnitWord) -> Option<i64> {
    Some(match unit {
        UnitWord::Milliseconds => 1,
        UnitWord::Seconds => 1_000,
        UnitWord::Minutes => 60_000,
        UnitWord::Hours => 3_600_000,
        UnitWord::Days => 86_400_000,
        UnitWord::Weeks => 604_800_000,
        UnitWord::Months | UnitWord::Quarters | UnitWord::Years => return None,
    })
}

/// The seconds of a duration; none for months and longer, or where they do not fit.
pub(super) fn seconds(quantity: &ast::Quantity) -> Option<Decimal> {
    let factor = Decimal::new(i128::from(milliseconds(quantity.unit)?), 3).normalised();
    decimal(quantity.number).checked_mul(factor).map(Decimal::normalised)
}

/// A whole number that fits.
pub(super) fn whole(number: ast::Number) -> Option<u32> {
    let value = decimal(number).normalised();
    if number.percent || value.scale() != 0 {
        return None;
    }
    u32::try_from(value.mantissa()).ok()
}

/// A span of days or longer, at least one of them.
pub(super) fn span(quantity: &ast::Quantity) -> Option<(u32, SpanUnit)> {
    let unit = match quantity.unit {
        UnitWord::Days => SpanUnit::Days,
        UnitWord::Weeks => SpanUnit::Weeks,
        UnitWord::Months => SpanUnit::Months,
        UnitWord::Quarters => SpanUnit::Quarters,
        UnitWord::Years => SpanUnit::Years,
        UnitWord::Milliseconds | UnitWord::Seconds | UnitWord::Minutes | UnitWord::Hours => {
            return None;
        }
    };
    whole(quantity.number).filter(|n| *n > 0).map(|n| (n, unit))
}
