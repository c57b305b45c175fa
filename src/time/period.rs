//! Periods, and the calendar of a project that cuts days into them.

use super::calendar::CalendarKind;
use super::date::{Date, Weekday};

/// Whether a fiscal year has the number of the calendar year it begins or ends in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NamedBy {
    /// The year it begins in.
    #[default]
    Start,
    /// The year it ends in.
    End,
}

/// What a project says about time. All periods come from it.
///
/// ```
/// use sanjeh::time::{Calendar, Date, Grain, NamedBy};
/// let fiscal = Calendar { fiscal_start: 4, named_by: NamedBy::End, ..Calendar::default() };
/// let day = Date::from_ymd(2026, 4, 1).unwrap();
/// assert_eq!(fiscal.label(fiscal.period_of(Grain::Quarter, day)), "2027-Q1");
/// assert_eq!(fiscal.label(fiscal.period_of(Grain::Year, day)), "2027");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Calendar {
    /// How days are named.
    pub kind: CalendarKind,
    /// The first day of the week.
    pub week_start: Weekday,
    /// The first month of the fiscal year, 1 to 12, in `kind`.
    pub fiscal_start: u32,
    /// Which calendar year gives a fiscal year its number.
    pub named_by: NamedBy,
}

impl Default for Calendar {
    fn default() -> Self {
        Self {
            kind: CalendarKind::Gregorian,
            week_start: Weekday::Monday,
            fiscal_start: 1,
            named_by: NamedBy::Start,
        }
    }
}

/// The lengths that periods have, finest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Grain {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Grain {
    /// All five, finest first.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// The grain of `daily`, `weekly`, `monthly`, `quarterly`, `yearly`.
    pub fn from_cadence(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grain| grain.cadence() == word)
    }

    /// The grain of `day`, `week`, `month`, `quarter`, `year`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grain| grain.word() == word)
    }

    /// `daily`, `weekly`, ...
    pub fn cadence(self) -> &'static str {
        match self {
            Self::Day => "daily",
            Self::Week => "weekly",
            Self::Month => "monthly",
            Self::Quarter => "quarterly",
            Self::Year => "yearly",
        }
    }

    /// `day`, `week`, ...
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

/// A day, week, month, quarter or year: its first and last day, both included.
///
/// Ordered by start, then end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    /// How long it is.
    pub grain: Grain,
    /// The first day.
    pub start: Date,
    /// The last day, included.
    pub end: Date,
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |p: &Self| (p.start, p.end, p.grain);
        key(self).cmp(&key(other))
    }
}

impl Period {
    /// How many days it has.
    pub fn len_days(self) -> u32 {
        (i64::from(self.end.days()) - i64::from(self.start.days()) + 1) as u32
    }

    /// Whether the day is in it.
    pub fn contains(self, date: Date) -> bool {
        self.start <= date && date <= self.end
    }
}

/// The unit of a span such as `28 days` or `3 months`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum SpanUnit {
    Days,
    Weeks,
    Months,
    Quarters,
    Years,
}

impl SpanUnit {
    /// The unit of `day`, `days`, `week`, ... singular or plural.
    pub fn from_word(word: &str) -> Option<Self> {
        let grain = Grain::from_word(word.strip_suffix('s').unwrap_or(word))?;
        Some(match grain {
            Grain::Day => Self::Days,
            Grain::Week => Self::Weeks,
            Grain::Month => Self::Months,
            Grain::Quarter => Self::Quarters,
            Grain::Year => Self::Years,
        })
    }

    /// The grain of one such unit.
    pub fn grain(self) -> Grain {
        match self {
            Self::Days => Grain::Day,
            Self::Weeks => Grain::Week,
            Self::Months => Grain::Month,
            Self::Quarters => Grain::Quarter,
            Self::Years => Grain::Year,
        }
    }
}

impl Calendar {
    /// The period of that grain that holds the day.
    pub fn period_of(&self, grain: Grain, date: Date) -> Period {
        self.nth(grain, self.index_at(grain, date))
    }

    /// So many whole periods later, earlier if negative.
    pub fn shift(&self, period: Period, n: i32) -> Period {
        self.nth(period.grain, self.index(period) + i64::from(n))
    }

    /// How many periods of its grain a period lies after an arbitrary fixed one: the difference of
    /// two is their distance in whole periods.
    pub fn index(&self, period: Period) -> i64 {
        self.index_at(period.grain, period.start)
    }

    /// The same period a year before: of a week the one 52 weeks earlier; of a day the same day of
    /// the month, none where that year has no such day (29 February, 30 Esfand).
    pub fn year_before(&self, period: Period) -> Option<Period> {
        match period.grain {
            Grain::Day => {
                let (year, month, day) = self.kind.ymd(period.start);
                let date = self.kind.day(year - 1, month, day).ok()?;
                Some(Period { grain: Grain::Day, start: date, end: date })
            }
            Grain::Week => Some(self.shift(period, -52)),
            Grain::Month => Some(self.shift(period, -12)),
            Grain::Quarter => Some(self.shift(period, -4)),
            Grain::Year => Some(self.shift(period, -1)),
        }
    }

    /// The day by which a period belongs to a longer one: of a week from Monday its Thursday, as
    /// ISO years have it; of any other its first.
    pub fn named_day(&self, period: Period) -> Date {
        match period.grain {
            Grain::Week if self.week_start == Weekday::Monday => period.start.plus(3),
            _ => period.start,
        }
    }

