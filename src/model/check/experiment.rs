//! Experiments: whether two variants can be held against each other by their KPI.

use super::table::Table;
use super::text::localized;
use super::{Context, dates, dimensions};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::each_node;
use crate::model::experiment::{Experiment, TrialKind};
use crate::model::formula::{Aggregate, AggregateId, AggregateOp, Node, Place};
use crate::model::measure::{Measure, MeasureId, MeasureKind};
use crate::source::Span;
use crate::syntax::ast::{self, Ident};

/// More variants than anybody compares with one control.
const MOST: usize = 10;

/// An experiment; what its kind needs is added to the aggregates.
pub(super) fn check(
    written: &ast::Experiment,
    measures: &[Measure],
    aggregates: &mut Vec<Aggregate>,
    tables: &mut [Table<'_>],
    cx: &mut Context<'_, '_>,
) -> Option<Experiment> {
    let title = written.title.plain.span;
    let kpi = written.kpi.as_ref().map(|k| &k.value);
    let id = kpi.and_then(|name| cx.names.measure(name, "KPI", cx.out));
    let days = written.from.as_ref().map(|f| dates::range(f.value.0, f.value.1, cx.out));
    let values = written.values.as_ref().map(|v| values(&v.value, cx));
    for (key, is_there) in [
        ("kpi", kpi.is_some()),
        ("variant", written.variant.is_some()),
        ("values", values.is_some()),
        ("from", days.is_some()),
    ] {
        if !is_there {
            lacks(key, title, cx);
        }
    }
    let (kpi, id) = (kpi?, id?);
    let measure = measures.get(id as usize)?;
    let variant = variant(&written.variant.as_ref()?.value, kpi, measure, tables, cx);
    let kind = kind(kpi, measure, measures, aggregates, cx);
    let (values, (from, to)) = (values??, days??);
    Some(Experiment {
        title: localized(Some(&written.title), &[]),
        span: title,
        kpi: MeasureId(id),
        variant: variant?,
        values,
        from,
        to,
        kind: kind?,
    })
}

fn lacks(key: &str, title: Span, cx: &mut Context<'_, '_>) {
    let example = match key {
        "kpi" => "kpi: conversion_rate",
        "variant" => "variant: web.variant",
        "values" => "values: \"A\", \"B\"",
        _ => "from: 2026-06-01 to 2026-06-30",
    };
    cx.out.push(
        Diagnostic::new(&codes::BAD_EXPERIMENT, format!("the experiment has no `{key}`"))
            .at(title, "this one")
            .help(format!("say it: `{example}`")),
    );
}

/// The variants: two or more, each once.
fn values(written: &[ast::Text], cx: &mut Context<'_, '_>) -> Option<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for text in written {
        if found.contains(&text.value) {
            let message = format!("the variant \"{}\" stands twice", text.value);
            refuse(&message, text.span, "the second time", "name each variant once", cx);
            return None;
        }
        found.push(text.value.clone());
    }
    let (first, last) = (written.first()?.span, written.last()?.span);
    let at = first.to(last);
    if found.len() < 2 {
        let help = "name two or more, the control first: `values: \"A\", \"B\"`";
        refuse("one variant has nothing to be held against", at, "alone", help, cx);
        return None;
    }
    if found.len() > MOST {
        let message = format!("an experiment has at most {MOST} variants");
        refuse(&message, at, "more than that", "split it into several experiments", cx);
        return None;
    }
    Some(found)
}

fn refuse(message: &str, at: Span, label: &str, help: &str, cx: &mut Context<'_, '_>) {
    cx.out.push(Diagnostic::new(&codes::BAD_EXPERIMENT, message).at(at, label).help(help));
}

