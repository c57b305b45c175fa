//! How a source's files are written: one character where one is due, numbers where they count.

use super::literal;
use super::regexes;
use crate::diagnostic::{Diagnostic, Diagnostics, codes, nearest};
use crate::model::preset::{End, Preset, Rules, Thousands};
use crate::model::row::Case;
use crate::model::source::{Auto, Dialect, Encoding, Footer, Header, Records, header_key};
use crate::source::Span;
use crate::syntax::ast::{self, Property, Text};
use crate::syntax::words;
use crate::value::NumberFormat;

/// What the dialect keys of a source say; the defaults are those of RFC 4180, and tabs between the
/// fields of a `.tsv` file.
pub(super) fn check(source: &ast::Source, out: &mut Diagnostics) -> Dialect {
    let written = &source.dialect;
    let byte = |key: &str, property: Option<&Property<Text>>, out: &mut Diagnostics| {
        property.and_then(|p| one_byte(key, &p.value, out))
    };
    let delimiter =
        byte("delimiter", written.delimiter.as_ref(), out).unwrap_or(usual_delimiter(source));
    let quote = byte("quote", written.quote.as_ref(), out).unwrap_or(b'"');
    if delimiter == quote
        && let Some(at) = written.quote.as_ref().or(written.delimiter.as_ref())
    {
        let message = "delimiter and quote are the same character";
        out.push(bad(message, at.value.span, "take another one for one of them"));
    }
    let preset = source.preset.as_ref().and_then(|p| Preset::named(&p.value.key));
    Dialect {
        records: records(source, out),
        encoding: encoding(source, out),
        delimiter,
        quote,
        header: header(written, out),
        skip: written.skip.as_ref().map_or(0, |p| lines("skip", p.value, p.span, 0, out)),
        comment: byte("comment", written.comment.as_ref(), out),
        footer: footer(written, out),
        numbers: numbers(written, preset, out),
        nulls: match &written.nulls {
            Some(all) => all.value.iter().map(|text| text.value.clone()).collect(),
            None => preset.map_or(&[][..], |p| p.nulls).iter().map(|n| (*n).to_owned()).collect(),
        },
        preset: preset.map(|preset| rules(source, preset, delimiter)),
        auto: auto(source),
    }
}

/// What stands between fields where nobody says: a file whose name promises tabs has tabs.
fn usual_delimiter(source: &ast::Source) -> u8 {
    let Some(ast::Input::Csv(text)) = source.input.as_ref().map(|i| &i.value) else { return b',' };
    let name = text.value.to_ascii_lowercase();
    let mut endings = name.rsplit('.');
    let last = endings.next().filter(|ending| !matches!(*ending, "gz" | "zst"));
    if last.or_else(|| endings.next()) == Some("tsv") { b'\t' } else { b',' }
}

fn auto(source: &ast::Source) -> Option<Auto> {
    let preset = source.preset.as_ref().filter(|p| p.value.key == words::AUTO)?;
    let written = &source.dialect;
    let keys = [
        ("encoding", written.encoding.is_some()),
        ("delimiter", written.delimiter.is_some()),
        ("skip", written.skip.is_some()),
        ("header", written.header.is_some()),
        ("decimal", written.decimal.is_some()),
        ("thousands", written.thousands.is_some()),
    ];
    let declared = keys.iter().filter(|(_, is)| *is).map(|(key, _)| *key).collect();
    Some(Auto { span: preset.value.span, declared })
}

/// What a preset means for a source that names these columns.
fn rules(source: &ast::Source, preset: &'static Preset, delimiter: u8) -> Rules {
    let written = &source.dialect;
    let keys = |names: Vec<&str>| -> Vec<String> {
        let mut all: Vec<String> = names.iter().map(|name| header_key(name)).collect();
        for name in names {
            all.extend(preset.aliases(name).map(header_key));
        }
        all
    };
    let read = source.columns.iter().filter(|c| c.computed.is_none());
    let mut wanted: Vec<Vec<String>> = read
        .map(|column| match column.from.as_slice() {
            [] => keys(vec![&column.name.text]),
            all => keys(all.iter().map(|name| name.text.as_str()).collect()),
        })
        .collect();
    if let Some(ast::DateRule::Column(name, _)) = source.date.as_ref().map(|d| &d.value)
        && !source.columns.iter().any(|c| c.name.key == name.key)
    {
        wanted.push(keys(vec![&name.text]));
    }
    Rules {
        preset,
        delimiters: match &written.delimiter {
            Some(_) => vec![delimiter],
            None => preset.delimiters.to_vec(),
        },
        wanted,
        end: if written.footer.is_some() { End::File } else { preset.end },
    }
}

