//! What follows from the numbers, and what they rest on.

use serde::Serialize;

use super::{DateText, PlaceText, Quantity, StatusText, TargetLevel};

/// A row of current, target, what to improve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Improvement {
    /// The KPI's id.
    pub kpi: String,
    /// Its title.
    pub title: String,
    /// Now.
    pub current: Quantity,
    /// To be.
    pub target: Option<TargetLevel>,
    /// What is missing: value minus target; in points of percent KPIs.
    pub gap: Option<Quantity>,
    /// How it stands.
    pub status: StatusText,
    /// What to do.
    pub improve: Vec<String>,
    /// Who.
    pub owner: Option<String>,
}

/// A target that took effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TargetChange {
    /// The KPI's id.
    pub kpi: String,
    /// Its title.
    pub title: String,
    /// `Email`, where it is not for the total.
    pub scope: Option<String>,
    /// From when.
    pub from: DateText,
    /// The target before; none for the first one.
    pub old: Option<String>,
    /// The new one.
    pub new: String,
    /// What set it off.
    pub trigger: Option<String>,
    /// Why; none where the spec does not say.
    pub reason: Option<String>,
}

/// Something that is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Due {
    /// What kind of thing.
    pub kind: DueKind,
    /// What it is about.
    pub title: String,
    /// The KPI's id.
    pub kpi: Option<String>,
    /// What is to be done and why.
    pub text: String,
    /// When.
    pub date: Option<DateText>,
    /// Whether that is over.
    pub overdue: bool,
    /// Who.
    pub owner: Option<String>,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DueKind {
    /// A definition is to be looked at again.
    Review,
    /// Data have not come.
    Stale,
    /// A goal's day has come.
    Goal,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Note {
    /// The KPI's id.
    pub kpi: String,
    /// Its title.
    pub title: String,
    /// Of which period or day.
    pub when: String,
    /// The first day, Gregorian, ISO.
    pub start: String,
    /// What is to be known.
    pub text: String,
    /// Who says so.
    pub by: Option<String>,
    /// `keep`, `change`, `retire`: of a review.
    pub decision: Option<String>,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventText {
    /// `27 to 30 November 2026`
    pub when: String,
    /// The first day, Gregorian, ISO.
    pub start: String,
    /// The last day, Gregorian, ISO.
    pub end: String,
    /// What.
    pub title: String,
    /// The titles of the KPIs that it touches; all where there are none.
    pub affects: Vec<String>,
}

/// What was read of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SourceFacts {
    /// Its name.
    pub name: String,
    /// Where the spec declares it.
    pub place: PlaceText,
    /// `1 January 2024 to 30 June 2026`
    pub coverage: String,
    /// The first day, Gregorian, ISO.
    pub first: Option<String>,
    /// The last day, Gregorian, ISO.
    pub last: Option<String>,
    /// File by file.
    pub files: Vec<FileText>,
    /// Of all files.
    pub rows: Count,
    /// Rows that counted.
    pub used: Count,
    /// Rows left out because of a bad cell.
    pub rejected: Count,
    /// Rows left out by the source's `where`.
    pub filtered: Count,
    /// Rows replaced by a later one of the same key.
    pub replaced: Count,
    /// Rows after the as-of date.
    pub later: Count,
    /// Cells made null because they were bad.
    pub nulled: Count,
    /// Cells made null because they only tell a bound of their number.
    pub bounds: Count,
    /// Rows left out because they are totals of others.
    pub totals: Count,
    /// Null cells by column; those without any left out.
    pub nulls: Vec<(String, Count)>,
    /// The first bad cells.
    pub rejections: Vec<RejectionText>,
    /// The titles of the KPIs that it feeds.
    pub kpis: Vec<String>,
}

/// A count of rows or bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Count {
    /// The number.
    pub raw: u64,
    /// As it is read.
    pub text: String,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileText {
    /// Its path.
    pub path: String,
    /// Its size: `12.3 kB`.
    pub bytes: Count,
    /// Rows below the header.
    pub rows: Count,
    /// Rows that counted.
    pub used: Count,
    /// Rows left out because of a bad cell.
    pub rejected: Count,
    /// A hash of its content, in hexadecimal.
    pub hash: String,
}

/// A bad cell that did not stop the build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RejectionText {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u64,
    /// The column's name in the spec.
    pub column: String,
    /// What stood there.
    pub cell: String,
    /// Why it is bad.
    pub reason: String,
}
