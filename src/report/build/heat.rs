//! Heat maps: a measure by two dimensions, or by one over time.

use std::collections::BTreeMap;

use super::{Context, breakdown, figure, say, subject};
use crate::eval::{Point, Slice, Value};
use crate::model::MeasureId;
use crate::model::items::Figure as Asked;
use crate::report::format::Scale;
use crate::report::tree::{
    Chart, ChartKind, ChartPoint, ChartUnit, Figure, Series, Table, TableCell, TableColumn,
};
use crate::value::Number;

/// The most rows where the spec does not say.
const ROWS: usize = 12;
/// The most columns: the hours of a day, half a year's weeks.
const COLUMNS: usize = 26;

/// A row or a column.
#[derive(Clone)]
struct Line {
    title: String,
    short: String,
    year: String,
    partial: Option<String>,
}

/// The cells of a heat map, row by row.
struct Grid {
    rows: Vec<Line>,
    columns: Vec<Line>,
    values: Vec<Vec<Value>>,
    /// The heads of the table: what the rows are, what the columns are.
    names: Vec<String>,
    cut: usize,
}

pub(super) fn heat(context: &Context, asked: &Asked, id: MeasureId, figure: String) -> Figure {
    let grid = match asked.by.as_slice() {
        [rows, columns] => by_two(context, asked, id, rows, columns),
        [rows] => over_time(context, asked, id, rows),
        // Refused by `check`.
        _ => Grid::empty(),
    };
    let measure = context.model.measure(id);
    let known = grid.values.iter().flatten().filter_map(|v| v.known().cloned());
    let scale = Scale::fitting(&measure.unit, &known.collect::<Vec<_>>(), &[]);
    let label = subject::unit_label(context, measure);
    let title = title(context, asked, id, &grid, &label);
    let chart = chart(context, &grid, &scale, label, &title, &figure);
    let table = table(&grid, &title, &chart);
    let mut remarks = Vec::new();
    if grid.cut > 0 {
        let count = context.formatter.whole(grid.cut as u64);
        remarks.push(context.words().say_of("cut_members", grid.cut as u64, &[("n", &count)]));
    }
    Figure { id: figure, title, chart: Some(chart), table, remarks }
}

impl Grid {
    fn empty() -> Self {
        let (rows, columns, values) = (Vec::new(), Vec::new(), Vec::new());
        Self { rows, columns, values, names: Vec::new(), cut: 0 }
    }
}

fn by_two(
    context: &Context,
    asked: &Asked,
    id: MeasureId,
    rows: &String,
    columns: &String,
) -> Grid {
    let (_, period) = figure::period_of(context, id);
    let most = asked.top.map_or(ROWS, |n| n as usize);
    let (down, cut_down) = axis(context, id, rows, most);
    let (across, cut_across) = axis(context, id, columns, COLUMNS);
    let value = |row: &Slice, column: &Slice| {
        let mut both: Vec<_> = row.0.iter().chain(&column.0).cloned().collect();
        both.sort();
        context.evaluator.value(id, period, &Slice(both))
    };
    let line = |slice: &Slice| {
        let title = breakdown::title(context, id, slice);
        let short = short(context, id, slice).unwrap_or_else(|| title.clone());
        Line { title, short, year: String::new(), partial: None }
    };
    let values = down.iter().map(|row| across.iter().map(|column| value(row, column)).collect());
    Grid {
        values: values.collect(),
        rows: down.iter().map(line).collect(),
        columns: across.iter().map(line).collect(),
        names: vec![
            breakdown::dimension_title(context, id, rows),
            breakdown::dimension_title(context, id, columns),
        ],
        cut: cut_down + cut_across,
    }
}

fn over_time(context: &Context, asked: &Asked, id: MeasureId, rows: &String) -> Grid {
    let (grain, period) = figure::period_of(context, id);
    let most = asked.top.map_or(ROWS, |n| n as usize);
    let (down, cut) = axis(context, id, rows, most);
    let lines: Vec<Vec<Point>> = down
        .iter()
        .map(|slice| {
            let mut all = figure::history(context, id, grain, period, slice);
            all.drain(..all.len().saturating_sub(COLUMNS));
            all
        })
        .collect();
    let column = |point: &Point| {
        let text = context.formatter.period(point.period);
        let partial = say::partial(context, point.progress);
        Line { title: text.text, short: text.short, year: text.year, partial }
    };
    let row = |slice: &Slice| {
        let title = breakdown::title(context, id, slice);
        Line { short: title.clone(), title, year: String::new(), partial: None }
    };
    Grid {
        rows: down.iter().map(row).collect(),
        columns: lines.first().map_or(Vec::new(), |l| l.iter().map(column).collect()),
        values: lines.iter().map(|l| l.iter().map(|p| p.value.clone()).collect()).collect(),
        names: vec![breakdown::dimension_title(context, id, rows), context.label("period")],
        cut,
    }
}

/// The members of one dimension in the order of its axis, and how many were left out: days of the
/// week and hours as they follow each other, others by size.
fn axis(context: &Context, id: MeasureId, name: &String, most: usize) -> (Vec<Slice>, usize) {
    let (_, period) = figure::period_of(context, id);
    let names = std::slice::from_ref(name);
    let found = context.evaluator.members(id, names, period.start, period.end);
    if let Some(order) = natural(context, id, name) {
        let mut sorted: BTreeMap<u32, Slice> = BTreeMap::new();
        for slice in found {
            if let Some(number) = number_of(&slice) {
                sorted.insert(order(context, number), slice);
            }
        }
        return (sorted.into_values().collect(), 0);
    }
    let mut sized: Vec<(Option<Number>, String, Slice)> = found
        .into_iter()
        .map(|slice| {
            let value = context.evaluator.value(id, period, &slice).known().cloned();
            (value, breakdown::title(context, id, &slice), slice)
        })
        .collect();
    sized.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let cut = sized.len().saturating_sub(most);
    sized.truncate(most);
    (sized.into_iter().map(|(_, _, slice)| slice).collect(), cut)
}

