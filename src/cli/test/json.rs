//! `kpi test --format json`

use serde::Serialize;

use super::{expected, reason};
use crate::driver::{Project, Tested};
use crate::eval::{Finding, Outcome, Status, Value};
use crate::model::{Claim, TestLine};
use crate::value::Number;

/// A line of a test, for one slice.
#[derive(Serialize)]
struct Entry<'t> {
    test: &'t str,
    file: &'t str,
    line: u32,
    claim: &'t str,
    kpi: &'t str,
    period: String,
    start: String,
    end: String,
    covered_days: Option<u32>,
    days: u32,
    by: serde_json::Map<String, serde_json::Value>,
    holds: bool,
    value: Option<String>,
    unit: String,
    status: Option<&'static str>,
    expected: String,
    difference: Option<String>,
    reason: Option<String>,
}

/// One array, a line an object: one for each line of a test, or for each member of its `by`.
pub(super) fn write(project: &Project, tested: &[Tested<'_>]) -> String {
    let mut entries = Vec::new();
    for test in tested {
        for (line, checked) in &test.lines {
            if checked.findings.is_empty() {
                let holds = checked.outcome == Outcome::Holds;
                entries.push(Entry {
                    holds,
                    reason: Some("no row with such a member in the period".to_owned()),
                    ..entry(project, test, line, None)
                });
            }
            let found = checked.findings.iter();
            entries.extend(found.map(|f| entry(project, test, line, Some(f))));
        }
    }
    let mut text = String::from("[");
    for (i, entry) in entries.iter().enumerate() {
        text.push_str(if i == 0 { "\n  " } else { ",\n  " });
        text.push_str(&serde_json::to_string(entry).unwrap_or_default());
    }
    text.push_str(if entries.is_empty() { "]\n" } else { "\n]\n" });
    text
}

fn entry<'t>(
    project: &'t Project,
    test: &'t Tested<'_>,
    line: &'t TestLine,
    finding: Option<&'t Finding>,
) -> Entry<'t> {
    let model = &project.model;
    let measure = model.measure(line.measure);
    let file = project.sources.get(line.span.file);
    let point = finding.map(|f| &f.point);
    let members = finding.into_iter().flat_map(|f| &f.slice.0);
    let expected = match &line.claim {
        Claim::Compare { number, .. } => number.to_plain(),
        other => expected(other, &measure.unit),
    };
    Entry {
        test: &test.test.title.plain,
        file: &file.path,
        line: file.place(line.span.start).line,
        claim: &line.text,
        kpi: &measure.name,
        period: model.settings.calendar.label(line.period),
        start: line.period.start.to_string(),
        end: line.period.end.to_string(),
        covered_days: point.map(|p| p.progress.covered),
        days: line.period.len_days(),
        by: members.map(|(name, m)| (name.clone(), m.clone().into())).collect(),
        holds: finding.is_some_and(|f| f.outcome == Outcome::Holds),
        value: point.and_then(|p| p.value.known()).map(Number::to_plain),
        unit: measure.unit.json(),
        status: point.and_then(|p| p.verdict.as_ref()?.status).map(Status::word),
        expected,
        difference: finding.and_then(|f| f.difference.as_ref()).map(Number::to_plain),
        reason: point.map(|p| &p.value).filter(|v| !matches!(v, Value::Known(_))).map(reason),
    }
}
