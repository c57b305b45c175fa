//! What an engine gave, by members of dimensions and by days.

use std::cell::OnceCell;
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::engine::csv::canonical;
use crate::engine::{Group, GroupingResult, Keyed, Series};
use crate::time::Date;
use crate::value::{Decimal, Sum};

/// The days of one group that belong together.
#[derive(Debug)]
enum Cell {
    /// A group of the grouping, as it is.
    Whole(usize),
    /// Days of several groups.
    Parts(Parts),
}

/// Days of several groups, sorted by day, then group.
#[derive(Debug, Default)]
struct Parts {
    all: Vec<Part>,
    /// The days, each once.
    days: Vec<Date>,
    /// By slot, what its groups have on each of the days together; put together when it is asked
    /// for, since most slots are not.
    merged: Vec<OnceCell<Merged>>,
}

/// What several groups have on each day together.
#[derive(Debug)]
enum Merged {
    Counts(Vec<u64>),
    Sums(Vec<Sum>),
}

/// A day of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    day: Date,
    group: u32,
    place: u32,
}

/// A grouping's data by the members of some of its dimensions.
#[derive(Debug)]
pub(super) struct Table<'a> {
    groups: &'a [Group],
    cells: Vec<Cell>,
    /// The cell of some members, as they compare.
    places: FxHashMap<Vec<Option<String>>, usize>,
    /// The members of each cell, in the order of the names.
    members: Vec<Vec<Option<String>>>,
}

/// What makes a member of a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    /// The member of a grouping's dimension, by its place.
    Dimension(usize),
    /// The day of the week.
    Weekday,
}

impl<'a> Table<'a> {
    /// Puts the groups together that share the members of the axes.
    pub(super) fn new(result: &'a GroupingResult, dimensions: usize, axes: &[Axis]) -> Self {
        let groups = &result.groups[..];
        let as_it_is = axes.len() == dimensions
            && axes.iter().enumerate().all(|(i, axis)| *axis == Axis::Dimension(i));
        let mut table =
            Self { groups, cells: Vec::new(), places: FxHashMap::default(), members: Vec::new() };
        for (number, group) in groups.iter().enumerate() {
            if as_it_is {
                table.add_cell(group.members.clone(), Cell::Whole(number));
            } else {
                table.spread(number, group, axes);
            }
        }
        for cell in &mut table.cells {
            if let Cell::Parts(parts) = cell {
                parts.sort(groups.first().map_or(0, |g| g.series.len()));
            }
        }
        table
    }

    fn add_cell(&mut self, members: Vec<Option<String>>, cell: Cell) -> usize {
        self.cells.push(cell);
        self.places.insert(same(&members), self.cells.len() - 1);
        self.members.push(members);
        self.cells.len() - 1
    }

    fn spread(&mut self, number: usize, group: &Group, axes: &[Axis]) {
        let mut known: Option<(Vec<Option<String>>, usize)> = None;
        for (place, day) in group.days.iter().enumerate() {
            let members: Vec<Option<String>> = axes
                .iter()
                .map(|axis| match axis {
                    Axis::Dimension(at) => group.members[*at].clone(),
                    Axis::Weekday => Some(day.weekday().number().to_string()),
                })
                .collect();
            let cell = match known {
                Some((ref last, cell)) if *last == members => cell,
                _ => match self.places.get(&same(&members)) {
                    Some(cell) => *cell,
                    None => self.add_cell(members.clone(), Cell::Parts(Parts::default())),
                },
            };
            if let Cell::Parts(parts) = &mut self.cells[cell] {
                parts.all.push(Part { day: *day, group: number as u32, place: place as u32 });
            }
            known = Some((members, cell));
        }
    }

    /// The cell of some members; none where no row has them.
    pub(super) fn cell(&self, members: &[Option<String>]) -> Option<usize> {
        self.places.get(&same(members)).copied()
    }

    /// The members of each cell, in no order of meaning.
    pub(super) fn members(&self) -> &[Vec<Option<String>>] {
        &self.members
    }

    /// The days of a cell from the first to the last, both included.
    pub(super) fn days(&self, cell: usize, first: Date, last: Date) -> Days<'_> {
        match &self.cells[cell] {
            Cell::Whole(group) => {
                let group = &self.groups[*group];
                let range = range(&group.days, |day| *day, first, last);
                Days { groups: self.groups, places: Places::Group(group, range) }
            }
            Cell::Parts(parts) => {
                let all = range(&parts.all, |part| part.day, first, last);
                let days = range(&parts.days, |day| *day, first, last);
                Days { groups: self.groups, places: Places::Parts { parts, all, days } }
            }
        }
    }
}

