//! Where the numbers come from.

use super::subject::Subject;
use super::{Context, say};
use crate::diagnostic::DataPlace;
use crate::engine::{FileFacts, Rejection, ScanFacts};
use crate::model::{Source, SourceId};
use crate::report::tree::{FileText, RejectionText, SourceFacts};

/// The sources of the report's KPIs, in the order of the spec, with the KPIs that they feed.
pub(super) fn used<'c>(context: &'c Context) -> Vec<(SourceId, &'c Source, Vec<&'c Subject>)> {
    let ids = (0..context.model.sources.len()).map(|i| SourceId(i as u32));
    ids.filter_map(|id| {
        let read = context.evaluator.facts(id).is_some();
        let feeds = |s: &&Subject| {
            let own = &context.model.measure(s.id).sources;
            own.contains(&id) || read && context.model.looked_up(own).contains(&id)
        };
        let subjects: Vec<&Subject> = context.subjects.iter().filter(feeds).collect();
        (!subjects.is_empty()).then(|| (id, context.model.source(id), subjects))
    })
    .collect()
}

pub(super) fn facts(context: &Context) -> Vec<SourceFacts> {
    let all = used(context).into_iter();
    all.map(|(id, source, subjects)| of_source(context, id, source, &subjects)).collect()
}

fn of_source(
    context: &Context,
    id: SourceId,
    source: &Source,
    subjects: &[&Subject],
) -> SourceFacts {
    let none = ScanFacts::default();
    let facts = context.evaluator.facts(id).unwrap_or(&none);
    let coverage = context.evaluator.coverage(id);
    let count = |n: u64| context.formatter.count(n);
    let sum = |part: fn(&FileFacts) -> u64| count(facts.files.iter().map(part).sum());
    let nulls = facts.nulls.iter().filter(|(_, n)| *n > 0);
    SourceFacts {
        name: source.name.clone(),
        place: say::place(context, source.span),
        coverage: coverage.map_or_else(
            || context.label("none"),
            |c| {
                let (from, to) = (context.formatter.day(c.first), context.formatter.day(c.last));
                context.formatter.span(&from, &to)
            },
        ),
        first: coverage.map(|c| c.first.to_string()),
        last: coverage.map(|c| c.last.to_string()),
        files: facts.files.iter().map(|f| file(context, f)).collect(),
        rows: sum(|f| f.rows),
        used: sum(|f| f.used),
        rejected: sum(|f| f.rejected),
        nulled: sum(|f| f.nulled),
        bounds: sum(|f| f.bounds),
        totals: sum(|f| f.totals),
        filtered: count(facts.filtered),
        replaced: count(facts.replaced),
        later: count(facts.later),
        nulls: nulls.map(|(column, n)| (column.clone(), count(*n))).collect(),
        rejections: facts.rejections.iter().map(rejection).collect(),
        kpis: subjects.iter().map(|s| context.title(s.id)).collect(),
    }
}

fn file(context: &Context, facts: &FileFacts) -> FileText {
    FileText {
        path: facts.path.clone(),
        bytes: context.formatter.bytes(facts.bytes),
        rows: context.formatter.count(facts.rows),
        used: context.formatter.count(facts.used),
        rejected: context.formatter.count(facts.rejected),
        hash: facts.hash.clone(),
    }
}

fn rejection(found: &Rejection) -> RejectionText {
    RejectionText {
        path: found.place.path.clone(),
        line: found.place.line,
        column: found.column.clone(),
        cell: cell(&found.place),
        reason: found.reason.clone(),
    }
}

/// The cell inside its line, where it is known which part that is.
fn cell(place: &DataPlace) -> String {
    match place.mark {
        Some((start, length)) => place.excerpt.chars().skip(start).take(length).collect(),
        None => place.excerpt.clone(),
    }
}
