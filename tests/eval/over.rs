//! Functions over time and over dimensions against a plain reading of the same rows: random
//! formulas, both calendars, three kinds of sources, as-of dates in the middle of periods.

#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "days and places are small numbers"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use sanjeh::driver;
use sanjeh::eval::table::{Question, Row as Answer};
use sanjeh::host::memory::MemoryHost;
use sanjeh::time::{Date, Grain};

use super::clock::Clock;
use super::oracle::{Random, rational};
use crate::support;

#[derive(Clone, Debug)]
struct Row {
    day: i32,
    members: [&'static str; 2],
    who: &'static str,
    x: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Events,
    Unset,
    Snapshot,
}

const KINDS: [(Kind, &str); 3] =
    [(Kind::Events, "log"), (Kind::Unset, "web"), (Kind::Snapshot, "stock")];
const DIMENSIONS: [&str; 2] = ["channel", "device"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    Sum,
    People,
    Avg,
    Last,
}

/// A formula.
#[derive(Clone, Debug)]
enum Tree {
    Of(usize, Op),
    Previous(Option<(i32, Grain)>, Box<Tree>),
    Growth(Box<Tree>),
    Rolling(i32, Grain, Box<Tree>),
    ToDate(Grain, Box<Tree>),
    Cumulative(Box<Tree>),
    Opening(Box<Tree>),
    Each(&'static str, Grain, Box<Tree>),
    Share(Box<Tree>),
    Total(Option<usize>, Box<Tree>),
    Plus(Box<Tree>, Box<Tree>),
    Over(Box<Tree>, Box<Tree>),
    OrNought(Box<Tree>),
}

impl Tree {
    fn text(&self) -> String {
        match self {
            Self::Of(source, op) => {
                let name = KINDS[*source].1;
                match op {
                    Op::Sum => format!("sum({name}.x)"),
                    Op::People => format!("count_distinct({name}.who)"),
                    Op::Avg => format!("avg({name}.x)"),
                    Op::Last => format!("last({name}.x)"),
                }
            }
            Self::Previous(None, a) => format!("previous({})", a.text()),
            Self::Previous(Some((n, unit)), a) => {
                format!("previous({}, {n} {}s)", a.text(), unit.word())
            }
            Self::Growth(a) => format!("growth({})", a.text()),
            Self::Rolling(n, unit, a) => format!("rolling({}, {n} {}s)", a.text(), unit.word()),
            Self::ToDate(grain, a) => format!("to_date({}, {})", a.text(), grain.word()),
            Self::Cumulative(a) => format!("cumulative({})", a.text()),
            Self::Opening(a) => format!("opening({})", a.text()),
            Self::Each(op, grain, a) => format!("{op}({}, each: {})", a.text(), grain.word()),
            Self::Share(a) => format!("share({})", a.text()),
            Self::Total(None, a) => format!("total({})", a.text()),
            Self::Total(Some(at), a) => format!("total({}, over: {})", a.text(), DIMENSIONS[*at]),
            Self::Plus(a, b) => format!("({} + {})", a.text(), b.text()),
            Self::Over(a, b) => format!("({}) / ({})", a.text(), b.text()),
            Self::OrNought(a) => format!("({} ?? 0)", a.text()),
        }
    }

