//! Formulas whose sources cover different days of one period.

use std::collections::BTreeMap;

use super::Coverage;
use super::coverage::{common, days};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::source::Rows;
use crate::model::{Measure, Model, SourceId};
use crate::time::{Date, Grain, Period};

/// The KPIs that a report would show for a period of which one source covers more days than
/// another: what such a formula adds, or divides by, is of other days.
///
/// Only the last period that is over and the open one are looked at, so that where the data begin
/// is not remarked on for ever.
pub(super) fn check(model: &Model, covered: &BTreeMap<SourceId, Coverage>) -> Vec<Diagnostic> {
    model.measures.iter().filter_map(|measure| uneven(model, measure, covered)).collect()
}

fn uneven(
    model: &Model,
    measure: &Measure,
    covered: &BTreeMap<SourceId, Coverage>,
) -> Option<Diagnostic> {
    let grain = *measure.purpose.as_ref()?.cadences.first().unwrap_or(&Grain::Month);
    let calendar = &model.settings.calendar;
    // A level holds until the next reading, and a file that stands for many days is in no part of
    // a period.
    let is_flow = |id: &SourceId| {
        let source = model.source(*id);
        source.rows != Rows::Snapshot && source.range.is_none()
    };
    let sources: Vec<SourceId> = measure.sources.iter().copied().filter(is_flow).collect();
    let (_, last) = common(covered, &sources).filter(|(first, last)| first <= last)?;
    let current = calendar.period_of(grain, last);
    [current, calendar.shift(current, -1)].into_iter().find_map(|period| {
        let of = |id: &SourceId| Some((*id, inside(covered.get(id)?, period)?));
        let held: Option<Vec<(SourceId, (Date, Date))>> = sources.iter().map(of).collect();
        let held = held?;
        let most = held.iter().max_by_key(|(_, (first, last))| days(*first, *last))?;
        // Of as many days too, others are other days.
        let other = held.iter().filter(|(_, span)| *span != most.1);
        let least = other.min_by_key(|(_, (first, last))| days(*first, *last))?;
        Some(told(model, measure, period, *most, *least))
    })
}

/// The days of a period that a source covers; none where there is none.
fn inside(coverage: &Coverage, period: Period) -> Option<(Date, Date)> {
    let (first, last) = (coverage.first.max(period.start), coverage.last.min(period.end));
    (first <= last).then_some((first, last))
}

fn told(
    model: &Model,
    measure: &Measure,
    period: Period,
    (more, wide): (SourceId, (Date, Date)),
    (less, narrow): (SourceId, (Date, Date)),
) -> Diagnostic {
    let (more, less) = (model.source(more), model.source(less));
    let message = format!(
        "`{}` puts different days of {} together: `{}` covers {} to {}, and `{}` {} to {}",
        measure.name,
        model.settings.calendar.label(period),
        more.name,
        wide.0,
        wide.1,
        less.name,
        narrow.0,
        narrow.1
    );
    Diagnostic::new(&codes::UNEVEN_COVERAGE, message)
        .at(measure.span, "of one period, and not of the same days")
        .at(less.span, "knows fewer days")
        .help(format!(
            "bring the files of `{}` up to date, look at the days that both know with `--as-of`, \
             or say `rows: events` or `covers` where no rows mean zero",
            less.name
        ))
}
