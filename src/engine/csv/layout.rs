//! From expressions to nodes: which parts run as loops, which are remembered, which go row by row.

use std::sync::Arc;

use crate::plan::{Arithmetic, CellType, ColumnId, RowExpr, RowFunction};
use crate::value::Decimal;

use super::batch::Node;
use super::memo::Memo;
use super::rows::{Value, compile};

/// Lays an expression out. `kinds` are the types of the scan's columns.
pub(super) fn lay_out(expr: &RowExpr, kinds: &[CellType]) -> Node {
    if let RowExpr::Column(id) = expr {
        return Node::Column(id.0 as usize);
    }
    let constant = match expr {
        RowExpr::Number(n) => Some(Value::Number(*n)),
        RowExpr::Text(t) => Some(Value::Text(t.as_str().into())),
        RowExpr::Bool(b) => Some(Value::Bool(*b)),
        RowExpr::Date(d) => Some(Value::Date(d.days())),
        _ => None,
    };
    if let Some(value) = constant {
        return Node::Constant(value);
    }
    let mut inputs = Vec::new();
    columns_of(expr, &mut inputs);
    let inputs: Vec<usize> = inputs.iter().map(|c| c.0 as usize).collect();
    let few = |c: &usize| matches!(kinds[*c], CellType::Text | CellType::Bool | CellType::Date);
    let boxed = |e: &RowExpr| Box::new(lay_out(e, kinds));
    let all = |list: &[RowExpr]| list.iter().map(|e| lay_out(e, kinds)).collect::<Vec<_>>();
    let same = |a: &RowExpr, b: &RowExpr, kind: CellType| {
        kind_of(a, kinds) == Some(kind) && kind_of(b, kinds) == Some(kind)
    };
    match expr {
        _ if inputs.len() == 1 && kinds[inputs[0]] == CellType::Text => {}
        RowExpr::And(list) => return Node::And(all(list)),
        RowExpr::Or(list) => return Node::Or(all(list)),
        RowExpr::Not(e) => return Node::Not(boxed(e)),
        RowExpr::IsNull(e) => return Node::IsNull(boxed(e)),
        RowExpr::Compare(a, op, b)
            if same(a, b, CellType::Number) || same(a, b, CellType::Date) =>
        {
            return Node::Compare(boxed(a), op.op, boxed(b));
        }
        RowExpr::Arithmetic(first, steps) if !inputs.iter().all(few) => {
            let steps = steps.iter().map(|(op, e)| (*op, lay_out(e, kinds))).collect();
            return Node::Arithmetic(boxed(first), steps);
        }
        RowExpr::Negate(e) if !inputs.iter().all(few) => {
            let zero = Node::Constant(Value::Number(Decimal::ZERO));
            return Node::Arithmetic(Box::new(zero), vec![(Arithmetic::Subtract, *boxed(e))]);
        }
        RowExpr::If(c, a, b) if same(a, b, CellType::Number) => {
            return Node::Choose(boxed(c), boxed(a), boxed(b));
        }
        _ => {}
    }
    if inputs.is_empty() || !inputs.iter().all(few) {
        let kind = kind_of(expr, kinds).unwrap_or(CellType::Number);
        return Node::Rows(Arc::new(compile(expr)), kind);
    }
    Node::Memo(Box::new(Memo::new(expr, inputs, kinds)))
}

/// The type of what an expression gives; none for null.
pub(super) fn kind_of(expr: &RowExpr, kinds: &[CellType]) -> Option<CellType> {
    use RowFunction as F;
    match expr {
        RowExpr::Column(id) => kinds.get(id.0 as usize).copied(),
        RowExpr::Number(_)
        | RowExpr::Negate(_)
        | RowExpr::Arithmetic(..)
        | RowExpr::Elapsed(..) => Some(CellType::Number),
        RowExpr::Text(_) | RowExpr::Cases(..) => Some(CellType::Text),
        RowExpr::Date(_) => Some(CellType::Date),
        RowExpr::Null => None,
        RowExpr::Default(list) => list.iter().find_map(|e| kind_of(e, kinds)),
        RowExpr::If(_, a, b) => kind_of(a, kinds).or_else(|| kind_of(b, kinds)),
        RowExpr::Bool(_)
        | RowExpr::Compare(..)
        | RowExpr::And(_)
        | RowExpr::Or(_)
        | RowExpr::Not(_)
        | RowExpr::IsNull(_)
        | RowExpr::In(..)
        | RowExpr::Between(..)
        | RowExpr::Match(..) => Some(CellType::Bool),
        RowExpr::Call(function, arguments) => Some(match function {
            F::Lower | F::Upper | F::Trim | F::Replace | F::Extract(_) => CellType::Text,
            F::Contains | F::StartsWith | F::EndsWith => CellType::Bool,
            F::Date(..) => CellType::Date,
            F::Least | F::Greatest => {
                return arguments.iter().find_map(|e| kind_of(e, kinds));
            }
            _ => CellType::Number,
        }),
    }
}

/// The columns that an expression reads, each once.
pub(super) fn columns_of(expr: &RowExpr, out: &mut Vec<ColumnId>) {
    match expr {
        RowExpr::Column(id) => {
            if !out.contains(id) {
                out.push(*id);
            }
        }
        RowExpr::Number(_)
        | RowExpr::Text(_)
        | RowExpr::Bool(_)
        | RowExpr::Date(_)
        | RowExpr::Null => {}
        RowExpr::Negate(e) | RowExpr::Not(e) | RowExpr::IsNull(e) | RowExpr::Match(e, _) => {
            columns_of(e, out);
        }
        RowExpr::Arithmetic(first, steps) => {
            columns_of(first, out);
            for (_, e) in steps {
                columns_of(e, out);
            }
        }
        RowExpr::Elapsed(a, b) | RowExpr::Compare(a, _, b) => {
            columns_of(a, out);
            columns_of(b, out);
        }
        RowExpr::Default(list) | RowExpr::And(list) | RowExpr::Or(list) => {
            for e in list {
                columns_of(e, out);
            }
        }
        RowExpr::In(e, list, _) => {
            columns_of(e, out);
            for e in list {
                columns_of(e, out);
            }
        }
        RowExpr::Between(a, b, c) | RowExpr::If(a, b, c) => {
            columns_of(a, out);
            columns_of(b, out);
            columns_of(c, out);
        }
        RowExpr::Cases(rules, _) => rules.iter().for_each(|(e, _)| columns_of(e, out)),
        RowExpr::Call(_, list) => list.iter().for_each(|e| columns_of(e, out)),
    }
}
