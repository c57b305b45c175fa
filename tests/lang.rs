//! Literate tests: `tests/lang/**/*.md`, and the recipes of `docs/cookbook.md`.
//!
//! Every heading begins a test of its own; what stands before the first one belongs to all.
//! - A `kpi` fence is a file (`main.kpi`, or the name behind the word). A comment at the end of a
//!   line, `# error: K3001` or `# warning: K9001`, says what must be found on that line; nothing
//!   else may be found, lint warnings aside.
//! - Any other fence with a name (`csv web.csv`) is a file.
//! - An `eval` fence holds what `kpi eval` answers: one line a value,
//!   `name period [dim=member ...] = value unit [target TARGET] [STATUS]`; the arguments
//!   (`kpi=a,b by=device every=weekly from=2026-06 to=2026-06 as_of=2026-06-12`) stand behind the word.
//! - A `test` fence holds what becomes of the lines of the `test` blocks:
//!   `holds LINE` or `fails LINE` and, of those that fail, what was found:
//!   `: [dim=member] VALUE [off by DIFFERENCE]`.
//! - A `message` fence must stand in the messages, word for word.

use std::collections::BTreeSet;

use sanjeh::diagnostic::render::{Style, human};
use sanjeh::diagnostic::{Diagnostics, Severity};
use sanjeh::driver::{self, Project};
use sanjeh::eval::Outcome;
use sanjeh::eval::table::{Question, Row};
use sanjeh::host::memory::MemoryHost;
use sanjeh::model::Model;
use sanjeh::syntax::fold_name;
use sanjeh::time::Grain;
use sanjeh::value::Number;

use crate::support::{Fence, diagnose, fences, files, host_of, root, rows};

