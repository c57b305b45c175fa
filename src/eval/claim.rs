//! Whether what a test claims holds.

use super::formula::compare;
use super::{Evaluator, Point, Slice};
use crate::engine::csv::canonical;
use crate::model::row::CompareOp;
use crate::model::{Claim, Model, TestLine};
use crate::plan::{Request, Wanted};
use crate::time::Date;
use crate::value::Number;

/// A line of a test, held against the numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// What was found: one for the line, or one for each member of `by`.
    pub findings: Vec<Finding>,
    /// Whether the line holds: each finding does, and there is one.
    pub outcome: Outcome,
}

/// What a line found for one slice.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// For which members.
    pub slice: Slice,
    /// The value, its coverage, its target and status.
    pub point: Point,
    /// What was found minus what was expected; none where the line compares no number, or there
    /// is no value.
    pub difference: Option<Number>,
    /// Whether the claim holds here.
    pub outcome: Outcome,
}

/// Whether a claim holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It does.
    Holds,
    /// It does not.
    Fails,
}

impl Outcome {
    fn of(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }
}

/// What must be computed for the tests of a project.
pub fn tested(model: &Model, as_of: Option<Date>) -> Request {
    let mut measures: Vec<Wanted> = Vec::new();
    for line in model.tests.iter().flat_map(|t| &t.lines) {
        let slice = line.dimensions();
        match measures.iter_mut().find(|w| w.measure == line.measure) {
            Some(wanted) if wanted.slices.contains(&slice) => {}
            Some(wanted) => wanted.slices.push(slice),
            None => measures.push(Wanted { measure: line.measure, slices: vec![slice] }),
        }
    }
    Request { measures, until: as_of }
}

impl Evaluator<'_> {
    /// Holds a line against the numbers up to the as-of date.
    ///
    /// A comparison asks for a value: where there is none it fails, `!=` too. A line with `by`
    /// holds where it does for every member that has rows in the period; where none has, there is
    /// nothing that a claim could be true of, and only `is null` holds.
    ///
    /// # Panics
    /// Where the plan was not made for the tests: a bug of ours.
    pub fn check(&self, line: &TestLine) -> Checked {
        let findings: Vec<Finding> =
            self.slices(line).into_iter().map(|slice| self.finding(line, slice)).collect();
        let holds = findings.iter().all(|f| f.outcome == Outcome::Holds);
        let spoken_of = !findings.is_empty() || line.claim == Claim::Null;
        Checked { outcome: Outcome::of(holds && spoken_of), findings }
    }

    fn slices(&self, line: &TestLine) -> Vec<Slice> {
        let scopes = || line.scopes.iter();
        if line.by.is_empty() {
            let members = scopes().map(|s| (s.dimension.clone(), Some(s.member.clone())));
            return vec![Slice(members.collect())];
        }
        let (first, last) = (line.period.start, line.period.end);
        let mut all = self.members(line.measure, &line.dimensions(), first, last);
        all.retain(|slice| {
            scopes().all(|scope| {
                let is_it = |(name, member): &(String, Option<String>)| {
                    let same = |m: &String| canonical(m) == canonical(&scope.member);
                    *name == scope.dimension && member.as_ref().is_some_and(same)
                };
                slice.0.iter().any(is_it)
            })
        });
        all
    }

    fn finding(&self, line: &TestLine, slice: Slice) -> Finding {
        let point = self.point(line.measure, line.period, &slice);
        let value = point.value.known();
        let (holds, difference) = match &line.claim {
            Claim::Null => (value.is_none(), None),
            Claim::NotNull => (value.is_some(), None),
            Claim::Status(status) => {
                (point.verdict.as_ref().and_then(|v| v.status) == Some(*status), None)
            }
            Claim::Compare { op, number, within } => {
                let holds = value.is_some_and(|value| stands(value, *op, number, within));
                (holds, value.map(|value| value.sub(number)))
            }
        };
        Finding { slice, difference, outcome: Outcome::of(holds), point }
    }
}

/// Whether a comparison holds when the value may be off by so much: a bound is moved outwards,
/// `==` holds up to the distance and `!=` beyond it.
fn stands(value: &Number, op: CompareOp, number: &Number, within: &Number) -> bool {
    let off = value.sub(number).abs();
    match op {
        CompareOp::Equal => off <= *within,
        CompareOp::NotEqual => off > *within,
        CompareOp::Less | CompareOp::LessEqual => compare(value, op, &number.add(within)),
        CompareOp::Greater | CompareOp::GreaterEqual => compare(value, op, &number.sub(within)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Number {
        text.parse::<crate::value::Decimal>().unwrap().to_number()
    }

    #[test]
    fn borders_count_as_inside() {
        let stands = |value, op, within| stands(&n(value), op, &n("10"), &n(within));
        let rows = [
            (CompareOp::Equal, "10", "0", true),
            (CompareOp::Equal, "10.1", "0.1", true),
            (CompareOp::Equal, "9.9", "0.1", true),
            (CompareOp::Equal, "10.11", "0.1", false),
            (CompareOp::NotEqual, "10.1", "0.1", false),
            (CompareOp::NotEqual, "10.11", "0.1", true),
            (CompareOp::Less, "10", "0", false),
            (CompareOp::Less, "10", "0.1", true),
            (CompareOp::LessEqual, "10.1", "0.1", true),
            (CompareOp::LessEqual, "10.11", "0.1", false),
            (CompareOp::Greater, "10", "0", false),
            (CompareOp::GreaterEqual, "9.9", "0.1", true),
            (CompareOp::GreaterEqual, "9.89", "0.1", false),
        ];
        for (op, value, within, expected) in rows {
            assert_eq!(stands(value, op, within), expected, "{value} {op:?} 10 +- {within}");
        }
    }
}
