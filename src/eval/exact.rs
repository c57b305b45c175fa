//! Numbers with every digit that there is, in the reader's unit.

use crate::value::{Decimal, Number, Unit};

/// A number in its unit, unrounded as [`Number::to_plain`] is: `2.75%`, `40.5 EUR`, `90 s`.
///
/// ```
/// use sanjeh::eval::exact;
/// use sanjeh::value::{Decimal, Number, Unit};
/// assert_eq!(exact(&Number::from(Decimal::new(275, 4)), &Unit::Percent), "2.75%");
/// ```
pub fn exact(number: &Number, unit: &Unit) -> String {
    let hundred = Number::from(Decimal::from_i64(100));
    match unit {
        Unit::Percent => format!("{}%", number.mul(&hundred).to_plain()),
        Unit::Money(currency) => format!("{} {}", number.to_plain(), currency.code()),
        Unit::Duration => format!("{} s", number.to_plain()),
        Unit::Own(word) => format!("{} {word}", number.to_plain()),
        Unit::Number | Unit::Count | Unit::MoneyOfSource | Unit::Compound { .. } => {
            number.to_plain()
        }
    }
}
