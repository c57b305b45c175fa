//! A KPI that serves no goal: the R of SMART, relevant.

use super::{Subject, lacking};
use crate::diagnostic::{Diagnostic, codes};

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    for (_, measure, _) in subject.kpis().filter(|(_, _, purpose)| purpose.goal.is_none()) {
        let help =
            "say what it is good for: declare a `goal` and name it, as in `goal: grow_sales`";
        out.push(lacking(&codes::NO_GOAL, measure, "goal", help));
    }
}
