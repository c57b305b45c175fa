//! A KPI that nothing is asked of: the M of SMART, measurable.

use super::{Subject, lacking};
use crate::diagnostic::{Diagnostic, codes};

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    for (_, measure, _) in subject.kpis().filter(|(_, _, purpose)| purpose.targets.is_empty()) {
        let help = "write what is to be reached, as in `target: 3% from 2026-01-01`; make it a \
                    `metric` if nothing is to be";
        out.push(lacking(&codes::NO_TARGET, measure, "target", help));
    }
}
