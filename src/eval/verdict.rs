//! How a value stands against its target.

use std::collections::BTreeSet;

use super::evaluator::Evaluator;
use super::target::Held;
use super::{
    Asked, Basis, Border, Exceeded, Ground, Judged, Level, Point, Progress, Slice, Status,
    TargetInForce, Value,
};
use super::{Verdict, coverage, rule};
use crate::model::measure::Additivity;
use crate::model::{Direction, MeasureId, Node, Purpose, TargetValue};
use crate::plan::each_node;
use crate::time::Period;
use crate::value::{Decimal, Number};

impl Evaluator<'_> {
    /// A measure in a period for a slice: its value, its target and how it stands.
    ///
    /// ## How a KPI is judged
    /// - `better: higher` holds the value to at least the target, `lower` to at most, `within` to
    ///   the range. Where `better` is not said a range asks for `within`, all else for `higher`.
    ///   Of a range, `higher` asks for its lower border and `lower` for its upper one.
    /// - A miss of less than the tolerance (a share of the missed border's absolute value) is at
    ///   risk.
    /// - A period that is not complete: an additive KPI is judged by its pace, the value over the
    ///   covered share of the days. Others are judged as they stand. Before a fifth of the days
    ///   has passed there is no verdict, and none before the end for what is made of attainments
    ///   of totals.
    pub fn point(&self, measure: MeasureId, period: Period, slice: &Slice) -> Point {
        let value = self.value(measure, period, slice);
        let progress = self.progress(measure, period);
        let held = self.held(measure, period, slice);
        let purpose = self.model.measure(measure).purpose.as_deref();
        let verdict =
            purpose.map(|purpose| self.verdict(measure, purpose, period, &value, progress, &held));
        let target = match held {
            Held::To(target) => Some(*target),
            Held::Nothing | Held::Lacking(_) => None,
        };
        Point { period, progress, value, target, verdict }
    }

    fn verdict(
        &self,
        measure: MeasureId,
        purpose: &Purpose,
        period: Period,
        value: &Value,
        progress: Progress,
        held: &Held,
    ) -> Verdict {
        let plain = |status, ground: Ground| Verdict {
            status,
            exceeded: Exceeded::No,
            rule: rule::plain(&ground),
            ground,
            basis: None,
        };
        let target = match held {
            Held::To(target) => target,
            Held::Nothing => return plain(Some(Status::NoTarget), Ground::NoTarget),
            Held::Lacking(why) => {
                return plain(Some(Status::NoTarget), Ground::TargetLacks(why.clone()));
            }
        };
        let partial = !progress.complete && (progress.covered > 0 || progress.open);
        if partial && progress.covered * 5 < progress.days {
            return plain(None, Ground::TooEarly);
        }
        let Value::Known(value) = value else {
            return plain(Some(Status::NoData), Ground::NoValue);
        };
        let additive = self.model.measure(measure).additive == Additivity::Additive;
        if partial && !additive && self.attains_totals(measure) {
            return plain(None, Ground::AtTheEnd);
        }
        let judged = if partial && additive { Judged::Pace } else { Judged::Value };
        let goal = Goal::of(purpose.better, target);
        let remaining = self.remaining(measure, period);
        judge(value, &goal, &purpose.tolerance, judged, progress, remaining, |basis, status| {
            rule::words(&self.model.measure(measure).unit, basis, status, &goal)
        })
    }

    /// Whether the attainment of a total went into a measure: that grows with the days.
    fn attains_totals(&self, measure: MeasureId) -> bool {
        let mut seen = BTreeSet::from([measure]);
        let mut stack = vec![measure];
        let mut found = false;
        while let Some(id) = stack.pop() {
            let Some(formula) = &self.model.measure(id).formula else { continue };
            each_node(&formula.node, &mut |node| match node {
                Node::Attainment(of) => {
                    found |= self.model.measure(*of).additive == Additivity::Additive;
                    stack.extend(seen.insert(*of).then_some(*of));
                }
                Node::Measure(of) => stack.extend(seen.insert(*of).then_some(*of)),
                _ => {}
            });
        }
        found
    }

    /// The days of a period that are still to come.
    fn remaining(&self, measure: MeasureId, period: Period) -> u32 {
        let last = self.common(measure).map_or(self.as_of, |(_, last)| last);
        coverage::days(last.plus(1).max(period.start), period.end)
    }
}

/// What a value is held to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Goal {
    /// What is asked.
    pub(super) asked: Asked,
    /// Beyond this the target is exceeded, on the good side.
    beyond: Option<(Side, Number)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Above,
    Below,
}

