//! `kpi explain --format json`: one object.

use serde_json::{Map, Value as Json, json};

use super::{place, reason};
use crate::driver::{Explanation, Project};
use crate::eval::{Exceeded, Judged, Level, Point, RowCounts, Status, Value, Verdict};
use crate::model::{Because, Purpose};
use crate::value::Number;

/// The whole object, over several lines. Numbers are those of `kpi eval`: decimal texts in base
/// units.
pub(super) fn write(project: &Project, found: &Explanation) -> String {
    let explained = &found.explained;
    let model = &project.model;
    let measure = model.measure(explained.measure);
    let point = &explained.point;
    let members = explained.slice.0.iter();
    let by: Map<String, Json> =
        members.map(|(name, m)| (name.clone(), m.clone().map_or(Json::Null, Json::from))).collect();
    let whole = json!({
        "kpi": measure.name,
        "title": measure.title.plain,
        "place": place(project, measure.span),
        "period": model.settings.calendar.label(point.period),
        "start": point.period.start.to_string(),
        "end": point.period.end.to_string(),
        "as_of": found.as_of.to_string(),
        "covered_days": point.progress.covered,
        "days": point.progress.days,
        "complete": point.progress.complete,
        "by": by,
        "value": plain(&point.value),
        "unit": measure.unit.json(),
        "reason": reason(&point.value),
        "formulas": formulas(project, found),
        "aggregates": aggregates(project, found),
        "sources": sources(project, found),
        "target": target(project, point),
        "targets": measure.purpose.as_ref().map(|p| targets(project, p)),
        "status": point.verdict.as_ref().map(status),
    });
    format!("{}\n", serde_json::to_string_pretty(&whole).unwrap_or_default())
}

fn plain(value: &Value) -> Option<String> {
    value.known().map(Number::to_plain)
}

fn formulas(project: &Project, found: &Explanation) -> Vec<Json> {
    let one = |part: &crate::eval::Part| {
        let measure = project.model.measure(part.measure);
        let elsewhere = part.elsewhere.iter();
        let elsewhere: Vec<Json> =
            elsewhere.map(|(text, v)| json!({ "formula": text, "value": plain(v) })).collect();
        json!({
            "name": measure.name,
            "formula": measure.formula.as_ref().map(|f| &f.text),
            "put_in": part.put_in,
            "value": plain(&part.value),
            "unit": measure.unit.json(),
            "reason": reason(&part.value),
            "elsewhere": elsewhere,
            "place": place(project, measure.span),
        })
    };
    found.explained.parts.iter().map(one).collect()
}

fn aggregates(project: &Project, found: &Explanation) -> Vec<Json> {
    let one = |made: &crate::eval::Made| {
        let aggregate = project.model.aggregate(made.aggregate);
        json!({
            "aggregate": aggregate.text,
            "source": project.model.source(aggregate.source).name,
            "value": plain(&made.value),
            "unit": aggregate.unit.json(),
            "reason": reason(&made.value),
            "rows": made.rows.as_ref().map(rows),
            "place": place(project, aggregate.span),
        })
    };
    found.explained.made.iter().map(one).collect()
}

fn rows(rows: &RowCounts) -> Json {
    json!({
        "read": rows.read,
        "rejected": rows.rejected,
        "replaced": rows.replaced,
        "filtered": rows.filtered,
        "later": rows.later,
        "undated": rows.undated,
        "outside": rows.outside,
        "other_members": rows.other_members,
        "condition": rows.condition,
        "null": rows.null,
        "kept": rows.kept,
    })
}

fn sources(project: &Project, found: &Explanation) -> Vec<Json> {
    let all = found.sources.iter().map(|(id, facts, coverage)| {
        let source = project.model.source(*id);
        let files = facts.files.iter().map(
            |f| json!({ "path": f.path, "rows": f.rows, "used": f.used, "rejected": f.rejected }),
        );
        json!({
            "source": source.name,
            "first": coverage.as_ref().map(|c| c.first.to_string()),
            "last": coverage.as_ref().map(|c| c.last.to_string()),
            "files": files.collect::<Vec<_>>(),
            "place": place(project, source.span),
        })
    });
    all.collect()
}

fn because(because: Option<&Because>) -> Option<&str> {
    because.map(|b| b.text.as_str()).filter(|text| !text.is_empty())
}

fn target(project: &Project, point: &Point) -> Option<Json> {
    let target = point.target.as_ref()?;
    let level = match &target.level {
        Level::Value(value) => value.to_plain(),
        Level::Range(low, high) => format!("{}..{}", low.to_plain(), high.to_plain()),
    };
    Some(json!({
        "value": level,
        "from": target.from.map(|day| day.to_string()),
        "because": because(target.because.as_ref()),
        "place": place(project, target.span),
    }))
}

/// The history: every target as it is written, in that order.
fn targets(project: &Project, purpose: &Purpose) -> Vec<Json> {
    let one = |t: &crate::model::Target| {
        json!({
            "text": t.text,
            "from": t.from.map(|day| day.to_string()),
            "for": t.scope.as_ref().map(|s| json!({ &s.dimension: s.member })),
            "because": because(t.because.as_ref()),
            "place": place(project, t.span),
        })
    };
    purpose.targets.iter().map(one).collect()
}

fn status(verdict: &Verdict) -> Json {
    let number = |n: Option<&Number>| n.map(Number::to_plain);
    let basis = verdict.basis.as_ref();
    json!({
        "word": verdict.status.map(Status::word),
        "exceeded": verdict.exceeded == Exceeded::Yes,
        "rule": verdict.rule,
        "judged": basis.map(|b| if b.judged == Judged::Pace { "pace" } else { "value" }),
        "number": basis.map(|b| b.number.to_plain()),
        "border": basis.and_then(|b| number(b.border.as_ref())),
        "missed_by": basis.and_then(|b| number(b.missed_by.as_ref())),
        "tolerance": basis.map(|b| b.tolerance.to_plain()),
        "needed_per_day": basis.and_then(|b| number(b.needed_per_day.as_ref())),
    })
}
