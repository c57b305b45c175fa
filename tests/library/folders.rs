//! Definitions of other folders and files.

use sanjeh::diagnostic::Diagnostics;
use sanjeh::diagnostic::render::{Style, human};
use sanjeh::driver::{self, Project};
use sanjeh::eval::table::Question;
use sanjeh::host::memory::MemoryHost;
use sanjeh::host::record::RecordingHost;

const WEB: &str = "source web {
  inline: \"\"\"
    day,visits,buys
    2026-06-01,100,3
  \"\"\"
  date: day
  columns {
    visits: count
    buys:   count
  }
}
";

fn load(files: &[(&str, &str)]) -> Project {
    let host = MemoryHost::new(files.iter().map(|(p, t)| (*p, t.as_bytes())));
    driver::load(&host, "shop").unwrap()
}

/// What is found, each as its code and message.
fn told(project: &Project) -> Vec<String> {
    let all = project.diagnostics.sorted();
    all.iter().map(|d| format!("{} {}", d.code.id, d.message)).collect()
}

fn names(project: &Project) -> Vec<&str> {
    project.model.measures.iter().map(|m| m.name.as_str()).collect()
}

/// The one value of a measure in June.
fn value(files: &[(&str, &str)], name: &str) -> Option<String> {
    let host = MemoryHost::new(files.iter().map(|(p, t)| (*p, t.as_bytes())));
    let project = driver::load(&host, "shop").unwrap();
    let mut out = Diagnostics::default();
    assert!(!project.diagnostics.has_errors(), "{:?}", told(&project));
    let id = project.model.find(name).unwrap();
    let question = Question { measures: vec![id], ..Question::default() };
    let rows = driver::evaluate(&host, &project, &question, &mut out).unwrap();
    let rows = rows.unwrap_or_else(|| panic!("{}", human(&out, &project.sources, Style::Plain)));
    assert_eq!(rows.len(), 1);
    rows[0].value.clone()
}

const RATE: &str = "metric sessions: count
metric sales: count

kpi rate \"Rate\" {
  formula: sales / sessions
  unit:    percent
}
";

#[test]
fn a_file_of_another_folder_brings_its_definitions() {
    let main = format!(
        "use \"../shared/rate\"\n{WEB}metric sessions = sum(web.visits)\nmetric sales = sum(web.buys)\n"
    );
    for written in
        ["../shared/rate", "../shared/rate.kpi", "../shared", "../shared/", "./../shared/rate"]
    {
        let main = main.replace("../shared/rate", written);
        let files = [("shop/main.kpi", main.as_str()), ("shared/rate.kpi", RATE)];
        assert_eq!(value(&files, "rate").as_deref(), Some("0.03"), "{written}");
    }
}

#[test]
fn what_the_items_need_comes_along_and_nothing_else() {
    let main = format!("use \"../shared/a\" only one\n{WEB}metric base = sum(web.visits)\n");
    let a = "kpi one \"One\" {\n  formula: half\n  unit: number\n  goal: grow\n  variant_of: three\n}\n\
             kpi two \"Two\" {\n  formula: half\n}\nkpi three \"Three\" {\n  formula: half\n}\n\
             review one on 2026-06-01 {\n  decision: keep\n}\nreview two on 2026-06-01 {\n  decision: keep\n}\n\
             event 2026-06-01 \"Theirs\"\nreport theirs \"Theirs\" {\n  section \"S\" {\n    kpis: two\n  }\n}\n";
    let b = "project \"Theirs\" {\n  currency: EUR\n}\nmetric half = base / 2\nmetric base: count\ngoal grow \"Grow\" {\n  owner: \"us\"\n}\ngoal shrink \"Shrink\" {\n  owner: \"us\"\n}\n";
    let files = [("shop/main.kpi", main.as_str()), ("shared/a.kpi", a), ("shared/b.kpi", b)];
    let project = load(&files);
    assert_eq!(told(&project), Vec::<String>::new());
    assert_eq!(names(&project), ["base", "one", "half"]);
    assert_eq!(project.model.goals.len(), 1);
    assert_eq!(project.model.reviews.len(), 1);
    assert!(project.model.events.is_empty());
    assert!(project.model.reports.is_empty());
    assert_eq!(project.model.settings.currency, None);
    assert_eq!(value(&files, "one").as_deref(), Some("50"));
}

