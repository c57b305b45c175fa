//! A second look at the rows of an aggregate, for a message that names cells.

use super::{
    Bindings, CellKind, ColumnId, ColumnPlan, Grouping, Key, OnError, Origin, Plan, Repeated,
    RowExpr, Scan, Slot, SlotOp,
};
use crate::model::AggregateId;
use crate::value::Currency;

/// What is looked for among the rows of an aggregate with an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witnessed {
    /// A cell of another currency than this.
    Another(Currency),
    /// A cell that names none.
    Unnamed,
}

/// A plan that finds bad what is looked for: its first rejection is the cell. None where the
/// currency is no cell of the file, and where rows know their place: with another filter they would
/// have another.
pub fn witness(
    plan: &Plan,
    bindings: &Bindings,
    id: AggregateId,
    sought: Witnessed,
) -> Option<Plan> {
    let binding = bindings.aggregate(id)?;
    let currency = binding.currency?;
    let scan = plan.scans.get(binding.scan)?;
    let column = &scan.columns[currency.column.0 as usize];
    let Origin::Read { headers, .. } = &column.origin else { return None };
    if scan.columns.iter().any(|c| matches!(c.origin, Origin::Ranked(..))) {
        return None;
    }
    let mut columns = scan.columns.clone();
    let (looked_at, on_error, key) = match sought {
        Witnessed::Another(but) => {
            let cell = CellKind::Currency(Some(but));
            let origin = Origin::Read { headers: headers.clone(), cell };
            columns.push(ColumnPlan { origin, ..column.clone() });
            (ColumnId(columns.len() as u32 - 1), OnError::Null, scan.key.clone())
        }
        // Whatever identifies a row is no null: so the first one without it is told.
        Witnessed::Unnamed => {
            let columns = vec![currency.column];
            let key = Key { columns, repeated: Repeated::Error, span: scan.span };
            (currency.column, OnError::Skip, Some(key))
        }
    };
    let amount = scan.values[currency.amount].clone();
    let condition = currency.codes.condition.map(|at| scan.conditions[at].clone());
    let given = RowExpr::Not(Box::new(RowExpr::IsNull(Box::new(amount))));
    let filter: Vec<RowExpr> =
        scan.filter.iter().cloned().chain(condition).chain([given]).collect();
    let slots = vec![Slot { op: SlotOp::Count(0), condition: None }];
    let scan = Scan {
        columns,
        filter: Some(RowExpr::And(filter)),
        on_error,
        key,
        conditions: Vec::new(),
        values: vec![RowExpr::Column(looked_at)],
        groupings: vec![Grouping {
            date: binding.date,
            dimensions: Vec::new(),
            within: None,
            slots,
        }],
        ..scan.clone()
    };
    Some(Plan { scans: vec![scan], ..plan.clone() })
}
