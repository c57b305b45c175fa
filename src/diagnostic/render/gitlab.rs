//! For the page of a merge request in GitLab: its report of code quality.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use serde_json::{Value, json};

use super::super::{Diagnostic, Diagnostics, Severity};
use crate::source::Sources;

/// All diagnostics as one array. A diagnostic is known again by its fingerprint, which no line that
/// comes before it changes.
pub fn gitlab(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut seen: BTreeMap<u64, usize> = BTreeMap::new();
    let entries: Vec<Value> =
        diagnostics.sorted().into_iter().map(|found| entry(found, sources, &mut seen)).collect();
    format!("{:#}\n", Value::Array(entries))
}

fn entry(found: &Diagnostic, sources: &Sources, seen: &mut BTreeMap<u64, usize>) -> Value {
    let spec = found.span().map(|span| {
        let file = sources.get(span.file);
        (file.path.clone(), u64::from(file.place(span.start).line))
    });
    let data = found.data.as_ref().map(|place| (place.path.clone(), place.line.max(1)));
    let (path, line) = data.or(spec).unwrap_or_else(|| (".".to_owned(), 1));
    let mut hasher = FxHasher::default();
    (found.code.id, &path, &found.message).hash(&mut hasher);
    let known = hasher.finish();
    // The same thing said of two places of a file is two.
    let turn = seen.entry(known).or_default();
    *turn += 1;
    let text = match &found.help {
        Some(help) => format!("{}; {help}", found.message),
        None => found.message.clone(),
    };
    json!({
        "description": text,
        "check_name": format!("{} {}", found.code.id, found.code.name),
        "fingerprint": format!("{known:016x}-{turn}"),
        "severity": match found.severity {
            Severity::Error => "critical",
            Severity::Warning => "minor",
        },
        "location": { "path": path, "lines": { "begin": line } },
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::codes;
    use super::*;

    #[test]
    fn an_entry_is_known_again_when_lines_come_before_it() {
        let of = |text: &str| -> Vec<(String, u64)> {
            let mut sources = Sources::default();
            let id = sources.add("shop.kpi", text);
            let mut all = Diagnostics::default();
            let file = &sources.get(id).text;
            for (at, _) in file.match_indices("unti") {
                let span = crate::source::Span::new(id, at, at + 4);
                all.push(Diagnostic::new(&codes::UNKNOWN_PROPERTY, "no `unti`").at(span, "here"));
            }
            let found: Value = serde_json::from_str(&gitlab(&all, &sources)).unwrap();
            let entries = found.as_array().unwrap().iter();
            entries
                .map(|e| {
                    assert_eq!(
                        (&e["severity"], &e["location"]["path"]),
                        (&"critical".into(), &"shop.kpi".into())
                    );
                    let line = e["location"]["lines"]["begin"].as_u64().unwrap();
                    (e["fingerprint"].as_str().unwrap().to_owned(), line)
                })
                .collect()
        };
        let (once, later) = (of("unti\nunti\n"), of("\n\nunti\nunti\n"));
        assert_eq!(once.iter().map(|e| e.1).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(later.iter().map(|e| e.1).collect::<Vec<_>>(), [3, 4]);
        assert_ne!(once[0].0, once[1].0);
        assert_eq!(
            once.iter().map(|e| &e.0).collect::<Vec<_>>(),
            later.iter().map(|e| &e.0).collect::<Vec<_>>()
        );
    }
}
