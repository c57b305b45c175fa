//! For machines: one array, one object a diagnostic.

use serde::Serialize;

use super::super::Diagnostics;
use crate::source::{Sources, Span};

#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    name: &'a str,
    severity: &'a str,
    message: &'a str,
    place: Option<Place<'a>>,
    labels: Vec<Labelled<'a>>,
    data: Option<Data<'a>>,
    help: Option<&'a str>,
    fix: Option<Fix<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Labelled<'a> {
    place: Place<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct Data<'a> {
    path: &'a str,
    line: u64,
    column: u64,
    text: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    place: Place<'a>,
    text: &'a str,
}

/// All diagnostics, by place, none left out. Lines and columns count from 1, columns in
/// characters; ends are behind the last character.
pub fn json(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let entries: Vec<Entry> = diagnostics
        .sorted()
        .into_iter()
        .map(|d| Entry {
            code: d.code.id,
            name: d.code.name,
            severity: d.severity.word(),
            message: &d.message,
            place: d.span().map(|s| place(sources, s)),
            labels: d
                .labels
                .iter()
                .map(|l| Labelled { place: place(sources, l.span), text: &l.text })
                .collect(),
            data: d.data.as_ref().map(|p| Data {
                path: &p.path,
                line: p.line,
                column: p.column,
                text: &p.excerpt,
            }),
            help: d.help.as_deref(),
            fix: d.fix.as_ref().map(|f| Fix {
                title: &f.title,
                edits: f
                    .edits
                    .iter()
                    .map(|e| Edit { place: place(sources, e.span), text: &e.text })
                    .collect(),
            }),
        })
        .collect();
    // Only texts and numbers: there is nothing in it that could not be written.
    let mut text = serde_json::to_string_pretty(&entries).unwrap_or_default();
    text.push('\n');
    text
}

fn place(sources: &Sources, span: Span) -> Place<'_> {
    let file = sources.get(span.file);
    let (start, end) = (file.place(span.start), file.place(span.end));
    Place {
        path: &file.path,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}
