//! Charts and tables that the spec asks for.

use super::breakdown::{self, Members};
use super::subject::{self, Subject};
use super::{Context, bullet, funnel, heat, say, stacked, trend, waterfall};
use crate::eval::{Point, Slice};
use crate::model::items::{Figure as Asked, FigureKind};
use crate::model::{Compare, MeasureId};
use crate::report::format::Scale;
use crate::report::tree::{
    BreakdownRow, Chart, ChartKind, ChartUnit, ComparisonKind, Figure, Quantity, Series, Table,
    TableCell, TableColumn,
};
use crate::time::{Grain, Period};
use crate::value::Number;

/// The most members of a chart or table where the spec does not say.
const MOST: usize = 20;
/// The most lines of one chart.
const LINES: usize = 5;
/// The most parts of a pie.
const PARTS: usize = 5;

/// A measure or a member over time.
pub(super) struct Line {
    pub(super) title: String,
    /// As a [`Series`] has it.
    pub(super) tone: u8,
    pub(super) points: Vec<Point>,
}

/// One figure, or one a measure: bars and pies are of one measure each. What the KPI's own part
/// shows already is not shown again.
pub(super) fn figures(context: &Context, asked: &Asked, number: &mut usize) -> Vec<Figure> {
    if shown_already(context, asked) {
        return Vec::new();
    }
    let mut id = || {
        *number += 1;
        format!("figure-{number}")
    };
    match (asked.kind, asked.by.is_empty()) {
        (FigureKind::Line, true) => {
            let charts = of_one_unit(context, asked).into_iter();
            charts.map(|a| lines_of_measures(context, &a, id())).collect()
        }
        (FigureKind::Table, true) => vec![scores(context, asked, id())],
        (FigureKind::Line, false) => {
            asked.measures.iter().map(|m| lines_by(context, asked, *m, id())).collect()
        }
        (FigureKind::Bar, true) => {
            let charts = of_one_unit(context, asked).into_iter();
            charts.map(|a| bars_of_measures(context, &a, id())).collect()
        }
        (FigureKind::Heatmap, _) => {
            asked.measures.iter().map(|m| heat::heat(context, asked, *m, id())).collect()
        }
        (FigureKind::Stacked, _) => {
            asked.measures.iter().map(|m| stacked::stacked(context, asked, *m, id())).collect()
        }
        (FigureKind::Waterfall, _) => {
            asked.measures.iter().map(|m| waterfall::waterfall(context, asked, *m, id())).collect()
        }
        (FigureKind::Funnel, _) => vec![funnel::funnel(context, asked, id())],
        (FigureKind::Bullet, true) => {
            vec![bullet::bullets(context, asked, &asked.measures, id())]
        }
        (FigureKind::Bullet, false) => {
            let alone = asked.measures.chunks(1);
            alone.map(|m| bullet::bullets(context, asked, m, id())).collect()
        }
        _ => asked.measures.iter().map(|m| by(context, asked, *m, id())).collect(),
    }
}

/// A chart has one scale: measures of several units, and more lines than can be told apart, become
/// several charts, in the order in which the spec names them.
fn of_one_unit(context: &Context, asked: &Asked) -> Vec<Asked> {
    let unit = |id: MeasureId| context.model.measure(id).unit.json();
    let most = if asked.kind == FigureKind::Line { LINES } else { usize::MAX };
    let mut charts: Vec<Asked> = Vec::new();
    for id in &asked.measures {
        let fits = |chart: &&mut Asked| {
            chart.measures.len() < most && unit(chart.measures[0]) == unit(*id)
        };
        match charts.iter_mut().find(fits) {
            Some(chart) => chart.measures.push(*id),
            None => charts.push(Asked { measures: vec![*id], ..asked.clone() }),
        }
    }
    charts
}

/// A line of one KPI is its trend; bars and tables of it by a dimension of its `by` are its
/// breakdown.
fn shown_already(context: &Context, asked: &Asked) -> bool {
    let [id] = asked.measures.as_slice() else { return false };
    let Some(purpose) =
        context.subject(*id).and_then(|s| context.model.measure(s.id).purpose.as_ref())
    else {
        return false;
    };
    match (asked.kind, asked.by.as_slice()) {
        (FigureKind::Line, []) => true,
        (FigureKind::Bar | FigureKind::Table, [dimension]) => {
            asked.top.is_none() && purpose.by.contains(dimension)
        }
        _ => false,
    }
}

