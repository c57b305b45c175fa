//! The range of days that a text names: the line above a table that says what its rows stand for.

use std::fmt;

use super::calendar::CalendarKind;
use super::date::Date;
use super::format::plain_digits;
use super::pattern::month_name;

/// Why a text names no range of days. It prints as words for the middle of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRange {
    /// No day stands there, or one alone, which may be the day of the export.
    Nothing,
    /// Several ranges stand there, or more than two days in one line.
    Several,
    /// Days such as `01/02/2026`, of which nobody can tell the month.
    Ambiguous,
    /// The last day lies before the first.
    Backwards,
}

impl fmt::Display for NoRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "no range of days stands there",
            Self::Several => "several ranges of days stand there",
            Self::Ambiguous => "which of the numbers is the month cannot be told",
            Self::Backwards => "the last day lies before the first",
        })
    }
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// A number and how many digits it has.
    Number(u32, usize),
    /// Letters, in lower case.
    Word(String),
    Mark(char),
}

/// What a line names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Day(Date),
    /// Two numbers of which either may be the month, and the year.
    Either(u32, u32, u32),
    Month(Date, Date),
    Range(Date, Date),
    /// What is written as a day and is none: nothing can be said of its lines.
    NoDay,
}

/// The first and last day that the lines name together.
///
/// Read are ISO and dense days, days and months by their English names, Solar Hijri ones in
/// Persian, `31.05.2026`, and `31/05/2026` where only one of the numbers can be the month. A range
/// stands in one line, or in two of which one says `start` or `from` and the other `end` or `to`; a
/// month alone is a range.
///
/// ```
/// use sanjeh::time::named_range;
/// let shown = |text| named_range(text).map(|(a, b)| format!("{a} {b}"));
/// let may = Ok("2026-05-01 2026-05-31".to_owned());
/// assert_eq!(shown("Campaign report\n\"May 1, 2026 - May 31, 2026\""), may);
/// assert_eq!(shown("# Start date: 20260501\n# End date: 20260531"), may);
/// assert!(shown("All time").is_err());
/// ```
///
/// # Errors
/// Where they name none, or more than one.
pub fn named_range(text: &str) -> Result<(Date, Date), NoRange> {
    let lines: Vec<(Vec<Token>, Vec<Found>)> = plain_digits(text)
        .lines()
        .map(|line| {
            let tokens = tokens(line);
            let found = found(&tokens);
            (tokens, found)
        })
        .collect();
    let either = lines.iter().flat_map(|(_, f)| f).any(|f| matches!(f, Found::Either(..)));
    if !either {
        return of_lines(&lines);
    }
    let read = |order: Order| {
        let settled: Option<Vec<_>> = lines
            .iter()
            .map(|(tokens, found)| {
                let found: Option<Vec<Found>> = found.iter().map(|f| f.settle(order)).collect();
                Some((tokens.clone(), found?))
            })
            .collect();
        settled.map(|lines| of_lines(&lines))
    };
    match (read(Order::DayFirst), read(Order::MonthFirst)) {
        (Some(Ok(a)), Some(Ok(b))) if a != b => Err(NoRange::Ambiguous),
        (Some(Ok(one)), _) | (_, Some(Ok(one))) => Ok(one),
        (Some(problem), _) | (None, Some(problem)) => problem,
        (None, None) => Err(NoRange::Nothing),
    }
}

#[derive(Clone, Copy)]
enum Order {
    DayFirst,
    MonthFirst,
}

impl Found {
    fn settle(self, order: Order) -> Option<Self> {
        let Self::Either(a, b, year) = self else { return Some(self) };
        let (day, month) = match order {
            Order::DayFirst => (a, b),
            Order::MonthFirst => (b, a),
        };
        ymd(year, month, day).map(Self::Day)
    }

    fn days(self) -> Option<(Date, Date)> {
        match self {
            Self::Day(day) => Some((day, day)),
            Self::Month(first, last) | Self::Range(first, last) => Some((first, last)),
            Self::Either(..) | Self::NoDay => None,
        }
    }
}

