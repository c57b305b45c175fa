//! Cells: one for each group and day that has rows.

#![allow(
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "differences of days that have been compared before"
)]

use rustc_hash::FxHashMap;

use super::dictionary::NONE;

/// Up to so many groups have a table of days each; more go through a hash map.
const MOST_TABLES: usize = 1 << 10;
/// The days that tables know: from 1925 to 2105, roughly.
const FIRST_DAY: i32 = -16_384;
const MOST_DAYS: usize = 1 << 16;

/// Groups and days to cells, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct CellIndex {
    /// The group and day of each cell.
    places: Vec<(u32, i32)>,
    /// By group, then by day since the group's own first.
    tables: Vec<Table>,
    others: FxHashMap<(u32, i32), u32>,
}

/// The cells of one group by day.
#[derive(Debug, Default)]
struct Table {
    first: i32,
    cells: Vec<u32>,
}

impl CellIndex {
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The group and day of each cell.
    pub(super) fn places(&self) -> &[(u32, i32)] {
        &self.places
    }

    /// The cell of a group and day, new or known.
    #[inline]
    pub(super) fn cell(&mut self, group: u32, day: i32) -> u32 {
        if let Some(table) = self.tables.get(group as usize) {
            let at = day.wrapping_sub(table.first) as usize;
            if let Some(&cell) = table.cells.get(at)
                && cell != NONE
            {
                return cell;
            }
        }
        self.new_cell(group, day)
    }

    #[cold]
    fn new_cell(&mut self, group: u32, day: i32) -> u32 {
        let next = self.places.len() as u32;
        let known = day >= FIRST_DAY && day < FIRST_DAY + MOST_DAYS as i32;
        if group as usize >= MOST_TABLES || !known {
            let cell = *self.others.entry((group, day)).or_insert(next);
            if cell == next {
                self.places.push((group, day));
            }
            return cell;
        }
        if self.tables.len() <= group as usize {
            self.tables.resize_with(group as usize + 1, Table::default);
        }
        self.tables[group as usize].set(day, next);
        self.places.push((group, day));
        next
    }
}

impl Table {
    fn set(&mut self, day: i32, cell: u32) {
        if self.cells.is_empty() {
            self.first = day;
        }
        if day < self.first {
            // Room for days to come before this one as well, so that this stays rare.
            let first = (day - 64).max(FIRST_DAY);
            let missing = (self.first - first) as usize;
            self.cells.splice(0..0, std::iter::repeat_n(NONE, missing));
            self.first = first;
        }
        let at = (day - self.first) as usize;
        if self.cells.len() <= at {
            self.cells.resize(at + 1, NONE);
        }
        self.cells[at] = cell;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cell_for_each_group_and_day() {
        let mut index = CellIndex::default();
        let mut seen = std::collections::BTreeMap::new();
        let days = [20_000, 19_999, 25_000, 0, -40_000, 3_000_000, -16_384, 49_151, 49_152];
        for group in [0, 3, 1023, 1024, 90_000] {
            for day in days.iter().chain(&days) {
                let next = seen.len() as u32;
                let expected = *seen.entry((group, *day)).or_insert(next);
                assert_eq!(index.cell(group, *day), expected, "{group} {day}");
            }
        }
        assert_eq!(index.len(), seen.len());
        for (place, cell) in seen {
            assert_eq!(index.places()[cell as usize], place);
        }
    }
}
