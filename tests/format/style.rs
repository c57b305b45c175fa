//! The pages of texts before and after, what is committed, and two people at one file.

use std::path::Path;
use std::process::Command;

use super::formatted;
use crate::support::{fences, files, root};
use sanjeh::format::diff;

#[test]
fn texts_before_and_after() {
    let mut count = 0;
    let mut wrong = String::new();
    for path in files(&root().join("tests/format"), "md") {
        let page = std::fs::read_to_string(&path).unwrap();
        for pair in fences(&page).chunks(2) {
            let [before, after] = pair else { panic!("{}: an odd fence", path.display()) };
            assert_eq!((before.rest.as_str(), after.rest.as_str()), ("", "formatted"));
            assert_eq!(before.heading, after.heading);
            wrong += &diff(&before.heading, &after.text, &formatted("page.kpi", &before.text));
            wrong += &diff("twice", &after.text, &formatted("page.kpi", &after.text));
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 10, "{count}");
}

#[test]
fn line_breaks_and_the_mark_at_the_beginning() {
    let text = "\u{FEFF}# one\r\nkpi a {\r\n  about: \"\"\"\r\n    x\r\n  \"\"\"\r\n}\r\n\r\nkpi b {\r\n unit\r\n}\r\n";
    let plain = "# one\nkpi a {\n  about: \"\"\"\n    x\n  \"\"\"\n}\n\nkpi b {\n unit\n}\n";
    assert_eq!(formatted("a.kpi", text), plain);
    for (text, plain) in
        [("", ""), ("\n \n", ""), ("\u{FEFF}", ""), ("# a", "# a\n"), ("\n\n#a\r\n", "#a\n")]
    {
        assert_eq!(formatted("a.kpi", text), plain, "{text:?}");
    }
}

/// A key to a page's fence of specs: those that are shown as an example of the language.
fn is_shown(path: &Path) -> bool {
    !path.to_string_lossy().replace('\\', "/").contains("docs/codes/")
}

/// `UPDATE=1 cargo test what_is_committed_is_formatted` formats it.
#[test]
fn what_is_committed_is_formatted() {
    let update = std::env::var("UPDATE").is_ok();
    let mut wrong = String::new();
    for folder in ["examples", "specs", "templates", "tests"] {
        for path in files(&root().join(folder), "kpi") {
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            let new = formatted(&name, &text);
            if update && new != text {
                std::fs::write(&path, &new).unwrap();
            }
            wrong += &diff(&name, &text, &new);
        }
    }
    let mut pages = files(&root().join("docs"), "md");
    pages.extend(["README.md", "examples/shop/README.md"].map(|p| root().join(p)));
    for path in pages.iter().filter(|p| p.is_file() && is_shown(p)) {
        let page = std::fs::read_to_string(path).unwrap();
        let mut new = page.clone();
        for fence in fences(&page).iter().filter(|f| f.language == "kpi") {
            let name = format!("{}:{}", path.strip_prefix(root()).unwrap().display(), fence.line);
            let text = formatted(&name, &fence.text);
            wrong += &diff(&name, &fence.text, &text);
            new = new.replacen(&fence.text, &text, 1);
        }
        if update && new != page {
            std::fs::write(path, &new).unwrap();
        }
    }
    assert!(update || wrong.is_empty(), "UPDATE=1 cargo test what_is_committed\n{wrong}");
}

const SHOP: &str = "metric visits = sum(web.visits)\n\nkpi a \"A\" {\n  formula: visits\n  unit:    count\n}\n\nkpi b \"B\" {\n  formula: visits\n  unit:    count\n}\n";

/// Alignment ends with its block: what one person adds to one KPI moves no line of another's.
#[test]
fn two_people_at_two_kpis_do_not_meet() {
    assert_eq!(formatted("shop.kpi", SHOP), SHOP);
    let one = formatted("shop.kpi", &SHOP.replacen("  unit:", "  variant_of: b\n  unit:", 1));
    let at = SHOP.find("kpi b").unwrap();
    let (head, tail) = SHOP.split_at(at);
    let tail = tail.replace("  unit:", "  improve fa: \"x\"\n  unit:");
    let other = formatted("shop.kpi", &format!("{head}{tail}"));
    let place = tempfile::tempdir().unwrap();
    for (name, text) in [("base", SHOP), ("one", &one), ("other", &other)] {
        std::fs::write(place.path().join(name), text).unwrap();
    }
    let merged = Command::new("git")
        .args(["merge-file", "-p", "one", "base", "other"])
        .current_dir(place.path())
        .output();
    // Where there is no git there is nothing to merge.
    let Ok(merged) = merged else { return };
    assert!(merged.status.success(), "{merged:?}");
    let text = String::from_utf8(merged.stdout).unwrap();
    assert!(text.contains("  variant_of: b\n") && text.contains("  improve fa: \"x\"\n"));
    assert_eq!(formatted("shop.kpi", &text), text);
}
