//! Levels that are added up: over a period with several readings each of them counts.

use super::Subject;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::AggregateOp;
use crate::model::source::Rows;

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    for aggregate in &subject.model.aggregates {
        let source = subject.model.source(aggregate.source);
        let levels = aggregate.op == AggregateOp::Sum && source.rows == Rows::Snapshot;
        if levels && subject.is_own(aggregate.span) {
            let message = format!(
                "`{}` adds up the levels of `{}`: several readings of a period all count",
                aggregate.text, source.name
            );
            let help = "take the last one, as in `last(x)`, or `last(x, per: account)` where each \
                        has its own; `avg(x, each: day)` is the mean level";
            let found = Diagnostic::new(&codes::LEVEL_SUMMED, message);
            let found = found.at(aggregate.span, "a sum of levels");
            out.push(found.at(source.span, "`rows: snapshot`").help(help));
        }
    }
}