fn of_lines(lines: &[(Vec<Token>, Vec<Found>)]) -> Result<(Date, Date), NoRange> {
    if lines.iter().any(|(_, found)| found.contains(&Found::NoDay)) {
        return Err(NoRange::Nothing);
    }
    let (mut ranges, mut months, mut starts, mut ends) = (vec![], vec![], vec![], vec![]);
    for (tokens, found) in lines {
        match found.as_slice() {
            [] => {}
            [Found::Range(first, last)] => ranges.push((*first, *last)),
            [Found::Month(first, last)] => months.push((*first, *last)),
            [Found::Day(day)] => {
                let says = |words: &[&str]| {
                    tokens
                        .iter()
                        .any(|t| matches!(t, Token::Word(w) if words.contains(&w.as_str())))
                };
                if says(&["start", "from", "begin", "begins", "since", "از", "شروع", "آغاز"])
                {
                    starts.push(*day);
                } else if says(&["end", "ends", "to", "until", "through", "تا", "پایان"]) {
                    ends.push(*day);
                }
            }
            [a, b] => {
                let (Some((first, _)), Some((_, last))) = (a.days(), b.days()) else {
                    return Err(NoRange::Several);
                };
                ranges.push((first, last));
            }
            _ => return Err(NoRange::Several),
        }
    }
    for days in [&mut starts, &mut ends] {
        days.sort_unstable();
        days.dedup();
    }
    if let ([], [first], [last]) = (ranges.as_slice(), starts.as_slice(), ends.as_slice()) {
        ranges.push((*first, *last));
    }
    let mut all = if ranges.is_empty() { months } else { ranges };
    all.sort_unstable();
    all.dedup();
    match all.as_slice() {
        [] if starts.len() > 1 || ends.len() > 1 => Err(NoRange::Several),
        [] => Err(NoRange::Nothing),
        [(first, last)] if last < first => Err(NoRange::Backwards),
        [one] => Ok(*one),
        _ => Err(NoRange::Several),
    }
}

fn tokens(line: &str) -> Vec<Token> {
    let mut all = Vec::new();
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        if c.is_ascii_digit() {
            let mut text = c.to_string();
            while let Some(d) = rest.next_if(char::is_ascii_digit) {
                text.push(d);
            }
            // A longer number than any is none that counts.
            all.push(Token::Number(text.parse().unwrap_or(u32::MAX), text.len()));
        } else if c.is_alphabetic() {
            let mut word: String = c.to_lowercase().collect();
            while let Some(d) = rest.next_if(|d| d.is_alphabetic() || *d == '\u{200C}') {
                word.extend(d.to_lowercase());
            }
            let ordinal = matches!(all.last(), Some(Token::Number(_, 1 | 2)))
                && matches!(word.as_str(), "st" | "nd" | "rd" | "th");
            if !ordinal && word != "of" {
                all.push(Token::Word(word));
            }
        } else if !c.is_whitespace() && !matches!(c, ',' | '،' | '"' | '\'') && !is_hidden(c) {
            all.push(Token::Mark(c));
        }
    }
    all
}

/// Marks of direction and the byte order mark.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The days, months and ranges of a line, in order.
fn found(tokens: &[Token]) -> Vec<Found> {
    let (mut all, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        match one(&tokens[at..]) {
            Some((found, length)) => {
                all.push(found);
                at += length;
            }
            None => at += 1,
        }
    }
    all
}

/// What begins here, and how many parts it has.
fn one(tokens: &[Token]) -> Option<(Found, usize)> {
    partial_range(tokens).or_else(|| day(tokens)).or_else(|| month(tokens))
}

fn is_dash(token: &Token) -> bool {
    match token {
        Token::Mark(c) => matches!(c, '-' | '–' | '—' | '‐' | '−' | '~'),
        Token::Word(w) => matches!(w.as_str(), "to" | "until" | "through" | "till" | "تا"),
        Token::Number(..) => false,
    }
}

