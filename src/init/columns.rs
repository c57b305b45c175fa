//! What the columns of a table hold.

use super::dates::{self, DateGuess};
use super::table::Table;
use crate::value::{Currency, NumberFormat, parse_decimal, parse_money, parse_percent};

/// What a column holds.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Date(DateGuess),
    /// Whole numbers that are not negative.
    Count,
    Number,
    Percent,
    Money(Currency),
    Bool,
    Id,
    Text,
}

/// What is known of a table's cells.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) kinds: Vec<Kind>,
    pub(super) numbers: NumberFormat,
    /// A number that could be read in two ways, where one could.
    pub(super) doubt: Option<String>,
    /// Cells of columns of numbers that mean nothing.
    pub(super) nulls: Vec<&'static str>,
}

/// Cells that say that there is nothing.
const NULLS: [&str; 9] = ["-", "--", "—", "n/a", "N/A", "NA", "null", "NULL", "#N/A"];

/// Ways to write numbers: the decimal sign, and what parts thousands. Of two that fit equally
/// well the earlier one is taken.
const FORMATS: [(char, Option<char>); 8] = [
    ('.', None),
    ('.', Some(',')),
    (',', None),
    (',', Some('.')),
    (',', Some(' ')),
    ('.', Some(' ')),
    ('.', Some('\'')),
    ('٫', Some('٬')),
];

/// Whether a cell is a number or a date: no header is.
pub(super) fn is_value(cell: &str) -> bool {
    let cell = cell.trim();
    let number = |&(decimal, thousands): &(char, Option<char>)| {
        let format = NumberFormat { decimal, thousands };
        parse_money(cell, &format, None).is_ok() || parse_percent(cell, &format).is_ok()
    };
    FORMATS.iter().any(number) || dates::guess([cell].into_iter()).is_some()
}

/// Finds out what the columns hold.
pub(super) fn read(table: &Table) -> Columns {
    let dates: Vec<Option<DateGuess>> =
        (0..table.width()).map(|i| dates::guess(table.column(i))).collect();
    let open: Vec<usize> = (0..table.width()).filter(|&i| dates[i].is_none()).collect();
    let (numbers, doubt) = number_format(table, &open);
    let kinds: Vec<Kind> = dates
        .into_iter()
        .enumerate()
        .map(|(i, date)| date.map_or_else(|| kind(table, i, numbers), Kind::Date))
        .collect();
    let is_number =
        |kind: &Kind| matches!(kind, Kind::Count | Kind::Number | Kind::Percent | Kind::Money(_));
    let holds = |null: &&str| {
        (0..kinds.len()).any(|i| is_number(&kinds[i]) && table.column(i).any(|c| c.trim() == *null))
    };
    let nulls = NULLS.iter().copied().filter(holds).collect();
    Columns { kinds, numbers, doubt, nulls }
}

/// The cells of a column that say something.
fn said(table: &Table, index: usize) -> impl Iterator<Item = &str> + Clone {
    table.column(index).map(str::trim).filter(|c| !c.is_empty() && !NULLS.contains(c))
}

/// The way of writing that makes most columns numbers, with a number that another way reads, too.
fn number_format(table: &Table, columns: &[usize]) -> (NumberFormat, Option<String>) {
    let mut formats = FORMATS.map(|(decimal, thousands)| NumberFormat { decimal, thousands });
    // Where `;` parts the fields, the comma is a decimal sign as a rule.
    if table.delimiter == ';' {
        formats[..4].rotate_left(2);
    }
    let fits = |format: &NumberFormat| {
        let all = |i: &&usize| amounts(table, **i, *format);
        columns.iter().filter(all).count()
    };
    let counts = formats.map(|format| fits(&format));
    let most = counts.iter().copied().max().unwrap_or(0);
    let best = counts.iter().position(|&c| c == most).unwrap_or(0);
    let chosen = formats[best];
    let rivals = || formats.iter().zip(counts).skip(best + 1).filter(|(_, c)| *c == most);
    let reads_otherwise = |cell: &&str| {
        let value = parse_money(cell, &chosen, None).ok();
        let other = |(format, _): (&NumberFormat, usize)| parse_money(cell, format, None).ok();
        value.is_some() && rivals().filter_map(other).any(|o| Some(o) != value)
    };
    let cells = columns.iter().filter(|i| amounts(table, **i, chosen));
    let doubt = cells.flat_map(|i| said(table, *i)).find(reads_otherwise);
    (chosen, doubt.map(ToOwned::to_owned))
}

/// Whether a column holds amounts, with a currency or a percent sign or without.
fn amounts(table: &Table, index: usize, format: NumberFormat) -> bool {
    let mut cells = said(table, index).peekable();
    cells.peek().is_some()
        && cells.all(|c| parse_money(c, &format, None).is_ok() || parse_percent(c, &format).is_ok())
}

fn kind(table: &Table, index: usize, format: NumberFormat) -> Kind {
    let cells = said(table, index);
    let header = table.header.as_ref().and_then(|h| h.get(index)).map_or("", String::as_str);
    if cells.clone().next().is_none() {
        return Kind::Text;
    }
    let all = |test: &dyn Fn(&str) -> bool| cells.clone().all(test);
    if all(&|c| parse_decimal(c, &format).is_ok()) {
        let padded = |c: &str| c.len() > 1 && c.starts_with('0') && !c.contains(format.decimal);
        if is_id(header) || cells.clone().any(padded) {
            return Kind::Id;
        }
        let counts = |c: &str| {
            parse_decimal(c, &format).is_ok_and(|n| n.scale() == 0)
                && !c.starts_with(['-', '−', '('])
        };
        return if all(&counts) { Kind::Count } else { Kind::Number };
    }
    if all(&|c| c.ends_with(['%', '٪']) && parse_percent(c, &format).is_ok()) {
        return Kind::Percent;
    }
    if let Some(currency) = currency(&cells, format) {
        return Kind::Money(currency);
    }
    let truth = |c: &str| ["true", "false", "yes", "no"].iter().any(|w| c.eq_ignore_ascii_case(w));
    // A null in a column of true and false is a bad cell: better a text.
    let whole = cells.clone().count() == table.rows.len();
    if whole && all(&truth) {
        return Kind::Bool;
    }
    if is_id(header) { Kind::Id } else { Kind::Text }
}

fn is_id(header: &str) -> bool {
    let lower = header.to_lowercase();
    lower == "id" || lower.ends_with("_id") || lower.ends_with(" id") || lower.starts_with("کد ")
}

/// The currency that all cells are in.
fn currency<'c>(
    cells: &(impl Iterator<Item = &'c str> + Clone),
    format: NumberFormat,
) -> Option<Currency> {
    let usual = ["USD", "EUR", "GBP", "IRR", "IRT", "TRY", "JPY"].into_iter();
    let codes = usual.chain(Currency::codes().iter().copied());
    codes
        .filter_map(Currency::from_code)
        .find(|currency| cells.clone().all(|c| parse_money(c, &format, Some(*currency)).is_ok()))
}
