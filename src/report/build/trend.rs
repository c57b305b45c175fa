//! Values over time: sparklines and line charts, with targets and events.

use super::Context;
use super::say;
use super::subject::{Subject, numbers};
use crate::eval::Point;
use crate::model::{Event, MeasureId};
use crate::report::format::Scale;
use crate::report::tree::{
    Chart, ChartKind, ChartPoint, ChartUnit, EventMark, Series, Spark, TargetLine,
};
use crate::time::{Grain, Period};
use crate::value::Number;

/// A sparkline of closed periods.
pub(super) fn spark(context: &Context, subject: &Subject, history: &[Point], id: &str) -> Spark {
    let history: Vec<Point> = history.iter().filter(|p| !p.progress.open).cloned().collect();
    let title = context.title(subject.id);
    let target = |p: &Point| {
        let level = &p.target.as_ref()?.level;
        numbers(level).first().map(Number::to_plain)
    };
    // Parts of a period are not comparable.
    let whole = |p: &Point| p.value.known().filter(|_| p.progress.complete).map(Number::to_plain);
    Spark {
        id: format!("{id}-spark"),
        summary: summary(context, &title, &history, &subject.scale),
        values: history.iter().map(whole).collect(),
        targets: history.iter().map(target).collect(),
        title,
    }
}

/// A KPI's line chart.
pub(super) fn line(context: &Context, subject: &Subject) -> Chart {
    let title = context.title(subject.id);
    let periods: Vec<Period> = subject.history.iter().map(|p| p.period).collect();
    Chart {
        id: format!("{}-trend", subject.slug),
        kind: ChartKind::Line,
        title: line_title(context, &title, &subject.unit_label, subject.grain, &periods),
        summary: summary(context, &title, &subject.history, &subject.scale),
        unit: unit(subject),
        series: vec![series(context, &title, &subject.history, &subject.scale)],
        target: target(context, &subject.history, &subject.scale),
        events: marks(context, &[subject.id], &periods),
    }
}

pub(super) fn unit(subject: &Subject) -> ChartUnit {
    ChartUnit { code: subject.scale.unit.json(), label: subject.unit_label.clone() }
}

/// `Visits, visitors, monthly, June 2025 to June 2026`
pub(super) fn line_title(
    context: &Context,
    title: &str,
    unit: &str,
    grain: Grain,
    periods: &[Period],
) -> String {
    let text = |p: Option<&Period>| p.map_or(String::new(), |p| context.formatter.period(*p).text);
    let span = context.formatter.span(&text(periods.first()), &text(periods.last()));
    let cadence = context.label(grain.cadence());
    let name = if unit.is_empty() { "trend_title_plain" } else { "trend_title" };
    let values = [("title", title), ("unit", unit), ("cadence", &cadence), ("span", &span)];
    context.words().say(name, &values)
}

pub(super) fn series(context: &Context, title: &str, history: &[Point], scale: &Scale) -> Series {
    let point = |p: &Point| {
        let period = context.formatter.period(p.period);
        ChartPoint {
            label: period.text,
            short: period.short,
            year: period.year,
            value: say::quantity(context, &p.value, scale),
            partial: p.value.known().and_then(|_| say::partial(context, p.progress)),
            note: None,
            held: None,
            tone: 0,
            favour: None,
        }
    };
    Series { title: title.to_owned(), tone: 0, points: history.iter().map(point).collect() }
}

fn target(context: &Context, history: &[Point], scale: &Scale) -> Option<TargetLine> {
    let level = |p: &Point| p.target.as_ref().map(|t| say::level(context, &t.level, scale));
    let levels: Vec<_> = history.iter().map(level).collect();
    let any = levels.iter().any(Option::is_some);
    any.then(|| TargetLine { title: context.label("target"), levels })
}

/// First, last, lowest, highest.
pub(super) fn summary(context: &Context, title: &str, history: &[Point], scale: &Scale) -> String {
    let words = context.words();
    let known = history.iter().filter(|p| p.progress.complete);
    let known: Vec<_> = known.filter_map(|p| Some((p, p.value.known()?))).collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return words.say("trend_empty", &[("title", title)]);
    };
    // Of equal ones the first.
    let low = known.iter().min_by(|a, b| a.1.cmp(b.1)).unwrap_or(first);
    let high = known.iter().rev().max_by(|a, b| a.1.cmp(b.1)).unwrap_or(first);
    let value = |(_, n): &(&Point, &Number)| context.formatter.number(n, scale);
    let period = |(p, _): &(&Point, &Number)| context.formatter.period(p.period).text;
    let texts = [
        ("title", title.to_owned()),
        ("first", value(first)),
        ("from", period(first)),
        ("last", value(last)),
        ("to", period(last)),
        ("low", value(low)),
        ("low_period", period(low)),
        ("high", value(high)),
        ("high_period", period(high)),
    ];
    let texts = texts.each_ref().map(|(name, text)| (*name, text.as_str()));
    let name = if known.len() == 1 { "trend_summary_one" } else { "trend_summary" };
    let mut said = words.say(name, &texts);
    if let Some(target) = history.iter().rev().find_map(|p| p.target.as_ref()) {
        let level = say::level(context, &target.level, scale).text;
        said.push_str(&words.say("trend_summary_target", &[("target", &level)]));
    }
    said
}

/// The events that touch these measures, where they fall among the periods.
pub(super) fn marks(context: &Context, ids: &[MeasureId], periods: &[Period]) -> Vec<EventMark> {
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else { return Vec::new() };
    let touches = |e: &&Event| {
        let concerns = e.affects.is_empty() || e.affects.iter().any(|a| ids.contains(a));
        concerns && e.to >= first.start && e.from <= last.end
    };
    let place = |day: crate::time::Date| -> u64 {
        let index = periods.iter().position(|p| p.contains(day));
        let Some(index) = index else {
            return if day < first.start { 0 } else { periods.len() as u64 * 1000 };
        };
        let passed = (day.days() - periods[index].start.days()).unsigned_abs();
        index as u64 * 1000 + u64::from(passed) * 1000 / u64::from(periods[index].len_days())
    };
    let mark = |(i, e): (usize, &Event)| EventMark {
        number: i + 1,
        start: place(e.from),
        end: place(e.to.plus(1)),
        title: context.text(&e.title),
        when: context.formatter.days(e.from, e.to),
    };
    context.model.events.iter().filter(touches).enumerate().map(mark).collect()
}
