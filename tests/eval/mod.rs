//! Numbers against an independent reading: random rows, worked through one by one with fractions.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod clock;
mod entities;
mod oracle;
mod over;
mod targets;

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use sanjeh::diagnostic::Diagnostics;
use sanjeh::driver::{self, Computed};
use sanjeh::eval::table::{Question, Row as Answer};
use sanjeh::eval::{Slice, Value};
use sanjeh::host::memory::MemoryHost;
use sanjeh::model::Compare;
use sanjeh::plan::{Request, Wanted};
use sanjeh::time::{Calendar, Date, Grain};

use crate::support;
use oracle::{Data, Random, plain, rational};

const SPEC: &str = r#"
source web {
  csv:  "web*.csv"
  date: day
  rows: events
  columns {
    channel: text
    device:  text
    who:     id
    x:       number
    w:       number
  }
}

source shop {
  csv:  "shop*.csv"
  date: day
  columns {
    channel: text
    device:  text
    who:     id
    x:       number
    w:       number
  }
}

metric rows    = count(web)
metric given   = count(web.x)
metric total   = sum(web.x)
metric mean    = avg(web.x)
metric heavy   = avg(web.x, weight: w)
metric least   = min(web.x)
metric most    = max(web.x)
metric middle  = median(web.x)
metric ninety  = percentile(web.x, 90)
metric spread  = stddev(web.x)
metric people  = count_distinct(web.who)
metric earliest = first(web.x)
metric latest  = last(web.x)
metric mobile  = sum(web.x where device == "mobile")
metric orders  = count(shop)
metric revenue = sum(shop.x)
metric cheap   = sum(shop.x where x < 5 and device != "mobile")
metric rate    = orders / rows
metric both    = total + revenue
metric safe    = total + revenue ?? 0
"#;

/// The names of the metrics above that are answered by [`oracle::value`].
const NAMES: [&str; 20] = [
    "rows", "given", "total", "mean", "heavy", "least", "most", "middle", "ninety", "spread",
    "people", "earliest", "latest", "mobile", "orders", "revenue", "cheap", "rate", "both", "safe",
];

fn ask(host: &MemoryHost, by: &[&str], every: Grain, as_of: Option<Date>) -> Vec<Answer> {
    let project = driver::load(host, "").unwrap();
    let find = |name: &&str| project.model.find(name).unwrap_or_else(|| panic!("no {name}"));
    let question = Question {
        measures: NAMES.iter().map(find).collect(),
        by: by.iter().map(|d| (*d).to_owned()).collect(),
        every: Some(every),
        as_of,
        ..Question::default()
    };
    support::rows(host, &question)
}

const SETS: [&[&str]; 5] = [&[], &["channel"], &["channel", "device"], &["device"], &["weekday"]];

#[test]
fn every_number_is_what_the_rows_say_one_by_one() {
    let mut compared = 0;
    for seed in 1..=6 {
        let data = Data::random(&mut Random::new(seed));
        let host = data.host(SPEC);
        for by in SETS {
            for every in Grain::ALL {
                let as_of = (seed % 3 == 0).then(|| Date::parse_iso("2026-01-20").unwrap());
                let rows = ask(&host, by, every, as_of);
                assert!(!rows.is_empty());
                compared += check(&data, &rows, as_of);
            }
        }
    }
    assert!(compared > 10_000, "only {compared} values were compared");
}

fn check(data: &Data, rows: &[Answer], as_of: Option<Date>) -> usize {
    for row in rows {
        let expected = oracle::value(data, row, as_of);
        let found = row.value.as_deref();
        let place = || format!("{} {} {:?}", row.kpi, row.period, row.by);
        if row.kpi == "spread" {
            // The root is irrational: its square is near the variance.
            match (found, &expected) {
                (Some(found), Some(variance)) => {
                    let square = rational(found) * rational(found);
                    let off = (&square - variance).abs_ratio(variance);
                    assert!(off < rational("0.0000000000000001"), "{}", place());
                }
                (found, expected) => assert_eq!(found.is_some(), expected.is_some(), "{}", place()),
            }
            continue;
        }
        let quotient = matches!(row.kpi.as_str(), "mean" | "heavy" | "rate");
        assert_eq!(found.map(str::to_owned), expected.map(|v| plain(&v, quotient)), "{}", place());
    }
    rows.len()
}

trait Ratio {
    fn abs_ratio(&self, whole: &BigRational) -> BigRational;
}

impl Ratio for BigRational {
    fn abs_ratio(&self, whole: &BigRational) -> BigRational {
        let size = if *self < BigRational::zero() { -self } else { self.clone() };
        if whole.is_zero() { size } else { size / whole }
    }
}

#[test]
fn neither_order_nor_files_change_a_digit() {
    for seed in 1..=3 {
        let random = &mut Random::new(seed);
        let data = Data::random(random);
        let expected: Vec<_> =
            SETS.iter().map(|by| ask(&data.host(SPEC), by, Grain::Month, None)).collect();
        for _ in 0..2 {
            let host = data.shuffled(random).split_host(SPEC, random);
            for (by, expected) in SETS.iter().zip(&expected) {
                assert_eq!(&ask(&host, by, Grain::Month, None), expected);
            }
        }
    }
}

