//! The one file that strings the stages together. The command line, the tests and the editor all
//! call it; none of them calls a stage by itself.

mod decision;
mod difference;
mod history;
mod reports;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{DataPlace, Diagnostic, Diagnostics, Severity, codes};
use crate::engine::csv::{CsvEngine, headers};
use crate::engine::{Aggregates, Engine, Rejection, ScanFacts};
use crate::eval::table::{self, Question, Row};
use crate::eval::{self, Checked, Coverage, Evaluator, Explained, Slice};
use crate::format::{self, Mismatch};
use crate::host::memory::MemoryHost;
use crate::host::{Failure, Host, HostError};
use crate::library;
use crate::lint;
use crate::model::{self, AggregateId, Headers, MeasureId, Model, SourceId, Test, TestLine};
use crate::plan::{self, Bindings, Plan, Request, Wanted, Witnessed};
pub use crate::plan::{Definition, DefinitionKind, Lineage, lineage};
use crate::report;
use crate::source::{FileId, Sources};
use crate::syntax::{self, ast};
use crate::time::{Date, Grain, Period};
use crate::value::Currency;

pub use decision::{Reviewed, reviewed};
pub use difference::{Difference, Effect, Moved, Side, Unvalued, difference};
pub use history::{History, Now, Step, history};
pub use reports::{Built, Past, build, index, past, reports};

/// A project, read and checked.
#[derive(Debug)]
pub struct Project {
    /// The `.kpi` files.
    pub sources: Sources,
    /// What they say, as far as it can be said.
    pub model: Model,
    /// What is wrong with them.
    pub diagnostics: Diagnostics,
    /// Data files that are not there: a warning for `check`, found again by whoever reads them.
    pub absent: Diagnostics,
    /// The project's folder, relative to the host's root.
    pub folder: String,
    /// The headers of its sources.
    headers: Headers,
    /// Its definitions, with those that it uses.
    trees: Vec<ast::File>,
    /// Its own files; the others are libraries.
    own: BTreeSet<FileId>,
    /// What its items allow.
    silenced: Vec<Diagnostic>,
}

impl Project {
    /// The model once the rows have told of which currency they are; the one that is there where
    /// the spec says so itself. What does not go together then is told.
    fn settled(&self, computed: &Computed, out: &mut Diagnostics) -> Option<Model> {
        if computed.currencies.is_empty() {
            return None;
        }
        let mut headers = self.headers.clone();
        headers.tell_currencies(computed.currencies.clone());
        let mut found = Diagnostics::default();
        let model = model::check(&self.trees, &self.sources, &headers, &mut found);
        // Warnings were told when the project was read.
        out.extend(found.into_iter().filter(|d| d.severity == Severity::Error));
        Some(model)
    }
}

/// Reads and checks the project in a folder, or the one in a single file.
///
/// ```
/// use sanjeh::{driver, host::memory::MemoryHost};
///
/// let host = MemoryHost::new([("shop.kpi", "metric a = b\n")]);
/// let project = driver::load(&host, "").unwrap();
/// assert_eq!(project.diagnostics.iter().next().unwrap().code.id, "K2001");
/// ```
///
/// # Errors
/// Where the path is not there or a file cannot be read.
pub fn load(host: &dyn Host, path: &str) -> Result<Project, HostError> {
    let mut out = Diagnostics::default();
    let (folder, paths) = specs(host, path, &mut out)?;
    let mut sources = Sources::default();
    let mut cut = BTreeSet::new();
    for path in paths {
        if let Some(found) = read(host, &path, &mut sources)? {
            cut.extend(found.span().map(|s| s.file));
            out.push(found);
        }
    }
    let (files, found) = parse(&sources, &folder, &cut);
    out.extend(found);
    let own = sources.iter().map(|(id, _)| id).collect();
    let files = library::bring_in(host, files, &mut sources, &mut out)?;
    let mut absent = Diagnostics::default();
    let mut known = Headers::default();
    for request in model::inputs(&files, &sources) {
        match headers(host, &request.input, &request.dialect) {
            Ok(Some(names)) => known.insert(request.source, names),
            Ok(None) => {}
            Err(found) => absent.extend(found),
        }
    }
    let model = model::check(&files, &sources, &known, &mut out);
    out.extend(report::check(&model));
    let sifted = lint::sift(&files, out.into_iter().collect());
    let mut diagnostics = Diagnostics::default();
    diagnostics.extend(sifted.told);
    Ok(Project {
        sources,
        model,
        diagnostics,
        absent,
        folder,
        headers: known,
        trees: files,
        own,
        silenced: sifted.silenced,
    })
}

