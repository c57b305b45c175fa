//! Computed columns: in any order, of the type that they are declared to be.

use std::collections::HashMap;

use super::row::{self, Scope};
use super::table::Table;
use super::types::{Type, Typed, word};
use super::units::{self, Scalar};
use super::{Context, order};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::row::{ColumnId, RowExpr};
use crate::model::source::ColumnType;
use crate::syntax::ast::{self, Expr, ExprKind, Ident};
use crate::syntax::walk;
use crate::value::Unit;

/// The computed columns, in an order in which each comes after those that it needs.
pub(super) fn compute(table: &mut Table<'_>, cx: &mut Context<'_, '_>) {
    let item = table.item;
    let computed: Vec<(ColumnId, &Ident, &Expr)> = item
        .columns
        .iter()
        .filter_map(|c| {
            let id = table.known(&c.name.key)?;
            let same = table.slot(id).declared.is_some_and(|d| std::ptr::eq(d, c));
            c.computed.as_ref().filter(|_| same).map(|e| (id, &c.name, e))
        })
        .collect();
    let place: HashMap<ColumnId, usize> =
        computed.iter().enumerate().map(|(at, (id, ..))| (*id, at)).collect();
    let needs: Vec<Vec<usize>> = computed
        .iter()
        .map(|(_, _, expr)| {
            let mut needs = Vec::new();
            walk(expr, &mut |e| {
                if let ExprKind::Name(path) = &e.kind
                    && let Some(id) = own_column(table, path)
                    && let Some(at) = place.get(&id)
                {
                    needs.push(*at);
                }
            });
            needs
        })
        .collect();
    let order = order::sort(&needs);
    for cycle in &order.cycles {
        let steps: Vec<&Ident> = cycle.iter().map(|at| computed[*at].1).collect();
        cx.out.push(order::report("columns", &steps));
    }
    for at in order.nodes {
        let (id, _, expr) = computed[at];
        if order.knotted[at] {
            table.slot_mut(id).computed = Some(RowExpr::Null);
            continue;
        }
        let found = row::check(expr, &mut Scope::Table(table), cx);
        settle(table, id, found, cx);
    }
}

/// The column that a name in an expression of this source stands for, or hangs on, if it is
/// declared.
fn own_column(table: &Table<'_>, path: &ast::Path) -> Option<ColumnId> {
    match path.segments.as_slice() {
        [name] => table.known(&name.key),
        [source, name] if source.key == table.key() => table.known(&name.key),
        // A looked-up column hangs on the key that it is found by.
        [source, _] => table.joins.iter().find(|j| j.name().key == source.key)?.own,
        _ => None,
    }
}

/// Holds what an expression gives against the declared type; takes its type where none is.
fn settle(table: &mut Table<'_>, id: ColumnId, found: Typed, cx: &mut Context<'_, '_>) {
    let slot = table.slot(id);
    let mut ty = slot.ty.clone();
    match (&slot.ty, &found.ty) {
        (_, Type::Unknown | Type::Null) => {}
        // Nothing tells what they are: texts, until one is declared.
        (None, Type::Open(open)) => {
            Scope::Table(table).settle(open, &ColumnType::Text, found.span, cx.out);
            ty = Some(ColumnType::Text);
        }
        (None, known) => ty = inferred(known),
        (Some(declared), Type::Open(open)) => {
            let declared = match declared {
                ColumnType::Id => ColumnType::Text,
                other => other.clone(),
            };
            Scope::Table(table).settle(open, &declared, found.span, cx.out);
        }
        (Some(declared), known) => {
            if let Some(diagnostic) = against(declared, known, &found) {
                cx.out.push(diagnostic.at(slot.span, format!("declared as {}", word(declared))));
            }
        }
    }
    let slot = table.slot_mut(id);
    slot.ty = ty;
    slot.computed = Some(found.expr);
}

/// The column type of an expression.
fn inferred(ty: &Type) -> Option<ColumnType> {
    Some(match ty {
        Type::Text => ColumnType::Text,
        Type::Bool => ColumnType::Bool,
        Type::Date => ColumnType::Date,
        Type::Timestamp => ColumnType::Timestamp,
        Type::Number(Scalar::Of(Unit::Count)) => ColumnType::Count,
        Type::Number(Scalar::Of(Unit::Percent)) => ColumnType::Percent,
        Type::Number(Scalar::Of(Unit::Duration)) => ColumnType::Duration,
        Type::Number(Scalar::Of(Unit::Money(currency))) => ColumnType::Money(*currency),
        Type::Number(Scalar::InColumn(column)) => ColumnType::MoneyIn(column.clone()),
        Type::Number(_) => ColumnType::Number,
        Type::Unknown | Type::Null | Type::Open(_) => return None,
    })
}

/// What is wrong with an expression as a column of this type. A plain number may be declared to
/// be anything that is counted: that is how it gets its unit.
fn against(declared: &ColumnType, found: &Type, typed: &Typed) -> Option<Diagnostic> {
    let mismatch = |what: String| {
        let message = format!("the column is declared as {}, and this is {what}", word(declared));
        Diagnostic::new(&codes::TYPE_MISMATCH, message).at(typed.span, what)
    };
    let (Some(unit), Type::Number(scalar)) = (declared.unit(), found) else {
        let fits = matches!(
            (declared, found),
            (ColumnType::Text | ColumnType::Id, Type::Text)
                | (ColumnType::Bool, Type::Bool)
                | (ColumnType::Date, Type::Date)
                | (ColumnType::Timestamp, Type::Timestamp)
        );
        return (!fits).then(|| mismatch(found.noun().to_owned()));
    };
    let plain = matches!(
        scalar,
        Scalar::Unknown | Scalar::Bare | Scalar::Zero | Scalar::Of(Unit::Number | Unit::Count)
    );
    let own = match (declared, scalar) {
        (ColumnType::MoneyIn(due), Scalar::InColumn(is)) => Some(due == is),
        (ColumnType::MoneyIn(_), _) => Some(plain),
        _ => None,
    };
    if own.unwrap_or_else(|| plain || units::declared(&unit, scalar)) {
        return None;
    }
    let (Unit::Money(due), Scalar::Of(Unit::Money(is))) = (&unit, scalar) else {
        let found = mismatch(scalar.noun());
        return Some(match scalar {
            Scalar::Of(Unit::Duration) => found.help("make it a number: `hours(...)`, `days(...)`"),
            Scalar::InColumn(_) => found.help("bring it over: `convert(..., GBP, rates.rate)`"),
            _ => found,
        });
    };
    let (due, is) = (due.code(), is.code());
    let message = format!("the column is declared as {due}, and this is {is}");
    Some(
        Diagnostic::new(&codes::UNIT_MISMATCH, message)
            .at(typed.span, is)
            .help(format!("bring it over: `convert(..., {due}, RATE)`")),
    )
}
