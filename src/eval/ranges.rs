//! Rows without dates of their own: the days that all rows of a file stand for.
//!
//! Such a row counts in the periods that hold all of its days. The engine keeps it under the first
//! of them; no two ranges of a source overlap, so that days name ranges.

use std::collections::BTreeMap;

use super::coverage::{days, facts};
use super::evaluator::Evaluator;
use super::{Reason, Value};
use crate::engine::{Aggregates, ScanFacts};
use crate::model::{Model, Source, SourceId};
use crate::plan::Bindings;
use crate::time::{Date, Period};

/// By source, the ranges of its files, in order, each once.
pub(super) type Ranges = BTreeMap<SourceId, Vec<(Date, Date)>>;

/// The ranges of all scanned sources whose rows have no dates of their own.
pub(super) fn all(model: &Model, bindings: &Bindings, aggregates: &Aggregates) -> Ranges {
    let ids = (0..model.sources.len()).map(|i| SourceId(i as u32));
    let ranged = ids.filter(|id| model.source(*id).range.is_some());
    let found = ranged.filter_map(|id| Some((id, ranges(facts(bindings, aggregates, id)?))));
    found.collect()
}

/// The ranges of the files of a scan, in order, each once.
pub(super) fn ranges(facts: &ScanFacts) -> Vec<(Date, Date)> {
    let mut all: Vec<(Date, Date)> = facts.files.iter().filter_map(|f| f.range).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The ranges that lie between two days, both included.
pub(super) fn inside(ranges: &[(Date, Date)], first: Date, last: Date) -> &[(Date, Date)] {
    let from = ranges.partition_point(|(start, _)| *start < first);
    let to = ranges.partition_point(|(_, end)| *end <= last);
    &ranges[from..to.max(from)]
}

/// The days from the first to the last range between two days; none where there is none.
pub(super) fn hull(ranges: &[(Date, Date)], first: Date, last: Date) -> Option<(Date, Date)> {
    let all = inside(ranges, first, last);
    Some((all.first()?.0, all.last()?.1))
}

/// Whether ranges meet without a gap from one day to another.
pub(super) fn fill(ranges: &[(Date, Date)], first: Date, last: Date) -> bool {
    let all = inside(ranges, first, last);
    let held: u32 = all.iter().map(|(start, end)| days(*start, *end)).sum();
    held == days(first, last)
}

/// The days that are in both of two lists of ranges.
fn meet(a: &[(Date, Date)], b: &[(Date, Date)]) -> Vec<(Date, Date)> {
    let (mut found, mut i, mut j) = (Vec::new(), 0, 0);
    while let (Some(a), Some(b)) = (a.get(i), b.get(j)) {
        let (first, last) = (a.0.max(b.0), a.1.min(b.1));
        if first <= last {
            found.push((first, last));
        }
        if a.1 < b.1 {
            i += 1;
        } else {
            j += 1;
        }
    }
    found
}

/// Why days hold no range.
pub(super) fn none_inside(
    source: &Source,
    ranges: &[(Date, Date)],
    first: Date,
    last: Date,
) -> Value {
    let touched = ranges.iter().find(|(start, end)| *start <= last && first <= *end);
    touched.map_or(Value::NoData, |&(first, last)| {
        Value::Undefined(Reason::RangeSplit { source: source.name.clone(), first, last })
    })
}

impl Evaluator<'_> {
    /// How many of the covered days of a window lie in ranges that it holds whole, in each of the
    /// sources that have ranges; none where no source has.
    pub(super) fn days_held(
        &self,
        sources: &[SourceId],
        window: Period,
        covered: Option<(Date, Date)>,
    ) -> Option<u32> {
        let mut ranged = sources.iter().filter_map(|id| self.ranges.get(id)).peekable();
        ranged.peek()?;
        let Some((first, last)) = covered else { return Some(0) };
        let (first, last) = (first.max(window.start), last.min(window.end));
        if last < first {
            return Some(0);
        }
        let until = window.end.min(self.as_of);
        let mut held = vec![(first, last)];
        for ranges in ranged {
            held = meet(&held, inside(ranges, window.start, until));
        }
        Some(held.iter().map(|(first, last)| days(*first, *last)).sum())
    }
}
