//! A source's scan: its columns, each expression once, its groupings.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::bindings::{Binding, Bindings, Digits, Layout};
use super::columns::{self, Places};
use super::dimension::{Dimension, dimension};
use super::wants::Dimensions;
use super::{ColumnPlan, Grouping, Key, OnError, Origin, RowFunction, Scan, Slot, SlotOp};
use crate::model::{Aggregate, AggregateId, AggregateOp, ColumnId, RowExpr, Source};
use crate::time::Date;

/// An aggregate of the source and the sets of dimensions by which it is needed.
pub(super) struct Wanted<'m> {
    pub(super) id: AggregateId,
    pub(super) aggregate: &'m Aggregate,
    pub(super) sets: BTreeSet<Dimensions>,
}

/// The scan of a source for some aggregates; puts into the bindings where they are found.
pub(super) fn build(
    source: &Source,
    wanted: &[Wanted],
    until: Option<Date>,
    bindings: &mut Bindings,
) -> Scan {
    let mut builder = Builder::new(source, wanted);
    let mut sets = Sets::new();
    if let Some(date) = source.date {
        sets.entry((builder.places[&date], Vec::new())).or_default().insert(ROWS);
    }
    for want in wanted {
        let Some(binding) = builder.bind(want.aggregate, bindings.layouts.len()) else {
            continue;
        };
        for set in &want.sets {
            let Some(set) = builder.columns_only(set) else { continue };
            let slots = sets.entry((binding.date, set)).or_default();
            slots.extend([ROWS, binding.rows]);
            slots.extend(&binding.slots);
        }
        if !binding.overall.is_empty() {
            let slots = sets.entry((binding.date, Vec::new())).or_default();
            slots.extend([ROWS, binding.rows]);
            slots.extend(&binding.overall);
        }
        bindings.aggregates.insert(want.id, binding);
    }
    let layouts: Vec<Layout> = keep_largest(sets).into_iter().map(layout).collect();
    let scan = builder.finish(&layouts, until);
    bindings.layouts.push(layouts);
    scan
}

/// By date column and dimensions, what is added up.
type Sets = BTreeMap<(ColumnId, Dimensions), BTreeSet<Slot>>;

fn layout(((date, dimensions), slots): ((ColumnId, Dimensions), BTreeSet<Slot>)) -> Layout {
    Layout { date, dimensions, slots: slots.into_iter().collect() }
}

const ROWS: Slot = Slot { op: SlotOp::Rows, condition: None };

/// Leaves out the groupings that evaluation can add up from a finer one, so that a row is added
/// up once. Sets of values stay where they are: finer groups would hold them more than once.
fn keep_largest(sets: Sets) -> Vec<((ColumnId, Dimensions), BTreeSet<Slot>)> {
    let mut largest_first: Vec<_> = sets.into_iter().collect();
    largest_first.sort_by_key(|((_, set), _)| std::cmp::Reverse(set.len()));
    let mut kept: Vec<((ColumnId, Dimensions), BTreeSet<Slot>)> = Vec::new();
    for ((date, set), slots) in largest_first {
        let finer = kept.iter_mut().rev().find(|((other, finer), theirs)| {
            *other == date
                && set.iter().all(|name| finer.contains(name))
                && slots.iter().filter(|s| s.op.is_large()).all(|s| theirs.contains(s))
        });
        match finer {
            Some((_, theirs)) => theirs.extend(slots),
            None => kept.push(((date, set), slots)),
        }
    }
    kept.sort();
    kept
}

/// A scan in the making.
struct Builder<'m> {
    source: &'m Source,
    columns: Vec<ColumnPlan>,
    places: Places,
    hour: Option<ColumnId>,
    conditions: Interner,
    values: Interner,
}

/// Expressions, each once, in order of their first use.
#[derive(Default)]
struct Interner {
    all: Vec<RowExpr>,
    places: FxHashMap<RowExpr, usize>,
}

impl Interner {
    fn place(&mut self, expr: RowExpr) -> usize {
        let all = &mut self.all;
        *self.places.entry(expr).or_insert_with_key(|expr| {
            all.push(expr.clone());
            all.len() - 1
        })
    }
}

