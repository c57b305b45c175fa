//! A target that took the place of another one, and nobody says why.

use super::Subject;
use crate::diagnostic::{Diagnostic, codes};

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    for (_, measure, purpose) in subject.kpis() {
        for target in purpose.targets.iter().filter(|t| t.because.is_none()) {
            let earlier = |other: &crate::model::Target| {
                other.scope == target.scope && other.from < target.from
            };
            if purpose.targets.iter().any(earlier) && subject.is_own(target.span) {
                let message =
                    format!("a target of `{}` was changed without a reason", measure.name);
                let help = "say why, as in `because market \"Two rivals have opened\"`; the words \
                            before it are `campaign strategy market competition method insufficient`";
                let found = Diagnostic::new(&codes::TARGET_WITHOUT_REASON, message);
                out.push(found.at(target.span, "in place of an earlier one").help(help));
            }
        }
    }
}
