//! A mistake in one item leaves all others as they are.

use super::{parse, shown};
use sanjeh::diagnostic::Diagnostic;
use sanjeh::syntax::ast;
use std::sync::LazyLock;

pub(crate) const EVERY: &str = include_str!("every.kpi");

/// Whether a debug build tries every mutation too.
const ALL: bool = false;

static SPAN: LazyLock<regex::Regex> = LazyLock::new(|| {
    regex::Regex::new(r"Span \{ file: FileId\(\d+\), start: \d+, end: \d+ \}").unwrap()
});

/// An item without its places.
fn bare(item: &ast::Item) -> String {
    SPAN.replace_all(&format!("{item:?}"), "@").into_owned()
}

/// A small generator of numbers (xorshift), always the same.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

/// Tokens, near enough: where a text can be cut.
pub(crate) fn tokens(text: &str) -> Vec<std::ops::Range<usize>> {
    let cut =
        regex::Regex::new("\"\"\"|\"(?:\\\\.|[^\"\\n])*\"|`[^`]*`|#[^\\n]*|[\\w\u{200C}]+|\\S")
            .unwrap();
    cut.find_iter(text).map(|m| m.range()).collect()
}

struct Case<'t> {
    name: String,
    text: String,
    /// The item that was touched.
    item: usize,
    around: std::ops::Range<usize>,
    original: &'t [String],
}

/// The other items are as they were, and all messages are about the one that was touched.
fn check(case: &Case<'_>) -> Result<usize, String> {
    let (sources, file, found) = parse("mutation.kpi", &case.text);
    let after: Vec<String> = file.items.iter().map(bare).collect();
    let behind = case.original.len() - case.item - 1;
    let before_same = after.get(..case.item) == Some(&case.original[..case.item]);
    let behind_same =
        after.len() >= behind && after[after.len() - behind..] == case.original[case.item + 1..];
    let outside = |d: &&Diagnostic| {
        let at = d.span().unwrap().start as usize;
        !(case.around.start..=case.around.end).contains(&at)
    };
    let elsewhere: Vec<Diagnostic> = found.iter().filter(outside).cloned().collect();
    if before_same && behind_same && elsewhere.is_empty() {
        return Ok(found.len());
    }
    Err(format!("{}: {before_same} {behind_same}\n{}", case.name, shown(&sources, &found)))
}

#[test]
fn a_mistake_in_one_item_leaves_the_others_alone() {
    let (sources, file, found) = parse("every.kpi", EVERY);
    assert_eq!(shown(&sources, &found), "");
    let original: Vec<String> = file.items.iter().map(bare).collect();
    let spans: Vec<_> = file.items.iter().map(|i| i.span.range()).collect();
    let mut failures = Vec::new();
    let mut counts = [0usize; 8];
    let mut dice = Dice::new(7);
    for token in tokens(EVERY) {
        let Some(item) = spans.iter().position(|s| s.start <= token.start && token.end <= s.end)
        else {
            continue;
        };
        let word = &EVERY[token.clone()];
        // Without its keyword an item is a line of the one before it; half a paragraph is a text.
        if spans[item].start == token.start || word == "\"\"\"" {
            continue;
        }
        let mut variants = vec![
            ("delete", String::new()),
            ("twice", format!("{word} {word}")),
            ("word", format!("{word} oops")),
        ];
        for extra in
            ["(", ")", "}", "{", ",", ":", ";", "=", "\"", "&&", "،", "12", "@", "\u{202E}"]
        {
            variants.push(("extra", format!("{word} {extra}")));
        }
        for (what, with) in variants {
            // All of them take a minute in a debug build.
            if cfg!(debug_assertions) && !ALL && dice.below(12) > 0 {
                continue;
            }
            let mut text = EVERY.to_owned();
            text.replace_range(token.clone(), &with);
            let end = spans[item].end - word.len() + with.len();
            let around = spans[item].start..end + 1;
            let name = format!(
                "{what} `{word}` -> `{with}` at {}",
                sources.get(file.id).place(token.start as u32).line
            );
            match check(&Case { name, text, item, around, original: &original }) {
                Ok(count) => counts[count.min(7)] += 1,
                Err(failure) => failures.push(failure),
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures[..failures.len().min(20)].join("\n"));
    // One mistake gives one message, hardly ever more than two.
    let all: usize = counts.iter().sum();
    let few: usize = counts[..3].iter().sum();
    assert!(few * 100 > all * 98, "{counts:?}");
}