/// The grain and last closed period of a measure, a metric's by the report's own.
pub(super) fn period_of(context: &Context, id: MeasureId) -> (Grain, Period) {
    let measure = context.model.measure(id);
    let cadence = measure.purpose.as_ref().and_then(|p| p.cadences.first().copied());
    let grain = cadence.unwrap_or(context.spec.cadence);
    let closed = context.evaluator.last_closed(id, grain);
    let calendar = &context.model.settings.calendar;
    let none = || calendar.period_of(grain, context.evaluator.as_of());
    (grain, closed.unwrap_or_else(none))
}

fn by(context: &Context, asked: &Asked, id: MeasureId, figure: String) -> Figure {
    let (_, period) = period_of(context, id);
    let most = asked.top.map_or(MOST, |n| n as usize);
    let most = if asked.kind == FigureKind::Pie { most.min(PARTS - 1) } else { most };
    let mut by = asked.by.clone();
    by.sort();
    let found = breakdown::members(context, id, &by, period, most);
    let shares = found.additive && breakdown::shares_make_sense(&found);
    let mut rows: Vec<BreakdownRow> =
        found.shown.iter().map(|m| breakdown::row(context, id, &found, m, shares)).collect();
    rows.extend(rest(context, &found, shares));
    let names = by.iter().enumerate().map(|(i, d)| {
        let title = breakdown::dimension_title(context, id, d);
        if i == 0 { title } else { context.words().inside(&title) }
    });
    let names: Vec<String> = names.collect();
    let period_text = context.formatter.period(period).text;
    let dimension = context.formatter.list(&names);
    let title = context.words().say(
        "breakdown_title",
        &[
            ("title", &context.title(id)),
            ("dimension", &context.words().inside(&dimension)),
            ("period", &period_text),
        ],
    );
    let kind = match asked.kind {
        FigureKind::Bar => Some(ChartKind::Bar),
        FigureKind::Pie => Some(ChartKind::Pie),
        _ => None,
    };
    let chart = kind.map(|kind| {
        breakdown::chart(context, figure.clone(), title.clone(), kind, &found.scale, &rows)
    });
    let dimension_key = by.first().cloned().unwrap_or_default();
    let others = found.cut > 0;
    let chart = chart.map(|c| match c.kind {
        ChartKind::Pie => parts(context, c, &rows, (&dimension_key, others)),
        _ => c,
    });
    let table = breakdown_table(context, &title, &dimension, &rows, shares);
    let remarks = breakdown::remarks(context, &found, &period_text);
    Figure { id: figure, title, chart, table, remarks }
}

fn rest(context: &Context, found: &Members, shares: bool) -> Option<BreakdownRow> {
    let rest = found.rest.as_ref()?;
    let share = found.total.known().filter(|_| shares).and_then(|t| rest.div(t));
    Some(BreakdownRow {
        member: context.label("other_members"),
        value: say::number(context, rest, &found.scale, &found.scale.unit.json()),
        length: 0,
        share: share.map(|s| say::share(context, &s, 1)),
        change: None,
        target: None,
        status: None,
    })
}

/// A pie's parts are labelled with their shares and have the colours of their members; the others,
/// which come last, have none.
fn parts(
    context: &Context,
    mut chart: Chart,
    rows: &[BreakdownRow],
    (dimension, others): (&str, bool),
) -> Chart {
    let points = chart.series.iter_mut().flat_map(|s| &mut s.points);
    for (at, (point, row)) in points.zip(rows).enumerate() {
        if let Some(share) = &row.share {
            point.value = Quantity { text: share.text.clone(), ..point.value.clone() };
        }
        if !(others && at + 1 == rows.len()) {
            point.tone = context.tone(dimension, &row.member);
        }
    }
    chart
}

fn breakdown_table(
    context: &Context,
    caption: &str,
    dimension: &str,
    rows: &[BreakdownRow],
    shares: bool,
) -> Table {
    let column = |name: &str, numeric| TableColumn { title: context.label(name), numeric };
    let mut columns = vec![TableColumn { title: dimension.to_owned(), numeric: false }];
    columns.push(column("value", true));
    if shares {
        columns.push(column("share", true));
    }
    columns.push(column("change", true));
    let none = || TableCell { text: context.label("none"), raw: None };
    let cells = |row: &BreakdownRow| {
        let mut cells = vec![TableCell { text: row.member.clone(), raw: None }, cell(&row.value)];
        if shares {
            cells.push(row.share.as_ref().map_or_else(none, cell));
        }
        cells.push(row.change.as_ref().map_or_else(none, |c| TableCell {
            text: c.text.clone(),
            raw: c.relative.as_ref().or(c.absolute.as_ref()).and_then(|q| q.raw.clone()),
        }));
        cells
    };
    Table { caption: caption.to_owned(), columns, rows: rows.iter().map(cells).collect() }
}

