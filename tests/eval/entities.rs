//! Functions over entities against a plain reading of random rows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use num_bigint::BigInt;
use num_rational::BigRational;
use sanjeh::driver;
use sanjeh::eval::table::{Question, Row as Answer};
use sanjeh::host::memory::MemoryHost;
use sanjeh::time::{Calendar, Date, Grain, Period};

use super::oracle::{Random, plain};
use crate::support;

const SPEC: &str = r#"
source orders {
  csv:   "orders*.csv"
  date:  at
  rows:  events
  where: kind != "test"
  columns {
    at:       timestamp
    closed:   date
    who:      id
    channel:  text
    kind:     text
    x:        number
    order_no: count = nth(who)
    since:    date = first_seen(who)
    early:    bool = order_no <= 2 and day(since) < 15
  }
}

source stock {
  csv:  "stock*.csv"
  date: at
  rows: snapshot
  columns {
    at:      timestamp
    who:     id
    channel: text
    kind:    text
    x:       number
  }
}

metric fresh      = new(orders.who)
metric fresh_seo  = new(orders.who where channel == "seo")
metric fresh_on   = new(orders.who, on: closed)
metric again      = returning(orders.who)
metric again_seo  = returning(orders.who where channel == "seo")
metric gone       = lost(orders.who)
metric stayed     = retained(orders.who, 1 month)
metric stayed_of  = retained(orders.who, 1 month, of: x)
metric stayed_two = retained(orders.who, 2 weeks)
metric often      = count_distinct(orders.who, at_least: 2)
metric level      = last(orders.x, per: who)
metric level_seo  = last(orders.x, per: who where channel == "seo")
metric opened     = first(orders.x, per: who)
metric repeats    = sum(orders.x where order_no >= 2)
metric firsts     = count(orders where order_no == 1)
metric late       = count(orders where since >= 2025-12-10)
metric eager      = count(orders where early)
metric stored     = last(stock.x, per: who)
metric shelved    = first(stock.x, per: who)
metric moved      = lost(stock.who)
metric kept       = retained(stock.who, 1 month, of: stock.x)
"#;

const NAMES: [&str; 21] = [
    "fresh",
    "fresh_seo",
    "fresh_on",
    "again",
    "again_seo",
    "gone",
    "stayed",
    "stayed_of",
    "stayed_two",
    "often",
    "level",
    "level_seo",
    "opened",
    "repeats",
    "firsts",
    "late",
    "eager",
    "stored",
    "shelved",
    "moved",
    "kept",
];

#[derive(Clone, Debug)]
struct Row {
    /// Seconds from 1970-01-01.
    moment: i64,
    /// Its place by path and line.
    place: usize,
    closed: Option<Date>,
    who: Option<String>,
    channel: Option<String>,
    test: bool,
    x: Option<BigRational>,
    text: String,
}

impl Row {
    fn random(random: &mut Random, place: usize) -> Self {
        let first = Date::parse_iso("2025-11-14").unwrap();
        let day = first.plus(random.below(70) as i32);
        let hour = [8, 12, 18][random.below(3) as usize];
        let closed = (random.below(5) > 0).then(|| day.plus(random.below(40) as i32));
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let who = given(
            &["", "ann", "bob", "cyd", "dan", "eve", "fay", "gus", "hal", "ida"]
                [random.below(10) as usize]
                .repeat(1 + random.below(3) as usize),
        );
        let channel = given(["seo", "ads", "mail", ""][random.below(4) as usize]);
        let test = random.below(9) == 0;
        let x = (random.below(6) > 0)
            .then(|| BigRational::new(BigInt::from(random.below(4000)) - 900, BigInt::from(100)));
        let cell = |text: &Option<String>| text.clone().unwrap_or_default();
        let text = format!(
            "{day} {hour:02}:00:00,{},{},{},{},{}\n",
            closed.map_or(String::new(), |d| d.to_string()),
            cell(&who),
            cell(&channel),
            if test { "test" } else { "real" },
            x.as_ref().map_or(String::new(), |x| plain(x, false)),
        );
        let moment = i64::from(day.days()) * 86_400 + hour * 3600;
        Self { moment, place, closed, who, channel, test, x, text }
    }

    fn day(&self) -> Date {
        Date::from_days(i32::try_from(self.moment.div_euclid(86_400)).unwrap())
    }

