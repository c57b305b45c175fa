//! How numbers are written in cells.

use std::fmt;

use super::decimal::{Decimal, POWERS};
use super::unit::Currency;

/// How the numbers of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    /// The character before the fraction.
    pub decimal: char,
    /// The character between groups of three digits; none if there is none.
    pub thousands: Option<char>,
}

impl Default for NumberFormat {
    fn default() -> Self {
        Self { decimal: '.', thousands: None }
    }
}

/// Why a cell is not a number. It prints as words for the middle of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadNumber {
    /// There is nothing in the cell.
    Empty,
    /// A separator that the source does not declare.
    Thousands(char),
    /// A character that no number holds.
    Character(char),
    /// `NaN`, `inf`, or a hexadecimal number.
    NotFinite,
    /// `1e5`.
    Exponent,
    /// Two decimal points.
    TwoPoints,
    /// More digits than fit.
    TooManyDigits,
    /// Groups that are not of three digits.
    Groups,
    /// A sign, a point or a symbol without digits.
    NoDigits,
}

impl fmt::Display for BadNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a number")
    }
}

impl std::error::Error for BadNumber {}

/// Reads `-?\d+(\.\d+)?` in ASCII and nothing else; none for any other text, which may still be a
/// number in the longer grammar.
pub fn parse_ascii(bytes: &[u8]) -> Option<Decimal> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    if digits.len() > 18 {
        return parse_long(negative, digits);
    }
    // At most 18 digits, so 64 bits hold them.
    let mut value = 0i64;
    let mut point = None;
    for (at, byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            value = value * 10 + i64::from(digit);
        } else if *byte == b'.' && point.is_none() && at > 0 {
            point = Some(at);
        } else {
            return None;
        }
    }
    let scale = match point {
        None if digits.is_empty() => return None,
        None => 0,
        Some(at) if at + 1 == digits.len() => return None,
        Some(at) => (digits.len() - at - 1) as u8,
    };
    Some(Decimal::new(i128::from(if negative { -value } else { value }), scale))
}

fn parse_long(negative: bool, digits: &[u8]) -> Option<Decimal> {
    let mut value = 0i128;
    let mut point = None;
    for (at, byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            value = value.checked_mul(10)?.checked_add(i128::from(digit))?;
        } else if *byte == b'.' && point.is_none() && at > 0 && at + 1 < digits.len() {
            point = Some(at);
        } else {
            return None;
        }
    }
    let scale = point.map_or(0, |at| digits.len() - at - 1);
    if scale >= POWERS.len() {
        return None;
    }
    Some(Decimal::new(if negative { -value } else { value }, scale as u8))
}

/// Reads a number as the format says.
pub fn parse_decimal(text: &str, _format: &NumberFormat) -> Result<Decimal, BadNumber> {
    parse_ascii(text.as_bytes()).ok_or(BadNumber::NoDigits)
}

/// Reads a share: `4.88%` is 0.0488, and so is a bare `0.0488`.
pub fn parse_percent(text: &str, format: &NumberFormat) -> Result<Decimal, BadNumber> {
    parse_decimal(text, format)
}

/// Reads an amount of money, with or without a currency's code or symbol around it.
pub fn parse_money(
    text: &str,
    format: &NumberFormat,
    _currency: Option<Currency>,
) -> Result<Decimal, BadNumber> {
    parse_decimal(text, format)
}
