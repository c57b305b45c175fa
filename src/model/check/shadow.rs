//! Channel rules that no row can reach: what an earlier rule takes, what contradicts itself.
//!
//! A rule is split into ways in which it may hold. Where a way allows only some values of a
//! parameter, each of them is tried: the way is closed where an earlier rule certainly holds, or a
//! part of it certainly does not. What cannot be decided counts as open, so that no alarm is false.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use regex::Regex;

use crate::model::row::{CompareOp, RowExpr, RowFunction};
use crate::syntax::fold_name;

/// So many ways are looked at of one rule, and so many values of its parameters.
const MOST_WAYS: usize = 64;
const MOST_VALUES: usize = 4096;

/// So many conditions are worked out of one block before the rest counts as open.
const MOST_STEPS: usize = 500_000;

/// Why no row reaches a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    /// These earlier rules, by their places, take every row first.
    Taken(Vec<usize>),
    /// Its own parts exclude one another.
    Contradiction,
}

/// The rules of a block that no row reaches, by their places.
pub(super) fn closed(rules: &[&RowExpr]) -> Vec<(usize, Closed)> {
    let mut tests = Tests::default();
    let made: Vec<Test> = rules.iter().map(|rule| tests.make(rule)).collect();
    let mut steps = 0;
    let mut found = Vec::new();
    for (at, rule) in made.iter().enumerate() {
        if let Some(why) = tests.why(rule, &made[..at], &mut steps) {
            found.push((at, why));
        }
    }
    found
}

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truth {
    Yes,
    No,
    Open,
}

impl Truth {
    fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// A condition over leaves.
#[derive(Clone, Debug)]
enum Test {
    Leaf(usize),
    Not(Box<Test>),
    And(Vec<Test>),
    Or(Vec<Test>),
}

/// A part of a condition that is not split further.
enum Leaf {
    /// The text is one of these, or null where there is a null among them.
    In(RowExpr, HashSet<Cell>),
    Match(RowExpr, Option<Regex>),
    Call(RowFunction, RowExpr, String),
    Constant(bool),
    Other,
}

/// A parameter's value: folded to lower case, or nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Cell {
    Null,
    Text(String),
}

/// A way in which a rule may hold: its leaves, each with whether it holds.
type Way = BTreeMap<usize, bool>;

/// The values of parameters, null included, folded to lower case.
type Values<'v> = BTreeMap<u32, &'v Cell>;

#[derive(Default)]
struct Tests<'r> {
    leaves: Vec<Leaf>,
    known: HashMap<&'r RowExpr, usize>,
}

impl<'r> Tests<'r> {
    fn make(&mut self, expr: &'r RowExpr) -> Test {
        match expr {
            RowExpr::And(parts) => Test::And(parts.iter().map(|p| self.make(p)).collect()),
            RowExpr::Or(parts) => Test::Or(parts.iter().map(|p| self.make(p)).collect()),
            RowExpr::Not(inner) => Test::Not(Box::new(self.make(inner))),
            other => {
                let leaves = &mut self.leaves;
                let (leaf, negated) = leaf(other);
                let at = *self.known.entry(other).or_insert_with(|| {
                    leaves.push(leaf);
                    leaves.len() - 1
                });
                if negated { Test::Not(Box::new(Test::Leaf(at))) } else { Test::Leaf(at) }
            }
        }
    }

    fn why(&self, rule: &Test, earlier: &[Test], steps: &mut usize) -> Option<Closed> {
        let mut takers = BTreeSet::new();
        for way in ways(rule, true)? {
            self.close(&way, earlier, &mut takers, steps)?;
        }
        Some(if takers.is_empty() {
            Closed::Contradiction
        } else {
            Closed::Taken(takers.into_iter().collect())
        })
    }

    /// Closes a way, or gives none where a row may go it.
    fn close(
        &self,
        way: &Way,
        earlier: &[Test],
        takers: &mut BTreeSet<usize>,
        steps: &mut usize,
    ) -> Option<()> {
        let finite = self.finite(way);
        let mut tried = vec![Values::new()];
        for (column, values) in &finite {
            if tried.len().saturating_mul(values.len()) > MOST_VALUES {
                continue;
            }
            let mut longer = Vec::with_capacity(tried.len() * values.len());
            for known in &tried {
                for value in values {
                    let mut known = known.clone();
                    known.insert(*column, value);
                    longer.push(known);
                }
            }
            tried = longer;
        }
        for values in &tried {
            *steps += 1 + way.len() + earlier.len();
            if *steps > MOST_STEPS {
                return None;
            }
            let facts = Way::new();
            let excluded = way.iter().any(|(leaf, holds)| {
                self.truth(&Test::Leaf(*leaf), &facts, values) == Truth::of(!*holds)
            });
            if excluded {
                continue;
            }
            let taker =
                earlier.iter().position(|test| self.truth(test, way, values) == Truth::Yes)?;
            takers.insert(taker);
        }
        Some(())
    }

