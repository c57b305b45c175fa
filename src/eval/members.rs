//! The members of a breakdown.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::evaluator::{Evaluator, Members};
use super::{Slice, aggregate, cells, ranges};
use crate::model::{MeasureId, Node, SourceId};
use crate::plan::{ColumnId, Slot, SlotOp, dimension, each_node};
use crate::time::Date;

/// A source, and the date that rows of it go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Dated {
    source: SourceId,
    /// The column of the scan.
    date: ColumnId,
    /// The column of the source, where it is another date than the source's.
    other: Option<ColumnId>,
}

impl Evaluator<'_> {
    /// The members of some dimensions that the rows of a measure's sources have between two days,
    /// before any `where` of an aggregate; sorted, no value last.
    pub fn members(
        &self,
        measure: MeasureId,
        dimensions: &[String],
        from: Date,
        to: Date,
    ) -> Vec<Slice> {
        let mut names = dimensions.to_vec();
        names.sort();
        names.dedup();
        // As they compare, and of several spellings the one that sorts first.
        let mut found: BTreeMap<Vec<Option<String>>, Members> = BTreeMap::new();
        let days = (from, to.min(self.as_of));
        for dated in self.dates_of(measure) {
            for members in self.members_of(dated, &names, days).iter() {
                let plain: Vec<Option<String>> = members.iter().map(|(_, m)| m.clone()).collect();
                let known = found.entry(cells::same(&plain)).or_insert_with(|| members.clone());
                if members < known {
                    known.clone_from(members);
                }
            }
        }
        let mut found: Vec<Members> = found.into_values().collect();
        found.sort();
        let slice = |members: Members| {
            Slice(names.iter().cloned().zip(members.into_iter().map(|(_, m)| m)).collect())
        };
        found.into_iter().map(slice).collect()
    }

    /// The members that a source's rows have between two days; of a source without one of the
    /// dimensions none.
    fn members_of(
        &self,
        Dated { source, date, other }: Dated,
        names: &[String],
        days: (Date, Date),
    ) -> Rc<[Members]> {
        let declared = self.model.source(source);
        let calendar = self.model.settings.calendar;
        let whole = match self.ranges.get(&source) {
            Some(_) if other.is_some() => Some(days),
            Some(ranges) => ranges::hull(ranges, days.0, days.1),
            None => aggregate::whole_grains(calendar, declared.grain, days.0, days.1),
        };
        let (Some(scan), Some((first, last))) = (self.bindings.scan(source), whole) else {
            return Rc::default();
        };
        if names.iter().any(|name| dimension(declared, name).is_none()) {
            return Rc::default();
        }
        let columns = self.columns_among(source, names);
        let rows = Slot { op: SlotOp::Rows, condition: None };
        let found = self.bindings.find(scan, date, &columns, &[rows]);
        let (grouping, slots) = found.unwrap_or_else(|| {
            panic!("the members of `{}` by {names:?} are not planned", declared.name)
        });
        let place = self.table_of(source, scan, grouping, names);
        let key = (place, first, last);
        if let Some(known) = self.memory.borrow().members.get(&key) {
            return Rc::clone(known);
        }
        let table = self.table(place);
        let here = |(cell, _): &(usize, &Vec<Option<String>>)| {
            table.days(*cell, first, last).count(slots[0]) > 0
        };
        let sorted = |(_, members): (usize, &Vec<Option<String>>)| {
            members.iter().map(|m| (m.is_none(), m.clone())).collect()
        };
        let found: Rc<[Members]> =
            table.members().iter().enumerate().filter(here).map(sorted).collect();
        self.memory.borrow_mut().members.insert(key, Rc::clone(&found));
        found
    }

    /// The sources of a measure with the dates that their rows go by.
    fn dates_of(&self, measure: MeasureId) -> BTreeSet<Dated> {
        let mut dates = BTreeSet::new();
        let mut seen: BTreeSet<MeasureId> = BTreeSet::new();
        let mut stack = vec![measure];
        while let Some(id) = stack.pop() {
            let formula = self.model.measure(id).formula.as_ref().filter(|_| seen.insert(id));
            let Some(formula) = formula else { continue };
            each_node(&formula.node, &mut |node| match node {
                Node::Measure(id) | Node::Attainment(id) => stack.push(*id),
                Node::Aggregate(id) => {
                    let binding = self.bindings.aggregate(*id);
                    let aggregate = self.model.aggregate(*id);
                    dates.extend(binding.map(|b| Dated {
                        source: aggregate.source,
                        date: b.date,
                        other: aggregate.on,
                    }));
                }
                _ => {}
            });
        }
        dates
    }
}
