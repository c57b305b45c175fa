//! The tutorial: its files, one after the other, and what its commands print.

use super::kpi;
use crate::support::{fences, root};

/// A fence with a file's name writes it into the folder `tea`; one of `console` shows a command and
/// what it prints there.
#[test]
fn what_the_tutorial_shows_is_what_comes_out() {
    let page = std::fs::read_to_string(root().join("docs/tutorial.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut commands = 0;
    for fence in fences(&page) {
        if fence.language == "console" {
            let (command, expected) = fence.text.split_once('\n').unwrap();
            let words: Vec<&str> = command.split(' ').collect();
            let ["$", "kpi", args @ ..] = words.as_slice() else { panic!("{command}") };
            let answer = kpi(folder.path(), args);
            assert_eq!(answer.out, expected, "line {}\n{}", fence.line, answer.err);
            commands += 1;
        } else if !fence.rest.is_empty() {
            let path = folder.path().join("tea").join(&fence.rest);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &fence.text).unwrap();
        }
    }
    assert!(commands > 3, "only {commands} commands were found");
    let built = kpi(folder.path(), &["build", "tea"]);
    assert_eq!(built.code, 0, "{}", built.err);
    assert!(folder.path().join("tea/out/monthly.html").exists());
    // What section 7 says of a change.
    let git = |args: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.current_dir(folder.path());
        command.args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]).args(args);
        command.output().is_ok_and(|ended| ended.status.success())
    };
    // Without git there is nothing to compare with.
    if git(&["init", "-q", "."]) && git(&["add", "tea"]) && git(&["commit", "-q", "-m", "tea"]) {
        let path = folder.path().join("tea/tea.kpi");
        let spec = std::fs::read_to_string(&path).unwrap();
        let raised = "2_500 GBP from 2026-06-01 because strategy \"Rent went up\"";
        std::fs::write(&path, spec.replace("2_000 GBP", raised)).unwrap();
        let told = kpi(folder.path(), &["diff", "tea"]);
        let shown = fences(&page).into_iter().find(|f| f.text.starts_with("1 definition")).unwrap();
        assert_eq!(told.out.split_once('\n').unwrap().1, shown.text, "{}", told.err);
        std::fs::write(&path, spec).unwrap();
    }
    // What section 6 says of a bad cell.
    let table = folder.path().join("tea/data/shop.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    std::fs::write(&table, text.replace(",486.00", ",12 pcs")).unwrap();
    let broken = kpi(folder.path(), &["build", "tea"]);
    assert_eq!(broken.code, 1);
    for part in ["data/shop.csv:2:25", "12 pcs", "tea.kpi:14:"] {
        assert!(broken.err.contains(part), "{part} is not in\n{}", broken.err);
    }
}