pub(super) fn cell(quantity: &Quantity) -> TableCell {
    TableCell { text: quantity.text.clone(), raw: quantity.raw.clone() }
}

/// Measures over time, one line each.
fn lines_of_measures(context: &Context, asked: &Asked, figure: String) -> Figure {
    let shown = asked.measures.as_slice();
    if let ([_], Some(subject)) = (shown, asked.measures.first().and_then(|m| context.subject(*m)))
    {
        let chart = Chart { id: figure.clone(), ..trend::line(context, subject) };
        return over_time(context, chart, figure);
    }
    let Some(first) = shown.first() else {
        return Figure {
            id: figure,
            title: String::new(),
            chart: None,
            table: Table::default(),
            remarks: Vec::new(),
        };
    };
    let (grain, period) = period_of(context, *first);
    let line = |(at, id): (usize, &MeasureId)| Line {
        title: context.title(*id),
        tone: (at % LINES) as u8,
        points: history(context, *id, grain, period, &Slice::default()),
    };
    let lines: Vec<Line> = shown.iter().enumerate().map(line).collect();
    let names: Vec<String> = lines.iter().map(|l| l.title.clone()).collect();
    let title = context.formatter.list(&names);
    line_chart(context, &title, *first, grain, &lines, shown, figure)
}

/// A measure over time, one line a member.
fn lines_by(context: &Context, asked: &Asked, id: MeasureId, figure: String) -> Figure {
    let (grain, period) = period_of(context, id);
    let most = asked.top.map_or(LINES, |n| (n as usize).min(LINES));
    let found = context.evaluator.members(id, &asked.by, period.start, period.end);
    let mut sized: Vec<(Option<Number>, Slice)> = found
        .into_iter()
        .map(|s| (context.evaluator.value(id, period, &s).known().cloned(), s))
        .collect();
    sized.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let cut = sized.len().saturating_sub(most);
    sized.truncate(most);
    let members = breakdown::members(context, id, &asked.by, period, usize::MAX - 1);
    let name = |slice: &Slice, n: &Option<Number>| {
        let same = |m: &&breakdown::Member| m.point.value.known() == n.as_ref();
        let titles: Vec<&breakdown::Member> = members.shown.iter().filter(same).collect();
        match titles.as_slice() {
            [one] => one.title.clone(),
            _ => slice.0.iter().filter_map(|(_, m)| m.clone()).collect::<Vec<_>>().join(" · "),
        }
    };
    let dimension = asked.by.first().map_or("", String::as_str);
    let line = |(n, slice): &(Option<Number>, Slice)| {
        let title = name(slice, n);
        let tone = context.tone(dimension, &title);
        Line { title, tone, points: history(context, id, grain, period, slice) }
    };
    let lines: Vec<Line> = sized.iter().map(line).collect();
    let title = context.title(id);
    let mut drawn = line_chart(context, &title, id, grain, &lines, &[id], figure);
    if cut > 0 {
        let count = context.formatter.whole(cut as u64);
        drawn.remarks.push(context.words().say_of("cut_members", cut as u64, &[("n", &count)]));
    }
    drawn
}

pub(super) fn history(
    context: &Context,
    id: MeasureId,
    grain: Grain,
    last: Period,
    slice: &Slice,
) -> Vec<Point> {
    let calendar = &context.model.settings.calendar;
    let known = context.subjects.iter().find(|s| s.grain == grain);
    let first = known.and_then(|s| s.history.first()).map(|p| p.period);
    let first = first.unwrap_or_else(|| calendar.shift(last, -12));
    let periods = calendar.periods(grain, first.start, last.end);
    periods.into_iter().map(|p| context.evaluator.point(id, p, slice)).collect()
}

fn line_chart(
    context: &Context,
    title: &str,
    id: MeasureId,
    grain: Grain,
    lines: &[Line],
    ids: &[MeasureId],
    figure: String,
) -> Figure {
    let measure = context.model.measure(id);
    let values = lines.iter().flat_map(|l| &l.points).filter_map(|p| p.value.known().cloned());
    let scale = Scale::fitting(&measure.unit, &values.collect::<Vec<_>>(), &[]);
    let periods: Vec<Period> =
        lines.first().map_or(Vec::new(), |l| l.points.iter().map(|p| p.period).collect());
    let label = subject::unit_label(context, measure);
    let said = lines.iter().map(|l| trend::summary(context, &l.title, &l.points, &scale));
    let chart = Chart {
        id: figure.clone(),
        kind: ChartKind::Line,
        title: trend::line_title(context, title, &label, grain, &periods),
        summary: said.collect::<Vec<_>>().join(" "),
        unit: ChartUnit { code: scale.unit.json(), label },
        series: lines
            .iter()
            .map(|l| Series { tone: l.tone, ..trend::series(context, &l.title, &l.points, &scale) })
            .collect(),
        target: None,
        events: trend::marks(context, ids, &periods),
    };
    over_time(context, chart, figure)
}

