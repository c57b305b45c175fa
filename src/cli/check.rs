//! `kpi check`

use std::path::Path;

use super::args::{CheckArgs, CheckFormat, Deny};
use super::output::Terminal;
use super::{FAILED, FINE, USAGE};
use crate::diagnostic::Severity;
use crate::diagnostic::render::{github, gitlab, sarif};
use crate::driver;
use crate::host::Host;
use crate::host::disk::DiskHost;

/// Parses, resolves and checks a project.
pub(super) fn run(args: &CheckArgs, terminal: &mut Terminal) -> u8 {
    let loaded = DiskHost::around(Path::new(&args.path))
        .and_then(|(host, path)| Ok((driver::load(&host, &path)?, host.now())));
    let (mut project, now) = match loaded {
        Ok(loaded) => loaded,
        Err(error) => return terminal.fail(&error),
    };
    let calendar = project.model.settings.calendar;
    let today = project.model.settings.timezone.day(now);
    let day = match super::eval::as_of(args.as_of.as_deref(), calendar, today) {
        Ok(day) => day.unwrap_or(today),
        Err(message) => {
            terminal.say(&format!("error: {message}\n"));
            return USAGE;
        }
    };
    project.diagnostics.extend(driver::lint(&project, day));
    for mut absent in std::mem::take(&mut project.absent) {
        absent.severity = Severity::Warning;
        project.diagnostics.push(absent);
    }
    let strict = args.deny == Some(Deny::Warnings) && !project.diagnostics.is_empty();
    let printed = match args.format {
        CheckFormat::Human => {
            terminal.diagnose(&project.diagnostics, &project.sources);
            FINE
        }
        CheckFormat::Json => terminal.print_json(&project.diagnostics, &project.sources),
        CheckFormat::Sarif => terminal.print(&sarif(&project.diagnostics, &project.sources)),
        CheckFormat::Gitlab => terminal.print(&gitlab(&project.diagnostics, &project.sources)),
        CheckFormat::Github => terminal.print(&github(&project.diagnostics, &project.sources)),
    };
    if strict || project.diagnostics.has_errors() {
        return FAILED;
    }
    if args.format == CheckFormat::Human {
        terminal.say(&super::lacking::each(&project.model));
    }
    if args.format == CheckFormat::Human && project.diagnostics.is_empty() {
        let kpis = project.model.kpis().count();
        let metrics = project.model.measures.len() - kpis;
        terminal.say(&format!(
            "no mistakes in {} KPIs and {} metrics over {} sources\n",
            kpis,
            metrics,
            project.model.sources.len()
        ));
    }
    printed
}
