//! Ranks: a row's place among the rows of its id, by date, then by path and line.
//!
//! They are worked out in a pass of its own, over the rows that count. `first_seen` keeps a day for
//! each id; `nth` a number for each row, and while it sorts them 24 bytes for each.

use crate::plan::{Origin, Rank, Scan};

use super::batch::Batch;
use super::dictionary::{Dictionary, NONE};
use super::shape::Shape;
use super::text::canonical;
use super::vector::{NO_DATE, NO_TIME, NumberBuilder, Vector};
use super::worker::Worker;

/// The rows of ids that one thread has seen, by column of ranks.
#[derive(Debug, Default)]
pub(super) struct Ranking {
    columns: Vec<(usize, Seen)>,
}

#[derive(Debug)]
enum Seen {
    /// Every row.
    Rows(Vec<Entry>),
    /// The first day of each id.
    Days(Vec<i32>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    id: u32,
    moment: i64,
    /// The block, and the row in it.
    block: usize,
    row: u32,
}

/// What an id has before a row of it was seen: later than any row.
const UNSEEN: i32 = i32::MAX;

impl Ranking {
    /// The bytes that it takes.
    pub(super) fn room(&self) -> u64 {
        let of = |seen: &Seen| match seen {
            Seen::Rows(rows) => rows.capacity() * size_of::<Entry>(),
            Seen::Days(days) => days.capacity() * size_of::<i32>(),
        };
        self.columns.iter().map(|(_, seen)| of(seen) as u64).sum()
    }

    pub(super) fn new(scan: &Scan, shape: &Shape) -> Self {
        let seen = |(column, of): &(usize, usize)| match scan.columns[*column].origin {
            Origin::Ranked(Rank::FirstSeen, _) => (*of, Seen::Days(Vec::new())),
            _ => (*of, Seen::Rows(Vec::new())),
        };
        Self { columns: shape.ranked.iter().map(seen).collect() }
    }

    /// Takes in the rows of a block that count.
    pub(super) fn add(&mut self, scan: &Scan, batch: &Batch, (block, order): (usize, &[u32])) {
        let moments = moments(scan, batch);
        for (of, seen) in &mut self.columns {
            let Vector::Text(ids) = batch.column(*of) else { panic!("ids are texts") };
            for (row, (&id, &moment)) in ids.iter().zip(&moments).enumerate() {
                let Some(moment) = moment.filter(|_| id != NONE) else { continue };
                match seen {
                    Seen::Rows(rows) => {
                        rows.push(Entry { id, moment, block, row: order[row] });
                    }
                    Seen::Days(days) => note(days, id, moment.div_euclid(86_400) as i32),
                }
            }
        }
    }
}

/// Keeps the first day of an id.
fn note(days: &mut Vec<i32>, id: u32, day: i32) {
    let at = id as usize;
    if days.len() <= at {
        days.resize(at + 1, UNSEEN);
    }
    days[at] = day.min(days[at]);
}

/// The seconds from 1970-01-01 of each row; none of rows that are outside of what is covered.
fn moments(scan: &Scan, batch: &Batch) -> Vec<Option<i64>> {
    let Some(date) = scan.date else { return vec![Some(0); batch.rows] };
    let inside = |moment: &i64| {
        scan.within.is_none_or(|(first, last)| {
            let day = moment.div_euclid(86_400);
            i64::from(first.days()) <= day && day <= i64::from(last.days())
        })
    };
    match batch.column(date.0 as usize) {
        Vector::Timestamp(all) => {
            all.iter().map(|t| Some(*t).filter(|t| *t != NO_TIME && inside(t))).collect()
        }
        Vector::Date(days) => {
            let moment = |day: &i32| (*day != NO_DATE).then(|| i64::from(*day) * 86_400);
            days.iter().map(|day| moment(day).filter(inside)).collect()
        }
        _ => panic!("a source's date is no date"),
    }
}

/// The ranks of all rows, in the order of the scan's columns of ranks.
#[derive(Debug, Default)]
pub(super) struct Ranks {
    /// The ids, by their canonical texts.
    ids: Dictionary,
    columns: Vec<Ranked>,
}

#[derive(Debug)]
enum Ranked {
    /// By block and row, the rank from 1; 0 of rows that have none.
    Rows(Vec<Vec<u32>>),
    /// By id.
    Days(Vec<i32>),
}

impl Ranks {
    /// Puts together what the threads have seen.
    pub(super) fn new(scan: &Scan, shape: &Shape, workers: Vec<Worker<'_>>) -> Self {
        let mut ids = Dictionary::default();
        let mut all = Ranking::new(scan, shape);
        for mut worker in workers {
            let seen = std::mem::take(&mut worker.ranking.columns);
            for ((_, all), (of, seen)) in all.columns.iter_mut().zip(seen) {
                let texts = &worker.batch.dictionaries[worker.batch.sources[of]];
                let names = (0..texts.len() as u32).map(|id| canonical(texts.text(id)));
                let names: Vec<u32> = names.map(|text| ids.id(text.as_bytes()).0).collect();
                match (all, seen) {
                    (Seen::Rows(all), Seen::Rows(rows)) => {
                        let named = |e: Entry| Entry { id: names[e.id as usize], ..e };
                        all.extend(rows.into_iter().map(named));
                    }
                    (Seen::Days(all), Seen::Days(days)) => {
                        let seen = days.into_iter().enumerate().filter(|(_, d)| *d != UNSEEN);
                        seen.for_each(|(id, day)| note(all, names[id], day));
                    }
                    _ => {}
                }
            }
        }
        let ranked = |(_, seen)| match seen {
            Seen::Rows(rows) => Ranked::Rows(numbered(rows)),
            Seen::Days(days) => Ranked::Days(days),
        };
        Self { ids, columns: all.columns.into_iter().map(ranked).collect() }
    }

