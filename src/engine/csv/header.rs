//! The head of a file: what comes before the rows, and which column is which.

use std::borrow::Cow;
use std::io;

use crate::diagnostic::{Diagnostic, Diagnostics, codes, nearest};
use crate::engine::columns::Wanted;
use crate::host::{Host, HostError};
use crate::plan::{ColumnPlan, Dialect, Header, Input, Origin, Records, Scan, Unpivot, header_key};
use crate::time::Date;

use super::blocks::Stream;
use super::cells::unquote;
use super::faults::{self, Spot, What};
use super::files::{Opened, open, sources};
use super::json;
use super::records::{
    Ending, Form, MOST_COLUMNS, Malformed, Marks, Reach, after_line, count_lines, field,
};
use super::sections::{Rest, Totals, ends_early, find_header, is_description};
use super::text::canonical;

/// How much is read at a time while the header is looked for.
const PIECE: usize = 64 << 10;

/// So many bytes above a header are looked at for the days that the rows stand for.
const LONGEST_PREAMBLE: usize = 16 << 10;

/// What stands before the rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    /// The headers, trimmed; made up where the file has none.
    pub(super) names: Vec<String>,
    /// Physical lines before the first row.
    pub(super) lines: u64,
    /// The physical line of the header, from 1.
    pub(super) line: u64,
    /// The text above the header.
    pub(super) preamble: String,
    /// What parts the fields, where the header's line has told.
    pub(super) delimiter: Option<u8>,
}

/// Why a file has no usable head.
#[derive(Debug)]
pub(super) enum NoHead {
    /// It has no bytes.
    Empty,
    /// It is in another encoding, or compressed: how it is called.
    Encoding(&'static str),
    /// It ends before the header.
    Missing,
    /// The header's record is malformed.
    Malformed(Spot, What),
    /// The header is not UTF-8; the byte of the line, from 1.
    NotUtf8(Spot, usize, Vec<u8>),
    /// So many columns.
    TooMany(usize),
}

/// Reads the head of a file and leaves the stream at the first row.
pub(super) fn read_head(
    stream: &mut Stream,
    dialect: &Dialect,
    marks: &Marks,
) -> io::Result<Result<Head, NoHead>> {
    stream.read_more(PIECE)?;
    if stream.carry.is_empty() {
        return Ok(Err(NoHead::Empty));
    }
    if let Some(name) = foreign(&stream.carry) {
        return Ok(Err(NoHead::Encoding(name)));
    }
    if stream.carry.starts_with(b"\xEF\xBB\xBF") {
        stream.carry.drain(..3);
    }
    if dialect.records == Records::JsonLines {
        return Ok(Ok(Head::default()));
    }
    let before = match dialect.header {
        Header::Row(row) => dialect.skip.saturating_add(row.saturating_sub(1)),
        Header::None => dialect.skip,
    };
    let mut at = 0;
    for _ in 0..before {
        let Some(next) = next_line(stream, at)? else { return Ok(Err(NoHead::Missing)) };
        at = next;
    }
    let mut of_file = marks.clone();
    let mut delimiter = None;
    let searched = dialect.preset.as_ref().filter(|_| dialect.header == Header::Row(1));
    if let Some(rules) = searched {
        let Some(found) = find_header(stream, at, rules, marks)? else {
            return Ok(Err(NoHead::Missing));
        };
        (at, delimiter, of_file.delimiter) = (found.at, Some(found.delimiter), found.delimiter);
    }
    let marks = &of_file;
    while is_passed_over(&stream.carry, at, dialect, marks) {
        let Some(next) = next_line(stream, at)? else { break };
        at = next;
    }
    let (fields, next) = match first_record(stream, at, marks)? {
        Ok(found) => found,
        Err(Malformed { at, what }) => {
            let spot = faults::spot(&stream.carry, at..at + 1);
            let what = What::of_form(&what, &stream.carry, spot.line);
            return Ok(Err(NoHead::Malformed(spot, what)));
        }
    };
    if fields.len() > MOST_COLUMNS {
        return Ok(Err(NoHead::TooMany(fields.len())));
    }
    if dialect.header == Header::None {
        let names = (1..=fields.len()).map(|n| format!("column_{n}")).collect();
        return Ok(Ok(finish(stream, names, at, at, dialect.records)));
    }
    if at >= stream.carry.len() {
        return Ok(Err(NoHead::Missing));
    }
    let mut names = Vec::with_capacity(fields.len());
    for range in fields {
        let raw = unquote(&stream.carry[range.clone()], marks.quote);
        match std::str::from_utf8(&raw) {
            Ok(name) => names.push(tidy(name).into_owned()),
            Err(e) => {
                let line = stream.carry[..range.start].iter().rposition(|b| *b == b'\n');
                let byte = range.start + e.valid_up_to() - line.map_or(0, |l| l + 1) + 1;
                let spot = faults::spot(&stream.carry, range);
                return Ok(Err(NoHead::NotUtf8(spot, byte, raw.into_owned())));
            }
        }
    }
    let mut rows = next;
    if let Some(rules) = &dialect.preset {
        while rows >= stream.carry.len() && stream.reach() == Reach::More {
            stream.read_more(PIECE)?;
        }
        if let Ok((_, behind)) = first_record(stream, rows, marks)?
            && is_description(&stream.carry[rows..behind], rules, marks)
        {
            rows = behind;
        }
        if ends_early(dialect.preset.as_ref()) {
            let lines = count_lines(&stream.carry[..rows]);
            stream.ends_early(Rest::new(&stream.carry[at..next], lines));
        }
    }
    Ok(Ok(Head { delimiter, ..finish(stream, names, at, rows, dialect.records) }))
}

fn finish(
    stream: &mut Stream,
    names: Vec<String>,
    header: usize,
    rows: usize,
    records: Records,
) -> Head {
    let line = count_lines(&stream.carry[..header]) + 1;
    // A row of a table that is no text is told by its number, and rows have none above them.
    let lines = match records {
        Records::Parquet | Records::Table => 0,
        Records::Csv | Records::JsonLines => count_lines(&stream.carry[..rows]),
    };
    let above = &stream.carry[..header.min(LONGEST_PREAMBLE)];
    let preamble = String::from_utf8_lossy(above).into_owned();
    stream.carry.drain(..rows);
    stream.drops_blank_end = names.len() > 1;
    Head { names, lines, line, preamble, delimiter: None }
}

/// An encoding or compression that is not read, by its first bytes.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, ..] => Some("UTF-16LE"),
        [0xFE, 0xFF, ..] => Some("UTF-16BE"),
        [0x1F, 0x8B, ..] => Some("gzip"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Some("zstd"),
        [b'P', b'K', 3, 4, ..] => Some("zip"),
        _ => None,
    }
}

