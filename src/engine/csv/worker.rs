//! A worker: takes one block after the other through reading, filtering and adding up.

use crate::plan::{ColumnPlan, OnError, Origin, Scan};
use crate::time::{Calendar, Date};

use super::batch::{Batch, Node, Sink, truths};
use super::cells::{Bad, CellReader, Cells, Why};
use super::dictionary::Dictionary;
use super::distinct::DistinctIds;
use super::faults::{Fault, What, spot};
use super::feed::{Job, MOST_FAULTS, Report};
use super::groups::{Groups, Rows as GroupRows};
use super::keys::{self, Keys, Losers, Place};
use super::ranks::{Ranking, Ranks};
use super::records::{Malformed, Marks, Rows, count_lines, split};
use super::rows::Context;
use super::shape::Shape;
use super::table::{Collected, Joiner, Table};
use super::vector::{NO_DATE, NO_TIME, Vector, retain};

/// Rows of one file by what became of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) rows: u64,
    pub(super) used: u64,
    pub(super) rejected: u64,
    pub(super) nulled: u64,
}

/// One thread's part of a scan.
pub(super) struct Worker<'s> {
    scan: &'s Scan,
    shape: &'s Shape,
    marks: &'s Marks,
    joiners: Vec<Joiner<'s>>,
    /// The rows that are held, where others look them up.
    pub(super) collected: Option<Collected>,
    losers: Option<&'s Losers>,
    ranks: Option<&'s Ranks>,
    /// Of each rank that is a day: the day of each text's id, as far as it was looked up.
    first_days: Vec<Vec<i32>>,
    task: Task,
    context: Context,
    readers: Vec<Option<CellReader>>,
    computed: Vec<Option<Node>>,
    filter: Option<Node>,
    conditions: Vec<Node>,
    values: Vec<Node>,
    /// The texts behind the ids of values that are no columns.
    value_texts: Vec<Dictionary>,
    pub(super) batch: Batch,
    rows: Rows,
    /// The rows of the block that still count.
    selection: Vec<u32>,
    pub(super) groups: Vec<Groups>,
    pub(super) distinct: Vec<DistinctIds>,
    pub(super) keys: Option<Keys>,
    pub(super) ranking: Ranking,
    pub(super) counts: Vec<Counts>,
    pub(super) nulls: Vec<u64>,
    pub(super) filtered: u64,
    pub(super) replaced: u64,
    pub(super) later: u64,
    pub(super) days: Option<(i32, i32)>,
}

/// What a pass is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// Everything is added up.
    AddUp,
    /// Only keys are collected.
    Keys,
    /// Only the rows of ids are collected.
    Ranks,
}

/// What is being worked on.
struct Block<'b> {
    bytes: &'b [u8],
    job: &'b Job,
    bad: Vec<Fault>,
    rejected: Vec<Fault>,
}

impl<'s> Worker<'s> {
    pub(super) fn new(
        scan: &'s Scan,
        shape: &'s Shape,
        marks: &'s Marks,
        calendar: Calendar,
        files: usize,
        tables: &'s [Table],
    ) -> Self {
        let reader = |origin: &Origin| match origin {
            Origin::Read { cell, .. } => Some(CellReader::new(cell.clone(), &scan.dialect)),
            Origin::Computed(_) | Origin::Joined { .. } | Origin::Ranked(..) => None,
        };
        // The ids of looked-up texts are those of the table: no thread makes its own.
        let texts = |column: &ColumnPlan| match column.origin {
            Origin::Joined { join, column, .. } => {
                tables[scan.joins[join].table].texts(column).clone()
            }
            Origin::Read { .. } | Origin::Computed(_) | Origin::Ranked(..) => Dictionary::default(),
        };
        Self {
            scan,
            shape,
            marks,
            joiners: scan.joins.iter().map(|join| Joiner::new(join, tables)).collect(),
            collected: None,
            losers: None,
            ranks: None,
            first_days: vec![Vec::new(); shape.ranked.len()],
            task: Task::AddUp,
            context: Context {
                calendar,
                numbers: scan.dialect.numbers,
                overflow: std::cell::Cell::new(false),
            },
            readers: scan.columns.iter().map(|c| reader(&c.origin)).collect(),
            computed: shape.computed.clone(),
            filter: shape.filter.clone(),
            conditions: shape.conditions.clone(),
            values: shape.values.clone(),
            value_texts: vec![Dictionary::default(); scan.values.len()],
            batch: Batch {
                columns: vec![None; scan.columns.len()],
                dictionaries: scan.columns.iter().map(texts).collect(),
                sources: shape.sources.clone(),
                rows: 0,
            },
            rows: Rows::default(),
            selection: Vec::new(),
            groups: scan.groupings.iter().map(Groups::new).collect(),
            distinct: scan.values.iter().map(|_| DistinctIds::default()).collect(),
            keys: None,
            ranking: Ranking::default(),
            counts: vec![Counts::default(); files],
            nulls: vec![0; scan.columns.len()],
            filtered: 0,
            replaced: 0,
            later: 0,
            days: None,
        }
    }

