//! What must hold for any text: nothing is said differently, nothing is lost, twice is once.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use sanjeh::diagnostic::{Diagnostics, Severity};
use sanjeh::source::Sources;
use sanjeh::{format, syntax};

use super::formatted;
use crate::support::{fences, files, root};
use crate::syntax::mutation::{Dice, EVERY, tokens};
use crate::syntax::noise::{PIECES, wounded};

/// `FORMAT_ROUNDS=100000 cargo test format::` looks longer.
static ROUNDS: LazyLock<usize> = LazyLock::new(|| {
    let asked = std::env::var("FORMAT_ROUNDS").ok().and_then(|s| s.parse().ok());
    asked.unwrap_or(400)
});

/// Formats a text, and once more. That the tree and the comments are kept is looked at here by
/// other means than the check of `format` itself.
fn hold(name: &str, text: &str) -> String {
    let once = formatted(name, text);
    assert_eq!(formatted(name, &once), once, "{name}: twice is not once\n{text:?}");
    let (old, new) = (Reading::of(name, text), Reading::of(name, &once));
    assert_eq!(old, new, "{name}\n{text:?}\n{once:?}");
    let broken = new.errors > 0 && !text.ends_with('\n');
    assert!(once.is_empty() || once.ends_with('\n') || broken, "{name}: {once:?}");
    once
}

static SPAN: LazyLock<regex::Regex> = LazyLock::new(|| {
    regex::Regex::new(r"Span \{ file: FileId\(\d+\), start: \d+, end: \d+ \}").unwrap()
});

/// What a text says, places aside.
#[derive(Debug, PartialEq)]
struct Reading {
    items: Vec<String>,
    comments: Vec<String>,
    /// The letters of the text, sorted out by how often they occur; white space and commas aside.
    letters: std::collections::BTreeMap<char, usize>,
    errors: usize,
}

impl Reading {
    fn of(name: &str, text: &str) -> Self {
        let mut sources = Sources::default();
        let id = sources.add(name, text);
        let mut out = Diagnostics::default();
        let file = syntax::parse(&sources, id, &mut out);
        let bare = |item| SPAN.replace_all(&format!("{item:?}"), "@").into_owned();
        let mut letters = std::collections::BTreeMap::new();
        for c in text.strip_prefix('\u{FEFF}').unwrap_or(text).chars() {
            if !c.is_whitespace() && c != ',' {
                *letters.entry(c).or_default() += 1;
            }
        }
        let comments = file.comments.iter().map(|c| text[c.range()].trim_end().to_owned());
        let mut comments: Vec<String> = comments.collect();
        comments.sort();
        let errors = out.iter().filter(|d| d.severity == Severity::Error).count();
        Self { items: file.items.iter().map(bare).collect(), comments, letters, errors }
    }
}

#[test]
fn every_spec_that_there_is() {
    let mut count = 0;
    for folder in ["examples", "specs", "tests", "../shared/kpi"] {
        for path in files(&root().join(folder), "kpi") {
            hold(&path.display().to_string(), &std::fs::read_to_string(&path).unwrap());
            count += 1;
        }
    }
    assert!(count > 10, "{count}");
}

