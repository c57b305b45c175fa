//! Bars by size, from one common zero, each with its label and its value.

use serde::Serialize;

use super::text::width;
use super::{Side, WIDTH, fit, px, value};
use crate::report::tree::Chart;

const ROW: f64 = 28.0;
const THICK: f64 = 16.0;
const PAD: f64 = 6.0;
const SIZE: f64 = 12.0;

/// A laid-out bar chart.
#[derive(Debug, Serialize)]
pub(in crate::render) struct Bar {
    width: String,
    height: String,
    /// Where zero is.
    zero: String,
    bottom: String,
    bars: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    label: String,
    label_x: String,
    text_y: String,
    /// The bar; none where there is no value.
    x: Option<String>,
    y: String,
    width: Option<String>,
    thick: String,
    value: String,
    value_x: String,
    /// Whether there is a number.
    known: bool,
}

pub(super) fn lay_out(chart: &Chart, side: Side) -> Bar {
    let points = chart.series.first().map_or(&[][..], |s| &s.points[..]);
    let labels: Vec<String> = points.iter().map(|p| fit(&p.label, SIZE, 180.0)).collect();
    let texts: Vec<String> = points.iter().map(|p| fit(&p.value.text, SIZE, 120.0)).collect();
    // The reader's font may be wider than ours, and values are set bold.
    let widest = |texts: &[String]| texts.iter().map(|t| width(t, SIZE) * 1.2).fold(0.0, f64::max);
    let left = widest(&labels) + 12.0;
    let right = WIDTH - widest(&texts) - 12.0;
    let values: Vec<Option<f64>> = points.iter().map(value).collect();
    let low = values.iter().flatten().copied().fold(0.0, f64::min);
    let high = values.iter().flatten().copied().fold(0.0, f64::max);
    let span = if high > low { high - low } else { 1.0 };
    let x = |v: f64| left + (v - low) / span * (right - left);
    let row = |i: usize| {
        let y = PAD + i as f64 * ROW;
        let ends = values[i].map(|v| (x(v.min(0.0)), x(v.max(0.0))));
        let end = ends.map_or(x(0.0), |e| e.1);
        Row {
            label: labels[i].clone(),
            label_x: side.x(left - 10.0),
            text_y: px(y + THICK / 2.0 + 6.0),
            x: ends.map(|e| side.left(e.0, (e.1 - e.0).max(0.5))),
            y: px(y + 2.0),
            width: ends.map(|e| px((e.1 - e.0).max(0.5))),
            thick: px(THICK),
            value: texts[i].clone(),
            value_x: side.x(end + 7.0),
            known: values[i].is_some(),
        }
    };
    let height = PAD * 2.0 + points.len().max(1) as f64 * ROW;
    Bar {
        width: px(WIDTH),
        height: px(height),
        zero: side.x(x(0.0)),
        bottom: px(height - PAD),
        bars: (0..points.len()).map(row).collect(),
    }
}
