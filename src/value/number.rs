//! The exact value of a formula: a fraction of whole numbers.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::decimal::{Decimal, POWERS, point};

/// The significant digits of a printed quotient.
const PRINTED: u32 = 18;
/// The bits that numerator and denominator may have together before a value is rounded.
const BITS: u64 = 2048;
/// The significant digits that are kept then.
const KEPT: u32 = 60;
/// The significant digits of an irrational root.
const ROOT: u32 = 40;

/// An exact fraction.
///
/// Operations are exact until numerator and denominator together need more than 2048 bits; then
/// the result is rounded, half to even, to 60 significant digits.
///
/// A number knows whether a division or a root went into it. That changes neither its value nor
/// comparisons, only [`Self::to_plain`]: sums and products print exactly, quotients with 18
/// significant digits.
///
/// ```
/// use sanjeh::value::{Decimal, Number};
/// let third = Number::from(1).div(&Number::from(3)).unwrap();
/// assert_eq!(third.to_plain(), "0.333333333333333333");
/// assert_eq!(third.mul(&Number::from(3)), Number::from(1));
/// assert_eq!(Number::from(1).div(&Number::from(0)), None);
/// ```
#[derive(Clone)]
pub struct Number {
    value: Value,
    lineage: Lineage,
}

/// The small form is used wherever it fits, so that equal values are stored alike.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Value {
    /// Reduced, the denominator above nought, no part `i128::MIN`.
    Small(i128, i128),
    Big(Box<BigRational>),
}

/// How a value came about, which decides how it prints.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lineage {
    /// Sums, differences and products of decimals: it ends.
    Sum,
    /// A division or a root went into it.
    Quotient,
}

impl Lineage {
    fn with(self, other: Self) -> Self {
        if self == Self::Quotient { self } else { other }
    }
}

impl Number {
    /// Nought.
    pub const ZERO: Self = Self { value: Value::Small(0, 1), lineage: Lineage::Sum };
    /// One.
    pub const ONE: Self = Self { value: Value::Small(1, 1), lineage: Lineage::Sum };

    /// `mantissa / 10^scale`.
    pub(super) fn from_scaled(mantissa: i128, scale: u8) -> Self {
        match POWERS.get(usize::from(scale)) {
            Some(power) if mantissa != i128::MIN => small(mantissa, *power, Lineage::Sum),
            _ => Self::from_big_scaled(BigInt::from(mantissa), u32::from(scale)),
        }
    }

    /// `mantissa / 10^scale`.
    pub(super) fn from_big_scaled(mantissa: BigInt, scale: u32) -> Self {
        big(BigRational::new(mantissa, power_of_ten(scale)), Lineage::Sum)
    }

