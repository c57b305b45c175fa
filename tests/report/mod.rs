//! The report: rendering a tree, and building one.

mod fixture;

use std::path::Path;

use sanjeh::diagnostic::Diagnostics;
use sanjeh::driver;
use sanjeh::host::disk::DiskHost;
use sanjeh::host::{Host, OutputFile, join};
use sanjeh::render::{Format, Templates, render};
use sanjeh::report::tree::Document;

fn rendered(document: &Document) -> Vec<OutputFile> {
    render(document, &Format::ALL, &Templates::none()).unwrap()
}

/// Puts files where a browser can show them.
fn keep(folder: &str, files: &[OutputFile]) {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    let (host, below) = DiskHost::around(&target).unwrap();
    host.publish(&join(&below, folder), files).unwrap();
}

#[test]
fn fixture_is_written() {
    keep("report-fixture", &rendered(&fixture::shop()));
}

#[test]
fn shop_is_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (host, below) = DiskHost::around(&root.join("examples/shop")).unwrap();
    let project = driver::load(&host, &below).unwrap();
    let shown: Vec<_> = project.diagnostics.sorted().iter().map(|d| (d.code.id, d.message.clone())).collect();
    println!("{shown:#?}");
    let mut out = Diagnostics::default();
    let specs = driver::reports(&project.model);
    let specs: Vec<_> = specs.iter().collect();
    let built = driver::build(&host, &project, &specs, &Format::ALL, None, &mut out).unwrap();
    let found: Vec<_> = out.sorted().iter().map(|d| (d.code.id, d.message.clone(), d.data.clone())).collect();
    println!("{found:#?}");
    for report in built.unwrap() {
        keep("report-shop", &report.files);
    }
}
