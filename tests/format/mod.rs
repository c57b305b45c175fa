//! The one layout: what is written where, and what must hold for any text.

mod properties;
mod style;

use sanjeh::diagnostic::Diagnostics;
use sanjeh::format;
use sanjeh::source::Sources;

/// A text in the one layout.
fn formatted(name: &str, text: &str) -> String {
    let mut sources = Sources::default();
    let id = sources.add(name, text);
    let mut out = Diagnostics::default();
    format::format(&sources, id, &mut out).unwrap_or_else(|e| panic!("{e}\n{text:?}"))
}
