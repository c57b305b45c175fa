//! The report as a tree: what is said, in the reader's words and digits, without a word about how
//! it looks. It is the JSON output and what templates are given; `docs/templates.md` describes it.
//!
//! Wherever there is a number there are two texts: `raw`, the exact decimal in base units (0.0275,
//! seconds), and `text`, as the reader's language writes it (`2.75%`).

mod appendix;
mod chart;
mod experiment;
mod index;

use serde::Serialize;

pub use appendix::{
    Count, Due, DueKind, EventText, FileText, Improvement, Note, RejectionText, SourceFacts,
    TargetChange,
};
pub use chart::{
    Better, Chart, ChartKind, ChartPoint, ChartUnit, EventMark, Held, Series, Spark, TargetLine,
};
pub use experiment::{Experiment, ExperimentRow};
pub use index::{Index, IndexReport, Issue};

/// The version of the tree; it rises when a field changes its meaning or goes away.
pub const VERSION: u32 = 1;

/// The JSON Schema (2020-12) of a report's JSON.
#[cfg(feature = "schema")]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Document).to_value()
}

/// A whole report.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Document {
    /// [`VERSION`].
    pub version: u32,
    /// The program and its version: `Sanjeh 0.1.0`.
    pub generator: String,
    /// The report's name: the name of its files.
    pub name: String,
    /// The language it is written in.
    pub language: LanguageTag,
    /// Which way time runs on its charts: `ltr` or `rtl`.
    pub time_axis: String,
    /// The report's title.
    pub title: String,
    /// The project's title.
    pub project: String,
    /// The period that the report is about.
    pub period: PeriodText,
    /// Its days, first to last, in the project's calendar; where that is not the Gregorian one, in
    /// that one too.
    pub dates: Vec<String>,
    /// What it compares with, in the order of the columns.
    pub comparisons: Vec<Comparison>,
    /// The last day whose data count.
    pub as_of: DateText,
    /// What the report is for.
    pub purpose: Option<String>,
    /// The questions that it answers.
    pub questions: Vec<String>,
    /// How many KPIs are where.
    pub state: StateLine,
    /// The report in a sentence or two.
    pub takeaway: String,
    /// Sections in order: those of the spec, or one a goal.
    pub sections: Vec<Section>,
    /// The channel scorecard: one group a channel; empty where no KPI names channels.
    pub channels: Vec<ChannelGroup>,
    /// Experiments that its KPIs decide.
    pub experiments: Vec<Experiment>,
    /// Current, target, what to improve: one row a KPI.
    pub improvements: Vec<Improvement>,
    /// Targets that took effect in the time that charts show, latest first.
    pub target_changes: Vec<TargetChange>,
    /// Reviews and data that are due, overdue first.
    pub due: Vec<Due>,
    /// Notes on the periods shown, latest first.
    pub notes: Vec<Note>,
    /// Events in the time that charts show, in order.
    pub events: Vec<EventText>,
    /// Where the numbers come from: one a source.
    pub sources: Vec<SourceFacts>,
}

/// A language and how it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LanguageTag {
    /// `en`, `fa`
    pub tag: String,
    /// `ltr` or `rtl`
    pub direction: String,
}

/// A day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DateText {
    /// Gregorian, ISO.
    pub raw: String,
    /// As it is read: `30 June 2026`.
    pub text: String,
}

/// A period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PeriodText {
    /// As the spec writes it: `2026-06`.
    pub label: String,
    /// As it is read: `June 2026`.
    pub text: String,
    /// As short as can be, for an axis: `Jun`.
    pub short: String,
    /// What stands below `short` where it changes: `2026`; may be empty.
    pub year: String,
    /// The first day, Gregorian, ISO.
    pub start: String,
    /// The last day, Gregorian, ISO.
    pub end: String,
}

/// What a report compares with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comparison {
    /// `previous` or `last_year`
    pub kind: ComparisonKind,
    /// The column's head: `vs previous`.
    pub heading: String,
    /// The period of the report compared with: `May 2026`.
    pub text: String,
}

/// What is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ComparisonKind {
    /// The period before.
    Previous,
    /// The same period a year before.
    LastYear,
}

/// A number with its unit, or the reason why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Quantity {
    /// Whether there is a number, and which of the three ways there is none.
    pub state: ValueState,
    /// Exact, in base units, without trailing zeros; sums are exact, quotients carry 18
    /// significant digits.
    pub raw: Option<String>,
    /// As it is read; the state's word where there is no number.
    pub text: String,
    /// `percent`, `USD`, `seconds`, `count`, `number`, `points`, or the user's own word.
    pub unit: String,
    /// Why there is no number.
    pub reason: Option<String>,
}

