//! What follows from the numbers: what to improve, which targets changed, what is due, what is to
//! be known.

use super::subject::{Subject, numbers};
use super::{Context, paragraphs, say};
use crate::eval::Level;
use crate::model::{Event, MeasureId, Scope, Target, Trigger};
use crate::report::tree::{
    Due, DueKind, EventText, Improvement, Note, Quantity, Section, TargetChange, TargetRow,
};
use crate::time::{Date, Grain};
use crate::value::Number;

/// What is due within so many days is told.
const AHEAD: i32 = 31;

/// One row a KPI: those off track first, then those at risk, then the others, each in the order of
/// the scorecard.
pub(super) fn improvements(context: &Context, sections: &[Section]) -> Vec<Improvement> {
    let kpis = sections.iter().flat_map(|s| &s.kpis);
    let row = |(kpi, subject): (&crate::report::tree::Kpi, &Subject)| Improvement {
        kpi: kpi.id.clone(),
        title: kpi.score.title.clone(),
        current: kpi.score.value.clone(),
        target: kpi.score.target.clone(),
        gap: gap(context, subject),
        status: kpi.score.status.clone(),
        improve: kpi.improve.clone(),
        owner: kpi.score.owner.clone(),
    };
    let mut rows: Vec<Improvement> = kpis.zip(&context.subjects).map(row).collect();
    rows.sort_by_key(|r| r.status.code);
    rows
}

/// Value minus target; of a range the border that is missed, nought inside it.
fn gap(context: &Context, subject: &Subject) -> Option<Quantity> {
    let value = subject.closed.value.known()?;
    let level = &subject.closed.target.as_ref()?.level;
    let all = numbers(level);
    let (low, high) = (all.first()?, all.last()?);
    let gap = match level {
        Level::Value(target) => value.sub(target),
        Level::Range(..) if value < low => value.sub(low),
        Level::Range(..) if value > high => value.sub(high),
        Level::Range(..) => Number::ZERO,
    };
    Some(say::difference(context, &gap, &subject.scale))
}

/// A target as the history lists it.
pub(super) fn target_row(
    context: &Context,
    subject: &Subject,
    (index, target): (usize, &Target),
    in_force: bool,
) -> TargetRow {
    TargetRow {
        text: super::target::with_level(context, subject, (index, target)),
        scope: target.scope.as_ref().map(|s| scope(context, s)),
        from: target.from.map(|d| context.formatter.date(d)),
        trigger: target.because.as_ref().and_then(|b| b.trigger).map(|t| trigger(context, t)),
        reason: target.because.as_ref().map(|b| b.text.clone()).filter(|t| !t.is_empty()),
        in_force,
        place: say::place(context, target.span),
    }
}

fn scope(context: &Context, scope: &Scope) -> String {
    let mut channels = context.model.channels.iter().flat_map(|b| &b.channels);
    let channel = channels.find(|c| c.name == scope.member);
    let title = channel.map(|c| context.text(&c.title)).filter(|t| !t.is_empty());
    title.unwrap_or_else(|| scope.member.clone())
}

fn trigger(context: &Context, trigger: Trigger) -> String {
    context.label(match trigger {
        Trigger::Campaign => "campaign",
        Trigger::Strategy => "strategy",
        Trigger::Market => "market",
        Trigger::Competition => "competition",
        Trigger::Method => "method",
        Trigger::Insufficient => "insufficient",
    })
}

/// Targets of all KPIs that took effect while their charts look back, the latest first.
pub(super) fn target_changes(context: &Context) -> Vec<TargetChange> {
    let mut found: Vec<(Date, TargetChange)> = Vec::new();
    for subject in &context.subjects {
        let Some(purpose) = &context.model.measure(subject.id).purpose else { continue };
        let Some(first) = subject.history.first() else { continue };
        for target in &purpose.targets {
            let Some(from) = target.from else { continue };
            // One that is decided and still to come is news, too.
            if from < first.period.start {
                continue;
            }
            let before = purpose.targets.iter().filter(|t| {
                t.scope == target.scope && t.from < Some(from) && t.span != target.span
            });
            let old = before.max_by_key(|t| t.from);
            let row = target_row(context, subject, (0, target), true);
            found.push((
                from,
                TargetChange {
                    kpi: format!("kpi-{}", subject.slug),
                    title: context.title(subject.id),
                    scope: row.scope,
                    from: context.formatter.date(from),
                    old: old.map(|t| super::target::text(context, subject, t)),
                    new: super::target::text(context, subject, target),
                    trigger: row.trigger,
                    reason: row.reason,
                },
            ));
        }
    }
    found.sort_by_key(|(from, _)| std::cmp::Reverse(*from));
    found.into_iter().map(|(_, change)| change).collect()
}

/// Reviews, stale data and goals, overdue first.
pub(super) fn due(context: &Context) -> Vec<Due> {
    let as_of = context.evaluator.as_of();
    let mut all: Vec<(Option<Date>, Due)> = Vec::new();
    all.extend(context.subjects.iter().filter_map(|s| review(context, s, as_of)));
    all.extend(stale(context, as_of));
    for goal in &context.model.goals {
        let Some(day) = goal.due.filter(|d| *d <= as_of.plus(AHEAD)) else { continue };
        let due = Due {
            kind: DueKind::Goal,
            title: context.text(&goal.title),
            kpi: None,
            text: context.words().say(if day < as_of { "goal_passed" } else { "goal_coming" }, &[]),
            date: Some(context.formatter.date(day)),
            overdue: day < as_of,
            owner: goal.owner.clone(),
        };
        all.push((Some(day), due));
    }
    all.sort_by(|a, b| {
        let key = |(day, due): &(Option<Date>, Due)| (!due.overdue, day.is_none(), *day, due.kind);
        key(a).cmp(&key(b))
    });
    all.into_iter().map(|(_, due)| due).collect()
}