    fn is_in(&self, by: &[(String, Option<String>)]) -> bool {
        by.iter().all(|(dimension, member)| {
            if dimension == "channel" {
                return self.channel == *member;
            }
            let weekday = (self.day().days() + 3).rem_euclid(7) + 1;
            Some(weekday.to_string()) == *member
        })
    }
}

/// Rows as files, cut at random places.
fn files(name: &str, rows: &[Row], random: &mut Random) -> Vec<(String, String)> {
    let mut cuts: Vec<usize> =
        (0..random.below(4)).map(|_| random.below(rows.len() as u64) as usize).collect();
    cuts.extend([0, rows.len()]);
    cuts.sort_unstable();
    let parts = cuts.windows(2).enumerate().map(|(n, cut)| {
        let mut text = "at,closed,who,channel,kind,x\n".to_owned();
        rows[cut[0]..cut[1]].iter().for_each(|row| text.write_str(&row.text).unwrap());
        (format!("{name}-{n}.csv"), text)
    });
    parts.collect()
}

fn ask(host: &MemoryHost, by: &[&str], every: Grain, as_of: Option<Date>) -> Vec<Answer> {
    let project = driver::load(host, "").unwrap();
    let question = Question {
        measures: NAMES.iter().map(|name| project.model.find(name).unwrap()).collect(),
        by: by.iter().map(|d| (*d).to_owned()).collect(),
        every: Some(every),
        as_of,
        ..Question::default()
    };
    support::rows(host, &question)
}

#[test]
fn entities_are_what_the_rows_say() {
    let mut compared = 0;
    let mut known = BTreeMap::new();
    for seed in 1..=8 {
        let random = &mut Random::new(seed);
        let orders: Vec<Row> = (0..140).map(|place| Row::random(random, place)).collect();
        let stock: Vec<Row> = (0..60).map(|place| Row::random(random, place)).collect();
        let mut all = files("orders", &orders, random);
        all.extend(files("stock", &stock, random));
        all.push(("main.kpi".to_owned(), SPEC.to_owned()));
        let host = MemoryHost::new(all.iter().map(|(p, t)| (p.as_str(), t.as_str())));
        let given = (seed % 2 == 0).then(|| Date::parse_iso("2026-01-13").unwrap());
        let last = orders.iter().filter(|r| !r.test).chain(&stock).map(Row::day).max();
        let as_of = given.unwrap_or(last.unwrap());
        for by in [&[][..], &["channel"], &["weekday"]] {
            for every in Grain::ALL {
                for answer in ask(&host, by, every, given) {
                    let rows = if SHELF.contains(&&*answer.kpi) { &stock } else { &orders };
                    let expected = Reading::new(rows, &answer, every, as_of).value();
                    let expected = expected.map(|v| plain(&v, false));
                    let place =
                        || format!("{seed} {} {} {:?}", answer.kpi, answer.period, answer.by);
                    assert_eq!(answer.value, expected, "{}", place());
                    compared += 1;
                    let other = answer.value.is_some_and(|v| v != "0");
                    *known.entry(answer.kpi.clone()).or_insert(0) += u32::from(other);
                }
            }
        }
    }
    assert!(compared > 20_000, "only {compared} values were compared");
    assert!(known.len() == NAMES.len() && known.values().all(|n| *n > 40), "{known:?}");
}

/// The metrics of the stock.
const SHELF: [&str; 4] = ["stored", "shelved", "moved", "kept"];

/// A question, and the rows that count for it.
struct Reading<'r> {
    name: &'r str,
    rows: Vec<&'r Row>,
    by: &'r [(String, Option<String>)],
    period: Period,
    every: Grain,
    as_of: Date,
    shelf: bool,
}

impl<'r> Reading<'r> {
    fn new(rows: &'r [Row], answer: &'r Answer, every: Grain, as_of: Date) -> Self {
        let shelf = SHELF.contains(&&*answer.kpi);
        let counts = |r: &&Row| (shelf || !r.test) && r.day() <= as_of;
        let start = Date::parse_iso(&answer.start).unwrap();
        Self {
            name: &answer.kpi,
            rows: rows.iter().filter(counts).collect(),
            by: &answer.by,
            period: Calendar::default().period_of(every, start),
            every,
            as_of,
            shelf,
        }
    }