    fn sources(&self, found: &mut Vec<usize>) {
        match self {
            Self::Of(source, _) => found.push(*source),
            Self::Plus(a, b) | Self::Over(a, b) => {
                a.sources(found);
                b.sources(found);
            }
            Self::Previous(_, a)
            | Self::Growth(a)
            | Self::Rolling(_, _, a)
            | Self::ToDate(_, a)
            | Self::Cumulative(a)
            | Self::Opening(a)
            | Self::Each(_, _, a)
            | Self::Share(a)
            | Self::Total(_, a)
            | Self::OrNought(a) => a.sources(found),
        }
    }
}

fn pick<T: Copy>(random: &mut Random, all: &[T]) -> T {
    all[random.below(all.len() as u64) as usize]
}

fn leaf(random: &mut Random, people: bool) -> Tree {
    let source = random.below(3) as usize;
    let ops: &[Op] = match (KINDS[source].0, people) {
        // The levels of two days do not add up.
        (Kind::Snapshot, _) => &[Op::Avg, Op::Last, Op::Last],
        (_, false) => &[Op::Sum, Op::Sum, Op::Avg, Op::Last],
        (_, true) => &[Op::Sum, Op::People, Op::Avg, Op::Last],
    };
    Tree::Of(source, pick(random, ops))
}

fn level(random: &mut Random) -> Tree {
    Tree::Of(random.below(3) as usize, pick(random, &[Op::Avg, Op::Last]))
}

const UNITS: [(i32, Grain); 9] = [
    (1, Grain::Year),
    (1, Grain::Month),
    (3, Grain::Month),
    (12, Grain::Month),
    (2, Grain::Quarter),
    (5, Grain::Day),
    (14, Grain::Day),
    (2, Grain::Week),
    (2, Grain::Year),
];

fn tree(random: &mut Random, depth: u32) -> Tree {
    if depth == 0 {
        return leaf(random, true);
    }
    let inner = |random: &mut Random| {
        let depth = random.below(u64::from(depth)) as u32;
        Box::new(tree(random, depth))
    };
    let grains = [Grain::Day, Grain::Week, Grain::Month];
    match random.below(14) {
        0 => Tree::Previous(None, inner(random)),
        1 => Tree::Previous(Some(pick(random, &UNITS)), inner(random)),
        2 => Tree::Growth(inner(random)),
        3 => Tree::Rolling(pick(random, &[7, 28, 30]), Grain::Day, inner(random)),
        4 => Tree::Rolling(pick(random, &[1, 3]), Grain::Month, inner(random)),
        5 => Tree::ToDate(pick(random, &[Grain::Year, Grain::Quarter]), inner(random)),
        6 => Tree::Cumulative(inner(random)),
        7 => Tree::Opening(Box::new(level(random))),
        8 | 9 => {
            let op = pick(random, &["avg", "sum", "min", "max"]);
            Tree::Each(op, pick(random, &grains), inner(random))
        }
        10 => Tree::Share(inner(random)),
        11 => Tree::Total(pick(random, &[None, Some(0), Some(1)]), inner(random)),
        12 => {
            let (a, b) = (leaf(random, false), leaf(random, false));
            let b = if random.below(2) == 0 { Tree::OrNought(Box::new(b)) } else { b };
            Tree::Plus(Box::new(a), Box::new(b))
        }
        _ => Tree::Over(inner(random), Box::new(leaf(random, true))),
    }
}

/// What an aggregate looks at.
#[derive(Clone, Debug)]
struct Look {
    grain: Grain,
    /// The period, by its place in the list of its grain.
    at: usize,
    /// How many of its days have passed, where it has not ended.
    passed: Option<i32>,
    moved: bool,
    window: Window,
    strict: Strict,
    slice: Vec<(String, Option<String>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Window {
    Own,
    Back(i32, Grain),
    ToDate(Grain),
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strict {
    Part,
    Change,
    Whole,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum None_ {
    Outside,
    Other,
}

type Answered = Result<BigRational, None_>;

struct World {
    rows: [Vec<Row>; 3],
    clock: Clock,
    as_of: i32,
    /// By grain, its periods.
    periods: Vec<Vec<(i32, i32)>>,
}

impl World {
    fn of(rows: [Vec<Row>; 3], clock: Clock, as_of: Option<i32>) -> Self {
        let last = rows.iter().flatten().map(|r| r.day).max().unwrap();
        let as_of = as_of.unwrap_or(last);
        let rows = rows.map(|rows| rows.into_iter().filter(|r| r.day <= as_of).collect());
        let periods = Grain::ALL.iter().map(|grain| clock.periods(*grain)).collect();
        Self { rows, clock, as_of, periods }
    }

    fn period(&self, grain: Grain, at: usize) -> (i32, i32) {
        self.periods[grain as usize][at]
    }

    fn holding(&self, grain: Grain, day: i32) -> usize {
        self.periods[grain as usize].partition_point(|(_, end)| *end < day)
    }

    fn covers(&self, source: usize) -> Option<(i32, i32)> {
        let days = || self.rows[source].iter().map(|r| r.day);
        let last = if KINDS[source].0 == Kind::Events { self.as_of } else { days().max()? };
        Some((days().min()?, last))
    }

    /// The first day of any, the last of all.
    fn shared(&self, tree: &Tree) -> (Option<i32>, Option<i32>) {
        let mut sources = Vec::new();
        tree.sources(&mut sources);
        let all: Vec<_> = sources.iter().map(|s| self.covers(*s)).collect();
        let first = all.iter().flatten().map(|(first, _)| *first).min();
        let last = all.iter().map(|c| c.map(|(_, last)| last)).min().flatten();
        let whole = all.iter().all(Option::is_some);
        (first, last.filter(|_| whole))
    }

    fn last(&self, look: &Look) -> i32 {
        let (start, end) = self.period(look.grain, look.at);
        look.passed.map_or(end, |n| end.min(start + n - 1))
    }

    fn first(&self, look: &Look, beginning: i32) -> i32 {
        let last = self.last(look);
        match look.window {
            Window::Own => self.period(look.grain, look.at).0,
            Window::Back(n, Grain::Day) => last - n + 1,
            Window::Back(n, unit) => {
                let at = self.holding(unit, last) as i32 - n + 1;
                self.period(unit, at as usize).0
            }
            Window::ToDate(grain) => self.period(grain, self.holding(grain, last)).0,
            Window::All => beginning.min(self.period(look.grain, look.at).0),
        }
    }

    fn value(&self, tree: &Tree, look: &Look) -> Answered {
        match tree {
            Tree::Of(source, op) => self.of_rows(*source, *op, look),
            Tree::Previous(span, a) => {
                let before = self.before(*span, a, look).ok_or(None_::Other)?;
                self.value(a, &before)
            }
            Tree::Growth(a) => {
                let mut before = self.before(None, a, look).ok_or(None_::Other)?;
                if before.strict == Strict::Part {
                    before.strict = Strict::Change;
                }
                let now = self.value(a, look)?;
                let before = self.value(a, &before)?;
                divided(now - &before, if before < zero() { -before } else { before })
            }
            Tree::Rolling(n, unit, a) => {
                let window = Window::Back(*n, *unit);
                self.value(a, &Look { window, strict: Strict::Whole, ..look.clone() })
            }
            Tree::ToDate(grain, a) => {
                let window = Window::ToDate(*grain);
                self.value(a, &Look { window, strict: Strict::Part, ..look.clone() })
            }
            Tree::Cumulative(a) => {
                let look = Look { window: Window::All, strict: Strict::Part, ..look.clone() };
                self.value(a, &look)
            }
            Tree::Opening(a) => {
                let own = self.period(look.grain, look.at).0;
                let eve = self.first(look, self.shared(a).0.unwrap_or(own)) - 1;
                let at = self.holding(look.grain, eve);
                self.value(a, &self.plain(look.grain, at, eve, look))
            }
            Tree::Each(op, grain, a) => self.each(op, *grain, a, look),
            Tree::Share(a) => {
                let part = self.value(a, look)?;
                divided(part, self.value(a, &Look { slice: Vec::new(), ..look.clone() })?)
            }
            Tree::Total(over, a) => {
                let mut wider = look.clone();
                wider.slice.retain(|(name, _)| over.is_some_and(|at| DIMENSIONS[at] != name));
                self.value(a, &wider)
            }
            Tree::Plus(a, b) => Ok(self.value(a, look)? + self.value(b, look)?),
            Tree::Over(a, b) => divided(self.value(a, look)?, self.value(b, look)?),
            Tree::OrNought(a) => Ok(self.value(a, look).unwrap_or_else(|_| zero())),
        }
    }

    /// A period up to a day, with no window.
    fn plain(&self, grain: Grain, at: usize, until: i32, look: &Look) -> Look {
        let (start, end) = self.period(grain, at);
        let passed = (until < end).then(|| (until - start + 1).max(0));
        let (window, strict) = (Window::Own, Strict::Part);
        Look { grain, at, passed, moved: false, window, strict, slice: look.slice.clone() }
    }

    fn before(&self, span: Option<(i32, Grain)>, a: &Tree, look: &Look) -> Option<Look> {
        let at = look.at as i32;
        let months = |grain| match grain {
            Grain::Month => Some(1),
            Grain::Quarter => Some(3),
            Grain::Year => Some(12),
            Grain::Day | Grain::Week => None,
        };
        let at = match (look.grain, span) {
            (_, None) => at - 1,
            (grain, Some((n, unit))) if grain == unit => at - n,
            (Grain::Day, Some((n, Grain::Week))) => at - 7 * n,
            (Grain::Week, Some((n, Grain::Day))) if n % 7 == 0 => at - n / 7,
            (Grain::Week, Some((n, Grain::Year))) => at - 52 * n,
            (Grain::Day, Some((n, unit))) => {
                let (month, of_month) =
                    self.clock.month_and_day(self.period(Grain::Day, look.at).0);
                let month = month as i32 - n * months(unit)?;
                let day = self.clock.day_of(month as usize, of_month)?;
                self.holding(Grain::Day, day) as i32
            }
            (grain, Some((n, unit))) => {
                let n = n * months(unit)?;
                let own = months(grain)?;
                if n % own != 0 {
                    return None;
                }
                at - n / own
            }
        };
        let mut passed = look.passed;
        let (start, _) = self.period(look.grain, look.at);
        if let Some(covered) = self.shared(a).1
            && !look.moved
            && start <= covered
            && covered < self.last(look)
        {
            passed = Some(covered - start + 1);
        }
        Some(Look { at: at as usize, passed, moved: true, ..look.clone() })
    }

    fn each(&self, op: &str, grain: Grain, a: &Tree, look: &Look) -> Answered {
        if look.window == Window::Own && look.grain == grain {
            return self.value(a, look);
        }
        let (start, end) = self.period(look.grain, look.at);
        let first = self.first(look, self.shared(a).0.unwrap_or(start));
        let over = self.last(look) == end;
        let reached = if over { self.as_of } else { self.last(look) };
        let mut found: Vec<BigRational> = Vec::new();
        for (at, (from, to)) in self.periods[grain as usize].iter().enumerate() {
            let thursday = grain == Grain::Week && self.clock.week == 1;
            let named = if thursday { from + 3 } else { *from };
            let whole = *to <= reached;
            if named < first || named > end || *from > reached || op != "sum" && !whole {
                continue;
            }
            let mut inside = self.plain(grain, at, reached, look);
            inside.strict = if op == "sum" { look.strict } else { Strict::Whole };
            match self.value(a, &inside) {
                Ok(x) => found.push(x),
                Err(None_::Outside) if look.strict != Strict::Part => return Err(None_::Outside),
                Err(_) => {}
            }
        }
        let sum = || found.iter().cloned().sum::<BigRational>();
        let result = match op {
            "avg" => return divided(sum(), BigRational::from(BigInt::from(found.len()))),
            "sum" => (!found.is_empty()).then(sum),
            "min" => found.iter().min().cloned(),
            _ => found.iter().max().cloned(),
        };
        result.ok_or(None_::Other)
    }

    fn of_rows(&self, source: usize, op: Op, look: &Look) -> Answered {
        let kind = KINDS[source].0;
        let covers = self.covers(source).ok_or(None_::Outside)?;
        let (start, _) = self.period(look.grain, look.at);
        let (first, last) = (self.first(look, covers.0), self.last(look).min(self.as_of));
        if first > last || last < covers.0 || covers.1 < first.max(start) {
            return Err(None_::Outside);
        }
        let met = match (look.strict, op) {
            (Strict::Part, _) => true,
            (Strict::Change, Op::Last) => last <= covers.1,
            // Since the beginning there is nothing that could be missing before.
            _ if look.window == Window::All => last <= covers.1,
            _ => covers.0 <= first && last <= covers.1,
        };
        if !met {
            return Err(None_::Outside);
        }
        let mine = |r: &&Row| {
            look.slice.iter().all(|(name, member)| {
                let at = DIMENSIONS.iter().position(|d| d == name).unwrap();
                member.as_deref().unwrap_or_default() == r.members[at]
            })
        };
        let rows: Vec<&Row> = self.rows[source].iter().filter(mine).collect();
        let within = |from: i32, to: i32| -> Vec<&Row> {
            rows.iter().copied().filter(|r| from <= r.day && r.day <= to).collect()
        };
        if let Some(found) = over(op, &within(first, last)) {
            return Ok(found);
        }
        let here = within(first, last).is_empty();
        if kind == Kind::Events && here && matches!(op, Op::Sum | Op::People) {
            return Ok(zero());
        }
        let read = |r: &&&Row| r.day < first && (op != Op::Last || r.x.is_some());
        let reading = rows.iter().filter(read).map(|r| r.day).max();
        let reading = reading.filter(|_| kind == Kind::Snapshot).ok_or(None_::Other)?;
        over(op, &within(reading, reading)).ok_or(None_::Other)
    }
}

fn over(op: Op, rows: &[&Row]) -> Option<BigRational> {
    let number = |n: i64| BigRational::new(BigInt::from(n), BigInt::from(10));
    let known: Vec<(i32, i64)> = rows.iter().filter_map(|r| Some((r.day, r.x?))).collect();
    let sum = |of: &[(i32, i64)]| number(of.iter().map(|(_, x)| x).sum());
    if op == Op::People {
        let mut who: Vec<&str> = rows.iter().map(|r| r.who).filter(|w| !w.is_empty()).collect();
        who.sort_unstable();
        who.dedup();
        return (!rows.is_empty()).then(|| BigRational::from(BigInt::from(who.len())));
    }
    let last = known.iter().map(|(day, _)| *day).max()?;
    Some(match op {
        Op::Sum => sum(&known),
        Op::Avg => sum(&known) / BigRational::from(BigInt::from(known.len())),
        _ => sum(&known.iter().copied().filter(|(day, _)| *day == last).collect::<Vec<_>>()),
    })
}

fn zero() -> BigRational {
    BigRational::zero()
}

fn divided(a: BigRational, b: BigRational) -> Answered {
    if b.is_zero() { Err(None_::Other) } else { Ok(a / b) }
}

/// Rows from October 2023 to September 2025: 29 February 2024 and 30 Esfand 1403 are inside.
fn rows(random: &mut Random) -> [Vec<Row>; 3] {
    let first = Date::parse_iso("2023-10-07").unwrap().days();
    let mut some = |count: u64, from: i32, days: u64| -> Vec<Row> {
        let mut all: Vec<Row> = (0..count)
            .map(|_| Row {
                day: from + random.below(days) as i32,
                members: [
                    pick(random, &["seo", "paid", "mail", ""]),
                    pick(random, &["mobile", "desktop"]),
                ],
                who: pick(random, &["ann", "bob", "cyd", "dan", "eve", "fay", "gus", ""]),
                x: (random.below(7) > 0).then(|| random.below(900) as i64 - 100),
            })
            .collect();
        all.sort_by_key(|r| r.day);
        all
    };
    [some(700, first, 700), some(260, first + 40, 590), some(50, first + 15, 640)]
}

fn host(rows: &[Vec<Row>; 3], settings: &str, formulas: &[String]) -> MemoryHost {
    let mut spec = format!("project \"p\" {{\n{settings}}}\n");
    let mut files = Vec::new();
    for ((kind, name), rows) in KINDS.iter().zip(rows) {
        let says = match kind {
            Kind::Events => "  rows: events\n",
            Kind::Unset => "",
            Kind::Snapshot => "  rows: snapshot\n",
        };
        let _ = write!(
            spec,
            "source {name} {{\n  csv: \"{name}.csv\"\n  date: day\n{says}  columns {{\n    \
             channel: text\n    device: text\n    who: id\n    x: number\n  }}\n}}\n\
             metric rows_of_{name} = count({name})\n"
        );
        let mut text = "day,channel,device,who,x\n".to_owned();
        for r in rows {
            let x = r.x.map(|x| {
                format!("{}{}.{}", if x < 0 { "-" } else { "" }, x.abs() / 10, x.abs() % 10)
            });
            let (day, x) = (Date::from_days(r.day), x.unwrap_or_default());
            let _ = writeln!(text, "{day},{},{},{},{x}", r.members[0], r.members[1], r.who);
        }
        files.push((format!("{name}.csv"), text));
    }
    for (i, formula) in formulas.iter().enumerate() {
        let _ = writeln!(spec, "metric m{i:03} = {formula}");
    }
    files.push(("main.kpi".to_owned(), spec));
    MemoryHost::new(files.iter().map(|(p, t)| (p.as_str(), t.as_str())))
}

/// What the program answers for all metrics with a number in their name.
fn ask(host: &MemoryHost, by: &[&str], every: Grain, as_of: Option<i32>) -> Vec<Answer> {
    let project = driver::load(host, "").unwrap();
    let mine = (0..).map_while(|i| project.model.find(&format!("m{i:03}")));
    let question = Question {
        measures: mine.collect(),
        by: by.iter().map(|d| (*d).to_owned()).collect(),
        every: Some(every),
        as_of: as_of.map(Date::from_days),
        // Days around 30 Esfand 1403: two years of them would be too many.
        from: (every == Grain::Day).then(|| Date::parse_iso("2025-02-20").unwrap()),
        to: (every == Grain::Day).then(|| Date::parse_iso("2025-03-31").unwrap()),
    };
    support::rows(host, &question)
}

const WEEKDAYS: [(&str, i32); 3] = [("monday", 1), ("saturday", 6), ("sunday", 7)];

/// A calendar's settings in words, and its lists.
fn calendar(random: &mut Random, persian: bool) -> (String, Clock) {
    let (week, number) = pick(random, &WEEKDAYS);
    let (name, (month, fiscal)) = if persian {
        ("persian", pick(random, &[("farvardin", 1), ("mehr", 7), ("dey", 10), ("tir", 4)]))
    } else {
        ("gregorian", pick(random, &[("january", 1), ("april", 4), ("february", 2)]))
    };
    let settings = format!(
        "  calendar: {name}\n  week: starts {week}\n  fiscal_year: starts {month}, named by start\n"
    );
    let clock =
        if persian { Clock::persian(number, fiscal) } else { Clock::gregorian(number, fiscal) };
    (settings, clock)
}

#[test]
fn formulas_over_time_are_what_the_rows_say() {
    let sets: [&[&str]; 3] = [&[], &["channel"], &["channel", "device"]];
    let (mut compared, mut known) = (0, 0);
    for seed in 1..=6 {
        let random = &mut Random::new(seed * 77);
        let data = rows(random);
        let (settings, clock) = calendar(random, seed % 2 == 0);
        let trees: Vec<Tree> = (0..40).map(|i| tree(random, 1 + i % 3)).collect();
        let formulas: Vec<String> = trees.iter().map(Tree::text).collect();
        let as_of = [None, Some("2025-02-11"), Some("2025-03-20")][seed as usize % 3];
        let as_of = as_of.map(|day| Date::parse_iso(day).unwrap().days());
        let host = host(&data, &settings, &formulas);
        let world = World::of(data, clock, as_of);
        for every in Grain::ALL {
            // Days by two dimensions would be too many.
            let sets = if every <= Grain::Week { &sets[..1] } else { &sets[..] };
            for by in sets {
                for row in ask(&host, by, every, as_of) {
                    let which: usize = row.kpi[1..].parse().unwrap();
                    let start = Date::parse_iso(&row.start).unwrap().days();
                    let at = world.holding(every, start);
                    let mut look = Look {
                        grain: every,
                        at,
                        passed: None,
                        moved: false,
                        window: Window::Own,
                        strict: Strict::Part,
                        slice: row.by.clone(),
                    };
                    look = world.plain(every, at, world.as_of, &look);
                    let (_, end) = world.period(every, at);
                    let place = || {
                        let text = &formulas[which];
                        format!("seed {seed}: {text} in {} to {} {:?}", row.start, row.end, row.by)
                    };
                    assert_eq!(row.start, Date::from_days(world.period(every, at).0).to_string());
                    assert_eq!(row.end, Date::from_days(end).to_string(), "{}", place());
                    let expected = world.value(&trees[which], &look).ok();
                    compared += 1;
                    known += usize::from(expected.is_some());
                    check(row.value.as_deref(), expected, place);
                }
            }
        }
    }
    assert!(compared > 40_000 && known > 20_000, "{known} values of {compared} answers");
}

/// Exact, or right to the 18 digits of a quotient.
fn check(found: Option<&str>, expected: Option<BigRational>, place: impl Fn() -> String) {
    let (found, expected) = match (found.map(rational), expected) {
        (Some(found), Some(expected)) => (found, expected),
        (found, expected) => {
            assert_eq!(found, expected, "{}", place());
            return;
        }
    };
    let size = |n: &BigRational| if *n < zero() { -n } else { n.clone() };
    let off = size(&(&found - &expected));
    let allowed = size(&expected) * BigRational::new(BigInt::from(1), BigInt::from(10).pow(17));
    assert!(off <= allowed, "{}: {found} for {expected}", place());
}

#[test]
fn shifting_a_rolled_value_is_rolling_a_shifted_one() {
    let mut compared = 0;
    for seed in 1..=4 {
        let random = &mut Random::new(seed * 31);
        let data = rows(random);
        let (settings, _) = calendar(random, seed % 2 == 0);
        let windows = ["rolling(#, 28 days)", "rolling(#, 3 months)", "to_date(#, year)"];
        let shifts = ["previous(#)", "previous(#, 1 year)", "previous(#, 2 months)"];
        let mut pairs = Vec::new();
        for _ in 0..4 {
            let inner = tree(random, 1).text();
            for window in windows.iter().chain(&["cumulative(#)"]) {
                for shift in shifts {
                    pairs.push(shift.replace('#', &window.replace('#', &inner)));
                    pairs.push(window.replace('#', &shift.replace('#', &inner)));
                }
            }
        }
        let host = host(&data, &settings, &pairs);
        let as_of = (seed % 2 == 0).then(|| Date::parse_iso("2025-03-07").unwrap().days());
        for every in [Grain::Week, Grain::Month, Grain::Quarter, Grain::Year] {
            let answers = ask(&host, &["channel"], every, as_of);
            for (i, pair) in pairs.chunks(2).enumerate() {
                let of = |n: usize| {
                    let name = format!("m{n:03}");
                    let mine = answers.iter().filter(|r| r.kpi == name);
                    mine.map(|r| (r.period.clone(), r.by.clone(), r.value.clone()))
                        .collect::<Vec<_>>()
                };
                let (a, b) = (of(2 * i), of(2 * i + 1));
                compared += a.len();
                assert_eq!(a, b, "{pair:?} {}", every.cadence());
            }
        }
    }
    assert!(compared > 5_000, "only {compared}");
}

#[test]
fn shares_add_up_to_one() {
    let random = &mut Random::new(5);
    let data = rows(random);
    let formulas = ["share(sum(log.x))", "share(previous(sum(log.x)))"].map(str::to_owned);
    let host = host(&data, "", &formulas);
    let mut sums: BTreeMap<String, BigRational> = BTreeMap::new();
    for row in ask(&host, &["channel"], Grain::Quarter, None) {
        if row.kpi == "m000" {
            *sums.entry(row.period).or_insert_with(zero) += rational(row.value.as_deref().unwrap());
        }
    }
    assert!(sums.len() > 5);
    for (period, sum) in sums {
        check(Some("1"), Some(sum), || period.clone());
    }
}
