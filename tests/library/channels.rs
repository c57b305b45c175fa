//! The channel rules of the library, row by row.

use std::fmt::Write;

use sanjeh::driver;
use sanjeh::eval::table::Question;
use sanjeh::host::memory::MemoryHost;

use crate::support::{root, rows};

/// Source, medium and campaign, and the title of the channel that is due.
struct Vector {
    parts: [String; 3],
    due: String,
}

fn vectors(text: &str) -> Vec<Vector> {
    let lines = text.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty());
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let cell = |at: usize| cells[at].to_owned();
            Vector { parts: [cell(0), cell(1), cell(2)], due: cell(3) }
        })
        .collect()
}

/// What the rules of a block make of each row, by title.
fn sorted(block: &str, all: &[Vector], extra: &str) -> Vec<String> {
    let mut csv = "day,row,source,medium,campaign\n".to_owned();
    for (at, vector) in all.iter().enumerate() {
        writeln!(csv, "2026-06-01,{at},{}", vector.parts.join(",")).unwrap();
    }
    let spec = format!(
        "{extra}\nsource web {{\n  csv: \"web.csv\"\n  date: day\n  rows: events\n  columns {{\n    \
         row: id\n    found: text = {block}(source, medium, campaign)\n  }}\n}}\n\n\
         metric rows = count(web)\n"
    );
    let host = MemoryHost::new([("main.kpi", spec.as_bytes()), ("web.csv", csv.as_bytes())]);
    let model = driver::load(&host, "").unwrap().model;
    let question = Question {
        measures: vec![model.find("rows").unwrap()],
        by: vec!["row".to_owned(), "found".to_owned()],
        ..Question::default()
    };
    let mut titles = vec![String::new(); all.len()];
    for row in rows(&host, &question) {
        let member = |at: usize| row.by[at].1.clone();
        let Some(at) = member(0) else { continue };
        let name = member(1).unwrap();
        let channels = model.channels.iter().filter(|b| b.key == block).flat_map(|b| &b.channels);
        let title = channels.into_iter().find(|c| c.name == name).unwrap().title.plain.clone();
        titles[at.parse::<usize>().unwrap()] = title;
    }
    titles
}

fn check(block: &str, all: &[Vector]) {
    let found = sorted(block, all, "");
    let wrong: Vec<String> = all
        .iter()
        .zip(&found)
        .filter(|(vector, found)| vector.due != **found)
        .map(|(vector, found)| format!("{:?}: {found}, due {}", vector.parts, vector.due))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(all.len() > 20);
}

#[test]
fn the_rules_of_ga4_hold_for_own_rows() {
    check("ga4", &vectors(include_str!("ga4.tsv")));
}

#[test]
fn the_rules_of_ua_hold_for_own_rows() {
    check("ua", &vectors(include_str!("ua.tsv")));
}

/// The vectors beside a checkout, where they are: those that speak of GA4 by source and medium.
#[test]
fn the_rules_of_ga4_hold_for_known_rows() {
    let path = root().join("../shared/data/channel_vectors.tsv");
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let all: Vec<Vector> = text
        .lines()
        .filter(|l| l.starts_with("dbt-ga4"))
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let cell = |at: usize| cells[at].to_owned();
            Vector { parts: [cell(1), cell(2), cell(3)], due: cell(5) }
        })
        .collect();
    check("ga4", &all);
}

/// A list of the project under the library's name stands for it.
#[test]
fn sources_can_be_added() {
    let row = |source: &str| Vector {
        parts: [source.to_owned(), "cpc".to_owned(), String::new()],
        due: String::new(),
    };
    let all = [row("zarebin.ir"), row("google")];
    assert_eq!(sorted("ga4", &all, ""), ["Paid Other", "Paid Search"]);
    let list = "list ga4_search = std.search_engines, \"zarebin.ir\"\n";
    assert_eq!(sorted("ga4", &all, list), ["Paid Search", "Paid Search"]);
}

/// Two blocks that share a name, each by its own column: the scorecard keeps them apart.
#[test]
fn the_scorecard_keeps_blocks_apart() {
    let spec = r#"
channels marketing(medium) {
  email "Our e-mail" when medium =~ /^(e-mail|newsletter)$/
}

source web {
  inline: """
    date,source,medium,campaign,visits
    2026-06-01,x,e-mail,,5
    2026-06-02,x,newsletter,,7
    2026-06-03,x,email,,11
  """
  date: date
  covers: 2026-06-01 to 2026-06-30
  columns {
    visits:   count
    standard: text = ga4(source, medium, campaign)
    channel:  text = marketing(medium)
  }
}

kpi visits "Visits" {
  formula:  sum(web.visits)
  channels: email, ga4.email
}
"#;
    let host = MemoryHost::new([("main.kpi", spec.as_bytes())]);
    let project = driver::load(&host, "").unwrap();
    let specs = driver::reports(&project.model);
    let specs: Vec<_> = specs.iter().collect();
    let mut out = sanjeh::diagnostic::Diagnostics::default();
    let built = driver::build(&host, &project, &specs, &[], None, &mut out).unwrap().unwrap();
    let groups: Vec<(String, String)> = built[0]
        .document
        .channels
        .iter()
        .map(|g| (g.title.clone(), g.rows[0].value.text.clone()))
        .collect();
    let due = [("Our e-mail", "12"), ("Email", "16")];
    assert_eq!(groups, due.map(|(a, b)| (a.to_owned(), b.to_owned())));
}
