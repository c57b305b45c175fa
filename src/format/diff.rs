//! What changes, as a unified diff.

use std::fmt;

use imara_diff::{Algorithm, Diff, InternedInput, Interner, Token, UnifiedDiffConfig};
use imara_diff::{UnifiedDiffPrinter, sources::lines};

/// The change from one text to another in the form that `git apply` and `patch -p1` read; empty
/// where there is none.
///
/// ```
/// use sanjeh::format::diff;
/// let text = diff("a.kpi", "metric  a = 1\n", "metric a = 1\n");
/// assert_eq!(text, "--- a/a.kpi\n+++ b/a.kpi\n@@ -1 +1 @@\n-metric  a = 1\n+metric a = 1\n");
/// assert_eq!(diff("a.kpi", "x", "x"), "");
/// ```
pub fn diff(path: &str, old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    let input = InternedInput::new(lines(old), lines(new));
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    let printer = Printer(&input.interner);
    let hunks = diff.unified_diff(&printer, UnifiedDiffConfig::default(), &input);
    format!("--- a/{path}\n+++ b/{path}\n{hunks}")
}

struct Printer<'i, 's>(&'i Interner<&'s str>);

impl Printer<'_, '_> {
    fn line(&self, mut f: impl fmt::Write, sign: char, token: Token) -> fmt::Result {
        let line = self.0[token];
        write!(f, "{sign}{line}")?;
        if line.ends_with('\n') { Ok(()) } else { writeln!(f, "\n\\ No newline at end of file") }
    }
}

impl UnifiedDiffPrinter for Printer<'_, '_> {
    fn display_header(
        &self,
        mut f: impl fmt::Write,
        start_before: u32,
        start_after: u32,
        len_before: u32,
        len_after: u32,
    ) -> fmt::Result {
        let range = |start: u32, length: u32| match length {
            0 => format!("{start},0"),
            1 => format!("{}", start + 1),
            _ => format!("{},{length}", start + 1),
        };
        let (before, after) = (range(start_before, len_before), range(start_after, len_after));
        writeln!(f, "@@ -{before} +{after} @@")
    }

    fn display_context_token(&self, f: impl fmt::Write, token: Token) -> fmt::Result {
        self.line(f, ' ', token)
    }

    fn display_hunk(
        &self,
        mut f: impl fmt::Write,
        before: &[Token],
        after: &[Token],
    ) -> fmt::Result {
        before.iter().try_for_each(|token| self.line(&mut f, '-', *token))?;
        after.iter().try_for_each(|token| self.line(&mut f, '+', *token))
    }
}

#[cfg(test)]
mod tests {
    use super::diff;

    #[test]
    fn a_missing_line_break_is_told() {
        let text = diff("a", "one\ntwo", "one\ntwo\n");
        let end = "@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n+two\n";
        assert!(text.ends_with(end), "{text}");
    }

    #[test]
    fn far_changes_are_hunks_of_their_own() {
        let lines: Vec<String> = (0..30).map(|i| i.to_string()).collect();
        let old = lines.join("\n") + "\n";
        let new = old.replace("\n3\n", "\n3x\n").replace("\n27\n", "\n27x\n");
        let text = diff("a", &old, &new);
        assert_eq!(text.matches("@@ -").count(), 2, "{text}");
        assert!(text.contains("@@ -1,7 +1,7 @@") && text.contains("@@ -25,6 +25,6 @@"), "{text}");
        assert_eq!(diff("a", "x\n", ""), "--- a/a\n+++ b/a\n@@ -1 +0,0 @@\n-x\n");
        assert_eq!(diff("a", "", "x\n"), "--- a/a\n+++ b/a\n@@ -0,0 +1 @@\n+x\n");
    }
}
