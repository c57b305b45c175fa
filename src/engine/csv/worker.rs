//! A worker: takes one block after the other through reading, filtering and adding up.

mod held;
mod identity;

use std::borrow::Cow;

use crate::plan::{ColumnPlan, OnError, Origin, Plan, Records, Scan};
use crate::time::Date;

use super::batch::{Batch, Node, Sink, truths};
use super::cells::{Bad, CellReader, Cells, Why};
use super::dictionary::Dictionary;
use super::distinct::DistinctIds;
use super::faults::{Fault, Spot, What, spot};
use super::feed::{Job, MOST_FAULTS, Report};
use super::groups::{Groups, Rows as GroupRows};
use super::header::Layout;
use super::json::LineReader;
use super::keys::{Keys, Losers};
use super::ranks::{Ranking, Ranks};
use super::records::{Form, Malformed, Rows, count_lines, split};
use super::rows::Context;
use super::shape::Shape;
use super::table::{Collected, Joiner, Table};
use super::unmatched::Unmatched;
use super::vector::{NO_DATE, NO_TIME, Vector, retain};

/// Rows of one file by what became of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) rows: u64,
    pub(super) used: u64,
    pub(super) rejected: u64,
    pub(super) nulled: u64,
    pub(super) bounds: u64,
    pub(super) totals: u64,
}

/// One thread's part of a scan.
pub(super) struct Worker<'s> {
    scan: &'s Scan,
    shape: &'s Shape,
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
    records: Records,
    /// Reads the rows of JSON lines.
    pub(super) lines: Option<LineReader>,
    /// Rows of the block that are totals and have other cells than the header.
    ragged_totals: u64,
    /// The rows of the block that still count.
    selection: Vec<u32>,
    pub(super) groups: Vec<Groups>,
    pub(super) distinct: Vec<DistinctIds>,
    pub(super) keys: Option<Keys>,
    pub(super) ranking: Ranking,
    pub(super) counts: Vec<Counts>,
    pub(super) nulls: Vec<u64>,
    /// Rows that count and lack a number that they look up, by column.
    pub(super) unmatched: Unmatched,
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

/// The field of a column, of one of the turns of a block.
fn field_of(scan: &Scan, layout: &Layout, turn: usize, column: usize) -> Option<usize> {
    match scan.columns[column].origin {
        Origin::Turned(_) => Some(layout.turns[turn].0),
        _ => layout.fields[column],
    }
}

/// The rows of a selection in the order of their block: where headers become rows, those of one
/// line stand in the order of the headers.
fn order<'o>(selection: &'o [u32], block: &Block<'_>) -> Cow<'o, [u32]> {
    match block.job.layout.turns.len() as u32 {
        0 => Cow::Borrowed(selection),
        turns => selection.iter().map(|row| row * turns + block.turn as u32).collect(),
    }
}

/// What is being worked on.
struct Block<'b> {
    bytes: &'b [u8],
    job: &'b Job,
    /// Which header becomes the rows at present, where headers do.
    turn: usize,
    bad: Vec<Fault>,
    rejected: Vec<Fault>,
}