    /// Collects keys: besides all else, or alone.
    pub(super) fn collecting_keys(mut self, task: Task) -> Self {
        self.keys = Some(Keys::default());
        self.task = task;
        self
    }

    /// Collects the rows of ids alone.
    pub(super) fn collecting_ranks(mut self) -> Self {
        self.ranking = Ranking::new(self.scan, self.shape);
        self.task = Task::Ranks;
        self
    }

    /// Knows the ranks of the rows.
    pub(super) fn knowing(mut self, ranks: &'s Ranks) -> Self {
        self.ranks = Some(ranks);
        self
    }

    /// Holds the rows that count.
    pub(super) fn holding(mut self, rows: Option<Collected>) -> Self {
        self.collected = rows;
        self
    }

    /// Of each column, the cells that may be percentages without their sign.
    pub(super) fn above_one(&self) -> Vec<u64> {
        self.readers.iter().map(|r| r.as_ref().map_or(0, |r| r.above_one)).collect()
    }

    /// The ids that distinct values get in `all`, by value.
    pub(super) fn distinct_ids(&self, all: &mut Dictionary) -> Vec<Vec<u32>> {
        let values = self.distinct.iter().zip(&self.shape.distinct).enumerate();
        values
            .map(|(value, (ids, counted))| match counted {
                true => ids.renamed(self.texts_of(value), all),
                false => Vec::new(),
            })
            .collect()
    }

    /// The texts behind the ids of a value, where it is a text.
    fn texts_of(&self, value: usize) -> &Dictionary {
        let source = self.shape.value_sources[value];
        let columns = self.scan.columns.len();
        match source.checked_sub(columns) {
            Some(own) => &self.value_texts[own],
            None => &self.batch.dictionaries[source],
        }
    }

    /// Leaves out rows that a later one replaces.
    pub(super) fn without(mut self, losers: &'s Losers) -> Self {
        self.losers = Some(losers);
        self
    }

    /// Works through a block.
    pub(super) fn work(&mut self, bytes: &[u8], job: &Job) -> Report {
        self.forget_if_full();
        let mut malformed = Vec::new();
        split(bytes, self.marks, job.layout.width, &mut self.rows, &mut malformed);
        let mut block = Block { bytes, job, bad: Vec::new(), rejected: Vec::new() };
        self.select_all();
        if self.task == Task::AddUp {
            block.bad.extend(malformed.iter().map(|m| malformed_fault(m, bytes, job.block)));
            self.counts[job.layout.file].rows += self.rows.len() as u64;
            self.drop_losers(&block);
            self.add_up(&mut block);
        } else {
            self.collect_alone(&mut block);
            // Whatever is wrong with the rows, the pass that adds them up says so.
            block.bad.clear();
            block.rejected.clear();
        }
        block.bad.sort_unstable();
        block.bad.truncate(MOST_FAULTS + 1);
        Report {
            block: job.block,
            lines: count_lines(bytes),
            faults: block.bad,
            rejections: block.rejected,
        }
    }

    fn select_all(&mut self) {
        self.selection.clear();
        self.selection.extend(0..self.rows.len() as u32);
        self.batch.rows = self.rows.len();
        self.batch.columns.iter_mut().for_each(|c| *c = None);
    }