/// A definition that is to be looked at again. Of a KPI that does not say how often nothing is
/// told here: `kpi review` lists it.
fn review(context: &Context, subject: &Subject, as_of: Date) -> Option<(Option<Date>, Due)> {
    let purpose = context.model.measure(subject.id).purpose.as_ref()?;
    purpose.review?;
    let due = context.model.review_due(subject.id, as_of)?;
    let overdue = due.is_overdue(as_of);
    if due.day.is_some_and(|day| day > as_of.plus(AHEAD)) {
        return None;
    }
    let words = context.words();
    let text = match due.last {
        Some(last) if overdue => {
            words.say("review_overdue", &[("last", &context.formatter.day(last.on))])
        }
        Some(_) => words.say("review_next", &[]),
        None => words.say("review_never", &[("cadence", &context.label(due.every.cadence()))]),
    };
    let told = Due {
        kind: DueKind::Review,
        title: context.title(subject.id),
        kpi: Some(format!("kpi-{}", subject.slug)),
        text,
        date: due.day.map(|d| context.formatter.date(d)),
        overdue,
        owner: purpose.owner.clone(),
    };
    Some((due.day, told))
}

/// Sources that end more than a period of a KPI before the report's day.
fn stale(context: &Context, as_of: Date) -> Vec<(Option<Date>, Due)> {
    let mut found = Vec::new();
    for (id, source, subjects) in super::sources::used(context) {
        let Some(coverage) = context.evaluator.coverage(id) else { continue };
        let shortest = subjects.iter().map(|s| s.grain).min().unwrap_or(Grain::Month);
        let calendar = &context.model.settings.calendar;
        let length = calendar.period_of(shortest, coverage.last).len_days();
        let days = (as_of.days() - coverage.last.days()).max(0).unsigned_abs();
        if days <= length {
            continue;
        }
        let count = context.formatter.whole(u64::from(days));
        let due = Due {
            kind: DueKind::Stale,
            title: source.name.clone(),
            kpi: None,
            text: context.words().say_of("data_stale", u64::from(days), &[("days", &count)]),
            date: Some(context.formatter.date(coverage.last)),
            overdue: true,
            owner: None,
        };
        found.push((Some(coverage.last), due));
    }
    found
}

/// Notes and decisions on the periods shown, of one KPI or of all, the latest first.
pub(super) fn notes(context: &Context, only: Option<MeasureId>) -> Vec<Note> {
    let language = context.words().tag;
    let mut found: Vec<(Date, Note)> = Vec::new();
    for subject in context.subjects.iter().filter(|s| only.is_none_or(|id| s.id == id)) {
        let Some(first) = subject.history.first().map(|p| p.period.start) else { continue };
        let note = |when: String, start: Date, text: String| Note {
            kpi: format!("kpi-{}", subject.slug),
            title: context.title(subject.id),
            when,
            start: start.to_string(),
            text,
            by: None,
            decision: None,
        };
        for n in context.model.notes.iter().filter(|n| n.measure == subject.id) {
            if n.period.end >= first && n.period.start <= context.evaluator.as_of() {
                let when = context.formatter.period(n.period).text;
                let text = paragraphs(n.text.get(language)).join(" ");
                let by = n.by.clone();
                found.push((n.period.start, Note { by, ..note(when, n.period.start, text) }));
            }
        }
        for r in context.model.reviews.iter().filter(|r| r.measure == subject.id) {
            if r.on >= first && r.on <= context.evaluator.as_of() {
                let text = r.note.as_deref().map_or(String::new(), super::one_line);
                let decision = r.decision.as_deref().map(|d| decision(context, d));
                let when = context.formatter.day(r.on);
                found.push((r.on, Note { decision, ..note(when, r.on, text) }));
            }
        }
    }
    found.sort_by_key(|(day, _)| std::cmp::Reverse(*day));
    found.into_iter().map(|(_, note)| note).collect()
}

/// What was decided on a definition, in the report's words where it is one of the usual ones.
fn decision(context: &Context, word: &str) -> String {
    match word {
        "keep" => context.label("decision_keep"),
        "change" => context.label("decision_change"),
        "retire" => context.label("decision_retire"),
        other => other.to_owned(),
    }
}

/// Events in the time that any chart shows and that touch a KPI of the report.
pub(super) fn events(context: &Context) -> Vec<EventText> {
    let first = context.subjects.iter().filter_map(|s| s.history.first()).map(|p| p.period.start);
    let last = context.subjects.iter().filter_map(|s| s.history.last()).map(|p| p.period.end);
    let (Some(first), Some(last)) = (first.min(), last.max()) else { return Vec::new() };
    let shown = |e: &&Event| {
        let touches = |id: &MeasureId| context.subject(*id).is_some();
        (e.affects.is_empty() || e.affects.iter().any(touches)) && e.to >= first && e.from <= last
    };
    let text = |e: &Event| EventText {
        when: context.formatter.days(e.from, e.to),
        start: e.from.to_string(),
        end: e.to.to_string(),
        title: context.text(&e.title),
        affects: e.affects.iter().map(|id| context.title(*id)).collect(),
    };
    context.model.events.iter().filter(shown).map(text).collect()
}
