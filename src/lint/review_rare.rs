//! A definition that is looked at more seldom than every three months.

use super::Subject;
use crate::diagnostic::{Diagnostic, codes};
use crate::time::Grain;

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let written = subject.written();
    for (_, measure, purpose) in subject.kpis() {
        if purpose.review == Some(Grain::Year) {
            let property = written.get(&*measure.key).and_then(|w| w.review.as_ref());
            let at = property.map_or(measure.span, |p| p.value.span);
            let message =
                format!("the definition of `{}` is reviewed less than every quarter", measure.name);
            let found = Diagnostic::new(&codes::REVIEW_RARE, message).at(at, "once a year");
            out.push(found.help("write `review: quarterly`, or allow it with a reason"));
        }
    }
}