    fn add_up(&mut self, block: &mut Block<'_>) {
        let shape = self.shape;
        self.read(&shape.filter_columns, block);
        self.drop_filtered();
        self.read(&shape.other_columns, block);
        self.drop_undated(block);
        self.refuse_null_keys(block);
        self.collect_keys(block);
        self.collect_rows(block);
        let file = block.job.layout.file;
        self.counts[file].used += self.batch.rows as u64;
        for (column, nulls) in self.nulls.iter_mut().enumerate() {
            if self.readers[column].is_some() {
                *nulls += self.batch.column(column).count_nulls();
            }
        }
        if self.batch.rows > 0 {
            self.aggregate(block);
        }
    }

    /// Reads or computes columns; rows with bad cells go as the source says.
    fn read(&mut self, columns: &[usize], block: &mut Block<'_>) {
        let mut bad = Vec::new();
        self.read_columns(columns, block, &mut bad);
        self.settle(bad, block);
    }

    fn read_columns(&mut self, columns: &[usize], block: &Block<'_>, bad: &mut Vec<Bad>) {
        for &column in columns {
            let at = self.shape.sources[column];
            let mut texts = std::mem::take(&mut self.batch.dictionaries[at]);
            let vector = match (&mut self.readers[column], &mut self.computed[column]) {
                (Some(reader), _) => {
                    let cells = Cells {
                        block: block.bytes,
                        rows: &self.rows,
                        selection: &self.selection,
                        field: block.job.layout.fields[column].unwrap_or_default(),
                        column,
                    };
                    reader.read(cells, &mut texts, bad)
                }
                (None, Some(node)) => {
                    let mut overflow = Vec::new();
                    let mut sink = Sink { texts: &mut texts, overflow: &mut overflow };
                    let vector = node.run(&self.batch, &self.context, &mut sink).into_owned();
                    bad.extend(overflow.into_iter().map(|p| too_many_digits(p, column)));
                    vector
                }
                (None, None) => match self.scan.columns[column].origin {
                    Origin::Joined { join, column, .. } => {
                        self.joiners[join].run(&self.batch, column)
                    }
                    _ => self.ranked(column, block),
                },
            };
            self.batch.dictionaries[at] = texts;
            self.batch.columns[column] = Some(vector);
        }
    }

    /// Lists bad cells, and drops their rows where the source says so.
    fn settle(&mut self, mut bad: Vec<Bad>, block: &mut Block<'_>) {
        if bad.is_empty() {
            return;
        }
        let file = &mut self.counts[block.job.layout.file];
        let mut keep = vec![true; self.batch.rows];
        let date = self.scan.date.map(|c| c.0 as usize);
        for one in &bad {
            // A row without its date cannot count, whatever the source says of bad cells.
            if self.scan.on_error == OnError::Null && Some(one.column) != date {
                file.nulled += 1;
            } else if std::mem::replace(&mut keep[one.position as usize], false) {
                file.rejected += 1;
            }
        }
        // Only the first by place are shown; the others need no text.
        let field = |c: usize| block.job.layout.fields[c].unwrap_or_default();
        bad.sort_by_key(|b| (b.position, field(b.column)));
        let most = match self.scan.on_error {
            OnError::Stop => MOST_FAULTS + 1,
            OnError::Skip | OnError::Null => 50,
        };
        bad.truncate(most);
        let faults = bad.into_iter().map(|b| {
            let row = self.selection[b.position as usize] as usize;
            let range = match block.job.layout.fields[b.column] {
                Some(field) => self.rows.field(row, field),
                None => self.rows.start(row)..self.rows.start(row),
            };
            let spot = spot(block.bytes, range);
            Fault { block: block.job.block, spot, what: What::Cell(b.column, b.why) }
        });
        match self.scan.on_error {
            OnError::Stop => block.bad.extend(faults),
            OnError::Skip | OnError::Null => block.rejected.extend(faults),
        }
        self.keep(&keep);
    }

