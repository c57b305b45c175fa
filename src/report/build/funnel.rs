//! Funnels: measures as steps, each with what is left of the step before and of the first.

use super::{Context, figure, say};
use crate::eval::{Slice, Value};
use crate::model::MeasureId;
use crate::model::items::Figure as Asked;
use crate::report::format::Scale;
use crate::report::tree::{
    Chart, ChartKind, ChartPoint, ChartUnit, Figure, Series, Table, TableCell, TableColumn,
};
use crate::value::Number;

/// A step.
struct Step {
    title: String,
    value: Value,
    /// Of the step before.
    rate: Option<Number>,
    /// Of the first step.
    overall: Option<Number>,
}

pub(super) fn funnel(context: &Context, asked: &Asked, figure: String) -> Figure {
    let steps = steps(context, &asked.measures);
    let known: Vec<Number> = steps.iter().filter_map(|s| s.value.known().cloned()).collect();
    let unit = asked.measures.first().map(|id| context.model.measure(*id).unit.clone());
    let scale = Scale::fitting(&unit.unwrap_or(crate::value::Unit::Count), &known, &[]);
    let names: Vec<String> = steps.iter().map(|s| s.title.clone()).collect();
    let period = asked.measures.first().map_or(context.period, |id| {
        let (_, period) = figure::period_of(context, *id);
        period
    });
    let period = context.formatter.period(period).text;
    let values = [("steps", &*context.formatter.list(&names)), ("period", &*period)];
    let title = context.words().say("funnel_title", &values);
    let chart = chart(context, &steps, &scale, &title, &figure);
    let table = table(context, &steps, &scale, &title);
    let grows = steps.iter().any(|s| s.rate.as_ref().is_some_and(|r| *r > Number::ONE));
    let remarks = if grows { vec![context.words().say("funnel_grows", &[])] } else { Vec::new() };
    Figure { id: figure, title, chart: Some(chart), table, remarks }
}

/// All steps over the same days: those of the first one's period.
fn steps(context: &Context, measures: &[MeasureId]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for id in measures {
        let (_, period) = figure::period_of(context, measures[0]);
        let value = context.evaluator.value(*id, period, &Slice::default());
        let of = |step: Option<&Step>| value.known()?.div(step?.value.known()?);
        let (rate, overall) = (of(steps.last()), of(steps.first()));
        steps.push(Step { title: context.title(*id), value, rate, overall });
    }
    steps
}

fn chart(context: &Context, steps: &[Step], scale: &Scale, title: &str, figure: &str) -> Chart {
    let point = |step: &Step| ChartPoint {
        label: step.title.clone(),
        short: step.title.clone(),
        year: String::new(),
        value: say::quantity(context, &step.value, scale),
        partial: None,
        note: step.rate.as_ref().map(|rate| {
            let rate = context.formatter.share(rate, 1);
            context.words().say("of_step_before", &[("rate", &rate)])
        }),
        held: None,
        tone: 0,
        favour: None,
    };
    let overall = steps.last().and_then(|s| s.overall.as_ref());
    let overall = overall.map_or(String::new(), |rate| {
        let rate = context.formatter.share(rate, 1);
        format!(" {}", context.words().say("funnel_summary", &[("rate", &rate)]))
    });
    Chart {
        id: figure.to_owned(),
        kind: ChartKind::Funnel,
        summary: format!("{title}.{overall}"),
        title: title.to_owned(),
        unit: ChartUnit { code: scale.unit.json(), label: String::new() },
        series: vec![Series {
            title: String::new(),
            tone: 0,
            points: steps.iter().map(point).collect(),
        }],
        target: None,
        events: Vec::new(),
    }
}

fn table(context: &Context, steps: &[Step], scale: &Scale, title: &str) -> Table {
    let column = |name: &str, numeric| TableColumn { title: context.label(name), numeric };
    let columns = vec![
        column("step", false),
        column("value", true),
        column("of_before", true),
        column("of_first", true),
    ];
    let rate = |rate: Option<&Number>| match rate {
        Some(rate) => figure::cell(&say::share(context, rate, 1)),
        None => TableCell { text: context.label("none"), raw: None },
    };
    let row = |(place, step): (usize, &Step)| {
        vec![
            TableCell { text: step.title.clone(), raw: None },
            figure::cell(&say::quantity(context, &step.value, scale)),
            rate(step.rate.as_ref()),
            rate(step.overall.as_ref().filter(|_| place > 0)),
        ]
    };
    let rows = steps.iter().enumerate().map(row).collect();
    Table { caption: title.to_owned(), columns, rows }
}
