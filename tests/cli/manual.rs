//! `kpi completions` and `kpi man`.

use super::Call;

#[test]
fn shells_get_scripts_that_know_every_command() {
    for (shell, mark) in
        [("bash", "complete -F"), ("zsh", "#compdef kpi"), ("fish", "complete -c kpi")]
    {
        let answer = Call::new(&["completions", shell]).run();
        assert_eq!((answer.code, answer.err.as_str()), (0, ""));
        assert!(answer.out.contains(mark), "{shell}: {}", answer.out);
        for word in ["build", "explain", "past", "as-of"] {
            assert!(answer.out.contains(word), "{shell} does not know `{word}`");
        }
    }
    let unknown = Call::new(&["completions", "cmd"]).run();
    assert_eq!(unknown.code, 2);
}

#[test]
fn the_manual_tells_of_every_command_and_flag() {
    let answer = Call::new(&["man"]).run();
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(answer.out.contains(".TH kpi 1"), "{}", answer.out);
    let plain = answer.out.replace('\\', "");
    for word in ["kpi build", "kpi check", "--fail-on", "--deny", "Exit codes"] {
        assert!(plain.to_lowercase().contains(&word.to_lowercase()), "no `{word}`");
    }
}
