//! The summary of a run for the page of a CI job: what moved, worst first, small enough for it.

use super::escape::{Kind, escape};
use super::words_of;
use crate::report::Document;
use crate::report::tree::{ScoreRow, StatusCode};

/// The most bytes that a job's summary may have: GitHub refuses the whole of a larger one.
const MOST: usize = 1 << 20;

/// Reports as one Markdown text: a table of KPIs each, off track first, then at risk. Where all of
/// it is too much, the rows that stand best are left out, and it says how many.
pub fn summary(documents: &[&Document], alarms: &[String]) -> String {
    let mut room = MOST - 4096;
    let mut out = String::new();
    for alarm in alarms {
        room = room.saturating_sub(alarm.len() + 16);
        out.extend(["- **", &text(alarm), "**\n"]);
    }
    if !alarms.is_empty() {
        out.push('\n');
    }
    for document in documents {
        let heads = format!(
            "### {}, {}\n\n{}\n\n",
            text(&document.title),
            text(&document.period.text),
            text(&document.state.text)
        );
        let labels = words_of(&document.language.tag).labels();
        let label = |name: &str| labels.get(name).map_or(String::new(), |label| text(label));
        let change = document.comparisons.first().map(|c| text(&c.heading)).unwrap_or_default();
        let table = format!(
            "| {} | {} | {} | {} | {change} |\n|---|---|---:|---:|---:|\n",
            label("status"),
            label("kpi"),
            label("value"),
            label("target"),
        );
        let mut rows: Vec<&ScoreRow> = document.sections.iter().flat_map(|s| &s.rows).collect();
        rows.sort_by_key(|row| rank(row.status.code));
        let lines: Vec<String> = rows.iter().map(|row| line(row)).collect();
        let mut kept = 0;
        room = room.saturating_sub(heads.len() + table.len() + 200);
        while let Some(line) = lines.get(kept).filter(|line| line.len() <= room) {
            room -= line.len();
            kept += 1;
        }
        out.push_str(&heads);
        if kept > 0 {
            out.push_str(&table);
            out.extend(lines[..kept].iter().map(String::as_str));
        }
        if kept < lines.len() {
            let left = (lines.len() - kept).to_string();
            out.extend(["\n… ", &left, " more\n"]);
        }
        out.push('\n');
        if out.len() > MOST - 4096 {
            break;
        }
    }
    out
}

fn text(text: &str) -> String {
    escape(text, Kind::Markdown)
}

fn rank(status: StatusCode) -> u8 {
    match status {
        StatusCode::OffTrack => 0,
        StatusCode::AtRisk => 1,
        StatusCode::OnTrack => 2,
        _ => 3,
    }
}

/// Status, title, value, target, and the change against the first comparison.
fn line(row: &ScoreRow) -> String {
    let mark = match row.status.code {
        StatusCode::OffTrack => "🔴 ",
        StatusCode::AtRisk => "🟡 ",
        StatusCode::OnTrack => "🟢 ",
        _ => "",
    };
    let target = row.target.as_ref().map(|t| text(&t.text)).unwrap_or_default();
    let change = row.changes.first().map(|c| text(&c.text)).unwrap_or_default();
    format!(
        "| {mark}{} | {} | {} | {target} | {change} |\n",
        text(&row.status.word),
        text(&row.title),
        text(&row.value.text),
    )
}
