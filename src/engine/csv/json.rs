//! JSON lines: one object a line, whose values become the cells of a row.
//!
//! A value is found by the path of its keys, `user.country`. The cells of a block are written out
//! beside it, as a CSV file would hold them, so that everything behind sees cells of one kind;
//! where each of them came from is kept for messages.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use memchr::memchr;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::plan::{CellKind, Origin, Scan, header_key};

use super::records::Rows;
use super::text::canonical;

/// How many names are remembered.
const MOST_NAMES: usize = 4096;
/// How deep objects are looked into for their names.
const DEEPEST: usize = 32;

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadLine {
    /// Where in the block.
    pub(super) at: usize,
    /// In words, for the middle of a message.
    pub(super) why: String,
}

/// A column that is read: the names that may carry it, the first that is there counts.
#[derive(Clone, Debug)]
struct Wanted {
    names: Vec<String>,
    keys: Vec<String>,
    /// Whether its numbers are written with the declared decimal sign.
    numeric: bool,
}

/// Reads lines; remembers which name is which column.
#[derive(Clone, Debug)]
pub(super) struct LineReader {
    wanted: Vec<Wanted>,
    decimal: char,
    /// By name: the fields that it may be, each with its rank (lower ones win), and whether a wanted
    /// name may begin with it.
    known: BTreeMap<String, Meaning>,
    /// Fields that some row had.
    pub(super) seen: Vec<bool>,
    /// The cells of the block.
    pub(super) cells: Vec<u8>,
    /// Where each cell stands in the block.
    origins: Vec<Range<u32>>,
    /// Where each row's line begins in the block.
    starts: Vec<u32>,
    /// Of the present line: each field's value, by rank.
    found: Vec<Option<(usize, Range<usize>)>>,
}

#[derive(Clone, Debug, Default)]
struct Meaning {
    fields: Vec<(usize, usize)>,
    leads_on: bool,
}

impl LineReader {
    pub(super) fn new(scan: &Scan) -> Self {
        let wanted: Vec<Wanted> = scan
            .columns
            .iter()
            .filter_map(|column| match &column.origin {
                Origin::Read { headers, cell } => Some(Wanted {
                    names: headers.clone(),
                    keys: headers.iter().map(|h| header_key(&canonical(h))).collect(),
                    numeric: !matches!(cell, CellKind::Text | CellKind::Currency(_)),
                }),
                _ => None,
            })
            .collect();
        Self {
            decimal: scan.dialect.numbers.decimal,
            known: BTreeMap::new(),
            seen: vec![false; wanted.len()],
            cells: Vec::new(),
            origins: Vec::new(),
            starts: Vec::new(),
            found: vec![None; wanted.len()],
            wanted,
        }
    }

    /// How many fields a row has.
    pub(super) fn width(&self) -> usize {
        self.wanted.len().max(1)
    }

