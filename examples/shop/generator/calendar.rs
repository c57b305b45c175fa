//! Days and how the exports write them.

/// A day, counted from 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(i64);

/// The first day of the data.
pub(super) const FIRST: Day = Day::of(2024, 7, 1);
/// The last day of the data.
pub(super) const LAST: Day = Day::of(2026, 6, 30);

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

impl Day {
    /// The day of a Gregorian date (`days_from_civil` of Howard Hinnant's date algorithms).
    pub(super) const fn of(year: i64, month: i64, day: i64) -> Self {
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let year_of_era = y - era * 400;
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self(era * 146_097 + day_of_era - 719_468)
    }

    /// Year, month and day of the month.
    pub(super) const fn date(self) -> (i64, i64, i64) {
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z - era * 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let m = (5 * day_of_year + 2) / 153;
        let month = if m < 10 { m + 3 } else { m - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, month, day_of_year - (153 * m + 2) / 5 + 1)
    }

    /// 0 for Monday to 6 for Sunday.
    pub(super) const fn weekday(self) -> i64 {
        (self.0 + 3).rem_euclid(7)
    }

    /// So many days later, or earlier.
    pub(super) const fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    /// How many days it is after `other`.
    pub(super) const fn since(self, other: Self) -> i64 {
        self.0 - other.0
    }

    /// Whether it is one of the days from `first` to `last`, both included.
    pub(super) const fn within(self, first: Self, last: Self) -> bool {
        first.0 <= self.0 && self.0 <= last.0
    }

    /// `20260601`
    pub(super) fn compact(self) -> String {
        let (y, m, d) = self.date();
        format!("{y:04}{m:02}{d:02}")
    }

    /// `2026-06-01`
    pub(super) fn iso(self) -> String {
        let (y, m, d) = self.date();
        format!("{y:04}-{m:02}-{d:02}")
    }

    /// `Jun 01, 2026`
    pub(super) fn american(self) -> String {
        let (y, m, d) = self.date();
        format!("{} {d:02}, {y:04}", name(&MONTHS, m - 1))
    }

    /// `Monday`
    pub(super) fn weekday_name(self) -> &'static str {
        name(&WEEKDAYS, self.weekday())
    }
}

fn name(names: &[&'static str], index: i64) -> &'static str {
    usize::try_from(index).ok().and_then(|i| names.get(i)).copied().unwrap_or_default()
}

/// Every day of the data.
pub(super) fn days() -> impl Iterator<Item = Day> {
    (0..=LAST.since(FIRST)).map(|n| FIRST.plus(n))
}

/// Splits lines by the year of their day: `(2024, text)`, each with the header that `header`
/// gives for the year.
pub(super) fn by_year(
    lines: impl Iterator<Item = (Day, String)>,
    header: impl Fn(i64) -> String,
) -> Vec<(i64, String)> {
    let mut years: Vec<(i64, String)> = Vec::new();
    for (day, line) in lines {
        let (year, _, _) = day.date();
        if years.last().is_none_or(|(last, _)| *last != year) {
            years.push((year, header(year)));
        }
        if let Some((_, text)) = years.last_mut() {
            text.push_str(&line);
            text.push('\n');
        }
    }
    years
}
