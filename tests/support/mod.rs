//! Text in, text out: the one way in which tests look at the program.

use std::path::{Path, PathBuf};

use sanjeh::diagnostic::render::{Style, human};
use sanjeh::diagnostic::{Diagnostic, Diagnostics};
use sanjeh::driver::{self, Project};
use sanjeh::eval::table::{Question, Row};
use sanjeh::host::memory::MemoryHost;
use sanjeh::render::Format;
use sanjeh::time::Date;

/// A fenced block of a Markdown file.
#[derive(Clone, Debug)]
pub(crate) struct Fence {
    /// The first word behind the backticks.
    pub(crate) language: String,
    /// What follows it.
    pub(crate) rest: String,
    /// The heading above it.
    pub(crate) heading: String,
    /// What it holds.
    pub(crate) text: String,
    /// Its line in the file, from 1.
    pub(crate) line: usize,
}

/// All fenced blocks of a Markdown text.
pub(crate) fn fences(markdown: &str) -> Vec<Fence> {
    let mut found: Vec<Fence> = Vec::new();
    let mut heading = String::new();
    let mut open: Option<(Fence, String)> = None;
    for (number, line) in markdown.lines().enumerate() {
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        match &mut open {
            Some((fence, mark)) if line.trim_end() == mark => {
                found.push(fence.clone());
                open = None;
            }
            Some((fence, _)) => {
                fence.text.push_str(line);
                fence.text.push('\n');
            }
            None if ticks.len() >= 3 => {
                let info = line[ticks.len()..].trim();
                let (language, rest) = info.split_once(' ').unwrap_or((info, ""));
                let fence = Fence {
                    language: language.to_owned(),
                    rest: rest.trim().to_owned(),
                    heading: heading.clone(),
                    text: String::new(),
                    line: number + 1,
                };
                open = Some((fence, ticks));
            }
            None => {
                if let Some(title) = line.strip_prefix('#') {
                    title.trim_start_matches('#').trim().clone_into(&mut heading);
                }
            }
        }
    }
    found
}

/// The files that fences of a page are: `kpi` ones are `main.kpi` unless they carry a name.
pub(crate) fn host_of<'f>(fences: impl IntoIterator<Item = &'f Fence>) -> MemoryHost {
    let mut host = MemoryHost::default();
    for fence in fences {
        let path = match (fence.language.as_str(), fence.rest.as_str()) {
            ("kpi", "") => "main.kpi",
            (_, "") => continue,
            (_, name) => name,
        };
        host.insert(path, fence.text.as_bytes());
    }
    host
}

/// The day of the tests: 15 July 2026.
const TODAY: Date = Date::from_days(20_649);

/// Everything that is found in a project: by checking it, and where that is fine by evaluating
/// and building it.
pub(crate) fn diagnose(host: &MemoryHost) -> (Project, Vec<Diagnostic>) {
    let mut project = driver::load(host, "").expect("a project in memory can be read");
    let mut found: Vec<Diagnostic> =
        std::mem::take(&mut project.diagnostics).sorted().into_iter().cloned().collect();
    found.extend(driver::lint(&project, TODAY));
    let fine = !found.iter().any(|d| d.severity == sanjeh::diagnostic::Severity::Error);
    if fine {
        let mut out = Diagnostics::default();
        let specs = driver::reports(&project.model);
        let specs: Vec<_> = specs.iter().collect();
        let built = driver::build(host, &project, &specs, &Format::ALL, None, &mut out);
        built.expect("a world in memory does not fail");
        found.extend(out.sorted().into_iter().cloned());
    }
    (project, found)
}

/// The rows of `kpi eval` over a project that must be right.
pub(crate) fn rows(host: &MemoryHost, question: &Question) -> Vec<Row> {
    let project = driver::load(host, "").expect("a project in memory can be read");
    let mut out = Diagnostics::default();
    out.extend(project.diagnostics.clone());
    let rows = if out.has_errors() {
        None
    } else {
        driver::evaluate(host, &project, question, &mut out).expect("memory does not fail")
    };
    rows.unwrap_or_else(|| panic!("{}", human(&out, &project.sources, Style::Plain)))
}

/// The project's own folder.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder with an ending, sorted.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut stack = vec![folder.to_owned()];
    while let Some(folder) = stack.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                stack.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
