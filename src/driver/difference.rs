//! Two states of a project: what changed in its definitions, and what that does to its values.

use std::collections::{BTreeMap, BTreeSet};

use super::{Computed, Project, load, reports};
use crate::changes::{self, Change, Key, What, definitions};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::eval::table::has_dimension;
use crate::eval::{Evaluator, Level, Slice, Value};
use crate::host::{Host, HostError};
use crate::model::{MeasureId, Model, Status};
use crate::plan::{Definition, DefinitionKind, Lineage, Request, Wanted, lineage};
use crate::source::{FileId, Origin};
use crate::time::{Date, Grain, Period};
use crate::value::{Number, Unit};

/// What differs.
#[derive(Debug)]
pub struct Difference {
    /// The state before; none where there was no project.
    pub old: Option<Project>,
    /// The state now.
    pub new: Option<Project>,
    /// Definitions that are not what they were.
    pub changes: Vec<Change>,
    /// KPIs whose values, targets or statuses are not what they were, on the data of today; those
    /// that came or went as well.
    pub effects: Vec<Effect>,
    /// Why nothing is said of values.
    pub unvalued: Option<Unvalued>,
    /// The last day that counts; none without values.
    pub as_of: Option<Date>,
}

/// Why values are not compared.
#[derive(Clone, Debug)]
pub enum Unvalued {
    /// They were not asked for.
    NotAsked,
    /// The state before has this mistake, alone or on the data of today.
    Before(Box<Diagnostic>),
    /// The state now has mistakes, which are told.
    Now,
}

/// A KPI whose values are not what they were.
#[derive(Clone, Debug)]
pub struct Effect {
    /// Its name.
    pub name: String,
    /// How reports call it.
    pub title: String,
    /// What it is measured in.
    pub unit: Unit,
    /// What it was measured in, where that is another.
    pub unit_before: Option<Unit>,
    /// Changed definitions that it is made of: `metric sales`.
    pub follows: Vec<String>,
    /// Whether it was there, and is there.
    pub what: What,
    /// Its periods.
    pub cadence: Grain,
    /// How many periods there are.
    pub periods: usize,
    /// Those that differ, in order.
    pub moved: Vec<Moved>,
    /// The latest period that is over, or the latest one that differs: what stands for all.
    pub latest: Option<Moved>,
    /// Members that differ in that period.
    pub members: Vec<Moved>,
    /// The reports that show it.
    pub reports: Vec<String>,
}

/// A period before and now.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Which one.
    pub period: Period,
    /// As the calendar calls it.
    pub label: String,
    /// The member, as `dimension = member`; none of the total.
    pub member: Option<(String, Option<String>)>,
    /// Before; none where there was no such KPI.
    pub old: Option<Side>,
    /// Now; none where there is no such KPI.
    pub new: Option<Side>,
}

/// What a KPI says of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Its value.
    pub value: Option<Number>,
    /// The target in force.
    pub target: Option<Level>,
    /// How it stands.
    pub status: Option<Status>,
}

