//! What a report asks for that cannot be shown, found before anything is computed.

use crate::diagnostic::{Diagnostic, codes};
use crate::model::items::{Compare, Figure, FigureKind, ReportSpec};
use crate::model::measure::Additivity;
use crate::model::{Localized, Model};
use crate::report::words;

/// The mistakes of all reports of a project: languages without words, figures that are not drawn
/// yet, pies of what is no whole, comparisons that are not made yet.
pub fn check(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if model.reports.is_empty() && words::of(&model.settings.locale).is_none() {
        found.push(unknown_language(&model.settings.locale));
    }
    for spec in &model.reports {
        language(model, spec, &mut found);
        comparisons(spec, &mut found);
        for figure in spec.sections.iter().flat_map(|s| &s.figures) {
            found.extend(wrong_figure(model, figure));
        }
    }
    found
}

fn language(model: &Model, spec: &ReportSpec, found: &mut Vec<Diagnostic>) {
    let tag = spec.locale.as_ref().unwrap_or(&model.settings.locale);
    if words::of(tag).is_none() {
        found.push(unknown_language(tag).at(spec.span, "this report"));
    }
}

fn unknown_language(tag: &str) -> Diagnostic {
    let known: Vec<&str> = words::tags().collect();
    let help = format!("reports are written in: {}", known.join(", "));
    let message = format!("there are no reports in `{tag}` yet");
    Diagnostic::new(&codes::LANGUAGE, message).help(help)
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
    Diagnostic::new(&codes::COMPARISON, message)
        .at(spec.span, "in this report")
        .help("compare the whole report with `previous`, `last year` or both")
}

fn wrong_figure(model: &Model, figure: &Figure) -> Option<Diagnostic> {
    let refuse = |message: String, label: &str, help: &str| {
        Some(Diagnostic::new(&codes::FIGURE, message).at(figure.span, label).help(help))
    };
    let words = match figure.kind {
        FigureKind::Heatmap => "heatmap",
        FigureKind::Funnel => "funnel",
        FigureKind::Bullet => "bullet",
        FigureKind::Pie => return wrong_pie(model, figure, &refuse),
        FigureKind::Line if figure.by.len() > 1 => {
            return refuse(
                "a line chart shows one dimension at most".to_owned(),
                "more than one dimension",
                "name one dimension, or ask for a table",
            );
        }
        FigureKind::Bar if figure.by.is_empty() && figure.measures.len() > 1 => {
            let units = figure.measures.iter().map(|id| model.measure(*id).unit.json());
            let mut units: Vec<String> = units.collect();
            units.dedup();
            if units.len() > 1 {
                return refuse(
                    "bars of one chart must have one unit".to_owned(),
                    "these have several",
                    "make a chart for each of them, or ask for a table",
                );
            }
            return None;
        }
        FigureKind::Table | FigureKind::Line | FigureKind::Bar => return None,
    };
    refuse(
        format!("a chart as {words} is not drawn yet"),
        "not yet",
        "draw it as `line`, `bar` or `pie`, or ask for a table",
    )
}

fn wrong_pie(
    model: &Model,
    figure: &Figure,
    refuse: &dyn Fn(String, &str, &str) -> Option<Diagnostic>,
) -> Option<Diagnostic> {
    let additive =
        figure.measures.iter().all(|id| model.measure(*id).additive == Additivity::Additive);
    if !additive {
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
