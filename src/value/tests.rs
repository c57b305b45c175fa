//! The exact numbers against a second, plain implementation on fractions of big integers.

use std::cmp::Ordering;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::{Decimal, Number, Sum};

/// Pseudo-random numbers, the same on every run (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit
    }

    /// A decimal of any size: few digits as often as many, noughts and round numbers among them.
    fn decimal(&mut self) -> Decimal {
        let digits = self.below(39) as u32;
        let wide = (u128::from(self.roll()) << 64 | u128::from(self.roll())) >> 1;
        let mut mantissa = (wide % 10u128.pow(digits.min(38))) as i128;
        if self.below(4) == 0 {
            let zeros = 10i128.pow(self.below(6) as u32);
            mantissa -= mantissa % zeros;
        }
        if self.below(2) == 0 {
            mantissa = -mantissa;
        }
        let scale = match self.below(4) {
            0 => 0,
            1 => self.below(7),
            2 => self.below(29),
            _ => self.below(u64::from(Decimal::MAX_SCALE) + 1),
        };
        Decimal::new(mantissa, scale as u8)
    }

    /// A decimal as data has it: up to ten digits, up to six of them after the point.
    fn cell(&mut self) -> Decimal {
        let mantissa = self.below(10_000_000_000) as i128 - 5_000_000_000;
        Decimal::new(mantissa >> self.below(33), self.below(7) as u8)
    }
}

fn ten(exponent: u32) -> BigInt {
    (0..exponent).fold(BigInt::one(), |power, _| power * 10)
}

fn exact(value: Decimal) -> BigRational {
    BigRational::new(value.mantissa().into(), ten(u32::from(value.scale())))
}

/// Rounds to significant digits by walking the decimal point, one place at a time.
fn rounded(value: &BigRational, digits: u32) -> BigRational {
    if value.is_zero() {
        return value.clone();
    }
    let (low, high) = (ten(digits - 1), ten(digits));
    let (mut top, mut bottom) = (value.numer().abs(), value.denom().clone());
    let (mut times_ten, mut over_ten) = (0, 0);
    while top < &low * &bottom {
        top *= 10;
        times_ten += 1;
    }
    while top >= &high * &bottom {
        bottom *= 10;
        over_ten += 1;
    }
    let (whole, rest) = (&top / &bottom, &top % &bottom);
    let up = match BigInt::cmp(&(rest * 2), &bottom) {
        Ordering::Less => false,
        Ordering::Greater => true,
        Ordering::Equal => whole.is_odd(),
    };
    let nearest = BigRational::new((whole + i32::from(up)) * ten(over_ten), ten(times_ten));
    if value.is_negative() { -nearest } else { nearest }
}

