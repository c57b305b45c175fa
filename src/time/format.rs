//! Reading dates and times from the text of a cell.

use std::borrow::Cow;
use std::fmt;

use super::calendar::{BadDay, CalendarKind};
use super::date::{Date, Weekday, digits};
use super::iso;
use super::pattern::{BadPattern, Field, Fields, Item, compile};
use super::period::Grain;

/// A day, with the time of day and the offset where the text has them.
///
/// Nothing is shifted: `date` and `seconds` are as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// Whole seconds since midnight, 0 to 86399; none where the text has no time of day.
    pub seconds: Option<u32>,
    /// Seconds east of UTC; none where the text has no offset.
    pub offset: Option<i32>,
}

/// How the dates of a column are written.
///
/// The directives of a pattern are those of `strftime`:
///
/// | directive | reads |
/// |---|---|
/// | `%Y` | the year, four digits |
/// | `%y` | two digits: 1969 to 2068; Solar Hijri 1350 to 1449 |
/// | `%m` `%d` `%H` `%I` `%M` `%S` | one or two digits, two where it touches another number |
/// | `%e` | as `%d`, with a space for a first digit |
/// | `%j` | the day of the year, one to three digits, three where it touches another number |
/// | `%b` `%B` | a month's English name, short or long; Solar Hijri months long, or in Persian |
/// | `%a` `%A` | a day's English name, short or long; it must be the right one |
/// | `%p` | `am` or `pm`, with `%I` |
/// | `%f` | digits of a fraction of a second, dropped |
/// | `%z` | `Z`, `+0330`, `+03:30` or `+03` |
/// | `%F` `%T` `%R` | `%Y-%m-%d`, `%H:%M:%S`, `%H:%M` |
/// | `%%` | a percent sign |
///
/// A flag such as in `%-d` changes nothing. Other text stands for itself. The whole text must
/// match, spaces around it aside. Case of letters does not matter, and Persian and Arabic-Indic
/// digits are read as ASCII ones. A pattern without a day stands for the first of the month, one
/// without a month for the first of the year (see [`Self::grain`]).
///
/// ```
/// use sanjeh::time::{CalendarKind, DateFormat};
/// let format = DateFormat::new("%Y%m%d", CalendarKind::Gregorian).unwrap();
/// assert_eq!(format.parse("20260601").unwrap().date.to_string(), "2026-06-01");
/// assert_eq!(format.parse("20260631"), None);
///
/// let solar = DateFormat::new("%Y/%m/%d", CalendarKind::Persian).unwrap();
/// assert_eq!(solar.parse("۱۴۰۵/۱/۱").unwrap().date.to_string(), "2026-03-21");
///
/// let moment = DateFormat::iso().parse("2026-06-01 12:30+03:30").unwrap();
/// assert_eq!((moment.seconds, moment.offset), (Some(45_000), Some(12_600)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFormat {
    layout: Layout,
    kind: CalendarKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Layout {
    /// The ISO forms, day or timestamp.
    Iso,
    /// `%Y%m%d`, which many exports write, read without the walk over items.
    Dense,
    Items(Vec<Item>),
}

/// Why a text is not a date of the format. It prints as words for the middle of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateProblem {
    /// The text does not match.
    Shape,
    /// The year belongs to the other calendar.
    Year {
        /// The year in the text.
        year: i32,
        /// The calendar that the format reads.
        kind: CalendarKind,
    },
    /// There is no such day.
    Day(BadDay),
    /// The day of the year is 0 or past the year's end.
    DayOfYear,
    /// An hour, minute or second, or an offset, out of range.
    Time,
    /// The date falls on another day of the week.
    Weekday(Weekday),
}

impl fmt::Display for DateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape => f.write_str("it does not match the date's format"),
            Self::Year { year, kind: CalendarKind::Gregorian } => {
                write!(f, "{year} looks like a Solar Hijri year, read by `as jalali`")
            }
            Self::Year { year, kind: CalendarKind::Persian } => {
                write!(f, "{year} is not a Solar Hijri year (1200 to 1599)")
            }
            Self::Day(bad) => bad.fmt(f),
            Self::DayOfYear => f.write_str("the year has no such day"),
            Self::Time => f.write_str("there is no such time of day or offset"),
            Self::Weekday(day) => write!(f, "that date is a {}", day.name()),
        }
    }
}

