//! Days, calendars and periods; the reading of dates in cells.
//!
//! Nothing here knows a clock: today, and the as-of date, are arguments.
//!
//! A [`Date`] is one day, whatever the calendar that names it. A [`Calendar`] holds what a project
//! says about time (Gregorian or Solar Hijri, the first day of the week, the fiscal year) and cuts
//! days into [`Period`]s. A [`DateFormat`] reads the text of a cell into a [`Moment`].
//!
//! ```
//! use sanjeh::time::{Calendar, Date, Grain};
//! let calendar = Calendar::default();
//! let june = calendar.period_of(Grain::Month, Date::from_ymd(2026, 6, 12).unwrap());
//! assert_eq!(calendar.label(june), "2026-06");
//! assert_eq!(calendar.label(calendar.shift(june, -1)), "2026-05");
//! ```

#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "years, months and days are small numbers, and checked before they are cast"
)]

mod calendar;
mod date;
mod file_name;
mod format;
mod iso;
mod label;
mod pattern;
mod period;
mod range;
#[cfg(test)]
mod tests;
mod zone;

pub use calendar::{BadDay, BadDayProblem, CalendarKind};
pub use date::{Date, Weekday};
pub use file_name::FileName;
pub use format::{DateFormat, DateProblem, Moment};
pub use pattern::BadPattern;
pub use period::{Calendar, Grain, NamedBy, Period, SpanUnit};
pub use range::{NoRange, named_range};
pub use zone::Zone;
