//! Rows without dates of their own: the days that all rows of a file stand for.
//!
//! Such a row counts in the periods that hold all of its days. The engine keeps it under the first
//! of them; no two ranges of a source overlap, so that days name ranges.

use super::Value;
use super::evaluator::Evaluator;
use crate::engine::ScanFacts;
use crate::model::{Source, SourceId};
use crate::time::{Date, Period};

/// The ranges of the files of a scan, in order, each once.
pub(super) fn ranges(facts: &ScanFacts) -> Vec<(Date, Date)> {
    let mut all: Vec<(Date, Date)> = facts.files.iter().filter_map(|f| f.range).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The ranges that lie between two days, both included.
pub(super) fn inside(
    ranges: &[(Date, Date)],
    first: Date,
    last: Date,
) -> impl Iterator<Item = (Date, Date)> {
    ranges.iter().copied().filter(move |(start, end)| first <= *start && *end <= last)
}

/// The days from the first to the last range between two days; none where there is none.
pub(super) fn hull(ranges: &[(Date, Date)], first: Date, last: Date) -> Option<(Date, Date)> {
    let mut all = inside(ranges, first, last);
    let (start, end) = all.next()?;
    Some((start, all.last().map_or(end, |(_, end)| end)))
}

/// Why days hold no range.
pub(super) fn none_inside(
    source: &Source,
    ranges: &[(Date, Date)],
    first: Date,
    last: Date,
) -> Value {
    let touched = ranges.iter().find(|(start, end)| *start <= last && first <= *end);
    touched.map_or(Value::NoData, |(start, end)| {
        Value::Undefined(format!(
            "a row of `{}` stands for all of {start} to {end}, and these days do not hold them all",
            source.name
        ))
    })
}

impl Evaluator<'_> {
    /// How many of the covered days of a window lie in ranges that it holds whole, in each of the
    /// sources that have ranges; none where no source has.
    pub(super) fn held(
        &self,
        sources: &[SourceId],
        window: Period,
        covered: Option<(Date, Date)>,
    ) -> Option<u32> {
        let ranged: Vec<&Vec<(Date, Date)>> =
            sources.iter().filter_map(|id| self.ranges.get(id)).collect();
        if ranged.is_empty() {
            return None;
        }
        let Some((first, last)) = covered else { return Some(0) };
        let (first, last) = (first.max(window.start), last.min(window.end));
        let until = window.end.min(self.as_of);
        let holds = |day: Date, ranges: &[(Date, Date)]| {
            inside(ranges, window.start, until).any(|(start, end)| start <= day && day <= end)
        };
        let days = (first.days()..=last.days()).map(Date::from_days);
        Some(days.filter(|day| ranged.iter().all(|ranges| holds(*day, ranges))).count() as u32)
    }
}