    fn value(&self) -> Option<BigRational> {
        let covered = self.covered();
        let (first, last) = (self.period.start, self.period.end.min(self.as_of));
        if last < covered.0 || first > covered.1 || first > last {
            return None;
        }
        let number = |n: usize| Some(BigRational::from(BigInt::from(n)));
        let seo = |r: &&Row| !self.name.ends_with("_seo") || r.channel.as_deref() == Some("seo");
        let rows: Vec<&Row> = self.rows.iter().copied().filter(seo).collect();
        let between = |from: Date, to: Date| {
            let inside = move |r: &&Row| from <= r.day() && r.day() <= to;
            rows.iter().copied().filter(inside).collect::<Vec<&Row>>()
        };
        let now = between(first, last);
        let here: Vec<&Row> = now.iter().copied().filter(|r| r.is_in(self.by)).collect();
        match self.name {
            "fresh" | "fresh_seo" => {
                let firsts = firsts(&rows, |r| Some(r.moment));
                number(here.iter().filter(|r| firsts.contains(&r.place)).count())
            }
            "fresh_on" => {
                // A breakdown by the day of the week goes by the same date.
                let day = |r: &Row| r.closed.filter(|d| *d <= self.as_of);
                let firsts = firsts(&rows, |r| day(r).map(|d| i64::from(d.days())));
                let inside = |r: &&&Row| {
                    day(r).is_some_and(|d| first <= d && d <= last) && self.is_on(r, day(r))
                };
                number(rows.iter().filter(inside).filter(|r| firsts.contains(&r.place)).count())
            }
            "again" | "again_seo" => {
                let before = ids(&between(Date::from_days(0), first.plus(-1)));
                number(ids(&here).intersection(&before).count())
            }
            "gone" | "moved" | "stayed" | "stayed_of" | "stayed_two" | "kept" => {
                let (from, to) = self.earlier()?;
                if to < covered.0 {
                    return None;
                }
                let before = between(from, to);
                let before: Vec<&Row> = before.into_iter().filter(|r| r.is_in(self.by)).collect();
                if self.shelf && (before.is_empty() || now.is_empty()) {
                    return None;
                }
                let (before, today) = (ids(&before), ids(&now));
                let both: BTreeSet<&str> = before.intersection(&today).copied().collect();
                match self.name {
                    "gone" | "moved" => number(before.difference(&today).count()),
                    "stayed_of" | "kept" if both.is_empty() => number(0),
                    "stayed_of" | "kept" => {
                        let of_both =
                            |r: &&&Row| r.who.as_deref().is_some_and(|w| both.contains(w));
                        sum(now.iter().filter(of_both).copied())
                    }
                    _ => number(both.len()),
                }
            }
            "often" => {
                let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
                for who in here.iter().filter_map(|r| r.who.as_deref()) {
                    *counts.entry(who).or_default() += 1;
                }
                number(counts.values().filter(|n| **n >= 2).count())
            }
            "level" | "level_seo" | "stored" => {
                self.chosen(&between(Date::from_days(0), last), End::Last)
            }
            "opened" => self.chosen(&now, End::First),
            "shelved" => {
                let opening = self.chosen(&now, End::First);
                let open: BTreeSet<Option<&str>> =
                    now.iter().filter(|r| r.x.is_some()).map(|r| r.who.as_deref()).collect();
                let mut rest = between(covered.0, first.plus(-1));
                rest.retain(|r| !open.contains(&r.who.as_deref()));
                let held = self.chosen(&rest, End::Last);
                match (opening, held) {
                    (Some(a), Some(b)) => Some(a + b),
                    (a, b) => a.or(b),
                }
            }
            "repeats" | "firsts" | "late" | "eager" => self.ranked(&here),
            other => panic!("no metric {other}"),
        }
    }

