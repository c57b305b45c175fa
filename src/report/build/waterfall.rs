//! Waterfalls: what a change is made of, member by member, from the value of the period before to
//! that of this one.

use super::{Context, breakdown, figure, say};
use crate::eval::{Slice, Value};
use crate::model::MeasureId;
use crate::model::items::{Compare, Figure as Asked};
use crate::report::format::Scale;
use crate::report::tree::{
    Chart, ChartKind, ChartPoint, ChartUnit, Figure, Quantity, Series, Table, TableCell,
    TableColumn,
};
use crate::time::Period;
use crate::value::Number;

/// The most members; the others are put together.
const MOST: usize = 8;

/// The values of two periods and what lies between them.
struct Change {
    from: (Period, Number),
    to: (Period, Number),
    /// Members by the size of their differences, then the others together.
    parts: Vec<(String, Number)>,
}

/// One measure whose members add up, by one dimension.
pub(super) fn waterfall(context: &Context, asked: &Asked, id: MeasureId, figure: String) -> Figure {
    let measure = context.model.measure(id);
    let dimension = asked.by.first().map_or("", String::as_str);
    let dimension = breakdown::dimension_title(context, id, dimension);
    let (_, period) = figure::period_of(context, id);
    let before = context.model.settings.calendar.shift(period, -1);
    let text = |period: Period| context.formatter.period(period).text;
    let (from, to) = (text(before), text(period));
    let values = [
        ("title", &*context.title(id)),
        ("dimension", &*context.words().inside(&dimension)),
        ("from", &*from),
        ("to", &*to),
    ];
    let title = context.words().say("waterfall_title", &values);
    let change = change(context, asked, id, (before, period));
    let ends = change.iter().flat_map(|c| [&c.from.1, &c.to.1]);
    let parts = change.iter().flat_map(|c| c.parts.iter().map(|(_, n)| n));
    let known: Vec<Number> = ends.chain(parts).cloned().collect();
    let scale = Scale::fitting(&measure.unit, &known, &[]);
    let points = change.as_ref().map_or(Vec::new(), |c| points(context, id, c, &scale));
    let mut remarks = Vec::new();
    let summary = if let Some(change) = &change {
        let number = |n: &Number| context.formatter.number(n, &scale);
        let (a, b) = (number(&change.from.1), number(&change.to.1));
        let values = [("from", &*from), ("to", &*to), ("old", &*a), ("new", &*b)];
        format!("{title}. {}", context.words().say("waterfall_summary", &values))
    } else {
        let values = [("from", &*from), ("to", &*to)];
        remarks.push(context.words().say("waterfall_without", &values));
        title.clone()
    };
    let table = table(context, &title, &dimension, &points);
    let chart = Chart {
        id: figure.clone(),
        kind: ChartKind::Waterfall,
        summary,
        title: title.clone(),
        unit: ChartUnit { code: scale.unit.json(), label: String::new() },
        series: vec![Series { title: String::new(), tone: 0, points }],
        target: None,
        events: Vec::new(),
    };
    Figure { id: figure, title, chart: Some(chart), table, remarks }
}

/// None where one of the periods has no value: a difference to nothing is none.
fn change(
    context: &Context,
    asked: &Asked,
    id: MeasureId,
    (before, period): (Period, Period),
) -> Option<Change> {
    let evaluator = context.evaluator;
    let value = |period: Period, slice: &Slice| evaluator.value(id, period, slice);
    let all = Slice::default();
    let compared = evaluator.change(id, period, &all, &Compare::Previous)?;
    // From a period that is covered only in part there is no change.
    compared.absolute.as_ref()?;
    let Value::Known(old) = compared.from else { return None };
    let Value::Known(new) = value(period, &all) else { return None };
    let known = |value: Value| value.known().cloned().unwrap_or(Number::ZERO);
    let mut slices = evaluator.members(id, &asked.by, before.start, period.end);
    slices.dedup();
    let mut parts: Vec<(String, Number)> = slices
        .iter()
        .map(|slice| {
            let moved = known(value(period, slice)).sub(&known(value(before, slice)));
            (breakdown::title(context, id, slice), moved)
        })
        .filter(|(_, moved)| !moved.is_zero())
        .collect();
    parts.sort_by(|a, b| b.1.abs().cmp(&a.1.abs()).then_with(|| context.order.compare(&a.0, &b.0)));
    let most = asked.top.map_or(MOST, |n| n as usize);
    if parts.len() > most + 1 {
        parts.truncate(most);
    }
    // What the members shown do not explain is the others': the last step ends at the new value.
    let shown = parts.iter().fold(Number::ZERO, |sum, (_, n)| sum.add(n));
    let rest = new.sub(&old).sub(&shown);
    if !rest.is_zero() {
        parts.push((context.label("other_members"), rest));
    }
    Some(Change { from: (before, old), to: (period, new), parts })
}

fn points(context: &Context, id: MeasureId, change: &Change, scale: &Scale) -> Vec<ChartPoint> {
    let point = |label: String, value: Quantity| ChartPoint {
        short: label.clone(),
        label,
        year: String::new(),
        value,
        partial: None,
        note: None,
        held: None,
        tone: 0,
        favour: None,
    };
    let end = |(period, number): &(Period, Number)| {
        let value = say::number(context, number, scale, &scale.unit.json());
        point(context.formatter.period(*period).text, value)
    };
    let step = |(member, moved): &(String, Number)| {
        let favour = Some(say::favour_of(context, id, moved));
        ChartPoint { favour, ..point(member.clone(), say::difference(context, moved, scale)) }
    };
    let steps = change.parts.iter().map(step);
    std::iter::once(end(&change.from)).chain(steps).chain([end(&change.to)]).collect()
}

fn table(context: &Context, caption: &str, dimension: &str, points: &[ChartPoint]) -> Table {
    let columns = vec![
        TableColumn { title: dimension.to_owned(), numeric: false },
        TableColumn { title: context.label("value"), numeric: true },
    ];
    let row = |p: &ChartPoint| {
        vec![TableCell { text: p.label.clone(), raw: None }, figure::cell(&p.value)]
    };
    Table { caption: caption.to_owned(), columns, rows: points.iter().map(row).collect() }
}
