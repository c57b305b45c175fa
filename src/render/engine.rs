//! The template engine: what a template can see and do, and for how long.

use std::collections::BTreeMap;
use std::io::Write;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior, Value};
use serde::Serialize;

use super::Limits;
use super::escape::{self, Kind, code_span, escape};
use super::templates::Templates;
use crate::diagnostic::{DataPlace, Diagnostic, codes};
use crate::report::words;

/// Renders templates by name.
pub(super) struct Engine<'a> {
    environment: Environment<'a>,
    templates: &'a Templates,
    limits: &'a Limits,
}

const MARKDOWN: &str = "markdown";

impl<'a> Engine<'a> {
    pub(super) fn new(templates: &'a Templates, limits: &'a Limits) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_debug(true);
        environment.set_fuel(Some(limits.fuel));
        environment.set_auto_escape_callback(auto_escape);
        environment.set_formatter(write_value);
        environment.add_filter("code", |text: &str| Value::from_safe_string(code_span(text)));
        environment.add_filter("run", run);
        environment.add_filter("digits", digits);
        environment.add_filter("cut", |text: &str, most: usize| cut(text, most));
        let texts = templates.clone();
        environment.set_loader(move |name| Ok(texts.text(name).map(str::to_owned)));
        Self { environment, templates, limits }
    }

    /// Makes a value known to all templates.
    pub(super) fn global(&mut self, name: &'static str, value: impl Serialize) {
        self.environment.add_global(name, Value::from(Serde(&value)));
    }

    /// Makes texts known that are markup already.
    pub(super) fn markup(
        &mut self,
        name: &'static str,
        texts: impl Iterator<Item = (String, String)>,
    ) {
        let map: BTreeMap<String, Value> =
            texts.map(|(k, v)| (k, Value::from_safe_string(v))).collect();
        self.environment.add_global(name, Value::from(map));
    }

    /// Renders a template.
    pub(super) fn render(&self, name: &str, context: Value) -> Result<String, Box<Diagnostic>> {
        let mut out = Capped { bytes: Vec::new(), most: self.limits.bytes };
        let rendered = self
            .environment
            .get_template(name)
            .and_then(|template| template.render_captured_to(context, &mut out).map(|_| ()));
        rendered.map_err(|error| Box::new(self.diagnose(name, &error)))?;
        Ok(String::from_utf8_lossy(&out.bytes).into_owned())
    }

    fn diagnose(&self, asked: &str, error: &minijinja::Error) -> Diagnostic {
        // An error inside an included template carries the place there as its source.
        let mut error = error;
        while let Some(inner) =
            std::error::Error::source(error).and_then(|s| s.downcast_ref::<minijinja::Error>())
        {
            error = inner;
        }
        let name = error.name().unwrap_or(asked);
        let message = match error.kind() {
            ErrorKind::OutOfFuel => "the template takes too many steps".to_owned(),
            ErrorKind::WriteFailure => {
                format!("the template writes more than {} bytes", self.limits.bytes)
            }
            kind => match error.detail() {
                Some(detail) => format!("{kind}: {detail}"),
                None => kind.to_string(),
            },
        };
        let help = match error.kind() {
            ErrorKind::OutOfFuel | ErrorKind::WriteFailure => "look for a loop that does not end",
            ErrorKind::UndefinedError => {
                "docs/templates.md names everything that a template is given"
            }
            ErrorKind::TemplateNotFound => "a template is named by its path below `templates/`",
            _ => "docs/templates.md describes templates",
        };
        Diagnostic::new(&codes::TEMPLATE, message).in_data(self.place(name, error)).help(help)
    }

    fn place(&self, name: &str, error: &minijinja::Error) -> DataPlace {
        let line = error.line().unwrap_or(1).max(1);
        let source = self.templates.text(name).unwrap_or("");
        let text = source.split('\n').nth(line - 1).unwrap_or("");
        let start = source.split('\n').take(line - 1).map(|l| l.len() + 1).sum::<usize>();
        let within = error.range().filter(|r| r.start >= start && r.start <= start + text.len());
        let (column, mark) = within.map_or((0, None), |r| {
            let before = source.get(start..r.start).map_or(0, |s| s.chars().count());
            let end = r.end.min(start + text.len());
            let length = source.get(r.start..end).map_or(0, |s| s.chars().count());
            (before + 1, Some((before, length.max(1))))
        });
        let excerpt: String = text.trim_end().chars().take(200).collect();
        let mark = mark.filter(|(at, length)| at + length <= excerpt.chars().count());
        let path = self.templates.path(name);
        DataPlace { path, line: line as u64, column: column as u64, excerpt, mark }
    }
}

/// A writer that refuses what is too much.
struct Capped {
    bytes: Vec<u8>,
    most: usize,
}

impl Write for Capped {
    fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + part.len() > self.most {
            return Err(std::io::Error::other("too much output"));
        }
        self.bytes.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// By the output's extension; what is neither Markdown nor JSON is taken for markup.
fn auto_escape(name: &str) -> AutoEscape {
    let name = name.strip_suffix(".j2").unwrap_or(name);
    match name.rsplit('.').next() {
        Some("md") => AutoEscape::Custom(MARKDOWN.into()),
        Some("json") => AutoEscape::Json,
        _ => AutoEscape::Html,
    }
}

fn write_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    if value.is_none() {
        return Ok(());
    }
    if value.is_safe() {
        return out.write_str(&value.to_string()).map_err(minijinja::Error::from);
    }
    let kind = match state.auto_escape() {
        AutoEscape::Html => Kind::Markup,
        AutoEscape::Custom(name) if name == MARKDOWN => Kind::Markdown,
        _ => return minijinja::escape_formatter(out, state, value),
    };
    let text = escape(&escape::without_turns(&value.to_string()), kind);
    out.write_str(&text).map_err(minijinja::Error::from)
}

/// A text of a drawing, whose own direction is that from left to right: in a language that is
/// read the other way it is set apart, so that its parts stand in the order they are read in.
fn run(state: &State, text: &Value) -> Value {
    let plain = escape::without_turns(&text.to_string());
    let text = escape(&plain, Kind::Markup);
    let direction = state.lookup("report").and_then(|r| r.get_attr("language").ok());
    let direction = direction.and_then(|l| l.get_attr("direction").ok());
    let turned = direction.is_some_and(|d| d.as_str() == Some("rtl")) && !plain.is_empty();
    Value::from_safe_string(if turned { format!("&#x2068;{text}&#x2069;") } else { text })
}

/// A small number in the language's digits.
fn digits(state: &State, number: &Value) -> String {
    let tag = state.lookup("report").and_then(|r| r.get_attr("language").ok());
    let tag = tag.and_then(|l| l.get_attr("tag").ok());
    let numerals = tag.as_ref().and_then(|t| t.as_str().map(words::numerals_of));
    let plain = number.to_string();
    let own = |c: char| match (numerals, c.to_digit(10)) {
        (Some(numerals), Some(digit)) => numerals.digits[digit as usize],
        _ => c,
    };
    plain.chars().map(own).collect()
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}\u{2026}", kept.trim_end())
}