/// `May 1 - 31 2026`, `May 1 - June 3 2026`, `1 - 31 May 2026`, `1 May - 3 June 2026`.
#[allow(clippy::many_single_char_names, reason = "years, months, days and marks of a pattern")]
fn partial_range(tokens: &[Token]) -> Option<(Found, usize)> {
    use Token::{Number, Word};
    let (first, last, length) = match tokens {
        [Word(m), Number(a, 1 | 2), dash, Number(b, 1 | 2), Number(y, 4), ..] if is_dash(dash) => {
            (named(*y, m, *a)?, named(*y, m, *b)?, 5)
        }
        [Word(m), Number(a, 1 | 2), dash, Word(n), Number(b, 1 | 2), Number(y, 4), ..]
            if is_dash(dash) =>
        {
            (named(*y, m, *a)?, named(*y, n, *b)?, 6)
        }
        [Number(a, 1 | 2), dash, Number(b, 1 | 2), Word(m), Number(y, 4), ..] if is_dash(dash) => {
            (named(*y, m, *a)?, named(*y, m, *b)?, 5)
        }
        [Number(a, 1 | 2), Word(m), dash, Number(b, 1 | 2), Word(n), Number(y, 4), ..]
            if is_dash(dash) =>
        {
            (named(*y, m, *a)?, named(*y, n, *b)?, 6)
        }
        _ => return None,
    };
    Some((Found::Range(first, last), length))
}

#[allow(clippy::many_single_char_names, reason = "years, months, days and marks of a pattern")]
fn day(tokens: &[Token]) -> Option<(Found, usize)> {
    use Token::{Mark, Number, Word};
    match tokens {
        [Number(y, 4), Mark(a), Number(m, 1 | 2), Mark(b), Number(d, 1 | 2), ..]
            if a == b && matches!(a, '-' | '/' | '.') =>
        {
            kind_of(*y)?;
            Some((ymd(*y, *m, *d).map_or(Found::NoDay, Found::Day), 5))
        }
        [Number(n, 8), ..] => Some((Found::Day(ymd(n / 10_000, n / 100 % 100, n % 100)?), 1)),
        [Number(d, 1 | 2), Mark('.'), Number(m, 1 | 2), Mark('.'), Number(y, 4), ..] => {
            kind_of(*y)?;
            Some((ymd(*y, *m, *d).map_or(Found::NoDay, Found::Day), 5))
        }
        [Number(a, 1 | 2), Mark(s), Number(b, 1 | 2), Mark(t), Number(y, 4), ..]
            if s == t && matches!(s, '/' | '-') =>
        {
            kind_of(*y)?;
            let found = ymd(*y, *b, *a).or(ymd(*y, *a, *b));
            Some((found.map_or(Found::NoDay, |_| Found::Either(*a, *b, *y)), 5))
        }
        [Word(m), Number(d, 1 | 2), Number(y, 4), ..]
        | [Number(d, 1 | 2), Word(m), Number(y, 4), ..] => Some((Found::Day(named(*y, m, *d)?), 3)),
        [Word(m), Mark('.'), Number(d, 1 | 2), Number(y, 4), ..]
        | [Number(d, 1 | 2), Mark('.'), Word(m), Number(y, 4), ..]
        | [Number(d, 1 | 2), Word(m), Mark('.'), Number(y, 4), ..] => {
            Some((Found::Day(named(*y, m, *d)?), 4))
        }
        _ => None,
    }
}

fn month(tokens: &[Token]) -> Option<(Found, usize)> {
    use Token::{Mark, Number, Word};
    let (kind, year, month, length) = match tokens {
        [Word(name), Number(y, 4), ..] => {
            let (kind, month) = month_of(*y, name)?;
            (kind, *y, month, 2)
        }
        [Number(y, 4), Mark('-' | '/'), Number(m, 2), ..] => (kind_of(*y)?, *y, *m, 3),
        _ => return None,
    };
    let year = i32::try_from(year).ok()?;
    let first = kind.day(year, month, 1).ok()?;
    let last = kind.day(year, month, kind.month_length(year, month)).ok()?;
    Some((Found::Month(first, last), length))
}

/// The calendar that a year is of.
fn kind_of(year: u32) -> Option<CalendarKind> {
    CalendarKind::year_of_literal(i32::try_from(year).ok()?)
}

