//! Numbers, their units, and what sticks to them.

use super::Case;
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::syntax::numeral;
use crate::syntax::token::Kind;
use crate::syntax::words;

/// `90s`, `15K`, `.5`
pub(super) fn glued_number(case: &Case<'_>) -> Option<Diagnostic> {
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
pub(super) fn thousands(case: &Case<'_>) -> Option<Diagnostic> {
    let comma = (0..case.tokens.len()).find(|&i| {
        case.kind(i) == Some(Kind::Comma) && (i == case.bad || i + 1 == case.bad) && i > 0
    })?;
    let plain = |i: usize| {
        case.kind(i) == Some(Kind::Number)
            && case.word(i).chars().all(|c| numeral::is_digit(c) || c == '.')
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
pub(super) fn unknown_unit(case: &Case<'_>) -> Option<Diagnostic> {
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

/// `a % b`
pub(super) fn modulo(case: &Case<'_>) -> Option<Diagnostic> {
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
