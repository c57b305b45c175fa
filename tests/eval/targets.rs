//! Targets, paces and statuses against a plain reading: random values, periods and targets.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};
use sanjeh::driver;
use sanjeh::eval::table::{Question, Row as Answer};
use sanjeh::host::memory::MemoryHost;
use sanjeh::time::{Date, Grain};

use super::oracle::{Random, plain, rational};
use crate::support;

/// The days that the source covers.
const COVERED: (&str, &str) = ("2024-01-01", "2026-05-31");

fn whole(n: i64) -> BigRational {
    BigRational::from(BigInt::from(n))
}

fn below(random: &mut Random, limit: u64) -> i64 {
    random.below(limit).cast_signed()
}

fn day(text: &str) -> i64 {
    i64::from(Date::parse_iso(text).unwrap().days())
}

fn text(day: i64) -> String {
    Date::from_days(i32::try_from(day).unwrap()).to_string()
}

/// Year, month and day, cut out of the written date.
fn parts(at: i64) -> (i64, i64, i64) {
    let text = text(at);
    let part = |range: std::ops::Range<usize>| text[range].parse().unwrap();
    (part(0..4), part(5..7), part(8..10))
}

fn month_start(year: i64, month: i64) -> i64 {
    let (year, month) = (year + (month - 1).div_euclid(12), (month - 1).rem_euclid(12) + 1);
    day(&format!("{year:04}-{month:02}-01"))
}

/// The first and last day of the period of a grain that holds a day.
fn period(grain: Grain, at: i64) -> (i64, i64) {
    let (year, month, _) = parts(at);
    let months =
        |first: i64, count: i64| (month_start(year, first), month_start(year, first + count) - 1);
    match grain {
        Grain::Day => (at, at),
        // The first of January 1970 was a Thursday.
        Grain::Week => {
            let monday = at - (at + 3).rem_euclid(7);
            (monday, monday + 6)
        }
        Grain::Month => months(month, 1),
        Grain::Quarter => months((month - 1) / 3 * 3 + 1, 3),
        Grain::Year => months(1, 12),
    }
}

/// The same period a year before: 52 weeks for a week, none for a day that is not there.
fn year_before(grain: Grain, at: i64) -> Option<(i64, i64)> {
    if grain == Grain::Week {
        return Some(period(grain, at - 364));
    }
    let (year, month, date) = parts(at);
    let before = month_start(year - 1, month) + date - 1;
    (parts(before).2 == date).then(|| period(grain, before))
}

/// What a day's rows hold.
#[derive(Clone, Copy, Debug)]
struct Row {
    day: i64,
    x: i64,
    n: i64,
}

/// One of the two KPIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// `sum(s.x)`
    Total,
    /// `sum(s.x) / sum(s.n)`
    Rate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Better {
    Higher,
    Lower,
    Unsaid,
}

#[derive(Clone, Debug)]
enum Over {
    Previous,
    LastYear,
    Baseline(BigRational),
    Quarter(i64),
}

#[derive(Clone, Debug)]
enum Asked {
    Value(BigRational),
    Range(BigRational, BigRational),
    Path { to: BigRational, by: i64, start: BigRational, on: i64 },
    Share(BigRational, Over),
    Added(BigRational, Over),
    Increase,
    Decrease,
}

#[derive(Clone, Debug)]
struct Case {
    rows: Vec<Row>,
    kind: Kind,
    better: Better,
    tolerance: BigRational,
    cadence: Grain,
    per: Option<Grain>,
    asked: Asked,
    from: Option<i64>,
    as_of: i64,
}

fn word(grain: Grain) -> (&'static str, &'static str) {
    match grain {
        Grain::Day => ("daily", "day"),
        Grain::Week => ("weekly", "week"),
        Grain::Month => ("monthly", "month"),
        Grain::Quarter => ("quarterly", "quarter"),
        Grain::Year => ("yearly", "year"),
    }
}

