//! A KPI that nobody answers for: the A of SMART, assignable.

use super::{Subject, lacking};
use crate::diagnostic::{Diagnostic, codes};

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    for (_, measure, _) in subject.kpis().filter(|(_, _, purpose)| purpose.owner.is_none()) {
        let help = "name a role or a team, as in `owner: \"web team\"`";
        out.push(lacking(&codes::NO_OWNER, measure, "owner", help));
    }
}
