//! A report as a message: tables with their styles on them, charts as pictures inside the file, for
//! programs that know neither style sheets nor drawings.

mod mime;
mod picture;

use minijinja::Value;
use serde::Serialize;

use super::chart::Look;
use super::engine::Engine;
use super::{Place, draw, escape, words_of};
use crate::diagnostic::Diagnostic;
use crate::report::isolate::{CLOSE, OPEN};
use crate::report::tree::{Chart, Document, Kpi, StatusCode};

/// So many charts at most: a message is to stay below 100 kB.
const CHARTS: usize = 3;

/// A chart of the message.
#[derive(Serialize)]
struct Picture<'a> {
    /// The place that the page refers to: `cid:`.
    address: String,
    alt: &'a str,
    title: &'a str,
    said: &'a str,
}

/// The message: one file that mail programs open, and send when somebody says to whom.
pub(super) fn message(
    document: &Document,
    engine: &mut Engine,
    look: Look,
) -> Result<Vec<u8>, Box<Diagnostic>> {
    let mut parts = Vec::new();
    let mut shown = Vec::new();
    for kpi in telling(document) {
        let svg = draw(&kpi.trend, engine, look, Place::Picture)?;
        let Some(png) = picture::png(&escape::settle(&svg)) else { continue };
        let id = format!("{}@report", parts.len() + 1);
        shown.push(Picture {
            address: format!("cid:{id}"),
            alt: alternative(&kpi.trend),
            title: &kpi.trend.title,
            said: &kpi.takeaway,
        });
        parts.push(mime::Part { id, name: format!("{}.png", parts.len() + 1), png });
    }
    engine.global("pictures", &shown);
    let html = engine.render("email.html.j2", Value::from(()))?;
    let html = escape::settle(html.trim_end());
    let words = words_of(&document.language.tag);
    let text = format!(
        "{}\n{}\n\n{}\n\n{}\n",
        document.title, document.period.text, document.state.text, document.takeaway
    );
    let subject =
        format!("{}{}{}", document.title, words.label("list_comma"), document.period.text);
    let message = mime::Message {
        subject: &plain(&subject),
        language: &document.language.tag,
        text: &plain(&text),
        html: &html,
        parts: &parts,
    };
    Ok(message.bytes())
}

/// The KPIs whose charts are worth a look: those that are off track first, then at risk, then in
/// order.
fn telling(document: &Document) -> Vec<&Kpi> {
    let mut all: Vec<&Kpi> = document.sections.iter().flat_map(|s| &s.kpis).collect();
    all.sort_by_key(|kpi| match kpi.score.status.code {
        StatusCode::OffTrack => 0,
        StatusCode::AtRisk => 1,
        _ => 2,
    });
    all.truncate(CHARTS);
    all
}

/// What is read where the picture is not seen.
fn alternative(chart: &Chart) -> &str {
    if chart.summary.is_empty() { &chart.title } else { &chart.summary }
}

/// Isolates as the characters that they are: in a message's own headers there is no other way.
fn plain(text: &str) -> String {
    text.replace(OPEN, "\u{2068}").replace(CLOSE, "\u{2069}")
}
