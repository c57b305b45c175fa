//! Functions over entities: who came again, who was lost, who stayed.
//!
//! Whether an id was there before or is there still is asked of all its rows (under the
//! aggregate's `where`), in whatever member of a breakdown they lie. The breakdown says where it is
//! counted: a returning id where it is seen again, a lost or retained one where it was in the
//! earlier period.

use std::rc::Rc;

use super::aggregate::{Place, whole, without_rows};
use super::evaluator::{Evaluator, Seen};
use super::frame::{self, Frame, Window};
use super::{Reason, Value};
use crate::model::source::Rows;
use crate::model::{AggregateId, AggregateOp};
use crate::time::{Date, Grain, SpanUnit};
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
        let sources = [aggregate.source];
        let calendar = self.model.settings.calendar;
        let aligned = |period| self.aligned(&sources, frame, period);
        let before = |n, unit| frame::before(calendar, frame.period, n, unit).map(aligned);
        let found = match (aggregate.op, frame.window) {
            (AggregateOp::Retained(n, unit), _) => before(n, unit),
            (_, Window::Period) => Some(aligned(calendar.shift(frame.period, -1))),
            (_, Window::Back(n, unit)) => {
                Some(before(n, unit).unwrap_or_else(|| self.up_to_eve(id, frame)))
            }
            (_, Window::ToDate(grain)) => before(1, span_of(grain)),
            (_, Window::Everything) => return Err(Value::NotCovered),
        };
        found.ok_or(Value::Undefined(Reason::TooLongAgo(frame.period.grain)))
    }

    /// The same window up to the eve of a frame.
    fn up_to_eve(&self, id: AggregateId, frame: Frame) -> Frame {
        let calendar = self.model.settings.calendar;
        let coverage = self.reach_of(id, frame.rows);
        let beginning = coverage.map_or(frame.period.start, |c| self.beginning(id, c));
        let eve = frame.first(calendar, beginning).plus(-1);
        let before = Frame::of(calendar.period_of(frame.period.grain, eve), eve);
        Frame { period: before.period, passed: before.passed, place: frame::Place::Moved, ..frame }
    }
}

/// One of a grain.
fn span_of(grain: Grain) -> SpanUnit {
    match grain {
        Grain::Day => SpanUnit::Days,
        Grain::Week => SpanUnit::Weeks,
        Grain::Month => SpanUnit::Months,
        Grain::Quarter => SpanUnit::Quarters,
        Grain::Year => SpanUnit::Years,
    }
}
