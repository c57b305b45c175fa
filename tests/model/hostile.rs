//! Specs that nobody writes by hand: long chains, diamonds, cycles, deep brackets.

use std::fmt::Write;
use std::time::{Duration, Instant};

use super::support::{check, one};

const SOURCE: &str = "source web {\n  inline: \"\"\"\n    date,visits\n    2026-06-01,1\n  \"\"\"\n  \
                      date: date\n}\n";

/// Runs it on a stack of the size that threads have, and holds it to a time that only something
/// far from linear takes.
fn fast(text: String) -> Vec<String> {
    let start = Instant::now();
    let told = std::thread::spawn(move || one(&text).told()).join().unwrap();
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    told
}

#[test]
fn a_chain_of_twenty_thousand_measures() {
    let mut text = format!("{SOURCE}metric m0 = sum(web.visits)\n");
    for at in 1..20_000 {
        writeln!(text, "metric m{at} = m{} + 1", at - 1).unwrap();
    }
    assert_eq!(fast(text), [""; 0]);
}

#[test]
fn a_chain_that_is_written_backwards() {
    let mut text = String::from(SOURCE);
    for at in 0..20_000 {
        writeln!(text, "metric m{at} = m{} * 2", at + 1).unwrap();
    }
    text.push_str("metric m20000 = sum(web.visits)\n");
    assert_eq!(fast(text), [""; 0]);
}

#[test]
fn a_cycle_of_twenty_thousand_steps() {
    let mut text = String::new();
    for at in 0..20_000 {
        writeln!(text, "metric m{at} = m{} + 1", (at + 1) % 20_000).unwrap();
    }
    let told = fast(text);
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("`m63`, 19936 more, `m0`"), "{}", told[0]);
}

#[test]
fn diamonds_on_diamonds() {
    let mut text = format!("{SOURCE}metric m0 = sum(web.visits)\n");
    for at in 1..5_000 {
        let b = at - 1;
        writeln!(text, "metric m{at} = m{b} + m{b} * m{b}").unwrap();
    }
    assert_eq!(fast(text), [""; 0]);
}

#[test]
fn lists_in_lists() {
    let mut text = format!("{SOURCE}list l0 = \"a\"\n");
    for at in 1..5_000 {
        let b = at - 1;
        writeln!(text, "list l{at} = l{b}, l{b}, \"x{at}\"").unwrap();
    }
    text.push_str("metric m = sum(web.visits where device in l4999)\n");
    assert_eq!(
        fast(text),
        ["5008 K2003 source `web` has no column `device` [its headers are `date`, `visits`]"]
    );
}

#[test]
fn columns_on_columns() {
    let mut text = String::from("source web {\n  csv: \"x.csv\"\n  date: date\n  columns {\n");
    for at in 0..5_000 {
        writeln!(text, "    c{at}: number = c{} + 1", at + 1).unwrap();
    }
    text.push_str("    c5000: number\n  }\n}\nmetric m = sum(web.c0)\n");
    assert_eq!(fast(text), [""; 0]);
}

#[test]
fn brackets_as_deep_as_the_syntax_allows() {
    let (open, close) = ("(1 + ".repeat(120), ")".repeat(120));
    assert_eq!(fast(format!("{SOURCE}metric m = {open}sum(web.visits){close}\n")), [""; 0]);
    let (open, close) = ("(1 + ".repeat(120), ")".repeat(120));
    assert_eq!(fast(format!("{SOURCE}metric m = sum(web.visits * {open}1{close})\n")), [""; 0]);
    let calls = format!("{}web.visits{}", "abs(".repeat(118), ")".repeat(118));
    assert_eq!(fast(format!("{SOURCE}metric m = sum({calls})\n")), [""; 0]);
}

#[test]
fn unknown_names_by_the_thousand() {
    let mut text = String::from(SOURCE);
    for at in 0..20_000 {
        writeln!(text, "metric name_{at} = nowhere_{at}").unwrap();
    }
    assert_eq!(fast(text).len(), 20_000);
}

#[test]
fn a_large_project_is_checked_at_once() {
    let mut files: Vec<(String, String)> = Vec::new();
    for file in 0..100 {
        let mut text = SOURCE.replace("web", &format!("s{file}"));
        for at in 0..10 {
            writeln!(
                text,
                "kpi k{file}_{at} \"Title {at}\" {{\n  formula: sum(s{file}.visits where date >= \
                 2026-01-01) / count(s{file})\n  better:  higher\n  target:  {at} from 2026-01-01\n  \
                 cadence: monthly\n}}"
            )
            .unwrap();
        }
        files.push((format!("f{file}.kpi"), text));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let start = Instant::now();
    let checked = check(&files);
    let taken = start.elapsed();
    assert_eq!(checked.told(), [""; 0]);
    assert!(taken < Duration::from_secs(30), "{taken:?}");
    assert_eq!(checked.model.kpis().count(), 1_000);
}
