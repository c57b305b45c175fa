//! From one value to another, step by step: bars that begin where the one before ends.

use serde::Serialize;

use super::text::width;
use super::{Side, WIDTH, fit, px, value};
use crate::report::tree::{Chart, Favour};

const ROW: f64 = 28.0;
const THICK: f64 = 16.0;
const PAD: f64 = 6.0;
const SIZE: f64 = 12.0;

/// A laid-out waterfall.
#[derive(Debug, Serialize)]
pub(in crate::render) struct Waterfall {
    width: String,
    height: String,
    thick: String,
    steps: Vec<Step>,
}

#[derive(Debug, Serialize)]
struct Step {
    label: String,
    label_x: String,
    text_y: String,
    x: String,
    y: String,
    width: String,
    /// `whole` at both ends, else `better`, `worse`, `neutral`.
    kind: &'static str,
    /// From this bar's end down to the next one's beginning.
    link: Option<Link>,
    value: String,
    value_x: String,
}

#[derive(Debug, Serialize)]
struct Link {
    x: String,
    from: String,
    to: String,
}

pub(super) fn lay_out(chart: &Chart, side: Side) -> Waterfall {
    let points = chart.series.first().map_or(&[][..], |s| &s.points[..]);
    let labels: Vec<String> = points.iter().map(|p| fit(&p.label, SIZE, 180.0)).collect();
    let texts: Vec<String> = points.iter().map(|p| fit(&p.value.text, SIZE, 160.0)).collect();
    let widest = |texts: &[String]| texts.iter().map(|t| width(t, SIZE) * 1.2).fold(0.0, f64::max);
    let left = widest(&labels) + 12.0;
    let right = WIDTH - widest(&texts) - 16.0;
    let mut at = 0.0;
    let last = points.len().saturating_sub(1);
    let spans = points.iter().enumerate().map(|(i, point)| {
        let size = value(point).unwrap_or(0.0);
        let from = if i == 0 || i == last { 0.0 } else { at };
        at = from + size;
        (from, at)
    });
    let spans: Vec<(f64, f64)> = spans.collect();
    let ends = || spans.iter().flat_map(|(from, to)| [*from, *to]);
    let (low, high) = (ends().fold(0.0, f64::min), ends().fold(0.0, f64::max));
    let span = if high > low { high - low } else { 1.0 };
    let x = |v: f64| left + (v - low) / span * (right - left);
    let step = |i: usize| {
        let y = PAD + i as f64 * ROW;
        let (from, to) = spans[i];
        let (a, b) = (x(from.min(to)), x(from.max(to)));
        let wide = (b - a).max(1.0);
        Step {
            label: labels[i].clone(),
            label_x: side.x(left - 10.0),
            text_y: px(y + THICK / 2.0 + 6.0),
            x: side.left(a, wide),
            y: px(y + 2.0),
            width: px(wide),
            kind: match points[i].favour {
                None => "whole",
                Some(Favour::Better) => "better",
                Some(Favour::Worse) => "worse",
                Some(Favour::Neutral) => "neutral",
            },
            link: (i < last).then(|| Link {
                x: side.x(x(to)),
                from: px(y + 2.0 + THICK),
                to: px(y + 2.0 + ROW),
            }),
            value: texts[i].clone(),
            value_x: side.x(b + 7.0),
        }
    };
    Waterfall {
        width: px(WIDTH),
        height: px(PAD * 2.0 + points.len().max(1) as f64 * ROW),
        thick: px(THICK),
        steps: (0..points.len()).map(step).collect(),
    }
}
