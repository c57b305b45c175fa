//! `kpi diff` and `kpi log`: what changed between two states of a repository, why, and what that
//! does to the values.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{Said, kpi};

const SPEC: &str = r#"source web {
  csv:  "data/web.csv"
  date: day
  rows: events
  columns {
    visits: count
    orders: count
    device: text
  }
}

metric buys = sum(web.orders)

kpi visits "Visits" {
  formula: sum(web.visits)
  unit:    count
  better:  higher
  target:  100 from 2026-05-01
  cadence: monthly
  owner:   "growth team"
}

kpi conversion "Conversion" {
  formula: buys / sum(web.visits)
  unit:    percent
  target:  2% from 2026-05-01
  cadence: monthly
  by:      device
}

report monthly "Month" {
  section "All" {
    kpis: visits, conversion
  }
}
"#;

const DATA: &str = "day,visits,orders,device\n2026-05-01,50,2,phone\n2026-05-31,50,1,desk\n2026-06-01,60,3,phone\n2026-06-30,60,0,desk\n";

/// A repository with a project in `shop`, one commit old.
struct Repository(tempfile::TempDir);

impl Repository {
    /// None where there is no git: then there is no history to tell of either.
    fn new() -> Option<Self> {
        Command::new("git").arg("--version").output().ok()?;
        let place = Self(tempfile::tempdir().unwrap());
        fs::create_dir_all(place.path().join("shop/data")).unwrap();
        place.write(SPEC);
        fs::write(place.path().join("shop/data/web.csv"), DATA).unwrap();
        place.git(&["init", "-q", "-b", "main", "."]);
        place.commit("The first KPIs");
        Some(place)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, spec: &str) {
        fs::write(self.path().join("shop/shop.kpi"), spec).unwrap();
    }