/// Where a member of a dimension that has an order of its own stands.
fn natural(context: &Context, id: MeasureId, name: &str) -> Option<fn(&Context, u32) -> u32> {
    if breakdown::is_column(context, id, name) {
        return None;
    }
    match name {
        // From the day that the project's weeks begin with.
        "weekday" => Some(|context, day| {
            let first = context.model.settings.calendar.week_start.number();
            (day + 7 - first) % 7
        }),
        "hour" => Some(|_, hour| hour),
        _ => None,
    }
}

fn number_of(slice: &Slice) -> Option<u32> {
    slice.0.first()?.1.as_ref()?.parse().ok()
}

/// A day of the week in short.
fn short(context: &Context, id: MeasureId, slice: &Slice) -> Option<String> {
    let (name, member) = slice.0.first()?;
    breakdown::weekday(context, id, name, member.as_deref()?).map(|names| names.1.to_owned())
}

fn title(context: &Context, asked: &Asked, id: MeasureId, grid: &Grid, unit: &str) -> String {
    let (grain, period) = figure::period_of(context, id);
    let name = match unit {
        "" => context.title(id),
        unit => format!("{}{}{unit}", context.title(id), context.label("list_comma")),
    };
    let dimensions: Vec<String> = match asked.by.len() {
        1 => grid.names.iter().take(1).map(|n| context.words().inside(n)).collect(),
        _ => grid.names.iter().map(|n| context.words().inside(n)).collect(),
    };
    let dimension = context.formatter.list(&dimensions);
    let period = match (asked.by.len(), grid.columns.first(), grid.columns.last()) {
        (1, Some(first), Some(last)) => {
            let span = context.formatter.span(&first.title, &last.title);
            format!("{}{}{span}", context.label(grain.cadence()), context.label("list_comma"))
        }
        _ => context.formatter.period(period).text,
    };
    let values = [("title", &*name), ("dimension", &*dimension), ("period", &*period)];
    context.words().say("breakdown_title", &values)
}

fn chart(
    context: &Context,
    grid: &Grid,
    scale: &Scale,
    label: String,
    title: &str,
    figure: &str,
) -> Chart {
    let point = |column: &Line, value: &Value| ChartPoint {
        label: column.title.clone(),
        short: column.short.clone(),
        year: column.year.clone(),
        value: say::quantity(context, value, scale),
        partial: value.known().and(column.partial.clone()),
        note: None,
        held: None,
        tone: 0,
        favour: None,
    };
    let series = |(row, values): (&Line, &Vec<Value>)| Series {
        tone: 0,
        title: row.title.clone(),
        points: grid.columns.iter().zip(values).map(|(c, v)| point(c, v)).collect(),
    };
    let series: Vec<Series> = grid.rows.iter().zip(&grid.values).map(series).collect();
    Chart {
        id: figure.to_owned(),
        kind: ChartKind::Heatmap,
        summary: format!("{title}.{}", strongest(context, grid, scale)),
        title: title.to_owned(),
        unit: ChartUnit { code: scale.unit.json(), label },
        series,
        target: None,
        events: Vec::new(),
    }
}

/// ` Highest is 340 at Monday, 10; lowest is 2 at Sunday, 4.`
fn strongest(context: &Context, grid: &Grid, scale: &Scale) -> String {
    let cells = grid.rows.iter().zip(&grid.values).flat_map(|(row, values)| {
        let cells = grid.columns.iter().zip(values);
        cells.filter_map(move |(column, value)| Some((row, column, value.known()?)))
    });
    let cells: Vec<(&Line, &Line, &Number)> = cells.collect();
    let high = cells.iter().rev().max_by(|a, b| a.2.cmp(b.2));
    let low = cells.iter().min_by(|a, b| a.2.cmp(b.2));
    let (Some(high), Some(low)) = (high, low) else { return String::new() };
    let place = |cell: &(&Line, &Line, &Number)| {
        format!("{}{}{}", cell.0.title, context.label("list_comma"), cell.1.title)
    };
    let number = |cell: &(&Line, &Line, &Number)| context.formatter.number(cell.2, scale);
    let values = [
        ("high", &*number(high)),
        ("high_at", &*place(high)),
        ("low", &*number(low)),
        ("low_at", &*place(low)),
    ];
    format!(" {}", context.words().say("heat_summary", &values))
}

fn table(grid: &Grid, title: &str, chart: &Chart) -> Table {
    let head = |line: &Line| {
        let title = match &line.partial {
            Some(partial) => format!("{} ({partial})", line.title),
            None => line.title.clone(),
        };
        TableColumn { title, numeric: true }
    };
    let first = grid.names.first().cloned().unwrap_or_default();
    let mut columns = vec![TableColumn { title: first, numeric: false }];
    columns.extend(grid.columns.iter().map(head));
    let row = |series: &Series| {
        let mut cells = vec![TableCell { text: series.title.clone(), raw: None }];
        cells.extend(series.points.iter().map(|p| figure::cell(&p.value)));
        cells
    };
    Table { caption: title.to_owned(), columns, rows: chart.series.iter().map(row).collect() }
}
