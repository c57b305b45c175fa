//! An axis of values: where it begins and ends, and round numbers to mark it with.

use super::number;
use crate::report::format::Formatter;
use crate::report::tick::Step;
use crate::report::tree::ChartUnit;

/// An axis of values.
#[derive(Debug)]
pub(super) struct Axis {
    /// The lowest value.
    pub low: f64,
    /// The highest value.
    pub high: f64,
    /// Round numbers from low to high, with their texts.
    pub ticks: Vec<(f64, String)>,
}

impl Axis {
    /// How far up a value is, 0 to 1.
    pub(super) fn place(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}

/// How many steps an axis has, roughly.
const STEPS: f64 = 4.0;
/// And never more than so many, whatever the values.
const MOST: i64 = 8;

/// The axis for some values. It begins at zero unless they all lie in its upper half (or lower, of
/// negative ones); a chart says so where it does not.
pub(super) fn fitting(values: &[f64], unit: &ChartUnit, formatter: &Formatter) -> Axis {
    let (mut low, mut high) = bounds(values);
    if low > 0.0 && low < high * 0.6 {
        low = 0.0;
    }
    if high < 0.0 && high > low * 0.6 {
        high = 0.0;
    }
    if low >= high {
        // One value: an axis around it.
        let room = if low == 0.0 { 1.0 } else { low.abs() * 0.1 };
        (low, high) = (low - if low == 0.0 { 0.0 } else { room }, high + room);
    }
    let base = base_of(unit, low.abs().max(high.abs()));
    let step = step_of((high - low) / STEPS / base as f64, base);
    let size = size_of(step) * base as f64;
    // The small share keeps a value on a mark from opening a further step through its last bit.
    let first = (low / size + 1e-9).floor() as i64;
    let last = (high / size - 1e-9).ceil() as i64;
    let last = last.clamp(first + 1, first + MOST);
    let ticks = formatter.ticks(&unit.code, step, first, last).into_iter();
    let ticks = ticks.map(|(raw, text)| (number(&raw).unwrap_or(0.0), text)).collect();
    Axis { low: first as f64 * size, high: last as f64 * size, ticks }
}

fn bounds(values: &[f64]) -> (f64, f64) {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if low.is_finite() { (low, high) } else { (0.0, 1.0) }
}

/// Time is counted in seconds, minutes, hours or days; all else in ones.
fn base_of(unit: &ChartUnit, largest: f64) -> i64 {
    match unit.code.as_str() {
        "seconds" if largest >= 172_800.0 => 86_400,
        "seconds" if largest >= 5_400.0 => 3_600,
        "seconds" if largest >= 90.0 => 60,
        _ => 1,
    }
}

fn size_of(step: Step) -> f64 {
    number(&format!("{}e{}", step.mantissa, step.exponent)).unwrap_or(1.0)
}

/// The smallest round step that is not below a size: 1, 2, 2.5 or 5 times a power of ten.
fn step_of(size: f64, base: i64) -> Step {
    let mut exponent = -28;
    loop {
        for (mantissa, exponent) in
            [(1, exponent), (2, exponent), (25, exponent - 1), (5, exponent)]
        {
            let step = Step { mantissa, exponent, base };
            if size_of(step) >= size * (1.0 - 1e-9) || exponent > 300 {
                return step;
            }
        }
        exponent += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::words;
    use crate::time::Calendar;

    fn ticks(code: &str, values: &[f64]) -> Vec<String> {
        let unit = ChartUnit { code: code.to_owned(), label: String::new() };
        let formatter = Formatter::new(words::of("en").unwrap(), Calendar::default());
        fitting(values, &unit, &formatter).ticks.into_iter().map(|t| t.1).collect()
    }

    #[test]
    fn round_numbers() {
        assert_eq!(ticks("count", &[3.0, 97.0]), ["0", "25", "50", "75", "100"]);
        assert_eq!(ticks("percent", &[0.012, 0.031]), ["0%", "1%", "2%", "3%", "4%"]);
        assert_eq!(ticks("percent", &[0.46, 0.52]), ["46%", "48%", "50%", "52%"]);
        assert_eq!(ticks("USD", &[12_000.0, 410_000.0]), ["$0", "$200k", "$400k", "$600k"]);
        assert_eq!(ticks("USD", &[1.2e6, 3.9e6]), ["$0", "$1M", "$2M", "$3M", "$4M"]);
        assert_eq!(ticks("number", &[0.0021, 0.0042]), ["0", "0.002", "0.004", "0.006"]);
    }

    #[test]
    fn time_is_counted_in_its_own_units() {
        assert_eq!(ticks("seconds", &[60.0, 250.0]), ["0 min", "2 min", "4 min", "6 min"]);
    }

    #[test]
    fn any_values_have_an_axis() {
        for values in [&[][..], &[0.0], &[7.0], &[-3.0], &[-3.0, 8.0], &[1e-20], &[1e30, 2e30]] {
            let axis = ticks("count", values);
            assert!((2..=9).contains(&axis.len()), "{values:?}: {axis:?}");
        }
    }
}
