//! What happens to the shop, and when. All factors are in thousandths.

use super::calendar::{Day, FIRST, LAST};

/// The new website goes live.
pub(super) const RELAUNCH: Day = Day::of(2026, 2, 2);
/// The new price list holds.
pub(super) const PRICES: Day = Day::of(2025, 9, 1);
const SETTLED: Day = Day::of(2026, 2, 16);
const OUTAGE: (Day, Day) = (Day::of(2026, 5, 11), Day::of(2026, 5, 17));
/// Spring campaign: more advertising, more letters, ten per cent off.
pub(super) const SPRING: (Day, Day) = (Day::of(2026, 4, 7), Day::of(2026, 4, 26));

/// Demand on the first of each month from January on; between them a straight line.
const SEASON: [i64; 12] = [930, 900, 1010, 990, 980, 960, 930, 850, 850, 940, 1040, 1290];
/// Monday to Sunday.
const WEEKDAY: [i64; 7] = [1040, 1020, 1000, 1010, 960, 930, 1040];

/// How far the two years have gone, 0 to 1000.
pub(super) fn progress(day: Day) -> i64 {
    day.since(FIRST) * 1000 / LAST.since(FIRST)
}

/// `base`, grown by `growth` thousandths over the two years.
pub(super) fn grown(base: i64, growth: i64, day: Day) -> i64 {
    base * (1_000_000 + growth * progress(day)) / 1_000_000
}

/// How many people look for a present on that day.
pub(super) fn demand(day: Day) -> i64 {
    let (year, month, of_month) = day.date();
    let next = if month == 12 { Day::of(year + 1, 1, 1) } else { Day::of(year, month + 1, 1) };
    let length = next.since(Day::of(year, month, 1));
    let (from, to) = (at(&SEASON, month - 1), at(&SEASON, month % 12));
    let season = (from * (length - of_month + 1) + to * (of_month - 1)) / length;
    season * at(&WEEKDAY, day.weekday()) / 1000 * holidays(day) / 1000
}

fn holidays(day: Day) -> i64 {
    let (year, _, _) = day.date();
    if black_friday(day) {
        1900
    } else if day.within(Day::of(year, 12, 23), Day::of(year, 12, 27)) {
        520
    } else if day.within(Day::of(year, 3, 8), Day::of(year, 3, 18)) {
        // Nowruz presents have to arrive by 20 March.
        1450
    } else if day.within(Day::of(year, 3, 19), Day::of(year, 3, 25)) {
        860
    } else {
        1000
    }
}

/// Friday to Monday after Thanksgiving.
pub(super) fn black_friday(day: Day) -> bool {
    day.within(Day::of(2024, 11, 29), Day::of(2024, 12, 2))
        || day.within(Day::of(2025, 11, 28), Day::of(2025, 12, 1))
}

/// Whether the payment provider is down.
pub(super) fn outage(day: Day) -> bool {
    day.within(OUTAGE.0, OUTAGE.1)
}

/// Whether the spring campaign runs.
pub(super) fn spring(day: Day) -> bool {
    day.within(SPRING.0, SPRING.1)
}

/// How readily visitors buy.
pub(super) fn readiness(day: Day) -> i64 {
    let (year, _, _) = day.date();
    let website = if day < RELAUNCH {
        1000
    } else if day < SETTLED {
        720
    } else if day < SETTLED.plus(7) {
        1150
    } else {
        1330
    };
    let mood = if black_friday(day) {
        1350
    } else if spring(day) {
        1060
    } else if day.within(Day::of(year, 12, 3), Day::of(year, 12, 17)) {
        1150
    } else {
        1000
    };
    website * mood / 1000 * if outage(day) { 240 } else { 1000 } / 1000
}

/// Thousandths added to the share of visits that engage.
pub(super) fn engagement(day: Day) -> i64 {
    if day < RELAUNCH {
        0
    } else if day < SETTLED {
        -85
    } else {
        55
    }
}

/// The discount of the day.
pub(super) fn discount(day: Day) -> i64 {
    if black_friday(day) {
        150
    } else if spring(day) {
        100
    } else {
        0
    }
}

fn at(table: &[i64], index: i64) -> i64 {
    usize::try_from(index).ok().and_then(|i| table.get(i)).copied().unwrap_or(1000)
}
