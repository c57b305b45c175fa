//! Time zones: the rules that come with the program, so that every machine has the same.

use std::sync::LazyLock;

use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use super::{Date, format::Moment};

/// The rules that were compiled in.
static RULES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

const DAY: i64 = 86_400;

/// A time zone.
///
/// Moments inside of it are counted in seconds of its own clocks: midnight of a day is always a
/// multiple of 86400.
///
/// ```
/// use sanjeh::time::{DateFormat, Zone};
/// let tehran = Zone::named("Asia/Tehran").unwrap();
/// let moment = DateFormat::iso().parse("2026-06-01T20:45:00Z").unwrap();
/// // A quarter past midnight of the next day.
/// assert_eq!(tehran.local(moment) % 86_400, 15 * 60);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

impl Default for Zone {
    fn default() -> Self {
        Self { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }
}

impl Zone {
    /// The zone of an IANA name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("UTC") {
            return Some(Self::default());
        }
        let rules = RULES.get(name).ok()?;
        let name = rules.iana_name()?.to_owned();
        Some(Self { name, rules })
    }

    /// Every name that there is, sorted.
    pub fn names() -> Vec<String> {
        let mut names: Vec<String> = RULES.available().map(|name| name.to_string()).collect();
        names.sort();
        names
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Seconds of the zone's own clocks since its 1970-01-01 00:00. A moment with an offset moves
    /// there, one without is there already.
    pub fn local(&self, moment: Moment) -> i64 {
        let written = i64::from(moment.date.days()) * DAY + i64::from(moment.seconds.unwrap_or(0));
        match moment.offset {
            Some(offset) => {
                let instant = written - i64::from(offset);
                instant + self.offset_at(instant)
            }
            None => written,
        }
    }

    /// The day that it is there at a moment, in seconds since 1970-01-01 00:00 UTC.
    ///
    /// ```
    /// use sanjeh::time::Zone;
    /// // 2026-11-26 at 22:00 in London, half past one in Tehran.
    /// let now = 1_795_730_400;
    /// assert_eq!(Zone::default().day(now).to_string(), "2026-11-26");
    /// assert_eq!(Zone::named("Asia/Tehran").unwrap().day(now).to_string(), "2026-11-27");
    /// ```
    pub fn day(&self, instant: i64) -> Date {
        let days = (instant + self.offset_at(instant)).div_euclid(DAY);
        Date::from_days(i32::try_from(days).unwrap_or(i32::MAX))
    }

    /// Seconds since 1970-01-01 00:00 UTC of a moment on the zone's clocks: what elapses between
    /// two of them is their difference. An hour that comes twice is taken for its first time; in
    /// one that is left out the clock is taken not to have been put forward yet.
    pub fn instant(&self, local: i64) -> i64 {
        if self.rules == TimeZone::UTC {
            return local;
        }
        let Ok(as_utc) = jiff::Timestamp::from_second(local) else { return local };
        let found = self.rules.to_ambiguous_timestamp(Offset::UTC.to_datetime(as_utc));
        found.compatible().map_or(local, jiff::Timestamp::as_second)
    }

    fn offset_at(&self, instant: i64) -> i64 {
        jiff::Timestamp::from_second(instant)
            .map_or(0, |instant| i64::from(self.rules.to_offset(instant).seconds()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Date, DateFormat};

    fn shown(seconds: i64) -> String {
        let (day, rest) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        let day = Date::from_days(i32::try_from(day).unwrap());
        format!("{day} {:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60)
    }

    fn local(zone: &str, text: &str) -> String {
        shown(Zone::named(zone).unwrap().local(DateFormat::iso().parse(text).unwrap()))
    }

    #[test]
    fn moments_move_by_the_rules_of_their_day() {
        for (zone, text, expected) in [
            ("UTC", "2026-06-01T12:00:00+03:30", "2026-06-01 08:30:00"),
            ("Asia/Tehran", "2026-06-01T20:29:59Z", "2026-06-01 23:59:59"),
            ("Asia/Tehran", "2026-06-01T20:30:00Z", "2026-06-02 00:00:00"),
            // Iran put its clocks forward until 2022, and has not since.
            ("Asia/Tehran", "2022-06-01T20:00:00Z", "2022-06-02 00:30:00"),
            ("Asia/Tehran", "2022-09-21T19:29:59Z", "2022-09-21 23:59:59"),
            ("Asia/Tehran", "2022-09-21T19:30:00Z", "2022-09-21 23:00:00"),
            ("Asia/Tehran", "2023-06-01T20:00:00Z", "2023-06-01 23:30:00"),
            // The hour that is left out, and the one that comes twice.
            ("Europe/London", "2026-03-29T00:59:59Z", "2026-03-29 00:59:59"),
            ("Europe/London", "2026-03-29T01:00:00Z", "2026-03-29 02:00:00"),
            ("Europe/London", "2026-10-25T00:30:00Z", "2026-10-25 01:30:00"),
            ("Europe/London", "2026-10-25T01:30:00Z", "2026-10-25 01:30:00"),
            ("europe/london", "2026-07-01T00:00:00-05:00", "2026-07-01 06:00:00"),
            ("America/New_York", "2026-01-01T04:59:59Z", "2025-12-31 23:59:59"),
            // Local as written, even in an hour that is left out.
            ("Europe/London", "2026-03-29 01:30", "2026-03-29 01:30:00"),
        ] {
            assert_eq!(local(zone, text), expected, "{text} in {zone}");
        }
    }

    #[test]
    fn what_elapses_knows_the_changes_of_clocks() {
        let london = Zone::named("Europe/London").unwrap();
        let at = |text: &str| london.instant(london.local(DateFormat::iso().parse(text).unwrap()));
        let hours = |from: &str, to: &str| (at(to) - at(from)) / 3600;
        assert_eq!(hours("2026-03-28 12:00", "2026-03-29 12:00"), 23);
        assert_eq!(hours("2026-10-24 12:00", "2026-10-25 12:00"), 25);
        assert_eq!(hours("2026-06-01 12:00", "2026-06-02 12:00"), 24);
        assert_eq!(hours("2026-03-29 00:30", "2026-03-29 01:30"), 1);
        let utc = Zone::default();
        assert_eq!(utc.instant(-5), -5);
    }

    #[test]
    fn names() {
        assert!(Zone::named("Asia/Teheran").is_none());
        assert!(Zone::named("").is_none());
        assert_eq!(Zone::named("asia/tehran").unwrap().name(), "Asia/Tehran");
        assert_eq!(Zone::named("utc"), Some(Zone::default()));
        let names = Zone::names();
        assert!(names.iter().any(|n| n == "Asia/Tehran") && names.len() > 400);
    }
}
