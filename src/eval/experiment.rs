//! Experiments: variants against their control.

use super::chance::{self, Interval, Mean, Share};
use super::evaluator::Evaluator;
use super::{Progress, Slice, Value};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::engine::csv::canonical;
use crate::model::{AggregateId, Experiment, Node, TrialKind};
use crate::time::{Grain, Period};
use crate::value::Number;

/// What an experiment came to.
#[derive(Clone, Debug)]
pub struct Trial {
    /// How much of its days the data cover.
    pub progress: Progress,
    /// One a variant, the control first.
    pub variants: Vec<Variant>,
    /// The members that rows have beside the variants: they take no part.
    pub others: Vec<Option<String>>,
    /// How the samples are split.
    pub split: Split,
}

/// A variant's part.
#[derive(Clone, Debug)]
pub struct Variant {
    /// As the spec names it.
    pub name: String,
    /// The KPI over its rows.
    pub value: Value,
    /// How many tries or values that rests on; none where the KPI's kind has no such count.
    pub sample: Option<Number>,
    /// How it compares; none of the control.
    pub versus: Option<Versus>,
}

/// A variant held against the control.
#[derive(Clone, Debug)]
pub struct Versus {
    /// Value minus the control's; none where one of them has none.
    pub difference: Option<Number>,
    /// The interval of the difference at 95%, or why there is none.
    pub interval: Result<(Number, Number), NoInterval>,
    /// The sample that each variant needs for a power of 80% if the difference that was seen is
    /// the true one; none without an interval, and without a difference.
    pub needed: Option<Number>,
    /// Whether the smaller of the two samples is as large as that.
    pub suffices: Suffices,
}

/// Why a difference has no interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoInterval {
    /// One of the two has no value.
    NoValue,
    /// A ratio of sums: they do not tell how much single rows vary.
    Ratio,
    /// A total: it grows with those who see the variant.
    Total,
    /// The counts are no share: parts of ones, or more hits than tries.
    NotAShare,
    /// Too few values, or none that differs from another.
    TooFew,
}

/// Whether a sample is large enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suffices {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// There is no difference, or no interval, to need one for.
    Unknown,
}

/// How samples are split among the variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// As chance splits them evenly.
    Even,
    /// Chance does so less than once in a thousand times.
    Uneven,
    /// There are no samples to look at.
    Unknown,
}

/// What a variant's rows come to.
enum Sample {
    Share(Share),
    Mean(Mean),
}

impl Evaluator<'_> {
    /// What an experiment came to, by the rows of its days up to the as-of date.
    ///
    /// - A share of counts: Newcombe's hybrid score interval; a mean: Welch's. Others have none.
    /// - A sample suffices if it is what a power of 80% at a level of 5% needs for the difference
    ///   that was seen.
    /// - A split is uneven where Pearson's chi-squared test against an equal one has p < 0.001.
    ///
    /// # Panics
    /// Where the plan was not made for the KPI by the variant: a bug of ours.
    pub fn trial(&self, experiment: &Experiment) -> Trial {
        let period = days_of(experiment);
        let names = experiment.values.iter();
        let parts: Vec<(String, Value, Option<Sample>, Option<Number>)> = names
            .map(|name| {
                let slice = Slice(vec![(experiment.variant.clone(), Some(name.clone()))]);
                let value = self.value(experiment.kpi, period, &slice);
                let sample = self.sample(experiment.kind, period, &slice);
                let size = self.size(experiment.kind, period, &slice);
                (name.clone(), value, sample, size)
            })
            .collect();
        let sizes: Option<Vec<Number>> = parts.iter().map(|(.., size)| size.clone()).collect();
        let split = match sizes.and_then(|sizes| chance::is_uneven(&sizes)) {
            None => Split::Unknown,
            Some(true) => Split::Uneven,
            Some(false) => Split::Even,
        };
        let control = parts.first();
        let versus = |at: usize| {
            let (_, value, sample, size) = &parts[at];
            let (_, control, other, smaller) = control?;
            let versus =
                versus(experiment.kind, (value, sample.as_ref()), (control, other.as_ref()));
            let size = size.iter().chain(smaller).min();
            Some(versus.with_sample(size))
        };
        let versus: Vec<Option<Versus>> =
            (0..parts.len()).map(|at| if at == 0 { None } else { versus(at) }).collect();
        let parts = parts.into_iter().zip(versus);
        let variants = parts
            .map(|((name, value, _, sample), versus)| Variant { name, value, sample, versus })
            .collect();
        let progress = self.progress(experiment.kpi, period);
        Trial { progress, variants, others: self.others(experiment, period), split }
    }

    /// The members of a variant's column that are none of the variants.
    fn others(&self, experiment: &Experiment, period: Period) -> Vec<Option<String>> {
        let by = [experiment.variant.clone()];
        let members = self.members(experiment.kpi, &by, period.start, period.end);
        let members = members.into_iter().flat_map(|slice| slice.0).map(|(_, member)| member);
        let listed = |member: &Option<String>| {
            let named = |m: &String| experiment.values.iter().any(|v| canonical(v) == canonical(m));
            member.as_ref().is_some_and(named)
        };
        members.filter(|member| !listed(member)).collect()
    }

    fn part(&self, id: AggregateId, period: Period, slice: &Slice) -> Option<Number> {
        self.node_in(&Node::Aggregate(id), period, slice).known().cloned()
    }

    /// How many tries or values a variant has.
    fn size(&self, kind: TrialKind, period: Period, slice: &Slice) -> Option<Number> {
        match kind {
            TrialKind::Share { tries, .. } => self.part(tries, period, slice),
            TrialKind::Mean { count, .. } => self.part(count, period, slice),
            TrialKind::Ratio | TrialKind::Total => None,
        }
    }

    fn sample(&self, kind: TrialKind, period: Period, slice: &Slice) -> Option<Sample> {
        match kind {
            TrialKind::Share { hits, tries } => {
                let hits = self.part(hits, period, slice)?;
                let tries = self.part(tries, period, slice)?;
                Some(Sample::Share(Share { hits, tries }))
            }
            TrialKind::Mean { mean, count, deviation } => Some(Sample::Mean(Mean {
                value: self.part(mean, period, slice)?,
                count: self.part(count, period, slice)?,
                deviation: self.part(deviation, period, slice)?,
            })),
            TrialKind::Ratio | TrialKind::Total => None,
        }
    }
}