#[test]
fn parts_add_up_and_a_ratio_is_one_of_sums() {
    let data = Data::random(&mut Random::new(7));
    let host = data.host(SPEC);
    let whole = ask(&host, &[], Grain::Month, None);
    let find = |rows: &[Answer], name: &str, period: &str| -> BigRational {
        let mine = rows.iter().filter(|r| r.kpi == name && r.period == period);
        mine.filter_map(|r| r.value.as_deref()).map(rational).sum()
    };
    for by in &SETS[1..] {
        let parts = ask(&host, by, Grain::Month, None);
        for row in whole.iter().filter(|r| ["rows", "total", "orders"].contains(&&*r.kpi)) {
            let total = find(&whole, &row.kpi, &row.period);
            assert_eq!(find(&parts, &row.kpi, &row.period), total, "{} by {by:?}", row.kpi);
        }
        for row in whole.iter().filter(|r| r.kpi == "rate" && r.value.is_some()) {
            let (orders, rows) =
                (find(&parts, "orders", &row.period), find(&parts, "rows", &row.period));
            assert_eq!(row.value.clone().unwrap(), plain(&(orders / rows), true));
        }
    }
}

#[test]
fn days_add_up_to_months_and_months_to_years() {
    let data = Data::random(&mut Random::new(11));
    let host = data.host(SPEC);
    let sums = |every, length: usize| {
        let mut sums: BTreeMap<(String, String), BigRational> = BTreeMap::new();
        for row in ask(&host, &[], every, None) {
            if let Some(value) = row.value.filter(|_| ["total", "revenue"].contains(&&*row.kpi)) {
                let key = (row.kpi, row.start[..length].to_owned());
                *sums.entry(key).or_insert_with(BigRational::zero) += rational(&value);
            }
        }
        sums
    };
    assert_eq!(sums(Grain::Day, 7), sums(Grain::Month, 7));
    assert_eq!(sums(Grain::Month, 4), sums(Grain::Year, 4));
}

#[test]
fn changes_compare_with_the_same_days() {
    let data = Data::random(&mut Random::new(5));
    let host = data.host(SPEC);
    let project = driver::load(&host, "").unwrap();
    let total = project.model.find("total").unwrap();
    let as_of = Date::parse_iso("2026-01-17").unwrap();
    let wanted = Wanted { measure: total, slices: Vec::new() };
    let request = Request { measures: vec![wanted], until: Some(as_of) };
    let mut out = Diagnostics::default();
    let computed = Computed::run(&host, &project.model, &request, &mut out).unwrap().unwrap();
    let evaluator = computed.evaluator(&project.model);
    let calendar = Calendar::default();
    let of = |label: &str, against| {
        let period = calendar.parse_label(label).unwrap();
        evaluator.change(total, period, &Slice::default(), &against).unwrap()
    };
    let between = |from: &str, to: &str| {
        let days = (Date::parse_iso(from).unwrap(), Date::parse_iso(to).unwrap());
        let inside = data.web.iter().filter(|r| days.0 <= r.day && r.day <= days.1);
        inside.filter_map(|r| r.x.clone()).sum::<BigRational>()
    };
    let number = |value: &Value| rational(&value.known().unwrap().to_plain());
    let open = of("2026-01", Compare::Previous);
    assert_eq!(open.days, Some(17));
    assert_eq!(number(&open.from), between("2025-12-01", "2025-12-17"));
    let now = between("2026-01-01", "2026-01-17");
    let expected = plain(&(&now - number(&open.from)), false);
    assert_eq!(open.absolute.unwrap().to_plain(), expected);
    let closed = of("2025-12", Compare::Previous);
    // November began before the data did: a value, but no change from a part.
    assert_eq!(closed.days, None);
    assert_eq!(number(&closed.from), between("2025-11-01", "2025-11-30"));
    assert_eq!((closed.absolute, closed.relative), (None, None));
    let year = of("2026-01", Compare::LastYear);
    assert_eq!((year.from, year.absolute), (Value::NotCovered, None));
}

/// The real export of Search Console, where it is at hand.
#[test]
#[allow(clippy::disallowed_methods, reason = "the file lies outside the project")]
fn search_console_figures() {
    let path = support::root().join("../shared/data/exports/gsc_en_chart.csv");
    let Ok(csv) = std::fs::read_to_string(path) else { return };
    let spec = r#"
source gsc {
  csv:  "chart.csv"
  date: `Date`
  columns {
    clicks:      count from `Clicks`
    impressions: count from `Impressions`
    position:    number from `Position`
  }
}

metric clicks      = sum(gsc.clicks)
metric impressions = sum(gsc.impressions)
metric position    = avg(gsc.position, weight: impressions)

kpi ctr "Click rate" {
  formula: clicks / impressions
  unit:    percent
}
"#;
    let host = MemoryHost::new([("main.kpi", spec), ("chart.csv", csv.as_str())]);
    let project = driver::load(&host, "").unwrap();
    let names = ["clicks", "impressions", "position", "ctr"];
    let question = Question {
        measures: names.iter().map(|n| project.model.find(n).unwrap()).collect(),
        ..Question::default()
    };
    let rows = support::rows(&host, &question);
    let value = |name: &str, period: &str| {
        let row = rows.iter().find(|r| r.kpi == name && r.period == period).unwrap();
        row.value.clone().unwrap()
    };
    let all = |period: &str| names.map(|name| value(name, period));
    let expected = ["9", "268", "5.47873134328358209", "0.0335820895522388060"];
    assert_eq!(all("2026-04")[..3], expected[..3]);
    assert_eq!(all("2026-05")[..3], ["18", "564", "7.85957446808510638"]);
    let ctr = BigRational::new(BigInt::from(9), BigInt::from(268));
    assert_eq!(all("2026-04")[3], plain(&ctr, true));
}
