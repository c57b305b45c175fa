//! Funnels: one bar a step, from one common zero, with what is left of the step before.

use serde::Serialize;

use super::text::width;
use super::{Side, WIDTH, fit, px, value};
use crate::report::tree::Chart;

const ROW: f64 = 44.0;
const THICK: f64 = 28.0;
const PAD: f64 = 6.0;
const SIZE: f64 = 12.0;

/// A laid-out funnel.
#[derive(Debug, Serialize)]
pub(in crate::render) struct Funnel {
    width: String,
    height: String,
    thick: String,
    steps: Vec<Step>,
}

#[derive(Debug, Serialize)]
struct Step {
    label: String,
    label_x: String,
    label_y: String,
    text_y: String,
    y: String,
    /// The bar's left edge.
    x: String,
    width: Option<String>,
    value: String,
    value_x: String,
    known: bool,
    /// `45.2% of the step before`, below the value.
    note: String,
    note_y: String,
    /// From the end of the step before to the end of this one.
    slope: String,
}

pub(super) fn lay_out(chart: &Chart, side: Side) -> Funnel {
    let points = chart.series.first().map_or(&[][..], |s| &s.points[..]);
    let labels: Vec<String> = points.iter().map(|p| fit(&p.label, SIZE, 180.0)).collect();
    let texts: Vec<String> = points.iter().map(|p| fit(&p.value.text, SIZE, 120.0)).collect();
    let note = |text: &Option<String>| fit(text.as_deref().unwrap_or_default(), SIZE, 200.0);
    let notes: Vec<String> = points.iter().map(|p| note(&p.note)).collect();
    let widest = |texts: &[String]| texts.iter().map(|t| width(t, SIZE) * 1.2).fold(0.0, f64::max);
    let left = widest(&labels) + 12.0;
    let right = WIDTH - widest(&texts).max(widest(&notes)) - 12.0;
    let values: Vec<f64> = points.iter().map(|p| value(p).unwrap_or(0.0).max(0.0)).collect();
    let most = values.iter().copied().fold(0.0, f64::max);
    let end = |v: f64| if most > 0.0 { left + v / most * (right - left) } else { left };
    let step = |i: usize| {
        let y = PAD + i as f64 * ROW;
        let known = value(&points[i]).is_some();
        let slope = match i.checked_sub(1) {
            Some(before) if known && value(&points[before]).is_some() => {
                let (from, to) = (y - ROW + THICK, y);
                let corners =
                    [(left, from), (end(values[before]), from), (end(values[i]), to), (left, to)];
                let turned = corners.map(|corner| side.point(corner));
                format!("{}Z", super::path(&turned))
            }
            _ => String::new(),
        };
        let noted = !notes[i].is_empty();
        Step {
            label: labels[i].clone(),
            label_x: side.x(left - 10.0),
            label_y: px(y + THICK / 2.0 + 4.0),
            text_y: px(y + THICK / 2.0 + if noted { -3.0 } else { 4.0 }),
            y: px(y),
            x: side.left(left, (end(values[i]) - left).max(0.5)),
            width: known.then(|| px((end(values[i]) - left).max(0.5))),
            value: texts[i].clone(),
            value_x: side.x(end(values[i]) + 8.0),
            known,
            note: notes[i].clone(),
            note_y: px(y + THICK / 2.0 + 12.0),
            slope,
        }
    };
    Funnel {
        width: px(WIDTH),
        height: px(PAD * 2.0 + points.len().max(1) as f64 * ROW - ROW + THICK),
        thick: px(THICK),
        steps: (0..points.len()).map(step).collect(),
    }
}
