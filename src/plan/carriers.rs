//! Which sources tell what has happened, and which what is planned.

use std::collections::BTreeSet;

use crate::model::{MeasureId, Model, Node, SourceId, TargetValue, each_node};

/// The sources that any formula of the project uses: their rows carry the as-of date. A metric
/// that targets alone name belongs to these.
pub(crate) fn sources_of_formulas(model: &Model) -> BTreeSet<SourceId> {
    let by_targets = named_by_targets(model);
    let ids = (0..model.measures.len() as u32).map(MeasureId);
    let roots = ids.filter(|id| model.measure(*id).purpose.is_some() || !by_targets.contains(id));
    // What a formula names has its sources too.
    let with_formula = roots.map(|id| model.measure(id)).filter(|m| m.formula.is_some());
    with_formula.flat_map(|m| m.sources.iter().copied()).collect()
}

/// The sources that targets alone use. Their rows after the as-of date count, as they are plans.
pub(super) fn sources_of_plans(model: &Model) -> BTreeSet<SourceId> {
    let mut found = BTreeSet::new();
    for node in formulas_of_targets(model) {
        each_node(node, &mut |node| match node {
            Node::Aggregate(id) => {
                found.insert(model.aggregate(*id).source);
            }
            Node::Measure(id) | Node::Attainment(id) => {
                found.extend(&model.measure(*id).sources);
            }
            _ => {}
        });
    }
    &found - &sources_of_formulas(model)
}

fn formulas_of_targets(model: &Model) -> impl Iterator<Item = &Node> {
    let purposes = model.measures.iter().filter_map(|m| m.purpose.as_deref());
    purposes.flat_map(|p| &p.targets).filter_map(|target| match &target.value {
        TargetValue::Formula { node, .. } => Some(node),
        _ => None,
    })
}

/// The measures that targets name, themselves or through others.
fn named_by_targets(model: &Model) -> BTreeSet<MeasureId> {
    let mut found = BTreeSet::new();
    let mut stack: Vec<&Node> = formulas_of_targets(model).collect();
    while let Some(node) = stack.pop() {
        each_node(node, &mut |node| {
            if let Node::Measure(id) | Node::Attainment(id) = node
                && found.insert(*id)
            {
                stack.extend(model.measure(*id).formula.as_ref().map(|f| &f.node));
            }
        });
    }
    found
}
