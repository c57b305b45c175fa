//! The corpus of projects and of typical mistakes.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::support::{Checked, check, corpus};

/// Every file below a folder; folders that are projects of their own aside.
fn files(folder: &Path, root: &Path, into: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            let own = fs::read_dir(&path).unwrap().any(|e| {
                let path = e.unwrap().path();
                let kpi = path.extension().is_some_and(|x| x == "kpi");
                kpi && fs::read_to_string(path).unwrap().lines().any(|l| l.starts_with("project "))
            });
            if !own {
                files(&path, root, into);
            }
        } else if let Ok(text) = fs::read_to_string(&path) {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            into.push((name, text));
        }
    }
}

fn project(folder: &Path) -> Checked {
    let mut all = Vec::new();
    files(folder, folder, &mut all);
    let all: Vec<_> = all.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    check(&all)
}

#[test]
fn whole_projects_have_nothing_to_be_told() {
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    for name in ["guides", "shop", "persian", "saas", "saas/finance", "library/marketing"] {
        let checked = project(&corpus.join(name));
        // Folders that are used are no part of what is handed in here.
        let expected = |l: &String| l.contains("K7065");
        let told = checked.told().into_iter().filter(|l| !expected(l));
        wrong.extend(told.map(|l| format!("{name}: {l}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_mistake_is_found_with_its_fix() {
    let Some(corpus) = corpus() else { return };
    let mut told = String::new();
    let mut paths: Vec<_> =
        fs::read_dir(corpus.join("broken")).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let checked = check(&[("main.kpi", &text)]);
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        // The mistakes in the text are the syntax's to tell.
        for found in checked.out.sorted().into_iter().filter(|d| !d.code.id.starts_with("K1")) {
            writeln!(told, "{} {}", &name[..2], checked.line(found)).unwrap();
        }
    }
    assert_eq!(told, TOLD);
}

#[test]
fn every_fix_repairs_its_mistake() {
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    for entry in fs::read_dir(corpus.join("broken")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let checked = check(&[("main.kpi", &text)]);
        if checked.out.iter().any(|d| d.fix.is_none()) {
            continue;
        }
        let repaired = checked.repaired();
        let told = check(&[("main.kpi", &repaired)]).told();
        if !told.is_empty() {
            wrong.push(format!("{}: {told:?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the check says of the corpus: file, line, code, message, help, edit.
const TOLD: &str = "\
03 24 K2001 unknown name `conversons` [did you mean `conversions`?] {conversons -> conversions}
04 20 K2003 source `web` has no column `visit` [did you mean `visits`?] {visit -> visits}
05 20 K2002 unknown source `wep` [did you mean `web`?] {wep -> web}
06 20 K2004 unknown function `summ` [did you mean `sum`?] {summ -> sum}
17 17 K3001 GBP and EUR cannot be added [bring the second to the first by a rate: `convert(..., GBP, RATE)`]
18 17 K3001 money and count cannot be added
19 26 K3008 a percent KPI against a bare number [write `3%`] {3 -> 3%}
20 24 K9001 `* 100` under `unit: percent`: the value would be 100 times too large [remove `* 100`] { * 100 -> }
21 3 K2006 these formulas form a cycle: `a`, `b`, `c`, `a` [let one of them be computed without the others]
22 28 K2005 `conversion_rate` is defined twice [choose another name]
24 4 K3010 there is no such day: February 2026 has 28 days [write `2026-02-28`] {2026-02-30 -> 2026-02-28}
25 8 K3010 there is no such day: 1404 is not a leap year and its last month has 29 days [write `1404-12-29`] {1404-12-30 -> 1404-12-29}
34 21 K3004 the mean of a rate without a weight: rows of one visit and of a thousand count alike [weigh it by what it is a share of: `avg(web.ctr, weight: visits)`] {avg(web.ctr) -> avg(web.ctr, weight: visits)}
35 21 K3005 `users` is not additive over date: people of two days are counted twice [take `avg(web.users)` or a count of distinct ids] {sum(web.users) -> avg(web.users)}
36 24 K3006 `visits` is a flow and has no opening level [write `previous(visits)`] {opening(visits) -> previous(visits)}
37 37 K3007 source `web` has no column `country` [remove it or add the column to `web`]
40 36 K2001 unknown KPI `visit_cuont` [did you mean `visit_count`?] {visit_cuont -> visit_count}
";
