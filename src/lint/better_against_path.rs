//! `better` says one way, the target goes the other.

use super::Subject;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::measure::Path;
use crate::model::{Direction, TargetValue};
use crate::value::Number;

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    for (_, measure, purpose) in subject.kpis() {
        for target in &purpose.targets {
            let Some(rises) = rises(&target.value) else { continue };
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

/// Whether a target moves up; none where it stays, or where its values are not known here.
fn rises(value: &TargetValue) -> Option<bool> {
    let way = |from: &Number, to: &Number| (from != to).then_some(to > from);
    let of_path = |path: &Path| way(&path.starting.0, &path.to.0);
    match value {
        TargetValue::Path(path) => of_path(path),
        // Borders that move apart move neither way.
        TargetValue::Corridor(low, high) => of_path(low).filter(|up| of_path(high) == Some(*up)),
        TargetValue::Relative { amount, .. } => way(&Number::ZERO, amount),
        TargetValue::Increase => Some(true),
        TargetValue::Decrease => Some(false),
        TargetValue::Value(_) | TargetValue::Range(..) | TargetValue::Formula { .. } => None,
    }
}
