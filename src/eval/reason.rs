//! Why there is no value: the parts of a sentence, so that a report tells it in its own language.

use std::fmt;

use crate::time::{Date, Grain, Period};

/// Why a value cannot be computed. Formulas and names are as the spec writes them; the text is
/// English, for the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// This divisor is 0.
    ZeroDivisor(String),
    /// The total that a share is of is 0.
    ZeroTotal(String),
    /// What growth is held against was 0.
    ZeroBefore(String),
    /// The weights of a mean add up to 0.
    ZeroWeights,
    /// A standard deviation of one value.
    OneValue,
    /// No part of a period is over.
    NoPartOver {
        /// `each: day`
        part: Grain,
        /// Of the period itself.
        whole: Grain,
    },
    /// The calendar does not reach back so far.
    TooLongAgo(Grain),
    /// One row stands for days of which these are only some.
    RangeSplit {
        /// The source.
        source: String,
        /// The first day that the row stands for.
        first: Date,
        /// The last one.
        last: Date,
    },
    /// Rows stand for longer periods than the one that is asked for.
    TooShort {
        /// The source.
        source: String,
        /// What a row stands for.
        grain: Grain,
    },
    /// A period that a row stands for is asked for in part.
    GrainSplit {
        /// The source.
        source: String,
        /// What a row stands for.
        grain: Grain,
    },
    /// A column that may not be added over time.
    NotAdditive(String),
    /// The rows of a source have no date.
    Undated(String),
    /// A source has no such dimension.
    NoDimension {
        /// The source.
        source: String,
        /// What it lacks.
        dimension: String,
    },
    /// A metric that is named and not defined.
    NoDefinition(String),
    /// A function that looks at other periods, over days that are none.
    LooksElsewhere(&'static str),
    /// A measure without a target.
    NoTarget(String),
    /// A measure whose target has no value.
    TargetLacks {
        /// The measure.
        name: String,
        /// Why.
        lack: Box<Lack>,
    },
    /// A target of 0 or less, of which no share says anything.
    TargetNotPositive(String),
    /// A value of 0 or less, where less is better.
    ValueNotPositive(String),
    /// A target for a period, and a value of other days.
    TargetOfPeriod {
        /// The measure.
        name: String,
        /// Of the period.
        grain: Grain,
    },
}

/// Why a target has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// It is relative to a period that the data do not cover whole.
    Uncovered(Labelled),
    /// It is relative to a period without a value.
    NoValue(Labelled),
    /// It is relative to a day that the year before does not have.
    NoDayBefore,
    /// It is relative to a baseline, and there is none.
    NoBaseline,
    /// Its formula has no rows to compute from.
    NoRows(String),
    /// What its formula reads does not cover the whole period.
    NotCovered(String),
    /// Its formula has no value.
    Undefined {
        /// The formula.
        formula: String,
        /// Why.
        reason: Reason,
    },
}

/// A period, with its label in the project's calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// The period.
    pub period: Period,
    /// `2026-06`
    pub label: String,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ZeroDivisor(formula) => write!(f, "denominator `{formula}` is 0"),
            Self::ZeroTotal(formula) => write!(f, "the total of `{formula}` is 0"),
            Self::ZeroBefore(formula) => write!(f, "`{formula}` was 0 before"),
            Self::ZeroWeights => f.write_str("the weights add up to 0"),
            Self::OneValue => f.write_str("one value alone has no standard deviation"),
            Self::NoPartOver { part, whole } => {
                write!(f, "no {} of the {} is over", part.word(), whole.word())
            }
            Self::TooLongAgo(grain) => {
                write!(f, "there is no such {} so long before", grain.word())
            }
            Self::RangeSplit { source, first, last } => write!(
                f,
                "a row of `{source}` stands for all of {first} to {last}, and these days do not \
                 hold them all"
            ),
            Self::TooShort { source, grain } => write!(
                f,
                "a row of `{source}` stands for a whole {}, and these days hold none",
                grain.word()
            ),
            Self::GrainSplit { source, grain } => write!(
                f,
                "a row of `{source}` stands for a whole {}, and these days split one",
                grain.word()
            ),
            Self::NotAdditive(name) => write!(f, "`{name}` is not additive over date"),
            Self::Undated(source) => write!(f, "the rows of `{source}` have no date"),
            Self::NoDimension { source, dimension } => {
                write!(f, "`{source}` has no dimension `{dimension}`")
            }
            Self::NoDefinition(name) => write!(f, "nothing defines `{name}`"),
            Self::LooksElsewhere(function) => {
                write!(f, "`{function}` looks at another period, and days around an event are none")
            }
            Self::NoTarget(name) => write!(f, "`{name}` has no target"),
            Self::TargetLacks { name, lack } => {
                write!(f, "the target of `{name}` has no value: {lack}")
            }
            Self::TargetNotPositive(name) => write!(f, "the target of `{name}` is not above 0"),
            Self::ValueNotPositive(name) => write!(f, "`{name}` is not above 0"),
            Self::TargetOfPeriod { name, grain } => write!(
                f,
                "the target of `{name}` is for a {}, and not for these days",
                grain.word()
            ),
        }
    }
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uncovered(period) => {
                write!(f, "it is relative to {}, which the data do not cover whole", period.label)
            }
            Self::NoValue(period) => {
                write!(f, "it is relative to {}, which has no value", period.label)
            }
            Self::NoDayBefore => f.write_str("there is no such day a year before"),
            Self::NoBaseline => f.write_str("there is no baseline"),
            Self::NoRows(formula) => write!(f, "`{formula}` has no value: there are no rows"),
            Self::NotCovered(formula) => {
                write!(f, "`{formula}` has no value: what it reads does not cover the whole period")
            }
            Self::Undefined { formula, reason } => {
                write!(f, "`{formula}` has no value: {reason}")
            }
        }
    }
}
