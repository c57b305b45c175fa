//! Any text: parsing ends, never panics, and every message points into the text.
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
    let edits = |d: &sanjeh::diagnostic::Diagnostic| d.fix.clone().map_or(Vec::new(), |f| f.edits);
    for found in out.iter() {
        let labels = found.labels.iter().map(|l| l.span);
        for span in labels.chain(edits(found).iter().map(|e| e.span)) {
            assert!(text.get(span.range()).is_some(), "{}: {span:?}", found.message);
        }
    }
});
