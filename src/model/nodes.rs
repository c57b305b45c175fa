//! A walk over the nodes of a formula.

use super::formula::{Condition, Node};

/// Calls `visit` with a node and every node below it.
pub(crate) fn each_node(node: &Node, visit: &mut dyn FnMut(&Node)) {
    visit(node);
    match node {
        Node::Value(_) | Node::Measure(_) | Node::Aggregate(_) | Node::Attainment(_) => {}
        Node::Negate(a)
        | Node::Over(_, a)
        | Node::Each(_, _, a)
        | Node::Share(a)
        | Node::Total(a, _)
        | Node::Convert(a, _, _) => each_node(a, visit),
        Node::Sum(terms) => terms.iter().for_each(|(_, n)| each_node(n, visit)),
        Node::Product(factors) => factors.iter().for_each(|(_, n)| each_node(n, visit)),
        Node::Default(all) | Node::Function(_, all) => all.iter().for_each(|n| each_node(n, visit)),
        Node::If(condition, a, b) => {
            each_node_of_condition(condition, visit);
            each_node(a, visit);
            each_node(b, visit);
        }
    }
}

fn each_node_of_condition(condition: &Condition, visit: &mut dyn FnMut(&Node)) {
    match condition {
        Condition::Compare(a, _, b) => {
            each_node(a, visit);
            each_node(b, visit);
        }
        Condition::IsNull(a) => each_node(a, visit),
        Condition::And(all) | Condition::Or(all) => {
            for c in all {
                each_node_of_condition(c, visit);
            }
        }
        Condition::Not(a) => each_node_of_condition(a, visit),
    }
}
