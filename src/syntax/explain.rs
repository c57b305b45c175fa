//! Why a slice could not be read, in the user's words: what is typical first, what the grammar
//! expected last.

use super::grammar::{Failure, Rule};
use super::lower::context::Context;
use super::name::is_name;
use super::split::Run;
use super::token::{Kind, Token};
use super::words;
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::source::Span;

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
pub(super) fn explain(
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
        trailing_comma,
        quoted_word,
        misspelt,
        unquoted,
        defining_sign,
        bare_if,
        single_quotes,
        capitals,
        glued_number,
        thousands,
        unknown_unit,
        hyphen_in_name,
        reserved_name,
        misplaced_where,
        modulo,
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

/// `unit: percent,`
fn trailing_comma(case: &Case<'_>) -> Option<Diagnostic> {
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

/// `better: "higher"`
fn quoted_word(case: &Case<'_>) -> Option<Diagnostic> {
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

/// A word that is nearly one of those that could stand here.
fn misspelt(case: &Case<'_>) -> Option<Diagnostic> {
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

/// A text without quotes: all that is left of the slice is taken for it.
fn unquoted(case: &Case<'_>) -> Option<Diagnostic> {
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

/// `metric a == b`, `metric a := b`
fn defining_sign(case: &Case<'_>) -> Option<Diagnostic> {
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
fn bare_if(case: &Case<'_>) -> Option<Diagnostic> {
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

/// `'text'`
fn single_quotes(case: &Case<'_>) -> Option<Diagnostic> {
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

/// `AND`, `Null`: words of the language in capitals.
fn capitals(case: &Case<'_>) -> Option<Diagnostic> {
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

/// `90s`, `15K`, `.5`
fn glued_number(case: &Case<'_>) -> Option<Diagnostic> {
    if case.kind(case.bad) == Some(Kind::Dot)
        && case.kind(case.bad + 1) == Some(Kind::Number)
        && case.touches_next(case.bad)
    {
        let span = case.span(case.bad).to(case.span(case.bad + 1));
        let right = format!("0{}", &case.text[span.range()]);
        return Some(
            Diagnostic::new(&codes::UNEXPECTED, "a number begins with a digit")
                .at(span, "begins with a point")
                .suggest(format!("write `{right}`"), span, right),
        );
    }
    let word = case.word(case.bad);
    if case.kind(case.bad) != Some(Kind::Number) || word.contains('-') {
        return None;
    }
    let at = word.find(|c: char| c.is_alphabetic() || c == '_')?;
    let at = word[at..].find(char::is_alphabetic).map(|i| at + i)?;
    let (digits, suffix) = word.split_at(at);
    let span = case.span(case.bad);
    let diagnostic = Diagnostic::new(&codes::UNEXPECTED, format!("`{word}` is not a number"))
        .at(span, format!("`{suffix}` sticks to it"));
    let right = match suffix {
        "K" => format!("{digits}k"),
        "m" | "mio" | "mln" => format!("{digits}M"),
        "b" | "bn" | "mrd" => format!("{digits}B"),
        _ => format!("{digits} {suffix}"),
    };
    let currency = suffix.len() == 3 && suffix.bytes().all(|b| b.is_ascii_uppercase());
    let unit = words::DURATIONS.contains(&suffix) || currency;
    Some(if unit || !right.contains(' ') {
        diagnostic.suggest(format!("write `{right}`"), span, right)
    } else if case.expects("a name") && !case.expects("a number") {
        diagnostic.help("a name begins with a letter")
    } else {
        diagnostic.help("behind a number stand `k`, `M`, `B` or `%`, or a space and a unit")
    })
}

/// `1,000`
fn thousands(case: &Case<'_>) -> Option<Diagnostic> {
    let comma = (0..case.tokens.len()).find(|&i| {
        case.kind(i) == Some(Kind::Comma) && (i == case.bad || i + 1 == case.bad) && i > 0
    })?;
    let plain = |i: usize| {
        case.kind(i) == Some(Kind::Number)
            && case.word(i).chars().all(|c| super::numeral::is_digit(c) || c == '.')
    };
    let three = case.word(comma + 1).chars().take_while(|c| *c != '.').count() == 3;
    let glued = case.touches_next(comma - 1) && case.touches_next(comma);
    if !(plain(comma - 1) && plain(comma + 1) && three && glued) {
        return None;
    }
    let span = case.span(comma - 1).to(case.span(comma + 1));
    let right = case.text[span.range()].replacen([',', '،'], "_", 1);
    Some(
        Diagnostic::new(&codes::UNEXPECTED, "a comma does not group digits")
            .at(span, "reads as two numbers")
            .suggest(format!("write `{right}`"), span, right),
    )
}

/// `90 sec`, `50 usd`
fn unknown_unit(case: &Case<'_>) -> Option<Diagnostic> {
    let before = case.before()?;
    let number = case.kind(before) == Some(Kind::Number);
    let percent = case.word(before).ends_with(['%', '٪']);
    if percent
        || !number
        || case.kind(case.bad) != Some(Kind::Word)
        || !case.expects("a word like `days`")
    {
        return None;
    }
    let word = case.word(case.bad);
    let span = case.span(case.bad);
    let message = format!("not a unit: `{word}`");
    let diagnostic =
        Diagnostic::new(&codes::UNKNOWN_WORD, message).at(span, "not a unit of time or money");
    let capital = word.to_uppercase();
    let meant = match word.to_lowercase().as_str() {
        "sec" | "secs" | "second" | "seconds" => Some("s"),
        "mins" | "minute" | "minutes" => Some("min"),
        "hr" | "hrs" | "hour" | "hours" => Some("h"),
        "toman" | "tomans" | "تومان" => Some("IRT"),
        "rial" | "rials" | "ریال" => Some("IRR"),
        _ if words::CURRENCIES.contains(&capital.as_str()) => Some(capital.as_str()),
        _ => nearest(word, words::DURATIONS),
    };
    Some(match meant {
        Some(meant) => {
            diagnostic.suggest(format!("did you mean `{meant}`?"), span, meant.to_owned())
        }
        None => diagnostic.help(
            "units are `ms s min h days weeks months quarters years`, or a currency like `USD`",
        ),
    })
}

/// `kpi conversion-rate`
fn hyphen_in_name(case: &Case<'_>) -> Option<Diagnostic> {
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
fn reserved_name(case: &Case<'_>) -> Option<Diagnostic> {
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
fn misplaced_where(case: &Case<'_>) -> Option<Diagnostic> {
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

/// `a % b`
fn modulo(case: &Case<'_>) -> Option<Diagnostic> {
    if case.word(case.bad) != "%" {
        return None;
    }
    let span = case.span(case.bad);
    let number = case.before().filter(|&i| case.kind(i) == Some(Kind::Number));
    let ends = !matches!(case.kind(case.bad + 1), Some(Kind::Word | Kind::Number | Kind::Open));
    if let Some(number) = number.filter(|_| ends) {
        let whole = case.span(number).to(span);
        let right = format!("{}%", case.word(number));
        return Some(
            Diagnostic::new(&codes::UNEXPECTED, "the `%` stands right behind its number")
                .at(whole, "white space between them")
                .suggest(format!("write `{right}`"), whole, right),
        );
    }
    Some(
        Diagnostic::new(&codes::WRONG_OPERATOR, "there is no remainder")
            .at(span, "not an operator of the language")
            .help("`%` belongs to a number: `3%`"),
    )
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
        many => format!("expected {}", joined(many)),
    };
    let Some(token) = case.token(case.bad) else {
        let end = Span::new(case.file, case.end, case.end);
        let message = match case.tokens.last() {
            None => format!("{what} is empty"),
            Some(last) => {
                format!("{what} ends too early, behind `{}`", short(last.text(case.text)))
            }
        };
        return Diagnostic::new(&codes::UNEXPECTED, message).at(end, label);
    };
    let found = short(token.text(case.text));
    let message = format!("{what} cannot have `{found}` here");
    let diagnostic = Diagnostic::new(&codes::UNEXPECTED, message).at(token.span(case.file), label);
    if matches!(found.as_str(), "[" | "]") {
        return diagnostic.help("brackets are round: `(` and `)`");
    }
    if token.kind == Kind::Other && !is_name(&found) {
        return diagnostic.help("remove it");
    }
    diagnostic
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

fn joined(words: &[&str]) -> String {
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
