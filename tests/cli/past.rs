//! Earlier periods of reports, and the front page over all.

use super::{Call, kpi};

const SPEC: &str = r#"
project "Shop" {
  locale: en
}

source web {
  csv:    "web.csv"
  date:   day
  rows:   events
  covers: 2026-03-01 to 2026-06-30
  columns {
    visits: count
  }
}

kpi visits "Visits" {
  formula: sum(web.visits)
  target:  10
  cadence: monthly
}

report monthly "By month" {
  purpose: "Is it <growing>?"
  cadence: monthly
  section "All" {
    kpis: visits
  }
}
"#;

const DATA: &str = "day,visits\n2026-03-31,3\n2026-04-30,14\n2026-05-31,5\n2026-06-30,16\n";

fn files(answer: &super::Answer) -> Vec<&str> {
    answer.out.lines().collect()
}

#[test]
fn earlier_periods_are_as_they_were_when_they_ended() {
    let call = Call::new(&["build", "--past", "2", "--format", "html,json"]);
    let answer = call.file("shop.kpi", SPEC).file("web.csv", DATA).run();
    assert_eq!(answer.code, 0, "{}", answer.err);
    let expected = [
        "out/monthly.html",
        "out/monthly.json",
        "out/monthly-2026-05.html",
        "out/monthly-2026-05.json",
        "out/monthly-2026-04.html",
        "out/monthly-2026-04.json",
        "out/index.html",
    ];
    assert_eq!(files(&answer), expected);
    let read = |name: &str| std::fs::read_to_string(answer.folder.path().join(name)).unwrap();
    for (name, period, value, before) in [
        ("out/monthly.json", "2026-06", "16", "5"),
        ("out/monthly-2026-05.json", "2026-05", "5", "14"),
        ("out/monthly-2026-04.json", "2026-04", "14", "3"),
    ] {
        let tree: serde_json::Value = serde_json::from_str(&read(name)).unwrap();
        let row = &tree["sections"][0]["rows"][0];
        assert_eq!(tree["period"]["label"], period);
        assert_eq!(row["value"]["raw"], value, "{name}");
        assert_eq!(row["changes"][0]["from"]["raw"], before, "{name}");
        // What came later is not in it, not even in the charts.
        let points = tree["sections"][0]["kpis"][0]["trend"]["series"][0]["points"].as_array();
        assert_eq!(points.unwrap().last().unwrap()["value"]["raw"], value, "{name}");
    }
    let front = read("out/index.html");
    for link in ["monthly.html", "monthly-2026-05.html", "monthly-2026-04.html"] {
        assert!(front.contains(&format!("href=\"{link}\"")), "{link} is not in\n{front}");
    }
    assert!(front.contains("Is it &lt;growing&gt;?"), "{front}");
}

#[test]
fn there_are_no_periods_before_the_data() {
    let call = Call::new(&["build", "--past", "12", "--format", "json"]);
    let answer = call.file("shop.kpi", SPEC).file("web.csv", DATA).run();
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert_eq!(files(&answer).last(), Some(&"out/monthly-2026-03.json"));
    let long = kpi(answer.folder.path(), &["build", "--past", "121"]);
    assert_eq!(long.code, 2);
}

/// Without `covers`, and of no complete log, the rows of May end on the 30th: on the 31st nobody knew that May was over.
#[test]
fn a_report_is_never_of_another_period_than_its_name() {
    let spec = SPEC.replace("  covers: 2026-03-01 to 2026-06-30\n", "");
    let spec = spec.replace("  rows:   events\n", "");
    let data = "day,visits\n2026-03-01,3\n2026-04-30,14\n2026-05-30,5\n2026-06-30,16\n";
    let call = Call::new(&["build", "--past", "2", "--format", "json"]);
    let answer = call.file("shop.kpi", &spec).file("web.csv", data).run();
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert_eq!(files(&answer), ["out/monthly.json", "out/monthly-2026-04.json"]);
    assert!(answer.err.contains("monthly: no report of 2026-05:"), "{}", answer.err);
}

/// A template that fails at an earlier period is an error, and nothing is written.
#[test]
fn a_mistake_in_an_earlier_period_is_told() {
    let template = "{% if report.period.label == '2026-05' %}{{ report.nothing }}{% endif %}x";
    let call = Call::new(&["build", "--past", "2", "--format", "html"]);
    let call = call.file("templates/report.html.j2", template);
    let answer = call.file("shop.kpi", SPEC).file("web.csv", DATA).run();
    assert_eq!(answer.code, 1, "{}", answer.err);
    assert!(answer.err.contains("K6001"), "{}", answer.err);
    assert!(!answer.folder.path().join("out").exists());
}

