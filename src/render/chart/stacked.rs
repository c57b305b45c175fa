//! The parts of a whole over time: one column a period, one piece a part.

use serde::Serialize;

use super::line::{self, Frame, XMark, YMark};
use super::text::width;
use super::{HEIGHT, Side, WIDTH, axis, fit, px, value};
use crate::report::format::Formatter;
use crate::report::tree::Chart;

const TOP: f64 = 26.0;
const BOTTOM: f64 = 38.0;
const SIZE: f64 = 12.0;
/// How much of its band a column takes.
const SHARE: f64 = 0.72;
/// Labels stand at least so far apart.
const APART: f64 = 16.0;
/// The side of the square before a label.
const MARK: f64 = 9.0;

/// A laid-out stack.
#[derive(Debug, Serialize)]
pub(in crate::render) struct Stacked {
    width: String,
    height: String,
    left: String,
    right: String,
    zero: String,
    y: Vec<YMark>,
    x: Vec<XMark>,
    unit: String,
    unit_x: String,
    parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Part {
    tone: u8,
    pieces: Vec<Piece>,
    label: Label,
}

#[derive(Debug, Serialize)]
struct Piece {
    x: String,
    y: String,
    width: String,
    height: String,
    /// Whether its period is not over or not whole.
    open: bool,
}

/// A square of the part's colour, and its name.
#[derive(Debug, Serialize)]
struct Label {
    mark_x: String,
    mark_y: String,
    side: String,
    x: String,
    y: String,
    text: String,
}

pub(super) fn lay_out(chart: &Chart, formatter: &Formatter, side: Side) -> Stacked {
    let points = chart.series.first().map_or(&[][..], |s| &s.points[..]);
    let stacks: Vec<Vec<(f64, f64)>> = (0..points.len()).map(|at| stack(chart, at)).collect();
    let ends = stacks.iter().flatten().flat_map(|(from, to)| [*from, *to]);
    let all: Vec<f64> = ends.chain([0.0]).collect();
    let axis = axis::fitting(&all, &chart.unit, formatter);
    let names: Vec<String> = chart.series.iter().map(|s| fit(&s.title, SIZE, 150.0)).collect();
    let widest = names.iter().map(|t| width(t, SIZE) * 1.2).fold(0.0, f64::max);
    let tick = axis.ticks.iter().map(|t| width(&t.1, SIZE) * 1.1).fold(0.0, f64::max);
    let left = (tick + 12.0).round();
    let right = WIDTH - (widest + MARK + 24.0).round();
    let band = (right - left) / points.len().max(1) as f64;
    let frame = Frame { left, right, band, axis, side };
    let across = frame.band * SHARE;
    let piece = |series: usize, at: usize| {
        let point = &chart.series[series].points[at];
        value(point)?;
        let (from, to) = stacks[at][series];
        let (top, bottom) = (frame.y(from.max(to)), frame.y(from.min(to)));
        Some(Piece {
            x: side.left(frame.x(at) - across / 2.0, across),
            y: px(top),
            width: px(across),
            height: px(bottom - top),
            open: point.partial.is_some(),
        })
    };
    let labels = labels(&stacks, &frame, names);
    let parts = labels.into_iter().enumerate().map(|(i, label)| Part {
        tone: chart.series[i].tone,
        pieces: (0..points.len()).filter_map(|at| piece(i, at)).collect(),
        label,
    });
    Stacked {
        width: px(WIDTH),
        height: px(HEIGHT),
        left: side.x(left),
        right: side.x(right),
        zero: px(frame.y(0.0)),
        parts: parts.collect(),
        y: line::y_marks(&frame),
        x: line::x_marks(points, &frame),
        unit: fit(&chart.unit.label, SIZE, 120.0),
        unit_x: side.x(0.0),
    }
}

/// Where each part of a column begins and ends: what is below zero goes down from there.
fn stack(chart: &Chart, at: usize) -> Vec<(f64, f64)> {
    let (mut up, mut down) = (0.0, 0.0);
    let part = |size: f64| {
        let edge = if size < 0.0 { &mut down } else { &mut up };
        let from = *edge;
        *edge += size;
        (from, *edge)
    };
    let sizes = chart.series.iter().map(|s| s.points.get(at).and_then(value).unwrap_or(0.0));
    sizes.map(part).collect()
}

/// Beside the last column, each at the height of its part as near as can be.
fn labels(stacks: &[Vec<(f64, f64)>], frame: &Frame, names: Vec<String>) -> Vec<Label> {
    let last = stacks.last();
    let middle = |i: usize| {
        let part = last.and_then(|parts| parts.get(i)).copied().unwrap_or_default();
        frame.y(f64::midpoint(part.0, part.1))
    };
    let mut order: Vec<(usize, f64)> = (0..names.len()).map(|i| (i, middle(i))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    let mut lowest = TOP;
    for place in &mut order {
        place.1 = place.1.max(lowest);
        lowest = place.1 + APART;
    }
    let mut highest = HEIGHT - BOTTOM;
    for place in order.iter_mut().rev() {
        place.1 = place.1.min(highest);
        highest = place.1 - APART;
    }
    order.sort_by_key(|place| place.0);
    let x = frame.right + 8.0;
    let label = |(text, (_, y)): (String, (usize, f64))| Label {
        mark_x: frame.side.left(x, MARK),
        mark_y: px(y - MARK / 2.0),
        side: px(MARK),
        x: frame.side.x(x + MARK + 6.0),
        y: px(y + 4.0),
        text,
    };
    names.into_iter().zip(order).map(label).collect()
}
