//! A KPI as its report looks at it: which periods, how its numbers are written, how it stands.

use std::collections::BTreeSet;

use super::Context;
use crate::eval::{Level, Point, Slice};
use crate::model::{Measure, MeasureId, TargetValue};
use crate::report::format::Scale;
use crate::time::{Date, Grain, Period, SpanUnit};
use crate::value::{Number, Unit};

/// A KPI with what is needed in several places of the report.
pub(super) struct Subject {
    pub(super) id: MeasureId,
    /// Letters, digits and dashes; unique.
    pub(super) slug: String,
    pub(super) grain: Grain,
    /// The last closed period, and how it stands.
    pub(super) closed: Point,
    /// The open period, where it is the next one.
    pub(super) open: Option<Point>,
    /// The periods of its charts, oldest first; the open one last.
    pub(super) history: Vec<Point>,
    pub(super) scale: Scale,
    /// What stands beside its values: `visitors`; empty where they say it.
    pub(super) unit_label: String,
}

/// The KPIs of a report's sections, each once, in order.
pub(super) fn all(context: &Context) -> Vec<Subject> {
    let mut seen = BTreeSet::new();
    let ids = context.spec.sections.iter().flat_map(|s| &s.kpis).copied();
    let ids: Vec<MeasureId> = ids.filter(|id| seen.insert(*id)).collect();
    let first = first_day(context, &ids);
    let mut slugs = BTreeSet::new();
    ids.into_iter().map(|id| subject(context, id, first, &mut slugs)).collect()
}

/// The first day that any of these measures has data for: charts do not look back beyond it.
fn first_day(context: &Context, ids: &[MeasureId]) -> Option<Date> {
    let sources = ids.iter().flat_map(|id| &context.model.measure(*id).sources);
    sources.filter_map(|s| context.evaluator.coverage(*s)).map(|c| c.first).min()
}

fn subject(
    context: &Context,
    id: MeasureId,
    first: Option<Date>,
    slugs: &mut BTreeSet<String>,
) -> Subject {
    let measure = context.model.measure(id);
    let cadence = measure.purpose.as_ref().and_then(|p| p.cadences.first().copied());
    let grain = cadence.unwrap_or(context.spec.cadence);
    let calendar = &context.model.settings.calendar;
    let total = Slice::default();
    let last = context.evaluator.last_closed(id, grain);
    let open = context.evaluator.open(id, grain);
    let shown = last.or(open);
    let shown = shown.unwrap_or_else(|| calendar.period_of(grain, context.evaluator.as_of()));
    let point = |period: Period| context.evaluator.point(id, period, &total);
    let mut history: Vec<Point> =
        history(context, grain, shown, first).into_iter().map(point).collect();
    let open = open.filter(|p| last.is_some_and(|l| calendar.shift(l, 1) == *p)).map(point);
    history.extend(open.clone());
    let closed = point(shown);
    let scale = telling_apart(context, scale(measure, &history), &closed);
    let unit_label = unit_label(context, measure);
    Subject { id, slug: slug(measure, id, slugs), grain, closed, open, history, scale, unit_label }
}

/// The periods up to the one that is shown: as many as the report asks for, else about a year's.
fn history(context: &Context, grain: Grain, shown: Period, first: Option<Date>) -> Vec<Period> {
    let calendar = &context.model.settings.calendar;
    let (count, unit) = context.spec.history.unwrap_or(match grain {
        Grain::Day => (31, SpanUnit::Days),
        Grain::Week => (26, SpanUnit::Weeks),
        Grain::Month => (13, SpanUnit::Months),
        Grain::Quarter => (9, SpanUnit::Quarters),
        Grain::Year => (5, SpanUnit::Years),
    });
    let back = calendar.back(shown.end, i32::try_from(count).unwrap_or(i32::MAX), unit);
    let from = first.map_or(back, |first| first.max(back)).min(shown.start);
    calendar.periods(grain, from, shown.end)
}

/// One scale for all numbers of a KPI's total: its values and its targets.
fn scale(measure: &Measure, history: &[Point]) -> Scale {
    let shown: Vec<Number> = history.iter().filter_map(|p| p.value.known().cloned()).collect();
    let levels = history.iter().filter_map(|p| p.target.as_ref());
    let exact =
        levels.filter(|t| matches!(t.value, TargetValue::Value(_) | TargetValue::Range(..)));
    let exact = exact.flat_map(|t| numbers(&t.level)).collect::<Vec<_>>();
    Scale::fitting(&measure.unit, &shown, &exact)
}

/// As many digits more as it takes for a value that misses its target not to read like it.
fn telling_apart(context: &Context, mut scale: Scale, closed: &Point) -> Scale {
    let (Some(value), Some(target)) = (closed.value.known(), &closed.target) else { return scale };
    let same = |scale: &Scale| {
        let text = |n: &Number| context.formatter.number(n, scale);
        numbers(&target.level).iter().any(|level| level != value && text(level) == text(value))
    };
    let most = scale.places + 3;
    while scale.places < most && same(&scale) {
        scale.places += 1;
    }
    scale
}

pub(super) fn numbers(level: &Level) -> Vec<Number> {
    match level {
        Level::Value(n) => vec![n.clone()],
        Level::Range(low, high) => vec![low.clone(), high.clone()],
    }
}

/// The user's word for a unit, unless the title says it already.
pub(super) fn unit_label(context: &Context, measure: &Measure) -> String {
    let word = match (&measure.unit_word, &measure.unit) {
        (Some(word), _) => context.text(word),
        (None, Unit::Own(word)) => word.clone(),
        _ => String::new(),
    };
    let title = context.text(&measure.title);
    if title.to_lowercase() == word.to_lowercase() { String::new() } else { word }
}

/// So many characters of a name at most, which leave room in the name of a file.
const LONGEST: usize = 60;

/// A name for files and places in the page, another one for each measure.
fn slug(measure: &Measure, id: MeasureId, taken: &mut BTreeSet<String>) -> String {
    // Letters of all scripts: the name of a file and of a place in the page, the same as long as the
    // measure is called so.
    let part = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let base: String = measure.key.to_lowercase().chars().take(LONGEST).map(part).collect();
    let base = match base.trim_matches('-') {
        "" => format!("measure-{}", id.0 + 1),
        name => name.to_owned(),
    };
    let mut slug = base.clone();
    let mut number = 2;
    while !taken.insert(slug.clone()) {
        slug = format!("{base}-{number}");
        number += 1;
    }
    slug
}
