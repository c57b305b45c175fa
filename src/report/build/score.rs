//! Rows of scorecards.

use super::subject::Subject;
use super::{Context, say, trend};
use crate::eval::{Point, Slice};
use crate::model::Direction;
use crate::report::format::Scale;
use crate::report::tree::{ChangeText, ComparisonKind, OpenPeriod, ScoreRow, Spark};

/// A KPI's row: its total.
pub(super) fn row(context: &Context, subject: &Subject) -> ScoreRow {
    let spark = trend::spark(context, subject, &subject.history, &subject.slug);
    let open = subject.open.as_ref().map(|point| open(context, subject, point));
    let row = row_of(context, subject, &subject.closed, &Slice::default());
    ScoreRow { spark, open, ..row }
}

/// A KPI's row for a member of a dimension, without what its total alone has.
pub(super) fn row_of(
    context: &Context,
    subject: &Subject,
    point: &Point,
    slice: &Slice,
) -> ScoreRow {
    let period = context.formatter.period(point.period);
    let remark = point.value.known().and_then(|_| say::partial(context, point.progress));
    let remark = remark.map(|p| context.words().say("partial_value", &[("progress", &p)]));
    ScoreRow {
        kpi: format!("kpi-{}", subject.slug),
        title: context.title(subject.id),
        unit_label: subject.unit_label.clone(),
        owner: context.model.measure(subject.id).purpose.as_ref().and_then(|p| p.owner.clone()),
        own_period: point.period != context.period,
        period,
        value: say::quantity(context, &point.value, &subject.scale),
        target: point.target.as_ref().map(|t| say::level(context, &t.level, &subject.scale)),
        attainment: say::attainment(context, subject, point),
        status: say::status(context, point.verdict.as_ref(), &subject.scale.unit),
        changes: changes(context, subject, point, slice),
        spark: Spark::default(),
        open: None,
        remark,
    }
}

fn changes(context: &Context, subject: &Subject, point: &Point, slice: &Slice) -> Vec<ChangeText> {
    let change = |(kind, compare): &(ComparisonKind, crate::model::Compare)| {
        let found = context.evaluator.change(subject.id, point.period, slice, compare);
        say::change(context, subject.id, point.period, found.as_ref(), *kind, &subject.scale)
    };
    context.comparisons.iter().map(change).collect()
}

fn open(context: &Context, subject: &Subject, point: &Point) -> OpenPeriod {
    let previous = crate::model::Compare::Previous;
    let found = context.evaluator.change(subject.id, point.period, &Slice::default(), &previous);
    let kind = ComparisonKind::Previous;
    let change =
        say::change(context, subject.id, point.period, found.as_ref(), kind, &subject.scale);
    OpenPeriod {
        period: context.formatter.period(point.period),
        progress: say::partial(context, point.progress).unwrap_or_default(),
        value: say::quantity(context, &point.value, &subject.scale),
        change: Some(change),
        status: say::status(context, point.verdict.as_ref(), &subject.scale.unit),
        needed: needed(context, subject, point),
    }
}

/// What the days that are left must bring, or may where less is better.
fn needed(context: &Context, subject: &Subject, point: &Point) -> Option<String> {
    let basis = point.verdict.as_ref()?.basis.as_ref()?;
    let per_day = basis.needed_per_day.as_ref()?;
    let purpose = context.model.measure(subject.id).purpose.as_deref();
    let lower = purpose.and_then(|p| p.better) == Some(Direction::Lower);
    let name = if lower { "allowed_per_day" } else { "needed_per_day" };
    let scale = Scale::fitting(&subject.scale.unit, &[], std::slice::from_ref(per_day));
    let value = context.formatter.number(per_day, &scale);
    let days = context.formatter.plain(i64::from(basis.days_left));
    let values = [("value", &*value), ("days", &*days)];
    Some(context.words().say_of(name, u64::from(basis.days_left), &values))
}