/// Whether the line at `at` is a comment, or blank and before a header.
fn is_passed_over(bytes: &[u8], at: usize, dialect: &Dialect, marks: &Marks) -> bool {
    match bytes.get(at) {
        None => false,
        Some(b'\n' | b'\r') => dialect.header != Header::None,
        Some(&first) => marks.comment == Some(first),
    }
}

/// The beginning of the next line; none where the file ends before it.
pub(super) fn next_line(stream: &mut Stream, at: usize) -> io::Result<Option<usize>> {
    loop {
        let next = after_line(&stream.carry, at);
        // A line end that stands last may be half of a pair.
        if next < stream.carry.len() {
            return Ok(Some(next));
        }
        if stream.reach() == Reach::End {
            let ended = matches!(stream.carry.last(), Some(b'\n' | b'\r'));
            return Ok((ended && at < next).then_some(next));
        }
        stream.read_more(PIECE)?;
    }
}

type Fields = Vec<std::ops::Range<usize>>;

/// The fields of the record at `at`, and the place behind it.
fn first_record(
    stream: &mut Stream,
    at: usize,
    marks: &Marks,
) -> io::Result<Result<(Fields, usize), Malformed>> {
    loop {
        let bytes = &stream.carry;
        let mut faults = Vec::new();
        let mut fields = Vec::new();
        let mut start = at;
        let next = loop {
            let (end, ending) = field(bytes, start, marks, &mut faults);
            fields.push(start..end);
            match ending {
                Ending::Field(next) => start = next,
                Ending::Record(next) => break next,
                Ending::Bytes => break bytes.len(),
            }
        };
        let whole = next < bytes.len() || stream.reach() == Reach::End;
        let too_long = faults.iter().any(|f| f.what == Form::TooLong);
        if whole || too_long {
            if let Some(fault) = faults.into_iter().next() {
                return Ok(Err(fault));
            }
            if at == bytes.len() {
                fields.clear();
            }
            return Ok(Ok((fields, next)));
        }
        let more = stream.carry.len().max(PIECE);
        stream.read_more(more)?;
    }
}

/// A header as it is shown: without blanks around it and without invisible marks.
fn tidy(name: &str) -> Cow<'_, str> {
    match canonical(name) {
        Cow::Borrowed(name) => Cow::Borrowed(name.trim()),
        Cow::Owned(name) => Cow::Owned(name.trim().to_owned()),
    }
}

/// The name under which a header is found, without its invisible marks.
pub(super) fn key_of(header: &str) -> String {
    header_key(&canonical(header))
}