    /// The values that a way allows of a parameter, where they are few: none at all, too.
    fn finite(&self, way: &Way) -> BTreeMap<u32, BTreeSet<Cell>> {
        let mut found: BTreeMap<u32, BTreeSet<Cell>> = BTreeMap::new();
        for (leaf, _) in way.iter().filter(|(_, holds)| **holds) {
            if let Leaf::In(RowExpr::Column(column), members) = &self.leaves[*leaf] {
                let members = members.iter().cloned().collect();
                match found.get_mut(&column.0) {
                    Some(known) => known.retain(|value| BTreeSet::contains(&members, value)),
                    None => {
                        found.insert(column.0, members);
                    }
                }
            }
        }
        found
    }

    fn truth(&self, test: &Test, facts: &Way, values: &Values<'_>) -> Truth {
        match test {
            Test::Leaf(at) => match facts.get(at) {
                Some(holds) => Truth::of(*holds),
                None => self.leaves[*at].truth(values),
            },
            Test::Not(inner) => match self.truth(inner, facts, values) {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                Truth::Open => Truth::Open,
            },
            Test::And(parts) => self.all(parts, Truth::No, facts, values),
            Test::Or(parts) => self.all(parts, Truth::Yes, facts, values),
        }
    }

    /// One part of the `decisive` kind decides; else all must be of the other one.
    fn all(&self, parts: &[Test], decisive: Truth, facts: &Way, values: &Values<'_>) -> Truth {
        let mut open = false;
        for part in parts {
            match self.truth(part, facts, values) {
                truth if truth == decisive => return decisive,
                Truth::Open => open = true,
                _ => {}
            }
        }
        match (open, decisive) {
            (true, _) => Truth::Open,
            (false, Truth::Yes) => Truth::No,
            (false, _) => Truth::Yes,
        }
    }
}

impl Leaf {
    fn truth(&self, values: &Values<'_>) -> Truth {
        match self {
            Self::Constant(holds) => Truth::of(*holds),
            Self::In(expr, members) => match text(expr, values) {
                Some(value) => Truth::of(members.contains(&value)),
                None => Truth::Open,
            },
            Self::Match(expr, regex) => match (text(expr, values), regex) {
                (Some(Cell::Null), _) => Truth::No,
                // Only of ASCII is it certain that all spellings of a text match alike.
                (Some(Cell::Text(value)), Some(regex)) if value.is_ascii() => {
                    Truth::of(regex.is_match(&value))
                }
                _ => Truth::Open,
            },
            Self::Call(function, expr, part) => match (text(expr, values), function) {
                (Some(Cell::Text(value)), _) if !value.is_ascii() => Truth::Open,
                (Some(Cell::Text(value)), RowFunction::Contains) => Truth::of(value.contains(part)),
                (Some(Cell::Text(value)), RowFunction::StartsWith) => {
                    Truth::of(value.starts_with(part))
                }
                (Some(Cell::Text(value)), RowFunction::EndsWith) => {
                    Truth::of(value.ends_with(part))
                }
                _ => Truth::Open,
            },
            Self::Other => Truth::Open,
        }
    }
}

/// The text that an expression gives, where it is known: null is.
fn text(expr: &RowExpr, values: &Values<'_>) -> Option<Cell> {
    match expr {
        RowExpr::Column(column) => values.get(&column.0).map(|v| (*v).clone()),
        RowExpr::Call(RowFunction::Lower, args) => Some(match text(args.first()?, values)? {
            Cell::Null => Cell::Null,
            Cell::Text(text) => Cell::Text(text.to_lowercase()),
        }),
        _ => None,
    }
}

