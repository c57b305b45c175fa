//! Tables inside files: where the header of a known export is, where its table ends, and which of
//! its rows are no rows. What a tool does is told by its [`Preset`](crate::plan::Preset).

use std::io;

use memchr::memchr;

use crate::plan::{Described, End, Preset, Rules, Total, header_key};
use crate::value::Currency;

use super::blocks::Stream;
use super::cells::unquote;
use super::header::{key_of, next_line};
use super::records::{Ending, Marks, Reach, field};

/// How much of a file is searched for its header, in bytes.
const SEARCHED: usize = 4 << 20;
/// How much is read at a time meanwhile.
const PIECE: usize = 64 << 10;

/// Where a header is, and what parts its fields.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) at: usize,
    pub(super) delimiter: u8,
}

/// How well a line fits as the header, from the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It has all columns that the source names.
    Wanted,
    /// It has a name that the tool's headers have.
    Known,
    /// It has several fields, and is none of a preamble.
    Wide,
    None,
}

/// Looks for the header from a place on: the first line with all columns that the source names; if
/// there is none, the first that looks like a header of the tool.
pub(super) fn find_header(
    stream: &mut Stream,
    from: usize,
    rules: &Rules,
    marks: &Marks,
) -> io::Result<Option<Found>> {
    let mut best: Option<(Fit, Found)> = None;
    let mut at = from;
    loop {
        // The whole line has to be there; a header in quotes may go over several.
        while !stream.carry[at..].contains(&b'\n') && stream.reach() == Reach::More {
            stream.read_more(PIECE)?;
        }
        if at >= stream.carry.len() || at > SEARCHED {
            break;
        }
        for &delimiter in &rules.delimiters {
            let fit = fit(&stream.carry[at..], rules, &Marks { delimiter, ..marks.clone() });
            let found = Found { at, delimiter };
            if best.is_none_or(|(known, _)| fit < known) && fit != Fit::None {
                best = Some((fit, found));
            }
        }
        let enough = if rules.wanted.is_empty() { Fit::Known } else { Fit::Wanted };
        if best.is_some_and(|(fit, _)| fit <= enough) {
            break;
        }
        let Some(next) = next_line(stream, at)? else { break };
        at = next;
    }
    Ok(best.map(|(_, found)| found))
}

fn fit(bytes: &[u8], rules: &Rules, marks: &Marks) -> Fit {
    let first = bytes.first().copied().unwrap_or(b'\n');
    if matches!(first, b'\n' | b'\r') {
        return Fit::None;
    }
    let cells = cells(bytes, marks);
    let keys: Vec<String> = cells.iter().map(|c| key_of(c)).collect();
    let wanted = !rules.wanted.is_empty()
        && rules
            .wanted
            .iter()
            .all(|names| names.iter().any(|name| keys.iter().any(|key| is_named(key, name))));
    if wanted {
        return Fit::Wanted;
    }
    let known = &rules.preset.known;
    if known.iter().any(|name| keys.contains(&header_key(name))) && cells.len() > 1 {
        return Fit::Known;
    }
    let preamble = first == b'#' || bytes.starts_with(b"sep=");
    if cells.len() > 1 && !preamble && known.is_empty() { Fit::Wide } else { Fit::None }
}

/// Whether a header's key is that of a name, or of the name with a currency: `Amount spent (USD)`.
fn is_named(key: &str, name: &str) -> bool {
    let Some(rest) = key.strip_prefix(name) else { return false };
    let currency = |code: &str| Currency::from_code(&code.to_uppercase()).is_some();
    !key.is_empty() && (rest.is_empty() || rest.strip_prefix('_').is_some_and(currency))
}

/// The cells of the record that these bytes begin with, without their quotes.
fn cells(bytes: &[u8], marks: &Marks) -> Vec<String> {
    let (mut all, mut faults, mut start) = (Vec::new(), Vec::new(), 0);
    loop {
        let (end, ending) = field(bytes, start, marks, &mut faults);
        if !faults.is_empty() {
            return Vec::new();
        }
        all.push(String::from_utf8_lossy(&unquote(&bytes[start..end], marks.quote)).into_owned());
        match ending {
            Ending::Field(next) => start = next,
            Ending::Record(_) | Ending::Bytes => return all,
        }
    }
}

/// Whether the record that these bytes begin with describes the columns: no cell of it is a number.
pub(super) fn is_description(bytes: &[u8], rules: &Rules, marks: &Marks) -> bool {
    let number = |cell: &String| {
        let cell = cell.trim();
        cell.contains(|c: char| c.is_ascii_digit())
            && cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '%' | '/'))
    };
    let cells = cells(bytes, marks);
    rules.preset.described == Described::Maybe && cells.len() > 1 && !cells.iter().any(number)
}

/// Where the table ends in a block of whole records, if it does: before a blank line or a row of
/// empty cells.
pub(super) fn end_of_table(block: &[u8], marks: &Marks) -> Option<usize> {
    let (mut at, mut faults) = (0, Vec::new());
    while at < block.len() {
        let start = at;
        let mut empty = true;
        at = loop {
            let (end, ending) = field(block, at, marks, &mut faults);
            empty &= end == at || &block[at..end] == [marks.quote, marks.quote].as_slice();
            match ending {
                Ending::Field(next) => at = next,
                Ending::Record(next) => break next,
                Ending::Bytes => break block.len(),
            }
        };
        faults.clear();
        if empty {
            return Some(start);
        }
    }
    None
}

