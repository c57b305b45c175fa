//! Slots: what is added up, cell by cell. A cell is one group on one day.

use crate::engine::Series;
use crate::value::Decimal;

use super::extremes::Extremes;
use super::firsts::Firsts;
use super::keyed::KeyedTotals;
use super::room::Room;
use super::totals::Totals;

/// Stands for "no cell": the row does not count.
pub(super) const SKIPPED: u32 = u32::MAX;

/// The state of a slot in every cell.
#[derive(Clone, Debug)]
pub(super) enum State {
    Counts(Vec<u64>),
    Sums(Totals),
    Extremes(Extremes),
    /// The values of each cell, and how many there are in all.
    Values(Vec<Vec<Decimal>>, u64),
    Distinct(Lists),
    Firsts(Firsts),
    Keyed(KeyedTotals),
}

/// The ids of each cell, each once as soon as it is tidied up.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    cells: Vec<List>,
    /// The ids that there is room for, in all cells.
    room: u64,
}

#[derive(Clone, Debug, Default)]
struct List {
    ids: Vec<u32>,
    /// So many ids were left when it was tidied up the last time.
    tidy: usize,
}

impl List {
    /// Gives the room that was made for it.
    #[inline]
    fn add(&mut self, id: u32) -> u64 {
        let made = if self.ids.len() == self.ids.capacity() { self.make_room() } else { 0 };
        self.ids.push(id);
        made
    }

    /// Drops what is there twice before it grows, if enough has come in since the last time.
    #[cold]
    fn make_room(&mut self) -> u64 {
        let before = self.ids.capacity();
        if self.ids.len() >= 2 * self.tidy + 64 {
            self.settle();
            self.tidy = self.ids.len();
        }
        // Half as much again: thousands of lists that double would be half empty.
        self.ids.reserve_exact((self.ids.len() / 2).max(4));
        (self.ids.capacity() - before) as u64
    }

    fn settle(&mut self) {
        self.ids.sort_unstable();
        self.ids.dedup();
    }
}

impl Lists {
    fn resize(&mut self, cells: usize) {
        self.cells.resize_with(cells, List::default);
    }

    #[inline]
    pub(super) fn add(&mut self, cell: u32, id: u32) {
        self.room += self.cells[cell as usize].add(id);
    }

    /// Gives every id the name that it has in `ids`.
    fn rename(&mut self, ids: &[u32]) {
        for id in self.cells.iter_mut().flat_map(|list| &mut list.ids) {
            *id = ids[*id as usize];
        }
    }

    fn merge(&mut self, other: &Self, cells: &[u32]) {
        for (list, cell) in other.cells.iter().zip(cells) {
            let own = &mut self.cells[*cell as usize];
            own.ids.reserve_exact(list.ids.len());
            own.ids.extend_from_slice(&list.ids);
        }
    }
}

impl State {
    /// About how many bytes it takes that hang on the number of rows.
    pub(super) fn room(&self) -> Room {
        match self {
            Self::Distinct(lists) => Room { distinct: lists.room * 4, ..Room::default() },
            Self::Values(_, count) => Room { values: count * 32, ..Room::default() },
            Self::Firsts(firsts) => Room { keyed: firsts.room(), ..Room::default() },
            Self::Keyed(keyed) => Room { keyed: keyed.room(), ..Room::default() },
            Self::Counts(_) | Self::Sums(_) | Self::Extremes(_) => Room::default(),
        }
    }

    pub(super) fn resize(&mut self, cells: usize) {
        match self {
            Self::Counts(v) => v.resize(cells, 0),
            Self::Sums(totals) => totals.resize(cells),
            Self::Extremes(extremes) => extremes.resize(cells),
            Self::Values(v, _) => v.resize_with(cells, Vec::new),
            Self::Firsts(firsts) => firsts.resize(cells),
            Self::Distinct(lists) => lists.resize(cells),
            Self::Keyed(_) => {}
        }
    }

    /// Gives every distinct id the name that it has in `ids`.
    pub(super) fn rename(&mut self, ids: &[u32]) {
        match self {
            Self::Distinct(lists) => lists.rename(ids),
            Self::Firsts(firsts) => firsts.rename(ids),
            Self::Keyed(keyed) => keyed.rename(ids),
            _ => {}
        }
    }

    /// Takes in another state; `cells` are the own cells of the other's. Distinct ids must be the
    /// same in both.
    pub(super) fn merge(&mut self, other: &Self, cells: &[u32]) {
        let targets = cells.iter().copied();
        match (self, other) {
            (Self::Counts(own), Self::Counts(other)) => {
                targets.zip(other).for_each(|(cell, n)| own[cell as usize] += n);
            }
            (Self::Sums(own), Self::Sums(other)) => {
                for (from, cell) in targets.enumerate() {
                    own.merge_cell(cell, other, from as u32);
                }
            }
            (Self::Extremes(own), Self::Extremes(other)) => {
                for (from, cell) in targets.enumerate() {
                    own.merge_cell(cell, other, from as u32);
                }
            }
            (Self::Values(own, _), Self::Values(other, _)) => {
                targets.zip(other).for_each(|(cell, v)| own[cell as usize].extend_from_slice(v));
            }
            (Self::Distinct(own), Self::Distinct(other)) => own.merge(other, cells),
            (Self::Firsts(own), Self::Firsts(other)) => own.merge(other, cells),
            (Self::Keyed(own), Self::Keyed(other)) => own.merge(other, cells),
            _ => {}
        }
    }

    /// Brings it into its final order; nothing is added after that.
    pub(super) fn settle(&mut self) {
        match self {
            Self::Values(cells, _) => cells.iter_mut().for_each(|v| v.sort_unstable()),
            Self::Distinct(lists) => lists.cells.iter_mut().for_each(List::settle),
            Self::Keyed(keyed) => keyed.settle(),
            Self::Firsts(firsts) => *self = Self::Counts(firsts.counts()),
            _ => {}
        }
    }

    /// The state of some cells as the engine's users see it; what is large is gone after that.
    pub(super) fn series(&mut self, cells: &[u32]) -> Series {
        let at = |c: &u32| *c as usize;
        match self {
            Self::Counts(v) => Series::Counts(cells.iter().map(|c| v[at(c)]).collect()),
            Self::Sums(t) => Series::Sums(cells.iter().map(|c| t.sum(*c)).collect()),
            Self::Extremes(e) => {
                let plain = |c: &u32| e.get(*c).map(Decimal::normalised);
                Series::Extremes(cells.iter().map(plain).collect())
            }
            Self::Values(v, _) => {
                let own = |c: &u32| {
                    let values = std::mem::take(&mut v[at(c)]);
                    values.into_iter().map(Decimal::normalised).collect()
                };
                Series::Values(cells.iter().map(own).collect())
            }
            Self::Distinct(lists) => {
                let own = |c: &u32| std::mem::take(&mut lists.cells[at(c)].ids).into();
                Series::Distinct(cells.iter().map(own).collect())
            }
            Self::Keyed(k) => Series::Keyed(cells.iter().map(|c| k.of_cell(*c)).collect()),
            Self::Firsts(firsts) => {
                let counts = firsts.counts();
                Series::Counts(cells.iter().map(|c| counts[at(c)]).collect())
            }
        }
    }
}
