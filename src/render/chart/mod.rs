//! Charts: where everything goes, worked out in Rust; how it is drawn is a template's matter.
//!
//! Coordinates are texts, rounded to a tenth, so that a drawing has the same bytes everywhere.

#![allow(clippy::cast_precision_loss, reason = "counts and coordinates of a drawing are small")]

mod axis;
mod bar;
mod bullet;
mod funnel;
mod heat;
mod line;
mod pie;
pub(super) mod spark;
mod stacked;
mod text;
mod waterfall;

use serde::Serialize;

use crate::report::format::Formatter;
use crate::report::tree::{Chart, ChartKind, ChartPoint};

pub(super) use text::fit;

/// Something laid out, ready for its template.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Drawing {
    Line(Box<line::Line>),
    Bar(bar::Bar),
    Pie(pie::Pie),
    Heat(heat::Heat),
    Funnel(funnel::Funnel),
    Bullet(bullet::Bullets),
    Stacked(stacked::Stacked),
    Waterfall(waterfall::Waterfall),
}

/// How the charts of a report are drawn.
#[derive(Clone, Copy)]
pub(super) struct Look {
    /// Writes the marks of axes.
    pub(super) formatter: Formatter,
    /// Whether time runs from right to left.
    pub(super) time_turned: bool,
}

/// Lays a chart out.
pub(super) fn lay_out(chart: &Chart, look: Look) -> Drawing {
    let side = Side { turned: is_mirrored(chart, look) };
    let formatter = &look.formatter;
    match chart.kind {
        ChartKind::Line => Drawing::Line(Box::new(line::lay_out(chart, formatter, side))),
        ChartKind::Bar => Drawing::Bar(bar::lay_out(chart, side)),
        ChartKind::Pie => Drawing::Pie(pie::lay_out(chart)),
        ChartKind::Heatmap => Drawing::Heat(heat::lay_out(chart, side)),
        ChartKind::Funnel => Drawing::Funnel(funnel::lay_out(chart, side)),
        ChartKind::Bullet => Drawing::Bullet(bullet::lay_out(chart, side)),
        ChartKind::Stacked => Drawing::Stacked(stacked::lay_out(chart, formatter, side)),
        ChartKind::Waterfall => Drawing::Waterfall(waterfall::lay_out(chart, side)),
    }
}

/// How wide a drawing is, in its own units.
const WIDTH: f64 = 680.0;
/// How high one over time is.
const HEIGHT: f64 = 250.0;

/// Whether a drawing begins at the right: what is sorted by members does where the language is read
/// from there; what runs over time does where the report says so.
pub(super) fn is_mirrored(chart: &Chart, look: Look) -> bool {
    let over_time = || chart.series.iter().flat_map(|s| &s.points).any(|p| !p.year.is_empty());
    let read_from_right = look.formatter.words.direction == "rtl";
    match chart.kind {
        ChartKind::Line | ChartKind::Stacked => look.time_turned,
        ChartKind::Heatmap if over_time() => look.time_turned,
        ChartKind::Heatmap
        | ChartKind::Bar
        | ChartKind::Funnel
        | ChartKind::Bullet
        | ChartKind::Waterfall => read_from_right,
        // A circle has no side.
        ChartKind::Pie => false,
    }
}

/// The side that a drawing begins at.
#[derive(Clone, Copy, Debug)]
struct Side {
    turned: bool,
}

impl Side {
    /// A place across.
    fn x(self, x: f64) -> String {
        px(if self.turned { WIDTH - x } else { x })
    }

    /// A place in the drawing.
    fn point(self, (x, y): (f64, f64)) -> (f64, f64) {
        (if self.turned { WIDTH - x } else { x }, y)
    }

    /// The left edge of what is so wide.
    fn left(self, x: f64, width: f64) -> String {
        px(if self.turned { WIDTH - x - width } else { x })
    }
}

/// Whether there is nothing to draw. Bars without values have words of their own.
pub(super) fn is_empty(chart: &Chart) -> bool {
    let mut points = chart.series.iter().flat_map(|s| &s.points);
    match chart.kind {
        ChartKind::Line | ChartKind::Pie | ChartKind::Heatmap | ChartKind::Stacked => {
            points.all(|p| value(p).is_none())
        }
        ChartKind::Bar | ChartKind::Funnel | ChartKind::Bullet | ChartKind::Waterfall => {
            points.next().is_none()
        }
    }
}

/// The template that draws a kind.
pub(super) fn template(kind: ChartKind) -> &'static str {
    match kind {
        ChartKind::Line => "chart/line.svg.j2",
        ChartKind::Bar => "chart/bar.svg.j2",
        ChartKind::Pie => "chart/pie.svg.j2",
        ChartKind::Heatmap => "chart/heatmap.svg.j2",
        ChartKind::Funnel => "chart/funnel.svg.j2",
        ChartKind::Bullet => "chart/bullet.svg.j2",
        ChartKind::Stacked => "chart/stacked.svg.j2",
        ChartKind::Waterfall => "chart/waterfall.svg.j2",
    }
}

/// A coordinate: rounded to a tenth, without a needless nought or a negative one.
fn px(value: f64) -> String {
    let tenths = (value * 10.0).round() as i64;
    let sign = if tenths < 0 { "-" } else { "" };
    let tenths = tenths.unsigned_abs();
    match tenths % 10 {
        0 => format!("{sign}{}", tenths / 10),
        rest => format!("{sign}{}.{rest}", tenths / 10),
    }
}

/// A point's value for drawing.
fn value(point: &ChartPoint) -> Option<f64> {
    number(point.value.raw.as_deref()?)
}

fn number(raw: &str) -> Option<f64> {
    raw.parse().ok().filter(|v: &f64| v.is_finite())
}

/// The straight runs of a line: a point without a value ends one.
fn runs(points: &[Option<(f64, f64)>]) -> Vec<Vec<(f64, f64)>> {
    let mut all = vec![Vec::new()];
    for point in points {
        match point {
            Some(p) => all.last_mut().into_iter().for_each(|run| run.push(*p)),
            None => all.push(Vec::new()),
        }
    }
    all.retain(|run| !run.is_empty());
    all
}

/// `M1 2L3 4`
fn path(points: &[(f64, f64)]) -> String {
    let mut text = String::new();
    for (i, (x, y)) in points.iter().enumerate() {
        text.push(if i == 0 { 'M' } else { 'L' });
        text.push_str(&px(*x));
        text.push(' ');
        text.push_str(&px(*y));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_have_one_form() {
        assert_eq!(px(12.34), "12.3");
        assert_eq!(px(12.0), "12");
        assert_eq!(px(-0.01), "0");
        assert_eq!(px(-1.25), "-1.3");
    }

    #[test]
    fn a_gap_ends_a_run() {
        let points = [Some((0.0, 1.0)), None, None, Some((3.0, 1.0)), Some((4.0, 2.0))];
        assert_eq!(runs(&points), [vec![(0.0, 1.0)], vec![(3.0, 1.0), (4.0, 2.0)]]);
        assert_eq!(path(&[(3.0, 1.0), (4.0, 2.5)]), "M3 1L4 2.5");
    }
}