/// A decimal string back to its value.
fn read(text: &str) -> BigRational {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    assert!(!fraction.ends_with('0'), "a trailing zero in {text}");
    assert!(whole == "0" || !whole.starts_with('0'), "a leading zero in {text}");
    let mantissa: BigInt = format!("{whole}{fraction}").parse().unwrap();
    assert!(sign == 1 || !mantissa.is_zero(), "a negative nought in {text}");
    BigRational::new(mantissa * sign, ten(fraction.len() as u32))
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Whether an exact value fits a decimal.
fn fits(value: &BigRational) -> bool {
    let scaled = value * BigRational::from_integer(ten(u32::from(Decimal::MAX_SCALE)));
    let mut mantissa = scaled.numer().abs();
    for _ in 0..Decimal::MAX_SCALE {
        if mantissa.is_multiple_of(&10.into()) {
            mantissa /= 10;
        }
    }
    scaled.is_integer() && mantissa <= BigInt::from(i128::MAX)
}

/// A result is exact where it fits, else right to 28 digits; none only where neither fits.
fn check(found: Option<Decimal>, expected: &BigRational, what: &str) {
    let nearest = rounded(expected, 28);
    let too_large = nearest.abs() >= BigRational::from_integer(ten(28));
    match found {
        Some(found) if fits(expected) => assert_eq!(exact(found), *expected, "{what}"),
        Some(found) => {
            assert_eq!(exact(found), nearest, "{what}");
            assert!(!too_large, "{what} dropped a digit before the point");
        }
        None => {
            assert!(!fits(expected), "{what} has a value: {expected}");
            assert!(too_large || !fits(&nearest), "{what} is near enough to {nearest}");
        }
    }
}

#[test]
fn decimals_agree_with_fractions() {
    let mut dice = Dice(1);
    for round in 0..10_000 {
        let (a, b) = match round % 3 {
            0 => (dice.cell(), dice.cell()),
            1 => (dice.decimal(), dice.cell()),
            _ => (dice.decimal(), dice.decimal()),
        };
        let (x, y) = (exact(a), exact(b));
        check(a.checked_add(b), &(&x + &y), &format!("{a} + {b}"));
        check(a.checked_sub(b), &(&x - &y), &format!("{a} - {b}"));
        check(a.checked_mul(b), &(&x * &y), &format!("{a} * {b}"));
        if b.is_zero() {
            assert_eq!(a.checked_div(b), None);
        } else {
            check(a.checked_div(b), &(&x / &y), &format!("{a} / {b}"));
        }
        assert_eq!(a.cmp(&b), x.cmp(&y), "{a} <> {b}");
        assert_eq!(a == b, x == y);
        assert_eq!(exact(-a), -&x);
        assert_eq!(exact(a.abs()), x.abs());
        assert_eq!(read(&a.to_string()), x);
        assert_eq!(exact(a.normalised()), x);
    }
}

#[test]
fn decimals_of_one_value_are_one() {
    let mut dice = Dice(2);
    for _ in 0..10_000 {
        let value = dice.cell();
        let zeros = dice.below(20) as u8;
        let longer =
            Decimal::new(value.mantissa() * 10i128.pow(u32::from(zeros)), value.scale() + zeros);
        assert_eq!(value, longer);
        assert_eq!(value.cmp(&longer), Ordering::Equal);
        assert_eq!(hash(&value), hash(&longer));
        assert_eq!(value.to_string(), longer.to_string());
        assert_eq!(Number::from(value), Number::from(longer));
        let read: Decimal = value.to_string().parse().unwrap();
        assert_eq!(read, value);
    }
    assert_eq!(Decimal::new(0, 5), Decimal::ZERO);
    assert_eq!(format!("{:>8}|{:<6}|", Decimal::new(-125, 1), Decimal::ONE), "   -12.5|1     |");
}

#[test]
fn decimals_round_half_to_even() {
    for (mantissa, scale, places, expected) in [
        (5, 1, 0, "0"),
        (15, 1, 0, "2"),
        (25, 1, 0, "2"),
        (-5, 1, 0, "0"),
        (-15, 1, 0, "-2"),
        (-25, 1, 0, "-2"),
        (250_001, 5, 0, "3"),
        (-250_001, 5, 0, "-3"),
        (249_999, 5, 0, "2"),
        (1_005, 3, 2, "1"),
        (1_015, 3, 2, "1.02"),
        (995, 3, 2, "1"),
        (12, 1, 4, "1.2"),
        (i128::MAX, 38, 0, "2"),
        (i128::MAX, 39, 0, "0"),
        (i128::MAX, 64, 20, "0"),
    ] {
        let rounded = Decimal::new(mantissa, scale).round_half_even(places);
        assert_eq!(rounded.to_string(), expected, "{mantissa}e-{scale} to {places}");
    }
    let mut dice = Dice(3);
    let half = BigRational::new(1.into(), 2.into());
    for _ in 0..10_000 {
        let value = dice.decimal();
        let places = dice.below(30) as u8;
        let scaled = exact(value) * BigRational::from_integer(ten(u32::from(places)));
        let error = exact(value.round_half_even(places))
            * BigRational::from_integer(ten(u32::from(places)))
            - &scaled;
        assert!(error.abs() <= half, "{value} to {places}");
        if error.abs() == half {
            assert!((&scaled + &error).to_integer().is_even(), "{value} to {places}");
        }
    }
}

#[test]
fn decimals_at_their_limits() {
    let most = Decimal::new(i128::MAX, 0);
    assert_eq!(most.checked_add(Decimal::ONE), None);
    assert_eq!((-most).checked_sub(Decimal::ONE), None);
    assert_eq!(most.checked_mul(Decimal::from_i64(2)), None);
    assert_eq!(most.checked_div(Decimal::new(1, 1)), None);
    assert_eq!(most.checked_sub(most), Some(Decimal::ZERO));
    let least = Decimal::new(1, Decimal::MAX_SCALE);
    assert_eq!(least.checked_mul(least), None, "too small to be told from nought");
    assert_eq!(least.checked_div(Decimal::from_i64(3)), None);
    assert_eq!(least.checked_mul(Decimal::ZERO), Some(Decimal::ZERO));
    let two_thirds = Decimal::from_i64(2).checked_div(Decimal::from_i64(3)).unwrap();
    assert_eq!(two_thirds.to_string(), "0.6666666666666666666666666667");
    let small = Decimal::from_i64(1).checked_div(Decimal::from_i64(3_000_000)).unwrap();
    assert_eq!(small.to_string(), "0.0000003333333333333333333333333333");
    let eighth = Decimal::ONE.checked_div(Decimal::from_i64(-8)).unwrap();
    assert_eq!(eighth.to_string(), "-0.125");
}

#[test]
fn sums_are_the_same_in_any_order_and_any_parts() {
    let mut dice = Dice(4);
    for round in 0..40 {
        let mut values: Vec<Decimal> =
            (0..250).map(|_| if round % 2 == 0 { dice.cell() } else { dice.decimal() }).collect();
        let expected: BigRational = values.iter().map(|value| exact(*value)).sum();
        let mut whole = Sum::default();
        for value in &values {
            whole.add(*value);
        }
        // Fisher and Yates.
        for at in (1..values.len()).rev() {
            values.swap(at, dice.below(at as u64 + 1) as usize);
        }
        let mut parts = vec![Sum::default(); 1 + dice.below(9) as usize];
        for value in &values {
            let at = dice.below(parts.len() as u64) as usize;
            parts[at].add(*value);
        }
        let mut merged = Sum::default();
        for part in &parts {
            merged.merge(part);
        }
        assert_eq!(whole, merged);
        assert_eq!(hash(&whole), hash(&merged));
        assert_eq!(whole.to_number(), merged.to_number());
        assert_eq!(whole.is_zero(), expected.is_zero());
        assert_eq!(read(&whole.to_number().to_plain()), expected, "a sum prints every digit");
        for value in &values {
            merged.add(-*value);
        }
        assert!(merged.is_zero());
        assert_eq!(merged, Sum::default());
    }
}

#[test]
fn sums_grow_past_128_bits() {
    let most = Decimal::new(i128::MAX, 0);
    let mut sum = Sum::default();
    for _ in 0..1000 {
        sum.add(most);
    }
    sum.add(Decimal::new(1, Decimal::MAX_SCALE));
    let expected = format!("{}.{}1", BigInt::from(i128::MAX) * 1000, "0".repeat(63));
    assert_eq!(sum.to_number().to_plain(), expected);
    // The one value that an i128 has and a decimal has not.
    let mut least = Sum::default();
    least.add(-most);
    least.add(Decimal::from_i64(-1));
    assert_eq!(least.to_number().to_plain(), i128::MIN.to_string());
    assert_eq!(least.to_number().neg().to_plain(), "170141183460469231731687303715884105728");
}

/// A number of a formula beside the same in plain fractions.
#[derive(Clone)]
struct Pair(Number, BigRational);

#[test]
fn numbers_agree_with_fractions() {
    let mut dice = Dice(5);
    let mut pool: Vec<Pair> = (0..16)
        .map(|_| {
            let value = dice.cell();
            Pair(Number::from(value), exact(value))
        })
        .collect();
    for _ in 0..10_000 {
        let fresh = dice.decimal();
        let Pair(a, x) = pool[dice.below(16) as usize].clone();
        let Pair(b, y) = pool[dice.below(16) as usize].clone();
        assert_eq!(a.cmp(&b), x.cmp(&y));
        assert_eq!(a == b, x == y);
        let (result, expected) = match dice.below(6) {
            0 => (a.add(&b), &x + &y),
            1 => (a.sub(&b), &x - &y),
            2 => (a.mul(&b), &x * &y),
            3 if y.is_zero() => {
                assert_eq!(a.div(&b), None);
                continue;
            }
            3 => (a.div(&b).unwrap(), &x / &y),
            4 => (a.neg(), -&x),
            _ => (Number::from(fresh), exact(fresh)),
        };
        // Beyond 2048 bits the result is rounded; the other tests look at that.
        if expected.numer().bits() + expected.denom().bits() > 2048 {
            continue;
        }
        assert_eq!(result.is_zero(), expected.is_zero());
        assert_eq!(result.is_negative(), expected.is_negative());
        assert_eq!(format!("{result:?}"), format!("{}/{}", expected.numer(), expected.denom()));
        if expected.numer().bits() + expected.denom().bits() < 1000 {
            let way_back = result.add(&Number::ONE).sub(&Number::ONE);
            assert_eq!(way_back, result, "one value, one form");
            assert_eq!(hash(&way_back), hash(&result));
        }
        pool[dice.below(16) as usize] = Pair(result, expected);
    }
}

#[test]
fn quotients_print_18_digits() {
    let mut dice = Dice(6);
    for _ in 0..10_000 {
        let (a, b) = (dice.decimal(), dice.cell());
        let Some(quotient) = Number::from(a).div(&Number::from(b)) else { continue };
        let expected = rounded(&(exact(a) / exact(b)), 18);
        assert_eq!(read(&quotient.to_plain()), expected, "{a} / {b}");
    }
}

#[test]
fn quotients_and_sums_in_print() {
    let number = |text: &str| Number::from(text.parse::<Decimal>().unwrap());
    let ratio = |a: &str, b: &str| number(a).div(&number(b)).unwrap();
    assert_eq!(ratio("1468.3", "268").to_plain(), "5.47873134328358209");
    assert_eq!(ratio("1847", "235").to_plain(), "7.85957446808510638");
    assert_eq!(ratio("1", "8").to_plain(), "0.125");
    assert_eq!(ratio("9", "0.0001").to_plain(), "90000");
    assert_eq!(ratio("-2", "3").to_plain(), "-0.666666666666666667");
    assert_eq!(ratio("2", "3000000").to_plain(), "0.000000666666666666666667");
    assert_eq!(ratio("999999999999999999.5", "1").to_plain(), "1000000000000000000");
    // Both ends of a tie at the 18th digit.
    assert_eq!(ratio("1.00000000000000005", "10").to_plain(), "0.100000000000000005");
    assert_eq!(ratio("2.000000000000000005", "2").to_plain(), "1");
    assert_eq!(ratio("2.000000000000000015", "1").to_plain(), "2.00000000000000002");
    assert_eq!(ratio("2.000000000000000025", "1").to_plain(), "2.00000000000000002");
    // A sum of the same digits keeps them all.
    let long = number("12345678901234567890.123456789");
    assert_eq!(long.to_plain(), "12345678901234567890.123456789");
    assert_eq!(long.div(&Number::ONE).unwrap().to_plain(), "12345678901234567900");
    assert_eq!(long.div(&Number::ONE).unwrap(), long, "print apart, they are equal");
    assert_eq!(long.mul(&number("0.01")).to_plain(), "123456789012345678.90123456789");
    assert_eq!(ratio("1", "3").add(&ratio("2", "3")).to_plain(), "1");
    assert_eq!(Number::ZERO.neg().to_plain(), "0");
}

#[test]
fn fixed_places_round_half_to_even() {
    let fixed = |text: &str, places| Number::from(text.parse::<Decimal>().unwrap()).fixed(places);
    for (text, places, expected) in [
        ("2.5", 0, "2"),
        ("3.5", 0, "4"),
        ("-2.5", 0, "-2"),
        ("-3.5", 0, "-4"),
        ("0.125", 2, "0.12"),
        ("0.375", 2, "0.38"),
        ("-0.004", 2, "0.00"),
        ("-0.006", 2, "-0.01"),
        ("1", 3, "1.000"),
        ("99.995", 2, "100.00"),
        ("0.05", 1, "0.0"),
        ("0.15", 1, "0.2"),
        ("1234567.891", 0, "1234568"),
    ] {
        assert_eq!(fixed(text, places), expected, "{text} to {places}");
        let rounded = Number::from(text.parse::<Decimal>().unwrap()).round_half_even(places as u32);
        assert_eq!(rounded.fixed(places), expected);
        assert_eq!(rounded, Number::from(expected.parse::<Decimal>().unwrap()));
    }
    let third = Number::ONE.div(&Number::from(3)).unwrap();
    assert_eq!(third.fixed(5), "0.33333");
}

#[test]
fn big_fractions_are_rounded_to_60_digits() {
    // A product of fractions without common factors: numerator and denominator only grow.
    let mut value = Number::ONE;
    let mut exact = BigRational::one();
    for prime in [10_007i64, 10_009, 10_037, 10_039, 10_061, 10_067, 10_069, 10_079] {
        for _ in 0..30 {
            let factor = Number::from(prime).div(&Number::from(prime - 6)).unwrap();
            value = value.mul(&factor);
            exact *= BigRational::new(prime.into(), (prime - 6).into());
        }
    }
    assert!(exact.numer().bits() + exact.denom().bits() > 4000);
    let text = format!("{value:?}");
    let (top, bottom) = text.split_once('/').unwrap();
    let found = BigRational::new(top.parse().unwrap(), bottom.parse().unwrap());
    let error = ((&found - &exact) / &exact).abs();
    assert!(error < BigRational::new(1.into(), ten(55)), "at least 55 digits survive");
    assert!(found.numer().bits() + found.denom().bits() < 2100);
    assert_eq!(value.to_plain(), Number::to_plain(&value.add(&Number::ZERO)));
}

#[test]
fn roots() {
    let root = |text: &str| Number::from(text.parse::<Decimal>().unwrap()).sqrt();
    assert_eq!(root("0").unwrap(), Number::ZERO);
    assert_eq!(root("2.25").unwrap().to_plain(), "1.5");
    assert_eq!(root("1000000").unwrap(), Number::from(1000));
    assert_eq!(root("-1"), None);
    let ninth = Number::ONE.div(&Number::from(9)).unwrap();
    assert_eq!(ninth.sqrt().unwrap(), Number::ONE.div(&Number::from(3)).unwrap());
    let two = root("2").unwrap();
    assert_eq!(two.to_plain(), "1.41421356237309505");
    assert_eq!(two.fixed(39), "1.414213562373095048801688724209698078570");
    // A hair above the middle between two numbers of 40 digits: it rounds up, though the lower
    // one is even and the hair is beyond the digits that are computed.
    let hair = Number::from(Decimal::new(1, 64)).mul(&Number::from(Decimal::new(1, 30)));
    let middle = Number::ONE.add(&Number::from(Decimal::new(5, 40)));
    let root_above = middle.mul(&middle).add(&hair).sqrt().unwrap();
    assert_eq!(root_above, Number::ONE.add(&Number::from(Decimal::new(1, 39))));
    let mut dice = Dice(7);
    for _ in 0..2_000 {
        let value = dice.decimal().abs();
        if value.is_zero() {
            continue;
        }
        let found = root(&value.to_string()).unwrap();
        let text = format!("{found:?}");
        let (top, bottom) = text.split_once('/').unwrap();
        let found = BigRational::new(top.parse().unwrap(), bottom.parse().unwrap());
        // Half a unit in the 40th digit on either side encloses the value.
        let step = BigRational::new(BigInt::one(), ten(39) * 2) * &found;
        let (low, high) = (&found - &step, &found + &step);
        assert!(&low * &low <= exact(value) && exact(value) <= &high * &high, "{value}");
        assert_eq!(rounded(&found, 40), found, "{value}");
    }
}

#[test]
fn numbers_for_drawing_and_back_to_rows() {
    let number = |text: &str| Number::from(text.parse::<Decimal>().unwrap());
    for text in ["0", "0.1", "-2.75", "123456789.125", "0.000001"] {
        let expected: f64 = text.parse().unwrap();
        assert!((number(text).to_f64() - expected).abs() < f64::EPSILON, "{text}");
        assert_eq!(number(text).to_decimal(), Some(text.parse().unwrap()));
    }
    assert_eq!(Number::ONE.div(&Number::from(3)).unwrap().to_decimal(), None);
}
