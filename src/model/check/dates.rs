//! Dates and periods as written to days that there are.

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::syntax::ast::{DateLit, PeriodLit, PeriodPart, When};
use crate::time::{Calendar, CalendarKind, Date, Grain, Period, Weekday};

/// The day that is written; its year tells its calendar.
pub(super) fn day(date: DateLit, out: &mut Diagnostics) -> Option<Date> {
    // A year of no calendar has been reported where it was read.
    let kind = CalendarKind::year_of_literal(date.year)?;
    match kind.day(date.year, date.month, date.day) {
        Ok(day) => Some(day),
        Err(bad) => {
            let (year, month, day) = bad.nearest;
            let nearest = format!("{year:04}-{month:02}-{day:02}");
            let message = format!("there is no such day: {bad}");
            out.push(
                Diagnostic::new(&codes::IMPOSSIBLE_DATE, message)
                    .at(date.span, "not a day of the calendar")
                    .suggest(format!("write `{nearest}`"), date.span, nearest),
            );
            None
        }
    }
}

/// The period that is written, in the project's calendar.
pub(super) fn period(
    literal: PeriodLit,
    calendar: Calendar,
    out: &mut Diagnostics,
) -> Option<Period> {
    let PeriodLit { year, part, span } = literal;
    // The numbers of weeks are ISO's, whatever the calendar.
    let is_week = matches!(part, PeriodPart::Week(_));
    if !is_week && CalendarKind::year_of_literal(year) != Some(calendar.kind) {
        out.push(other_calendar(literal, calendar));
        return None;
    }
    let (found, message) = match part {
        PeriodPart::Year => (calendar.year(year), "there is no such year".to_owned()),
        PeriodPart::Quarter(n) => {
            (calendar.quarter(year, n), "a year has the quarters Q1 to Q4".to_owned())
        }
        PeriodPart::Month(n) => {
            (calendar.month(year, n), "a year has the months 01 to 12".to_owned())
        }
        PeriodPart::Week(n) => (calendar.week(year, n), no_week(year, n, calendar)),
    };
    if found.is_none() {
        let help = match part {
            PeriodPart::Week(_) if calendar.week_start != Weekday::Monday => {
                "name such a week by one of its days"
            }
            _ => "write a period such as `2026-06`, `2026-Q2` or `2026-W27`",
        };
        out.push(
            Diagnostic::new(&codes::IMPOSSIBLE_PERIOD, message)
                .at(span, "not a period of the calendar")
                .help(help),
        );
    }
    found
}

/// A month, quarter or year is always of the project's calendar: one of another would lie
/// centuries off.
fn other_calendar(literal: PeriodLit, calendar: Calendar) -> Diagnostic {
    let (name, years, example) = match calendar.kind {
        CalendarKind::Gregorian => ("Gregorian", "1900 to 2199", "2026-06"),
        CalendarKind::Persian => ("Solar Hijri", "1200 to 1599", "1405-03"),
    };
    let message = format!(
        "the project's calendar is {}, and {} is none of its years {years}",
        calendar.kind.name(),
        literal.year
    );
    Diagnostic::new(&codes::IMPOSSIBLE_PERIOD, message)
        .at(literal.span, format!("not a {name} period"))
        .help(format!(
            "write it in the project's calendar, such as `{example}`; a day tells its own"
        ))
}

fn no_week(year: i32, week: u32, calendar: Calendar) -> String {
    if calendar.week_start == Weekday::Monday {
        format!("{year} has no week {week}")
    } else {
        let day = calendar.week_start.name();
        format!("weeks that start on {day} have no numbers")
    }
}

/// The days that are written: a day is a period of its own.
pub(super) fn when(when: When, calendar: Calendar, out: &mut Diagnostics) -> Option<Period> {
    match when {
        When::Day(date) => Some(calendar.period_of(Grain::Day, day(date, out)?)),
        When::Period(literal) => period(literal, calendar, out),
    }
}

/// A span of days, in order.
pub(super) fn range(from: DateLit, to: DateLit, out: &mut Diagnostics) -> Option<(Date, Date)> {
    let (first, last) = (day(from, out), day(to, out));
    let (first, last) = (first?, last?);
    if last < first {
        out.push(
            Diagnostic::new(&codes::IMPOSSIBLE_PERIOD, "the last day lies before the first")
                .at(to.span, "earlier than the first day")
                .at(from.span, "the first day")
                .help("put the earlier day first"),
        );
        return None;
    }
    Some((first, last))
}