    /// Keeps the rows that are marked.
    fn keep(&mut self, keep: &[bool]) -> u64 {
        let before = self.batch.rows;
        let kept = keep.iter().filter(|k| **k).count();
        if kept < before {
            retain(&mut self.selection, keep);
            self.batch.columns.iter_mut().flatten().for_each(|c| c.retain(keep));
            self.batch.rows = kept;
        }
        (before - kept) as u64
    }

    fn drop_filtered(&mut self) {
        let Some(filter) = &mut self.filter else { return };
        let (mut texts, mut overflow) = (Dictionary::default(), Vec::new());
        let mut sink = Sink { texts: &mut texts, overflow: &mut overflow };
        let truth = truths(&filter.run(&self.batch, &self.context, &mut sink));
        let keep: Vec<bool> = truth.iter().map(|t| *t == 1).collect();
        self.filtered += self.keep(&keep);
    }

    /// Drops rows after the as-of date; a row without a date is bad.
    fn drop_undated(&mut self, block: &mut Block<'_>) {
        let Some(date) = self.scan.date else { return };
        let column = date.0 as usize;
        let days = days_of(self.batch.column(column));
        let missing = days.iter().enumerate().filter(|(_, d)| **d == NO_DATE);
        let bad: Vec<Bad> =
            missing.map(|(at, _)| Bad { position: at as u32, column, why: Why::NoDate }).collect();
        self.settle(bad, block);
        let days = days_of(self.batch.column(column));
        if let Some(until) = self.scan.until.map(Date::days) {
            let keep: Vec<bool> = days.iter().map(|d| *d <= until).collect();
            self.later += self.keep(&keep);
        }
        for day in days_of(self.batch.column(column)).into_iter().filter(|d| *d != NO_DATE) {
            let (first, last) = self.days.unwrap_or((day, day));
            self.days = Some((first.min(day), last.max(day)));
        }
    }

    fn aggregate(&mut self, block: &mut Block<'_>) {
        let Self { batch, conditions, values, value_texts, groups, context, .. } = self;
        let (mut no_texts, mut overflow) = (Dictionary::default(), Vec::new());
        let mut sink = Sink { texts: &mut no_texts, overflow: &mut overflow };
        let truth = |node: &mut Node| truths(&node.run(batch, context, &mut sink));
        let conditions: Vec<Vec<u8>> = conditions.iter_mut().map(truth).collect();
        let mut vectors = Vec::with_capacity(values.len());
        for (node, texts) in values.iter_mut().zip(value_texts) {
            let mut sink = Sink { texts, overflow: &mut overflow };
            vectors.push(node.run(batch, context, &mut sink));
        }
        let ids: Vec<Option<Vec<u32>>> = vectors
            .iter()
            .zip(&mut self.distinct)
            .zip(&self.shape.distinct)
            .map(|((vector, ids), counted)| counted.then(|| ids.ids(vector, batch.rows)))
            .collect();
        let values: Vec<&Vector> = vectors.iter().map(AsRef::as_ref).collect();
        let until = self.scan.until;
        let rows = GroupRows {
            batch,
            conditions: &conditions,
            values: &values,
            ids: &ids,
            until,
            block: block.job.block,
            selection: &self.selection,
        };
        for (group, finer) in groups.iter_mut().zip(&self.shape.finer) {
            if finer.is_none() {
                group.add(&rows, &mut overflow);
            }
        }
        // Too many digits are never skipped: the number would be wrong in silence.
        for position in overflow {
            let row = self.selection[position as usize] as usize;
            let start = self.rows.start(row);
            let spot = spot(block.bytes, start..start);
            block.bad.push(Fault { block: block.job.block, spot, what: What::TooManyDigits });
        }
    }

