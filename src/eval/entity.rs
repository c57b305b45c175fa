//! Functions over entities: who came again, who was lost, who stayed.
//!
//! Whether an id was there before or is there still is asked of all its rows (under the
//! aggregate's `where`), in whatever member of a breakdown they lie. The breakdown says where it is
//! counted: a returning id where it is seen again, a lost or retained one where it was in the
//! earlier period.

use std::rc::Rc;

use super::Value;
use super::aggregate::{Place, whole, without_rows};
use super::evaluator::{Evaluator, Seen};
use super::frame::{self, Frame};
use crate::model::source::Rows;
use crate::model::{AggregateId, AggregateOp};
use crate::time::{Date, Grain, Period, SpanUnit};
use crate::value::{Number, Sum};

impl Evaluator<'_> {
    /// What `returning`, `lost` or `retained` gives over a frame; `window` are its days that count.
    pub(super) fn entities(
        &self,
        id: AggregateId,
        frame: Frame,
        place: Place<'_>,
        window: (Date, Date),
    ) -> Value {
        let found = match self.model.aggregate(id).op {
            AggregateOp::Returning => self.returning(id, place, window),
            _ => self.compared(id, frame, place, window),
        };
        found.unwrap_or_else(|none| none)
    }

    /// The ids of the members' rows that were seen before the window.
    fn returning(
        &self,
        id: AggregateId,
        place: Place<'_>,
        (first, last): (Date, Date),
    ) -> Result<Value, Value> {
        let here = self.ids(id, place, (first, last))?;
        let since = self.first_days(id)?;
        let again = here.iter().filter(|entity| since[**entity as usize] < first).count();
        Ok(Value::Known(whole(again as u64)))
    }

    /// The ids of the members' rows in an earlier period, held against all rows of the window.
    fn compared(
        &self,
        id: AggregateId,
        frame: Frame,
        place: Place<'_>,
        window: (Date, Date),
    ) -> Result<Value, Value> {
        let aggregate = self.model.aggregate(id);
        let source = self.model.source(aggregate.source);
        let earlier = self.earlier_frame(id, frame)?;
        let earlier = self.window(id, earlier)?;
        let before = self.ids(id, place, earlier)?;
        let now = match self.seen(id, window)? {
            Some(now) => now,
            // In a log of events nobody came; else nothing is known.
            None if source.rows == Rows::Events => Rc::default(),
            None => return Err(Value::NoData),
        };
        let is_here = |entity: &&u32| now.binary_search(entity).is_ok();
        if aggregate.op == AggregateOp::Lost {
            let gone = before.iter().filter(|entity| !is_here(entity)).count();
            return Ok(Value::Known(whole(gone as u64)));
        }
        let both: Vec<u32> = before.iter().filter(is_here).copied().collect();
        if aggregate.weight.is_some() {
            return self.sum_of(id, &both, window);
        }
        Ok(Value::Known(whole(both.len() as u64)))
    }

    /// The sum of the column of `of:` over the window's rows of some ids.
    fn sum_of(
        &self,
        id: AggregateId,
        ids: &[u32],
        (first, last): (Date, Date),
    ) -> Result<Value, Value> {
        if ids.is_empty() {
            return Ok(Value::Known(Number::ZERO));
        }
        let located = self.located_overall(id);
        let (place, _) = located.place()?;
        let table = self.table(place.table);
        let days = place.cell.map(|cell| table.days(cell, first, last));
        let (mut sum, mut rows) = (Sum::default(), 0);
        for keyed in days.iter().flat_map(|days| days.keyed(place.slots[2])) {
            if keyed.key.is_some_and(|key| ids.binary_search(&key).is_ok()) {
                sum.merge(&keyed.sum);
                rows += keyed.rows;
            }
        }
        Ok(if rows == 0 { Value::NoData } else { Value::Known(sum.to_number()) })
    }

    /// The ids that the rows of some members have between two days, ascending.
    fn ids(
        &self,
        id: AggregateId,
        place: Place<'_>,
        (first, last): (Date, Date),
    ) -> Result<Vec<u32>, Value> {
        let aggregate = self.model.aggregate(id);
        let none = || without_rows(self.model.source(aggregate.source), aggregate.op);
        let table = self.table(place.table);
        let days = table.days(place.cell.ok_or_else(none)?, first, last);
        if days.count(place.slots[0]) == 0 {
            return Err(none());
        }
        Ok(days.distinct(place.slots[1]))
    }

    /// The ids that any row has between two days; none without rows.
    fn seen(&self, id: AggregateId, days: (Date, Date)) -> Result<Seen, Value> {
        let key = (id, days.0, days.1);
        if let Some(known) = self.memory.borrow().seen.get(&key) {
            return Ok(known.clone());
        }
        let located = self.located_overall(id);
        let (place, _) = located.place()?;
        let table = self.table(place.table);
        let days = place.cell.map(|cell| table.days(cell, days.0, days.1));
        let days = days.filter(|days| days.count(place.slots[0]) > 0);
        let found: Seen = days.map(|days| days.distinct(place.slots[1]).into());
        self.memory.borrow_mut().seen.insert(key, found.clone());
        Ok(found)
    }

    /// The day of each id's first row of all, by id.
    fn first_days(&self, id: AggregateId) -> Result<Rc<[Date]>, Value> {
        if let Some(known) = self.memory.borrow().first_days.get(&id) {
            return Ok(Rc::clone(known));
        }
        let located = self.located_overall(id);
        let (place, _) = located.place()?;
        let scan = self.bindings.scan(self.model.aggregate(id).source);
        let ids = scan.map_or(0, |scan| self.aggregates.scans[scan].distinct.len());
        let mut found = vec![Date::from_days(i32::MAX); ids];
        let table = self.table(place.table);
        let days = place.cell.map(|cell| self.all_days(id, &table, cell));
        for (day, ids) in days.iter().flat_map(|days| days.ids_by_day(place.slots[1])) {
            for entity in ids {
                let known = &mut found[*entity as usize];
                *known = day.min(*known);
            }
        }
        let found: Rc<[Date]> = found.into();
        self.memory.borrow_mut().first_days.insert(id, Rc::clone(&found));
        Ok(found)
    }

    /// The earlier days that a frame is held against: as many as the source has of this one.
    fn earlier_frame(&self, id: AggregateId, frame: Frame) -> Result<Frame, Value> {
        let aggregate = self.model.aggregate(id);
        let reached = self.reach_of(id, frame.rows).map_or(frame.last, |held| held.last);
        let frame = Frame { last: frame.last.min(reached), ..frame };
        let grain = self.model.source(aggregate.source).grain;
        match aggregate.op {
            AggregateOp::Retained(n, unit) => {
                self.span_before(grain, frame, n, unit).ok_or_else(|| {
                    let word = frame.period.grain.word();
                    Value::Undefined(format!("there is no such {word} so long before"))
                })
            }
            _ => Ok(self.just_before(grain, frame)),
        }
    }

    /// The same days a span before; none where there are no such days.
    fn span_before(&self, grain: Grain, frame: Frame, n: u32, unit: SpanUnit) -> Option<Frame> {
        let calendar = self.model.settings.calendar;
        let period = frame::before(calendar, frame.period, n, unit)?;
        let first = if frame.first == frame.period.start {
            period.start
        } else {
            let day = calendar.period_of(Grain::Day, frame.first);
            frame::before(calendar, day, n, unit)?.start
        };
        Some(Frame { period, first, last: self.end_in(grain, frame, period), ..frame })
    }

    /// The period before; of a window of several periods as many before it, and of any other window
    /// as many days.
    fn just_before(&self, grain: Grain, frame: Frame) -> Frame {
        let calendar = self.model.settings.calendar;
        let begun = calendar.period_of(frame.period.grain, frame.first);
        if begun.start != frame.first || frame.first > frame.period.start {
            let last = frame.first.plus(-1);
            let first = last.plus(frame.first.days() - frame.last.days());
            return Frame { first, last, ..frame };
        }
        let periods = calendar.periods(frame.period.grain, begun.start, frame.period.start).len();
        let back = i32::try_from(periods).unwrap_or(i32::MAX);
        let period = calendar.shift(frame.period, -back);
        let first = calendar.shift(begun, -back).start;
        Frame { period, first, last: self.end_in(grain, frame, period), ..frame }
    }

    /// The end of as many days (or whole grains) of another period as have passed of a frame's.
    fn end_in(&self, grain: Grain, frame: Frame, period: Period) -> Date {
        if grain == Grain::Day || frame.last >= frame.period.end {
            return frame.moved_to(period).last;
        }
        let passed = Frame { first: frame.period.start, ..frame };
        self.whole_grains_of(grain, passed, period).min(period.end)
    }
}
