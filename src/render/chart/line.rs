//! Values over time: lines, the target as a stepped line or a band, marks of events.

use serde::Serialize;

use super::axis::{self, Axis};
use super::text::width;
use super::{HEIGHT, Side, WIDTH, fit, number, path, px, runs, value};
use crate::report::format::Formatter;
use crate::report::tree::{Chart, ChartPoint, TargetLevel};

const TOP: f64 = 26.0;
const BOTTOM: f64 = 38.0;
const SIZE: f64 = 12.0;
/// What the remark on the axis takes below.
const NOTE: f64 = 16.0;
/// Labels at the end of lines stand at least so far apart.
const APART: f64 = 15.0;
/// More points than this get no dots.
const DOTS: usize = 40;

/// A laid-out line chart.
#[derive(Debug, Serialize)]
pub(in crate::render) struct Line {
    width: String,
    height: String,
    left: String,
    right: String,
    top: String,
    bottom: String,
    /// Marks of the axis of values.
    y: Vec<YMark>,
    /// Marks of the axis of time.
    x: Vec<XMark>,
    /// Where zero is, if it is inside.
    zero: Option<String>,
    /// What is to be said where the axis does not begin at zero.
    axis_note: Option<String>,
    note_x: String,
    /// The unit at the head of the axis.
    unit: String,
    unit_x: String,
    target: Option<TargetDrawing>,
    lines: Vec<LineDrawing>,
    events: Vec<EventDrawing>,
}

#[derive(Debug, Serialize)]
pub(super) struct YMark {
    y: String,
    text_y: String,
    text_x: String,
    text: String,
}

#[derive(Debug, Serialize)]
pub(super) struct XMark {
    x: String,
    text: String,
    year: String,
}

#[derive(Debug, Serialize)]
struct TargetDrawing {
    /// The lower border, or the value.
    low: String,
    /// The upper border of a range.
    high: Option<String>,
    /// The area between them.
    area: Option<String>,
    label: Option<Label>,
}

#[derive(Debug, Serialize)]
struct LineDrawing {
    /// As that of the series.
    tone: u8,
    /// What is over; periods that are not stand apart as hollow dots, for they are not alike.
    path: String,
    dots: Vec<Dot>,
    label: Option<Label>,
}

#[derive(Debug, Serialize)]
struct Dot {
    x: String,
    y: String,
    /// `full`, `hollow`, `last`
    kind: &'static str,
}

#[derive(Clone, Debug, Serialize)]
struct Label {
    x: String,
    y: String,
    text: String,
}

#[derive(Debug, Serialize)]
struct EventDrawing {
    number: usize,
    x: String,
    /// The left edge of a longer one.
    edge: String,
    /// How wide a longer one is.
    width: Option<String>,
    /// Where its number stands.
    text_x: String,
    text_y: String,
}

/// The frame that everything is placed in.
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) band: f64,
    pub(super) axis: Axis,
    pub(super) side: Side,
}

impl Frame {
    pub(super) fn x(&self, index: usize) -> f64 {
        self.left + (index as f64 + 0.5) * self.band
    }

    pub(super) fn y(&self, value: f64) -> f64 {
        let bottom = HEIGHT - BOTTOM;
        bottom - self.axis.place(value) * (bottom - TOP)
    }
}

pub(super) fn lay_out(chart: &Chart, formatter: &Formatter, side: Side) -> Line {
    let axis = axis::fitting(&all_values(chart), &chart.unit, formatter);
    let several = chart.series.len() > 1;
    let ends = end_texts(chart, several, formatter);
    // The reader's font may be wider than ours, and the value is set bold.
    let widest = ends.iter().map(|t| width(t, SIZE) * 1.2).fold(0.0, f64::max);
    let tick = axis.ticks.iter().map(|t| width(&t.1, SIZE) * 1.1).fold(0.0, f64::max);
    let left = (tick + 12.0).round();
    let right = WIDTH - (widest + 14.0).max(16.0).round();
    let count = points(chart).len().max(1);
    let frame = Frame { left, right, band: (right - left) / count as f64, axis, side };
    let mut line = Line {
        width: px(WIDTH),
        height: px(if frame.axis.low > 0.0 { HEIGHT + NOTE } else { HEIGHT }),
        left: side.x(left),
        right: side.x(right),
        top: px(TOP),
        bottom: px(HEIGHT - BOTTOM),
        y: y_marks(&frame),
        x: x_marks(points(chart), &frame),
        zero: (frame.axis.low <= 0.0 && frame.axis.high >= 0.0).then(|| px(frame.y(0.0))),
        axis_note: (frame.axis.low > 0.0).then(|| {
            let text = frame.axis.ticks.first().map_or("", |t| t.1.as_str());
            formatter.words.say("axis_from", &[("value", text)])
        }),
        note_x: side.x(WIDTH),
        unit: fit(&chart.unit.label, SIZE, 120.0),
        unit_x: side.x(0.0),
        target: target(chart, &frame),
        lines: lines(chart, &frame),
        events: events(chart, &frame),
    };
    place_labels(chart, &mut line, &frame, &ends);
    line
}