#[test]
fn a_project_item_completes_one_of_a_library() {
    let main = format!(
        "use \"../shared/rate\"\n{WEB}metric sessions = sum(web.visits)\nmetric sales = sum(web.buys)\n\
         kpi rate {{\n  target: 2%\n  title fa: \"نرخ\"\n}}\n"
    );
    let shared = RATE.replace(
        "  unit:    percent\n",
        "  unit:    percent\n  target: 9%\n  target: 8% from 2026-07-01\n  about: \"Theirs.\"\n",
    );
    let files = [("shop/main.kpi", main.as_str()), ("shared/rate.kpi", shared.as_str())];
    let project = load(&files);
    assert_eq!(told(&project), Vec::<String>::new());
    let rate = project.model.measure(project.model.find("rate").unwrap());
    assert_eq!(rate.title.plain, "Rate");
    assert_eq!(rate.title.get("fa"), "نرخ");
    assert_eq!(rate.about.plain, "Theirs.");
    let targets = &rate.purpose.as_ref().unwrap().targets;
    assert_eq!(targets.len(), 1, "repeated properties are replaced as a whole");
    assert_eq!(value(&files, "rate").as_deref(), Some("0.03"));
    // The formula of the project wins, too.
    let main = main.replace("  target: 2%\n", "  formula: sales / (10 * sessions)\n");
    let files = [("shop/main.kpi", main.as_str()), ("shared/rate.kpi", shared.as_str())];
    assert_eq!(value(&files, "rate").as_deref(), Some("0.003"));
}

#[test]
fn a_nearer_library_completes_a_farther_one() {
    let main = format!(
        "use \"../near\"\nuse \"../far\"\n{WEB}metric sessions = sum(web.visits)\nmetric sales = sum(web.buys)\n"
    );
    let near = "use \"../far/rate\"\nkpi rate {\n  formula: sales / (10 * sessions)\n}\n";
    let files = [("shop/main.kpi", main.as_str()), ("near/rate.kpi", near), ("far/rate.kpi", RATE)];
    assert_eq!(value(&files, "rate").as_deref(), Some("0.003"));
    let project = load(&files);
    assert_eq!(project.model.measure(project.model.find("rate").unwrap()).title.plain, "Rate");
}

#[test]
fn two_libraries_with_one_name_are_told() {
    let main = "use \"../a\"\nuse \"../b\"\n";
    let files =
        [("shop/main.kpi", main), ("a/x.kpi", "metric x = 1\n"), ("b/x.kpi", "metric x = 2\n")];
    assert_eq!(told(&load(&files)), ["K2005 `x` comes from two libraries"]);
    let main = "use \"../a\"\nuse \"../b\" only y\nmetric z = x + y\n";
    let files = [
        ("shop/main.kpi", main),
        ("a/x.kpi", "metric x = 1\n"),
        ("b/x.kpi", "metric x = 2\nmetric y = 3\n"),
    ];
    assert_eq!(told(&load(&files)), Vec::<String>::new());
}

#[test]
fn one_need_of_two_is_one_and_must_be_served() {
    let main = format!("use \"../a\"\nuse \"../b\"\n{WEB}metric x = sum(web.visits)\n");
    let files = [
        ("shop/main.kpi", main.as_str()),
        ("a/x.kpi", "metric x: count\n"),
        ("b/x.kpi", "metric x: count\n"),
    ];
    assert_eq!(told(&load(&files)), Vec::<String>::new());
    let files = [
        ("shop/main.kpi", main.as_str()),
        ("a/x.kpi", "metric x: count\n"),
        ("b/x.kpi", "metric x: money\n"),
    ];
    assert_eq!(told(&load(&files)), ["K3065 `x` is needed as count and as money"]);
    let files = [("shop/main.kpi", main.as_str()), ("a/x.kpi", "metric x: duration\n")];
    let files = [files[0], files[1], ("b/x.kpi", "metric y = 1\n")];
    assert_eq!(
        told(&load(&files)),
        ["K3001 `x` is needed as duration and the formula gives count"]
    );
}

