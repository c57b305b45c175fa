//! Bullets: values against their targets (Stephen Few, "Bullet Graph Design Specification", 2013),
//! one row a measure, or one a member.

use super::{Context, breakdown, figure, say};
use crate::eval::{Level, Point, Slice};
use crate::model::items::Figure as Asked;
use crate::model::{Compare, Direction, MeasureId, Purpose};
use crate::report::format::Scale;
use crate::report::tree::{
    Better, Chart, ChartKind, ChartPoint, ChartUnit, Figure, Held, Series, Table, TableCell,
    TableColumn,
};
use crate::value::Number;

/// The most members of one measure.
const MOST: usize = 12;

/// A bullet.
struct Bullet {
    id: MeasureId,
    title: String,
    point: Point,
    slice: Slice,
    scale: Scale,
}

/// One figure of all the measures, or one a measure that is broken down.
pub(super) fn bullets(
    context: &Context,
    asked: &Asked,
    measures: &[MeasureId],
    figure: String,
) -> Figure {
    let (bullets, cut) = match (asked.by.as_slice(), measures) {
        ([dimension], [id]) => of_members(context, asked, *id, dimension),
        _ => (measures.iter().map(|id| of_total(context, *id)).collect(), 0),
    };
    let period = measures.first().map_or(context.period, |id| figure::period_of(context, *id).1);
    let period = context.formatter.period(period).text;
    let title = if let ([dimension], [id]) = (asked.by.as_slice(), measures) {
        let dimension = breakdown::dimension_title(context, *id, dimension);
        let dimension = context.words().inside(&dimension);
        let name = context.title(*id);
        let values = [("title", &*name), ("dimension", &*dimension), ("period", &*period)];
        context.words().say("breakdown_title", &values)
    } else {
        let names: Vec<String> = measures.iter().map(|id| context.title(*id)).collect();
        let values = [("titles", &*context.formatter.list(&names)), ("period", &*period)];
        context.words().say("bullet_title", &values)
    };
    let chart = chart(context, &bullets, &title, &figure);
    let table = table(context, &bullets, &chart, &title);
    let mut remarks = Vec::new();
    if cut > 0 {
        let count = context.formatter.whole(cut as u64);
        remarks.push(context.words().say_of("cut_members", cut as u64, &[("n", &count)]));
    }
    Figure { id: figure, title, chart: Some(chart), table, remarks }
}

fn of_total(context: &Context, id: MeasureId) -> Bullet {
    let (_, period) = figure::period_of(context, id);
    let slice = Slice::default();
    let point = context.evaluator.point(id, period, &slice);
    let own = || scale(context, id, std::slice::from_ref(&point));
    let scale = context.subject(id).map_or_else(own, |s| s.scale.clone());
    Bullet { id, title: context.title(id), point, slice, scale }
}

fn of_members(
    context: &Context,
    asked: &Asked,
    id: MeasureId,
    dimension: &String,
) -> (Vec<Bullet>, usize) {
    let (_, period) = figure::period_of(context, id);
    let names = std::slice::from_ref(dimension);
    let slices = context.evaluator.members(id, names, period.start, period.end);
    let mut found: Vec<(Slice, Point)> = slices
        .into_iter()
        .map(|slice| {
            let point = context.evaluator.point(id, period, &slice);
            (slice, point)
        })
        .collect();
    found.sort_by(|a, b| b.1.value.known().cmp(&a.1.value.known()).then_with(|| a.0.cmp(&b.0)));
    let most = asked.top.map_or(MOST, |n| n as usize);
    let cut = found.len().saturating_sub(most);
    found.truncate(most);
    let points: Vec<Point> = found.iter().map(|(_, p)| p.clone()).collect();
    let scale = scale(context, id, &points);
    let bullet = |(slice, point): (Slice, Point)| Bullet {
        id,
        title: breakdown::title(context, id, &slice),
        point,
        slice,
        scale: scale.clone(),
    };
    (found.into_iter().map(bullet).collect(), cut)
}

fn scale(context: &Context, id: MeasureId, points: &[Point]) -> Scale {
    let values: Vec<Number> = points.iter().filter_map(|p| p.value.known().cloned()).collect();
    let levels = points.iter().filter_map(|p| p.target.as_ref());
    let exact: Vec<Number> = levels.flat_map(|t| super::subject::numbers(&t.level)).collect();
    Scale::fitting(&context.model.measure(id).unit, &values, &exact)
}

