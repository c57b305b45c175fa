//! Words and signs that are misspelt, misplaced or reserved.

use super::Case;
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::syntax::grammar::Rule;
use crate::syntax::token::Kind;
use crate::syntax::words;

/// `unit: percent,`
pub(super) fn trailing_comma(case: &Case<'_>) -> Option<Diagnostic> {
    let last = case.tokens.len().checked_sub(1)?;
    let head = case.tokens.len() > 1 && case.kind(last) == Some(Kind::Comma);
    if !head || case.bad < last || case.depth() > 0 {
        return None;
    }
    let span = case.span(last);
    Some(
        Diagnostic::new(&codes::WRONG_SEPARATOR, "`,` ends nothing here")
            .at(span, "nothing follows it")
            .suggest("remove it", span, ""),
    )
}

/// A word that is nearly one of those that could stand here.
pub(super) fn misspelt(case: &Case<'_>) -> Option<Diagnostic> {
    let could: Vec<&str> = case
        .expected
        .iter()
        .filter_map(|w| w.strip_prefix('`').and_then(|w| w.strip_suffix('`')))
        .filter(|w| w.chars().all(|c| c.is_ascii_lowercase()))
        .collect();
    let word = case.word(case.bad);
    let turned = could.iter().copied().find(|w| same_letters(w, word));
    let here = (case.bad, turned.or_else(|| nearest(word, could.iter().copied())));
    // `whn` is short enough to be taken for a language.
    let before = match (case.rule, case.before()) {
        (Rule::channel_line, Some(before)) => {
            (before, nearest(case.word(before), ["when", "otherwise"]))
        }
        _ => (case.bad, None),
    };
    let (index, near) = if before.1.is_some() { before } else { here };
    let near = near.filter(|_| case.kind(index) == Some(Kind::Word))?;
    let (word, span) = (case.word(index), case.span(index));
    Some(
        Diagnostic::new(&codes::UNKNOWN_WORD, format!("{} cannot have `{word}` here", case.what))
            .at(span, "not a word that may stand here")
            .suggest(format!("did you mean `{near}`?"), span, near),
    )
}

/// `form` is `from` sooner than `for`.
fn same_letters(a: &str, b: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    a != b && sorted(a) == sorted(b)
}

/// `metric a == b`, `metric a := b`
pub(super) fn defining_sign(case: &Case<'_>) -> Option<Diagnostic> {
    let head = matches!(
        case.rule,
        Rule::measure_head | Rule::list_head | Rule::column_value | Rule::lookup_value
    );
    let colon = case.before().filter(|&i| case.kind(i) == Some(Kind::Colon));
    let assign = case.word(case.bad) == "=" && colon.is_some_and(|i| case.touches_next(i));
    let double = case.word(case.bad) == "==" && case.expects("`=`");
    if !head || !(assign || double) {
        return None;
    }
    let first = colon.filter(|_| assign).unwrap_or(case.bad);
    let span = case.span(first).to(case.span(case.bad));
    let sign = &case.text[span.range()];
    Some(
        Diagnostic::new(&codes::WRONG_OPERATOR, format!("`{sign}` defines nothing"))
            .at(span, "not the sign of a definition")
            .suggest("write `=`", span, "="),
    )
}

/// `if a then b else c`
pub(super) fn bare_if(case: &Case<'_>) -> Option<Diagnostic> {
    let near = case.word(case.bad) == "if"
        || case.before().is_some_and(|i| case.word(i) == "if" && case.word(case.bad) != "(");
    if !near || !(case.expects("a value") || case.expects("`(`") || case.expects("an expression")) {
        return None;
    }
    let index = if case.word(case.bad) == "if" { case.bad } else { case.bad - 1 };
    Some(
        Diagnostic::new(&codes::UNEXPECTED, "`if` is a function of three")
            .at(case.span(index), "no brackets behind it")
            .help("write `if(condition, then, otherwise)`"),
    )
}

