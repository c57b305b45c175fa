//! How far each source reaches, and the as-of date that follows from it.

use std::collections::{BTreeMap, BTreeSet};

use super::ranges::{self, Ranges};
use super::{Coverage, Progress};
use crate::engine::{Aggregates, ScanFacts};
use crate::model::source::Rows;
use crate::model::{Model, Source, SourceId};
use crate::plan::{Bindings, sources_of_formulas};
use crate::time::{Calendar, Date, Grain, Period};

/// The latest day that the rows (in whole grains) or `covers` of a source of any formula reach;
/// none where there is no row at all.
pub fn latest_date(model: &Model, bindings: &Bindings, aggregates: &Aggregates) -> Option<Date> {
    let reaches = sources_of_formulas(model)
        .into_iter()
        .filter_map(|id| Some(declared_or_read(model, id, facts(bindings, aggregates, id))?.1));
    reaches.max()
}

/// What a scan read of a source; none where it was not scanned.
pub(super) fn facts<'a>(
    bindings: &Bindings,
    aggregates: &'a Aggregates,
    id: SourceId,
) -> Option<&'a ScanFacts> {
    Some(&aggregates.scans[bindings.scan(id)?].facts)
}

/// The days that a source says it covers, else the first and last row's whole grains.
fn declared_or_read(
    model: &Model,
    id: SourceId,
    facts: Option<&ScanFacts>,
) -> Option<(Date, Date)> {
    let source = model.source(id);
    source.covers.or_else(|| rows_reach(model.settings.calendar, source, facts?))
}

/// The first and last day of the rows, in whole grains.
fn rows_reach(calendar: Calendar, source: &Source, facts: &ScanFacts) -> Option<(Date, Date)> {
    if source.range.is_some() {
        let ranges = ranges::ranges(facts);
        return Some((ranges.first()?.0, ranges.last()?.1));
    }
    let (first, last) = facts.days?;
    let whole = |day| calendar.period_of(source.grain, day);
    Some((whole(first).start, whole(last).end))
}

/// How the as-of date came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AsOf {
    /// The user gave it.
    Given(Date),
    /// The data reach so far.
    Reached(Date),
}

impl AsOf {
    pub(super) fn date(self) -> Date {
        match self {
            Self::Given(date) | Self::Reached(date) => date,
        }
    }
}

/// What each scanned source covers, whenever that is: a plan reaches beyond the as-of date.
pub(super) fn reaches(
    model: &Model,
    bindings: &Bindings,
    aggregates: &Aggregates,
    as_of: AsOf,
) -> BTreeMap<SourceId, Coverage> {
    let mut reach: BTreeMap<SourceId, (Date, Date)> = BTreeMap::new();
    for id in (0..model.sources.len()).map(|i| SourceId(i as u32)) {
        let facts = facts(bindings, aggregates, id);
        if let Some(days) = facts.and_then(|f| declared_or_read(model, id, Some(f))) {
            reach.insert(id, days);
        }
    }
    let carriers = sources_of_formulas(model);
    let extended = |(id, (first, last)): (&SourceId, &(Date, Date))| {
        let source = model.source(*id);
        let mut last = *last;
        // What a file stands for is all that it tells.
        if source.rows == Rows::Events && source.covers.is_none() && source.range.is_none() {
            last = last.max(events_end(model, source.grain, &reach, &carriers, as_of));
        }
        (*id, Coverage { first: *first, last })
    };
    reach.iter().map(extended).collect()
}

/// What of that lies before the as-of date.
pub(super) fn coverages(
    model: &Model,
    reach: &BTreeMap<SourceId, Coverage>,
    ranges: &Ranges,
    as_of: Date,
) -> BTreeMap<SourceId, Coverage> {
    let until = |(id, Coverage { first, last }): (&SourceId, &Coverage)| {
        let source = model.source(*id);
        let last = match ranges.get(id).filter(|_| source.covers.is_none()) {
            Some(ranges) => ranges::hull(ranges, *first, as_of)?.1,
            None => whole_until(model.settings.calendar, source.grain, *last, as_of),
        };
        (*first <= last).then_some((*id, Coverage { first: *first, last }))
    };
    reach.iter().filter_map(until).collect()
}

/// How far logs of events of a grain reach: to the as-of date, but not where only rows of a
/// coarser grain carry it.
fn events_end(
    model: &Model,
    grain: Grain,
    reach: &BTreeMap<SourceId, (Date, Date)>,
    carriers: &BTreeSet<SourceId>,
    as_of: AsOf,
) -> Date {
    let AsOf::Reached(date) = as_of else { return as_of.date() };
    // A file that stands for many days is as coarse as can be.
    let is_fine = |source: &Source| source.grain <= grain && source.range.is_none();
    let as_fine = carriers.iter().filter(|id| is_fine(model.source(**id)));
    let last = as_fine.filter_map(|id| reach.get(id)).map(|(_, last)| *last).max();
    last.map_or(Date::from_days(i32::MIN), |last| last.min(date))
}

/// The last day up to the as-of date that ends a whole grain.
fn whole_until(calendar: Calendar, grain: Grain, last: Date, as_of: Date) -> Date {
    if last <= as_of {
        return last;
    }
    let current = calendar.period_of(grain, as_of);
    if current.end <= as_of { as_of } else { current.start.plus(-1) }
}

/// The days that all of these sources cover; none where there are none, or one covers nothing.
pub(super) fn common(
    coverage: &BTreeMap<SourceId, Coverage>,
    sources: &[SourceId],
) -> Option<(Date, Date)> {
    let mut days: Option<(Date, Date)> = None;
    for id in sources {
        let own = coverage.get(id)?;
        let (first, last) = days.unwrap_or((own.first, own.last));
        days = Some((first.max(own.first), last.min(own.last)));
    }
    days
}

/// How many days there are from one to another, both included; none backwards.
pub(super) fn days(first: Date, last: Date) -> u32 {
    u32::try_from(i64::from(last.days()) - i64::from(first.days()) + 1).unwrap_or(0)
}

/// How much of a period some days cover.
pub(super) fn progress(period: Period, covered: Option<(Date, Date)>, as_of: Date) -> Progress {
    let inside = |(first, last): (Date, Date)| days(first.max(period.start), last.min(period.end));
    let covered = covered.map_or(0, inside);
    Progress {
        covered,
        days: period.len_days(),
        complete: covered == period.len_days(),
        open: period.start <= as_of && as_of < period.end,
    }
}
