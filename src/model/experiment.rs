//! Experiments, checked: variants of something, held against each other by one KPI.

use super::Localized;
use super::formula::AggregateId;
use super::measure::MeasureId;
use crate::source::Span;
use crate::time::Date;

/// `experiment "One-page checkout" { ... }`
#[derive(Clone, Debug)]
pub struct Experiment {
    /// What is tried.
    pub title: Localized,
    /// Where the title stands.
    pub span: Span,
    /// The KPI that decides.
    pub kpi: MeasureId,
    /// The dimension that tells a row's variant, as compared.
    pub variant: String,
    /// The variants, the control first; two or more.
    pub values: Vec<String>,
    /// The first day.
    pub from: Date,
    /// The last day, included.
    pub to: Date,
    /// What the KPI is, as far as chance goes.
    pub kind: TrialKind,
}

/// What a KPI's values are made of, as far as chance goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrialKind {
    /// One count over another: so many of so many.
    Share {
        /// How many.
        hits: AggregateId,
        /// Of how many.
        tries: AggregateId,
    },
    /// The mean of a column's values.
    Mean {
        /// The mean.
        mean: AggregateId,
        /// How many values there are.
        count: AggregateId,
        /// Their standard deviation.
        deviation: AggregateId,
    },
    /// A ratio of sums that is no share of counts: what chance does to it, sums do not tell.
    Ratio,
    /// A sum, a count or a level: it grows with those who see a variant.
    Total,
}

impl TrialKind {
    /// The aggregates that its sample is made of.
    pub fn aggregates(self) -> impl Iterator<Item = AggregateId> {
        let all = match self {
            Self::Share { hits, tries } => vec![hits, tries],
            Self::Mean { mean, count, deviation } => vec![mean, count, deviation],
            Self::Ratio | Self::Total => Vec::new(),
        };
        all.into_iter()
    }
}
