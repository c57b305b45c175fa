//! The value of an aggregate over a window of days, for a slice.

use super::cells::{Days, End};
use super::evaluator::{Evaluator, SliceId};
use super::frame::{Counted, Demand, Frame, Window};
use super::{Coverage, Value, ranges};
use crate::model::source::Rows;
use crate::model::{AggregateId, AggregateOp, Source};
use crate::plan::Digits;
use crate::time::{Calendar, Date, Grain};
use crate::value::{Decimal, Number};

/// Where an aggregate's rows and slots are for a slice.
#[derive(Clone, Debug)]
pub(super) enum Located {
    /// In a cell of a table.
    At {
        /// The table, by its place in the evaluator.
        table: usize,
        /// The cell; none where no row has these members.
        cell: Option<usize>,
        /// The slot of the rows, then those of the binding.
        slots: Vec<usize>,
        /// Whether the values of the rows are exact.
        digits: Digits,
    },
    /// Nowhere, for this reason.
    Nowhere(String),
}

impl Evaluator<'_> {
    /// What an aggregate gives over a frame.
    pub(super) fn aggregate(&self, id: AggregateId, frame: Frame, slice: SliceId) -> Value {
        let aggregate = self.model.aggregate(id);
        let source = self.model.source(aggregate.source);
        let located = self.located(id, slice);
        let (table, cell, slots, digits) = match &*located {
            Located::At { table, cell, slots, digits } => (*table, *cell, slots, *digits),
            Located::Nowhere(reason) => return Value::Undefined(reason.clone()),
        };
        let (coverage, latest) = match frame.rows {
            Counted::Past => (self.coverage.get(&aggregate.source), self.as_of),
            Counted::Planned => (self.reach.get(&aggregate.source), frame.last()),
        };
        let Some(coverage) = coverage else { return Value::NotCovered };
        let calendar = self.model.settings.calendar;
        // Another date (`on:`) may well lie before the source's own.
        let beginning = if aggregate.on.is_some() { LONG_AGO } else { coverage.first };
        let (first, last) = (frame.first(calendar, beginning), frame.last().min(latest));
        if first > last || last < coverage.first || coverage.last < first.max(frame.period.start) {
            return Value::NotCovered;
        }
        // Since the beginning there is nothing that could be missing before.
        let from = if frame.window == Window::Everything { coverage.first } else { first };
        if !is_met(frame.demand, aggregate.op, coverage, from, last) {
            return Value::NotCovered;
        }
        let planned = frame.rows == Counted::Planned;
        if planned && (from < coverage.first || coverage.last < last) {
            return Value::NotCovered;
        }
        // Where the spec says how far a source reaches, rows outside are none of its rows; so parts
        // add up to the whole.
        let declared = source.covers.is_some() && aggregate.on.is_none();
        let (first, last) = if declared {
            (first.max(coverage.first), last.min(coverage.last))
        } else {
            (first, last)
        };
        let asked = (first, last);
        let ranges = self.ranges.get(&aggregate.source);
        let whole = planned || frame.demand == Demand::Whole;
        let found = match ranges {
            Some(_) if aggregate.on.is_some() => Some((first, last)),
            // A part of a plan, or of a window, is never taken for all of it.
            Some(ranges) if whole && !ranges::fill(ranges, first, last) => None,
            Some(ranges) => ranges::hull(ranges, first, last),
            None => whole_grains(calendar, source.grain, first, last),
        };
        let Some((first, last)) = found else {
            return match ranges {
                Some(ranges) => ranges::none_inside(source, ranges, first, last),
                None => Value::Undefined(too_short(source)),
            };
        };
        let several = || match ranges {
            Some(ranges) => ranges::inside(ranges, first, last).len() > 1,
            None => calendar.period_of(source.grain, first).end < last,
        };
        if frame.demand == Demand::Whole && (first, last) != asked {
            return Value::Undefined(no_whole(source));
        }
        if let Some(column) = aggregate.one_date
            && several()
        {
            let name = &source.columns[column.0 as usize].name;
            return Value::Undefined(format!("`{name}` is not additive over date"));
        }
        let Some(cell) = cell else { return without_rows(source, aggregate.op) };
        let table = self.table(table);
        let days = table.days(cell, first, last);
        let weighted = aggregate.weight.is_some();
        let found = if days.count(slots[0]) > 0 {
            compute(aggregate.op, &days, slots, weighted)
        } else {
            without_rows(source, aggregate.op)
        };
        let found = match found {
            Value::NoData if source.rows == Rows::Snapshot => {
                let before = table.days(cell, beginning, first.plus(-1));
                let reading = before.last_day(reading(aggregate.op, slots));
                reading.map_or(Value::NoData, |day| {
                    compute(aggregate.op, &table.days(cell, day, day), slots, weighted)
                })
            }
            found => found,
        };
        match (found, digits) {
            // Divided by one it is the same number, and known to be a quotient.
            (Value::Known(x), Digits::Quotient) => or_no_data(x.div(&Number::ONE)),
            (found, _) => found,
        }
    }
}

/// The whole grains between two days; none where there is none.
pub(super) fn whole_grains(
    calendar: Calendar,
    grain: Grain,
    first: Date,
    last: Date,
) -> Option<(Date, Date)> {
    if grain == Grain::Day {
        return Some((first, last));
    }
    let from = calendar.period_of(grain, first);
    let from = if from.start < first { calendar.shift(from, 1).start } else { first };
    let to = calendar.period_of(grain, last);
    let to = if to.end > last { to.start.plus(-1) } else { last };
    (from <= to).then_some((from, to))
}

