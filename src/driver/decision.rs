//! Decisions of reviews, written into the spec.

use super::Project;
use crate::model::MeasureId;
use crate::source::FileId;
use crate::syntax::ast::{Item, ItemKind};
use crate::syntax::quoted;
use crate::time::Date;

/// A file with a review more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// Which file.
    pub file: FileId,
    /// Its whole text with the review in it.
    pub text: String,
    /// The line on which the review begins, from 1.
    pub line: usize,
}

/// The file that holds a KPI, with a review of it behind the last one of the same KPI, else behind
/// the KPI: two people who review two KPIs change different lines. That of a library's KPI goes to
/// the end of the project's last file. None for a project without files.
pub fn reviewed(
    project: &Project,
    measure: MeasureId,
    on: Date,
    decision: &str,
    note: Option<&str>,
) -> Option<Reviewed> {
    let measure = project.model.measure(measure);
    let is_own = |item: &Item| match &item.kind {
        ItemKind::Measure(own) => own.name.key == measure.key,
        ItemKind::Review(review) => review.kpi.key == measure.key,
        _ => false,
    };
    let own = project.trees.iter().filter(|tree| project.own.contains(&tree.id));
    let behind = own.flat_map(|tree| &tree.items).filter(|item| is_own(item));
    // Its reviews may stand in a file of their own.
    let last = behind.max_by_key(|item| (matches!(item.kind, ItemKind::Review(_)), item.span));
    let (file, at) = if let Some(item) = last {
        (item.span.file, item.span.end as usize)
    } else {
        let file = *project.own.iter().next_back()?;
        (file, project.sources.get(file).text.trim_end().len())
    };
    let calendar = project.model.settings.calendar;
    let day = calendar.label(calendar.period_of(crate::time::Grain::Day, on));
    let name = &measure.name;
    let note = note.map(|note| format!("  note:     {}\n", quoted(note))).unwrap_or_default();
    let block = format!("review {name} on {day} {{\n  decision: {decision}\n{note}}}");
    let text = &project.sources.get(file).text;
    let (before, rest) = text.split_at(at);
    // A remark at the end of the item's last line stays there.
    let (same_line, rest) = rest.split_at(rest.find('\n').unwrap_or(rest.len()));
    let line_end = if before.contains("\r\n") { "\r\n" } else { "\n" };
    let block = block.replace('\n', line_end);
    let line = before.matches('\n').count() + 3;
    let rest = if rest.is_empty() { line_end } else { rest };
    let text = format!("{before}{same_line}{line_end}{line_end}{block}{rest}");
    Some(Reviewed { file, text, line })
}
