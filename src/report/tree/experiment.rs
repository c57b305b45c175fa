//! Experiments of a report's KPIs.

use serde::Serialize;

use super::{Count, PlaceText, Quantity};

/// An experiment: its variants against the control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Experiment {
    /// Unique in the document; letters, digits and dashes.
    pub id: String,
    /// What is tried.
    pub title: String,
    /// The id of the KPI that decides.
    pub kpi: String,
    /// Its title.
    pub kpi_title: String,
    /// `1 to 30 June 2026`
    pub when: String,
    /// The first day, Gregorian, ISO.
    pub start: String,
    /// The last day, Gregorian, ISO.
    pub end: String,
    /// The variants, the control first.
    pub rows: Vec<ExperimentRow>,
    /// By which method, and what is to be known: that it still runs, that the split is uneven,
    /// that rows take no part.
    pub remarks: Vec<String>,
    /// Where the spec has it.
    pub place: PlaceText,
}

/// A variant of an experiment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExperimentRow {
    /// As the spec names it.
    pub variant: String,
    /// Whether the others are held against it.
    pub control: bool,
    /// The KPI over its rows.
    pub value: Quantity,
    /// How many tries or values that rests on; none where the KPI has no such count.
    pub sample: Option<Count>,
    /// Value minus the control's; none of the control.
    pub difference: Option<Quantity>,
    /// The lower limit of the difference at 95%.
    pub low: Option<Quantity>,
    /// The upper limit.
    pub high: Option<Quantity>,
    /// The sample that each variant needs for a difference of this size; none where that cannot
    /// be told.
    pub needed: Option<Count>,
    /// What follows, in a sentence; why there is no interval.
    pub verdict: String,
}
