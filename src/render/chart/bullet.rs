//! Bullets: a bar against a target's mark, over bands of one hue; each row has a scale of its own.

use serde::Serialize;

use super::text::width;
use super::{Side, WIDTH, fit, number, px, value};
use crate::report::tree::{Better, Chart, ChartPoint, Held};

const ROW: f64 = 48.0;
const BAND: f64 = 24.0;
const THICK: f64 = 10.0;
const PAD: f64 = 6.0;
const SIZE: f64 = 12.0;
/// Room beyond the largest number of a row.
const BEYOND: f64 = 1.1;

/// Laid-out bullets.
#[derive(Debug, Serialize)]
pub(in crate::render) struct Bullets {
    width: String,
    height: String,
    band: String,
    thick: String,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    label: String,
    label_x: String,
    label_y: String,
    text_y: String,
    y: String,
    bands: Vec<Band>,
    /// The bar; none where there is no value.
    x: Option<String>,
    width: Option<String>,
    bar_y: String,
    /// The marks of the target, one or two.
    marks: Vec<String>,
    mark_y: String,
    mark_end: String,
    /// The value of the period before.
    before: Option<String>,
    before_y: String,
    value: String,
    note: String,
    value_x: String,
    note_y: String,
    known: bool,
}

/// From 1, the best, to 3, the worst.
#[derive(Debug, Serialize)]
struct Band {
    x: String,
    width: String,
    rank: u8,
}

pub(super) fn lay_out(chart: &Chart, side: Side) -> Bullets {
    let points = chart.series.first().map_or(&[][..], |s| &s.points[..]);
    let labels: Vec<String> = points.iter().map(|p| fit(&p.label, SIZE, 180.0)).collect();
    let texts: Vec<String> = points.iter().map(|p| fit(&p.value.text, SIZE, 160.0)).collect();
    let note = |text: &Option<String>| fit(text.as_deref().unwrap_or_default(), SIZE, 190.0);
    let notes: Vec<String> = points.iter().map(|p| note(&p.note)).collect();
    let widest = |texts: &[String]| texts.iter().map(|t| width(t, SIZE) * 1.2).fold(0.0, f64::max);
    let left = widest(&labels) + 12.0;
    let right = WIDTH - widest(&texts).max(widest(&notes)) - 16.0;
    let row = |i: usize| {
        let y = PAD + i as f64 * ROW;
        // Members of one measure share a scale; measures of several units cannot.
        let shown = if chart.unit.code.is_empty() { &points[i..=i] } else { points };
        let scale = Scale::of(shown, left, right);
        let bar = value(&points[i]).map(|v| (scale.at(v.min(0.0)), scale.at(v.max(0.0))));
        let held = points[i].held.as_ref();
        let before = held.and_then(|h| number(h.before.as_ref()?.raw.as_deref()?));
        let middle = y + BAND / 2.0;
        let noted = !notes[i].is_empty();
        Row {
            label: labels[i].clone(),
            label_x: side.x(left - 10.0),
            label_y: px(middle + 4.0),
            text_y: px(middle + if noted { -3.0 } else { 4.0 }),
            y: px(y),
            bands: held.map_or(Vec::new(), |h| bands(h, &scale, side)),
            x: bar.map(|b| side.left(b.0, (b.1 - b.0).max(0.5))),
            width: bar.map(|b| px((b.1 - b.0).max(0.5))),
            bar_y: px(middle - THICK / 2.0),
            marks: borders(held).into_iter().map(|v| side.x(scale.at(v))).collect(),
            mark_y: px(y + 3.0),
            mark_end: px(y + BAND - 3.0),
            before: before.map(|v| side.x(scale.at(v))),
            before_y: px(middle),
            value: texts[i].clone(),
            note: notes[i].clone(),
            value_x: side.x(right + 10.0),
            note_y: px(middle + 12.0),
            known: value(&points[i]).is_some(),
        }
    };
    Bullets {
        width: px(WIDTH),
        height: px(PAD * 2.0 + points.len().max(1) as f64 * ROW - ROW + BAND),
        band: px(BAND),
        thick: px(THICK),
        rows: (0..points.len()).map(row).collect(),
    }
}

/// A row's own scale, from zero.
struct Scale {
    low: f64,
    high: f64,
    left: f64,
    right: f64,
}

impl Scale {
    fn of(points: &[ChartPoint], left: f64, right: f64) -> Self {
        let numbers = |point: &ChartPoint| {
            let held = point.held.as_ref();
            let edge = held.and_then(|h| number(h.edge.as_deref()?));
            let before = held.and_then(|h| number(h.before.as_ref()?.raw.as_deref()?));
            let all = value(point).into_iter().chain(edge).chain(before);
            all.chain(borders(held)).collect::<Vec<f64>>()
        };
        let all = points.iter().flat_map(numbers);
        let (low, high) =
            all.fold((0.0, 0.0), |(low, high): (f64, f64), v| (low.min(v), high.max(v)));
        let (low, high) = (low * BEYOND, high * BEYOND);
        let high = if high > low { high } else { low + 1.0 };
        Self { low, high, left, right }
    }

    fn at(&self, value: f64) -> f64 {
        self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)
    }
}

/// The borders of the target, in order.
fn borders(held: Option<&Held>) -> Vec<f64> {
    let Some(target) = held.and_then(|h| h.target.as_ref()) else { return Vec::new() };
    let mut borders: Vec<f64> =
        [&target.low, &target.high].into_iter().filter_map(|b| number(b)).collect();
    borders.dedup();
    borders
}

/// Off track, at risk and on track, from left to right; one band where there is no target.
fn bands(held: &Held, scale: &Scale, side: Side) -> Vec<Band> {
    let borders = borders(Some(held));
    let edge = held.edge.as_deref().and_then(number);
    let (Some(first), Some(last)) = (borders.first(), borders.last()) else {
        return vec![band((scale.low, scale.high), 1, scale, side)];
    };
    let cuts: Vec<(f64, u8)> = match held.better {
        Better::Higher => vec![(edge.unwrap_or(*first), 3), (*first, 2), (scale.high, 1)],
        Better::Lower => vec![(*last, 1), (edge.unwrap_or(*last), 2), (scale.high, 3)],
        Better::Within => vec![(*first, 3), (*last, 1), (scale.high, 3)],
    };
    let mut from = scale.low;
    let mut bands = Vec::new();
    for (to, rank) in cuts {
        if to > from {
            bands.push(band((from, to), rank, scale, side));
            from = to;
        }
    }
    bands
}

fn band((from, to): (f64, f64), rank: u8, scale: &Scale, side: Side) -> Band {
    let width = scale.at(to) - scale.at(from);
    Band { x: side.left(scale.at(from), width), width: px(width), rank }
}
