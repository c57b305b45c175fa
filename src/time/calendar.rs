//! The two calendars: how a day is named, how long months are.

use std::fmt;
use std::sync::LazyLock;

use icu_calendar::cal::Persian;
use icu_calendar::types::RataDie;

use super::date::{Date, days_from_civil, gregorian_leap, gregorian_month_length};

/// How days are named: which years, months and leap years there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CalendarKind {
    /// The civil calendar of most countries.
    #[default]
    Gregorian,
    /// Solar Hijri, the civil calendar of Iran: twelve months from Farvardin, near 21 March.
    Persian,
}

/// A day that is not in its calendar. It prints as the sentence that says why.
///
/// ```
/// use sanjeh::time::CalendarKind;
/// let bad = CalendarKind::Gregorian.day(2026, 2, 30).unwrap_err();
/// assert_eq!(bad.to_string(), "February 2026 has 28 days");
/// assert_eq!(bad.nearest, (2026, 2, 28));
/// let bad = CalendarKind::Persian.day(1404, 12, 30).unwrap_err();
/// assert_eq!(bad.to_string(), "1404 is not a leap year and its last month has 29 days");
/// assert_eq!(bad.nearest, (1404, 12, 29));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadDay {
    /// What is wrong.
    pub problem: BadDayProblem,
    /// Year, month and day of the nearest real day, in the same calendar.
    pub nearest: (i32, u32, u32),
}

/// Why a day is not in its calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadDayProblem {
    /// The year is not in 1..=9999.
    Year,
    /// The month is not in 1..=12.
    Month,
    /// The day is 0.
    DayZero,
    /// The day is past the end of the month.
    MonthLength {
        /// The calendar that names the month.
        kind: CalendarKind,
        /// The year of the month.
        year: i32,
        /// The month, from 1.
        month: u32,
        /// How many days it has.
        length: u32,
    },
    /// The 30th of Esfand in a year that is not a leap year.
    NotLeap {
        /// That year.
        year: i32,
    },
}

impl fmt::Display for BadDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problem {
            BadDayProblem::Year => write!(f, "years run from 1 to 9999"),
            BadDayProblem::Month => write!(f, "months run from 1 to 12"),
            BadDayProblem::DayZero => write!(f, "the days of a month are counted from 1"),
            BadDayProblem::MonthLength { kind, year, month, length } => {
                let name = kind.month_name(month);
                let (first, rest) = name.split_at(1);
                write!(f, "{}{rest} {year} has {length} days", first.to_ascii_uppercase())
            }
            BadDayProblem::NotLeap { year } => {
                write!(f, "{year} is not a leap year and its last month has 29 days")
            }
        }
    }
}

impl std::error::Error for BadDay {}

const GREGORIAN_MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const PERSIAN_MONTHS: [&str; 12] = [
    "farvardin",
    "ordibehesht",
    "khordad",
    "tir",
    "mordad",
    "shahrivar",
    "mehr",
    "aban",
    "azar",
    "dey",
    "bahman",
    "esfand",
];

