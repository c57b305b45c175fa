//! The Markdown of the examples, as GitHub and GitLab read it: through comrak, which GitLab uses.

use std::collections::BTreeSet;

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use sanjeh::host::OutputFile;
use sanjeh::host::disk::DiskHost;

use super::built;
use crate::support::root;

fn files_of(example: &str) -> Vec<OutputFile> {
    let (host, path) = DiskHost::around(&root().join("examples").join(example)).unwrap();
    built(&host, &path).into_iter().flat_map(|b| b.files).collect()
}

/// What stands in a file beside text and tables.
#[derive(Default)]
struct Found {
    tables: usize,
    tasks: usize,
    raw: Vec<String>,
    pictures: Vec<(String, String)>,
    links: Vec<String>,
    headings: Vec<u8>,
}

fn look<'a>(node: &'a AstNode<'a>, found: &mut Found) {
    match &node.data.borrow().value {
        NodeValue::Table(table) => {
            found.tables += 1;
            for row in node.children() {
                assert_eq!(row.children().count(), table.alignments.len(), "a row is too long");
            }
        }
        NodeValue::TaskItem(_) => found.tasks += 1,
        NodeValue::HtmlBlock(html) => found.raw.push(html.literal.trim().to_owned()),
        NodeValue::HtmlInline(html) => found.raw.push(html.clone()),
        NodeValue::Image(image) => {
            let alt = node.first_child().map(|text| format!("{:?}", text.data.borrow().value));
            found.pictures.push((image.url.clone(), alt.unwrap_or_default()));
        }
        NodeValue::Link(link) => found.links.push(link.url.clone()),
        NodeValue::Heading(heading) => found.headings.push(heading.level),
        _ => {}
    }
    for child in node.children() {
        look(child, found);
    }
}

#[test]
fn the_examples_read_well() {
    for (example, direction) in [("shop", "ltr"), ("pamchal-fa", "rtl")] {
        let files = files_of(example);
        let paths: BTreeSet<&str> = files.iter().map(|f| f.path.as_str()).collect();
        for file in files.iter().filter(|f| f.path.rsplit_once('.').is_some_and(|p| p.1 == "md")) {
            let text = std::str::from_utf8(&file.bytes).unwrap();
            let hidden = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fdd0}' | '\u{fdd1}');
            assert_eq!(text.chars().find(|c| hidden(*c)), None, "{}", file.path);
            let mut options = Options::default();
            options.extension.table = true;
            options.extension.tasklist = true;
            options.extension.autolink = true;
            options.extension.strikethrough = true;
            let arena = Arena::new();
            let mut found = Found::default();
            look(parse_document(&arena, text, &options), &mut found);
            let raw: &[&str] =
                if direction == "rtl" { &["<div dir=\"rtl\">", "</div>"] } else { &[] };
            assert_eq!(found.raw, raw, "{}", file.path);
            assert!(found.tables > 5, "{}: {} tables", file.path, found.tables);
            // Every line that looks like one of a table is one of a table.
            let rows = text.lines().filter(|l| l.starts_with('|')).count();
            assert!(rows > found.tables * 2, "{}", file.path);
            assert_eq!(found.headings.first(), Some(&1), "{}", file.path);
            assert!(found.headings.windows(2).all(|w| w[1] <= w[0] + 1), "{}", file.path);
            assert!(found.links.is_empty(), "{}: {:?}", file.path, found.links);
            assert!(!found.pictures.is_empty(), "{}", file.path);
            for (url, alt) in &found.pictures {
                assert!(paths.contains(url.as_str()), "{}: no {url}", file.path);
                assert!(alt.starts_with("Text("), "{}: {url} says nothing", file.path);
            }
        }
    }
}

/// Where something is due, it is a list to tick off.
#[test]
fn what_is_due_is_a_task() {
    let page = root().join("tests/report/golden/default/expected.md");
    let text = &std::fs::read_to_string(page).unwrap();
    let mut options = Options::default();
    options.extension.tasklist = true;
    options.extension.table = true;
    let arena = Arena::new();
    let mut found = Found::default();
    look(parse_document(&arena, text, &options), &mut found);
    assert_eq!(found.tasks, text.lines().filter(|l| l.starts_with("- [ ]")).count());
    assert!(found.tasks > 0);
}
