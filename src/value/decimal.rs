//! The exact value of a row: a decimal of up to 38 digits.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Neg;
use std::str::FromStr;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::number::{Number, power_of_ten, round_quotient};

/// The digits that an inexact result keeps.
const DIGITS: u32 = 28;

/// A decimal number, `mantissa / 10^scale`.
///
/// Two are equal when their values are: `1.0 == 1.00`. Results are exact where they fit; where
/// they do not (`1/3`, or more than 38 digits), they are rounded once, half to even, to 28
/// significant digits. There is no result where that would drop a digit before the point (it is
/// too large: 10^28 and above, save exact ones up to 1.7 * 10^38), or where 28 digits would reach
/// beyond the 64th after it (it is too small).
///
/// ```
/// use sanjeh::value::Decimal;
/// let third = Decimal::ONE.checked_div(Decimal::from_i64(3)).unwrap();
/// assert_eq!(third.to_string(), "0.3333333333333333333333333333");
/// assert_eq!(Decimal::new(1250, 2), Decimal::new(125, 1));
/// assert_eq!(Decimal::new(1250, 2).to_string(), "12.5");
/// ```
#[derive(Clone, Copy, serde::Serialize, serde::Deserialize)]
pub struct Decimal {
    /// Never `i128::MIN`, so that every value has a negative.
    mantissa: i128,
    scale: u8,
}

/// The powers of ten that fit, from 10^0 to 10^38.
pub(super) const POWERS: [i128; 39] = {
    let mut powers = [1i128; 39];
    let mut at = 1;
    while at < 39 {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

impl Decimal {
    /// Nought.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };
    /// One.
    pub const ONE: Self = Self { mantissa: 1, scale: 0 };
    /// The most digits after the point. It leaves 28 significant ones to quotients down to 10^-36.
    pub const MAX_SCALE: u8 = 64;

    /// `mantissa / 10^scale`.
    ///
    /// # Panics
    /// If the scale is above [`Self::MAX_SCALE`] or the mantissa is `i128::MIN`.
    pub const fn new(mantissa: i128, scale: u8) -> Self {
        assert!(scale <= Self::MAX_SCALE && mantissa != i128::MIN);
        Self { mantissa, scale }
    }

    /// A whole number.
    pub const fn from_i64(value: i64) -> Self {
        Self { mantissa: value as i128, scale: 0 }
    }

    /// The digits as a whole number; not normalised.
    pub const fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// How many of the digits stand after the point; not normalised.
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// Whether it is nought.
    pub const fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// Whether it is below nought.
    pub const fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// The value without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self { mantissa: self.mantissa.abs(), scale: self.scale }
    }

    /// The same value with the least scale.
    #[must_use]
    pub const fn normalised(self) -> Self {
        let Self { mut mantissa, mut scale } = self;
        if mantissa == 0 {
            return Self::ZERO;
        }
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Self { mantissa, scale }
    }

    /// The sum; none where it is too large (see [`Decimal`]).
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.scale == other.scale {
            if let Some(mantissa) = self.mantissa.checked_add(other.mantissa) {
                return Self::checked(mantissa, self.scale);
            }
        } else if let Some((left, right, scale)) = align(self, other)
            && let Some(mantissa) = left.checked_add(right)
        {
            return Self::checked(mantissa, scale);
        }
        let scale = self.scale.max(other.scale);
        fit(&(self.rescaled(scale) + other.rescaled(scale)), u32::from(scale))
    }

    /// The difference; none where it is too large.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(-other)
    }

    /// The product; none where it is too large or too small.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let scale = u32::from(self.scale) + u32::from(other.scale);
        if scale <= u32::from(Self::MAX_SCALE)
            && let Some(mantissa) = self.mantissa.checked_mul(other.mantissa)
        {
            return Self::checked(mantissa, scale as u8);
        }
        fit(&(BigInt::from(self.mantissa) * other.mantissa), scale)
    }

    /// The quotient: exact where it ends within 38 digits, else rounded half to even to 28
    /// significant ones. None where the divisor is nought (ask [`Self::is_zero`] first), and where
    /// the quotient is too large or too small.
    pub fn checked_div(self, other: Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        if self.is_zero() {
            return Some(Self::ZERO);
        }
        if let Some(exact) = self.exact_quotient(other) {
            return Some(exact);
        }
        // (a / 10^s) / (b / 10^t) = a * 10^t / (b * 10^s)
        let numerator = BigInt::from(self.mantissa) * power_of_ten(u32::from(other.scale));
        let denominator = BigInt::from(other.mantissa) * power_of_ten(u32::from(self.scale));
        let (digits, exponent) = round_quotient(&numerator, &denominator, DIGITS);
        from_digits(&digits, exponent)
    }

    /// The quotient if it ends within the digits that fit.
    fn exact_quotient(self, other: Self) -> Option<Self> {
        let (a, b) = (self.normalised(), other.normalised());
        let common = num_integer::gcd(a.mantissa.unsigned_abs(), b.mantissa.unsigned_abs()) as i128;
        let (mut top, mut bottom) = (a.mantissa / common, b.mantissa / common);
        if bottom < 0 {
            (top, bottom) = (-top, -bottom);
        }
        let (twos, fives, rest) = twos_and_fives(bottom);
        if rest != 1 {
            return None;
        }
        let places = twos.max(fives);
        let factor =
            2i128.checked_pow(places - twos)?.checked_mul(5i128.checked_pow(places - fives)?)?;
        let mantissa = top.checked_mul(factor)?;
        let scale = i64::from(a.scale) - i64::from(b.scale) + i64::from(places);
        if scale < 0 {
            let power = POWERS.get(scale.unsigned_abs() as usize)?;
            return Self::checked(mantissa.checked_mul(*power)?, 0);
        }
        (scale <= i64::from(Self::MAX_SCALE)).then(|| Self::checked(mantissa, scale as u8))?
    }

    /// Rounded to so many digits after the point, half to even.
    ///
    /// ```
    /// use sanjeh::value::Decimal;
    /// assert_eq!(Decimal::new(125, 2).round_half_even(1).to_string(), "1.2");
    /// assert_eq!(Decimal::new(135, 2).round_half_even(1).to_string(), "1.4");
    /// ```
    #[must_use]
    pub fn round_half_even(self, places: u8) -> Self {
        if self.scale <= places {
            return self;
        }
        let cut = (self.scale - places) as usize;
        let Some(&power) = POWERS.get(cut) else {
            // 10^39 and above: more than twice any mantissa.
            return Self::ZERO;
        };
        let (quotient, rest) = (self.mantissa / power, self.mantissa % power);
        let away = match rest.unsigned_abs().cmp(&(power.unsigned_abs() / 2)) {
            Ordering::Less => 0,
            Ordering::Equal => quotient % 2,
            Ordering::Greater => 1,
        };
        let mantissa = quotient + if self.mantissa < 0 { -away.abs() } else { away };
        Self { mantissa, scale: places }
    }

    /// The value as a number of a formula.
    pub fn to_number(self) -> Number {
        Number::from(self)
    }

    /// Excludes the one mantissa without a negative.
    fn checked(mantissa: i128, scale: u8) -> Option<Self> {
        (mantissa != i128::MIN).then_some(Self { mantissa, scale })
    }

    fn rescaled(self, scale: u8) -> BigInt {
        BigInt::from(self.mantissa) * power_of_ten(u32::from(scale - self.scale))
    }
}

