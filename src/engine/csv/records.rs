//! Records: where the rows and fields of a block of bytes begin and end, strictly.
//!
//! A block holds whole records. Most blocks hold no quote at all: their separators are found
//! 64 bytes at a time and checked by counting. All others go through [`strict`], field by
//! field, so that whatever is not plainly right is reported where it is.

use memchr::{memchr, memchr_iter, memchr2, memchr2_iter, memchr3, memrchr2};
use regex::bytes::Regex;

use super::strides::{plain, plain_border, quoted};
use crate::plan::Records;

/// The longest field, in bytes.
pub(super) const LONGEST_FIELD: usize = 16 << 20;
/// The most columns.
pub(super) const MOST_COLUMNS: usize = 16_384;

/// The bytes that have a meaning.
#[derive(Clone, Debug)]
pub(super) struct Marks {
    pub(super) records: Records,
    pub(super) delimiter: u8,
    pub(super) quote: u8,
    pub(super) comment: Option<u8>,
    /// What lines at the end of the file are left out by.
    pub(super) footer: Option<Regex>,
}

/// Where a field stands in a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) start: u32,
    end: u32,
}

impl Place {
    pub(super) fn of(range: std::ops::Range<usize>) -> Self {
        Self { start: range.start as u32, end: range.end as u32 }
    }

    pub(super) fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    pub(super) fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    pub(super) fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The field without the quotes around it; empty where it is nothing but one.
    pub(super) fn inner(self) -> Self {
        let start = self.start + 1;
        Self { start, end: (self.end - 1).max(start) }
    }
}

/// The rows of a block, each with as many fields as the header.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Where each row begins.
    pub(super) starts: Vec<u32>,
    /// Where each field ends: `width` a row. Fields are raw: quotes are still around them.
    pub(super) ends: Vec<u32>,
    pub(super) width: usize,
    /// The physical lines of the block, where they were counted.
    pub(super) lines: Option<u64>,
}

impl Rows {
    /// The physical lines of the block, where finding its rows has counted them.
    pub(super) fn lines(&self) -> Option<u64> {
        self.lines
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    pub(super) fn start(&self, row: usize) -> usize {
        self.starts[row] as usize
    }

    /// The raw field, quotes included.
    #[inline]
    pub(super) fn field(&self, row: usize, column: usize) -> std::ops::Range<usize> {
        let at = row * self.width + column;
        let start = if column == 0 { self.starts[row] } else { self.ends[at - 1] + 1 };
        start as usize..self.ends[at] as usize
    }

    /// The raw fields of a column, row by row.
    pub(super) fn column(&self, column: usize) -> impl Iterator<Item = Place> {
        let rows = self.starts.iter().zip(self.ends.chunks_exact(self.width.max(1)));
        rows.map(move |(start, ends)| {
            let start = if column == 0 { *start } else { ends[column - 1] + 1 };
            Place { start, end: ends[column] }
        })
    }

    /// Only the first rows stay.
    fn truncate(&mut self, rows: usize) {
        self.starts.truncate(rows);
        self.ends.truncate(rows * self.width);
    }

    pub(super) fn clear(&mut self, width: usize) {
        self.starts.clear();
        self.ends.clear();
        self.width = width;
        self.lines = None;
    }

    /// Begins a row at this place; as many fields as a row has must follow.
    pub(super) fn begin(&mut self, at: usize) {
        self.starts.push(at as u32);
    }

    /// Ends a field before this place; the next one begins behind it.
    pub(super) fn end_field(&mut self, at: usize) {
        self.ends.push(at as u32);
    }
}

/// What is wrong with the form of a record, and where in the block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) at: usize,
    pub(super) what: Form,
}

/// The ways in which a record can be malformed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A quote that opens a field is never closed.
    Unclosed,
    /// Something stands between a closing quote and the next separator; the field opens here.
    TextAfterQuote(usize),
    /// A field begins with blanks and then a quote.
    BlankBeforeQuote,
    /// Not as many fields as the header.
    Ragged { expected: usize, found: usize },
    /// A blank line between rows.
    Blank { expected: usize },
    /// A zero byte.
    Nul,
    /// A field of more than [`LONGEST_FIELD`].
    TooLong,
}

/// How a field ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Another field follows at this place.
    Field(usize),
    /// The record is over; the next one begins here.
    Record(usize),
    /// The bytes are over.
    Bytes,
}

/// Splits a block of whole records into rows of `width` fields.
pub(super) fn split(
    block: &[u8],
    marks: &Marks,
    width: usize,
    rows: &mut Rows,
    out: &mut Vec<Malformed>,
) {
    rows.clear(width);
    let special = memchr3(marks.quote, b'\r', 0, block);
    let quiet = special.is_none_or(|first| only_line_ends(&block[first..], marks.quote));
    let uncommented = marks.comment.is_none_or(|c| memchr(c, block).is_none());
    if quiet && uncommented {
        if plain(block, marks.delimiter, rows) {
            if special.is_some() {
                trim_returns(block, rows);
            }
            return;
        }
        rows.clear(width);
    } else if uncommented && memchr(0, block).is_none() {
        if quoted(block, marks, rows) {
            trim_returns(block, rows);
            return;
        }
        rows.clear(width);
    }
    strict(block, marks, rows, out);
}

