//! A block's statements as properties: keys looked up, misspelt ones repaired, doubles refused.

use super::atom::{self, ident_of};
use super::context::{Context, Entry};
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::source::Span;
use crate::syntax::ast::{Ident, Localized, TextProperty};
use crate::syntax::grammar::Rule;
use crate::syntax::name::is_name;
use crate::syntax::phrase::all_of;
use crate::syntax::split::{RawBlock, Run, Statement};
use crate::syntax::token::Kind;
use crate::syntax::words::{self, Block};
use std::collections::BTreeMap;

/// The properties and the inner blocks of a block.
pub(in crate::syntax) struct Body<'r> {
    pub(in crate::syntax) entries: Vec<Entry>,
    pub(in crate::syntax) blocks: Vec<(&'static str, &'r Statement)>,
}

/// The key of a statement: its word, the language behind it, and where its value begins.
struct Key {
    word: usize,
    language: Option<Ident>,
    value: usize,
}

/// Where each property, with its language, stood first.
type Seen = BTreeMap<(&'static str, Option<String>), Span>;

/// Sorts the statements of a block into properties and inner blocks.
pub(in crate::syntax) fn body<'r>(
    cx: &mut Context<'_, '_, '_>,
    block: Option<&'r RawBlock>,
    kind: &'static Block,
) -> Body<'r> {
    let mut body = Body { entries: Vec::new(), blocks: Vec::new() };
    let statements = block.map_or(&[][..], |b| &b.statements);
    let mut seen = Seen::new();
    for statement in statements {
        if statement.block.is_some() {
            if let Some(name) = inner_block(cx, statement, kind) {
                body.blocks.push((name, statement));
            }
        } else if let Some(entry) = entry(cx, statement.run, kind, &mut seen) {
            body.entries.push(entry);
        }
    }
    body
}

/// The name of an inner block, if this kind of block has such a one.
fn inner_block(
    cx: &mut Context<'_, '_, '_>,
    statement: &Statement,
    kind: &'static Block,
) -> Option<&'static str> {
    let word = cx.word(statement.run.first);
    let span = cx.token_span(statement.run.first);
    if let Some(name) = kind.blocks.iter().find(|b| **b == word) {
        let colon = statement.run.first + 1;
        if cx.tokens[colon].kind == Kind::Colon {
            let at = cx.token_span(colon);
            let diagnostic =
                Diagnostic::new(&codes::MISPLACED_BLOCK, format!("`{word}` begins a block"))
                    .at(at, "no colon before a block")
                    .suggest("remove it", at, "");
            cx.push(diagnostic);
        }
        return Some(name);
    }
    let owner = kind.name;
    let near = nearest(word, kind.blocks.iter().copied());
    let diagnostic = if let Some(near) = near {
        Diagnostic::new(&codes::UNKNOWN_PROPERTY, format!("{} has no block `{word}`", a(owner)))
            .at(span, "unknown block")
            .suggest(format!("did you mean `{near}`?"), span, near)
    } else {
        let message = format!("{} holds no block here", a(owner));
        Diagnostic::new(&codes::MISPLACED_BLOCK, message)
            .at(span, "begins a block")
            .help("close the block before it with `}`, or remove the braces")
    };
    cx.push(diagnostic);
    near.and_then(|near| kind.blocks.iter().find(|b| **b == near)).copied()
}

/// `kpi` as "a kpi".
pub(in crate::syntax) fn a(word: &str) -> String {
    let vowel = word.starts_with(['a', 'e', 'i', 'o', 'u']) && !word.starts_with("use");
    format!("{} {word}", if vowel { "an" } else { "a" })
}

