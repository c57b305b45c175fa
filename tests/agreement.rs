//! A number is the same wherever it is told: in the report as JSON, Markdown and HTML, in
//! `kpi eval` and in `kpi explain`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::root;

/// What a command prints to standard output.
fn kpi(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_kpi")).args(args).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {told}");
    String::from_utf8(output.stdout).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The rows of a page's tables: each as it is written, and as text.
fn table_rows(html: &str) -> Vec<(&str, String)> {
    let rows = html.split("<tr").skip(1).filter_map(|rest| rest.split("</tr>").next());
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    rows.map(|row| {
        let parts = row.split('<').map(|part| part.split_once('>').map_or("", |(_, text)| text));
        let text: String = parts.collect();
        (row, marks.iter().fold(text, |text, (mark, sign)| text.replace(mark, sign)))
    })
    .collect()
}

/// Compares the reports of a project with `eval`, and with `explain` where it is asked to; gives
/// how many figures were compared and what differs.
fn compare(path: &Path, explains: Explains) -> (usize, Vec<String>) {
    let path = path.to_str().unwrap();
    let out = tempfile::tempdir().unwrap();
    kpi(&["build", path, "--out", out.path().to_str().unwrap()]);
    let Value::Array(rows) = json(&kpi(&["eval", path, "--format", "json"])) else {
        panic!("no array")
    };
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
    let rows: BTreeMap<_, _> =
        rows.iter().map(|row| ((text(&row["kpi"]), text(&row["period"])), row)).collect();
    let (mut count, mut wrong) = (0, Vec::new());
    for file in crate::support::files(out.path(), "json") {
        let report = json(&std::fs::read_to_string(&file).unwrap());
        let markdown = std::fs::read_to_string(file.with_extension("md")).unwrap();
        let html = std::fs::read_to_string(file.with_extension("html")).unwrap();
        let html = table_rows(&html);
        let sections = report["sections"].as_array().unwrap();
        for subject in sections.iter().flat_map(|s| s["kpis"].as_array().unwrap()) {
            count += 1;
            let (name, score) = (text(&subject["name"]), &subject["score"]);
            let period = text(&score["period"]["label"]);
            // Before there is a verdict `eval` has none.
            let status = text(&score["status"]["code"]).filter(|code| code != "pending");
            let told = (text(&score["value"]["raw"]), text(&score["target"]["raw"]), status);
            let row = rows.get(&(name.clone(), period.clone())).copied().unwrap_or(&Value::Null);
            let status = text(&row["status"]).map(|status| status.replace(' ', "_"));
            let found = (text(&row["value"]), text(&row["target"]), status);
            let (name, period) = (name.unwrap(), period.unwrap());
            let mut differs = |what: &str, found: &dyn std::fmt::Debug| {
                wrong.push(format!("{path} {name} {period}: {told:?}, and {what} {found:?}"));
            };
            if told != found {
                differs("eval", &found);
            }
            if explains == Explains::All {
                let explained = kpi(&["explain", path, &name, "--in", &period, "--format", "json"]);
                let explained = text(&json(&explained)["value"]);
                if explained != told.0 {
                    differs("explain", &explained);
                }
            }
            let title = score["title"].as_str().unwrap();
            let shown = score["value"]["text"].as_str().unwrap();
            let head = format!("| {title}");
            if !markdown.lines().any(|line| line.starts_with(&head) && line.contains(shown)) {
                differs("no line of Markdown has", &shown);
            }
            // The drawings tell values as well, so the cell is asked for.
            let cell = told.0.as_ref().map(|raw| format!("<data value=\"{raw}\">{shown}</data>"));
            let shows = |(row, text): &(&str, String)| {
                let cell = cell.as_ref().is_none_or(|cell| row.contains(cell));
                cell && text.contains(title) && text.contains(shown)
            };
            if !html.iter().any(shows) {
                differs("no row of HTML has", &shown);
            }
        }
    }
    (count, wrong)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Explains {
    All,
    None,
}

#[test]
fn a_number_is_the_same_wherever_it_is_told() {
    let (count, wrong) = compare(&root().join("examples/shop"), Explains::All);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 19, "{count} figures were compared");
}

#[test]
fn so_it_is_in_the_corpus() {
    for project in ["shop", "persian", "guides"] {
        let path = root().join("../shared/kpi").join(project);
        if !path.is_dir() {
            continue;
        }
        let (count, wrong) = compare(&path, Explains::None);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(count > 0, "{project}: nothing was compared");
    }
}
