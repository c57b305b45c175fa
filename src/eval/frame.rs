//! The days that a value is computed over.

use crate::time::{Calendar, Date, Grain, Period, SpanUnit};

/// A period, how much of it has passed, and the window that ends where that ends.
///
/// The window is kept as what it is, not as its first day: another period has it again, so that
/// shifting a rolled value and rolling a shifted one are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Frame {
    /// The period that the value is for.
    pub(super) period: Period,
    /// The days of it that are looked at, where that is not all of them. It may be more than the
    /// period has, where it is that of a longer one that has not ended.
    pub(super) passed: Option<u32>,
    /// Whether it is the period that is asked for.
    pub(super) place: Place,
    /// Where the days begin.
    pub(super) window: Window,
    /// How much of the days a source must cover.
    pub(super) demand: Demand,
    /// Which rows count.
    pub(super) rows: Counted,
}

/// Whether a frame's period is the one that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// It is, or a part of it.
    Here,
    /// It is another, over as many days: how many was settled when it was moved.
    Moved,
}

/// Where the days of a frame begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Window {
    /// With the period.
    Period,
    /// So many units back from the last day, the current one included.
    Back(u32, SpanUnit),
    /// With the period of this grain that holds the last day.
    ToDate(Grain),
    /// With the first day that is covered.
    Everything,
}

/// How much of a frame's days a source must cover so that there is a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Demand {
    /// A part will do: a period that is covered in part has a value, and is marked.
    Part,
    /// As much as a change from it needs: all of the days, of a level the last one.
    Comparable,
    /// All of the days.
    Whole,
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
    /// A whole period.
    pub(super) fn whole(period: Period, rows: Counted) -> Self {
        let (window, demand) = (Window::Period, Demand::Part);
        Self { period, passed: None, place: Place::Here, window, demand, rows }
    }

    /// A period up to the as-of date.
    pub(super) fn of(period: Period, as_of: Date) -> Self {
        Self::whole(period, Counted::Past).until(as_of)
    }

    /// As far as a day, where it goes further.
    pub(super) fn until(self, last: Date) -> Self {
        if last >= self.last() {
            return self;
        }
        let passed = i64::from(last.days()) - i64::from(self.period.start.days()) + 1;
        Self { passed: Some(u32::try_from(passed).unwrap_or(0)), ..self }
    }

    /// The last day.
    pub(super) fn last(self) -> Date {
        let Some(passed) = self.passed else { return self.period.end };
        let passed = i32::try_from(passed).unwrap_or(i32::MAX);
        self.period.start.plus(passed.saturating_sub(1)).min(self.period.end)
    }

    /// Whether all of the period is looked at.
    pub(super) fn is_whole(self) -> bool {
        self.passed.is_none_or(|passed| passed >= self.period.len_days())
    }

    /// The first day; `beginning` is the first that is covered.
    pub(super) fn first(self, calendar: Calendar, beginning: Date) -> Date {
        match self.window {
            Window::Period => self.period.start,
            Window::Back(n, unit) => {
                calendar.back(self.last(), i32::try_from(n).unwrap_or(i32::MAX), unit)
            }
            Window::ToDate(grain) => calendar.period_of(grain, self.last()).start,
            Window::Everything => beginning.min(self.period.start),
        }
    }

    /// The days of another period that match those of this one: all of them if this one is over,
    /// else as many as have passed, as far as the other has them. Where a row stands for a coarser
    /// `grain` than a day, it is as many whole ones.
    pub(super) fn moved_to(self, calendar: Calendar, period: Period, grain: Grain) -> Self {
        let moved = Self { period, place: Place::Moved, ..self };
        if self.passed.is_none() || grain == Grain::Day {
            return moved;
        }
        let over = calendar.periods(grain, self.period.start, self.last()).into_iter();
        let whole = |p: &Period| p.start >= self.period.start && p.end <= self.last();
        let over = over.filter(whole).count();
        let inside = calendar.periods(grain, period.start, period.end).into_iter();
        let last = inside.filter(|p| p.start >= period.start).take(over).last();
        Self { passed: None, ..moved }.until(last.map_or(period.start.plus(-1), |p| p.end))
    }
}

/// The period so long before another; none where there is no such period (29 February a year
/// before, a week one month before). A week a year ago is 52 weeks ago.
pub(super) fn before(calendar: Calendar, period: Period, n: u32, unit: SpanUnit) -> Option<Period> {
    let n = i32::try_from(n).ok()?;
    let back = |n: i32| Some(calendar.shift(period, -n));
    match (period.grain, unit) {
        (Grain::Day, SpanUnit::Days) | (Grain::Week, SpanUnit::Weeks) => back(n),
        (Grain::Day, SpanUnit::Weeks) => back(n.checked_mul(7)?),
        (Grain::Week, SpanUnit::Days) if n % 7 == 0 => back(n / 7),
        (Grain::Week, SpanUnit::Years) => back(n.checked_mul(52)?),
        (Grain::Week, _) | (_, SpanUnit::Days | SpanUnit::Weeks) => None,
        (Grain::Day, _) => {
            let (_, _, day) = calendar.kind.ymd(period.start);
            let month = calendar.period_of(Grain::Month, period.start);
            let month = calendar.shift(month, -n.checked_mul(months(unit.grain()))?);
            let found = month.start.plus(i32::try_from(day).ok()? - 1);
            (found <= month.end).then(|| calendar.period_of(Grain::Day, found))
        }
        (grain, _) => {
            let n = n.checked_mul(months(unit.grain()))?;
            if n % months(grain) == 0 { back(n / months(grain)) } else { None }
        }
    }
}

/// How many months a month, quarter or year has.
fn months(grain: Grain) -> i32 {
    match grain {
        Grain::Quarter => 3,
        Grain::Year => 12,
        Grain::Day | Grain::Week | Grain::Month => 1,
    }
}
