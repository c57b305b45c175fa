//! For code scanning: SARIF 2.1.0.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::super::{Code, Diagnostic, Diagnostics};
use crate::source::{Sources, Span};

/// So many results are taken in by those who read the format.
const MOST: usize = 5000;

/// All diagnostics as one log of one run. Paths are relative to the root of the repository;
/// columns count characters.
pub fn sarif(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut all = diagnostics.sorted();
    // Errors first: where not all can be kept, it is warnings that go.
    all.sort_by_key(|d| d.severity);
    all.truncate(MOST);
    let mut codes: Vec<&Code> = all.iter().map(|d| d.code).collect();
    codes.sort_by_key(|c| c.id);
    codes.dedup();
    let results: Vec<Value> = all.iter().map(|d| result(d, &codes, sources)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "kpi",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|c| rule(c)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rule(code: &Code) -> Value {
    let title = code.page.lines().skip(1).find(|l| !l.trim().is_empty()).unwrap_or(code.name);
    json!({
        "id": code.id,
        "name": code.name,
        "shortDescription": { "text": title },
        "help": { "text": code.page, "markdown": code.page },
        "defaultConfiguration": { "level": code.severity.word() },
    })
}

fn result(diagnostic: &Diagnostic, codes: &[&Code], sources: &Sources) -> Value {
    let mut text = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        text.extend(["\n", help]);
    }
    let mut result = json!({
        "ruleId": diagnostic.code.id,
        "ruleIndex": codes.iter().position(|c| c.id == diagnostic.code.id),
        "level": diagnostic.severity.word(),
        "message": { "text": text },
        "locations": place(diagnostic, sources).into_iter().collect::<Vec<_>>(),
    });
    let related = diagnostic.labels.iter().skip(usize::from(diagnostic.data.is_none()));
    let related: Vec<Value> = related
        .map(|label| {
            let mut place = location(sources, label.span);
            place["message"] = json!({ "text": label.text });
            place
        })
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = Value::Array(related);
    }
    if let Some(fix) = &diagnostic.fix {
        let changes = fix.edits.iter().map(|edit| {
            let physical = &location(sources, edit.span)["physicalLocation"];
            json!({
                "artifactLocation": physical["artifactLocation"],
                "replacements": [{
                    "deletedRegion": physical["region"],
                    "insertedContent": { "text": edit.text },
                }],
            })
        });
        result["fixes"] = json!([{
            "description": { "text": fix.title },
            "artifactChanges": changes.collect::<Vec<_>>(),
        }]);
    }
    result
}

/// Where it is: in the data, or else in the spec.
fn place(diagnostic: &Diagnostic, sources: &Sources) -> Option<Value> {
    let Some(data) = &diagnostic.data else {
        return diagnostic.span().map(|span| location(sources, span));
    };
    let mut region = json!({ "startLine": data.line.max(1) });
    if data.column > 0 {
        region["startColumn"] = json!(data.column);
    }
    Some(json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&data.path) },
        "region": region,
    }}))
}

fn location(sources: &Sources, span: Span) -> Value {
    let file = sources.get(span.file);
    let (start, end) = (file.place(span.start), file.place(span.end));
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&file.path) },
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    }})
}

/// A relative path as a reference of RFC 3986.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes;

    #[test]
    fn a_log_has_rules_results_and_fixes() {
        let mut sources = Sources::default();
        let id = sources.add("kpis/فروش 1.kpi", "kpi a {\n  unti: count\n}\n");
        let at = sources.span_of(id, "unti").unwrap();
        let mut all = Diagnostics::default();
        all.push(Diagnostic::new(&codes::NO_SPEC, "nothing there"));
        let unknown = Diagnostic::new(&codes::UNKNOWN_PROPERTY, "a kpi has no property `unti`");
        all.push(unknown.at(at, "here").at(at, "and here").suggest("`unit`?", at, "unit"));
        let log: Value = serde_json::from_str(&sarif(&all, &sources)).unwrap();
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        let ids: Vec<&Value> =
            run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|r| &r["id"]).collect();
        assert_eq!(ids, ["K1001", "K7001"]);
        let found = &run["results"][0];
        assert_eq!((&found["ruleId"], &found["level"]), (&json!("K1001"), &json!("error")));
        let physical = &found["locations"][0]["physicalLocation"];
        assert_eq!(physical["artifactLocation"]["uri"], "kpis/%D9%81%D8%B1%D9%88%D8%B4%201.kpi");
        let region = json!({"startLine": 2, "startColumn": 3, "endLine": 2, "endColumn": 7});
        assert_eq!(physical["region"], region);
        assert_eq!(found["relatedLocations"][0]["message"]["text"], "and here");
        let change = &found["fixes"][0]["artifactChanges"][0];
        assert_eq!(change["replacements"][0]["insertedContent"]["text"], "unit");
        assert_eq!(run["results"][1]["locations"], json!([]));
        assert_eq!(run["results"][1]["ruleIndex"], 1);
    }
}
