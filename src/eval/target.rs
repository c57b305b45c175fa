//! The target in force for a period.

use super::evaluator::{Evaluator, SliceId};
use super::formula::Formula;
use super::frame::{Counted, Frame};
use super::{Labelled, Lack, Level, Slice, TargetInForce, Value};
use crate::engine::csv::canonical;
use crate::model::measure::{Additivity, Path, Points, Reference, Scope};
use crate::model::{MeasureId, Node, Purpose, Target, TargetValue};
use crate::plan::dimension;
use crate::time::{Date, Grain, Period};
use crate::value::Number;

/// What holds for a period.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Held {
    /// No target.
    Nothing,
    /// A target, but what it refers to has no value, for this reason.
    Lacking(Lack),
    /// A target.
    To(Box<TargetInForce>),
}

impl Evaluator<'_> {
    /// The target in force on a period's last day.
    ///
    /// The total has the targets without `for`, a single member those that name it; a target that
    /// is a formula holds for members too where what it reads has the dimension. Of several the
    /// one with the latest `from` holds, of two with the same day the one written later.
    ///
    /// A target is for a period of the KPI's first cadence (or of `per`), one that refers to data
    /// for the period itself. Over another grain an additive KPI's target is the sum of its days'
    /// shares; other targets hold as they are.
    pub fn target(
        &self,
        measure: MeasureId,
        period: Period,
        slice: &Slice,
    ) -> Option<TargetInForce> {
        match self.held(measure, period, slice) {
            Held::To(target) => Some(*target),
            Held::Nothing | Held::Lacking(_) => None,
        }
    }

    /// As [`Self::target`], with the reason why there is none.
    pub(super) fn held(&self, measure: MeasureId, period: Period, slice: &Slice) -> Held {
        let slice = self.slice_id(slice);
        loop {
            let mut at_work = Formula { evaluator: self, missing: Vec::new() };
            let held = at_work.held(measure, period, slice);
            if at_work.missing.is_empty() {
                return held;
            }
            for key in at_work.missing {
                self.value_over(key);
            }
        }
    }

    /// How many periods of a grain another period is worth, counted in shares of days.
    fn share_of_days(&self, grain: Grain, period: Period) -> Number {
        let shares = self.shares(grain, period).into_iter();
        shares.fold(Number::ZERO, |worth, (_, share)| worth.add(&share))
    }

    /// The periods of a grain that share days with a period, and which share of theirs.
    fn shares(&self, grain: Grain, period: Period) -> Vec<(Period, Number)> {
        let calendar = &self.model.settings.calendar;
        let touched = calendar.periods(grain, period.start, period.end).into_iter();
        let share = |other: Period| {
            let (first, last) = (other.start.max(period.start), other.end.min(period.end));
            let days = Number::from(i64::from(last.days() - first.days() + 1));
            let share = days.div(&Number::from(i64::from(other.len_days())));
            (other, share.unwrap_or(Number::ZERO))
        };
        touched.map(share).collect()
    }
}

/// The KPI, the slice and the target that is looked at.
#[derive(Clone, Copy)]
struct Asked<'p> {
    measure: MeasureId,
    purpose: &'p Purpose,
    target: &'p Target,
    slice: SliceId,
}

impl Formula<'_, '_> {
    /// What holds; values that are not known yet are noted as missing.
    pub(super) fn held(&mut self, measure: MeasureId, period: Period, slice: SliceId) -> Held {
        let model = self.evaluator.model;
        let Some(purpose) = model.measure(measure).purpose.as_deref() else {
            return Held::Nothing;
        };
        let Some((index, target)) = self.in_force(purpose, period.end, slice) else {
            return Held::Nothing;
        };
        match self.level(Asked { measure, purpose, target, slice }, period) {
            Err(why) => Held::Lacking(why),
            Ok(level) => Held::To(Box::new(TargetInForce {
                level,
                index,
                value: target.value.clone(),
                from: target.from,
                because: target.because.clone(),
                span: target.span,
            })),
        }
    }