/// Whether carriage returns only stand before line feeds, and neither quote nor NUL is there.
fn only_line_ends(bytes: &[u8], quote: u8) -> bool {
    memchr2(quote, 0, bytes).is_none()
        && memchr_iter(b'\r', bytes).all(|i| bytes.get(i + 1) == Some(&b'\n'))
}

/// Takes the carriage return off each row's last field.
pub(super) fn trim_returns(block: &[u8], rows: &mut Rows) {
    let Rows { starts, ends, width, .. } = rows;
    for (row, start) in ends.chunks_exact_mut(*width).zip(starts) {
        let from = if *width == 1 { *start } else { row[*width - 2] + 1 };
        let end = &mut row[*width - 1];
        if *end > from && block[*end as usize - 1] == b'\r' {
            *end -= 1;
        }
    }
}

/// The slow path: every field looked at, every fault reported.
pub(super) fn strict(block: &[u8], marks: &Marks, rows: &mut Rows, out: &mut Vec<Malformed>) {
    let mut nul = memchr(0, block);
    let mut at = 0;
    while at < block.len() {
        let (length, faults) = (rows.len(), out.len());
        let next = if marks.comment == Some(block[at]) {
            after_line(block, at)
        } else {
            record(block, at, marks, rows, out)
        };
        // A record with a zero byte is no row, and whatever else is wrong with it comes of that.
        if let Some(zero) = nul.filter(|zero| *zero < next) {
            rows.truncate(length);
            out.truncate(faults);
            out.push(Malformed { at: zero, what: Form::Nul });
            nul = memchr(0, &block[next..]).map(|further| next + further);
        }
        at = next;
    }
}

/// Reads one record into `rows`, unless it is malformed; gives the place of the next.
fn record(
    block: &[u8],
    start: usize,
    marks: &Marks,
    rows: &mut Rows,
    out: &mut Vec<Malformed>,
) -> usize {
    let (first, faults) = (rows.ends.len(), out.len());
    let mut at = start;
    let next = loop {
        let known = out.len();
        let (end, ending) = field(block, at, marks, out);
        if end - at > LONGEST_FIELD && out.len() == known {
            out.push(Malformed { at, what: Form::TooLong });
        }
        rows.ends.push(end as u32);
        match ending {
            Ending::Field(next) => at = next,
            Ending::Record(next) => break next,
            Ending::Bytes => break block.len(),
        }
    };
    let found = rows.ends.len() - first;
    let last = rows.ends.last().map_or(start, |&e| e as usize);
    if out.len() == faults && found != rows.width {
        let expected = rows.width;
        let blank = found == 1 && last == start;
        let what = if blank { Form::Blank { expected } } else { Form::Ragged { expected, found } };
        out.push(Malformed { at: start, what });
    } else if out.len() == faults {
        rows.starts.push(start as u32);
        return next;
    }
    rows.ends.truncate(first);
    next
}

/// Where the run of records at the end of these bytes begins that match the footer or are blank;
/// their end where none matches. The bytes begin with a record.
pub(super) fn before_matching(bytes: &[u8], marks: &Marks, footer: &Regex) -> usize {
    let (mut at, mut run, mut matched) = (0, None, false);
    let mut faults = Vec::new();
    while at < bytes.len() {
        if marks.comment == Some(bytes[at]) {
            at = after_line(bytes, at);
            continue;
        }
        let start = at;
        let mut from = at;
        let (end, next) = loop {
            match field(bytes, from, marks, &mut faults) {
                (_, Ending::Field(next)) => from = next,
                (end, Ending::Record(next)) => break (end, next),
                (end, Ending::Bytes) => break (end, bytes.len()),
            }
        };
        faults.clear();
        let matches = footer.is_match(&bytes[start..end]);
        if matches || start == end {
            run.get_or_insert(start);
            matched |= matches;
        } else {
            (run, matched) = (None, false);
        }
        at = next;
    }
    run.filter(|_| matched).unwrap_or(bytes.len())
}

/// Reads the field that begins at `at`: where it ends, and how.
pub(super) fn field(
    bytes: &[u8],
    at: usize,
    marks: &Marks,
    out: &mut Vec<Malformed>,
) -> (usize, Ending) {
    if bytes.get(at) == Some(&marks.quote) {
        let Some(close) = closing_quote(bytes, at, marks.quote) else {
            let too_long = bytes.len() - at > LONGEST_FIELD;
            let what = if too_long { Form::TooLong } else { Form::Unclosed };
            out.push(Malformed { at, what });
            return (bytes.len(), Ending::Bytes);
        };
        let (end, ending) = separator(bytes, close, marks.delimiter);
        if end != close {
            out.push(Malformed { at: close, what: Form::TextAfterQuote(at) });
        }
        return (end, ending);
    }
    let (end, ending) = separator(bytes, at, marks.delimiter);
    let blanks = bytes[at..end].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    if blanks > 0 && bytes[at..end].get(blanks) == Some(&marks.quote) {
        out.push(Malformed { at, what: Form::BlankBeforeQuote });
    }
    (end, ending)
}