    /// The sum.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        let lineage = self.lineage.with(other.lineage);
        if let (Value::Small(a, b), Value::Small(c, d)) = (&self.value, &other.value)
            && let Some((top, bottom)) = small_sum(*a, *b, *c, *d)
        {
            return small(top, bottom, lineage);
        }
        big(self.rational() + other.rational(), lineage)
    }

    /// The difference.
    #[must_use]
    pub fn sub(&self, other: &Self) -> Self {
        self.add(&other.neg())
    }

    /// The product.
    #[must_use]
    pub fn mul(&self, other: &Self) -> Self {
        let lineage = self.lineage.with(other.lineage);
        if let (Value::Small(a, b), Value::Small(c, d)) = (&self.value, &other.value)
            && let (Some(top), Some(bottom)) = (a.checked_mul(*c), b.checked_mul(*d))
            && top != i128::MIN
        {
            return small(top, bottom, lineage);
        }
        big(self.rational() * other.rational(), lineage)
    }

    /// The quotient; none where the divisor is nought.
    ///
    /// To scale by a power of ten, multiply by a decimal such as 0.01: a product stays exact when
    /// it is printed.
    pub fn div(&self, other: &Self) -> Option<Self> {
        let inverse = match &other.value {
            Value::Small(0, _) => return None,
            Value::Small(a, b) if *a < 0 => Value::Small(-b, -a),
            Value::Small(a, b) => Value::Small(*b, *a),
            Value::Big(ratio) => demote(ratio.recip()),
        };
        Some(self.mul(&Self { value: inverse, lineage: Lineage::Quotient }))
    }

    /// The value with the other sign.
    #[must_use]
    pub fn neg(&self) -> Self {
        let value = match &self.value {
            Value::Small(a, b) => Value::Small(-a, *b),
            Value::Big(ratio) => Value::Big(Box::new(-ratio.as_ref().clone())),
        };
        Self { value, lineage: self.lineage }
    }

    /// The value without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() { self.neg() } else { self.clone() }
    }

    /// The square root: exact where the value is the square of a fraction, else rounded half to
    /// even to 40 significant digits; none of a negative value.
    pub fn sqrt(&self) -> Option<Self> {
        if self.is_negative() {
            return None;
        }
        let ratio = self.rational();
        let (top, bottom) = (ratio.numer().magnitude(), ratio.denom().magnitude());
        let (root_top, root_bottom) = (top.sqrt(), bottom.sqrt());
        let exact = &root_top * &root_top == *top && &root_bottom * &root_bottom == *bottom;
        let root = if exact {
            BigRational::new(root_top.into(), root_bottom.into())
        } else {
            irrational_root(top, bottom)
        };
        Some(big(root, Lineage::Quotient))
    }

    /// Rounded to so many digits after the point, half to even.
    ///
    /// ```
    /// use sanjeh::value::Number;
    /// let third = Number::from(2).div(&Number::from(3)).unwrap();
    /// assert_eq!(third.round_half_even(2).to_plain(), "0.67");
    /// ```
    #[must_use]
    pub fn round_half_even(&self, places: u32) -> Self {
        let ratio = self.rational();
        let power = power_of_ten(places);
        let digits = divide_half_even(&(ratio.numer() * &power), ratio.denom());
        big(BigRational::new(digits, power), Lineage::Sum)
    }

    /// Whether it is nought.
    pub fn is_zero(&self) -> bool {
        matches!(self.value, Value::Small(0, _))
    }

    /// Whether it is below nought.
    pub fn is_negative(&self) -> bool {
        match &self.value {
            Value::Small(a, _) => *a < 0,
            Value::Big(ratio) => ratio.is_negative(),
        }
    }

    /// The value as a decimal string without trailing zeros, as the command line prints it.
    ///
    /// Sums, differences and products of decimals print exactly, however long. A value into which
    /// a division or a root went prints with 18 significant digits, rounded half to even.
    pub fn to_plain(&self) -> String {
        let small = match (&self.value, self.lineage) {
            (Value::Small(above, below), Lineage::Sum) => exact_small(*above, *below),
            (Value::Small(above, below), Lineage::Quotient) => round_small(*above, *below),
            (Value::Big(_), _) => None,
        };
        if let Some((digits, exponent)) = small {
            return plain(digits < 0, &digits.unsigned_abs().to_string(), exponent);
        }
        let ratio = self.rational();
        if self.lineage == Lineage::Sum
            && let Some(places) = places_of(ratio.denom())
        {
            let mantissa = ratio.numer() * power_of_ten(places) / ratio.denom();
            return plain_big(&mantissa, -i64::from(places));
        }
        let (digits, exponent) = round_quotient(ratio.numer(), ratio.denom(), PRINTED);
        plain_big(&digits, exponent)
    }

    /// The value with exactly so many digits after the point, rounded half to even; `-` for
    /// negative values, never `-0`.
    ///
    /// ```
    /// use sanjeh::value::{Decimal, Number};
    /// assert_eq!(Number::from(Decimal::new(2125, 3)).fixed(2), "2.12");
    /// assert_eq!(Number::from(Decimal::new(-1, 3)).fixed(2), "0.00");
    /// ```
    pub fn fixed(&self, places: usize) -> String {
        let ratio = self.rational();
        let scaled = ratio.numer() * power_of_ten(places as u32);
        let digits = divide_half_even(&scaled, ratio.denom());
        let text = point(&digits.magnitude().to_string(), places);
        if digits.is_negative() { format!("-{text}") } else { text }
    }

    /// The nearest floating point number, for drawing alone.
    pub fn to_f64(&self) -> f64 {
        let (digits, exponent) = {
            let ratio = self.rational();
            round_quotient(ratio.numer(), ratio.denom(), PRINTED)
        };
        format!("{digits}e{exponent}").parse().unwrap_or(0.0)
    }

    /// The value as a decimal, if it is one that fits exactly.
    pub fn to_decimal(&self) -> Option<Decimal> {
        let ratio = self.rational();
        let places = places_of(ratio.denom())?;
        let mantissa = ratio.numer() * power_of_ten(places) / ratio.denom();
        let scale = u8::try_from(places).ok().filter(|s| *s <= Decimal::MAX_SCALE)?;
        mantissa.to_i128().filter(|m| *m != i128::MIN).map(|m| Decimal::new(m, scale))
    }

    fn rational(&self) -> BigRational {
        match &self.value {
            Value::Small(a, b) => BigRational::new_raw(BigInt::from(*a), BigInt::from(*b)),
            Value::Big(ratio) => ratio.as_ref().clone(),
        }
    }
}

