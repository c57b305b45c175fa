//! A measure by the members of dimensions: sorted, with shares where they add up.

use super::kpi::is_known;
use super::subject::Subject;
use super::{Context, say};
use crate::eval::{Change, Point, Slice, Value};
use crate::model::measure::Additivity;
use crate::model::{ColumnOrigin, Compare, MeasureId, RowExpr};
use crate::report::format::Scale;
use crate::report::tree::{
    Breakdown, BreakdownRow, Chart, ChartKind, ChartPoint, ChartUnit, ComparisonKind, Quantity,
    Series,
};
use crate::time::Period;
use crate::value::{Number, Unit};

/// The most members that a KPI's breakdown shows.
const MOST: usize = 10;

/// A member with what was computed for it.
pub(super) struct Member {
    pub(super) title: String,
    pub(super) point: Point,
    pub(super) change: Option<Change>,
}

/// Members by size, those that are left out put together where that is possible.
pub(super) struct Members {
    pub(super) shown: Vec<Member>,
    /// What the others come to, where they add up.
    pub(super) rest: Option<Number>,
    pub(super) cut: usize,
    pub(super) scale: Scale,
    pub(super) additive: bool,
    pub(super) total: Value,
}

/// The members of a measure in a period, the largest first, those without a value last.
pub(super) fn members(
    context: &Context,
    id: MeasureId,
    dimensions: &[String],
    period: Period,
    most: usize,
) -> Members {
    let evaluator = context.evaluator;
    let slices = evaluator.members(id, dimensions, period.start, period.end);
    let member = |slice: &Slice| Member {
        title: title(context, id, slice),
        point: evaluator.point(id, period, slice),
        change: evaluator.change(id, period, slice, &Compare::Previous),
    };
    let mut shown: Vec<Member> = slices.iter().map(member).collect();
    // Members that the measure's own conditions leave out have nothing to show.
    let known = shown.iter().filter(|m| is_known(&m.point.value)).count();
    if known > 0 {
        shown.retain(|m| !matches!(m.point.value, Value::NoData));
    }
    shown.sort_by(|a, b| {
        let size = |m: &Member| m.point.value.known().cloned();
        size(b).cmp(&size(a)).then_with(|| context.order.compare(&a.title, &b.title))
    });
    let measure = context.model.measure(id);
    let additive = measure.additive == Additivity::Additive;
    let cut = if shown.len() > most + 1 { shown.len() - most } else { 0 };
    let left = shown.split_off(shown.len() - cut);
    let rest = (additive && cut > 0).then(|| {
        let values = left.iter().filter_map(|m| m.point.value.known());
        values.fold(Number::ZERO, |sum, n| sum.add(n))
    });
    let values: Vec<Number> = shown.iter().filter_map(|m| m.point.value.known().cloned()).collect();
    let scale = Scale::fitting(&measure.unit, &values, &[]);
    let total = evaluator.value(id, period, &Slice::default());
    Members { shown, rest, cut, scale, additive, total }
}

/// A KPI by one dimension, in its last closed period.
pub(super) fn breakdown(context: &Context, subject: &Subject, dimension: &String) -> Breakdown {
    let period = subject.closed.period;
    let found = members(context, subject.id, std::slice::from_ref(dimension), period, MOST);
    let shares = found.additive && shares_make_sense(&found);
    let mut rows: Vec<BreakdownRow> =
        found.shown.iter().map(|m| row(context, subject.id, &found, m, shares)).collect();
    if let Some(rest) = &found.rest {
        rows.push(rest_row(context, &found, rest, shares));
    }
    let name = dimension_title(context, subject.id, dimension);
    let period = context.formatter.period(period);
    let id = format!("{}-by-{}", subject.slug, place_of(context, subject, dimension));
    let title = context.words().say(
        "breakdown_title",
        &[
            ("title", &context.title(subject.id)),
            ("dimension", &context.words().inside(&name)),
            ("period", &period.text),
        ],
    );
    let remarks = remarks(context, &found, &period.text);
    let chart = chart(context, id.clone(), title, ChartKind::Bar, &found.scale, &rows);
    Breakdown { id, dimension: name, period, chart, rows, shares, remarks }
}

/// A dimension's number among the KPI's: its name may be of any script.
fn place_of(context: &Context, subject: &Subject, dimension: &str) -> String {
    let plain = dimension.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if plain {
        return dimension.replace('_', "-");
    }
    let by = context.model.measure(subject.id).purpose.as_ref().map_or(&[][..], |p| &p.by);
    let place = by.iter().position(|d| d == dimension).unwrap_or(0);
    format!("dimension-{}", place + 1)
}

