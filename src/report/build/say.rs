//! Values, targets, changes and statuses as the tree holds them.

use super::Context;
use super::subject::Subject;
use crate::eval::{
    Asked, Basis, Border, Change, Exceeded, Ground, Judged, Level, Point, Progress, Status, Value,
    Verdict,
};
use crate::model::{Direction, MeasureId};
use crate::report::format::Scale;
use crate::report::tree::{
    ChangeText, ComparisonKind, Favour, Movement, PlaceText, Quantity, StatusCode, StatusText,
    TargetLevel, ValueState,
};
use crate::source::Span;
use crate::time::Period;
use crate::value::{Number, Unit};

/// A number in a scale, with its exact digits.
pub(super) fn number(context: &Context, number: &Number, scale: &Scale, unit: &str) -> Quantity {
    Quantity {
        state: ValueState::Value,
        raw: Some(number.to_plain()),
        text: context.formatter.number(number, scale),
        unit: unit.to_owned(),
        reason: None,
    }
}

/// A value, or why there is none.
pub(super) fn quantity(context: &Context, value: &Value, scale: &Scale) -> Quantity {
    let unit = scale.unit.json();
    let none = |state, word: &str, reason: String| Quantity {
        state,
        raw: None,
        text: context.label(word),
        unit: unit.clone(),
        reason: Some(reason),
    };
    match value {
        Value::Known(n) => number(context, n, scale, &unit),
        Value::NoData => none(ValueState::NoData, "no_data", context.label("no_data_why")),
        Value::NotCovered => {
            none(ValueState::NotCovered, "not_covered", context.label("not_covered_why"))
        }
        Value::Undefined(reason) => {
            none(ValueState::Undefined, "undefined", super::reason::why(&context.formatter, reason))
        }
    }
}

/// A share as a percentage.
pub(super) fn share(context: &Context, share: &Number, places: usize) -> Quantity {
    Quantity {
        state: ValueState::Value,
        raw: Some(share.to_plain()),
        text: context.formatter.share(share, places),
        unit: Unit::Percent.json(),
        reason: None,
    }
}

/// A difference in a measure's unit, of percent measures in points.
pub(super) fn difference(context: &Context, difference: &Number, scale: &Scale) -> Quantity {
    let unit = if scale.unit == Unit::Percent { "points".to_owned() } else { scale.unit.json() };
    Quantity {
        state: ValueState::Value,
        raw: Some(difference.to_plain()),
        text: context.formatter.change(difference, scale),
        unit,
        reason: None,
    }
}

/// A level of a target.
pub(super) fn level(context: &Context, level: &Level, scale: &Scale) -> TargetLevel {
    let text = |n: &Number| context.formatter.number(n, scale);
    match level {
        Level::Value(n) => {
            let raw = n.to_plain();
            TargetLevel { low: raw.clone(), high: raw.clone(), raw, text: text(n) }
        }
        Level::Range(low, high) => TargetLevel {
            raw: format!("{}..{}", low.to_plain(), high.to_plain()),
            text: range(context, &text(low), &text(high)),
            low: low.to_plain(),
            high: high.to_plain(),
        },
    }
}

/// From one to the other; a word behind both of them, such as a currency's, is written once.
fn range(context: &Context, low: &str, high: &str) -> String {
    let word = |text: &str| text.find([' ', '\u{a0}']).unwrap_or(text.len());
    let short = match (&low[word(low)..], &high[word(high)..]) {
        // The half hour of `5 h 30 min` is no word: without it the border would be another one.
        (a, b) if a == b && !a.contains(char::is_numeric) => &low[..word(low)],
        _ => low,
    };
    context.words().say("range", &[("low", short), ("high", high)])
}

/// A verdict; that of a measure without one is that no target is in force.
pub(super) fn status(context: &Context, verdict: Option<&Verdict>, unit: &Unit) -> StatusText {
    let (code, name) = match verdict.map(|v| v.status) {
        Some(Some(Status::OnTrack)) => (StatusCode::OnTrack, "on_track"),
        Some(Some(Status::AtRisk)) => (StatusCode::AtRisk, "at_risk"),
        Some(Some(Status::OffTrack)) => (StatusCode::OffTrack, "off_track"),
        Some(Some(Status::NoData)) => (StatusCode::NoData, "no_data_status"),
        Some(Some(Status::NoTarget)) | None => (StatusCode::NoTarget, "no_target"),
        Some(None) => (StatusCode::Pending, "pending"),
    };
    StatusText {
        code,
        word: context.label(name),
        exceeded: verdict.is_some_and(|v| v.exceeded == Exceeded::Yes),
        rule: verdict.map_or(String::new(), |v| ground(context, v, unit)),
    }
}