    /// Forgets what texts there were, where that has become too much to remember.
    fn forget_if_full(&mut self) {
        let kept = &self.shape.kept;
        let full = |d: &Dictionary, at: usize| d.is_full() && !kept[at];
        let dictionaries = self.batch.dictionaries.iter().chain(&self.value_texts);
        let nodes = self.computed.iter().flatten().chain(&self.filter);
        let any = dictionaries.enumerate().any(|(at, d)| full(d, at))
            || nodes.chain(&self.conditions).chain(&self.values).any(Node::is_full)
            || self.groups.iter().any(Groups::is_full);
        if !any {
            return;
        }
        let dictionaries = self.batch.dictionaries.iter_mut().chain(&mut self.value_texts);
        for (_, dictionary) in dictionaries.enumerate().filter(|(at, _)| !kept[*at]) {
            dictionary.clear();
        }
        let nodes = self.computed.iter_mut().flatten().chain(&mut self.filter);
        for node in nodes.chain(&mut self.conditions).chain(&mut self.values) {
            node.forget();
        }
        for group in &mut self.groups {
            group.forget();
        }
        self.joiners.iter_mut().for_each(Joiner::forget);
    }

    /// Takes the rows out that a later one of the same key replaces.
    fn drop_losers(&mut self, block: &Block<'_>) {
        let losers = self.losers.map_or(&[][..], |l| l.of(block.job.block));
        if losers.is_empty() {
            return;
        }
        let lines = self.lines(block.bytes);
        let keep: Vec<bool> = lines.iter().map(|l| losers.binary_search(l).is_err()).collect();
        self.replaced += self.keep(&keep);
    }

    /// The line of each row in the block.
    fn lines(&self, bytes: &[u8]) -> Vec<u32> {
        let (mut line, mut at) = (0, 0);
        let rows = 0..self.rows.len();
        rows.map(|row| {
            let start = self.rows.start(row);
            line += count_lines(&bytes[at..start]) as u32;
            at = start;
            line
        })
        .collect()
    }

    /// Reads what tells which rows count, and takes in the keys or the ids of those.
    fn collect_alone(&mut self, block: &mut Block<'_>) {
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
            let place = (block.job.block, &self.selection[..]);
            self.ranking.add(self.scan, &self.batch, place);
        } else {
            self.collect_keys(block);
        }
    }

    /// A column of ranks.
    fn ranked(&mut self, column: usize, block: &Block<'_>) -> Vector {
        let at = self.shape.ranked.iter().position(|(own, _)| *own == column);
        let (Some(at), Some(ranks)) = (at, self.ranks) else {
            panic!("a column that is neither read, computed nor ranked");
        };
        let of = self.shape.ranked[at].1;
        let texts = &self.batch.dictionaries[self.batch.sources[of]];
        let ids = self.batch.column(of);
        ranks.column(at, ids, texts, &mut self.first_days[at], (block.job.block, &self.selection))
    }

    /// Takes in the keys of the rows that still count.
    fn collect_keys(&mut self, block: &Block<'_>) {
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
        let field = column.and_then(|column| block.job.layout.fields[column]);
        let number = block.job.block as u32;
        self.selection.iter().map(move |&row| {
            let row = row as usize;
            let column = field.map_or(0, |field| {
                let before = &block.bytes[self.rows.start(row)..self.rows.field(row, field).start];
                column_behind(before)
            });
            Place { block: number, line: lines[row], column }
        })
    }

    /// Takes in the rows that are looked up by others.
    fn collect_rows(&mut self, block: &Block<'_>) {
        if let Some(mut rows) = self.collected.take() {
            rows.add(&self.batch, self.places(block, None));
            self.collected = Some(rows);
        }
    }

    /// A row whose key is null in a column is bad: null identifies nothing.
    fn refuse_null_keys(&mut self, block: &mut Block<'_>) {
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

fn days_of(vector: &Vector) -> Vec<i32> {
    match vector {
        Vector::Date(days) => days.clone(),
        Vector::Timestamp(seconds) => {
            let day = |s: &i64| if *s == NO_TIME { NO_DATE } else { s.div_euclid(86_400) as i32 };
            seconds.iter().map(day).collect()
        }
        _ => panic!("a source's date is no date"),
    }
}

fn too_many_digits(position: u32, column: usize) -> Bad {
    let why = "the result has more digits than fit".to_owned();
    Bad { position, column, why: Why::Cell(why, None) }
}

fn malformed_fault(malformed: &Malformed, bytes: &[u8], block: usize) -> Fault {
    let at = malformed.at;
    let spot = spot(bytes, at..bytes.len());
    let what = What::of_form(&malformed.what, bytes, spot.line);
    Fault { block, spot, what }
}
