//! How a number came about: what it is computed from, step by step, down to the rows.
//!
//! Everything here is read from the aggregates that the number itself was computed from, so that
//! what is told of it cannot differ from it.

use std::collections::BTreeSet;

use super::evaluator::{Evaluator, Key};
use super::formula::Formula;
use super::frame::Frame;
use super::put_in::put_in;
use super::{Point, Slice, Value};
use crate::engine::ScanFacts;
use crate::model::formula::Condition;
use crate::model::{AggregateId, MeasureId, Node, SourceId};
use crate::plan::{Slot, SlotOp};
use crate::time::{Date, Period};

/// How a measure's value in a period came about.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The measure.
    pub measure: MeasureId,
    /// For which members.
    pub slice: Slice,
    /// The value, its coverage, its target and status.
    pub point: Point,
    /// What it is computed from: the measure itself first, then each measure that it needs in the
    /// same period, each once, from the top down.
    pub parts: Vec<Part>,
    /// The aggregates of all of them, each once, in the order in which they are met.
    pub made: Vec<Made>,
}

/// A measure's formula with its values.
#[derive(Clone, Debug)]
pub struct Part {
    /// The measure.
    pub measure: MeasureId,
    /// Its value in the period.
    pub value: Value,
    /// Its formula with the values put in; none where nothing defines the measure.
    pub put_in: Option<String>,
    /// Parts that look at other days or members, as the formula writes them, with their values.
    pub elsewhere: Vec<(String, Value)>,
}

/// An aggregate and the rows that it is made of.
#[derive(Clone, Debug)]
pub struct Made {
    /// The aggregate.
    pub aggregate: AggregateId,
    /// Its value in the period.
    pub value: Value,
    /// Its rows; none where its source was not read by a date.
    pub rows: Option<RowCounts>,
}

/// What became of the rows of a source on the way into an aggregate. Each row that was read is in
/// just one of the counts, so that they add up to `read`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Rows of all files, below the header.
    pub read: u64,
    /// Left out because of a bad cell.
    pub rejected: u64,
    /// Replaced by a later row of the same key.
    pub replaced: u64,
    /// Left out by the source's `where`.
    pub filtered: u64,
    /// After the as-of date.
    pub later: u64,
    /// Without a date in the column that the aggregate goes by (`on:`).
    pub undated: u64,
    /// On other days than those of the period.
    pub outside: u64,
    /// Of other members than those asked for.
    pub other_members: u64,
    /// Left out by the aggregate's own `where`.
    pub condition: u64,
    /// With no value in what is added up; nought where rows are counted.
    pub null: u64,
    /// What is left: the rows that make the value.
    pub kept: u64,
}