/// The headers of the first file of an input, trimmed, or why they cannot be read. Only the
/// beginning of the file is read. None where they cannot be known from that: the keys of JSON
/// lines in several files, or in a long one.
pub fn headers(
    host: &dyn Host,
    input: &Input,
    dialect: &Dialect,
) -> Result<Option<Vec<String>>, Diagnostics> {
    let mut out = Diagnostics::default();
    let names = first_headers(host, input, dialect, &mut out).unwrap_or_else(|e| {
        out.push(faults::no_file(input, &e.path, &e.message));
        None
    });
    if out.is_empty() { Ok(names) } else { Err(out) }
}

/// How much of a file of JSON lines is read for its keys, in bytes.
const KEYS: usize = 1 << 20;

/// The keys of a file that is read to its end.
fn keys_of(stream: &mut Stream) -> io::Result<Option<Vec<String>>> {
    stream.read_more(KEYS)?;
    Ok((stream.reach() == Reach::End).then(|| json::names(&stream.carry)))
}

fn first_headers(
    host: &dyn Host,
    input: &Input,
    dialect: &Dialect,
    out: &mut Diagnostics,
) -> Result<Option<Vec<String>>, HostError> {
    let all = sources(host, input, &Wanted::default(), out)?;
    let Some(first) = all.first() else { return Ok(None) };
    let lines = dialect.records == Records::JsonLines;
    if lines && all.len() > 1 {
        return Ok(None);
    }
    let settled;
    let dialect = match &dialect.auto {
        None => dialect,
        Some(auto) => match super::auto::settle(host, input, &all, dialect, auto)? {
            Ok((found, _)) => {
                settled = found;
                &settled
            }
            Err(why) => {
                out.push(why);
                return Ok(None);
            }
        },
    };
    let mut stream = match open(host, first, dialect, &Wanted::default())? {
        Opened::File(stream) => stream,
        Opened::Unreadable(message) => {
            out.push(faults::no_file(input, &first.path, &message));
            return Ok(None);
        }
        Opened::Broken(e) => {
            out.extend(faults::broken(input, first, &e));
            return Ok(None);
        }
        Opened::NotBuiltIn(feature) => {
            out.push(faults::not_built_in(faults::span_of(input), feature));
            return Ok(None);
        }
    };
    match read_head(&mut stream, dialect, &Marks::new(dialect)) {
        Ok(Ok(_)) if lines => {
            keys_of(&mut stream).map_err(|e| crate::host::failed(&first.path, &e))
        }
        Ok(Ok(head)) => Ok(Some(head.names)),
        Ok(Err(why)) => {
            out.push(faults::no_head(input, first, &why));
            Ok(None)
        }
        Err(e) => match faults::broken(input, first, &e) {
            Some(found) => {
                out.push(found);
                Ok(None)
            }
            None => Err(crate::host::failed(&first.path, &e)),
        },
    }
}

/// Where a scan's columns stand in one file.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) file: usize,
    /// How many fields a row has.
    pub(super) width: usize,
    /// The field of each column of the scan; none for those that are not read under one header.
    pub(super) fields: Vec<Option<usize>>,
    /// The days that the rows stand for, where the file tells.
    pub(super) range: Option<(Date, Date)>,
    /// Where headers become rows: the field and the day of each.
    pub(super) turns: Vec<(usize, Date)>,
    pub(super) marks: Marks,
    /// Which rows are none.
    pub(super) totals: Option<Totals>,
}

impl Layout {
    /// That of JSON lines: one field a column that is read.
    pub(super) fn of_lines(scan: &Scan, file: usize, range: Option<(Date, Date)>) -> Self {
        let mut width = 0;
        let fields = scan.columns.iter().map(|column| {
            let read = matches!(column.origin, Origin::Read { .. });
            width += usize::from(read);
            read.then(|| width - 1)
        });
        let fields = fields.collect();
        let (width, marks, turns) = (width.max(1), Marks::new(&scan.dialect), Vec::new());
        Self { file, width, fields, range, turns, marks, totals: None }
    }
}

/// The headers that become rows.
fn turns(
    scan: &Scan,
    unpivot: &Unpivot,
    head: &Head,
    path: &str,
    out: &mut Vec<Diagnostic>,
) -> Vec<(usize, Date)> {
    let day = |name: &String| Some(unpivot.format.parse(name)?.date);
    let days = head.names.iter().enumerate().filter_map(|(field, name)| Some((field, day(name)?)));
    let turns: Vec<(usize, Date)> = days.collect();
    if turns.is_empty() {
        let message = format!("no header of {path} is a date, which `unpivot` turns into rows");
        let found = Diagnostic::new(&codes::NO_DATE_HEADER, message).at(unpivot.span, "turns none");
        let found = found.in_data(faults::line_of_header(head, path));
        let help =
            "say how the dates are written: `as \"%d.%m.%Y\"` behind the type of their column";
        out.push(found.help(help));
    }
    let mut by_day: Vec<(Date, usize)> = turns.iter().map(|(field, day)| (*day, *field)).collect();
    by_day.sort_unstable();
    for pair in by_day.windows(2).filter(|p| p[0].0 == p[1].0) {
        let names = [pair[0].1, pair[1].1]
            .map(|at| format!("column {} `{}`", at + 1, faults::shown(&head.names[at], 60)));
        let message = format!("two columns of {path} are {}: {}", pair[0].0, names.join(", "));
        let found = Diagnostic::new(&codes::AMBIGUOUS_HEADER, message).at(scan.span, "this source");
        let found = found.in_data(faults::line_of_header(head, path));
        out.push(found.help("leave one of the two out of the file"));
    }
    turns
}

