//! `nth(id)` and `first_seen(id)`: a row's place among the rows of its id.
//!
//! They look at the rows that count: what decides which ones do cannot lean on them.

use super::Context;
use super::aggregate::entity;
use super::functions::{args, arity};
use super::row::{Scope, mistake};
use super::source::Frame;
use super::table::Table;
use super::types::{Type, Typed};
use super::units::Scalar;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::row::RowExpr;
use crate::model::source::Rank;
use crate::source::Span;
use crate::syntax::ast::Call;
use crate::value::Unit;

/// Checks such a call.
pub(super) fn check(
    call: &Call,
    rank: Rank,
    span: Span,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    let ty = match rank {
        Rank::Nth => Type::Number(Scalar::Of(Unit::Count)),
        Rank::FirstSeen => Type::Date,
    };
    let nothing = Typed::new(RowExpr::Null, ty.clone(), span);
    if arity(call, 1, 1, cx).is_none() {
        return nothing;
    }
    let id = args(call, scope, cx).remove(0);
    let name = rank.word();
    if matches!(scope, Scope::Parameters(_)) {
        let message = format!("`{name}` looks at all rows of a source, a rule of channels at one");
        let found = Diagnostic::new(&codes::BAD_ARGUMENTS, message)
            .at(span, "not in a rule")
            .help("compute it in the source, and hand that column over");
        return mistake(found, span, cx);
    }
    if entity(&id, &format!("`{name}` takes ids"), scope, cx).is_none() {
        return nothing;
    }
    let Scope::Table(table) = scope else { return nothing };
    let column = match id.expr {
        _ if id.ty == Type::Unknown => return nothing,
        RowExpr::Column(column) => column,
        _ => {
            let found =
                Diagnostic::new(&codes::BAD_ARGUMENTS, format!("`{name}` takes a column of ids"))
                    .at(id.span, "not a column")
                    .help("give it a name in `columns`, and take that");
            return mistake(found, span, cx);
        }
    };
    if table.item.date.is_none() {
        let source = &table.item.name;
        let message = format!("the rows of `{}` have no date to be put in order by", source.text);
        let found = Diagnostic::new(&codes::NO_DATE, message)
            .at(span, "needs an order")
            .at(source.span, "has no `date:`")
            .help("name the column of the row's date: `date: day`");
        return mistake(found, span, cx);
    }
    if let Some(inner) = table.leans_on([column]) {
        let message = format!("`{name}` of ids that `{}` has made", inner.word());
        let found = Diagnostic::new(&codes::CIRCULAR_RANK, message)
            .at(id.span, format!("leans on `{}`", inner.word()))
            .help("take a column that is read, or computed from such");
        return mistake(found, span, cx);
    }
    Typed::new(RowExpr::Column(table.rank(rank, column, span)), ty, span)
}

/// Refuses a `where`, a key and a date that lean on ranks: they decide which rows are ranked.
pub(super) fn refuse_circles(table: &Table<'_>, frame: &Frame, cx: &mut Context<'_, '_>) {
    let filter = frame.filter.as_ref().map(RowExpr::columns);
    let key = frame.identity.as_ref().map(|key| key.columns.clone());
    let date = table.date.map(|date| vec![date]);
    let item = table.item;
    let places = [
        ("where", filter, item.filter.as_ref().map(|f| f.value.span)),
        ("key", key, item.key.as_ref().map(|k| k.span)),
        ("date", date, item.date.as_ref().map(|d| d.span)),
    ];
    for (word, columns, span) in places {
        let rank = columns.and_then(|columns| table.leans_on(columns));
        if let (Some(rank), Some(span)) = (rank, span) {
            let rank = rank.word();
            let message =
                format!("`{word}` says which rows count, and `{rank}` looks at those that do");
            cx.out.push(
                Diagnostic::new(&codes::CIRCULAR_RANK, message)
                    .at(span, format!("leans on `{rank}`"))
                    .help(
                        "ask for it where rows are added up: `count(orders where order_no == 1)`",
                    ),
            );
        }
    }
}
