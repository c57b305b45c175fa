//! The tables of sources that are looked up: which of them, and which of their columns.

use std::collections::{BTreeMap, BTreeSet};

use super::{ColumnId, Join, Matching, Table, TableKey, columns, scan};
use crate::model::{ColumnOrigin, Lookup, Model, SourceId};
use crate::source::Span;

/// What is held of the sources that are looked up.
#[derive(Default)]
pub(super) struct Tables {
    needs: BTreeMap<SourceId, Need>,
    /// The place of each in the plan.
    pub(super) places: BTreeMap<SourceId, usize>,
}

/// What is held of one of them.
#[derive(Default)]
struct Need {
    columns: BTreeSet<ColumnId>,
    keys: BTreeMap<(ColumnId, Matching), Span>,
}

impl Tables {
    /// What the needed columns of some sources are joined from, directly or over other lookups.
    pub(super) fn collect(model: &Model, mut todo: Vec<(SourceId, Vec<ColumnId>)>) -> Self {
        let mut tables = Self::default();
        let mut seen: BTreeSet<(SourceId, ColumnId)> = BTreeSet::new();
        while let Some((id, mut columns)) = todo.pop() {
            let source = model.source(id);
            while let Some(column) = columns.pop() {
                if !seen.insert((id, column)) {
                    continue;
                }
                columns::each_used(source, column, &mut |used| columns.push(used));
                let ColumnOrigin::Joined { lookup, column: there } =
                    &source.columns[column.0 as usize].origin
                else {
                    continue;
                };
                let Lookup { source: other, theirs, matching, span, .. } = source.lookups[*lookup];
                let need = tables.needs.entry(other).or_insert_with(|| {
                    todo.push((other, scan::always(model.source(other))));
                    Need::default()
                });
                need.columns.extend([theirs, *there]);
                need.keys.entry((theirs, matching)).or_insert(span);
                todo.push((other, vec![theirs, *there]));
            }
        }
        tables.order(model);
        tables
    }

    /// Places each after those that it looks up.
    fn order(&mut self, model: &Model) {
        for id in self.needs.keys() {
            let mut stack = vec![*id];
            while let Some(top) = stack.last().copied() {
                let others = model.source(top).lookups.iter().map(|l| l.source);
                let missing = |other: &SourceId| {
                    self.needs.contains_key(other) && !self.places.contains_key(other)
                };
                let above = stack.len();
                stack.extend(others.filter(missing));
                if stack.len() == above {
                    let place = self.places.len();
                    self.places.entry(top).or_insert(place);
                    stack.pop();
                }
            }
        }
    }

    /// A lookup by a column of a scan.
    pub(super) fn join(&self, lookup: &Lookup, own: ColumnId) -> Join {
        let wanted = (lookup.theirs, lookup.matching);
        let key = self.needs[&lookup.source].keys.keys().position(|k| *k == wanted);
        let key = key.unwrap_or_else(|| panic!("a lookup that is not planned"));
        Join { table: self.places[&lookup.source], key, own }
    }

    /// The place of a source's column among those that are held.
    pub(super) fn held(&self, source: SourceId, column: ColumnId) -> usize {
        let place = self.needs[&source].columns.iter().position(|c| *c == column);
        place.unwrap_or_else(|| panic!("a looked-up column that is not planned"))
    }

    /// The tables for the plan.
    pub(super) fn build(&self, model: &Model) -> Vec<Table> {
        let mut order: Vec<(usize, SourceId)> =
            self.places.iter().map(|(id, place)| (*place, *id)).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, id)| self.table(model, id)).collect()
    }

    fn table(&self, model: &Model, id: SourceId) -> Table {
        let (source, need) = (model.source(id), &self.needs[&id]);
        let mut needed = scan::always(source);
        needed.extend(&need.columns);
        let closed = columns::close(source, needed, self);
        let columns = need.columns.iter().map(|c| closed.places[c]).collect();
        let keys = need.keys.iter().map(|((column, matching), span)| TableKey {
            column: self.held(id, *column),
            matching: *matching,
            span: *span,
        });
        let keys = keys.collect();
        // Which row a key finds does not hang on the day that is asked for.
        Table { scan: scan::bare(source, closed, None), columns, keys }
    }
}
