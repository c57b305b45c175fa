//! Keys: rows that are there twice.
//!
//! A key is known by 128 bits of hash (two of XXH64); its place is the block and the line in it,
//! which also is the order of rows: by path, then by line.

use rustc_hash::FxHashMap;

use super::batch::Batch;
use super::dictionary::NONE;
use super::groups::push_key;
use super::hash::xxh64;
use super::text::canonical;
use super::vector::{NO_BOOL, NO_DATE, NO_NUMBER, NO_TIME, Vector};

/// The keys that one thread has seen.
#[derive(Debug, Default)]
pub(super) struct Keys {
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    key: (u64, u64),
    place: Place,
}

/// The block, the line in it, which of the rows that a line becomes, and the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) block: u32,
    pub(super) line: u32,
    /// Where headers become rows, which of them; else 0.
    pub(super) turn: u32,
    /// The column of the key's first cell, in characters from 1; 0 where it is not known.
    pub(super) column: u32,
}

/// Rows that a later one replaces, by block.
#[derive(Debug, Default)]
pub(super) struct Losers {
    /// By block and turn.
    lines: FxHashMap<(u32, u32), Vec<u32>>,
}

impl Losers {
    /// The lines of a block's rows that are replaced, of one of its turns, ascending.
    pub(super) fn of(&self, block: usize, turn: usize) -> &[u32] {
        self.lines.get(&(block as u32, turn as u32)).map_or(&[], Vec::as_slice)
    }
}

impl Keys {
    /// The bytes that they take.
    pub(super) fn room(&self) -> u64 {
        (self.entries.capacity() * size_of::<Entry>()) as u64
    }

    /// Takes in the key of a row; a key that is null in a column identifies nothing.
    pub(super) fn add(&mut self, batch: &Batch, columns: &[usize], row: usize, place: Place) {
        if columns.iter().any(|&column| is_null(batch.column(column), row)) {
            return;
        }
        let mut bytes = Vec::with_capacity(32);
        for &column in columns {
            match batch.column(column) {
                Vector::Text(ids) => {
                    let dictionary = &batch.dictionaries[batch.sources[column]];
                    let text = canonical(dictionary.text(ids[row]));
                    bytes.push(1);
                    bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
                    bytes.extend_from_slice(text.as_bytes());
                }
                other => push_key(other, row, &mut bytes),
            }
        }
        let key = (xxh64(0, &bytes), xxh64(0x5AFE, &bytes));
        self.entries.push(Entry { key, place });
    }

    /// All keys of all threads, the rows of one key in order.
    pub(super) fn sorted(all: impl IntoIterator<Item = Self>) -> Sorted {
        let mut entries: Vec<Entry> = all.into_iter().flat_map(|k| k.entries).collect();
        entries.sort_unstable();
        Sorted { entries }
    }
}

/// The null ones of so many rows.
pub(super) fn nulls(vector: &Vector, rows: usize) -> impl Iterator<Item = u32> + '_ {
    let rows = if vector.count_nulls() == 0 { 0 } else { rows };
    (0..rows).filter(|row| is_null(vector, *row)).map(|row| row as u32)
}

fn is_null(vector: &Vector, row: usize) -> bool {
    match vector {
        Vector::Number(numbers) => numbers.mantissas[row] == NO_NUMBER,
        Vector::Decimal(all) => all[row].is_none(),
        Vector::Text(ids) => ids[row] == NONE,
        Vector::Bool(all) => all[row] == NO_BOOL,
        Vector::Date(days) => days[row] == NO_DATE,
        Vector::Timestamp(seconds) => seconds[row] == NO_TIME,
    }
}

/// Keys in order.
#[derive(Debug)]
pub(super) struct Sorted {
    entries: Vec<Entry>,
}

impl Sorted {
    /// Pairs of neighbouring rows of one key, the later first, by the later's place.
    pub(super) fn repeated(&self) -> Vec<(Place, Place)> {
        let pairs = self.entries.windows(2).filter(|w| w[0].key == w[1].key);
        let mut all: Vec<(Place, Place)> = pairs.map(|w| (w[1].place, w[0].place)).collect();
        all.sort_unstable();
        all
    }

    /// All rows but the last of each key.
    pub(super) fn losers(&self) -> Losers {
        let mut places: Vec<Place> = self.repeated().into_iter().map(|(_, place)| place).collect();
        places.sort_unstable();
        let mut losers = Losers::default();
        for place in places {
            losers.lines.entry((place.block, place.turn)).or_default().push(place.line);
        }
        losers
    }
}
