//! Text to tree: the corpus, its broken files, and what must hold for any text.

mod hostile;
mod mutation;
mod scratch;

use sanjeh::diagnostic::{Diagnostic, Diagnostics};
use sanjeh::source::Sources;
use sanjeh::syntax::{self, ast};
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
        text += &format!(
            "{}:{}:{} {} {}, {help} [{}]\n",
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

#[test]
fn show_broken() {
    let mut files = Vec::new();
    corpus(Path::new("../shared/kpi/broken"), &mut files);
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let (sources, _, found) = parse(path.file_name().unwrap().to_str().unwrap(), &text);
        println!(
            "{}",
            text.lines().filter(|l| l.starts_with("# expect")).collect::<Vec<_>>().join("\n")
        );
        println!("{}", shown(&sources, &found));
    }
}