/// Compares the project at a path as two hosts have it. Values are worked out up to `as_of`, and
/// not at all unless they are asked for. What is wrong with the new state is told.
///
/// # Errors
/// Where the world fails; that there is no project on one side is no failure.
pub fn difference(
    (old, new): (&dyn Host, &dyn Host),
    path: &str,
    (valued, as_of): (bool, Option<Date>),
    out: &mut Diagnostics,
) -> Result<Difference, HostError> {
    let (before, now) = (project(old, path)?, project(new, path)?);
    let of =
        |project: &Option<Project>| project.as_ref().map_or_else(Vec::new, project_definitions);
    let changes = changes::compare(&of(&before), &of(&now));
    let mut found = Difference {
        old: before,
        new: now,
        changes,
        effects: Vec::new(),
        unvalued: None,
        as_of: None,
    };
    if let Some(project) = &found.new {
        out.extend(project.diagnostics.clone());
    }
    if !valued {
        found.unvalued = Some(Unvalued::NotAsked);
        return Ok(found);
    }
    if out.has_errors() {
        found.unvalued = Some(Unvalued::Now);
        return Ok(found);
    }
    let Some(now) = state(new, found.new.as_ref(), as_of, out)? else {
        found.unvalued = Some(Unvalued::Now);
        return Ok(found);
    };
    let mut told = Diagnostics::default();
    let broken = found.old.iter().flat_map(|p| p.diagnostics.iter()).find(|d| is_error(d)).cloned();
    let before = match broken {
        Some(mistake) => Err(mistake),
        None => match state(old, found.old.as_ref(), as_of, &mut told)? {
            Some(state) => Ok(state),
            None => Err(told
                .iter()
                .find(|d| is_error(d))
                .cloned()
                .unwrap_or_else(|| unreachable!("a state without an error has values"))),
        },
    };
    let before = match before {
        Ok(before) => before,
        Err(mistake) => {
            found.unvalued = Some(Unvalued::Before(Box::new(mistake)));
            return Ok(found);
        }
    };
    let names = found.changes.iter().filter(|c| c.key.space == "measure");
    let names =
        names.filter_map(|c| Some((c.key.name.clone(), crate::syntax::fold_name(c.was.as_ref()?))));
    let names: BTreeMap<String, String> = names.collect();
    (found.effects, found.as_of) = effects(before.as_ref(), now.as_ref(), &names);
    if let Some(now) = &now {
        let lineage = lineage(now.model());
        for effect in &mut found.effects {
            effect.follows = follows(&lineage, &effect.name, &found.changes);
        }
    }
    Ok(found)
}

/// The changed definitions that a KPI is made of, itself left out.
fn follows(lineage: &Lineage, kpi: &str, changes: &[Change]) -> Vec<String> {
    let is_it = |node: &Definition| node.kind == DefinitionKind::Kpi && node.name == kpi;
    let Some(start) = lineage.nodes.iter().position(is_it) else { return Vec::new() };
    let mut found = BTreeSet::from([start]);
    let mut next = vec![start];
    while let Some(at) = next.pop() {
        let from = lineage.edges.iter().filter(|(_, to)| *to == at).map(|(from, _)| *from);
        next.extend(from.filter(|from| found.insert(*from)));
    }
    let names: BTreeSet<(&str, String)> = found
        .iter()
        .filter(|at| **at != start)
        .map(|at| {
            let node = &lineage.nodes[*at];
            let space = if node.kind == DefinitionKind::Source { "source" } else { "measure" };
            (space, crate::syntax::fold_name(&node.name))
        })
        .collect();
    // Another name alone moves nothing.
    let is_part = |change: &&Change| {
        !change.edits.is_empty() && names.contains(&(change.key.space, change.key.name.clone()))
    };
    changes.iter().filter(is_part).map(|c| format!("{} {}", c.kind, c.name)).collect()
}

fn is_error(found: &Diagnostic) -> bool {
    found.severity == Severity::Error
}

/// The project at a path; none where there is none.
fn project(host: &dyn Host, path: &str) -> Result<Option<Project>, HostError> {
    let is_there = host.is_file(path)
        || match host.specs(path) {
            Ok(specs) => !specs.is_empty(),
            Err(error) if super::is_missing(&error) => false,
            Err(error) => return Err(error),
        };
    is_there.then(|| load(host, path)).transpose()
}

/// The definitions of a project: its own, and those of other folders that it uses. What comes with
/// the program is the same on both sides.
pub(super) fn project_definitions(project: &Project) -> Vec<changes::Definition> {
    let own: Vec<FileId> = project.trees.iter().map(|tree| tree.id).collect();
    let (own, used): (Vec<FileId>, Vec<FileId>) =
        own.into_iter().partition(|id| project.own.contains(id));
    let mut found = definitions(&project.sources, own.iter().copied().chain(used));
    let is_own = |d: &changes::Definition| project.own.contains(&d.span.file);
    let spans: BTreeSet<_> =
        project.trees.iter().flat_map(|tree| &tree.items).map(|item| item.span).collect();
    // What completes a definition stands for it in the tree.
    let completed: BTreeSet<Key> =
        found.iter().filter(|d| is_own(d)).map(|d| Key { turn: 0, ..d.key.clone() }).collect();
    found.retain(|d| {
        let file = project.sources.get(d.span.file);
        let is_used =
            || spans.contains(&d.span) || completed.contains(&Key { turn: 0, ..d.key.clone() });
        is_own(d) || file.origin == Origin::Library && !file.path.starts_with("std:") && is_used()
    });
    found
}