impl From<Decimal> for Number {
    fn from(value: Decimal) -> Self {
        Self::from_scaled(value.mantissa(), value.scale())
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self { value: Value::Small(i128::from(value), 1), lineage: Lineage::Sum }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Value::Small(a, b), Value::Small(c, d)) = (&self.value, &other.value)
            && let (Some(left), Some(right)) = (a.checked_mul(*d), c.checked_mul(*b))
        {
            return left.cmp(&right);
        }
        self.rational().cmp(&other.rational())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ratio = self.rational();
        write!(f, "{}/{}", ratio.numer(), ratio.denom())
    }
}

/// `a/b + c/d`, not reduced, if it fits.
fn small_sum(a: i128, b: i128, c: i128, d: i128) -> Option<(i128, i128)> {
    let (top, bottom) = if b == d {
        (a.checked_add(c)?, b)
    } else {
        (a.checked_mul(d)?.checked_add(c.checked_mul(b)?)?, b.checked_mul(d)?)
    };
    (top != i128::MIN).then_some((top, bottom))
}

/// Reduces; `bottom` is above nought and `top` is not `i128::MIN`.
fn small(top: i128, bottom: i128, lineage: Lineage) -> Number {
    let common = gcd(top.unsigned_abs(), bottom.unsigned_abs()) as i128;
    Number { value: Value::Small(top / common, bottom / common), lineage }
}

fn gcd(a: u128, b: u128) -> u128 {
    if let (Ok(a), Ok(b)) = (u64::try_from(a), u64::try_from(b)) {
        return u128::from(a.gcd(&b));
    }
    a.gcd(&b)
}

/// Bounds the size of a result and stores it in its one form.
fn big(ratio: BigRational, lineage: Lineage) -> Number {
    if ratio.numer().bits() + ratio.denom().bits() <= BITS {
        return Number { value: demote(ratio), lineage };
    }
    let (digits, exponent) = round_quotient(ratio.numer(), ratio.denom(), KEPT);
    let power = power_of_ten(exponent.unsigned_abs() as u32);
    let rounded = if exponent < 0 {
        BigRational::new(digits, power)
    } else {
        BigRational::from_integer(digits * power)
    };
    Number { value: demote(rounded), lineage: Lineage::Quotient }
}

fn demote(ratio: BigRational) -> Value {
    match (ratio.numer().to_i128(), ratio.denom().to_i128()) {
        (Some(a), Some(b)) if a != i128::MIN => Value::Small(a, b),
        _ => Value::Big(Box::new(ratio)),
    }
}

/// `sqrt(top / bottom)` with 40 significant digits; it is irrational, so never half way.
fn irrational_root(top: &BigUint, bottom: &BigUint) -> BigRational {
    // sqrt(t/b) = sqrt(t*b)/b; scaled by 10^(2k) so that the whole root has over 40 digits.
    let magnitude = (top.bits() as i64 - bottom.bits() as i64) / 6;
    let shift = (i64::from(ROOT) + 5 - magnitude).max(0) as u32;
    let scaled = top * power_of_ten(2 * shift).magnitude() / bottom;
    // What the floors drop is made up for by a last digit 1: no tie can be taken for one.
    let root = BigInt::from(scaled.sqrt()) * 10 + 1;
    let (digits, exponent) = round_quotient(&root, &power_of_ten(shift + 1), ROOT);
    let power = power_of_ten(exponent.unsigned_abs() as u32);
    if exponent < 0 {
        BigRational::new(digits, power)
    } else {
        BigRational::from_integer(digits * power)
    }
}

/// How many digits after the point `1/denominator` has; none if it does not end.
fn places_of(denominator: &BigInt) -> Option<u32> {
    let mut rest = denominator.magnitude().clone();
    let twos = rest.trailing_zeros().unwrap_or(0);
    rest >>= twos;
    let five = BigUint::from(5u32);
    let mut fives = 0;
    while !rest.is_one() {
        let (quotient, remainder) = rest.div_rem(&five);
        if !remainder.is_zero() {
            return None;
        }
        rest = quotient;
        fives += 1;
    }
    Some((twos as u32).max(fives))
}