impl Case {
    fn random(random: &mut Random) -> Self {
        let (first, last) = (day(COVERED.0), day(COVERED.1));
        let rows = (0..500).map(|_| Row {
            day: first + below(random, (last - first + 1).cast_unsigned()),
            x: below(random, 40) - 3,
            n: below(random, 30),
        });
        let rows: Vec<Row> = rows.collect();
        let kind = if random.below(2) == 0 { Kind::Total } else { Kind::Rate };
        // Around what a month has.
        let mut amount = || match kind {
            Kind::Total => whole(below(random, 800) - 50),
            Kind::Rate => BigRational::new(BigInt::from(below(random, 300)), BigInt::from(100)),
        };
        let values = [amount(), amount(), amount()];
        let (low, high) =
            (values[0].clone().min(values[1].clone()), values[0].clone().max(values[1].clone()));
        let grains = [Grain::Week, Grain::Month, Grain::Quarter, Grain::Year];
        let share = BigRational::new(BigInt::from(below(random, 80) - 40), BigInt::from(100));
        let over = match random.below(4) {
            0 => Over::Previous,
            1 => Over::LastYear,
            2 => Over::Baseline(values[2].clone()),
            _ => Over::Quarter(period(Grain::Quarter, day("2025-05-05")).0),
        };
        let on = first + below(random, 600);
        let asked = match random.below(8) {
            0 => Asked::Value(values[0].clone()),
            1 => Asked::Range(low, high),
            2 | 3 => {
                let by = on + 1 + below(random, 500);
                Asked::Path { to: values[0].clone(), by, start: values[1].clone(), on }
            }
            4 => Asked::Share(share, over),
            5 => Asked::Added(values[1].clone() - values[2].clone(), over),
            6 => Asked::Increase,
            _ => Asked::Decrease,
        };
        Self {
            rows,
            kind,
            better: [Better::Higher, Better::Lower, Better::Unsaid][random.below(3) as usize],
            tolerance: BigRational::new(BigInt::from(random.below(5) * 5), BigInt::from(100)),
            cadence: grains[random.below(4) as usize],
            per: (random.below(3) == 0).then(|| grains[random.below(4) as usize]),
            asked,
            from: (random.below(3) == 0).then(|| day("2024-10-01")),
            as_of: last - below(random, 60),
        }
    }

    fn host(&self) -> MemoryHost {
        let mut csv = "day,x,n\n".to_owned();
        for row in &self.rows {
            csv.extend([format!("{},{},{}\n", text(row.day), row.x, row.n)]);
        }
        MemoryHost::new([("main.kpi", self.spec().as_str()), ("s.csv", csv.as_str())])
    }

    fn spec(&self) -> String {
        let number = |n: &BigRational| plain(n, false);
        let mut baseline = String::new();
        let mut over = |over: &Over| match over {
            Over::Previous => "previous".to_owned(),
            Over::LastYear => "last year".to_owned(),
            Over::Baseline(n) => {
                baseline = format!("  baseline: {} on 2024-01-01\n", number(n));
                "baseline".to_owned()
            }
            Over::Quarter(_) => "2025-Q2".to_owned(),
        };
        let sign = |n: &BigRational| if n.is_negative() { "" } else { "+" };
        let asked = match &self.asked {
            Asked::Value(n) => number(n),
            Asked::Range(low, high) => format!("{} .. {}", number(low), number(high)),
            Asked::Path { to, by, start, on } => {
                format!(
                    "{} by {} starting {} on {}",
                    number(to),
                    text(*by),
                    number(start),
                    text(*on)
                )
            }
            Asked::Share(n, reference) => {
                let hundred = number(&(n * whole(100)));
                format!("{}{hundred}% over {}", sign(n), over(reference))
            }
            Asked::Added(n, reference) => {
                format!("{}{} points over {}", sign(n), number(n), over(reference))
            }
            Asked::Increase => "increase".to_owned(),
            Asked::Decrease => "decrease".to_owned(),
        };
        let per = self.per.map_or(String::new(), |g| format!(" per {}", word(g).1));
        let from = self.from.map_or(String::new(), |d| format!(" from {}", text(d)));
        let better = match self.better {
            Better::Higher => "  better: higher\n",
            Better::Lower => "  better: lower\n",
            Better::Unsaid => "",
        };
        let formula = match self.kind {
            Kind::Total => "sum(s.x)",
            Kind::Rate => "sum(s.x) / sum(s.n)",
        };
        format!(
            "source s {{\n  csv: \"s.csv\"\n  date: day\n  rows: events\n  covers: {} to {}\n  \
             columns {{\n    x: number\n    n: number\n  }}\n}}\n\
             kpi k \"K\" {{\n  formula: {formula}\n  unit: number\n{better}{baseline}  \
             target: {asked}{per}{from}\n  tolerance: {}%\n  cadence: {}\n}}\n",
            COVERED.0,
            COVERED.1,
            number(&(&self.tolerance * whole(100))),
            word(self.cadence).0,
        )
    }