impl CalendarKind {
    /// `gregorian` or `persian`, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Gregorian, Self::Persian]
            .into_iter()
            .find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// The word for it in a spec.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gregorian => "gregorian",
            Self::Persian => "persian",
        }
    }

    /// The calendar that a day's year tells: 1200 to 1599 is Solar Hijri, 1900 to 2199 Gregorian,
    /// any other year none.
    pub fn year_of_literal(year: i32) -> Option<Self> {
        match year {
            1200..=1599 => Some(Self::Persian),
            1900..=2199 => Some(Self::Gregorian),
            _ => None,
        }
    }

    /// The day of that year, month and day of the month.
    pub fn day(self, year: i32, month: u32, day: u32) -> Result<Date, BadDay> {
        let near_day = day.max(1);
        if !(1..=9999).contains(&year) {
            let nearest = (year.clamp(1, 9999), month.clamp(1, 12), near_day.min(28));
            return Err(BadDay { problem: BadDayProblem::Year, nearest });
        }
        if !(1..=12).contains(&month) {
            let month = month.clamp(1, 12);
            let nearest = (year, month, near_day.min(self.month_length(year, month)));
            return Err(BadDay { problem: BadDayProblem::Month, nearest });
        }
        if day == 0 {
            return Err(BadDay { problem: BadDayProblem::DayZero, nearest: (year, month, 1) });
        }
        let length = self.month_length(year, month);
        if day > length {
            let problem = if self == Self::Persian && month == 12 && day == 30 {
                BadDayProblem::NotLeap { year }
            } else {
                BadDayProblem::MonthLength { kind: self, year, month, length }
            };
            return Err(BadDay { problem, nearest: (year, month, length) });
        }
        Ok(self.first_of_month(year, month).plus(day as i32 - 1))
    }

    /// The first day of a month, whatever the year: periods may lie beyond the years of days.
    pub(super) fn first_of_month(self, year: i32, month: u32) -> Date {
        Date::from_days(match self {
            Self::Gregorian => days_from_civil(year, month, 1),
            Self::Persian => {
                let before = if month <= 7 { 31 * (month - 1) } else { 30 * (month - 1) + 6 };
                nowruz(year) + before as i32
            }
        })
    }

    /// Year, month (from 1) and day of the month.
    pub fn ymd(self, date: Date) -> (i32, u32, u32) {
        match self {
            Self::Gregorian => date.ymd(),
            Self::Persian => {
                let year = persian_year(date.days());
                let day = (date.days() - nowruz(year)) as u32;
                if day < 186 {
                    (year, day / 31 + 1, day % 31 + 1)
                } else {
                    (year, (day - 6) / 30 + 1, (day - 6) % 30 + 1)
                }
            }
        }
    }

    /// How many days a month has; `month` from 1 to 12.
    pub fn month_length(self, year: i32, month: u32) -> u32 {
        match self {
            Self::Gregorian => gregorian_month_length(year, month),
            Self::Persian => match month {
                1..=6 => 31,
                12 if !self.is_leap(year) => 29,
                _ => 30,
            },
        }
    }

    /// Whether the year has 366 days.
    pub fn is_leap(self, year: i32) -> bool {
        match self {
            Self::Gregorian => gregorian_leap(year),
            Self::Persian => nowruz(year + 1) - nowruz(year) == 366,
        }
    }

    /// The month's English name in lower case: `april`, `farvardin`; `month` from 1 to 12.
    pub fn month_name(self, month: u32) -> &'static str {
        self.month_names()[(month as usize).clamp(1, 12) - 1]
    }

    /// The month of that English name, in any case, from 1.
    pub fn month_from_name(self, name: &str) -> Option<u32> {
        let at = self.month_names().iter().position(|month| month.eq_ignore_ascii_case(name))?;
        Some(at as u32 + 1)
    }

    /// The English names of the months, in lower case.
    pub fn month_names(self) -> &'static [&'static str; 12] {
        match self {
            Self::Gregorian => &GREGORIAN_MONTHS,
            Self::Persian => &PERSIAN_MONTHS,
        }
    }
}

/// The Solar Hijri years whose first day is kept in a table; others are computed.
const TABLE: std::ops::RangeInclusive<i32> = 1150..=1650;

/// 1 Farvardin of each year of [`TABLE`], in days since 1970-01-01.
static NOWRUZ: LazyLock<Vec<i32>> = LazyLock::new(|| TABLE.map(compute_nowruz).collect());

/// The first day of a Solar Hijri year, in days since 1970-01-01.
fn nowruz(year: i32) -> i32 {
    if TABLE.contains(&year) {
        NOWRUZ[(year - TABLE.start()) as usize]
    } else {
        compute_nowruz(year)
    }
}

fn compute_nowruz(year: i32) -> i32 {
    let day = icu_calendar::Date::try_new_persian(year.clamp(-9999, 9999), 1, 1)
        .expect("1 Farvardin is in every year");
    (day.to_rata_die() - EPOCH) as i32
}

/// 1970-01-01 as a fixed day.
const EPOCH: RataDie = RataDie::new(719_163);

/// The Solar Hijri year that holds a day.
fn persian_year(days: i32) -> i32 {
    let first = nowruz(*TABLE.start());
    let last = nowruz(*TABLE.end());
    if (first..last).contains(&days) {
        // The mean year is 365.2424 days, so the guess is off by one at most.
        let guess = TABLE.start() + ((days - first) as i64 * 10_000 / 3_652_424) as i32;
        let guess = guess.min(*TABLE.end());
        if nowruz(guess) > days {
            guess - 1
        } else if nowruz(guess + 1) <= days {
            guess + 1
        } else {
            guess
        }
    } else {
        icu_calendar::Date::from_rata_die(EPOCH + i64::from(days), Persian).era_year().year
    }
}
