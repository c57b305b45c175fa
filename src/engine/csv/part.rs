//! Parts: what some files of a scan gave. Parts of different files can be put together, and one that
//! is kept from an earlier run is as good as one that was just read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::engine::{
    FileFacts, Group, GroupingResult, Keyed, ScanFacts, ScanResult, Series, Texts,
};
use crate::plan::{Origin, Scan, Slot, SlotOp};
use crate::time::Date;
use crate::value::{Decimal, Sum};

use super::dictionary::Dictionary;
use super::faults;
use super::feed::{Finished, MOST_REJECTIONS};
use super::groups::Groups;
use super::shape::Shape;
use super::text::canonical;
use super::unmatched;
use super::worker::Worker;

/// What some files gave.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Part {
    /// All but the null cells.
    pub(super) facts: ScanFacts,
    /// By column: cells that are null, that only tell a bound, that may be percentages without
    /// their sign; and rows that lack a number which they look up.
    nulls: Vec<u64>,
    bounds: Vec<u64>,
    above_one: Vec<u64>,
    unmatched: Vec<u64>,
    pub(super) groupings: Vec<GroupingResult>,
    distinct: Texts,
    /// The physical lines of each file.
    pub(super) lines: Vec<u64>,
}

impl Part {
    /// Merges what the threads have, and gives what was found while reading.
    pub(super) fn new(
        scan: &Scan,
        shape: &Shape,
        workers: Vec<Worker<'_>>,
        finished: Finished,
    ) -> (Self, Vec<Diagnostic>) {
        let mut found = finished.diagnostics;
        found.extend(faults::keys_in_no_row(scan, &workers));
        let none = || vec![0; scan.columns.len()];
        let mut part = Self {
            facts: ScanFacts {
                files: finished.facts,
                rejections: finished.rejections,
                ..ScanFacts::default()
            },
            nulls: none(),
            bounds: none(),
            above_one: none(),
            unmatched: none(),
            groupings: Vec::new(),
            distinct: Texts::default(),
            lines: finished.lines,
        };
        let mut days: Option<(i32, i32)> = None;
        let mut texts = Dictionary::default();
        let mut merged: Option<Vec<Groups>> = None;
        for mut worker in workers {
            let facts = &mut part.facts;
            for (file, counts) in facts.files.iter_mut().zip(&worker.counts) {
                file.rows += counts.rows;
                file.used += counts.used;
                file.rejected += counts.rejected;
                file.nulled += counts.nulled;
                file.bounds += counts.bounds;
                file.totals += counts.totals;
            }
            facts.filtered += worker.filtered;
            facts.replaced += worker.replaced;
            facts.later += worker.later;
            add(&mut part.nulls, &worker.nulls);
            add(&mut part.bounds, &worker.bounds());
            add(&mut part.above_one, &worker.above_one());
            add(&mut part.unmatched, worker.unmatched.rows());
            days = reach(days, worker.days);
            let ids = worker.distinct_ids(&mut texts);
            let mut own = worker.groups;
            for group in &mut own {
                group.rename_distinct(&ids);
            }
            match &mut merged {
                None => merged = Some(own),
                Some(merged) => {
                    for (all, own) in merged.iter_mut().zip(&own) {
                        all.merge(own);
                    }
                }
            }
        }
        part.facts.days = days.map(|(a, b)| (Date::from_days(a), Date::from_days(b)));
        part.groupings = finish_groups(scan, shape, merged.unwrap_or_default());
        part.distinct = texts.into_texts();
        (part, found)
    }

    /// The result of a scan of which this is all, and what there is to say of it.
    pub(super) fn result(self, scan: &Scan, out: &mut Diagnostics) -> ScanResult {
        let of = |counts: Vec<u64>| scan.columns.iter().zip(counts).filter(|(_, count)| *count > 0);
        out.extend(of(self.above_one).map(|(column, count)| faults::above_one(column, count)));
        out.extend(of(self.bounds).map(|(column, count)| faults::bounds(column, count)));
        out.extend(unmatched::told(scan, &self.unmatched));
        let read = |origin: &Origin| {
            matches!(origin, Origin::Read { .. } | Origin::Turned(_) | Origin::Joined { .. })
        };
        let named = scan.columns.iter().zip(self.nulls).filter(|(column, _)| read(&column.origin));
        let nulls = named.map(|(column, nulls)| (column.name.clone(), nulls)).collect();
        ScanResult {
            facts: ScanFacts { nulls, ..self.facts },
            groupings: self.groupings,
            distinct: self.distinct,
        }
    }

    /// Whether parts of a scan's files make the whole: nothing in one file changes what another's
    /// rows come to.
    pub(super) fn make_the_whole(scan: &Scan) -> bool {
        let ranked = |origin: &Origin| matches!(origin, Origin::Ranked(..));
        let mut slots = scan.groupings.iter().flat_map(|grouping| &grouping.slots);
        scan.key.is_none()
            && !scan.columns.iter().any(|column| ranked(&column.origin))
            && !slots.any(|slot| matches!(slot.op, SlotOp::First(_)))
    }

