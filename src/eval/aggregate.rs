//! The value of an aggregate over a window of days, for a slice.

use super::cells::{Days, End};
use super::evaluator::{Evaluator, SliceId};
use super::frame::{Counted, Demand, Frame, Window};
use super::{Coverage, Reason, Value, ranges};
use crate::model::source::Rows;
use crate::model::{AggregateId, AggregateOp, Source, SourceId};
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
    Nowhere(Reason),
}

/// Where an aggregate finds its rows: a table, the cell of the members in it, the slots.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'l> {
    pub(super) table: usize,
    pub(super) cell: Option<usize>,
    pub(super) slots: &'l [usize],
}

impl Located {
    /// The place, or why there is none; and whether the values of the rows are exact.
    pub(super) fn place(&self) -> Result<(Place<'_>, Digits), Value> {
        match self {
            Self::At { table, cell, slots, digits } => {
                Ok((Place { table: *table, cell: *cell, slots }, *digits))
            }
            Self::Nowhere(reason) => Err(Value::Undefined(reason.clone())),
        }
    }
}

impl Evaluator<'_> {
    /// What an aggregate gives over a frame.
    pub(super) fn aggregate(&self, id: AggregateId, frame: Frame, slice: SliceId) -> Value {
        self.found(id, frame, slice).unwrap_or_else(|none| none)
    }

    fn found(&self, id: AggregateId, frame: Frame, slice: SliceId) -> Result<Value, Value> {
        let aggregate = self.model.aggregate(id);
        let located = self.located(id, slice);
        let (place, digits) = located.place()?;
        let window = self.window(id, frame)?;
        if let Some(column) = aggregate.one_date
            && self.are_several(aggregate.source, window)
        {
            let name = &self.model.source(aggregate.source).columns[column.0 as usize].name;
            return Err(Value::Undefined(Reason::NotAdditive(name.clone())));
        }
        let found = match aggregate.op {
            AggregateOp::Returning | AggregateOp::Lost | AggregateOp::Retained(..) => {
                self.entities(id, frame, place, window)
            }
            AggregateOp::First | AggregateOp::Last if aggregate.per.is_some() => {
                self.level_by_key(id, frame.rows, slice, place, window)
            }
            _ => self.added_up(id, frame.rows, place, window),
        };
        Ok(match (found, digits) {
            // Divided by one it is the same number, and known to be a quotient.
            (Value::Known(x), Digits::Quotient) => or_no_data(x.div(&Number::ONE)),
            (found, _) => found,
        })
    }

    /// The days of a frame that count for an aggregate, in whole grains; or why there is none.
    pub(super) fn window(&self, id: AggregateId, frame: Frame) -> Result<(Date, Date), Value> {
        let aggregate = self.model.aggregate(id);
        let source = self.model.source(aggregate.source);
        let coverage = self.reach_of(id, frame.rows).ok_or(Value::NotCovered)?;
        let calendar = self.model.settings.calendar;
        let latest = match frame.rows {
            Counted::Past => self.as_of,
            Counted::Planned => frame.last(),
        };
        let first = frame.first(calendar, self.beginning(id, coverage));
        let last = frame.last().min(latest);
        if first > last || last < coverage.first || coverage.last < first.max(frame.period.start) {
            return Err(Value::NotCovered);
        }
        // Since the beginning there is nothing that could be missing before.
        let from = if frame.window == Window::Everything { coverage.first } else { first };
        if !is_met(frame.demand, aggregate.op, coverage, from, last) {
            return Err(Value::NotCovered);
        }
        let planned = frame.rows == Counted::Planned;
        if planned && (from < coverage.first || coverage.last < last) {
            return Err(Value::NotCovered);
        }
        let asked = if self.covers(id).is_some() {
            (first.max(coverage.first), last.min(coverage.last))
        } else {
            (first, last)
        };
        let ranges = self.ranges.get(&aggregate.source);
        let whole = planned || frame.demand == Demand::Whole;
        let found = match ranges {
            Some(_) if aggregate.on.is_some() => Some(asked),
            // A part of a plan, or of a window, is never taken for all of it.
            Some(ranges) if whole && !ranges::fill(ranges, asked.0, asked.1) => None,
            Some(ranges) => ranges::hull(ranges, asked.0, asked.1),
            None => whole_grains(calendar, source.grain, asked.0, asked.1),
        };
        match (found, ranges) {
            (None, Some(ranges)) => Err(ranges::none_inside(source, ranges, asked.0, asked.1)),
            (None, None) => Err(Value::Undefined(too_short(source))),
            (Some(days), _) if frame.demand == Demand::Whole && days != asked => {
                Err(Value::Undefined(no_whole(source)))
            }
            (Some(days), _) => Ok(days),
        }
    }

    /// Whether some days of a source are of several of its dates.
    fn are_several(&self, id: SourceId, (first, last): (Date, Date)) -> bool {
        if let Some(ranges) = self.ranges.get(&id) {
            return ranges::inside(ranges, first, last).len() > 1;
        }
        let grain = self.model.source(id).grain;
        self.model.settings.calendar.period_of(grain, first).end < last
    }

    /// The first day that an aggregate's rows may be of: another date (`on:`) may well lie before
    /// the source's own.
    pub(super) fn beginning(&self, id: AggregateId, coverage: &Coverage) -> Date {
        if self.model.aggregate(id).on.is_some() { LONG_AGO } else { coverage.first }
    }

    /// How far an aggregate's source reaches with the rows that count.
    pub(super) fn reach_of(&self, id: AggregateId, rows: Counted) -> Option<&Coverage> {
        let source = self.model.aggregate(id).source;
        match rows {
            Counted::Past => self.coverage.get(&source),
            Counted::Planned => self.reach.get(&source),
        }
    }

    /// The days outside of which a source's rows are none of an aggregate's, where the spec says how
    /// far it reaches; so parts add up to the whole. Another date (`on:`) may well lie outside.
    pub(super) fn covers(&self, id: AggregateId) -> Option<(Date, Date)> {
        let aggregate = self.model.aggregate(id);
        self.model.source(aggregate.source).covers.filter(|_| aggregate.on.is_none())
    }

    /// What the days' states come to.
    fn added_up(
        &self,
        id: AggregateId,
        rows: Counted,
        place: Place<'_>,
        (first, last): (Date, Date),
    ) -> Value {
        let aggregate = self.model.aggregate(id);
        let source = self.model.source(aggregate.source);
        let Some(cell) = place.cell else { return without_rows(source, aggregate.op) };
        let (table, slots) = (self.table(place.table), place.slots);
        let days = table.days(cell, first, last);
        let weighted = aggregate.weight.is_some();
        let found = if days.count(slots[0]) > 0 {
            compute(aggregate.op, &days, slots, weighted)
        } else {
            without_rows(source, aggregate.op)
        };
        // A reading holds, but nobody is new again.
        let holds = source.rows == Rows::Snapshot && aggregate.op != AggregateOp::New;
        match (found, self.reach_of(id, rows)) {
            (Value::NoData, Some(coverage)) if holds => {
                let before = table.days(cell, self.beginning(id, coverage), first.plus(-1));
                let reading = before.last_day(reading(aggregate.op, slots));
                reading.map_or(Value::NoData, |day| {
                    compute(aggregate.op, &table.days(cell, day, day), slots, weighted)
                })
            }
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

fn too_short(source: &Source) -> Reason {
    Reason::TooShort { source: source.name.clone(), grain: source.grain }
}

/// What there is without rows: nothing happened in a log of events, else nothing is known.
pub(super) fn without_rows(source: &Source, op: AggregateOp) -> Value {
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

fn no_whole(source: &Source) -> Reason {
    Reason::GrainSplit { source: source.name.clone(), grain: source.grain }
}

/// Puts the days' states together. The slots are those of the rows, then the binding's.
fn compute(op: AggregateOp, days: &Days<'_>, slots: &[usize], weighted: bool) -> Value {
    let known = |count: u64| Value::Known(whole(count));
    match op {
        AggregateOp::Rows => known(days.count(slots[0])),
        AggregateOp::Count | AggregateOp::New => known(days.count(slots[1])),
        AggregateOp::Sum if days.count(slots[2]) == 0 => Value::NoData,
        AggregateOp::Sum => Value::Known(days.sum(slots[1]).to_number()),
        AggregateOp::Avg => {
            let sum = days.sum(slots[1]).to_number();
            let parts =
                if weighted { days.sum(slots[2]).to_number() } else { whole(days.count(slots[2])) };
            match sum.div(&parts) {
                Some(mean) => Value::Known(mean),
                None if weighted => Value::Undefined(Reason::ZeroWeights),
                None => Value::NoData,
            }
        }
        AggregateOp::CountDistinct(None) => known(days.distinct(slots[1]).len() as u64),
        AggregateOp::CountDistinct(Some(least)) => known(days.often(slots[1], u64::from(least))),
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
        AggregateOp::Returning | AggregateOp::Lost | AggregateOp::Retained(..) => {
            unreachable!("`entities` answers for {op:?}")
        }
    }
}

pub(super) fn or_no_data(number: Option<Number>) -> Value {
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
        _ => Value::Undefined(Reason::OneValue),
    }
}
