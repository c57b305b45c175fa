//! Any text: parsing never panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sanjeh::diagnostic::Diagnostics;
use sanjeh::source::Sources;
use sanjeh::syntax;

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    let id = sources.add("main.kpi", text);
    let mut out = Diagnostics::default();
    syntax::parse(&sources, id, &mut out);
});
