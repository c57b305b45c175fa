//! Heat maps: rows by columns, each cell as strong as its value, with the number in it where there
//! is room.

use serde::Serialize;

use super::text::width;
use super::{Side, WIDTH, fit, px, value};
use crate::report::tree::{Chart, ChartPoint};

const ROW: f64 = 26.0;
const HEAD: f64 = 24.0;
const GAP: f64 = 2.0;
const PAD: f64 = 4.0;
const SIZE: f64 = 12.0;
/// Numbers in cells are set smaller.
const SMALL: f64 = 10.5;
/// The steps of strength; the last one has light text.
const STEPS: f64 = 5.0;

/// A laid-out heat map.
#[derive(Debug, Serialize)]
pub(in crate::render) struct Heat {
    width: String,
    height: String,
    cell_width: String,
    cell_height: String,
    columns: Vec<Head>,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Head {
    text: String,
    x: String,
    y: String,
}

#[derive(Debug, Serialize)]
struct Row {
    label: String,
    label_x: String,
    text_y: String,
    y: String,
    cells: Vec<Cell>,
}

#[derive(Debug, Serialize)]
struct Cell {
    x: String,
    mid: String,
    /// 0 to 5; none where there is no number.
    step: Option<u8>,
    below: bool,
    /// Empty where there is no room for it.
    text: String,
}

pub(super) fn lay_out(chart: &Chart, side: Side) -> Heat {
    let points = || chart.series.iter().flat_map(|s| &s.points);
    let labels: Vec<String> = chart.series.iter().map(|s| fit(&s.title, SIZE, 150.0)).collect();
    let widest = labels.iter().map(|t| width(t, SIZE) * 1.2).fold(0.0, f64::max);
    let left = widest + 14.0;
    let heads = chart.series.first().map_or(&[][..], |s| &s.points[..]);
    let across = (WIDTH - left) / heads.len().max(1) as f64;
    let room = across - GAP;
    // All cells have their numbers or none: a number that is missing would read like no value.
    let fits = points().all(|p| width(&p.value.text, SMALL) * 1.12 <= room || value(p).is_none());
    let most = points().filter_map(value).map(f64::abs).fold(0.0, f64::max);
    let x = |column: usize| left + column as f64 * across;
    let cell = |(column, point): (usize, &ChartPoint)| {
        let known = value(point);
        Cell {
            x: side.left(x(column), room),
            mid: side.x(x(column) + room / 2.0),
            step: known.map(|v| strength(v, most)),
            below: known.is_some_and(|v| v < 0.0),
            text: known.filter(|_| fits).map_or(String::new(), |_| point.value.text.clone()),
        }
    };
    let row = |row: usize| {
        let y = HEAD + row as f64 * ROW;
        Row {
            label: labels[row].clone(),
            label_x: side.x(left - 10.0),
            text_y: px(y + (ROW - GAP) / 2.0 + 4.0),
            y: px(y),
            cells: chart.series[row].points.iter().enumerate().map(cell).collect(),
        }
    };
    Heat {
        width: px(WIDTH),
        height: px(HEAD + chart.series.len() as f64 * ROW + PAD),
        cell_width: px(room),
        cell_height: px(ROW - GAP),
        columns: heads_of(heads, across, &|column| side.x(x(column) + room / 2.0)),
        rows: (0..chart.series.len()).map(row).collect(),
    }
}

/// The heads of the columns: every one where there is room, else every second, third...
fn heads_of(points: &[ChartPoint], across: f64, middle: &dyn Fn(usize) -> String) -> Vec<Head> {
    let widest = points.iter().map(|p| width(&p.short, SIZE)).fold(0.0, f64::max).min(90.0);
    let every = (1..=u16::MAX).find(|n| f64::from(*n) * across >= widest + 6.0).unwrap_or(1);
    let shown = points.iter().enumerate().step_by(usize::from(every));
    shown
        .map(|(i, point)| Head {
            text: fit(&point.short, SIZE, across * f64::from(every) - 4.0),
            x: middle(i),
            y: px(HEAD - 8.0),
        })
        .collect()
}

/// In steps of the largest size; only nought has none.
fn strength(value: f64, most: f64) -> u8 {
    if most == 0.0 || value == 0.0 {
        return 0;
    }
    let share = value.abs() / most * STEPS;
    (1..5).find(|step| share <= f64::from(*step)).unwrap_or(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nought_has_no_strength() {
        assert_eq!(strength(0.0, 8.0), 0);
        assert_eq!(strength(0.001, 8.0), 1);
        assert_eq!(strength(4.0, 8.0), 3);
        assert_eq!(strength(-8.0, 8.0), 5);
        assert_eq!(strength(0.0, 0.0), 0);
    }
}