/// What a status rests on, as a sentence.
fn ground(context: &Context, verdict: &Verdict, unit: &Unit) -> String {
    let words = context.words();
    let name = match &verdict.ground {
        Ground::NoTarget => "ground_no_target",
        Ground::TargetLacks(lack) => {
            let why = super::reason::lack(&context.formatter, lack);
            return words.say("ground_target_lacks", &[("why", &why)]);
        }
        Ground::TooEarly => "ground_too_early",
        Ground::NoValue => "ground_no_value",
        Ground::AtTheEnd => "ground_at_the_end",
        Ground::Held(asked) => {
            let basis = verdict.basis.as_ref();
            return basis.map_or(String::new(), |b| held(context, verdict, b, asked, unit));
        }
    };
    words.say(name, &[])
}

/// `2.4% misses the target of at least 3% by 20%, not less than the tolerance of 10%`
fn held(context: &Context, verdict: &Verdict, basis: &Basis, asked: &Asked, unit: &Unit) -> String {
    let words = context.words();
    let alone = |n: &Number| context.formatter.alone(n, unit);
    let subject = match basis.judged {
        Judged::Value => "verdict_value",
        Judged::Pace => "verdict_pace",
    };
    let subject = words.say(subject, &[("value", &alone(&basis.number))]);
    let goal = self::asked(context, asked, unit);
    let gap = match (&basis.missed_by_share, &basis.missed_by) {
        (Some(share), _) => context.formatter.alone(share, &Unit::Percent),
        (None, gap) => gap.as_ref().map_or(String::new(), alone),
    };
    let tolerance = context.formatter.alone(&basis.tolerance, &Unit::Percent);
    let name = match verdict.status {
        Some(Status::OnTrack) => {
            return words.say("verdict_meets", &[("subject", &subject), ("goal", &goal)]);
        }
        Some(Status::AtRisk) => "verdict_risk",
        _ if basis.tolerance.is_zero() => {
            let values = [("subject", &*subject), ("goal", &goal), ("gap", &gap)];
            return words.say("verdict_strict", &values);
        }
        _ => "verdict_misses",
    };
    let values =
        [("subject", &*subject), ("goal", &goal), ("gap", &gap), ("tolerance", &tolerance)];
    words.say(name, &values)
}

fn asked(context: &Context, asked: &Asked, unit: &Unit) -> String {
    let words = context.words();
    let alone = |n: &Number| context.formatter.alone(n, unit);
    let (least, most) = match asked.border {
        Border::Inside => ("goal_least", "goal_most"),
        Border::Outside => ("goal_above", "goal_below"),
    };
    match (&asked.low, &asked.high) {
        (Some(low), Some(high)) if low == high => words.say("goal_just", &[("value", &alone(low))]),
        (Some(low), Some(high)) => range(context, &alone(low), &alone(high)),
        (Some(low), None) => words.say(least, &[("value", &alone(low))]),
        (None, Some(high)) => words.say(most, &[("value", &alone(high))]),
        (None, None) => String::new(),
    }
}

/// How far a point reached its target: turned over where less is better; only where both are
/// above nought and the target is one value. A part of a period has not reached a whole one's.
pub(super) fn attainment(context: &Context, subject: &Subject, point: &Point) -> Option<Quantity> {
    if point.progress.open || !point.progress.complete {
        return None;
    }
    let value = point.value.known()?;
    let Level::Value(target) = &point.target.as_ref()?.level else { return None };
    let above = |n: &Number| !n.is_zero() && !n.is_negative();
    if !above(value) || !above(target) {
        return None;
    }
    let reached = match direction(context, subject.id) {
        Some(Direction::Lower) => target.div(value),
        Some(Direction::Within) => None,
        Some(Direction::Higher) | None => value.div(target),
    };
    reached.map(|r| share(context, &r, places_off_whole(&r)))
}