impl Goal {
    fn of(better: Option<Direction>, target: &TargetInForce) -> Self {
        let (low, high) = match &target.level {
            Level::Value(value) => (value.clone(), value.clone()),
            Level::Range(low, high) => (low.clone(), high.clone()),
        };
        let moving = match target.value {
            TargetValue::Increase => Some(Direction::Higher),
            TargetValue::Decrease => Some(Direction::Lower),
            _ => None,
        };
        let border = if moving.is_some() { Border::Outside } else { Border::Inside };
        let unsaid = match target.level {
            Level::Value(_) => Direction::Higher,
            Level::Range(..) => Direction::Within,
        };
        match moving.or(better).unwrap_or(unsaid) {
            Direction::Higher => {
                let beyond = Some((Side::Above, high));
                Self { asked: Asked { low: Some(low), high: None, border }, beyond }
            }
            Direction::Lower => {
                let beyond = Some((Side::Below, low));
                Self { asked: Asked { low: None, high: Some(high), border }, beyond }
            }
            Direction::Within => {
                Self { asked: Asked { low: Some(low), high: Some(high), border }, beyond: None }
            }
        }
    }

    /// The border that a number misses, and by how much.
    fn missed(&self, number: &Number) -> Option<(&Number, Number)> {
        let strict = self.asked.border == Border::Outside;
        let low = self.asked.low.as_ref().filter(|low| number < low || strict && number == *low);
        let high =
            self.asked.high.as_ref().filter(|high| number > high || strict && number == *high);
        let missed = low.or(high)?;
        Some((missed, number.sub(missed).abs()))
    }

    /// Whether a number is beyond the goal by more than the tolerance.
    fn exceeded(&self, number: &Number, tolerance: &Number) -> Exceeded {
        let far = self.beyond.as_ref().is_some_and(|(side, border)| {
            let allowed = border.abs().mul(tolerance);
            match side {
                Side::Above => *number > border.add(&allowed),
                Side::Below => *number < border.sub(&allowed),
            }
        });
        if far { Exceeded::Yes } else { Exceeded::No }
    }
}

fn judge(
    value: &Number,
    goal: &Goal,
    tolerance: &Number,
    judged: Judged,
    progress: Progress,
    remaining: u32,
    words: impl FnOnce(&Basis, Status) -> String,
) -> Verdict {
    let number = match judged {
        Judged::Value => value.clone(),
        Judged::Pace => at_pace(value, progress),
    };
    let missed = goal.missed(&number);
    let status = match &missed {
        None => Status::OnTrack,
        Some((border, by)) if *by < border.abs().mul(tolerance) => Status::AtRisk,
        Some(_) => Status::OffTrack,
    };
    // What is still to come can carry a total up, but not down again.
    let settled = judged == Judged::Value || goal.asked.high.is_none();
    let exceeded = if status == Status::OnTrack && settled {
        goal.exceeded(value, tolerance)
    } else {
        Exceeded::No
    };
    let border = missed.as_ref().map(|(border, _)| (*border).clone());
    let gap = missed.map(|(_, by)| by);
    let share = |by: &Number| by.div(&border.as_ref()?.abs());
    let basis = Basis {
        judged,
        missed_by_share: gap.as_ref().and_then(share),
        missed_by: gap,
        border,
        tolerance: tolerance.clone(),
        needed_per_day: needed(value, goal, judged, remaining),
        days_left: remaining,
        number,
    };
    let rule = words(&basis, status);
    let ground = Ground::Held(goal.asked.clone());
    Verdict { status: Some(status), exceeded, rule, ground, basis: Some(basis) }
}

/// What a total comes to at the end of the period if it goes on like this.
fn at_pace(value: &Number, progress: Progress) -> Number {
    let count = |days: u32| Number::from(Decimal::new(i128::from(days), 0));
    let per_day = value.div(&count(progress.covered));
    per_day.map_or_else(|| value.clone(), |x| x.mul(&count(progress.days)))
}

/// What each day that is left must bring (or may, where less is better).
fn needed(value: &Number, goal: &Goal, judged: Judged, remaining: u32) -> Option<Number> {
    if judged == Judged::Value || remaining == 0 {
        return None;
    }
    let open = match (&goal.asked.low, &goal.asked.high) {
        (Some(low), _) => low.sub(value),
        (None, Some(high)) => high.sub(value),
        (None, None) => return None,
    };
    let open = if open.is_negative() { return None } else { open };
    open.div(&Number::from(i64::from(remaining)))
}
