//! The corpus of projects and of typical mistakes.

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
fn whole_projects_have_nothing_but_what_is_not_evaluated_yet() {
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    for name in ["guides", "shop", "persian", "saas", "saas/finance", "library/marketing"] {
        let checked = project(&corpus.join(name));
        let told = checked.told();
        wrong.extend(told.into_iter().filter(|l| !l.contains("K5001")).map(|l| format!("{name}: {l}")));
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
        for found in checked.out.sorted() {
            told.push_str(&format!("{} {}\n", &name[..2], checked.line(found)));
        }
    }
    expect(&told);
}
