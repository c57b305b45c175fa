//! Shares of a whole: five parts at most, each with its label beside it.

use std::f64::consts::TAU;

use serde::Serialize;

use super::{fit, px, value};
use crate::report::tree::Chart;

const WIDTH: f64 = 680.0;
const HEIGHT: f64 = 250.0;
const RADIUS: f64 = 96.0;
const SIZE: f64 = 12.0;

/// A laid-out pie.
#[derive(Debug, Serialize)]
pub(in crate::render) struct Pie {
    width: String,
    height: String,
    parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Part {
    /// From 1.
    number: usize,
    path: String,
    label: String,
    value: String,
    x: String,
    y: String,
    value_y: String,
    /// `start` or `end`
    anchor: &'static str,
}

pub(super) fn lay_out(chart: &Chart) -> Pie {
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
    for (i, point) in points.iter().enumerate() {
        let share = if total > 0.0 { size(i) / total } else { 0.0 };
        let (from, to) = (at(before, RADIUS), at(before + share, RADIUS));
        let (x, y) = at(before + share / 2.0, RADIUS + 16.0);
        let right = x >= cx;
        parts.push(Part {
            number: i + 1,
            path: slice(share, (cx, cy), from, to),
            label: fit(&point.label, SIZE, 200.0),
            value: fit(&point.value.text, SIZE, 200.0),
            x: px(x),
            y: px(y),
            value_y: px(y + 15.0),
            anchor: if right { "start" } else { "end" },
        });
        before += share;
    }
    Pie { width: px(WIDTH), height: px(HEIGHT), parts }
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
