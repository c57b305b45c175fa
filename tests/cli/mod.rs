//! The program itself: a temporary folder, arguments, streams and exit codes.

mod check;
mod diff;
mod disasters;
mod due;
mod explain;
mod fmt;
mod graph;
mod init;
mod kept;
mod manual;
mod past;
mod review;
mod test;
mod tutorial;
mod watch;

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A call of `kpi` in a folder of its own.
struct Call {
    folder: TempDir,
    args: Vec<String>,
}

struct Answer {
    code: i32,
    out: String,
    err: String,
    folder: TempDir,
}

impl Call {
    fn new(args: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, args: args.iter().map(|a| (*a).to_owned()).collect() }
    }

    fn file(self, path: &str, text: &str) -> Self {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    fn run(self) -> Answer {
        let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_kpi"))
            .args(&self.args)
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        Answer {
            code: status.code().unwrap(),
            out: String::from_utf8(stdout).unwrap(),
            err: String::from_utf8(stderr).unwrap(),
            folder: self.folder,
        }
    }
}

struct Said {
    code: i32,
    out: String,
    err: String,
}

/// A call in a folder that is there.
fn kpi(folder: &Path, args: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_kpi"))
        .args(args)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("KPI_CACHE", folder.join(".cache"))
        .output()
        .unwrap();
    Said {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

const SPEC: &str = r#"source web {
  csv:  "web.csv"
  date: day
  rows: events
  columns {
    visits: count
    buys:   count
    device: text
  }
}

metric visits = sum(web.visits)

kpi conversion_rate "Conversion rate" {
  formula: sum(web.buys) / visits
  unit:    percent
  target:  3% from 2026-01-01
  cadence: monthly
  by:      device
  goal:    grow
  owner:   "web team"
}

goal grow "Grow" {
  due:   2026-12-31
  owner: "web team"
}
"#;

const DATA: &str = "day,visits,buys,device\n\
2026-05-01,100,3,mobile\n\
2026-05-31,100,2,desktop\n\
2026-06-01,50,2,mobile\n\
2026-06-30,50,1,desktop\n";

#[test]
fn eval_prints_json_as_the_contract_says() {
    let answer = Call::new(&["eval", "--format", "json", "--from", "2026-06"])
        .file("shop.kpi", SPEC)
        .file("web.csv", DATA)
        .run();
    assert_eq!(answer.err, "");
    let expected = r#"{"kpi": "conversion_rate", "period": "2026-06", "start": "2026-06-01", "end": "2026-06-30", "complete": true, "by": {}, "value": "0.03", "unit": "percent", "target": "0.03", "status": "on track"}"#;
    let found: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    let expected: serde_json::Value = serde_json::from_str(expected).unwrap();
    assert_eq!(found, serde_json::Value::Array(vec![expected]));
    let keys: Vec<&String> = found[0].as_object().unwrap().keys().collect();
    let order =
        ["kpi", "period", "start", "end", "complete", "by", "value", "unit", "target", "status"];
    assert_eq!(keys, order);
    assert_eq!(answer.code, 0);
}

#[test]
fn eval_by_a_dimension_and_csv() {
    let answer = Call::new(&["eval", "--by", "device", "--format", "csv", "--to", "2026-05"])
        .file("shop.kpi", SPEC)
        .file("web.csv", DATA)
        .run();
    assert_eq!(
        answer.out,
        "kpi,period,start,end,complete,device,value,unit,target,status\n\
         conversion_rate,2026-05,2026-05-01,2026-05-31,true,desktop,0.02,percent,,no target\n\
         conversion_rate,2026-05,2026-05-01,2026-05-31,true,mobile,0.03,percent,,no target\n"
    );
}

#[test]
fn a_slip_in_the_spec_is_told_with_its_place_and_a_fix() {
    let spec = SPEC.replace("target: ", "taregt: ");
    let answer = Call::new(&["check"]).file("shop.kpi", &spec).file("web.csv", DATA).run();
    assert_eq!(answer.code, 1);
    assert!(answer.err.contains("shop.kpi:17:3"), "{}", answer.err);
    assert!(answer.err.contains("did you mean `target`?"), "{}", answer.err);
}

#[test]
fn a_bad_cell_stops_the_build_and_leaves_the_output_untouched() {
    let data = DATA.replace("50,1,desktop", "50,one,desktop");
    let answer = Call::new(&["build"])
        .file("shop.kpi", SPEC)
        .file("web.csv", &data)
        .file("out/shop.html", "old")
        .run();
    assert_eq!(answer.code, 1);
    assert!(answer.err.contains("web.csv:5:15"), "{}", answer.err);
    assert!(answer.err.contains("`one`"), "{}", answer.err);
    assert!(answer.err.contains("shop.kpi"), "{}", answer.err);
    let left = listed(answer.folder.path());
    assert_eq!(left, ["out", "out/shop.html", "shop.kpi", "web.csv"]);
    let kept = std::fs::read_to_string(answer.folder.path().join("out/shop.html")).unwrap();
    assert_eq!(kept, "old");
}

#[test]
fn build_writes_the_reports_and_says_what_it_found() {
    let call = Call::new(&["build"]).file("shop.kpi", SPEC).file("web.csv", DATA);
    let answer = call.run();
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(answer.err.contains("1 on track"), "{}", answer.err);
    for path in answer.out.lines() {
        assert!(answer.folder.path().join(path).is_file(), "{path} is not there");
    }
    assert!(answer.out.contains(".html") && answer.out.contains(".md"), "{}", answer.out);
}

#[test]
fn reports_go_into_no_file() {
    for out in ["web.csv", "web.csv/in/it"] {
        let call = Call::new(&["build", "--out", out]).file("shop.kpi", SPEC);
        let answer = call.file("web.csv", DATA).run();
        assert_eq!((answer.code, answer.out.as_str()), (1, ""), "{}", answer.err);
        assert!(answer.err.contains("web.csv: is no folder"), "{}", answer.err);
        let mut left = listed(answer.folder.path());
        left.sort();
        assert_eq!(left, ["shop.kpi", "web.csv"], "something was written");
    }
}

#[test]
fn fail_on_fires_with_three() {
    let spec = SPEC.replace("3% from", "4% from");
    for (flag, code) in [("off-track", 3), ("at-risk", 3)] {
        let call = Call::new(&["build", "--fail-on", flag]);
        let answer = call.file("shop.kpi", &spec).file("web.csv", DATA).run();
        assert_eq!(answer.code, code, "{}", answer.err);
    }
    let spec = spec.replace("cadence:", "tolerance: 30%\n  cadence:");
    for (flag, code) in [("off-track", 0), ("at-risk", 3)] {
        let call = Call::new(&["build", "--fail-on", flag]);
        let answer = call.file("shop.kpi", &spec).file("web.csv", DATA).run();
        assert_eq!(answer.code, code, "{}", answer.err);
    }
}

#[test]
fn wrong_usage_is_two() {
    for args in [
        &["frobnicate"][..],
        &["eval", "--kpi", "nothing"],
        &["eval", "--by", "planet"],
        &["eval", "--every", "fortnightly"],
        &["eval", "--from", "yesterday"],
        &["eval", "--from", "2026-06", "--to", "2026-01"],
        &["eval", "--by", "device", "--by", "device"],
        &["build", "--report", "nothing"],
        &["build", "--out", ""],
        &["check", "--format", "yaml"],
        &["lsp"],
    ] {
        let answer = Call::new(args).file("shop.kpi", SPEC).file("web.csv", DATA).run();
        assert_eq!(answer.code, 2, "{args:?}: {}", answer.err);
        assert!(!answer.err.is_empty());
    }
    let answer = Call::new(&["eval", "--kpi", "conversion_rat"]).file("a.kpi", SPEC).run();
    assert!(answer.err.contains("did you mean `conversion_rate`?"), "{}", answer.err);
}

#[test]
fn a_path_that_is_not_there_is_one() {
    assert_eq!(Call::new(&["check", "nowhere"]).run().code, 1);
    assert_eq!(Call::new(&["check"]).run().code, 1);
}

#[test]
fn explain_prints_the_page_of_a_code() {
    let answer = Call::new(&["explain", "k1001"]).run();
    assert!(answer.out.starts_with("# K1001 unknown-property\n"));
    assert_eq!(answer.code, 0);
    assert_eq!(Call::new(&["explain", "unknown-propety"]).run().code, 2);
}

#[test]
fn check_counts_and_json_is_an_array() {
    let answer = Call::new(&["check"]).file("shop.kpi", SPEC).file("web.csv", DATA).run();
    assert_eq!((answer.code, answer.out.as_str()), (0, ""), "{}", answer.err);
    let answer = Call::new(&["check", "--format", "json"]).file("shop.kpi", "kpi a {\n").run();
    let found: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(found[0]["place"]["line"], 1);
    assert_eq!(answer.code, 1);
}

#[test]
fn missing_data_is_a_warning_for_check_and_an_error_for_eval() {
    let check = Call::new(&["check"]).file("shop.kpi", SPEC).run();
    assert_eq!(check.code, 0, "{}", check.err);
    assert!(check.err.contains("warning"), "{}", check.err);
    assert_eq!(Call::new(&["check", "--deny", "warnings"]).file("shop.kpi", SPEC).run().code, 1);
    assert_eq!(Call::new(&["eval"]).file("shop.kpi", SPEC).run().code, 1);
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let build = || {
        let answer = Call::new(&["build"]).file("shop.kpi", SPEC).file("web.csv", DATA).run();
        let read = |p: &String| std::fs::read(answer.folder.path().join(p)).unwrap_or_default();
        let files = listed(answer.folder.path());
        files.iter().map(|p| (p.clone(), read(p))).collect::<Vec<_>>()
    };
    assert_eq!(build(), build());
}

/// Editors save by writing a new file and renaming it over the old one.
#[test]
fn watch_builds_again_after_a_save_by_rename_and_keeps_the_last_good_report() {
    let call = Call::new(&[]).file("shop.kpi", SPEC).file("web.csv", DATA);
    let folder = call.folder.path();
    let mut child = Command::new(env!("CARGO_BIN_EXE_kpi"))
        .args(["watch", "--format", "markdown"])
        .current_dir(folder)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let pages = || {
        let is_page = |p: &String| Path::new(p).extension().is_some_and(|e| e == "md");
        let files = listed(folder).into_iter().filter(is_page);
        files
            .map(|p| std::fs::read_to_string(folder.join(p)).unwrap_or_default())
            .collect::<String>()
    };
    let until = |what: &dyn Fn(&str) -> bool| {
        for _ in 0..600 {
            if what(&pages()) {
                return true;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        false
    };
    let save = |text: &str| {
        std::fs::write(folder.join("shop.kpi~"), text).unwrap();
        std::fs::rename(folder.join("shop.kpi~"), folder.join("shop.kpi")).unwrap();
    };
    let first = until(&|p| p.contains("Conversion rate"));
    save(&SPEC.replace("target:", "taregt:"));
    std::thread::sleep(std::time::Duration::from_millis(300));
    let kept = pages().contains("Conversion rate");
    save(&SPEC.replace("Conversion rate", "Buyers in visits"));
    let second = until(&|p| p.contains("Buyers in visits"));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!((first, kept, second), (true, true, true));
}

fn listed(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut stack = vec![folder.to_owned()];
    while let Some(next) = stack.pop() {
        for entry in std::fs::read_dir(next).unwrap().flatten() {
            let inner = entry.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            found.push(inner);
            if entry.path().is_dir() {
                stack.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

/// A library alone is fine, and says what it lacks; so does a project that uses it.
#[test]
fn libraries_say_what_is_lacking() {
    let library = "metric sessions: count\nmetric sales: count\n\nkpi rate \"Rate\" {\n  formula: sales / sessions\n  unit:    percent\n}\n";
    let alone = Call::new(&["check", "lib"]).file("lib/rate.kpi", library).run();
    assert_eq!(alone.code, 0);
    assert!(alone.err.starts_with("`rate` lacks sessions, sales\n"), "{}", alone.err);

    let main = format!("use \"../lib\"\n\n{SPEC}\nmetric sessions = sum(web.visits)\n");
    let call = |args: &[&str]| {
        Call::new(args)
            .file("repo/.git/HEAD", "")
            .file("repo/lib/rate.kpi", library)
            .file("repo/shop/main.kpi", &main)
            .file("repo/shop/web.csv", "day,visits,buys,device\n2026-06-01,100,3,mobile\n")
    };
    let listed = call(&["list", "repo/shop"]).run();
    assert_eq!(listed.code, 0, "{}", listed.err);
    let rate = listed.out.lines().find(|l| l.contains("Rate")).unwrap();
    assert!(rate.contains("lib/rate.kpi") && rate.ends_with("sales"), "{}", listed.out);

    let named = call(&["eval", "repo/shop", "--kpi", "rate"]).run();
    assert_eq!(named.code, 1);
    assert!(named.err.contains("K5065"), "{}", named.err);

    let all = call(&["eval", "repo/shop"]).run();
    assert_eq!(all.code, 0, "{}", all.err);
    assert!(
        all.err.contains("note: `rate` is left out, since nothing defines `sales`"),
        "{}",
        all.err
    );

    let built = call(&["build", "repo/shop"]).run();
    assert_eq!(built.code, 0, "{}", built.err);
    assert!(built.err.contains("note: `rate` is left out"), "{}", built.err);
}

#[test]
fn the_standard_library_is_listed_by_theme() {
    let answer = Call::new(&["list", "--std"]).run();
    assert_eq!(answer.code, 0, "{}", answer.err);
    let rate = answer.out.lines().find(|l| l.trim_start().starts_with("conversion_rate ")).unwrap();
    let words = rate.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(
        words,
        "conversion_rate Conversion rate percent higher monthly sessions, conversions"
    );
    assert!(answer.out.contains("use \"std:marketing/website\"\n"), "{}", answer.out);
    let json = Call::new(&["list", "--std", "--format", "json"]).run();
    let all: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert!(all.as_array().unwrap().iter().any(|o| o["name"] == "ga4.email"), "{all}");
}