    /// Sums and counts of rows by their place among those of their id.
    fn ranked(&self, here: &[&Row]) -> Option<BigRational> {
        let since = |r: &Row| {
            let same = self.rows.iter().filter(|other| r.who.is_some() && other.who == r.who);
            same.map(|other| other.day()).min()
        };
        let rank = |r: &Row| {
            let before = |other: &&&Row| {
                other.who == r.who && (other.moment, other.place) <= (r.moment, r.place)
            };
            r.who.as_ref().map(|_| self.rows.iter().filter(before).count())
        };
        let from = Date::parse_iso("2025-12-10").unwrap();
        let holds = |r: &&&Row| match self.name {
            "repeats" => rank(r).is_some_and(|n| n >= 2),
            "firsts" => rank(r) == Some(1),
            "late" => since(r).is_some_and(|day| day >= from),
            _ => {
                let young = since(r).is_some_and(|day| day.to_string()[8..] < *"15");
                rank(r).is_some_and(|n| n <= 2) && young
            }
        };
        let chosen: Vec<&Row> = here.iter().filter(holds).copied().collect();
        if self.name == "repeats" && !chosen.is_empty() {
            return sum(chosen.into_iter());
        }
        Some(BigRational::from(BigInt::from(if self.name == "repeats" { 0 } else { chosen.len() })))
    }

    /// Of each key the rows of its first or last moment; those of them that are asked for.
    fn chosen(&self, rows: &[&Row], end: End) -> Option<BigRational> {
        let mut moments: BTreeMap<Option<&str>, i64> = BTreeMap::new();
        for row in rows.iter().filter(|r| r.x.is_some()) {
            let known = moments.entry(row.who.as_deref()).or_insert(row.moment);
            *known = match end {
                End::First => row.moment.min(*known),
                End::Last => row.moment.max(*known),
            };
        }
        let at_end = |r: &&&Row| moments.get(&r.who.as_deref()) == Some(&r.moment);
        sum(rows.iter().filter(at_end).filter(|r| r.is_in(self.by)).copied())
    }

    /// The first and last day of the source: its rows', or of a log the as-of date.
    fn covered(&self) -> (Date, Date) {
        let days = || self.rows.iter().map(|r| r.day());
        let last = if self.shelf { days().max().unwrap() } else { self.as_of };
        (days().min().unwrap(), last)
    }

    /// As many days of the earlier period as the source has of this one.
    fn earlier(&self) -> Option<(Date, Date)> {
        let calendar = Calendar::default();
        let back = |n: i32| calendar.shift(self.period, -n);
        let earlier = match (self.name, self.every) {
            ("gone" | "moved", _) | ("stayed" | "stayed_of" | "kept", Grain::Month) => back(1),
            ("stayed_two", Grain::Day) => back(14),
            ("stayed_two", Grain::Week) => back(2),
            ("stayed" | "stayed_of" | "kept", Grain::Day) => {
                let month = calendar.period_of(Grain::Month, self.period.start);
                let day = self.period.start.days() - month.start.days();
                let before = calendar.shift(month, -1);
                let same = before.start.plus(day);
                return (same <= before.end).then_some((same, same));
            }
            _ => return None,
        };
        let reached = self.covered().1.min(self.as_of);
        if reached >= self.period.end {
            return Some((earlier.start, earlier.end));
        }
        let passed = reached.days() - self.period.start.days();
        Some((earlier.start, earlier.start.plus(passed).min(earlier.end)))
    }

    /// As [`Row::is_in`], by another date.
    fn is_on(&self, row: &Row, day: Option<Date>) -> bool {
        let moved = Row { moment: day.map_or(0, |d| i64::from(d.days()) * 86_400), ..row.clone() };
        moved.is_in(self.by)
    }
}

#[derive(Clone, Copy)]
enum End {
    First,
    Last,
}

fn ids<'r>(rows: &[&'r Row]) -> BTreeSet<&'r str> {
    rows.iter().filter_map(|r| r.who.as_deref()).collect()
}

/// The places of each id's first row, by a moment and then by path and line.
fn firsts(rows: &[&Row], moment: impl Fn(&Row) -> Option<i64>) -> BTreeSet<usize> {
    let mut first: BTreeMap<&str, (i64, usize)> = BTreeMap::new();
    for row in rows {
        if let (Some(who), Some(moment)) = (row.who.as_deref(), moment(row)) {
            let known = first.entry(who).or_insert((moment, row.place));
            *known = (moment, row.place).min(*known);
        }
    }
    first.into_values().map(|(_, place)| place).collect()
}

/// The sum of the rows that have a value; none where no row has.
fn sum<'r>(rows: impl Iterator<Item = &'r Row>) -> Option<BigRational> {
    let values: Vec<BigRational> = rows.filter_map(|r| r.x.clone()).collect();
    (!values.is_empty()).then(|| values.into_iter().sum())
}
