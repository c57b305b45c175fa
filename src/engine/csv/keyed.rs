//! Totals by key: what each key has in each cell.

use rustc_hash::FxHashMap;

use crate::engine::Keyed;

use super::dictionary::NONE;
use super::slots::SKIPPED;
use super::totals::Totals;
use super::vector::Vector;

/// Which rows of a key and cell are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// All.
    Every,
    /// Those of the first moment.
    Earliest,
    /// Those of the last moment.
    Latest,
}

/// Exact totals by cell and key; they grow with the pairs of a key and a day that has it.
#[derive(Clone, Debug)]
pub(super) struct KeyedTotals {
    rule: Rule,
    /// The place of each pair of cell and key.
    places: FxHashMap<u64, u32>,
    /// The pair of each place.
    pairs: Vec<u64>,
    moments: Vec<i64>,
    rows: Vec<u64>,
    totals: Totals,
    /// The places in order of their pairs, as soon as nothing is added any more.
    sorted: Vec<u32>,
}

impl KeyedTotals {
    pub(super) fn new(rule: Rule) -> Self {
        Self {
            rule,
            places: FxHashMap::default(),
            pairs: Vec::new(),
            moments: Vec::new(),
            rows: Vec::new(),
            totals: Totals::default(),
            sorted: Vec::new(),
        }
    }

    /// Counts the rows of each key; rows without one have none.
    pub(super) fn tally(&mut self, cells: &[u32], keys: &[u32]) {
        for (&cell, &key) in cells.iter().zip(keys) {
            if cell != SKIPPED && key != NONE {
                let place = self.place(pair(cell, key), 0);
                self.rows[place as usize] += 1;
            }
        }
        self.totals.resize(self.pairs.len());
    }

    /// Adds the values of the rows that have one. Without moments all are of the same.
    pub(super) fn add(&mut self, cells: &[u32], keys: &[u32], moments: &[i64], values: &Vector) {
        let mut places = Vec::with_capacity(cells.len());
        for (row, (&cell, &key)) in cells.iter().zip(keys).enumerate() {
            if cell == SKIPPED || values.is_null(row) {
                places.push(SKIPPED);
                continue;
            }
            places.push(self.reach(pair(cell, key), moment(moments, row)));
        }
        // Only now is it known which moment of the block is a key's first or last.
        for (row, place) in places.iter_mut().enumerate().filter(|(_, place)| **place != SKIPPED) {
            let at = *place as usize;
            if self.moments[at] == moment(moments, row) {
                self.rows[at] += 1;
            } else {
                *place = SKIPPED;
            }
        }
        self.totals.resize(self.pairs.len());
        self.totals.add(&places, values);
    }

    /// The place of a pair, whose rows of other moments are forgotten where this one wins.
    fn reach(&mut self, pair: u64, moment: i64) -> u32 {
        let place = self.place(pair, moment);
        let known = &mut self.moments[place as usize];
        let wins = match self.rule {
            Rule::Every => false,
            Rule::Earliest => moment < *known,
            Rule::Latest => moment > *known,
        };
        if wins {
            *known = moment;
            self.rows[place as usize] = 0;
            self.totals.resize(self.pairs.len());
            self.totals.clear(place);
        }
        place
    }

    fn place(&mut self, pair: u64, moment: i64) -> u32 {
        let next = self.pairs.len() as u32;
        let place = *self.places.entry(pair).or_insert(next);
        if place == next {
            self.pairs.push(pair);
            self.moments.push(moment);
            self.rows.push(0);
        }
        place
    }

    /// About how many bytes it takes.
    pub(super) fn room(&self) -> u64 {
        // A pair, its moment, its rows and its total, and its place in a map.
        self.pairs.len() as u64 * 60
    }

    /// Gives every key the name that it has in `ids`; several may get the same one.
    pub(super) fn rename(&mut self, ids: &[u32]) {
        let old = std::mem::replace(self, Self::new(self.rule));
        self.absorb(&old, |cell, key| {
            pair(cell, if key == NONE { NONE } else { ids[key as usize] })
        });
    }

    /// Takes in another's; `cells` are the own cells of the other's.
    pub(super) fn merge(&mut self, other: &Self, cells: &[u32]) {
        self.absorb(other, |cell, key| pair(cells[cell as usize], key));
    }

    fn absorb(&mut self, other: &Self, name: impl Fn(u32, u32) -> u64) {
        for (from, &old) in other.pairs.iter().enumerate() {
            let (cell, key) = parts(old);
            let moment = other.moments[from];
            let place = self.reach(name(cell, key), moment);
            if self.moments[place as usize] == moment {
                self.rows[place as usize] += other.rows[from];
                self.totals.resize(self.pairs.len());
                self.totals.merge_cell(place, &other.totals, from as u32);
            }
        }
    }

    /// Brings it into its final order; nothing is added after that.
    pub(super) fn settle(&mut self) {
        self.sorted = (0..self.pairs.len() as u32).collect();
        self.sorted.sort_unstable_by_key(|place| self.pairs[*place as usize]);
    }

    /// What the keys of a cell have, ascending; of no key last.
    pub(super) fn of_cell(&self, cell: u32) -> Box<[Keyed]> {
        let cell_of = |place: &u32| parts(self.pairs[*place as usize]).0;
        let first = self.sorted.partition_point(|place| cell_of(place) < cell);
        let own = self.sorted[first..].iter().take_while(|place| cell_of(place) == cell);
        let keyed = |place: &u32| {
            let at = *place as usize;
            let key = parts(self.pairs[at]).1;
            Keyed {
                key: (key != NONE).then_some(key),
                moment: self.moments[at],
                rows: self.rows[at],
                sum: self.totals.sum(*place),
            }
        };
        own.map(keyed).collect()
    }
}

fn moment(moments: &[i64], row: usize) -> i64 {
    moments.get(row).copied().unwrap_or(0)
}

fn pair(cell: u32, key: u32) -> u64 {
    u64::from(cell) << 32 | u64::from(key)
}

fn parts(pair: u64) -> (u32, u32) {
    ((pair >> 32) as u32, (pair & u64::from(u32::MAX)) as u32)
}
