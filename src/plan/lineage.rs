//! Lineage: where numbers come from and where they go.

use std::collections::BTreeSet;

use crate::model::each_node;
use crate::model::measure::MeasureKind;
use crate::model::{MeasureId, Model, Node, TargetValue};

/// What a project defines, and what is made of what.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    /// Sources first, then metrics, KPIs, goals and reports, each in the order of the spec.
    pub nodes: Vec<Definition>,
    /// From what is used to what uses it, by their places in `nodes`, sorted.
    pub edges: BTreeSet<(usize, usize)>,
}

/// A node of the lineage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// What it is.
    pub kind: DefinitionKind,
    /// Its name as written.
    pub name: String,
    /// How reports call it; empty where it has no title of its own.
    pub title: String,
}

/// The kinds of definitions that are linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DefinitionKind {
    /// Rows come from it.
    Source,
    /// A metric.
    Metric,
    /// A KPI.
    Kpi,
    /// What KPIs serve.
    Goal,
    /// Where they are shown.
    Report,
}

impl DefinitionKind {
    /// The keyword.
    pub fn word(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Metric => "metric",
            Self::Kpi => "kpi",
            Self::Goal => "goal",
            Self::Report => "report",
        }
    }
}

/// The lineage of a project.
pub fn lineage(model: &Model) -> Lineage {
    let mut found = Lineage::default();
    let mut add = |kind, name: &str, title: &str| {
        let title = if title == name { String::new() } else { title.to_owned() };
        found.nodes.push(Definition { kind, name: name.to_owned(), title });
        found.nodes.len() - 1
    };
    let sources: Vec<usize> =
        model.sources.iter().map(|s| add(DefinitionKind::Source, &s.name, "")).collect();
    let mut measures = vec![0; model.measures.len()];
    for (kind, node) in
        [(MeasureKind::Metric, DefinitionKind::Metric), (MeasureKind::Kpi, DefinitionKind::Kpi)]
    {
        for (i, measure) in model.measures.iter().enumerate().filter(|(_, m)| m.kind == kind) {
            measures[i] = add(node, &measure.name, &measure.title.plain);
        }
    }
    let goals: Vec<usize> =
        model.goals.iter().map(|g| add(DefinitionKind::Goal, &g.key, &g.title.plain)).collect();
    let reports: Vec<usize> = model
        .reports
        .iter()
        .map(|r| add(DefinitionKind::Report, &r.name, &r.title.plain))
        .collect();
    for (i, source) in model.sources.iter().enumerate() {
        let joined = source.lookups.iter().map(|l| (sources[l.source.0 as usize], sources[i]));
        found.edges.extend(joined);
    }
    let of = |id: &MeasureId| measures[id.0 as usize];
    for (i, measure) in model.measures.iter().enumerate() {
        let targets = measure.purpose.iter().flat_map(|p| &p.targets);
        let targets = targets.filter_map(|t| match &t.value {
            TargetValue::Formula { node, .. } => Some(node),
            _ => None,
        });
        for node in measure.formula.iter().map(|f| &f.node).chain(targets) {
            each_node(node, &mut |node| match node {
                Node::Measure(id) | Node::Attainment(id) => {
                    found.edges.insert((of(id), measures[i]));
                }
                Node::Aggregate(id) => {
                    let source = model.aggregate(*id).source;
                    found.edges.insert((sources[source.0 as usize], measures[i]));
                }
                _ => {}
            });
        }
        if let Some(goal) = measure.purpose.as_ref().and_then(|p| p.goal) {
            found.edges.insert((measures[i], goals[goal.0 as usize]));
        }
    }
    for (report, place) in model.reports.iter().zip(&reports) {
        for section in &report.sections {
            let shown = section.kpis.iter().chain(section.figures.iter().flat_map(|f| &f.measures));
            found.edges.extend(shown.map(|id| (of(id), *place)));
        }
    }
    found
}
