//! A source's scan: its columns, each expression once, its groupings.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::bindings::{Binding, Bindings, CurrencySlot, Digits, Layout};
use super::columns::{self, Closed};
use super::dimension::{Dimension, dimension};
use super::lookups::Tables;
use super::wants::Dimensions;
use super::{ColumnPlan, Grouping, Key, OnError, Origin, RowFunction, Scan, Slot, SlotOp};
use crate::model::{
    Aggregate, AggregateId, AggregateOp, ColumnId, Model, RowExpr, Source, SourceId,
};
use crate::time::Date;

/// An aggregate of the source and the sets of dimensions by which it is needed.
pub(super) struct Wanted<'m> {
    pub(super) id: AggregateId,
    pub(super) aggregate: &'m Aggregate,
    pub(super) sets: BTreeSet<Dimensions>,
}

/// The scan of a source for some aggregates; puts into the bindings where they are found.
pub(super) fn build(
    model: &Model,
    id: SourceId,
    wanted: &[Wanted],
    until: Option<Date>,
    tables: &Tables,
    bindings: &mut Bindings,
) -> Scan {
    let source = model.source(id);
    let mut builder = Builder::new(model, source, wanted, tables);
    let mut sets = Sets::new();
    if let Some(date) = source.date {
        sets.entry((builder.closed.places[&date], Vec::new())).or_default().insert(ROWS);
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
        if let Some(currency) = binding.currency {
            let total = sets.entry((binding.date, Vec::new())).or_default();
            total.extend([ROWS, currency.codes]);
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
    model: &'m Model,
    source: &'m Source,
    closed: Closed,
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

/// The columns that every scan of a source needs.
pub(super) fn always(source: &Source) -> Vec<ColumnId> {
    let mut needed: Vec<ColumnId> = source.date.into_iter().collect();
    if let Some(filter) = &source.filter {
        columns::each_column(filter, &mut |id| needed.push(id));
    }
    needed.extend(source.identity.iter().flat_map(|key| &key.columns));
    if source.on_error == OnError::Skip {
        // Which rows are left out must not hang on which KPIs are asked for.
        needed.extend((0..source.columns.len() as u32).map(ColumnId));
    }
    needed
}

/// The columns that a scan for these aggregates needs itself.
pub(super) fn needed(source: &Source, wanted: &[Wanted]) -> Vec<ColumnId> {
    let mut needed = always(source);
    for want in wanted {
        let aggregate = want.aggregate;
        let parts = [&aggregate.value, &aggregate.weight, &aggregate.condition];
        for expr in parts.into_iter().flatten() {
            columns::each_column(expr, &mut |id| needed.push(id));
        }
        needed.extend([aggregate.on, aggregate.per, aggregate.currency].into_iter().flatten());
        for name in want.sets.iter().flatten() {
            if let Some(Dimension::Column(id)) = dimension(source, name) {
                needed.push(id);
            }
        }
    }
    needed
}

/// The column of the moment, where one of the sets has the hour as a dimension.
fn hour(source: &Source, wanted: &[Wanted]) -> Option<ColumnId> {
    let names = wanted.iter().flat_map(|w| w.sets.iter().flatten());
    let mut moments = names.filter_map(|name| match dimension(source, name) {
        Some(Dimension::Hour(date)) => Some(date),
        _ => None,
    });
    moments.next()
}

/// How a source is read, with nothing that is added up.
pub(super) fn bare(source: &Source, closed: Closed, until: Option<Date>) -> Scan {
    let Closed { columns, places, joins } = closed;
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
        joins,
        date: source.date.map(|id| places[&id]),
        range: source.range.clone(),
        unpivot: source.unpivot.clone(),
        filter: source.filter.as_ref().map(|e| columns::rename(e, &places)),
        key,
        on_error: source.on_error,
        until,
        within: source.covers,
        conditions: Vec::new(),
        values: Vec::new(),
        groupings: Vec::new(),
    }
}

impl<'m> Builder<'m> {
    fn new(model: &'m Model, source: &'m Source, wanted: &[Wanted], tables: &Tables) -> Self {
        let mut closed = columns::close(source, needed(source, wanted), tables);
        let hour = hour(source, wanted).map(|date| {
            let moment = RowExpr::Column(closed.places[&date]);
            let origin = Origin::Computed(RowExpr::Call(RowFunction::Hour, vec![moment]));
            let span = source.columns[date.0 as usize].span;
            closed.columns.push(ColumnPlan { name: "hour".to_owned(), span, origin });
            ColumnId(closed.columns.len() as u32 - 1)
        });
        let (conditions, values) = (Interner::default(), Interner::default());
        Self { model, source, closed, hour, conditions, values }
    }

    /// What an aggregate is made of; none in a source without dates.
    fn bind(&mut self, aggregate: &Aggregate, scan: usize) -> Option<Binding> {
        let source = self.source;
        let date = self.closed.places[&aggregate.on.or(source.date)?];
        let condition =
            aggregate.condition.as_ref().map(|c| columns::rename(c, &self.closed.places));
        let condition = condition.map(|c| self.conditions.place(c));
        let mut place = |expr: &Option<RowExpr>| {
            let expr = expr.as_ref().map(|e| columns::rename(e, &self.closed.places));
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
        // What is added up of those who are retained is behind `of:`.
        let (summed, expr) = match aggregate.op {
            AggregateOp::Retained(..) => (weight, &aggregate.weight),
            _ => (value, &aggregate.value),
        };
        let digits = expr.as_ref();
        let digits = digits.map_or(Digits::Exact, |v| columns::digits(self.model, source, v));
        let currency = aggregate.currency.zip(summed).map(|(column, amount)| {
            let column = self.closed.places[&column];
            let codes = self.values.place(code_of(&self.values.all[amount], column));
            CurrencySlot { codes: slot(SlotOp::Distinct(codes)), column, amount }
        });
        Some(Binding { scan, date, rows: slot(SlotOp::Rows), slots, overall, digits, currency })
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
            Some(Dimension::Column(id)) => Some(self.closed.places[&id]),
            Some(Dimension::Hour(_)) => self.hour,
            Some(Dimension::Weekday) | None => None,
        };
        let dimensions = layout.dimensions.iter().filter_map(column).collect();
        // Another date (`on:`) may well lie outside of what the source covers.
        let own = self.source.date.map(|id| self.closed.places[&id]) == Some(layout.date);
        let within = self.source.covers.filter(|_| own);
        Grouping { date: layout.date, dimensions, within, slots: layout.slots.clone() }
    }

    fn finish(self, layouts: &[Layout], until: Option<Date>) -> Scan {
        let groupings = layouts.iter().map(|layout| self.grouping(layout)).collect();
        let scan = bare(self.source, self.closed, until);
        Scan { conditions: self.conditions.all, values: self.values.all, groupings, ..scan }
    }
}

/// The currency of an amount; the empty text where it has none, null where there is no amount.
fn code_of(amount: &RowExpr, column: ColumnId) -> RowExpr {
    let none = RowExpr::IsNull(Box::new(amount.clone()));
    let code = RowExpr::Default(vec![RowExpr::Column(column), RowExpr::Text(String::new())]);
    RowExpr::If(Box::new(none), Box::new(RowExpr::Null), Box::new(code))
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
