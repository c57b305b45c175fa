//! A file to rows: which character parts the fields, where the header is, where the rows end.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

use super::Refusal;

/// So large a table may be: it is read whole.
const MOST_BYTES: usize = 100_000_000;

/// So many rows are looked at for the delimiter.
const SAMPLE: usize = 200;

/// What parts fields, the more common first.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// A table with what had to be found out to read it.
#[derive(Debug)]
pub(super) struct Table {
    /// None for UTF-8.
    pub(super) encoding: Option<&'static Encoding>,
    pub(super) delimiter: char,
    /// Lines above the header that do not belong to the table.
    pub(super) skip: u64,
    /// Lines below the rows that do not.
    pub(super) footer: u64,
    /// The headers; none where the first row is one like the others.
    pub(super) header: Option<Vec<String>>,
    pub(super) rows: Vec<Vec<String>>,
    /// For each row the line on which it begins, and behind them the line behind the last one.
    lines: Vec<u64>,
}

impl Table {
    /// How many columns it has.
    pub(super) fn width(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    /// The cells of a column, empty ones too.
    pub(super) fn column(&self, index: usize) -> impl Iterator<Item = &str> + Clone {
        self.rows.iter().filter_map(move |row| row.get(index)).map(String::as_str)
    }

    /// Takes the last row out: it is a total, not a row.
    pub(super) fn drop_last(&mut self) {
        if self.rows.pop().is_some()
            && let [.., last, end] = self.lines[..]
        {
            self.footer += end - last;
            self.lines.pop();
        }
    }
}

/// Reads a table; bytes that are not Unicode are taken for `legacy`. `is_value` says whether a cell
/// is a number or a date, which no header is.
pub(super) fn read(
    bytes: &[u8],
    legacy: &'static Encoding,
    is_value: impl Fn(&str) -> bool,
) -> Result<Table, Refusal> {
    let (encoding, text) = decoded(bytes, legacy)?;
    let text = &*text;
    let delimiter = delimiter(text);
    let records = records(text, delimiter, usize::MAX);
    let width = common_width(&records);
    let (first, last) = extent(&records, width).ok_or_else(empty)?;
    let uneven = records[first..=last].iter().find(|r| r.fields.len() != width);
    if let Some(uneven) = uneven {
        let (line, count) = (uneven.line, uneven.fields.len());
        let message = format!("line {line} has {count} fields where others have {width}");
        return Err(Refusal::new(message, "mend the line, or leave it out of the file"));
    }
    let end = text.trim_end().split('\n').count() as u64 + 1;
    let behind = records.get(last + 1).map_or(end, |r| r.line);
    let skip = records[first].line - 1;
    let mut rows: Vec<Record> = records.into_iter().take(last + 1).skip(first).collect();
    let is_header = |row: &Record| !row.fields.iter().any(|f| is_value(f));
    let header = (is_header(&rows[0])).then(|| rows.remove(0).fields);
    let header = header.map(|names| names.into_iter().map(|n| n.trim().to_owned()).collect());
    if rows.is_empty() {
        return Err(empty());
    }
    let mut lines: Vec<u64> = rows.iter().map(|r| r.line).collect();
    lines.push(behind);
    let rows = rows.into_iter().map(|r| r.fields).collect();
    let footer = end.saturating_sub(behind);
    Ok(Table { encoding, delimiter, skip, footer, header, rows, lines })
}

fn empty() -> Refusal {
    Refusal::new("the file has no rows", "it needs a header and rows below it")
}

/// The text, and its encoding where a spec has to name it.
fn decoded<'b>(
    bytes: &'b [u8],
    legacy: &'static Encoding,
) -> Result<(Option<&'static Encoding>, Cow<'b, str>), Refusal> {
    if bytes.len() > MOST_BYTES {
        let message = format!("the file is larger than {} MB", MOST_BYTES / 1_000_000);
        return Err(Refusal::new(message, "begin with a part of it, and point `csv` to the whole"));
    }
    let marked = Encoding::for_bom(bytes);
    let body = &bytes[marked.map_or(0, |(_, length)| length)..];
    let of = match marked {
        Some((of, _)) => of,
        None if std::str::from_utf8(bytes).is_ok() || bytes.contains(&0) => UTF_8,
        None => legacy,
    };
    let (text, broken) = of.decode_without_bom_handling(body);
    // Where a one-byte encoding has no letter, it decodes to a control character.
    let is_wrong = |c: char| c == '\u{FFFD}' || ('\u{80}'..='\u{9F}').contains(&c);
    if broken || of == legacy && text.contains(is_wrong) {
        let good = text.split(is_wrong).next().unwrap_or_default();
        let line = memchr::memchr_iter(b'\n', good.as_bytes()).count() + 1;
        let message = format!("the file is not {} from line {line} on", of.name());
        let help = "save it as UTF-8, or write the source by hand with its `encoding`";
        return Err(Refusal::new(message, help));
    }
    if text.contains('\0') {
        let help = "save the table as CSV; `.xlsx` and the like are no text";
        return Err(Refusal::new("the file is not a text", help));
    }
    Ok(((of != UTF_8).then_some(of), text))
}

/// Fields with the line that they begin on.
struct Record {
    line: u64,
    fields: Vec<String>,
}

fn records(text: &str, delimiter: char, most: usize) -> Vec<Record> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .from_reader(text.as_bytes());
    // Blank lines count, which the reader passes over.
    let (mut at, mut line) = (0, 1);
    let mut line_of = |start: usize| {
        let rest = &text[start.min(text.len())..];
        let begin = start + (rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        line += memchr::memchr_iter(b'\n', &text.as_bytes()[at..begin]).count() as u64;
        at = begin;
        line
    };
    let read = |record: csv::StringRecord| {
        let start = record.position().map_or(0, csv::Position::byte);
        let line = line_of(usize::try_from(start).unwrap_or(usize::MAX));
        Record { line, fields: record.iter().map(ToOwned::to_owned).collect() }
    };
    reader.records().take(most).filter_map(Result::ok).map(read).collect()
}

/// The delimiter that cuts most rows into equally many fields, and into more than one.
fn delimiter(text: &str) -> char {
    let score = |delimiter: char| {
        let sample = records(text, delimiter, SAMPLE);
        let width = common_width(&sample);
        let equal = sample.iter().filter(|r| r.fields.len() == width).count();
        (width > 1).then(|| (equal * 100 / sample.len().max(1), width))
    };
    let mut best = (',', None);
    for delimiter in DELIMITERS {
        let score = score(delimiter);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

/// How many fields most records have; of two, the larger.
fn common_width(records: &[Record]) -> usize {
    let mut counts: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    for record in records {
        *counts.entry(record.fields.len()).or_default() += 1;
    }
    counts.into_iter().max_by_key(|&(width, count)| (count, width)).map_or(0, |(width, _)| width)
}

/// The first and the last record of that many fields.
fn extent(records: &[Record], width: usize) -> Option<(usize, usize)> {
    let fits = |r: &Record| r.fields.len() == width;
    Some((records.iter().position(fits)?, records.iter().rposition(fits)?))
}
