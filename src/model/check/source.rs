//! Sources: where the rows are, what the columns hold, what the other keys say.

use super::computed::compute;
use super::demand::condition;
use super::names::Names;
use super::row::Scope;
use super::table::{Table, Texts};
use super::types::word;
use super::{Context, Headers, InputRequest, dates, dialect, lookup, ranks, shape};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::model::row::{ColumnId, RowExpr};
use crate::model::source::{
    ColumnType, Dialect, Input, Key, OnError, RangeRule, Repeated, Rows, Source, SqlDialect,
    Unpivot,
};
use crate::source::{Sources, Span};
use crate::syntax::ast;
use crate::syntax::paths::{self, Leads};
use crate::time::{BadPattern, Calendar, CalendarKind, Date, DateFormat, FileName, Grain};

/// All that a source says besides its columns.
#[derive(Debug)]
pub(super) struct Frame {
    input: Input,
    dialect: Dialect,
    /// Rows that do not pass are not used.
    pub(super) filter: Option<RowExpr>,
    rows: Rows,
    grain: Grain,
    range: Option<RangeRule>,
    unpivot: Option<Unpivot>,
    covers: Option<(Date, Date)>,
    /// What identifies a row.
    pub(super) identity: Option<Key>,
    on_error: OnError,
}

/// What must be looked at to know the headers of every source.
pub(super) fn requests(names: &Names<'_>, texts: &Sources) -> Vec<InputRequest> {
    let readable = names.sources.items().filter(|s| {
        // A database is asked for rows alone, and not by who only checks.
        let files = |i: &ast::Property<ast::Input>| !matches!(i.value, ast::Input::Table(_));
        s.input.as_ref().is_some_and(files)
    });
    let request = |source: &ast::Source| {
        let property = source.input.as_ref()?;
        let mut unheard = Diagnostics::default();
        let request = InputRequest {
            source: source.name.key.clone(),
            input: input(&property.value, names, texts, &mut unheard)?,
            dialect: dialect::check(source, &mut unheard),
        };
        // A file that is read in another way than was meant has other headers.
        unheard.is_empty().then_some(request)
    };
    readable.filter_map(request).collect()
}

