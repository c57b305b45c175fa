//! Sniffing: how a file seems to be written, from its beginning. Only for whoever asks for it
//! (`preset: auto`, a new project made of a file): what is found is told, and where two readings
//! are possible there is none.

use std::collections::BTreeMap;

use crate::plan::{Encoding, Records};
use crate::time::{CalendarKind, DateFormat};
use crate::value::{NumberFormat, parse_decimal, parse_duration, parse_percent};

use super::cells::unquote;
use super::records::{Ending, Marks, field};

/// What a file seems to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sniffed {
    /// UTF-8, or UTF-16 with a mark.
    pub encoding: Encoding,
    /// Between fields.
    pub delimiter: u8,
    /// Lines above the header.
    pub skip: u64,
    /// How numbers are written.
    pub numbers: NumberFormat,
    /// The columns, in order.
    pub columns: Vec<SniffedColumn>,
}

/// A column of a file that was sniffed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SniffedColumn {
    /// Its header.
    pub header: String,
    /// What its cells seem to be.
    pub guess: Guess,
}

/// What the cells of a column seem to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guess {
    /// Numbers.
    Number,
    /// Numbers with a percent sign.
    Percent,
    /// Lengths of time: `00:01:23`, `83s`.
    Duration,
    /// `true` and `false`.
    Bool,
    /// Days that need no pattern.
    IsoDate,
    /// Days, by the patterns that all of them fit: more than one where days and months cannot be
    /// told apart.
    Date(Vec<String>),
    /// Anything else, or nothing.
    Text,
}

/// The delimiters that are tried.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Patterns of dates that are tried, Gregorian.
const PATTERNS: [&str; 6] = ["%Y%m%d", "%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y"];

/// How a file seems to be written, from its first bytes; `cut` says whether more follow. An error
/// is the reason, in words for the middle of a message.
///
/// ```
/// use sanjeh::engine::csv::{Cut, Guess, Known, sniff};
/// let text = b"A title\nday;cost\n2026-06-01;1,5\n2026-06-02;20,25\n";
/// let found = sniff(text, Cut::Whole, Known::default()).unwrap();
/// assert_eq!((found.delimiter, found.skip, found.numbers.decimal), (b';', 1, ','));
/// assert_eq!(found.columns[1].guess, Guess::Number);
/// ```
pub fn sniff(bytes: &[u8], cut: Cut, known: Known) -> Result<Sniffed, String> {
    let (encoding, text) = decode(bytes, cut)?;
    let bytes = text.as_bytes();
    let end = match cut {
        Cut::Whole => bytes.len(),
        Cut::More => bytes.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1),
    };
    let tried = known.delimiter.map_or(DELIMITERS.to_vec(), |one| vec![one]);
    let mut fits: Vec<Table> =
        tried.into_iter().filter_map(|delimiter| Table::of(&bytes[..end], delimiter)).collect();
    // The one that makes rows of more lines; what parts the end of a file alone parts no table.
    let first = fits.iter().map(|t| t.skip).min().unwrap_or_default();
    fits.retain(|t| t.skip == first);
    let table = match fits.as_slice() {
        [] => return Err("no delimiter parts its lines into a header and rows".to_owned()),
        [one] => one,
        several => {
            let shown: Vec<String> = several.iter().map(|t| shown(t.delimiter)).collect();
            return Err(format!("its fields may be parted by {}", shown.join(" or by ")));
        }
    };
    let numbers = known.numbers.map_or_else(|| numbers(&table.rows), Ok)?;
    let columns = table.header.iter().enumerate().map(|(at, header)| {
        let cells: Vec<&str> = table.rows.iter().map(|row| row[at].trim()).collect();
        SniffedColumn { header: header.trim().to_owned(), guess: guess(&cells, numbers) }
    });
    let columns = columns.collect();
    Ok(Sniffed { encoding, delimiter: table.delimiter, skip: table.skip, numbers, columns })
}

/// What is known already and not looked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// Between fields.
    pub delimiter: Option<u8>,
    /// How numbers are written.
    pub numbers: Option<NumberFormat>,
}

/// Whether the bytes are a whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// They are.
    Whole,
    /// More follow.
    More,
}

/// A delimiter as a spec writes it.
pub(super) fn shown(delimiter: u8) -> String {
    format!("\"{}\"", char::from(delimiter).escape_default())
}

