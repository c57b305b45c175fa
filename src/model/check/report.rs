//! Reports: what they show and compare, all of it there.

use super::names::meant;
use super::text::{localized, title};
use super::{Context, literal, project};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::items::{Compare, Event, Figure, FigureKind, ReportSpec, Section};
use crate::model::measure::MeasureId;
use crate::syntax::ast::{self, Ident};
use crate::time::{Grain, SpanUnit};

/// Checks a report.
pub(super) fn check(
    written: &ast::Report,
    events: &[Event],
    cx: &mut Context<'_, '_>,
) -> ReportSpec {
    let cadence = written.cadence.as_ref().and_then(|c| Grain::from_cadence(&c.value.key));
    let compare = written.compare.as_ref().map(|c| compares(&c.value, events, cx));
    let purpose = written.purpose.as_ref();
    let questions = written.questions.iter().flat_map(|q| &q.value);
    ReportSpec {
        name: written.name.text.clone(),
        span: written.name.span,
        title: title(written.title.as_ref(), &written.titles, &written.name),
        purpose: purpose.map(|p| localized(Some(&p.value), &[])),
        questions: questions.map(|q| localized(Some(q), &[])).collect(),
        cadence: cadence.unwrap_or(Grain::Month),
        compare: compare.unwrap_or_else(|| vec![Compare::Previous, Compare::LastYear]),
        history: written.history.as_ref().and_then(|h| span(&h.value, cx)),
        locale: written.locale.as_ref().and_then(|l| project::locale(&l.value, cx.out)),
        time_turned: written.time_axis.as_ref().is_some_and(|t| t.value.key == "rtl"),
        sections: written.sections.iter().map(|s| section(s, events, cx)).collect(),
    }
}

/// `13 months`
fn span(quantity: &ast::Quantity, cx: &mut Context<'_, '_>) -> Option<(u32, SpanUnit)> {
    let found = literal::span(quantity);
    if found.is_none() {
        cx.out.push(
            Diagnostic::new(&codes::BAD_ARGUMENTS, "a span of whole days or longer is due")
                .at(quantity.span, "not that")
                .help("write it as `13 months` or `8 weeks`"),
        );
    }
    found
}

fn compares(written: &[ast::Compare], events: &[Event], cx: &mut Context<'_, '_>) -> Vec<Compare> {
    let one = |compare: &ast::Compare| match compare {
        ast::Compare::Previous(_) => Some(Compare::Previous),
        ast::Compare::LastYear(_) => Some(Compare::LastYear),
        ast::Compare::Around(quantity, text) => {
            let at = event(text, events, cx);
            let (n, unit) = span(quantity, cx)?;
            Some(Compare::Around(n, unit, at?))
        }
    };
    written.iter().filter_map(one).collect()
}

/// The event of a title.
fn event(text: &ast::Text, events: &[Event], cx: &mut Context<'_, '_>) -> Option<usize> {
    let found = events.iter().position(|e| e.title.plain == text.value);
    if found.is_none() {
        let message = format!("there is no event \"{}\"", text.value);
        let diagnostic = Diagnostic::new(&codes::UNKNOWN_NAME, message)
            .at(text.span, "no event of that title")
            .help("declare it: `event 2026-06-01 \"...\"`");
        let name = Ident {
            text: text.value.clone(),
            key: text.value.clone(),
            span: text.span,
            quoted: true,
        };
        let diagnostic = meant(diagnostic, &name, events.iter().map(|e| e.title.plain.as_str()));
        cx.out.push(quoted(diagnostic));
    }
    found
}

/// A repair of a text keeps its quotes.
fn quoted(mut diagnostic: Diagnostic) -> Diagnostic {
    for edit in diagnostic.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
        edit.text = format!("{:?}", edit.text);
    }
    diagnostic
}

fn measures(names: &[Ident], what: &str, cx: &mut Context<'_, '_>) -> Vec<MeasureId> {
    let found = names.iter().filter_map(|name| cx.names.measure(name, what, cx.out));
    found.map(MeasureId).collect()
}

fn section(written: &ast::Section, events: &[Event], cx: &mut Context<'_, '_>) -> Section {
    let kpis = written.kpis.as_ref().map_or(&[][..], |k| &k.value);
    Section {
        title: localized(Some(&written.title), &[]),
        text: localized(None, &written.text),
        kpis: measures(kpis, "KPI", cx),
        compare: written.compare.as_ref().map(|c| compares(&c.value, events, cx)),
        figures: written.figures.iter().map(|f| figure(f, cx)).collect(),
    }
}

fn figure(property: &ast::Property<ast::Figure>, cx: &mut Context<'_, '_>) -> Figure {
    let written = &property.value;
    let kind = match written.chart.as_ref().map(|c| c.key.as_str()) {
        Some("bar") => FigureKind::Bar,
        Some("pie") => FigureKind::Pie,
        Some("heatmap") => FigureKind::Heatmap,
        Some("funnel") => FigureKind::Funnel,
        Some("bullet") => FigureKind::Bullet,
        Some("stacked") => FigureKind::Stacked,
        Some("waterfall") => FigureKind::Waterfall,
        Some(_) => FigureKind::Line,
        None if !written.is_chart => FigureKind::Table,
        None if written.by.is_empty() => FigureKind::Line,
        None => FigureKind::Bar,
    };
    let top = written.top.and_then(|n| {
        let found = literal::whole(n).filter(|n| *n > 0);
        if found.is_none() {
            cx.out.push(
                Diagnostic::new(&codes::BAD_ARGUMENTS, "`top` takes a whole number from 1")
                    .at(property.span, "not that"),
            );
        }
        found
    });
    Figure {
        kind,
        measures: measures(&written.measures, "metric or KPI", cx),
        by: written.by.iter().map(|name| name.key.clone()).collect(),
        top,
        span: property.span,
    }
}
