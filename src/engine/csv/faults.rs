//! Faults in the data, from where they are found to what is said of them.

use std::collections::BTreeSet;
use std::io;
use std::ops::Range;

use memchr::{memchr2, memrchr2};

use crate::diagnostic::{Code, DataPlace, Diagnostic, codes, nearest};
use crate::engine::Rejection;
use crate::engine::columns::NoTable;
use crate::plan::{CellKind, ColumnPlan, Input, Origin, Scan};
use crate::source::Span;
use crate::time::{CalendarKind, DateFormat, DateProblem};

use super::blocks::LONGEST_FOOTER;
use super::broken::{self, Broken};
use super::cells::Why;
use super::files::Source;
use super::header::{Head, NoHead};
use super::json::LineReader;
use super::records::{Form, LONGEST_FIELD, MOST_COLUMNS, count_lines};
use super::text::{cut, escape};
use super::worker::Worker;

/// The longest excerpt, in characters.
const EXCERPT: usize = 200;

/// A spot in a block.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    /// Physical lines of the block before it.
    pub(super) line: u64,
    /// In characters, from 1.
    pub(super) column: u64,
    excerpt: String,
    mark: Option<(usize, usize)>,
    /// The text of the spot itself.
    text: String,
}

/// A fault in a block.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fault {
    /// The block, by its number in the scan.
    pub(super) block: usize,
    pub(super) spot: Spot,
    pub(super) what: What,
}

/// What is wrong there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    Unclosed,
    /// The field opens so many lines before.
    TextAfterQuote(u64),
    BlankBeforeQuote,
    Ragged(usize, usize),
    Blank(usize),
    Nul,
    TooLong,
    /// A line that is no JSON object: why.
    BadLine(String),
    /// A product of more digits than fit.
    TooManyDigits,
    /// A cell of a column of the scan.
    Cell(usize, Why),
}

impl What {
    /// What a malformed record means; `line` is where it is reported.
    pub(super) fn of_form(form: &Form, block: &[u8], line: u64) -> Self {
        match form {
            Form::Unclosed => Self::Unclosed,
            Form::TextAfterQuote(opened) => {
                Self::TextAfterQuote(line.saturating_sub(count_lines(&block[..*opened])))
            }
            Form::BlankBeforeQuote => Self::BlankBeforeQuote,
            Form::Ragged { expected, found } => Self::Ragged(*expected, *found),
            Form::Blank { expected } => Self::Blank(*expected),
            Form::Nul => Self::Nul,
            Form::TooLong => Self::TooLong,
        }
    }
}

/// The spot of some bytes of a block, with its line as the excerpt.
pub(super) fn spot(block: &[u8], at: Range<usize>) -> Spot {
    let start = at.start.min(block.len());
    let line_start = memrchr2(b'\n', b'\r', &block[..start]).map_or(0, |i| i + 1);
    let rest = &block[start..];
    let line_end = memchr2(b'\n', b'\r', rest).map_or(block.len(), |i| start + i);
    let before = String::from_utf8_lossy(&block[line_start..start]);
    let text = String::from_utf8_lossy(&block[start..at.end.clamp(start, line_end)]);
    let after = String::from_utf8_lossy(&block[at.end.clamp(start, line_end)..line_end]);
    let column = before.chars().count() as u64 + 1;
    let (head, cell) = (escape(&before), escape(&cut(&text, EXCERPT)));
    let (skipped, length) = (head.chars().count(), cell.chars().count());
    let (excerpt, mark) = if skipped + length <= EXCERPT {
        let whole = head + &cell + &escape(&cut(&after, EXCERPT));
        (cut(&whole, EXCERPT).into_owned(), (skipped, length))
    } else {
        (cut(&cell, EXCERPT).into_owned(), (0, length.min(EXCERPT)))
    };
    Spot { line: count_lines(&block[..line_start]), column, excerpt, mark: Some(mark), text: cell }
}

