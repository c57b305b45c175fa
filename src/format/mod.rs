//! Text to the one layout of the language: `kpi fmt`.
//!
//! Only white space changes, with two exceptions: `where` moves to the end of its brackets, and a
//! comma before a closing bracket goes. Texts, numbers, names and comments stay as they were
//! written, and so do items that cannot be read. That the syntax tree is the same is checked
//! before anybody sees the result.
//!
//! ```
//! use sanjeh::{diagnostic::Diagnostics, format, source::Sources};
//!
//! let mut sources = Sources::default();
//! let id = sources.add("shop.kpi", "kpi visits \"Visits\"\n{\nunit:\"visits\"\n  formula: a+b }\n");
//! let mut out = Diagnostics::default();
//! let text = format::format(&sources, id, &mut out).unwrap();
//! assert_eq!(text, "kpi visits \"Visits\" {\n  unit:    \"visits\"\n  formula: a + b\n}\n");
//! ```

mod block;
mod diff;
mod file;
mod lines;
mod pieces;
mod spacing;
mod verify;

pub use diff::diff;
pub use verify::Mismatch;

use crate::diagnostic::{Diagnostics, Severity};
use crate::source::{FileId, Sources};
use crate::syntax::{self, MOST_BYTES, MOST_MESSAGES};

/// The canonical text of a file; what is wrong with the file goes to `out`.
///
/// # Errors
/// Where the new text would say something else than the old one: a bug of ours, and nothing to
/// be written.
pub fn format(sources: &Sources, id: FileId, out: &mut Diagnostics) -> Result<String, Mismatch> {
    let file = sources.get(id);
    let mut found = Diagnostics::default();
    let tree = syntax::parse(sources, id, &mut found);
    // A file of which not all mistakes are known is left alone, as one that was not read.
    if file.text.len() > MOST_BYTES || found.iter().count() >= MOST_MESSAGES {
        out.extend(found);
        return Ok(file.text.clone());
    }
    let errors = found.iter().filter(|d| d.severity == Severity::Error);
    let wrong: Vec<usize> = errors.filter_map(|d| Some(d.span()?.start as usize)).collect();
    let outline = syntax::outline::outline(sources, id);
    let text = file::write(&outline, &wrong);
    let text = if text.len() > MOST_BYTES { file.text.clone() } else { text };
    let checked = if text == file.text {
        Ok(())
    } else {
        verify::verify(&file.path, (&file.text, &tree, &found), &text)
    };
    out.extend(found);
    checked.map(|()| text)
}