impl Parts {
    fn sort(&mut self, slots: usize) {
        self.all.sort_unstable();
        self.days = self.all.iter().map(|part| part.day).collect();
        self.days.dedup();
        self.merged = (0..slots).map(|_| OnceCell::new()).collect();
    }

    /// Each day's parts.
    fn by_day(&self) -> impl Iterator<Item = &[Part]> {
        self.all.chunk_by(|a, b| a.day == b.day)
    }

    fn counts(&self, groups: &[Group], slot: usize) -> &[u64] {
        let merged = self.merged[slot].get_or_init(|| {
            let of = |part: &Part| counts(&groups[part.group as usize], slot)[part.place as usize];
            Merged::Counts(self.by_day().map(|day| day.iter().map(of).sum()).collect())
        });
        let Merged::Counts(days) = merged else { unreachable!("a slot has one kind of state") };
        days
    }

    fn sums(&self, groups: &[Group], slot: usize) -> &[Sum] {
        let merged = self.merged[slot].get_or_init(|| {
            let of = |part: &Part| &sums(&groups[part.group as usize], slot)[part.place as usize];
            Merged::Sums(self.by_day().map(|day| added(day.iter().map(of))).collect())
        });
        let Merged::Sums(days) = merged else { unreachable!("a slot has one kind of state") };
        days
    }
}

fn added<'s>(sums: impl Iterator<Item = &'s Sum>) -> Sum {
    let mut total = Sum::default();
    sums.for_each(|sum| total.merge(sum));
    total
}

/// Members as they compare: sources may spell one in several ways.
pub(super) fn same(members: &[Option<String>]) -> Vec<Option<String>> {
    members.iter().map(|m| m.as_deref().map(|m| canonical(m).into_owned())).collect()
}

/// The places of the items whose days lie between two days, of items sorted by day.
fn range<T>(items: &[T], day: impl Fn(&T) -> Date, first: Date, last: Date) -> Range<usize> {
    let start = items.partition_point(|item| day(item) < first);
    let end = items.partition_point(|item| day(item) <= last);
    start..end.max(start)
}

/// Some days of a cell.
#[derive(Clone, Debug)]
pub(super) struct Days<'t> {
    groups: &'t [Group],
    places: Places<'t>,
}

