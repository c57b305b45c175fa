//! Clicks over impressions that are called a conversion rate.

use super::Subject;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::formula::Place;
use crate::model::{Model, Node, each_node};

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    for measure in subject.model.measures.iter().filter(|m| subject.is_own(m.span)) {
        let named = [&measure.name, &measure.title.plain];
        let conversion = named.iter().any(|n| is_conversion(n));
        let clicks =
            measure.formula.as_ref().is_some_and(|f| is_click_rate(subject.model, &f.node));
        if conversion && clicks {
            let message = format!("`{}` is a click-through rate by its formula", measure.name);
            let help = "call it a click-through rate, or divide conversions by clicks";
            let found = Diagnostic::new(&codes::CLICK_RATE_NAMED_CONVERSION, message);
            out.push(found.at(measure.span, "called a conversion rate").help(help));
        }
    }
}

fn is_conversion(name: &str) -> bool {
    let lower = name.to_lowercase();
    (lower.contains("conversion") || lower.contains("تبدیل")) && !lower.contains("click")
}

/// Clicks above the line, showings below it.
fn is_click_rate(model: &Model, node: &Node) -> bool {
    let Node::Product(factors) = node else { return false };
    let about = |place: Place, words: &[&str]| {
        let mut side = factors.iter().filter(|(p, _)| *p == place);
        side.any(|(_, factor)| {
            let text = names(model, factor).to_lowercase();
            words.iter().any(|word| text.contains(word))
        })
    };
    about(Place::Above, &["click", "کلیک"]) && about(Place::Below, &["impression", "impr", "نمایش"])
}

/// The names in a part of a formula.
fn names(model: &Model, node: &Node) -> String {
    let mut text = String::new();
    each_node(node, &mut |node| match node {
        Node::Aggregate(id) => text.push_str(&model.aggregate(*id).text),
        Node::Measure(id) => text.push_str(&model.measure(*id).name),
        _ => {}
    });
    text
}
