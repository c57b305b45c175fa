//! Any text in the one layout: it says the same as before, and twice is once.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sanjeh::diagnostic::Diagnostics;
use sanjeh::format;
use sanjeh::source::Sources;

/// The check that nothing is said differently is `format`'s own; that it fails is what is sought.
fn formatted(text: &str) -> String {
    let mut sources = Sources::default();
    let id = sources.add("main.kpi", text);
    let mut out = Diagnostics::default();
    format::format(&sources, id, &mut out).expect("the layout changes nothing")
}

fuzz_target!(|text: &str| {
    let once = formatted(text);
    assert_eq!(formatted(&once), once);
});