/// The days of an experiment, as a period of their own.
fn days_of(experiment: &Experiment) -> Period {
    Period { grain: Grain::Day, start: experiment.from, end: experiment.to }
}

fn versus(
    kind: TrialKind,
    (value, sample): (&Value, Option<&Sample>),
    (control, other): (&Value, Option<&Sample>),
) -> Versus {
    let difference = match (value, control) {
        (Value::Known(value), Value::Known(control)) => Some(value.sub(control)),
        _ => None,
    };
    let (interval, needed) = match (&difference, sample, other) {
        (None, ..) => (Err(NoInterval::NoValue), None),
        (_, Some(Sample::Share(a)), Some(Sample::Share(b))) if a.is_one() && b.is_one() => {
            (Ok(chance::shares(a, b)), chance::tries_needed(a, b))
        }
        (_, Some(Sample::Share(_)), _) => (Err(NoInterval::NotAShare), None),
        (_, Some(Sample::Mean(a)), Some(Sample::Mean(b))) => match chance::means(a, b) {
            Some(interval) => (Ok(interval), chance::values_needed(a, b)),
            None => (Err(NoInterval::TooFew), None),
        },
        _ => (
            Err(match kind {
                TrialKind::Ratio => NoInterval::Ratio,
                TrialKind::Total => NoInterval::Total,
                TrialKind::Share { .. } => NoInterval::NotAShare,
                TrialKind::Mean { .. } => NoInterval::TooFew,
            }),
            None,
        ),
    };
    Versus { difference, interval, needed, suffices: Suffices::Unknown }
}

impl Versus {
    /// The verdict on the smaller of the two samples.
    fn with_sample(self, smaller: Option<&Number>) -> Self {
        let suffices = match (&self.needed, smaller) {
            (Some(needed), Some(size)) if size >= needed => Suffices::Yes,
            (Some(_), Some(_)) => Suffices::No,
            _ => Suffices::Unknown,
        };
        Self { suffices, ..self }
    }

    /// Whether the interval leaves nought out; none without an interval.
    pub fn leaves_out_nought(&self) -> Option<bool> {
        let (low, high): &Interval = self.interval.as_ref().ok()?;
        Some(*low > Number::ZERO || high.is_negative())
    }
}

/// Tells what makes an experiment's numbers doubtful.
pub fn doubts(evaluator: &Evaluator<'_>, experiment: &Experiment, out: &mut Diagnostics) {
    let trial = evaluator.trial(experiment);
    if trial.progress.covered == 0 {
        return;
    }
    let title = &experiment.title.plain;
    let mut warn = |code, message: String, help: &str| {
        let found = Diagnostic::new(code, message).at(experiment.span, "this experiment");
        out.push(found.help(help));
    };
    let shown = |member: &Option<String>| {
        member.as_ref().map_or_else(|| "(none)".to_owned(), |m| format!("\"{m}\""))
    };
    if !trial.others.is_empty() {
        let some: Vec<String> = trial.others.iter().take(5).map(shown).collect();
        let more = trial.others.len().saturating_sub(5);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message = format!(
            "rows of `{}` take no part in \"{title}\": {}{more}",
            experiment.variant,
            some.join(", ")
        );
        let help = "add them to `values`, or leave their rows out with the source's `where`";
        warn(&codes::EXPERIMENT_MEMBERS, message, help);
    }
    let by = [experiment.variant.clone()];
    let there = evaluator.members(experiment.kpi, &by, experiment.from, experiment.to);
    let is_there = |name: &str| {
        let all = there.iter().flat_map(|slice| &slice.0).filter_map(|(_, m)| m.as_ref());
        all.into_iter().any(|m| canonical(m) == canonical(name))
    };
    for variant in trial.variants.iter().filter(|v| !is_there(&v.name)) {
        let message = format!("no row is of the variant \"{}\" of \"{title}\"", variant.name);
        let help = "write it as the rows have it, and look at the days of `from`";
        warn(&codes::MISSING_VARIANT, message, help);
    }
    if trial.split == Split::Uneven {
        let sizes = trial
            .variants
            .iter()
            .filter_map(|v| Some(format!("{} {}", v.name, v.sample.as_ref()?.to_plain())));
        let sizes: Vec<String> = sizes.collect();
        let message = format!(
            "the variants of \"{title}\" were not shown equally often: {}",
            sizes.join(", ")
        );
        let help = "chance does so less than once in a thousand times (chi-squared test): \
                    if an equal split was meant, find out who is missing before you decide";
        warn(&codes::UNEVEN_SPLIT, message, help);
    }
}
