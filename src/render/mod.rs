//! Report trees to HTML, Markdown and JSON, through templates.
//!
//! Templates are compiled in; a project's own of the same name take their place. They see the
//! tree ([`Document`]), the words of its language and the charts, drawn already. A mistake in a
//! template is the user's: it becomes a diagnostic with the template's file and line.

mod chart;
#[cfg(feature = "email")]
mod email;
mod engine;
mod escape;
mod summary;
mod templates;
#[cfg(feature = "xlsx")]
mod xlsx;

pub use summary::summary;
pub use templates::{Templates, built_in_templates};

use std::collections::BTreeSet;

use base64::Engine as _;
use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use crate::diagnostic::{Diagnostic, codes};
use crate::host::OutputFile;
use crate::report::format::Formatter;
use crate::report::isolate::{CLOSE, OPEN};
use crate::report::tree::{Chart, Document, Index, Spark};
use crate::report::words;
use crate::time::Calendar;
use chart::Look;
use engine::Engine;

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// One file that needs no other.
    Html,
    /// GitHub's, with the charts as files beside it.
    Markdown,
    /// The tree as it is.
    Json,
    /// A message with its pictures; where the program is built with `email`.
    Email,
    /// A workbook; where the program is built with `xlsx`.
    Xlsx,
}

impl Format {
    /// The format of `html`, `markdown` (or `md`), `json`.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "html" => Some(Self::Html),
            "markdown" | "md" => Some(Self::Markdown),
            "json" => Some(Self::Json),
            "email" => Some(Self::Email),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }

    /// Those that are written unless others are asked for.
    pub const ALL: [Self; 3] = [Self::Html, Self::Markdown, Self::Json];
}

/// How much a template may do and write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Steps of one rendering.
    pub fuel: u64,
    /// Bytes of one output.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { fuel: 100_000_000, bytes: 64 << 20 }
    }
}

/// Renders a document in some formats: `<report>.html`, `<report>.md` with its `<report>/*.svg`,
/// `<report>.json`. All mistakes of templates are reported, none twice.
///
/// ```
/// use sanjeh::render::{Format, Templates, render};
/// use sanjeh::report::Document;
///
/// fn names(document: &Document) -> Vec<String> {
///     let files = render(document, &Format::ALL, &Templates::none());
///     files.unwrap_or_default().into_iter().map(|f| f.path).collect()
/// }
/// ```
pub fn render(
    document: &Document,
    formats: &[Format],
    templates: &Templates,
) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    render_within(document, formats, templates, &Limits::default())
}

/// [`render`] within other limits.
///
/// # Errors
/// The mistakes of templates.
///
/// # Panics
/// Where a document is in a language without words: `report::build` makes none.
pub fn render_within(
    document: &Document,
    formats: &[Format],
    templates: &Templates,
    limits: &Limits,
) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    let mut formats = formats.to_vec();
    formats.sort_unstable();
    formats.dedup();
    let one = |format: Format| render_one(document, format, templates, limits);
    let outcomes: Vec<_> = match formats.as_slice() {
        [format] => vec![one(*format)],
        // Each takes about as long as any other, and none needs another.
        formats => std::thread::scope(|scope| {
            let begin = |format: &Format| {
                let (one, format) = (&one, *format);
                let thread = std::thread::Builder::new().stack_size(STACK);
                thread.spawn_scoped(scope, move || one(format)).map_err(|_| format)
            };
            let begun: Vec<_> = formats.iter().map(begin).collect();
            let ended = begun.into_iter().map(|thread| {
                match thread.map(std::thread::ScopedJoinHandle::join) {
                    Ok(Ok(outcome)) => outcome,
                    Ok(Err(panic)) => std::panic::resume_unwind(panic),
                    // No thread to be had.
                    Err(format) => one(format),
                }
            });
            ended.collect()
        }),
    };
    let mut files = Vec::new();
    let mut wrong: Vec<Diagnostic> = templates.wrong.clone();
    for outcome in outcomes {
        match outcome {
            Ok(more) => files.extend(more),
            Err(more) => wrong.extend(more),
        }
    }
    if wrong.is_empty() {
        return Ok(files);
    }
    wrong.dedup_by(|a, b| a.message == b.message && a.data == b.data);
    Err(wrong)
}

/// Templates call one another; how deep is limited by the engine, and this is enough for it.
const STACK: usize = 16 << 20;

