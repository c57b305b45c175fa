//! `--fail-on`: what about the reports is worth stopping for.

use std::collections::BTreeSet;
use std::path::Path;

use clap::ValueEnum;
use serde_json::Value;

use super::args::FailOn;
use crate::driver::Built;
use crate::host::Host;
use crate::host::disk::DiskHost;
use crate::report::tree::{Document, DueKind, ScoreRow, StatusCode};

/// What fires, as `off-track: Cost per click`, each once and in order.
pub(super) fn all(asked: &[FailOn], built: &[&Built], folder: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for on in asked {
        for report in built {
            let word = on.to_possible_value().map_or(String::new(), |v| v.get_name().to_owned());
            let names = fired(*on, &report.document, folder).into_iter();
            let lines = names.map(|name| format!("{word}: {name}"));
            found.extend(lines.filter(|line| seen.insert(line.clone())));
        }
    }
    found
}

/// What a report has of it: titles of KPIs, names of sources.
fn fired(on: FailOn, document: &Document, folder: &str) -> Vec<String> {
    let rows = || document.sections.iter().flat_map(|s| &s.rows);
    let titles = |is: &dyn Fn(&ScoreRow) -> bool| -> Vec<String> {
        rows().filter(|row| is(row)).map(|row| row.title.clone()).collect()
    };
    let due = |is: &dyn Fn(DueKind, bool) -> bool| -> Vec<String> {
        let all = document.due.iter().filter(|d| is(d.kind, d.overdue));
        all.map(|d| d.title.clone()).collect()
    };
    let off = |row: &ScoreRow| row.status.code == StatusCode::OffTrack;
    match on {
        FailOn::OffTrack => titles(&off),
        FailOn::AtRisk => titles(&|row| off(row) || row.status.code == StatusCode::AtRisk),
        FailOn::NewlyOffTrack => {
            let before = off_before(folder, &document.name);
            titles(&|row| off(row) && !before.contains(&row.kpi))
        }
        FailOn::Stale => due(&|kind, _| kind == DueKind::Stale),
        FailOn::ReviewDue => due(&|kind, overdue| kind == DueKind::Review && overdue),
    }
}

/// The KPIs that are off track in the JSON of the report that is about to be replaced; none
/// without one: what is off track then is news.
fn off_before(folder: &str, name: &str) -> BTreeSet<String> {
    let path = Path::new(folder).join(format!("{name}.json"));
    let read = || {
        let (host, below) = DiskHost::around(&path).ok()?;
        serde_json::from_slice::<Value>(&host.read(&below).ok()?).ok()
    };
    let before = read().unwrap_or_default();
    let sections = before["sections"].as_array().into_iter().flatten();
    let rows = sections.flat_map(|s| s["rows"].as_array().into_iter().flatten());
    let off = rows.filter(|row| row["status"]["code"] == "off_track");
    off.filter_map(|row| row["kpi"].as_str().map(str::to_owned)).collect()
}
