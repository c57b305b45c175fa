//! A target that is a direction alone: the M of SMART, measurable.

use super::Subject;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::TargetValue;

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    for (_, measure, purpose) in subject.kpis() {
        for target in &purpose.targets {
            let direction = matches!(target.value, TargetValue::Increase | TargetValue::Decrease);
            if direction && subject.is_own(target.span) {
                let message = format!("the target of `{}` is a direction alone", measure.name);
                let help = "say by how much, as in `+5% over previous`, or up to where";
                let found = Diagnostic::new(&codes::DIRECTION_ONLY, message);
                out.push(found.at(target.span, "no value").help(help));
            }
        }
    }
}