/// The states of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ValueState {
    /// There is one; it may be zero.
    Value,
    /// The source covers the period but has no rows there.
    NoData,
    /// The source does not reach the period.
    NotCovered,
    /// It cannot be computed: division by zero and the like.
    Undefined,
}

/// A target as it holds in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TargetLevel {
    /// `0.03`, or `0.02..0.04` of a range.
    pub raw: String,
    /// As it is read.
    pub text: String,
    /// The lower border; the value itself where it is no range.
    pub low: String,
    /// The upper border; the value itself where it is no range.
    pub high: String,
}

/// How a KPI stands: always a word and a shape, with the colour on top.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatusText {
    /// What it is.
    pub code: StatusCode,
    /// The word: `On track`.
    pub word: String,
    /// Whether it is beyond the target by more than the tolerance.
    pub exceeded: bool,
    /// The rule that set it, in words.
    pub rule: String,
}

/// The statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StatusCode {
    /// Missed by more than the tolerance.
    OffTrack,
    /// Missed within the tolerance.
    AtRisk,
    /// Reached.
    OnTrack,
    /// A target, but no value.
    NoData,
    /// No target in force.
    NoTarget,
    /// Too early in the period to tell.
    Pending,
}

/// A change against a reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangeText {
    /// What it is compared with.
    pub kind: ComparisonKind,
    /// Where the value went: the arrow.
    pub direction: Movement,
    /// Whether that is good: the colour.
    pub favour: Favour,
    /// The change as it is read first: relative, or points of a percent KPI.
    pub text: String,
    /// In the KPI's unit, or points.
    pub absolute: Option<Quantity>,
    /// As a share of the reference; none of percent KPIs, and none from zero.
    pub relative: Option<Quantity>,
    /// The reference's value.
    pub from: Quantity,
    /// The period compared with.
    pub reference: PeriodText,
    /// `first 12 days`, where only a part of it is compared with.
    pub part: Option<String>,
}

/// Where a value went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// It rose.
    Up,
    /// It fell.
    Down,
    /// It stayed.
    Flat,
    /// There is nothing to compare.
    None,
}

/// Whether a movement is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Favour {
    /// The better way.
    Better,
    /// The worse way.
    Worse,
    /// Neither, or the KPI does not say which way is good.
    Neutral,
}

/// How many KPIs are where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StateLine {
    /// All KPIs of the report.
    pub total: usize,
    /// One a status, in the order on track, at risk, off track, no data, no target, pending; all
    /// of the first three, the others only where there are any.
    pub counts: Vec<StateCount>,
    /// `9 on track, 3 at risk, 2 off track`
    pub text: String,
}

/// How many KPIs have a status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StateCount {
    /// The status.
    pub code: StatusCode,
    /// Its word.
    pub word: String,
    /// How many.
    pub count: usize,
}

/// A section: a part of the scorecard, then its KPIs one by one, then its figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Section {
    /// Unique in the document; letters, digits and dashes.
    pub id: String,
    /// Its title.
    pub title: String,
    /// `due 31 December 2026, owner CMO`: what is known of the goal; may be empty.
    pub subtitle: String,
    /// Its paragraphs.
    pub text: Vec<String>,
    /// Its scorecard.
    pub rows: Vec<ScoreRow>,
    /// The KPIs that no section before it has told of.
    pub kpis: Vec<Kpi>,
    /// Charts and tables that the spec asks for.
    pub figures: Vec<Figure>,
}

/// A KPI's row in a scorecard.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScoreRow {
    /// The KPI's id: where its own part is.
    pub kpi: String,
    /// Its title.
    pub title: String,
    /// `USD`, `visitors`; empty where the value says it.
    pub unit_label: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last closed period of its cadence.
    pub period: PeriodText,
    /// Whether that is another one than the report's.
    pub own_period: bool,
    /// What it came to.
    pub value: Quantity,
    /// What it was to come to.
    pub target: Option<TargetLevel>,
    /// Value over target, turned over where less is better.
    pub attainment: Option<Quantity>,
    /// How it stands.
    pub status: StatusText,
    /// Against each of the document's comparisons, in their order.
    pub changes: Vec<ChangeText>,
    /// The values of the time before.
    pub spark: Spark,
    /// The open period, where there is one.
    pub open: Option<OpenPeriod>,
    /// What is to be known of the value: that it is a total, that it is partial.
    pub remark: Option<String>,
}

