//! Which aggregates the wanted measures use, and by which dimensions.

use std::collections::{BTreeMap, BTreeSet};

use super::Request;
use crate::model::each_node;
use crate::model::{AggregateId, MeasureId, Model, Node, Purpose, TargetValue};

/// A set of dimensions as compared, sorted; none for the total.
pub(super) type Dimensions = Vec<String>;

/// The sets of dimensions by which each aggregate is needed.
pub(super) fn collect(
    model: &Model,
    request: &Request,
) -> BTreeMap<AggregateId, BTreeSet<Dimensions>> {
    let mut wants = Wants::default();
    for wanted in &request.measures {
        let mut sets: BTreeSet<Dimensions> = wanted.slices.iter().map(|d| normal(d)).collect();
        sets.insert(Vec::new());
        if let Some(purpose) = &model.measure(wanted.measure).purpose {
            sets.extend(scopes(purpose));
        }
        wants.measure(wanted.measure, &sets);
    }
    while let Some(id) = wants.queue.pop() {
        let sets = wants.measures[&id].clone();
        let measure = model.measure(id);
        if let Some(formula) = &measure.formula {
            wants.node(&formula.node, &sets);
        }
        for target in measure.purpose.iter().flat_map(|p| &p.targets) {
            if let TargetValue::Formula { node, .. } = &target.value {
                wants.node(node, &sets);
            }
        }
    }
    for experiment in &model.experiments {
        let by = vec![experiment.variant.clone()];
        let decides = wants.measures.get(&experiment.kpi).is_some_and(|sets| sets.contains(&by));
        for id in experiment.kind.aggregates().filter(|_| decides) {
            wants.aggregates.entry(id).or_default().insert(by.clone());
        }
    }
    wants.aggregates
}

/// The dimensions that targets `for` a member need.
fn scopes(purpose: &Purpose) -> impl Iterator<Item = Dimensions> {
    purpose.targets.iter().filter_map(|t| t.scope.as_ref()).map(|s| vec![s.dimension.clone()])
}

fn normal(dimensions: &[String]) -> Dimensions {
    let mut sorted = dimensions.to_vec();
    sorted.sort();
    sorted.dedup();
    sorted
}

#[derive(Default)]
struct Wants {
    measures: BTreeMap<MeasureId, BTreeSet<Dimensions>>,
    aggregates: BTreeMap<AggregateId, BTreeSet<Dimensions>>,
    /// Measures that got a new set since they were last looked at.
    queue: Vec<MeasureId>,
}

impl Wants {
    fn measure(&mut self, id: MeasureId, sets: &BTreeSet<Dimensions>) {
        let own = self.measures.entry(id).or_default();
        let before = own.len();
        own.extend(sets.iter().cloned());
        if own.len() > before {
            self.queue.push(id);
        }
    }

    fn node(&mut self, node: &Node, sets: &BTreeSet<Dimensions>) {
        each_node(node, &mut |node| match node {
            Node::Measure(id) | Node::Attainment(id) => self.measure(*id, sets),
            Node::Aggregate(id) => {
                self.aggregates.entry(*id).or_default().extend(sets.iter().cloned());
            }
            _ => {}
        });
    }
}
