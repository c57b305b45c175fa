//! Formulas in words, for reasons.

use crate::model::formula::{Function, Place, Sign};
use crate::model::{Model, Node};

/// A node as the spec would write it: names of measures, the aggregates' own texts.
pub(super) fn describe(model: &Model, node: &Node) -> String {
    let inner = |n: &Node| {
        let text = describe(model, n);
        if matches!(n, Node::Sum(_) | Node::Product(_)) { format!("({text})") } else { text }
    };
    let list =
        |all: &[Node], between: &str| all.iter().map(inner).collect::<Vec<_>>().join(between);
    match node {
        Node::Value(number) => number.to_plain(),
        Node::Measure(id) => model.measure(*id).name.clone(),
        Node::Aggregate(id) => model.aggregate(*id).text.clone(),
        Node::Negate(a) => format!("-{}", inner(a)),
        Node::Sum(terms) => chain(
            terms.iter().map(|(sign, n)| (if *sign == Sign::Plus { "+" } else { "-" }, inner(n))),
        ),
        Node::Product(factors) => chain(
            factors
                .iter()
                .map(|(place, n)| (if *place == Place::Above { "*" } else { "/" }, inner(n))),
        ),
        Node::Default(all) => list(all, " ?? "),
        Node::If(_, a, b) => format!("if(..., {}, {})", inner(a), inner(b)),
        Node::Function(function, all) => {
            let name = match function {
                Function::Abs => "abs",
                Function::Round => "round",
                Function::Least => "least",
                Function::Greatest => "greatest",
            };
            format!("{name}({})", list(all, ", "))
        }
        Node::Over(_, a) | Node::Each(_, _, a) | Node::Share(a) | Node::Total(a, _) => {
            format!("...({})", describe(model, a))
        }
        Node::Attainment(id) => format!("attainment({})", model.measure(*id).name),
        Node::Convert(a, currency, _) => {
            format!("convert({}, {})", describe(model, a), currency.code())
        }
    }
}

/// Operands with their operators; that of the first only where it is no `+` and no `*`.
fn chain<'t>(parts: impl Iterator<Item = (&'t str, String)>) -> String {
    let mut text = String::new();
    for (operator, part) in parts {
        let pieces: &[&str] = match (text.is_empty(), operator) {
            (true, "+" | "*") => &[&part],
            (true, "/") => &["1 / ", &part],
            (true, _) => &[operator, &part],
            (false, _) => &[" ", operator, " ", &part],
        };
        text.extend(pieces.iter().copied());
    }
    text
}
