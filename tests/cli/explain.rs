//! `kpi explain` of a number.

use super::{Call, DATA, SPEC};

fn call(args: &[&str]) -> super::Answer {
    Call::new(args).file("shop.kpi", SPEC).file("web.csv", DATA).run()
}

#[test]
fn the_formula_its_values_and_every_row_are_told() {
    let answer = call(&["explain", "conversion_rate", "--for", "device=mobile"]);
    assert_eq!(answer.err, "");
    assert_eq!(
        answer.out,
        "kpi conversion_rate \"Conversion rate\", shop.kpi:14\n  \
           period  2026-06: 2026-06-01 to 2026-06-30, 30 of 30 days covered, as of 2026-06-30\n  \
           for     device = mobile\n  \
           value   4%\n\
         \n\
         formula\n  \
           conversion_rate = sum(web.buys) / visits (shop.kpi:14)\n    \
             = 2 / 50\n    \
             = 4%\n  \
           visits = sum(web.visits) (shop.kpi:12)\n    \
             = 50\n\
         \n\
         sum(web.buys) = 2 (web, shop.kpi:15)\n   \
            4 read\n  \
           -2 on days outside the period\n  \
           -1 of other members\n   \
            1 kept\n\
         \n\
         sum(web.visits) = 50 (web, shop.kpi:12)\n   \
            4 read\n  \
           -2 on days outside the period\n  \
           -1 of other members\n   \
            1 kept\n\
         \n\
         source web covers 2026-05-01 to 2026-06-30 (shop.kpi:1)\n  \
           web.csv: 4 rows read, 4 used\n\
         \n\
         target: none is in force\n    \
             target: 3% from 2026-01-01 (shop.kpi:17)\n\
         status no target: no target is in force\n"
    );
    assert_eq!(answer.code, 0);
}

/// Every row that is read is in just one of the counts, and the numbers are those of `eval`.
#[test]
fn each_filter_takes_its_rows_and_the_rest_is_kept() {
    let spec = r#"source web {
  csv:      "web.csv"
  date:     day
  where:    device != "bot"
  on_error: skip
  key:      id
  columns {
    id:     id
    visits: count
    device: text
  }
}

metric mobile = sum(web.visits where device == "mobile")
"#;
    let data = "day,id,visits,device\n\
        2026-05-31,1,5,mobile\n\
        2026-06-01,2,7,mobile\n\
        2026-06-02,3,,mobile\n\
        2026-06-02,4,8,desktop\n\
        2026-06-03,5,9,bot\n\
        2026-06-04,6,many,mobile\n\
        2026-06-09,7,1,mobile\n\
        2026-06-10,8,100,mobile\n";
    let explain = |args: &[&str]| {
        let answer = Call::new(args).file("a.kpi", spec).file("web.csv", data).run();
        assert_eq!(answer.code, 0, "{}", answer.err);
        serde_json::from_str::<serde_json::Value>(&answer.out).unwrap()
    };
    let args = ["--in", "2026-06", "--as-of", "2026-06-09", "--format", "json"];
    let found = explain(&[&["explain", "mobile"], &args[..]].concat());
    assert_eq!(found["value"], "8");
    assert_eq!(
        found["aggregates"][0]["rows"],
        serde_json::json!({
            "read": 8, "rejected": 1, "replaced": 0, "filtered": 1, "later": 1, "undated": 0,
            "outside": 1, "other_members": 0, "condition": 1, "null": 1, "kept": 2,
        })
    );
    let eval = ["eval", "--kpi", "mobile", "--from", "2026-06", "--as-of", "2026-06-09"];
    let eval = explain(&[&eval[..], &["--format", "json"]].concat());
    assert_eq!(eval[0]["value"], found["value"]);
}

#[test]
fn why_there_is_no_value_is_told() {
    let answer = call(&["explain", "visits", "--in", "2027-01"]);
    assert!(answer.out.contains("value   none: not covered: "), "{}", answer.out);
    assert_eq!(answer.code, 0);
}

#[test]
fn what_cannot_be_explained_is_refused() {
    for (args, code, message) in [
        (&["explain", "visit"][..], 2, "did you mean `visits`?"),
        (&["explain", "visits", "--in", "soon"], 2, "not a day or a period"),
        (&["explain", "visits", "--for", "device"], 2, "--for device=mobile"),
        (&["explain", "visits", "--for", "devise=a"], 2, "did you mean `device`?"),
        (&["explain", "visits", "--for", "device=a", "--for", "device=b"], 2, "stands twice"),
        (&["explain", "nowhere", "visits"], 1, "nowhere"),
        (&["explain", "K9999"], 2, "there is no code `K9999`"),
        (&["explain"], 2, ""),
    ] {
        let answer = call(args);
        assert_eq!(answer.code, code, "{args:?}: {}", answer.err);
        assert!(answer.err.contains(message), "{args:?}: {}", answer.err);
    }
}

/// `limit` is the name of a code, and may be that of a metric.
#[test]
fn a_measure_goes_before_the_name_of_a_code() {
    assert!(call(&["explain", "limit"]).out.starts_with("# K1025 limit\n"));
    let spec = SPEC.replace("metric visits", "metric limit = sum(web.buys)\n\nmetric visits");
    let answer = Call::new(&["explain", "limit"]).file("shop.kpi", &spec).file("web.csv", DATA);
    assert!(answer.run().out.starts_with("metric limit, "));
}
