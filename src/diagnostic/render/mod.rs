//! Diagnostics as text: for people and for machines.

mod github;
mod gitlab;
mod html;
mod human;
mod json;
mod sarif;

pub use github::github;
pub use gitlab::gitlab;
pub use html::{Link, escaped, html};
pub use human::{Style, human, visible};
pub use json::json;
pub use sarif::sarif;

use super::{Diagnostics, Severity};

/// How many are shown of one run; the rest are counted.
pub const SHOWN: usize = 50;

/// "2 errors, 1 warning", or nothing where there is none.
pub fn tally(diagnostics: &Diagnostics) -> String {
    let all = diagnostics.sorted();
    let count = |severity| all.iter().filter(|d| d.severity == severity).count();
    let parts = [Severity::Error, Severity::Warning].into_iter().filter_map(|severity| {
        let n = count(severity);
        let plural = if n == 1 { "" } else { "s" };
        (n > 0).then(|| format!("{n} {}{plural}", severity.word()))
    });
    parts.collect::<Vec<_>>().join(", ")
}