fn decode(bytes: &[u8], cut: Cut) -> Result<(Encoding, String), String> {
    if let Some((marked, length)) = super::decode::mark(bytes) {
        let (text, _) = marked.decode_without_bom_handling(&bytes[length..]);
        let encoding = if marked == encoding_rs::UTF_8 { Encoding::Utf8 } else { Encoding::Utf16 };
        return Ok((encoding, text.into_owned()));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((Encoding::Utf8, text.to_owned())),
        // The last letter may be cut.
        Err(e) if cut == Cut::More && e.error_len().is_none() => {
            Ok((Encoding::Utf8, String::from_utf8_lossy(&bytes[..e.valid_up_to()]).into_owned()))
        }
        Err(e) => Err(format!("it is not UTF-8 from byte {} on", e.valid_up_to() + 1)),
    }
}

/// The table that a delimiter makes of a text.
struct Table {
    delimiter: u8,
    skip: u64,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// None where the lines do not become rows of one width: all below the header must have it.
    fn of(bytes: &[u8], delimiter: u8) -> Option<Self> {
        let records = Records::Csv;
        let marks = Marks { records, delimiter, quote: b'"', comment: None, footer: None };
        let (mut all, mut lines, mut at, mut faults) = (Vec::new(), Vec::new(), 0, Vec::new());
        while at < bytes.len() {
            lines.push(at);
            let mut cells = Vec::new();
            at = loop {
                let (end, ending) = field(bytes, at, &marks, &mut faults);
                let cell = unquote(&bytes[at..end], b'"');
                cells.push(String::from_utf8_lossy(&cell).into_owned());
                match ending {
                    Ending::Field(next) => at = next,
                    Ending::Record(next) => break next,
                    Ending::Bytes => break bytes.len(),
                }
            };
            all.push(cells);
        }
        while all.last().is_some_and(|cells| cells.iter().all(String::is_empty)) {
            all.pop();
        }
        let width = all.last()?.len();
        let first = all.iter().rposition(|cells| cells.len() != width).map_or(0, |at| at + 1);
        let skip = super::records::count_lines(&bytes[..lines[first]]);
        let mut rows = all.split_off(first);
        let header = rows.remove(0);
        let named = header.iter().all(|h| !h.trim().is_empty() && !is_number(h.trim()));
        let fine = faults.is_empty() && width > 1 && !rows.is_empty() && named;
        fine.then_some(Self { delimiter, skip, header, rows })
    }
}

fn is_number(text: &str) -> bool {
    parse_decimal(text, &NumberFormat::default()).is_ok()
}

/// How the numbers of a table are written: what part of them can only be one thing decides.
fn numbers(rows: &[Vec<String>]) -> Result<NumberFormat, String> {
    let mut signs: BTreeMap<(char, bool), &str> = BTreeMap::new();
    let mut unsure: Option<&str> = None;
    for cell in rows.iter().flatten() {
        let body = cell.trim().trim_end_matches('%').trim_start_matches(['-', '+']);
        let digits = |c: char| c.is_ascii_digit();
        if !body.starts_with(digits) || !body.chars().all(|c| digits(c) || matches!(c, '.' | ',')) {
            continue;
        }
        let found: Vec<char> = body.chars().filter(|c| !digits(*c)).collect();
        let Some(&last) = found.last() else { continue };
        let behind = body.rsplit(last).next().map_or(0, str::len);
        let before = body.find(last).unwrap_or_default();
        let different = found.iter().any(|c| *c != last);
        if different {
            // `1,234.5`: the last one is the decimal sign.
            signs.insert((last, false), cell);
            signs.insert((found[0], true), cell);
        } else if found.len() > 1 {
            // `1.2.3` may be a version; `1,234,567` is a number.
            let groups = body.split(last).skip(1).all(|part| part.len() == 3);
            if groups {
                signs.insert((last, true), cell);
            }
        } else if behind != 3 || before > 3 || before == 0 || body.starts_with('0') {
            signs.insert((last, false), cell);
        } else {
            unsure = Some(cell);
        }
    }
    for sign in ['.', ','] {
        if let (Some(a), Some(b)) = (signs.get(&(sign, true)), signs.get(&(sign, false))) {
            return Err(format!("its numbers are written in two ways: {a} and {b}"));
        }
    }
    let is = |sign, thousands| signs.contains_key(&(sign, thousands));
    let decimal = if is(',', false) || is('.', true) { ',' } else { '.' };
    let other = if decimal == ',' { '.' } else { ',' };
    if is(decimal, true) || is(other, false) {
        let shown: Vec<&str> = signs.values().copied().collect();
        return Err(format!("its numbers are written in two ways: {}", shown.join(" and ")));
    }
    match unsure {
        Some(cell) if signs.is_empty() => {
            Err(format!("{cell} may be a number of thousands or of three decimals"))
        }
        _ => {
            let has = rows.iter().flatten().any(|c| c.contains(other) && c.contains(digit));
            let thousands = (is(other, true) || unsure.is_some_and(|c| c.contains(other)) && has)
                .then_some(other);
            Ok(NumberFormat { decimal, thousands })
        }
    }
}