fn too_short(source: &Source) -> String {
    let grain = source.grain.word();
    format!("a row of `{}` stands for a whole {grain}, and these days hold none", source.name)
}

/// What there is without rows: nothing happened in a log of events, else nothing is known.
fn without_rows(source: &Source, op: AggregateOp) -> Value {
    let countable = matches!(
        op,
        AggregateOp::Rows
            | AggregateOp::Count
            | AggregateOp::Sum
            | AggregateOp::CountDistinct(_)
            | AggregateOp::New
            | AggregateOp::Returning
            | AggregateOp::Lost
            | AggregateOp::Retained(..)
    );
    if source.rows == Rows::Events && countable {
        Value::Known(Number::ZERO)
    } else {
        Value::NoData
    }
}

/// The slot that counts the rows of a reading: those with a value, where the aggregate looks for
/// the last such.
fn reading(op: AggregateOp, slots: &[usize]) -> usize {
    match op {
        AggregateOp::First | AggregateOp::Last => slots[2],
        _ => slots[0],
    }
}

/// Whether a source covers as much of the days as is demanded.
fn is_met(demand: Demand, op: AggregateOp, coverage: &Coverage, first: Date, last: Date) -> bool {
    match demand {
        Demand::Part => true,
        Demand::Comparable if op == AggregateOp::Last => last <= coverage.last,
        Demand::Comparable | Demand::Whole => coverage.first <= first && last <= coverage.last,
    }
}

/// Before any day that data are of.
const LONG_AGO: Date = Date::from_days(-1_000_000);

fn no_whole(source: &Source) -> String {
    let grain = source.grain.word();
    format!("a row of `{}` stands for a whole {grain}, and these days split one", source.name)
}

/// Puts the days' states together. The slots are those of the rows, then the binding's.
fn compute(op: AggregateOp, days: &Days<'_>, slots: &[usize], weighted: bool) -> Value {
    let known = |count: u64| Value::Known(whole(count));
    match op {
        AggregateOp::Rows => known(days.count(slots[0])),
        AggregateOp::Count => known(days.count(slots[1])),
        AggregateOp::Sum if days.count(slots[2]) == 0 => Value::NoData,
        AggregateOp::Sum => Value::Known(days.sum(slots[1]).to_number()),
        AggregateOp::Avg => {
            let sum = days.sum(slots[1]).to_number();
            let parts =
                if weighted { days.sum(slots[2]).to_number() } else { whole(days.count(slots[2])) };
            match sum.div(&parts) {
                Some(mean) => Value::Known(mean),
                None if weighted => Value::Undefined("the weights add up to 0".to_owned()),
                None => Value::NoData,
            }
        }
        AggregateOp::CountDistinct(None) => known(days.distinct(slots[1]).len() as u64),
        AggregateOp::Min => or_no_data(days.extremes(slots[1]).min().map(Number::from)),
        AggregateOp::Max => or_no_data(days.extremes(slots[1]).max().map(Number::from)),
        AggregateOp::Percentile(p) => or_no_data(percentile(&days.values(slots[1]), p)),
        AggregateOp::Stddev => deviation(
            &days.sum(slots[1]).to_number(),
            days.count(slots[2]),
            &days.sum(slots[3]).to_number(),
        ),
        AggregateOp::First => {
            or_no_data(days.sum_at(End::First, slots[1], slots[2]).map(|s| s.to_number()))
        }
        AggregateOp::Last => {
            or_no_data(days.sum_at(End::Last, slots[1], slots[2]).map(|s| s.to_number()))
        }
        AggregateOp::CountDistinct(Some(_))
        | AggregateOp::New
        | AggregateOp::Returning
        | AggregateOp::Lost
        | AggregateOp::Retained(..) => unreachable!("the model refuses {op:?}"),
    }
}

fn or_no_data(number: Option<Number>) -> Value {
    number.map_or(Value::NoData, Value::Known)
}

pub(super) fn whole(count: u64) -> Number {
    Number::from(Decimal::new(i128::from(count), 0))
}

/// The percentile of ascending values, by linear interpolation between the two nearest ranks
/// Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996, definition 7).
fn percentile(values: &[Decimal], p: Decimal) -> Option<Number> {
    let highest = values.len().checked_sub(1)?;
    let rank = whole(highest as u64).mul(&Number::from(p)).mul(&Number::from(Decimal::new(1, 2)));
    let nearest = rank.fixed(0).parse::<usize>().unwrap_or(highest).min(highest);
    let lower = if whole(nearest as u64) > rank { nearest - 1 } else { nearest };
    let upper = (lower + 1).min(highest);
    let share = rank.sub(&whole(lower as u64));
    let (low, high) = (Number::from(values[lower]), Number::from(values[upper]));
    Some(low.add(&high.sub(&low).mul(&share)))
}

/// The standard deviation of a sample: sqrt((Σx² - (Σx)²/n) / (n - 1)).
fn deviation(sum: &Number, count: u64, squares: &Number) -> Value {
    let n = whole(count);
    let below = whole(count.saturating_sub(1));
    let spread = sum.mul(sum).div(&n).map(|mean| squares.sub(&mean));
    match (count, spread.and_then(|s| s.div(&below)).and_then(|v| v.sqrt())) {
        (0, _) => Value::NoData,
        (_, Some(deviation)) => Value::Known(deviation),
        _ => Value::Undefined("one value alone has no standard deviation".to_owned()),
    }
}
