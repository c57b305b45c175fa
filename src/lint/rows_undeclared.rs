//! A sum or count of some of the rows, of a source that does not say what no rows mean: on a day
//! without such rows it has no value, where the author may expect zero.

use std::collections::BTreeSet;

use super::Subject;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::source::Rows;
use crate::model::{AggregateOp, SourceId};

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let mut told: BTreeSet<SourceId> = BTreeSet::new();
    for aggregate in &subject.model.aggregates {
        let source = subject.model.source(aggregate.source);
        let counts = matches!(
            aggregate.op,
            AggregateOp::Rows
                | AggregateOp::Count
                | AggregateOp::Sum
                | AggregateOp::CountDistinct(_)
        );
        let holes = counts && aggregate.condition.is_some() && source.rows == Rows::Unset;
        if holes && subject.is_own(source.span) && told.insert(aggregate.source) {
            let message = format!(
                "`{}` does not say what no rows mean, and `{}` may find none",
                source.name, aggregate.text
            );
            let help = "write `rows: events` if it is a complete log, so that no rows means zero; \
                        without it, it means no data";
            let found = Diagnostic::new(&codes::ROWS_UNDECLARED, message);
            out.push(
                found.at(source.span, "no `rows`").at(aggregate.span, "some rows only").help(help),
            );
        }
    }
}
