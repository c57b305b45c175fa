//! The grammars in `editors/` know the words that the parser knows, no more and no less.

#![allow(clippy::unwrap_used, reason = "a test may")]
#![allow(clippy::disallowed_methods, reason = "the test reads what is committed, not a host's")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;
use sanjeh::syntax::words;
use serde_json::Value;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("editors").join(path)).unwrap()
}

fn json(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn grammar() -> Value {
    json("vscode/syntaxes/kpi.tmLanguage.json")
}

/// Every regex below a value of the grammar.
fn regexes(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, inner)| match (key.as_str(), inner) {
                ("match" | "begin" | "end" | "while", Value::String(regex)) => vec![regex.clone()],
                _ => regexes(inner),
            })
            .collect(),
        Value::Array(all) => all.iter().flat_map(regexes).collect(),
        _ => Vec::new(),
    }
}

/// Whether the `regex` crate leaves it out on purpose.
fn looks_around(regex: &str) -> bool {
    ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|mark| regex.contains(mark))
}

/// The words of the first alternation in a regex that begins with `first`.
fn alternatives(regex: &str, first: &str) -> Option<BTreeSet<String>> {
    let from = regex.find(&format!("({first}|")).map(|at| at + 1);
    let from = from.or_else(|| regex.find(&format!("(?:{first}|")).map(|at| at + 3))?;
    let list = regex[from..].split(')').next()?;
    Some(list.split('|').map(str::to_owned).collect())
}

/// The words of `let s:name = [...]`.
fn vim_list(name: &str) -> BTreeSet<String> {
    let text = read("vim/syntax/kpi.vim");
    let head = format!("let s:{name} = [");
    let from = text.find(&head).unwrap_or_else(|| panic!("no list `{name}`")) + head.len();
    let list = text[from..].split(']').next().unwrap();
    list.split('\'').skip(1).step_by(2).map(str::to_owned).collect()
}

fn set<'w>(words: impl IntoIterator<Item = &'w str>) -> BTreeSet<String> {
    words.into_iter().map(str::to_owned).collect()
}

/// What stands in one grammar and not in the parser, or the other way round.
fn compare(what: &str, found: &BTreeSet<String>, expected: &BTreeSet<String>) {
    let missing: Vec<_> = expected.difference(found).collect();
    let extra: Vec<_> = found.difference(expected).collect();
    assert!(missing.is_empty() && extra.is_empty(), "{what}: lacks {missing:?}, knows {extra:?}");
}

/// In both grammars, the list that begins with `first` is this one.
fn compare_both(vim: &str, first: &str, expected: &BTreeSet<String>) {
    compare(&format!("vim, {vim}"), &vim_list(vim), expected);
    let found = regexes(&grammar());
    let lists: Vec<_> = found.iter().filter_map(|regex| alternatives(regex, first)).collect();
    assert!(!lists.is_empty(), "no list of the TextMate grammar begins with `{first}`");
    for list in lists {
        compare(&format!("TextMate, {vim}"), &list, expected);
    }
}

#[test]
fn the_extension_names_files_that_are_there() {
    let package = json("vscode/package.json");
    let language = &package["contributes"]["languages"][0];
    assert_eq!(language["id"], "kpi");
    assert_eq!(language["extensions"][0], ".kpi");
    let configuration = language["configuration"].as_str().unwrap();
    let configuration = json(&format!("vscode/{}", configuration.trim_start_matches("./")));
    assert_eq!(configuration["comments"]["lineComment"], "#");
    let entry = &package["contributes"]["grammars"][0];
    let path = entry["path"].as_str().unwrap().trim_start_matches("./");
    assert_eq!(json(&format!("vscode/{path}"))["scopeName"], entry["scopeName"]);
    assert_eq!(entry["language"], language["id"]);
}

#[test]
fn every_include_of_the_grammar_is_there() {
    fn includes(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                if let Some(name) = map.get("include").and_then(Value::as_str) {
                    found.push(name.trim_start_matches('#').to_owned());
                }
                map.values().for_each(|inner| includes(inner, found));
            }
            Value::Array(all) => all.iter().for_each(|inner| includes(inner, found)),
            _ => {}
        }
    }
    let grammar = grammar();
    let mut named = Vec::new();
    includes(&grammar, &mut named);
    let defined = grammar["repository"].as_object().unwrap();
    compare(
        "rules",
        &set(named.iter().map(String::as_str)),
        &set(defined.keys().map(String::as_str)),
    );
}

#[test]
fn regexes_compile() {
    let found = regexes(&grammar());
    let plain: Vec<_> = found.iter().filter(|r| !looks_around(r)).collect();
    assert!(plain.len() > 30, "only {} of {} were tried", plain.len(), found.len());
    for regex in plain {
        Regex::new(regex).unwrap_or_else(|e| panic!("{e}"));
    }
}

#[test]
fn items() {
    compare_both("items", "project", &set(words::ITEMS));
}

#[test]
fn properties() {
    let keys = set(words::BLOCKS.iter().flat_map(|block| block.keys.iter().copied()));
    compare_both("keys", "currency", &keys);
}

