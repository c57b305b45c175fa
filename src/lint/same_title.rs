//! Two KPIs of one title and two formulas: one of them is another definition, or misnamed.

use std::collections::BTreeMap;

use super::Subject;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::Measure;

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<String, &Measure> = BTreeMap::new();
    for (_, measure) in subject.model.kpis() {
        let title = measure.title.plain.trim().to_lowercase();
        let variant = measure.variant_of.is_some();
        if title.is_empty() || variant {
            continue;
        }
        let Some(other) = first.get(&title) else {
            first.insert(title, measure);
            continue;
        };
        let text = |m: &Measure| m.formula.as_ref().map(|f| f.text.clone());
        if text(other) != text(measure) && subject.is_own(measure.span) {
            let message =
                format!("`{}` and `{}` have one title and two formulas", other.name, measure.name);
            let help = format!(
                "give one of them another title, or write `variant_of: {}` if it is another \
                 definition of the same",
                other.name
            );
            let found = Diagnostic::new(&codes::SAME_TITLE, message);
            let found = found.at(measure.span, "the same title");
            out.push(found.at(other.span, "here first").help(help));
        }
    }
}