/// Finds the scan's columns among the headers.
pub(super) fn lay_out(
    scan: &Scan,
    head: &Head,
    file: usize,
    path: &str,
    out: &mut Vec<Diagnostic>,
) -> Option<Layout> {
    let keys: Vec<String> = head.names.iter().map(|n| key_of(n)).collect();
    let mut fields = Vec::with_capacity(scan.columns.len());
    let before = out.len();
    for column in &scan.columns {
        let Origin::Read { headers, .. } = &column.origin else {
            fields.push(None);
            continue;
        };
        match find(headers, head, &keys) {
            Found::One(field) => fields.push(Some(field)),
            Found::Several(header, places) => {
                out.push(ambiguous(scan, column, head, path, &header, &places));
            }
            Found::Missing => out.push(missing(scan, column, headers, head, path)),
        }
    }
    let unpivot = scan.unpivot.as_ref();
    let turns = unpivot.map_or_else(Vec::new, |unpivot| turns(scan, unpivot, head, path, out));
    let marks = Marks::new(&scan.dialect);
    let delimiter = head.delimiter.unwrap_or(marks.delimiter);
    let rules = scan.dialect.preset.as_ref();
    (out.len() == before).then(|| Layout {
        file,
        width: head.names.len(),
        fields,
        range: None,
        turns,
        marks: Marks { delimiter, ..marks },
        totals: rules.and_then(|rules| Totals::new(rules, &head.names)),
    })
}

enum Found {
    One(usize),
    Several(String, Vec<usize>),
    Missing,
}

/// The first of the wanted headers that is there: as it is written, else by its key.
fn find(wanted: &[String], head: &Head, keys: &[String]) -> Found {
    for header in wanted {
        let name = tidy(header);
        let exact = places(head.names.iter(), |n| *n == name);
        let key = key_of(header);
        let found = if exact.is_empty() && !key.is_empty() {
            places(keys.iter(), |k| *k == key)
        } else {
            exact
        };
        match found.as_slice() {
            [] => {}
            [one] => return Found::One(*one),
            _ => return Found::Several(header.clone(), found),
        }
    }
    Found::Missing
}

fn places<'n>(
    names: impl Iterator<Item = &'n String>,
    fits: impl Fn(&String) -> bool,
) -> Vec<usize> {
    names.enumerate().filter(|(_, n)| fits(n)).map(|(at, _)| at).collect()
}

fn ambiguous(
    scan: &Scan,
    column: &ColumnPlan,
    head: &Head,
    path: &str,
    header: &str,
    places: &[usize],
) -> Diagnostic {
    let names: Vec<String> = places
        .iter()
        .map(|at| format!("column {} `{}`", at + 1, faults::shown(&head.names[*at], 60)))
        .collect();
    let message = format!("`{header}` could be several columns of {path}: {}", names.join(", "));
    Diagnostic::new(&codes::AMBIGUOUS_HEADER, message)
        .at(column.span, format!("column `{}` of source `{}`", column.name, scan.source))
        .in_data(faults::line_of_header(head, path))
        .help("name one header exactly with `from`, or rename the columns in the file")
}

fn missing(
    scan: &Scan,
    column: &ColumnPlan,
    wanted: &[String],
    head: &Head,
    path: &str,
) -> Diagnostic {
    let quoted: Vec<String> = wanted.iter().map(|h| format!("`{h}`")).collect();
    let message = format!("{path} has no column {}", quoted.join(" or "));
    let there: Vec<String> =
        head.names.iter().take(20).map(|n| format!("`{}`", faults::shown(n, 60))).collect();
    let more = head.names.len().saturating_sub(20);
    let mut help = format!("its headers are {}", there.join(", "));
    if more > 0 {
        help = format!("{help} and {more} more");
    }
    let near = wanted.iter().find_map(|w| nearest(w, head.names.iter().map(String::as_str)));
    if let Some(near) = near {
        help = format!("did you mean `{near}`? {help}");
    }
    Diagnostic::new(&codes::MISSING_HEADER, message)
        .at(column.span, format!("column `{}` of source `{}`", column.name, scan.source))
        .in_data(faults::line_of_header(head, path))
        .help(help)
}