fn ymd(year: u32, month: u32, day: u32) -> Option<Date> {
    kind_of(year)?.day(i32::try_from(year).ok()?, month, day).ok()
}

fn month_of(year: u32, name: &str) -> Option<(CalendarKind, u32)> {
    let kind = kind_of(year)?;
    let (month, rest) = month_name(name.as_bytes(), kind)?;
    rest.is_empty().then_some((kind, month))
}

fn named(year: u32, name: &str, day: u32) -> Option<Date> {
    ymd(year, month_of(year, name)?.1, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match named_range(text) {
            Ok((first, last)) => format!("{first} {last}"),
            Err(why) => format!("{why:?}"),
        }
    }

    #[test]
    fn the_lines_above_tables() {
        for (text, expected) in [
            ("Campaign report\n\"May 1, 2026 - May 31, 2026\"", "2026-05-01 2026-05-31"),
            ("# Start date: 20230322\n# End date: 20230421", "2023-03-22 2023-04-21"),
            ("# ---\n# All Web Site Data\n# 20200601-20200814\n# ---", "2020-06-01 2020-08-14"),
            ("Property\nName-Tab\n20251213-20260312", "2025-12-13 2026-03-12"),
            ("ID: 12858612_1170961\nPeriod: 20230903 - 20230909", "2023-09-03 2023-09-09"),
            ("2026-05-01 to 2026-05-31", "2026-05-01 2026-05-31"),
            ("2026-05-01..2026-05-31", "2026-05-01 2026-05-31"),
            ("2026/05/01–2026/05/31", "2026-05-01 2026-05-31"),
            ("From,2026-05-01\nTo,2026-05-31\nExported,2026-06-02", "2026-05-01 2026-05-31"),
            ("01.05.2026 - 31.05.2026", "2026-05-01 2026-05-31"),
            ("01/05/2026 - 31/05/2026", "2026-05-01 2026-05-31"),
            ("05/01/2026 - 05/31/2026", "2026-05-01 2026-05-31"),
            ("01/02/2026 - 03/04/2026", "Ambiguous"),
            ("03/03/2026 - 03/03/2026", "2026-03-03 2026-03-03"),
            ("May 1 - 31, 2026", "2026-05-01 2026-05-31"),
            ("May 15 – Jun 14, 2026", "2026-05-15 2026-06-14"),
            ("1 - 31 May 2026", "2026-05-01 2026-05-31"),
            ("1st of May 2026 until 3rd of June 2026", "2026-05-01 2026-06-03"),
            ("1 May - 3 June 2026", "2026-05-01 2026-06-03"),
            ("Report for May 2026", "2026-05-01 2026-05-31"),
            ("2026-05", "2026-05-01 2026-05-31"),
            ("January 2026 - March 2026", "2026-01-01 2026-03-31"),
            ("از ۱۴۰۵/۰۳/۰۱ تا ۱۴۰۵/۰۳/۳۱", "2026-05-22 2026-06-21"),
            ("۱ خرداد ۱۴۰۵ - ۳۱ خرداد ۱۴۰۵", "2026-05-22 2026-06-21"),
            ("خرداد ۱۴۰۵", "2026-05-22 2026-06-21"),
            ("2026-05-31 - 2026-05-01", "Backwards"),
            ("2026-05-01 - 2026-05-31\n2025-05-01 - 2025-05-31", "Several"),
            ("2026-05-01 - 2026-05-31\n2026-05-01 - 2026-05-31", "2026-05-01 2026-05-31"),
            ("2026-05-01, 2026-05-02, 2026-05-03", "Several"),
            ("Exported on 2026-06-02", "Nothing"),
            ("2026-02-30 - 2026-03-31", "Nothing"),
            ("2026-13-05 - 2026-06-30", "Nothing"),
            ("32/05/2026 - 31/06/2026", "Nothing"),
            ("31.04.2026 - 31.05.2026", "Nothing"),
            ("All time", "Nothing"),
            ("", "Nothing"),
            ("99999999999999999999", "Nothing"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
