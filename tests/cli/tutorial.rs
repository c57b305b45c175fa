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