impl<'s> Worker<'s> {
    pub(super) fn new(
        scan: &'s Scan,
        shape: &'s Shape,
        plan: &Plan,
        files: usize,
        tables: &'s [Table],
    ) -> Self {
        let reader = |origin: &Origin| match origin {
            Origin::Read { cell, .. } | Origin::Turned(cell) => {
                Some(CellReader::new(cell.clone(), &scan.dialect, &plan.zone))
            }
            Origin::Computed(_)
            | Origin::Joined { .. }
            | Origin::Ranked(..)
            | Origin::Range
            | Origin::Header => None,
        };
        // The ids of looked-up texts are those of the table: no thread makes its own.
        let texts = |column: &ColumnPlan| match column.origin {
            Origin::Joined { join, column, .. } => {
                tables[scan.joins[join].table].texts(column).clone()
            }
            _ => Dictionary::default(),
        };
        Self {
            scan,
            shape,
            joiners: scan.joins.iter().map(|join| Joiner::new(join, tables)).collect(),
            collected: None,
            losers: None,
            ranks: None,
            first_days: vec![Vec::new(); shape.ranked.len()],
            task: Task::AddUp,
            context: Context {
                calendar: plan.calendar,
                zone: plan.zone.clone(),
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
            lines: (scan.dialect.records == Records::JsonLines).then(|| LineReader::new(scan)),
            records: scan.dialect.records,
            ragged_totals: 0,
            selection: Vec::new(),
            groups: scan.groupings.iter().map(Groups::new).collect(),
            distinct: scan.values.iter().map(|_| DistinctIds::default()).collect(),
            keys: None,
            ranking: Ranking::default(),
            counts: vec![Counts::default(); files],
            nulls: vec![0; scan.columns.len()],
            unmatched: Unmatched::new(scan),
            filtered: 0,
            replaced: 0,
            later: 0,
            days: None,
        }
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

    /// Of each column, the cells that only tell a bound of their number.
    pub(super) fn bounds(&self) -> Vec<u64> {
        self.readers.iter().map(|r| r.as_ref().map_or(0, |r| r.bounds)).collect()
    }

    /// Works through a block.
    pub(super) fn work(&mut self, bytes: &[u8], job: &Job) -> Report {
        self.forget_if_full();
        let malformed = self.split(bytes, job);
        let (bad, rejected) = (Vec::new(), Vec::new());
        let mut block = Block { bytes, job, turn: 0, bad, rejected };
        if self.task == Task::AddUp {
            block.bad.extend(malformed);
        }
        for turn in 0..job.layout.turns.len().max(1) {
            block.turn = turn;
            self.turn(&mut block);
        }
        if !job.layout.turns.is_empty() {
            // A cell beside those that become rows is read once for each of them.
            block.bad.sort_unstable();
            block.bad.dedup();
            block.rejected.sort_unstable();
            block.rejected.dedup();
        }
        block.bad.sort_unstable();
        block.bad.truncate(MOST_FAULTS + 1);
        Report {
            block: job.block,
            lines: self.lines_of(bytes),
            faults: block.bad,
            rejections: block.rejected,
            room: self.room(),
        }
    }

    /// Takes each line of a block as one row.
    fn turn(&mut self, block: &mut Block<'_>) {
        let totals = self.select_rows(block);
        if self.task == Task::AddUp {
            let counts = &mut self.counts[block.job.layout.file];
            counts.rows += self.selection.len() as u64;
            counts.totals += totals;
            self.drop_losers(block);
            self.add_up(block);
        } else {
            self.collect_alone(block);
            // Whatever is wrong with the rows, the pass that adds them up says so.
            block.bad.clear();
            block.rejected.clear();
        }
    }

    /// Finds the rows of a block, and what is wrong with their form.
    fn split(&mut self, bytes: &[u8], job: &Job) -> Vec<Fault> {
        if let Some(lines) = &mut self.lines {
            let mut bad = Vec::new();
            lines.split(bytes, &mut self.rows, &mut bad);
            let fault = |bad: super::json::BadLine| {
                let spot = spot(bytes, bad.at..bytes.len());
                Fault { block: job.block, spot, what: What::BadLine(bad.why) }
            };
            return bad.into_iter().map(fault).collect();
        }
        let mut malformed = Vec::new();
        let Layout { width, marks, totals, .. } = &*job.layout;
        split(bytes, marks, *width, &mut self.rows, &mut malformed);
        if let Some(totals) = totals {
            let before = malformed.len();
            malformed.retain(|m| {
                let ragged = matches!(m.what, Form::Ragged { .. });
                !(ragged && totals.forgives(&bytes[m.at..], marks))
            });
            self.ragged_totals = (before - malformed.len()) as u64;
        }
        malformed.iter().map(|m| malformed_fault(m, bytes, job.block)).collect()
    }

    /// Where a row begins in the block.
    fn start(&self, row: usize) -> usize {
        self.lines.as_ref().map_or_else(|| self.rows.start(row), |lines| lines.start(row))
    }

    /// Where a field of a row stands in the block; the row's beginning where it is none of a file.
    fn place(&self, row: usize, field: Option<usize>) -> std::ops::Range<usize> {
        match (&self.lines, field) {
            (Some(lines), Some(field)) => lines.origin(row, field),
            (None, Some(field)) => self.rows.field(row, field),
            (_, None) => self.start(row)..self.start(row),
        }
    }

    fn spot(&self, block: &Block<'_>, row: usize, field: Option<usize>) -> Spot {
        let place = self.place(row, field);
        let found = spot(block.bytes, place.clone());
        match self.records {
            Records::Csv | Records::JsonLines => found,
            Records::Parquet | Records::Table => found.on_line(row as u64),
        }
    }

    /// How far a block leads in its file: in physical lines, or in rows where a file has no lines.
    fn lines_of(&self, bytes: &[u8]) -> u64 {
        match self.records {
            Records::Csv | Records::JsonLines => {
                self.rows.lines().unwrap_or_else(|| count_lines(bytes))
            }
            Records::Parquet | Records::Table => self.rows.len() as u64,
        }
    }

    /// Selects all rows but those that only add others up, and counts these.
    fn select_rows(&mut self, block: &Block<'_>) -> u64 {
        let Self { selection, rows, .. } = self;
        selection.clear();
        let Layout { marks, totals, .. } = &*block.job.layout;
        match totals {
            None => selection.extend(0..rows.len() as u32),
            Some(totals) => selection.extend((0..rows.len() as u32).filter(|row| {
                let cell = |field| &block.bytes[rows.field(*row as usize, field)];
                !totals.holds(cell, marks.quote)
            })),
        }
        let left_out = (rows.len() - selection.len()) as u64;
        self.batch.rows = self.selection.len();
        self.batch.columns.iter_mut().for_each(|c| *c = None);
        left_out + std::mem::take(&mut self.ragged_totals)
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
        self.unmatched.count(&self.batch);
        for (column, nulls) in self.nulls.iter_mut().enumerate() {
            let joined = matches!(self.scan.columns[column].origin, Origin::Joined { .. });
            if joined || self.readers[column].is_some() {
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
                        block: self.lines.as_ref().map_or(block.bytes, |lines| &lines.cells),
                        rows: &self.rows,
                        selection: &self.selection,
                        field: field_of(self.scan, &block.job.layout, block.turn, column)
                            .unwrap_or_default(),
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
                    Origin::Range => {
                        let first =
                            block.job.layout.range.map_or(NO_DATE, |(first, _)| first.days());
                        Vector::Date(vec![first; self.batch.rows])
                    }
                    Origin::Header => {
                        let day = block.job.layout.turns[block.turn].1.days();
                        Vector::Date(vec![day; self.batch.rows])
                    }
                    _ => self.ranked(column, block),
                },
            };
            self.batch.dictionaries[at] = texts;
            self.batch.columns[column] = Some(vector);
        }
    }

    /// Lists bad cells, and drops their rows where the source says so.
    fn settle(&mut self, bad: Vec<Bad>, block: &mut Block<'_>) {
        if bad.is_empty() {
            return;
        }
        // What only tells a bound is no mistake: the cell is null, and that is told.
        let (bounds, bad): (Vec<Bad>, Vec<Bad>) =
            bad.into_iter().partition(|b| matches!(b.why, Why::Bound(_)));
        self.counts[block.job.layout.file].bounds += bounds.len() as u64;
        let told = self.faults(bounds, 50, block);
        block.rejected.extend(told);
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
        let most = match self.scan.on_error {
            OnError::Stop => MOST_FAULTS + 1,
            OnError::Skip | OnError::Null => 50,
        };
        let faults = self.faults(bad, most, block);
        match self.scan.on_error {
            OnError::Stop => block.bad.extend(faults),
            OnError::Skip | OnError::Null => block.rejected.extend(faults),
        }
        self.keep(&keep);
    }

    /// The first of these cells by place; the others need no text.
    fn faults(&self, mut bad: Vec<Bad>, most: usize, block: &Block<'_>) -> Vec<Fault> {
        let field = |c: usize| field_of(self.scan, &block.job.layout, block.turn, c);
        bad.sort_by_key(|b| (b.position, field(b.column).unwrap_or_default()));
        bad.truncate(most);
        let fault = |b: Bad| {
            let row = self.selection[b.position as usize] as usize;
            let spot = self.spot(block, row, field(b.column));
            Fault { block: block.job.block, spot, what: What::Cell(b.column, b.why) }
        };
        bad.into_iter().map(fault).collect()
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
        if days.contains(&NO_DATE) {
            let missing = days.iter().enumerate().filter(|(_, d)| **d == NO_DATE);
            let bad = |(at, _)| Bad { position: at as u32, column, why: Why::NoDate };
            let bad: Vec<Bad> = missing.map(bad).collect();
            self.settle(bad, block);
        }
        let days = days_of(self.batch.column(column));
        if let Some(until) = self.scan.until.map(Date::days) {
            // A row that stands for several days counts when all of them do.
            let last = block.job.layout.range.map_or(i32::MIN, |(_, last)| last.days());
            let keep: Vec<bool> = days.iter().map(|d| (*d).max(last) <= until).collect();
            self.later += self.keep(&keep);
        }
        let days = days_of(self.batch.column(column));
        let known = || days.iter().copied().filter(|day| *day != NO_DATE);
        if let Some((first, last)) = known().min().zip(known().max()) {
            let (earliest, latest) = self.days.unwrap_or((first, last));
            self.days = Some((first.min(earliest), last.max(latest)));
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
        let has_nulls: Vec<bool> = values.iter().map(|v| v.count_nulls() > 0).collect();
        let until = self.scan.until;
        let order = self::order(&self.selection, block);
        let rows = GroupRows {
            batch,
            conditions: &conditions,
            values: &values,
            has_nulls: &has_nulls,
            ids: &ids,
            until,
            block: block.job.block,
            order: &order,
        };
        for (group, finer) in groups.iter_mut().zip(&self.shape.finer) {
            if finer.is_none() {
                group.add(&rows, &mut overflow);
            }
        }
        // Too many digits are never skipped: the number would be wrong in silence.
        for position in overflow {
            let row = self.selection[position as usize] as usize;
            let spot = self.spot(block, row, None);
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
}

fn days_of(vector: &Vector) -> Cow<'_, [i32]> {
    match vector {
        Vector::Date(days) => Cow::Borrowed(days),
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
