//! The shape of a scan: what is worked out once before its rows are read.

use crate::plan::{CellKind, CellType, ColumnId, Grouping, Origin, Rank, RowExpr, Scan};

use super::batch::Node;
use super::layout::{columns_of, kind_of, lay_out};

/// Types, laid out expressions, and which columns are read when.
#[derive(Debug)]
pub(super) struct Shape {
    /// Of computed columns, the expression.
    pub(super) computed: Vec<Option<Node>>,
    pub(super) filter: Option<Node>,
    pub(super) conditions: Vec<Node>,
    pub(super) values: Vec<Node>,
    /// The columns of the key and the date, with those that they are computed from, the filter's
    /// aside.
    pub(super) key_columns: Vec<usize>,
    /// The columns that are ranks, with the column of their ids.
    pub(super) ranked: Vec<(usize, usize)>,
    /// What ranks need: their ids, the key and the date, with what they are computed from, the
    /// filter's columns aside.
    pub(super) rank_columns: Vec<usize>,
    /// All columns that lean on no rank, the filter's aside.
    pub(super) rankless_columns: Vec<usize>,
    /// The columns that the filter needs.
    pub(super) filter_columns: Vec<usize>,
    /// All others.
    pub(super) other_columns: Vec<usize>,
    /// The dictionary of each column, then of each value.
    pub(super) sources: Vec<usize>,
    pub(super) value_sources: Vec<usize>,
    /// Dictionaries that may not forget: distinct values are counted by their ids.
    pub(super) kept: Vec<bool>,
    /// Values that are counted distinctly.
    pub(super) distinct: Vec<bool>,
    /// Of each grouping, the finer one that it is made of at the end, if there is one.
    pub(super) finer: Vec<Option<usize>>,
}

impl Shape {
    pub(super) fn new(scan: &Scan) -> Self {
        let kinds = kinds_of(scan);
        let computed: Vec<Option<Node>> = scan
            .columns
            .iter()
            .map(|column| match &column.origin {
                Origin::Computed(expr) => Some(lay_out(expr, &kinds)),
                _ => None,
            })
            .collect();
        let values: Vec<Node> = scan.values.iter().map(|e| lay_out(e, &kinds)).collect();
        let mut sources: Vec<usize> = (0..scan.columns.len()).collect();
        for (at, node) in computed.iter().enumerate() {
            if let Some(column) = node.as_ref().and_then(Node::alias) {
                sources[at] = sources[column];
            }
        }
        let first = scan.columns.len();
        let own = |(at, node): (usize, &Node)| node.alias().map_or(first + at, |c| sources[c]);
        let value_sources: Vec<usize> = values.iter().enumerate().map(own).collect();
        let mut distinct = vec![false; values.len()];
        for slot in scan.groupings.iter().flat_map(|g| &g.slots) {
            if let Some(value) = slot.op.ids() {
                distinct[value] = true;
            }
        }
        let mut kept = vec![false; first + values.len()];
        for (value, source) in value_sources.iter().enumerate() {
            kept[*source] |= distinct[value];
        }
        let ranked = ranked(scan);
        for (_, of) in &ranked {
            kept[sources[*of]] = true;
        }
        for (column, kept) in scan.columns.iter().zip(&mut kept) {
            *kept |= matches!(column.origin, Origin::Joined { .. });
        }
        let filter_columns = closure(scan, scan.filter.iter());
        let other_columns: Vec<usize> =
            (0..scan.columns.len()).filter(|c| !filter_columns.contains(c)).collect();
        let leans = |column: &usize| {
            let below = closure(scan, [RowExpr::Column(ColumnId(*column as u32))].iter());
            ranked.iter().any(|(rank, _)| below.contains(rank))
        };
        let rankless_columns = if ranked.is_empty() {
            other_columns.clone()
        } else {
            other_columns.iter().copied().filter(|c| !leans(c)).collect()
        };
        let key = scan.key.iter().flat_map(|k| &k.columns).chain(&scan.date);
        let key: Vec<RowExpr> = key.map(|c| RowExpr::Column(*c)).collect();
        let mut key_columns = closure(scan, key.iter());
        key_columns.retain(|c| !filter_columns.contains(c));
        let ids = ranked.iter().map(|(_, of)| RowExpr::Column(ColumnId(*of as u32)));
        let rank_columns: Vec<RowExpr> = key.into_iter().chain(ids).collect();
        let mut rank_columns = closure(scan, rank_columns.iter());
        rank_columns.retain(|c| !filter_columns.contains(c));
        Self {
            computed,
            filter: scan.filter.as_ref().map(|e| lay_out(e, &kinds)),
            conditions: scan.conditions.iter().map(|e| lay_out(e, &kinds)).collect(),
            values,
            key_columns,
            ranked,
            rank_columns,
            rankless_columns,
            filter_columns,
            other_columns,
            sources,
            value_sources,
            kept,
            distinct,
            finer: finer(&scan.groupings),
        }
    }
}

