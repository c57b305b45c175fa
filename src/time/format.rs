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
    /// Whichever fits, the first.
    Any(Vec<DateFormat>),
}

/// Why a text is not a date of the format. It prints as words for the middle of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateProblem {
    /// The text does not match.
    Shape,
    /// The year belongs to the other calendar, or is out of reach: 1900 to 2199, Solar Hijri 1200
    /// to 1599.
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
            Self::Year { year, kind: CalendarKind::Gregorian } if !(1200..=1599).contains(year) => {
                write!(f, "the year {year} is not one of 1900 to 2199")
            }
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
        let layout =
            if items.iter().map(fields).eq(dense) { Layout::Dense } else { Layout::Items(items) };
        Ok(Self { layout, kind })
    }

    /// The ISO forms, which need no pattern: `2026-06-01`, and with a time `2026-06-01T12:30`,
    /// `2026-06-01 12:30:00`, `2026-06-01T12:30:00.250`, each also with `Z`, `+03:30`, `+0330`,
    /// `+03` or ` UTC`.
    pub fn iso() -> Self {
        Self { layout: Layout::Iso, kind: CalendarKind::Gregorian }
    }

    /// Whichever of these fits, tried in their order: no text should fit two of them as two days.
    ///
    /// ```
    /// use sanjeh::time::{CalendarKind, DateFormat};
    /// let compact = DateFormat::new("%Y%m%d", CalendarKind::Gregorian).unwrap();
    /// let either = DateFormat::any_of(vec![compact, DateFormat::iso()]);
    /// assert_eq!(either.parse("20260601"), either.parse("2026-06-01"));
    /// ```
    pub fn any_of(formats: Vec<Self>) -> Self {
        Self { layout: Layout::Any(formats), kind: CalendarKind::Gregorian }
    }

    /// The moment that the whole text names; none where it names none.
    pub fn parse(&self, text: &str) -> Option<Moment> {
        self.read(text).ok()
    }

    /// As [`Self::parse`], with the reason where there is none.
    pub fn read(&self, text: &str) -> Result<Moment, DateProblem> {
        let text = text.trim_matches(is_space);
        let moment = if text.is_ascii() {
            self.read_ascii(text.as_bytes())?
        } else {
            self.read_ascii(plain_digits(text).as_bytes())?
        };
        // A typing slip such as 9999 would stretch the days of a source over millennia.
        let (year, ..) = moment.date.ymd();
        if self.kind == CalendarKind::Gregorian && !(1900..=2199).contains(&year) {
            return Err(DateProblem::Year { year, kind: self.kind });
        }
        Ok(moment)
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
            Layout::Any(formats) => {
                let mut problem = DateProblem::Shape;
                for format in formats {
                    match format.read_ascii(text) {
                        Ok(moment) => return Ok(moment),
                        Err(other) if problem == DateProblem::Shape => problem = other,
                        Err(_) => {}
                    }
                }
                Err(problem)
            }
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
pub(super) fn plain_digits(text: &str) -> Cow<'_, str> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What the format reads: the day, then the time of day and the offset in seconds.
    fn read(pattern: &str, kind: CalendarKind, text: &str) -> String {
        let format = match pattern {
            "" => DateFormat::iso(),
            _ => DateFormat::new(pattern, kind).unwrap(),
        };
        let shown = match format.read(text) {
            Ok(Moment { date, seconds, offset }) => {
                let part = |mark, value: Option<i64>| value.map(|v| format!(" {mark}{v}"));
                let time = part('@', seconds.map(i64::from)).unwrap_or_default();
                format!("{date}{time}{}", part('z', offset.map(i64::from)).unwrap_or_default())
            }
            Err(problem) => format!("! {problem}"),
        };
        assert_eq!(format.parse(text).is_none(), shown.starts_with('!'));
        shown
    }

    fn gregorian(pattern: &str, text: &str) -> String {
        read(pattern, CalendarKind::Gregorian, text)
    }

    const SHAPE: &str = "! it does not match the date's format";

    #[test]
    fn iso_forms() {
        for (text, expected) in [
            ("2026-06-01", "2026-06-01"),
            (" 2026-06-01 ", "2026-06-01"),
            ("2026-06-01T00:00:00", "2026-06-01 @0"),
            ("2026-06-01T12:30:00", "2026-06-01 @45000"),
            ("2026-06-01 12:30", "2026-06-01 @45000"),
            ("2026-06-01 12:30:15.250", "2026-06-01 @45015"),
            ("2026-06-01 23:59:59,999999", "2026-06-01 @86399"),
            ("2026-06-01T12:30Z", "2026-06-01 @45000 z0"),
            ("2026-06-01T12:30:00+03:30", "2026-06-01 @45000 z12600"),
            ("2026-06-01T12:30:00-0800", "2026-06-01 @45000 z-28800"),
            ("2026-06-01 12:30:00 +02", "2026-06-01 @45000 z7200"),
            ("2026-06-01 12:30:00 UTC", "2026-06-01 @45000 z0"),
            ("۲۰۲۶-۰۶-۰۱", "2026-06-01"),
            ("٢٠٢٦-٠٦-٠١", "2026-06-01"),
            ("9999-12-31", "! the year 9999 is not one of 1900 to 2199"),
            ("2026-06-31", "! June 2026 has 30 days"),
            ("2026-13-01", "! months run from 1 to 12"),
            ("1405-01-01", "! 1405 looks like a Solar Hijri year, read by `as jalali`"),
            ("2026-06-01 24:00", "! there is no such time of day or offset"),
            ("2026-06-01 12:60", "! there is no such time of day or offset"),
            ("2026-06-01 12:30:60", "! there is no such time of day or offset"),
            ("2026-6-1", SHAPE),
            ("20260601", SHAPE),
            ("2026-06-01T", SHAPE),
            ("2026-06-01T12", SHAPE),
            ("2026-06-01T12:30:", SHAPE),
            ("2026-06-01T12:30:00.", SHAPE),
            ("2026-06-01T12:30:00X", SHAPE),
            ("2026-06-01T12:30:00+19:00", SHAPE),
            ("2026-06-01T12:30:00+03:3", SHAPE),
            ("2026-06-01x", SHAPE),
            ("01.06.2026", SHAPE),
            ("", SHAPE),
            ("تاریخ", SHAPE),
        ] {
            assert_eq!(gregorian("", text), expected, "{text}");
        }
    }

    #[test]
    fn patterns_of_numbers() {
        for (pattern, text, expected) in [
            ("%Y%m%d", "20260601", "2026-06-01"),
            ("%Y%m%d", " ۲۰۲۶۰۶۰۱", "2026-06-01"),
            ("%Y%m%d", "2026061", SHAPE),
            ("%Y%m%d", "202606011", SHAPE),
            ("%Y%m%d", "2026-06-01", SHAPE),
            ("%Y%m%d", "20260631", "! June 2026 has 30 days"),
            ("%d%m%Y", "01062026", "2026-06-01"),
            ("%d%m%Y", "1062026", SHAPE),
            ("%Y%m", "202606", "2026-06-01"),
            ("%Y%m", "20266", SHAPE),
            ("%Y-%m", "2026-6", "2026-06-01"),
            ("%Y", "2026", "2026-01-01"),
            ("%m/%d/%Y", "6/1/2026", "2026-06-01"),
            ("%m/%d/%Y", "06/01/2026", "2026-06-01"),
            ("%-m/%-d/%Y", "6/1/2026", "2026-06-01"),
            ("%m/%d/%Y", "13/1/2026", "! months run from 1 to 12"),
            ("%m/%d/%Y", "6/1/26", SHAPE),
            ("%m/%d/%y", "6/1/26", "2026-06-01"),
            ("%m/%d/%y", "6/1/69", "1969-06-01"),
            ("%d.%m.%Y", "1.6.2026", "2026-06-01"),
            ("%Y-%j", "2026-152", "2026-06-01"),
            ("%Y-%j", "2026-366", "! the year has no such day"),
            ("%Y-%j", "2024-366", "2024-12-31"),
            ("%Y%j", "2026001", "2026-01-01"),
            ("%Y%j", "20261", SHAPE),
            ("%Y%m%d%H", "2026060113", "2026-06-01 @46800"),
            ("%Y%m%d%H%M%S", "20260601130501", "2026-06-01 @47101"),
            ("%Y-%m-%d %H:%M:%S.%f", "2026-06-01 13:05:01.5", "2026-06-01 @47101"),
            ("%F %T", "2026-06-01 13:05:01", "2026-06-01 @47101"),
            ("%F %R", "2026-06-01 9:05", "2026-06-01 @32700"),
            ("%F %H", "2026-06-01 24", "! there is no such time of day or offset"),
            ("%F %T%z", "2026-06-01 13:05:01+0330", "2026-06-01 @47101 z12600"),
            ("%F %T %z", "2026-06-01 13:05:01 Z", "2026-06-01 @47101 z0"),
            ("%F%%", "2026-06-01%", "2026-06-01"),
            ("ads-%Y-%m.csv", "ads-2026-06.csv", "2026-06-01"),
            ("ads-%Y-%m.csv", "ads-2026-06.tsv", SHAPE),
            ("%Y/%m/%d", "1405/01/01", "! 1405 looks like a Solar Hijri year, read by `as jalali`"),
        ] {
            assert_eq!(gregorian(pattern, text), expected, "{text} as {pattern}");
        }
    }

    #[test]
    fn patterns_of_words() {
        for (pattern, text, expected) in [
            ("%b %d, %Y", "Jun 1, 2026", "2026-06-01"),
            ("%b %d, %Y", "JUN 01, 2026", "2026-06-01"),
            ("%b %e, %Y", "Jun  1, 2026", "2026-06-01"),
            ("%d %B %Y", "1 june 2026", "2026-06-01"),
            ("%d %b %Y", "1 Sept 2026", "2026-09-01"),
            ("%d %b %Y", "1 Sep 2026", "2026-09-01"),
            ("%d %b %Y", "1 Juni 2026", SHAPE),
            ("%A, %B %d, %Y", "Monday, June 1, 2026", "2026-06-01"),
            ("%a %d %b %Y", "mon 1 jun 2026", "2026-06-01"),
            ("%a %d %b %Y", "Tue 1 Jun 2026", "! that date is a monday"),
            ("%Y-%m-%d %I:%M %p", "2026-06-01 12:05 AM", "2026-06-01 @300"),
            ("%Y-%m-%d %I:%M %p", "2026-06-01 12:05 pm", "2026-06-01 @43500"),
            ("%Y-%m-%d %I:%M %p", "2026-06-01 1:05 p.m.", "2026-06-01 @47100"),
            ("%Y-%m-%d %I %p", "2026-06-01 13 PM", "! there is no such time of day or offset"),
            ("%Y-%m-%d %I %p", "2026-06-01 0 AM", "! there is no such time of day or offset"),
            ("%b %Y", "May 2026", "2026-05-01"),
            ("week of %F", "Week of 2026-06-01", "2026-06-01"),
        ] {
            assert_eq!(gregorian(pattern, text), expected, "{text} as {pattern}");
        }
    }

    #[test]
    fn solar_dates() {
        for (pattern, text, expected) in [
            ("%Y/%m/%d", "1403/05/12", "2024-08-02"),
            ("%Y/%m/%d", "۱۴۰۳/۵/۱۲", "2024-08-02"),
            ("%Y-%m-%d", "۱۴۰۳-۰۵-۱۲", "2024-08-02"),
            ("%Y%m%d", "14030512", "2024-08-02"),
            ("%y/%m/%d", "03/05/12", "2024-08-02"),
            ("%y/%m/%d", "99/12/30", "2021-03-20"),
            ("%d %B %Y", "12 مرداد 1403", "2024-08-02"),
            ("%d %B %Y", "۱۰ دي ۱۴۰۳", "2024-12-30"),
            ("%d %B %Y", "12 Mordad 1403", "2024-08-02"),
            ("%Y/%j", "1403/366", "2025-03-20"),
            ("%Y/%j", "1404/366", "! the year has no such day"),
            ("%Y/%m/%d", "1404/12/30", "! 1404 is not a leap year and its last month has 29 days"),
            ("%Y/%m/%d", "1403/07/31", "! Mehr 1403 has 30 days"),
            ("%Y/%m/%d", "2024/08/02", "! 2024 is not a Solar Hijri year (1200 to 1599)"),
            ("%d %B %Y", "12 August 1403", SHAPE),
        ] {
            assert_eq!(read(pattern, CalendarKind::Persian, text), expected, "{text}");
        }
    }

    #[test]
    fn every_day_reads_back() {
        let forms = ["%Y%m%d", "%Y-%m-%d", "%d/%m/%Y"];
        for kind in [CalendarKind::Gregorian, CalendarKind::Persian] {
            let formats = forms.map(|form| DateFormat::new(form, kind).unwrap());
            for day in (-3_653..84_006).step_by(7).map(Date::from_days) {
                let (y, m, d) = kind.ymd(day);
                let texts = [
                    format!("{y:04}{m:02}{d:02}"),
                    format!("{y:04}-{m:02}-{d:02}"),
                    format!("{d}/{m}/{y}"),
                ];
                for (format, text) in formats.iter().zip(&texts) {
                    assert_eq!(format.parse(text).map(|moment| moment.date), Some(day), "{text}");
                }
            }
        }
    }

    #[test]
    fn patterns_that_are_refused() {
        for (pattern, message) in [
            ("", "the pattern has no year, write `%Y`"),
            ("%m-%d", "the pattern has no year, write `%Y`"),
            ("%Y-%d", "the pattern has a day without a month, write `%m`"),
            ("%Y-%m-%m", "the pattern has the month twice"),
            ("%Y %b %m", "the pattern has the month twice"),
            ("%Y-%m %j", "the day of the year (`%j`) excludes the month"),
            ("%F %M", "the pattern has minutes without an hour, write `%H`"),
            ("%F %H %S", "the pattern has seconds without minutes, write `%M`"),
            ("%F %z", "the pattern has an offset without an hour, write `%H`"),
            ("%F %I:%M", "`%I` (12 hours) and `%p` (am or pm) go together; 24 hours are `%H`"),
            ("%F %H %p", "`%I` (12 hours) and `%p` (am or pm) go together; 24 hours are `%H`"),
            ("%F %T %Z", "`%Z` is not read: names of zones are ambiguous, `%z` reads offsets"),
            ("%Y-%m-%d%", "`%` ends the pattern; write `%%` for a percent sign"),
        ] {
            let bad = DateFormat::new(pattern, CalendarKind::Gregorian).unwrap_err();
            assert_eq!(bad.to_string(), message, "{pattern}");
        }
        let bad = DateFormat::new("%Q-%Y", CalendarKind::Gregorian).unwrap_err();
        assert!(bad.to_string().starts_with("`%Q` is not a known directive"));
        assert_eq!(bad.directive.as_deref(), Some("%Q"));
    }

    #[test]
    fn what_a_text_stands_for() {
        for (pattern, grain) in [
            ("%Y%m%d", Grain::Day),
            ("%F %T", Grain::Day),
            ("%Y-%j", Grain::Day),
            ("%b %Y", Grain::Month),
            ("%Y%m", Grain::Month),
            ("%Y", Grain::Year),
        ] {
            let format = DateFormat::new(pattern, CalendarKind::Gregorian).unwrap();
            assert_eq!(format.grain(), grain, "{pattern}");
        }
        assert_eq!(DateFormat::iso().grain(), Grain::Day);
    }
}
