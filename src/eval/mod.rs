//! Evaluation: aggregates to values, targets, statuses.
//!
//! [`Evaluator`] answers questions lazily: the value of a measure in a period for some members of
//! dimensions. Formulas are evaluated after aggregation, at the asked period and slice, so that a
//! ratio is a ratio of sums at every level.

mod aggregate;
mod attainment;
mod cells;
mod chance;
mod change;
mod check;
mod claim;
mod coverage;
pub mod currencies;
mod entity;
mod evaluator;
mod exact;
mod experiment;
mod explain;
mod formula;
mod frame;
mod level;
mod locate;
mod members;
mod over;
mod put_in;
mod ranges;
mod reason;
mod rule;
#[cfg(test)]
pub(crate) mod sample;
pub mod table;
mod target;
#[cfg(test)]
mod tests;
mod uneven;
mod verdict;
mod window;
mod words;

pub use attainment::{Unattained, attained};
pub use check::check;
pub use claim::{Checked, Finding, Outcome, tested};
pub use coverage::latest_date;
pub use evaluator::Evaluator;
pub use exact::exact;
pub use experiment::{NoInterval, Split, Suffices, Trial, Variant, Versus, doubts};
pub use explain::{Explained, Made, Part, RowCounts};
pub use reason::{Labelled, Lack, Reason};
pub use window::{Around, Window};

pub use crate::model::Status;

use crate::model::{Because, TargetValue};
use crate::source::Span;
use crate::time::{Date, Period};
use crate::value::Number;

/// Members of dimensions: `channel = email`. Sorted by dimension, as compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slice(pub Vec<(String, Option<String>)>);

/// One of the four states of a value, and why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// There is one; it may be zero.
    Known(Number),
    /// Inside the source's coverage, but without rows (or with null cells only).
    NoData,
    /// Before the source's first or after its last date.
    NotCovered,
    /// Division by zero and the like: there is none, for this reason.
    Undefined(Reason),
}

impl Value {
    /// The number, if there is one.
    pub fn known(&self) -> Option<&Number> {
        match self {
            Self::Known(number) => Some(number),
            _ => None,
        }
    }
}

/// Whether a period is over, and how much of it is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Days of the period that every source covers, up to the as-of date.
    pub covered: u32,
    /// Days of the period.
    pub days: u32,
    /// Whether each source of the measure covers it whole.
    pub complete: bool,
    /// Whether the as-of date lies inside the period before its end.
    pub open: bool,
}

/// The target that holds for a period.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetInForce {
    /// In base units, for this period.
    pub level: Level,
    /// Its place in the KPI's list of targets.
    pub index: usize,
    /// As the spec has it.
    pub value: TargetValue,
    /// From when.
    pub from: Option<Date>,
    /// Why.
    pub because: Option<Because>,
    /// Where it is written.
    pub span: Span,
}

/// A target's level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Level {
    /// One value.
    Value(Number),
    /// A range, borders included.
    Range(Number, Number),
}

impl Level {
    /// Its values changed.
    fn map(&self, change: impl Fn(&Number) -> Number) -> Self {
        match self {
            Self::Value(value) => Self::Value(change(value)),
            Self::Range(low, high) => Self::Range(change(low), change(high)),
        }
    }

    /// The values of two levels of one kind added.
    fn plus(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Value(a), Self::Value(b)) => Self::Value(a.add(b)),
            (a, b) => {
                let (a, b) = (a.borders(), b.borders());
                Self::Range(a.0.add(b.0), a.1.add(b.1))
            }
        }
    }

    /// The least and the most.
    fn borders(&self) -> (&Number, &Number) {
        match self {
            Self::Value(value) => (value, value),
            Self::Range(low, high) => (low, high),
        }
    }
}

/// How a status came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The status; none before 20% of an open period has passed.
    pub status: Option<Status>,
    /// Whether it is beyond the target by more than the tolerance.
    pub exceeded: Exceeded,
    /// The rule in plain English: "2.4% misses the target of at least 3% by 20%, not less than the
    /// tolerance of 10%".
    pub rule: String,
    /// The same, to be told in another language.
    pub ground: Ground,
    /// The numbers of the rule; none where no value was held to a target.
    pub basis: Option<Basis>,
}

/// What a status rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground {
    /// No target is in force.
    NoTarget,
    /// The target in force has no value, for this reason.
    TargetLacks(Lack),
    /// Less than a fifth of the period has passed.
    TooEarly,
    /// There is a target, and no value.
    NoValue,
    /// What attains a total's target is judged at the end.
    AtTheEnd,
    /// A value was held to a target.
    Held(Asked),
}

/// What a target asks of a value, in base units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The least.
    pub low: Option<Number>,
    /// The most.
    pub high: Option<Number>,
    /// Whether reaching the border is enough.
    pub border: Border,
}

/// Whether a value on the border of what is asked is inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// It is.
    Inside,
    /// It is not.
    Outside,
}

/// The numbers behind a status, in base units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Whether the value itself was judged, or where it leads.
    pub judged: Judged,
    /// What was held to the target: the value, or what it comes to by the end of the period.
    pub number: Number,
    /// The border of the target that was missed; none where none was.
    pub border: Option<Number>,
    /// By how much it was missed.
    pub missed_by: Option<Number>,
    /// That as a share of the border's absolute value; none of a border of nought.
    pub missed_by_share: Option<Number>,
    /// The share that is at risk only.
    pub tolerance: Number,
    /// What each day that is left must still bring to reach the target (or may, where less is
    /// better); only of a total that is judged by its pace, and not there already.
    pub needed_per_day: Option<Number>,
    /// The days of the period after the last that each source covers.
    pub days_left: u32,
}

/// What was held to a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// The value as it stands.
    Value,
    /// The value over the share of the days that have passed.
    Pace,
}

/// Whether an `on track` is beyond its target by more than the tolerance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exceeded {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// A measure in a period, for a slice.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The period.
    pub period: Period,
    /// How much of it there is.
    pub progress: Progress,
    /// What was computed.
    pub value: Value,
    /// The target in force on the period's last day, for this slice.
    pub target: Option<TargetInForce>,
    /// How the value stands; only of a KPI.
    pub verdict: Option<Verdict>,
}

/// A change from a reference to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The period compared with; its first days only, where the other is open.
    pub reference: Period,
    /// How many of its days were taken, where not all.
    pub days: Option<u32>,
    /// The reference's value.
    pub from: Value,
    /// How much of the days taken each source covers: of a part there is no change.
    pub progress: Progress,
    /// Value minus reference; none where one of them has no value, and where the data begin after
    /// the reference does.
    pub absolute: Option<Number>,
    /// As a share of the reference's absolute value; none from zero or nothing, and none for
    /// percent measures, whose change is given in points (`absolute`).
    pub relative: Option<Number>,
}

/// How far a source's data reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The first day it is known to hold.
    pub first: Date,
    /// The last day, whole grains, up to the as-of date for logs of events.
    pub last: Date,
}
