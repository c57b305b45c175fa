//! `kpi list`

use std::path::Path;

use serde::Serialize;

use super::args::{ListArgs, ListFormat};
use super::output::{Terminal, columns};
use super::{FAILED, FINE};
use crate::driver::{self, Project};
use crate::host::disk::DiskHost;
use crate::model::{Direction, Measure, Model};
use crate::source::{Sources, Span};

#[derive(Serialize)]
struct Entry {
    name: String,
    kind: &'static str,
    title: String,
    unit: String,
    cadence: String,
    #[serde(skip)]
    target: String,
    targets: Vec<String>,
    goal: String,
    owner: String,
    formula: String,
    place: String,
    /// The file of a library that it comes from, or that it completes.
    library: String,
    /// The inputs that nothing defines.
    lacks: Vec<String>,
}

/// Prints what a project defines, or what the standard library has.
pub(super) fn run(args: &ListArgs, terminal: &mut Terminal) -> u8 {
    if args.std {
        return standard(args, terminal);
    }
    let loaded =
        DiskHost::around(Path::new(&args.path)).and_then(|(host, path)| driver::load(&host, &path));
    let project = match loaded {
        Ok(project) => project,
        Err(error) => return terminal.fail(&error),
    };
    terminal.diagnose(&project.diagnostics, &project.sources);
    if project.diagnostics.has_errors() {
        return FAILED;
    }
    let entry = |m| describe(&project.model, &project.sources, m);
    let entries: Vec<Entry> = project.model.measures.iter().map(entry).collect();
    match args.format {
        ListFormat::Json => json(&entries, terminal),
        ListFormat::Table if entries.is_empty() => {
            terminal.say("no metrics and no KPIs\n");
            FINE
        }
        ListFormat::Table => terminal.print(&table(entries)),
    }
}

fn json<T: Serialize>(entries: &[T], terminal: &mut Terminal) -> u8 {
    let text = serde_json::to_string_pretty(entries).unwrap_or_default();
    terminal.print(&format!("{text}\n"))
}

/// Columns that hold nothing at all are left out at the end: few projects use a library.
fn table(entries: Vec<Entry>) -> String {
    let mut head = vec!["kind", "name", "title", "unit", "cadence", "target", "goal", "owner"];
    let borrowed = entries.iter().any(|e| !e.library.is_empty());
    let lacking = entries.iter().any(|e| !e.lacks.is_empty());
    head.extend(borrowed.then_some("library"));
    head.extend(lacking.then_some("lacks"));
    let rows = entries.into_iter().map(|e| {
        let target = e.target;
        let mut row =
            vec![e.kind.to_owned(), e.name, e.title, e.unit, e.cadence, target, e.goal, e.owner];
        row.extend(borrowed.then_some(e.library));
        row.extend(lacking.then(|| e.lacks.join(", ")));
        row
    });
    columns(&head, rows)
}

/// What a file of the standard library offers.
#[derive(Serialize)]
struct Offer {
    library: String,
    name: String,
    kind: &'static str,
    title: String,
    unit: String,
    better: &'static str,
    cadence: String,
    needs: Vec<String>,
    about: String,
}

/// Prints the standard library by theme.
fn standard(args: &ListArgs, terminal: &mut Terminal) -> u8 {
    let mut offers: Vec<Offer> = Vec::new();
    let themes = match driver::standard() {
        Ok(themes) => themes,
        Err(error) => return terminal.fail(&error),
    };
    for (name, theme) in &themes {
        offers.extend(of_theme(name, theme));
    }
    if args.format == ListFormat::Json {
        return json(&offers, terminal);
    }
    let mut text = String::new();
    for (name, _) in &themes {
        let mine: Vec<&Offer> = offers.iter().filter(|o| o.library == *name).collect();
        if mine.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.extend(["use \"", name, "\"\n"]);
        let rows = mine.iter().map(|o| {
            let needs = o.needs.join(", ");
            let words = [&o.name, &o.title, &o.unit, o.better, &o.cadence, &needs];
            words.map(|w: &str| w.to_owned()).to_vec()
        });
        let head = ["name", "title", "unit", "better", "cadence", "needs"];
        for line in columns(&head, rows).lines() {
            text.extend(["  ", line, "\n"]);
        }
    }
    terminal.print(&text)
}

