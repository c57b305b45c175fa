//! Levels by key: each key's own latest row, which holds until a newer one comes.
//!
//! Which row of a key is its latest is asked of all its rows (under the aggregate's `where`); a
//! breakdown says where that row lies. So the parts add up to the whole.

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::Value;
use super::aggregate::{Place, without_rows};
use super::cells::{Days, Table};
use super::evaluator::{Evaluator, SliceId};
use super::frame::Counted;
use crate::engine::Keyed;
use crate::model::source::Rows;
use crate::model::{AggregateId, AggregateOp};
use crate::time::Date;
use crate::value::{Number, Sum};

/// The slots of the binding: of the rows, of each key's last moment of a day, of its first one.
const LATEST: usize = 1;
const EARLIEST: usize = 2;

/// The moments of each key that has a row, ascending.
pub(super) type Moments = BTreeMap<Option<u32>, Vec<i64>>;

/// What all keys together stand at.
#[derive(Debug, Default)]
pub(super) struct Levels {
    /// The days on which it changes, ascending, with the level from then on; none where no key
    /// has one.
    steps: Vec<(Date, Option<Number>)>,
}

impl Levels {
    /// From what each key's rows bring and what a newer row takes away, by day.
    fn new(mut changes: Vec<(Date, Change)>) -> Self {
        changes.sort_by_key(|(day, _)| *day);
        let (mut total, mut rows) = (Number::ZERO, 0);
        let mut steps = Vec::new();
        for of_day in changes.chunk_by(|a, b| a.0 == b.0) {
            for (_, change) in of_day {
                match change {
                    Change::Comes(sum) => (total, rows) = (total.add(sum), rows + 1),
                    Change::Goes(sum) => (total, rows) = (total.sub(sum), rows - 1),
                }
            }
            steps.push((of_day[0].0, (rows > 0).then(|| total.clone())));
        }
        Self { steps }
    }

    /// The level at the end of a day.
    fn at(&self, day: Date) -> Option<Number> {
        let behind = self.steps.partition_point(|(from, _)| *from <= day);
        self.steps[..behind].last()?.1.clone()
    }
}

enum Change {
    Comes(Number),
    Goes(Number),
}

