//! What the data do not allow to be said, or to be taken on trust.

use super::coverage::{self, AsOf, facts};
use super::{ranges, uneven};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::engine::{Aggregates, ScanFacts};
use crate::model::source::Rows;
use crate::model::{Model, SourceId};
use crate::plan::{Bindings, sources_of_formulas};
use crate::time::Date;

/// So many days without rows a log of events may end with before it is remarked on.
const QUIET_DAYS: u32 = 7;

/// Finds formulas without any row to compute them from, and complete logs that end early,
/// and rows outside a declared coverage.
///
/// `as_of` is the day that the user gives, as for [`Evaluator::new`](super::Evaluator::new).
pub fn check(
    model: &Model,
    bindings: &Bindings,
    aggregates: &Aggregates,
    as_of: Option<Date>,
    out: &mut Diagnostics,
) {
    let carriers = sources_of_formulas(model);
    for id in (0..model.sources.len() as u32).map(SourceId) {
        out.extend(facts(bindings, aggregates, id).and_then(|facts| left_out(model, id, facts)));
    }
    for id in (0..model.sources.len()).map(|i| SourceId(i as u32)) {
        let facts = bindings.table(id).map(|place| &aggregates.tables[place]);
        out.extend(facts.and_then(|facts| left_out(model, id, facts)));
    }
    let reached = coverage::latest_date(model, bindings, aggregates);
    let Some(date) = as_of.or(reached) else {
        out.extend(carriers.into_iter().next().map(|id| no_rows(model, id)));
        return;
    };
    let as_of = as_of.map_or(AsOf::Reached(date), AsOf::Given);
    let reach = coverage::reaches(model, bindings, aggregates, as_of);
    let ranges = ranges::all(model, bindings, aggregates);
    let covered = coverage::coverages(model, &reach, &ranges, as_of.date());
    out.extend(uneven::check(model, &covered));
    for id in carriers {
        let source = model.source(id);
        let days = facts(bindings, aggregates, id).and_then(|f| f.days);
        out.extend(days.and_then(|days| outside(model, id, days)));
        let (Some((_, last)), Some(coverage)) = (days, covered.get(&id)) else { continue };
        let quiet = coverage::days(last.plus(1), coverage.last);
        let open = source.covers.is_none() && source.range.is_none();
        if source.rows == Rows::Events && open && quiet >= QUIET_DAYS {
            out.push(ends_early(model, id, last, coverage.last));
        }
    }
}

fn no_rows(model: &Model, id: SourceId) -> Diagnostic {
    let source = model.source(id);
    Diagnostic::new(&codes::NO_ROWS_AT_ALL, "no source has a row, so there is no period to show")
        .at(source.span, "nothing but a header was read")
        .help("check the pattern and the filter of the source, or say `covers: DATE to DATE`")
}

/// Rows and cells that a bad cell has cost: never in silence.
fn left_out(model: &Model, id: SourceId, facts: &ScanFacts) -> Option<Diagnostic> {
    let source = model.source(id);
    let rows: u64 = facts.files.iter().map(|f| f.rejected).sum();
    let cells: u64 = facts.files.iter().map(|f| f.nulled).sum();
    let first = facts.rejections.first()?;
    let count = |n: u64, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    let what = match (rows, cells) {
        (0, 0) => return None,
        (rows, 0) => format!("{} of `{}` left out", count(rows, "row"), source.name),
        (0, cells) => format!("{} of `{}` taken for null", count(cells, "cell"), source.name),
        (rows, cells) => {
            let (rows, cells) = (count(rows, "row"), count(cells, "cell"));
            format!("{rows} of `{}` left out, {cells} taken for null", source.name)
        }
    };
    let message = format!("{what}; the first: column `{}`, {}", first.column, first.reason);
    let found =
        Diagnostic::new(&codes::CELLS_REJECTED, message).at(source.span, "as `on_error` says");
    let help = "correct the cells; `on_error: stop`, or no `on_error`, names each of them";
    Some(found.in_data(first.place.clone()).help(help))
}

/// Rows on days that `covers` leaves out are read and do not count: that must be said.
fn outside(model: &Model, id: SourceId, days: (Date, Date)) -> Option<Diagnostic> {
    let source = model.source(id);
    let (first, last) = source.covers?;
    let calendar = &model.settings.calendar;
    let from = calendar.period_of(source.grain, days.0);
    let to = calendar.period_of(source.grain, days.1);
    if from.end >= first && to.start <= last {
        return None;
    }
    let message = format!(
        "the rows of `{}` reach from {} to {}, beyond the days that it covers; those outside do \
         not count",
        source.name, days.0, days.1
    );
    let found = Diagnostic::new(&codes::ROWS_OUTSIDE_COVERAGE, message)
        .at(source.span, format!("covers {first} to {last}"));
    Some(found.help("correct `covers`, or leave these rows out with `where`"))
}

fn ends_early(model: &Model, id: SourceId, last: Date, until: Date) -> Diagnostic {
    let source = model.source(id);
    let message = format!(
        "the rows of `{}` end on {last}; from there to {until} nothing is taken to have happened",
        source.name
    );
    Diagnostic::new(&codes::LOG_ENDS_EARLY, message)
        .at(source.span, "a complete log, as `rows: events` says")
        .help("bring its files up to date, or say with `covers: DATE to DATE` how far they reach")
}
