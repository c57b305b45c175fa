//! Experiments: each KPI of the report that decides one.

use super::{Context, say};
use crate::eval::{NoInterval, Split, Suffices, Variant, Versus};
use crate::model;
use crate::report::format::Scale;
use crate::report::tree::{Count, Experiment, ExperimentRow};
use crate::value::Number;

/// The experiments whose KPI is one of the report's, in order of the spec.
pub(super) fn all(context: &Context) -> Vec<Experiment> {
    let experiments = context.model.experiments.iter().enumerate();
    experiments.filter_map(|(i, e)| one(context, i, e)).collect()
}

fn one(context: &Context, place: usize, found: &model::Experiment) -> Option<Experiment> {
    let subject = context.subject(found.kpi)?;
    let trial = context.evaluator.trial(found);
    // Variants may differ by less than the KPI's periods do.
    let mut scale = subject.scale.clone();
    scale.places = (scale.places + 1).min(4);
    let words = context.words();
    let rows = trial.variants.iter().map(|v| row(context, v, &scale)).collect();
    let mut remarks = Vec::new();
    let method = match found.kind {
        model::TrialKind::Share { .. } => Some("experiment_share"),
        model::TrialKind::Mean { .. } => Some("experiment_mean"),
        model::TrialKind::Ratio | model::TrialKind::Total => None,
    };
    remarks.extend(method.map(|name| words.say(name, &[])));
    let progress = trial.progress;
    if !progress.complete {
        let covered = context.formatter.whole(u64::from(progress.covered));
        let days = context.formatter.whole(u64::from(progress.days));
        remarks.push(words.say("experiment_part", &[("covered", &covered), ("days", &days)]));
    }
    if trial.split == Split::Uneven {
        remarks.push(words.say("experiment_uneven", &[]));
    }
    if !trial.others.is_empty() {
        let none = context.label("none_member");
        let names = trial.others.iter().take(5).map(|m| m.clone().unwrap_or_else(|| none.clone()));
        let names = names.collect::<Vec<_>>().join(words.label("list_comma"));
        remarks.push(words.say("experiment_others", &[("members", &names)]));
    }
    Some(Experiment {
        id: format!("experiment-{}", place + 1),
        title: context.text(&found.title),
        kpi: format!("kpi-{}", subject.slug),
        kpi_title: context.title(found.kpi),
        when: context.formatter.days(found.from, found.to),
        start: found.from.to_string(),
        end: found.to.to_string(),
        rows,
        remarks,
        place: say::place(context, found.span),
    })
}

fn row(context: &Context, variant: &Variant, scale: &Scale) -> ExperimentRow {
    let versus = variant.versus.as_ref();
    let difference = |n: &Number| say::difference(context, n, scale);
    let limits = versus.and_then(|v| v.interval.as_ref().ok());
    ExperimentRow {
        variant: variant.name.clone(),
        control: versus.is_none(),
        value: say::quantity(context, &variant.value, scale),
        sample: variant.sample.as_ref().and_then(|n| count(context, n)),
        difference: versus.and_then(|v| v.difference.as_ref()).map(difference),
        low: limits.map(|(low, _)| difference(low)),
        high: limits.map(|(_, high)| difference(high)),
        needed: versus.and_then(|v| v.needed.as_ref()).and_then(|n| count(context, n)),
        verdict: versus.map_or_else(|| context.label("control"), |v| verdict(context, v)),
    }
}

fn count(context: &Context, number: &Number) -> Option<Count> {
    Some(context.formatter.count(number.to_plain().parse().ok()?))
}

/// What follows from a comparison, in a sentence.
fn verdict(context: &Context, versus: &Versus) -> String {
    let needed = versus.needed.as_ref().and_then(|n| count(context, n)).map(|c| c.text);
    let needed = needed.unwrap_or_default();
    let name = match (&versus.interval, versus.leaves_out_nought(), versus.suffices) {
        (Err(NoInterval::NoValue), ..) => "no_interval_value",
        (Err(NoInterval::Ratio), ..) => "no_interval_ratio",
        (Err(NoInterval::Total), ..) => "no_interval_total",
        (Err(NoInterval::NotAShare), ..) => "no_interval_share",
        (Err(NoInterval::TooFew), ..) => "no_interval_few",
        (Ok(_), _, Suffices::Unknown) => "trial_no_difference",
        (Ok(_), Some(true), Suffices::Yes) => "trial_shown",
        (Ok(_), Some(true), Suffices::No) => "trial_shown_small",
        (Ok(_), _, Suffices::Yes | Suffices::No) => "trial_open",
    };
    context.words().say(name, &[("needed", &needed)])
}
