//! Exact numbers, their units, and the reading of numbers in cells.
//!
//! [`Decimal`] is a row's value: small, `Copy`, exact. [`Sum`] adds any number of them without
//! losing a digit, in any order. [`Number`] is the value of a formula: an exact fraction. [`Unit`]
//! says what a number counts. Floating point is used for drawing alone ([`Number::to_f64`]).
//!
//! ```
//! use sanjeh::value::{Decimal, Number, Sum};
//! let mut sum = Sum::default();
//! for cell in ["0.1", "0.2"] {
//!     sum.add(cell.parse::<Decimal>().unwrap());
//! }
//! assert_eq!(sum.to_number().to_plain(), "0.3");
//! assert_eq!(Number::from(2).div(&Number::from(3)).unwrap().to_plain(), "0.666666666666666667");
//! ```

#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "exponents and counts of digits are small by construction"
)]

mod currency;
mod decimal;
mod forms;
mod grammar;
mod number;
mod sum;
#[cfg(test)]
mod tests;
mod unit;

pub use currency::Currency;
pub use decimal::{Decimal, ParseDecimalError};
pub use forms::{parse_duration, parse_money, parse_percent};
pub use grammar::{BadNumber, NumberFormat, parse_ascii, parse_decimal};
pub use number::Number;
pub use sum::Sum;
pub use unit::{Operation, Unit, UnitClash, add, compare, compare_literal, div, mul};
