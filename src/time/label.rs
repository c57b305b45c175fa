//! The names of periods, to print and to read.

use super::calendar::CalendarKind;
use super::date::{Weekday, digits};
use super::format::plain_digits;
use super::period::{Calendar, Grain, Period, iso_week};

impl Calendar {
    /// The period's name: `2026-06-01`, `2026-W27` (weeks from Monday: ISO year and week), the
    /// first day of any other week, `2026-06`, `2026-Q2` and `2026` (fiscal). Days and months are
    /// named in the project's calendar.
    pub fn label(&self, period: Period) -> String {
        let (year, month, day) = self.kind.ymd(period.start);
        match period.grain {
            Grain::Week if self.week_start == Weekday::Monday => {
                let (year, week) = iso_week(period.start);
                format!("{year:04}-W{week:02}")
            }
            Grain::Day | Grain::Week => format!("{year:04}-{month:02}-{day:02}"),
            Grain::Month => format!("{year:04}-{month:02}"),
            Grain::Quarter => {
                let index = self.index(period);
                let year = index.div_euclid(4) + self.name_shift();
                format!("{year:04}-Q{}", index.rem_euclid(4) + 1)
            }
            Grain::Year => format!("{:04}", self.index(period) + self.name_shift()),
        }
    }

    /// Reads a day, month, quarter, week or year as [`Self::label`] writes them. A day's year tells
    /// its calendar ([`CalendarKind::year_of_literal`]); the others are of the project's. The digits
    /// may be Persian. The label of a week that does not start on Monday is a day: take its week with [`Self::period_of`].
    ///
    /// ```
    /// use sanjeh::time::{Calendar, Grain};
    /// let calendar = Calendar::default();
    /// assert_eq!(calendar.parse_label("2026-Q2").unwrap().end.to_string(), "2026-06-30");
    /// assert_eq!(calendar.parse_label("1405-01-01").unwrap().start.to_string(), "2026-03-21");
    /// assert_eq!(calendar.parse_label("2026-W54"), None);
    /// ```
    pub fn parse_label(&self, text: &str) -> Option<Period> {
        let text = plain_digits(text);
        let bytes = text.as_bytes();
        let year = digits(bytes.get(..4)?)? as i32;
        match &bytes[4..] {
            [] => self.year(year),
            [b'-', b'Q', quarter] => self.quarter(year, digits(&[*quarter])?),
            [b'-', b'W', week @ ..] if week.len() == 2 => self.week(year, digits(week)?),
            [b'-', month @ ..] if month.len() == 2 => self.month(year, digits(month)?),
            [b'-', m1, m2, b'-', d1, d2] => {
                let kind = CalendarKind::year_of_literal(year)?;
                let date = kind.day(year, digits(&[*m1, *m2])?, digits(&[*d1, *d2])?).ok()?;
                Some(self.period_of(Grain::Day, date))
            }
            _ => None,
        }
    }
}