    /// The names that rows had, as far as they are remembered.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.known.keys().map(String::as_str)
    }

    /// Where a field of a row stands in the block.
    pub(super) fn origin(&self, row: usize, field: usize) -> Range<usize> {
        let range = &self.origins[row * self.width() + field];
        range.start as usize..range.end as usize
    }

    /// Where a row's line begins in the block.
    pub(super) fn start(&self, row: usize) -> usize {
        self.starts[row] as usize
    }

    /// Writes the cells of a block out.
    pub(super) fn split(&mut self, block: &[u8], rows: &mut Rows, out: &mut Vec<BadLine>) {
        rows.clear(self.width());
        self.cells.clear();
        self.origins.clear();
        self.starts.clear();
        let mut at = 0;
        while at < block.len() {
            let end = memchr(b'\n', &block[at..]).map_or(block.len(), |i| at + i);
            let line = &block[at..end];
            if !line.trim_ascii().is_empty() {
                match self.line(block, at..end) {
                    Ok(()) => self.finish_row(block, at, rows),
                    Err(bad) => out.push(bad),
                }
            }
            at = end + 1;
        }
    }

    /// Finds the wanted values of a line.
    fn line(&mut self, block: &[u8], range: Range<usize>) -> Result<(), BadLine> {
        let at = range.start;
        let text = std::str::from_utf8(&block[range]).map_err(|e| BadLine {
            at: at + e.valid_up_to(),
            why: "it is not UTF-8 from here on; say the file's `encoding`".to_owned(),
        })?;
        self.found.iter_mut().for_each(|f| *f = None);
        self.object(text, text, at, "", 0)
    }

    /// Walks through an object that is a part of `line`, which begins at `at` in the block.
    fn object(
        &mut self,
        line: &str,
        text: &str,
        at: usize,
        prefix: &str,
        depth: usize,
    ) -> Result<(), BadLine> {
        let inside = |part: &str| at + (part.as_ptr() as usize - line.as_ptr() as usize);
        let entries = entries(text).map_err(|e| {
            // An error of serde_json counts the bytes of a line from 1.
            let behind = inside(text) + e.column().saturating_sub(1);
            BadLine { at: behind.min(at + line.len()), why: words(&e) }
        })?;
        for (key, value) in entries {
            let name: Cow<'_, str> =
                if prefix.is_empty() { key } else { format!("{prefix}.{key}").into() };
            let value = value.get();
            let meaning = self.meaning(&name);
            let place = inside(value)..inside(value) + value.len();
            for (field, rank) in &meaning.fields {
                match &self.found[*field] {
                    Some((other, _)) if other < rank => {}
                    Some((other, _)) if other == rank => {
                        let why = format!("it has two values for `{name}`");
                        return Err(BadLine { at: place.start, why });
                    }
                    _ => self.found[*field] = Some((*rank, place.clone())),
                }
                self.seen[*field] = true;
            }
            if meaning.leads_on && value.starts_with('{') && depth < DEEPEST {
                self.object(line, value, at, &name, depth + 1)?;
            }
        }
        Ok(())
    }

    fn meaning(&mut self, name: &str) -> Meaning {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let key = header_key(&canonical(name));
        let (dotted, under) = (format!("{name}."), format!("{key}_"));
        let mut meaning = Meaning::default();
        for (field, wanted) in self.wanted.iter().enumerate() {
            let exact = wanted.names.iter().position(|n| n.trim() == name).map(|at| 2 * at);
            let by_key = wanted.keys.iter().position(|k| *k == key).map(|at| 2 * at + 1);
            meaning.fields.extend(exact.into_iter().chain(by_key).min().map(|rank| (field, rank)));
            meaning.leads_on |= wanted.names.iter().any(|n| n.starts_with(&dotted))
                || wanted.keys.iter().any(|k| k.starts_with(&under));
        }
        if self.known.len() >= MOST_NAMES {
            self.known.clear();
        }
        self.known.insert(name.to_owned(), meaning.clone());
        meaning
    }

    fn finish_row(&mut self, block: &[u8], start: usize, rows: &mut Rows) {
        rows.begin(self.cells.len());
        for field in 0..self.width() {
            let found = self.found.get(field).and_then(Option::as_ref);
            let place = found.map_or(start..start, |(_, place)| place.clone());
            // The block was held to be UTF-8 above, and a value is a part of its text.
            let value = std::str::from_utf8(&block[place.clone()]).unwrap_or_default();
            let numeric = self.wanted.get(field).is_some_and(|w| w.numeric);
            let decimal = if numeric { self.decimal } else { '.' };
            write_cell(value, decimal, &mut self.cells);
            rows.end_field(self.cells.len());
            self.cells.push(b',');
            self.origins.push(place.start as u32..place.end as u32);
        }
        self.starts.push(start as u32);
    }
}

/// A value as a cell: texts in quotes, null as nothing.
fn write_cell(value: &str, decimal: char, cells: &mut Vec<u8>) {
    match value.as_bytes().first() {
        None | Some(b'n') => {}
        Some(b'"') => match serde_json::from_str::<Cow<'_, str>>(value) {
            Ok(text) => write_quoted(&text, cells),
            Err(_) => write_quoted(value, cells),
        },
        Some(b'{' | b'[') => write_quoted(value, cells),
        _ => {
            let number = without_exponent(value);
            if decimal == '.' {
                cells.extend_from_slice(number.as_bytes());
            } else {
                cells.extend_from_slice(number.replace('.', &decimal.to_string()).as_bytes());
            }
        }
    }
}

fn write_quoted(text: &str, cells: &mut Vec<u8>) {
    cells.push(b'"');
    for part in text.split_inclusive('"') {
        cells.extend_from_slice(part.as_bytes());
        if part.ends_with('"') {
            cells.push(b'"');
        }
    }
    cells.push(b'"');
}