/// A line chart with its table: periods down, series across.
pub(super) fn over_time(context: &Context, chart: Chart, figure: String) -> Figure {
    let several = chart.series.len() > 1;
    let head = |title: String, numeric| TableColumn { title, numeric };
    let mut columns = vec![head(context.label("period"), false)];
    columns.extend(
        chart
            .series
            .iter()
            .map(|s| head(if several { s.title.clone() } else { context.label("value") }, true)),
    );
    if chart.target.is_some() {
        columns.push(head(context.label("target"), true));
    }
    let points = chart.series.first().map_or(&[][..], |s| &s.points[..]);
    let rows = points.iter().enumerate().map(|(i, point)| {
        let label = match &point.partial {
            Some(partial) => format!("{} ({partial})", point.label),
            None => point.label.clone(),
        };
        let mut cells = vec![TableCell { text: label, raw: None }];
        cells.extend(chart.series.iter().map(|s| cell(&s.points[i].value)));
        if let Some(target) = &chart.target {
            let none = TableCell { text: context.label("none"), raw: None };
            let level = target.levels[i].as_ref();
            cells.push(
                level
                    .map_or(none, |l| TableCell { text: l.text.clone(), raw: Some(l.raw.clone()) }),
            );
        }
        cells
    });
    let table = Table { caption: chart.title.clone(), columns, rows: rows.collect() };
    Figure {
        id: figure,
        title: chart.title.clone(),
        chart: Some(chart),
        table,
        remarks: Vec::new(),
    }
}

/// Measures side by side, of one unit.
fn bars_of_measures(context: &Context, asked: &Asked, figure: String) -> Figure {
    let scores = scores(context, asked, figure.clone());
    let point = |id: &MeasureId| {
        let (_, period) = period_of(context, *id);
        let value = context.evaluator.value(*id, period, &Slice::default());
        (context.title(*id), value)
    };
    let points: Vec<_> = asked.measures.iter().map(point).collect();
    let unit = asked.measures.first().map(|id| context.model.measure(*id).unit.clone());
    let unit = unit.unwrap_or(crate::value::Unit::Number);
    let values: Vec<Number> = points.iter().filter_map(|p| p.1.known().cloned()).collect();
    let scale = Scale::fitting(&unit, &values, &[]);
    let rows: Vec<BreakdownRow> = points
        .into_iter()
        .map(|(member, value)| BreakdownRow {
            member,
            value: say::quantity(context, &value, &scale),
            length: 0,
            share: None,
            change: None,
            target: None,
            status: None,
        })
        .collect();
    let title = scores.title.clone();
    let chart = breakdown::chart(context, figure, title, ChartKind::Bar, &scale, &rows);
    Figure { chart: Some(chart), ..scores }
}

/// Measures in a table: value, change against the period before.
fn scores(context: &Context, asked: &Asked, figure: String) -> Figure {
    let names: Vec<String> = asked.measures.iter().map(|id| context.title(*id)).collect();
    let title = context.formatter.list(&names);
    let column = |name: &str, numeric| TableColumn { title: context.label(name), numeric };
    let columns = vec![
        column("kpi", false),
        column("period", false),
        column("value", true),
        column("previous", true),
    ];
    let row = |id: &MeasureId| {
        let (_, period) = period_of(context, *id);
        let subject: Option<&Subject> = context.subject(*id);
        let value = context.evaluator.value(*id, period, &Slice::default());
        let unit = &context.model.measure(*id).unit;
        let fresh =
            || Scale::fitting(unit, &value.known().cloned().into_iter().collect::<Vec<_>>(), &[]);
        let scale = subject.map_or_else(fresh, |s| s.scale.clone());
        let change = context.evaluator.change(*id, period, &Slice::default(), &Compare::Previous);
        let kind = ComparisonKind::Previous;
        let change = say::change(context, *id, period, change.as_ref(), kind, &scale);
        let quantity = say::quantity(context, &value, &scale);
        vec![
            TableCell { text: context.title(*id), raw: None },
            TableCell { text: context.formatter.period(period).text, raw: None },
            cell(&quantity),
            TableCell {
                text: change.text,
                raw: change.relative.or(change.absolute).and_then(|q| q.raw),
            },
        ]
    };
    let rows = asked.measures.iter().map(row).collect();
    let table = Table { caption: title.clone(), columns, rows };
    Figure { id: figure, title, chart: None, table, remarks: Vec::new() }
}
