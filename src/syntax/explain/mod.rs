//! Why a slice could not be read, in the user's words: what is typical first, what the grammar
//! expected last.

mod number;
mod quotes;
mod word;

use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::grammar::{Failure, Rule};
use crate::syntax::lower::context::Context;
use crate::syntax::name::is_name;
use crate::syntax::phrase::any_of;
use crate::syntax::split::Run;
use crate::syntax::token::{Kind, Token};

/// A slice that could not be read, and the token where reading stopped.
struct Case<'c> {
    text: &'c str,
    file: crate::source::FileId,
    rule: Rule,
    what: &'c str,
    /// The tokens of the slice without line breaks.
    tokens: Vec<Token>,
    /// The index of the token that does not fit; behind the last where something is missing.
    bad: usize,
    expected: &'c [&'static str],
    /// The end of the slice.
    end: usize,
}

/// Looks for one kind of slip.
type Check = fn(&Case<'_>) -> Option<Diagnostic>;

/// The message for a run that does not match its rule. `what` names it: "`unit`".
pub(in crate::syntax) fn explain(
    cx: &Context<'_, '_, '_>,
    rule: Rule,
    run: Run,
    failure: &Failure,
    what: &str,
) -> Diagnostic {
    let tokens: Vec<Token> = cx.tokens[run.first.min(run.end)..run.end]
        .iter()
        .filter(|t| t.kind != Kind::Newline)
        .copied()
        .collect();
    let bad = tokens.partition_point(|t| t.end as usize <= failure.at);
    let case = Case {
        text: cx.text,
        file: cx.file(),
        rule,
        what,
        tokens,
        bad,
        expected: &failure.expected,
        end: cx.range(run).end,
    };
    let checks: [Check; 15] = [
        word::trailing_comma,
        quotes::quoted_word,
        word::misspelt,
        quotes::unquoted,
        word::defining_sign,
        word::bare_if,
        quotes::single_quotes,
        word::capitals,
        number::glued_number,
        number::thousands,
        number::unknown_unit,
        word::hyphen_in_name,
        word::reserved_name,
        word::misplaced_where,
        number::modulo,
    ];
    checks.iter().find_map(|check| check(&case)).unwrap_or_else(|| generic(&case))
}

impl<'c> Case<'c> {
    fn token(&self, index: usize) -> Option<Token> {
        self.tokens.get(index).copied()
    }

    fn word(&self, index: usize) -> &'c str {
        self.tokens.get(index).map_or("", |t| t.text(self.text))
    }

    fn kind(&self, index: usize) -> Option<Kind> {
        self.token(index).map(|t| t.kind)
    }

    fn before(&self) -> Option<usize> {
        self.bad.checked_sub(1).filter(|&i| i < self.tokens.len())
    }

    fn span(&self, index: usize) -> Span {
        self.token(index).map_or(Span::new(self.file, self.end, self.end), |t| t.span(self.file))
    }

    /// Whether no white space stands between a token and the next.
    fn touches_next(&self, index: usize) -> bool {
        match (self.token(index), self.token(index + 1)) {
            (Some(a), Some(b)) => a.end == b.start,
            _ => false,
        }
    }

    /// How many brackets are open where reading stopped.
    fn depth(&self) -> usize {
        self.tokens[..self.bad].iter().fold(0usize, |depth, t| match t.kind {
            Kind::Open => depth + 1,
            Kind::Close => depth.saturating_sub(1),
            _ => depth,
        })
    }

    fn expects(&self, words: &str) -> bool {
        self.expected.contains(&words)
    }
}

/// What stands there, and what could stand there.
fn generic(case: &Case<'_>) -> Diagnostic {
    let percent = case.before().is_some_and(|i| case.word(i).ends_with(['%', '٪']));
    let possible =
        |w: &&str| !(percent && matches!(*w, "a word like `days`" | "a currency like `USD`"));
    let expected: Vec<&str> = case.expected.iter().copied().filter(possible).collect();
    let expected = grouped(&expected);
    let formula = case.rule == Rule::measure_head
        && case.tokens[..case.bad.min(case.tokens.len())].iter().any(|t| t.text(case.text) == "=");
    let what = if formula { "the formula" } else { case.what };
    let label = match expected.as_slice() {
        [] => "cannot be read".to_owned(),
        many => format!("expected {}", any_of(many)),
    };
    let Some(token) = case.token(case.bad) else {
        let end = Span::new(case.file, case.end, case.end);
        let message = match case.tokens.last() {
            None => format!("{what} is empty"),
            Some(last) => {
                format!("{what} ends too early, behind {}", ticked(&short(last.text(case.text))))
            }
        };
        return Diagnostic::new(&codes::UNEXPECTED, message).at(end, label);
    };
    let found = short(token.text(case.text));
    let message = format!("{what} cannot have {} here", ticked(&found));
    let diagnostic = Diagnostic::new(&codes::UNEXPECTED, message).at(token.span(case.file), label);
    if matches!(found.as_str(), "[" | "]") {
        return diagnostic.help("brackets are round: `(` and `)`");
    }
    if token.kind == Kind::Other && !is_name(&found) {
        return diagnostic.help("remove it");
    }
    diagnostic
}

/// In backticks, unless it has its own.
fn ticked(text: &str) -> String {
    if text.starts_with('`') { text.to_owned() } else { format!("`{text}`") }
}

fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= 30 && line.len() == text.len() {
        return text.to_owned();
    }
    line.chars().take(30).chain("…".chars()).collect()
}

/// Whole families by one word, at most five.
fn grouped(expected: &[&'static str]) -> Vec<&'static str> {
    let value = ["a number", "a name", "a text in quotes"].iter().all(|w| expected.contains(w));
    let of_value = |w: &str| {
        value
            && (matches!(
                w,
                "a number" | "a name" | "a text in quotes" | "a value" | "`if`" | "a year"
            ) || w.starts_with("a date")
                || w.starts_with("a period")
                || w.starts_with("a regular"))
    };
    let operator = expected.contains(&"an operator");
    let of_operator = |w: &str| operator && matches!(w, "`is`" | "`not`" | "`in`");
    let mut grouped: Vec<&'static str> = Vec::new();
    if value {
        grouped.push("a value");
    }
    grouped.extend(expected.iter().filter(|w| !of_value(w) && !of_operator(w)));
    grouped.dedup();
    if grouped.len() > 5 {
        grouped.retain(|w| *w != "the end of the line");
        grouped.truncate(5);
    }
    grouped
}
