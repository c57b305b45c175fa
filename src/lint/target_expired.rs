//! A target on a path whose deadline has passed, and that none has followed: the T of SMART.

use super::Subject;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::TargetValue;
use crate::model::measure::{Path, Target};

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    for (_, measure, purpose) in subject.kpis() {
        for target in &purpose.targets {
            let Some(path) = path_of(&target.value) else { continue };
            let due = path.to.1;
            let followed = purpose
                .targets
                .iter()
                .any(|other| other.scope == target.scope && since(other) > since(target));
            if due < subject.today && !followed && subject.is_own(target.span) {
                let message = format!("the deadline of a target of `{}` has passed", measure.name);
                let help = "set the next target, `from` the day after, with its reason; until then \
                            the last value of the path holds";
                let found = Diagnostic::new(&codes::TARGET_EXPIRED, message);
                out.push(found.at(target.span, "its deadline has passed").help(help));
            }
        }
    }
}

fn path_of(value: &TargetValue) -> Option<&Path> {
    match value {
        TargetValue::Path(path) | TargetValue::Corridor(path, _) => Some(path),
        _ => None,
    }
}

/// The day from which a target holds.
fn since(target: &Target) -> Option<crate::time::Date> {
    target.from.or_else(|| path_of(&target.value).map(|path| path.starting.1))
}
