//! Calendars and periods against jiff, published vectors, and properties at both ends of periods.

use super::{Calendar, CalendarKind, Date, Grain, NamedBy, Period, SpanUnit, Weekday};

const GREGORIAN: CalendarKind = CalendarKind::Gregorian;
const PERSIAN: CalendarKind = CalendarKind::Persian;

fn date(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

fn solar(year: i32, month: u32, day: u32) -> Date {
    PERSIAN.day(year, month, day).unwrap()
}

/// Every day of 1960 to 2199.
fn days() -> impl Iterator<Item = Date> {
    (date("1960-01-01").days()..=date("2199-12-31").days()).map(Date::from_days)
}

/// Both calendars, three first days of the week, twelve fiscal starts, both names.
fn calendars() -> Vec<Calendar> {
    let mut all = Vec::new();
    for kind in [GREGORIAN, PERSIAN] {
        for week_start in [Weekday::Monday, Weekday::Saturday, Weekday::Sunday] {
            for fiscal_start in 1..=12 {
                for named_by in [NamedBy::Start, NamedBy::End] {
                    all.push(Calendar { kind, week_start, fiscal_start, named_by });
                }
            }
        }
    }
    all
}

#[test]
fn gregorian_days_agree_with_jiff() {
    let epoch = jiff::civil::date(1970, 1, 1);
    for day in days() {
        let (year, month, of_month) = day.ymd();
        let other = jiff::civil::date(year as i16, month as i8, of_month as i8);
        assert_eq!(other.since(epoch).unwrap().get_days(), day.days(), "{day}");
        assert_eq!(other.to_string(), day.to_string());
        assert_eq!(other.weekday().to_monday_one_offset() as u32, day.weekday().number());
        assert_eq!(Date::from_ymd(year, month, of_month), Some(day));
        assert_eq!(Date::parse_iso(&day.to_string()), Some(day));
        assert_eq!(GREGORIAN.day(year, month, of_month), Ok(day));
        assert_eq!(GREGORIAN.month_length(year, month), other.days_in_month() as u32);
        assert_eq!(GREGORIAN.is_leap(year), other.in_leap_year());
    }
}

#[test]
fn gregorian_days_at_the_ends() {
    let first = Date::from_ymd(1, 1, 1).unwrap();
    let last = Date::from_ymd(9999, 12, 31).unwrap();
    assert_eq!((first.days(), last.days()), (-719_162, 2_932_896));
    assert_eq!((first.ymd(), last.ymd()), ((1, 1, 1), (9999, 12, 31)));
    assert_eq!(first.weekday(), Weekday::Monday);
    assert_eq!(first.to_string(), "0001-01-01");
    for (year, month, day) in
        [(0, 1, 1), (10_000, 1, 1), (2026, 0, 1), (2026, 13, 1), (2026, 6, 0), (2026, 6, 31)]
    {
        assert_eq!(Date::from_ymd(year, month, day), None);
    }
    assert_eq!(Date::from_days(i32::MAX).plus(1), Date::from_days(i32::MAX));
    for text in ["2026-6-01", "2026-06-1", "2026/06/01", "20260601", "+026-06-01", "2026-06-31"] {
        assert_eq!(Date::parse_iso(text), None, "{text}");
    }
    // A sentinel that data holds: its periods stand, though the next year cannot be written.
    let calendar = Calendar { fiscal_start: 4, ..Calendar::default() };
    for grain in Grain::ALL {
        assert!(calendar.period_of(grain, last).contains(last));
        let kind = PERSIAN;
        assert!(Calendar { kind, ..calendar }.period_of(grain, last).contains(last));
    }
}

#[test]
fn weekdays_by_name_and_number() {
    for day in Weekday::ALL {
        assert_eq!(Weekday::from_name(day.name()), Some(day));
        assert_eq!(Weekday::from_number(day.number()), Some(day));
    }
    assert_eq!(Weekday::from_name("Saturday"), Some(Weekday::Saturday));
    assert_eq!(Weekday::from_name("sat"), None);
    assert_eq!((Weekday::from_number(0), Weekday::from_number(8)), (None, None));
}

#[test]
fn solar_days_agree_with_published_ones() {
    for ((year, month, day), gregorian, weekday) in [
        ((1348, 10, 11), "1970-01-01", Weekday::Thursday),
        ((1399, 12, 30), "2021-03-20", Weekday::Saturday),
        ((1402, 12, 29), "2024-03-19", Weekday::Tuesday),
        ((1403, 1, 1), "2024-03-20", Weekday::Wednesday),
        ((1403, 5, 12), "2024-08-02", Weekday::Friday),
        ((1403, 12, 30), "2025-03-20", Weekday::Thursday),
        ((1404, 1, 1), "2025-03-21", Weekday::Friday),
        ((1405, 1, 1), "2026-03-21", Weekday::Saturday),
        ((1408, 12, 30), "2030-03-20", Weekday::Wednesday),
    ] {
        assert_eq!(solar(year, month, day), date(gregorian));
        assert_eq!(PERSIAN.ymd(date(gregorian)), (year, month, day));
        assert_eq!(date(gregorian).weekday(), weekday);
    }
    let leap: Vec<i32> = (1388..=1413).filter(|year| PERSIAN.is_leap(*year)).collect();
    assert_eq!(leap, [1391, 1395, 1399, 1403, 1408, 1412]);
}

#[test]
fn solar_leap_years_follow_the_rule_of_33_years() {
    // The rule holds for 1178..1633 save that 1502 and 1601 hand their leap day to the next year.
    for year in 1178..1633 {
        let by_rule = [1, 5, 9, 13, 17, 22, 26, 30].contains(&(year % 33));
        let leap = match year {
            1502 | 1601 => false,
            1503 | 1602 => true,
            _ => by_rule,
        };
        assert_eq!(PERSIAN.is_leap(year), leap, "{year}");
    }
}

#[test]
fn solar_days_agree_with_the_calendar_library() {
    for day in days() {
        let (year, month, of_month) = PERSIAN.ymd(day);
        let other = icu_calendar::Date::try_new_persian(year, month as u8, of_month as u8).unwrap();
        assert_eq!(PERSIAN.day(year, month, of_month), Ok(day));
        let epoch = icu_calendar::types::RataDie::new(719_163);
        assert_eq!(other.to_rata_die() - epoch, i64::from(day.days()));
        assert_eq!(PERSIAN.month_length(year, month), u32::from(other.days_in_month()));
        assert_eq!(PERSIAN.is_leap(year), other.is_in_leap_year());
    }
}

#[test]
fn solar_days_far_away() {
    // Beyond the table of years, and back again.
    for year in [1, 500, 1149, 1150, 1151, 1649, 1650, 1651, 1652, 3000, 9000] {
        for (month, day) in [(1, 1), (6, 31), (7, 1), (12, 29)] {
            let found = solar(year, month, day);
            assert_eq!(PERSIAN.ymd(found), (year, month, day));
        }
        let last = solar(year, 12, PERSIAN.month_length(year, 12));
        assert_eq!(last.plus(1), solar(year + 1, 1, 1));
    }
}

#[test]
fn days_that_are_not_there() {
    for (kind, (year, month, day), message, nearest) in [
        (GREGORIAN, (2026, 2, 30), "February 2026 has 28 days", (2026, 2, 28)),
        (GREGORIAN, (2024, 2, 30), "February 2024 has 29 days", (2024, 2, 29)),
        (GREGORIAN, (2026, 6, 31), "June 2026 has 30 days", (2026, 6, 30)),
        (GREGORIAN, (2026, 13, 5), "months run from 1 to 12", (2026, 12, 5)),
        (GREGORIAN, (2026, 0, 5), "months run from 1 to 12", (2026, 1, 5)),
        (GREGORIAN, (2026, 6, 0), "the days of a month are counted from 1", (2026, 6, 1)),
        (GREGORIAN, (0, 6, 40), "years run from 1 to 9999", (1, 6, 28)),
        (
            PERSIAN,
            (1404, 12, 30),
            "1404 is not a leap year and its last month has 29 days",
            (1404, 12, 29),
        ),
        (PERSIAN, (1403, 12, 31), "Esfand 1403 has 30 days", (1403, 12, 30)),
        (PERSIAN, (1403, 7, 31), "Mehr 1403 has 30 days", (1403, 7, 30)),
        (PERSIAN, (1403, 13, 1), "months run from 1 to 12", (1403, 12, 1)),
    ] {
        let bad = kind.day(year, month, day).unwrap_err();
        assert_eq!((bad.to_string().as_str(), bad.nearest), (message, nearest));
        let (year, month, day) = nearest;
        assert!(kind.day(year, month, day).is_ok());
    }
    for year in [1402, 1404, 1407] {
        assert!(PERSIAN.day(year, 12, 30).is_err());
    }
}

#[test]
fn a_year_tells_its_calendar() {
    for (year, kind) in [
        (1199, None),
        (1200, Some(PERSIAN)),
        (1599, Some(PERSIAN)),
        (1600, None),
        (1899, None),
        (1900, Some(GREGORIAN)),
        (2199, Some(GREGORIAN)),
        (2200, None),
    ] {
        assert_eq!(CalendarKind::year_of_literal(year), kind);
    }
}

#[test]
fn calendars_and_months_by_name() {
    assert_eq!(CalendarKind::from_name("persian"), Some(PERSIAN));
    assert_eq!(CalendarKind::from_name("gregorian"), Some(GREGORIAN));
    assert_eq!(CalendarKind::from_name("julian"), None);
    assert_eq!(GREGORIAN.month_from_name("april"), Some(4));
    assert_eq!(PERSIAN.month_from_name("Farvardin"), Some(1));
    assert_eq!(PERSIAN.month_from_name("april"), None);
    for kind in [GREGORIAN, PERSIAN] {
        for month in 1..=12 {
            assert_eq!(kind.month_from_name(kind.month_name(month)), Some(month));
        }
    }
}

/// The properties of one period and its neighbours.
fn check(calendar: Calendar, period: Period) {
    let what = || format!("{} of {calendar:?}", calendar.label(period));
    let Period { grain, start, end } = period;
    assert!(start <= end, "{}", what());
    for inside in [start, end, Date::from_days(start.days().midpoint(end.days()))] {
        assert!(period.contains(inside));
        assert_eq!(calendar.period_of(grain, inside), period, "{}", what());
    }
    let (before, after) = (calendar.shift(period, -1), calendar.shift(period, 1));
    assert_eq!(before.end.plus(1), start, "no gap before {}", what());
    assert_eq!(end.plus(1), after.start, "no gap after {}", what());
    assert_eq!(calendar.period_of(grain, start.plus(-1)), before);
    assert_eq!(calendar.period_of(grain, end.plus(1)), after);
    for n in [-53, -12, -1, 0, 7, 400] {
        let there = calendar.shift(period, n);
        assert_eq!(calendar.shift(there, -n), period, "{} and {n}", what());
        assert_eq!(calendar.index(there) - calendar.index(period), i64::from(n));
    }
    assert!(before < period && period < after);

    let label = calendar.label(period);
    let read = calendar.parse_label(&label).unwrap_or_else(|| panic!("{}", what()));
    if grain == Grain::Week && calendar.week_start != Weekday::Monday {
        assert_eq!(read, calendar.period_of(Grain::Day, start), "{}", what());
        assert_eq!(calendar.period_of(Grain::Week, read.start), period);
    } else {
        assert_eq!(read, period, "{}", what());
    }

    let length = period.len_days();
    let plausible = match grain {
        Grain::Day => 1..=1,
        Grain::Week => 7..=7,
        Grain::Month => 28..=31,
        Grain::Quarter => 89..=93,
        Grain::Year => 365..=366,
    };
    assert!(plausible.contains(&length), "{} has {length} days", what());
}

#[test]
fn periods_tile_the_line() {
    let (from, to) = (date("1960-01-01"), date("2199-12-31"));
    for calendar in calendars() {
        let plain = calendar.fiscal_start == 1 && calendar.named_by == NamedBy::Start;
        for grain in [Grain::Week, Grain::Month, Grain::Quarter, Grain::Year] {
            // Weeks and months know no fiscal year.
            if grain < Grain::Quarter && !plain {
                continue;
            }
            let periods = calendar.periods(grain, from, to);
            for period in &periods {
                check(calendar, *period);
            }
            assert!(periods.windows(2).all(|pair| pair[0].end.plus(1) == pair[1].start));
            assert!(
                periods.first().unwrap().contains(from) && periods.last().unwrap().contains(to)
            );
        }
    }
}

#[test]
fn days_are_periods() {
    for kind in [GREGORIAN, PERSIAN] {
        let calendar = Calendar { kind, ..Calendar::default() };
        for day in days() {
            check(calendar, calendar.period_of(Grain::Day, day));
        }
    }
}

#[test]
fn periods_nest() {
    for calendar in calendars() {
        for year in calendar.periods(Grain::Year, date("2019-01-01"), date("2031-12-31")) {
            let quarters = calendar.periods(Grain::Quarter, year.start, year.end);
            assert_eq!(quarters.len(), 4);
            let months = calendar.periods(Grain::Month, year.start, year.end);
            assert_eq!(months.len(), 12);
            for parts in [&quarters, &months] {
                assert_eq!(parts.first().unwrap().start, year.start);
                assert_eq!(parts.last().unwrap().end, year.end);
            }
            for quarter in quarters {
                let months = calendar.periods(Grain::Month, quarter.start, quarter.end);
                assert_eq!(months.len(), 3);
                assert_eq!((months[0].start, months[2].end), (quarter.start, quarter.end));
            }
        }
    }
}

#[test]
fn weeks_from_monday_are_iso_weeks() {
    let calendar = Calendar::default();
    for day in days() {
        let (year, month, of_month) = day.ymd();
        let other = jiff::civil::date(year as i16, month as i8, of_month as i8).iso_week_date();
        let label = format!("{:04}-W{:02}", other.year(), other.week());
        let week = calendar.period_of(Grain::Week, day);
        assert_eq!(calendar.label(week), label, "{day}");
        assert_eq!(calendar.week(i32::from(other.year()), other.week() as u32), Some(week));
        assert_eq!(week.start.weekday(), Weekday::Monday);
    }
    for year in 1960..2200 {
        let last = jiff::civil::date(year, 12, 28).iso_week_date().week();
        assert_eq!(calendar.week(i32::from(year), 53).is_some(), last == 53, "{year}");
    }
    assert_eq!((calendar.week(2026, 0), calendar.week(2026, 54)), (None, None));
    assert_eq!(calendar.week(1405, 3), None, "no ISO weeks of Solar Hijri years");
    let saturday = Calendar { week_start: Weekday::Saturday, ..calendar };
    assert_eq!(saturday.week(2026, 27), None, "ISO weeks start on Monday");
    let week = saturday.period_of(Grain::Week, date("2026-07-01"));
    assert_eq!(saturday.label(week), "2026-06-27");
    assert_eq!(week.start.weekday(), Weekday::Saturday);
    let solar = Calendar { kind: PERSIAN, ..saturday };
    assert_eq!(solar.label(week), "1405-04-06");
}

#[test]
fn fiscal_years_are_named_by_start_or_end() {
    for calendar in calendars() {
        for month in calendar.periods(Grain::Month, date("2019-01-01"), date("2031-12-31")) {
            let (year, number, _) = calendar.kind.ymd(month.start);
            // The year it begins in: this one, or the one before if the start is yet to come.
            let begins = if number >= calendar.fiscal_start { year } else { year - 1 };
            let ends = if calendar.fiscal_start == 1 { begins } else { begins + 1 };
            let name = match calendar.named_by {
                NamedBy::Start => begins,
                NamedBy::End => ends,
            };
            let quarter = (number + 12 - calendar.fiscal_start) % 12 / 3 + 1;
            let of = |grain| calendar.label(calendar.period_of(grain, month.start));
            assert_eq!(of(Grain::Year), name.to_string());
            assert_eq!(of(Grain::Quarter), format!("{name}-Q{quarter}"));
            assert_eq!(of(Grain::Month), format!("{year}-{number:02}"), "months are never fiscal");
            assert!(calendar.year(name).unwrap().contains(month.end));
            assert!(calendar.quarter(name, quarter).unwrap().contains(month.end));
            assert_eq!(calendar.month(year, number), Some(month));
        }
    }
}

#[test]
fn periods_that_people_know() {
    let april = Calendar { fiscal_start: 4, named_by: NamedBy::End, ..Calendar::default() };
    let shown = |period: Option<Period>| period.map(|p| format!("{}..{}", p.start, p.end));
    assert_eq!(shown(april.quarter(2027, 1)).unwrap(), "2026-04-01..2026-06-30");
    assert_eq!(shown(april.year(2026)).unwrap(), "2025-04-01..2026-03-31");
    let iran = Calendar { kind: PERSIAN, week_start: Weekday::Saturday, ..Calendar::default() };
    assert_eq!(shown(iran.quarter(1403, 1)).unwrap(), "2024-03-20..2024-06-20");
    assert_eq!(shown(iran.quarter(1403, 2)).unwrap(), "2024-06-21..2024-09-21");
    assert_eq!(shown(iran.quarter(1403, 3)).unwrap(), "2024-09-22..2024-12-20");
    assert_eq!(shown(iran.quarter(1403, 4)).unwrap(), "2024-12-21..2025-03-20");
    assert_eq!(shown(iran.year(1405)).unwrap(), "2026-03-21..2027-03-20");
    assert_eq!(shown(iran.month(1405, 7)).unwrap(), "2026-09-23..2026-10-22");
    assert_eq!((iran.quarter(1405, 5), iran.quarter(1405, 0)), (None, None));
    assert_eq!((iran.month(1405, 13), iran.month(1405, 0)), (None, None));
    assert_eq!((iran.year(0), iran.year(10_000)), (None, None));
}

#[test]
fn the_year_before() {
    let calendar = Calendar::default();
    let before = |text: &str| {
        let period = calendar.parse_label(text).unwrap();
        calendar.year_before(period).map(|p| calendar.label(p))
    };
    assert_eq!(before("2026-06-01").as_deref(), Some("2025-06-01"));
    assert_eq!(before("2024-02-29"), None);
    assert_eq!(before("2026-W27").as_deref(), Some("2025-W27"));
    assert_eq!(before("2027-W01").as_deref(), Some("2026-W02"), "52 weeks, for 2026 has 53");
    assert_eq!(before("2026-02").as_deref(), Some("2025-02"));
    assert_eq!(before("2026-Q1").as_deref(), Some("2025-Q1"));
    assert_eq!(before("2026").as_deref(), Some("2025"));
    let iran = Calendar { kind: PERSIAN, ..calendar };
    let leap_day = iran.period_of(Grain::Day, solar(1403, 12, 30));
    assert_eq!(iran.year_before(leap_day), None);
    let same = iran.year_before(iran.period_of(Grain::Day, solar(1404, 12, 29))).unwrap();
    assert_eq!(same.start, solar(1403, 12, 29));
}

#[test]
fn spans_back_from_a_day() {
    let calendar = Calendar { fiscal_start: 4, named_by: NamedBy::End, ..Calendar::default() };
    for (end, n, unit, first) in [
        ("2026-06-30", 28, SpanUnit::Days, "2026-06-03"),
        ("2026-06-30", 1, SpanUnit::Days, "2026-06-30"),
        ("2026-03-31", 3, SpanUnit::Months, "2026-01-01"),
        ("2026-03-01", 3, SpanUnit::Months, "2026-01-01"),
        ("2026-01-15", 2, SpanUnit::Months, "2025-12-01"),
        ("2026-07-01", 1, SpanUnit::Weeks, "2026-06-29"),
        ("2026-07-05", 2, SpanUnit::Weeks, "2026-06-22"),
        ("2026-05-10", 2, SpanUnit::Quarters, "2026-01-01"),
        ("2026-05-10", 1, SpanUnit::Years, "2026-04-01"),
        ("2026-03-10", 2, SpanUnit::Years, "2024-04-01"),
        ("2026-03-10", 0, SpanUnit::Days, "2026-03-10"),
    ] {
        assert_eq!(calendar.back(date(end), n, unit), date(first), "{n} {unit:?} to {end}");
    }
    let iran = Calendar { kind: PERSIAN, ..calendar };
    assert_eq!(iran.back(solar(1405, 1, 10), 2, SpanUnit::Months), solar(1404, 12, 1));
}

#[test]
fn periods_between_two_days() {
    let calendar = Calendar::default();
    let labels = |from, to| -> Vec<String> {
        let found = calendar.periods(Grain::Month, date(from), date(to));
        found.into_iter().map(|p| calendar.label(p)).collect()
    };
    assert_eq!(labels("2026-01-31", "2026-03-01"), ["2026-01", "2026-02", "2026-03"]);
    assert_eq!(labels("2026-01-31", "2026-01-31"), ["2026-01"]);
    assert_eq!(labels("2026-02-01", "2026-01-31"), [""; 0]);
}

#[test]
fn labels_that_are_none() {
    for calendar in [Calendar::default(), Calendar { kind: PERSIAN, ..Calendar::default() }] {
        for text in [
            "",
            "26",
            "2026-",
            "2026-6",
            "2026-13",
            "2026-00",
            "2026-Q0",
            "2026-Q5",
            "2026-q1",
            "2026-W0",
            "2026-W00",
            "2026-W54",
            "2025-W53",
            "2026-02-29",
            "2026-6-1",
            "0000",
            "2026-06-01 ",
            " 2026",
            "1650-01-01",
            "1404-12-30",
            "2026-06-011",
            "سال۱۴۰۵",
            "2026ا",
        ] {
            assert_eq!(calendar.parse_label(text), None, "{text}");
        }
        // A day's own year says which calendar it is of.
        let day = |text| calendar.parse_label(text).unwrap().start;
        assert_eq!(day("1405-01-01"), day("2026-03-21"));
    }
}

#[test]
fn grains_and_spans_by_word() {
    for grain in Grain::ALL {
        assert_eq!(Grain::from_cadence(grain.cadence()), Some(grain));
        assert_eq!(Grain::from_word(grain.word()), Some(grain));
        let plural = format!("{}s", grain.word());
        assert_eq!(SpanUnit::from_word(&plural).unwrap().grain(), grain);
        assert_eq!(SpanUnit::from_word(grain.word()).unwrap().grain(), grain);
    }
    assert_eq!(Grain::from_cadence("fortnightly"), None);
    assert!(Grain::Day < Grain::Week && Grain::Quarter < Grain::Year);
}
