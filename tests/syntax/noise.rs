//! Random texts: no panic, and places that lie in the text.

use super::{
    mutation::{Dice, EVERY},
    parse,
};
use std::time::{Duration, Instant};

const TIME: Duration = Duration::from_millis(if cfg!(debug_assertions) { 1500 } else { 4000 });

pub(crate) const PIECES: [&str; 64] = [
    "kpi ",
    "metric ",
    "source ",
    "report ",
    "section ",
    "test ",
    "channels ",
    "\n",
    "\n",
    "\n  ",
    " ",
    " ",
    "{",
    "}",
    "(",
    ")",
    "\"",
    "\"\"\"",
    "`",
    "/",
    "/i",
    "#",
    "# kpi: allow(",
    ":",
    ": ",
    ",",
    ";",
    "،",
    "؛",
    "=",
    "==",
    "=~ ",
    "&&",
    "<",
    "-",
    "+-",
    "..",
    ".",
    "??",
    "not ",
    "and ",
    "in ",
    "between ",
    "is null",
    "where ",
    "because ",
    "from ",
    "a",
    "name",
    "نام‌ها",
    "2026-06",
    "2026-06-01",
    "2026/6/1",
    "1_000",
    "۲٫۵٪",
    "3%",
    "15k",
    "50 USD",
    "columns {",
    "target: ",
    "\r\n",
    "\u{FEFF}",
    "\u{202E}",
    "“",
];

fn check(text: &str) {
    let (_, file, found) = parse("noise.kpi", text);
    for diagnostic in &found {
        for label in &diagnostic.labels {
            assert!(text.get(label.span.range()).is_some(), "{text:?}: {diagnostic:?}");
        }
        for edit in diagnostic.fix.iter().flat_map(|f| &f.edits) {
            assert!(text.get(edit.span.range()).is_some(), "{text:?}: {diagnostic:?}");
        }
    }
    let mut last = 0;
    for item in &file.items {
        assert!(text.get(item.span.range()).is_some(), "{text:?}");
        assert!(item.span.start as usize >= last, "{text:?}");
        last = item.span.end as usize;
    }
    drop(format!("{file:?}"));
}

fn for_a_while(mut one: impl FnMut(&mut Dice) -> String) {
    let mut dice = Dice::new(20_260_601);
    let begin = Instant::now();
    let mut rounds = 0;
    while begin.elapsed() < TIME && rounds < 20_000 {
        check(&one(&mut dice));
        rounds += 1;
    }
    assert!(rounds > 20);
}

#[test]
fn words_of_the_language_in_any_order() {
    for_a_while(|dice| {
        let count = dice.below(60);
        (0..count).map(|_| PIECES[dice.below(PIECES.len())]).collect()
    });
}

#[test]
fn any_bytes() {
    for_a_while(|dice| {
        let count = dice.below(200);
        let bytes: Vec<u8> = (0..count).map(|_| dice.below(256) as u8).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    });
}

/// A good text, broken at up to four places.
pub(crate) fn wounded(dice: &mut Dice) -> String {
    let mut text = EVERY.to_owned();
    for _ in 0..=dice.below(4) {
        let mut places = (0..=text.len()).filter(|&i| text.is_char_boundary(i));
        let start = places.nth(dice.below(text.chars().count())).unwrap_or(0);
        let length = dice.below(12);
        let end = text[start..].char_indices().nth(length).map_or(text.len(), |(i, _)| start + i);
        let piece = PIECES[dice.below(PIECES.len())];
        text.replace_range(start..end, if dice.below(2) == 0 { piece } else { "" });
    }
    text
}

#[test]
fn a_good_text_with_wounds() {
    for_a_while(wounded);
}