/// All series share the points of the first.
fn points(chart: &Chart) -> &[ChartPoint] {
    chart.series.first().map_or(&[], |s| &s.points)
}

fn levels(chart: &Chart) -> &[Option<TargetLevel>] {
    chart.target.as_ref().map_or(&[], |t| &t.levels)
}

fn all_values(chart: &Chart) -> Vec<f64> {
    let values = chart.series.iter().flat_map(|s| &s.points).filter_map(value);
    let targets = levels(chart).iter().flatten().flat_map(|l| [&l.low, &l.high]);
    values.chain(targets.filter_map(|raw| number(raw))).collect()
}

/// The texts at the ends of the lines, then the target's.
fn end_texts(chart: &Chart, several: bool, formatter: &Formatter) -> Vec<String> {
    let mut texts: Vec<String> = chart
        .series
        .iter()
        .map(|s| {
            let last = s.points.iter().rev().find(|p| value(p).is_some() && p.partial.is_none());
            let last = last.or_else(|| s.points.iter().rev().find(|p| value(p).is_some()));
            let text = last.map_or(String::new(), |p| p.value.text.clone());
            if several { fit(&format!("{} {text}", s.title), SIZE, 150.0) } else { text }
        })
        .collect();
    let level = levels(chart).iter().rev().flatten().next();
    texts.push(level.map_or(String::new(), |l| {
        fit(&formatter.words.say("target_at", &[("value", &l.text)]), SIZE, 190.0)
    }));
    texts
}

pub(super) fn y_marks(frame: &Frame) -> Vec<YMark> {
    let mark = |(at, text): &(f64, String)| {
        let y = frame.y(*at);
        YMark {
            y: px(y),
            text_y: px(y + 4.0),
            text_x: frame.side.x(frame.left - 8.0),
            text: text.clone(),
        }
    };
    frame.axis.ticks.iter().map(mark).collect()
}

/// Labels that do not touch, counted back from the last point; the year where it changes.
pub(super) fn x_marks(points: &[ChartPoint], frame: &Frame) -> Vec<XMark> {
    let widest = points.iter().map(|p| width(&p.short, SIZE)).fold(0.0, f64::max);
    let fits = |every: usize| frame.band * every as f64 >= widest + 10.0;
    let every = [1, 2, 3, 4, 6, 7, 12, 14, 24, 28, 52].into_iter().find(|n| fits(*n));
    let every = every.unwrap_or(points.len().max(1));
    let last = points.len().saturating_sub(1);
    let mut year = "";
    let shown = points.iter().enumerate().filter(|(i, _)| (last - i).is_multiple_of(every));
    shown
        .map(|(i, p)| {
            let changes = p.year != year;
            year = &p.year;
            XMark {
                x: frame.side.x(frame.x(i)),
                text: p.short.clone(),
                year: if changes { p.year.clone() } else { String::new() },
            }
        })
        .collect()
}

fn target(chart: &Chart, frame: &Frame) -> Option<TargetDrawing> {
    let levels = levels(chart);
    if levels.iter().all(Option::is_none) {
        return None;
    }
    let is_range = levels.iter().flatten().any(|l| l.low != l.high);
    let turned = |runs: Vec<Vec<(f64, f64)>>| -> Vec<Vec<(f64, f64)>> {
        let run = |run: Vec<(f64, f64)>| run.into_iter().map(|p| frame.side.point(p)).collect();
        runs.into_iter().map(run).collect()
    };
    let low = turned(steps(levels, frame, |l| &l.low));
    let high = turned(steps(levels, frame, |l| &l.high));
    let join = |runs: &[Vec<(f64, f64)>]| runs.iter().map(|r| path(r)).collect::<String>();
    let area = low.iter().zip(&high).map(|(low, high)| {
        let around: Vec<(f64, f64)> = low.iter().chain(high.iter().rev()).copied().collect();
        format!("{}Z", path(&around))
    });
    Some(TargetDrawing {
        area: is_range.then(|| area.collect()),
        high: is_range.then(|| join(&high)),
        low: join(&low),
        label: None,
    })
}

