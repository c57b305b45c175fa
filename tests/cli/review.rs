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