/// `AND`, `Null`: words of the language in capitals.
pub(super) fn capitals(case: &Case<'_>) -> Option<Diagnostic> {
    let word = case.word(case.bad);
    let small = word.to_lowercase();
    let known = words::RESERVED.contains(&small.as_str())
        || matches!(small.as_str(), "when" | "otherwise" | "from" | "because" | "as" | "by" | "on");
    if !known || small == word || case.kind(case.bad) != Some(Kind::Word) {
        return None;
    }
    let span = case.span(case.bad);
    Some(
        Diagnostic::new(&codes::WRONG_OPERATOR, format!("`{word}` is written in small letters"))
            .at(span, "not a word of the language")
            .suggest(format!("write `{small}`"), span, small),
    )
}

/// `kpi conversion-rate`
pub(super) fn hyphen_in_name(case: &Case<'_>) -> Option<Diagnostic> {
    let head = matches!(
        case.rule,
        Rule::measure_head
            | Rule::named_head
            | Rule::titled_head
            | Rule::channels_head
            | Rule::list_head
            | Rule::review_head
            | Rule::note_head
            | Rule::name_value
            | Rule::names_value
            | Rule::channel_line
            | Rule::test_line
    );
    let before = case.before()?;
    let hyphen = case.word(case.bad) == "-" && case.kind(before) == Some(Kind::Word);
    let follows = matches!(case.kind(case.bad + 1), Some(Kind::Word | Kind::Number));
    if !(head && hyphen && follows && case.touches_next(before) && case.touches_next(case.bad)) {
        return None;
    }
    let mut last = case.bad + 1;
    while case.touches_next(last) && case.word(last + 1) == "-" && case.touches_next(last + 1) {
        last += 2;
    }
    let span = case.span(before).to(case.span(last));
    let right = case.text[span.range()].replace('-', "_");
    Some(
        Diagnostic::new(&codes::UNEXPECTED, "a name has no hyphens").at(span, "subtracts").suggest(
            format!("write `{right}`"),
            span,
            right,
        ),
    )
}

/// `kpi in`
pub(super) fn reserved_name(case: &Case<'_>) -> Option<Diagnostic> {
    let word = case.word(case.bad);
    let name_due = case.expects("a name") && !case.expects("a value") && !case.expects("a number");
    if !words::RESERVED.contains(&word) || !name_due {
        return None;
    }
    let span = case.span(case.bad);
    Some(
        Diagnostic::new(
            &codes::RESERVED_WORD,
            format!("`{word}` is a word of the language, not a name"),
        )
        .at(span, "reserved")
        .help(format!(
            "choose another name; the column of that name is `` `{word}` `` in backticks"
        )),
    )
}

/// `visits where device == "mobile"`, `sum(visits, where device == "mobile")`
pub(super) fn misplaced_where(case: &Case<'_>) -> Option<Diagnostic> {
    if case.word(case.bad) != "where" {
        return None;
    }
    let span = case.span(case.bad);
    let comma = case.before().filter(|&i| case.kind(i) == Some(Kind::Comma));
    let second = (0..case.bad).any(|i| case.word(i) == "where");
    if let Some(comma) = comma.filter(|_| case.depth() > 0 && !second) {
        let comma = case.span(comma);
        return Some(
            Diagnostic::new(&codes::UNEXPECTED, "`where` has no comma before it")
                .at(comma, "a comma")
                .suggest("remove it", comma, ""),
        );
    }
    if case.expects("a value") && !second {
        return None;
    }
    if case.depth() > 0 {
        let first = (0..case.bad).find(|&i| case.word(i) == "where")?;
        return Some(
            Diagnostic::new(&codes::DUPLICATE_PROPERTY, "`where` stands twice")
                .at(span, "the second time")
                .at(case.span(first), "the first time")
                .help("join the conditions with `and`"),
        );
    }
    Some(
        Diagnostic::new(&codes::UNEXPECTED, "`where` stands inside the brackets of an aggregate")
            .at(span, "outside of any")
            .help("write it like `sum(web.visits where device == \"mobile\")`"),
    )
}