/// What a record is; keys that mean nothing there are refused.
fn records(source: &ast::Source, out: &mut Diagnostics) -> Records {
    let (records, name, why) = match source.input.as_ref().map(|i| &i.value) {
        Some(ast::Input::Jsonl(_)) => {
            (Records::JsonLines, "JSON lines", "each line is an object with its keys")
        }
        Some(ast::Input::Parquet(_)) => {
            (Records::Parquet, "Parquet files", "the file knows its columns by name")
        }
        Some(ast::Input::Table(_)) => {
            (Records::Table, "a table", "the database knows its columns by name")
        }
        Some(ast::Input::Csv(_) | ast::Input::Inline(_)) | None => return Records::Csv,
    };
    let written = &source.dialect;
    let typed = records != Records::JsonLines;
    let keys = [
        ("preset", source.preset.as_ref().filter(|_| typed).map(|p| p.key)),
        ("encoding", written.encoding.as_ref().filter(|_| typed).map(|p| p.key)),
        ("delimiter", written.delimiter.as_ref().map(|p| p.key)),
        ("quote", written.quote.as_ref().map(|p| p.key)),
        ("header", written.header.as_ref().map(|p| p.key)),
        ("skip", written.skip.as_ref().map(|p| p.key)),
        ("comment", written.comment.as_ref().map(|p| p.key)),
        ("footer", written.footer.as_ref().map(|p| p.key)),
    ];
    for (key, span) in keys {
        if let Some(span) = span {
            let message = format!("`{key}` says nothing of {name}");
            out.push(bad(message, span, &format!("take it away: {why}")));
        }
    }
    records
}

fn encoding(source: &ast::Source, out: &mut Diagnostics) -> Encoding {
    let Some(text) = source.dialect.encoding.as_ref().map(|p| &p.value) else {
        return if source.preset.is_some() { Encoding::Marked } else { Encoding::Utf8 };
    };
    if let Some(ast::Input::Inline(_)) = source.input.as_ref().map(|i| &i.value) {
        let message = "rows in the spec are UTF-8, as the spec is";
        out.push(bad(message, text.span, "take `encoding` away"));
        return Encoding::Utf8;
    }
    Encoding::named(&text.value).unwrap_or_else(|| {
        let message = format!("no encoding is called \"{}\"", text.value);
        let near = nearest(&text.value, Encoding::names().iter().copied());
        let help = near.map_or_else(
            || "it is called like \"utf-16\", \"windows-1252\", \"iso-8859-9\"".to_owned(),
            |near| format!("did you mean \"{near}\"?"),
        );
        out.push(bad(message, text.span, &help));
        Encoding::Utf8
    })
}

fn bad(message: impl Into<String>, span: Span, help: &str) -> Diagnostic {
    Diagnostic::new(&codes::BAD_DIALECT, message).at(span, "here").help(help)
}

/// A text of one ASCII character.
fn one_byte(key: &str, text: &Text, out: &mut Diagnostics) -> Option<u8> {
    match text.value.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r' | 0) => Some(*byte),
        _ => {
            let message = format!("`{key}` is one ASCII character");
            out.push(bad(message, text.span, "write it as \";\", or a tab as \"\\t\""));
            None
        }
    }
}

fn header(written: &ast::Dialect, out: &mut Diagnostics) -> Header {
    match written.header.as_ref().map(|p| (&p.value, p.span)) {
        None => Header::Row(1),
        Some((ast::Header::None, _)) => Header::None,
        Some((ast::Header::Row(row), span)) => Header::Row(lines("header", *row, span, 1, out)),
    }
}

/// A whole number of lines, at least `least`.
fn lines(key: &str, number: ast::Number, span: Span, least: u32, out: &mut Diagnostics) -> u64 {
    let found = literal::whole(number).filter(|n| *n >= least);
    if found.is_none() {
        let message = format!("`{key}` is a whole number from {least}");
        out.push(bad(message, span, "count lines, as in `2`"));
    }
    u64::from(found.unwrap_or(least))
}

fn footer(written: &ast::Dialect, out: &mut Diagnostics) -> Footer {
    match written.footer.as_ref().map(|p| (&p.value, p.span)) {
        None => Footer::None,
        Some((ast::Footer::Lines(n), span)) => Footer::Lines(lines("footer", *n, span, 0, out)),
        Some((ast::Footer::Matching(regex), _)) => {
            regexes::pattern(regex, Case::Sensitive, out).map_or(Footer::None, Footer::Matching)
        }
    }
}

fn numbers(written: &ast::Dialect, preset: Option<&Preset>, out: &mut Diagnostics) -> NumberFormat {
    let mut one = |key: &str, property: Option<&Property<Text>>| {
        let text = &property?.value;
        let mut letters = text.value.chars();
        match (letters.next(), letters.next()) {
            (Some(c), None) if !c.is_alphanumeric() && c != '-' && c != '+' => Some(c),
            _ => {
                let message = format!("`{key}` is one character, and neither letter nor digit");
                out.push(bad(message, text.span, "write it as \",\""));
                None
            }
        }
    };
    let decimal = one("decimal", written.decimal.as_ref()).unwrap_or('.');
    let mut thousands = one("thousands", written.thousands.as_ref());
    if preset.is_some_and(|p| p.thousands == Thousands::Marked) && written.thousands.is_none() {
        thousands = Some(if decimal == ',' { '.' } else { ',' });
    }
    if thousands == Some(decimal)
        && let Some(at) = written.thousands.as_ref()
    {
        let message = format!("`{decimal}` cannot part both thousands and decimals");
        let help = match decimal {
            '.' => "declare the other one too: `decimal: \",\"`",
            _ => "take another character for one of them",
        };
        out.push(bad(message, at.value.span, help));
        return NumberFormat { decimal, thousands: None };
    }
    NumberFormat { decimal, thousands }
}
