//! Firsts: the cell in which the first row of each id is.

use super::dictionary::NONE;
use super::slots::SKIPPED;

/// Of each id, its first row by moment, then by path and line.
#[derive(Clone, Debug, Default)]
pub(super) struct Firsts {
    /// By id.
    rows: Vec<First>,
    cells: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct First {
    moment: i64,
    /// The block and the row in it.
    place: (usize, u32),
    cell: u32,
}

/// What an id has before a row of it was seen: later than any row.
const UNSEEN: First = First { moment: i64::MAX, place: (usize::MAX, u32::MAX), cell: SKIPPED };

impl Firsts {
    pub(super) fn resize(&mut self, cells: usize) {
        self.cells = cells;
    }

    /// Takes in the rows of a block that have an id and a cell, and whose day lies within.
    pub(super) fn add(
        &mut self,
        cells: &[u32],
        ids: &[u32],
        moments: &[i64],
        within: (i32, i32),
        (block, order): (usize, &[u32]),
    ) {
        let (first, last) = (i64::from(within.0) * 86_400, i64::from(within.1) * 86_400 + 86_399);
        for (row, (&cell, &id)) in cells.iter().zip(ids).enumerate() {
            let moment = moments[row];
            if cell != SKIPPED && id != NONE && first <= moment && moment <= last {
                self.take(id, First { moment, place: (block, order[row]), cell });
            }
        }
    }

    fn take(&mut self, id: u32, row: First) {
        let at = id as usize;
        if self.rows.len() <= at {
            self.rows.resize(at + 1, UNSEEN);
        }
        let known = &mut self.rows[at];
        *known = row.min(*known);
    }

    /// The bytes that it takes.
    pub(super) fn room(&self) -> u64 {
        (self.rows.capacity() * size_of::<First>()) as u64
    }

    /// Gives every id the name that it has in `ids`; several may get the same one.
    pub(super) fn rename(&mut self, ids: &[u32]) {
        for (id, row) in std::mem::take(&mut self.rows).into_iter().enumerate() {
            if row != UNSEEN {
                self.take(ids[id], row);
            }
        }
    }

    /// Takes in another's; `cells` are the own cells of the other's.
    pub(super) fn merge(&mut self, other: &Self, cells: &[u32]) {
        for (id, row) in other.rows.iter().enumerate().filter(|(_, row)| **row != UNSEEN) {
            self.take(id as u32, First { cell: cells[row.cell as usize], ..*row });
        }
    }

    /// By cell, how many ids have their first row there.
    pub(super) fn counts(&self) -> Vec<u64> {
        let mut counts = vec![0; self.cells];
        for row in self.rows.iter().filter(|row| **row != UNSEEN) {
            counts[row.cell as usize] += 1;
        }
        counts
    }
}
