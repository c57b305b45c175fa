//! Shares of a whole: five parts at most, each with its label beside it.

use std::f64::consts::TAU;

use serde::Serialize;

use super::{fit, path, px, value};
use crate::report::tree::Chart;

const WIDTH: f64 = 680.0;
const HEIGHT: f64 = 250.0;
const RADIUS: f64 = 96.0;
const SIZE: f64 = 12.0;
/// Labels of one side stand at least so far apart.
const APART: f64 = 18.0;
const PAD: f64 = 12.0;

/// A laid-out pie.
#[derive(Debug, Serialize)]
pub(in crate::render) struct Pie {
    width: String,
    height: String,
    parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Part {
    /// As that of the point.
    tone: u8,
    path: String,
    /// From the part to its label.
    leader: String,
    label: String,
    value: String,
    x: String,
    y: String,
    /// `start` or `end`
    anchor: &'static str,
}

/// Where a part's label goes.
struct Place {
    part: usize,
    right: bool,
    /// Where the leader leaves the part.
    edge: (f64, f64),
    y: f64,
}

pub(in crate::render) fn lay_out(chart: &Chart) -> Pie {
    let points = chart.series.first().map_or(&[][..], |s| &s.points[..]);
    let size = |i: usize| value(&points[i]).unwrap_or(0.0).max(0.0);
    let total: f64 = (0..points.len()).map(size).sum();
    let (cx, cy) = (WIDTH / 2.0, HEIGHT / 2.0);
    let at = |share: f64, radius: f64| {
        let angle = share * TAU;
        (cx + radius * angle.sin(), cy - radius * angle.cos())
    };
    let mut before = 0.0;
    let mut parts = Vec::new();
    let mut places = Vec::new();
    for (i, point) in points.iter().enumerate() {
        let share = if total > 0.0 { size(i) / total } else { 0.0 };
        let edge = at(before + share / 2.0, RADIUS + 4.0);
        places.push(Place { part: i, right: edge.0 >= cx, edge, y: edge.1 });
        parts.push(Part {
            tone: point.tone,
            path: slice(share, (cx, cy), at(before, RADIUS), at(before + share, RADIUS)),
            leader: String::new(),
            label: fit(&point.label, SIZE, 130.0),
            value: fit(&point.value.text, SIZE, 60.0),
            x: String::new(),
            y: String::new(),
            anchor: "start",
        });
        before += share;
    }
    for right in [true, false] {
        label_side(&mut places, right);
    }
    for place in &places {
        let way = if place.right { 1.0 } else { -1.0 };
        let x = cx + way * (RADIUS + 26.0);
        let part = &mut parts[place.part];
        part.leader = path(&[place.edge, (x - way * 5.0, place.y)]);
        part.x = px(x);
        part.y = px(place.y + 4.0);
        part.anchor = if place.right { "start" } else { "end" };
    }
    Pie { width: px(WIDTH), height: px(HEIGHT), parts }
}

/// Moves the labels of one side apart, down first, then up where they would leave the drawing.
fn label_side(places: &mut [Place], right: bool) {
    let mut side: Vec<&mut Place> = places.iter_mut().filter(|p| p.right == right).collect();
    side.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut lowest = PAD;
    for place in &mut side {
        place.y = place.y.max(lowest);
        lowest = place.y + APART;
    }
    let mut highest = HEIGHT - PAD;
    for place in side.iter_mut().rev() {
        place.y = place.y.min(highest);
        highest = place.y - APART;
    }
}

fn slice(share: f64, centre: (f64, f64), from: (f64, f64), to: (f64, f64)) -> String {
    let (r, (cx, cy)) = (px(RADIUS), centre);
    if share >= 0.9999 {
        let (top, bottom) = (px(cy - RADIUS), px(cy + RADIUS));
        let x = px(cx);
        return format!("M{x} {top}A{r} {r} 0 1 1 {x} {bottom}A{r} {r} 0 1 1 {x} {top}Z");
    }
    let large = u8::from(share > 0.5);
    let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(px);
    format!("M{} {}L{x1} {y1}A{r} {r} 0 {large} 1 {x2} {y2}Z", px(cx), px(cy))
}
