//! The lint `percent-times-100`: a percent KPI is a share already, and reports print it times 100.

use std::collections::BTreeSet;

use super::Context;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::measure::Measure;
use crate::source::Span;
use crate::syntax::ast::{self, ChainOp, Expr, ExprKind, ItemKind, Link};
use crate::value::Unit;

/// Looks at every measure in percent, whether it says so or its formula gives that.
pub(super) fn check(files: &[ast::File], measures: &[Measure], cx: &mut Context<'_, '_>) {
    let in_percent: BTreeSet<&str> =
        measures.iter().filter(|m| m.unit == Unit::Percent).map(|m| m.key.as_str()).collect();
    for item in files.iter().flat_map(|f| &f.items) {
        let ItemKind::Measure(measure) = &item.kind else { continue };
        if let Some(formula) = &measure.formula
            && in_percent.contains(&*measure.name.key)
            && let Some((shown, cut)) = times_100(&formula.value)
        {
            cx.out.push(warning(shown, cut, measure.unit.is_some(), cx));
        }
    }
}

fn warning(shown: Span, cut: Span, is_said: bool, cx: &Context<'_, '_>) -> Diagnostic {
    let text = cx.texts.slice(shown);
    let place = if is_said { "under `unit: percent`" } else { "of a percentage" };
    let message = format!("`{text}` {place}: the value would be 100 times too large");
    Diagnostic::new(&codes::PERCENT_TIMES_100, message)
        .at(shown, "percent does this already")
        .suggest(format!("remove `{text}`"), cut, "")
}

/// The `* 100` of a product: what is shown of it, and what is to be cut.
fn times_100(formula: &Expr) -> Option<(Span, Span)> {
    let ExprKind::Chain(first, links) = &formula.kind else { return None };
    let mut before = first.as_ref();
    for link in links {
        if link.op == ChainOp::Multiply && is_100(&link.operand) {
            let shown = link.op_span.to(link.operand.span);
            return Some((shown, before.span.tail().to(link.operand.span)));
        }
        before = &link.operand;
    }
    match links.first() {
        Some(Link { op: ChainOp::Multiply, op_span, operand }) if is_100(first) => {
            let shown = first.span.to(*op_span);
            Some((shown, first.span.head().to(operand.span.head())))
        }
        _ => None,
    }
}

fn is_100(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number(n) => {
            !n.percent && super::literal::decimal(*n) == crate::value::Decimal::from_i64(100)
        }
        _ => false,
    }
}
