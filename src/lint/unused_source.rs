//! A source that no formula and no lookup reads.

use std::collections::BTreeSet;

use super::Subject;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::SourceId;

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let model = subject.model;
    let mut used: BTreeSet<SourceId> = model.aggregates.iter().map(|a| a.source).collect();
    used.extend(model.sources.iter().flat_map(|s| &s.lookups).map(|l| l.source));
    for (place, source) in model.sources.iter().enumerate() {
        if !used.contains(&SourceId(place as u32)) && subject.is_own(source.span) {
            let message = format!("source `{}` is used nowhere", source.name);
            let help = "leave it out, or compute something of its rows";
            let found = Diagnostic::new(&codes::UNUSED_SOURCE, message);
            out.push(found.at(source.span, "used nowhere").help(help));
        }
    }
}