/// A project with its numbers.
struct State<'p> {
    project: &'p Project,
    computed: Computed,
    settled: Option<Model>,
}

impl State<'_> {
    fn model(&self) -> &Model {
        self.settled.as_ref().unwrap_or(&self.project.model)
    }
}

/// Works out what the KPIs of a project need; of no project nothing. None where the data have
/// mistakes, which are told.
#[expect(clippy::option_option, reason = "no project is no mistake")]
fn state<'p>(
    host: &dyn Host,
    project: Option<&'p Project>,
    as_of: Option<Date>,
    out: &mut Diagnostics,
) -> Result<Option<Option<State<'p>>>, HostError> {
    let Some(project) = project else { return Ok(Some(None)) };
    let model = &project.model;
    let measures = kpis(model).map(|id| {
        let slices = dimensions(model, id).into_iter().map(|d| vec![d]);
        Wanted { measure: id, slices: std::iter::once(Vec::new()).chain(slices).collect() }
    });
    let request = Request { measures: measures.collect(), until: as_of };
    let Some(computed) = Computed::run(host, model, &request, out)? else { return Ok(None) };
    let settled = project.settled(&computed, out);
    Ok((!out.has_errors()).then_some(Some(State { project, computed, settled })))
}

/// The KPIs that have values.
fn kpis(model: &Model) -> impl Iterator<Item = MeasureId> {
    model.kpis().filter(|(_, kpi)| kpi.lacks.is_empty()).map(|(id, _)| id)
}

/// The dimensions that reports break a KPI down by.
fn dimensions(model: &Model, id: MeasureId) -> Vec<String> {
    let purpose = model.measure(id).purpose.iter();
    let mut found: Vec<String> = purpose
        .flat_map(|p| {
            let channel = (!p.channels.is_empty()).then(|| "channel".to_owned());
            p.by.iter().cloned().chain(channel)
        })
        .filter(|dimension| has_dimension(model, id, dimension))
        .collect();
    found.sort();
    found.dedup();
    found
}

/// What differs, KPI by KPI in the order of the new state, those that went at the end. `names` are
/// the old names of what has another one now.
fn effects<'s>(
    old: Option<&'s State<'_>>,
    new: Option<&'s State<'_>>,
    names: &BTreeMap<String, String>,
) -> (Vec<Effect>, Option<Date>) {
    let evaluator = |state: &'_ State<'_>| -> Option<Date> {
        Some(state.computed.evaluator(state.model()).as_of())
    };
    let as_of = new.or(old).and_then(evaluator);
    let (before, now) = (old.map(Numbers::of), new.map(Numbers::of));
    let mut found = Vec::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for id in now.iter().flat_map(|now| kpis(now.model)) {
        let Some(now) = &now else { continue };
        let key = &now.model.measure(id).key;
        let was = names.get(key).unwrap_or(key);
        known.insert(was.clone());
        let old = before.as_ref().and_then(|before| Some((before, before.kpi(was)?)));
        found.extend(effect(old, Some((now, id))));
    }
    for id in before.iter().flat_map(|before| kpis(before.model)) {
        let Some(before) = &before else { continue };
        if !known.contains(&before.model.measure(id).key) {
            found.extend(effect(Some((before, id)), None));
        }
    }
    (found, as_of)
}

/// An evaluator beside what it evaluates.
struct Numbers<'s> {
    model: &'s Model,
    evaluator: Evaluator<'s>,
}

impl<'s> Numbers<'s> {
    fn of(state: &'s State<'_>) -> Self {
        let model = state.model();
        Self { model, evaluator: state.computed.evaluator(model) }
    }

    fn kpi(&self, key: &str) -> Option<MeasureId> {
        let id = self.model.find(key)?;
        kpis(self.model).any(|kpi| kpi == id).then_some(id)
    }