impl Evaluator<'_> {
    /// How the value of a measure in a period came about.
    ///
    /// # Panics
    /// Where the plan was not made for this measure and these dimensions: a bug of ours.
    pub fn explain(&self, measure: MeasureId, period: Period, slice: &Slice) -> Explained {
        let frame = Frame::of(period, self.as_of);
        let mut parts = Vec::new();
        let mut aggregates: Vec<AggregateId> = Vec::new();
        let mut seen: BTreeSet<MeasureId> = BTreeSet::new();
        let mut queue = std::collections::VecDeque::from([measure]);
        while let Some(id) = queue.pop_front() {
            if !seen.insert(id) {
                continue;
            }
            let formula = self.model.measure(id).formula.as_ref();
            let mut elsewhere: Vec<(String, Value)> = Vec::new();
            if let Some(formula) = formula {
                each_part(&formula.node, &mut |node| match node {
                    Node::Measure(id) => queue.push_back(*id),
                    Node::Aggregate(id) if !aggregates.contains(id) => aggregates.push(*id),
                    Node::Aggregate(_) => {}
                    other => {
                        elsewhere.push((self.describe(other), self.node(other, frame, slice)));
                    }
                });
            }
            let value_of = |node: &Node| self.node(node, frame, slice);
            parts.push(Part {
                measure: id,
                value: self.value(id, period, slice),
                put_in: formula.map(|f| put_in(self.model, &f.node, &value_of)),
                elsewhere,
            });
        }
        let made = aggregates.into_iter().map(|id| self.made(id, frame, slice)).collect();
        let point = self.point(measure, period, slice);
        Explained { measure, slice: slice.clone(), point, parts, made }
    }

    /// The value of a part of a formula over a period.
    pub(super) fn node_in(&self, node: &Node, period: Period, slice: &Slice) -> Value {
        self.node(node, Frame::of(period, self.as_of), slice)
    }

    fn node(&self, node: &Node, frame: Frame, slice: &Slice) -> Value {
        let slice = self.slice_id(slice);
        loop {
            let mut at_work = Formula { evaluator: self, missing: Vec::new() };
            let value = at_work.node(node, frame, slice);
            let missing: Vec<Key> =
                at_work.missing.into_iter().filter(|k| self.remembered(*k).is_none()).collect();
            if missing.is_empty() {
                return value;
            }
            for key in missing {
                self.value_over(key);
            }
        }
    }

    fn made(&self, id: AggregateId, frame: Frame, slice: &Slice) -> Made {
        let value = self.node(&Node::Aggregate(id), frame, slice);
        Made { aggregate: id, value, rows: self.row_counts(id, frame.period, slice) }
    }

    /// Where the rows of an aggregate's source went.
    fn row_counts(&self, id: AggregateId, period: Period, slice: &Slice) -> Option<RowCounts> {
        let aggregate = self.model.aggregate(id);
        let facts = self.facts(aggregate.source)?;
        let binding = self.bindings.aggregate(id)?;
        let ever = (Date::from_days(i32::MIN), Date::from_days(i32::MAX));
        let window = self.counted_days(id, period);
        let all_rows = Slot { op: SlotOp::Rows, condition: None };
        let total = Slice::default();
        let count = |slot, slice: &Slice, days| self.count(id, slot, slice, days);
        let dated = count(all_rows, &total, ever)?;
        let inside = count(all_rows, &total, window)?;
        let members = count(all_rows, slice, window)?;
        let fitting = count(binding.rows, slice, window)?;
        let values = binding.slots.iter().find(|s| matches!(s.op, SlotOp::Count(_)));
        let kept = values.map_or(Some(fitting), |slot| count(*slot, slice, window))?;
        let base = read(facts);
        let used: u64 = facts.files.iter().map(|f| f.used).sum();
        Some(RowCounts {
            undated: used.saturating_sub(dated),
            outside: dated.saturating_sub(inside),
            other_members: inside.saturating_sub(members),
            condition: members.saturating_sub(fitting),
            null: fitting.saturating_sub(kept),
            kept,
            ..base
        })
    }

    /// The days of a period whose rows an aggregate may take: up to the as-of date, and where the
    /// spec says how far the source reaches, no others.
    fn counted_days(&self, id: AggregateId, period: Period) -> (Date, Date) {
        let aggregate = self.model.aggregate(id);
        let (first, last) = (period.start, period.end.min(self.as_of));
        let declared = self.model.source(aggregate.source).covers.is_some();
        match self.coverage(aggregate.source).filter(|_| declared && aggregate.on.is_none()) {
            Some(coverage) => (first.max(coverage.first), last.min(coverage.last)),
            None => (first, last),
        }
    }

    /// What a counting slot of an aggregate's scan counted of some members between two days; none
    /// where it was not planned by their dimensions.
    fn count(
        &self,
        id: AggregateId,
        slot: Slot,
        slice: &Slice,
        (first, last): (Date, Date),
    ) -> Option<u64> {
        let source: SourceId = self.model.aggregate(id).source;
        let binding = self.bindings.aggregate(id)?;
        let names: Vec<String> = slice.0.iter().map(|(name, _)| name.clone()).collect();
        let columns = self.columns_among(source, &names);
        let (grouping, slots) =
            self.bindings.find(binding.scan, binding.date, &columns, &[slot])?;
        let table = self.table(self.table_of(source, binding.scan, grouping, &names));
        let members: Vec<Option<String>> = slice.0.iter().map(|(_, m)| m.clone()).collect();
        let cell = table.cell(&members);
        Some(cell.map_or(0, |cell| table.days(cell, first, last).count(slots[0])))
    }
}

/// What was read of a source, and left out before any day or member was looked at.
fn read(facts: &ScanFacts) -> RowCounts {
    RowCounts {
        read: facts.files.iter().map(|f| f.rows).sum(),
        rejected: facts.files.iter().map(|f| f.rejected).sum(),
        replaced: facts.replaced,
        filtered: facts.filtered,
        later: facts.later,
        ..RowCounts::default()
    }
}

/// Calls `visit` with each part of a formula that is no arithmetic, in order.
fn each_part(node: &Node, visit: &mut dyn FnMut(&Node)) {
    match node {
        Node::Negate(a) | Node::Convert(a, _, _) => each_part(a, visit),
        Node::Sum(terms) => terms.iter().for_each(|(_, n)| each_part(n, visit)),
        Node::Product(factors) => factors.iter().for_each(|(_, n)| each_part(n, visit)),
        Node::Default(all) | Node::Function(_, all) => all.iter().for_each(|n| each_part(n, visit)),
        Node::If(condition, a, b) => {
            each_part_of_condition(condition, visit);
            each_part(a, visit);
            each_part(b, visit);
        }
        Node::Value(_) => {}
        Node::Measure(_)
        | Node::Aggregate(_)
        | Node::Over(..)
        | Node::Each(..)
        | Node::Share(_)
        | Node::Total(..)
        | Node::Attainment(_) => visit(node),
    }
}

fn each_part_of_condition(condition: &Condition, visit: &mut dyn FnMut(&Node)) {
    match condition {
        Condition::Compare(a, _, b) => {
            each_part(a, visit);
            each_part(b, visit);
        }
        Condition::IsNull(a) => each_part(a, visit),
        Condition::And(all) | Condition::Or(all) => {
            for c in all {
                each_part_of_condition(c, visit);
            }
        }
        Condition::Not(c) => each_part_of_condition(c, visit),
    }
}
