//! Stacked columns: the parts of a whole over time.

use super::figure::{self, Line};
use super::{Context, breakdown, subject, trend};
use crate::eval::{Point, Slice, Value};
use crate::model::MeasureId;
use crate::model::items::Figure as Asked;
use crate::report::format::Scale;
use crate::report::tree::{Chart, ChartKind, ChartUnit, Figure, Series};
use crate::time::Period;
use crate::value::Number;

/// The most parts; the others are put together.
const PARTS: usize = 5;

/// The members of one dimension, the largest over the whole time first.
pub(super) fn stacked(context: &Context, asked: &Asked, id: MeasureId, figure: String) -> Figure {
    let (grain, period) = figure::period_of(context, id);
    let measure = context.model.measure(id);
    let whole = figure::history(context, id, grain, period, &Slice::default());
    let periods: Vec<Period> = whole.iter().map(|p| p.period).collect();
    let parts = parts(context, asked, id, &whole);
    let values = parts.iter().flat_map(|p| &p.points).chain(&whole);
    let known: Vec<Number> = values.filter_map(|p| p.value.known().cloned()).collect();
    let scale = Scale::fitting(&measure.unit, &known, &[]);
    let label = subject::unit_label(context, measure);
    let dimension = asked.by.first().map(|d| breakdown::dimension_title(context, id, d));
    let title = by_title(context, id, &dimension.unwrap_or_default());
    let title = trend::line_title(context, &title, &label, grain, &periods);
    let series = |part: &Line| Series {
        tone: part.tone,
        ..trend::series(context, &part.title, &part.points, &scale)
    };
    let summary = trend::summary(context, &context.title(id), &whole, &scale);
    let chart = Chart {
        id: figure.clone(),
        kind: ChartKind::Stacked,
        title,
        summary,
        unit: ChartUnit { code: scale.unit.json(), label },
        series: parts.iter().map(series).collect(),
        target: None,
        events: Vec::new(),
    };
    figure::over_time(context, chart, figure)
}

/// `Visits by channel`
fn by_title(context: &Context, id: MeasureId, dimension: &str) -> String {
    let values =
        [("title", &*context.title(id)), ("dimension", &*context.words().inside(dimension))];
    context.words().say("by_dimension", &values)
}

fn parts(context: &Context, asked: &Asked, id: MeasureId, whole: &[Point]) -> Vec<Line> {
    let (Some(first), Some(last)) = (whole.first(), whole.last()) else { return Vec::new() };
    let slices = context.evaluator.members(id, &asked.by, first.period.start, last.period.end);
    let grain = first.period.grain;
    let mut sized: Vec<(Number, Slice, Vec<Point>)> = slices
        .into_iter()
        .map(|slice| {
            let points = figure::history(context, id, grain, last.period, &slice);
            let size = points.iter().filter_map(|p| p.value.known());
            (size.fold(Number::ZERO, |sum, n| sum.add(n)), slice, points)
        })
        .collect();
    sized.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let most = asked.top.map_or(PARTS, |n| (n as usize).min(PARTS));
    let cut = if sized.len() > most + 1 { sized.len() - most } else { 0 };
    let left = sized.split_off(sized.len() - cut);
    let dimension = asked.by.first().map_or("", String::as_str);
    let mut parts: Vec<Line> = sized
        .into_iter()
        .map(|(_, slice, points)| {
            let title = breakdown::title(context, id, &slice);
            Line { tone: context.tone(dimension, &title), title, points }
        })
        .collect();
    if !left.is_empty() {
        let others = whole.iter().enumerate().map(|(at, point)| {
            let values = left.iter().filter_map(|(_, _, points)| points.get(at)?.value.known());
            let mut values = values.peekable();
            let value = match values.peek() {
                Some(_) => Value::Known(values.fold(Number::ZERO, |sum, n| sum.add(n))),
                None => point.value.known().map_or(point.value.clone(), |_| Value::NoData),
            };
            other(point, value)
        });
        let title = context.label("other_members");
        parts.push(Line { title, tone: 0, points: others.collect() });
    }
    parts
}

/// The same period with the value of the other members.
fn other(point: &Point, value: Value) -> Point {
    Point { value, target: None, verdict: None, ..point.clone() }
}
