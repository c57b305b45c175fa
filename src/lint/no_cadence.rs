//! A KPI that does not say how often it is looked at: the T of SMART, time-bound.

use super::{Subject, lacking};
use crate::diagnostic::{Diagnostic, codes};

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let written = subject.written();
    for (_, measure, _) in subject.kpis() {
        if written.get(&*measure.key).is_some_and(|w| w.cadence.is_none()) {
            let help = "write `cadence: monthly`, which is what it is taken for, or another one";
            out.push(lacking(&codes::NO_CADENCE, measure, "cadence", help));
        }
    }
}
