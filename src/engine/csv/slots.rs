//! Slots: what is added up, cell by cell. A cell is one group on one day.

use crate::engine::Series;
use crate::value::Decimal;

use super::extremes::Extremes;
use super::firsts::Firsts;
use super::keyed::KeyedTotals;
use super::totals::Totals;

/// Stands for "no cell": the row does not count.
pub(super) const SKIPPED: u32 = u32::MAX;

/// The state of a slot in every cell.
#[derive(Clone, Debug)]
pub(super) enum State {
    Counts(Vec<u64>),
    Sums(Totals),
    Extremes(Extremes),
    Values(Vec<Vec<Decimal>>),
    Distinct(Pairs),
    Firsts(Firsts),
    Keyed(KeyedTotals),
}

/// Cells and ids, each pair once as soon as it is tidied up.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs {
    pairs: Vec<u64>,
    tidy: usize,
}

impl Pairs {
    pub(super) fn add(&mut self, cell: u32, id: u32) {
        self.pairs.push(u64::from(cell) << 32 | u64::from(id));
    }

    /// Sorts and drops what is there twice, if enough has come in since the last time.
    pub(super) fn tidy(&mut self, slack: usize) {
        if self.pairs.len() >= 2 * self.tidy + slack {
            self.pairs.sort_unstable();
            self.pairs.dedup();
            self.tidy = self.pairs.len();
        }
    }

    /// Gives every id the name that it has in `ids`.
    fn rename(&mut self, ids: &[u32]) {
        for pair in &mut self.pairs {
            let id = ids[(*pair & u64::from(u32::MAX)) as usize];
            *pair = *pair >> 32 << 32 | u64::from(id);
        }
    }

    fn merge(&mut self, other: &Self, cells: &[u32]) {
        let renamed = other.pairs.iter().map(|pair| {
            let cell = cells[(*pair >> 32) as usize];
            u64::from(cell) << 32 | *pair & u64::from(u32::MAX)
        });
        self.pairs.extend(renamed);
        self.tidy(1 << 20);
    }

    fn of_cell(&self, cell: u32) -> Box<[u32]> {
        let first = self.pairs.partition_point(|p| (p >> 32) < u64::from(cell));
        let own = self.pairs[first..].iter().take_while(|p| **p >> 32 == u64::from(cell));
        own.map(|p| (*p & u64::from(u32::MAX)) as u32).collect()
    }
}

impl State {
    pub(super) fn resize(&mut self, cells: usize) {
        match self {
            Self::Counts(v) => v.resize(cells, 0),
            Self::Sums(totals) => totals.resize(cells),
            Self::Extremes(extremes) => extremes.resize(cells),
            Self::Values(v) => v.resize_with(cells, Vec::new),
            Self::Firsts(firsts) => firsts.resize(cells),
            Self::Distinct(_) | Self::Keyed(_) => {}
        }
    }

    /// Gives every distinct id the name that it has in `ids`.
    pub(super) fn rename(&mut self, ids: &[u32]) {
        match self {
            Self::Distinct(pairs) => pairs.rename(ids),
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
            (Self::Values(own), Self::Values(other)) => {
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
            Self::Values(cells) => cells.iter_mut().for_each(|v| v.sort_unstable()),
            Self::Distinct(pairs) => {
                pairs.pairs.sort_unstable();
                pairs.pairs.dedup();
            }
            Self::Keyed(keyed) => keyed.settle(),
            Self::Firsts(firsts) => *self = Self::Counts(firsts.counts()),
            _ => {}
        }
    }

    /// The state of some cells as the engine's users see it.
    pub(super) fn series(&self, cells: &[u32]) -> Series {
        let at = |c: &u32| *c as usize;
        match self {
            Self::Counts(v) => Series::Counts(cells.iter().map(|c| v[at(c)]).collect()),
            Self::Sums(t) => Series::Sums(cells.iter().map(|c| t.sum(*c)).collect()),
            Self::Extremes(e) => {
                let plain = |c: &u32| e.get(*c).map(Decimal::normalised);
                Series::Extremes(cells.iter().map(plain).collect())
            }
            Self::Values(v) => {
                let own = |c: &u32| v[at(c)].iter().map(|d| d.normalised()).collect();
                Series::Values(cells.iter().map(own).collect())
            }
            Self::Distinct(p) => Series::Distinct(cells.iter().map(|c| p.of_cell(*c)).collect()),
            Self::Keyed(k) => Series::Keyed(cells.iter().map(|c| k.of_cell(*c)).collect()),
            Self::Firsts(firsts) => {
                let counts = firsts.counts();
                Series::Counts(cells.iter().map(|c| counts[at(c)]).collect())
            }
        }
    }
}