fn entry(
    cx: &mut Context<'_, '_, '_>,
    run: Run,
    kind: &'static Block,
    seen: &mut Seen,
) -> Option<Entry> {
    let key = key(cx, run, kind)?;
    let key_span = cx.token_span(key.word);
    let name = known(cx, key_span, cx.word(key.value), kind, seen)?;
    let value = Run { first: key.value, ..run };
    let span = key_span.to(cx.run_span(run));
    if let Some(language) = key.language.as_ref().filter(|_| !kind.localized.contains(&name)) {
        cx.push(
            Diagnostic::new(&codes::UNEXPECTED, format!("`{name}` has no variants by language"))
                .at(language.span, "a language here")
                .help(format!("write `{name}:` alone")),
        );
        return None;
    }
    let tag = key.language.as_ref().map(|l| l.key.clone());
    let first = *seen.entry((name, tag)).or_insert(key_span);
    if first != key_span && !kind.repeatable.contains(&name) {
        let shown = match &key.language {
            Some(language) => format!("{name} {}", language.text),
            None => name.to_owned(),
        };
        cx.push(atom::twice(&shown, key_span).at(first, "the first time"));
        return None;
    }
    if value.is_empty() && !run.broken {
        cx.push(
            Diagnostic::new(&codes::MISSING_VALUE, format!("`{name}` has no value"))
                .at(key_span, "nothing behind it")
                .help("write one, or remove the line"),
        );
        cx.damaged.push(name);
        return None;
    }
    Some(Entry { key: name, key_span, language: key.language, value, span })
}

/// The property that is meant by a word. A misspelt one is reported and taken for its neighbour.
fn known(
    cx: &mut Context<'_, '_, '_>,
    span: Span,
    value: &str,
    kind: &'static Block,
    seen: &Seen,
) -> Option<&'static str> {
    let word = &cx.text[span.range()];
    if let Some(name) = kind.keys.iter().find(|k| **k == word) {
        return Some(name);
    }
    if cx.report.is_full() {
        return None;
    }
    let near = nearest(word, kind.keys.iter().chain(kind.blocks).copied());
    let diagnostic =
        Diagnostic::new(&codes::UNKNOWN_PROPERTY, format!("unknown property `{word}`"))
            .at(span, format!("{} has no such property", a(kind.name)));
    let others = || words::BLOCKS.iter().filter(|b| b.keys.contains(&word));
    cx.push(match near {
        Some(near) => diagnostic.suggest(format!("did you mean `{near}`?"), span, near),
        None if kind.name == "source" && words::TYPES.contains(&value) => {
            diagnostic.help("columns stand in a block: `columns { ... }`")
        }
        None if kind.name == "metric" && words::MEASURE.keys.contains(&word) => {
            diagnostic.help("only a KPI has it: make the metric a `kpi`")
        }
        None => match others().next() {
            Some(other) => diagnostic.help(format!("{} has it", a(other.name))),
            None => diagnostic.help(format!("{} has {}", a(kind.name), all_of(kind.keys))),
        },
    });
    let free = near.filter(|near| !seen.keys().any(|(key, _)| key == near));
    free.and_then(|near| kind.keys.iter().find(|k| **k == near)).copied()
}

/// Finds the key of a statement. A colon that is missing is reported, and thought there.
fn key(cx: &mut Context<'_, '_, '_>, run: Run, kind: &'static Block) -> Option<Key> {
    let at = |i: usize| {
        let index = run.first + i;
        cx.tokens.get(index).filter(|_| index < run.end).map(|t| t.kind)
    };
    let word = run.first;
    if !matches!(at(0), Some(Kind::Word | Kind::Quoted)) {
        report_no_property(cx, run);
        return None;
    }
    if at(1) == Some(Kind::Colon) {
        return Some(Key { word, language: None, value: word + 2 });
    }
    if at(1) == Some(Kind::Word) && at(2) == Some(Kind::Colon) {
        let language = ident_of(cx.word(word + 1), cx.token_span(word + 1));
        return Some(Key { word, language: Some(language), value: word + 3 });
    }
    if at(1) == Some(Kind::Word) && at(3) == Some(Kind::Word) && at(4) == Some(Kind::Colon) {
        let span = cx.token_span(word + 1).to(cx.token_span(word + 3));
        let language = ident_of(&cx.text[span.range()], span);
        return Some(Key { word, language: Some(language), value: word + 5 });
    }
    if run.broken || cx.report.has_error_in(cx.range(run)) {
        return None;
    }
    let begins_item = words::ITEMS.contains(&cx.word(word)) && at(1) == Some(Kind::Word);
    let known = kind.keys.contains(&cx.word(word));
    if begins_item && !known {
        report_item_inside(cx, run);
        return None;
    }
    let equals = cx.word(word + 1) == "=" && at(1).is_some();
    if !equals && !known && nearest(cx.word(word), kind.keys.iter().copied()).is_none() {
        report_no_property(cx, run);
        return None;
    }
    let value = if equals { word + 2 } else { word + 1 };
    if value < run.end {
        report_colon(cx, run, equals);
    }
    Some(Key { word, language: None, value })
}