/// What follows a table in its file: only looked at for further tables of the same header.
#[derive(Clone, Debug, Default)]
pub(super) struct Rest {
    /// The header's line, without its line end.
    header: Vec<u8>,
    line: Vec<u8>,
    /// Lines of the file before the present one.
    lines: u64,
    /// The line of the next header of the kind, from 1.
    pub(super) next: Option<u64>,
}

impl Rest {
    pub(super) fn new(header: &[u8], lines: u64) -> Self {
        let header = header.trim_ascii_end().to_vec();
        Self { header, lines, ..Self::default() }
    }

    /// Counts the lines of rows.
    pub(super) fn pass(&mut self, lines: u64) {
        self.lines += lines;
    }

    /// Takes a piece of what follows in.
    pub(super) fn look(&mut self, piece: &[u8]) {
        let mut rest = piece;
        while let Some(end) = memchr(b'\n', rest) {
            // A line that is longer than the header is not it.
            self.keep(&rest[..end]);
            self.close();
            rest = &rest[end + 1..];
        }
        self.keep(rest);
    }

    /// The file is over.
    pub(super) fn close(&mut self) {
        self.lines += 1;
        if self.next.is_none() && self.line.trim_ascii_end() == self.header {
            self.next = Some(self.lines);
        }
        self.line.clear();
    }

    fn keep(&mut self, part: &[u8]) {
        let room = (self.header.len() + 2).saturating_sub(self.line.len());
        self.line.extend_from_slice(&part[..part.len().min(room)]);
    }
}

/// The rows of a file that are no rows, with the places of the columns that tell.
#[derive(Clone, Debug)]
pub(super) struct Totals {
    preset: &'static Preset,
    unnamed: Vec<usize>,
}

impl Totals {
    /// None where the tool writes no such rows.
    pub(super) fn new(rules: &Rules, names: &[String]) -> Option<Self> {
        let preset = rules.preset;
        let named = |name: &&str| names.iter().position(|n| key_of(n) == header_key(name));
        let unnamed = preset.totals.iter().flat_map(|total| match total {
            Total::Unnamed(all) => all.iter().filter_map(named).collect(),
            _ => Vec::new(),
        });
        let unnamed = unnamed.collect();
        (!preset.totals.is_empty()).then_some(Self { preset, unnamed })
    }

    /// Whether a row is one, by its cells with their quotes.
    pub(super) fn holds<'b>(&self, cell: impl Fn(usize) -> &'b [u8], quote: u8) -> bool {
        self.preset.totals.iter().any(|total| match total {
            Total::Unnamed(_) => {
                !self.unnamed.is_empty()
                    && self.unnamed.iter().all(|at| unquote(cell(*at), quote).is_empty())
            }
            Total::Alone(_) => false,
            total => begins(*total, &unquote(cell(0), quote)),
        })
    }

    /// Whether a record that has not as many cells as the header is one, by its first bytes.
    pub(super) fn forgives(&self, bytes: &[u8], marks: &Marks) -> bool {
        let (end, _) = field(bytes, 0, marks, &mut Vec::new());
        let first = unquote(&bytes[..end], marks.quote);
        self.preset.totals.iter().any(|total| begins(*total, &first))
    }
}

fn begins(total: Total, first: &[u8]) -> bool {
    match total {
        Total::EmptyFirst => first.is_empty(),
        Total::Begins(text) => first.starts_with(text.as_bytes()),
        Total::Alone(text) => first == text.as_bytes(),
        Total::Unnamed(_) => false,
    }
}

/// Whether the table ends before its file.
pub(super) fn ends_early(rules: Option<&Rules>) -> bool {
    rules.is_some_and(|rules| rules.end == End::Blank)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Records;

    fn marks() -> Marks {
        let records = Records::Csv;
        Marks { records, delimiter: b',', quote: b'"', comment: None, footer: None }
    }

    #[test]
    fn a_table_ends_at_a_blank_line_outside_of_quotes() {
        let text = b"a,\"b\n\nc\"\n1,2\n\nd\n";
        assert_eq!(end_of_table(text, &marks()), Some(13));
        assert_eq!(end_of_table(b"a,b\n,\"\"\nx,\n", &marks()), Some(4));
        assert_eq!(end_of_table(b"a,b\n,1\n", &marks()), None);
    }

    #[test]
    fn further_tables_are_found_in_pieces_of_any_size() {
        let text = b"\nTitle\r\nDate,Primary\r\n1,2\nDate,Primary,x\nDate,Primary";
        for size in 1..30 {
            let mut rest = Rest::new(b"Date,Primary\r\n", 10);
            text.chunks(size).for_each(|piece| rest.look(piece));
            rest.close();
            assert_eq!(rest.next, Some(13), "{size}");
        }
    }

    #[test]
    fn a_currency_may_stand_behind_a_name() {
        assert!(is_named("amount_spent_usd", "amount_spent"));
        assert!(!is_named("amount_spent_net", "amount_spent"));
        assert!(is_named("cost", "cost"));
    }
}