#[test]
fn types_of_columns() {
    // Other lists begin with `count` too: of functions, of units.
    let expected = set(words::TYPES);
    compare("vim, types", &vim_list("types"), &expected);
    let found = regexes(&grammar());
    let lists = found.iter().filter_map(|regex| alternatives(regex, "count"));
    let lists: Vec<_> = lists.filter(|list| list.contains("timestamp")).collect();
    assert_eq!(lists.len(), 2, "of needs and of columns");
    for list in lists {
        compare("TextMate, types", &list, &expected);
    }
}

#[test]
fn arguments() {
    compare_both("arguments", "on", &set(words::ARGUMENTS));
}

#[test]
fn words_that_are_values() {
    let lists: [&[&str]; 12] = [
        &words::UNITS,
        &words::DIRECTIONS,
        &words::CADENCES,
        &words::GRAINS,
        &words::ROWS,
        &words::ON_ERROR,
        &words::CALENDARS,
        &words::DECISIONS,
        &words::WAYS,
        &words::SQL_DIALECTS,
        &words::PRESETS,
        &[words::AUTO, "none"],
    ];
    compare_both("values", "percent", &set(lists.into_iter().flatten().copied()));
}

#[test]
fn functions_are_the_same_in_both() {
    compare_both("functions", "sum", &vim_list("functions"));
}

#[test]
fn reserved_words() {
    let grammar = grammar();
    let rules = &grammar["repository"]["word"]["patterns"];
    let of = |index: usize| rules[index]["match"].as_str().unwrap().to_owned();
    let mut found = alternatives(&of(0), "null").unwrap();
    found.extend(alternatives(&of(1), "and").unwrap());
    compare("TextMate, reserved", &found, &set(words::RESERVED));
    let vim = read("vim/syntax/kpi.vim");
    for word in words::RESERVED {
        let listed = vim.lines().filter(|l| l.starts_with("syn match"));
        let mut words = listed.flat_map(|l| l.split(|c: char| !c.is_ascii_alphabetic()));
        assert!(words.any(|w| w == word), "vim lacks `{word}`");
    }
}

/// The scope that the first rule of a group gives to what begins a text, and how much it takes.
fn scope_of(group: &str, text: &str) -> (String, String) {
    let grammar = grammar();
    for rule in grammar["repository"][group]["patterns"].as_array().unwrap() {
        let regex = rule["match"].as_str().unwrap();
        if looks_around(regex) {
            continue;
        }
        let regex = Regex::new(regex).unwrap();
        if let Some(found) = regex.captures(text).filter(|f| f.get(0).unwrap().start() == 0) {
            let first = &rule["captures"]["1"]["name"];
            let name = rule["name"].as_str().or(first.as_str()).unwrap();
            return (name.to_owned(), found[0].to_owned());
        }
    }
    panic!("`{text}` is nothing to `{group}`");
}

#[test]
fn numbers_dates_and_properties_get_their_scopes() {
    let cases = [
        ("number", "2026-12-31 x", "constant.other.date.kpi", "2026-12-31"),
        ("number", "۱۴۰۵-۰۷-۰۱", "constant.other.date.kpi", "۱۴۰۵-۰۷-۰۱"),
        ("number", "2026-Q2", "constant.other.period.kpi", "2026-Q2"),
        ("number", "2026-W27", "constant.other.period.kpi", "2026-W27"),
        ("number", "2026-06", "constant.other.period.kpi", "2026-06"),
        ("number", "2026 - 06", "constant.numeric.kpi", "2026"),
        ("number", "2.5M IRT from", "constant.numeric.money.kpi", "2.5M IRT"),
        ("number", "90 s", "constant.numeric.span.kpi", "90 s"),
        ("number", "13 months", "constant.numeric.span.kpi", "13 months"),
        ("number", "1_000_000)", "constant.numeric.kpi", "1_000_000"),
        ("number", "۲٫۵٪ from", "constant.numeric.kpi", "۲٫۵٪"),
        ("item", "kpi نرخ_تبدیل \"x\"", "storage.type.item.kpi", "kpi نرخ_تبدیل"),
        ("item", "metric سفارش‌ها = x", "storage.type.item.kpi", "metric سفارش‌ها"),
        ("item", "project \"x\" {", "storage.type.item.kpi", "project"),
        (
            "property",
            "cadence: weekly, monthly",
            "support.type.property-name.kpi",
            "cadence: weekly, monthly",
        ),
        ("property", "title fa: \"x\"", "support.type.property-name.kpi", "title fa:"),
        ("property", "footer: /^a\\/b/i", "support.type.property-name.kpi", "footer: /^a\\/b/i"),
        (
            "comment",
            "# kpi: allow(no-target) new",
            "comment.line.number-sign.kpi",
            "# kpi: allow(no-target) new",
        ),
    ];
    for (group, text, scope, taken) in cases {
        assert_eq!(scope_of(group, text), (scope.to_owned(), taken.to_owned()), "{text}");
    }
}
