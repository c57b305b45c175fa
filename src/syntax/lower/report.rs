//! `report` and its sections.

use super::context::{Context, Entry};
use super::item::{head, language, names, needs_block, take_plain_title, word};
use super::property::{body, text_property};
use super::{atom, measure};
use crate::source::Span;
use crate::syntax::ast::{
    Compare, Figure, Ident, ItemKind, Localized, Property, Report, Section, Text,
};
use crate::syntax::grammar::{Node, Rule};
use crate::syntax::split::{RawBlock, Run, Statement};
use crate::syntax::words;

pub(super) fn report(
    cx: &mut Context<'_, '_, '_>,
    run: Run,
    block: Option<&RawBlock>,
) -> Option<ItemKind> {
    let head = head(cx, run, Rule::titled_head, "report");
    needs_block(cx, run, block, "report");
    let mut report = Report {
        name: atom::ident_of("", cx.run_span(run)),
        title: head.as_ref().and_then(|n| atom::localized_in(cx, n)),
        purpose: None,
        questions: None,
        cadence: None,
        compare: None,
        history: None,
        locale: None,
        time_axis: None,
        sections: Vec::new(),
        titles: Vec::new(),
    };
    let body = body(cx, block, &words::REPORT);
    let mut purposes: Vec<(Option<Ident>, Property<Localized>)> = Vec::new();
    for entry in &body.entries {
        property(cx, entry, &mut report, &mut purposes);
    }
    report.purpose = join(cx, purposes);
    for (_, statement) in body.blocks {
        report.sections.extend(section(cx, statement));
    }
    take_plain_title(cx, &mut report.title, &mut report.titles);
    report.name = atom::first_name(&head?)?;
    Some(ItemKind::Report(Box::new(report)))
}

fn property(
    cx: &mut Context<'_, '_, '_>,
    entry: &Entry,
    report: &mut Report,
    purposes: &mut Vec<(Option<Ident>, Property<Localized>)>,
) {
    match entry.key {
        "purpose" => {
            let found = cx.value(entry, Rule::localized_value, atom::localized_in);
            purposes.extend(found.map(|p| (entry.language.clone(), p)));
        }
        "questions" => {
            report.questions = cx.value(entry, Rule::questions_value, |cx, n| {
                let all: Vec<_> = n.children().filter(|n| n.rule() == Rule::localized).collect();
                all.iter().map(|n| atom::localized(cx, n)).collect()
            });
        }
        "cadence" => report.cadence = cx.value(entry, Rule::name_value, measure::cadence),
        "compare" => report.compare = cx.value(entry, Rule::compare_value, compare),
        "history" => report.history = cx.value(entry, Rule::span_value, atom::quantity),
        "locale" => report.locale = cx.value(entry, Rule::language_value, language),
        "time_axis" => {
            report.time_axis = cx.value(entry, Rule::name_value, |cx, n| {
                word(cx, n, &words::WAYS, "a way of reading")
            });
        }
        "title" => text_property(cx, entry, &mut report.titles),
        _ => {}
    }
}

/// `purpose:` and `purpose fa:` as one text; without a plain one the first stands for it.
fn join(
    cx: &mut Context<'_, '_, '_>,
    purposes: Vec<(Option<Ident>, Property<Localized>)>,
) -> Option<Property<Localized>> {
    let plain = purposes.iter().position(|(language, _)| language.is_none()).unwrap_or(0);
    let mut rest = purposes;
    if rest.is_empty() {
        return None;
    }
    let (_, mut purpose) = rest.remove(plain);
    for (language, more) in rest {
        let Some(tag) = language else { continue };
        let known = |(other, _): &(Ident, Text)| other.key == tag.key;
        if purpose.value.variants.iter().any(known) {
            cx.push(atom::twice(&format!("purpose {}", tag.text), more.key));
        } else {
            purpose.value.variants.push((tag, more.value.plain));
        }
    }
    Some(purpose)
}

fn compare(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Vec<Compare>> {
    let all: Vec<_> = node.children().filter(|n| n.rule() == Rule::comparison).collect();
    all.iter().map(|n| comparison(cx, n)).collect()
}

fn comparison(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Compare> {
    let first = node.first()?;
    let span: Span = first.span();
    Some(match first.rule() {
        Rule::kw_previous => Compare::Previous(span),
        Rule::last_year => Compare::LastYear(span),
        _ => {
            let quantity = atom::quantity(cx, node)?;
            Compare::Around(quantity, atom::text(cx, &node.child(Rule::text)?))
        }
    })
}

fn section(cx: &mut Context<'_, '_, '_>, statement: &Statement) -> Option<Section> {
    let title = Run { first: statement.run.first + 1, ..statement.run };
    let head = head(cx, title, Rule::text_head, "section");
    let open = statement.block.as_ref().map_or(statement.run.first, |b| b.last);
    let mut section = Section {
        title: Localized {
            plain: Text { value: String::new(), span: cx.run_span(title) },
            variants: Vec::new(),
        },
        text: Vec::new(),
        kpis: None,
        compare: None,
        figures: Vec::new(),
        span: cx.token_span(statement.run.first).to(cx.token_span(open)),
    };
    for entry in body(cx, statement.block.as_ref(), &words::SECTION).entries {
        match entry.key {
            "text" => text_property(cx, &entry, &mut section.text),
            "kpis" => section.kpis = cx.value(&entry, Rule::names_value, names),
            "compare" => section.compare = cx.value(&entry, Rule::compare_value, compare),
            _ => section.figures.extend(
                cx.value(&entry, Rule::figure_value, |cx, n| figure(cx, n, entry.key == "chart")),
            ),
        }
    }
    section.title = head.and_then(|n| atom::localized_in(cx, &n))?;
    Some(section)
}

fn figure(cx: &mut Context<'_, '_, '_>, node: &Node<'_>, is_chart: bool) -> Option<Figure> {
    let mut figure =
        Figure { chart: None, is_chart, measures: atom::names(node), by: Vec::new(), top: None };
    let mut seen: Vec<Rule> = Vec::new();
    for part in node.children() {
        if part.rule() == Rule::names {
            continue;
        }
        if seen.contains(&part.rule()) {
            let word = part.first()?;
            cx.push(atom::twice(word.text(), word.span()));
            continue;
        }
        seen.push(part.rule());
        match part.rule() {
            Rule::figure_by => figure.by = atom::names(&part),
            Rule::figure_top => figure.top = Some(atom::number(cx, &part.child(Rule::number)?)?),
            _ if !is_chart => {
                let word = part.first()?.span();
                cx.push(
                    crate::diagnostic::Diagnostic::new(
                        &crate::diagnostic::codes::UNEXPECTED,
                        "a table has no kind",
                    )
                    .at(word, "`as` belongs to a chart")
                    .help("write `chart:` instead of `table:`, or leave `as` out"),
                );
            }
            _ => {
                let name = atom::first_name(&part)?;
                figure.chart = Some(atom::word_of(cx, name, &words::CHARTS, "a kind of chart")?);
            }
        }
    }
    Some(figure)
}