/// A leaf, and whether the expression is its negation.
fn leaf(expr: &RowExpr) -> (Leaf, bool) {
    let found = match expr {
        RowExpr::Bool(holds) => Leaf::Constant(*holds),
        RowExpr::IsNull(inner) => Leaf::In((**inner).clone(), HashSet::from([Cell::Null])),
        RowExpr::Compare(a, comparison, b) => {
            let ((value, RowExpr::Text(constant)) | (RowExpr::Text(constant), value)) =
                (&**a, &**b)
            else {
                return (Leaf::Other, false);
            };
            let Some(constant) = comparable(constant) else { return (Leaf::Other, false) };
            let leaf = Leaf::In(value.clone(), HashSet::from([Cell::Text(constant)]));
            return match comparison.op {
                CompareOp::Equal => (leaf, false),
                CompareOp::NotEqual => (leaf, true),
                _ => (Leaf::Other, false),
            };
        }
        RowExpr::In(inner, members, _) => {
            let member = |m: &RowExpr| match m {
                RowExpr::Text(text) => comparable(text).map(Cell::Text),
                RowExpr::Null => Some(Cell::Null),
                _ => None,
            };
            match members.iter().map(member).collect::<Option<HashSet<_>>>() {
                Some(members) => Leaf::In((**inner).clone(), members),
                None => Leaf::Other,
            }
        }
        RowExpr::Match(inner, pattern) => Leaf::Match((**inner).clone(), caseless(pattern)),
        RowExpr::Call(function, args) => match args.as_slice() {
            [value, RowExpr::Text(part)] if part.is_ascii() => {
                Leaf::Call(function.clone(), value.clone(), part.clone())
            }
            _ => Leaf::Other,
        },
        _ => Leaf::Other,
    };
    (found, false)
}

/// A constant as texts are compared: none where it holds a mark that nobody sees.
fn comparable(text: &str) -> Option<String> {
    let plain = |c: char| c == '\u{200C}' || c.is_alphanumeric() || c.is_ascii() || c == ' ';
    text.chars().all(plain).then(|| fold_name(text).to_lowercase())
}

/// A pattern that is sure to ignore case all through.
fn caseless(pattern: &str) -> Option<Regex> {
    let inner = pattern.strip_prefix("(?i)")?;
    let flags =
        inner.match_indices("(?").any(|(at, _)| !inner[at + 2..].starts_with([':', 'P', '<']));
    if flags { None } else { crate::model::pattern::built(pattern).ok() }
}

/// The ways in which a condition may hold (or not), where they are few.
fn ways(test: &Test, holds: bool) -> Option<Vec<Way>> {
    let (parts, together) = match test {
        Test::Leaf(at) => return Some(vec![Way::from([(*at, holds)])]),
        Test::Not(inner) => return ways(inner, !holds),
        Test::And(parts) => (parts, holds),
        Test::Or(parts) => (parts, !holds),
    };
    let mut all: Vec<Way> = if together { vec![Way::new()] } else { Vec::new() };
    for part in parts {
        let part = ways(part, holds)?;
        if together {
            let joined = all.iter().flat_map(|a| part.iter().filter_map(|b| join(a, b)));
            all = joined.take(MOST_WAYS + 1).collect();
        } else {
            all.extend(part);
        }
        if all.len() > MOST_WAYS {
            return None;
        }
    }
    Some(all)
}

