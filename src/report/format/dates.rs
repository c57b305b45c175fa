//! Days and periods as a language and a calendar write them.

use super::Formatter;
use crate::report::tree::{DateText, PeriodText};
use crate::time::{CalendarKind, Date, Grain, Period, Weekday};

impl Formatter {
    /// A day with its text: `30 June 2026`.
    pub fn date(&self, date: Date) -> DateText {
        DateText { raw: date.to_string(), text: self.day(date) }
    }

    /// `30 June 2026`
    pub fn day(&self, date: Date) -> String {
        let (year, month, day) = self.calendar.kind.ymd(date);
        let (day, year) = (self.plain(i64::from(day)), self.plain(i64::from(year)));
        let month = self.month(month).0;
        self.words.say("day_of", &[("day", &day), ("month", month), ("year", &year)])
    }

    /// `27 to 30 November 2026`: what both ends share is written once.
    pub fn days(&self, from: Date, to: Date) -> String {
        let (a, b) = (self.calendar.kind.ymd(from), self.calendar.kind.ymd(to));
        if a == b {
            return self.day(from);
        }
        let start = if a.0 != b.0 {
            self.day(from)
        } else if a.1 != b.1 {
            self.day_month(a.2, self.month(a.1).0)
        } else {
            self.words.say("day_alone", &[("day", &self.plain(i64::from(a.2)))])
        };
        self.span(&start, &self.day(to))
    }

    /// From one to another, or the one that both are.
    pub(in crate::report) fn span(&self, from: &str, to: &str) -> String {
        if from == to {
            return to.to_owned();
        }
        self.words.say("from_to", &[("from", from), ("to", to)])
    }

    fn day_month(&self, day: u32, month: &str) -> String {
        let day = self.plain(i64::from(day));
        self.words.say("day_month", &[("day", &day), ("month", month)])
    }

    fn month(&self, month: u32) -> (&'static str, &'static str) {
        let names = match self.calendar.kind {
            CalendarKind::Gregorian => &self.words.gregorian,
            CalendarKind::Persian => &self.words.persian,
        };
        names[(month as usize).clamp(1, 12) - 1]
    }

    /// A period with its texts.
    pub fn period(&self, period: Period) -> PeriodText {
        let label = self.calendar.label(period);
        let (year, month, day) = self.calendar.kind.ymd(period.start);
        let year = self.plain(i64::from(year));
        let (text, short, year) = match period.grain {
            Grain::Day => {
                let short = self.day_month(day, self.month(month).1);
                (self.day(period.start), short, year)
            }
            Grain::Week => self.week(period, &label),
            Grain::Month => {
                let (long, short) = self.month(month);
                let text = self.words.say("month_of", &[("month", long), ("year", &year)]);
                (text, short.to_owned(), year)
            }
            Grain::Quarter => self.quarter(&label),
            Grain::Year => {
                let year = self.digits(&label);
                let text = match self.calendar.fiscal_start {
                    1 => year,
                    _ => self.words.say("fiscal_year_of", &[("year", &year)]),
                };
                (text.clone(), text, String::new())
            }
        };
        let (start, end) = (period.start.to_string(), period.end.to_string());
        PeriodText { label, text, short, year, start, end }
    }

    fn week(&self, period: Period, label: &str) -> (String, String, String) {
        let (year, month, day) = self.calendar.kind.ymd(period.start);
        if self.calendar.week_start == Weekday::Monday
            && let Some((year, week)) = label.split_once("-W")
        {
            let (year, week) = (self.digits(year), self.digits(week.trim_start_matches('0')));
            let text = self.words.say("week_of", &[("week", &week), ("year", &year)]);
            return (text, self.words.say("week_short", &[("week", &week)]), year);
        }
        let short = self.day_month(day, self.month(month).1);
        let text = self.words.say("week_from", &[("day", &self.day(period.start))]);
        (text, short, self.plain(i64::from(year)))
    }

    fn quarter(&self, label: &str) -> (String, String, String) {
        let (year, quarter) = label.split_once("-Q").unwrap_or((label, ""));
        let ordinal = match quarter {
            "1" => "first",
            "2" => "second",
            "3" => "third",
            _ => "fourth",
        };
        let year = self.digits(year);
        let name = if self.calendar.fiscal_start == 1 { "quarter_of" } else { "fiscal_quarter_of" };
        let long = self.words.say(ordinal, &[]);
        let text = self.words.say(name, &[("quarter", &long), ("year", &year)]);
        let short = self.words.say("quarter_short", &[("quarter", &self.digits(quarter))]);
        (text, short, year)
    }

    fn digits(&self, text: &str) -> String {
        text.chars().map(|c| self.digit(c)).collect()
    }
}