fn digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn guess(cells: &[&str], numbers: NumberFormat) -> Guess {
    let filled: Vec<&str> = cells.iter().copied().filter(|c| !c.is_empty()).collect();
    let all = |is: &dyn Fn(&str) -> bool| filled.iter().all(|c| is(c));
    if filled.is_empty() {
        return Guess::Text;
    }
    if all(&|c| DateFormat::iso().parse(c).is_some()) {
        return Guess::IsoDate;
    }
    let patterns = PATTERNS.iter().filter(|pattern| {
        let format = DateFormat::new(pattern, CalendarKind::Gregorian);
        format.is_ok_and(|format| all(&|c| format.parse(c).is_some()))
    });
    let patterns: Vec<String> = patterns.map(|p| (*p).to_owned()).collect();
    if !patterns.is_empty() {
        return Guess::Date(patterns);
    }
    if all(&|c| parse_decimal(c, &numbers).is_ok()) {
        return Guess::Number;
    }
    if all(&|c| parse_percent(c, &numbers).is_ok()) {
        return Guess::Percent;
    }
    if all(&|c| parse_duration(c, &numbers).is_ok()) {
        return Guess::Duration;
    }
    let is_bool = |c: &str| matches!(c.to_ascii_lowercase().as_str(), "true" | "false");
    if all(&is_bool) { Guess::Bool } else { Guess::Text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<(char, u64, char, Option<char>), String> {
        let found = sniff(text.as_bytes(), Cut::Whole, Known::default())?;
        let NumberFormat { decimal, thousands } = found.numbers;
        Ok((char::from(found.delimiter), found.skip, decimal, thousands))
    }

    #[test]
    fn dialects() {
        assert_eq!(of("a,b\n1.5,x\n"), Ok((',', 0, '.', None)));
        assert_eq!(of("a;b\n1,5;x\n2,25;y\n"), Ok((';', 0, ',', None)));
        assert_eq!(
            of("Title\n\nday\tcost\n2026-06-01\t\"1,234.50\"\n"),
            Ok(('\t', 2, '.', Some(',')))
        );
        assert_eq!(of("a;b\n1.234.567;x\n"), Ok((';', 0, ',', Some('.'))));
        assert_eq!(of("a|b\n\"x\ny\"|2\n"), Ok(('|', 0, '.', None)));
        assert_eq!(of("a,b\n\"1,234\",0.5\n"), Ok((',', 0, '.', Some(','))));
    }

    #[test]
    fn what_may_be_two_things_is_neither() {
        assert!(of("a,b\n\"1,234\",x\n").unwrap_err().contains("1,234"));
        assert!(of("a;b,c\n1;2,3\n").unwrap_err().starts_with("its fields may be parted by"));
        assert!(of("a;b\n1.5;2,5\n").unwrap_err().contains("two ways"));
        assert!(of("one\ntwo\n").is_err());
        assert!(
            sniff(b"a,b\n\xE9,1\n", Cut::Whole, Known::default()).unwrap_err().contains("byte 5")
        );
    }

    #[test]
    fn types() {
        let text = "d,e,n,p,t,ok,x\n01/02/2026,2026-06-01,1,5%,00:01:00,true,a\n\
                    13/02/2026,2026-06-02,2,6%,00:00:01,false,\n";
        let found = sniff(text.as_bytes(), Cut::Whole, Known::default()).unwrap();
        let guesses: Vec<Guess> = found.columns.into_iter().map(|c| c.guess).collect();
        let date = Guess::Date(vec!["%d/%m/%Y".to_owned()]);
        let expected = [
            date,
            Guess::IsoDate,
            Guess::Number,
            Guess::Percent,
            Guess::Duration,
            Guess::Bool,
            Guess::Text,
        ];
        assert_eq!(guesses, expected);
    }

    #[test]
    fn a_cut_file_loses_its_last_line() {
        let found = sniff("a,b\n1,é\n2,\"é".as_bytes(), Cut::More, Known::default()).unwrap();
        assert_eq!(found.columns.len(), 2);
    }
}