    fn value(&self, (first, last): (i64, i64)) -> Option<BigRational> {
        let last = last.min(self.as_of);
        if first > last || last < day(COVERED.0) {
            return None;
        }
        let here = self.rows.iter().filter(|r| first <= r.day && r.day <= last);
        let (x, n) = here.fold((0, 0), |(x, n), r| (x + r.x, n + r.n));
        match self.kind {
            Kind::Total => Some(whole(x)),
            Kind::Rate => (n != 0).then(|| BigRational::new(BigInt::from(x), BigInt::from(n))),
        }
    }

    fn whole_value(&self, days: (i64, i64)) -> Option<BigRational> {
        if days.0 < day(COVERED.0) || days.1 > self.as_of {
            return None;
        }
        self.value(days)
    }

    /// How many periods of a grain some days are worth: the sum of each day's share.
    fn worth(&self, grain: Grain, (first, last): (i64, i64)) -> BigRational {
        if self.kind == Kind::Rate {
            return BigRational::one();
        }
        (first..=last).fold(BigRational::zero(), |sum, at| {
            let (a, b) = period(grain, at);
            sum + BigRational::one() / whole(b - a + 1)
        })
    }

    /// What is asked for in a period of the grain that the target is for.
    fn level(&self, grain: Grain, days: (i64, i64)) -> Option<(BigRational, BigRational)> {
        let one = |n: BigRational| Some((n.clone(), n));
        let before = period(grain, days.0 - 1);
        let base = |over: &Over| match over {
            Over::Previous => self.whole_value(before),
            Over::LastYear => self.whole_value(year_before(grain, days.0)?),
            Over::Baseline(n) => Some(n * self.worth(self.cadence, days)),
            Over::Quarter(start) => {
                let quarter = period(Grain::Quarter, *start);
                Some(self.whole_value(quarter)? * self.worth(Grain::Quarter, days))
            }
        };
        match &self.asked {
            Asked::Value(n) => one(n.clone()),
            Asked::Range(low, high) => Some((low.clone(), high.clone())),
            Asked::Path { to, by, start, on } => {
                let at = days.1.clamp(*on, *by);
                one(start
                    + (to - start) * BigRational::new(BigInt::from(at - on), BigInt::from(by - on)))
            }
            Asked::Share(n, over) => {
                let base = base(over)?;
                one(&base + base.abs() * n)
            }
            Asked::Added(n, over) => one(base(over)? + n * self.worth(self.cadence, days)),
            Asked::Increase | Asked::Decrease => one(self.whole_value(before)?),
        }
    }

    fn target(&self, grain: Grain, days: (i64, i64)) -> Option<(BigRational, BigRational)> {
        let begins = match &self.asked {
            Asked::Path { on, .. } => self.from.or(Some(*on)),
            _ => self.from,
        };
        if begins.is_some_and(|from| from > days.1) {
            return None;
        }
        let written = matches!(self.asked, Asked::Value(_) | Asked::Range(..) | Asked::Path { .. });
        let meant = self.per.unwrap_or(if written { self.cadence } else { grain });
        if self.kind == Kind::Rate {
            return self.level(grain, days);
        }
        // Day by day: the share of the period that the day is in.
        let mut sums = (BigRational::zero(), BigRational::zero());
        let mut at = days.0;
        while at <= days.1 {
            let part = period(meant, at);
            let inside = part.1.min(days.1) - at + 1;
            let (low, high) = self.level(meant, part)?;
            let share = BigRational::new(BigInt::from(inside), BigInt::from(part.1 - part.0 + 1));
            sums = (sums.0 + low * &share, sums.1 + high * &share);
            at = part.1.min(days.1) + 1;
        }
        Some(sums)
    }

