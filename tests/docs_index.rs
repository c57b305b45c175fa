//! `docs/README.md` leads to every page, and every link of the documents leads somewhere.

#![allow(clippy::disallowed_methods, reason = "the test reads what is committed")]

use std::path::{Path, PathBuf};

use regex::Regex;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn markdown(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|e| e.path()) {
        if path.is_dir() {
            markdown(&path, found);
        } else if path.extension().is_some_and(|e| e == "md") {
            found.push(path);
        }
    }
}

/// The links of a page to files, anchors cut off; links in fenced blocks are examples.
fn links(text: &str) -> Vec<String> {
    let link = Regex::new(r"\]\(([^()\s]+)\)").expect("a regex of ours");
    let mut fenced = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let targets = link.captures_iter(line).map(|c| c[1].to_owned());
            let files = targets.map(|t| t.split('#').next().unwrap_or_default().to_owned());
            found.extend(files.filter(|t| !t.is_empty() && !t.contains(':')));
        }
    }
    found
}

#[test]
fn links_lead_somewhere() {
    let root = root();
    let mut pages = Vec::new();
    for folder in ["docs", "editors", "fuzz", "specs", "examples", "benches"] {
        markdown(&root.join(folder), &mut pages);
    }
    for page in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        pages.push(root.join(page));
    }
    // What a build left behind is no page of ours.
    let built = |p: &&PathBuf| !p.iter().any(|part| part == "target" || part == "out");
    let mut count = 0;
    let mut wrong = Vec::new();
    for page in pages.iter().filter(built) {
        let folder = page.parent().expect("a file stands in a folder");
        for link in links(&read(page)) {
            count += 1;
            if !folder.join(&link).exists() {
                wrong.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "dead links:\n{}", wrong.join("\n"));
    assert!(count > 10, "only {count} links were found");
}

#[test]
fn the_index_leads_to_every_page() {
    let docs = root().join("docs");
    let links = links(&read(&docs.join("README.md")));
    let mut missing = Vec::new();
    let mut pages = Vec::new();
    markdown(&docs, &mut pages);
    for page in pages {
        // Of a folder, the folder is enough: its pages are listed there.
        let inner = page.strip_prefix(&docs).expect("below docs");
        let first = inner.iter().next().expect("a page has a name");
        let name = first.to_string_lossy().into_owned();
        if name != "README.md" && !links.iter().any(|l| l.split('/').next() == Some(name.as_str()))
        {
            missing.push(name);
        }
    }
    missing.sort();
    missing.dedup();
    assert!(missing.is_empty(), "docs/README.md leaves out {missing:?}");
}
