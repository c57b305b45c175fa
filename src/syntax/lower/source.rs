//! `source`: where rows come from.

use super::context::{Context, Entry};
use super::item::{dates, head, needs_block, text, word};
use super::measure::column_type;
use super::property::body;
use super::{atom, expression};
use crate::diagnostic::{Diagnostic, codes};
use crate::syntax::ast::{
    Column, DateFormat, DateRule, Dialect, Footer, Header, Ident, Input, ItemKind, Key, Lookup,
    Property, Source, Text, Unpivot,
};
use crate::syntax::grammar::{Node, Rule};
use crate::syntax::split::{RawBlock, Run, Statement};
use crate::syntax::token::Kind;
use crate::syntax::words;

/// Properties without which nothing can be said of a source's rows.
const VITAL: [&str; 8] =
    ["csv", "jsonl", "parquet", "table", "inline", "unpivot", "preset", "date"];

pub(super) fn source(
    cx: &mut Context<'_, '_, '_>,
    run: Run,
    block: Option<&RawBlock>,
) -> Option<ItemKind> {
    let head = head(cx, run, Rule::named_head, "source");
    needs_block(cx, run, block, "source");
    let mut source = empty(atom::ident_of("", cx.run_span(run)));
    let body = body(cx, block, &words::SOURCE);
    for entry in &body.entries {
        property(cx, entry, &mut source);
    }
    for (_, statement) in body.blocks {
        let span = cx.token_span(statement.run.first);
        if let Some(first) = source.columns_span {
            cx.push(atom::twice("columns", span).at(first, "the first time"));
            continue;
        }
        source.columns_span = Some(span);
        columns(cx, statement, &mut source.columns);
    }
    source.name = atom::first_name(&head?)?;
    let readable = !cx.damaged.iter().any(|key| VITAL.contains(key));
    readable.then(|| ItemKind::Source(Box::new(source)))
}

fn empty(name: Ident) -> Source {
    Source {
        name,
        input: None,
        preset: None,
        date: None,
        filter: None,
        rows: None,
        grain: None,
        covers: None,
        columns: Vec::new(),
        columns_span: None,
        key: None,
        on_error: None,
        lookups: Vec::new(),
        unpivot: None,
        dialect: Dialect::default(),
    }
}

fn property(cx: &mut Context<'_, '_, '_>, entry: &Entry, source: &mut Source) {
    match entry.key {
        "csv" | "jsonl" | "parquet" | "table" | "inline" => input(cx, entry, source),
        "preset" => {
            source.preset = cx.value(entry, Rule::name_value, |cx, n| {
                let all: Vec<&str> = words::PRESETS.into_iter().chain([words::AUTO]).collect();
                word(cx, n, &all, "a preset")
            });
        }
        "date" => source.date = cx.value(entry, Rule::date_rule_value, date_rule),
        "where" => {
            source.filter = cx.value(entry, Rule::expression_value, expression::expression_in);
        }
        "rows" => {
            source.rows = cx.value(entry, Rule::name_value, |cx, n| {
                word(cx, n, &words::ROWS, "a kind of rows")
            });
        }
        "grain" => {
            source.grain =
                cx.value(entry, Rule::name_value, |cx, n| word(cx, n, &words::GRAINS, "a grain"));
        }
        "covers" => source.covers = cx.value(entry, Rule::dates_value, dates),
        "key" => source.key = cx.value(entry, Rule::key_value, key),
        "on_error" => source.on_error = cx.value(entry, Rule::on_error_value, on_error),
        "lookup" => source.lookups.extend(cx.value(entry, Rule::lookup_value, lookup)),
        "unpivot" => source.unpivot = cx.value(entry, Rule::unpivot_value, unpivot),
        _ => dialect(cx, entry, &mut source.dialect),
    }
}

