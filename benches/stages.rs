//! The stages one by one over `examples/shop`: `cargo bench --bench stages`.
//!
//! What a user would pick instead is measured by `benches/compare.sh`; this tells where a change
//! in its figures comes from.

use std::path::Path;

use divan::Bencher;

use sanjeh::diagnostic::Diagnostics;
use sanjeh::driver::{self, Computed, Project};
use sanjeh::engine::Engine;
use sanjeh::engine::csv::CsvEngine;
use sanjeh::host::disk::DiskHost;
use sanjeh::plan::{Request, Wanted, plan};
use sanjeh::render::Format;

fn main() {
    divan::main();
}

fn opened() -> (DiskHost, String) {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/shop");
    DiskHost::around(&shop).expect("the example is there")
}

fn loaded() -> (DiskHost, Project) {
    let (host, path) = opened();
    let project = driver::load(&host, &path).expect("the example can be read");
    (host, project)
}

/// All KPIs in total.
fn request(project: &Project) -> Request {
    let wanted = |(measure, _)| Wanted { measure, slices: Vec::new() };
    Request { measures: project.model.kpis().map(wanted).collect(), until: None }
}

/// Text to checked model.
#[divan::bench]
fn load(bencher: Bencher<'_, '_>) {
    let (host, path) = opened();
    bencher.bench(|| driver::load(&host, &path));
}

/// Model to plan.
#[divan::bench]
fn planning(bencher: Bencher<'_, '_>) {
    let (_, project) = loaded();
    let request = request(&project);
    bencher.bench(|| plan(&project.model, &request));
}

/// Plan to aggregates.
#[divan::bench]
fn scan(bencher: Bencher<'_, '_>) {
    let (host, project) = loaded();
    let (plan, _) = plan(&project.model, &request(&project));
    bencher.bench(|| CsvEngine::default().run(&plan, &host, &mut Diagnostics::default()));
}

/// Plan, aggregates and their checks: all before the first formula.
#[divan::bench]
fn compute(bencher: Bencher<'_, '_>) {
    let (host, project) = loaded();
    let request = request(&project);
    bencher.bench(|| Computed::run(&host, &project.model, &request, &mut Diagnostics::default()));
}

/// Model to the files of all reports.
#[divan::bench(args = ["html", "markdown", "json"])]
fn build(bencher: Bencher<'_, '_>, format: &str) {
    let (host, project) = loaded();
    let format = Format::from_word(format).expect("a format");
    let specs = driver::reports(&project.model);
    let specs: Vec<_> = specs.iter().collect();
    bencher.bench(|| {
        driver::build(&host, &project, &specs, &[format], None, &mut Diagnostics::default())
    });
}