impl Spot {
    /// The spot with another count of what is before it in its block.
    pub(super) fn on_line(self, line: u64) -> Self {
        Self { line, ..self }
    }

    fn place(&self, path: &str, line: u64) -> DataPlace {
        DataPlace {
            path: path.to_owned(),
            line,
            column: self.column,
            excerpt: self.excerpt.clone(),
            mark: self.mark,
        }
    }
}

/// A name or cell as messages show it: nothing hidden, not too long.
pub(super) fn shown(text: &str, most: usize) -> String {
    cut(&escape(text), most).into_owned()
}

impl Fault {
    /// A cell that was skipped or made null.
    pub(super) fn rejection(&self, scan: &Scan, path: &str, line: u64) -> Option<Rejection> {
        let What::Cell(column, why) = &self.what else { return None };
        let reason = match why {
            Why::Cell(words, _) | Why::Bound(words) => words.clone(),
            Why::Date(words) => format!("no date: {words}"),
            Why::NoKey => "the key is empty".to_owned(),
            Why::NotUtf8(..) => "not UTF-8".to_owned(),
            Why::NoDate => "no date".to_owned(),
        };
        let name = scan.columns[*column].name.clone();
        Some(Rejection { place: self.spot.place(path, line), column: name, reason })
    }

    /// What is said of it; `line` is its physical line.
    pub(super) fn diagnostic(&self, scan: &Scan, path: &str, line: u64) -> Diagnostic {
        let found = match &self.what {
            What::Cell(column, why) => self.cell(&scan.columns[*column], why, path),
            other => form(other, line, span_of(&scan.input)),
        };
        found.in_data(self.spot.place(path, line))
    }

    fn cell(&self, column: &ColumnPlan, why: &Why, path: &str) -> Diagnostic {
        let text = shown(&self.spot.text, 60);
        let name = &column.name;
        let bound = format!("column `{name}` is bound here");
        match why {
            Why::Cell(words, help) => {
                let what = kind_words(column);
                let message = format!("`{text}` is not {what} for column `{name}`: {words}");
                let found = Diagnostic::new(&codes::BAD_CELL, message).at(column.span, bound);
                let otherwise = "correct the cell, or let the source say `on_error: skip` or \
                                 `on_error: null`";
                found.help(help.as_deref().unwrap_or(otherwise))
            }
            Why::Date(words) => {
                let message = format!("`{text}` is no date for column `{name}`: {words}");
                let found = Diagnostic::new(&codes::BAD_DATE, message).at(column.span, bound);
                found.help(date_help(column, words, &self.spot.text))
            }
            Why::Bound(words) => {
                let message = format!("`{text}` in column `{name}` is no number: {words}");
                Diagnostic::new(&codes::BAD_CELL, message).at(column.span, bound)
            }
            Why::NoKey => {
                let message = format!("the key is empty in this row: column `{name}` has no value");
                Diagnostic::new(&codes::BAD_CELL, message).at(column.span, bound).help(
                    "leave such rows out with `where:`, or let the source say `on_error: skip`",
                )
            }
            Why::NotUtf8(byte, cell) => {
                let message =
                    format!("a text in {path} is not UTF-8, from byte {} of the cell on", byte + 1);
                Diagnostic::new(&codes::DATA_NOT_UTF8, message)
                    .at(column.span, bound)
                    .help(propose_encodings(cell))
            }
            Why::NoDate => {
                let message = format!("a row without a date: column `{name}` is empty");
                Diagnostic::new(&codes::ROW_WITHOUT_DATE, message)
                    .at(column.span, "the source's date")
                    .help("leave such rows out with `where:`, or count them with `on_error: skip`")
            }
        }
    }
}