    /// The target that holds on a day, and its place in the list.
    fn in_force<'p>(
        &self,
        purpose: &'p Purpose,
        on: Date,
        slice: SliceId,
    ) -> Option<(usize, &'p Target)> {
        let slice = self.evaluator.slice(slice);
        let all = purpose.targets.iter().enumerate();
        let holds = all.filter(|(_, target)| target.from.is_none_or(|from| from <= on));
        // What names the members goes before what is a formula for all of them.
        let fitting = holds.filter_map(|(index, target)| {
            let named = names(target.scope.as_ref(), &slice);
            (named || self.reaches(target, &slice)).then_some((named, target.from, index, target))
        });
        let latest = fitting.max_by_key(|(named, from, index, _)| (*named, *from, *index));
        latest.map(|(_, _, index, target)| (index, target))
    }

    /// Whether a target for the total is a formula that the members have a value of.
    fn reaches(&self, target: &Target, slice: &Slice) -> bool {
        let TargetValue::Formula { node, .. } = &target.value else { return false };
        let sources = self.evaluator.sources_of(node);
        let has = |name: &String| {
            let all = sources.iter().map(|id| self.evaluator.model.source(*id));
            !sources.is_empty() && all.into_iter().all(|s| dimension(s, name).is_some())
        };
        target.scope.is_none() && slice.0.iter().all(|(name, _)| has(name))
    }

    /// What a target asks for in a period; a reason where it refers to a value that is not there.
    fn level(&mut self, asked: Asked<'_>, period: Period) -> Result<Level, Lack> {
        let meant = asked.target.per.unwrap_or_else(|| self.natural(asked, period));
        if meant == period.grain || !self.is_additive(asked.measure) {
            return self.level_at(asked, period);
        }
        let mut total: Option<Level> = None;
        for (part, share) in self.evaluator.shares(meant, period) {
            let level = self.level_at(asked, part)?.map(|n| n.mul(&share));
            total = Some(match total {
                Some(total) => total.plus(&level),
                None => level,
            });
        }
        // A period has days, and so parts of any grain.
        Ok(total.unwrap_or(Level::Value(Number::ZERO)))
    }

    /// The grain of the periods that a target is for where it does not say so: the cadence's for
    /// numbers as written, the period's own for what refers to data.
    fn natural(&self, asked: Asked<'_>, period: Period) -> Grain {
        let data = match &asked.target.value {
            TargetValue::Formula { node, .. } => !self.evaluator.sources_of(node).is_empty(),
            TargetValue::Relative { .. } | TargetValue::Increase | TargetValue::Decrease => true,
            TargetValue::Value(_)
            | TargetValue::Range(..)
            | TargetValue::Path(_)
            | TargetValue::Corridor(..) => false,
        };
        if data { period.grain } else { cadence(asked.purpose) }
    }

    fn is_additive(&self, measure: MeasureId) -> bool {
        self.evaluator.model.measure(measure).additive == Additivity::Additive
    }

    /// What a target asks for in a period of the grain that it is for.
    fn level_at(&mut self, asked: Asked<'_>, period: Period) -> Result<Level, Lack> {
        let calendar = &self.evaluator.model.settings.calendar;
        Ok(match &asked.target.value {
            TargetValue::Value(number) => Level::Value(number.clone()),
            TargetValue::Range(low, high) => Level::Range(low.clone(), high.clone()),
            TargetValue::Path(path) => Level::Value(on_path(period.end, path)),
            TargetValue::Corridor(low, high) => {
                Level::Range(on_path(period.end, low), on_path(period.end, high))
            }
            TargetValue::Relative { amount, points, over } => {
                let base = self.base(asked, *over, period)?;
                Level::Value(match points {
                    Points::Added => {
                        let scale = self.worth(asked.measure, cadence(asked.purpose), period);
                        base.add(&amount.mul(&scale))
                    }
                    Points::Share => base.add(&base.abs().mul(amount)),
                })
            }
            TargetValue::Increase | TargetValue::Decrease => {
                Level::Value(self.whole(asked, calendar.shift(period, -1))?)
            }
            TargetValue::Formula { node, .. } => {
                Level::Value(self.planned(node, period, asked.slice)?)
            }
        })
    }

    /// What a relative target is relative to.
    fn base(&mut self, asked: Asked<'_>, over: Reference, period: Period) -> Result<Number, Lack> {
        let calendar = &self.evaluator.model.settings.calendar;
        match over {
            Reference::Previous => self.whole(asked, calendar.shift(period, -1)),
            Reference::LastYear => {
                let before = calendar.year_before(period);
                let before = before.ok_or(Lack::NoDayBefore)?;
                self.whole(asked, before)
            }
            Reference::Baseline => {
                let baseline = asked.purpose.baseline.as_ref().ok_or(Lack::NoBaseline)?;
                let scale = self.worth(asked.measure, cadence(asked.purpose), period);
                Ok(baseline.0.mul(&scale))
            }
            Reference::Period(reference) => {
                let scale = self.worth(asked.measure, reference.grain, period);
                Ok(self.whole(asked, reference)?.mul(&scale))
            }
        }
    }

    /// How many periods of a grain a period counts for: of a total in shares of days, else one.
    fn worth(&self, measure: MeasureId, grain: Grain, period: Period) -> Number {
        if grain == period.grain || !self.is_additive(measure) {
            return Number::ONE;
        }
        self.evaluator.share_of_days(grain, period)
    }

    /// The value of a whole period; a reason where one of the sources does not cover it.
    fn whole(&mut self, asked: Asked<'_>, period: Period) -> Result<Number, Lack> {
        let label = self.evaluator.model.settings.calendar.label(period);
        let labelled = Labelled { period, label };
        if !self.evaluator.progress(asked.measure, period).complete {
            return Err(Lack::Uncovered(labelled));
        }
        let frame = Frame::whole(period, Counted::Past);
        match self.measure(asked.measure, frame, asked.slice) {
            Value::Known(number) => Ok(number),
            _ => Err(Lack::NoValue(labelled)),
        }
    }

    /// The value of a target's formula over a whole period, rows that are still to come included.
    fn planned(&mut self, node: &Node, period: Period, slice: SliceId) -> Result<Number, Lack> {
        let found = self.node(node, Frame::whole(period, Counted::Planned), slice);
        let formula = self.evaluator.describe(node);
        Err(match found {
            Value::Known(number) => return Ok(number),
            Value::NoData => Lack::NoRows(formula),
            Value::NotCovered => Lack::NotCovered(formula),
            Value::Undefined(reason) => Lack::Undefined { formula, reason },
        })
    }
}

fn cadence(purpose: &Purpose) -> Grain {
    purpose.cadences.first().copied().unwrap_or(Grain::Month)
}

/// Whether a target's scope is just this slice.
fn names(scope: Option<&Scope>, slice: &Slice) -> bool {
    match (scope, slice.0.as_slice()) {
        (None, []) => true,
        (Some(scope), [(dimension, Some(member))]) => {
            scope.dimension == *dimension && canonical(&scope.member) == canonical(member)
        }
        _ => false,
    }
}

/// Where a straight path stands on a day.
fn on_path(day: Date, path: &Path) -> Number {
    let ((start, since), (goal, due)) = (&path.starting, &path.to);
    let all = Number::from(i64::from(due.days() - since.days()));
    let passed = Number::from(i64::from(day.days() - since.days()));
    match passed.div(&all) {
        _ if day >= *due => goal.clone(),
        Some(share) if day > *since => start.add(&goal.sub(start).mul(&share)),
        _ => start.clone(),
    }
}