    fn git(&self, args: &[&str]) -> String {
        let ended = Command::new("git")
            .current_dir(self.path())
            .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"])
            .args(args)
            .env("GIT_CONFIG_GLOBAL", self.path().join("none"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_DATE", "2026-07-01T12:00:00+00:00")
            .env("GIT_COMMITTER_DATE", "2026-07-01T12:00:00+00:00")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "git {args:?}: {said}");
        String::from_utf8(ended.stdout).unwrap()
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
    }

    fn diff(&self, args: &[&str]) -> Said {
        kpi(self.path(), &[&["diff", "shop"], args].concat())
    }

    fn log(&self, args: &[&str]) -> Said {
        kpi(self.path(), &[&["log", "shop"], args].concat())
    }
}

#[test]
fn a_change_of_a_target_is_told_with_its_reason_and_what_it_does() {
    let Some(place) = Repository::new() else { return };
    let none = place.diff(&["HEAD"]);
    assert_eq!((none.code, none.err.as_str()), (0, ""));
    assert!(none.out.ends_with("no definition changed; no KPI has other values\n"), "{}", none.out);
    place.git(&["checkout", "-q", "-b", "newcomer"]);
    place.write(&SPEC.replace(
        "  target:  100 from 2026-05-01\n",
        "  target:  100 from 2026-05-01\n  target:  150 from 2026-06-01\n    because market \"A rival closed\"\n",
    ));
    place.commit("Raise the target of visits");
    let told = place.diff(&["main...newcomer"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    let (head, rest) = told.out.split_once('\n').unwrap();
    assert!(head.starts_with("main (") && head.ends_with("), from where they parted"), "{head}");
    assert_eq!(
        rest,
        "1 definition changed; 1 KPI has other values; report that moves: monthly\n\n\
         kpi visits \"Visits\" (shop/shop.kpi:14)\n  \
         target added: 150 from 2026-06-01\n    \
         because of market: A rival closed\n  \
         in 2026-06: 120; target 100 → 150; on track → off track\n  \
         shown in monthly\n"
    );
    // What comes later on the other line is no change of this one.
    place.git(&["checkout", "-q", "main"]);
    place.write(&SPEC.replace("growth team", "shop team"));
    place.commit("Another owner");
    let forked = place.diff(&["main...newcomer"]).out;
    assert_eq!(forked.split_once('\n').unwrap().1, rest);
    let both = place.diff(&["main..newcomer"]).out;
    assert!(both.contains("  owner: \"shop team\" → \"growth team\"\n"), "{both}");
}

#[test]
fn what_follows_from_a_formula_is_told_of_every_kpi_and_member() {
    let Some(place) = Repository::new() else { return };
    place.write(
        &SPEC
            .replace("metric buys = sum(web.orders)", "metric purchases = sum(web.orders) * 2")
            .replace("buys /", "purchases /"),
    );
    let told = place.diff(&[]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    let rest = told.out.split_once('\n').unwrap().1;
    // Another name and another formula: nothing tells that it is the same.
    assert_eq!(
        rest,
        "1 definition changed, 1 added, 1 removed; 1 KPI has other values; report that moves: monthly\n\n\
         metric buys, removed (shop/shop.kpi:12)\n  formula removed: sum(web.orders)\n\n\
         metric purchases, added (shop/shop.kpi:12)\n  formula added: sum(web.orders) * 2\n\n\
         kpi conversion \"Conversion\" (shop/shop.kpi:23)\n  \
         formula: buys / sum(web.visits) → purchases / sum(web.visits)\n  \
         in 2026-06: 2.5% → 5% (+2.5 points); target 2%; on track\n    \
         device phone: 5% → 10% (+5 points); no target\n  \
         2 of 2 months differ, 2026-05 to 2026-06\n  follows metric purchases\n  shown in monthly\n"
    );
    // The name alone.
    place.write(&SPEC.replace("metric buys", "metric purchases").replace("buys /", "purchases /"));
    let told = place.diff(&["HEAD"]).out;
    let rest = told.split_once('\n').unwrap().1;
    assert_eq!(
        rest,
        "1 definition renamed; no KPI has other values\n\nmetric purchases, until now buys (shop/shop.kpi:12)\n"
    );
}

#[test]
fn the_same_number_of_another_currency_is_another_value() {
    let Some(place) = Repository::new() else { return };
    let spec = |currency: &str| {
        SPEC.replace("orders: count", &format!("orders: money {currency}"))
            .replace("  cadence: monthly\n  by:      device\n", "  cadence: monthly\n")
            .replace("buys / sum(web.visits)", "buys")
            .replace(
                "  unit:    percent\n  target:  2%",
                &format!("  unit:    money\n  target:  2 {currency}"),
            )
    };
    place.write(&spec("GBP"));
    place.commit("In pounds");
    place.write(&spec("EUR"));
    let told = place.diff(&["HEAD"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert!(
        told.out
            .contains("  in 2026-06: £3 → €3; target £2 → €2; on track\n  2 of 2 months differ"),
        "{}",
        told.out
    );
    let json: Value = serde_json::from_str(&place.diff(&["HEAD", "--format", "json"]).out).unwrap();
    assert_eq!(
        (&json["values"][0]["unit_before"], &json["values"][0]["unit"]),
        (&"GBP".into(), &"EUR".into())
    );
}

#[test]
fn programs_get_every_number() {
    let Some(place) = Repository::new() else { return };
    place.write(&SPEC.replace("sum(web.orders)", "sum(web.orders) * 2"));
    let told = place.diff(&["HEAD", "--format", "json"]);
    let json: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(json["old"]["commit"].as_str().unwrap().len(), 40);
    assert_eq!(json["new"]["commit"], Value::Null);
    assert_eq!(json["as_of"], "2026-06-30");
    let metric = &json["definitions"][0];
    assert_eq!((&metric["kind"], &metric["change"]), (&"metric".into(), &"changed".into()));
    assert_eq!(metric["properties"][0]["new"], "sum(web.orders) * 2");
    let kpi = &json["values"][0];
    assert_eq!((&kpi["kpi"], &kpi["reports"][0]), (&"conversion".into(), &"monthly".into()));
    assert_eq!(kpi["latest"]["old"]["value"], "0.025");
    assert_eq!(kpi["latest"]["new"]["value"], "0.05");
    assert_eq!(kpi["members"][0]["by"]["device"], "phone");
    assert_eq!(kpi["differ"].as_array().unwrap().len(), 2);
    let bare = place.diff(&["HEAD", "--no-values", "--format", "json"]).out;
    let bare: Value = serde_json::from_str(&bare).unwrap();
    assert_eq!((&bare["values"], &bare["as_of"]), (&Value::Array(Vec::new()), &Value::Null));
}

#[test]
fn the_page_of_a_pull_request_takes_it() {
    let Some(place) = Repository::new() else { return };
    let kpis = |title: &str| -> String {
        let one = |n: i32| {
            let about = "long ".repeat(40);
            format!(
                "\nkpi k{n} \"{title} | <b>{n}</b>\" {{\n  formula: sum(web.visits) + {n}\n  about: \"{about}\"\n}}\n"
            )
        };
        (0..800).map(one).collect::<Vec<_>>().concat()
    };
    place.write(&(SPEC.to_owned() + &kpis("One")));
    place.commit("Many");
    place.write(&(SPEC.to_owned() + &kpis("Two")));
    let page = place.diff(&["HEAD", "--format", "markdown"]).out;
    assert!((50_000..65_536).contains(&page.len()), "{} bytes", page.len());
    assert!(page.contains("800 definitions changed; no KPI has other values"), "{page}");
    let last = page.trim_end().lines().last().unwrap();
    assert!(
        last.starts_with("… and ") && last.ends_with(" more: `kpi diff` lists them all."),
        "{last}"
    );
    assert!(!page.contains("<b>") && page.contains("One \\| "), "{}", &page[..600]);
}

#[test]
fn mistakes_on_either_side_are_told_and_hide_no_definition() {
    let Some(place) = Repository::new() else { return };
    place.write(&SPEC.replace("sum(web.orders)", "sum(web.oders)"));
    place.commit("A slip");
    let now = place.diff(&["HEAD~1..HEAD"]);
    assert_eq!(now.code, 1);
    assert!(now.err.contains("K2002") || now.err.contains("K200"), "{}", now.err);
    assert!(now.out.contains("formula: sum(web.orders) → sum(web.oders)"), "{}", now.out);
    assert!(now.out.contains("values are not compared: the new state has errors"), "{}", now.out);
    place.write(SPEC);
    let before = place.diff(&["HEAD"]);
    assert_eq!((before.code, before.err.as_str()), (0, ""));
    assert!(
        before
            .out
            .contains("values are not compared: with the data of today the old state gives K2"),
        "{}",
        before.out
    );
    let unknown = place.diff(&["nowhere..HEAD"]);
    assert_eq!(
        (unknown.code, unknown.err.as_str()),
        (1, "error: nowhere: git knows no such revision\n")
    );
    let flag = kpi(place.path(), &["diff", "shop", "--", "--output=x..HEAD"]);
    assert_eq!(flag.code, 1, "{}", flag.err);
    assert!(!place.path().join("x").exists());
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("a.kpi"), SPEC).unwrap();
    let alone = kpi(elsewhere.path(), &["diff"]);
    assert_eq!(alone.code, 2);
    assert!(alone.err.contains("not in a git repository"), "{}", alone.err);
}

#[test]
fn a_project_that_came_or_went_is_compared_with_nothing() {
    let Some(place) = Repository::new() else { return };
    fs::create_dir(place.path().join("late")).unwrap();
    fs::rename(place.path().join("shop/data"), place.path().join("late/data")).unwrap();
    fs::rename(place.path().join("shop/shop.kpi"), place.path().join("late/shop.kpi")).unwrap();
    let came = kpi(place.path(), &["diff", "late", "HEAD"]);
    assert_eq!((came.code, came.err.as_str()), (0, ""));
    assert!(came.out.contains("\n5 definitions added;"), "{}", came.out);
    assert!(came.out.contains("kpi visits \"Visits\", added (late/shop.kpi:14)\n"), "{}", came.out);
    assert!(came.out.contains("  in 2026-06: 120; target 100; on track\n"), "{}", came.out);
    fs::create_dir_all(place.path().join("shop")).unwrap();
    let went = place.diff(&["HEAD"]);
    assert!(
        went.out.contains("kpi visits \"Visits\", removed (shop/shop.kpi:14)\n"),
        "{}{}",
        went.out,
        went.err
    );
}

#[test]
fn the_history_of_a_kpi_goes_through_names_and_files() {
    let Some(place) = Repository::new() else { return };
    let raised =
        SPEC.replace("100 from 2026-05-01", "120 from 2026-05-01 because strategy \"Plan of May\"");
    place.write(&raised);
    place.commit("Raise it\n\nA longer text.");
    let renamed = raised
        .replace("kpi visits", "kpi site_visits")
        .replace("kpis: visits", "kpis: site_visits");
    place.write(&renamed);
    place.commit("A better name");
    // To another file: no change.
    let (before, rest) = renamed.split_once("kpi conversion").unwrap();
    fs::write(place.path().join("shop/conversion.kpi"), format!("kpi conversion{rest}")).unwrap();
    place.write(before);
    place.commit("Two files");
    let review =
        "\nreview site_visits on 2026-06-15 {\n  decision: keep\n  note:     \"Still right.\"\n}\n";
    place.write(&format!("{before}{review}"));
    place.commit("Reviewed");
    let told = place.log(&["site_visits"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    let ids: Vec<String> =
        place.git(&["log", "--format=%h", "--abbrev=7"]).lines().map(str::to_owned).collect();
    let day = |n: usize| format!("2026-07-01 {} Ada", &ids[n]);
    assert_eq!(
        told.out,
        format!(
            "kpi site_visits \"Visits\" (shop/shop.kpi:14)\n\n\
             {}: Reviewed\n  review site_visits on 2026-06-15 added\n    decision: keep\n    note: \"Still right.\"\n\n\
             {}: A better name\n  renamed: visits → site_visits\n\n\
             {}: Raise it\n  target: 100 from 2026-05-01 → 120 from 2026-05-01\n    because of strategy: Plan of May\n\n\
             {}: The first KPIs\n  added\n  title: \"Visits\"\n  formula: sum(web.visits)\n  unit: count\n  better: higher\n  \
             target: 100 from 2026-05-01\n    no reason is given\n  cadence: monthly\n  owner: \"growth team\"\n",
            day(0),
            day(2),
            day(3),
            day(4)
        )
    );
    // Under the name that it had, up to where it got another.
    let old = place.log(&["visits", "--format", "json"]).out;
    let old: Value = serde_json::from_str(&old).unwrap();
    assert_eq!(old.as_array().unwrap().len(), 3);
    assert_eq!(old[0]["subject"], "A better name");
    assert_eq!(old[2]["changes"][0]["change"], "added");
    let near = place.log(&["convesion"]);
    assert_eq!(
        (near.code, near.err.as_str()),
        (2, "error: no definition is or was called `convesion`; did you mean `conversion`?\n")
    );
    // A clone that was cut says so.
    let shallow = place.path().join("cut");
    let from = format!("file://{}", place.path().display());
    place.git(&["clone", "-q", "--depth", "1", &from, shallow.to_str().unwrap()]);
    let cut = kpi(&shallow, &["log", "shop", "site_visits"]);
    assert!(cut.err.contains("the clone is a shallow one"), "{}", cut.err);
}

#[test]
fn two_people_at_two_kpis_never_meet() {
    let Some(place) = Repository::new() else { return };
    // Nothing between them, in the one layout.
    let kpi_of = |name: &str| {
        format!(
            "kpi {name} \"{name}\" {{\n  formula: sum(web.visits)\n  unit:    count\n  target:  1 from 2026-05-01\n}}\n"
        )
    };
    let base = SPEC.to_owned() + &kpi_of("a") + &kpi_of("b") + &kpi_of("c");
    place.write(&base);
    assert_eq!(kpi(place.path(), &["fmt", "shop", "--check"]).code, 0);
    place.commit("Three");
    place.git(&["checkout", "-q", "-b", "one"]);
    let one = base
        .replace(
            &kpi_of("a"),
            &kpi_of("a").replace("1 from", "2 from").replace("}\n", "  owner:   \"us\"\n}\n"),
        )
        .replace(
            &kpi_of("c"),
            &kpi_of("c").replace("\"c\"", "\"A very long title, wider than all others\""),
        );
    place.write(&one);
    place.commit("One");
    place.git(&["checkout", "-q", "main"]);
    let two = base.replace(
        &kpi_of("b"),
        &kpi_of("b").replace("\"b\"", "\"B\"").replace("}\n", "  tolerance: 5%\n}\n"),
    );
    place.write(&two);
    // The layout of the new property moves the others of its own block only.
    assert_eq!(kpi(place.path(), &["fmt", "shop"]).code, 0);
    place.commit("Two");
    place.git(&["merge", "-q", "--no-edit", "one"]);
    let merged = fs::read_to_string(place.path().join("shop/shop.kpi")).unwrap();
    assert!(
        merged.contains("2 from")
            && merged.contains("tolerance: 5%")
            && merged.contains("very long")
    );
    assert_eq!(kpi(place.path(), &["fmt", "shop", "--check"]).code, 0, "{merged}");
    assert_eq!(kpi(place.path(), &["check", "shop"]).code, 0, "{merged}");
}
