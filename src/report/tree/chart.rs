//! Charts: their data and their words; the drawing is a template's matter.

use serde::Serialize;

use super::{Favour, Quantity, TargetLevel};

/// A chart: its data and its words; the drawing is a template's matter.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Chart {
    /// Unique in the document; the name of its file.
    pub id: String,
    /// What it looks like.
    pub kind: ChartKind,
    /// Measure, unit, period and scenario.
    pub title: String,
    /// What it shows, for those who do not see it.
    pub summary: String,
    /// The unit of its scale.
    pub unit: ChartUnit,
    /// Lines, the rows of a heat map, or one series of bars, parts, steps or bullets.
    pub series: Vec<Series>,
    /// The target period by period, where there is one.
    pub target: Option<TargetLine>,
    /// Events to be marked.
    pub events: Vec<EventMark>,
}

/// A line without axes, for a table's row: closed periods only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Spark {
    /// Unique in the document; the name of its file.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// What it shows, for those who do not see it.
    pub summary: String,
    /// Values in base units; none where there is no value.
    pub values: Vec<Option<String>>,
    /// The target's lower border, value by value.
    pub targets: Vec<Option<String>>,
}

/// The looks of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChartKind {
    /// Over time.
    Line,
    /// By size.
    Bar,
    /// Shares of a whole, five at most.
    Pie,
    /// Rows by columns, each cell as strong as its value.
    Heatmap,
    /// Steps, each a part of the one before.
    Funnel,
    /// Values against their targets, each on a scale of its own.
    Bullet,
    /// The parts of a whole over time: a column a period.
    Stacked,
    /// From the value of the period before to that of this one, member by member: the first and the
    /// last point are values, those between them differences.
    Waterfall,
}

/// How the numbers of a scale are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChartUnit {
    /// `percent`, `USD`, `seconds`, `count`, `number`, or the user's own word.
    pub code: String,
    /// What stands at the axis: `USD`, `visitors`; empty where the numbers say it.
    pub label: String,
}

/// Points of one measure or member.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Series {
    /// What it is.
    pub title: String,
    /// Its colour, from 1 to 8, the same for a member in all charts of a report; 0 where colour
    /// says nothing, and for the other members.
    pub tone: u8,
    /// In order of the axis.
    pub points: Vec<ChartPoint>,
}

/// A point.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChartPoint {
    /// `June 2026`, or a member.
    pub label: String,
    /// For the axis: `Jun`.
    pub short: String,
    /// Below `short`: `2026`.
    pub year: String,
    /// Its value.
    pub value: Quantity,
    /// `12 of 30 days`, where its period is not over or not whole.
    pub partial: Option<String>,
    /// What stands beside its value: `45.2% of the step before`.
    pub note: Option<String>,
    /// What it is held against; of bullets only.
    pub held: Option<Held>,
    /// Its colour as a part of a whole, as that of a series.
    pub tone: u8,
    /// Whether a difference is for the better; of waterfalls only.
    pub favour: Option<Favour>,
}

/// What a bullet's value is held against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Held {
    /// The target in force.
    pub target: Option<TargetLevel>,
    /// Whether values above it are good, those below it, or those within it.
    pub better: Better,
    /// Where at risk ends and off track begins, in base units; none without a tolerance and of a
    /// range that values are to stay within.
    pub edge: Option<String>,
    /// The value of the period before.
    pub before: Option<Quantity>,
}

/// Which way is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// More.
    Higher,
    /// Less.
    Lower,
    /// Neither too much nor too little.
    Within,
}

/// A target, point by point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TargetLine {
    /// `Target`
    pub title: String,
    /// One a point of the axis; none where no target holds.
    pub levels: Vec<Option<TargetLevel>>,
}

/// An event's place on an axis of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventMark {
    /// Its number in the chart, from 1.
    pub number: usize,
    /// Where it begins, in thousandths of a point's period from the beginning of the axis.
    pub start: u64,
    /// Where its last day ends.
    pub end: u64,
    /// What.
    pub title: String,
    /// `27 to 30 November 2026`
    pub when: String,
}
