//! Reports: of one period, of those before it, and the front page over all.

use super::{Computed, Project, add};
use crate::diagnostic::{Diagnostics, Severity};
use crate::eval;
use crate::host::{Host, HostError, OutputFile};
use crate::model::{Model, ReportSpec};
use crate::plan::{Request, Wanted};
use crate::render::{self, Format, Templates};
use crate::report;
use crate::report::tree::{Document, ValueState};
use crate::time::Date;

/// A report, built.
#[derive(Debug)]
pub struct Built {
    /// The tree that it was rendered from.
    pub document: Document,
    /// Its files, relative to the output folder.
    pub files: Vec<OutputFile>,
}

/// Builds reports of a project without errors, and writes nothing.
///
/// # Errors
/// Where the world fails.
pub fn build(
    host: &dyn Host,
    project: &Project,
    reports: &[&ReportSpec],
    formats: &[Format],
    as_of: Option<Date>,
    out: &mut Diagnostics,
) -> Result<Option<Vec<Built>>, HostError> {
    let request = Request { measures: wanted(&project.model, reports), until: as_of };
    let Some(computed) = Computed::run(host, &project.model, &request, out)? else {
        return Ok(None);
    };
    let settled = project.settled(&computed, out);
    if out.has_errors() {
        return Ok(None);
    }
    let model = settled.as_ref().unwrap_or(&project.model);
    let evaluator = computed.evaluator(model);
    for experiment in &model.experiments {
        if request.measures.iter().any(|w| w.measure == experiment.kpi) {
            eval::doubts(&evaluator, experiment, out);
        }
    }
    let templates = Templates::load(host, &project.folder)?;
    out.extend(templates.warnings());
    let mut built = Vec::new();
    for spec in reports {
        let document = report::build(model, &evaluator, spec, &project.sources);
        match render::render(&document, formats, &templates) {
            Ok(files) => built.push(Built { document, files }),
            Err(found) => out.extend(found),
        }
    }
    Ok((!out.has_errors()).then_some(built))
}

/// Reports of earlier periods.
#[derive(Debug, Default)]
pub struct Past {
    /// Those that there are, the latest first.
    pub built: Vec<Built>,
    /// Periods that the rows up to their last day do not show to be over.
    pub open: Vec<String>,
}

/// The reports of so many periods before a built one, each as it stood on the last day of its
/// period: later rows do not count. There are fewer where the data begin.
///
/// # Errors
/// Where the world fails.
pub fn past(
    host: &dyn Host,
    project: &Project,
    spec: &ReportSpec,
    (latest, count): (&Document, u16),
    formats: &[Format],
    out: &mut Diagnostics,
) -> Result<Past, HostError> {
    let calendar = project.model.settings.calendar;
    let mut past = Past::default();
    let mut start = Date::parse_iso(&latest.period.start);
    for _ in 0..count {
        let Some(day) = start else { break };
        let period = calendar.period_of(spec.cadence, day.plus(-1));
        start = Some(period.start);
        let label = calendar.label(period);
        let spec = ReportSpec { name: format!("{}-{label}", spec.name), ..spec.clone() };
        // Warnings of the data have been told with the latest report.
        let mut told = Diagnostics::default();
        let found = build(host, project, &[&spec], formats, Some(period.end), &mut told)?;
        let Some(report) = found.into_iter().flatten().next() else {
            out.extend(told.iter().filter(|d| d.severity == Severity::Error).cloned());
            break;
        };
        let rows = report.document.sections.iter().flat_map(|s| &s.rows);
        if !rows.map(|row| &row.value).any(|value| value.state == ValueState::Value) {
            break;
        }
        // Without `covers` a period is over once a later row says so; the report would be that of
        // the period before it, under a wrong name.
        if report.document.period.label == label {
            past.built.push(report);
        } else {
            past.open.push(label);
        }
    }
    Ok(past)
}

/// The front page over reports: of each the latest first, then earlier ones. None without a
/// report, and where a report has that name.
///
/// # Errors
/// Where the world fails.
pub fn index(
    host: &dyn Host,
    project: &Project,
    reports: &[Vec<Built>],
    out: &mut Diagnostics,
) -> Result<Option<OutputFile>, HostError> {
    let all: Vec<Vec<&Document>> =
        reports.iter().map(|r| r.iter().map(|b| &b.document).collect()).collect();
    let taken = |d: &&Document| format!("{}.html", d.name) == render::INDEX;
    let Some(index) = report::index(&project.model, &all) else { return Ok(None) };
    if all.iter().flatten().any(taken) {
        return Ok(None);
    }
    let templates = Templates::load(host, &project.folder)?;
    match render::render_index(&index, &templates) {
        Ok(file) => Ok(Some(file)),
        Err(found) => {
            out.extend(found);
            Ok(None)
        }
    }
}

/// The reports of a project: its own, or the one that stands for none.
pub fn reports(model: &Model) -> Vec<ReportSpec> {
    if model.reports.is_empty() { vec![report::default_spec(model)] } else { model.reports.clone() }
}

fn wanted(model: &Model, reports: &[&ReportSpec]) -> Vec<Wanted> {
    let mut all: Vec<Wanted> = Vec::new();
    for spec in reports {
        for (measure, slices) in report::needs(model, spec) {
            add(&mut all, measure, slices);
        }
    }
    all
}