fn of_theme(name: &str, theme: &Project) -> Vec<Offer> {
    let mut offers = Vec::new();
    let own = |span: Span| theme.sources.get(span.file).path == name;
    for measure in theme.model.measures.iter().filter(|m| own(m.span)) {
        let Some(purpose) = &measure.purpose else { continue };
        let cadences: Vec<&str> = purpose.cadences.iter().map(|c| c.cadence()).collect();
        let needs = measure.lacks.iter().map(|id| theme.model.measure(*id).name.clone());
        offers.push(Offer {
            library: name.to_owned(),
            name: measure.name.clone(),
            kind: "kpi",
            title: measure.title.plain.clone(),
            unit: measure.unit.json(),
            better: match purpose.better {
                Some(Direction::Higher) => "higher",
                Some(Direction::Lower) => "lower",
                Some(Direction::Within) => "within",
                None => "",
            },
            cadence: cadences.join(", "),
            needs: needs.collect(),
            about: measure.about.plain.clone(),
        });
    }
    for block in theme.model.channels.iter().filter(|b| own(b.span)) {
        for channel in &block.channels {
            offers.push(Offer {
                library: name.to_owned(),
                name: format!("{}.{}", block.key, channel.name),
                kind: "channel",
                title: channel.title.plain.clone(),
                unit: String::new(),
                better: "",
                cadence: String::new(),
                needs: Vec::new(),
                about: String::new(),
            });
        }
    }
    offers
}

/// `3% from 2026-07-01` of a whole target property: the reason is long, and stands in the report.
fn value(text: &str) -> &str {
    let text = written(text);
    text.split("because").next().unwrap_or(text).trim()
}

/// A target as written, without its key.
fn written(text: &str) -> &str {
    text.strip_prefix("target:").unwrap_or(text).trim()
}

fn describe(model: &Model, sources: &Sources, measure: &Measure) -> Entry {
    let purpose = measure.purpose.as_deref();
    let file = sources.get(measure.span.file);
    let cadences = purpose.map(|p| p.cadences.iter().map(|c| c.cadence()).collect::<Vec<_>>());
    let goal = purpose.and_then(|p| p.goal).map(|g| model.goals[g.0 as usize].key.clone());
    // The table has room for one: the latest for the total.
    let latest = purpose.and_then(|p| p.targets.iter().rev().find(|t| t.scope.is_none()));
    Entry {
        target: latest.map(|t| value(&t.text).to_owned()).unwrap_or_default(),
        name: measure.name.clone(),
        kind: if purpose.is_some() { "kpi" } else { "metric" },
        title: measure.title.plain.clone(),
        unit: measure.unit.json(),
        cadence: cadences.unwrap_or_default().join(", "),
        targets: purpose
            .map(|p| p.targets.iter().map(|t| written(&t.text).to_owned()).collect())
            .unwrap_or_default(),
        goal: goal.unwrap_or_default(),
        owner: purpose.and_then(|p| p.owner.clone()).unwrap_or_default(),
        formula: measure.formula.as_ref().map(|f| f.text.clone()).unwrap_or_default(),
        place: format!("{}:{}", file.path, file.place(measure.span.start).line),
        library: library(sources, measure).unwrap_or_default(),
        lacks: measure.lacks.iter().map(|id| model.measure(*id).name.clone()).collect(),
    }
}

/// The file of a library that a measure comes from; of one that the project completes the file
/// of its formula.
fn library(sources: &Sources, measure: &Measure) -> Option<String> {
    let spans = std::iter::once(measure.span).chain(measure.formula.as_ref().map(|f| f.span));
    let mut borrowed = spans.filter(|s| sources.is_borrowed(*s));
    borrowed.next().map(|s| sources.get(s.file).path.clone())
}