#[derive(Clone, Debug)]
enum Places<'t> {
    Group(&'t Group, Range<usize>),
    Parts { parts: &'t Parts, all: Range<usize>, days: Range<usize> },
}

impl<'t> Days<'t> {
    /// Every group's day, ascending.
    fn each(&self) -> impl DoubleEndedIterator<Item = (&'t Group, usize)> + use<'t> {
        let (group, parts) = match &self.places {
            Places::Group(group, range) => (Some((*group, range.clone())), &[][..]),
            Places::Parts { parts, all, .. } => (None, &parts.all[all.clone()]),
        };
        let groups = self.groups;
        let whole = group.into_iter().flat_map(|(group, range)| range.map(move |i| (group, i)));
        whole.chain(parts.iter().map(|p| (&groups[p.group as usize], p.place as usize)))
    }

    /// What a counting slot counted.
    pub(super) fn count(&self, slot: usize) -> u64 {
        match &self.places {
            Places::Group(group, range) => counts(group, slot)[range.clone()].iter().sum(),
            Places::Parts { parts, days, .. } => {
                parts.counts(self.groups, slot)[days.clone()].iter().sum()
            }
        }
    }

    /// What an adding slot added up.
    pub(super) fn sum(&self, slot: usize) -> Sum {
        added(match &self.places {
            Places::Group(group, range) => sums(group, slot)[range.clone()].iter(),
            Places::Parts { parts, days, .. } => parts.sums(self.groups, slot)[days.clone()].iter(),
        })
    }

    /// The values of a slot of extremes, a day each.
    pub(super) fn extremes(&self, slot: usize) -> impl Iterator<Item = Decimal> + use<'t> {
        self.each().filter_map(move |(group, place)| match &group.series[slot] {
            Series::Extremes(values) => values[place],
            other => wrong(other),
        })
    }

    /// The distinct ids of a slot, ascending.
    pub(super) fn distinct(&self, slot: usize) -> Vec<u32> {
        let lists: Vec<&[u32]> = self.ids_by_day(slot).map(|(_, ids)| ids).collect();
        distinct_of(&lists)
    }

    /// The distinct ids of a slot, group by group and day by day.
    pub(super) fn ids_by_day(
        &self,
        slot: usize,
    ) -> impl Iterator<Item = (Date, &'t [u32])> + use<'t> {
        self.each().map(move |(group, place)| match &group.series[slot] {
            Series::Distinct(days) => (group.days[place], &days[place][..]),
            other => wrong(other),
        })
    }

    /// How many keys have so many rows at least.
    pub(super) fn often(&self, slot: usize, least: u64) -> u64 {
        let mut rows: Vec<(Option<u32>, u64)> =
            self.keyed(slot).map(|keyed| (keyed.key, keyed.rows)).collect();
        rows.sort_unstable();
        let same = rows.chunk_by(|a, b| a.0 == b.0);
        same.filter(|rows| rows.iter().map(|(_, n)| n).sum::<u64>() >= least).count() as u64
    }

    /// What a slot has of each key, group by group and day by day.
    pub(super) fn keyed(&self, slot: usize) -> impl Iterator<Item = &'t Keyed> + use<'t> {
        self.each().flat_map(move |(group, place)| match &group.series[slot] {
            Series::Keyed(days) => days[place].iter(),
            other => wrong(other),
        })
    }

    /// All values of a slot, ascending.
    pub(super) fn values(&self, slot: usize) -> Vec<Decimal> {
        let mut values = Vec::new();
        for (group, place) in self.each() {
            match &group.series[slot] {
                Series::Values(days) => values.extend_from_slice(&days[place]),
                other => wrong(other),
            }
        }
        values.sort_unstable();
        values
    }

    /// The last day on which a counting slot counted something.
    pub(super) fn last_day(&self, count: usize) -> Option<Date> {
        let counted = |(group, place): &(&Group, usize)| counts(group, count)[*place] > 0;
        let (group, place) = self.each().rfind(counted)?;
        Some(group.days[place])
    }

    /// The sum of the first day (or the last) that has a value.
    pub(super) fn sum_at(&self, end: End, sum: usize, count: usize) -> Option<Sum> {
        let with_value = |(group, place): &(&Group, usize)| counts(group, count)[*place] > 0;
        let found = match end {
            End::First => self.each().find(with_value),
            End::Last => self.each().rfind(with_value),
        };
        let (group, place) = found?;
        let day = group.days[place];
        let mut total = Sum::default();
        for (group, place) in self.each().filter(|(group, place)| group.days[*place] == day) {
            total.merge(&sums(group, sum)[place]);
        }
        Some(total)
    }
}

/// The ids of some lists, each once, ascending.
fn distinct_of(lists: &[&[u32]]) -> Vec<u32> {
    let total: usize = lists.iter().map(|ids| ids.len()).sum();
    let most = lists.iter().filter_map(|ids| ids.last()).max().map_or(0, |id| *id as usize);
    // A bit for each id there may be costs less than sorting, unless ids are few and far between.
    if total < most / 64 {
        let mut ids = lists.concat();
        ids.sort_unstable();
        ids.dedup();
        return ids;
    }
    let mut seen = vec![0u64; most / 64 + 1];
    for id in lists.iter().copied().flatten() {
        seen[*id as usize / 64] |= 1 << (id % 64);
    }
    let mut ids = Vec::with_capacity(seen.iter().map(|word| word.count_ones() as usize).sum());
    for (word, base) in seen.into_iter().zip((0u32..).step_by(64)) {
        let mut bits = word;
        while bits != 0 {
            ids.push(base + bits.trailing_zeros());
            bits &= bits - 1;
        }
    }
    ids
}

/// Which end of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    First,
    Last,
}

fn counts(group: &Group, slot: usize) -> &[u64] {
    match &group.series[slot] {
        Series::Counts(days) => days,
        other => wrong(other),
    }
}

fn sums(group: &Group, slot: usize) -> &[Sum] {
    match &group.series[slot] {
        Series::Sums(days) => days,
        other => wrong(other),
    }
}

fn wrong(series: &Series) -> ! {
    panic!("an engine gave a series that its slot does not ask for: {series:?}")
}