/// Both mantissas at the greater of the two scales, if they fit.
fn align(a: Decimal, b: Decimal) -> Option<(i128, i128, u8)> {
    let raise = |value: Decimal, scale: u8| {
        value.mantissa.checked_mul(*POWERS.get((scale - value.scale) as usize)?)
    };
    let scale = a.scale.max(b.scale);
    Some((raise(a, scale)?, raise(b, scale)?, scale))
}

/// How often 2 and 5 divide a positive number, and what is left.
fn twos_and_fives(mut number: i128) -> (u32, u32, i128) {
    let twos = number.trailing_zeros();
    number >>= twos;
    let mut fives = 0;
    while number % 5 == 0 {
        number /= 5;
        fives += 1;
    }
    (twos, fives, number)
}

/// `mantissa / 10^scale` exactly if it fits, else rounded to 28 significant digits.
fn fit(mantissa: &BigInt, scale: u32) -> Option<Decimal> {
    let ten = BigInt::from(10);
    let zero = BigInt::from(0);
    let (mut short, mut places) = (mantissa.clone(), scale);
    while places > 0 && &short % &ten == zero {
        short /= &ten;
        places -= 1;
    }
    if let (Some(mantissa), Ok(scale)) = (short.to_i128(), u8::try_from(places))
        && scale <= Decimal::MAX_SCALE
    {
        return Decimal::checked(mantissa, scale);
    }
    let (digits, exponent) = round_quotient(mantissa, &power_of_ten(scale), DIGITS);
    from_digits(&digits, exponent)
}

/// `digits * 10^exponent`, if no digit before the point was dropped and the scale is in reach.
fn from_digits(digits: &BigInt, exponent: i64) -> Option<Decimal> {
    let mut mantissa = digits.to_i128()?;
    let mut scale = u64::try_from(-exponent).ok()?;
    // Zeros at the end may bring a small number within the scale.
    while scale > u64::from(Decimal::MAX_SCALE) && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    (scale <= u64::from(Decimal::MAX_SCALE)).then(|| Decimal::checked(mantissa, scale as u8))?
}

impl Neg for Decimal {
    type Output = Self;
    fn neg(self) -> Self {
        Self { mantissa: -self.mantissa, scale: self.scale }
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self::from_i64(value)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        if self.scale == other.scale {
            return self.mantissa == other.mantissa;
        }
        let (a, b) = (self.normalised(), other.normalised());
        a.scale == b.scale && a.mantissa == b.mantissa
    }
}

impl Eq for Decimal {}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let least = self.normalised();
        least.mantissa.hash(state);
        least.scale.hash(state);
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        if let Some((left, right, _)) = align(*self, *other) {
            return left.cmp(&right);
        }
        let scale = self.scale.max(other.scale);
        self.rescaled(scale).cmp(&other.rescaled(scale))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let least = self.normalised();
        let digits = least.mantissa.unsigned_abs().to_string();
        let text = point(&digits, usize::from(least.scale));
        f.pad_integral(least.mantissa >= 0, "", &text)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Digits with a point before the last `places` of them.
pub(super) fn point(digits: &str, places: usize) -> String {
    if places == 0 {
        return digits.to_owned();
    }
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    format!("{whole}.{fraction}")
}

/// The text is not a plain decimal that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseDecimalError;

impl fmt::Display for ParseDecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a plain decimal number of at most 38 digits")
    }
}

impl std::error::Error for ParseDecimalError {}

impl FromStr for Decimal {
    type Err = ParseDecimalError;

    /// Reads what [`Display`](fmt::Display) writes: `-12.5`. Cells have a grammar of their own,
    /// [`parse_decimal`](super::parse_decimal).
    fn from_str(text: &str) -> Result<Self, ParseDecimalError> {
        super::grammar::parse_ascii(text.as_bytes()).ok_or(ParseDecimalError)
    }
}
