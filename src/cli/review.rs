//! `kpi review`

use std::path::Path;

use serde::Serialize;

use super::args::{Decision, ListFormat, ReviewArgs};
use super::output::{Terminal, columns};
use super::{FAILED, FINE, USAGE};
use crate::diagnostic::render::visible;
use crate::diagnostic::{Diagnostics, nearest};
use crate::driver::{self, Project};
use crate::host::Host;
use crate::host::disk::DiskHost;
use crate::model::{MeasureId, MeasureKind, ReviewDue};
use crate::syntax::fold_name;
use crate::time::Date;

/// What is due within so many days is listed in the table.
const AHEAD: i32 = 31;

/// A definition and its next review.
#[derive(Serialize)]
struct Entry {
    kpi: String,
    title: String,
    state: &'static str,
    due: Option<String>,
    days_overdue: Option<i32>,
    cadence: &'static str,
    last: Option<String>,
    decision: Option<String>,
    note: Option<String>,
    owner: Option<String>,
    place: String,
}

/// Prints what is due for a review, or writes one down.
pub(super) fn run(args: &ReviewArgs, terminal: &mut Terminal) -> u8 {
    let path = match (args.decision, args.words.as_slice()) {
        (Some(decision), [name]) => return decide(args, ".", name, decision, terminal),
        (Some(decision), [path, name]) => return decide(args, path, name, decision, terminal),
        (Some(_), _) => {
            terminal.say("error: of which KPI? `kpi review NAME --decision keep`\n");
            return USAGE;
        }
        (None, []) => ".",
        (None, [path]) => path,
        (None, _) => {
            terminal.say("error: what was decided? `--decision keep`, `change` or `retire`\n");
            return USAGE;
        }
    };
    let (host, path) = match DiskHost::around(Path::new(path)) {
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
    let given = match super::eval::as_of(
        args.as_of.as_deref(),
        calendar,
        project.model.settings.timezone.day(host.now()),
    ) {
        Ok(given) => given,
        Err(message) => {
            terminal.say(&format!("error: {message}\n"));
            return USAGE;
        }
    };
    let on = match given {
        Some(day) => Some(day),
        None => match driver::as_of(&host, &project, &mut out) {
            Ok(day) => day,
            Err(error) => return terminal.fail(&error),
        },
    };
    terminal.diagnose(&out, &project.sources);
    let Some(on) = on else {
        terminal.say("the day on which it is asked can be given: `--as-of today`\n");
        return FAILED;
    };
    print((args.format, args.due), &project, on, terminal)
}

/// Writes a review down, where that leaves the project without an error.
fn decide(
    args: &ReviewArgs,
    path: &str,
    name: &str,
    decision: Decision,
    terminal: &mut Terminal,
) -> u8 {
    let opened = DiskHost::around(Path::new(path))
        .and_then(|(host, path)| driver::load(&host, &path).map(|project| (host, path, project)));
    let (host, path, project) = match opened {
        Ok(opened) => opened,
        Err(error) => return terminal.fail(&error),
    };
    if project.diagnostics.has_errors() {
        terminal.diagnose(&project.diagnostics, &project.sources);
        return FAILED;
    }
    let model = &project.model;
    let refuse = |terminal: &mut Terminal, message: &str| {
        terminal.say(&format!("error: {message}\n"));
        USAGE
    };
    let kpi = model.find(&fold_name(name)).filter(|id| model.measure(*id).kind == MeasureKind::Kpi);
    let Some(kpi) = kpi else {
        let known = model.kpis().map(|(_, kpi)| kpi.name.as_str());
        let near = nearest(name, known).map_or(String::new(), |n| format!("; did you mean `{n}`?"));
        return refuse(terminal, &format!("there is no KPI `{name}`{near}"));
    };
    let today = model.settings.timezone.day(host.now());
    let on = args.on.as_deref();
    let on = match super::eval::as_of(on, model.settings.calendar, today) {
        Ok(on) => on.unwrap_or(today),
        Err(message) => return refuse(terminal, &message),
    };
    if model.reviews.iter().any(|review| review.measure == kpi && review.on == on) {
        let message = format!("`{name}` has a review of {} already", shown(&project, on));
        return refuse(terminal, &message);
    }
    let written = driver::reviewed(&project, kpi, on, decision.word(), args.note.as_deref());
    let Some(written) = written else {
        return refuse(terminal, "there is no file to write it to");
    };
    let source = project.sources.get(written.file);
    if let Err(error) = host.replace(&source.path, written.text.as_bytes()) {
        return terminal.fail(&error);
    }
    match driver::load(&host, &path) {
        Ok(now) if !now.diagnostics.has_errors() => {}
        // Whatever it is that does not fit, the file is as it was.
        failed => {
            if let Err(error) = host.replace(&source.path, source.text.as_bytes()) {
                return terminal.fail(&error);
            }
            return match failed {
                Ok(now) => {
                    terminal.diagnose(&now.diagnostics, &now.sources);
                    FAILED
                }
                Err(error) => terminal.fail(&error),
            };
        }
    }
    let (path, line) = (&source.path, written.line);
    terminal.say(&format!(
        "{path}:{line}: review of `{}` on {}: {}\n",
        model.measure(kpi).name,
        shown(&project, on),
        decision.word()
    ));
    FINE
}

fn print(
    (format, only_due): (ListFormat, bool),
    project: &Project,
    on: Date,
    terminal: &mut Terminal,
) -> u8 {
    let model = &project.model;
    let kpis = model.kpis().filter_map(|(id, _)| Some((id, model.review_due(id, on)?)));
    let mut all: Vec<(MeasureId, ReviewDue<'_>)> = kpis.collect();
    all.sort_by_key(|(_, due)| (!due.is_overdue(on), due.day.is_some(), due.day));
    if only_due {
        all.retain(|(_, due)| due.day.is_none_or(|day| day <= on));
    }
    if format == ListFormat::Json {
        let entries: Vec<Entry> =
            all.iter().map(|(id, due)| entry(project, *id, due, on)).collect();
        let text = serde_json::to_string_pretty(&entries).unwrap_or_default();
        return terminal.print(&format!("{text}\n"));
    }
    let soon = |due: &ReviewDue<'_>| due.day.is_none_or(|day| day <= on.plus(AHEAD));
    let (now, later): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, due)| soon(due));
    let head = ["state", "due", "name", "title", "cadence", "last", "decision", "owner", "note"];
    let rows = now.iter().map(|(id, due)| {
        let e = entry(project, *id, due, on);
        let text = |t: Option<String>| t.map(|t| visible(&t)).unwrap_or_default();
        let state = match e.days_overdue {
            Some(1) => "overdue by 1 day".to_owned(),
            Some(days) => format!("overdue by {days} days"),
            None => e.state.to_owned(),
        };
        let title = visible(&e.title);
        let last = e.last.unwrap_or_else(|| "never".to_owned());
        let (due, decision, owner) = (e.due.unwrap_or_default(), text(e.decision), text(e.owner));
        let note = text(e.note);
        vec![state, due, e.kpi, title, e.cadence.to_owned(), last, decision, owner, note]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let printed = if rows.is_empty() { FINE } else { terminal.print(&columns(&head, rows)) };
    terminal.say(&tally(project, &now, &later, on));
    printed
}

/// "on 2026-06-30: 2 of 12 reviews are overdue, 3 are due by 2026-07-31, 7 later"
fn tally(
    project: &Project,
    now: &[(MeasureId, ReviewDue<'_>)],
    later: &[(MeasureId, ReviewDue<'_>)],
    on: Date,
) -> String {
    let day = |day| shown(project, day);
    let all = now.len() + later.len();
    if all == 0 {
        let any = project.model.kpis().next().is_some();
        let none =
            if any { format!("on {} no review is due\n", day(on)) } else { "no KPIs\n".to_owned() };
        return none;
    }
    let overdue = now.iter().filter(|(_, due)| due.is_overdue(on)).count();
    let (soon, later) = (now.len() - overdue, later.len());
    let until = day(on.plus(AHEAD));
    format!(
        "on {}: of {all} reviews {overdue} overdue, {soon} due by {until}, {later} later\n",
        day(on)
    )
}

/// A day as the project's calendar writes it.
fn shown(project: &Project, day: Date) -> String {
    let calendar = &project.model.settings.calendar;
    calendar.label(calendar.period_of(crate::time::Grain::Day, day))
}

fn entry(project: &Project, id: MeasureId, due: &ReviewDue<'_>, on: Date) -> Entry {
    let measure = project.model.measure(id);
    let file = project.sources.get(measure.span.file);
    let line = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let overdue = due.day.filter(|_| due.is_overdue(on));
    let state = match due.day {
        Some(_) if overdue.is_some() => "overdue",
        Some(day) if day > on.plus(AHEAD) => "later",
        _ => "due",
    };
    Entry {
        kpi: measure.name.clone(),
        title: measure.title.plain.clone(),
        state,
        due: due.day.map(|day| shown(project, day)),
        days_overdue: overdue.map(|day| on.days() - day.days()),
        cadence: due.every.cadence(),
        last: due.last.map(|r| shown(project, r.on)),
        decision: due.last.and_then(|r| r.decision.clone()),
        note: due.last.and_then(|r| r.note.as_ref()).map(line),
        owner: measure.purpose.as_ref().and_then(|p| p.owner.clone()),
        place: format!("{}:{}", file.path, file.place(measure.span.start).line),
    }
}