#[test]
fn every_page_holds() {
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut pages = files(&root().join("tests/lang"), "md");
    pages.push(root().join("docs/cookbook.md"));
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        let all = fences(&text);
        let headings: Vec<String> = {
            let mut seen = BTreeSet::new();
            all.iter().map(|f| f.heading.clone()).filter(|h| seen.insert(h.clone())).collect()
        };
        // The title of the page is its first heading.
        let title = text.lines().next().unwrap_or_default().trim_start_matches('#').trim();
        for heading in headings.iter().filter(|h| *h != title || headings.len() == 1) {
            let mine: Vec<&Fence> =
                all.iter().filter(|f| f.heading == *heading || f.heading == title).collect();
            count += 1;
            if let Err(why) = check(&mine) {
                wrong.push(format!("{} · {heading}\n{why}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(count > 0, "no literate test was found");
}

fn check(fences: &[&Fence]) -> Result<(), String> {
    let is_file = |f: &&&Fence| !matches!(f.language.as_str(), "eval" | "message" | "test");
    let host = host_of(fences.iter().filter(is_file).copied());
    let (project, found) = diagnose(&host);
    let mut all = Diagnostics::default();
    all.extend(found.clone());
    let shown = human(&all, &project.sources, Style::Plain);
    let mut expected = Vec::new();
    for fence in fences.iter().filter(|f| f.language == "kpi") {
        let name = if fence.rest.is_empty() { "main.kpi" } else { &fence.rest };
        for (i, line) in fence.text.lines().enumerate() {
            for (mark, severity) in
                [("# error: ", Severity::Error), ("# warning: ", Severity::Warning)]
            {
                if let Some((_, codes)) = line.split_once(mark) {
                    for code in codes.split(',') {
                        expected.push((
                            name.to_owned(),
                            i as u32 + 1,
                            severity,
                            code.trim().to_owned(),
                        ));
                    }
                }
            }
        }
    }
    let mut told: Vec<_> = found
        .iter()
        .map(|d| {
            let place = d.span().map(|s| {
                let file = project.sources.get(s.file);
                (file.path.clone(), file.place(s.start).line)
            });
            let (path, line) = place.unwrap_or_default();
            (path, line, d.severity, d.code.id.to_owned())
        })
        .filter(|t| !t.3.starts_with("K9") || expected.contains(t))
        .collect();
    expected.sort();
    told.sort();
    if told != expected {
        return Err(format!("expected {expected:?}\nfound {told:?}\n{shown}"));
    }
    for fence in fences.iter().filter(|f| f.language == "message") {
        if !shown.contains(fence.text.trim_end()) {
            return Err(format!("the messages lack:\n{}\nthey are:\n{shown}", fence.text));
        }
    }
    for fence in fences.iter().filter(|f| f.language == "eval") {
        let question = question(&fence.rest, &project.model)?;
        let answer: String = rows(&host, &question).iter().map(line).collect();
        if answer != fence.text {
            return Err(format!("line {}: expected\n{}found\n{answer}", fence.line, fence.text));
        }
    }
    for fence in fences.iter().filter(|f| f.language == "test") {
        let answer = tested(&host, &project, &fence.rest)?;
        if answer != fence.text {
            return Err(format!("line {}: expected\n{}found\n{answer}", fence.line, fence.text));
        }
    }
    Ok(())
}

/// What becomes of the lines of the tests.
fn tested(host: &MemoryHost, project: &Project, words: &str) -> Result<String, String> {
    let as_of = question(words, &project.model)?.as_of;
    let mut out = Diagnostics::default();
    let all = driver::test(host, project, as_of, &mut out).expect("memory does not fail");
    let all = all.ok_or_else(|| human(&out, &project.sources, Style::Plain))?;
    let mut text = String::new();
    for (line, checked) in all.iter().flat_map(|t| &t.lines) {
        let fails: Vec<String> = checked
            .findings
            .iter()
            .filter(|f| f.outcome == Outcome::Fails)
            .map(|f| {
                let member = |m: &Option<String>| m.clone().unwrap_or_else(|| "(none)".to_owned());
                let by = f.slice.0.iter().map(|(d, m)| format!("{d}={}", member(m)));
                let mut words: Vec<String> = by.collect();
                words.push(f.point.value.known().map_or_else(|| "-".to_owned(), Number::to_plain));
                words.extend(f.difference.as_ref().map(|d| format!("off by {}", d.to_plain())));
                words.join(" ")
            })
            .collect();
        let (word, found) = match checked.outcome {
            Outcome::Holds => ("holds", String::new()),
            Outcome::Fails if fails.is_empty() => ("fails", ": no member".to_owned()),
            Outcome::Fails => ("fails", format!(": {}", fails.join("; "))),
        };
        text.extend([word, " ", &line.text, &found, "\n"]);
    }
    Ok(text)
}

fn line(row: &Row) -> String {
    let mut words = vec![row.kpi.clone(), row.period.clone()];
    for (dimension, member) in &row.by {
        words.push(format!("{dimension}={}", member.as_deref().unwrap_or("(none)")));
    }
    let value = row.value.clone().unwrap_or_else(|| "-".to_owned());
    words.extend(["=".to_owned(), value, row.unit.clone()]);
    words.extend(row.target.iter().map(|t| format!("target {t}")));
    words.extend(row.status.clone());
    if !row.complete {
        words.push("partial".to_owned());
    }
    format!("{}\n", words.join(" "))
}

fn question(words: &str, model: &Model) -> Result<Question, String> {
    let calendar = &model.settings.calendar;
    let mut question = Question::default();
    for word in words.split_whitespace() {
        let (key, value) = word.split_once('=').ok_or_else(|| format!("not KEY=VALUE: {word}"))?;
        let period = || calendar.parse_label(value).ok_or_else(|| format!("not a period: {value}"));
        match key {
            "kpi" => {
                for name in value.split(',') {
                    let id = model.find(&fold_name(name));
                    question.measures.push(id.ok_or_else(|| format!("no measure {name}"))?);
                }
            }
            "by" => question.by = value.split(',').map(fold_name).collect(),
            "every" => question.every = Grain::from_cadence(value),
            "from" => question.from = Some(period()?.start),
            "to" => question.to = Some(period()?.end),
            "as_of" => question.as_of = Some(period()?.end),
            _ => return Err(format!("no such key: {key}")),
        }
    }
    Ok(question)
}
