//! `kpi list`

use std::path::Path;

use serde::Serialize;

use super::args::{ListArgs, ListFormat};
use super::output::{Terminal, columns};
use super::{FAILED, FINE};
use crate::driver;
use crate::host::disk::DiskHost;
use crate::model::{Measure, Model};
use crate::source::Sources;

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
}

/// Prints what a project defines.
pub(super) fn run(args: &ListArgs, terminal: &mut Terminal) -> u8 {
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
        ListFormat::Json => {
            let text = serde_json::to_string_pretty(&entries).unwrap_or_default();
            terminal.print(&format!("{text}\n"))
        }
        ListFormat::Table if entries.is_empty() => {
            terminal.say("no metrics and no KPIs\n");
            FINE
        }
        ListFormat::Table => {
            let head = ["kind", "name", "title", "unit", "cadence", "target", "goal", "owner"];
            let rows = entries.into_iter().map(|e| {
                let target = e.target;
                vec![e.kind.to_owned(), e.name, e.title, e.unit, e.cadence, target, e.goal, e.owner]
            });
            terminal.print(&columns(&head, rows))
        }
    }
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
    }
}
