//! Targets in words: what was set, and what that asks for in the period shown.

use super::subject::{Subject, numbers};
use super::{Context, one_line, say};
use crate::eval::{Level, Slice};
use crate::model::measure::{Path, Points, Reference};
use crate::model::{Target, TargetValue};
use crate::report::format::Scale;
use crate::time::Grain;
use crate::value::{Number, Unit};

/// A target as it was set: `3%`, `12k by 31 December 2026, on a straight line from ...`.
pub(super) fn text(context: &Context, subject: &Subject, target: &Target) -> String {
    let words = context.words();
    let said = match &target.value {
        TargetValue::Value(n) => own(context, subject, &Level::Value(n.clone())),
        TargetValue::Range(low, high) => {
            own(context, subject, &Level::Range(low.clone(), high.clone()))
        }
        TargetValue::Path(path) => {
            self::path(context, subject, path, &Level::Value(path.to.0.clone()))
        }
        TargetValue::Corridor(low, high) => {
            let to = Level::Range(low.to.0.clone(), high.to.0.clone());
            self::path(context, subject, low, &to)
        }
        TargetValue::Relative { amount, points, over } => {
            relative(context, subject, amount, *points, *over)
        }
        TargetValue::Increase => words.say("target_increase", &[]),
        TargetValue::Decrease => words.say("target_decrease", &[]),
        TargetValue::Formula { text, .. } => one_line(text),
    };
    match target.per {
        Some(grain) => words.say(per(grain), &[("target", &said)]),
        None => said,
    }
}

/// The same, with what it comes to in the last closed period where that is another number.
pub(super) fn with_level(
    context: &Context,
    subject: &Subject,
    (index, target): (usize, &Target),
) -> String {
    let said = text(context, subject, target);
    let scope = target.scope.as_ref();
    let slice = scope.map(|s| (s.dimension.clone(), Some(s.member.clone())));
    let slice = Slice(slice.into_iter().collect());
    let held = context.evaluator.target(subject.id, subject.closed.period, &slice);
    let Some(held) = held.filter(|held| held.index == index) else { return said };
    let level = own(context, subject, &held.level);
    if level == said {
        return said;
    }
    let period = context.formatter.period(subject.closed.period).text;
    let values = [("target", &*said), ("value", &level), ("period", &period)];
    context.words().say("target_now", &values)
}

fn path(context: &Context, subject: &Subject, path: &Path, to: &Level) -> String {
    let start = own(context, subject, &Level::Value(path.starting.0.clone()));
    let values = [
        ("value", own(context, subject, to)),
        ("day", context.formatter.day(path.to.1)),
        ("start", start),
        ("start_day", context.formatter.day(path.starting.1)),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    context.words().say("target_path", &values)
}

fn relative(
    context: &Context,
    subject: &Subject,
    amount: &Number,
    points: Points,
    over: Reference,
) -> String {
    let words = context.words();
    let amount = match points {
        Points::Share => context.formatter.relative(amount),
        Points::Added => {
            let scale = exact(subject, std::slice::from_ref(amount));
            context.formatter.change(amount, &scale)
        }
    };
    let amount = ("amount", amount.as_str());
    match over {
        Reference::Previous => words.say("target_over_previous", &[amount]),
        Reference::LastYear => words.say("target_over_last_year", &[amount]),
        Reference::Period(period) => {
            let period = context.formatter.period(period).text;
            words.say("target_over_period", &[amount, ("period", &period)])
        }
        Reference::Baseline => {
            let purpose = context.model.measure(subject.id).purpose.as_deref();
            let base = purpose.and_then(|p| p.baseline.as_ref());
            let base = base.map(|(n, _)| own(context, subject, &Level::Value(n.clone())));
            let base = base.unwrap_or_default();
            words.say("target_over_baseline", &[amount, ("value", &base)])
        }
    }
}

fn per(grain: Grain) -> &'static str {
    match grain {
        Grain::Day => "target_per_day",
        Grain::Week => "target_per_week",
        Grain::Month => "target_per_month",
        Grain::Quarter => "target_per_quarter",
        Grain::Year => "target_per_year",
    }
}

/// In the KPI's scale, but with every digit of its own.
fn own(context: &Context, subject: &Subject, level: &Level) -> String {
    say::level(context, level, &exact(subject, &numbers(level))).text
}

/// The KPI's scale with as many places as numbers need, up to two more.
fn exact(subject: &Subject, numbers: &[Number]) -> Scale {
    let mut scale = subject.scale.clone();
    if scale.unit != Unit::Duration {
        let exact = Scale::fitting(&scale.unit, &[], numbers);
        scale.places = scale.places.max(exact.places.min(scale.places + 2));
    }
    scale
}
