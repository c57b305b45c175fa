//! The invariants of ARCHITECTURE.md, proved over the sources themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which modules a module may import, from the module map.
const LAYERS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("diagnostic", &["source"]),
    ("host", &["source"]),
    ("syntax", &["source", "diagnostic"]),
    ("order", &[]),
    ("library", &["source", "diagnostic", "host", "syntax", "order"]),
    ("format", &["source", "syntax", "diagnostic"]),
    ("changes", &["source", "syntax", "diagnostic"]),
    ("init", &["source", "syntax", "host", "time", "value"]),
    ("time", &[]),
    ("value", &[]),
    ("model", &["source", "syntax", "order", "time", "value", "diagnostic"]),
    ("plan", &["source", "model", "time", "value", "diagnostic"]),
    ("engine", &["source", "plan", "host", "value", "time", "diagnostic"]),
    ("eval", &["source", "plan", "model", "engine", "time", "value", "diagnostic"]),
    ("report", &["source", "model", "eval", "engine", "time", "value", "diagnostic"]),
    ("render", &["source", "report", "host", "time", "value", "diagnostic"]),
    ("lint", &["source", "syntax", "model", "time", "value", "diagnostic"]),
    (
        "driver",
        &[
            "source",
            "diagnostic",
            "host",
            "syntax",
            "changes",
            "library",
            "lint",
            "format",
            "model",
            "plan",
            "engine",
            "eval",
            "report",
            "render",
            "time",
            "value",
        ],
    ),
    ("watch", &[]),
    ("serve", &[]),
    (
        "cli",
        &[
            "watch",
            "serve",
            "source",
            "diagnostic",
            "host",
            "driver",
            "syntax",
            "changes",
            "init",
            "format",
            "model",
            "eval",
            "report",
            "render",
            "time",
            "value",
        ],
    ),
];

/// Words that may stand in some modules only.
const CONFINED: &[(&str, &[&str])] = &[
    ("pest::", &["syntax"]),
    ("pest_derive", &["syntax"]),
    ("minijinja", &["render"]),
    ("clap", &["cli"]),
    ("notify", &["watch", "cli"]),
    ("axum", &["serve"]),
    ("hyper", &["serve"]),
    ("tokio", &["serve"]),
    ("imara_diff", &["format"]),
    ("annotate_snippets", &["diagnostic"]),
    ("std::fs", &["host"]),
    ("SystemTime", &["host"]),
    ("std::env", &["host", "cli"]),
    ("process::Command", &["host"]),
    ("println!", &[]),
    ("unsafe ", &[]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The code of each module, by name: comments, texts and the tests at a file's end left out.
fn modules() -> BTreeMap<String, Vec<(PathBuf, String)>> {
    let src = root().join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    files.sort();
    let mut modules: BTreeMap<String, Vec<(PathBuf, String)>> = BTreeMap::new();
    for path in files {
        let inner = path.strip_prefix(&src).unwrap();
        let first = inner.iter().next().unwrap().to_string_lossy();
        let module = first.trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let code: String = code
            .lines()
            .filter(|l| !l.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        modules.entry(module).or_default().push((inner.to_owned(), code));
    }
    modules
}

/// The modules of the crate that a file names: `crate::x` and `crate::{x, y::z}`.
fn imports(code: &str) -> BTreeSet<String> {
    let word = |text: &str| -> String {
        text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => {
                let mut depth = 0;
                let mut fresh = true;
                for (i, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => fresh = true,
                        c if fresh && !c.is_whitespace() => {
                            found.insert(word(&list[i..]));
                            fresh = false;
                        }
                        _ => {}
                    }
                }
            }
            None => {
                found.insert(word(rest));
            }
        }
    }
    found.remove("");
    found
}

#[test]
fn imports_follow_the_module_map() {
    let layers: BTreeMap<&str, &[&str]> = LAYERS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (module, files) in modules() {
        if module == "lib" || module == "main" {
            continue;
        }
        let Some(allowed) = layers.get(module.as_str()) else {
            wrong.push(format!("module `{module}` is not in the map"));
            continue;
        };
        for (path, code) in files {
            for name in imports(&code) {
                let known = layers.contains_key(name.as_str());
                if known && name != module && !allowed.contains(&name.as_str()) {
                    wrong.push(format!("{}: `{module}` may not import `{name}`", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn foreign_types_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for (module, files) in modules() {
        for (path, code) in files {
            for (word, allowed) in CONFINED {
                if code.contains(word) && !allowed.contains(&module.as_str()) {
                    wrong.push(format!("{}: `{word}` does not belong here", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_scanner_of_imports_sees_what_it_should() {
    let code = "use crate::{a, b::{c, d}, e};\nuse crate::f::g;\nlet x = crate::h::i();";
    let found: Vec<String> = imports(code).into_iter().collect();
    assert_eq!(found, ["a", "b", "e", "f", "h"]);
}

#[test]
fn the_tree_names_no_place_of_a_machine() {
    let mut wrong = Vec::new();
    let parts = [["/wo", "rk/"].concat(), ["/ro", "ot/"].concat(), ["/ho", "me/"].concat()];
    let listed = fs::read_dir(root()).unwrap().flatten().map(|e| e.path());
    let skipped = ["target", ".git", "node_modules", "out"];
    let mut stack: Vec<PathBuf> = listed.collect();
    while let Some(path) = stack.pop() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if skipped.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            stack.extend(fs::read_dir(&path).unwrap().flatten().map(|e| e.path()));
        } else if let Ok(text) = fs::read_to_string(&path) {
            for part in &parts {
                if text.contains(part.as_str()) {
                    wrong.push(format!("{} names {part}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_is_registered_once_and_in_order() {
    let ids: Vec<&str> = sanjeh::diagnostic::codes::all().map(|c| c.id).collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(ids, sorted);
}
