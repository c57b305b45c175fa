//! Round numbers along an axis, exact and in the reader's digits.

use super::format::{Compact, Formatter, Scale};
use crate::value::{Currency, Decimal, Number, Unit};

/// A round step of an axis: `mantissa * 10^exponent`, times a base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// 1, 2, 25 or 5.
    pub mantissa: i64,
    /// The power of ten.
    pub exponent: i32,
    /// 1; of time the seconds of the unit that the axis counts in.
    pub base: i64,
}

impl Step {
    fn times(self, n: i64) -> Number {
        let digits = Number::from(self.mantissa.saturating_mul(n));
        let ten = Number::from(10);
        if let Ok(up) = u32::try_from(self.exponent) {
            return (0..up).fold(digits, |n, _| n.mul(&ten));
        }
        let scale = self.exponent.unsigned_abs().min(28) as u8;
        digits.mul(&Number::from(Decimal::new(1, scale)))
    }
}

impl Formatter {
    /// The multiples `first..=last` of a step: each as a plain decimal and as it is read, in the
    /// unit of that code.
    ///
    /// ```
    /// use sanjeh::report::{format::Formatter, tick::Step, words};
    /// let formatter = Formatter::new(words::of("en").unwrap(), Default::default());
    /// let step = Step { mantissa: 2, exponent: -2, base: 1 };
    /// assert_eq!(formatter.ticks("percent", step, 1, 1), [("0.02".to_owned(), "2%".to_owned())]);
    /// ```
    pub fn ticks(&self, code: &str, step: Step, first: i64, last: i64) -> Vec<(String, String)> {
        let unit = unit_of(code);
        let largest = step.times(first.abs().max(last.abs()));
        let compact = compact_of(&unit, step, &largest);
        let places = places_of(&unit, step, compact);
        let scale = Scale { unit: unit.clone(), places, compact };
        let bare = Scale { unit: unit.clone(), places: 0, compact: Compact::Full };
        (first..=last)
            .map(|n| {
                let exact = step.times(n).mul(&Number::from(step.base));
                let text = match unit {
                    Unit::Duration => self.time(step, n),
                    _ if exact.is_zero() => self.number(&exact, &bare),
                    _ => self.number(&exact, &scale),
                };
                (exact.to_plain(), text)
            })
            .collect()
    }

    /// `3 min`: a multiple of a step in the axis's own unit of time.
    fn time(&self, step: Step, n: i64) -> String {
        let name = match step.base {
            86_400 => "days",
            3_600 => "hours",
            60 => "minutes",
            _ => "seconds",
        };
        let places = step.exponent.min(0).unsigned_abs() as usize;
        let plain = Scale { unit: Unit::Number, places, compact: Compact::Full };
        self.words.say(name, &[("n", &self.number(&step.times(n), &plain))])
    }
}

fn compact_of(unit: &Unit, step: Step, largest: &Number) -> Compact {
    let reaches = |n: i64| *largest >= Number::from(n);
    match unit {
        Unit::Percent | Unit::Duration => Compact::Full,
        _ if reaches(1_000_000_000) => Compact::Billions,
        _ if reaches(1_000_000) => Compact::Millions,
        _ if reaches(10_000) && step.exponent >= 3 => Compact::Thousands,
        _ => Compact::Full,
    }
}

fn places_of(unit: &Unit, step: Step, compact: Compact) -> usize {
    let shift = match (unit, compact) {
        (Unit::Percent, _) => -2,
        (_, Compact::Full) => 0,
        (_, Compact::Thousands) => 3,
        (_, Compact::Millions) => 6,
        (_, Compact::Billions) => 9,
    };
    (step.exponent - shift).min(0).unsigned_abs() as usize
}

fn unit_of(code: &str) -> Unit {
    match code {
        "percent" => Unit::Percent,
        "seconds" => Unit::Duration,
        "count" => Unit::Count,
        code if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) => {
            Currency::from_code(code).map_or(Unit::Number, Unit::Money)
        }
        _ => Unit::Number,
    }
}