/// What to do about a text that is no date of a column.
fn date_help(column: &ColumnPlan, why: &str, text: &str) -> String {
    let (Origin::Read { cell, .. } | Origin::Turned(cell)) = &column.origin else {
        return "correct the cell".to_owned();
    };
    let (CellKind::Date(format) | CellKind::Timestamp(format)) = cell else {
        return "correct the cell".to_owned();
    };
    if why != DateProblem::Shape.to_string() {
        return "correct the cell, or leave its row out with `on_error: skip`".to_owned();
    }
    if *format != DateFormat::iso() {
        return "correct the cell, or the pattern behind `as`, which it does not fit".to_owned();
    }
    let text = text.trim_matches('"');
    let solar =
        ["%Y/%m/%d", "%Y-%m-%d"].into_iter().filter(|p| fits(p, CalendarKind::Persian, text));
    let patterns = ["%d/%m/%Y", "%m/%d/%Y", "%Y%m%d", "%Y/%m/%d", "%d.%m.%Y"];
    let plain = patterns.into_iter().filter(|p| fits(p, CalendarKind::Gregorian, text));
    let solar = solar.map(|p| format!("`as jalali \"{p}\"`"));
    let all: Vec<String> = plain.map(|p| format!("`as \"{p}\"`")).chain(solar).collect();
    match all.as_slice() {
        [] => "correct the cell, or say with `as` and a pattern how dates are written".to_owned(),
        all => format!("say how dates are written: {}", all.join(" or ")),
    }
}

fn fits(pattern: &str, kind: CalendarKind, text: &str) -> bool {
    DateFormat::new(pattern, kind).is_ok_and(|format| format.parse(text).is_some())
}

fn form(what: &What, line: u64, span: Span) -> Diagnostic {
    let new = |code: &'static Code, message: String, help: &str| {
        Diagnostic::new(code, message).at(span, "this source").help(help)
    };
    match what {
        What::Unclosed => new(
            &codes::UNCLOSED_QUOTE,
            "a quote opens a cell here and is never closed".to_owned(),
            "close it; a quote inside a quoted cell is written twice",
        ),
        What::TextAfterQuote(lines) => new(
            &codes::TEXT_AFTER_QUOTE,
            format!(
                "text after the closing quote of a cell that opens on line {}",
                line - lines.min(&line)
            ),
            "a quote inside a quoted cell is written twice",
        ),
        What::BlankBeforeQuote => new(
            &codes::BLANK_BEFORE_QUOTE,
            "a cell begins with a blank and then a quote".to_owned(),
            "take the blank away: a quote only opens a cell as its first character",
        ),
        What::Ragged(expected, found) => new(
            &codes::RAGGED_ROW,
            format!("this row has {}, the header has {expected}", cells(*found)),
            "is the delimiter right, is a cell not quoted, or is it a total: `footer: 1`?",
        ),
        What::Blank(expected) => new(
            &codes::RAGGED_ROW,
            format!("a blank line between rows, where the header has {}", cells(*expected)),
            "if another table follows, cut it off with `footer:`; blank lines at the end are fine",
        ),
        What::Nul => new(
            &codes::NUL_BYTE,
            "a zero byte, which no text holds".to_owned(),
            "the file is damaged, or no CSV in UTF-8",
        ),
        What::BadLine(why) => new(
            &codes::BAD_JSON_LINE,
            format!("this line is no row: {why}"),
            "every line of the file is a JSON object, and no object goes over two lines",
        ),
        What::TooManyDigits => new(
            &codes::BAD_CELL,
            "a product of this row's numbers has more digits than fit (38)".to_owned(),
            "round the numbers in the file, or with `round`",
        ),
        What::TooLong | What::Cell(..) => new(
            &codes::FIELD_TOO_LONG,
            format!("a cell of more than {} MB", LONGEST_FIELD >> 20),
            "is a quote that opens here never closed?",
        ),
    }
}

fn cells(count: usize) -> String {
    if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") }
}

