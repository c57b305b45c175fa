//! `kpi fmt`

use std::io::Write;
use std::process::{Command, Stdio};

use super::{Call, listed};

const UGLY: &str = "# ours\nkpi a \"A\"\n{\n unit:count # of what\n  formula: b+c }\n";
const FINE: &str = "# ours\nkpi a \"A\" {\n  unit:    count  # of what\n  formula: b + c\n}\n";

fn stdin(args: &[&str], text: &[u8]) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kpi"))
        .args(args)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn files_are_written_and_named_and_others_are_not_touched() {
    let call = Call::new(&["fmt"])
        .file("ugly.kpi", UGLY)
        .file("sub/fine.kpi", FINE)
        .file("sub/other.txt", UGLY)
        .file(".gitignore", "skipped/\n")
        .file("skipped/a.kpi", UGLY);
    let before = std::fs::metadata(call.folder.path().join("sub/fine.kpi")).unwrap();
    let answer = call.run();
    assert_eq!((answer.code, answer.out.as_str()), (0, "ugly.kpi\n"), "{}", answer.err);
    assert_eq!(answer.err, "1 of 2 files formatted\n");
    let read = |path| std::fs::read_to_string(answer.folder.path().join(path)).unwrap();
    assert_eq!(read("ugly.kpi"), FINE);
    assert_eq!(read("skipped/a.kpi"), UGLY);
    let after = std::fs::metadata(answer.folder.path().join("sub/fine.kpi")).unwrap();
    assert_eq!(before.modified().unwrap(), after.modified().unwrap());
    let left = listed(answer.folder.path());
    assert!(left.iter().all(|p| !p.contains(".kpi-")), "{left:?}");
}

#[test]
fn check_prints_a_diff_that_can_be_applied_and_writes_nothing() {
    let answer = Call::new(&["fmt", "--check"]).file("ugly.kpi", UGLY).file("b.kpi", FINE).run();
    assert_eq!(answer.code, 1);
    let expected = "--- a/ugly.kpi\n+++ b/ugly.kpi\n@@ -1,5 +1,5 @@\n # ours\n-kpi a \"A\"\n-{\n- unit:count # of what\n-  formula: b+c }\n+kpi a \"A\" {\n+  unit:    count  # of what\n+  formula: b + c\n+}\n";
    assert_eq!(answer.out, expected);
    assert_eq!(answer.err, "1 of 2 files not formatted\n");
    let kept = std::fs::read_to_string(answer.folder.path().join("ugly.kpi")).unwrap();
    assert_eq!(kept, UGLY);
    let answer = Call::new(&["fmt", "--check", "b.kpi"]).file("b.kpi", FINE).run();
    assert_eq!((answer.code, answer.out.as_str()), (0, ""), "{}", answer.err);
}

#[test]
fn standard_input_goes_to_standard_output() {
    assert_eq!(stdin(&["fmt", "--stdin"], UGLY.as_bytes()), (0, FINE.to_owned(), String::new()));
    assert_eq!(stdin(&["fmt", "--stdin"], FINE.as_bytes()).1, FINE);
    let (code, out, _) = stdin(&["fmt", "--stdin", "--check"], UGLY.as_bytes());
    assert!(code == 1 && out.starts_with("--- a/stdin.kpi\n"), "{out}");
    let (code, out, err) = stdin(&["fmt", "--stdin"], b"metric \xff");
    assert!(code == 1 && out.is_empty() && err.contains("not UTF-8"), "{err}");
    assert_eq!(stdin(&["fmt", "--stdin", "a.kpi"], b"").0, 2);
}

#[test]
fn what_is_broken_is_told_and_left_while_the_rest_is_formatted() {
    let text = format!("metric  a = (\n\n{UGLY}");
    let answer = Call::new(&["fmt"]).file("ugly.kpi", &text).run();
    assert_eq!(answer.code, 1);
    assert!(answer.err.contains("ugly.kpi:1:"), "{}", answer.err);
    let new = std::fs::read_to_string(answer.folder.path().join("ugly.kpi")).unwrap();
    assert_eq!(new, format!("metric  a = (\n\n{FINE}"));
    let answer = Call::new(&["fmt", "--stdin"]).run();
    assert_eq!((answer.code, answer.out.as_str()), (0, ""));
    assert_eq!(Call::new(&["fmt", "nowhere"]).run().code, 1);
    assert_eq!(Call::new(&["fmt"]).run().code, 1);
}

/// A link stays a link; what it leads to is formatted.
#[cfg(unix)]
#[test]
fn links_stay_links() {
    let call = Call::new(&["fmt"]).file("real/ugly.txt", UGLY);
    let link = call.folder.path().join("ugly.kpi");
    std::os::unix::fs::symlink("real/ugly.txt", &link).unwrap();
    let answer = call.run();
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(&link).unwrap(), FINE);
}