/// Shares of negative parts, or of nothing, say nothing.
pub(super) fn shares_make_sense(found: &Members) -> bool {
    let whole = found.total.known().is_some_and(|t| !t.is_zero() && !t.is_negative());
    whole && found.shown.iter().all(|m| m.point.value.known().is_none_or(|n| !n.is_negative()))
}

pub(super) fn remarks(context: &Context, found: &Members, period: &str) -> Vec<String> {
    let words = context.words();
    let mut remarks = Vec::new();
    if found.shown.is_empty() {
        remarks.push(words.say("no_rows_in", &[("period", period)]));
    }
    if found.cut > 0 && found.rest.is_none() {
        let count = context.formatter.whole(found.cut as u64);
        remarks.push(words.say_of("cut_members", found.cut as u64, &[("n", &count)]));
    }
    // Of a share or a mean nobody would think so; of people counted once, everybody.
    let counts = matches!(found.scale.unit, Unit::Count | Unit::Own(_));
    if counts && !found.additive && !found.shown.is_empty() {
        remarks.push(words.say("not_additive", &[]));
    }
    remarks
}

pub(super) fn row(
    context: &Context,
    id: MeasureId,
    found: &Members,
    member: &Member,
    shares: bool,
) -> BreakdownRow {
    let value = member.point.value.known();
    let target = member.point.target.as_ref();
    let change = member.change.as_ref().map(|c| {
        let kind = ComparisonKind::Previous;
        say::change(context, id, member.point.period, Some(c), kind, &found.scale)
    });
    BreakdownRow {
        member: member.title.clone(),
        value: say::quantity(context, &member.point.value, &found.scale),
        length: value.map_or(0, |n| length(n, found)),
        share: value.filter(|_| shares).and_then(|n| share(context, n, found)),
        change,
        target: target.map(|t| say::level(context, &t.level, &found.scale)),
        status: target
            .map(|_| say::status(context, member.point.verdict.as_ref(), &found.scale.unit)),
    }
}

fn rest_row(context: &Context, found: &Members, rest: &Number, shares: bool) -> BreakdownRow {
    BreakdownRow {
        member: context.label("other_members"),
        value: say::quantity(context, &Value::Known(rest.clone()), &found.scale),
        length: length(rest, found),
        share: if shares { share(context, rest, found) } else { None },
        change: None,
        target: None,
        status: None,
    }
}

fn share(context: &Context, value: &Number, found: &Members) -> Option<Quantity> {
    let share = value.div(found.total.known()?)?;
    Some(say::share(context, &share, 1))
}

/// 0 to 100 against the largest size.
fn length(value: &Number, found: &Members) -> i32 {
    let sizes = found.shown.iter().filter_map(|m| m.point.value.known().map(Number::abs));
    let largest = sizes.chain(found.rest.as_ref().map(Number::abs)).max();
    let share = largest.and_then(|l| value.mul(&Number::from(100)).div(&l));
    share.and_then(|s| s.fixed(0).parse().ok()).unwrap_or(0)
}

/// The bars or parts of some rows.
pub(super) fn chart(
    context: &Context,
    id: String,
    title: String,
    kind: ChartKind,
    scale: &Scale,
    rows: &[BreakdownRow],
) -> Chart {
    let largest = rows.iter().find(|r| r.value.raw.is_some());
    let summary = largest.map_or(String::new(), |r| {
        let values = [("member", &*r.member), ("value", &*r.value.text)];
        format!(" {}", context.words().say("breakdown_summary", &values))
    });
    let point = |row: &BreakdownRow| ChartPoint {
        label: row.member.clone(),
        short: row.member.clone(),
        year: String::new(),
        value: row.value.clone(),
        partial: None,
        note: None,
        held: None,
        tone: 0,
        favour: None,
    };
    Chart {
        id,
        kind,
        summary: format!("{title}.{summary}"),
        title,
        unit: ChartUnit { code: scale.unit.json(), label: String::new() },
        series: vec![Series {
            title: String::new(),
            tone: 0,
            points: rows.iter().map(point).collect(),
        }],
        target: None,
        events: Vec::new(),
    }
}

/// A member as it is read: of a channel its title, of several dimensions all of them.
pub(super) fn title(context: &Context, id: MeasureId, slice: &Slice) -> String {
    let name = |(dimension, member): &(String, Option<String>)| match member {
        None => context.label("none_member"),
        Some(text) => channel_title(context, id, dimension, text)
            .or_else(|| weekday(context, id, dimension, text).map(|names| names.0.to_owned()))
            .unwrap_or_else(|| text.clone()),
    };
    slice.0.iter().map(name).collect::<Vec<_>>().join(" · ")
}