/// The columns of every source, with what is computed from them; formulas may add to them.
pub(super) fn tables<'a>(
    headers: &'a Headers,
    cx: &mut Context<'a, '_>,
) -> (Vec<Table<'a>>, Vec<Frame>) {
    let items: Vec<&'a ast::Source> = cx.names.sources.items().collect();
    let order = lookup::order(&items, cx);
    let mut built: Vec<Option<(Table<'a>, Frame)>> = items.iter().map(|_| None).collect();
    for at in order.nodes {
        let item = items[at];
        let known = headers.get(&item.name.key);
        let mut table = Table::new(item, known);
        declare(&mut table, cx);
        currencies(&mut table, cx);
        let turned = shape::turned(&mut table, cx);
        let range = shape::range(item, cx);
        table.date = match &range {
            Some(_) => Some(shape::range_column(&mut table)),
            None => date(&mut table, cx),
        };
        let unpivot = turned.map(|day| shape::unpivot(&mut table, day, cx));
        if !order.knotted[at] {
            lookup::open(&mut table, |at| built[at].as_ref().map(|(table, _)| table), cx);
        }
        compute(&mut table, cx);
        lookup::settle_keys(&mut table, cx);
        additive_names(&table, cx);
        let frame = Frame { range, unpivot, ..frame(&mut table, cx) };
        ranks::refuse_circles(&table, &frame, cx);
        built[at] = Some((table, frame));
    }
    built.into_iter().flatten().unzip()
}

/// A table and its frame as the model has them.
pub(super) fn finish(mut table: Table<'_>, frame: Frame) -> Source {
    table.take_rest();
    let item = table.item;
    Source {
        name: item.name.text.clone(),
        key: item.name.key.clone(),
        span: item.name.span,
        input: frame.input,
        dialect: frame.dialect,
        lookups: lookup::finish(&table),
        date: table.date,
        range: frame.range,
        unpivot: frame.unpivot,
        columns: table.finish(),
        filter: frame.filter,
        rows: frame.rows,
        grain: frame.grain,
        covers: frame.covers,
        identity: frame.identity,
        on_error: frame.on_error,
    }
}

/// Of how long a period a source has one date at most.
pub(super) fn one_date(item: &ast::Source) -> Grain {
    match item.date.as_ref().map(|d| &d.value) {
        Some(ast::DateRule::In(_)) => Grain::Year,
        _ => grain(item),
    }
}

/// What a row's date stands for.
pub(super) fn grain(item: &ast::Source) -> Grain {
    let declared = item.grain.as_ref().and_then(|g| Grain::from_word(&g.value.key));
    match item.date.as_ref().map(|d| &d.value) {
        Some(ast::DateRule::In(when)) => match when {
            ast::When::Day(_) => Grain::Day,
            ast::When::Period(period) => match period.part {
                ast::PeriodPart::Week(_) => Grain::Week,
                ast::PeriodPart::Month(_) => Grain::Month,
                ast::PeriodPart::Quarter(_) => Grain::Quarter,
                ast::PeriodPart::Year => Grain::Year,
            },
        },
        Some(ast::DateRule::File(pattern)) => {
            let name = FileName::new(&pattern.value, Calendar::default(), declared);
            name.map_or(Grain::Day, |name| name.grain)
        }
        _ => declared.unwrap_or(Grain::Day),
    }
}

/// What no rows mean.
pub(super) fn rows(item: &ast::Source) -> Rows {
    match item.rows.as_ref().map(|r| r.value.key.as_str()) {
        Some("events") => Rows::Events,
        Some("snapshot") => Rows::Snapshot,
        _ => Rows::Unset,
    }
}

fn frame(table: &mut Table<'_>, cx: &mut Context<'_, '_>) -> Frame {
    let item = table.item;
    let input = item.input.as_ref().and_then(|i| input(&i.value, &cx.names, cx.texts, cx.out));
    if item.input.is_none() {
        let message = format!("source `{}` says nowhere where its rows are", item.name.text);
        cx.out.push(
            Diagnostic::new(&codes::INCOMPLETE, message)
                .at(item.name.span, "has neither `csv:` nor another of its kind")
                .help("name its file: `csv: \"data/web.csv\"`"),
        );
    }
    let filter = item.filter.as_ref();
    Frame {
        input: input.unwrap_or(Input::Csv { pattern: String::new(), span: item.name.span }),
        dialect: dialect::check(item, cx.out),
        filter: filter.map(|f| condition(&f.value, &mut Scope::Table(table), cx)),
        rows: rows(item),
        grain: grain(item),
        range: None,
        unpivot: None,
        covers: item.covers.as_ref().and_then(|c| dates::range(c.value.0, c.value.1, cx.out)),
        identity: item.key.as_ref().map(|k| key(table, k, cx)),
        on_error: match item.on_error.as_ref().map(|e| e.value.key.as_str()) {
            Some("skip") => OnError::Skip,
            Some("null") => OnError::Null,
            _ => OnError::Stop,
        },
    }
}

fn key(table: &mut Table<'_>, key: &ast::Property<ast::Key>, cx: &mut Context<'_, '_>) -> Key {
    let columns = key.value.columns.iter().filter_map(|name| table.resolve(name, cx.out));
    let columns = columns.collect();
    if let Some(keep) = key.value.keep.as_ref().filter(|k| k.key != "last") {
        let message = "which row is the first to come is left to the names of files";
        let found = Diagnostic::new(&codes::BAD_ARGUMENTS, message);
        let found = found.at(keep.span, "keeps the first of them");
        cx.out.push(found.suggest("keep the newest: `keep last`", keep.span, "last"));
    }
    let keeps = key.value.keep.as_ref().is_some_and(|k| k.key == "last");
    Key {
        columns,
        repeated: if keeps { Repeated::KeepLast } else { Repeated::Error },
        span: key.span,
    }
}

/// Where the rows are; none with a message.
fn input(
    input: &ast::Input,
    names: &Names<'_>,
    texts: &Sources,
    out: &mut Diagnostics,
) -> Option<Input> {
    match input {
        ast::Input::Csv(text) | ast::Input::Jsonl(text) | ast::Input::Parquet(text) => {
            let pattern = paths::from_spec(text, Leads::ToData, texts, out)?;
            Some(Input::Csv { pattern, span: text.span })
        }
        ast::Input::Table(path) => table_of(path, names, out),
        ast::Input::Inline(text) => {
            let file = texts.get(text.span.file);
            let raw = texts.slice(text.span);
            let opening = raw.strip_prefix("\"\"\"").and_then(|rest| rest.split('\n').next());
            let below = opening.is_some_and(|line| line.trim().is_empty());
            let dropped = below && !text.value.starts_with('\n');
            let line = u64::from(file.place(text.span.start).line) + u64::from(dropped);
            Some(Input::Inline {
                text: text.value.clone(),
                span: text.span,
                path: file.path.clone(),
                first_line: line,
            })
        }
    }
}

/// The table of `warehouse.orders`.
fn table_of(path: &ast::Path, names: &Names<'_>, out: &mut Diagnostics) -> Option<Input> {
    let (connection, table) = path.segments.split_first()?;
    let item = names.connection(connection, out)?;
    if table.is_empty() {
        let message = format!("`{}` is a connection, and no table of it is named", item.name.text);
        let found = Diagnostic::new(&codes::BAD_ARGUMENTS, message).at(path.span, "names no table");
        let help = format!("write the table behind it: `table: {}.orders`", item.name.text);
        out.push(found.help(help));
        return None;
    }
    let dialect = item.dialect.as_ref().and_then(|d| SqlDialect::from_word(&d.value.key))?;
    Some(Input::Table {
        connection: item.name.text.clone(),
        dialect,
        path: table.iter().map(|name| name.text.clone()).collect(),
        span: path.span,
    })
}

/// Takes the lines of the `columns` block in.
fn declare(table: &mut Table<'_>, cx: &mut Context<'_, '_>) {
    for column in &table.item.columns {
        let ty = column.ty.as_ref().and_then(|t| column_type(t, cx));
        let format = column.format.as_ref().and_then(|f| format(f, cx.out));
        if let (Some(written), Some(ty)) = (&column.format, &ty)
            && !matches!(ty, ColumnType::Date | ColumnType::Timestamp)
        {
            let message = format!("only dates have a pattern, and this is {}", word(ty));
            let at = written.pattern.as_ref().map_or(column.name.span, |p| p.span);
            cx.out.push(
                Diagnostic::new(&codes::TYPE_MISMATCH, message)
                    .at(at, "a pattern of dates")
                    .help("declare the column as `date` or `timestamp`"),
            );
        }
        if let Some(expr) = &column.computed
            && let Some(from) = column.from.first()
        {
            cx.out.push(
                Diagnostic::new(&codes::BAD_ARGUMENTS, "a column is either read or computed")
                    .at(from.span, "read from a header")
                    .at(expr.span, "computed")
                    .help("give the header a column of its own and compute from that"),
            );
        }
        if let Err(first) = table.declare(column, ty, format) {
            let message = format!("column `{}` is defined twice", column.name.text);
            cx.out.push(
                Diagnostic::new(&codes::DUPLICATE_NAME, message)
                    .at(column.name.span, "the second definition")
                    .at(first, "the first definition")
                    .help("choose another name"),
            );
        }
    }
}

/// The columns that name the currency of others: texts of the same row.
fn currencies(table: &mut Table<'_>, cx: &mut Context<'_, '_>) {
    for column in &table.item.columns {
        let Some(name) = column.ty.as_ref().and_then(|t| t.currency_column.as_ref()) else {
            continue;
        };
        let (Some(id), Some(money)) = (table.resolve(name, cx.out), table.known(&column.name.key))
        else {
            continue;
        };
        table.settle(id, &ColumnType::Text, name.span);
        let slot = table.slot_mut(id);
        slot.names = Texts::Currencies;
        let (key, ty, at) = (slot.key.clone(), slot.ty.clone(), slot.span);
        if let Some(ty) = ty.filter(|ty| !matches!(ty, ColumnType::Text | ColumnType::Id)) {
            let message = format!("a currency is named by a text, and this is {}", word(&ty));
            cx.out.push(
                Diagnostic::new(&codes::TYPE_MISMATCH, message)
                    .at(name.span, word(&ty))
                    .at(at, "declared here")
                    .help("name the column that holds codes such as `GBP`"),
            );
        }
        if table.slot(money).ty.as_ref().is_some_and(|ty| matches!(ty, ColumnType::MoneyIn(_))) {
            table.slot_mut(money).ty = Some(ColumnType::MoneyIn(key));
        }
    }
}

/// A type as written; none where it is no type, or money of an unknown currency.
pub(super) fn column_type(
    written: &ast::ColumnType,
    cx: &mut Context<'_, '_>,
) -> Option<ColumnType> {
    let name = written.name.key.as_str();
    if let Some(column) = written.currency_column.as_ref().filter(|_| name == "money") {
        return Some(ColumnType::MoneyIn(column.key.clone()));
    }
    if name == "money" {
        return money(written, cx).map(ColumnType::Money);
    }
    if let Some(code) = &written.currency {
        let found = Diagnostic::new(&codes::TYPE_MISMATCH, "only `money` has a currency");
        cx.out.push(found.at(code.span, "a currency"));
    }
    Some(match name {
        "count" => ColumnType::Count,
        "number" => ColumnType::Number,
        "percent" => ColumnType::Percent,
        "duration" => ColumnType::Duration,
        "text" => ColumnType::Text,
        "bool" => ColumnType::Bool,
        "date" => ColumnType::Date,
        "timestamp" => ColumnType::Timestamp,
        "id" => ColumnType::Id,
        _ => return None,
    })
}

fn money(written: &ast::ColumnType, cx: &mut Context<'_, '_>) -> Option<crate::value::Currency> {
    if let Some(code) = &written.currency {
        return cx.currency(code);
    }
    if let Some(currency) = cx.settings.currency {
        return Some(currency);
    }
    // A misspelt currency of the project has been reported.
    if cx.names.project.is_none_or(|p| p.currency.is_none()) {
        cx.out.push(
            Diagnostic::new(&codes::NO_CURRENCY, "money of which currency?")
                .at(written.name.span, "says no currency")
                .help("write `money EUR`, or `currency: EUR` in a `project` block"),
        );
    }
    None
}

/// A pattern as written.
fn format(written: &ast::DateFormat, out: &mut Diagnostics) -> Option<DateFormat> {
    let kind =
        if written.jalali.is_some() { CalendarKind::Persian } else { CalendarKind::Gregorian };
    let (pattern, span) = match (&written.pattern, written.jalali) {
        (Some(text), _) => (text.value.as_str(), text.span),
        (None, Some(span)) => ("%Y-%m-%d", span),
        (None, None) => return None,
    };
    match DateFormat::new(pattern, kind) {
        Ok(format) => Some(format),
        Err(bad) => {
            out.push(bad_pattern(&bad, span));
            None
        }
    }
}

/// A pattern that cannot be read with.
pub(super) fn bad_pattern(bad: &BadPattern, span: Span) -> Diagnostic {
    Diagnostic::new(&codes::BAD_PATTERN, format!("not a pattern of dates: {bad}"))
        .at(span, "this pattern")
        .help("write it like \"%d.%m.%Y\" or \"%Y-%m-%d %H:%M\"")
}

/// A pattern without a day gives the first of the month or year: only right where a row stands for
/// all of it.
fn coarse(table: &Table<'_>, read: &DateFormat, written: &ast::DateFormat, out: &mut Diagnostics) {
    let grain = read.grain();
    let declared = table.item.grain.as_ref().and_then(|g| Grain::from_word(&g.value.key));
    let Some(pattern) = &written.pattern else { return };
    if grain <= declared.unwrap_or(Grain::Day) {
        return;
    }
    let word = grain.word();
    let message = format!("the pattern reads no day, so a row stands for a whole {word}");
    let found = Diagnostic::new(&codes::BAD_PATTERN, message).at(pattern.span, "no day");
    out.push(found.help(format!("say `grain: {word}` in the source, or read the day too")));
}

/// The same of the pattern that the date's column has in `columns`.
pub(super) fn declared_coarse(table: &Table<'_>, id: ColumnId, out: &mut Diagnostics) {
    let slot = table.slot(id);
    let written = slot.declared.and_then(|d| d.format.as_ref());
    if let (Some(read), Some(written)) = (&slot.format, written) {
        coarse(table, read, written, out);
    }
}

/// Whether a pattern reads a time of day too.
fn has_time(written: &ast::DateFormat) -> bool {
    let text = written.pattern.as_ref().map_or("", |p| &p.value);
    ["%H", "%I", "%M", "%S", "%T", "%R", "%p", "%z", "%f", "%s", "%k", "%l"]
        .iter()
        .any(|d| text.contains(d))
}

/// The column of the row's date.
fn date(table: &mut Table<'_>, cx: &mut Context<'_, '_>) -> Option<ColumnId> {
    let rule = &table.item.date.as_ref()?.value;
    let ast::DateRule::Column(name, written) = rule else { return None };
    let pattern = written.as_ref().and_then(|f| format(f, cx.out));
    if let (Some(read), Some(written)) = (&pattern, written) {
        coarse(table, read, written, cx.out);
    }
    let mut id = table.resolve(name, cx.out)?;
    let slot = table.slot(id);
    if written.is_none() {
        declared_coarse(table, id, cx.out);
    }
    let readable = matches!(slot.ty, None | Some(ColumnType::Date | ColumnType::Timestamp));
    if !readable && name.quoted && slot.key != name.key {
        // The header is read as something else too: the date is a column of its own.
        id = table.read_again(name);
    } else if !readable {
        let what = slot.ty.as_ref().map_or("text", word);
        let message = format!("the date of a row is a date, and `{}` is {what}", slot.name);
        let found = Diagnostic::new(&codes::TYPE_MISMATCH, message)
            .at(name.span, what)
            .at(slot.span, "declared here")
            .help("declare the column as `date`");
        cx.out.push(found);
        return None;
    }
    let slot = table.slot_mut(id);
    if slot.declared.is_none() {
        let timed = written.as_ref().is_some_and(has_time);
        slot.ty = Some(if timed { ColumnType::Timestamp } else { ColumnType::Date });
    } else if slot.ty.is_none() && slot.declared.is_some_and(|d| d.ty.is_none()) {
        slot.ty = Some(ColumnType::Date);
    }
    if let Some(pattern) = pattern {
        match &slot.format {
            Some(other) if *other != pattern => {
                let message = format!("`{}` has two patterns", slot.name);
                let found = Diagnostic::new(&codes::TYPE_MISMATCH, message)
                    .at(name.span, "one here")
                    .at(slot.span, "another one here")
                    .help("keep the one in `columns`");
                cx.out.push(found);
            }
            _ => slot.format = Some(pattern),
        }
    }
    Some(id)
}

/// The names behind `not additive over`.
fn additive_names(table: &Table<'_>, cx: &mut Context<'_, '_>) {
    for name in table.item.columns.iter().flat_map(|c| &c.not_additive_over) {
        if name.key != "date" && !table.has(name) {
            cx.out.push(table.missing(name));
        }
    }
}
