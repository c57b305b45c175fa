//! A KPI that no report shows, in a project that declares reports.

use std::collections::BTreeSet;

use super::Subject;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::MeasureId;

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    if subject.model.reports.is_empty() {
        return;
    }
    let sections = subject.model.reports.iter().flat_map(|r| &r.sections);
    let mut shown: BTreeSet<MeasureId> = BTreeSet::new();
    for section in sections {
        shown.extend(&section.kpis);
        shown.extend(section.figures.iter().flat_map(|f| &f.measures));
    }
    for (id, measure, _) in subject.kpis().filter(|(id, ..)| !shown.contains(id)) {
        if subject.model.measure(id).lacks.is_empty() {
            let message = format!("KPI `{}` is on no report", measure.name);
            let help = "name it in a section's `kpis:`, or retire it";
            let found = Diagnostic::new(&codes::KPI_ON_NO_REPORT, message);
            out.push(found.at(measure.span, "nobody sees it").help(help));
        }
    }
}
