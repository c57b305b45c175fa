//! A walk over an expression's parts.

use crate::syntax::ast::{Expr, ExprKind};

/// Visits an expression and everything in it, from the outside in. As deep as the syntax allows,
/// which is 128.
pub(super) fn walk<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    visit(expr);
    match &expr.kind {
        ExprKind::Number(_)
        | ExprKind::Money(..)
        | ExprKind::Quantity(_)
        | ExprKind::Date(_)
        | ExprKind::Period(_)
        | ExprKind::Text(_)
        | ExprKind::Regex(_)
        | ExprKind::Bool(_)
        | ExprKind::Null
        | ExprKind::Name(_) => {}
        ExprKind::Unary(_, inner) => walk(inner, visit),
        ExprKind::Chain(first, links) => {
            walk(first, visit);
            links.iter().for_each(|l| walk(&l.operand, visit));
        }
        ExprKind::Compare(left, _, right) => {
            walk(left, visit);
            walk(right, visit);
        }
        ExprKind::Match { value, .. } | ExprKind::IsNull { value, .. } => walk(value, visit),
        ExprKind::In { value, members, .. } => {
            walk(value, visit);
            members.iter().for_each(|m| walk(m, visit));
        }
        ExprKind::Between { value, low, high, .. } => {
            walk(value, visit);
            walk(low, visit);
            walk(high, visit);
        }
        ExprKind::Call(call) => {
            call.args.iter().for_each(|a| walk(&a.value, visit));
            if let Some(filter) = &call.filter {
                walk(filter, visit);
            }
        }
    }
}
