//! An explanation for people.

use super::{day, place, reason};
use crate::diagnostic::render::visible;
use crate::driver::{Explanation, Project};
use crate::eval::{Exceeded, Explained, Level, Made, RowCounts, Value, exact};
use crate::model::MeasureKind;
use crate::value::Unit;

/// The whole text.
pub(super) fn write(project: &Project, found: &Explanation) -> String {
    let mut out = Text(String::new());
    head(project, found, &mut out);
    formulas(project, &found.explained, &mut out);
    rows(project, &found.explained, &mut out);
    files(project, found, &mut out);
    target(project, &found.explained, &mut out);
    out.0
}

/// What is written, line by line.
struct Text(String);

impl Text {
    fn line(&mut self, text: &str) {
        self.0.push_str(visible(text).trim_end());
        self.0.push('\n');
    }
}

fn shown(value: &Value, unit: &Unit) -> String {
    match value {
        Value::Known(number) => exact(number, unit),
        none => reason(none).unwrap_or_default(),
    }
}

fn head(project: &Project, found: &Explanation, out: &mut Text) {
    let explained = &found.explained;
    let measure = project.model.measure(explained.measure);
    let kind = match measure.kind {
        MeasureKind::Kpi => "kpi",
        MeasureKind::Metric => "metric",
    };
    let title = measure.title.plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = if title == measure.name { String::new() } else { format!(" \"{title}\"") };
    out.line(&format!("{kind} {}{title}, {}", measure.name, place(project, measure.span)));
    let point = &explained.point;
    let calendar = &project.model.settings.calendar;
    let (start, end) = (day(project, point.period.start), day(project, point.period.end));
    let progress = point.progress;
    let days = if progress.days == 1 { "day" } else { "days" };
    out.line(&format!(
        "  period  {}: {start} to {end}, {} of {} {days} covered, as of {}",
        calendar.label(point.period),
        progress.covered,
        progress.days,
        day(project, found.as_of),
    ));
    for (name, member) in &explained.slice.0 {
        out.line(&format!("  for     {name} = {}", member.as_deref().unwrap_or("(none)")));
    }
    match &point.value {
        Value::Known(number) => out.line(&format!("  value   {}", exact(number, &measure.unit))),
        none => out.line(&format!("  value   none: {}", reason(none).unwrap_or_default())),
    }
}

fn formulas(project: &Project, explained: &Explained, out: &mut Text) {
    out.line("");
    out.line("formula");
    for part in &explained.parts {
        let measure = project.model.measure(part.measure);
        let at = place(project, measure.span);
        let Some(formula) = &measure.formula else {
            out.line(&format!("  {} is defined by nothing ({at})", measure.name));
            continue;
        };
        out.line(&format!("  {} = {} ({at})", measure.name, formula.text));
        let value = shown(&part.value, &measure.unit);
        let put_in = part.put_in.as_deref().unwrap_or_default();
        // Of one value alone there is nothing to put in.
        if put_in.contains([' ', '(']) && put_in != value {
            out.line(&format!("    = {put_in}"));
        }
        out.line(&format!("    = {value}"));
        for (text, value) in &part.elsewhere {
            let value = shown(value, &Unit::Number);
            out.line(&format!("    {text} = {value}, over other days or members"));
        }
    }
}

fn rows(project: &Project, explained: &Explained, out: &mut Text) {
    for made in &explained.made {
        let aggregate = project.model.aggregate(made.aggregate);
        let source = project.model.source(aggregate.source);
        out.line("");
        out.line(&format!(
            "{} = {} ({}, {})",
            aggregate.text,
            shown(&made.value, &aggregate.unit),
            source.name,
            place(project, aggregate.span)
        ));
        match made {
            Made { rows: Some(rows), .. } => counts(rows, out),
            Made { rows: None, .. } => out.line("  its rows were not counted"),
        }
    }
}

/// What was read, what each filter took, what is left.
fn counts(rows: &RowCounts, out: &mut Text) {
    let steps = [
        (rows.rejected, "rejected: a bad cell"),
        (rows.replaced, "replaced by a later row of the same key"),
        (rows.filtered, "left out by the source's `where`"),
        (rows.later, "after the as-of date"),
        (rows.undated, "without a date in the column of `on:`"),
        (rows.outside, "on days outside the period"),
        (rows.other_members, "of other members"),
        (rows.condition, "left out by the aggregate's `where`"),
        (rows.null, "without a value"),
    ];
    let width = rows.read.to_string().len() + 1;
    out.line(&format!("  {:>width$} read", rows.read));
    for (count, why) in steps.iter().filter(|(count, _)| *count > 0) {
        out.line(&format!("  {:>width$} {why}", format!("-{count}")));
    }
    out.line(&format!("  {:>width$} kept", rows.kept));
}

fn files(project: &Project, found: &Explanation, out: &mut Text) {
    for (id, facts, coverage) in &found.sources {
        let source = project.model.source(*id);
        out.line("");
        let covers = coverage.as_ref().map_or_else(
            || "covers no day".to_owned(),
            |c| format!("covers {} to {}", day(project, c.first), day(project, c.last)),
        );
        out.line(&format!("source {} {covers} ({})", source.name, place(project, source.span)));
        for file in &facts.files {
            out.line(&format!("  {}: {} rows read, {} used", file.path, file.rows, file.used));
        }
    }
}

fn target(project: &Project, explained: &Explained, out: &mut Text) {
    let measure = project.model.measure(explained.measure);
    let Some(purpose) = &measure.purpose else { return };
    let (point, unit) = (&explained.point, &measure.unit);
    out.line("");
    match &point.target {
        None => out.line("target: none is in force"),
        Some(target) => {
            let level = match &target.level {
                Level::Value(value) => exact(value, unit),
                Level::Range(low, high) => format!("{} .. {}", exact(low, unit), exact(high, unit)),
            };
            out.line(&format!("target {level} in this period"));
        }
    }
    let in_force = point.target.as_ref().map(|t| t.index);
    for (i, target) in purpose.targets.iter().enumerate() {
        let mark = if in_force == Some(i) { ">" } else { " " };
        out.line(&format!("  {mark} {} ({})", target.text, place(project, target.span)));
    }
    if let Some(verdict) = &point.verdict {
        let status = verdict.status.map_or("no verdict yet", |s| s.word());
        let exceeded = if verdict.exceeded == Exceeded::Yes { " (exceeded)" } else { "" };
        out.line(&format!("status {status}{exceeded}: {}", verdict.rule));
    }
}
