//! Names, texts, numbers, dates: the leaves.

use super::context::Context;
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::source::Span;
use crate::syntax::ast::{
    DateLit, Ident, Localized, Number, Path, PeriodLit, PeriodPart, Quantity, Regex, Text,
    UnitWord, When,
};
use crate::syntax::grammar::{Node, Rule};
use crate::syntax::name::fold_name;
use crate::syntax::numeral;
use crate::syntax::paragraph;
use crate::syntax::phrase::one_of;
use crate::syntax::words;

/// A name of a token or a rule, with or without backticks.
pub(in crate::syntax) fn ident_of(text: &str, span: Span) -> Ident {
    let bare = text.strip_prefix('`').map(|t| t.strip_suffix('`').unwrap_or(t));
    let quoted = bare.is_some();
    let text = bare.unwrap_or(text);
    Ident { text: text.to_owned(), key: fold_name(text), span, quoted }
}

pub(super) fn ident(node: &Node<'_>) -> Ident {
    ident_of(node.text(), node.span())
}

pub(super) fn is_name(node: &Node<'_>) -> bool {
    matches!(node.rule(), Rule::plain_name | Rule::quoted_name)
}

/// The first name among a node's parts.
pub(super) fn first_name(node: &Node<'_>) -> Option<Ident> {
    node.children().find(is_name).map(|n| ident(&n))
}

/// All names among a node's own parts.
pub(super) fn own_names(node: &Node<'_>) -> Vec<Ident> {
    node.children().filter(is_name).map(|n| ident(&n)).collect()
}

/// The names of its `names` part.
pub(super) fn names(node: &Node<'_>) -> Vec<Ident> {
    node.child(Rule::names).map(|n| own_names(&n)).unwrap_or_default()
}

pub(super) fn path(node: &Node<'_>) -> Path {
    Path { segments: own_names(node), span: node.span() }
}

/// A word out of a closed set. A misspelt one is reported and taken for the one that was meant;
/// one that resembles none is reported and dropped.
pub(super) fn word_of(
    cx: &mut Context<'_, '_, '_>,
    name: Ident,
    set: &[&str],
    kind: &str,
) -> Option<Ident> {
    if set.contains(&name.text.as_str()) && !name.quoted {
        return Some(name);
    }
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_WORD, format!("not {kind}: `{}`", name.text))
        .at(name.span, format!("not {kind}"));
    let near = nearest(&name.text, set.iter().copied());
    cx.push(match near {
        Some(near) => diagnostic.suggest(format!("did you mean `{near}`?"), name.span, near),
        None => diagnostic.help(format!("write {}", one_of(set))),
    });
    near.map(|near| ident_of(near, name.span))
}

pub(super) fn text(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Text {
    let raw = node.text().trim_end_matches('\r');
    let span = Span { end: node.span().start + raw.len() as u32, ..node.span() };
    let value = if let Some(body) = raw.strip_prefix("\"\"\"") {
        paragraph::content(body.strip_suffix("\"\"\"").unwrap_or(body))
    } else if let Some(body) = raw.strip_prefix('"') {
        let body = body.strip_suffix('"').unwrap_or(body);
        unescape(cx, body, span.start as usize + 1)
    } else {
        let mut inner = raw.chars();
        inner.next();
        inner.next_back();
        inner.as_str().to_owned()
    };
    Text { value, span }
}

fn unescape(cx: &mut Context<'_, '_, '_>, body: &str, base: usize) -> String {
    if !body.contains('\\') {
        return body.to_owned();
    }
    let mut value = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        value.push_str(&rest[..at]);
        let here = base + (body.len() - rest.len()) + at;
        let escape = &rest[at + 1..];
        let (length, c) = read_escape(escape);
        match c {
            Some(c) => value.push(c),
            None => report_escape(cx, here, &rest[at..=at + length]),
        }
        rest = &escape[length..];
    }
    value.push_str(rest);
    value
}

/// The bytes behind the backslash that belong to the escape, and the character that it stands for.
fn read_escape(escape: &str) -> (usize, Option<char>) {
    let Some(first) = escape.chars().next() else { return (0, None) };
    let plain = match first {
        '"' => Some('"'),
        '\\' => Some('\\'),
        'n' => Some('\n'),
        't' => Some('\t'),
        _ => None,
    };
    if first != 'u' || !escape[1..].starts_with('{') {
        return (first.len_utf8(), plain);
    }
    let Some(close) = escape.find('}') else { return (1, None) };
    let digits = &escape[2..close];
    let few = (1..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let c = few.then(|| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)).flatten();
    (close + 1, c)
}

