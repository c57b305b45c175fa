//! Functions over time: the same formula over other days.

use super::evaluator::SliceId;
use super::formula::{Formula, map, quotient};
use super::frame::{self, Frame};
use super::{Value, aggregate};
use crate::model::Node;
use crate::model::formula::{EachOp, Over};
use crate::time::{Date, Grain, SpanUnit};
use crate::value::Number;

impl Formula<'_, '_> {
    pub(super) fn over(&mut self, over: Over, a: &Node, frame: Frame, slice: SliceId) -> Value {
        let calendar = self.evaluator.model.settings.calendar;
        match over {
            Over::Previous(span) => self.earlier(span, a, frame, slice),
            Over::Growth => self.growth(a, frame, slice),
            Over::Rolling(n, unit) => {
                let first = calendar.back(frame.last, i32::try_from(n).unwrap_or(i32::MAX), unit);
                if !self.covers(a, first, frame.last) {
                    return Value::NotCovered;
                }
                self.node(a, Frame { first, ..frame }, slice)
            }
            Over::ToDate(grain) => {
                let first = calendar.period_of(grain, frame.last).start;
                self.node(a, Frame { first, ..frame }, slice)
            }
            Over::Cumulative => match self.evaluator.first_covered(a) {
                Some(first) => {
                    let first = first.min(frame.first);
                    self.node(a, Frame { first, ..frame }, slice)
                }
                None => Value::NotCovered,
            },
            Over::Opening => {
                let before = calendar.shift(frame.period, -1);
                self.node(a, Frame::whole(before, frame.rows), slice)
            }
        }
    }

    /// The value a period (or a span) earlier, over as many days as have passed of this one.
    fn earlier(
        &mut self,
        span: Option<(u32, SpanUnit)>,
        a: &Node,
        frame: Frame,
        slice: SliceId,
    ) -> Value {
        let calendar = self.evaluator.model.settings.calendar;
        let period = match span {
            None => Some(calendar.shift(frame.period, -1)),
            Some((n, unit)) => frame::before(calendar, frame.period, n, unit),
        };
        match period {
            Some(period) => self.node(a, frame.moved_to(period), slice),
            None => Value::Undefined(format!(
                "there is no such {} so long before",
                frame.period.grain.word()
            )),
        }
    }

    fn growth(&mut self, a: &Node, frame: Frame, slice: SliceId) -> Value {
        let before = self.earlier(None, a, frame, slice);
        let now = self.node(a, frame, slice);
        let gained = match (&now, &before) {
            (Value::Known(now), Value::Known(before)) => Value::Known(now.sub(before)),
            (Value::Known(_), none) | (none, _) => none.clone(),
        };
        let reason = || format!("`{}` was 0 before", self.evaluator.describe(a));
        quotient(gained, map(before, Number::abs), reason)
    }

    /// The sub-periods of a window put together; those without a value are left out.
    pub(super) fn each(
        &mut self,
        op: EachOp,
        grain: Grain,
        a: &Node,
        frame: Frame,
        slice: SliceId,
    ) -> Value {
        let calendar = self.evaluator.model.settings.calendar;
        let inside = calendar.periods(grain, frame.first, frame.last).into_iter();
        let inside = inside.filter(|p| p.start >= frame.first && p.start <= frame.last);
        let mut numbers = Vec::new();
        let mut cause = None;
        for period in inside {
            let inner = Frame { rows: frame.rows, ..Frame::of(period, frame.last) };
            match self.node(a, inner, slice) {
                Value::Known(x) => numbers.push(x),
                none => cause = cause.or(Some(none)),
            }
        }
        let count = aggregate::whole(numbers.len() as u64);
        let sum = || numbers.iter().fold(Number::ZERO, |total, x| total.add(x));
        let found = match op {
            EachOp::Sum if numbers.is_empty() => None,
            EachOp::Sum => Some(sum()),
            EachOp::Avg => sum().div(&count),
            EachOp::Min => numbers.iter().min().cloned(),
            EachOp::Max => numbers.iter().max().cloned(),
        };
        found.map_or_else(|| cause.unwrap_or(Value::NotCovered), Value::Known)
    }

    /// Whether each source that a node uses covers these days.
    fn covers(&self, node: &Node, first: Date, last: Date) -> bool {
        let common = self.evaluator.common_of_node(node);
        common.is_some_and(|(from, to)| from <= first && last <= to)
    }
}
