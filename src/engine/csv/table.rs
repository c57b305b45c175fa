//! Tables: the rows of sources that others look up, held as the columns that are needed.
//!
//! Threads collect rows as they come; the parts are put together, and each key is entered in order
//! of place, so that what is found, and what is said of keys that are there twice, does not hang on
//! the threads.

use crate::diagnostic::{DataPlace, Diagnostic, codes};
use crate::plan::{self, CellType, ColumnId, Matching, Scan, TableKey};

use super::batch::{Batch, BatchRow};
use super::dictionary::{Dictionary, NONE};
use super::feed::{MOST_FAULTS, Places};
use super::groups::push_key;
use super::keys::Place;
use super::memo::Slots;
use super::rows::{Row, Value};
use super::text::canonical;
use super::vector::{NO_DATE, NO_TIME, Vector};

/// The column of a table; its first entry is null, for rows that find none.
#[derive(Debug)]
struct Held {
    kind: CellType,
    values: Slots,
    texts: Dictionary,
}

impl Held {
    fn new(kind: CellType) -> Self {
        let mut held = Self { kind, values: Slots::new(kind), texts: Dictionary::default() };
        held.values.push(&Value::Null, &mut held.texts);
        held
    }

    fn take(&mut self, other: &Self, rows: usize) {
        let all: Vec<u32> = (1..=rows as u32).collect();
        let vector = other.values.gather(&all);
        let ids: Vec<u32> = (0..other.texts.len() as u32)
            .map(|id| self.texts.id(other.texts.bytes(id)).0)
            .collect();
        for row in 0..rows {
            self.values.push_from(&vector, row, &ids);
        }
    }
}

/// The rows that one thread has collected.
#[derive(Debug)]
pub(super) struct Collected {
    columns: Vec<ColumnId>,
    held: Vec<Held>,
    places: Vec<Place>,
}

impl Collected {
    /// No rows yet, of columns of these types.
    pub(super) fn new(table: &plan::Table, kinds: &[CellType]) -> Self {
        let held = table.columns.iter().map(|c| Held::new(kinds[c.0 as usize]));
        Self { columns: table.columns.clone(), held: held.collect(), places: Vec::new() }
    }

    /// Takes in all rows of a batch; `places` are theirs.
    pub(super) fn add(&mut self, batch: &Batch, places: impl Iterator<Item = Place>) {
        self.places.extend(places);
        for (column, held) in self.columns.iter().zip(&mut self.held) {
            let column = column.0 as usize;
            match batch.column(column) {
                Vector::Text(ids) => {
                    let texts = &batch.dictionaries[batch.sources[column]];
                    for id in ids {
                        let id = if *id == NONE { NONE } else { held.texts.id(texts.bytes(*id)).0 };
                        held.values.push_id(id);
                    }
                }
                _ => {
                    for row in 0..batch.rows {
                        let value = BatchRow { batch, row }.column(column);
                        held.values.push(&value, &mut held.texts);
                    }
                }
            }
        }
    }
}

/// The rows of a source, by what they are looked up by.
#[derive(Debug, Default)]
pub(super) struct Table {
    columns: Vec<Held>,
    indexes: Vec<Index>,
}

/// From a key to the row.
#[derive(Debug)]
enum Index {
    /// Each key once, and its row.
    Equal { kind: CellType, keys: Dictionary, rows: Vec<u32> },
    /// Days or seconds, ascending, and their rows.
    Ordered { kind: CellType, moments: Vec<i64>, rows: Vec<u32> },
}

impl Table {
    /// Puts together what the threads have, and says which keys are there twice. Without a plan it
    /// holds nothing.
    pub(super) fn new(
        plan: Option<&plan::Table>,
        parts: Vec<Collected>,
        places: &Places<'_>,
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut parts = parts.into_iter();
        let (Some(plan), Some(mut all)) = (plan, parts.next()) else {
            return Self { columns: Vec::new(), indexes: Vec::new() };
        };
        for part in parts {
            for (own, other) in all.held.iter_mut().zip(&part.held) {
                own.take(other, part.places.len());
            }
            all.places.extend(part.places);
        }
        let mut order: Vec<u32> = (0..all.places.len() as u32).collect();
        order.sort_unstable_by_key(|row| all.places[*row as usize]);
        let mut indexes = Vec::with_capacity(plan.keys.len());
        for key in &plan.keys {
            let held = &all.held[key.column];
            let (index, twice) = index(held, key.matching, &order);
            indexes.push(index);
            let pairs = twice.iter().map(|(later, earlier)| {
                (all.places[*later as usize], all.places[*earlier as usize])
            });
            found.extend(repeated(&plan.scan, plan, key, pairs, places));
        }
        Self { columns: all.held, indexes }
    }