    fn side(&self, id: MeasureId, period: Period, slice: &Slice) -> Side {
        let point = self.evaluator.point(id, period, slice);
        Side {
            value: match point.value {
                Value::Known(number) => Some(number),
                _ => None,
            },
            target: point.target.map(|target| target.level),
            status: point.verdict.and_then(|verdict| verdict.status),
        }
    }
}

type Of<'n, 's> = (&'n Numbers<'s>, MeasureId);

/// What became of one KPI; none where nothing did.
fn effect<'s>(old: Option<Of<'_, 's>>, new: Option<Of<'_, 's>>) -> Option<Effect> {
    let (numbers, id) = new.or(old)?;
    let measure = numbers.model.measure(id);
    let cadence = measure.purpose.as_ref().and_then(|p| p.cadences.first().copied());
    let cadence = cadence.unwrap_or(Grain::Month);
    let sides = |period: Period, slice: &Slice| {
        let side = |of: Option<Of<'_, '_>>| of.map(|(numbers, id)| numbers.side(id, period, slice));
        (side(old), side(new))
    };
    let moved = |period: Period, member: Option<(String, Option<String>)>| {
        let slice = Slice(member.iter().cloned().collect());
        let (old, new) = sides(period, &slice);
        let label = numbers.model.settings.calendar.label(period);
        Moved { period, label, member, old, new }
    };
    let unit_before = old
        .map(|(numbers, id)| numbers.model.measure(id).unit.clone())
        .filter(|unit| *unit != measure.unit);
    // The same number of another currency is another value.
    let differs = |m: &Moved| {
        let has_value = |side: &Option<Side>| side.as_ref().is_some_and(|s| s.value.is_some());
        m.old != m.new || unit_before.is_some() && has_value(&m.old) && has_value(&m.new)
    };
    let all = |of: Option<Of<'_, '_>>| {
        of.map_or_else(Vec::new, |(n, id)| n.evaluator.periods(id, cadence, None, None))
    };
    let mut periods = all(new);
    periods.extend(all(old));
    periods.sort_by_key(|period| period.start);
    periods.dedup();
    let differ: Vec<Moved> = periods.iter().map(|p| moved(*p, None)).filter(&differs).collect();
    let closed = numbers.evaluator.last_closed(id, cadence);
    let latest = closed.map(|period| moved(period, None));
    let members = closed.map_or_else(Vec::new, |period| {
        let mut slices: BTreeSet<(String, Option<String>)> = BTreeSet::new();
        for (numbers, id) in [old, new].into_iter().flatten() {
            for dimension in dimensions(numbers.model, id) {
                let of = [dimension];
                let found = numbers.evaluator.members(id, &of, period.start, period.end);
                slices.extend(found.into_iter().flat_map(|slice| slice.0));
            }
        }
        // A dimension that one side lacks has no members to compare.
        let shared = |(dimension, _): &(String, Option<String>)| {
            let has = |(n, id): &Of<'_, '_>| dimensions(n.model, *id).contains(dimension);
            [old, new].iter().flatten().all(has)
        };
        let slices = slices.into_iter().filter(shared);
        slices.map(|member| moved(period, Some(member))).filter(&differs).collect()
    });
    let what = match (old, new) {
        (None, _) => What::Added,
        (_, None) => What::Removed,
        _ => What::Changed,
    };
    if what == What::Changed && differ.is_empty() && members.is_empty() {
        return None;
    }
    let is_moved = |m: &Moved| differs(m) || !members.is_empty();
    let latest = latest.filter(is_moved).or_else(|| differ.last().cloned());
    let shows = |spec: &&crate::model::ReportSpec| {
        spec.sections.iter().any(|section| {
            let figures = section.figures.iter().flat_map(|f| &f.measures);
            section.kpis.iter().chain(figures).any(|shown| *shown == id)
        })
    };
    let reports = reports(numbers.model);
    Some(Effect {
        name: measure.name.clone(),
        title: measure.title.plain.split_whitespace().collect::<Vec<_>>().join(" "),
        unit: measure.unit.clone(),
        unit_before,
        follows: Vec::new(),
        what,
        cadence,
        periods: periods.len(),
        moved: differ,
        latest,
        members,
        reports: reports.iter().filter(shows).map(|spec| spec.name.clone()).collect(),
    })
}