/// What a careful colleague would ask about a project; nothing of one with errors, which come
/// first. Deadlines and reviews are held against `today`.
pub fn lint(project: &Project, today: Date) -> Vec<Diagnostic> {
    if project.diagnostics.has_errors() {
        return Vec::new();
    }
    let subject = lint::Subject {
        model: &project.model,
        files: &project.trees,
        own: project.own.clone(),
        today,
    };
    lint::lint(&subject, &project.silenced).told
}

/// The folder of a project and its `.kpi` files. That there is none is told.
fn specs(
    host: &dyn Host,
    path: &str,
    out: &mut Diagnostics,
) -> Result<(String, Vec<String>), HostError> {
    if host.is_file(path) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        return Ok((folder.to_owned(), vec![path.to_owned()]));
    }
    let paths = host.specs(path)?;
    if paths.is_empty() {
        let shown = if path.is_empty() { "this folder" } else { path };
        let message = format!("no `.kpi` file in {shown}");
        let help = "a project is a folder with at least one file that ends in `.kpi`";
        out.push(Diagnostic::new(&codes::NO_SPEC, message).help(help));
    }
    Ok((path.to_owned(), paths))
}

/// A file beside its text in the one layout.
#[derive(Debug)]
pub struct Formatted {
    /// Which file.
    pub id: FileId,
    /// The text that it should have.
    pub text: Result<String, Mismatch>,
}

/// Formats the `.kpi` files of a folder, or a single one, and writes nothing. A file that is not
/// UTF-8 is left out; that is among what is found in them.
///
/// # Errors
/// Where the path is not there or a file cannot be read.
pub fn format(
    host: &dyn Host,
    path: &str,
    out: &mut Diagnostics,
) -> Result<(Sources, Vec<Formatted>), HostError> {
    let mut sources = Sources::default();
    let mut whole = Vec::new();
    for path in specs(host, path, out)?.1 {
        match read(host, &path, &mut sources)? {
            Some(found) => out.push(found),
            None => whole.extend(sources.iter().last().map(|(id, _)| id)),
        }
    }
    let format = |id| Formatted { id, text: format::format(&sources, id, out) };
    let formatted = whole.into_iter().map(format).collect();
    Ok((sources, formatted))
}

/// Takes a file in; of one that is not UTF-8 only what stands before, so that its names are known.
fn read(
    host: &dyn Host,
    path: &str,
    sources: &mut Sources,
) -> Result<Option<Diagnostic>, HostError> {
    let (text, ends) = library::text_of(host, path)?;
    let id = sources.add(path, text);
    Ok(ends.map(|ends| ends.told(id)))
}

/// The standard library, file by file: its name behind `use`, and a project that uses it alone.
///
/// # Errors
/// Never, but loading a project may fail in general.
pub fn standard() -> Result<Vec<(String, Project)>, HostError> {
    let file = |file: &library::shipped::Shipped| {
        let name = format!("std:{}", file.name);
        let host = MemoryHost::new([("main.kpi", format!("use {name:?}\n"))]);
        Ok((name, load(&host, "")?))
    };
    library::shipped::ALL.iter().map(file).collect()
}

/// Parses every file but those of projects in subfolders, which are projects of their own. What a
/// file that was `cut` lacks is not told a second time.
fn parse(sources: &Sources, folder: &str, cut: &BTreeSet<FileId>) -> (Vec<ast::File>, Diagnostics) {
    let mut parsed: Vec<(FileId, ast::File, Diagnostics)> = Vec::new();
    let mut others: BTreeSet<String> = BTreeSet::new();
    for (id, file) in sources.iter() {
        let mut found = Diagnostics::default();
        let tree = syntax::parse(sources, id, &mut found);
        let home = file.path.rsplit_once('/').map_or("", |(home, _)| home);
        if library::is_project(&tree) && home != folder {
            others.insert(format!("{home}/"));
        }
        parsed.push((id, tree, found));
    }
    let mut out = Diagnostics::default();
    let mut files = Vec::new();
    for (id, tree, found) in parsed {
        let path = &sources.get(id).path;
        if !others.iter().any(|other| path.starts_with(other)) {
            out.extend(found.into_iter().filter(|_| !cut.contains(&id)));
            files.push(tree);
        }
    }
    (files, out)
}

/// What a run of the engine gave.
#[derive(Debug)]
pub struct Computed {
    currencies: BTreeMap<AggregateId, Currency>,
    bindings: Bindings,
    aggregates: Aggregates,
    as_of: Option<Date>,
}