fn kind_words(column: &ColumnPlan) -> &'static str {
    let (Origin::Read { cell, .. } | Origin::Turned(cell)) = &column.origin else {
        return "a value";
    };
    match cell {
        CellKind::Number => "a number",
        CellKind::Percent => "a percentage",
        CellKind::Money(_) => "an amount of money",
        CellKind::Duration => "a duration",
        CellKind::Text => "a text",
        CellKind::Currency(_) => "a currency",
        CellKind::Bool => "a truth value",
        CellKind::Date(_) => "a date",
        CellKind::Timestamp(_) => "a moment",
    }
}

/// The place in the spec that names the data.
pub(super) fn span_of(input: &Input) -> Span {
    match input {
        Input::Csv { span, .. } | Input::Table { span, .. } | Input::Inline { span, .. } => *span,
    }
}

/// A file that is not there, or cannot be read as one.
pub(super) fn no_file(input: &Input, path: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&codes::NO_FILE, format!("cannot read `{}`: {why}", shown(path, 200)))
        .at(span_of(input), "named here")
        .help("the path is relative to the file that names it; `*` stands for any characters")
}

/// Rows that a feature reads which is not built in.
pub(super) fn not_built_in(span: Span, feature: &str) -> Diagnostic {
    let what = match feature {
        "parquet" => "reads no Parquet files",
        _ => "reaches no databases",
    };
    Diagnostic::new(&codes::NOT_BUILT_IN, format!("this build of `kpi` {what}"))
        .at(span, "named here")
        .help(format!("build it with that: `cargo install sanjeh --features {feature}`"))
}

/// A table of a database that gives no rows.
pub(super) fn no_table(span: Span, shown: &str, why: NoTable) -> Diagnostic {
    match why {
        NoTable::NotBuiltIn => not_built_in(span, "engines"),
        NoTable::Failed { why, help } => {
            let message = format!("cannot read the table `{shown}`: {why}");
            Diagnostic::new(&codes::NO_TABLE, message).at(span, "named here").help(help)
        }
    }
}

/// Rates that may be percentages without their sign.
pub(super) fn above_one(column: &ColumnPlan, count: u64) -> Diagnostic {
    let name = &column.name;
    let cells = if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") };
    let message = format!("{cells} of percent column `{name}` above 1 without a percent sign");
    Diagnostic::new(&codes::PERCENT_ABOVE_ONE, message)
        .at(column.span, format!("column `{name}` is bound here"))
        .help("a bare 45 is read as 4500%; if 45% is meant, declare a `number` and divide by 100")
}

/// Another table of the same header below the one that is read.
pub(super) fn further_table(input: &Input, path: &str, line: u64) -> Diagnostic {
    let message = format!("{path} holds another table with these headers, on line {line}");
    let skip = line - 1;
    Diagnostic::new(&codes::FURTHER_TABLE, message)
        .at(span_of(input), "this source reads the first one")
        .help(format!("to read the other one, make a source of it with `skip: {skip}`"))
}

/// Cells that only tell a bound of their number.
pub(super) fn bounds(column: &ColumnPlan, count: u64) -> Diagnostic {
    let name = &column.name;
    let cells = cells(count as usize);
    let message = format!("{cells} of column `{name}` only tell a bound of the number, as `< 10%`");
    Diagnostic::new(&codes::CENSORED_CELLS, message)
        .at(column.span, format!("column `{name}` is bound here"))
        .help("they are null: sums and averages of the column are of the other rows alone")
}