/// A day of the week, long and short, where the dimension is the derived one.
pub(super) fn weekday(
    context: &Context,
    id: MeasureId,
    dimension: &str,
    member: &str,
) -> Option<(&'static str, &'static str)> {
    if dimension != "weekday" || is_column(context, id, dimension) {
        return None;
    }
    let number: usize = member.parse().ok()?;
    context.words().weekdays.get(number.checked_sub(1)?).copied()
}

/// Whether a source of a measure has a column of that name: it goes before a derived dimension.
pub(super) fn is_column(context: &Context, id: MeasureId, dimension: &str) -> bool {
    let sources = &context.model.measure(id).sources;
    sources.iter().any(|s| context.model.source(*s).column(dimension).is_some())
}

fn channel_title(
    context: &Context,
    id: MeasureId,
    dimension: &str,
    member: &str,
) -> Option<String> {
    let rules = context.model.measure(id).sources.iter().find_map(|s| {
        let source = context.model.source(*s);
        match &source.columns[source.column(dimension)?.0 as usize].origin {
            ColumnOrigin::Computed(rules @ RowExpr::Cases(..)) => Some(rules),
            _ => None,
        }
    });
    if rules.is_none() && dimension != "channel" {
        return None;
    }
    let blocks = context.model.channels.iter();
    let blocks = blocks.filter(|b| rules.is_none_or(|rules| super::channels::sorts_by(rules, b)));
    let title = context.text(&blocks.flat_map(|b| &b.channels).find(|c| c.name == member)?.title);
    (!title.is_empty()).then_some(title)
}

/// `order_type` as `Order type`.
pub(super) fn dimension_title(context: &Context, id: MeasureId, dimension: &str) -> String {
    let measure = context.model.measure(id);
    let written = measure.sources.iter().find_map(|s| {
        let source = context.model.source(*s);
        source.column(dimension).map(|c| source.columns[c.0 as usize].name.clone())
    });
    match (written, dimension) {
        (Some(name), _) => super::spoken(&name),
        (None, "weekday") => context.label("by_weekday"),
        (None, "hour") => context.label("by_hour"),
        (None, "day") => context.label("grain_day"),
        (None, "week") => context.label("grain_week"),
        (None, "month") => context.label("grain_month"),
        (None, other) => super::spoken(other),
    }
}

/// Which member moved a total most, and which one went the other way by a quarter of it or more.
/// Only of what adds up, and only against the period before.
pub(super) fn cause(context: &Context, subject: &Subject) -> String {
    let measure = context.model.measure(subject.id);
    let by = measure.purpose.as_ref().and_then(|p| p.by.first());
    let Some(dimension) = by.filter(|_| measure.additive == Additivity::Additive) else {
        return String::new();
    };
    let period = subject.closed.period;
    let total = context.evaluator.change(subject.id, period, &Slice::default(), &Compare::Previous);
    let Some(total) = total.and_then(|c| c.absolute).filter(|n| !n.is_zero()) else {
        return String::new();
    };
    let dimension = std::slice::from_ref(dimension);
    let found = members(context, subject.id, dimension, period, usize::MAX - 1);
    let moves = found.shown.iter().filter_map(|m| Some((m, m.change.as_ref()?.absolute.clone()?)));
    let moves: Vec<(&Member, Number)> = moves.collect();
    if moves.len() < 2 {
        return String::new();
    }
    let largest = |same: bool| {
        let way = moves
            .iter()
            .filter(|(_, n)| !n.is_zero() && (n.is_negative() == total.is_negative()) == same);
        way.max_by(|a, b| a.1.abs().cmp(&b.1.abs()).then_with(|| b.0.title.cmp(&a.0.title)))
    };
    let say = |(up, down): (&str, &str), (member, change): &(&Member, Number)| {
        let name = if change.is_negative() { down } else { up };
        let change = context.formatter.number(&change.abs(), &subject.scale);
        context.words().say(name, &[("member", &member.title), ("change", &change)])
    };
    let quarter = total.abs().div(&Number::from(4)).unwrap_or(Number::ZERO);
    let for_it = largest(true).map(|m| say(("cause_up", "cause_down"), m));
    let against = largest(false).filter(|(_, n)| n.abs() >= quarter);
    let against = against.map(|m| say(("counter_up", "counter_down"), m));
    for_it.into_iter().chain(against).collect()
}