impl std::error::Error for DateProblem {}

impl DateFormat {
    /// Compiles a pattern; years, months and days are those of `kind`.
    pub fn new(pattern: &str, kind: CalendarKind) -> Result<Self, BadPattern> {
        let pattern = plain_digits(pattern.trim_matches(is_space));
        let items = compile(&pattern)?;
        let fields = |item: &Item| match item {
            Item::Field(field, _) => Some(*field),
            Item::Literal(_) => None,
        };
        let dense = [Some(Field::Year), Some(Field::Month), Some(Field::Day)];
        let layout = if items.iter().map(fields).eq(dense) {
            Layout::Dense
        } else {
            Layout::Items(items)
        };
        Ok(Self { layout, kind })
    }

    /// The ISO forms, which need no pattern: `2026-06-01`, and with a time `2026-06-01T12:30`,
    /// `2026-06-01 12:30:00`, `2026-06-01T12:30:00.250`, each also with `Z`, `+03:30`, `+0330`,
    /// `+03` or ` UTC`.
    pub fn iso() -> Self {
        Self { layout: Layout::Iso, kind: CalendarKind::Gregorian }
    }

    /// The moment that the whole text names; none where it names none.
    pub fn parse(&self, text: &str) -> Option<Moment> {
        self.read(text).ok()
    }

    /// As [`Self::parse`], with the reason where there is none.
    pub fn read(&self, text: &str) -> Result<Moment, DateProblem> {
        let text = text.trim_matches(is_space);
        if text.is_ascii() {
            return self.read_ascii(text.as_bytes());
        }
        self.read_ascii(plain_digits(text).as_bytes())
    }

    /// What one text of the format stands for: a day, a month where it has no day, a year where it
    /// has no month either.
    pub fn grain(&self) -> Grain {
        let Layout::Items(items) = &self.layout else {
            return Grain::Day;
        };
        let has = |wanted: Field| {
            items.iter().any(|item| matches!(item, Item::Field(field, _) if *field == wanted))
        };
        if has(Field::Day) || has(Field::DayOfYear) {
            Grain::Day
        } else if has(Field::Month) || has(Field::MonthName) {
            Grain::Month
        } else {
            Grain::Year
        }
    }

    fn read_ascii(&self, text: &[u8]) -> Result<Moment, DateProblem> {
        match &self.layout {
            Layout::Iso => iso::read(text),
            Layout::Dense => {
                let [y1, y2, y3, y4, m1, m2, d1, d2] = *text else {
                    return Err(DateProblem::Shape);
                };
                let part = |bytes: &[u8]| digits(bytes).ok_or(DateProblem::Shape);
                let year = part(&[y1, y2, y3, y4])? as i32;
                let date = day(self.kind, year, part(&[m1, m2])?, part(&[d1, d2])?)?;
                Ok(Moment { date, seconds: None, offset: None })
            }
            Layout::Items(items) => {
                let mut fields = Fields::default();
                fields.read(items, text, self.kind).ok_or(DateProblem::Shape)?;
                fields.moment(self.kind)
            }
        }
    }
}

/// The day, unless its year is one of the other calendar: `1403/05/12` read as a Gregorian year
/// would be six centuries off without an error.
pub(super) fn day(
    kind: CalendarKind,
    year: i32,
    month: u32,
    day: u32,
) -> Result<Date, DateProblem> {
    let solar = (1200..=1599).contains(&year);
    if solar != (kind == CalendarKind::Persian) {
        return Err(DateProblem::Year { year, kind });
    }
    kind.day(year, month, day).map_err(DateProblem::Day)
}

/// Space that may stand around a date: ASCII, no-break, and the invisible marks of direction.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}' | '\u{202f}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
}

/// Persian and Arabic-Indic digits as ASCII ones, Arabic yeh and kaf as Persian ones, so that the
/// names of months meet.
fn plain_digits(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let plain = |c: char| match c {
        '۰'..='۹' => char::from(b'0' + (c as u32 - '۰' as u32) as u8),
        '٠'..='٩' => char::from(b'0' + (c as u32 - '٠' as u32) as u8),
        'ي' | 'ى' => 'ی',
        'ك' => 'ک',
        _ => c,
    };
    Cow::Owned(text.chars().map(plain).collect())
}
