//! Every property and every function has a literate test of its use and one of its wrong use, with
//! what is said of it; every opinion of the lint one of each.
//!
//! Read from the text of the cases in `tests/lang`, so that a word that is added to the language
//! without its cases is found here.

use std::collections::BTreeSet;

use regex::Regex;
use sanjeh::diagnostic::codes;
use sanjeh::model::functions;
use sanjeh::syntax::words::BLOCKS;

use crate::support::{Fence, fences, files, root};

/// What the cases show.
#[derive(Default)]
struct Shown {
    /// Block and property, used without a word said.
    properties: BTreeSet<(String, String)>,
    /// The same with something said of them, in a case that holds the words.
    wrong_properties: BTreeSet<(String, String)>,
    functions: BTreeSet<String>,
    wrong_functions: BTreeSet<String>,
    /// Codes that are expected somewhere.
    codes: BTreeSet<String>,
}

/// These say that there is nothing to read, and nothing of how it is written.
const OF_THE_WORLD: [&str; 3] = ["K4002", "K4064", "K5001"];

fn shown() -> Shown {
    let mut shown = Shown::default();
    for page in files(&root().join("tests/lang"), "md") {
        let all = fences(&std::fs::read_to_string(page).unwrap());
        for fence in all.iter().filter(|f| f.language == "kpi") {
            let of_case = |f: &&Fence| f.heading == fence.heading && f.language == "message";
            read(&fence.text, all.iter().any(|f| of_case(&f)), &mut shown);
        }
    }
    shown
}

fn read(text: &str, has_message: bool, shown: &mut Shown) {
    let mark = Regex::new(r"\s*# (?:error|warning): (.*)$").unwrap();
    let block = Regex::new(r"^\s+(section|columns|values)\b[^:]*\{\s*$").unwrap();
    let property = Regex::new(r"(?:^\s*|\{\s*)([a-z_]+)(?: [a-z]{2})?:(?:\s|$)").unwrap();
    let call = Regex::new(r"\b([a-z_0-9]+)\(").unwrap();
    let (mut stack, mut present): (Vec<String>, _) = (Vec::new(), None);
    let mut in_text = false;
    for line in text.lines() {
        if in_text {
            in_text = !line.contains("\"\"\"");
            continue;
        }
        in_text = line.matches("\"\"\"").count() == 1;
        let said = mark.captures(line).map(|c| c[1].to_owned());
        let code = mark.replace(line, "");
        let found: Vec<&str> = said.iter().flat_map(|s| s.split(',')).map(str::trim).collect();
        shown.codes.extend(found.iter().map(|c| (*c).to_owned()));
        let is_wrong = found.iter().any(|c| !OF_THE_WORLD.contains(c) && !c.starts_with("K9"));
        if code.starts_with(|c: char| c.is_ascii_lowercase()) {
            stack = vec![code.split_whitespace().next().unwrap_or_default().to_owned()];
            present = None;
        }
        stack.extend(block.captures(&code).map(|c| c[1].to_owned()));
        let mut noted = |key: (String, String)| match (is_wrong, has_message) {
            (false, _) => {
                shown.properties.insert(key);
            }
            (true, true) => {
                shown.wrong_properties.insert(key);
            }
            (true, false) => {}
        };
        let keys: Vec<_> = property.captures_iter(&code).map(|c| c[1].to_owned()).collect();
        for key in &keys {
            present = Some((stack.last().cloned().unwrap_or_default(), key.clone()));
            present.clone().into_iter().for_each(&mut noted);
        }
        // A property may go over several lines.
        if keys.is_empty() && is_wrong {
            present.clone().into_iter().for_each(&mut noted);
        }
        if code.trim() == "}" && stack.len() > 1 {
            stack.pop();
        }
        for name in call.captures_iter(&code).map(|c| c[1].to_owned()) {
            match (is_wrong, has_message) {
                (false, _) => {
                    shown.functions.insert(name);
                }
                (true, true) => {
                    shown.wrong_functions.insert(name);
                }
                (true, false) => {}
            }
        }
    }
}

#[test]
fn every_property_is_shown_right_and_wrong() {
    let shown = shown();
    let mut missing = Vec::new();
    for block in BLOCKS {
        for key in block.keys {
            let word = (block.name.to_owned(), (*key).to_owned());
            if !shown.properties.contains(&word) {
                missing.push(format!("`{key}` of `{}` is used nowhere", block.name));
            }
            if !shown.wrong_properties.contains(&word) {
                missing.push(format!("`{key}` of `{}` is nowhere wrong", block.name));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_function_is_shown_right_and_wrong() {
    let shown = shown();
    let mut missing = Vec::new();
    for name in functions() {
        if !shown.functions.contains(name) {
            missing.push(format!("`{name}` is used nowhere"));
        }
        if !shown.wrong_functions.contains(name) {
            missing.push(format!("`{name}` is nowhere wrong"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_opinion_is_told_somewhere() {
    let shown = shown();
    let missing: Vec<&str> = codes::all()
        .filter(|c| c.id.starts_with("K9") && !shown.codes.contains(c.id))
        .map(|c| c.name)
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
