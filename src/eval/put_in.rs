//! A formula with its values put in.

use super::{Value, exact};
use crate::model::formula::{Condition, Function, Place, Sign};
use crate::model::row::CompareOp;
use crate::model::{Model, Node};
use crate::value::Unit;

/// A formula as arithmetic over the values of its parts: `86 / 6433`. `value_of` tells the value
/// of a part that is no arithmetic: of a measure, an aggregate, a function over time.
pub(super) fn put_in(model: &Model, node: &Node, value_of: &dyn Fn(&Node) -> Value) -> String {
    Writer { model, value_of }.node(node)
}

struct Writer<'w> {
    model: &'w Model,
    value_of: &'w dyn Fn(&Node) -> Value,
}

impl Writer<'_> {
    fn node(&self, node: &Node) -> String {
        match node {
            Node::Value(number) => number.to_plain(),
            Node::Negate(a) => format!("-{}", self.inner(a)),
            Node::Sum(terms) => {
                let sign = |sign: Sign| if sign == Sign::Plus { "+" } else { "-" };
                self.chain(terms.iter().map(|(s, n)| (sign(*s), n)))
            }
            Node::Product(factors) => {
                let place = |place: Place| if place == Place::Above { "*" } else { "/" };
                self.chain(factors.iter().map(|(p, n)| (place(*p), n)))
            }
            Node::Default(all) => {
                all.iter().map(|n| self.inner(n)).collect::<Vec<_>>().join(" ?? ")
            }
            Node::If(condition, a, b) => {
                format!("if({}, {}, {})", self.condition(condition), self.node(a), self.node(b))
            }
            Node::Function(function, all) => {
                let name = match function {
                    Function::Abs => "abs",
                    Function::Round => "round",
                    Function::Least => "least",
                    Function::Greatest => "greatest",
                };
                let all = all.iter().map(|n| self.node(n)).collect::<Vec<_>>();
                format!("{name}({})", all.join(", "))
            }
            Node::Convert(a, currency, factor) => {
                format!("{} * {factor} {}", self.inner(a), currency.code())
            }
            _ => self.value(node),
        }
    }

    /// A part of a chain, in brackets where it is one itself.
    fn inner(&self, node: &Node) -> String {
        let text = self.node(node);
        let chained = matches!(node, Node::Sum(_) | Node::Product(_) | Node::Default(_));
        if chained { format!("({text})") } else { text }
    }

    fn chain<'n>(&self, parts: impl Iterator<Item = (&'static str, &'n Node)>) -> String {
        let mut text = String::new();
        for (operator, node) in parts {
            let part = self.inner(node);
            match (text.is_empty(), operator) {
                (true, "+" | "*") => text = part,
                (true, "/") => text = format!("1 / {part}"),
                (true, _) => text = format!("{operator}{part}"),
                (false, _) => text.extend([" ", operator, " ", &part]),
            }
        }
        text
    }

    fn condition(&self, condition: &Condition) -> String {
        let many = |all: &[Condition], word: &str| {
            let inner = |c: &Condition| match c {
                Condition::And(_) | Condition::Or(_) => format!("({})", self.condition(c)),
                _ => self.condition(c),
            };
            all.iter().map(inner).collect::<Vec<_>>().join(word)
        };
        match condition {
            Condition::Compare(a, op, b) => {
                let op = match op {
                    CompareOp::Equal => "==",
                    CompareOp::NotEqual => "!=",
                    CompareOp::Less => "<",
                    CompareOp::LessEqual => "<=",
                    CompareOp::Greater => ">",
                    CompareOp::GreaterEqual => ">=",
                };
                format!("{} {op} {}", self.node(a), self.node(b))
            }
            Condition::IsNull(a) => format!("{} is null", self.inner(a)),
            Condition::And(all) => many(all, " and "),
            Condition::Or(all) => many(all, " or "),
            Condition::Not(c) => format!("not ({})", self.condition(c)),
        }
    }

    fn value(&self, node: &Node) -> String {
        let unit = match node {
            Node::Measure(id) => &self.model.measure(*id).unit,
            Node::Aggregate(id) => &self.model.aggregate(*id).unit,
            Node::Share(_) => &Unit::Percent,
            _ => &Unit::Number,
        };
        match (self.value_of)(node) {
            Value::Known(number) => exact(&number, unit),
            Value::NoData => "(no data)".to_owned(),
            Value::NotCovered => "(not covered)".to_owned(),
            Value::Undefined(_) => "(no value)".to_owned(),
        }
    }
}