#[test]
fn a_cycle_names_every_step() {
    let files = [
        ("shop/main.kpi", "use \"../a/x\"\n"),
        ("a/x.kpi", "use \"../b/y\"\nmetric x = 1\n"),
        ("b/y.kpi", "use \"../shop\"\nmetric y = 1\n"),
    ];
    let project = load(&files);
    let steps = "`shop/main.kpi`, `a/x.kpi`, `b/y.kpi`, `shop/main.kpi`";
    assert_eq!(told(&project), [format!("K2006 these files form a cycle: {steps}")]);
    let cycle = project.diagnostics.iter().next().unwrap();
    assert_eq!(cycle.labels.len(), 3);
}

#[test]
fn paths_stay_in_the_repository() {
    let one = |path: &str| {
        let main = format!("use {path:?}\n");
        told(&load(&[("shop/main.kpi", main.as_str()), ("shared/a.kpi", "metric a = 1\n")]))
    };
    assert_eq!(one("/shared/a"), ["K7003 the path does not start from the folder of this file"]);
    assert_eq!(one("../../a"), ["K7003 the path leads out of the project"]);
    assert_eq!(one("..\\shared"), ["K7003 paths are written with `/`"]);
    assert_eq!(one(""), ["K7003 the path is empty"]);
    assert_eq!(
        one("../shared/b"),
        ["K7065 there is no file or folder of definitions \"../shared/b\""]
    );
    assert_eq!(one("std:marketing/web"), ["K7065 the standard library has no `marketing/web`"]);
    assert_eq!(one("std:"), ["K7065 the standard library has no ``"]);
}

#[test]
fn misspelt_names_offer_the_nearest() {
    let fix = |main: &str| {
        let project =
            load(&[("shop/main.kpi", main), ("shared/finance.kpi", "metric a_metric = 1\n")]);
        let found = project.diagnostics.sorted();
        assert_eq!(found.len(), 1, "{:?}", told(&project));
        found[0].fix.as_ref().map(|f| f.edits[0].text.clone())
    };
    assert_eq!(fix("use \"std:marketing/websit\"\n").as_deref(), Some("\"std:marketing/website\""));
    assert_eq!(fix("use \"../shared/finanse\"\n").as_deref(), Some("\"../shared/finance\""));
    assert_eq!(fix("use \"../share\"\n").as_deref(), Some("\"../shared\""));
    assert_eq!(fix("use \"../shared\" only a_metrik\n").as_deref(), Some("a_metric"));
    assert_eq!(fix("list a = std.search_engine\n").as_deref(), Some("std.search_engines"));
    // What it may have brought in gives no second message.
    assert!(fix("use \"std:marketing/websit\"\nmetric b = bounce_rate * 2\n").is_some());
}

#[test]
fn a_folder_and_a_file_of_one_name_are_told_apart() {
    let files = |main: &'static str| {
        [
            ("shop/main.kpi", main),
            ("a.kpi", "metric file = 1\n"),
            ("a/b.kpi", "metric folder = 1\n"),
        ]
    };
    assert_eq!(told(&load(&files("use \"../a\"\n"))), ["K7065 \"../a\" is a file and a folder"]);
    assert_eq!(names(&load(&files("use \"../a.kpi\"\n"))), ["file"]);
    assert_eq!(names(&load(&files("use \"../a/\"\n"))), ["folder"]);
}

#[test]
fn a_subfolder_with_a_project_is_used_and_not_part_of_it() {
    let files = [
        ("shop/main.kpi", "use \"finance\"\nproject \"Shop\" {\n  currency: USD\n}\n"),
        ("shop/finance/ledger.kpi", "project \"Finance\" {\n  currency: EUR\n}\nmetric a = 1\n"),
        ("shop/finance/inner/other.kpi", "project \"Inner\" {\n  currency: EUR\n}\nmetric b = 1\n"),
    ];
    let project = load(&files);
    assert_eq!(told(&project), Vec::<String>::new());
    assert_eq!(names(&project), ["a"]);
    assert_eq!(project.model.settings.title.plain, "Shop");
}