/// Columns of JSON lines whose key is in no row.
pub(super) fn keys_in_no_row(scan: &Scan, workers: &[Worker<'_>]) -> Vec<Diagnostic> {
    let readers: Vec<&LineReader> = workers.iter().filter_map(|w| w.lines.as_ref()).collect();
    let rows: u64 = workers.iter().flat_map(|w| &w.counts).map(|c| c.rows).sum();
    if readers.is_empty() || rows == 0 {
        return Vec::new();
    }
    let names: BTreeSet<&str> = readers.iter().flat_map(|r| r.names()).collect();
    let read = scan.columns.iter().filter_map(|column| match &column.origin {
        Origin::Read { headers, .. } => Some((column, headers)),
        _ => None,
    });
    let missing = read.enumerate().filter(|(field, _)| readers.iter().all(|r| !r.seen[*field]));
    let found = missing.map(|(_, (column, headers))| {
        let wanted: Vec<String> = headers.iter().map(|h| format!("`{h}`")).collect();
        let source = &scan.source;
        let message = format!("no row of source `{source}` has a key {}", wanted.join(" or "));
        let near = headers.iter().find_map(|h| nearest(h, names.iter().copied()));
        let some: Vec<String> =
            names.iter().take(20).map(|n| format!("`{}`", shown(n, 60))).collect();
        let help = format!("its keys are {}", some.join(", "));
        let found = Diagnostic::new(&codes::MISSING_HEADER, message)
            .at(column.span, format!("column `{}` of source `{source}`", column.name));
        match near {
            Some(near) => found.help(format!("did you mean `{near}`? {help}")),
            None => found.help(help),
        }
    });
    found.collect()
}

/// A footer that does not end where it may still be held back.
pub(super) fn long_footer(input: &Input, path: &str) -> Diagnostic {
    let most = LONGEST_FOOTER >> 20;
    let message = format!("the lines of {path} that match `footer` are more than {most} MB");
    Diagnostic::new(&codes::FIELD_TOO_LONG, message)
        .at(span_of(input), "this source")
        .help("make the pattern match nothing but what stands below the rows")
}

/// A file without a usable head.
pub(super) fn no_head(input: &Input, source: &Source, why: &NoHead) -> Diagnostic {
    let path = &source.path;
    let (code, message, help): (&'static Code, String, &str) = match why {
        NoHead::Empty => {
            let help = "an export without rows still has a header; this one was cut off";
            (&codes::EMPTY_FILE, format!("{path} is empty"), help)
        }
        NoHead::Encoding("UTF-16LE" | "UTF-16BE") => (
            &codes::UNREADABLE_FORMAT,
            format!("{path} is written in {}, and the source does not say so", encoding(why)),
            "say `encoding: \"utf-16\"` in the source",
        ),
        NoHead::Encoding("gzip") => (
            &codes::UNREADABLE_FORMAT,
            format!("{path} is packed with gzip, and its name does not say so"),
            "give it a name that ends with `.gz`",
        ),
        NoHead::Encoding("zstd") => (
            &codes::UNREADABLE_FORMAT,
            format!("{path} is packed with zstd, and its name does not say so"),
            "give it a name that ends with `.zst`",
        ),
        NoHead::Encoding(_) => (
            &codes::UNREADABLE_FORMAT,
            format!("{path} is a {} file, which is not read", encoding(why)),
            "unpack it first",
        ),
        NoHead::Missing => (
            &codes::NO_HEADER,
            format!("{path} ends before its header"),
            "look at `skip`, `header` and `comment` of the source",
        ),
        NoHead::TooMany(found) => (
            &codes::TOO_MANY_COLUMNS,
            format!("{path} has {found} columns; at most {MOST_COLUMNS} are read"),
            "is the delimiter right?",
        ),
        NoHead::NotUtf8(spot, byte, cell) => {
            return Diagnostic::new(
                &codes::DATA_NOT_UTF8,
                format!("the header of {path} is not UTF-8, from byte {byte} of the line on"),
            )
            .at(span_of(input), "this source")
            .in_data(spot.place(path, source.offset + spot.line + 1))
            .help(propose_encodings(cell));
        }
        NoHead::Malformed(spot, what) => {
            let line = source.offset + spot.line + 1;
            return form(what, line, span_of(input)).in_data(spot.place(path, line));
        }
    };
    Diagnostic::new(code, message).at(span_of(input), "this source").help(help)
}

fn encoding(why: &NoHead) -> &'static str {
    match why {
        NoHead::Encoding(name) => name,
        _ => "",
    }
}