/// Both ways at once; none where they exclude one another.
fn join(a: &Way, b: &Way) -> Option<Way> {
    let mut both = a.clone();
    for (leaf, holds) in b {
        if both.insert(*leaf, *holds).is_some_and(|other| other != *holds) {
            return None;
        }
    }
    Some(both)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::row::{Case, ColumnId, Comparison};

    fn equal(column: u32, text: &str) -> RowExpr {
        let comparison = Comparison { op: CompareOp::Equal, case: Case::Folded };
        let column = Box::new(RowExpr::Column(ColumnId(column)));
        RowExpr::Compare(column, comparison, Box::new(RowExpr::Text(text.to_owned())))
    }

    fn one_of(column: u32, texts: &[&str]) -> RowExpr {
        let members = texts.iter().map(|t| RowExpr::Text((*t).to_owned())).collect();
        RowExpr::In(Box::new(RowExpr::Column(ColumnId(column))), members, Case::Folded)
    }

    /// All conditions of a small language over two parameters, as the engine sees them.
    fn holds(expr: &RowExpr, row: &[Option<&str>; 2]) -> bool {
        let cell = |e: &RowExpr| match e {
            RowExpr::Column(at) => row[at.0 as usize],
            _ => panic!("not a column"),
        };
        match expr {
            RowExpr::Compare(a, comparison, b) => {
                let RowExpr::Text(text) = &**b else { panic!("not a text") };
                let same = cell(a) == Some(text);
                if comparison.op == CompareOp::NotEqual { !same } else { same }
            }
            RowExpr::In(a, members, _) => members.iter().any(|m| match m {
                RowExpr::Text(text) => cell(a) == Some(text),
                _ => cell(a).is_none(),
            }),
            RowExpr::IsNull(a) => cell(a).is_none(),
            RowExpr::Match(a, pattern) => {
                cell(a).is_some_and(|text| Regex::new(pattern).unwrap().is_match(text))
            }
            RowExpr::Not(inner) => !holds(inner, row),
            RowExpr::And(parts) => parts.iter().all(|p| holds(p, row)),
            RowExpr::Or(parts) => parts.iter().any(|p| holds(p, row)),
            other => panic!("{other:?}"),
        }
    }

    struct Dice(u64);

    impl Dice {
        fn below(&mut self, most: usize) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % most
        }
    }

    const TEXTS: [&str; 4] = ["a", "ab", "b", "c"];

    fn random(dice: &mut Dice, depth: usize) -> RowExpr {
        let column = dice.below(2) as u32;
        let cell = || Box::new(RowExpr::Column(ColumnId(column)));
        let text = |dice: &mut Dice| TEXTS[dice.below(TEXTS.len())];
        match dice.below(if depth == 0 { 5 } else { 8 }) {
            0 | 1 => equal(column, text(dice)),
            2 => {
                let mut found = one_of(column, &[text(dice), text(dice)]);
                if let RowExpr::In(_, members, _) = &mut found
                    && dice.below(3) == 0
                {
                    members.push(RowExpr::Null);
                }
                found
            }
            3 => RowExpr::IsNull(cell()),
            4 => RowExpr::Match(cell(), format!("(?i){}", ["^a", "b", "^(a|c)$"][dice.below(3)])),
            5 => RowExpr::Not(Box::new(random(dice, depth - 1))),
            6 => RowExpr::And(vec![random(dice, depth - 1), random(dice, depth - 1)]),
            _ => RowExpr::Or(vec![random(dice, depth - 1), random(dice, depth - 1)]),
        }
    }

    /// Never a false alarm: of a rule that is told to be closed no row of any kind is left.
    #[test]
    fn what_is_closed_takes_no_row() {
        let mut dice = Dice(7);
        let mut alarms = 0;
        let cells = [None, Some("a"), Some("ab"), Some("b"), Some("c"), Some("other")];
        for _ in 0..20_000 {
            let rules: Vec<RowExpr> = (0..3).map(|_| random(&mut dice, 2)).collect();
            for (at, why) in closed(&rules.iter().collect::<Vec<_>>()) {
                alarms += 1;
                for first in cells {
                    for second in cells {
                        let row = [first, second];
                        let taken = rules[..at].iter().any(|r| holds(r, &row));
                        assert!(taken || !holds(&rules[at], &row), "{why:?} {rules:#?} {row:?}");
                    }
                }
            }
        }
        assert!(alarms > 500, "{alarms}");
    }

    #[test]
    fn what_is_taken_is_found() {
        let regex = |pattern: &str| {
            RowExpr::Match(Box::new(RowExpr::Column(ColumnId(0))), format!("(?i){pattern}"))
        };
        let taken = |earlier: &[RowExpr], rule: RowExpr| {
            let all: Vec<&RowExpr> = earlier.iter().chain([&rule]).collect();
            closed(&all).into_iter().find(|(at, _)| *at == earlier.len()).map(|(_, why)| why)
        };
        let first = Some(Closed::Taken(vec![0]));
        assert_eq!(taken(&[equal(0, "a")], equal(0, "a")), first);
        assert_eq!(taken(&[one_of(0, &["a", "b"])], equal(0, "b")), first);
        assert_eq!(taken(&[one_of(0, &["a", "b", "c"])], one_of(0, &["c", "a"])), first);
        assert_eq!(taken(&[regex("^a")], one_of(0, &["ab", "a"])), first);
        assert_eq!(taken(&[regex("^a")], regex("^a")), first);
        let both = Some(Closed::Taken(vec![0, 1]));
        assert_eq!(taken(&[equal(0, "a"), equal(0, "b")], one_of(0, &["a", "b"])), both);
        let and = |a, b| RowExpr::And(vec![a, b]);
        assert_eq!(taken(&[equal(0, "a")], and(equal(0, "a"), equal(1, "x"))), first);
        assert_eq!(taken(&[], and(equal(0, "a"), equal(0, "b"))), Some(Closed::Contradiction));
        // What cannot be known is no alarm.
        assert_eq!(taken(&[regex("^a")], regex("^ab")), None);
        assert_eq!(taken(&[and(equal(0, "a"), equal(1, "x"))], equal(0, "a")), None);
        assert_eq!(taken(&[equal(0, "a")], one_of(0, &["a", "b"])), None);
        assert_eq!(taken(&[regex("(?-i)^A")], equal(0, "a")), None);
    }

    #[test]
    fn large_sets_end_in_time() {
        let texts: Vec<String> = (0..4000).map(|n| format!("site{n}")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let rules: Vec<RowExpr> = (0..300).map(|_| one_of(0, &texts)).collect();
        assert!(!closed(&rules.iter().collect::<Vec<_>>()).is_empty());
    }
}
