//! A walk over an expression's parts.

use crate::syntax::ast::{Expr, ExprKind};

/// Visits an expression and everything in it, from the outside in. As deep as the syntax allows,
/// which is 128.
pub(crate) fn walk<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
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
            for link in links {
                walk(&link.operand, visit);
            }
        }
        ExprKind::Compare(left, _, right) => {
            walk(left, visit);
            walk(right, visit);
        }
        ExprKind::Match { value, .. } | ExprKind::IsNull { value, .. } => walk(value, visit),
        ExprKind::In { value, members, .. } => {
            walk(value, visit);
            for member in members {
                walk(member, visit);
            }
        }
        ExprKind::Between { value, low, high, .. } => {
            walk(value, visit);
            walk(low, visit);
            walk(high, visit);
        }
        ExprKind::Call(call) => {
            for arg in &call.args {
                walk(&arg.value, visit);
            }
            if let Some(filter) = &call.filter {
                walk(filter, visit);
            }
        }
    }
}