/// A document in one format.
fn render_one(
    document: &Document,
    format: Format,
    templates: &Templates,
    limits: &Limits,
) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    let words = words_of(&document.language.tag);
    // Charts hold their texts but for the marks of axes, which are of no calendar.
    let formatter = Formatter::new(words, Calendar::default()).tagged(&document.language.tag);
    let look = Look { formatter, time_turned: document.time_axis == "rtl" };
    match format {
        Format::Json => return Ok(vec![json(document)]),
        Format::Xlsx => return workbook(document, words),
        Format::Html | Format::Markdown | Format::Email => {}
    }
    let mut engine = Engine::new(templates, limits);
    engine.global("words", words.labels());
    engine.global("font", words.font.map(Face::of));
    engine.global("report", document);
    match format {
        Format::Html => html(document, &mut engine, look),
        Format::Markdown => markdown(document, &engine, look),
        _ => message(document, &mut engine, look),
    }
}

/// The front page over reports.
///
/// # Errors
/// The mistakes of templates.
pub fn render_index(index: &Index, templates: &Templates) -> Result<OutputFile, Vec<Diagnostic>> {
    let limits = Limits::default();
    let words = words_of(&index.language.tag);
    let mut engine = Engine::new(templates, &limits);
    engine.global("words", words.labels());
    engine.global("font", words.font.map(Face::of));
    engine.global("report", index);
    let text = engine.render("index.html.j2", Value::from(())).map_err(|d| vec![*d])?;
    Ok(file(INDEX.to_owned(), escape::settle(text.trim_end()) + "\n"))
}

/// A text as Markdown writes it, on one line: nothing in it is markup.
pub fn escape_markdown(text: &str) -> String {
    escape::escape(text, escape::Kind::Markdown)
}

/// The name of the front page.
pub const INDEX: &str = "index.html";

/// The words of a tree, which was built with them, so that they are there.
fn words_of(tag: &str) -> &'static words::Words {
    words::of(tag).unwrap_or_else(|| panic!("a report in `{tag}`, a language without words"))
}

fn html(
    document: &Document,
    engine: &mut Engine,
    look: Look,
) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    let sparks = sparks(document).into_iter();
    let sparks = sparks.map(|s| Ok((s.id.clone(), draw_spark(s, engine, look, Place::Inline)?)));
    let drawn: Result<Vec<_>, Box<Diagnostic>> = charts(document)
        .into_iter()
        .map(|c| Ok((c.id.clone(), draw(c, engine, look, Place::Inline)?)))
        .chain(sparks)
        .collect();
    engine.markup("charts", drawn.map_err(|d| vec![*d])?.into_iter());
    let text = engine.render("report.html.j2", Value::from(())).map_err(|d| vec![*d])?;
    let text = escape::settle(text.trim_end());
    Ok(vec![file(format!("{}.html", document.name), text + "\n")])
}

fn markdown(
    document: &Document,
    engine: &Engine,
    look: Look,
) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    let text = engine.render("report.md.j2", Value::from(())).map_err(|d| vec![*d])?;
    let mut files = vec![file(format!("{}.md", document.name), text.trim_end().to_owned() + "\n")];
    for chart in charts(document) {
        let svg = draw(chart, engine, look, Place::Alone).map_err(|d| vec![*d])?;
        files.push(file(format!("{}/{}.svg", document.name, chart.id), escape::settle(&svg)));
    }
    for spark in sparks(document) {
        let svg = draw_spark(spark, engine, look, Place::Alone).map_err(|d| vec![*d])?;
        files.push(file(format!("{}/{}.svg", document.name, spark.id), escape::settle(&svg)));
    }
    Ok(files)
}

#[cfg(feature = "email")]
fn message(
    document: &Document,
    engine: &mut Engine,
    look: Look,
) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    let bytes = email::message(document, engine, look).map_err(|d| vec![*d])?;
    Ok(vec![OutputFile { path: format!("{}.eml", document.name), bytes }])
}

#[cfg(not(feature = "email"))]
fn message(_: &Document, _: &mut Engine, _: Look) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    Err(vec![not_built_in("email")])
}

#[cfg(feature = "xlsx")]
fn workbook(document: &Document, words: &words::Words) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    let bytes = xlsx::workbook(document, words).map_err(|error| {
        let message = format!("the workbook of `{}` cannot be written: {error}", document.name);
        vec![Diagnostic::new(&codes::TEMPLATE, message)]
    })?;
    Ok(vec![OutputFile { path: format!("{}.xlsx", document.name), bytes }])
}

#[cfg(not(feature = "xlsx"))]
fn workbook(_: &Document, _: &words::Words) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    Err(vec![not_built_in("xlsx")])
}

#[cfg(not(all(feature = "email", feature = "xlsx")))]
fn not_built_in(feature: &str) -> Diagnostic {
    let message = format!("this build of `kpi` does not write `--format {feature}`");
    Diagnostic::new(&codes::NOT_BUILT_IN, message)
        .help(format!("install it with `cargo install sanjeh --features {feature}`"))
}