fn chart(context: &Context, bullets: &[Bullet], title: &str, figure: &str) -> Chart {
    let said: Vec<String> = bullets.iter().map(|b| said(context, b)).collect();
    let points = bullets.iter().map(|b| point(context, b)).collect();
    // Of several measures each has a scale of its own, so the chart has none.
    let of_one = bullets.iter().all(|b| !b.slice.0.is_empty());
    let code = bullets.first().filter(|_| of_one).map_or(String::new(), |b| b.scale.unit.json());
    Chart {
        id: figure.to_owned(),
        kind: ChartKind::Bullet,
        title: title.to_owned(),
        summary: format!("{title}. {}", said.join(" ")),
        unit: ChartUnit { code, label: String::new() },
        series: vec![Series { title: String::new(), tone: 0, points }],
        target: None,
        events: Vec::new(),
    }
}

/// `Revenue: £5,280 against £4,000.`
fn said(context: &Context, bullet: &Bullet) -> String {
    let value = say::quantity(context, &bullet.point.value, &bullet.scale).text;
    let level = bullet.point.target.as_ref().map(|t| say::level(context, &t.level, &bullet.scale));
    let values = [("title", &*bullet.title), ("value", &*value)];
    match &level {
        Some(level) => {
            let [title, value] = values;
            context.words().say("bullet_said", &[title, value, ("target", &level.text)])
        }
        None => context.words().say("bullet_said_plain", &values),
    }
}

fn point(context: &Context, bullet: &Bullet) -> ChartPoint {
    let (point, scale) = (&bullet.point, &bullet.scale);
    let target = point.target.as_ref().map(|t| say::level(context, &t.level, scale));
    let change =
        context.evaluator.change(bullet.id, point.period, &bullet.slice, &Compare::Previous);
    // A part of a period is no mark to hold a whole one against.
    let before = change.filter(|c| c.progress.complete && c.from.known().is_some());
    let before = before.map(|c| say::quantity(context, &c.from, scale));
    let purpose = context.model.measure(bullet.id).purpose.as_deref();
    let level = point.target.as_ref().map(|t| &t.level);
    ChartPoint {
        label: bullet.title.clone(),
        short: bullet.title.clone(),
        year: String::new(),
        value: say::quantity(context, &point.value, scale),
        partial: point.value.known().and_then(|_| say::partial(context, point.progress)),
        note: target.as_ref().map(|t| context.words().say("target_at", &[("value", &t.text)])),
        tone: 0,
        favour: None,
        held: Some(Held {
            better: better(purpose, level),
            edge: level.and_then(|level| edge(purpose, level)).map(|n| n.to_plain()),
            target,
            before,
        }),
    }
}

fn better(purpose: Option<&Purpose>, level: Option<&Level>) -> Better {
    match (purpose.and_then(|p| p.better), level) {
        (Some(Direction::Lower), _) => Better::Lower,
        (Some(Direction::Within), _) | (None, Some(Level::Range(..))) => Better::Within,
        (Some(Direction::Higher) | None, _) => Better::Higher,
    }
}

/// Where at risk ends: the target less (or more) its tolerance.
fn edge(purpose: Option<&Purpose>, level: &Level) -> Option<Number> {
    let tolerance = &purpose?.tolerance;
    if tolerance.is_zero() {
        return None;
    }
    let room = |border: &Number| border.abs().mul(tolerance);
    match (better(purpose, Some(level)), level) {
        (Better::Higher, Level::Value(border) | Level::Range(border, _)) => {
            Some(border.sub(&room(border)))
        }
        (Better::Lower, Level::Value(border) | Level::Range(_, border)) => {
            Some(border.add(&room(border)))
        }
        (Better::Within, _) => None,
    }
}

fn table(context: &Context, bullets: &[Bullet], chart: &Chart, title: &str) -> Table {
    let column = |name: &str, numeric| TableColumn { title: context.label(name), numeric };
    let columns = vec![
        column("kpi", false),
        column("period", false),
        column("value", true),
        column("target", true),
        column("previous_value", true),
        column("status", false),
    ];
    let none = || TableCell { text: context.label("none"), raw: None };
    let points = chart.series.iter().flat_map(|s| &s.points);
    let row = |(bullet, point): (&Bullet, &ChartPoint)| {
        let held = point.held.as_ref();
        let target = held.and_then(|h| h.target.as_ref());
        let before = held.and_then(|h| h.before.as_ref());
        let status = say::status(
            context,
            bullet.point.verdict.as_ref(),
            &context.model.measure(bullet.id).unit,
        );
        vec![
            TableCell { text: bullet.title.clone(), raw: None },
            TableCell { text: context.formatter.period(bullet.point.period).text, raw: None },
            figure::cell(&point.value),
            target.map_or_else(none, |t| TableCell {
                text: t.text.clone(),
                raw: Some(t.raw.clone()),
            }),
            before.map_or_else(none, figure::cell),
            TableCell { text: status.word, raw: None },
        ]
    };
    let rows = bullets.iter().zip(points).map(row).collect();
    Table { caption: title.to_owned(), columns, rows }
}