    fn status(
        &self,
        days: (i64, i64),
        target: Option<&(BigRational, BigRational)>,
    ) -> Option<&'static str> {
        let Some((low, high)) = target else { return Some("no target") };
        let length = days.1 - days.0 + 1;
        let last = days.1.min(self.as_of);
        let passed = (last - days.0.max(day(COVERED.0)) + 1).max(0);
        let partial = passed > 0 && passed < length;
        if partial && passed * 5 < length {
            return None;
        }
        let Some(mut value) = self.value(days) else { return Some("no data") };
        if partial && self.kind == Kind::Total {
            value = value * whole(length) / whole(passed);
        }
        let strict = matches!(self.asked, Asked::Increase | Asked::Decrease);
        let (up, down) = match &self.asked {
            Asked::Increase => (true, false),
            Asked::Decrease => (false, true),
            Asked::Range(..) if self.better == Better::Unsaid => (true, true),
            _ => (self.better != Better::Lower, self.better == Better::Lower),
        };
        let (least, most) = (up.then_some(low), down.then_some(high));
        let missed = match (least, most) {
            (Some(low), _) if value < *low || strict && value == *low => Some(low),
            (_, Some(high)) if value > *high || strict && value == *high => Some(high),
            _ => None,
        };
        Some(match missed {
            None => "on track",
            Some(border) if (&value - border).abs() < border.abs() * &self.tolerance => "at risk",
            Some(_) => "off track",
        })
    }
}

/// Exact decimals are the same, quotients to 16 digits.
fn near(shown: &str, meant: &BigRational) -> bool {
    let shown = match shown.strip_prefix('-') {
        Some(rest) => -rational(rest),
        None => rational(shown),
    };
    let most = BigRational::new(BigInt::one(), BigInt::from(10).pow(16));
    (&shown - meant).abs() <= meant.abs() * most
}

fn agrees(case: &Case, grain: Grain, row: &Answer) -> bool {
    let days = (day(&row.start), day(&row.end));
    assert_eq!(days, period(grain, days.0), "{row:?}");
    let target = case.target(grain, days);
    let same = match (&row.target, &target) {
        (None, None) => true,
        (Some(shown), Some((low, high))) => match shown.split_once("..") {
            Some((a, b)) => near(a, low) && near(b, high),
            None => low == high && near(shown, low),
        },
        _ => false,
    };
    same && row.status.as_deref() == case.status(days, target.as_ref())
}

#[test]
fn random_targets_are_what_a_plain_reading_makes_of_them() {
    let mut random = Random::new(77);
    let (mut compared, mut targets) = (0, 0);
    let mut statuses = std::collections::BTreeSet::new();
    for _ in 0..120 {
        let case = Case::random(&mut random);
        let host = case.host();
        let project = driver::load(&host, "").unwrap();
        for grain in Grain::ALL {
            let as_of = Date::from_days(i32::try_from(case.as_of).unwrap());
            let few = (grain == Grain::Day).then(|| Date::parse_iso("2026-02-20").unwrap());
            let question = Question {
                measures: vec![project.model.find("k").unwrap()],
                every: Some(grain),
                from: few,
                as_of: Some(as_of),
                ..Question::default()
            };
            for row in support::rows(&host, &question) {
                assert!(
                    agrees(&case, grain, &row),
                    "{row:?}\nmeant {:?}\n{}as of {as_of}",
                    case.target(grain, (day(&row.start), day(&row.end))),
                    case.spec()
                );
                compared += 1;
                targets += u32::from(row.target.is_some());
                statuses.insert(row.status.clone());
            }
        }
    }
    assert!(compared > 20_000 && targets > 10_000, "{compared} periods, {targets} targets");
    assert!(statuses.len() > 4, "{statuses:?}");
}