fn input(cx: &mut Context<'_, '_, '_>, entry: &Entry, source: &mut Source) {
    let found: Option<Property<Input>> = if entry.key == "table" {
        cx.value(entry, Rule::path_value, |_, n| {
            n.child(Rule::path).map(|p| Input::Table(atom::path(&p)))
        })
    } else {
        let make: fn(Text) -> Input = match entry.key {
            "csv" => Input::Csv,
            "jsonl" => Input::Jsonl,
            "parquet" => Input::Parquet,
            _ => Input::Inline,
        };
        cx.value(entry, Rule::text_value, |cx, n| text(cx, n).map(make))
    };
    let Some(first) = &source.input else {
        source.input = found;
        return;
    };
    let first = first.key;
    cx.push(
        Diagnostic::new(&codes::DUPLICATE_PROPERTY, "a source has one place for its rows")
            .at(entry.key_span, "the second one")
            .at(first, "the first one")
            .help("keep one, or make two sources"),
    );
}

fn on_error(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Ident> {
    let found = node.first()?;
    atom::word_of(cx, atom::ident(&found), &words::ON_ERROR, "a way to treat errors")
}

fn date_rule(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<DateRule> {
    if let Some(preamble) = node.child(Rule::kw_preamble) {
        return Some(DateRule::Preamble(preamble.span()));
    }
    if let Some(when) = node.child(Rule::when) {
        return atom::when(cx, &when).map(DateRule::In);
    }
    if let Some(pattern) = node.child(Rule::text) {
        return Some(DateRule::File(atom::text(cx, &pattern)));
    }
    let column = atom::first_name(node)?;
    let format = node.child(Rule::date_format).map(|n| date_format(cx, &n));
    Some(DateRule::Column(column, format))
}

fn date_format(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> DateFormat {
    let jalali = node.child(Rule::kw_jalali).map(|n| n.span());
    DateFormat { jalali, pattern: text(cx, node) }
}

fn key(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Key> {
    let columns = atom::names(node);
    let keep = match atom::first_name(node) {
        Some(word) => Some(atom::word_of(cx, word, &words::KEEP, "a row to keep")?),
        None => None,
    };
    Some(Key { columns, keep })
}

fn lookup(_: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Lookup> {
    let mut named = atom::own_names(node).into_iter();
    let (source, left) = (named.next()?, named.next()?);
    let or_earlier = node.child(Rule::or_earlier).map(|n| n.span());
    Some(Lookup { source, left, right: named.next(), or_earlier })
}

fn unpivot(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Unpivot> {
    let what = atom::word_of(cx, atom::first_name(node)?, &["dates"], "what can be unpivoted")?;
    Some(Unpivot { what, columns: atom::names(node) })
}

fn dialect(cx: &mut Context<'_, '_, '_>, entry: &Entry, dialect: &mut Dialect) {
    match entry.key {
        "delimiter" => dialect.delimiter = cx.value(entry, Rule::text_value, text),
        "quote" => dialect.quote = cx.value(entry, Rule::text_value, text),
        "encoding" => dialect.encoding = cx.value(entry, Rule::text_value, text),
        "comment" => dialect.comment = cx.value(entry, Rule::text_value, text),
        "decimal" => dialect.decimal = cx.value(entry, Rule::text_value, text),
        "thousands" => dialect.thousands = cx.value(entry, Rule::text_value, text),
        "nulls" => {
            dialect.nulls = cx.value(entry, Rule::texts_value, |cx, n| Some(atom::texts(cx, n)));
        }
        "skip" => {
            dialect.skip = cx.value(entry, Rule::number_value, |cx, n| {
                n.child(Rule::number).and_then(|n| atom::number(cx, &n))
            });
        }
        "header" => {
            dialect.header =
                cx.value(entry, Rule::header_value, |cx, n| match n.child(Rule::number) {
                    Some(row) => atom::number(cx, &row).map(Header::Row),
                    None => Some(Header::None),
                });
        }
        "footer" => {
            dialect.footer =
                cx.value(entry, Rule::footer_value, |cx, n| match n.child(Rule::regex) {
                    Some(regex) => Some(Footer::Matching(atom::regex(&regex))),
                    None => atom::number(cx, &n.child(Rule::number)?).map(Footer::Lines),
                });
        }
        _ => {}
    }
}

fn columns(cx: &mut Context<'_, '_, '_>, statement: &Statement, into: &mut Vec<Column>) {
    let statements = statement.block.as_ref().map_or(&[][..], |b| &b.statements);
    for statement in statements {
        if statement.block.is_some() {
            let span = cx.token_span(statement.run.first);
            cx.push(
                Diagnostic::new(&codes::MISPLACED_BLOCK, "a columns block holds no block")
                    .at(span, "begins a block")
                    .help("close `columns` before it with `}`"),
            );
        } else if let Some(column) = column(cx, statement.run) {
            into.push(column);
        }
    }
}

/// A line of a `columns` block. One that cannot be read still names its column.
fn column(cx: &mut Context<'_, '_, '_>, run: Run) -> Option<Column> {
    let kind = |i: usize| cx.tokens.get(run.first + i).map(|t| t.kind);
    let named = matches!(kind(0), Some(Kind::Word | Kind::Quoted));
    let colon = kind(1) == Some(Kind::Colon) && run.first + 1 < run.end;
    if !named || !colon {
        if !run.broken && !cx.report.has_error_in(cx.range(run)) {
            report_no_column(cx, run);
        }
        if !named {
            return None;
        }
    }
    let name = atom::ident_of(cx.word(run.first), cx.token_span(run.first));
    let mut column = Column {
        name,
        ty: None,
        from: Vec::new(),
        format: None,
        not_additive_over: Vec::new(),
        computed: None,
        span: cx.run_span(run),
    };
    if !colon {
        return Some(column);
    }
    check_column_name(cx, &column.name);
    let value = Run { first: run.first + 2, ..run };
    if value.is_empty() {
        cx.push(
            Diagnostic::new(
                &codes::MISSING_VALUE,
                format!("`{}` has no type and no origin", column.name.text),
            )
            .at(column.name.span, "nothing behind its colon")
            .help("write a type like `count`"),
        );
        return Some(column);
    }
    let what = format!("the column `{}`", column.name.text);
    if let Some(node) = cx.read(Rule::column_value, value, &what) {
        column_parts(cx, &node, &mut column);
    }
    Some(column)
}

fn check_column_name(cx: &mut Context<'_, '_, '_>, name: &Ident) {
    if name.quoted || !words::RESERVED.contains(&name.text.as_str()) {
        return;
    }
    let right = format!("`{}`", name.text);
    let message = format!("`{}` is a word of the language, not a name", name.text);
    cx.push(Diagnostic::new(&codes::RESERVED_WORD, message).at(name.span, "reserved").suggest(
        "put it into backticks",
        name.span,
        right,
    ));
}

fn report_no_column(cx: &mut Context<'_, '_, '_>, run: Run) {
    let span = cx.run_span(run);
    let diagnostic = Diagnostic::new(&codes::MISSING_COLON, "this line is no column")
        .at(span, "`name: type` is expected")
        .help("columns stand one on a line, as `name: type`");
    cx.push(diagnostic);
}

fn column_parts(cx: &mut Context<'_, '_, '_>, node: &Node<'_>, column: &mut Column) {
    for part in node.children() {
        match part.rule() {
            Rule::column_type => column.ty = column_type(cx, &part),
            Rule::column_from if !column.from.is_empty() => double(cx, &part, "from"),
            Rule::column_from => column.from = atom::own_names(&part),
            Rule::date_format if column.format.is_some() => double(cx, &part, "as"),
            Rule::date_format => column.format = Some(date_format(cx, &part)),
            Rule::not_additive => column.not_additive_over.extend(atom::names(&part)),
            Rule::computed if column.computed.is_some() => double(cx, &part, "="),
            Rule::computed => column.computed = expression::expression_in(cx, &part),
            _ => {}
        }
    }
}

fn double(cx: &mut Context<'_, '_, '_>, part: &Node<'_>, word: &str) {
    let start = part.span().start;
    let span = crate::source::Span { start, end: start + word.len() as u32, ..part.span() };
    cx.push(atom::twice(word, span));
}
