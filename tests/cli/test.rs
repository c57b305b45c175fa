//! `kpi test`

use super::{Call, DATA, SPEC};

const TESTS: &str = r#"
test "What holds & <what> fails" {
  visits in 2026-05 == 200
  visits in 2026-06 for device "mobile" == 51
  conversion_rate in 2026-06 is "off track"
  visits in 2026-06 by device >= 50
}

test "All of this holds" {
  visits in 2026-07 is null
}
"#;

fn call(args: &[&str], tests: &str) -> super::Answer {
    Call::new(args).file("shop.kpi", &format!("{SPEC}{tests}")).file("web.csv", DATA).run()
}

#[test]
fn what_fails_is_told_with_its_line_and_numbers() {
    let answer = call(&["test"], TESTS);
    assert_eq!(answer.code, 1, "{}", answer.err);
    assert_eq!(
        answer.out,
        "fails  What holds & <what> fails\n  \
           shop.kpi:31:3: visits in 2026-06 for device \"mobile\" == 51\n    \
             for         device = mobile\n    \
             found       50\n    \
             expected    51\n    \
             difference  -1\n    \
             period      2026-06, 30 of 30 days covered\n  \
           shop.kpi:32:3: conversion_rate in 2026-06 is \"off track\"\n    \
             found       on track: 3% meets the target of at least 3%\n    \
             expected    off track\n    \
             period      2026-06, 30 of 30 days covered\n\
         holds  All of this holds\n"
    );
    assert_eq!(answer.err, "5 lines in 2 tests: 3 hold, 2 fail\n");
}

#[test]
fn what_holds_is_zero_and_no_test_is_said() {
    let answer = call(&["test"], "\ntest \"a\" {\n  visits in 2026-05 == 200\n}\n");
    assert_eq!((answer.code, answer.out.as_str()), (0, "holds  a\n"));
    assert_eq!(answer.err, "1 line in 1 test: 1 holds, 0 fail\n");
    let answer = call(&["test"], "");
    assert_eq!((answer.code, answer.err.as_str()), (0, "no tests\n"));
}

#[test]
fn an_earlier_as_of_date_leaves_later_rows_out() {
    let tests = "\ntest \"a\" {\n  visits in 2026-06 == 50\n}\n";
    assert_eq!(call(&["test"], tests).code, 1);
    assert_eq!(call(&["test", "--as-of", "2026-06-29"], tests).code, 0);
    assert_eq!(call(&["test", "--as-of", "June"], tests).code, 2);
}

#[test]
fn json_has_an_object_a_line_and_member() {
    let answer = call(&["test", "--format", "json"], TESTS);
    let found: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    let all = found.as_array().unwrap();
    assert_eq!(all.len(), 6);
    let fails: Vec<_> = all.iter().filter(|e| e["holds"] == false).collect();
    assert_eq!(fails.len(), 2);
    assert_eq!(fails[0]["value"], "50");
    assert_eq!(fails[0]["expected"], "51");
    assert_eq!(fails[0]["difference"], "-1");
    assert_eq!(fails[0]["line"], 31);
    assert_eq!(fails[0]["by"]["device"], "mobile");
    assert_eq!(all[5]["reason"], "no source covers the period");
    assert_eq!(answer.code, 1);
}

/// The document is read with a reader of its own: tags balance, and nothing in a text ends one.
#[test]
fn junit_is_well_formed_whatever_the_texts_hold() {
    let answer = call(&["test", "--format", "junit"], TESTS);
    assert_eq!(answer.code, 1);
    let (mut open, mut failures, mut cases) = (Vec::new(), 0, 0);
    let mut rest = answer.out.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").unwrap();
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>'), "{rest}");
        let end = rest.find('>').unwrap();
        let tag = &rest[at + 1..end];
        assert!(!tag.contains('<'), "{tag}");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
        } else {
            let name = tag.split_whitespace().next().unwrap().trim_end_matches('/');
            failures += usize::from(name == "failure");
            cases += usize::from(name == "testcase");
            if !tag.ends_with('/') {
                open.push(name.to_owned());
            }
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty());
    assert_eq!((cases, failures), (5, 2));
    assert!(answer.out.contains("name=\"What holds &amp; &lt;what&gt; fails\""), "{}", answer.out);
    assert!(answer.out.contains("for device &#34;mobile&#34; == 51"), "{}", answer.out);
}

#[test]
fn mistakes_come_before_any_test() {
    let answer = call(&["test"], "\ntest \"a\" {\n  vists in 2026-05 == 200\n}\n");
    assert_eq!((answer.code, answer.out.as_str()), (1, ""));
    assert!(answer.err.contains("did you mean `visits`?"), "{}", answer.err);
}
