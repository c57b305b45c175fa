//! What is said about typical slips: `messages.txt` holds texts with the messages that they yield,
//! and each offered fix, carried out, must make its message go away. `UPDATE=1 cargo test messages` writes
//! the messages anew.

use super::{parse, shown};
use sanjeh::diagnostic::{Diagnostic, Fix};
use std::fmt::Write as _;

const MESSAGES: &str = include_str!("messages.txt");

/// The slips: a text, and behind `~~~` its messages.
fn slips() -> impl Iterator<Item = (&'static str, &'static str)> {
    MESSAGES.split("=====\n").filter_map(|slip| slip.split_once("~~~\n"))
}

/// Invisible characters are written like `\u{202E}` in the file.
fn text_of(slip: &str) -> String {
    let mut text = slip.to_owned();
    for c in ['\u{200B}', '\u{202E}', '\u{FEFF}'] {
        text = text.replace(&format!("<U+{:04X}>", c as u32), &c.to_string());
    }
    text
}

#[test]
fn slips_are_explained() {
    let mut now = String::new();
    for (text, _) in slips() {
        let (sources, _, found) = parse("", &text_of(text));
        let _ = write!(now, "{text}~~~\n{}=====\n", shown(&sources, &found));
    }
    if std::env::var_os("UPDATE").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/syntax/messages.txt");
        std::fs::write(path, &now).unwrap();
        return;
    }
    for (was, is) in MESSAGES.split("=====\n").zip(now.split("=====\n")) {
        assert_eq!(was, is);
    }
    assert_eq!(MESSAGES, now);
}

pub(super) fn apply(text: &str, fix: &Fix) -> String {
    let mut fixed = text.to_owned();
    for edit in fix.edits.iter().rev() {
        fixed.replace_range(edit.span.range(), &edit.text);
    }
    fixed
}

fn alike(a: &Diagnostic, b: &Diagnostic) -> bool {
    a.code == b.code && a.message == b.message
}

#[test]
fn a_fix_removes_its_message() {
    for (text, _) in slips() {
        let text = text_of(text);
        let (_, _, found) = parse("", &text);
        for diagnostic in &found {
            let Some(fix) = &diagnostic.fix else { continue };
            let fixed = apply(&text, fix);
            let (sources, _, left) = parse("", &fixed);
            let before = found.iter().filter(|d| alike(d, diagnostic)).count();
            let after = left.iter().filter(|d| alike(d, diagnostic)).count();
            assert!(
                after < before && left.len() <= found.len(),
                "{text}\n{}\n{fixed}\n{}",
                diagnostic.message,
                shown(&sources, &left)
            );
        }
    }
}
