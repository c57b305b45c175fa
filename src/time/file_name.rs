//! The days that the name of a file stands for.

use super::calendar::CalendarKind;
use super::date::Date;
use super::format::DateFormat;
use super::pattern::BadPattern;
use super::period::{Calendar, Grain};

/// How the names of files tell what their rows stand for: `ads-%Y-%m.csv`.
///
/// The directives are those of [`DateFormat`]; years tell their calendar, a year of two digits is
/// the project's. A pattern with slashes speaks of folders too.
///
/// ```
/// use sanjeh::time::{Calendar, FileName};
/// let name = FileName::new("ads-%Y-%m.csv", Calendar::default(), None).unwrap();
/// let (first, last) = name.days("data/ads-2026-06.csv").unwrap();
/// assert_eq!((first.to_string().as_str(), last.to_string().as_str()), ("2026-06-01", "2026-06-30"));
/// assert_eq!(name.days("data/ads-2026.csv"), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    /// As written.
    pub pattern: String,
    /// What a name stands for.
    pub grain: Grain,
    calendar: Calendar,
    formats: [(CalendarKind, DateFormat); 2],
}

impl FileName {
    /// Compiles a pattern. A name stands for the day, month or year that it holds, or for the whole
    /// `grain` around it.
    ///
    /// # Errors
    /// Where the pattern names no date.
    pub fn new(
        pattern: &str,
        calendar: Calendar,
        grain: Option<Grain>,
    ) -> Result<Self, BadPattern> {
        let other = match calendar.kind {
            CalendarKind::Gregorian => CalendarKind::Persian,
            CalendarKind::Persian => CalendarKind::Gregorian,
        };
        let format = |kind| Ok((kind, DateFormat::new(pattern, kind)?));
        let formats = [format(calendar.kind)?, format(other)?];
        let own = formats[0].1.grain();
        let grain = grain.unwrap_or(own).max(own);
        Ok(Self { pattern: pattern.to_owned(), grain, calendar, formats })
    }

    /// The first and last day that a file stands for, by its path; none where the name does not
    /// match.
    pub fn days(&self, path: &str) -> Option<(Date, Date)> {
        let folders = self.pattern.matches('/').count();
        let start = path.rmatch_indices('/').nth(folders).map_or(0, |(at, _)| at + 1);
        let name = &path[start..];
        let read = |(kind, format): &(CalendarKind, DateFormat)| Some((*kind, format.parse(name)?));
        let (kind, moment) = self.formats.iter().find_map(read)?;
        let calendar = Calendar { kind, ..self.calendar };
        let period = match (self.grain, self.formats[0].1.grain()) {
            // A bare year is a fiscal one, as everywhere.
            (Grain::Year, Grain::Year) => calendar.year(kind.ymd(moment.date).0)?,
            (grain, _) => calendar.period_of(grain, moment.date),
        };
        Some((period.start, period.end))
    }
}