impl Computed {
    /// Runs a plan for what is wanted of a project without errors. Nothing comes where the data
    /// have mistakes, which are told.
    ///
    /// # Errors
    /// Where the world fails.
    pub fn run(
        host: &dyn Host,
        model: &Model,
        request: &Request,
        out: &mut Diagnostics,
    ) -> Result<Option<Self>, HostError> {
        let (plan, bindings) = plan::plan(model, request);
        let aggregates = CsvEngine::default().run(&plan, host, out)?;
        let as_of = request.until;
        if !out.has_errors() {
            eval::check(model, &bindings, &aggregates, as_of, out);
        }
        let currencies = settle(host, model, (&plan, &bindings), &aggregates, out)?;
        Ok((!out.has_errors()).then_some(Self { currencies, bindings, aggregates, as_of }))
    }

    /// Answers of these aggregates.
    pub fn evaluator<'a>(&'a self, model: &'a Model) -> Evaluator<'a> {
        Evaluator::new(model, &self.bindings, &self.aggregates, self.as_of)
    }
}

/// Of which currency the amounts of each aggregate are, where only the rows tell; those of several
/// are a mistake, and so are those of none.
fn settle(
    host: &dyn Host,
    model: &Model,
    (plan, bindings): (&Plan, &Bindings),
    aggregates: &Aggregates,
    out: &mut Diagnostics,
) -> Result<BTreeMap<AggregateId, Currency>, HostError> {
    let mut settled = BTreeMap::new();
    if out.has_errors() {
        return Ok(settled);
    }
    for (id, found) in eval::currencies::currencies(model, bindings, aggregates) {
        if let Some(text) = found.unknown.first() {
            let place = unnamed(host, bindings, plan, id)?;
            out.push(eval::currencies::without(model, id, text, place));
            continue;
        }
        let mut known = found.known.iter().copied();
        match (known.next(), known.next()) {
            (Some(first), Some(_)) => {
                let places = cells(host, bindings, plan, id, first)?;
                out.push(eval::currencies::mixed(model, id, &found.known, &places));
            }
            (Some(only), None) => {
                settled.insert(id, only);
            }
            (None, _) => {}
        }
    }
    Ok(settled)
}

/// The first row of an aggregate whose amount has no currency.
fn unnamed(
    host: &dyn Host,
    bindings: &Bindings,
    plan: &Plan,
    id: AggregateId,
) -> Result<Option<DataPlace>, HostError> {
    let Some(plan) = plan::witness(plan, bindings, id, Witnessed::Unnamed) else { return Ok(None) };
    let mut unheard = Diagnostics::default();
    let aggregates = CsvEngine::default().run(&plan, host, &mut unheard)?;
    let first = aggregates.scans.first().and_then(|s| s.facts.rejections.first());
    Ok(first.map(|cell| cell.place.clone()))
}

/// Two cells of different currencies among the rows of an aggregate.
fn cells(
    host: &dyn Host,
    bindings: &Bindings,
    plan: &Plan,
    id: AggregateId,
    but: Currency,
) -> Result<Vec<Rejection>, HostError> {
    let mut found: Vec<Rejection> = Vec::new();
    let mut but = but;
    for _ in 0..2 {
        let Some(plan) = plan::witness(plan, bindings, id, Witnessed::Another(but)) else { break };
        let mut unheard = Diagnostics::default();
        let aggregates = CsvEngine::default().run(&plan, host, &mut unheard)?;
        let Some(cell) = aggregates.scans.first().and_then(|s| s.facts.rejections.first()) else {
            break;
        };
        found.push(cell.clone());
        let Some(code) = Currency::from_code(&cell.reason) else { break };
        but = code;
    }
    found.sort_by(|a, b| (&a.place.path, a.place.line).cmp(&(&b.place.path, b.place.line)));
    Ok(found)
}

/// The rows of `kpi eval`.
///
/// # Errors
/// Where the world fails.
pub fn evaluate(
    host: &dyn Host,
    project: &Project,
    question: &Question,
    out: &mut Diagnostics,
) -> Result<Option<Vec<Row>>, HostError> {
    out.extend(question.measures.iter().filter_map(|id| project.model.missing_input(*id)));
    if out.has_errors() {
        return Ok(None);
    }
    let computed = Computed::run(host, &project.model, &question.request(&project.model), out)?;
    let Some(computed) = computed else { return Ok(None) };
    let settled = project.settled(&computed, out);
    let model = settled.as_ref().unwrap_or(&project.model);
    Ok((!out.has_errors()).then(|| table::rows(&computed.evaluator(model), question)))
}