/// 10 to a power.
pub(super) fn power_of_ten(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

/// `numerator / denominator` as `digits * 10^exponent` with so many significant digits, half to
/// even.
pub(super) fn round_quotient(
    numerator: &BigInt,
    denominator: &BigInt,
    digits: u32,
) -> (BigInt, i64) {
    if numerator.is_zero() {
        return (BigInt::zero(), 0);
    }
    // 0.30103 is log10(2); the guess is at most one off, and a second look settles it.
    let bits = numerator.bits() as i64 - denominator.bits() as i64;
    let mut exponent = (bits * 30_103).div_euclid(100_000) - i64::from(digits);
    let limit = power_of_ten(digits);
    loop {
        let power = power_of_ten(exponent.unsigned_abs() as u32);
        let rounded = if exponent < 0 {
            divide_half_even(&(numerator * power), denominator)
        } else {
            divide_half_even(numerator, &(denominator * power))
        };
        match rounded.magnitude().cmp(limit.magnitude()) {
            Ordering::Less => return (rounded, exponent),
            // Rounded up to the next power of ten: exact.
            Ordering::Equal => return (rounded / 10, exponent + 1),
            Ordering::Greater => exponent += 1,
        }
    }
}

/// The nearest whole number to a quotient, the even one of two as near.
fn divide_half_even(numerator: &BigInt, denominator: &BigInt) -> BigInt {
    let (floor, rest) = numerator.div_mod_floor(denominator);
    let twice: BigInt = rest * 2;
    match twice.magnitude().cmp(denominator.magnitude()) {
        Ordering::Less => floor,
        Ordering::Equal if floor.is_even() => floor,
        Ordering::Equal | Ordering::Greater => floor + 1,
    }
}

/// A quotient as `digits * 10^exponent`, where it ends and all of that fits: what most numbers are.
fn exact_small(numerator: i128, denominator: i128) -> Option<(i128, i64)> {
    let (mut rest, mut twos, mut fives) = (denominator, 0u32, 0u32);
    while rest % 2 == 0 {
        (rest, twos) = (rest / 2, twos + 1);
    }
    while rest % 5 == 0 {
        (rest, fives) = (rest / 5, fives + 1);
    }
    if rest != 1 {
        return None;
    }
    let places = twos.max(fives);
    let scaled = numerator.checked_mul(10i128.checked_pow(places)?)?;
    Some((scaled / denominator, -i64::from(places)))
}

/// What [`round_quotient`] gives with as many digits as are printed, where all of that fits.
fn round_small(numerator: i128, denominator: i128) -> Option<(i128, i64)> {
    if numerator == 0 {
        return Some((0, 0));
    }
    let bits = |n: i128| i64::from(128 - n.unsigned_abs().leading_zeros());
    let guess = ((bits(numerator) - bits(denominator)) * 30_103).div_euclid(100_000);
    let mut exponent = guess - i64::from(PRINTED);
    let limit = 10i128.pow(PRINTED);
    loop {
        let power = 10i128.checked_pow(u32::try_from(exponent.unsigned_abs()).ok()?)?;
        let (above, below) = if exponent < 0 {
            (numerator.checked_mul(power)?, denominator)
        } else {
            (numerator, denominator.checked_mul(power)?)
        };
        let (floor, rest) = (above.div_euclid(below), above.rem_euclid(below));
        let up = match rest.checked_mul(2)?.cmp(&below) {
            Ordering::Less => 0,
            Ordering::Equal => floor & 1,
            Ordering::Greater => 1,
        };
        let rounded = floor + up;
        match rounded.abs().cmp(&limit) {
            Ordering::Less => return Some((rounded, exponent)),
            Ordering::Equal => return Some((rounded / 10, exponent + 1)),
            Ordering::Greater => exponent += 1,
        }
    }
}

fn plain_big(digits: &BigInt, exponent: i64) -> String {
    plain(digits.sign() == Sign::Minus, &digits.magnitude().to_string(), exponent)
}

/// `digits * 10^exponent` in plain notation, without trailing zeros.
fn plain(negative: bool, digits: &str, exponent: i64) -> String {
    if digits == "0" {
        return "0".to_owned();
    }
    let sign = if negative { "-" } else { "" };
    let text = digits;
    if exponent >= 0 {
        let zeros = "0".repeat(exponent as usize);
        return format!("{sign}{text}{zeros}");
    }
    let text = point(text, exponent.unsigned_abs() as usize);
    format!("{sign}{}", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_quotients_round_as_large_ones_do() {
        let mut seed = 7u64;
        let mut next = |digits: u32| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            i128::from(seed >> 1) % 10i128.pow(digits)
        };
        let mut small = 0;
        for round in 0..20_000u32 {
            let above = next(1 + round % 19) * if round % 2 == 0 { 1 } else { -1 };
            let below = next(1 + round / 19 % 19) + 1;
            let expected = round_quotient(&BigInt::from(above), &BigInt::from(below), PRINTED);
            if let Some((digits, exponent)) = round_small(above, below) {
                assert_eq!((BigInt::from(digits), exponent), expected, "{above}/{below}");
                small += 1;
            }
            if let Some((digits, exponent)) = exact_small(above, below) {
                let power = power_of_ten(exponent.unsigned_abs() as u32);
                assert_eq!(BigInt::from(digits) * below, power * above, "{above}/{below}");
            }
        }
        assert!(small > 15_000, "{small} were small");
        assert_eq!(round_small(1, i128::MAX), None);
        assert_eq!(exact_small(5, 4), Some((125, -2)));
        assert_eq!(exact_small(1, 3), None);
    }
}
