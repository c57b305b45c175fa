//! Metrics and KPIs, checked.

use super::Localized;
use super::formula::{Formula, Node};
use super::items::{ChannelName, GoalId};
use super::source::SourceId;
use crate::source::Span;
use crate::time::{Date, Grain, Period};
use crate::value::{Number, Unit};

/// A metric or KPI, by its place in [`Model::measures`](super::Model::measures).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MeasureId(pub u32);

/// Whether a measure has a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureKind {
    /// `metric`
    Metric,
    /// `kpi`
    Kpi,
}

/// A metric or a KPI.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Its name as written.
    pub name: String,
    /// Its name as compared.
    pub key: String,
    /// Which of the two.
    pub kind: MeasureKind,
    /// How reports call it; the name where none is written.
    pub title: Localized,
    /// Where the name stands.
    pub span: Span,
    /// What is computed; none for an input that nothing defines.
    pub formula: Option<Formula>,
    /// In what it is measured: declared, else what the formula gives.
    pub unit: Unit,
    /// The user's own word for it.
    pub unit_word: Option<Localized>,
    /// The sources that it is computed from, through other measures too, in order.
    pub sources: Vec<SourceId>,
    /// The dimensions that all of them share, as compared, sorted; `weekday` aside.
    pub dimensions: Vec<String>,
    /// Whether its values over parts of a period (or of the rows) add up to the whole's.
    pub additive: Additivity,
    /// The inputs that it needs and nothing defines, in order: as long as there is one, it has no
    /// values and no report shows it.
    pub lacks: Vec<MeasureId>,
    /// What is explained about it.
    pub about: Localized,
    /// The definition that it is another one of.
    pub variant_of: Option<MeasureId>,
    /// The purpose; only of a KPI.
    pub purpose: Option<Box<Purpose>>,
}

/// Whether values of parts add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Additivity {
    /// Sums and counts, and sums of them.
    Additive,
    /// Ratios, means, levels, distinct counts.
    NotAdditive,
}

/// What makes a metric a KPI.
#[derive(Clone, Debug)]
pub struct Purpose {
    /// Which way is good; none where it is not said.
    pub better: Option<Direction>,
    /// Its targets in the order written.
    pub targets: Vec<Target>,
    /// Where it set out from.
    pub baseline: Option<(Number, String)>,
    /// What others reach, and who says so.
    pub benchmark: Option<(Number, String)>,
    /// The share of the target that it may be missed by and be at risk only.
    pub tolerance: Number,
    /// The periods that it is judged by; the first judges. Monthly where none is written.
    pub cadences: Vec<Grain>,
    /// How often the definition is looked at.
    pub review: Option<Grain>,
    /// The channels that it applies to.
    pub channels: Vec<ChannelName>,
    /// The breakdowns that reports show, as compared.
    pub by: Vec<String>,
    /// The goal that it serves.
    pub goal: Option<GoalId>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What to do about it.
    pub improve: Localized,
}

/// Which way is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Inside a range is good.
    Within,
}

/// A target with its clauses.
#[derive(Clone, Debug)]
pub struct Target {
    /// What is to be reached.
    pub value: TargetValue,
    /// The first day that it holds; from ever where it is not said.
    pub from: Option<Date>,
    /// `per year`
    pub per: Option<Grain>,
    /// The member of a dimension that it is for; the total where there is none.
    pub scope: Option<Scope>,
    /// Why it was set.
    pub because: Option<Because>,
    /// As it was written.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// What a target asks for, in base units.
#[derive(Clone, Debug, PartialEq)]
pub enum TargetValue {
    /// A value.
    Value(Number),
    /// From the first to the second, both included.
    Range(Number, Number),
    /// A formula over data.
    Formula {
        /// The tree.
        node: Node,
        /// As it was written.
        text: String,
    },
    /// A straight path.
    Path(Path),
    /// A range whose borders each go a straight path, the lower one first.
    Corridor(Path, Path),
    /// A share (or points) over a reference.
    Relative {
        /// 0.2 for `+20%`; in base units for points.
        amount: Number,
        /// Whether the amount is added instead of multiplied.
        points: Points,
        /// Over what.
        over: Reference,
    },
    /// More than in the period before.
    Increase,
    /// Less than in the period before.
    Decrease,
}

/// A straight path from one value to another. Before its start and after its deadline it stays.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Value and day of the start.
    pub starting: (Number, Date),
    /// Value and day of the deadline.
    pub to: (Number, Date),
}

/// How a relative amount is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Points {
    /// `+2 points`: added.
    Added,
    /// `+20%`: a share on top.
    Share,
}

/// What a relative target refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// The period before.
    Previous,
    /// The same period a year before.
    LastYear,
    /// The KPI's baseline.
    Baseline,
    /// A period.
    Period(Period),
}

/// `for channel email`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The dimension, as compared.
    pub dimension: String,
    /// The member's text in the data (a channel's name).
    pub member: String,
}

/// Why a target was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    /// What set it off.
    pub trigger: Option<Trigger>,
    /// In words.
    pub text: String,
}

/// What sets off a new target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// `campaign`
    Campaign,
    /// `strategy`
    Strategy,
    /// `market`
    Market,
    /// `competition`
    Competition,
    /// `method`
    Method,
    /// `insufficient`
    Insufficient,
}
