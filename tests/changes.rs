//! What is no change, over every spec that there is; and what is one.

use sanjeh::changes::{Definition, What, compare, definitions};
use sanjeh::diagnostic::Diagnostics;
use sanjeh::format;
use sanjeh::source::Sources;

use crate::support::{files, root};

fn specs() -> Vec<String> {
    let folders = ["examples", "specs", "templates/init", "../shared/kpi"];
    let paths = folders.iter().flat_map(|folder| files(&root().join(folder), "kpi"));
    paths.filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

fn read(text: &str) -> Vec<Definition> {
    let mut sources = Sources::default();
    let id = sources.add("a.kpi", text);
    definitions(&sources, [id])
}

#[test]
fn neither_layout_nor_order_nor_comments_are_changes() {
    let all = specs();
    assert!(all.len() > 20, "only {} specs", all.len());
    for text in all {
        let known = read(&text);
        let mut sources = Sources::default();
        let id = sources.add("a.kpi", text.as_str());
        let formatted = format::format(&sources, id, &mut Diagnostics::default()).unwrap();
        // Every comment goes but those that mean something, and blank lines come.
        let quote = "\"\"\"";
        let bare: Vec<String> = if text.contains(quote) {
            formatted.lines().map(str::to_owned).collect()
        } else {
            let is_comment =
                |line: &&str| line.trim_start().starts_with("# ") && !line.contains("# kpi:");
            formatted.lines().filter(|l| !is_comment(l)).map(|l| format!("{l}\r")).collect()
        };
        for other in [formatted, bare.join("\n")] {
            let found = compare(&known, &read(&other));
            assert!(found.is_empty(), "{found:#?}\n{other}");
        }
        let mut turned = known.clone();
        turned.reverse();
        for definition in &mut turned {
            // Rules are read in their order.
            if definition.kind != "channels" {
                definition.entries.reverse();
            }
        }
        let found = compare(&known, &turned);
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn whatever_is_left_out_is_told() {
    for text in specs() {
        let known = read(&text);
        for at in 0..known.len() {
            let mut less = known.clone();
            let gone = less.remove(at);
            let found = compare(&known, &less);
            // Of items of one name the last is the one that is missing.
            let is_it = |change: &&sanjeh::changes::Change| {
                change.key.space == gone.key.space && change.key.name == gone.key.name
            };
            assert!(
                found.iter().any(|c| is_it(&c) && c.what == What::Removed),
                "{}\n{found:#?}",
                gone.name
            );
            let back = compare(&less, &known);
            assert!(
                back.iter().any(|c| is_it(&c) && c.what == What::Added),
                "{}\n{back:#?}",
                gone.name
            );
            for entry in 0..gone.entries.len() {
                let mut other = known.clone();
                let removed = other[at].entries.remove(entry);
                let found = compare(&known, &other);
                assert_eq!(found.len(), 1, "{}.{}: {found:#?}", gone.name, removed.property);
                assert!(
                    found[0]
                        .edits
                        .iter()
                        .any(|e| e.property == removed.property || e.property == "order")
                );
            }
        }
    }
}