#[test]
fn the_front_page_is_one_of_all_reports() {
    let call = Call::new(&["build", "--report", "monthly"]);
    let one = call.file("shop.kpi", SPEC).file("web.csv", DATA).run();
    assert!(!one.out.contains("index.html"), "{}", one.out);
    let call = Call::new(&["build", "--format", "markdown"]);
    let plain = call.file("shop.kpi", SPEC).file("web.csv", DATA).run();
    assert!(!plain.out.contains("index.html"), "{}", plain.out);
    // A report of that name keeps it.
    let own = SPEC.replace("report monthly", "report index");
    let own = Call::new(&["build"]).file("shop.kpi", &own).file("web.csv", DATA).run();
    assert_eq!(own.out.matches("index.html").count(), 1, "{}", own.out);
    let page = std::fs::read_to_string(own.folder.path().join("out/index.html")).unwrap();
    assert!(page.contains("By month</bdi></h1>"));
}

/// What the program was built without is told, and nothing is written.
#[cfg(not(any(feature = "email", feature = "xlsx")))]
#[test]
fn forms_that_are_not_built_in_are_told() {
    for form in ["email", "xlsx"] {
        let call = Call::new(&["build", "--format", form]);
        let answer = call.file("shop.kpi", SPEC).file("web.csv", DATA).run();
        assert_eq!(answer.code, 1);
        assert!(answer.err.contains("K5001"), "{}", answer.err);
        assert!(answer.err.contains(&format!("--features {form}")), "{}", answer.err);
        assert!(!answer.folder.path().join("out").exists());
    }
}

/// A KPI that falls off its track fires once: not while it stays there.
#[test]
fn what_is_off_track_is_news_once() {
    let target = |n: u32| SPEC.replace("target:  10", &format!("target:  {n}"));
    let first = Call::new(&["build"]).file("shop.kpi", &target(10)).file("web.csv", DATA).run();
    assert_eq!(first.code, 0, "{}", first.err);
    let folder = first.folder.path();
    let alarm = ["build", "--fail-on", "newly-off-track"];
    std::fs::write(folder.join("shop.kpi"), target(40)).unwrap();
    let fell = kpi(folder, &alarm);
    assert_eq!(fell.code, 3, "{}", fell.err);
    assert!(fell.err.contains("--fail-on newly-off-track: Visits\n"), "{}", fell.err);
    assert_eq!(kpi(folder, &alarm).code, 0, "it was said already");
    assert_eq!(kpi(folder, &["build", "--fail-on", "off-track"]).code, 3);
    // Up again, and down again.
    std::fs::write(folder.join("shop.kpi"), target(10)).unwrap();
    assert_eq!(kpi(folder, &alarm).code, 0);
    std::fs::write(folder.join("shop.kpi"), target(40)).unwrap();
    assert_eq!(kpi(folder, &alarm).code, 3);
    // Without a report before, and with one that is broken, everything is news.
    std::fs::write(folder.join("out/monthly.json"), "{").unwrap();
    assert_eq!(kpi(folder, &alarm).code, 3);
    std::fs::remove_dir_all(folder.join("out")).unwrap();
    assert_eq!(kpi(folder, &alarm).code, 3);
    let without = kpi(folder, &["build", "--format", "html", "--fail-on", "newly-off-track"]);
    assert_eq!(without.code, 2, "{}", without.err);
    assert!(without.err.contains("add `json`"), "{}", without.err);
}

#[test]
fn overdue_reviews_and_stale_data_fire() {
    let spec = SPEC.replace("  cadence: monthly\n}", "  cadence: monthly\n  review:  quarterly\n}");
    let spec = spec.replace("target:  10", "target:  10 from 2026-01-01");
    let build = |flag: &str, day: &str| {
        let call = Call::new(&["build", "--as-of", day, "--fail-on", flag]);
        call.file("shop.kpi", &spec).file("web.csv", DATA).run()
    };
    let due = build("off-track,review-due", "2026-07-31");
    assert_eq!(due.code, 3, "{}", due.err);
    assert!(due.err.contains("--fail-on review-due: Visits"), "{}", due.err);
    assert!(!due.err.contains("off-track"), "{}", due.err);
    assert_eq!(build("review-due", "2026-05-31").code, 0);
    let stale = build("stale", "2026-09-30");
    assert_eq!(stale.code, 3, "{}", stale.err);
    assert!(stale.err.contains("--fail-on stale: web"), "{}", stale.err);
    assert_eq!(build("stale", "2026-06-30").code, 0);
}
