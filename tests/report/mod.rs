//! The report: rendering a tree, and building one.

mod fixture;

use std::path::Path;

use sanjeh::host::disk::DiskHost;
use sanjeh::host::{Host, OutputFile};
use sanjeh::render::{Format, Templates, render};
use sanjeh::report::tree::Document;

fn rendered(document: &Document) -> Vec<OutputFile> {
    render(document, &Format::ALL, &Templates::none()).unwrap()
}

#[test]
fn fixture_is_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    let (host, below) = DiskHost::around(&folder).unwrap();
    let files = rendered(&fixture::shop());
    host.publish(&sanjeh::host::join(&below, "report-fixture"), &files).unwrap();
}
