//! What a report asks for that cannot be shown, found before anything is computed.

use crate::diagnostic::{Diagnostic, codes};
use crate::model::items::{Compare, Figure, FigureKind, ReportSpec};
use crate::model::measure::Additivity;
use crate::model::{Localized, MeasureId, Model, Node};

/// The mistakes of all reports of a project: figures that cannot show what they are asked to, and
/// what is not drawn or compared yet.
pub fn check(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for spec in &model.reports {
        comparisons(spec, &mut found);
        for figure in spec.sections.iter().flat_map(|s| &s.figures) {
            found.extend(wrong_figure(model, figure));
        }
    }
    found
}

fn comparisons(spec: &ReportSpec, found: &mut Vec<Diagnostic>) {
    let around = |compare: &[Compare]| compare.iter().any(|c| matches!(c, Compare::Around(..)));
    let sections = spec.sections.iter().filter_map(|s| s.compare.as_deref().map(|c| (&s.title, c)));
    for (title, compare) in sections {
        if around(compare) || compare != spec.compare {
            found.push(not_yet(spec, Some(title)));
        }
    }
    if around(&spec.compare) {
        found.push(not_yet(spec, None));
    }
}

fn not_yet(spec: &ReportSpec, section: Option<&Localized>) -> Diagnostic {
    let message = match section {
        Some(title) => {
            format!("section \"{}\" cannot have a comparison of its own yet", title.plain)
        }
        None => "a report cannot compare around an event yet".to_owned(),
    };
    Diagnostic::new(&codes::NOT_YET, message)
        .at(spec.span, "in this report")
        .help("compare the whole report with `previous`, `last year` or both")
}

fn wrong_figure(model: &Model, figure: &Figure) -> Option<Diagnostic> {
    let refuse = |message: String, label: &str, help: &str| {
        Some(Diagnostic::new(&codes::FIGURE, message).at(figure.span, label).help(help))
    };
    match figure.kind {
        FigureKind::Heatmap => Some(not_drawn("heatmap", figure)),
        FigureKind::Funnel => Some(not_drawn("funnel", figure)),
        FigureKind::Bullet => Some(not_drawn("bullet", figure)),
        FigureKind::Pie => wrong_pie(model, figure, &refuse),
        FigureKind::Line if figure.by.len() > 1 => refuse(
            "a line chart shows one dimension at most".to_owned(),
            "more than one dimension",
            "name one dimension, or ask for a table",
        ),
        FigureKind::Table | FigureKind::Line | FigureKind::Bar => None,
    }
}

fn not_drawn(kind: &str, figure: &Figure) -> Diagnostic {
    let message = format!("a chart as `{kind}` is not drawn yet");
    let help = "draw it as `line`, `bar` or `pie`, or ask for a table";
    Diagnostic::new(&codes::NOT_YET, message).at(figure.span, "not yet").help(help)
}

fn wrong_pie(
    model: &Model,
    figure: &Figure,
    refuse: &dyn Fn(String, &str, &str) -> Option<Diagnostic>,
) -> Option<Diagnostic> {
    let parts = |id: &MeasureId| {
        let measure = model.measure(*id);
        let share = measure.formula.as_ref().is_some_and(|f| matches!(f.node, Node::Share(_)));
        share || measure.additive == Additivity::Additive
    };
    if !figure.measures.iter().all(parts) {
        return refuse(
            "a pie needs parts that add up to a whole".to_owned(),
            "the parts of this measure do not",
            "draw it as `bar`",
        );
    }
    if figure.by.len() != 1 {
        return refuse(
            "a pie shows one measure by one dimension".to_owned(),
            "no dimension, or several",
            "write `by` and one dimension, as in `revenue by channel as pie`",
        );
    }
    None
}