impl<'m> Builder<'m> {
    fn new(source: &'m Source, wanted: &[Wanted]) -> Self {
        let mut needed: Vec<ColumnId> = source.date.into_iter().collect();
        let mut hour = None;
        let mut of_expression =
            |expr: &RowExpr| columns::each_column(expr, &mut |id| needed.push(id));
        source.filter.iter().for_each(&mut of_expression);
        for want in wanted {
            let aggregate = want.aggregate;
            let parts = [&aggregate.value, &aggregate.weight, &aggregate.condition];
            parts.into_iter().flatten().for_each(&mut of_expression);
        }
        for want in wanted {
            needed.extend([want.aggregate.on, want.aggregate.per].into_iter().flatten());
            for name in want.sets.iter().flatten() {
                match dimension(source, name) {
                    Some(Dimension::Column(id)) => needed.push(id),
                    Some(Dimension::Hour(date)) => hour = Some(date),
                    Some(Dimension::Weekday) | None => {}
                }
            }
        }
        needed.extend(source.identity.iter().flat_map(|key| &key.columns));
        if source.on_error == OnError::Skip {
            // Which rows are left out must not hang on which KPIs are asked for.
            needed.extend((0..source.columns.len() as u32).map(ColumnId));
        }
        let (mut columns, places) = columns::close(source, needed);
        let hour = hour.map(|date| {
            let moment = RowExpr::Column(places[&date]);
            let origin = Origin::Computed(RowExpr::Call(RowFunction::Hour, vec![moment]));
            let span = source.columns[date.0 as usize].span;
            columns.push(ColumnPlan { name: "hour".to_owned(), span, origin });
            ColumnId(columns.len() as u32 - 1)
        });
        let (conditions, values) = (Interner::default(), Interner::default());
        Self { source, columns, places, hour, conditions, values }
    }

    /// What an aggregate is made of; none in a source without dates.
    fn bind(&mut self, aggregate: &Aggregate, scan: usize) -> Option<Binding> {
        let source = self.source;
        let date = self.places[&aggregate.on.or(source.date)?];
        let condition = aggregate.condition.as_ref().map(|c| columns::rename(c, &self.places));
        let condition = condition.map(|c| self.conditions.place(c));
        let mut place = |expr: &Option<RowExpr>| {
            let expr = expr.as_ref().map(|e| columns::rename(e, &self.places));
            expr.map(|e| self.values.place(e))
        };
        let (value, weight) = (place(&aggregate.value), place(&aggregate.weight));
        let key = place(&aggregate.per.map(RowExpr::Column));
        let ops = value.map_or_else(Vec::new, |value| slot_ops(aggregate.op, value, weight, key));
        let overall =
            value.map_or_else(Vec::new, |value| overall(aggregate.op, value, weight, key));
        let slot = |op| Slot { op, condition };
        let slots = ops.into_iter().map(slot).collect();
        let overall = overall.into_iter().map(slot).collect();
        let summed = match aggregate.op {
            AggregateOp::Retained(..) => &aggregate.weight,
            _ => &aggregate.value,
        };
        let digits = summed.as_ref().map_or(Digits::Exact, |v| columns::digits(source, v));
        Some(Binding { scan, date, rows: slot(SlotOp::Rows), slots, overall, digits })
    }

    /// The dimensions of a set that are columns; none where the source lacks one of the set.
    fn columns_only(&self, set: &Dimensions) -> Option<Dimensions> {
        let mut columns = Vec::new();
        for name in set {
            if dimension(self.source, name)? != Dimension::Weekday {
                columns.push(name.clone());
            }
        }
        Some(columns)
    }

    fn grouping(&self, layout: &Layout) -> Grouping {
        let column = |name: &String| match dimension(self.source, name) {
            Some(Dimension::Column(id)) => Some(self.places[&id]),
            Some(Dimension::Hour(_)) => self.hour,
            Some(Dimension::Weekday) | None => None,
        };
        let dimensions = layout.dimensions.iter().filter_map(column).collect();
        // Another date (`on:`) may well lie outside of what the source covers.
        let own = self.source.date.map(|id| self.places[&id]) == Some(layout.date);
        let within = self.source.covers.filter(|_| own);
        Grouping { date: layout.date, dimensions, within, slots: layout.slots.clone() }
    }

