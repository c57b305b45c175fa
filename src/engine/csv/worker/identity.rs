//! Which rows are the same, which of them are held, and where each of them stands.

use super::super::cells::{Bad, Why};
use super::super::keys::{self, Keys, Losers, Place};
use super::super::ranks::{Ranking, Ranks};
use super::super::records::count_lines;
use super::super::vector::Vector;
use super::{Block, Task, Worker, field_of, order};
use crate::plan::{OnError, Records};

impl<'s> Worker<'s> {
    /// Collects keys: besides all else, or alone.
    pub(in super::super) fn collecting_keys(mut self, task: Task) -> Self {
        self.keys = Some(Keys::default());
        self.task = task;
        self
    }

    /// Collects the rows of ids alone.
    pub(in super::super) fn collecting_ranks(mut self) -> Self {
        self.ranking = Ranking::new(self.scan, self.shape);
        self.task = Task::Ranks;
        self
    }

    /// Knows the ranks of the rows.
    pub(in super::super) fn knowing(mut self, ranks: &'s Ranks) -> Self {
        self.ranks = Some(ranks);
        self
    }

    /// Leaves out rows that a later one replaces.
    pub(in super::super) fn without(mut self, losers: &'s Losers) -> Self {
        self.losers = Some(losers);
        self
    }
}

impl Worker<'_> {
    /// Takes the rows out that a later one of the same key replaces.
    pub(super) fn drop_losers(&mut self, block: &Block<'_>) {
        let losers = self.losers.map_or(&[][..], |l| l.of(block.job.block, block.turn));
        if losers.is_empty() {
            return;
        }
        let lines = self.lines(block.bytes);
        let stays = |row: &u32| losers.binary_search(&lines[*row as usize]).is_err();
        let keep: Vec<bool> = self.selection.iter().map(stays).collect();
        self.replaced += self.keep(&keep);
    }

    /// The line of each row in the block.
    fn lines(&self, bytes: &[u8]) -> Vec<u32> {
        let (mut line, mut at) = (0, 0);
        let rows = 0..self.rows.len();
        if matches!(self.scan.dialect.records, Records::Parquet | Records::Table) {
            return rows.map(|row| row as u32).collect();
        }
        rows.map(|row| {
            let start = self.start(row);
            line += count_lines(&bytes[at..start]) as u32;
            at = start;
            line
        })
        .collect()
    }

    /// Reads what tells which rows count, and takes in the keys or the ids of those.
    pub(super) fn collect_alone(&mut self, block: &mut Block<'_>) {
        let shape = self.shape;
        self.drop_losers(block);
        self.read(&shape.filter_columns, block);
        self.drop_filtered();
        let columns = match (self.scan.on_error, self.task) {
            // A row that is skipped does not count; which ones are, only all of its cells tell.
            (OnError::Skip, _) => &shape.rankless_columns,
            (_, Task::Ranks) => &shape.rank_columns,
            _ => &shape.key_columns,
        };
        self.read(columns, block);
        self.drop_undated(block);
        if self.task == Task::Ranks {
            self.refuse_null_keys(block);
            let order = order(&self.selection, block);
            self.ranking.add(self.scan, &self.batch, (block.job.block, &order));
        } else {
            self.collect_keys(block);
        }
    }

    /// A column of ranks.
    pub(super) fn ranked(&mut self, column: usize, block: &Block<'_>) -> Vector {
        let at = self.shape.ranked.iter().position(|(own, _)| *own == column);
        let (Some(at), Some(ranks)) = (at, self.ranks) else {
            panic!("a column that nothing makes");
        };
        let of = self.shape.ranked[at].1;
        let texts = &self.batch.dictionaries[self.batch.sources[of]];
        let order = order(&self.selection, block);
        let place = (block.job.block, &order[..]);
        ranks.column(at, self.batch.column(of), texts, &mut self.first_days[at], place)
    }

    /// Takes in the keys of the rows that still count.
    pub(super) fn collect_keys(&mut self, block: &Block<'_>) {
        let (Some(key), Some(mut keys)) = (&self.scan.key, self.keys.take()) else { return };
        let columns: Vec<usize> = key.columns.iter().map(|c| c.0 as usize).collect();
        for (position, place) in self.places(block, columns.first().copied()).enumerate() {
            keys.add(&self.batch, &columns, position, place);
        }
        self.keys = Some(keys);
    }

    /// The places of the rows that still count, with the column of a cell.
    fn places(&self, block: &Block<'_>, column: Option<usize>) -> impl Iterator<Item = Place> {
        let lines = self.lines(block.bytes);
        let field = column.and_then(|c| field_of(self.scan, &block.job.layout, block.turn, c));
        let (number, turn) = (block.job.block as u32, block.turn as u32);
        self.selection.iter().map(move |&row| {
            let row = row as usize;
            let column = field.map_or(0, |field| {
                let place = self.place(row, Some(field));
                column_behind(&block.bytes[self.start(row)..place.start])
            });
            Place { block: number, line: lines[row], turn, column }
        })
    }

    /// Takes in the rows that are looked up by others.
    pub(super) fn collect_rows(&mut self, block: &Block<'_>) {
        if let Some(mut rows) = self.collected.take() {
            rows.add(&self.batch, self.places(block, None));
            self.collected = Some(rows);
        }
    }

    /// A row whose key is null in a column is bad: null identifies nothing.
    pub(super) fn refuse_null_keys(&mut self, block: &mut Block<'_>) {
        let Some(key) = &self.scan.key else { return };
        let mut bad = Vec::new();
        for column in key.columns.iter().map(|c| c.0 as usize) {
            let nulls = keys::nulls(self.batch.column(column), self.batch.rows);
            bad.extend(nulls.map(|position| Bad { position, column, why: Why::NoKey }));
        }
        // One message a row.
        bad.sort_by_key(|b| b.position);
        bad.dedup_by_key(|b| b.position);
        self.settle(bad, block);
    }
}

/// The column, in characters from 1, behind these bytes of a row; 0 (unknown) where they end lines.
fn column_behind(before: &[u8]) -> u32 {
    if memchr::memchr2(b'\n', b'\r', before).is_some() {
        return 0;
    }
    before.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u32 + 1
}
