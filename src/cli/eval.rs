//! `kpi eval`

use super::args::{EvalArgs, EvalFormat};
use super::output::{Terminal, columns};
use super::{FAILED, USAGE};
use crate::diagnostic::render::visible;
use crate::diagnostic::{Diagnostics, nearest};
use crate::driver::{self, Project};
use crate::eval::table::{Question, Row, has_dimension};
use crate::host::Host;
use crate::host::disk::DiskHost;
use crate::model::Model;
use crate::syntax::fold_name;
use crate::time::{Calendar, CalendarKind, Date, Grain, Period};

/// Prints the numbers.
pub(super) fn run(args: &EvalArgs, terminal: &mut Terminal) -> u8 {
    let (host, path) = match super::open(&args.path, args.cache) {
        Ok(found) => found,
        Err(error) => return terminal.fail(&error),
    };
    let project = match driver::load(&host, &path) {
        Ok(project) => project,
        Err(error) => return terminal.fail(&error),
    };
    if project.diagnostics.has_errors() {
        terminal.diagnose(&project.diagnostics, &project.sources);
        return FAILED;
    }
    let question =
        match question(args, &project.model, project.model.settings.timezone.day(host.now())) {
            Ok(question) => question,
            Err(message) => {
                terminal.say(&format!("error: {message}\n"));
                return USAGE;
            }
        };
    if let Some(refusal) = lacking(args, &project.model, &question) {
        terminal.say(&refusal);
        if !question.measures.is_empty() {
            return FAILED;
        }
    }
    answer(args, &host, &project, &question, terminal)
}

fn answer(
    args: &EvalArgs,
    host: &DiskHost,
    project: &Project,
    question: &Question,
    terminal: &mut Terminal,
) -> u8 {
    let mut out = Diagnostics::default();
    out.extend(project.diagnostics.clone());
    let rows = match driver::evaluate(host, project, question, &mut out) {
        Ok(rows) => rows,
        Err(error) => return terminal.fail(&error),
    };
    terminal.diagnose(&out, &project.sources);
    let Some(rows) = rows else { return FAILED };
    if args.kpis.is_empty()
        && let Some(note) = super::lacking::note(&project.model)
    {
        terminal.say(&note);
    }
    let code = match args.format {
        EvalFormat::Json => terminal.print(&json(&rows)),
        EvalFormat::Csv => terminal.print(&csv(&rows, &question.by)),
        EvalFormat::Table => terminal.print(&table(&rows, &question.by)),
    };
    // The program ends here: giving back a row at a time is a twentieth of a small run.
    std::mem::forget(rows);
    code
}

/// One array; one line a row, so that a change of one number is a change of one line.
fn json(rows: &[Row]) -> String {
    let mut text = String::from("[");
    for (i, row) in rows.iter().enumerate() {
        text.push_str(if i == 0 { "\n  " } else { ",\n  " });
        text.push_str(&serde_json::to_string(row).unwrap_or_default());
    }
    text.push_str(if rows.is_empty() { "]\n" } else { "\n]\n" });
    text
}

fn fields(row: &Row) -> Vec<&str> {
    let complete = if row.complete { "true" } else { "false" };
    let mut fields = vec![row.kpi.as_str(), &row.period, &row.start, &row.end, complete];
    fields.extend(row.by.iter().map(|(_, m)| m.as_deref().unwrap_or_default()));
    fields.extend([
        row.value.as_deref().unwrap_or_default(),
        &row.unit,
        row.target.as_deref().unwrap_or_default(),
        row.status.as_deref().unwrap_or_default(),
    ]);
    fields
}

fn heads(by: &[String]) -> Vec<&str> {
    let mut heads = vec!["kpi", "period", "start", "end", "complete"];
    heads.extend(by.iter().map(String::as_str));
    heads.extend(["value", "unit", "target", "status"]);
    heads
}