/// The place after the quote that closes the field opened at `open`.
fn closing_quote(bytes: &[u8], open: usize, quote: u8) -> Option<usize> {
    let mut at = open + 1;
    loop {
        at += memchr(quote, &bytes[at..])? + 1;
        if bytes.get(at) != Some(&quote) {
            return Some(at);
        }
        at += 1;
    }
}

/// The next separator from `at` on, and what comes behind it.
fn separator(bytes: &[u8], at: usize, delimiter: u8) -> (usize, Ending) {
    let Some(offset) = memchr3(delimiter, b'\n', b'\r', &bytes[at..]) else {
        return (bytes.len(), Ending::Bytes);
    };
    let end = at + offset;
    match bytes[end] {
        b if b == delimiter => (end, Ending::Field(end + 1)),
        b'\r' if bytes.get(end + 1) == Some(&b'\n') => (end, Ending::Record(end + 2)),
        _ => (end, Ending::Record(end + 1)),
    }
}

/// The beginning of the next physical line.
pub(super) fn after_line(bytes: &[u8], at: usize) -> usize {
    match memchr2(b'\n', b'\r', &bytes[at..]) {
        None => bytes.len(),
        Some(offset) => {
            let end = at + offset;
            let pair = bytes[end] == b'\r' && bytes.get(end + 1) == Some(&b'\n');
            end + 1 + usize::from(pair)
        }
    }
}

/// How many physical lines end in these bytes: LF, CRLF and a lone CR end one.
pub(super) fn count_lines(bytes: &[u8]) -> u64 {
    if memchr(b'\r', bytes).is_none() {
        return memchr_iter(b'\n', bytes).count() as u64;
    }
    let ends = memchr2_iter(b'\n', b'\r', bytes);
    ends.filter(|&i| bytes[i] == b'\n' || bytes.get(i + 1) != Some(&b'\n')).count() as u64
}

/// Where the last whole record of these bytes ends: behind a line end that no quote encloses.
///
/// The second number is where the field begins that is open at the end of the bytes, if it has
/// quotes. At the end of the file (`Reach::End`) a carriage return may stand last.
pub(super) fn last_border(bytes: &[u8], marks: &Marks, reach: Reach) -> (usize, Option<usize>) {
    let uncommented = marks.comment.is_none_or(|c| memchr(c, bytes).is_none());
    if uncommented
        && memchr(marks.quote, bytes).is_some()
        && let Some(found) = plain_border(bytes, marks)
    {
        return found;
    }
    careful_border(bytes, marks, reach)
}

/// The same, quote by quote.
pub(super) fn careful_border(bytes: &[u8], marks: &Marks, reach: Reach) -> (usize, Option<usize>) {
    // `line` is where the present line begins, unless it goes on behind a quoted field.
    let (mut at, mut line, mut border) = (0, Some(0), 0);
    while let Some(offset) = memchr(marks.quote, &bytes[at..]) {
        let quote = at + offset;
        if let Some(begins) = line_end_before(bytes, at, quote) {
            (line, border) = (Some(begins), begins);
        }
        if let Some(begins) = line
            && marks.comment.is_some()
            && bytes.get(begins).copied() == marks.comment
        {
            let next = after_line(bytes, quote);
            if !ends_line(bytes, next, reach) {
                return (begins, None);
            }
            (at, line, border) = (next, Some(next), next);
            continue;
        }
        let opens = line == Some(quote) || quote > 0 && bytes[quote - 1] == marks.delimiter;
        if !opens {
            at = quote + 1;
            continue;
        }
        match closing_quote(bytes, quote, marks.quote) {
            // A quote that ends the bytes may be half of a pair.
            Some(close) if close < bytes.len() || reach == Reach::End => (at, line) = (close, None),
            _ => return (border, Some(quote)),
        }
    }
    let mut end = bytes.len();
    if reach == Reach::More && bytes.last() == Some(&b'\r') {
        end -= 1;
    }
    (line_end_before(bytes, at.min(end), end).unwrap_or(border), None)
}

/// Whether the bytes before `next` surely end a line: a carriage return that stands last may be
/// half of a pair.
fn ends_line(bytes: &[u8], next: usize, reach: Reach) -> bool {
    match bytes[next - 1] {
        b'\n' => true,
        b'\r' => next < bytes.len() || reach == Reach::End,
        _ => false,
    }
}

/// The place behind the last line end in `from..to`.
fn line_end_before(bytes: &[u8], from: usize, to: usize) -> Option<usize> {
    memrchr2(b'\n', b'\r', &bytes[from..to]).map(|i| from + i + 1)
}

/// Whether bytes are all that is left of a file, or more may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    More,
    End,
}
