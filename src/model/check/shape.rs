//! Sources of another shape: tables without dates of their own, and tables with a column a date.

use super::source::bad_pattern;
use super::table::{Made, Slot, Table, Texts};
use super::types::word;
use super::{Context, dates};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::row::ColumnId;
use crate::model::source::{ColumnType, RangeRule, Unpivot};
use crate::source::Span;
use crate::syntax::ast::{self, DateRule, Ident};
use crate::time::{DateFormat, FileName, Grain};

/// What the rows of a source stand for that have no dates of their own.
pub(super) fn range(item: &ast::Source, cx: &mut Context<'_, '_>) -> Option<RangeRule> {
    let rule = item.date.as_ref()?;
    let grain = item.grain.as_ref().and_then(|g| Grain::from_word(&g.value.key));
    match &rule.value {
        DateRule::Column(..) => None,
        DateRule::In(when) => {
            let period = dates::when(*when, cx.settings.calendar, cx.out)?;
            if let Some(grain) = &item.grain {
                cx.out.push(
                    Diagnostic::new(&codes::BAD_ARGUMENTS, "what the rows stand for is said twice")
                        .at(grain.span, "the whole period around a row's date")
                        .at(rule.span, "these days")
                        .help("leave `grain` out"),
                );
            }
            Some(RangeRule::In(period.start, period.end))
        }
        DateRule::File(pattern) => {
            match FileName::new(&pattern.value, cx.settings.calendar, grain) {
                Ok(name) => Some(RangeRule::File(name)),
                Err(bad) => {
                    let found = bad_pattern(&bad, pattern.span);
                    cx.out.push(found.help("write it like \"ads-%Y-%m.csv\""));
                    None
                }
            }
        }
        DateRule::Preamble(span) => {
            if matches!(item.input.as_ref().map(|i| &i.value), Some(ast::Input::Inline(_))) {
                cx.out.push(inline_preamble(*span));
            }
            Some(RangeRule::Preamble(grain))
        }
    }
}

fn inline_preamble(span: Span) -> Diagnostic {
    Diagnostic::new(&codes::BAD_ARGUMENTS, "rows that are typed in have no lines above a header")
        .at(span, "not here")
        .help("say which days they stand for: `date: in 2026-06`")
}

/// The column of the first of these days.
pub(super) fn range_column(table: &mut Table<'_>) -> ColumnId {
    let span = table.item.date.as_ref().map_or(table.item.name.span, |d| d.span);
    table.push_unnamed(Slot {
        name: "date".to_owned(),
        // No name has a blank: a column of the file may be called `date`.
        key: "date of the file".to_owned(),
        span,
        ty: Some(ColumnType::Date),
        names: Texts::Any,
        typed_at: None,
        headers: Vec::new(),
        format: None,
        declared: None,
        computed: None,
        made: Some(Made::Range),
    })
}

/// The column of the dates that are turned into rows; that of the values is taken in too.
pub(super) fn turned(table: &mut Table<'_>, cx: &mut Context<'_, '_>) -> Option<ColumnId> {
    let written = table.item.unpivot.as_ref()?;
    let [day, value] = written.value.columns.as_slice() else {
        let message = "`unpivot` names two columns: that of the dates and that of the values";
        let found = Diagnostic::new(&codes::BAD_ARGUMENTS, message).at(written.span, "not two");
        cx.out.push(found.help("write it like `unpivot: dates as day, volume`"));
        return None;
    };
    if day.key == value.key {
        let message = format!("`{}` is named twice", day.text);
        let found = Diagnostic::new(&codes::DUPLICATE_NAME, message);
        cx.out.push(found.at(value.span, "for the values").at(day.span, "for the dates"));
        return None;
    }
    if let Some(header) = &table.item.dialect.header
        && matches!(header.value, ast::Header::None)
    {
        let message = "without a header there are no dates to turn into rows";
        let found = Diagnostic::new(&codes::BAD_ARGUMENTS, message);
        cx.out.push(found.at(written.span, "turns headers").at(header.span, "says there is none"));
        return None;
    }
    if matches!(table.item.input.as_ref().map(|i| &i.value), Some(ast::Input::Jsonl(_))) {
        let found = Diagnostic::new(&codes::BAD_ARGUMENTS, "JSON lines have no headers to turn");
        cx.out.push(found.at(written.span, "turns headers").help("read the rows from CSV files"));
        return None;
    }
    made(table, value, Made::Turned, cx);
    Some(made(table, day, Made::Header, cx))
}

/// A column that `unpivot` makes, declared or not.
fn made(table: &mut Table<'_>, name: &Ident, how: Made, cx: &mut Context<'_, '_>) -> ColumnId {
    let due = (how == Made::Header).then_some(ColumnType::Date);
    let Some(id) = table.known(&name.key) else { return table.push_made(name, due, how) };
    let slot = table.slot(id);
    let other = slot.declared.and_then(|column| match (&column.computed, column.from.first()) {
        (Some(expr), _) => Some((expr.span, "computed")),
        (None, Some(from)) => Some((from.span, "read from a header")),
        (None, None) => None,
    });
    if let Some((span, what)) = other {
        let message = format!("`{}` is what `unpivot` makes, and {what}", name.text);
        let found = Diagnostic::new(&codes::BAD_ARGUMENTS, message);
        let found = found.at(span, what).at(name.span, "made of headers and their cells");
        cx.out.push(found.help("declare its type alone, or choose another name behind `as`"));
    }
    if let (Some(due), Some(is)) = (&due, &slot.ty)
        && is != due
    {
        let message =
            format!("the dates of `unpivot` are dates, and `{}` is {}", name.text, word(is));
        let found = Diagnostic::new(&codes::TYPE_MISMATCH, message);
        let found = found.at(slot.span, word(is)).at(name.span, "the dates");
        cx.out.push(found.help("declare it as `date`"));
    }
    let slot = table.slot_mut(id);
    // Where it is declared as something else, that has been told.
    slot.ty = due.or(slot.ty.take());
    slot.made = Some(how);
    slot.headers.clear();
    id
}

/// How the headers are read; those that are dates are no columns from here on.
pub(super) fn unpivot(table: &mut Table<'_>, day: ColumnId, cx: &mut Context<'_, '_>) -> Unpivot {
    let format = table.slot(day).format.clone().unwrap_or_else(DateFormat::iso);
    let span = table.item.unpivot.as_ref().map_or(table.item.name.span, |u| u.span);
    if let Some(headers) = table.headers()
        && !headers.iter().any(|h| format.parse(h).is_some())
    {
        let message = format!("no header of `{}` is a date", table.item.name.text);
        let found = Diagnostic::new(&codes::NO_DATE_HEADER, message).at(span, "turns none");
        cx.out.push(found.help(date_headers(headers)));
    }
    table.turned = Some(format.clone());
    Unpivot { format, span }
}

/// What may be done about headers of which none is a date.
fn date_headers(headers: &[String]) -> String {
    let dated = headers.iter().rev().find(|h| h.contains(|c: char| c.is_numeric()));
    let shown = |h: &String| h.chars().take(40).collect::<String>();
    match dated {
        Some(header) => format!(
            "if headers such as `{}` are dates, say how they are written: `as \"%d.%m.%Y\"` behind \
             the type of the column of dates",
            shown(header)
        ),
        None => "is the delimiter right, and the header in the first line?".to_owned(),
    }
}