    fn finish(self, layouts: &[Layout], until: Option<Date>) -> Scan {
        let groupings = layouts.iter().map(|layout| self.grouping(layout)).collect();
        let Self { source, columns, places, conditions, values, .. } = self;
        let key = source.identity.as_ref().map(|key| Key {
            columns: key.columns.iter().map(|id| places[id]).collect(),
            ..key.clone()
        });
        Scan {
            source: source.name.clone(),
            span: source.span,
            input: source.input.clone(),
            dialect: source.dialect.clone(),
            columns,
            date: source.date.map(|id| places[&id]),
            filter: source.filter.as_ref().map(|e| columns::rename(e, &places)),
            key,
            on_error: source.on_error,
            until,
            within: source.covers,
            conditions: conditions.all,
            values: values.all,
            groupings,
        }
    }
}

/// What an aggregate of a value adds up, in the order in which evaluation reads it. A sum counts
/// its values too: nought is not the same as nothing but null cells.
fn slot_ops(
    op: AggregateOp,
    value: usize,
    weight: Option<usize>,
    key: Option<usize>,
) -> Vec<SlotOp> {
    if let (AggregateOp::First | AggregateOp::Last, Some(key)) = (op, key) {
        return at_end(op, value, key);
    }
    match (op, weight) {
        (AggregateOp::Rows, _) => Vec::new(),
        (AggregateOp::Count, _) => vec![SlotOp::Count(value)],
        (AggregateOp::Avg, Some(weight)) => {
            vec![SlotOp::WeightedSum(value, weight), SlotOp::WeightSum(value, weight)]
        }
        (AggregateOp::Sum | AggregateOp::Avg | AggregateOp::First | AggregateOp::Last, _) => {
            vec![SlotOp::Sum(value), SlotOp::Count(value)]
        }
        (AggregateOp::Stddev, _) => {
            vec![SlotOp::Sum(value), SlotOp::Count(value), SlotOp::SquareSum(value)]
        }
        (AggregateOp::Min, _) => vec![SlotOp::Min(value)],
        (AggregateOp::Max, _) => vec![SlotOp::Max(value)],
        (AggregateOp::Percentile(_), _) => vec![SlotOp::Values(value)],
        (AggregateOp::CountDistinct(Some(_)), _) => vec![SlotOp::Tally(value)],
        (AggregateOp::New, _) => vec![SlotOp::First(value)],
        (
            AggregateOp::CountDistinct(None)
            | AggregateOp::Returning
            | AggregateOp::Lost
            | AggregateOp::Retained(..),
            _,
        ) => vec![SlotOp::Distinct(value)],
    }
}

/// What an aggregate asks of all rows, whatever the members: who was there before, who still is,
/// which row of a key is the latest.
fn overall(
    op: AggregateOp,
    value: usize,
    weight: Option<usize>,
    key: Option<usize>,
) -> Vec<SlotOp> {
    match (op, weight, key) {
        (AggregateOp::Returning | AggregateOp::Lost | AggregateOp::Retained(..), None, _) => {
            vec![SlotOp::Distinct(value)]
        }
        (AggregateOp::Retained(..), Some(of), _) => {
            vec![SlotOp::Distinct(value), SlotOp::SumBy(of, value)]
        }
        (AggregateOp::First | AggregateOp::Last, _, Some(key)) => at_end(op, value, key),
        _ => Vec::new(),
    }
}

/// Each key's last moment; for `first` also the first one, since a level may hold from before.
fn at_end(op: AggregateOp, value: usize, key: usize) -> Vec<SlotOp> {
    let mut slots = vec![SlotOp::Latest(value, key)];
    if op == AggregateOp::First {
        slots.push(SlotOp::Earliest(value, key));
    }
    slots
}
