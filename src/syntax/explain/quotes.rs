//! Texts without quotes, and quotes where none belong.

use super::Case;
use crate::diagnostic::{Diagnostic, codes};
use crate::syntax::grammar::Rule;
use crate::syntax::name::is_name;
use crate::syntax::token::Kind;

/// `better: "higher"`
pub(super) fn quoted_word(case: &Case<'_>) -> Option<Diagnostic> {
    let word = case.word(case.bad);
    let bare = word.strip_prefix('"')?.strip_suffix('"')?;
    let name = case.expects("a name") || case.expects("`starts`");
    if !name || case.expects("a text in quotes") || !is_name(bare) {
        return None;
    }
    let value = matches!(case.rule, Rule::name_value | Rule::names_value | Rule::paths_value);
    if !value {
        return None;
    }
    let span = case.span(case.bad);
    Some(
        Diagnostic::new(&codes::UNEXPECTED, "names and words of the language have no quotes")
            .at(span, "a text")
            .suggest(format!("write `{bare}`"), span, bare),
    )
}

/// A text without quotes: all that is left of the slice is taken for it.
pub(super) fn unquoted(case: &Case<'_>) -> Option<Diagnostic> {
    let whole = matches!(case.rule, Rule::text_value | Rule::localized_value | Rule::use_head);
    let name_due = case.expects("a name");
    if whole && case.bad != 0 || !case.expects("a text in quotes") || name_due {
        return None;
    }
    let mut rest = &case.tokens[case.bad.min(case.tokens.len())..];
    let pattern = case.before().is_some_and(|i| matches!(case.word(i), "as" | "jalali" | "file"));
    if pattern && matches!(case.rule, Rule::date_rule_value | Rule::column_value) {
        let glued = rest.windows(2).take_while(|pair| pair[0].end == pair[1].start).count();
        rest = &rest[..rest.len().min(glued + 1)];
    }
    let (first, last) = (rest.first()?, rest.last()?);
    let plain = rest.iter().all(|t| !matches!(t.kind, Kind::Text));
    let prose = rest.iter().all(|t| matches!(t.kind, Kind::Word | Kind::Number));
    let words = first.kind == Kind::Word && prose;
    if !plain || !(whole || words || pattern) || first.text(case.text) == "'" {
        return None;
    }
    let span = first.span(case.file).to(last.span(case.file));
    let quoted = format!("\"{}\"", case.text[span.range()].replace('\\', "\\\\"));
    let message = match (case.rule, case.what) {
        (Rule::use_head, _) | (Rule::text_value, "`csv`" | "`jsonl`" | "`parquet`") => {
            "a path is text".to_owned()
        }
        (Rule::text_value | Rule::localized_value, what) => format!("{what} is text"),
        (
            Rule::measure_head
            | Rule::titled_head
            | Rule::project_head
            | Rule::text_head
            | Rule::event_head
            | Rule::channel_line,
            _,
        ) => "a title is text".to_owned(),
        _ if pattern => "a pattern is text".to_owned(),
        _ => "a text stands in quotes".to_owned(),
    };
    Some(Diagnostic::new(&codes::UNQUOTED_TEXT, message).at(span, "no quotes around it").suggest(
        format!("write `{quoted}`"),
        span,
        quoted,
    ))
}

/// `'text'`
pub(super) fn single_quotes(case: &Case<'_>) -> Option<Diagnostic> {
    if !matches!(case.word(case.bad), "'" | "‘" | "’") {
        return None;
    }
    let close =
        (case.bad + 1..case.tokens.len()).find(|&i| matches!(case.word(i), "'" | "‘" | "’"));
    let span = case.span(case.bad).to(case.span(close.unwrap_or(case.bad)));
    let diagnostic = Diagnostic::new(&codes::TYPOGRAPHIC_QUOTES, "a text stands in double quotes")
        .at(span, "single quotes");
    Some(match close {
        Some(close) => {
            let start = case.span(case.bad).end as usize;
            let plain = format!("\"{}\"", &case.text[start..case.span(close).start as usize]);
            diagnostic.suggest(format!("write `{plain}`"), span, plain)
        }
        None => diagnostic.help("write it like `\"text\"`"),
    })
}
