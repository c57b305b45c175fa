//! Any text as a project over fixed tables: checking and building never panic, what is built twice
//! is the same, and no message carries a control character.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sanjeh::diagnostic::Diagnostics;
use sanjeh::diagnostic::render::{Style, human};
use sanjeh::driver::{self, Project};
use sanjeh::host::OutputFile;
use sanjeh::host::memory::MemoryHost;
use sanjeh::render::Format;

const TABLE: &str = "\
day,date,visits,buys,amount,device,channel
2026-05-01,2026-05-01,100,3,12.50,mobile,email
2026-05-31,2026-05-31,100,2,0,desktop,seo
2026-06-01,2026-06-01,50,2,-1.25,mobile,
2026-06-30,2026-06-30,50,1,,desktop,email
";

fuzz_target!(|text: &str| {
    let files =
        [("main.kpi", text), ("web.csv", TABLE), ("shop.csv", TABLE), ("data/web.csv", TABLE)];
    let host = MemoryHost::new(files);
    let project = driver::load(&host, "").expect("memory does not fail");
    let (first, said) = build(&host, &project);
    let (second, said_again) = build(&host, &project);
    assert!(first == second, "two builds differ");
    assert_eq!(said, said_again);
    let hidden = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!said.contains(hidden), "{said:?}");
});

/// The files of all reports and all messages.
fn build(host: &MemoryHost, project: &Project) -> (Vec<OutputFile>, String) {
    let mut out = Diagnostics::default();
    out.extend(project.diagnostics.clone());
    let mut files = Vec::new();
    if !out.has_errors() {
        let specs = driver::reports(&project.model);
        let specs: Vec<_> = specs.iter().collect();
        let built = driver::build(host, project, &specs, &Format::ALL, None, &mut out);
        let built = built.expect("memory does not fail").unwrap_or_default();
        files.extend(built.into_iter().flat_map(|b| b.files));
    }
    (files, human(&out, &project.sources, Style::Plain))
}
