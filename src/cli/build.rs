//! `kpi build`

use std::path::Path;
use std::time::Instant;

use super::alarm;
use super::args::{BuildArgs, BuildFormat, FailOn};
use super::output::Terminal;
use super::{FAILED, FINE, FIRED, USAGE};
use crate::diagnostic::{Diagnostics, nearest};
use crate::driver::{self, Built, Project};
use crate::host::{Host, HostError, OutputFile, disk};
use crate::model::ReportSpec;
use crate::render::{self, Format};
use crate::report::Document;
use crate::syntax::fold_name;
use crate::time::{Calendar, Date, Grain};

/// Builds the reports, all of them or none.
pub(super) fn run(args: &BuildArgs, terminal: &mut Terminal) -> u8 {
    match super::open(&args.path, args.cache) {
        Ok((host, path)) => once(args, &host, &path, terminal),
        Err(error) => terminal.fail(&error),
    }
}

/// Reports that are made, and not written yet.
pub(super) struct Made {
    /// Of each report the latest first, then earlier ones.
    pub(super) reports: Vec<Vec<Built>>,
    /// The page over all of them.
    pub(super) front: Option<OutputFile>,
}

impl Made {
    /// All files of the build.
    pub(super) fn files(&self) -> Vec<OutputFile> {
        let built = self.reports.iter().flatten();
        built.flat_map(|b| b.files.iter().cloned()).chain(self.front.clone()).collect()
    }

    /// Of each report the latest.
    pub(super) fn latest(&self) -> Vec<&Built> {
        self.reports.iter().filter_map(|all| all.first()).collect()
    }
}

/// What a build came to.
pub(super) enum Outcome {
    /// The reports.
    Made(Made),
    /// There is nothing to be built today, and that has been said.
    NothingDue,
    /// It failed, with this exit code; where that is for mistakes, they are among the diagnostics.
    Failed(u8),
}

/// One build through a host.
pub(super) fn once(args: &BuildArgs, host: &dyn Host, path: &str, terminal: &mut Terminal) -> u8 {
    let start = Instant::now();
    let project = match driver::load(host, path) {
        Ok(project) => project,
        Err(error) => return terminal.fail(&error),
    };
    let mut out = Diagnostics::default();
    let outcome = make(args, host, &project, (&mut out, terminal));
    terminal.diagnose(&out, &project.sources);
    let made = match outcome {
        Outcome::Made(made) => made,
        Outcome::NothingDue => return FINE,
        Outcome::Failed(code) => return code,
    };
    if let Some(note) = super::lacking::note(&project.model) {
        terminal.say(&note);
    }
    let folder = folder(args);
    let (files, latest) = (made.files(), made.latest());
    // Looked at before the report that it compares with is replaced.
    let alarms = alarm::all(&args.fail_on, &latest, &folder);
    if let Err(error) = host.publish(&folder, &files) {
        return terminal.fail(&error);
    }
    if let Some(file) = &args.summary {
        let documents: Vec<&Document> = latest.iter().map(|built| &built.document).collect();
        let text = render::summary(&documents, &alarms);
        if let Err(error) = disk::append(Path::new(file), text.as_bytes()) {
            return terminal.fail(&error);
        }
    }
    let mut pages = String::new();
    for file in files.iter().filter(|f| !is_chart(&f.path)) {
        pages.push_str(&Path::new(&folder).join(&file.path).to_string_lossy());
        pages.push('\n');
    }
    let printed = terminal.print(&pages);
    for report in &latest {
        terminal.say(&summary(report));
    }
    terminal.say(&format!("built in {} ms\n", start.elapsed().as_millis()));
    if !alarms.is_empty() {
        for alarm in alarms {
            terminal.say(&format!("--fail-on {alarm}\n"));
        }
        return FIRED;
    }
    if printed == FINE { FINE } else { FAILED }
}