    /// The texts behind the ids of a column.
    pub(super) fn texts(&self, column: usize) -> &Dictionary {
        &self.columns[column].texts
    }

    /// The values of a column in these rows; 0 is no row.
    pub(super) fn gather(&self, column: usize, rows: &[u32]) -> Vector {
        self.columns[column].values.gather(rows)
    }
}

/// Pairs of rows of one key, the later first.
type Twice = Vec<(u32, u32)>;

/// The index of a key; `order` holds the rows by place.
fn index(held: &Held, matching: Matching, order: &[u32]) -> (Index, Twice) {
    let slots: Vec<u32> = order.iter().map(|row| row + 1).collect();
    let vector = held.values.gather(&slots);
    let mut twice = Vec::new();
    let kind = held.kind;
    match matching {
        Matching::Equal => {
            let (mut keys, mut rows) = (Dictionary::default(), Vec::new());
            let mut key = Vec::new();
            for (at, row) in order.iter().enumerate() {
                if !key_of(&vector, &held.texts, at, &mut key) {
                    continue;
                }
                let (id, new) = keys.id(&key);
                if new {
                    rows.push(row + 1);
                } else {
                    twice.push((*row, rows[id as usize] - 1));
                }
            }
            (Index::Equal { kind, keys, rows }, twice)
        }
        Matching::OrEarlier => {
            let moments = order.iter().enumerate();
            let moments = moments.filter_map(|(at, row)| Some((moment(&vector, at, kind)?, *row)));
            let mut all: Vec<(i64, u32)> = moments.collect();
            // Stable: rows of one moment stay in order of place.
            all.sort_by_key(|(moment, _)| *moment);
            for pair in all.windows(2).filter(|p| p[0].0 == p[1].0) {
                twice.push((pair[1].1, pair[0].1));
            }
            let rows = all.iter().map(|(_, row)| row + 1).collect();
            let moments = all.iter().map(|(moment, _)| *moment).collect();
            (Index::Ordered { kind, moments, rows }, twice)
        }
    }
}

/// The bytes of a key as it compares; false where it is null.
fn key_of(vector: &Vector, texts: &Dictionary, at: usize, key: &mut Vec<u8>) -> bool {
    key.clear();
    if vector.is_null(at) {
        return false;
    }
    match vector {
        Vector::Text(ids) => key.extend_from_slice(canonical(texts.text(ids[at])).as_bytes()),
        other => push_key(other, at, key),
    }
    true
}

/// A day or a moment as a number of its kind; the day of a moment, where days are asked for.
fn moment(vector: &Vector, at: usize, kind: CellType) -> Option<i64> {
    match vector {
        Vector::Date(days) => (days[at] != NO_DATE).then(|| i64::from(days[at])),
        Vector::Timestamp(seconds) if kind == CellType::Date => {
            (seconds[at] != NO_TIME).then(|| seconds[at].div_euclid(86_400))
        }
        Vector::Timestamp(seconds) => (seconds[at] != NO_TIME).then(|| seconds[at]),
        _ => panic!("`or earlier` by a column that is no date"),
    }
}

