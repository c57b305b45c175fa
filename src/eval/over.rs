//! Functions over time: the same formula over other days.

use super::evaluator::SliceId;
use super::formula::{Formula, map, quotient};
use super::frame::{self, Counted, Demand, Frame, Place, Window};
use super::{Reason, Value, aggregate};
use crate::model::Node;
use crate::model::formula::{EachOp, Over};
use crate::time::{Date, Grain, Period, SpanUnit};
use crate::value::Number;

impl Formula<'_, '_> {
    pub(super) fn over(&mut self, over: Over, a: &Node, frame: Frame, slice: SliceId) -> Value {
        match over {
            Over::Previous(span) => match self.earlier(span, a, frame) {
                Some(before) => self.node(a, before, slice),
                None => no_such(frame),
            },
            Over::Growth => self.growth(a, frame, slice),
            Over::Rolling(n, unit) => {
                let window = Window::Back(n, unit);
                self.node(a, Frame { window, demand: Demand::Whole, ..frame }, slice)
            }
            Over::ToDate(grain) => {
                let window = Window::ToDate(grain);
                self.node(a, Frame { window, demand: Demand::Part, ..frame }, slice)
            }
            Over::Cumulative => {
                let window = Window::Everything;
                self.node(a, Frame { window, demand: Demand::Part, ..frame }, slice)
            }
            Over::Opening => {
                let opening = self.before_window(a, frame);
                self.node(a, opening, slice)
            }
        }
    }

    /// The frame of a period (or a span) earlier, over as many days as have passed of this one;
    /// none where there is no such period.
    fn earlier(&self, span: Option<(u32, SpanUnit)>, a: &Node, frame: Frame) -> Option<Frame> {
        let calendar = self.evaluator.model.settings.calendar;
        let period = match span {
            None => Some(calendar.shift(frame.period, -1)),
            Some((n, unit)) => frame::before(calendar, frame.period, n, unit),
        };
        Some(self.evaluator.aligned(&self.evaluator.sources_of(a), frame, period?))
    }

    /// The change as a share of the value before; none from a period that is covered in part.
    fn growth(&mut self, a: &Node, frame: Frame, slice: SliceId) -> Value {
        let Some(before) = self.earlier(None, a, frame) else { return no_such(frame) };
        let demand = match frame.demand {
            Demand::Part => Demand::Comparable,
            more => more,
        };
        let before = self.node(a, Frame { demand, ..before }, slice);
        let now = self.node(a, frame, slice);
        let gained = match (&now, &before) {
            (Value::Known(now), Value::Known(before)) => Value::Known(now.sub(before)),
            (Value::Known(_), none) | (none, _) => none.clone(),
        };
        let reason = || Reason::ZeroBefore(self.evaluator.describe(a));
        quotient(gained, map(before, Number::abs), reason)
    }

    /// The period that ends where a frame begins: of a month the month before, of a window the
    /// one up to its eve.
    fn before_window(&self, a: &Node, frame: Frame) -> Frame {
        let calendar = self.evaluator.model.settings.calendar;
        let beginning = self.evaluator.first_covered(a).unwrap_or(frame.period.start);
        let eve = frame.first(calendar, beginning).plus(-1);
        let before = Frame::of(calendar.period_of(frame.period.grain, eve), eve);
        Frame { place: Place::Moved, rows: frame.rows, ..before }
    }

    /// The sub-periods of a frame put together.
    ///
    /// Those without a value are left out: the mean over days is that of the days that have one.
    /// `avg`, `min` and `max` take whole sub-periods, over and covered; `sum` takes the current one
    /// as far as it goes, as a sum of its days would.
    pub(super) fn each(
        &mut self,
        op: EachOp,
        grain: Grain,
        a: &Node,
        frame: Frame,
        slice: SliceId,
    ) -> Value {
        if frame.window == Window::Period && frame.period.grain == grain {
            return self.node(a, frame, slice);
        }
        let mut numbers = Vec::new();
        let mut cause = None;
        for inside in self.sub_periods(op, grain, a, frame) {
            match self.node(a, inside, slice) {
                Value::Known(x) => numbers.push(x),
                Value::NotCovered if frame.demand != Demand::Part => return Value::NotCovered,
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
        let nothing = || {
            let whole = frame.period.grain;
            cause.unwrap_or(Value::Undefined(Reason::NoPartOver { part: grain, whole }))
        };
        found.map_or_else(nothing, Value::Known)
    }

    /// The frames of the sub-periods that belong to a frame. A week belongs whole to one period:
    /// to the one that holds the day by which it is named.
    fn sub_periods(&self, op: EachOp, grain: Grain, a: &Node, frame: Frame) -> Vec<Frame> {
        let evaluator = self.evaluator;
        let calendar = evaluator.model.settings.calendar;
        let beginning = evaluator.first_covered(a).unwrap_or(frame.period.start);
        let first = frame.first(calendar, beginning);
        // A whole period has the week that ends after it, if that is over.
        let reached: Date = match frame.rows {
            _ if !frame.is_whole() => frame.last(),
            Counted::Past => evaluator.as_of,
            Counted::Planned => frame.period.end.plus(7),
        };
        let belongs = |p: &Period| {
            let named = calendar.named_day(*p);
            first <= named && named <= frame.period.end && p.start <= reached
        };
        let all = calendar.periods(grain, first, frame.period.end).into_iter().filter(belongs);
        let demand = if op == EachOp::Sum { frame.demand } else { Demand::Whole };
        let frames = all.map(|p| Frame { demand, rows: frame.rows, ..Frame::of(p, reached) });
        frames.filter(|f| op == EachOp::Sum || f.is_whole()).collect()
    }
}

fn no_such(frame: Frame) -> Value {
    Value::Undefined(Reason::TooLongAgo(frame.period.grain))
}
