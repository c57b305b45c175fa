//! One KPI's part of the report.

use super::subject::Subject;
use super::{Context, appendix, breakdown, definition, paragraphs, say, score, trend};
use crate::eval::{Point, Status, Value};
use crate::report::tree::{Breakdown, ChangeText, Kpi, Movement, ScoreRow, TargetRow};
use crate::value::{Number, Unit};

pub(super) fn kpi(context: &Context, subject: &Subject) -> Kpi {
    let measure = context.model.measure(subject.id);
    let score = score::row(context, subject);
    let purpose = measure.purpose.as_deref();
    let by = purpose.map_or(&[][..], |p| &p.by);
    let breakdowns: Vec<Breakdown> =
        by.iter().map(|d| breakdown::breakdown(context, subject, d)).collect();
    let language = context.words().tag;
    Kpi {
        id: score.kpi.clone(),
        name: measure.name.clone(),
        takeaway: takeaway(context, subject, &score),
        trend: trend::line(context, subject),
        breakdowns,
        definition: definition::definition(context, subject),
        targets: targets(context, subject),
        improve: purpose.map_or(Vec::new(), |p| paragraphs(p.improve.get(language))),
        notes: appendix::notes(context, Some(subject.id)),
        score,
    }
}

/// What it came to, how that compares, how it stands against the target, and who did it.
fn takeaway(context: &Context, subject: &Subject, score: &ScoreRow) -> String {
    let words = context.words();
    let point = &subject.closed;
    let period = &score.period.text;
    if point.value.known().is_none() {
        let reason = score.value.reason.clone().unwrap_or_default();
        let values = [("title", &*score.title), ("period", period), ("reason", &reason)];
        return words.say("no_value", &values);
    }
    let value = with_unit(&score.value.text, &score.unit_label);
    let values = [("title", &*score.title), ("value", &value), ("period", period)];
    let mut said = words.say("came_to", &values);
    let moved: Vec<&ChangeText> =
        score.changes.iter().filter(|c| c.direction != Movement::None).collect();
    for (i, change) in moved.iter().enumerate() {
        said.push_str(&moved_by(context, change, i > 0));
    }
    said.push_str(&words.say("full_stop", &[]));
    said.push_str(&against_target(context, subject, point));
    said.push_str(&breakdown::cause(context, subject));
    said
}

fn with_unit(value: &str, unit: &str) -> String {
    if unit.is_empty() { value.to_owned() } else { format!("{value} {unit}") }
}

fn moved_by(context: &Context, change: &ChangeText, further: bool) -> String {
    let name = match (change.direction, further) {
        (Movement::Up, false) => "up_on",
        (Movement::Up, true) => "and_up_on",
        (Movement::Down, false) => "down_on",
        (Movement::Down, true) => "and_down_on",
        (_, false) => "flat_on",
        (_, true) => "and_flat_on",
    };
    let numerals = context.formatter.numerals;
    let size = change.text.trim_start_matches(numerals.plus).trim_start_matches(numerals.minus);
    context.words().say(name, &[("change", size), ("reference", &change.reference.text)])
}

fn against_target(context: &Context, subject: &Subject, point: &Point) -> String {
    let words = context.words();
    let (Some(target), Some(verdict)) = (&point.target, &point.verdict) else {
        return String::new();
    };
    let level = say::level(context, &target.level, &subject.scale).text;
    let status = say::status(context, Some(verdict), &subject.scale.unit);
    match verdict.status {
        Some(Status::OnTrack) if status.exceeded => {
            words.say("exceeds_target", &[("target", &level)])
        }
        Some(Status::OnTrack) => words.say("meets_target", &[("target", &level)]),
        Some(Status::AtRisk | Status::OffTrack) => {
            let missed = verdict.basis.as_ref().and_then(|b| b.missed_by.clone());
            let gap = missed.map(|by| size(context, subject, &by));
            match gap {
                Some(gap) => words.say("misses_target", &[("target", &level), ("gap", &gap)]),
                None => words.say("outside_target", &[("target", &level)]),
            }
        }
        _ => String::new(),
    }
}

/// A difference without its sign: `0.4 pts`, `$1,200`.
fn size(context: &Context, subject: &Subject, by: &Number) -> String {
    let by = by.abs();
    if subject.scale.unit == Unit::Percent {
        let text = context.formatter.change(&by, &subject.scale);
        return text.trim_start_matches(context.formatter.numerals.plus).to_owned();
    }
    context.formatter.number(&by, &subject.scale)
}

/// All targets of a KPI, the latest first.
fn targets(context: &Context, subject: &Subject) -> Vec<TargetRow> {
    let Some(purpose) = &context.model.measure(subject.id).purpose else { return Vec::new() };
    let last = subject.history.last().map_or(subject.closed.period.end, |p| p.period.end);
    let in_force = |index: usize| {
        let target = &purpose.targets[index];
        let rival = |other: &&crate::model::Target| {
            other.scope == target.scope && other.from.is_none_or(|d| d <= last)
        };
        let latest = purpose.targets.iter().filter(rival).max_by_key(|t| t.from);
        latest.is_some_and(|t| t.span == target.span)
    };
    let mut rows: Vec<(usize, TargetRow)> = purpose
        .targets
        .iter()
        .enumerate()
        .map(|(i, target)| (i, appendix::target_row(context, subject, (i, target), in_force(i))))
        .collect();
    rows.sort_by_key(|(i, _)| (std::cmp::Reverse(purpose.targets[*i].from), *i));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Whether a value is known.
pub(super) fn is_known(value: &Value) -> bool {
    value.known().is_some()
}
