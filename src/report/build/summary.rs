//! The report in a line and in a sentence.

use std::collections::BTreeSet;

use super::subject::Subject;
use super::{Context, say};
use crate::eval::{Slice, Status};
use crate::report::tree::{Favour, Section, StateCount, StateLine, StatusCode};
use crate::value::Number;

/// A status in the middle of a line: no language writes it with a capital there.
fn small(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

/// How many KPIs are where.
pub(super) fn state(context: &Context, sections: &[Section]) -> StateLine {
    let words = context.words();
    let mut seen = BTreeSet::new();
    let rows = sections.iter().flat_map(|s| &s.rows).filter(|r| seen.insert(r.kpi.clone()));
    let codes: Vec<StatusCode> = rows.map(|r| r.status.code).collect();
    let order = [
        (StatusCode::OnTrack, "on_track"),
        (StatusCode::AtRisk, "at_risk"),
        (StatusCode::OffTrack, "off_track"),
        (StatusCode::NoData, "no_data_status"),
        (StatusCode::NoTarget, "no_target"),
        (StatusCode::Pending, "pending"),
    ];
    let counts: Vec<StateCount> = order
        .iter()
        .enumerate()
        .map(|(i, (code, name))| (i, *code, context.label(name)))
        .map(|(i, code, word)| (i, StateCount { code, word, count: count(&codes, code) }))
        .filter(|(i, c)| *i < 3 || c.count > 0)
        .map(|(_, c)| c)
        .collect();
    let parts = counts.iter().map(|c| {
        let n = context.formatter.whole(c.count as u64);
        words.say("state_part", &[("n", &n), ("word", &small(&c.word))])
    });
    let parts = parts.collect::<Vec<_>>().join(words.label("list_comma"));
    let total = context.formatter.whole(codes.len() as u64);
    let text = words.say_of("state_all", codes.len() as u64, &[("n", &total), ("parts", &parts)]);
    StateLine { total: codes.len(), counts, text }
}

fn count(codes: &[StatusCode], code: StatusCode) -> usize {
    codes.iter().filter(|c| **c == code).count()
}

/// How many are on track, which one is furthest from it, which one moved furthest the right way.
pub(super) fn takeaway(context: &Context) -> String {
    let words = context.words();
    let judged: Vec<(&Subject, Status)> =
        context.subjects.iter().filter_map(|s| Some((s, status(s)?))).collect();
    if judged.is_empty() {
        return words.say("no_targets", &[]);
    }
    let ok = judged.iter().filter(|(_, s)| *s == Status::OnTrack).count();
    let silent =
        |s: &&Subject| s.closed.verdict.as_ref().is_some_and(|v| v.status == Some(Status::NoData));
    let all = judged.len() + context.subjects.iter().filter(silent).count();
    let number = |n: usize| context.formatter.whole(n as u64);
    let (name, count) = match ok {
        0 => ("none_on_track", all),
        _ if ok == all => ("all_on_track", ok),
        _ => ("some_on_track", ok),
    };
    let values = [("ok", number(ok)), ("n", number(all))];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let said = words.say_of(name, count as u64, &values);
    let more = [worst(context, &judged), best(context)];
    std::iter::once(said).chain(more.into_iter().flatten()).collect::<Vec<_>>().join(" ")
}

/// The verdicts that a value and a target were there for.
fn status(subject: &Subject) -> Option<Status> {
    let status = subject.closed.verdict.as_ref()?.status?;
    matches!(status, Status::OnTrack | Status::AtRisk | Status::OffTrack).then_some(status)
}

/// The KPI that misses its target by the largest share, off track before at risk.
fn worst(context: &Context, judged: &[(&Subject, Status)]) -> Option<String> {
    let missed = judged.iter().filter(|(_, s)| *s != Status::OnTrack);
    let size = |s: &Subject| {
        let basis = s.closed.verdict.as_ref().and_then(|v| v.basis.as_ref());
        basis.and_then(|b| b.missed_by_share.clone())
    };
    let key = |(subject, status): &(&Subject, Status)| (*status == Status::OffTrack, size(subject));
    let mut found: Option<&(&Subject, Status)> = None;
    for candidate in missed {
        if found.is_none_or(|f| key(candidate) > key(f)) {
            found = Some(candidate);
        }
    }
    let (subject, _) = found?;
    let value = context.formatter.number(subject.closed.value.known()?, &subject.scale);
    let level = &subject.closed.target.as_ref()?.level;
    let target = say::level(context, level, &subject.scale).text;
    let title = context.title(subject.id);
    let values = [("title", &*title), ("value", &value), ("target", &target)];
    Some(context.words().say("worst_miss", &values))
}

/// The KPI that moved furthest the better way against the period before, as a share.
fn best(context: &Context) -> Option<String> {
    let (kind, compare) = context.comparisons.first()?;
    let mut found: Option<(Number, String)> = None;
    for subject in &context.subjects {
        let total = Slice::default();
        let period = subject.closed.period;
        let Some(change) = context.evaluator.change(subject.id, period, &total, compare) else {
            continue;
        };
        let text = say::change(context, subject.id, period, Some(&change), *kind, &subject.scale);
        let share = change.absolute.as_ref().zip(change.from.known());
        let Some(share) = share.and_then(|(a, from)| a.abs().div(&from.abs())) else { continue };
        if text.favour != Favour::Better || found.as_ref().is_some_and(|(s, _)| share <= *s) {
            continue;
        }
        let Some(value) = subject.closed.value.known() else { continue };
        let value = context.formatter.number(value, &subject.scale);
        let title = context.title(subject.id);
        let values = [
            ("title", &*title),
            ("value", &value),
            ("change", &text.text),
            ("reference", &text.reference.text),
        ];
        found = Some((share, context.words().say("best_move", &values)));
    }
    found.map(|(_, said)| said)
}
