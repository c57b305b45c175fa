//! How far a KPI has reached its target.

use super::evaluator::SliceId;
use super::formula::Formula;
use super::frame::{Frame, Window};
use super::target::Held;
use super::{Level, Reason, Value};
use crate::model::{Direction, MeasureId};
use crate::value::Number;

impl Formula<'_, '_> {
    /// `attainment(x)`: of a period, for the target that is in force there for this slice.
    pub(super) fn attainment(&mut self, id: MeasureId, frame: Frame, slice: SliceId) -> Value {
        let value = match self.measure(id, frame, slice) {
            Value::Known(value) => value,
            none => return none,
        };
        let measure = self.evaluator.model.measure(id);
        let name = &measure.name;
        if frame.window != Window::Period {
            let grain = frame.period.grain;
            return Value::Undefined(Reason::TargetOfPeriod { name: name.clone(), grain });
        }
        let target = match self.held(id, frame.period, slice) {
            Held::To(target) => target,
            Held::Nothing => return Value::Undefined(Reason::NoTarget(name.clone())),
            Held::Lacking(lack) => {
                let (name, lack) = (name.clone(), Box::new(lack));
                return Value::Undefined(Reason::TargetLacks { name, lack });
            }
        };
        let better = measure.purpose.as_ref().and_then(|p| p.better);
        match attained(&value, &target.level, better) {
            Ok(share) => Value::Known(share),
            Err(Unattained::Target) => Value::Undefined(Reason::TargetNotPositive(name.clone())),
            Err(Unattained::Value) => Value::Undefined(Reason::ValueNotPositive(name.clone())),
        }
    }
}

/// Why there is no attainment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unattained {
    /// The target is nought or below: no share of it says anything.
    Target,
    /// The value is nought or below, and less is better.
    Value,
}

/// Value over target; turned over where less is better. A range is held to the border that its
/// direction asks for; within it all is attained, outside it is held to the border missed.
///
/// ```
/// use sanjeh::eval::{Level, attained};
/// use sanjeh::model::Direction;
/// use sanjeh::value::Number;
/// let (three, four) = (Number::from(3), Number::from(4));
/// let share = |better| attained(&three, &Level::Value(four.clone()), Some(better)).unwrap();
/// assert_eq!(share(Direction::Higher).to_plain(), "0.75");
/// assert_eq!(share(Direction::Lower).to_plain(), "1.33333333333333333");
/// ```
///
/// # Errors
/// Where the target, or a value that less is better of, is not above nought.
pub fn attained(
    value: &Number,
    level: &Level,
    better: Option<Direction>,
) -> Result<Number, Unattained> {
    let (low, high) = level.borders();
    let unsaid = match level {
        Level::Value(_) => Direction::Higher,
        Level::Range(..) => Direction::Within,
    };
    let positive = |n: &Number| !n.is_zero() && !n.is_negative();
    let over = |target: &Number| {
        let share = value.div(target).filter(|_| positive(target));
        share.ok_or(Unattained::Target)
    };
    let under = |target: &Number| match target.div(value) {
        _ if !positive(target) => Err(Unattained::Target),
        Some(share) if positive(value) => Ok(share),
        _ => Err(Unattained::Value),
    };
    match better.unwrap_or(unsaid) {
        Direction::Higher => over(low),
        Direction::Lower => under(high),
        Direction::Within if value < low => over(low),
        Direction::Within if value > high => under(high),
        Direction::Within => Ok(Number::ONE),
    }
}