/// Makes the reports that are asked for; what is wrong with the spec or its data is told.
pub(super) fn make(
    args: &BuildArgs,
    host: &dyn Host,
    project: &Project,
    (out, terminal): (&mut Diagnostics, &mut Terminal),
) -> Outcome {
    out.extend(project.diagnostics.clone());
    if out.has_errors() {
        return Outcome::Failed(FAILED);
    }
    let specs = driver::reports(&project.model);
    let wrong = |message: String, terminal: &mut Terminal| {
        terminal.say(&format!("error: {message}\n"));
        Outcome::Failed(USAGE)
    };
    let specs = match chosen(&args.reports, &specs) {
        Ok(specs) => specs,
        Err(message) => return wrong(message, terminal),
    };
    if args.fail_on.contains(&FailOn::NewlyOffTrack) && !args.format.contains(&BuildFormat::Json) {
        let message = "`--fail-on newly-off-track` compares with the JSON of the report before: \
                       add `json` to `--format`";
        return wrong(message.to_owned(), terminal);
    }
    let calendar = project.model.settings.calendar;
    let today = project.model.settings.timezone.day(host.now());
    let as_of = match super::eval::as_of(args.as_of.as_deref(), calendar, today) {
        Ok(as_of) => as_of,
        Err(message) => return wrong(message, terminal),
    };
    let specs = if args.due {
        let due = due(specs, calendar, as_of.unwrap_or(today));
        if due.is_empty() {
            let day = calendar.label(calendar.period_of(Grain::Day, as_of.unwrap_or(today)));
            terminal.say(&format!("no report is due on {day}: no period of any ended before\n"));
            return Outcome::NothingDue;
        }
        due
    } else {
        specs
    };
    let formats: Vec<Format> = args.format.iter().map(|f| format(*f)).collect();
    let built = match driver::build(host, project, &specs, &formats, as_of, out) {
        Ok(built) => built,
        Err(error) => return Outcome::Failed(terminal.fail(&error)),
    };
    let Some(built) = built else { return Outcome::Failed(FAILED) };
    match issues(args, host, (project, &specs), built, (out, terminal)) {
        Ok(made) if !out.has_errors() => Outcome::Made(made),
        Ok(_) => Outcome::Failed(FAILED),
        Err(error) => Outcome::Failed(terminal.fail(&error)),
    }
}

/// The reports with their earlier periods, and the front page: one of all reports, in HTML.
fn issues(
    args: &BuildArgs,
    host: &dyn Host,
    (project, specs): (&Project, &[&ReportSpec]),
    built: Vec<Built>,
    (out, terminal): (&mut Diagnostics, &mut Terminal),
) -> Result<Made, HostError> {
    let formats: Vec<Format> = args.format.iter().map(|f| format(*f)).collect();
    let mut reports = Vec::new();
    for (latest, spec) in built.into_iter().zip(specs) {
        let asked = (&latest.document, args.past);
        let past = driver::past(host, project, spec, asked, &formats, out)?;
        if !past.open.is_empty() {
            let (name, periods) = (&spec.name, past.open.join(", "));
            terminal.say(&format!(
                "{name}: no report of {periods}: the rows up to their last day do not show that \
                 they were over; `covers` of a source says how far it reaches\n"
            ));
        }
        reports.push(std::iter::once(latest).chain(past.built).collect::<Vec<_>>());
    }
    let is_whole = args.reports.is_empty() && !args.due && formats.contains(&Format::Html);
    let front = if is_whole { driver::index(host, project, &reports, out)? } else { None };
    Ok(Made { reports, front })
}

/// The reports of which a period ended on the day before this one.
fn due(specs: Vec<&ReportSpec>, calendar: Calendar, day: Date) -> Vec<&ReportSpec> {
    let yesterday = day.plus(-1);
    let ended = |spec: &&ReportSpec| calendar.period_of(spec.cadence, yesterday).end == yesterday;
    specs.into_iter().filter(ended).collect()
}

/// The charts of a Markdown report are parts of it, not reports.
fn is_chart(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|e| e == "svg")
}

/// `--out`, or `out` in the project's folder.
pub(super) fn folder(args: &BuildArgs) -> String {
    if let Some(out) = &args.out {
        let trimmed = out.trim_end_matches('/');
        // The root of the disk is a folder as well.
        return if trimmed.is_empty() { out.clone() } else { trimmed.to_owned() };
    }
    let path = Path::new(&args.path);
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    match folder.to_string_lossy().as_ref() {
        "" | "." => "out".to_owned(),
        folder => format!("{}/out", folder.trim_end_matches('/')),
    }
}

fn format(format: BuildFormat) -> Format {
    match format {
        BuildFormat::Html => Format::Html,
        BuildFormat::Markdown => Format::Markdown,
        BuildFormat::Json => Format::Json,
        BuildFormat::Email => Format::Email,
        BuildFormat::Xlsx => Format::Xlsx,
    }
}

fn chosen<'s>(names: &[String], specs: &'s [ReportSpec]) -> Result<Vec<&'s ReportSpec>, String> {
    if names.is_empty() {
        return Ok(specs.iter().collect());
    }
    let mut chosen = Vec::new();
    for name in names {
        let spec = specs.iter().find(|s| fold_name(&s.name) == fold_name(name));
        chosen.push(spec.ok_or_else(|| {
            let hint = nearest(name, specs.iter().map(|s| s.name.as_str()));
            let hint = hint.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            format!("there is no report `{name}`{hint}")
        })?);
    }
    Ok(chosen)
}

/// "monthly, June 2026: 12 on track, 3 at risk, 2 off track"
fn summary(built: &Built) -> String {
    let document = &built.document;
    format!("{}, {}: {}\n", document.name, document.period.text, document.state.text)
}
