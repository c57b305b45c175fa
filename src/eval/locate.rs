//! Where an aggregate's rows are: which grouping of the plan, which members of it.

use super::Reason;
use std::rc::Rc;

use super::aggregate::Located;
use super::cells::{Axis, Table};
use super::evaluator::{Evaluator, SliceId};
use crate::model::{AggregateId, SourceId};
use crate::plan::{Binding, Dimension, Slot, dimension};

impl<'a> Evaluator<'a> {
    /// A table by its place.
    pub(super) fn table(&self, place: usize) -> Rc<Table<'a>> {
        Rc::clone(&self.memory.borrow().tables[place])
    }

    /// Where an aggregate's rows and slots are for a slice.
    pub(super) fn located(&self, id: AggregateId, slice: SliceId) -> Rc<Located> {
        if let Some(found) = self.memory.borrow().located.get(&(id, slice)) {
            return Rc::clone(found);
        }
        let found = Rc::new(self.locate(id, slice));
        self.memory.borrow_mut().located.insert((id, slice), Rc::clone(&found));
        found
    }

    /// Where what an aggregate asks of all rows is, whatever the members of a breakdown.
    pub(super) fn located_overall(&self, id: AggregateId) -> Rc<Located> {
        if let Some(found) = self.memory.borrow().overall.get(&id) {
            return Rc::clone(found);
        }
        let found = Rc::new(self.at(id, Vec::new(), |binding| &binding.overall));
        self.memory.borrow_mut().overall.insert(id, Rc::clone(&found));
        found
    }

    fn locate(&self, id: AggregateId, slice: SliceId) -> Located {
        let aggregate = self.model.aggregate(id);
        let source = self.model.source(aggregate.source);
        if aggregate.on.or(source.date).is_none() {
            return Located::Nowhere(Reason::Undated(source.name.clone()));
        }
        let slice = self.slice(slice);
        if let Some((name, _)) = slice.0.iter().find(|(n, _)| dimension(source, n).is_none()) {
            let (source, dimension) = (source.name.clone(), name.clone());
            return Located::Nowhere(Reason::NoDimension { source, dimension });
        }
        self.at(id, slice.0, |binding| &binding.slots)
    }

    /// Where the rows of some members are, and these slots of a binding.
    fn at(
        &self,
        id: AggregateId,
        members: Vec<(String, Option<String>)>,
        slots_of: impl Fn(&Binding) -> &[Slot],
    ) -> Located {
        let aggregate = self.model.aggregate(id);
        let binding = self.bindings.aggregate(id);
        let binding = binding.unwrap_or_else(|| panic!("`{}` is not planned", aggregate.text));
        let names: Vec<String> = members.iter().map(|(name, _)| name.clone()).collect();
        let columns = self.columns_among(aggregate.source, &names);
        let mut slots = vec![binding.rows];
        slots.extend(slots_of(binding));
        let found = self.bindings.find(binding.scan, binding.date, &columns, &slots);
        let (grouping, slots) =
            found.unwrap_or_else(|| panic!("`{}` is not planned by {names:?}", aggregate.text));
        let table = self.table_of(aggregate.source, binding.scan, grouping, &names);
        let members: Vec<Option<String>> = members.into_iter().map(|(_, m)| m).collect();
        let cell = self.table(table).cell(&members);
        Located::At { table, cell, slots, digits: binding.digits }
    }

    /// The dimensions that are columns of a source, or derived from one by the engine.
    pub(super) fn columns_among(&self, source: SourceId, names: &[String]) -> Vec<String> {
        let source = self.model.source(source);
        let is_column = |n: &&String| dimension(source, n) != Some(Dimension::Weekday);
        names.iter().filter(is_column).cloned().collect()
    }

    /// The table of a grouping by some dimensions; made at the first question.
    pub(super) fn table_of(
        &self,
        source: SourceId,
        scan: usize,
        grouping: usize,
        names: &[String],
    ) -> usize {
        let key = (scan, grouping, names.to_vec());
        if let Some(place) = self.memory.borrow().table_ids.get(&key) {
            return *place;
        }
        let layout = self.bindings.layout(scan, grouping);
        let source = self.model.source(source);
        let axes = names.iter().map(|name| {
            if dimension(source, name) == Some(Dimension::Weekday) {
                return Axis::Weekday;
            }
            let at = layout.dimensions.iter().position(|d| d == name);
            Axis::Dimension(at.unwrap_or_else(|| panic!("a grouping lacks `{name}`")))
        });
        let axes: Vec<Axis> = axes.collect();
        let result = &self.aggregates.scans[scan].groupings[grouping];
        let table = Table::new(result, layout.dimensions.len(), &axes);
        let mut memory = self.memory.borrow_mut();
        memory.tables.push(Rc::new(table));
        let place = memory.tables.len() - 1;
        memory.table_ids.insert(key, place);
        place
    }
}