fn report_escape(cx: &mut Context<'_, '_, '_>, at: usize, escape: &str) {
    let span = Span::new(cx.file(), at, at + escape.len());
    let diagnostic =
        Diagnostic::new(&codes::UNKNOWN_ESCAPE, format!("`{escape}` stands for nothing"))
            .at(span, "not an escape");
    let diagnostic = if escape.starts_with("\\u") {
        diagnostic.help("write the character's number in hexadecimal: `\\u{2026}`")
    } else {
        let double = format!("\\{escape}");
        diagnostic.suggest(format!("write `{double}` for a backslash"), span, double)
    };
    cx.push(diagnostic);
}

pub(super) fn texts(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Vec<Text> {
    let Some(list) = node.child(Rule::texts) else { return Vec::new() };
    list.children().filter(|n| n.rule() == Rule::text).map(|n| text(cx, &n)).collect()
}

pub(super) fn localized(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Localized> {
    let mut parts = node.children();
    let plain = text(cx, &parts.next()?);
    let mut variants: Vec<(Ident, Text)> = Vec::new();
    let mut language = None;
    for part in parts {
        if part.rule() == Rule::language {
            language = Some(ident(&part));
        } else if let Some(tag) = language.take() {
            let variant = text(cx, &part);
            if variants.iter().any(|(known, _)| known.key == tag.key) {
                cx.push(twice(&tag.text, tag.span));
            } else {
                variants.push((tag, variant));
            }
        }
    }
    Some(Localized { plain, variants })
}

/// The message for something that may stand once.
pub(super) fn twice(what: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&codes::DUPLICATE_PROPERTY, format!("`{what}` stands twice"))
        .at(span, "the second time")
        .help("keep one")
}

/// The `localized` part of a node.
pub(super) fn localized_in(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Localized> {
    node.child(Rule::localized).and_then(|n| localized(cx, &n))
}

pub(super) fn number(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Number> {
    let number = numeral::number(node.text());
    if number.is_none() {
        let most = numeral::MOST_DIGITS;
        cx.push(
            Diagnostic::new(&codes::NUMBER_TOO_LONG, "this number has too many digits")
                .at(node.span(), "too long to be kept exactly")
                .help(format!("write at most {most} digits, and at most {most} behind the point")),
        );
    }
    number
}

/// Whether the year is of a calendar; else that is reported.
fn check_year(cx: &mut Context<'_, '_, '_>, year: i32, node: &Node<'_>, period: &str) -> bool {
    if numeral::PERSIAN_YEARS.contains(&year) || numeral::GREGORIAN_YEARS.contains(&year) {
        return true;
    }
    let diagnostic =
        Diagnostic::new(&codes::YEAR_OUT_OF_RANGE, format!("no calendar has the year {year:04}"))
            .at(node.span(), "not a year that can be meant");
    cx.push(
        diagnostic.help(format!(
            "years are 1200 to 1599 (Solar Hijri) or 1900 to 2199 (Gregorian){period}"
        )),
    );
    false
}

pub(super) fn date(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<DateLit> {
    let (year, month, day) = numeral::date(node.text());
    check_year(cx, year, node, "").then_some(DateLit { year, month, day, span: node.span() })
}

pub(super) fn period(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<PeriodLit> {
    let (year, part) = numeral::period(node.text());
    let hint = match part {
        PeriodPart::Month(_) => "; a subtraction has spaces around its `-`",
        _ => "",
    };
    check_year(cx, year, node, hint).then_some(PeriodLit { year, part, span: node.span() })
}

pub(super) fn when(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<When> {
    let inner = node.first()?;
    match inner.rule() {
        Rule::date => date(cx, &inner).map(When::Day),
        _ => period(cx, &inner).map(When::Period),
    }
}

pub(super) fn unit_word(node: &Node<'_>) -> UnitWord {
    words::unit(node.text()).unwrap_or(UnitWord::Days)
}

/// `13 months`: a number and a duration among a node's parts.
pub(super) fn quantity(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Quantity> {
    let figure = node.child(Rule::number)?;
    let unit = node.child(Rule::duration)?;
    let span = figure.span().to(unit.span());
    Some(Quantity { number: number(cx, &figure)?, unit: unit_word(&unit), span })
}

pub(super) fn regex(node: &Node<'_>) -> Regex {
    let text = node.text();
    let (body, flag) = text[1..].rsplit_once('/').unwrap_or((&text[1..], ""));
    Regex { pattern: body.replace("\\/", "/"), ignore_case: flag == "i", span: node.span() }
}
