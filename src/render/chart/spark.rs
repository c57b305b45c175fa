//! A line without axes for a row of a table: all rows have the same width and number of points.

use serde::Serialize;

use super::{number, path, px, runs};
use crate::report::tree;

const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 30.0;
const PAD: f64 = 4.0;

/// A laid-out sparkline.
#[derive(Debug, Serialize)]
pub(in crate::render) struct Spark {
    width: String,
    height: String,
    path: String,
    target: String,
    last: Option<(String, String)>,
    /// Values that no line shows, for they stand alone.
    alone: Vec<(String, String)>,
}

pub(in crate::render) fn lay_out(spark: &tree::Spark, turned: bool) -> Spark {
    let read = |all: &[Option<String>]| -> Vec<Option<f64>> {
        all.iter().map(|raw| number(raw.as_deref()?)).collect()
    };
    let (values, targets) = (read(&spark.values), read(&spark.targets));
    let all = || values.iter().chain(&targets).flatten().copied();
    let (low, high) =
        (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let step = (WIDTH - 2.0 * PAD) / values.len().saturating_sub(1).max(1) as f64;
    let place = |(i, v): (usize, &Option<f64>)| {
        let share = if high > low { ((*v)? - low) / (high - low) } else { 0.5 };
        (*v)?;
        let x = PAD + i as f64 * step;
        let x = if turned { WIDTH - x } else { x };
        Some((x, HEIGHT - PAD - share * (HEIGHT - 2.0 * PAD)))
    };
    let placed: Vec<Option<(f64, f64)>> = values.iter().enumerate().map(place).collect();
    let target: Vec<Option<(f64, f64)>> = targets.iter().enumerate().map(place).collect();
    let runs_of = runs(&placed);
    let text = |p: &(f64, f64)| (px(p.0), px(p.1));
    Spark {
        width: px(WIDTH),
        height: px(HEIGHT),
        path: runs_of.iter().filter(|r| r.len() > 1).map(|r| path(r)).collect(),
        target: runs(&target).iter().filter(|r| r.len() > 1).map(|r| path(r)).collect(),
        last: placed.iter().flatten().next_back().map(text),
        alone: runs_of
            .iter()
            .filter(|r| r.len() == 1)
            .filter_map(|r| r.first())
            .map(text)
            .collect(),
    }
}
