//! Channels, goals, events, notes, reviews and reports, checked.

use super::Localized;
use super::measure::MeasureId;
use crate::source::Span;
use crate::time::{Date, Grain, Period, SpanUnit};

/// A goal, by its place in [`Model::goals`](super::Model::goals).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GoalId(pub u32);

/// A block of channels.
#[derive(Clone, Debug)]
pub struct ChannelBlock {
    /// Its name as compared.
    pub key: String,
    /// Where the name stands.
    pub span: Span,
    /// Its channels in order.
    pub channels: Vec<Channel>,
    /// The names, as written, of those that have rules, in order.
    pub ruled: Vec<String>,
}

impl ChannelBlock {
    /// The whole name of one of its channels.
    pub fn name_of(&self, channel: &Channel) -> ChannelName {
        ChannelName { block: self.key.clone(), channel: channel.key.clone() }
    }
}

/// A channel's whole name, as compared: `ga4.email`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelName {
    /// The block that it belongs to.
    pub block: String,
    /// Its name there.
    pub channel: String,
}

/// A channel.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Its name as written: the member's text in the data.
    pub name: String,
    /// Its name as compared.
    pub key: String,
    /// How reports call it; the name where none is written.
    pub title: Localized,
}

/// A goal.
#[derive(Clone, Debug)]
pub struct Goal {
    /// Its name as compared.
    pub key: String,
    /// How reports call it.
    pub title: Localized,
    /// When it is to be reached.
    pub due: Option<Date>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What is explained about it.
    pub about: Localized,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// What.
    pub title: Localized,
    /// Which measures it touches; all where none is named.
    pub affects: Vec<MeasureId>,
}

/// A note on a measure's period.
#[derive(Clone, Debug)]
pub struct Note {
    /// Of which measure.
    pub measure: MeasureId,
    /// Of which days.
    pub period: Period,
    /// What is to be known.
    pub text: Localized,
    /// Who says so.
    pub by: Option<String>,
}

/// A decision on a definition.
#[derive(Clone, Debug)]
pub struct Review {
    /// Of which measure.
    pub measure: MeasureId,
    /// The day.
    pub on: Date,
    /// `keep`, `change`, `retire`.
    pub decision: Option<String>,
    /// Why.
    pub note: Option<String>,
}

/// A report as the spec asks for it.
#[derive(Clone, Debug)]
pub struct ReportSpec {
    /// Its name as written: the name of its files.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// Its title.
    pub title: Localized,
    /// What it is for.
    pub purpose: Option<Localized>,
    /// The questions that it answers.
    pub questions: Vec<Localized>,
    /// How often it is written; monthly where it is not said.
    pub cadence: Grain,
    /// What it compares with; previous and last year where it is not said.
    pub compare: Vec<Compare>,
    /// How far charts look back.
    pub history: Option<(u32, SpanUnit)>,
    /// Its language, where it is another than the project's.
    pub locale: Option<String>,
    /// Whether time runs from right to left on its charts.
    pub time_turned: bool,
    /// Its sections in order.
    pub sections: Vec<Section>,
}

/// What a report compares with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compare {
    /// The period before.
    Previous,
    /// The same period a year before.
    LastYear,
    /// So many days before and after an event, by its place in the model.
    Around(u32, SpanUnit, usize),
}

/// A section of a report.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its title.
    pub title: Localized,
    /// Its text, paragraphs parted by blank lines.
    pub text: Localized,
    /// The KPIs of its scorecard.
    pub kpis: Vec<MeasureId>,
    /// Another comparison than the report's.
    pub compare: Option<Vec<Compare>>,
    /// Its charts and tables in order.
    pub figures: Vec<Figure>,
}

/// A chart or a table.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it looks like.
    pub kind: FigureKind,
    /// What it shows.
    pub measures: Vec<MeasureId>,
    /// By which dimensions, as compared.
    pub by: Vec<String>,
    /// Only so many of the largest.
    pub top: Option<u32>,
    /// Where it is asked for.
    pub span: Span,
}

/// The looks of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FigureKind {
    /// A table.
    Table,
    /// Over time.
    Line,
    /// By size.
    Bar,
    /// Shares.
    Pie,
    /// Two dimensions.
    Heatmap,
    /// Steps.
    Funnel,
    /// Value against target.
    Bullet,
    /// The parts of a whole over time.
    Stacked,
    /// What a change is made of.
    Waterfall,
}
