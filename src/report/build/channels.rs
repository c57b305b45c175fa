//! The channel scorecard: each channel with the KPIs that apply to it.

use super::subject::Subject;
use super::{Context, score, trend};
use crate::eval::{Point, Slice};
use crate::model::{Channel, ChannelBlock, ColumnOrigin, MeasureId, Model, RowExpr};
use crate::report::tree::{ChannelGroup, ScoreRow};

/// The channels that KPIs of the report apply to, in the order of the spec.
pub(super) fn groups(context: &Context) -> Vec<ChannelGroup> {
    let mut groups = Vec::new();
    for (block, channel) in all(context.model) {
        let name = block.name_of(channel);
        let applies = |s: &&Subject| {
            let purpose = context.model.measure(s.id).purpose.as_ref();
            purpose.is_some_and(|p| p.channels.contains(&name))
        };
        let subjects = context.subjects.iter().filter(applies);
        let rows: Vec<ScoreRow> = subjects.map(|s| row(context, s, (block, channel))).collect();
        if !rows.is_empty() {
            let title = context.text(&channel.title);
            let title = if title.is_empty() { channel.name.clone() } else { title };
            groups.push(ChannelGroup { title, rows });
        }
    }
    groups
}

fn all(model: &Model) -> impl Iterator<Item = (&ChannelBlock, &Channel)> {
    model.channels.iter().flat_map(|b| b.channels.iter().map(move |c| (b, c)))
}

/// The value in the channel, or the total where the sources do not know channels.
fn row(
    context: &Context,
    subject: &Subject,
    (block, channel): (&ChannelBlock, &Channel),
) -> ScoreRow {
    let id = format!("{}-in-{}", subject.slug, slug(context, channel));
    let Some(dimension) = dimension(context.model, subject.id, (block, channel)) else {
        let remark = Some(context.words().say("total_stands_in", &[]));
        let spark = trend::spark(context, subject, &subject.history, &id);
        return ScoreRow { remark, spark, open: None, ..score::row(context, subject) };
    };
    let slice = Slice(vec![(dimension, Some(channel.name.clone()))]);
    let point = |p: &Point| context.evaluator.point(subject.id, p.period, &slice);
    let history: Vec<Point> = subject.history.iter().map(point).collect();
    let closed = point(&subject.closed);
    let spark = trend::spark(context, subject, &history, &id);
    ScoreRow { spark, ..score::row_of(context, subject, &closed, &slice) }
}

/// A channel's place among all: its name may be of any script.
fn slug(context: &Context, channel: &Channel) -> usize {
    all(context.model).take_while(|(_, c)| !std::ptr::eq(*c, channel)).count() + 1
}

/// The dimensions that the channels of a KPI are members of.
pub(super) fn dimensions(model: &Model, id: MeasureId) -> Vec<String> {
    let Some(purpose) = &model.measure(id).purpose else { return Vec::new() };
    let mut found: Vec<String> = all(model)
        .filter(|(block, channel)| purpose.channels.contains(&block.name_of(channel)))
        .filter_map(|placed| dimension(model, id, placed))
        .collect();
    found.sort();
    found.dedup();
    found
}

/// The dimension of a measure that sorts rows into a channel; else the one named `channel`.
fn dimension(
    model: &Model,
    id: MeasureId,
    (block, channel): (&ChannelBlock, &Channel),
) -> Option<String> {
    let measure = model.measure(id);
    let sorts = |dimension: &&String| {
        let columns = measure.sources.iter().filter_map(|s| {
            let source = model.source(*s);
            Some(&source.columns[source.column(dimension)?.0 as usize])
        });
        columns
            .into_iter()
            .any(|c| matches!(&c.origin, ColumnOrigin::Computed(e) if sorts_by(e, block) && gives(e, channel)))
    };
    let found = measure.dimensions.iter().find(sorts);
    let raw = || {
        let named = measure.dimensions.iter().find(|d| *d == "channel")?;
        // A channel without rules is an area: it is no member of a column that has rules.
        let ruled = measure.sources.iter().any(|s| {
            let source = model.source(*s);
            source.column(named).is_some_and(|c| {
                matches!(
                    source.columns[c.0 as usize].origin,
                    ColumnOrigin::Computed(RowExpr::Cases(..))
                )
            })
        });
        (!ruled).then_some(named)
    };
    found.or_else(raw).cloned()
}

/// Whether an expression is the rules of a block: a row's channel is one of that block.
pub(super) fn sorts_by(expression: &RowExpr, block: &ChannelBlock) -> bool {
    match expression {
        RowExpr::Cases(cases, otherwise) => {
            cases.iter().map(|(_, name)| name).chain(otherwise).eq(&block.ruled)
        }
        _ => false,
    }
}

fn gives(expression: &RowExpr, channel: &Channel) -> bool {
    match expression {
        RowExpr::Cases(cases, otherwise) => {
            cases.iter().any(|(_, name)| *name == channel.name)
                || otherwise.as_ref() == Some(&channel.name)
        }
        _ => false,
    }
}