/// A test of the spec, and what became of each of its lines.
#[derive(Debug)]
pub struct Tested<'m> {
    /// The test.
    pub test: &'m Test,
    /// Its lines in order.
    pub lines: Vec<(&'m TestLine, Checked)>,
}

/// Runs the tests of a project without errors, over all data up to the as-of date.
///
/// # Errors
/// Where the world fails.
pub fn test<'p>(
    host: &dyn Host,
    project: &'p Project,
    as_of: Option<Date>,
    out: &mut Diagnostics,
) -> Result<Option<Vec<Tested<'p>>>, HostError> {
    let model = &project.model;
    let Some(computed) = Computed::run(host, model, &eval::tested(model, as_of), out)? else {
        return Ok(None);
    };
    let settled = project.settled(&computed, out);
    if out.has_errors() {
        return Ok(None);
    }
    let evaluator = computed.evaluator(settled.as_ref().unwrap_or(model));
    let run = |test: &'p Test| Tested {
        test,
        lines: test.lines.iter().map(|line| (line, evaluator.check(line))).collect(),
    };
    Ok(Some(model.tests.iter().map(run).collect()))
}

/// How a number came about, and what was read for it.
#[derive(Debug)]
pub struct Explanation {
    /// The number, down to its rows.
    pub explained: Explained,
    /// The as-of date.
    pub as_of: Date,
    /// The sources that it is made from, with what was read of them and the days that they cover.
    pub sources: Vec<(SourceId, ScanFacts, Option<Coverage>)>,
}

/// What is to be explained.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Which measure.
    pub measure: MeasureId,
    /// In which period; the last closed one where none is given.
    pub period: Option<Period>,
    /// For which members, sorted by dimension.
    pub slice: Slice,
    /// Rows after this day do not count.
    pub as_of: Option<Date>,
}

/// Explains a number of a project without errors.
///
/// # Errors
/// Where the world fails.
pub fn explain(
    host: &dyn Host,
    project: &Project,
    subject: &Subject,
    out: &mut Diagnostics,
) -> Result<Option<Explanation>, HostError> {
    let model = &project.model;
    out.extend(model.missing_input(subject.measure));
    if out.has_errors() {
        return Ok(None);
    }
    let dimensions = subject.slice.0.iter().map(|(name, _)| name.clone()).collect();
    let wanted = Wanted { measure: subject.measure, slices: vec![dimensions] };
    let request = Request { measures: vec![wanted], until: subject.as_of };
    let Some(computed) = Computed::run(host, model, &request, out)? else { return Ok(None) };
    let settled = project.settled(&computed, out);
    if out.has_errors() {
        return Ok(None);
    }
    let model = settled.as_ref().unwrap_or(model);
    let evaluator = computed.evaluator(model);
    let measure = model.measure(subject.measure);
    let grain = measure.purpose.as_ref().and_then(|p| p.cadences.first().copied());
    let grain = grain.unwrap_or(Grain::Month);
    let closed = || evaluator.last_closed(subject.measure, grain);
    let current = || model.settings.calendar.period_of(grain, evaluator.as_of());
    let period = subject.period.or_else(closed).unwrap_or_else(current);
    let explained = evaluator.explain(subject.measure, period, &subject.slice);
    let read = measure.sources.iter().filter_map(|id| {
        Some((*id, evaluator.facts(*id)?.clone(), evaluator.coverage(*id).cloned()))
    });
    Ok(Some(Explanation { explained, as_of: evaluator.as_of(), sources: read.collect() }))
}

/// The as-of date of a project without errors: the latest day that its data reach. Reads the data.
///
/// # Errors
/// Where the world fails.
pub fn as_of(
    host: &dyn Host,
    project: &Project,
    out: &mut Diagnostics,
) -> Result<Option<Date>, HostError> {
    let request = Request::default();
    let computed = Computed::run(host, &project.model, &request, out)?;
    Ok(computed.map(|c| c.evaluator(&project.model).as_of()))
}

fn add(all: &mut Vec<Wanted>, measure: MeasureId, slices: Vec<Vec<String>>) {
    match all.iter_mut().find(|w| w.measure == measure) {
        Some(wanted) => {
            let fresh =
                slices.into_iter().filter(|s| !wanted.slices.contains(s)).collect::<Vec<_>>();
            wanted.slices.extend(fresh);
        }
        None => all.push(Wanted { measure, slices }),
    }
}

/// Whether a failure of the world is that something is not there.
pub fn is_missing(error: &HostError) -> bool {
    error.kind == Failure::NotFound
}