/// Which groupings can be made of a finer one: of the same date, with all its dimensions and
/// slots. The finer one is never made of another itself.
fn finer(groupings: &[Grouping]) -> Vec<Option<usize>> {
    let mut finer: Vec<Option<usize>> = vec![None; groupings.len()];
    let mut order: Vec<usize> = (0..groupings.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(groupings[*at].dimensions.len()));
    for (place, &at) in order.iter().enumerate() {
        let own = &groupings[at];
        finer[at] = order[..place].iter().copied().find(|other| {
            let other_grouping = &groupings[*other];
            finer[*other].is_none()
                && other_grouping.date == own.date
                && own.dimensions.iter().all(|d| other_grouping.dimensions.contains(d))
                && own.slots.iter().all(|s| other_grouping.slots.contains(s))
        });
    }
    finer
}

/// The columns that are ranks, with the column of their ids.
fn ranked(scan: &Scan) -> Vec<(usize, usize)> {
    let columns = scan.columns.iter().enumerate();
    let ranked = columns.filter_map(|(at, column)| match column.origin {
        Origin::Ranked(_, of) => Some((at, of.0 as usize)),
        _ => None,
    });
    ranked.collect()
}

/// What each column holds.
pub(super) fn kinds_of(scan: &Scan) -> Vec<CellType> {
    let mut kinds = Vec::with_capacity(scan.columns.len());
    for column in &scan.columns {
        let kind = match &column.origin {
            Origin::Computed(expr) => kind_of(expr, &kinds).unwrap_or(CellType::Number),
            Origin::Ranked(Rank::Nth, _) => CellType::Number,
            Origin::Joined { kind, .. } => *kind,
            Origin::Range | Origin::Header | Origin::Ranked(Rank::FirstSeen, _) => CellType::Date,
            Origin::Read { cell, .. } | Origin::Turned(cell) => match cell {
                CellKind::Text | CellKind::Currency(_) => CellType::Text,
                CellKind::Bool => CellType::Bool,
                CellKind::Date(_) => CellType::Date,
                CellKind::Timestamp(_) => CellType::Timestamp,
                CellKind::Number | CellKind::Percent | CellKind::Money(_) | CellKind::Duration => {
                    CellType::Number
                }
            },
        };
        kinds.push(kind);
    }
    kinds
}

/// The columns of some expressions, and those that they are computed from, in the scan's order.
fn closure<'e>(scan: &Scan, exprs: impl Iterator<Item = &'e RowExpr>) -> Vec<usize> {
    let mut todo: Vec<ColumnId> = Vec::new();
    exprs.for_each(|e| columns_of(e, &mut todo));
    let mut needed = vec![false; scan.columns.len()];
    while let Some(column) = todo.pop() {
        let at = column.0 as usize;
        if std::mem::replace(&mut needed[at], true) {
            continue;
        }
        match &scan.columns[at].origin {
            Origin::Read { .. } | Origin::Range | Origin::Header | Origin::Turned(_) => {}
            Origin::Computed(expr) => columns_of(expr, &mut todo),
            Origin::Ranked(_, of) => todo.push(*of),
            Origin::Joined { join, .. } => todo.push(scan.joins[*join].own),
        }
    }
    (0..needed.len()).filter(|c| needed[*c]).collect()
}
