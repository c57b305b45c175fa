//! `kpi test`

mod json;
mod junit;

use super::args::{TestArgs, TestFormat};
use super::output::Terminal;
use super::{FAILED, FINE, USAGE};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::render::visible;
use crate::driver::{self, Project, Tested};
use crate::eval::{Checked, Finding, Outcome, Slice, Value, exact};
use crate::host::Host;
use crate::model::row::CompareOp;
use crate::model::{Claim, TestLine};
use crate::source::Span;
use crate::value::Unit;

/// Runs the tests of a project.
pub(super) fn run(args: &TestArgs, terminal: &mut Terminal) -> u8 {
    let (host, path) = match super::open(&args.path, args.cache) {
        Ok(found) => found,
        Err(error) => return terminal.fail(&error),
    };
    let project = match driver::load(&host, &path) {
        Ok(project) => project,
        Err(error) => return terminal.fail(&error),
    };
    let mut out = Diagnostics::default();
    out.extend(project.diagnostics.clone());
    if out.has_errors() {
        terminal.diagnose(&out, &project.sources);
        return FAILED;
    }
    let calendar = project.model.settings.calendar;
    let as_of = match super::eval::as_of(
        args.as_of.as_deref(),
        calendar,
        project.model.settings.timezone.day(host.now()),
    ) {
        Ok(as_of) => as_of,
        Err(message) => {
            terminal.say(&format!("error: {message}\n"));
            return USAGE;
        }
    };
    let tested = match driver::test(&host, &project, as_of, &mut out) {
        Ok(tested) => tested,
        Err(error) => return terminal.fail(&error),
    };
    terminal.diagnose(&out, &project.sources);
    let Some(tested) = tested else { return FAILED };
    let text = match args.format {
        TestFormat::Human => human(&project, &tested),
        TestFormat::Json => json::write(&project, &tested),
        TestFormat::Junit => junit::write(&project, &tested),
    };
    let printed = terminal.print(&text);
    terminal.say(&tally(&tested));
    if all(&tested).any(|(_, checked)| checked.outcome == Outcome::Fails) {
        return FAILED;
    }
    if printed == FINE { FINE } else { FAILED }
}

fn all<'t>(tested: &'t [Tested<'_>]) -> impl Iterator<Item = (&'t TestLine, &'t Checked)> {
    tested.iter().flat_map(|t| &t.lines).map(|(line, checked)| (*line, checked))
}

/// "12 lines in 2 tests: 11 hold, 1 fails"
fn tally(tested: &[Tested<'_>]) -> String {
    if tested.is_empty() {
        return "no tests\n".to_owned();
    }
    let lines = all(tested).count();
    let fails = all(tested).filter(|(_, c)| c.outcome == Outcome::Fails).count();
    let holds = lines - fails;
    let count = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    let verb = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "s" } else { "" });
    let (lines, tests) = (count(lines, "line"), count(tested.len(), "test"));
    format!("{lines} in {tests}: {}, {}\n", verb(holds, "hold"), verb(fails, "fail"))
}

/// A line a test, and below it what failed.
fn human(project: &Project, tested: &[Tested<'_>]) -> String {
    let mut text = String::new();
    for test in tested {
        let fails = test.lines.iter().any(|(_, c)| c.outcome == Outcome::Fails);
        text.push_str(if fails { "fails  " } else { "holds  " });
        text.push_str(&visible(&one_line(&test.test.title.plain)));
        text.push('\n');
        for (line, checked) in test.lines.iter().filter(|(_, c)| c.outcome == Outcome::Fails) {
            let (at, line_text) = (place(project, line.span), visible(&line.text));
            text.extend(["  ", &at, ": ", &line_text, "\n"]);
            for detail in details(project, line, checked) {
                text.extend(["    ", &visible(&detail), "\n"]);
            }
        }
    }
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `tests.kpi:16:3`
fn place(project: &Project, span: Span) -> String {
    let file = project.sources.get(span.file);
    let place = file.place(span.start);
    format!("{}:{}:{}", file.path, place.line, place.column)
}

/// What is to be known of a line that fails: for each member of which it is not true, what was
/// found, what was expected, and how much of the period the data cover.
fn details(project: &Project, line: &TestLine, checked: &Checked) -> Vec<String> {
    let unit = &project.model.measure(line.measure).unit;
    let expected = format!("expected    {}", expected(&line.claim, unit));
    if checked.findings.is_empty() {
        let by = line.dimensions().join(", ");
        return vec![format!("found       no row with a member of {by} in the period"), expected];
    }
    let mut lines = Vec::new();
    for finding in checked.findings.iter().filter(|f| f.outcome == Outcome::Fails) {
        if !finding.slice.0.is_empty() {
            lines.push(format!("for         {}", members(&finding.slice)));
        }
        lines.push(format!("found       {}", found(&line.claim, finding, unit)));
        lines.push(expected.clone());
        if let Some(difference) = &finding.difference {
            lines.push(format!("difference  {}", exact(difference, unit)));
        }
        lines.push(format!("period      {}", period(project, finding)));
    }
    lines
}

/// `channel = email, device = (none)`
fn members(slice: &Slice) -> String {
    let member = |m: &Option<String>| m.clone().unwrap_or_else(|| "(none)".to_owned());
    let one = |(name, m): &(String, Option<String>)| format!("{name} = {}", member(m));
    slice.0.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn found(claim: &Claim, finding: &Finding, unit: &Unit) -> String {
    let value = match &finding.point.value {
        Value::Known(number) => exact(number, unit),
        none => format!("no value: {}", reason(none)),
    };
    let Claim::Status(_) = claim else { return value };
    let verdict = finding.point.verdict.as_ref();
    let status = verdict.and_then(|v| v.status).map_or("no verdict yet", |s| s.word());
    let rule = verdict.map_or("", |v| &v.rule);
    format!("{status}: {rule}")
}

/// Why there is no value.
fn reason(value: &Value) -> String {
    match value {
        Value::Known(_) => String::new(),
        Value::NoData => "the source covers the period, but has no rows there".to_owned(),
        Value::NotCovered => "no source covers the period".to_owned(),
        Value::Undefined(reason) => reason.to_string(),
    }
}

fn expected(claim: &Claim, unit: &Unit) -> String {
    match claim {
        Claim::Null => "no value".to_owned(),
        Claim::NotNull => "a value".to_owned(),
        Claim::Status(status) => status.word().to_owned(),
        Claim::Compare { op, number, within } => {
            let number = exact(number, unit);
            let sign = match op {
                CompareOp::Equal => "",
                CompareOp::NotEqual => "another value than ",
                CompareOp::Less => "less than ",
                CompareOp::LessEqual => "at most ",
                CompareOp::Greater => "more than ",
                CompareOp::GreaterEqual => "at least ",
            };
            let within = if within.is_zero() {
                String::new()
            } else {
                format!(" +- {}", exact(within, unit))
            };
            format!("{sign}{number}{within}")
        }
    }
}

/// `2026-06, 12 of 30 days covered`
fn period(project: &Project, finding: &Finding) -> String {
    let calendar = &project.model.settings.calendar;
    let (period, progress) = (finding.point.period, finding.point.progress);
    let days = if progress.days == 1 { "day" } else { "days" };
    let label = calendar.label(period);
    format!("{label}, {} of {} {days} covered", progress.covered, progress.days)
}
