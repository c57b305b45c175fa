//! The report: rendering a tree, and building one.

mod bidi;
mod building;
mod experiment;
mod fixture;
mod locales;
mod markdown;
mod rendering;

use std::path::Path;

use sanjeh::diagnostic::Diagnostics;
use sanjeh::diagnostic::render::{Style, human};
use sanjeh::driver;
use sanjeh::host::disk::DiskHost;
use sanjeh::host::memory::MemoryHost;
use sanjeh::host::{Host, OutputFile, join};
use sanjeh::render::{Format, Templates, render};
use sanjeh::report::tree::Document;

/// A document in all formats, with the built-in templates.
fn rendered(document: &Document) -> Vec<OutputFile> {
    render(document, &Format::ALL, &Templates::none()).unwrap()
}

/// The drawings among files.
fn pictures(files: &[OutputFile]) -> impl Iterator<Item = &OutputFile> {
    files.iter().filter(|f| Path::new(&f.path).extension().is_some_and(|e| e == "svg"))
}

/// The text of the one file with an ending.
fn text_of(files: &[OutputFile], ending: &str) -> String {
    let file = files.iter().find(|f| f.path.ends_with(ending)).unwrap();
    String::from_utf8(file.bytes.clone()).unwrap()
}

/// The reports of a project; it must have no errors.
fn built(host: &dyn Host, path: &str) -> Vec<driver::Built> {
    let project = driver::load(host, path).unwrap();
    let mut out = Diagnostics::default();
    out.extend(project.diagnostics.clone());
    let specs = driver::reports(&project.model);
    let specs: Vec<_> = specs.iter().collect();
    let built = if out.has_errors() {
        None
    } else {
        driver::build(host, &project, &specs, &Format::ALL, None, &mut out).unwrap()
    };
    built.unwrap_or_else(|| panic!("{}", human(&out, &project.sources, Style::Plain)))
}

/// The one report of a project in one file.
fn report_of(text: &str) -> driver::Built {
    built(&MemoryHost::new([("main.kpi", text)]), "").remove(0)
}

/// Puts files into the build folder, where a browser can show them.
fn keep(folder: &str, files: &[OutputFile]) {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    let (host, below) = DiskHost::around(&target).unwrap();
    host.publish(&join(&below, folder), files).unwrap();
}
