//! The days that a value is computed over.

use crate::time::{Calendar, Date, Grain, Period, SpanUnit};

/// A period and the days of it (or up to its end) that are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Frame {
    /// The period that the value is for.
    pub(super) period: Period,
    /// The first day of the window; the period's unless a function over time moved it.
    pub(super) first: Date,
    /// The last day; before the period's end where only a part of it has passed.
    pub(super) last: Date,
    /// Which rows count.
    pub(super) rows: Counted,
}

/// Which rows of a source count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Counted {
    /// Those up to the as-of date: what has happened.
    Past,
    /// All of them: what is planned, of which a target is made. Only days that the source reaches
    /// whole have a value, so that a part of a plan is never taken for all of it.
    Planned,
}

impl Frame {
    /// A period up to the as-of date.
    pub(super) fn of(period: Period, as_of: Date) -> Self {
        let last = period.end.min(as_of);
        Self { period, first: period.start, last, rows: Counted::Past }
    }

    /// All days of a period.
    pub(super) fn whole(period: Period, rows: Counted) -> Self {
        Self { period, first: period.start, last: period.end, rows }
    }

    /// The days of another period that match the days of this one that have passed: all of them
    /// if this one is over, else as many as have passed, as far as the other has them.
    pub(super) fn moved_to(self, period: Period) -> Self {
        let last = if self.last >= self.period.end {
            period.end
        } else {
            let passed = self.last.days() - self.period.start.days();
            period.start.plus(passed).min(period.end)
        };
        Self { period, first: period.start, last, ..self }
    }
}

/// The period so long before another; none where there is no such period (29 February a year
/// before, a week one month before).
pub(super) fn before(calendar: Calendar, period: Period, n: u32, unit: SpanUnit) -> Option<Period> {
    let n = i32::try_from(n).ok()?;
    let (grain, span) = (period.grain, unit.grain());
    if grain == span {
        return Some(calendar.shift(period, -n));
    }
    match (grain, unit) {
        (Grain::Day | Grain::Week, SpanUnit::Years) => {
            (0..n).try_fold(period, |p, _| calendar.year_before(p))
        }
        (Grain::Day, SpanUnit::Weeks) => Some(calendar.shift(period, -n.checked_mul(7)?)),
        (Grain::Day, SpanUnit::Months | SpanUnit::Quarters) => {
            let months = n.checked_mul(if unit == SpanUnit::Months { 1 } else { 3 })?;
            let (_, _, day) = calendar.kind.ymd(period.start);
            let month = calendar.shift(calendar.period_of(Grain::Month, period.start), -months);
            let found = month.start.plus(i32::try_from(day).ok()? - 1);
            (found <= month.end).then(|| calendar.period_of(Grain::Day, found))
        }
        (Grain::Month, SpanUnit::Quarters) => Some(calendar.shift(period, -n.checked_mul(3)?)),
        (Grain::Month, SpanUnit::Years) => Some(calendar.shift(period, -n.checked_mul(12)?)),
        (Grain::Quarter, SpanUnit::Years) => Some(calendar.shift(period, -n.checked_mul(4)?)),
        _ => None,
    }
}
