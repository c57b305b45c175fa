//! `better` says one way, the target goes the other.

use super::Subject;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Direction, TargetValue};

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    for (_, measure, purpose) in subject.kpis() {
        for target in &purpose.targets {
            let rises = match &target.value {
                TargetValue::Path(path) if path.to.0 > path.starting.0 => true,
                TargetValue::Path(path) if path.to.0 < path.starting.0 => false,
                TargetValue::Increase => true,
                TargetValue::Decrease => false,
                _ => continue,
            };
            let (better, against) = match (purpose.better, rises) {
                (Some(Direction::Higher), false) => ("higher", "falls"),
                (Some(Direction::Lower), true) => ("lower", "rises"),
                _ => continue,
            };
            if subject.is_own(target.span) {
                let message =
                    format!("`{}` is better {better}, and its target {against}", measure.name);
                let help = "turn one of the two round; allow it where less is asked on purpose";
                let found = Diagnostic::new(&codes::BETTER_AGAINST_PATH, message);
                out.push(found.at(target.span, format!("it {against}")).help(help));
            }
        }
    }
}
