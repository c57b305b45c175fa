//! How the dates of a column are written.

use crate::time::{CalendarKind, Date, DateFormat};

/// A format that all cells of a column have.
#[derive(Clone, Debug)]
pub(super) struct DateGuess {
    /// None for the ISO forms.
    pub(super) pattern: Option<String>,
    pub(super) calendar: CalendarKind,
    /// Another pattern that all cells have, too, with day and month exchanged.
    pub(super) doubt: Option<String>,
    format: DateFormat,
}

impl DateGuess {
    /// The day that a cell names.
    pub(super) fn day(&self, cell: &str) -> Option<Date> {
        read(&self.format, self.calendar, cell)
    }
}

/// Days, the unmistakable forms first.
const DAYS: [&str; 20] = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d.%m.%y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%Y-%m",
    "%b %Y",
    "%B %Y",
];

/// What stands behind a day.
const TIMES: [&str; 7] =
    ["", " %H:%M:%S", " %H:%M", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S", ", %H:%M"];

/// The format of a column, where all its cells that are not empty have one.
pub(super) fn guess<'c>(cells: impl Iterator<Item = &'c str> + Clone) -> Option<DateGuess> {
    let cells = cells.filter(|c| !c.trim().is_empty());
    let first = cells.clone().next()?;
    if !first.chars().any(char::is_numeric) {
        return None;
    }
    let fits = |guess: &DateGuess| cells.clone().all(|c| guess.day(c).is_some());
    let mut fitting = candidates(first).into_iter().filter(fits);
    let found = fitting.next()?;
    let mirrored = found.pattern.as_deref().and_then(mirrored);
    let other = fitting.find(|g| g.calendar == found.calendar && g.pattern == mirrored);
    let Some(other) = other.filter(|_| mirrored.is_some()) else { return Some(found) };
    // Exports are in order of their days as a rule: what keeps the order is the likelier reading.
    let ordered = |guess: &DateGuess| {
        let days: Vec<Option<Date>> = cells.clone().map(|c| guess.day(c)).collect();
        days.is_sorted() || days.is_sorted_by(|a, b| a >= b)
    };
    let (chosen, doubt) =
        if ordered(&other) && !ordered(&found) { (other, found) } else { (found, other) };
    Some(DateGuess { doubt: doubt.pattern, ..chosen })
}

/// The formats that one cell has.
fn candidates(cell: &str) -> Vec<DateGuess> {
    let iso = DateGuess {
        pattern: None,
        calendar: CalendarKind::Gregorian,
        doubt: None,
        format: DateFormat::iso(),
    };
    let mut all = vec![iso];
    for day in DAYS {
        for time in TIMES {
            for calendar in [CalendarKind::Gregorian, CalendarKind::Persian] {
                let pattern = format!("{day}{time}");
                let format = DateFormat::new(&pattern, calendar).ok();
                let guess =
                    |format| DateGuess { pattern: Some(pattern), calendar, doubt: None, format };
                all.extend(format.map(guess));
            }
        }
    }
    all.retain(|guess| guess.day(cell).is_some());
    all
}

/// The pattern with day and month exchanged, where that is another one of ours.
fn mirrored(pattern: &str) -> Option<String> {
    let exchanged = pattern.replace("%d", "%\u{0}").replace("%m", "%d").replace("%\u{0}", "%m");
    let day = |p: &str| DAYS.iter().any(|d| p.starts_with(d));
    let leading = pattern.starts_with("%d") || pattern.starts_with("%m");
    (leading && day(&exchanged) && exchanged != pattern).then_some(exchanged)
}

fn read(format: &DateFormat, calendar: CalendarKind, cell: &str) -> Option<Date> {
    let date = format.parse(cell)?.date;
    let (year, ..) = calendar.ymd(date);
    let usual = match calendar {
        CalendarKind::Gregorian => 1900..=2199,
        CalendarKind::Persian => 1200..=1599,
    };
    usual.contains(&year).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cells: &[&str]) -> Option<(Option<String>, CalendarKind, Option<String>)> {
        guess(cells.iter().copied()).map(|g| (g.pattern, g.calendar, g.doubt))
    }

    #[test]
    fn forms_are_told_apart() {
        use CalendarKind::{Gregorian, Persian};
        let some = |p: &str| Some(p.to_owned());
        for (cells, pattern, calendar, doubt) in [
            (&["2026-06-01", "2026-06-30T10:00"][..], None, Gregorian, None),
            (&["20260601"], some("%Y%m%d"), Gregorian, None),
            (&["1405/03/31"], some("%Y/%m/%d"), Persian, None),
            (&["۱۴۰۵/۰۱/۰۱", ""], some("%Y/%m/%d"), Persian, None),
            (&["31/01/2026", "01/02/2026"], some("%d/%m/%Y"), Gregorian, None),
            (&["01/31/2026", "02/01/2026"], some("%m/%d/%Y"), Gregorian, None),
            (&["01/02/2026"], some("%d/%m/%Y"), Gregorian, some("%m/%d/%Y")),
            (
                &["01/02/2026", "02/02/2026", "03/02/2026"],
                some("%d/%m/%Y"),
                Gregorian,
                some("%m/%d/%Y"),
            ),
            (
                &["01/02/2026", "01/09/2026", "02/01/2026"],
                some("%m/%d/%Y"),
                Gregorian,
                some("%d/%m/%Y"),
            ),
            (&["1.2.2026", "15.3.2026"], some("%d.%m.%Y"), Gregorian, None),
            (&["Jun 1, 2026 09:30 AM"], some("%b %d, %Y %I:%M %p"), Gregorian, None),
            (&["2026-06"], some("%Y-%m"), Gregorian, None),
        ] {
            assert_eq!(of(cells), Some((pattern, calendar, doubt)), "{cells:?}");
        }
        for cells in [&["12"][..], &["yes"], &["2026-06-01", "total"], &[""], &["123456"]] {
            assert_eq!(of(cells), None, "{cells:?}");
        }
    }
}