fn json(document: &Document) -> OutputFile {
    // The tree has neither maps with other keys than texts nor anything that can fail.
    let text = serde_json::to_string_pretty(document).unwrap_or_default();
    // What marks a direction is written by its number, as everywhere.
    let text = escape::without_turns(&text);
    let text = text.replace('\u{200e}', "\\u200e").replace('\u{200f}', "\\u200f");
    let text = text.replace('\u{61c}', "\\u061c");
    let text = text.replace(OPEN, "\\u2068").replace(CLOSE, "\\u2069");
    file(format!("{}.json", document.name), text + "\n")
}

fn file(path: String, text: String) -> OutputFile {
    OutputFile { path, bytes: text.into_bytes() }
}

/// A typeface as a page's styles take it in.
#[derive(Serialize)]
struct Face {
    family: &'static str,
    notice: &'static str,
    range: &'static str,
    /// The file itself, as an address.
    data: String,
}

impl Face {
    fn of(font: &words::Font) -> Self {
        let data = base64::engine::general_purpose::STANDARD.encode(font.bytes);
        let data = format!("data:font/woff2;base64,{data}");
        Self { family: font.family, notice: font.notice, range: font.range, data }
    }
}

/// Where a chart is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Inside the page, whose styles it takes.
    Inline,
    /// In a file of its own, with its own styles.
    Alone,
    /// In a picture, which has one look.
    #[cfg(feature = "email")]
    Picture,
}

impl Place {
    fn is_picture(self) -> bool {
        !matches!(self, Self::Inline | Self::Alone)
    }
}

/// What a chart's template is given.
#[derive(Serialize)]
#[allow(clippy::struct_excessive_bools, reason = "each is a question that a template asks")]
struct ChartContext<'a, D> {
    chart: ChartWords<'a>,
    drawing: D,
    standalone: bool,
    /// Whether it becomes a picture, which knows no dark mode.
    picture: bool,
    /// Whether it begins at the right.
    mirrored: bool,
    /// Nothing to draw: the frame says so, and no axis is made up.
    empty: bool,
}

#[derive(Serialize)]
struct ChartWords<'a> {
    id: &'a str,
    title: String,
    summary: String,
}

fn draw(
    chart: &Chart,
    engine: &Engine,
    look: Look,
    place: Place,
) -> Result<String, Box<Diagnostic>> {
    let context = ChartContext {
        chart: chart_words(&chart.id, &chart.title, &chart.summary),
        drawing: chart::lay_out(chart, look),
        standalone: place != Place::Inline,
        picture: place.is_picture(),
        mirrored: chart::is_mirrored(chart, look),
        empty: chart::is_empty(chart),
    };
    let drawn = engine.render(chart::template(chart.kind), Value::from(Serde(&context)))?;
    Ok(drawn.trim().to_owned())
}

fn draw_spark(
    spark: &Spark,
    engine: &Engine,
    look: Look,
    place: Place,
) -> Result<String, Box<Diagnostic>> {
    let context = ChartContext {
        chart: chart_words(&spark.id, &spark.title, &spark.summary),
        drawing: chart::spark::lay_out(spark, look.time_turned),
        standalone: place != Place::Inline,
        picture: place.is_picture(),
        mirrored: false,
        empty: false,
    };
    let drawn = engine.render("chart/spark.svg.j2", Value::from(Serde(&context)))?;
    Ok(drawn.trim().to_owned())
}

/// What a chart says of itself, cut so that a picture stays a picture.
fn chart_words<'a>(id: &'a str, title: &str, summary: &str) -> ChartWords<'a> {
    let (title, summary) = (chart::fit(title, 1.0, 200.0), chart::fit(summary, 1.0, 400.0));
    ChartWords { id, title, summary }
}

/// The sparklines of all rows, each once.
fn sparks(document: &Document) -> Vec<&Spark> {
    let rows = document.sections.iter().flat_map(|s| &s.rows);
    let rows = rows.chain(document.channels.iter().flat_map(|c| &c.rows));
    let mut seen = BTreeSet::new();
    rows.map(|r| &r.spark).filter(|s| seen.insert(s.id.as_str())).collect()
}

/// Every chart of a document but the sparklines, in order and each once.
fn charts(document: &Document) -> Vec<&Chart> {
    let mut all = Vec::new();
    for section in &document.sections {
        for kpi in &section.kpis {
            all.push(&kpi.trend);
            all.extend(kpi.breakdowns.iter().map(|b| &b.chart));
        }
        all.extend(section.figures.iter().filter_map(|f| f.chart.as_ref()));
    }
    let mut seen = BTreeSet::new();
    all.retain(|c| seen.insert(c.id.as_str()));
    all
}
