//! What a report asks for that cannot be shown, found before anything is computed.

use crate::diagnostic::{Diagnostic, codes};
use crate::model::items::{Figure, FigureKind};
use crate::model::measure::Additivity;
use crate::model::{MeasureId, Model, Node};
use crate::value::Unit;

/// The mistakes of all reports of a project: figures that cannot show what they are asked to.
pub fn check(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for spec in &model.reports {
        for figure in spec.sections.iter().flat_map(|s| &s.figures) {
            found.extend(wrong_figure(model, figure));
        }
    }
    found
}

fn wrong_figure(model: &Model, figure: &Figure) -> Option<Diagnostic> {
    let refuse = |message: String, label: &str, help: &str| {
        Some(Diagnostic::new(&codes::FIGURE, message).at(figure.span, label).help(help))
    };
    match figure.kind {
        FigureKind::Heatmap if !matches!(figure.by.len(), 1 | 2) => refuse(
            "a heat map shows a measure by one or two dimensions".to_owned(),
            "no dimension, or more than two",
            "write `by` and what its rows and columns are, as in `visits by weekday, hour as heatmap`",
        ),
        FigureKind::Funnel => wrong_funnel(model, figure, &refuse),
        FigureKind::Bullet if figure.by.len() > 1 => refuse(
            "bullets show one dimension at most".to_owned(),
            "more than one dimension",
            "name one dimension, or ask for a table",
        ),
        FigureKind::Pie => wrong_parts(model, figure, "a pie", &refuse),
        FigureKind::Stacked => wrong_parts(model, figure, "a stack", &refuse),
        FigureKind::Waterfall => wrong_parts(model, figure, "a waterfall", &refuse),
        FigureKind::Line if figure.by.len() > 1 => refuse(
            "a line chart shows one dimension at most".to_owned(),
            "more than one dimension",
            "name one dimension, or ask for a table",
        ),
        FigureKind::Table
        | FigureKind::Line
        | FigureKind::Bar
        | FigureKind::Heatmap
        | FigureKind::Bullet => None,
    }
}

/// Steps are counts of one kind of thing, each a part of the one before.
fn wrong_funnel(
    model: &Model,
    figure: &Figure,
    refuse: &dyn Fn(String, &str, &str) -> Option<Diagnostic>,
) -> Option<Diagnostic> {
    if figure.measures.len() < 2 {
        return refuse(
            "a funnel needs two steps at least".to_owned(),
            "one measure alone",
            "name the measures in the order of the steps, as in `sessions, carts, orders as funnel`",
        );
    }
    if !figure.by.is_empty() {
        return refuse(
            "a funnel shows measures one after the other".to_owned(),
            "by a dimension",
            "leave out `by`; measures with a `where` show the steps of one member",
        );
    }
    let counts = |id: &MeasureId| {
        matches!(model.measure(*id).unit, Unit::Count | Unit::Number | Unit::Own(_))
    };
    let other = figure.measures.iter().find(|id| !counts(id))?;
    let measure = model.measure(*other);
    let message =
        format!("the steps of a funnel are counts, and `{}` is {}", measure.name, measure.unit);
    refuse(message, "not all of these are counts", "draw them as `bar`")
}

fn wrong_parts(
    model: &Model,
    figure: &Figure,
    what: &str,
    refuse: &dyn Fn(String, &str, &str) -> Option<Diagnostic>,
) -> Option<Diagnostic> {
    let parts = |id: &MeasureId| {
        let measure = model.measure(*id);
        let share = measure.formula.as_ref().is_some_and(|f| matches!(f.node, Node::Share(_)));
        share && figure.kind == FigureKind::Pie || measure.additive == Additivity::Additive
    };
    if !figure.measures.iter().all(parts) {
        let instead = if figure.kind == FigureKind::Stacked { "line" } else { "bar" };
        return refuse(
            format!("{what} needs parts that add up to a whole"),
            "the parts of this measure do not",
            &format!("draw it as `{instead}`"),
        );
    }
    if figure.by.len() != 1 {
        let word = match figure.kind {
            FigureKind::Stacked => "stacked",
            FigureKind::Waterfall => "waterfall",
            _ => "pie",
        };
        return refuse(
            format!("{what} shows one measure by one dimension"),
            "no dimension, or several",
            &format!("write `by` and one dimension, as in `revenue by channel as {word}`"),
        );
    }
    None
}