/// No digits after the point, but as many as it takes for a near miss not to read as 100%.
fn places_off_whole(reached: &Number) -> usize {
    let percent = reached.mul(&Number::from(100));
    let whole = percent == Number::from(100);
    let reads_whole = |places: usize| {
        let text = percent.fixed(places);
        text.strip_prefix("100").is_some_and(|rest| rest.bytes().all(|b| b == b'.' || b == b'0'))
    };
    (0..4).find(|p| whole || !reads_whole(*p)).unwrap_or(4)
}

fn direction(context: &Context, id: MeasureId) -> Option<Direction> {
    context.model.measure(id).purpose.as_ref()?.better
}

/// A change. `now` is whether the value itself is known.
pub(super) fn change(
    context: &Context,
    id: MeasureId,
    period: Period,
    found: Option<&Change>,
    kind: ComparisonKind,
    scale: &Scale,
) -> ChangeText {
    let Some(found) = found else {
        return ChangeText {
            kind,
            direction: Movement::None,
            favour: Favour::Neutral,
            text: context.label("none"),
            absolute: None,
            relative: None,
            from: quantity(context, &Value::NotCovered, scale),
            reference: context.formatter.period(period),
            part: None,
        };
    };
    let from = quantity(context, &found.from, scale);
    let text = change_text(context, found, &from, scale);
    let direction = movement(found.absolute.as_ref(), &text);
    let relative = found
        .relative
        .as_ref()
        .map(|r| Quantity { text: context.formatter.relative(r), ..share(context, r, 1) });
    let part = found.days.map(|days| {
        let count = context.formatter.plain(i64::from(days));
        context.words().say_of("first_days", u64::from(days), &[("days", &count)])
    });
    ChangeText {
        kind,
        direction,
        favour: favour(self::direction(context, id), direction),
        text,
        absolute: found.absolute.as_ref().map(|a| difference(context, a, scale)),
        relative,
        reference: context.formatter.period(found.reference),
        from,
        part,
    }
}

/// A share where there is one, else the difference; where there is neither, why.
fn change_text(context: &Context, found: &Change, from: &Quantity, scale: &Scale) -> String {
    match (&found.relative, &found.absolute) {
        (Some(relative), _) => context.formatter.relative(relative),
        (None, Some(absolute)) => context.formatter.change(absolute, scale),
        (None, None) if found.from.known().is_none() => from.text.clone(),
        (None, None) if !found.progress.complete => context.label("partly_covered"),
        (None, None) => context.label("none"),
    }
}

/// Where it went, as far as its text shows: what is rounded to nought is flat.
fn movement(absolute: Option<&Number>, text: &str) -> Movement {
    let shows = text.chars().any(|c| c.is_numeric() && c.to_digit(10) != Some(0));
    match absolute {
        None => Movement::None,
        Some(a) if a.is_zero() || !shows => Movement::Flat,
        Some(a) if a.is_negative() => Movement::Down,
        Some(_) => Movement::Up,
    }
}

/// Whether a difference of a measure is for the better.
pub(super) fn favour_of(context: &Context, id: MeasureId, difference: &Number) -> Favour {
    let moved = match difference {
        n if n.is_zero() => Movement::Flat,
        n if n.is_negative() => Movement::Down,
        _ => Movement::Up,
    };
    favour(direction(context, id), moved)
}

fn favour(better: Option<Direction>, moved: Movement) -> Favour {
    match (better, moved) {
        (Some(Direction::Higher), Movement::Up) | (Some(Direction::Lower), Movement::Down) => {
            Favour::Better
        }
        (Some(Direction::Higher), Movement::Down) | (Some(Direction::Lower), Movement::Up) => {
            Favour::Worse
        }
        _ => Favour::Neutral,
    }
}

/// `12 of 30 days`, where a period is not over or not wholly covered.
pub(super) fn partial(context: &Context, progress: Progress) -> Option<String> {
    (!progress.complete).then(|| {
        let count = |n: u32| context.formatter.plain(i64::from(n));
        let values = [("covered", count(progress.covered)), ("days", count(progress.days))];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        context.words().say_of("days_of", u64::from(progress.days), &values)
    })
}

/// A place in the spec.
pub(super) fn place(context: &Context, span: Span) -> PlaceText {
    let file = context.sources.get(span.file);
    PlaceText { path: file.path.clone(), line: u64::from(file.place(span.start).line) }
}
