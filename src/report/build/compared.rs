//! A section's own comparison: with the period before, with the year before, around an event.

use super::{Context, figure, say};
use crate::eval::{Around, Change, Slice, Window};
use crate::model::items::{Compare, Section};
use crate::model::{Event, MeasureId};
use crate::report::format::Scale;
use crate::report::tree::{ComparisonKind, Figure, Table, TableCell, TableColumn};
use crate::time::SpanUnit;
use crate::value::Number;

/// One table a comparison that a section asks for; a comparison around an event of the whole
/// report is shown in each of its sections.
pub(super) fn figures(context: &Context, section: &Section, number: &mut usize) -> Vec<Figure> {
    if section.kpis.is_empty() {
        return Vec::new();
    }
    let of_report = context.spec.compare.iter().filter(|c| matches!(c, Compare::Around(..)));
    let asked: Vec<&Compare> = match &section.compare {
        Some(own) => own.iter().collect(),
        None => of_report.collect(),
    };
    let mut id = || {
        *number += 1;
        format!("figure-{number}")
    };
    let table = |compare: &&Compare| match compare {
        Compare::Around(count, unit, event) => {
            let event = &context.model.events[*event];
            around(context, section, (*count, *unit), event, id())
        }
        Compare::Previous | Compare::LastYear => against(context, section, compare, id()),
    };
    asked.iter().map(table).collect()
}

fn scale(context: &Context, id: MeasureId, numbers: &[Number]) -> Scale {
    let own = || Scale::fitting(&context.model.measure(id).unit, numbers, &[]);
    context.subject(id).map_or_else(own, |s| s.scale.clone())
}

/// Value, value of the other period, change.
fn against(context: &Context, section: &Section, compare: &Compare, id: String) -> Figure {
    let (kind, heading) = match compare {
        Compare::LastYear => (ComparisonKind::LastYear, "last_year"),
        Compare::Previous | Compare::Around(..) => (ComparisonKind::Previous, "previous"),
    };
    let title = format!("{}: {}", context.text(&section.title), context.label(heading));
    let column = |name: &str, numeric| TableColumn { title: context.label(name), numeric };
    let columns = vec![
        column("kpi", false),
        column("period", false),
        column("value", true),
        column("compared_with", false),
        column("value_then", true),
        column("change", true),
    ];
    let row = |id: &MeasureId| {
        let (_, period) = figure::period_of(context, *id);
        let slice = Slice::default();
        let value = context.evaluator.value(*id, period, &slice);
        let change = context.evaluator.change(*id, period, &slice, compare);
        let numbers: Vec<Number> = value.known().cloned().into_iter().collect();
        let scale = scale(context, *id, &numbers);
        let said = say::change(context, *id, period, change.as_ref(), kind, &scale);
        let reference = match &said.part {
            Some(part) => format!("{} ({part})", said.reference.text),
            None => said.reference.text.clone(),
        };
        vec![
            TableCell { text: context.title(*id), raw: None },
            TableCell { text: context.formatter.period(period).text, raw: None },
            figure::cell(&say::quantity(context, &value, &scale)),
            TableCell { text: reference, raw: None },
            figure::cell(&said.from),
            change_cell(&said),
        ]
    };
    let rows = section.kpis.iter().map(row).collect();
    let table = Table { caption: title.clone(), columns, rows };
    Figure { id, title, chart: None, table, remarks: Vec::new() }
}

fn change_cell(said: &crate::report::tree::ChangeText) -> TableCell {
    let raw = said.relative.as_ref().or(said.absolute.as_ref()).and_then(|q| q.raw.clone());
    TableCell { text: said.text.clone(), raw }
}

fn around(
    context: &Context,
    section: &Section,
    length: (u32, SpanUnit),
    event: &Event,
    id: String,
) -> Figure {
    let words = context.words();
    let found: Vec<(MeasureId, Around)> = section
        .kpis
        .iter()
        .map(|id| (*id, context.evaluator.around(*id, event, length, &Slice::default())))
        .collect();
    let asked = found.first().map_or(0, |(_, a)| a.asked);
    let count = context.formatter.whole(u64::from(asked));
    let name = context.text(&event.title);
    let when = context.formatter.days(event.from, event.to);
    let values = [("n", &*count), ("event", &*name), ("when", &*when)];
    let title = words.say_of("around_title", u64::from(asked), &values);
    let column = |name: &str, numeric| TableColumn { title: context.label(name), numeric };
    let columns = vec![
        column("kpi", false),
        column("before", true),
        column("after", true),
        column("change", true),
        column("days_compared", true),
    ];
    let rows = found.iter().map(|(id, found)| around_row(context, *id, event, found)).collect();
    let whole = found.iter().find(|(_, a)| a.days == a.asked);
    let dates = |window: &Window| context.formatter.days(window.first, window.last);
    let mut remarks = Vec::new();
    if let Some((_, found)) = whole {
        let (before, after) = (dates(&found.before), dates(&found.after));
        remarks.push(words.say("around_days", &[("before", &before), ("after", &after)]));
    }
    if found.iter().any(|(_, a)| a.days < a.asked) {
        remarks.push(words.say("around_short", &[]));
    }
    let table = Table { caption: title.clone(), columns, rows };
    Figure { id, title, chart: None, table, remarks }
}

fn around_row(context: &Context, id: MeasureId, event: &Event, found: &Around) -> Vec<TableCell> {
    let windows = [&found.before, &found.after];
    let numbers: Vec<Number> = windows.iter().filter_map(|w| w.value.known().cloned()).collect();
    let scale = Scale::fitting(&context.model.measure(id).unit, &numbers, &[]);
    let change = Change {
        reference: context.model.settings.calendar.period_of(crate::time::Grain::Day, event.from),
        days: None,
        from: found.before.value.clone(),
        progress: crate::eval::Progress {
            covered: found.days,
            days: found.days,
            complete: true,
            open: false,
        },
        absolute: found.absolute.clone(),
        relative: found.relative.clone(),
    };
    let kind = ComparisonKind::Previous;
    let said = say::change(context, id, change.reference, Some(&change), kind, &scale);
    let value = |window: &Window| figure::cell(&say::quantity(context, &window.value, &scale));
    let count = |days: u32| context.formatter.whole(u64::from(days));
    let values = [("covered", count(found.days)), ("days", count(found.asked))];
    let values = values.each_ref().map(|(name, text)| (*name, text.as_str()));
    let days = context.words().say_of("days_of", u64::from(found.asked), &values);
    vec![
        TableCell { text: context.title(id), raw: None },
        value(&found.before),
        value(&found.after),
        change_cell(&said),
        TableCell { text: days, raw: Some(found.days.to_string()) },
    ]
}