/// A file that is not what it is said to be; none where the world failed.
pub(super) fn broken(input: &Input, source: &Source, error: &io::Error) -> Option<Diagnostic> {
    let path = &source.path;
    let (code, message, help) = match broken::of(error)? {
        Broken::Damaged { packing, lines: 0, why } => (
            &codes::DAMAGED_FILE,
            format!("{path} cannot be unpacked as {packing}: {why}"),
            "is it packed as its name says? else fetch it again",
        ),
        Broken::Damaged { packing, lines, why } => (
            &codes::DAMAGED_FILE,
            format!("{path} cannot be unpacked as {packing} behind its line {lines}: {why}"),
            "fetch the file again: it is not whole",
        ),
        Broken::Swollen { packing, packed, unpacked } => (
            &codes::SWOLLEN_FILE,
            format!(
                "{path} swells: {} kB of {packing} have become {} MB",
                packed.div_ceil(1000),
                unpacked / 1_000_000
            ),
            "fetch it again; if it is right, unpack it and name the unpacked file",
        ),
        Broken::Columns { why, help } => {
            (&codes::DAMAGED_FILE, format!("{path} cannot be read as Parquet: {why}"), *help)
        }
        Broken::NoMark => (
            &codes::OTHER_ENCODING,
            format!("{path} has no byte order mark, so which UTF-16 it is nobody can tell"),
            "say `encoding: \"utf-16le\"` or `\"utf-16be\"`, or none if it is UTF-8",
        ),
        Broken::OtherMark { marked, declared } => {
            let message = format!("{path} is marked as {marked}, and declared as {declared}");
            let help = match *marked {
                "UTF-8" => "take `encoding` away",
                _ => "say `encoding: \"utf-16\"`",
            };
            (&codes::OTHER_ENCODING, message, help)
        }
        Broken::Undecodable { encoding, line, column, bytes, before } => {
            let shown: Vec<String> = bytes.iter().map(|b| format!("{b:02X}")).collect();
            let what = match shown.as_slice() {
                [] => "something".to_owned(),
                [one] => format!("the byte {one}"),
                all => format!("the bytes {}", all.join(" ")),
            };
            let message = format!("{what} means nothing in {encoding}");
            let excerpt = cut(&escape(before), EXCERPT).into_owned();
            let place = DataPlace {
                path: path.clone(),
                line: *line,
                column: *column,
                mark: Some((excerpt.chars().count(), 1)),
                excerpt,
            };
            return Some(
                Diagnostic::new(&codes::UNDECODABLE, message)
                    .at(span_of(input), "this source")
                    .in_data(place)
                    .help("is the file in another encoding, or damaged here?"),
            );
        }
    };
    Some(Diagnostic::new(code, message).at(span_of(input), "this source").help(help))
}

/// What to do about a text that is not UTF-8: encodings in which it would be a text of letters.
fn propose_encodings(cell: &[u8]) -> String {
    let readings = ["windows-1252", "windows-1256", "windows-1251", "windows-1250"];
    let all: Vec<String> = readings
        .into_iter()
        .filter_map(|label| {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes())?;
            let text = encoding.decode_without_bom_handling_and_without_replacement(cell)?;
            let foreign = |c: &char| !c.is_ascii();
            let mut letters = text.chars().filter(foreign);
            let likely = !cell.is_empty() && letters.all(char::is_alphabetic);
            likely.then(|| format!("`encoding: \"{label}\"` reads `{}`", shown(&text, 40)))
        })
        .take(3)
        .collect();
    match all.as_slice() {
        [] => "save the file as UTF-8, or say its `encoding` in the source".to_owned(),
        all => format!("say how the file is written: {}", all.join(", ")),
    }
}

/// The place of a file's header.
pub(super) fn line_of_header(head: &Head, path: &str) -> DataPlace {
    let names: Vec<String> = head.names.iter().map(|n| escape(n)).collect();
    DataPlace {
        path: path.to_owned(),
        line: head.line,
        column: 0,
        excerpt: cut(&names.join(","), EXCERPT).into_owned(),
        mark: None,
    }
}