/// The stepped line of a target: level over each point's whole band.
fn steps<'a>(
    levels: &'a [Option<TargetLevel>],
    frame: &Frame,
    border: impl Fn(&'a TargetLevel) -> &'a String,
) -> Vec<Vec<(f64, f64)>> {
    let mut runs: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
    for (i, level) in levels.iter().enumerate() {
        let Some(at) = level.as_ref().and_then(|l| number(border(l))) else {
            runs.push(Vec::new());
            continue;
        };
        let y = frame.y(at);
        let (from, to) = (frame.x(i) - frame.band / 2.0, frame.x(i) + frame.band / 2.0);
        let Some(run) = runs.last_mut() else { continue };
        match run.last_mut() {
            // The same level goes on: one longer stroke.
            Some(last) if px(last.1) == px(y) => last.0 = to,
            _ => run.extend([(from, y), (to, y)]),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

fn lines(chart: &Chart, frame: &Frame) -> Vec<LineDrawing> {
    let draw = |series: &crate::report::tree::Series| {
        let place = |(i, p): (usize, &ChartPoint)| {
            value(p).map(|v| frame.side.point((frame.x(i), frame.y(v))))
        };
        let all: Vec<Option<(f64, f64)>> = series.points.iter().enumerate().map(place).collect();
        let partial = |i: usize| series.points[i].partial.is_some();
        let whole: Vec<Option<(f64, f64)>> =
            all.iter().enumerate().map(|(i, p)| p.filter(|_| !partial(i))).collect();
        LineDrawing {
            tone: series.tone,
            path: runs(&whole).iter().filter(|r| r.len() > 1).map(|r| path(r)).collect(),
            dots: dots(&all, &whole),
            label: None,
        }
    };
    chart.series.iter().map(draw).collect()
}

/// Each value has a dot where there is room for them; else those alone that no line would show.
fn dots(all: &[Option<(f64, f64)>], whole: &[Option<(f64, f64)>]) -> Vec<Dot> {
    let last = whole.iter().rposition(Option::is_some);
    let alone = |i: usize| {
        let missing = |j: Option<usize>| j.and_then(|j| whole.get(j)).is_none_or(Option::is_none);
        missing(i.checked_sub(1)) && missing(Some(i + 1))
    };
    let dot = |(i, point): (usize, &Option<(f64, f64)>)| {
        let (x, y) = (*point)?;
        let kind = if whole[i].is_none() {
            "hollow"
        } else if last == Some(i) {
            "last"
        } else if all.len() <= DOTS || alone(i) {
            "full"
        } else {
            return None;
        };
        Some(Dot { x: px(x), y: px(y), kind })
    };
    all.iter().enumerate().filter_map(dot).collect()
}

fn events(chart: &Chart, frame: &Frame) -> Vec<EventDrawing> {
    let mut row_ends: Vec<f64> = Vec::new();
    let draw = |event: &crate::report::tree::EventMark| {
        let at = |thousandths: u64| {
            let x = frame.left + thousandths as f64 / 1000.0 * frame.band;
            x.clamp(frame.left, frame.right)
        };
        let (x, end) = (at(event.start), at(event.end));
        let width = (end - x >= 2.0).then(|| px(end - x));
        // Numbers that would touch go one row up; there are two rows.
        let row = row_ends.iter().position(|end| x - end >= 16.0).unwrap_or(row_ends.len()).min(1);
        if row < row_ends.len() {
            row_ends[row] = x;
        } else {
            row_ends.push(x);
        }
        let y = TOP - 6.0 - row as f64 * 13.0;
        EventDrawing {
            number: event.number,
            x: frame.side.x(x),
            edge: frame.side.left(x, end - x),
            width,
            text_x: frame.side.x(x),
            text_y: px(y),
        }
    };
    chart.events.iter().map(draw).collect()
}

/// Puts the texts at the ends of the lines, apart from each other, as near as can be.
fn place_labels(chart: &Chart, line: &mut Line, frame: &Frame, ends: &[String]) {
    let mut wanted: Vec<(usize, f64)> = Vec::new();
    for (i, series) in chart.series.iter().enumerate() {
        let last = series.points.iter().rev().find(|p| value(p).is_some() && p.partial.is_none());
        let last = last.or_else(|| series.points.iter().rev().find(|p| value(p).is_some()));
        if let Some(v) = last.and_then(value) {
            wanted.push((i, frame.y(v)));
        }
    }
    if let Some(level) = levels(chart).iter().rev().flatten().next()
        && let (Some(low), Some(high)) = (number(&level.low), number(&level.high))
    {
        wanted.push((chart.series.len(), f64::midpoint(frame.y(low), frame.y(high))));
    }
    wanted.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let lowest = HEIGHT - BOTTOM;
    let mut ys: Vec<f64> = wanted.iter().map(|w| w.1).collect();
    for i in 1..ys.len() {
        ys[i] = ys[i].max(ys[i - 1] + APART);
    }
    if let Some(last) = ys.last().copied().filter(|y| *y > lowest) {
        let over = last - lowest;
        for y in &mut ys {
            *y -= over;
        }
    }
    for ((which, _), y) in wanted.iter().zip(ys) {
        let label = Label {
            x: frame.side.x(frame.right + 8.0),
            y: px(y + 4.0),
            text: ends[*which].clone(),
        };
        match line.lines.get_mut(*which) {
            Some(drawn) => drawn.label = Some(label),
            None => line.target.iter_mut().for_each(|t| t.label = Some(label.clone())),
        }
    }
}
