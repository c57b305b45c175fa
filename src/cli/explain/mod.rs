//! `kpi explain`

mod human;
mod json;

use super::args::{ExplainArgs, ExplainFormat};
use super::eval::{as_of, bound, unknown};
use super::output::Terminal;
use super::{FAILED, USAGE};
use crate::diagnostic::{Diagnostics, codes, nearest};
use crate::driver::{self, Project, Subject};
use crate::eval::table::has_dimension;
use crate::eval::{Slice, Value};
use crate::host::Host;
use crate::host::disk::DiskHost;
use crate::model::{MeasureId, Model};
use crate::source::Span;
use crate::syntax::fold_name;
use crate::time::{Date, Grain, Period};

/// Explains a number, or prints the page of a code.
///
/// A code is a K and four digits; the name of one has a dash, which no KPI's name has. The few
/// that have none are taken for codes only where no measure of this folder goes by them.
pub(super) fn run(args: &ExplainArgs, terminal: &mut Terminal) -> u8 {
    let (path, name) = match args.words.as_slice() {
        [path, name] => (path.as_str(), name),
        [name] => (".", name),
        _ => return USAGE,
    };
    let code = if args.words.len() == 1 { codes::find(name) } else { None };
    if let Some(code) = code.filter(|c| name.contains('-') || c.id.eq_ignore_ascii_case(name)) {
        return terminal.print(code.page);
    }
    if args.words.len() == 1 && is_no_name(name) {
        let known = codes::all().flat_map(|c| [c.id, c.name]);
        let hint = nearest(name, known).map_or_else(
            || "docs/codes has all of them".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        terminal.say(&format!("error: there is no code `{name}`; {hint}\n"));
        return USAGE;
    }
    let opened = super::open(path, args.cache)
        .and_then(|(host, path)| driver::load(&host, &path).map(|project| (host, project)));
    match (opened, code) {
        (Ok((host, project)), code) => {
            if let Some(code) = code.filter(|_| project.model.find(&fold_name(name)).is_none()) {
                return terminal.print(code.page);
            }
            number(args, name, &host, &project, terminal)
        }
        (Err(_), Some(code)) => terminal.print(code.page),
        (Err(error), None) => terminal.fail(&error),
    }
}

/// Whether a word can only be meant as a code: `K9999`, `unit-mismach`.
fn is_no_name(word: &str) -> bool {
    let digits = word.strip_prefix(['K', 'k']).unwrap_or_default();
    word.contains('-') || digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())
}

fn number(
    args: &ExplainArgs,
    name: &str,
    host: &DiskHost,
    project: &Project,
    terminal: &mut Terminal,
) -> u8 {
    let mut out = Diagnostics::default();
    out.extend(project.diagnostics.clone());
    if out.has_errors() {
        terminal.diagnose(&out, &project.sources);
        return FAILED;
    }
    let subject = match subject(
        args,
        name,
        &project.model,
        project.model.settings.timezone.day(host.now()),
    ) {
        Ok(subject) => subject,
        Err((message, code)) => {
            terminal.say(&format!("error: {message}\n"));
            return code;
        }
    };
    let found = match driver::explain(host, project, &subject, &mut out) {
        Ok(found) => found,
        Err(error) => return terminal.fail(&error),
    };
    terminal.diagnose(&out, &project.sources);
    let Some(found) = found else { return FAILED };
    terminal.print(&match args.format {
        ExplainFormat::Human => human::write(project, &found),
        ExplainFormat::Json => json::write(project, &found),
    })
}

/// What is asked for; or what is wrong with it, and the exit code.
fn subject(
    args: &ExplainArgs,
    name: &str,
    model: &Model,
    today: Date,
) -> Result<Subject, (String, u8)> {
    let usage = |message| (message, USAGE);
    let measure = model.find(&fold_name(name)).ok_or_else(|| {
        let known = model.measures.iter().map(|m| m.name.as_str());
        usage(unknown("there is no KPI or metric", name, known))
    })?;
    let calendar = model.settings.calendar;
    let period = bound(args.period.as_deref(), calendar).map_err(usage)?;
    let period = period.map(|p| asked(p, model, measure));
    let as_of = as_of(args.as_of.as_deref(), calendar, today).map_err(usage)?;
    let slice = slice(&args.members, model, measure)?;
    Ok(Subject { measure, period, slice, as_of })
}

/// A day as a weekly KPI's period is its week.
fn asked(period: Period, model: &Model, measure: MeasureId) -> Period {
    let purpose = model.measure(measure).purpose.as_ref();
    let weekly = purpose.is_some_and(|p| p.cadences.first() == Some(&Grain::Week));
    if weekly && period.grain == Grain::Day {
        return model.settings.calendar.period_of(Grain::Week, period.start);
    }
    period
}

fn slice(members: &[String], model: &Model, measure: MeasureId) -> Result<Slice, (String, u8)> {
    let mut slice = Slice::default();
    for word in members {
        let Some((name, member)) = word.split_once('=') else {
            return Err((format!("not a member: `{word}` (`--for device=mobile`)"), USAGE));
        };
        let key = fold_name(name);
        if !has_dimension(model, measure, &key) {
            let known = || model.measures.iter().flat_map(|m| &m.dimensions);
            if !known().any(|d| *d == key) {
                let all = known().map(String::as_str);
                return Err((unknown("there is no dimension", name, all), USAGE));
            }
            let measure = &model.measure(measure).name;
            return Err((format!("`{measure}` has no dimension `{key}`"), FAILED));
        }
        if slice.0.iter().any(|(known, _)| *known == key) {
            return Err((format!("`--for {name}=...` stands twice"), USAGE));
        }
        slice.0.push((key, (member != "(none)").then(|| member.to_owned())));
    }
    slice.0.sort();
    Ok(slice)
}

/// `kpis.kpi:16`
fn place(project: &Project, span: Span) -> String {
    let file = project.sources.get(span.file);
    format!("{}:{}", file.path, file.place(span.start).line)
}

/// A day as the project's calendar writes it.
fn day(project: &Project, day: Date) -> String {
    let calendar = &project.model.settings.calendar;
    calendar.label(calendar.period_of(Grain::Day, day))
}

/// Why there is no value.
fn reason(value: &Value) -> Option<String> {
    match value {
        Value::Known(_) => None,
        Value::NoData => {
            Some("no data: the source covers the period, but has no rows there".to_owned())
        }
        Value::NotCovered => Some("not covered: the source does not reach the period".to_owned()),
        Value::Undefined(reason) => Some(reason.to_string()),
    }
}
