//! A definition that was to be looked at again by now, of a KPI that says how often it is looked
//! at or that was looked at before: where nobody has begun with reviews, none is overdue.

use super::Subject;
use crate::diagnostic::{Diagnostic, codes};

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    for (id, measure, purpose) in subject.kpis() {
        let due = subject.model.review_due(id, subject.today);
        let overdue = due.is_some_and(|due| {
            (purpose.review.is_some() || due.last.is_some()) && due.is_overdue(subject.today)
        });
        if overdue {
            let message = format!("the review of `{}` is overdue", measure.name);
            let help = "look at the definition, and write what was decided: \
                        `review NAME on DAY { decision: keep }`; `kpi review` says since when";
            let found = Diagnostic::new(&codes::REVIEW_OVERDUE, message);
            out.push(found.at(measure.span, "not looked at in time").help(help));
        }
    }
}
