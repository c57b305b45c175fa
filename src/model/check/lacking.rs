//! KPIs whose inputs nothing defines: reports leave them out, which is told where one names them.

use super::Context;
use super::items::Items;
use super::measure::Measures;
use super::names::Found;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::measure::{Measure, MeasureId};
use crate::syntax::ast::{self, Ident, ItemKind};

/// Takes them out of the reports.
pub(super) fn leave_out(
    files: &[ast::File],
    measures: &Measures<'_>,
    items: &mut Items,
    cx: &mut Context<'_, '_>,
) {
    let done = &measures.done;
    let has_all = |id: &MeasureId| done[id.0 as usize].lacks.is_empty();
    for section in items.reports.iter_mut().flat_map(|r| &mut r.sections) {
        section.kpis.retain(has_all);
        for figure in &mut section.figures {
            figure.measures.retain(has_all);
        }
        section.figures.retain(|figure| !figure.measures.is_empty());
    }
    for item in files.iter().flat_map(|f| &f.items) {
        match &item.kind {
            ItemKind::Report(report) => {
                for section in &report.sections {
                    let figures = section.figures.iter().flat_map(|f| &f.value.measures);
                    for name in section.kpis.iter().flat_map(|k| &k.value).chain(figures) {
                        if let Some((measure, what)) = lacking(name, done, cx) {
                            cx.out.push(left_out(measure, name, &what));
                        }
                    }
                }
            }
            ItemKind::Test(test) => {
                for line in &test.lines {
                    if let Some((measure, what)) = lacking(&line.measure, done, cx) {
                        cx.out.push(missing(measure, &what).at(line.measure.span, "tested here"));
                    }
                }
            }
            _ => {}
        }
    }
}

fn lacking<'m>(
    name: &Ident,
    done: &'m [Measure],
    cx: &Context<'_, '_>,
) -> Option<(&'m Measure, String)> {
    let Found::Item(at, _) = cx.names.find(&cx.names.measures, &name.key) else { return None };
    let measure = &done[at as usize];
    (!measure.lacks.is_empty()).then(|| (measure, names(measure, done)))
}

/// "`sessions`, `users`": what a measure lacks.
fn names(measure: &Measure, done: &[Measure]) -> String {
    let all = measure.lacks.iter().map(|id| format!("`{}`", done[id.0 as usize].name));
    all.collect::<Vec<_>>().join(", ")
}

fn left_out(measure: &Measure, name: &Ident, what: &str) -> Diagnostic {
    let message = format!("`{}` is left out of the report: nothing defines {what}", measure.name);
    Diagnostic::new(&codes::LEFT_OUT, message)
        .at(name.span, "has no values")
        .help(format!("define {what} in the project, each as a `metric`"))
}

/// The message of a place that cannot do without a measure's values.
pub(super) fn missing(measure: &Measure, what: &str) -> Diagnostic {
    let message = format!("`{}` has no values: nothing defines {what}", measure.name);
    Diagnostic::new(&codes::MISSING_INPUT, message)
        .help(format!("define {what} in the project, each as a `metric`"))
}

/// What must be told of a measure that is asked for by name and lacks inputs.
pub(crate) fn asked_for(measure: &Measure, done: &[Measure]) -> Option<Diagnostic> {
    if measure.lacks.is_empty() {
        return None;
    }
    Some(missing(measure, &names(measure, done)).at(measure.span, "asked for by name"))
}
