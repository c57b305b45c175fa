//! `kpi build --due` and `--summary`: what a job in CI asks for each night.

use std::fs;
use std::path::Path;

use super::{DATA, SPEC, kpi};

const REPORTS: &str = r#"
report monthly "Month | by month" {
  cadence: monthly
  section "All" {
    kpis: conversion_rate
  }
}

report weekly "Week" {
  cadence: weekly
}
"#;

fn project(folder: &Path) {
    fs::write(folder.join("shop.kpi"), format!("{SPEC}{REPORTS}")).unwrap();
    fs::write(folder.join("web.csv"), DATA).unwrap();
}

#[test]
fn a_report_is_due_on_the_day_after_its_period() {
    let place = tempfile::tempdir().unwrap();
    project(place.path());
    let built = |day: &str| {
        let said = kpi(place.path(), &["build", "--due", "--as-of", day, "--format", "json"]);
        assert_eq!(said.code, 0, "{}", said.err);
        let pages: Vec<String> = said.out.lines().map(ToOwned::to_owned).collect();
        (pages, said.err)
    };
    // A Wednesday, a Monday, the first of a month, and one that is a Monday.
    let (none, told) = built("2026-06-17");
    assert_eq!(none, [""; 0]);
    assert_eq!(told, "no report is due on 2026-06-17: no period of any ended before\n");
    assert_eq!(built("2026-06-15").0, ["out/weekly.json"]);
    assert_eq!(built("2026-07-01").0, ["out/monthly.json"]);
    assert_eq!(built("2026-06-01").0, ["out/monthly.json", "out/weekly.json"]);
    let said = kpi(place.path(), &["build", "--due", "--report", "weekly"]);
    assert_eq!(said.code, 2, "{}", said.err);
}

#[test]
fn a_summary_is_added_to_its_file() {
    let place = tempfile::tempdir().unwrap();
    project(place.path());
    let file = place.path().join("summary.md");
    fs::write(&file, "before\n").unwrap();
    let args = ["build", "--report", "monthly", "--format", "json", "--summary", "summary.md"];
    let said = kpi(place.path(), &[&args[..], &["--fail-on", "off-track,at-risk"]].concat());
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("before\n"), "{text}");
    // What is written by people cannot break the table.
    assert!(text.contains("### Month \\| by month, "), "{text}");
    let row = text.lines().find(|line| line.contains("Conversion rate"));
    let row = row.unwrap_or_else(|| panic!("{}\n{text}", said.err));
    assert_eq!(row.matches('|').count(), 6, "{row}");
    if said.code == 3 {
        assert!(text.contains("- **off-track: ") || text.contains("- **at-risk: "), "{text}");
    }
    let said = kpi(place.path(), &[&args[..6], &["nowhere/summary.md"]].concat());
    assert_eq!(said.code, 1);
    assert!(said.err.contains("nowhere/summary.md"), "{}", said.err);
}