    /// The last day that any row stands for, of all that count by any date.
    pub(super) fn last_day(&self) -> Option<Date> {
        let days = self.facts.days.map(|(_, last)| last);
        let ranges = self.facts.files.iter().filter_map(|file| Some(file.range?.1));
        let groups = self.groupings.iter().flat_map(|grouping| &grouping.groups);
        days.into_iter().chain(ranges).chain(groups.filter_map(|g| g.days.last().copied())).max()
    }

    /// All parts as one. They are of different files, in the order of these; two that follow each
    /// other may be of one file's beginning and its end.
    pub(super) fn merged(scan: &Scan, parts: Vec<Self>) -> Self {
        let mut parts = parts.into_iter();
        let (Some(mut all), rest) = (parts.next(), parts) else { return Self::default() };
        let rest: Vec<Self> = rest.collect();
        if rest.is_empty() {
            return all;
        }
        let mut texts = Dictionary::default();
        let mut renamed: Vec<Vec<u32>> = Vec::with_capacity(rest.len() + 1);
        for part in std::iter::once(&all).chain(&rest) {
            renamed.push(part.distinct.iter().map(|text| texts.id(text.as_bytes()).0).collect());
        }
        let mut groupings: Vec<Vec<(GroupingResult, &[u32])>> =
            scan.groupings.iter().map(|_| Vec::new()).collect();
        let mut facts = std::mem::take(&mut all.facts);
        let first = std::mem::take(&mut all.groupings);
        for (own, grouping) in groupings.iter_mut().zip(first) {
            own.push((grouping, &renamed[0]));
        }
        for (part, names) in rest.into_iter().zip(&renamed[1..]) {
            add(&mut all.nulls, &part.nulls);
            add(&mut all.bounds, &part.bounds);
            add(&mut all.above_one, &part.above_one);
            add(&mut all.unmatched, &part.unmatched);
            add_facts(&mut facts, part.facts, &mut all.lines, &part.lines);
            for (own, grouping) in groupings.iter_mut().zip(part.groupings) {
                own.push((grouping, names));
            }
        }
        facts.rejections.truncate(MOST_REJECTIONS);
        let groupings = groupings.into_iter().zip(&scan.groupings);
        let groupings = groupings.map(|(own, g)| merged_grouping(own, &g.slots)).collect();
        Self { facts, groupings, distinct: texts.into_texts(), ..all }
    }
}

/// Earliest and latest of two reaches.
fn reach<T: Ord>(a: Option<(T, T)>, b: Option<(T, T)>) -> Option<(T, T)> {
    match (a, b) {
        (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
        (a, b) => a.or(b),
    }
}

fn add(all: &mut [u64], own: &[u64]) {
    all.iter_mut().zip(own).for_each(|(all, own)| *all += own);
}

fn add_facts(all: &mut ScanFacts, own: ScanFacts, lines: &mut Vec<u64>, own_lines: &[u64]) {
    all.filtered += own.filtered;
    all.replaced += own.replaced;
    all.later += own.later;
    all.days = reach(all.days, own.days);
    all.rejections.extend(own.rejections);
    for (file, own_lines) in own.files.into_iter().zip(own_lines) {
        let begun = all.files.last_mut().zip(lines.last_mut());
        let Some((last, last_lines)) = begun.filter(|(last, _)| last.path == file.path) else {
            all.files.push(file);
            lines.push(*own_lines);
            continue;
        };
        *last = FileFacts {
            rows: last.rows + file.rows,
            used: last.used + file.used,
            rejected: last.rejected + file.rejected,
            nulled: last.nulled + file.nulled,
            bounds: last.bounds + file.bounds,
            totals: last.totals + file.totals,
            ..file
        };
        // Those of a file's end are counted from its beginning.
        *last_lines = *own_lines;
    }
}

/// The groups of several parts of one grouping; ids get the names that stand beside each part.
fn merged_grouping(parts: Vec<(GroupingResult, &[u32])>, slots: &[Slot]) -> GroupingResult {
    type Found<'n> = Vec<(Group, &'n [u32])>;
    // Members are the same in whatever spelling, and are shown in the one that sorts first.
    let mut found: BTreeMap<Vec<Option<String>>, Found<'_>> = BTreeMap::new();
    for (grouping, names) in parts {
        for group in grouping.groups {
            let key = group.members.iter().map(|m| m.as_ref().map(|m| canonical(m).into_owned()));
            found.entry(key.collect()).or_default().push((group, names));
        }
    }
    let mut groups: Vec<Group> = found.into_values().map(|own| merged_group(&own, slots)).collect();
    groups.sort_by(|a, b| super::groups::order(&a.members).cmp(&super::groups::order(&b.members)));
    GroupingResult { groups }
}

