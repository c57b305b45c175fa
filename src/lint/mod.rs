//! Opinions on a project that is right: what a careful colleague would ask about it.
//!
//! One file a rule. A rule looks at the project's own definitions, not at those of a library, and
//! is silent where it cannot be sure. Each can be allowed for one item, with a reason:
//! `# kpi: allow(no-target) the first year is for watching`.

mod better_against_path;
mod channel_without_kpi;
mod click_rate_named_conversion;
mod direction_only;
mod kpi_on_no_report;
mod level_summed;
mod no_cadence;
mod no_goal;
mod no_owner;
mod no_target;
mod review_overdue;
mod review_rare;
mod rows_undeclared;
mod same_title;
mod target_expired;
mod target_without_reason;
mod unused_allow;
mod unused_metric;
mod unused_source;
mod vanity_metric;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Measure, MeasureId, MeasureKind, Model, Purpose};
use crate::source::{FileId, Span};
use crate::syntax::ast;
use crate::time::Date;

/// A project, as rules look at it.
pub struct Subject<'a> {
    /// What it says.
    pub model: &'a Model,
    /// As it was written, with what it uses.
    pub files: &'a [ast::File],
    /// Its own files; the others are libraries.
    pub own: BTreeSet<FileId>,
    /// The day that deadlines and reviews are held against.
    pub today: Date,
}

/// What was said, and which allowances that silenced.
#[derive(Debug, Default)]
pub struct Opinions {
    /// What is to be told.
    pub told: Vec<Diagnostic>,
    /// What an item allows.
    pub silenced: Vec<Diagnostic>,
}

/// Runs every rule over a project without errors. `earlier` is what of the same kind was found
/// while it was read.
pub fn lint(subject: &Subject<'_>, earlier: &[Diagnostic]) -> Opinions {
    let mut found = Vec::new();
    for rule in RULES {
        rule(subject, &mut found);
    }
    let mut opinions = sift(subject.files, found);
    let before = sift(subject.files, earlier.to_vec());
    let used = opinions.silenced.iter().chain(&before.silenced);
    opinions.told.extend(unused_allow::find(subject, &used.collect::<Vec<_>>()));
    opinions
}

/// Takes out what the items around it allow; what is no opinion cannot be allowed.
pub fn sift(files: &[ast::File], found: Vec<Diagnostic>) -> Opinions {
    let (silenced, told) = found.into_iter().partition(|found| allowance(files, found).is_some());
    Opinions { told, silenced }
}

type Rule = fn(&Subject<'_>, &mut Vec<Diagnostic>);

const RULES: [Rule; 19] = [
    no_target::find,
    no_cadence::find,
    no_owner::find,
    no_goal::find,
    target_expired::find,
    target_without_reason::find,
    direction_only::find,
    vanity_metric::find,
    review_overdue::find,
    review_rare::find,
    better_against_path::find,
    kpi_on_no_report::find,
    channel_without_kpi::find,
    unused_metric::find,
    unused_source::find,
    click_rate_named_conversion::find,
    rows_undeclared::find,
    same_title::find,
    level_summed::find,
];

/// The allowance of the item around a diagnostic's place that speaks of its code.
fn allowance<'a>(files: &'a [ast::File], found: &Diagnostic) -> Option<&'a ast::Allow> {
    if !found.code.id.starts_with("K9") {
        return None;
    }
    let at = found.span()?;
    let item = item_around(files, at)?;
    // Without its reason nobody knows a quarter later why, so that it allows nothing.
    let holds = |allow: &&ast::Allow| !allow.reason.trim().is_empty();
    item.allows.iter().filter(holds).find(|allow| allow.lint.text == found.code.name)
}

fn item_around(files: &[ast::File], at: Span) -> Option<&ast::Item> {
    let file = files.iter().find(|f| f.id == at.file)?;
    let next = file.items.partition_point(|item| item.span.start <= at.start);
    let item = file.items.get(next.checked_sub(1)?)?;
    (at.start < item.span.end).then_some(item)
}

impl Subject<'_> {
    /// Whether a place is in one of the project's own files.
    fn is_own(&self, at: Span) -> bool {
        self.own.contains(&at.file)
    }

    /// The project's own KPIs, with their purpose. One that lacks inputs is a library's, and its
    /// purpose is for the project to say that uses it.
    fn kpis(&self) -> impl Iterator<Item = (MeasureId, &Measure, &Purpose)> {
        let all = self.model.kpis();
        let all = all.filter(|(_, m)| m.lacks.is_empty() && self.is_own(m.span));
        all.filter_map(|(id, m)| Some((id, m, m.purpose.as_deref()?)))
    }

    /// The syntax of the project's metrics and KPIs, by their names as compared.
    fn written(&self) -> BTreeMap<&str, &ast::Measure> {
        let items = self.files.iter().flat_map(|f| &f.items);
        let measures = items.filter_map(|item| match &item.kind {
            ast::ItemKind::Measure(measure) => Some((&*measure.name.key, &**measure)),
            _ => None,
        });
        measures.collect()
    }
}

/// Of what lacks a property.
fn lacking(code: &'static Code, measure: &Measure, what: &str, help: &str) -> Diagnostic {
    let kind = match measure.kind {
        MeasureKind::Kpi => "KPI",
        MeasureKind::Metric => "metric",
    };
    let message = format!("{kind} `{}` has no {what}", measure.name);
    Diagnostic::new(code, message).at(measure.span, format!("no {what}")).help(help)
}
