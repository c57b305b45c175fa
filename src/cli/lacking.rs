//! KPIs that are left out because nothing defines their inputs.

use std::fmt::Write;

use crate::model::{Measure, Model};

/// The names of the inputs that a measure lacks.
pub(super) fn of(model: &Model, measure: &Measure) -> String {
    let names: Vec<&str> =
        measure.lacks.iter().map(|id| model.measure(*id).name.as_str()).collect();
    names.join(", ")
}

/// "note: 2 KPIs are left out, since nothing defines `users`, `page_views`", or nothing.
pub(super) fn note(model: &Model) -> Option<String> {
    let left: Vec<&Measure> =
        model.kpis().map(|(_, m)| m).filter(|m| !m.lacks.is_empty()).collect();
    let mut inputs: Vec<_> = left.iter().flat_map(|m| m.lacks.iter().copied()).collect();
    inputs.sort();
    inputs.dedup();
    let named: Vec<String> =
        inputs.iter().map(|id| format!("`{}`", model.measure(*id).name)).collect();
    let kpis = match left.as_slice() {
        [] => return None,
        [one] => format!("`{}` is", one.name),
        many => format!("{} KPIs are", many.len()),
    };
    Some(format!(
        "note: {kpis} left out, since nothing defines {} (`kpi list` shows which)\n",
        named.join(", ")
    ))
}

/// A line a KPI that lacks inputs: "`page_views` lacks sessions".
pub(super) fn each(model: &Model) -> String {
    let mut text = String::new();
    for (_, measure) in model.kpis().filter(|(_, m)| !m.lacks.is_empty()) {
        let _ = writeln!(text, "`{}` lacks {}", measure.name, of(model, measure));
    }
    text
}
