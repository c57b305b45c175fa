//! The columns that a scan needs, and the names that expressions have for them.

use std::collections::{BTreeMap, BTreeSet};

use super::lookups::Tables;
use super::{Arithmetic, ColumnPlan, Digits, Join, Origin, RowFunction};
use crate::model::{Column, ColumnId, ColumnOrigin, Model, RowExpr, Source};

/// Calls `visit` with each column that an expression uses itself.
pub(super) fn each_column(expr: &RowExpr, visit: &mut impl FnMut(ColumnId)) {
    expr.each(&mut |e| {
        if let RowExpr::Column(id) = e {
            visit(*id);
        }
    });
}

/// Whether a division that need not end went into an expression, or into a column that it uses.
pub(super) fn digits(model: &Model, source: &Source, expr: &RowExpr) -> Digits {
    let mut seen: BTreeSet<(*const Source, ColumnId)> = BTreeSet::new();
    let mut stack = vec![(source, expr)];
    while let Some((source, expr)) = stack.pop() {
        if divides(expr) {
            return Digits::Quotient;
        }
        let mut used = Vec::new();
        each_column(expr, &mut |id| used.push((source, id)));
        while let Some((source, id)) = used.pop() {
            if !seen.insert((std::ptr::from_ref(source), id)) {
                continue;
            }
            match &source.columns[id.0 as usize].origin {
                ColumnOrigin::Computed(expr) => stack.push((source, expr)),
                ColumnOrigin::Joined { lookup, column } => {
                    used.push((model.source(source.lookups[*lookup].source), *column));
                }
                ColumnOrigin::Read { .. }
                | ColumnOrigin::Range
                | ColumnOrigin::Header
                | ColumnOrigin::Turned(_)
                | ColumnOrigin::Ranked(..) => {}
            }
        }
    }
    Digits::Exact
}

/// Whether an expression itself divides by what need not go into a decimal.
fn divides(expr: &RowExpr) -> bool {
    let mut found = false;
    expr.each(&mut |e| match e {
        RowExpr::Arithmetic(_, steps) => {
            let mut divisors = steps.iter().filter(|(op, _)| *op == Arithmetic::Divide);
            found |= divisors.any(|(_, by)| !ends(by));
        }
        // Hours have 3600 seconds, days 86400: threes.
        RowExpr::Call(RowFunction::Hours | RowFunction::Days, _) => found = true,
        _ => {}
    });
    found
}

/// Whether a quotient by this always ends: a constant of twos and fives.
fn ends(divisor: &RowExpr) -> bool {
    let RowExpr::Number(number) = divisor else { return false };
    let mut rest = number.mantissa();
    while rest != 0 && rest % 2 == 0 {
        rest /= 2;
    }
    while rest != 0 && rest % 5 == 0 {
        rest /= 5;
    }
    rest.abs() == 1
}

/// The scan's places of a source's columns.
pub(super) type Places = BTreeMap<ColumnId, ColumnId>;

/// The expression with the scan's places for the source's columns.
pub(super) fn rename(expr: &RowExpr, places: &Places) -> RowExpr {
    let one = |e: &RowExpr| Box::new(rename(e, places));
    let many = |all: &[RowExpr]| all.iter().map(|e| rename(e, places)).collect();
    match expr {
        RowExpr::Column(id) => RowExpr::Column(places[id]),
        RowExpr::Number(_)
        | RowExpr::Text(_)
        | RowExpr::Bool(_)
        | RowExpr::Date(_)
        | RowExpr::Null => expr.clone(),
        RowExpr::Negate(a) => RowExpr::Negate(one(a)),
        RowExpr::Arithmetic(first, steps) => {
            let steps = steps.iter().map(|(op, e)| (*op, rename(e, places))).collect();
            RowExpr::Arithmetic(one(first), steps)
        }
        RowExpr::Elapsed(a, b) => RowExpr::Elapsed(one(a), one(b)),
        RowExpr::Default(all) => RowExpr::Default(many(all)),
        RowExpr::Compare(a, op, b) => RowExpr::Compare(one(a), *op, one(b)),
        RowExpr::And(all) => RowExpr::And(many(all)),
        RowExpr::Or(all) => RowExpr::Or(many(all)),
        RowExpr::Not(a) => RowExpr::Not(one(a)),
        RowExpr::IsNull(a) => RowExpr::IsNull(one(a)),
        RowExpr::In(a, all, case) => RowExpr::In(one(a), many(all), *case),
        RowExpr::Between(a, b, c) => RowExpr::Between(one(a), one(b), one(c)),
        RowExpr::Match(a, pattern) => RowExpr::Match(one(a), pattern.clone()),
        RowExpr::If(a, b, c) => RowExpr::If(one(a), one(b), one(c)),
        RowExpr::Cases(cases, otherwise) => {
            let cases = cases.iter().map(|(c, text)| (rename(c, places), text.clone())).collect();
            RowExpr::Cases(cases, otherwise.clone())
        }
        RowExpr::Call(function, all) => RowExpr::Call(function.clone(), many(all)),
    }
}

