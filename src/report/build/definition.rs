//! How a KPI is computed, and by what it is judged.

use super::subject::Subject;
use super::{Context, one_line, paragraphs, say};
use crate::model::formula::Condition;
use crate::model::{Direction, Measure, MeasureId, Node};
use crate::report::format::Scale;
use crate::report::tree::Definition;
use crate::value::{Number, Unit};

/// The most inputs that are listed.
const INPUTS: usize = 20;

pub(super) fn definition(context: &Context, subject: &Subject) -> Definition {
    let measure = context.model.measure(subject.id);
    let words = context.words();
    let purpose = measure.purpose.as_deref();
    let goal = purpose.and_then(|p| p.goal).map(|id| &context.model.goals[id.0 as usize].title);
    let named = |(n, who): &(Number, String), sentence: &str, name: &str| {
        let value = context.formatter.number(n, &subject.scale);
        words.say(sentence, &[("value", &value), (name, who)])
    };
    Definition {
        formula: measure.formula.as_ref().map_or(String::new(), |f| one_line(&f.text)),
        inputs: inputs(context, measure),
        unit: unit(context, measure),
        better: words.say(better(purpose.and_then(|p| p.better)), &[]),
        rule: rule(context, subject),
        cadence: cadences(context, subject),
        goal: goal.map(|t| context.text(t)),
        owner: purpose.and_then(|p| p.owner.clone()),
        about: paragraphs(measure.about.get(words.tag)),
        baseline: purpose
            .and_then(|p| p.baseline.as_ref())
            .map(|b| named(b, "baseline_of", "when")),
        benchmark: purpose
            .and_then(|p| p.benchmark.as_ref())
            .map(|b| named(b, "benchmark_of", "who")),
        sources: measure.sources.iter().map(|id| context.model.source(*id).name.clone()).collect(),
        place: say::place(context, measure.span),
    }
}

fn cadences(context: &Context, subject: &Subject) -> String {
    let purpose = context.model.measure(subject.id).purpose.as_deref();
    let all = purpose.map_or(Vec::new(), |p| p.cadences.clone());
    let all: Vec<String> = all.iter().map(|g| context.label(g.cadence())).collect();
    if all.is_empty() {
        context.label(subject.grain.cadence())
    } else {
        context.formatter.list(&all)
    }
}

fn unit(context: &Context, measure: &Measure) -> String {
    match &measure.unit_word {
        Some(word) => context.text(word),
        None => measure.unit.json(),
    }
}

fn better(direction: Option<Direction>) -> &'static str {
    match direction {
        Some(Direction::Higher) => "better_higher",
        Some(Direction::Lower) => "better_lower",
        Some(Direction::Within) => "better_within",
        None => "better_unsaid",
    }
}

fn rule(context: &Context, subject: &Subject) -> String {
    let words = context.words();
    let measure = context.model.measure(subject.id);
    let Some(purpose) = measure.purpose.as_ref().filter(|p| !p.targets.is_empty()) else {
        return words.say("rule_no_target", &[]);
    };
    if purpose.tolerance.is_zero() {
        return words.say("rule_strict", &[]);
    }
    let tolerance = std::slice::from_ref(&purpose.tolerance);
    let places = Scale::fitting(&Unit::Percent, &[], tolerance).places;
    let least = (0..=places).find(|p| {
        let hundred = purpose.tolerance.mul(&Number::from(100));
        hundred.fixed(*p).parse::<crate::value::Decimal>().is_ok_and(|d| Number::from(d) == hundred)
    });
    let tolerance = context.formatter.share(&purpose.tolerance, least.unwrap_or(places));
    words.say("rule_tolerance", &[("tolerance", &tolerance)])
}

/// The metrics that a formula names, and those that they name, each once.
fn inputs(context: &Context, measure: &Measure) -> Vec<(String, String)> {
    let mut found: Vec<MeasureId> = Vec::new();
    let mut next = 0;
    let add = |measure: &Measure, found: &mut Vec<MeasureId>| {
        if let Some(formula) = &measure.formula {
            measures(&formula.node, found);
        }
    };
    add(measure, &mut found);
    while next < found.len() && found.len() < INPUTS {
        add(context.model.measure(found[next]), &mut found);
        next += 1;
    }
    let text = |id: &MeasureId| {
        let measure = context.model.measure(*id);
        let formula = measure.formula.as_ref().map_or(String::new(), |f| one_line(&f.text));
        (measure.name.clone(), formula)
    };
    found.iter().take(INPUTS).map(text).collect()
}

fn measures(node: &Node, found: &mut Vec<MeasureId>) {
    match node {
        Node::Measure(id) | Node::Attainment(id) => {
            if !found.contains(id) {
                found.push(*id);
            }
        }
        Node::Value(_) | Node::Aggregate(_) => {}
        Node::Negate(a)
        | Node::Over(_, a)
        | Node::Each(_, _, a)
        | Node::Share(a)
        | Node::Total(a, _)
        | Node::Convert(a, _, _) => measures(a, found),
        Node::Sum(all) => all.iter().for_each(|(_, n)| measures(n, found)),
        Node::Product(all) => all.iter().for_each(|(_, n)| measures(n, found)),
        Node::Default(all) | Node::Function(_, all) => all.iter().for_each(|n| measures(n, found)),
        Node::If(condition, a, b) => {
            of_condition(condition, found);
            measures(a, found);
            measures(b, found);
        }
    }
}

fn of_condition(condition: &Condition, found: &mut Vec<MeasureId>) {
    match condition {
        Condition::Compare(a, _, b) => {
            measures(a, found);
            measures(b, found);
        }
        Condition::IsNull(a) => measures(a, found),
        Condition::And(all) | Condition::Or(all) => {
            for condition in all {
                of_condition(condition, found);
            }
        }
        Condition::Not(a) => of_condition(a, found),
    }
}
