//! A metric that nothing is made of.

use std::collections::BTreeSet;

use super::Subject;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{MeasureId, Model, Node, TargetValue, each_node};

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let model = subject.model;
    // Where there is no KPI the metrics are what is asked for.
    if model.kpis().next().is_none() {
        return;
    }
    let used = used(model);
    for (place, measure) in model.measures.iter().enumerate() {
        let id = MeasureId(place as u32);
        let own = measure.purpose.is_none() && subject.is_own(measure.span);
        if own && measure.formula.is_some() && !used.contains(&id) {
            let message = format!("metric `{}` is used nowhere", measure.name);
            let help = "leave it out, or show it: in a formula, a chart, a table or a test";
            let found = Diagnostic::new(&codes::UNUSED_METRIC, message);
            out.push(found.at(measure.span, "used nowhere").help(help));
        }
    }
}

/// What a formula, a target, a figure or a test speaks of.
fn used(model: &Model) -> BTreeSet<MeasureId> {
    let mut used = BTreeSet::new();
    let mut visit = |node: &Node| match node {
        Node::Measure(id) | Node::Attainment(id) => {
            used.insert(*id);
        }
        _ => {}
    };
    for measure in &model.measures {
        measure.formula.iter().for_each(|f| each_node(&f.node, &mut visit));
        for target in measure.purpose.iter().flat_map(|p| &p.targets) {
            if let TargetValue::Formula { node, .. } = &target.value {
                each_node(node, &mut visit);
            }
        }
    }
    let figures = model.reports.iter().flat_map(|r| &r.sections).flat_map(|s| &s.figures);
    used.extend(figures.flat_map(|f| &f.measures));
    used.extend(model.tests.iter().flat_map(|t| &t.lines).map(|line| line.measure));
    used.extend(model.notes.iter().map(|n| n.measure));
    used.extend(model.events.iter().flat_map(|e| &e.affects));
    used
}