#[test]
fn every_fence_that_there_is() {
    let mut count = 0;
    for folder in ["docs", "tests"] {
        for path in files(&root().join(folder), "md") {
            let page = std::fs::read_to_string(&path).unwrap();
            for fence in fences(&page).iter().filter(|f| f.language == "kpi") {
                hold(&format!("{}:{}", path.display(), fence.line), &fence.text);
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count}");
}

/// The white space of a text turned into other white space that says the same.
fn shaken(text: &str, dice: &mut Dice) -> String {
    let mut out = String::new();
    let mut end = 0;
    let mut in_paragraph = false;
    for token in tokens(text) {
        let gap = &text[end..token.start];
        match (gap.contains('\n'), dice.below(4)) {
            _ if in_paragraph => out.push_str(gap),
            (true, 0) => out.push_str(&gap.replace('\n', "\n\n\n")),
            (true, 1) => out.push_str(&gap.replace("  ", "\t")),
            (true, 2) => out.push_str(&gap.replace('\n', "\r\n")),
            (false, 0) if !gap.is_empty() => out.push_str(" \t "),
            _ => out.push_str(gap),
        }
        in_paragraph ^= &text[token.clone()] == "\"\"\"";
        out.push_str(&text[token.clone()]);
        end = token.end;
    }
    out.push_str(&text[end..]);
    out
}

#[test]
fn white_space_is_forgotten() {
    let plain = formatted("every.kpi", EVERY);
    let mut dice = Dice::new(5);
    for _ in 0..20 {
        let text = shaken(EVERY, &mut dice);
        let shaken = hold("every.kpi", &text);
        // Paragraphs keep their own lines, and blank lines between items stay.
        let bare = |t: &str| {
            t.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(bare(&shaken).join("\n"), bare(&plain).join("\n"));
    }
}

#[test]
fn comments_anywhere() {
    let mut dice = Dice::new(11);
    let all = tokens(EVERY);
    for round in 0..150 {
        let mut places: Vec<usize> = (0..6).map(|_| all[dice.below(all.len())].end).collect();
        places.sort_unstable();
        places.dedup();
        let mut text = EVERY.to_owned();
        for (i, at) in places.iter().enumerate().rev() {
            let comment = ["# c\n", "\n# c\n", "  # c\n  # d\n\n", " # kpi: allow(no-goal) x\n"];
            text.insert_str(
                *at,
                &format!("{}{i} ", comment[dice.below(4)].replace('c', &format!("c{round}"))),
            );
        }
        hold("comments.kpi", &text);
    }
}

fn for_many(mut one: impl FnMut(&mut Dice) -> String) {
    let mut dice = Dice::new(20_260_601);
    for _ in 0..*ROUNDS {
        hold("noise.kpi", &one(&mut dice));
    }
}

#[test]
fn words_of_the_language_in_any_order() {
    for_many(|dice| {
        let count = dice.below(60);
        (0..count).map(|_| PIECES[dice.below(PIECES.len())]).collect()
    });
}

/// What random texts have brought to light.
#[test]
fn found_by_chance() {
    for text in [
        "channels m(a) {\n  b when c or\n/news\\/letter/i\n  d when e == /f g/ and /h i/\n}\n",
        "\u{feff}\u{feff}x",
        " \r\n\u{feff}source report\n\n",
        "metric <where \r\nsource 3%۲٫۵٪because ،: <metric 1_000{\n  +-،.,metric {،/=source columns {\u{202e}test in kpi  15kin 3%channels . (==\nنام\u{200c}هاsource 50 USDbecause namechannels (source }\u{feff} \u{feff}{",
    ] {
        hold("chance.kpi", text);
    }
}

#[test]
fn any_bytes() {
    for_many(|dice| {
        let count = dice.below(200);
        let bytes: Vec<u8> = (0..count).map(|_| dice.below(256) as u8).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    });
}

#[test]
fn a_good_text_with_wounds() {
    for_many(wounded);
}

/// A broken item stays, byte for byte, and the others are formatted as if it were not there.
#[test]
fn a_broken_item_is_left_alone() {
    let broken = "kpi  b  {\n   unit:count\n     formula: a +\n  }  # end";
    let text = format!("metric  a=1\n\n\n\n{broken}\n  # its comment\nmetric  c=2\n");
    let found = hold("broken.kpi", &text);
    assert_eq!(found, format!("metric a = 1\n\n{broken}\n  # its comment\nmetric c = 2\n"));
}

#[test]
fn a_megabyte_takes_no_time() {
    let part = EVERY.replace("  ", "   ");
    let text = part.repeat(1_000_000 / part.len() + 1);
    let mut sources = Sources::default();
    let id = sources.add("large.kpi", text);
    let begin = Instant::now();
    let mut out = Diagnostics::default();
    let once = format::format(&sources, id, &mut out).unwrap();
    assert!(once.len() > 500_000);
    for part in ["a-", "f(a,)+", "- ", "a+\n", "(a)+", "\"\"+"] {
        let text = format!("metric m = {}b\n", part.repeat(30_000 / part.len()));
        let mut sources = Sources::default();
        let id = sources.add("long.kpi", text);
        format::format(&sources, id, &mut Diagnostics::default()).unwrap();
    }
    let took = begin.elapsed();
    // Without optimization and beside other tests; a release build takes a tenth of a second.
    let most = if cfg!(debug_assertions) { 60 } else { 2 };
    assert!(took < Duration::from_secs(most), "{took:?}");
}

/// What would be padded without end, were there no bound.
#[test]
fn long_names_do_not_pad_short_ones() {
    let columns: Vec<String> = (0..2000).map(|i| format!("    c{i}: text\n")).collect();
    let columns = columns.concat();
    let long = "x".repeat(5000);
    let text = format!(
        "source a {{\n  csv: \"a.csv\"\n  columns {{\n    `{long}`: text\n{columns}  }}\n}}\n"
    );
    assert!(hold("long.kpi", &text).len() < 2 * text.len());
    let deep = format!("metric a = {}1{}\n", "(\n".repeat(100), "\n)".repeat(100));
    assert!(hold("deep.kpi", &deep).len() < 40 * deep.len());
}
