//! The columns that a scan needs, and the names that expressions have for them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Arithmetic, ColumnPlan, Digits, Origin, RowFunction};
use crate::model::{Column, ColumnId, ColumnOrigin, RowExpr, Source};

/// Calls `visit` with each column that an expression uses itself.
pub(super) fn each_column(expr: &RowExpr, visit: &mut impl FnMut(ColumnId)) {
    expr.each(&mut |e| {
        if let RowExpr::Column(id) = e {
            visit(*id);
        }
    });
}

/// Whether a division that need not end went into an expression, or into a column that it uses.
pub(super) fn digits(source: &Source, expr: &RowExpr) -> Digits {
    let mut seen: BTreeSet<ColumnId> = BTreeSet::new();
    let mut stack = vec![expr];
    while let Some(expr) = stack.pop() {
        if divides(expr) {
            return Digits::Quotient;
        }
        each_column(expr, &mut |id| {
            if seen.insert(id)
                && let ColumnOrigin::Computed(used) = &source.columns[id.0 as usize].origin
            {
                stack.push(used);
            }
        });
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

/// The needed columns and all that they are computed from, each after those that it uses; else in
/// the source's order.
pub(super) fn close(source: &Source, mut needed: Vec<ColumnId>) -> (Vec<ColumnPlan>, Places) {
    needed.sort();
    let mut places = Places::new();
    let mut columns = Vec::new();
    // A column is looked at twice: to put what it uses above it, then to place it.
    let mut stack: Vec<(ColumnId, Look)> =
        needed.into_iter().rev().map(|id| (id, Look::First)).collect();
    while let Some((id, look)) = stack.pop() {
        if places.contains_key(&id) {
            continue;
        }
        let column = &source.columns[id.0 as usize];
        let used = match &column.origin {
            ColumnOrigin::Read { .. } => Vec::new(),
            ColumnOrigin::Computed(expr) => expr.columns(),
            ColumnOrigin::Ranked(_, of) => vec![*of],
        };
        if look == Look::First && !used.is_empty() {
            stack.push((id, Look::Second));
            stack.extend(used.into_iter().rev().map(|used| (used, Look::First)));
            continue;
        }
        columns.push(column_plan(column, &places));
        places.insert(id, ColumnId(columns.len() as u32 - 1));
    }
    (columns, places)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    First,
    Second,
}

fn column_plan(column: &Column, places: &Places) -> ColumnPlan {
    let origin = match &column.origin {
        ColumnOrigin::Read { headers, cell } => {
            Origin::Read { headers: headers.clone(), cell: cell.clone() }
        }
        ColumnOrigin::Computed(expr) => Origin::Computed(rename(expr, places)),
        ColumnOrigin::Ranked(rank, of) => Origin::Ranked(*rank, places[of]),
    };
    ColumnPlan { name: column.name.clone(), span: column.span, origin }
}
