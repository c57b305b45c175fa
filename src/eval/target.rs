//! The target in force for a period.

use super::evaluator::{Evaluator, Key};
use super::frame::Frame;
use super::{Level, Slice, TargetInForce};
use crate::engine::csv::canonical;
use crate::model::measure::{Additivity, Points, Reference, Scope};
use crate::model::{MeasureId, Purpose, Target, TargetValue};
use crate::time::{Date, Grain, Period};
use crate::value::Number;

impl Evaluator<'_> {
    /// The target in force on a period's last day.
    ///
    /// The total has the targets without `for`, a single member those that name it. Of several the
    /// one with the latest `from` holds, of two with the same day the one written later.
    ///
    /// A target is for a period of the KPI's first cadence (or of `per`). Over another grain an
    /// additive KPI's target is the sum of its days' shares; other targets hold as they are.
    pub fn target(
        &self,
        measure: MeasureId,
        period: Period,
        slice: &Slice,
    ) -> Option<TargetInForce> {
        let purpose = self.model.measure(measure).purpose.as_deref()?;
        let (index, target) = in_force(purpose, period.end, slice)?;
        let level = self.level(measure, purpose, target, period, slice)?;
        Some(TargetInForce {
            level,
            index,
            value: target.value.clone(),
            from: target.from,
            because: target.because.clone(),
            span: target.span,
        })
    }

    /// What a target asks for in a period; none where it refers to a value that is not there.
    fn level(
        &self,
        measure: MeasureId,
        purpose: &Purpose,
        target: &Target,
        period: Period,
        slice: &Slice,
    ) -> Option<Level> {
        let scaled = |number: &Number| self.for_period(measure, purpose, target, period, number);
        let calendar = &self.model.settings.calendar;
        let value = match &target.value {
            TargetValue::Value(number) => scaled(number),
            TargetValue::Range(low, high) => return Some(Level::Range(scaled(low), scaled(high))),
            TargetValue::Path { to, starting } => scaled(&on_path(period.end, starting, to)),
            TargetValue::Relative { amount, points, over } => {
                let base = match over {
                    Reference::Previous => {
                        self.whole(measure, calendar.shift(period, -1), slice)?
                    }
                    Reference::LastYear => {
                        self.whole(measure, calendar.year_before(period)?, slice)?
                    }
                    Reference::Baseline => purpose.baseline.as_ref()?.0.clone(),
                    Reference::Period(reference) => self.whole(measure, *reference, slice)?,
                };
                match points {
                    Points::Added => base.add(amount),
                    Points::Share => base.add(&base.abs().mul(amount)),
                }
            }
            TargetValue::Increase | TargetValue::Decrease => {
                self.whole(measure, calendar.shift(period, -1), slice)?
            }
            TargetValue::Formula(_) => unreachable!("the model refuses targets over data"),
        };
        Some(Level::Value(value))
    }

    /// The value of a whole period; none where one of the sources does not cover it.
    fn whole(&self, measure: MeasureId, period: Period, slice: &Slice) -> Option<Number> {
        let complete = self.progress(measure, period).complete;
        let frame = Frame::whole(period);
        let slice = self.slice_id(slice);
        let value = complete.then(|| self.value_over(Key { measure, frame, slice }))?;
        value.known().cloned()
    }

    /// A number that is meant for one grain, for a period of another.
    fn for_period(
        &self,
        measure: MeasureId,
        purpose: &Purpose,
        target: &Target,
        period: Period,
        number: &Number,
    ) -> Number {
        let meant = target.per.or(purpose.cadences.first().copied()).unwrap_or(Grain::Month);
        let additive = self.model.measure(measure).additive == Additivity::Additive;
        if meant == period.grain || !additive {
            return number.clone();
        }
        number.mul(&self.share_of_days(meant, period))
    }

    /// How many periods of a grain another period is worth, counted in shares of days.
    fn share_of_days(&self, grain: Grain, period: Period) -> Number {
        let touched = self.model.settings.calendar.periods(grain, period.start, period.end);
        let mut worth = Number::ZERO;
        for other in touched {
            let (first, last) = (other.start.max(period.start), other.end.min(period.end));
            let days = Number::from(i64::from(last.days() - first.days() + 1));
            let share = days.div(&Number::from(i64::from(other.len_days())));
            worth = share.map_or(worth.clone(), |share| worth.add(&share));
        }
        worth
    }
}

fn in_force<'p>(purpose: &'p Purpose, on: Date, slice: &Slice) -> Option<(usize, &'p Target)> {
    let all = purpose.targets.iter().enumerate();
    let fitting = all.filter(|(_, target)| {
        names(target.scope.as_ref(), slice) && target.from.is_none_or(|from| from <= on)
    });
    fitting.max_by_key(|(index, target)| (target.from, *index))
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
fn on_path(day: Date, (start, since): &(Number, Date), (goal, due): &(Number, Date)) -> Number {
    let all = Number::from(i64::from(due.days() - since.days()));
    let passed = Number::from(i64::from(day.days() - since.days()));
    match passed.div(&all) {
        _ if day >= *due => goal.clone(),
        Some(share) if day > *since => start.add(&goal.sub(start).mul(&share)),
        _ => start.clone(),
    }
}