/// A period that is not over.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenPeriod {
    /// The period.
    pub period: PeriodText,
    /// `12 of 30 days`
    pub progress: String,
    /// So far.
    pub value: Quantity,
    /// Against as many days of the period before.
    pub change: Option<ChangeText>,
    /// How its pace stands.
    pub status: StatusText,
    /// What the days that are left must bring to reach the target, or may where less is better:
    /// `40 on each of the 18 days left`; only of totals that have a target.
    pub needed: Option<String>,
}

/// A channel's part of the channel scorecard.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChannelGroup {
    /// How reports call the channel.
    pub title: String,
    /// One a KPI that applies to it.
    pub rows: Vec<ScoreRow>,
}

/// All about one KPI.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Kpi {
    /// Unique in the document; letters, digits and dashes.
    pub id: String,
    /// Its name in the spec.
    pub name: String,
    /// Its row of the scorecard, once more.
    pub score: ScoreRow,
    /// What happened, in a sentence or two.
    pub takeaway: String,
    /// Values over time.
    pub trend: Chart,
    /// By dimension.
    pub breakdowns: Vec<Breakdown>,
    /// How it is computed and who answers for it.
    pub definition: Definition,
    /// All targets, latest first.
    pub targets: Vec<TargetRow>,
    /// What is to be done about it.
    pub improve: Vec<String>,
    /// Its notes, latest first.
    pub notes: Vec<Note>,
}

/// How a KPI is computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Definition {
    /// The formula as it was written.
    pub formula: String,
    /// The formulas of the metrics that it names, name and formula.
    pub inputs: Vec<(String, String)>,
    /// `percent`, `USD`, ...
    pub unit: String,
    /// `Higher is better.`
    pub better: String,
    /// When it is on track and when at risk, in words.
    pub rule: String,
    /// `monthly`
    pub cadence: String,
    /// The goal that it serves.
    pub goal: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What is explained about it, paragraph by paragraph.
    pub about: Vec<String>,
    /// Where it set out from, and when.
    pub baseline: Option<String>,
    /// What others reach, and who says so.
    pub benchmark: Option<String>,
    /// The names of its sources.
    pub sources: Vec<String>,
    /// Where the spec defines it.
    pub place: PlaceText,
}

/// A place in the spec.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlaceText {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u64,
}

/// A target in a KPI's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TargetRow {
    /// `3%`; as the spec has it where it is no plain value.
    pub text: String,
    /// `Email`, where it is not for the total.
    pub scope: Option<String>,
    /// From when.
    pub from: Option<DateText>,
    /// `strategy`, `market`: what set it off.
    pub trigger: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Whether it is in force on the last day shown.
    pub in_force: bool,
    /// Where the spec has it.
    pub place: PlaceText,
}

/// A chart or a table of the spec.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Figure {
    /// Unique in the document.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// The chart; none of a table.
    pub chart: Option<Chart>,
    /// The numbers.
    pub table: Table,
    /// What is to be known: that parts do not add up, that some are left out.
    pub remarks: Vec<String>,
}

/// A KPI by the members of a dimension.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Breakdown {
    /// Unique in the document.
    pub id: String,
    /// The dimension as it is read: `Channel`.
    pub dimension: String,
    /// The period.
    pub period: PeriodText,
    /// The bars, largest first.
    pub chart: Chart,
    /// Members, largest first.
    pub rows: Vec<BreakdownRow>,
    /// Whether shares are shown: only of values that add up.
    pub shares: bool,
    /// What is to be known.
    pub remarks: Vec<String>,
}

/// A member's value.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BreakdownRow {
    /// The member as it is read.
    pub member: String,
    /// Its value.
    pub value: Quantity,
    /// The bar's length, 0 to 100, against the largest; negative values to the other side.
    pub length: i32,
    /// Its share of the total.
    pub share: Option<Quantity>,
    /// Against the period before.
    pub change: Option<ChangeText>,
    /// The target that names it.
    pub target: Option<TargetLevel>,
    /// How it stands against that.
    pub status: Option<StatusText>,
}

/// A table: heads and rows of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The columns.
    pub columns: Vec<TableColumn>,
    /// The rows; the first cell is the row's head.
    pub rows: Vec<Vec<TableCell>>,
}

/// A column's head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TableColumn {
    /// Its title.
    pub title: String,
    /// Whether it holds numbers, which are set flush to the end.
    pub numeric: bool,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TableCell {
    /// As it is read.
    pub text: String,
    /// The number behind it.
    pub raw: Option<String>,
}
