//! An exact total of any number of decimals.

use std::hash::{Hash, Hasher};

use num_bigint::BigInt;
use num_traits::Zero;

use super::decimal::{Decimal, POWERS};
use super::number::{Number, power_of_ten};

/// Adds decimals without losing a digit, in any order and in any parts.
///
/// ```
/// use sanjeh::value::{Decimal, Sum};
/// let mut left = Sum::default();
/// left.add(Decimal::new(1, 1));
/// let mut right = Sum::default();
/// right.add(Decimal::new(2, 1));
/// right.merge(&left);
/// assert_eq!(right.to_number().to_plain(), "0.3");
/// ```
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Sum {
    /// The part that is still small: `mantissa / 10^scale`.
    mantissa: i128,
    scale: u8,
    /// What did not fit, in units of `10^-MAX_SCALE`.
    rest: Option<Box<BigInt>>,
}

impl Sum {
    /// Adds one value.
    #[inline]
    pub fn add(&mut self, value: Decimal) {
        if self.scale == value.scale()
            && let Some(mantissa) = self.mantissa.checked_add(value.mantissa())
        {
            self.mantissa = mantissa;
        } else {
            self.add_unlike(value.mantissa(), value.scale());
        }
    }

    /// Adds the total of another.
    pub fn merge(&mut self, other: &Self) {
        if self.scale == other.scale
            && let Some(mantissa) = self.mantissa.checked_add(other.mantissa)
        {
            self.mantissa = mantissa;
        } else {
            self.add_unlike(other.mantissa, other.scale);
        }
        if let Some(rest) = &other.rest {
            self.spill(rest.as_ref().clone());
        }
    }

    /// The total.
    pub fn to_number(&self) -> Number {
        match &self.rest {
            None => Number::from_scaled(self.mantissa, self.scale),
            Some(_) => Number::from_big_scaled(self.total(), u32::from(Decimal::MAX_SCALE)),
        }
    }

    /// Whether the total is nought.
    pub fn is_zero(&self) -> bool {
        match &self.rest {
            None => self.mantissa == 0,
            Some(_) => self.total().is_zero(),
        }
    }

    fn add_unlike(&mut self, mantissa: i128, scale: u8) {
        let target = self.scale.max(scale);
        let raise =
            |value: i128, from: u8| value.checked_mul(*POWERS.get((target - from) as usize)?);
        if let Some(own) = raise(self.mantissa, self.scale)
            && let Some(added) = raise(mantissa, scale)
            && let Some(total) = own.checked_add(added)
        {
            (self.mantissa, self.scale) = (total, target);
            return;
        }
        self.spill(lift(self.mantissa, self.scale));
        (self.mantissa, self.scale) = (mantissa, scale);
    }

    fn spill(&mut self, amount: BigInt) {
        **self.rest.get_or_insert_default() += amount;
    }

    /// The total in units of `10^-MAX_SCALE`.
    fn total(&self) -> BigInt {
        let small = lift(self.mantissa, self.scale);
        self.rest.as_ref().map_or(small.clone(), |rest| small + rest.as_ref())
    }
}

fn lift(mantissa: i128, scale: u8) -> BigInt {
    BigInt::from(mantissa) * power_of_ten(u32::from(Decimal::MAX_SCALE - scale))
}

impl PartialEq for Sum {
    fn eq(&self, other: &Self) -> bool {
        self.total() == other.total()
    }
}

impl Eq for Sum {}

impl Hash for Sum {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.to_number().hash(state);
    }
}
