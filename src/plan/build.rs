//! From the model to the plan: one scan a source.

use std::collections::{BTreeMap, BTreeSet};

use super::bindings::Bindings;
use super::scan;
use super::wants;
use super::{Plan, Request};
use crate::model::{Model, SourceId};

/// What is to be read and added up for the wanted measures, and where each aggregate is found in
/// it.
///
/// Without `until` every source of any formula of the project is scanned, asked for or not: the
/// as-of date is the latest day that one of them reaches.
pub fn plan(model: &Model, request: &Request) -> (Plan, Bindings) {
    let mut by_source: BTreeMap<SourceId, Vec<scan::Wanted>> = BTreeMap::new();
    if request.until.is_none() {
        by_source.extend(sources_of_formulas(model).into_iter().map(|id| (id, Vec::new())));
    }
    for (id, sets) in wants::collect(model, request) {
        let aggregate = model.aggregate(id);
        let wanted = scan::Wanted { id, aggregate, sets };
        by_source.entry(aggregate.source).or_default().push(wanted);
    }
    let mut sources: Vec<(SourceId, Vec<scan::Wanted>)> = by_source.into_iter().collect();
    sources.sort_by_key(|(id, _)| &model.source(*id).key);

    let mut bindings = Bindings::default();
    let mut scans = Vec::new();
    for (id, wanted) in sources {
        bindings.scans.insert(id, scans.len());
        scans.push(scan::build(model.source(id), &wanted, request.until, &mut bindings));
    }
    (Plan { calendar: model.settings.calendar, scans }, bindings)
}

/// The sources that any formula of the project uses: their rows carry the as-of date.
pub(crate) fn sources_of_formulas(model: &Model) -> BTreeSet<SourceId> {
    let with_formula = model.measures.iter().filter(|m| m.formula.is_some());
    with_formula.flat_map(|m| m.sources.iter().copied()).collect()
}