fn csv(rows: &[Row], by: &[String]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Into memory, and with as many fields in every row: neither can fail.
    let _ = writer.write_record(heads(by));
    for row in rows {
        let _ = writer.write_record(fields(row));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn table(rows: &[Row], by: &[String]) -> String {
    let mut heads = vec!["kpi", "period"];
    heads.extend(by.iter().map(String::as_str));
    heads.extend(["value", "unit", "target", "status", ""]);
    let lines = rows.iter().map(|row| {
        let mut line = vec![row.kpi.clone(), row.period.clone()];
        // What stands in a cell must not reach the terminal as a command.
        let shown = |m: &String| visible(m).replace('\n', "\\n");
        let member = |m: &Option<String>| m.as_ref().map_or_else(|| "(none)".to_owned(), shown);
        line.extend(row.by.iter().map(|(_, m)| member(m)));
        line.extend([
            row.value.clone().unwrap_or_else(|| "-".to_owned()),
            row.unit.clone(),
            row.target.clone().unwrap_or_default(),
            row.status.clone().unwrap_or_default(),
            if row.complete { String::new() } else { "partial".to_owned() },
        ]);
        line
    });
    columns(&heads, lines)
}

fn question(args: &EvalArgs, model: &Model, today: Date) -> Result<Question, String> {
    let calendar = model.settings.calendar;
    let mut question = Question::default();
    for name in &args.kpis {
        let id = model.find(&fold_name(name)).ok_or_else(|| {
            let known = model.measures.iter().map(|m| m.name.as_str());
            unknown("there is no KPI or metric", name, known)
        })?;
        question.measures.push(id);
    }
    for name in &args.by {
        let key = fold_name(name);
        let known = model.measures.iter().flat_map(|m| &m.dimensions);
        let derived = matches!(key.as_str(), "weekday" | "hour");
        if !derived && !known.clone().any(|d| *d == key) {
            return Err(unknown("there is no dimension", name, known.map(String::as_str)));
        }
        if question.by.contains(&key) {
            return Err(format!("`--by {name}` stands twice"));
        }
        question.by.push(key);
    }
    if let Some(word) = &args.every {
        let cadences = ["daily", "weekly", "monthly", "quarterly", "yearly"];
        let grain = Grain::from_cadence(word);
        question.every =
            Some(grain.ok_or_else(|| unknown("not a cadence:", word, cadences.into_iter()))?);
    }
    question.from = bound(args.from.as_deref(), calendar)?.map(|p| p.start);
    question.to = bound(args.to.as_deref(), calendar)?.map(|p| p.end);
    if let (Some(from), Some(to)) = (question.from, question.to)
        && from > to
    {
        return Err(format!("nothing lies between {from} and {to}: `--from` is after `--to`"));
    }
    question.as_of = as_of(args.as_of.as_deref(), calendar, today)?;
    Ok(question)
}

pub(super) fn unknown<'n>(what: &str, name: &str, known: impl Iterator<Item = &'n str>) -> String {
    match nearest(name, known) {
        Some(near) => format!("{what} `{name}`; did you mean `{near}`?"),
        None => format!("{what} `{name}`"),
    }
}

/// The measures that cannot be broken down as asked, in words.
fn lacking(args: &EvalArgs, model: &Model, question: &Question) -> Option<String> {
    let named = !args.kpis.is_empty();
    let ids: Vec<_> =
        if named { question.measures.clone() } else { model.kpis().map(|(id, _)| id).collect() };
    let mut text = String::new();
    for id in ids {
        let lacks = question.by.iter().find(|d| !has_dimension(model, id, d));
        if let Some(dimension) = lacks {
            let name = &model.measure(id).name;
            let (lead, end) = if named {
                ("error: `", "` has no dimension `")
            } else {
                ("note: `", "` is left out: it has no dimension `")
            };
            text.extend([lead, name, end, dimension, "`\n"]);
        }
    }
    (!text.is_empty()).then_some(text)
}

pub(super) fn bound(text: Option<&str>, calendar: Calendar) -> Result<Option<Period>, String> {
    let Some(text) = text else { return Ok(None) };
    let Some(period) = calendar.parse_label(text) else {
        let forms = match calendar.kind {
            CalendarKind::Gregorian => "2026-06-30, 2026-06, 2026-Q2, 2026",
            CalendarKind::Persian => "1405-03-31, 1405-03, 1405-Q1, 1405",
        };
        return Err(format!("not a day or a period: `{text}` ({forms})"));
    };
    // A day's year tells its calendar, a week's is ISO's; the others are of the project's.
    let (year, _, _) = calendar.kind.ymd(period.start);
    let own = matches!(period.grain, Grain::Day | Grain::Week);
    if !own && CalendarKind::year_of_literal(year) != Some(calendar.kind) {
        let name = calendar.kind.name();
        return Err(format!(
            "the project's calendar is {name}, and `{text}` is none of its periods"
        ));
    }
    Ok(Some(period))
}

/// The day of `--as-of`.
pub(super) fn as_of(
    text: Option<&str>,
    calendar: Calendar,
    today: Date,
) -> Result<Option<Date>, String> {
    let Some(text) = text else { return Ok(None) };
    if text == "today" {
        return Ok(Some(today));
    }
    match calendar.parse_label(text) {
        Some(day) if day.grain == Grain::Day => Ok(Some(day.start)),
        _ => Err(format!("not a day: `{text}` (2026-06-30, or `today`)")),
    }
}