/// The column of the variant, which each source of the KPI has to have.
fn variant(
    path: &ast::Path,
    kpi: &Ident,
    measure: &Measure,
    tables: &mut [Table<'_>],
    cx: &mut Context<'_, '_>,
) -> Option<String> {
    let [source, column] = path.segments.as_slice() else {
        let help = "write `SOURCE.COLUMN`, as in `web.variant`";
        refuse("a variant is a column of a source", path.span, "not a column", help, cx);
        return None;
    };
    let at = cx.names.source(source, cx.out)?;
    if !measure.sources.iter().any(|id| id.0 == at) {
        let message = format!("`{}` is not computed from `{}`", kpi.text, source.text);
        let sources =
            measure.sources.iter().map(|id| tables[id.0 as usize].item.name.text.as_str());
        let known: Vec<&str> = sources.collect();
        let help = format!("take a column of {}", known.join(" or "));
        refuse(&message, source.span, "another source", &help, cx);
        return None;
    }
    dimensions::dimension(column, &measure.sources, tables, cx)
}

/// What the KPI is as far as chance goes.
fn kind(
    kpi: &Ident,
    measure: &Measure,
    measures: &[Measure],
    aggregates: &mut Vec<Aggregate>,
    cx: &mut Context<'_, '_>,
) -> Option<TrialKind> {
    if measure.kind == MeasureKind::Metric {
        let message = format!("`{}` is a metric, and decides nothing", kpi.text);
        refuse(&message, kpi.span, "not a KPI", "name a KPI, with what it is for", cx);
        return None;
    }
    let node = &measure.formula.as_ref()?.node;
    if looks_elsewhere(node, measures) {
        let message = format!("`{}` looks at other days or members", kpi.text);
        let help = "take a KPI of the days of the experiment alone";
        refuse(&message, kpi.span, "cannot be held against a control", help, cx);
        return None;
    }
    Some(match behind(node, measures) {
        Node::Product(factors) => match factors.as_slice() {
            [(Place::Above, hits), (Place::Below, tries)] => {
                match (counted(hits, measures, aggregates), counted(tries, measures, aggregates)) {
                    (Some(hits), Some(tries)) => TrialKind::Share { hits, tries },
                    _ => TrialKind::Ratio,
                }
            }
            _ if factors.iter().any(|(place, _)| *place == Place::Below) => TrialKind::Ratio,
            _ => TrialKind::Total,
        },
        Node::Aggregate(id) => match &aggregates[id.0 as usize] {
            Aggregate { op: AggregateOp::Avg, weight: None, .. } => mean(*id, aggregates),
            Aggregate { op: AggregateOp::Avg, .. } => TrialKind::Ratio,
            _ => TrialKind::Total,
        },
        _ => TrialKind::Total,
    })
}

/// The formula that a chain of bare names leads to. Circles have been refused, and end it here.
fn behind<'m>(node: &'m Node, measures: &'m [Measure]) -> &'m Node {
    let mut node = node;
    for _ in 0..=measures.len() {
        let Node::Measure(id) = node else { return node };
        let Some(formula) = measures.get(id.0 as usize).and_then(|m| m.formula.as_ref()) else {
            return node;
        };
        node = &formula.node;
    }
    node
}

/// The aggregate behind a node, where it counts: rows, ids, or a column of counts.
fn counted(node: &Node, measures: &[Measure], aggregates: &[Aggregate]) -> Option<AggregateId> {
    let Node::Aggregate(id) = behind(node, measures) else { return None };
    let aggregate = &aggregates[id.0 as usize];
    let counts = match aggregate.op {
        AggregateOp::Rows | AggregateOp::Count | AggregateOp::CountDistinct(None) => true,
        AggregateOp::Sum => aggregate.unit == crate::value::Unit::Count,
        _ => false,
    };
    counts.then_some(*id)
}

/// Beside a mean, the count of its values and their standard deviation.
fn mean(id: AggregateId, aggregates: &mut Vec<Aggregate>) -> TrialKind {
    let of = aggregates[id.0 as usize].clone();
    let mut add = |op, unit| {
        aggregates.push(Aggregate { op, unit, ..of.clone() });
        AggregateId(aggregates.len() as u32 - 1)
    };
    let count = add(AggregateOp::Count, crate::value::Unit::Count);
    let deviation = add(AggregateOp::Stddev, of.unit.clone());
    TrialKind::Mean { mean: id, count, deviation }
}

/// Whether a formula, or one that it names, looks at other days or members than it is asked for.
fn looks_elsewhere(node: &Node, measures: &[Measure]) -> bool {
    let mut seen = vec![false; measures.len()];
    let mut stack = vec![node];
    let mut found = false;
    while let Some(node) = stack.pop() {
        let mut named = Vec::new();
        each_node(node, &mut |node| match node {
            Node::Over(..)
            | Node::Each(..)
            | Node::Share(_)
            | Node::Total(..)
            | Node::Attainment(_) => found = true,
            Node::Measure(id) => named.push(id.0 as usize),
            _ => {}
        });
        for place in named {
            if let Some(formula) = measures.get(place).and_then(|m| m.formula.as_ref())
                && !std::mem::replace(&mut seen[place], true)
            {
                stack.push(&formula.node);
            }
        }
    }
    found
}
