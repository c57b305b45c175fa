//! For programs: one object.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Compared;
use super::wording::{place, unvalued};
use crate::changes::Edit;
use crate::driver::{Effect, Moved, Side};
use crate::eval::Level;

#[derive(Serialize)]
struct Whole<'c> {
    old: Revision<'c>,
    new: Revision<'c>,
    as_of: Option<String>,
    definitions: Vec<Definition<'c>>,
    values: Vec<Values<'c>>,
    /// Why there are no values.
    values_missing: Option<String>,
}

#[derive(Serialize)]
struct Revision<'c> {
    name: &'c str,
    commit: Option<&'c str>,
}

#[derive(Serialize)]
struct Definition<'c> {
    change: &'static str,
    kind: &'static str,
    name: &'c str,
    was: Option<&'c str>,
    title: Option<&'c str>,
    place: String,
    properties: Vec<Edited<'c>>,
}

/// A property of a definition, before and now.
#[derive(Serialize)]
pub(in crate::cli) struct Edited<'c> {
    property: &'c str,
    old: Option<&'c str>,
    new: Option<&'c str>,
    because: Option<Because<'c>>,
}

#[derive(Serialize)]
struct Because<'c> {
    trigger: Option<&'c str>,
    text: &'c str,
}

#[derive(Serialize)]
struct Values<'c> {
    change: &'static str,
    kpi: &'c str,
    title: &'c str,
    unit: String,
    unit_before: Option<String>,
    /// Changed definitions that it is made of.
    follows: &'c [String],
    cadence: &'static str,
    periods: usize,
    reports: &'c [String],
    /// What stands for all: the latest period that is over, else the latest that differs.
    latest: Option<Row<'c>>,
    /// Members that differ in that period.
    members: Vec<Row<'c>>,
    /// All periods that differ.
    differ: Vec<Row<'c>>,
}

#[derive(Serialize)]
struct Row<'c> {
    period: &'c str,
    start: String,
    end: String,
    /// Dimension and member; empty of the total.
    by: BTreeMap<&'c str, Option<&'c str>>,
    old: Option<Numbers>,
    new: Option<Numbers>,
}

#[derive(Serialize)]
struct Numbers {
    value: Option<String>,
    target: Option<String>,
    status: Option<&'static str>,
}

/// The object, and a line feed.
pub(super) fn write(compared: &Compared) -> String {
    let found = &compared.found;
    let definitions = found.changes.iter().map(|change| Definition {
        change: change.what.word(),
        kind: change.kind,
        name: &change.name,
        was: change.was.as_deref(),
        title: change.title.as_deref(),
        place: place(compared, change),
        properties: change.edits.iter().map(property).collect(),
    });
    let whole = Whole {
        old: Revision { name: &compared.old.name, commit: compared.old.commit.as_deref() },
        new: Revision { name: &compared.new.name, commit: compared.new.commit.as_deref() },
        as_of: found.as_of.map(|day| day.to_string()),
        definitions: definitions.collect(),
        values: found.effects.iter().map(values).collect(),
        values_missing: unvalued(compared),
    };
    serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
}

/// An edit as it is written.
pub(in crate::cli) fn property(edit: &Edit) -> Edited<'_> {
    Edited {
        property: &edit.property,
        old: edit.old.as_deref(),
        new: edit.new.as_deref(),
        because: edit
            .because
            .as_ref()
            .map(|because| Because { trigger: because.trigger.as_deref(), text: &because.text }),
    }
}

fn values(effect: &Effect) -> Values<'_> {
    Values {
        change: effect.what.word(),
        kpi: &effect.name,
        title: &effect.title,
        unit: effect.unit.json(),
        unit_before: effect.unit_before.as_ref().map(crate::value::Unit::json),
        follows: &effect.follows,
        cadence: effect.cadence.cadence(),
        periods: effect.periods,
        reports: &effect.reports,
        latest: effect.latest.as_ref().map(period),
        members: effect.members.iter().map(period).collect(),
        differ: effect.moved.iter().map(period).collect(),
    }
}

fn period(moved: &Moved) -> Row<'_> {
    Row {
        period: &moved.label,
        start: moved.period.start.to_string(),
        end: moved.period.end.to_string(),
        by: moved.member.iter().map(|(dimension, m)| (dimension.as_str(), m.as_deref())).collect(),
        old: moved.old.as_ref().map(numbers),
        new: moved.new.as_ref().map(numbers),
    }
}

fn numbers(side: &Side) -> Numbers {
    let target = side.target.as_ref().map(|level| match level {
        Level::Value(value) => value.to_plain(),
        Level::Range(low, high) => format!("{}..{}", low.to_plain(), high.to_plain()),
    });
    Numbers {
        value: side.value.as_ref().map(crate::value::Number::to_plain),
        target,
        status: side.status.map(crate::model::Status::word),
    }
}