/// Says which rows of a key there are more than one of.
fn repeated(
    scan: &Scan,
    plan: &plan::Table,
    key: &TableKey,
    pairs: impl ExactSizeIterator<Item = (Place, Place)>,
    places: &Places<'_>,
) -> Vec<Diagnostic> {
    let name = &scan.columns[plan.columns[key.column].0 as usize].name;
    let more = pairs.len().saturating_sub(MOST_FAULTS);
    let mut all = Vec::new();
    for (later, earlier) in pairs.take(MOST_FAULTS) {
        let (path, line) = places.of(earlier.block as usize, u64::from(earlier.line));
        let message = format!(
            "`{}` is looked up by `{name}`, and the row in {path}, line {line}, has the same one",
            scan.source
        );
        let (path, line) = places.of(later.block as usize, u64::from(later.line));
        let found = Diagnostic::new(&codes::REPEATED_LOOKUP_KEY, message)
            .at(key.span, "looked up here: one row at most")
            .in_data(DataPlace {
                path: path.to_owned(),
                line,
                column: u64::from(later.column),
                excerpt: String::new(),
                mark: None,
            })
            .help(format!("leave one of them out; or say `key: {name} keep last` there"));
        all.push(found);
    }
    if let Some(last) = all.last().filter(|_| more > 0) {
        let message = format!("and {more} more rows of source `{}` repeat a key", scan.source);
        let last = Diagnostic { message, ..last.clone() };
        all.push(last);
    }
    all
}

/// Finds the rows of a table that belong to the rows of a block.
#[derive(Debug)]
pub(super) struct Joiner<'t> {
    table: &'t Table,
    index: &'t Index,
    own: usize,
    /// Of a key of texts: the row of each id, null first.
    direct: Vec<u32>,
}

impl<'t> Joiner<'t> {
    pub(super) fn new(join: &plan::Join, tables: &'t [Table]) -> Self {
        let table = &tables[join.table];
        let index = &table.indexes[join.key];
        Self { table, index, own: join.own.0 as usize, direct: Vec::new() }
    }

    /// Forgets what it knows of ids: the dictionary behind them is emptied.
    pub(super) fn forget(&mut self) {
        self.direct.clear();
    }

    /// A column of the rows that are found.
    pub(super) fn run(&mut self, batch: &Batch, column: usize) -> Vector {
        let rows = self.rows(batch);
        self.table.gather(column, &rows)
    }

    /// The row of each row; 0 where there is none.
    fn rows(&mut self, batch: &Batch) -> Vec<u32> {
        let own = batch.column(self.own);
        if let (Vector::Text(ids), Index::Equal { .. }) = (own, self.index) {
            let texts = &batch.dictionaries[batch.sources[self.own]];
            if self.direct.len() < texts.len() + 1 {
                self.direct.resize(texts.len() + 1, NONE);
            }
            let mut rows = Vec::with_capacity(ids.len());
            for id in ids {
                let at = if *id == NONE { 0 } else { *id as usize + 1 };
                if self.direct[at] == NONE {
                    self.direct[at] = if at == 0 { 0 } else { self.index.text(texts.text(*id)) };
                }
                rows.push(self.direct[at]);
            }
            return rows;
        }
        self.index.rows(own, batch.rows)
    }
}

impl Index {
    fn text(&self, text: &str) -> u32 {
        match self {
            Self::Equal { keys, rows, .. } => {
                keys.known(canonical(text).as_bytes()).map_or(0, |id| rows[id as usize])
            }
            Self::Ordered { .. } => 0,
        }
    }

    /// The rows of keys that are no texts.
    fn rows(&self, own: &Vector, count: usize) -> Vec<u32> {
        match self {
            Self::Ordered { moments, .. } if moments.is_empty() => vec![0; count],
            Self::Ordered { kind, moments, rows } => {
                let found = |at: usize| {
                    let moment = moment(own, at, *kind)?;
                    let after = moments.partition_point(|m| *m <= moment);
                    after.checked_sub(1).map(|last| rows[last])
                };
                (0..count).map(|at| found(at).unwrap_or(0)).collect()
            }
            Self::Equal { kind, keys, rows } => {
                let days;
                let own = match own {
                    Vector::Timestamp(_) if *kind == CellType::Date => {
                        let day = |at| moment(own, at, *kind).map_or(NO_DATE, |day| day as i32);
                        days = Vector::Date((0..count).map(day).collect());
                        &days
                    }
                    own => own,
                };
                let (no_texts, mut key) = (Dictionary::default(), Vec::new());
                let mut found = |at| {
                    let id = key_of(own, &no_texts, at, &mut key).then(|| keys.known(&key))??;
                    Some(rows[id as usize])
                };
                (0..count).map(|at| found(at).unwrap_or(0)).collect()
            }
        }
    }
}