fn report_colon(cx: &mut Context<'_, '_, '_>, run: Run, equals: bool) {
    let key = cx.word(run.first);
    let whole = cx.run_span(run);
    let value = Run { first: run.first + 1 + usize::from(equals), ..run };
    let right = format!("{key}: {}", cx.text[cx.range(value)].trim());
    let message =
        if equals { "`=` where a property needs a colon" } else { "a property needs a colon" };
    let spot = if equals { cx.token_span(run.first + 1) } else { cx.token_span(run.first) };
    let label = if equals { "not a colon" } else { "no colon behind it" };
    let gap = Span { start: cx.token_span(run.first).end, ..whole };
    let gap = Span { end: (cx.range(value).start as u32).max(gap.start), ..gap };
    let diagnostic = Diagnostic::new(&codes::MISSING_COLON, message).at(spot, label).suggest(
        format!("write `{right}`"),
        gap,
        ": ",
    );
    cx.push(diagnostic);
}

fn report_no_property(cx: &mut Context<'_, '_, '_>, run: Run) {
    if run.broken || cx.report.has_error_in(cx.range(run)) {
        return;
    }
    let first = cx.word(run.first);
    let bare = first.trim_matches('"');
    let quoted = bare.len() + 2 == first.len() && is_name(bare) && cx.word(run.first + 1) == ":";
    let diagnostic = Diagnostic::new(&codes::MISSING_COLON, "this line is no property");
    let diagnostic = if quoted {
        let span = cx.token_span(run.first);
        diagnostic.at(span, "a text").suggest(format!("write `{bare}` without quotes"), span, bare)
    } else {
        diagnostic
            .at(cx.run_span(run), "`key: value` is expected")
            .help("properties stand one on a line, as `key: value`")
    };
    cx.push(diagnostic);
}

fn report_item_inside(cx: &mut Context<'_, '_, '_>, run: Run) {
    let span = cx.token_span(run.first);
    let diagnostic = Diagnostic::new(&codes::INDENTED_ITEM, "an item starts at the first column")
        .at(span, "inside of a block")
        .help("close the block before it with `}`, and remove the indentation");
    cx.push(diagnostic);
}

/// A property of texts: the plain text, or the one of the key's language, and variants in line.
pub(super) fn text_property(
    cx: &mut Context<'_, '_, '_>,
    entry: &Entry,
    into: &mut Vec<TextProperty>,
) {
    let Some(found) = cx.value(entry, Rule::localized_value, atom::localized_in) else { return };
    let Localized { plain, variants } = found.value;
    let all = std::iter::once((entry.language.clone(), plain))
        .chain(variants.into_iter().map(|(tag, text)| (Some(tag), text)));
    for (language, text) in all {
        let same = |p: &TextProperty| {
            p.language.as_ref().map(|l| &l.key) == language.as_ref().map(|l| &l.key)
        };
        if let Some(tag) = language.as_ref().filter(|_| into.iter().any(same)) {
            cx.push(atom::twice(&format!("{} {}", entry.key, tag.text), tag.span));
            continue;
        }
        into.push(TextProperty { language, text, key: entry.key_span });
    }
}