    /// The ranks of the rows of a block. `known` are the days of `texts`, as far as they were
    /// looked up; a dictionary of ids forgets nothing.
    pub(super) fn column(
        &self,
        at: usize,
        ids: &Vector,
        texts: &Dictionary,
        known: &mut Vec<i32>,
        (block, order): (usize, &[u32]),
    ) -> Vector {
        let Vector::Text(ids) = ids else { panic!("ids are texts") };
        match &self.columns[at] {
            Ranked::Rows(blocks) => {
                let ranks = blocks.get(block).map_or(&[][..], Vec::as_slice);
                let mut numbers = NumberBuilder::new(0, order.len());
                for row in order {
                    match ranks.get(*row as usize).copied().unwrap_or(0) {
                        0 => numbers.push_null(),
                        rank => numbers.push_small(i64::from(rank), 0),
                    }
                }
                numbers.finish()
            }
            Ranked::Days(days) => {
                for id in known.len() as u32..texts.len() as u32 {
                    let id = self.ids.known(canonical(texts.text(id)).as_bytes());
                    let day = id.and_then(|id| days.get(id as usize).copied());
                    known.push(day.filter(|day| *day != UNSEEN).unwrap_or(NO_DATE));
                }
                let day = |id: &u32| if *id == NONE { NO_DATE } else { known[*id as usize] };
                Vector::Date(ids.iter().map(day).collect())
            }
        }
    }
}

/// By block and row, the place among the rows of the same id.
fn numbered(mut rows: Vec<Entry>) -> Vec<Vec<u32>> {
    rows.sort_unstable();
    let mut blocks: Vec<Vec<u32>> = Vec::new();
    for of_id in rows.chunk_by(|a, b| a.id == b.id) {
        for (rank, entry) in of_id.iter().enumerate() {
            if blocks.len() <= entry.block {
                blocks.resize_with(entry.block + 1, Vec::new);
            }
            let block = &mut blocks[entry.block];
            if block.len() <= entry.row as usize {
                block.resize(entry.row as usize + 1, 0);
            }
            block[entry.row as usize] = rank as u32 + 1;
        }
    }
    blocks
}
