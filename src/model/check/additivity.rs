//! What adds up and what does not: flows and levels, and sums that would count twice.

use std::collections::BTreeSet;

use super::Context;
use super::formula::Desk;
use super::measure::Measures;
use super::source;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::measure::Additivity;
use crate::model::row::ColumnId;
use crate::source::Span;
use crate::syntax::ast::{Call, ChainOp, CompareOp, Expr, ExprKind};
use crate::syntax::walk;
use crate::time::Grain;

/// Whether the values of parts add up to the whole's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// Nothing is known.
    Unknown,
    /// Nought, which changes no sum.
    Nought,
    /// A constant.
    Constant,
    /// It adds up: sums and counts.
    Adds,
    /// It does not: ratios, means, levels, distinct counts.
    Level,
}

impl Flow {
    /// For the model.
    pub(super) fn additivity(self) -> Additivity {
        if self == Self::Adds { Additivity::Additive } else { Additivity::NotAdditive }
    }

    /// Of `a + b`.
    pub(super) fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Nought, same) | (same, Self::Nought) => same,
            (a, b) if a == b => a,
            _ => Self::Level,
        }
    }

    /// Of `a * b`.
    pub(super) fn times(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Nought, _) | (_, Self::Nought) => Self::Nought,
            (Self::Constant, same) | (same, Self::Constant) => same,
            _ => Self::Level,
        }
    }

    /// Of `a / b`.
    pub(super) fn over(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (same, Self::Constant) => same,
            _ => Self::Level,
        }
    }

    /// Of `a ?? b`.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (a, Self::Nought) => a,
            (a, b) if a == b => a,
            _ => Self::Level,
        }
    }
}

/// A sum over a column that is not additive over everything.
#[derive(Clone, Debug)]
pub(super) struct Hazard {
    /// The call.
    pub(super) span: Span,
    /// The column as written, and where it says so.
    pub(super) column: (String, Span),
    /// The columns (or `date`) over which its values must not be added up, and which the sum does
    /// add up.
    pub(super) over: Vec<String>,
    /// What a row's date stands for.
    pub(super) grain: Grain,
    /// The grain of the sub-periods that it is asked by, where it is inside of `each:`.
    pub(super) each: Option<Grain>,
    /// `avg(web.users)`; none where no mean says something like it.
    pub(super) mean: Option<String>,
}

/// Reports the sums that count twice in one of the periods that they are asked for.
pub(super) fn check(measures: &Measures<'_>, cx: &mut Context<'_, '_>) {
    for (at, hazards) in &measures.hazards {
        let asked = measures.asked[*at];
        for hazard in hazards {
            // A period that holds one date of the source adds up none.
            let fine = hazard.each.unwrap_or(asked) <= hazard.grain;
            if let Some(over) = hazard.over.iter().find(|o| *o != "date" || !fine) {
                cx.out.push(twice(hazard, over));
            }
        }
    }
}

fn twice(hazard: &Hazard, over: &str) -> Diagnostic {
    let (column, declared) = &hazard.column;
    let who = match over {
        "date" => "people of two days are".to_owned(),
        other => format!("people of two members of `{other}` are"),
    };
    let message = format!("`{column}` is not additive over {over}: {who} counted twice");
    let found = Diagnostic::new(&codes::NOT_ADDITIVE, message)
        .at(hazard.span, "adds it up")
        .at(*declared, "says so");
    match &hazard.mean {
        Some(mean) => found.suggest(
            format!("take `{mean}` or a count of distinct ids"),
            hazard.span,
            mean.clone(),
        ),
        None => found.help("count the ids, without `of:`, or take a column that adds up"),
    }
}

/// Notes where a sum goes over something that its column is not additive over; gives the column
/// that is not additive over dates.
pub(super) fn hazards(
    call: &Call,
    value: &Expr,
    at: usize,
    span: Span,
    desk: &mut Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Option<ColumnId> {
    let table = &desk.tables[at];
    let mut one_date = None;
    // What a computed column is computed from counts twice as well.
    let mut columns: BTreeSet<ColumnId> = BTreeSet::new();
    let mut rest: Vec<&Expr> = vec![value];
    while let Some(expr) = rest.pop() {
        walk(expr, &mut |e| {
            if let ExprKind::Name(path) = &e.kind
                && let Some(name) = path.segments.last()
                && let Some(id) = table.known(&name.key)
                && columns.insert(id)
            {
                rest.extend(table.slot(id).declared.and_then(|d| d.computed.as_ref()));
            }
        });
    }
    for id in columns {
        let slot = table.slot(id);
        let Some(declared) = slot.declared else { continue };
        let over = declared.not_additive_over.iter();
        let over = over.filter(|n| {
            !call.filter.as_ref().is_some_and(|f| pins(f, &n.key))
                && (n.key == "date" || table.has(n))
        });
        let over: Vec<String> = over.map(|n| n.key.clone()).collect();
        if over.iter().any(|o| o == "date") {
            one_date = Some(id);
        }
        if over.is_empty() {
            continue;
        }
        let text = |expr: &Expr| cx.texts.slice(expr.span);
        let mean = (call.name.key == "sum").then(|| match &call.filter {
            Some(filter) => format!("avg({} where {})", text(value), text(filter)),
            None => format!("avg({})", text(value)),
        });
        desk.hazards.push(Hazard {
            span,
            column: (slot.name.clone(), slot.span),
            over,
            grain: source::one_date(table.item),
            each: desk.each,
            mean,
        });
    }
    one_date
}

/// Whether a condition leaves one member of a dimension.
fn pins(filter: &Expr, dimension: &str) -> bool {
    match &filter.kind {
        ExprKind::Compare(left, CompareOp::Equal, right) => {
            let named = |e: &Expr| {
                matches!(&e.kind, ExprKind::Name(p)
                    if p.segments.last().is_some_and(|s| s.key == dimension))
            };
            let constant = |e: &Expr| matches!(e.kind, ExprKind::Text(_) | ExprKind::Date(_));
            named(left) && constant(right) || named(right) && constant(left)
        }
        ExprKind::Chain(first, links) if links.iter().all(|l| l.op == ChainOp::And) => {
            pins(first, dimension) || links.iter().any(|l| pins(&l.operand, dimension))
        }
        _ => false,
    }
}
