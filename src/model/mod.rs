//! The checked program: every name resolved, every unit known, every date a real day.
//!
//! [`check`] takes the syntax trees of all files and gives a [`Model`] with diagnostics. Where
//! there is an error, the model is still given for what can be said of the rest, but nothing may
//! be computed from it.

pub mod claim;
mod encoding;
pub mod experiment;
pub mod formula;
pub mod items;
pub mod measure;
pub(crate) mod pattern;
pub mod preset;
pub mod review;
pub mod row;
pub mod source;

mod check;
mod nodes;

pub use check::{Headers, InputRequest, check, functions, inputs};
pub use claim::{Claim, Status, Test, TestLine};
pub use experiment::{Experiment, TrialKind};
pub use formula::{Aggregate, AggregateId, AggregateOp, Formula, Node};
pub use items::{
    Channel, ChannelBlock, ChannelName, Compare, Event, Figure, FigureKind, Goal, GoalId, Note,
};
pub use items::{ReportSpec, Review, Section};
pub use measure::{Because, Direction, Measure, MeasureId, MeasureKind, Purpose, Scope, Target};
pub use measure::{TargetValue, Trigger};
pub(crate) use nodes::each_node;
pub use review::ReviewDue;
pub use row::{ColumnId, RowExpr};
pub use source::{Column, ColumnOrigin, ColumnType, Lookup, Matching, Source, SourceId};

use crate::diagnostic::Diagnostic;
use crate::time::{Calendar, Zone};
use crate::value::Currency;

/// The whole project, checked.
#[derive(Clone, Debug)]
pub struct Model {
    /// What the `project` block says, or the defaults.
    pub settings: Settings,
    /// Sources in order of file and place.
    pub sources: Vec<Source>,
    /// Metrics and KPIs in order of file and place.
    pub measures: Vec<Measure>,
    /// The aggregates that formulas use, each once.
    pub aggregates: Vec<Aggregate>,
    /// Blocks of channels.
    pub channels: Vec<ChannelBlock>,
    /// Goals.
    pub goals: Vec<Goal>,
    /// Events by first day.
    pub events: Vec<Event>,
    /// Notes.
    pub notes: Vec<Note>,
    /// Reviews.
    pub reviews: Vec<Review>,
    /// Experiments.
    pub experiments: Vec<Experiment>,
    /// Tests.
    pub tests: Vec<Test>,
    /// Reports; empty where the project declares none.
    pub reports: Vec<ReportSpec>,
}

impl Model {
    /// The measure of an id.
    pub fn measure(&self, id: MeasureId) -> &Measure {
        &self.measures[id.0 as usize]
    }

    /// The aggregate of an id.
    pub fn aggregate(&self, id: AggregateId) -> &Aggregate {
        &self.aggregates[id.0 as usize]
    }

    /// The source of an id.
    pub fn source(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// The sources that some sources look up, over others or not, in order.
    pub fn looked_up(&self, sources: &[SourceId]) -> Vec<SourceId> {
        let mut found = std::collections::BTreeSet::new();
        let mut todo = sources.to_vec();
        while let Some(id) = todo.pop() {
            let others = self.source(id).lookups.iter().map(|l| l.source);
            todo.extend(others.filter(|other| found.insert(*other)));
        }
        found.into_iter().collect()
    }

    /// The measure of a name as compared.
    pub fn find(&self, key: &str) -> Option<MeasureId> {
        self.measures.iter().position(|m| m.key == key).map(|i| MeasureId(i as u32))
    }

    /// What must be told where a measure is asked for by name and nothing defines its inputs.
    pub fn missing_input(&self, id: MeasureId) -> Option<Diagnostic> {
        check::asked_for(self.measure(id), &self.measures)
    }

    /// All KPIs in order.
    pub fn kpis(&self) -> impl Iterator<Item = (MeasureId, &Measure)> {
        let all = self.measures.iter().enumerate();
        all.filter(|(_, m)| m.purpose.is_some()).map(|(i, m)| (MeasureId(i as u32), m))
    }

    /// The channel that a member of a channel column is, by its name as compared.
    pub fn channel(&self, name: &str) -> Option<&Channel> {
        self.channels.iter().flat_map(|b| &b.channels).find(|c| c.key == name)
    }
}

/// A text with its variants by language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localized {
    /// The plain one.
    pub plain: String,
    /// By language tag, sorted.
    pub variants: Vec<(String, String)>,
}

impl Localized {
    /// A text without variants.
    pub fn new(plain: impl Into<String>) -> Self {
        Self { plain: plain.into(), variants: Vec::new() }
    }

    /// The variant of a language, else the plain text.
    pub fn get(&self, language: &str) -> &str {
        self.variants.iter().find(|(l, _)| l == language).map_or(&self.plain, |(_, t)| t)
    }
}

/// What a `project` block settles.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The project's title; the folder's name where none is written.
    pub title: Localized,
    /// What `money` without a currency is.
    pub currency: Option<Currency>,
    /// UTC where none is written.
    pub timezone: Zone,
    /// Calendar, weeks and fiscal years.
    pub calendar: Calendar,
    /// The language of reports.
    pub locale: String,
}