impl Evaluator<'_> {
    /// What `last(x, per: k)` or `first(x, per: k)` gives over a window.
    pub(super) fn level_by_key(
        &self,
        id: AggregateId,
        rows: Counted,
        slice: SliceId,
        place: Place<'_>,
        window: (Date, Date),
    ) -> Value {
        let aggregate = self.model.aggregate(id);
        let found = match aggregate.op {
            AggregateOp::First => self.opening_rows(id, rows, place, window),
            _ => self.levels(id, slice, place).map(|levels| levels.at(window.1)),
        };
        match found {
            Ok(Some(level)) => Value::Known(level),
            Ok(None) => without_rows(self.model.source(aggregate.source), aggregate.op),
            Err(none) => none,
        }
    }

    /// What the members' keys stand at, day by day.
    fn levels(
        &self,
        id: AggregateId,
        slice: SliceId,
        place: Place<'_>,
    ) -> Result<Rc<Levels>, Value> {
        if let Some(known) = self.memory.borrow().levels.get(&(id, slice)) {
            return Ok(Rc::clone(known));
        }
        let moments = self.moments(id)?;
        let table = self.table(place.table);
        let days = place.cell.map(|cell| self.all_days(id, &table, cell));
        let mut changes = Vec::new();
        for keyed in days.iter().flat_map(|days| days.keyed(place.slots[LATEST])) {
            let sum = keyed.sum.to_number();
            let of_key = moments.get(&keyed.key).map_or(&[][..], Vec::as_slice);
            let newer = of_key.get(of_key.partition_point(|m| *m <= keyed.moment));
            if let Some(newer) = newer {
                changes.push((day_of(*newer), Change::Goes(sum.clone())));
            }
            changes.push((day_of(keyed.moment), Change::Comes(sum)));
        }
        let found = Rc::new(Levels::new(changes));
        self.memory.borrow_mut().levels.insert((id, slice), Rc::clone(&found));
        Ok(found)
    }

    /// All days of a cell that are an aggregate's, the later ones too: what is asked of them looks
    /// at no day after the window.
    pub(super) fn all_days<'t>(
        &self,
        id: AggregateId,
        table: &'t Table<'_>,
        cell: usize,
    ) -> Days<'t> {
        let all = (Date::from_days(i32::MIN), Date::from_days(i32::MAX));
        let (first, last) = self.covers(id).unwrap_or(all);
        table.days(cell, first, last)
    }

    /// The moments at which each key has a row, whatever the members.
    fn moments(&self, id: AggregateId) -> Result<Rc<Moments>, Value> {
        if let Some(known) = self.memory.borrow().moments.get(&id) {
            return Ok(Rc::clone(known));
        }
        let located = self.located_overall(id);
        let (place, _) = located.place()?;
        let table = self.table(place.table);
        let days = place.cell.map(|cell| self.all_days(id, &table, cell));
        let mut found = Moments::default();
        for keyed in days.iter().flat_map(|days| days.keyed(place.slots[LATEST])) {
            found.entry(keyed.key).or_default().push(keyed.moment);
        }
        for moments in found.values_mut() {
            moments.sort_unstable();
            moments.dedup();
        }
        let found = Rc::new(found);
        self.memory.borrow_mut().moments.insert(id, Rc::clone(&found));
        Ok(found)
    }

    /// Each key's first row of the window; of a snapshot, a key without one there has the level
    /// that it came with.
    fn opening_rows(
        &self,
        id: AggregateId,
        rows: Counted,
        place: Place<'_>,
        (first, last): (Date, Date),
    ) -> Result<Option<Number>, Value> {
        let aggregate = self.model.aggregate(id);
        let source = self.model.source(aggregate.source);
        let located = self.located_overall(id);
        let (whole, _) = located.place()?;
        let (Some(cell), Some(all)) = (place.cell, whole.cell) else { return Ok(None) };
        let (table, overall) = (self.table(place.table), self.table(whole.table));
        let mut opening: FxHashMap<Option<u32>, i64> = FxHashMap::default();
        for keyed in overall.days(all, first, last).keyed(whole.slots[EARLIEST]) {
            let known = opening.entry(keyed.key).or_insert(keyed.moment);
            *known = keyed.moment.min(*known);
        }
        let mut found = Found::default();
        let is_first = |keyed: &&Keyed| opening.get(&keyed.key) == Some(&keyed.moment);
        found.take(&table.days(cell, first, last), place.slots[EARLIEST], is_first);
        let coverage = self.reach_of(id, rows).filter(|_| source.rows == Rows::Snapshot);
        if let Some(from) = coverage.map(|coverage| self.beginning(id, coverage)) {
            let to = first.plus(-1);
            let mut latest: FxHashMap<Option<u32>, i64> = FxHashMap::default();
            for keyed in overall.days(all, from, to).keyed(whole.slots[LATEST]) {
                let known = latest.entry(keyed.key).or_insert(keyed.moment);
                *known = keyed.moment.max(*known);
            }
            let holds = |keyed: &&Keyed| {
                !opening.contains_key(&keyed.key) && latest.get(&keyed.key) == Some(&keyed.moment)
            };
            found.take(&table.days(cell, from, to), place.slots[LATEST], holds);
        }
        Ok((found.rows > 0).then(|| found.sum.to_number()))
    }
}

/// Rows that were chosen, added up.
#[derive(Default)]
struct Found {
    sum: Sum,
    rows: u64,
}

impl Found {
    fn take(&mut self, days: &Days<'_>, slot: usize, chosen: impl Fn(&&Keyed) -> bool) {
        for keyed in days.keyed(slot).filter(chosen) {
            self.sum.merge(&keyed.sum);
            self.rows += keyed.rows;
        }
    }
}

/// The day of a moment in seconds from 1970-01-01.
fn day_of(moment: i64) -> Date {
    Date::from_days(i32::try_from(moment.div_euclid(86_400)).unwrap_or(i32::MAX))
}
