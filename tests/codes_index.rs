//! `docs/codes/README.md` lists every code. `UPDATE=1 cargo test codes_index` writes it anew.

#![allow(clippy::disallowed_methods, reason = "the test reads and writes what is committed")]

use std::fmt::Write as _;
use std::path::Path;

use sanjeh::diagnostic::codes;

/// What the first digit of a code stands for.
const STAGES: [(&str, &str); 8] = [
    ("K1", "Syntax"),
    ("K2", "Names"),
    ("K3", "Types, units, additivity"),
    ("K4", "Data"),
    ("K5", "Evaluation"),
    ("K6", "Reports and templates"),
    ("K7", "The project"),
    ("K9", "Lint"),
];

const HEAD: &str = "# Codes

Every error and warning has a code and a name that stay the same from version to version. `kpi explain CODE` prints a code's page, offline.

<!-- Made from the pages by `UPDATE=1 cargo test codes_index`. -->
";

/// The first sentence of a page, below its heading, on one line.
fn first_sentence(page: &str) -> String {
    let body = page.lines().skip(1).skip_while(|l| l.trim().is_empty());
    let paragraph =
        body.take_while(|l| !l.trim().is_empty() && !l.starts_with('#') && !l.starts_with("```"));
    let text = paragraph.map(str::trim).collect::<Vec<_>>().join(" ");
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        quoted ^= c == '`';
        let next = text[at + c.len_utf8()..].chars().next();
        if matches!(c, '.' | '!' | '?') && !quoted && next.is_none_or(char::is_whitespace) {
            return text[..=at].to_owned();
        }
    }
    text
}

fn index() -> String {
    let mut text = HEAD.to_owned();
    for (prefix, title) in STAGES {
        let mut rows = codes::all().filter(|code| code.id.starts_with(prefix)).peekable();
        if rows.peek().is_none() {
            continue;
        }
        let _ = write!(text, "\n## {prefix} {title}\n\n");
        text.push_str("| code | name | severity | what it means |\n|---|---|---|---|\n");
        for code in rows {
            let (id, name, severity) = (code.id, code.name, code.severity.word());
            let meaning = first_sentence(code.page).replace('|', "\\|");
            let _ = writeln!(text, "| [{id}]({id}.md) | `{name}` | {severity} | {meaning} |");
        }
    }
    text
}

#[test]
fn the_index_is_what_the_pages_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes/README.md");
    let expected = index();
    if std::env::var("UPDATE").is_ok_and(|v| v == "1") {
        std::fs::write(&path, &expected).expect("the index can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "stale: run `UPDATE=1 cargo test codes_index`");
}

#[test]
fn every_code_belongs_to_a_stage() {
    for code in codes::all() {
        assert!(STAGES.iter().any(|(prefix, _)| code.id.starts_with(prefix)), "{}", code.id);
    }
}

#[test]
fn a_sentence_ends_where_it_ends() {
    let cases = [
        ("# K1\n\nOne thing. Another.\n", "One thing."),
        ("# K1\n\nA value of `2.5` or\n`a. b` is odd.\n", "A value of `2.5` or `a. b` is odd."),
        ("# K1\n\nNo end\n\n## Why\n", "No end"),
        ("# K1\n\n## Why\n", ""),
        ("# K1", ""),
    ];
    for (page, expected) in cases {
        assert_eq!(first_sentence(page), expected);
    }
}