    /// All periods of that grain that share a day with `from..=to`, in order; none if `to` is
    /// before `from`.
    pub fn periods(&self, grain: Grain, from: Date, to: Date) -> Vec<Period> {
        if to < from {
            return Vec::new();
        }
        (self.index_at(grain, from)..=self.index_at(grain, to))
            .map(|index| self.nth(grain, index))
            .collect()
    }

    /// The first day of the `n` units that end at `end`, the current one included: of 28 days the
    /// 27th before `end`; of 3 months the first day of the month two months before `end`'s.
    /// Quarters and years are fiscal. Fewer than one unit counts as one.
    pub fn back(&self, end: Date, n: i32, unit: SpanUnit) -> Date {
        let current = self.period_of(unit.grain(), end);
        self.shift(current, 1 - n.max(1)).start
    }

    /// The fiscal year of that number.
    pub fn year(&self, year: i32) -> Option<Period> {
        in_years(year)?;
        Some(self.nth(Grain::Year, self.year_index(year)))
    }

    /// A quarter, 1 to 4, of the fiscal year of that number.
    pub fn quarter(&self, year: i32, quarter: u32) -> Option<Period> {
        in_years(year)?;
        let quarter = (1..=4).contains(&quarter).then_some(i64::from(quarter) - 1)?;
        Some(self.nth(Grain::Quarter, self.year_index(year) * 4 + quarter))
    }

    /// A month, 1 to 12, of a calendar year.
    pub fn month(&self, year: i32, month: u32) -> Option<Period> {
        in_years(year)?;
        let month = (1..=12).contains(&month).then_some(i64::from(month) - 1)?;
        Some(self.nth(Grain::Month, i64::from(year) * 12 + month))
    }

    /// An ISO week of an ISO year (Gregorian, whatever the calendar): none where weeks do not start
    /// on Monday, where the year has no such week, and for a Solar Hijri year.
    pub fn week(&self, year: i32, week: u32) -> Option<Period> {
        in_years(year)?;
        let solar = CalendarKind::year_of_literal(year) == Some(CalendarKind::Persian);
        if self.week_start != Weekday::Monday || solar || !(1..=53).contains(&week) {
            return None;
        }
        // Week 1 is the one that holds 4 January.
        let first = self.period_of(Grain::Week, Date::from_ymd(year, 1, 4)?);
        let found = self.shift(first, week as i32 - 1);
        (iso_week(found.start).0 == year).then_some(found)
    }

    /// The index of the period of that grain that holds the day. Days count from 1970, weeks from
    /// there too, months from the calendar's year 0; quarters and years from its fiscal year 0.
    fn index_at(self, grain: Grain, date: Date) -> i64 {
        match grain {
            Grain::Day => i64::from(date.days()),
            Grain::Week => (i64::from(date.days()) + self.week_shift()).div_euclid(7),
            Grain::Month | Grain::Quarter | Grain::Year => {
                let (year, month, _) = self.kind.ymd(date);
                let month = i64::from(year) * 12 + i64::from(month) - 1;
                let fiscal = month - self.fiscal_shift();
                match grain {
                    Grain::Quarter => fiscal.div_euclid(3),
                    Grain::Year => fiscal.div_euclid(12),
                    _ => month,
                }
            }
        }
    }

    /// The period of an index: the inverse of [`Self::index_at`].
    fn nth(self, grain: Grain, index: i64) -> Period {
        let (start, next) = match grain {
            Grain::Day => (saturate(index), saturate(index + 1)),
            Grain::Week => {
                let first = index * 7 - self.week_shift();
                (saturate(first), saturate(first + 7))
            }
            Grain::Month => (self.month_start(index), self.month_start(index + 1)),
            Grain::Quarter => {
                let first = index * 3 + self.fiscal_shift();
                (self.month_start(first), self.month_start(first + 3))
            }
            Grain::Year => {
                let first = index * 12 + self.fiscal_shift();
                (self.month_start(first), self.month_start(first + 12))
            }
        };
        Period { grain, start, end: next.plus(-1) }
    }

    fn month_start(self, index: i64) -> Date {
        let year = index.div_euclid(12).clamp(-99_999, 99_999) as i32;
        self.kind.first_of_month(year, index.rem_euclid(12) as u32 + 1)
    }

    /// What to add to the days since 1970 so that weeks are multiples of seven.
    fn week_shift(self) -> i64 {
        // 1970-01-01 was a Thursday, so Thursday weeks need no shift.
        i64::from(11 - self.week_start.number()) % 7
    }

    fn fiscal_shift(self) -> i64 {
        i64::from(self.fiscal_start) - 1
    }

    /// The index of the fiscal year of that number.
    pub(super) fn year_index(self, year: i32) -> i64 {
        i64::from(year) - self.name_shift()
    }

    /// A fiscal year's number less the calendar year it begins in: 1 where it is named by its end
    /// and does not end in the year it begins in.
    pub(super) fn name_shift(self) -> i64 {
        i64::from(self.named_by == NamedBy::End && self.fiscal_start > 1)
    }
}

/// ISO 8601 year and week of a day.
pub(super) fn iso_week(date: Date) -> (i32, u32) {
    // A week belongs to the year of its Thursday.
    let thursday = date.plus(4 - date.weekday().number() as i32);
    let (year, _, _) = thursday.ymd();
    let first = Date::from_ymd(year, 1, 1).map_or(thursday, |day| day);
    (year, (thursday.days() - first.days()) as u32 / 7 + 1)
}

fn in_years(year: i32) -> Option<()> {
    (1..=9998).contains(&year).then_some(())
}

fn saturate(days: i64) -> Date {
    Date::from_days(days.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32)
}
