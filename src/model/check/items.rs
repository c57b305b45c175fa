//! Goals, events, notes, reviews and blocks of channels.

use super::measure::Measures;
use super::names::Names;
use super::table::Table;
use super::text::{localized, title};
use super::{Context, dates, experiment, report, test};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::claim::Test;
use crate::model::experiment::Experiment;
use crate::model::items::{Channel, ChannelBlock, Event, Goal, Note, ReportSpec, Review};
use crate::model::measure::{Measure, MeasureId};
use crate::syntax::ast::{self, ItemKind, When};
use crate::syntax::words;
use crate::time::{Grain, Period};

/// What refers to measures.
#[derive(Debug, Default)]
pub(super) struct Items {
    /// Goals in order.
    pub(super) goals: Vec<Goal>,
    /// Events by first day.
    pub(super) events: Vec<Event>,
    /// Notes in order.
    pub(super) notes: Vec<Note>,
    /// Reviews in order.
    pub(super) reviews: Vec<Review>,
    /// Experiments in order.
    pub(super) experiments: Vec<Experiment>,
    /// Tests in order.
    pub(super) tests: Vec<Test>,
    /// Reports in order.
    pub(super) reports: Vec<ReportSpec>,
}

/// Checks all of them.
pub(super) fn all(
    files: &[ast::File],
    measures: &mut Measures<'_>,
    tables: &mut [Table<'_>],
    cx: &mut Context<'_, '_>,
) -> Items {
    let mut found = Items::default();
    let goals: Vec<&ast::Goal> = cx.names.goals.items().collect();
    found.goals = goals.into_iter().map(|g| goal(g, cx)).collect();
    for item in files.iter().flat_map(|f| &f.items) {
        match &item.kind {
            ItemKind::Event(written) => found.events.extend(event(written, cx)),
            ItemKind::Note(written) => found.notes.extend(note(written, &measures.done, cx)),
            ItemKind::Review(written) => found.reviews.extend(review(written, cx)),
            ItemKind::Experiment(written) => {
                let Measures { done, aggregates, .. } = measures;
                let checked = experiment::check(written, done, aggregates, tables, cx);
                found.experiments.extend(checked);
            }
            ItemKind::Test(written) => {
                found.tests.push(test::check(written, &measures.done, tables, cx));
            }
            ItemKind::Connection(written) => {
                // Where the file could not be read whole, the dialect may be there, misspelt.
                let is_said =
                    written.dialect.is_some() || cx.unread.contains(&written.name.span.file);
                cx.out.extend((!is_said).then(|| without_dialect(written)));
            }
            ItemKind::Project(_)
            | ItemKind::Use(_)
            | ItemKind::Source(_)
            | ItemKind::Channels(_)
            | ItemKind::List(_)
            | ItemKind::Measure(_)
            | ItemKind::Goal(_)
            | ItemKind::Report(_)
            | ItemKind::Broken { .. } => {}
        }
    }
    found.events.sort_by_key(|e| (e.from, e.to));
    let reports: Vec<&ast::Report> = cx.names.reports.items().collect();
    found.reports = reports.into_iter().map(|r| report::check(r, &found.events, cx)).collect();
    found
}

/// A connection of which nobody knows what its database speaks.
fn without_dialect(written: &ast::Connection) -> Diagnostic {
    let message = format!("connection `{}` says nowhere what it speaks", written.name.text);
    Diagnostic::new(&codes::INCOMPLETE, message)
        .at(written.name.span, "has no `dialect`")
        .help(format!("say one of them: `dialect: {}`", words::SQL_DIALECTS.join("`, `")))
}

/// Blocks of channels, for titles and scorecards.
pub(super) fn blocks(names: &Names<'_>) -> Vec<ChannelBlock> {
    let channel = |rule: &ast::ChannelRule| Channel {
        name: rule.name.text.clone(),
        key: rule.name.key.clone(),
        title: title(rule.title.as_ref(), &[], &rule.name),
    };
    names
        .blocks
        .items()
        .map(|block| ChannelBlock {
            key: block.name.key.clone(),
            span: block.name.span,
            channels: block.rules.iter().map(channel).collect(),
            ruled: block
                .rules
                .iter()
                .filter(|r| !matches!(r.condition, ast::ChannelCondition::None))
                .map(|r| r.name.text.clone())
                .collect(),
        })
        .collect()
}

fn goal(written: &ast::Goal, cx: &mut Context<'_, '_>) -> Goal {
    Goal {
        key: written.name.key.clone(),
        title: title(written.title.as_ref(), &written.titles, &written.name),
        due: written.due.as_ref().and_then(|d| dates::day(d.value, cx.out)),
        owner: written.owner.as_ref().map(|o| o.value.value.clone()),
        about: localized(None, &written.about),
    }
}

fn event(written: &ast::Event, cx: &mut Context<'_, '_>) -> Option<Event> {
    let days = match written.to {
        Some(to) => dates::range(written.from, to, cx.out),
        None => dates::day(written.from, cx.out).map(|day| (day, day)),
    };
    let affects = written.affects.iter().flat_map(|a| &a.value);
    let affects = affects.filter_map(|name| cx.names.measure(name, "metric or KPI", cx.out));
    let affects = affects.map(MeasureId).collect();
    let (from, to) = days?;
    Some(Event { from, to, title: localized(Some(&written.title), &[]), affects })
}

fn note(written: &ast::Note, measures: &[Measure], cx: &mut Context<'_, '_>) -> Option<Note> {
    let measure = cx.names.measure(&written.kpi, "metric or KPI", cx.out);
    let named = measure.and_then(|id| measures.get(id as usize));
    let period = asked(written.when, named, cx);
    let (measure, period) = (measure?, period?);
    Some(Note {
        measure: MeasureId(measure),
        period,
        text: localized(Some(&written.text), &[]),
        by: written.by.as_ref().map(|by| by.value.clone()),
    })
}

/// The period that is meant for a measure: a day as a weekly KPI's period is its week.
pub(super) fn asked(
    when: When,
    measure: Option<&Measure>,
    cx: &mut Context<'_, '_>,
) -> Option<Period> {
    let calendar = cx.settings.calendar;
    let period = dates::when(when, calendar, cx.out)?;
    let purpose = measure.and_then(|m| m.purpose.as_ref());
    let weekly = purpose.is_some_and(|p| p.cadences.first() == Some(&Grain::Week));
    Some(match when {
        When::Day(_) if weekly => calendar.period_of(Grain::Week, period.start),
        _ => period,
    })
}

fn review(written: &ast::Review, cx: &mut Context<'_, '_>) -> Option<Review> {
    let measure = cx.names.measure(&written.kpi, "KPI", cx.out);
    let on = dates::day(written.on, cx.out);
    Some(Review {
        measure: MeasureId(measure?),
        on: on?,
        decision: written.decision.as_ref().map(|d| d.value.key.clone()),
        note: written.note.as_ref().map(|n| n.value.value.clone()),
    })
}
