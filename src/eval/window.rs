//! The same measure before and after an event.

use std::collections::BTreeSet;

use super::evaluator::{Evaluator, Key};
use super::frame::{self, Counted, Frame};
use super::{Reason, Slice, Value};
use crate::model::formula::Over;
use crate::model::{AggregateOp, Event, MeasureId, Node};
use crate::plan::each_node;
use crate::time::{Date, Grain, SpanUnit};
use crate::value::{Number, Unit};

/// As many days before an event as after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Around {
    /// The days asked for, on each side.
    pub asked: u32,
    /// The days that the measure's sources cover on both sides; these were compared.
    pub days: u32,
    /// The days right before the event.
    pub before: Window,
    /// The days of the event and after it; of an event of several days those after its last.
    pub after: Window,
    /// After minus before; none where one of them has no value.
    pub absolute: Option<Number>,
    /// As a share of what was before; none from zero, and none of percent measures.
    pub relative: Option<Number>,
}

/// Some days and what they came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// The value.
    pub value: Value,
}

impl Evaluator<'_> {
    /// A measure before and after an event, over the same number of days on both sides: as many as
    /// are asked for, fewer where its sources do not cover them all.
    ///
    /// What happened on one day is counted to the time after it, since a new page or price works
    /// from its first day on. The days of a longer event are on neither side.
    pub fn around(
        &self,
        measure: MeasureId,
        event: &Event,
        (count, unit): (u32, SpanUnit),
        slice: &Slice,
    ) -> Around {
        let calendar = self.model.settings.calendar;
        let eve = event.from.plus(-1);
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        let asked = days(calendar.back(eve, count, unit), eve);
        let start = if event.from == event.to { event.from } else { event.to.plus(1) };
        let common = self.common(measure);
        let covered = common
            .map_or(0, |(first, last)| days(first, eve).min(days(start, last.min(self.as_of))));
        let compared = asked.min(covered);
        let shown = i32::try_from(if compared == 0 { asked } else { compared }).unwrap_or(1);
        let value = |first, last| match (compared, self.needs_periods(measure)) {
            (0, _) => Value::NotCovered,
            (_, Some(function)) => Value::Undefined(Reason::LooksElsewhere(function)),
            (_, None) => self.between(measure, first, last, slice),
        };
        let before = Window { first: eve.plus(1 - shown), last: eve, value: Value::NotCovered };
        let before = Window { value: value(before.first, before.last), ..before };
        let last = start.plus(shown - 1);
        let after = Window { first: start, last, value: value(start, last) };
        let absolute = match (&before.value, &after.value) {
            (Value::Known(before), Value::Known(after)) => Some(after.sub(before)),
            _ => None,
        };
        let in_points = self.model.measure(measure).unit == Unit::Percent;
        let relative = absolute.as_ref().filter(|_| !in_points);
        let relative = relative.and_then(|a| a.div(&before.value.known()?.abs()));
        Around { asked, days: compared, before, after, absolute, relative }
    }

    /// A value over any days.
    fn between(&self, measure: MeasureId, first: Date, last: Date, slice: &Slice) -> Value {
        let period = self.model.settings.calendar.period_of(Grain::Day, last);
        let slice = self.slice_id(slice);
        let window = frame::Window::Back(days(first, last), SpanUnit::Days);
        let frame = Frame { window, ..Frame::whole(period, Counted::Past) };
        self.value_over(Key { measure, frame, slice })
    }

    /// A function in a measure's formula, or one that it is made of, that has no meaning outside
    /// calendar periods.
    fn needs_periods(&self, measure: MeasureId) -> Option<&'static str> {
        let mut seen: BTreeSet<MeasureId> = BTreeSet::new();
        let mut stack = vec![measure];
        let mut found = None;
        while let Some(id) = stack.pop() {
            let formula = self.model.measure(id).formula.as_ref().filter(|_| seen.insert(id));
            let Some(formula) = formula else { continue };
            each_node(&formula.node, &mut |node| match node {
                Node::Measure(id) => stack.push(*id),
                Node::Over(Over::Previous(_), _) => found = Some("previous"),
                Node::Over(Over::Growth, _) => found = Some("growth"),
                Node::Over(Over::Opening, _) => found = Some("opening"),
                Node::Attainment(_) => found = Some("attainment"),
                Node::Aggregate(id) => match self.model.aggregate(*id).op {
                    AggregateOp::Lost => found = Some("lost"),
                    AggregateOp::Retained(..) => found = Some("retained"),
                    _ => {}
                },
                _ => {}
            });
        }
        found
    }
}

/// How many days there are from one to another, both included; none where they are the other way
/// round.
fn days(first: Date, last: Date) -> u32 {
    u32::try_from(i64::from(last.days()) - i64::from(first.days()) + 1).unwrap_or(0)
}