/// A JSON number without its exponent, to the digit; as it is where it would be longer than any
/// number that is read.
fn without_exponent(number: &str) -> Cow<'_, str> {
    let Some((mantissa, exponent)) = number.split_once(['e', 'E']) else {
        return Cow::Borrowed(number);
    };
    let Some(exponent) = exponent.parse::<i32>().ok().filter(|e| e.abs() <= 60) else {
        return Cow::Borrowed(number);
    };
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let point = i32::try_from(whole.len()).unwrap_or(i32::MAX).saturating_add(exponent);
    let (before, behind) = match usize::try_from(point) {
        Ok(point) if point >= digits.len() => {
            (digits.clone() + &"0".repeat(point - digits.len()), String::new())
        }
        Ok(point) if point > 0 => (digits[..point].to_owned(), digits[point..].to_owned()),
        _ => ("0".to_owned(), "0".repeat(point.unsigned_abs() as usize) + &digits),
    };
    // Trailing zeros say nothing, and their number has a limit.
    let behind = behind.trim_end_matches('0');
    let before = before.trim_start_matches('0');
    let before = if before.is_empty() { "0" } else { before };
    match behind {
        "" => format!("{sign}{before}").into(),
        _ => format!("{sign}{before}.{behind}").into(),
    }
}

/// The entries of an object, in order.
fn entries(text: &str) -> serde_json::Result<Vec<(Cow<'_, str>, &RawValue)>> {
    serde_json::from_str::<Entries<'_>>(text).map(|e| e.0)
}

struct Entries<'t>(Vec<(Cow<'t, str>, &'t RawValue)>);

#[derive(serde::Deserialize)]
struct Key<'t>(#[serde(borrow)] Cow<'t, str>);

impl<'t> Deserialize<'t> for Entries<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'t> Visitor<'t> for Object {
            type Value = Entries<'t>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'t>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut all = Vec::new();
                while let Some((Key(key), value)) = map.next_entry::<Key<'t>, &'t RawValue>()? {
                    all.push((key, value));
                }
                Ok(Entries(all))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// What is wrong, in the words of the parser without its place.
fn words(error: &serde_json::Error) -> String {
    let all = error.to_string();
    let words = all.split(" at line ").next().unwrap_or_default();
    if words.starts_with("invalid type") { "it is no object".to_owned() } else { words.to_owned() }
}

/// The names of the values in these lines, in order of their first appearance; objects are looked
/// into. A line that is no object has none.
pub(super) fn names(lines: &[u8]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    for line in lines.split(|b| *b == b'\n') {
        if let Ok(text) = std::str::from_utf8(line) {
            collect(text, "", 0, &mut |name| {
                if known.len() < MOST_NAMES && known.insert(name.clone()) {
                    all.push(name);
                }
            });
        }
    }
    all
}

fn collect(text: &str, prefix: &str, depth: usize, take: &mut dyn FnMut(String)) {
    for (key, value) in entries(text).unwrap_or_default() {
        let name = if prefix.is_empty() { key.into_owned() } else { format!("{prefix}.{key}") };
        if value.get().starts_with('{') && depth < DEEPEST {
            collect(value.get(), &name, depth + 1, take);
        } else {
            take(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_without_exponents() {
        for (number, plain) in [
            ("1", "1"),
            ("-1.50", "-1.50"),
            ("1e3", "1000"),
            ("1.25E+1", "12.5"),
            ("1.25e2", "125"),
            ("1e-05", "0.00001"),
            ("-12.5e-1", "-1.25"),
            ("0e5", "0"),
            ("0.001e2", "0.1"),
            ("1e999", "1e999"),
        ] {
            assert_eq!(without_exponent(number), plain, "{number}");
        }
    }

    #[test]
    fn cells_of_values() {
        let cell = |value: &str| {
            let mut cells = Vec::new();
            write_cell(value, ',', &mut cells);
            String::from_utf8(cells).unwrap()
        };
        assert_eq!(cell("null"), "");
        assert_eq!(cell("\"\""), "\"\"");
        assert_eq!(cell(r#""a\"b\n""#), "\"a\"\"b\n\"");
        assert_eq!(cell("1.5"), "1,5");
        assert_eq!(cell("true"), "true");
        assert_eq!(cell(r#"{"a":1}"#), r#""{""a"":1}""#);
    }

    #[test]
    fn names_of_nested_values() {
        let lines = b"{\"a\":1,\"b\":{\"c\":2,\"d\":{\"e\":3}}}\nnonsense\n{\"f\":null}";
        assert_eq!(names(lines), ["a", "b.c", "b.d.e", "f"]);
    }
}
