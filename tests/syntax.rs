//! Text to tree: the corpus, its broken files, and what must hold for any text.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // these are tests

mod hostile;
mod messages;
pub(crate) mod mutation;
pub(crate) mod noise;
mod pages;
mod tree;

use sanjeh::diagnostic::{Diagnostic, Diagnostics};
use sanjeh::source::Sources;
use sanjeh::syntax::{self, ast};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn parse(name: &str, text: &str) -> (Sources, ast::File, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let id = sources.add(name, text);
    let mut out = Diagnostics::default();
    let file = syntax::parse(&sources, id, &mut out);
    let found = out.sorted().into_iter().cloned().collect();
    (sources, file, found)
}

fn shown(sources: &Sources, found: &[Diagnostic]) -> String {
    let mut text = String::new();
    for d in found {
        let span = d.span().unwrap();
        let place = sources.get(span.file).place(span.start);
        let help = d.help.as_deref().unwrap_or("-");
        let _ = writeln!(
            text,
            "{}:{}:{} {} {}, {help} [{}]",
            sources.get(span.file).path,
            place.line,
            place.column,
            d.code.id,
            d.message,
            d.labels[0].text
        );
    }
    text
}

fn corpus(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            corpus(&path, into);
        } else if path.extension().is_some_and(|e| e == "kpi") {
            into.push(path);
        }
    }
}

#[test]
fn the_corpus_has_no_syntax_errors() {
    let mut files = Vec::new();
    for folder in ["guides", "library", "persian", "saas", "shop"] {
        corpus(&Path::new("../shared/kpi").join(folder), &mut files);
    }
    let mut all = String::new();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let (sources, _, found) = parse(&path.display().to_string(), &text);
        all += &shown(&sources, &found);
    }
    assert_eq!(all, "");
}

/// The mistakes of the broken files that are the syntax's to find; all others are for the model,
/// and give no message here.
const SYNTACTIC: [&str; 22] = [
    "01", "02", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16", "23", "26", "27", "28",
    "29", "31", "32", "33", "38", "39",
];

#[test]
fn typical_mistakes_are_found_where_they_are() {
    let mut files = Vec::new();
    corpus(Path::new("../shared/kpi/broken"), &mut files);
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let (sources, _, found) = parse(&name, &text);
        let mut expected: Vec<&str> =
            text.lines().filter_map(|l| l.strip_prefix("# expect: ")).collect();
        if name.starts_with("40") {
            expected.truncate(1);
        } else if !SYNTACTIC.iter().any(|n| name.starts_with(n)) {
            expected.clear();
        }
        assert_eq!(found.len(), expected.len(), "{name}:\n{}", shown(&sources, &found));
        for (diagnostic, expected) in found.iter().zip(expected) {
            let place = sources
                .get(diagnostic.span().unwrap().file)
                .place(diagnostic.span().unwrap().start);
            let help = diagnostic.help.as_deref().unwrap_or_default();
            let told = format!("{}, {}, {help}", place.line, diagnostic.message);
            let same = |text: &str| text.replace("write ", "").replace("`}` closes", "closes");
            assert_eq!(same(&told), same(expected), "{name}");
            if let Some(fix) = &diagnostic.fix {
                let fixed = messages::apply(&text, fix);
                let (sources, _, left) = parse(&name, &fixed);
                assert_eq!(shown(&sources, &left), "", "{name}, repaired");
            }
        }
    }
}