/// The columns that a column uses itself: what it is computed from, the key by which it is looked
/// up, the ids that it ranks.
pub(super) fn each_used(source: &Source, id: ColumnId, visit: &mut impl FnMut(ColumnId)) {
    match &source.columns[id.0 as usize].origin {
        ColumnOrigin::Computed(expr) => each_column(expr, visit),
        ColumnOrigin::Joined { lookup, .. } => visit(source.lookups[*lookup].own),
        ColumnOrigin::Ranked(_, of) => visit(*of),
        ColumnOrigin::Read { .. }
        | ColumnOrigin::Range
        | ColumnOrigin::Header
        | ColumnOrigin::Turned(_) => {}
    }
}

/// The columns of a scan.
pub(super) struct Closed {
    /// Each after those that it uses; else in the source's order.
    pub(super) columns: Vec<ColumnPlan>,
    /// Where each is.
    pub(super) places: Places,
    /// What is looked up.
    pub(super) joins: Vec<Join>,
}

/// The needed columns and all that they are made of.
pub(super) fn close(source: &Source, mut needed: Vec<ColumnId>, tables: &Tables) -> Closed {
    needed.sort();
    let mut closed = Closed { columns: Vec::new(), places: Places::new(), joins: Vec::new() };
    // A column is looked at twice: to put what it uses above it, then to place it.
    let mut stack: Vec<(ColumnId, Look)> =
        needed.into_iter().rev().map(|id| (id, Look::First)).collect();
    while let Some((id, look)) = stack.pop() {
        if closed.places.contains_key(&id) {
            continue;
        }
        let below = stack.len();
        if look == Look::First {
            stack.push((id, Look::Second));
            each_used(source, id, &mut |used| stack.push((used, Look::First)));
            stack[below + 1..].reverse();
            continue;
        }
        closed.place(source, id, tables);
    }
    closed
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    First,
    Second,
}

impl Closed {
    fn place(&mut self, source: &Source, id: ColumnId, tables: &Tables) {
        let column = &source.columns[id.0 as usize];
        let origin = match &column.origin {
            ColumnOrigin::Read { headers, cell } => {
                Origin::Read { headers: headers.clone(), cell: cell.clone() }
            }
            ColumnOrigin::Computed(expr) => Origin::Computed(rename(expr, &self.places)),
            ColumnOrigin::Ranked(rank, of) => Origin::Ranked(*rank, self.places[of]),
            ColumnOrigin::Range => Origin::Range,
            ColumnOrigin::Header => Origin::Header,
            ColumnOrigin::Turned(cell) => Origin::Turned(cell.clone()),
            ColumnOrigin::Joined { lookup, column: there } => {
                let lookup = &source.lookups[*lookup];
                let join = tables.join(lookup, self.places[&lookup.own]);
                let known = self.joins.iter().position(|j| *j == join);
                let join = known.unwrap_or_else(|| {
                    self.joins.push(join);
                    self.joins.len() - 1
                });
                let held = tables.held(lookup.source, *there);
                Origin::Joined { join, column: held, kind: column.ty.cell() }
            }
        };
        let Column { name, span, .. } = column;
        self.columns.push(ColumnPlan { name: name.clone(), span: *span, origin });
        self.places.insert(id, ColumnId(self.columns.len() as u32 - 1));
    }
}
