//! Which aggregates the wanted measures use, and by which dimensions.

use std::collections::{BTreeMap, BTreeSet};

use super::Request;
use crate::model::formula::Condition;
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
            if let TargetValue::Formula(node) = &target.value {
                wants.node(node, &sets);
            }
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

/// Calls `visit` with a node and every node below it.
pub(crate) fn each_node(node: &Node, visit: &mut dyn FnMut(&Node)) {
    visit(node);
    match node {
        Node::Value(_) | Node::Measure(_) | Node::Aggregate(_) | Node::Attainment(_) => {}
        Node::Negate(a)
        | Node::Over(_, a)
        | Node::Each(_, _, a)
        | Node::Share(a)
        | Node::Total(a, _)
        | Node::Convert(a, _, _) => each_node(a, visit),
        Node::Sum(terms) => terms.iter().for_each(|(_, n)| each_node(n, visit)),
        Node::Product(factors) => factors.iter().for_each(|(_, n)| each_node(n, visit)),
        Node::Default(all) | Node::Function(_, all) => all.iter().for_each(|n| each_node(n, visit)),
        Node::If(condition, a, b) => {
            each_node_of_condition(condition, visit);
            each_node(a, visit);
            each_node(b, visit);
        }
    }
}

fn each_node_of_condition(condition: &Condition, visit: &mut dyn FnMut(&Node)) {
    match condition {
        Condition::Compare(a, _, b) => {
            each_node(a, visit);
            each_node(b, visit);
        }
        Condition::IsNull(a) => each_node(a, visit),
        Condition::And(all) | Condition::Or(all) => {
            for c in all {
                each_node_of_condition(c, visit);
            }
        }
        Condition::Not(a) => each_node_of_condition(a, visit),
    }
}
