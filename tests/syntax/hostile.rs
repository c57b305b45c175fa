//! Texts that nobody writes by hand: each ends soon and with a diagnostic, none with a crash.

use super::{parse, shown};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// A debug build on a shared machine is far slower than what users run; this bound still tells
/// quadratic from linear.
const SOON: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 2 });

/// How many times a piece is repeated: a debug build takes a tenth.
const MANY: usize = if cfg!(debug_assertions) { 10_000 } else { 100_000 };

fn ids(text: &str) -> Vec<&'static str> {
    let begin = Instant::now();
    let (_, _, found) = parse("hostile.kpi", text);
    let took = begin.elapsed();
    assert!(took < SOON, "{} bytes took {took:?}", text.len());
    found.iter().map(|d| d.code.id).collect()
}

fn formula(body: &str) -> String {
    format!("metric a = {body}\nmetric b = 1 +\n")
}

#[test]
fn many_brackets() {
    assert_eq!(ids(&formula(&"(".repeat(MANY))), ["K1025", "K1023"]);
    let closed = "(".repeat(MANY) + "1" + &")".repeat(MANY);
    assert_eq!(ids(&formula(&closed)), ["K1025", "K1023"]);
    assert_eq!(ids(&formula(&")".repeat(MANY))).len(), 200);
    assert_eq!(ids(&formula(&"f(".repeat(MANY))), ["K1025", "K1023"]);
}

#[test]
fn many_signs() {
    assert_eq!(ids(&formula(&("-".repeat(MANY) + "1"))), ["K1025", "K1023"]);
    assert_eq!(ids(&formula(&("not ".repeat(MANY) + "x"))), ["K1025", "K1023"]);
    assert_eq!(ids(&formula(&("-(".repeat(100) + "1" + &")".repeat(100)))), ["K1025", "K1023"]);
}

#[test]
fn nesting_up_to_the_limit_is_read() {
    for (open, close, times) in
        [("(", ")", 128), ("-(", ")", 64), ("f(", ")", 128), ("1 - (", ")", 128)]
    {
        let body = open.repeat(times) + "1" + &close.repeat(times);
        assert_eq!(ids(&formula(&body)), ["K1023"], "{open}");
    }
    assert_eq!(ids(&formula(&("(".repeat(129) + "1" + &")".repeat(129)))), ["K1025", "K1023"]);
    assert_eq!(ids(&formula(&("-".repeat(128) + "1"))), ["K1023"]);
}

#[test]
fn long_chains_are_flat() {
    for op in ["+", "-", "*", "/", "??", " and ", " or "] {
        let body = format!("1{op}").repeat(MANY) + "1";
        assert_eq!(ids(&formula(&body)), ["K1023"], "{op}");
    }
    let body = "1 == ".repeat(MANY) + "1";
    assert_eq!(ids(&formula(&body)), ["K1012", "K1023"]);
    let body = "1 == not ".repeat(MANY) + "1";
    assert_eq!(ids(&formula(&body)).len(), 200);
    let body = "a between 1 and ".repeat(MANY / 2) + "1";
    assert_eq!(ids(&formula(&body)), ["K1012", "K1023"]);
}

#[test]
fn a_megabyte_of_one_thing() {
    let mib = if cfg!(debug_assertions) { 1 << 16 } else { 1 << 20 };
    assert_eq!(ids(&format!("use \"{}", "a".repeat(mib))), ["K1009"]);
    assert_eq!(ids(&format!("use \"\"\"{}", "a\n".repeat(mib / 2))), ["K1010"]);
    assert_eq!(ids(&"\n".repeat(mib)), [""; 0]);
    assert_eq!(ids(&"#\n".repeat(mib / 2)), [""; 0]);
    for one in [
        "{", "}", ";", "،", "\"", "`", "/", "“", "a", "1", ",", ":", "\u{202E}", "kpi ", "kpi\n",
        "a: ", "=", "( \n",
    ] {
        assert!(ids(&one.repeat(mib / one.len())).len() <= 200, "{one:?}");
        let inside = format!("kpi a {{\n{}\n}}\n", one.repeat(mib / one.len()));
        assert!(ids(&inside).len() <= 200, "{one:?} in a block");
        let lines = format!("kpi a {{\n{}\n}}\n", format!("{one}\n").repeat(mib / 8));
        assert!(ids(&lines).len() <= 200, "{one:?} on lines");
    }
}

#[test]
fn many_properties_of_one_block() {
    for line in
        ["target: 1", "unit: count", "taregt: 1", "title fa: \"x\"", "foo(", "foo,", "a b c"]
    {
        let text = format!("kpi a {{\n{}}}\n", format!("{line}\n").repeat(MANY / 5));
        assert!(ids(&text).len() <= 200, "{line}");
    }
    let blank = format!("metric a = f({}1)\n", "\n".repeat(MANY * 2));
    assert_eq!(ids(&blank), [""; 0]);
    assert!(ids(&"«".repeat(MANY * 2)).len() <= 200);
}

#[test]
fn many_blocks_and_many_paragraphs() {
    assert!(ids(&"kpi a { ".repeat(MANY / 2)).len() <= 200);
    assert!(ids(&"kpi a {\n".repeat(MANY / 2)).len() <= 200);
    assert!(ids(&"report a { section \"x\" {\n  }\n".repeat(MANY / 5)).len() <= 200);
    let odd = "kpi a {\n  about: \"\"\"x\n}\n".repeat(MANY / 5 + 1);
    assert!(ids(&odd).len() <= 200);
}

#[test]
fn ten_megabytes_are_the_limit() {
    assert_eq!(ids(&"#".repeat(10_000_001)), ["K1025"]);
    assert_eq!(ids(&"#".repeat(10_000_000)), [""; 0]);
}

#[test]
fn many_items_take_linear_time() {
    let mut text = String::new();
    for index in 0..MANY / 5 {
        let _ = writeln!(
            text,
            "kpi k{index} \"K {index}\" {{\n  formula: a{index} / b{index} + 1\n  unit:    percent\n}}"
        );
    }
    let begin = Instant::now();
    let (sources, file, found) = parse("many.kpi", &text);
    let took = begin.elapsed();
    assert_eq!(shown(&sources, &found), "");
    assert_eq!(file.items.len(), MANY / 5);
    assert!(took < SOON);
}