#[test]
fn data_lie_beside_the_file_that_names_them() {
    let source = "source money {\n  csv: \"data/a.csv\"\n  date: day\n  columns {\n    amount: count\n  }\n}\nmetric total = sum(money.amount)\n";
    let files = [
        ("shop/main.kpi", "use \"../shared/books\" only total\nmetric twice = total * 2\n"),
        ("shared/books.kpi", source),
        ("shared/data/a.csv", "day,amount\n2026-06-01,7\n"),
        ("shop/data/a.csv", "day,amount\n2026-06-01,1000\n"),
    ];
    assert_eq!(value(&files, "twice").as_deref(), Some("14"));
}

#[test]
fn a_watcher_sees_the_files_that_are_used() {
    let inner = MemoryHost::new([
        ("shop/main.kpi", "use \"../shared/rate\"\n"),
        ("shared/rate.kpi", "metric a = 1\n"),
        ("shared/other.kpi", "metric b = 1\n"),
    ]);
    let host = RecordingHost::new(&inner);
    driver::load(&host, "shop").unwrap();
    let seen = host.seen();
    assert!(seen.files.contains("shared/rate.kpi") && seen.files.contains("shared/other.kpi"));
    assert!(seen.places().contains("shared"));
}

#[test]
fn a_mistake_in_a_used_file_is_told_there() {
    let files =
        [("shop/main.kpi", "use \"../shared/rate\"\n"), ("shared/rate.kpi", "metric a = b\n")];
    let project = load(&files);
    let shown = human(&project.diagnostics, &project.sources, Style::Plain);
    assert!(shown.contains("--> shared/rate.kpi:1:12"), "{shown}");
    let files = [
        ("shop/main.kpi", "use \"../shared/rate\"\n"),
        ("shared/rate.kpi", "metric a = b\nkpi c {\n  unti: count\n}\n"),
    ];
    assert_eq!(told(&load(&files)).len(), 2, "{:?}", told(&load(&files)));
}

#[test]
fn a_breakdown_that_a_library_proposes_is_no_mistake() {
    let rate = RATE.replace("  unit:    percent\n", "  unit:    percent\n  by: channel\n");
    let main = format!(
        "use \"../shared/rate\"\n{WEB}metric sessions = sum(web.visits)\nmetric sales = sum(web.buys)\n"
    );
    let files = [("shop/main.kpi", main.as_str()), ("shared/rate.kpi", rate.as_str())];
    let project = load(&files);
    assert_eq!(told(&project), Vec::<String>::new());
    let id = project.model.find("rate").unwrap();
    assert!(project.model.measure(id).purpose.as_ref().unwrap().by.is_empty());
    let main = format!("{main}kpi rate {{\n  by: channel\n}}\n");
    let files = [("shop/main.kpi", main.as_str()), ("shared/rate.kpi", rate.as_str())];
    assert_eq!(told(&load(&files)).len(), 1);
}

#[test]
fn kpis_without_their_inputs_are_left_out() {
    let main = format!(
        "use \"../shared/rate\"\n{WEB}metric sessions = sum(web.visits)\n\
         kpi own \"Own\" {{\n  formula: sessions\n}}\n\
         report monthly \"Monthly\" {{\n  section \"S\" {{\n    kpis: own, rate\n    chart: rate as line\n  }}\n}}\n"
    );
    let files = [("shop/main.kpi", main.as_str()), ("shared/rate.kpi", RATE)];
    let project = load(&files);
    let found = "K6065 `rate` is left out of the report: nothing defines `sales`";
    assert_eq!(told(&project), [found, found]);
    let section = &project.model.reports[0].sections[0];
    assert_eq!((section.kpis.len(), section.figures.len()), (1, 0));
    let rate = project.model.find("rate").unwrap();
    let host = MemoryHost::new(files.iter().map(|(p, t)| (*p, t.as_bytes())));
    let mut out = Diagnostics::default();
    let named = Question { measures: vec![rate], ..Question::default() };
    assert!(driver::evaluate(&host, &project, &named, &mut out).unwrap().is_none());
    assert_eq!(out.iter().next().unwrap().code.id, "K5065");
    let mut out = Diagnostics::default();
    let all = driver::evaluate(&host, &project, &Question::default(), &mut out).unwrap().unwrap();
    assert!(all.iter().all(|r| r.kpi == "own"), "{all:?}");
}
