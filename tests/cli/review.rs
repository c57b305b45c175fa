//! `kpi review`

use super::{Call, DATA, SPEC};

const REVIEWS: &str = r#"
kpi buys "Buys" {
  formula: sum(web.buys)
  review:  monthly
}

kpi young "Young" {
  formula: sum(web.buys)
}

review buys on 2026-04-30 {
  decision: change
  note:     "Count the buys of the shop too."
}
review buys on 2026-06-15 {
  decision: keep
}
"#;

fn call(args: &[&str]) -> super::Answer {
    Call::new(args).file("shop.kpi", &format!("{SPEC}{REVIEWS}")).file("web.csv", DATA).run()
}

/// The rate has a target since January and no review, so a quarterly one was due by June; the
/// buys were looked at in June, and are due by the end of July.
#[test]
fn overdue_first_and_later_reviews_do_not_count() {
    let answer = call(&["review"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let lines: Vec<&str> = answer.out.lines().collect();
    assert_eq!(lines.len(), 4, "{}", answer.out);
    assert!(lines[1].starts_with("due                young  "), "{}", answer.out);
    assert!(lines[2].starts_with("due    2026-06-30  conversion_rate  "), "{}", answer.out);
    assert!(lines[3].starts_with("due    2026-07-31  buys  "), "{}", answer.out);
    let answer = call(&["review", "--as-of", "2026-06-10"]);
    assert!(answer.out.contains("overdue by 10 days  2026-05-31  buys"), "{}", answer.out);
    assert!(answer.out.contains("Count the buys of the shop too."), "{}", answer.out);
    assert_eq!(answer.err, "on 2026-06-10: of 3 reviews 1 overdue, 2 due by 2026-07-11, 0 later\n");
}

#[test]
fn what_is_due_later_can_be_left_out() {
    let answer = call(&["review", "--due", "--as-of", "2026-06-10"]);
    let kpis = |out: &str| -> Vec<bool> {
        ["buys", "young", "conversion_rate"].iter().map(|kpi| out.contains(kpi)).collect()
    };
    assert_eq!(kpis(&answer.out), [true, true, false], "{}", answer.out);
    let answer = call(&["review", "--due", "--as-of", "2026-06-30"]);
    assert_eq!(kpis(&answer.out), [false, true, true], "{}", answer.out);
}

#[test]
fn with_a_day_no_data_are_needed() {
    let spec = format!("{SPEC}{REVIEWS}");
    let answer = Call::new(&["review", "--as-of", "2026-06-10"]).file("shop.kpi", &spec).run();
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert_eq!(Call::new(&["review"]).file("shop.kpi", &spec).run().code, 1);
}

#[test]
fn json_lists_all_of_them() {
    let answer = call(&["review", "--format", "json", "--as-of", "2026-03-01"]);
    let found: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    let states: Vec<(&str, &str)> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["kpi"].as_str().unwrap(), e["state"].as_str().unwrap()))
        .collect();
    assert_eq!(states, [("buys", "due"), ("young", "due"), ("conversion_rate", "later")]);
    assert_eq!(found[2]["due"], "2026-06-30");
}

#[test]
fn a_decision_is_written_behind_the_last_one() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("shop.kpi");
    let spec = format!("{SPEC}{REVIEWS}");
    std::fs::write(&path, &spec).unwrap();
    std::fs::write(place.path().join("web.csv"), DATA).unwrap();
    let review = |args: &[&str]| super::kpi(place.path(), &[&["review"], args].concat());
    let note = "Holds: \"5\" pipes\" too.";
    let said = review(&["buys", "--decision", "keep", "--note", note, "--on", "2026-07-01"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let first = spec.matches('\n').count() + 2;
    assert_eq!(said.err, format!("shop.kpi:{first}: review of `buys` on 2026-07-01: keep\n"));
    let text = std::fs::read_to_string(&path).unwrap();
    let block = "\n\nreview buys on 2026-07-01 {\n  decision: keep\n  note:     \"Holds: \\\"5\\\" pipes\\\" too.\"\n}\n";
    assert_eq!(text, format!("{}{block}", spec.trim_end()));
    // Nothing is left to format in what was written, and the next question knows of it.
    let said = review(&["--as-of", "2026-07-02", "--format", "json"]);
    let found: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let buys = found.as_array().unwrap().iter().find(|kpi| kpi["kpi"] == "buys").unwrap();
    assert_eq!((&buys["last"], &buys["note"]), (&"2026-07-01".into(), &note.into()));
    let said = super::kpi(place.path(), &["fmt", "--check"]);
    let of_it = |line: &&str| line.contains("2026-07-01") || line.contains("Holds");
    assert_eq!(said.out.lines().filter(|l| l.starts_with(['+', '-'])).find(of_it), None);
    // That of another KPI goes to that KPI, so that two people change different lines.
    assert_eq!(review(&["young", "--decision", "retire", "--on", "2026-07-01"]).code, 0);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("formula: sum(web.buys)\n}\n\nreview young on 2026-07-01 {\n  decision: retire\n}\n\nreview buys on 2026-04-30"), "{text}");
    for (args, what) in [
        (
            &["buys", "--decision", "keep", "--on", "2026-07-01"][..],
            "has a review of 2026-07-01 already",
        ),
        (&["buyz", "--decision", "keep"], "there is no KPI `buyz`; did you mean `buys`?"),
        (&["--decision", "keep"], "of which KPI?"),
        (&["buys", "--decision", "keep", "--on", "July"], "not a day"),
        (&["buys", "more"], "what was decided?"),
    ] {
        let said = review(args);
        assert_eq!(said.code, 2, "{}", said.err);
        assert!(said.err.contains(what), "{}", said.err);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "nothing is written");
    }
}
