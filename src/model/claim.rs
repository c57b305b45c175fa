//! Tests, checked: what a spec claims of its own numbers.

use super::Localized;
use super::measure::{MeasureId, Scope};
use super::row::CompareOp;
use crate::source::Span;
use crate::time::Period;
use crate::value::Number;

/// A `test` block.
#[derive(Clone, Debug)]
pub struct Test {
    /// What it is about.
    pub title: Localized,
    /// Its lines in order.
    pub lines: Vec<TestLine>,
}

/// `conversion_rate in 2026-06 for channel email == 2.75% +- 0.01%`
#[derive(Clone, Debug)]
pub struct TestLine {
    /// Of which measure.
    pub measure: MeasureId,
    /// In which period.
    pub period: Period,
    /// For which members, sorted by dimension as compared.
    pub scopes: Vec<Scope>,
    /// For every member of these dimensions, as compared, in the order written.
    pub by: Vec<String>,
    /// What must hold.
    pub claim: Claim,
    /// As it was written, on one line.
    pub text: String,
    /// Where.
    pub span: Span,
}

impl TestLine {
    /// The dimensions that the line is broken down by, `for` and `by` alike, sorted.
    pub fn dimensions(&self) -> Vec<String> {
        let scopes = self.scopes.iter().map(|s| &s.dimension);
        let mut all: Vec<String> = scopes.chain(&self.by).cloned().collect();
        all.sort();
        all
    }
}

/// What a line of a test claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// `== 3% +- 0.1%`: both numbers in base units. What is given after `+-` is nought where
    /// nothing is written, and never negative.
    Compare {
        /// How the value is compared.
        op: CompareOp,
        /// With what.
        number: Number,
        /// How far it may be off.
        within: Number,
    },
    /// `is null`: there is no value.
    Null,
    /// `is not null`: there is one.
    NotNull,
    /// `is "off track"`
    Status(Status),
}

/// A KPI's standing in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The target is reached.
    OnTrack,
    /// Missed within the tolerance.
    AtRisk,
    /// Missed.
    OffTrack,
    /// There is a target but no value.
    NoData,
    /// There is no target in force.
    NoTarget,
}

impl Status {
    /// All of them, as they are listed.
    pub const ALL: [Self; 5] =
        [Self::OnTrack, Self::AtRisk, Self::OffTrack, Self::NoData, Self::NoTarget];

    /// The contract's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::OnTrack => "on track",
            Self::AtRisk => "at risk",
            Self::OffTrack => "off track",
            Self::NoData => "no data",
            Self::NoTarget => "no target",
        }
    }

    /// The status of a word.
    ///
    /// ```
    /// use sanjeh::model::Status;
    /// assert_eq!(Status::from_word("off track"), Some(Status::OffTrack));
    /// assert_eq!(Status::from_word("off-track"), None);
    /// ```
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}