fn merged_group(own: &[(Group, &[u32])], slots: &[Slot]) -> Group {
    // Of each day, in which parts it is and at which place.
    let mut places: Vec<(Date, usize, usize)> = Vec::new();
    let mut members: Vec<Option<String>> = Vec::new();
    for (part, (group, _)) in own.iter().enumerate() {
        places.extend(group.days.iter().enumerate().map(|(at, day)| (*day, part, at)));
        members = if members.is_empty() {
            group.members.clone()
        } else {
            members.into_iter().zip(&group.members).map(|(a, b)| a.min(b.clone())).collect()
        };
    }
    places.sort_unstable();
    let days: Vec<&[(Date, usize, usize)]> = places.chunk_by(|a, b| a.0 == b.0).collect();
    let series = (0..slots.len()).map(|slot| {
        let of = |(_, part, at): &(Date, usize, usize)| {
            let (group, names) = &own[*part];
            (&group.series[slot], *at, *names)
        };
        merged_series(slots[slot].op, days.iter().map(|day| day.iter().map(of).collect()))
    });
    Group { members, series: series.collect(), days: days.iter().map(|day| day[0].0).collect() }
}

/// What one slot has on each day, given what it has in each part.
fn merged_series<'s>(
    op: SlotOp,
    days: impl Iterator<Item = Vec<(&'s Series, usize, &'s [u32])>>,
) -> Series {
    match op {
        SlotOp::Rows | SlotOp::Count(_) | SlotOp::First(_) => {
            let count = |(series, at, _): &(&Series, usize, &[u32])| match series {
                Series::Counts(counts) => counts[*at],
                _ => 0,
            };
            Series::Counts(days.map(|day| day.iter().map(count).sum()).collect())
        }
        SlotOp::Sum(_) | SlotOp::WeightedSum(..) | SlotOp::WeightSum(..) | SlotOp::SquareSum(_) => {
            let total = |day: Vec<(&Series, usize, &[u32])>| {
                let mut total = Sum::default();
                for (series, at, _) in day {
                    if let Series::Sums(sums) = series {
                        total.merge(&sums[at]);
                    }
                }
                total
            };
            Series::Sums(days.map(total).collect())
        }
        SlotOp::Min(_) | SlotOp::Max(_) => {
            let extreme = |day: Vec<(&Series, usize, &[u32])>| {
                let all = day.into_iter().filter_map(|(series, at, _)| match series {
                    Series::Extremes(values) => values[at],
                    _ => None,
                });
                if matches!(op, SlotOp::Min(_)) { all.min() } else { all.max() }
            };
            Series::Extremes(days.map(extreme).collect())
        }
        SlotOp::Distinct(_) => {
            let ids = |day: Vec<(&Series, usize, &[u32])>| {
                let mut all = Vec::new();
                for (series, at, names) in day {
                    if let Series::Distinct(ids) = series {
                        all.extend(ids[at].iter().map(|id| names[*id as usize]));
                    }
                }
                all.sort_unstable();
                all.dedup();
                all.into_boxed_slice()
            };
            Series::Distinct(days.map(ids).collect())
        }
        SlotOp::Values(_) => {
            let values = |day: Vec<(&Series, usize, &[u32])>| {
                let mut all: Vec<Decimal> = Vec::new();
                for (series, at, _) in day {
                    if let Series::Values(values) = series {
                        all.extend_from_slice(&values[at]);
                    }
                }
                all.sort_unstable();
                all.into_boxed_slice()
            };
            Series::Values(days.map(values).collect())
        }
        SlotOp::Tally(_) | SlotOp::SumBy(..) | SlotOp::Earliest(..) | SlotOp::Latest(..) => {
            Series::Keyed(days.map(|day| merged_keys(op, day)).collect())
        }
    }
}

/// The keys of one day; those without a key last.
fn merged_keys(op: SlotOp, day: Vec<(&Series, usize, &[u32])>) -> Box<[Keyed]> {
    let mut all: BTreeMap<(bool, Option<u32>), Keyed> = BTreeMap::new();
    for (series, at, names) in day {
        let Series::Keyed(days) = series else { continue };
        for keyed in &days[at] {
            let key = keyed.key.map(|id| names[id as usize]);
            let keyed = Keyed { key, ..keyed.clone() };
            let Some(own) = all.get_mut(&(key.is_none(), key)) else {
                all.insert((key.is_none(), key), keyed);
                continue;
            };
            let wins = match op {
                SlotOp::Earliest(..) => keyed.moment < own.moment,
                SlotOp::Latest(..) => keyed.moment > own.moment,
                _ => false,
            };
            if wins {
                *own = keyed;
            } else if keyed.moment == own.moment {
                own.rows += keyed.rows;
                own.sum.merge(&keyed.sum);
            }
        }
    }
    all.into_values().collect()
}

/// The results of all groupings, the derived ones among them.
fn finish_groups(scan: &Scan, shape: &Shape, read: Vec<Groups>) -> Vec<GroupingResult> {
    let complete = |mut groups: Groups| {
        groups.complete();
        Some(groups)
    };
    let mut all: Vec<Option<Groups>> = read.into_iter().map(complete).collect();
    let derived: Vec<Option<Groups>> = shape
        .finer
        .iter()
        .zip(&scan.groupings)
        .map(|(finer, grouping)| Some(all[(*finer)?].as_ref()?.coarser(grouping)))
        .collect();
    for (own, derived) in all.iter_mut().zip(derived) {
        *own = derived.or(own.take());
    }
    all.into_iter().flatten().map(Groups::finish).collect()
}
