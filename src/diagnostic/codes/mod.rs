//! The registry of codes: `K1xxx` syntax, `K2` names, `K3` types, units and additivity, `K4`
//! data, `K5` evaluation, `K6` reports and templates, `K7` project, `K9` lint.
//!
//! Each code has a page in `docs/codes/`, which `kpi explain CODE` prints; a test proves that the
//! page's example yields the code and that the repaired one does not.

use super::Severity;

/// A stable code with its name.
#[derive(PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code {
    /// `K1001`
    pub id: &'static str,
    /// `unknown-property`
    pub name: &'static str,
    /// What it is unless a rule says otherwise.
    pub severity: Severity,
    /// The page in Markdown.
    pub page: &'static str,
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.id, self.name)
    }
}

/// Declares the codes of one stage: `NAME = "K1001" "kebab-name" Error;`.
macro_rules! codes {
    ($($(#[$doc:meta])* $ident:ident = $id:literal $name:literal $severity:ident;)*) => {
        $(
            $(#[$doc])*
            pub static $ident: $crate::diagnostic::Code = $crate::diagnostic::Code {
                id: $id,
                name: $name,
                severity: $crate::diagnostic::Severity::$severity,
                page: include_str!(concat!("../../../docs/codes/", $id, ".md")),
            };
        )*
        /// All codes of this stage.
        pub(super) static ALL: &[&$crate::diagnostic::Code] = &[$(&$ident),*];
    };
}

mod data;
mod evaluation;
mod lint;
mod names;
mod project;
mod report;
mod syntax;
mod types;

pub use data::*;
pub use evaluation::*;
pub use lint::*;
pub use names::*;
pub use project::*;
pub use report::*;
pub use syntax::*;
pub use types::*;

/// Every code, in order.
pub fn all() -> impl Iterator<Item = &'static Code> {
    [
        syntax::ALL,
        names::ALL,
        types::ALL,
        data::ALL,
        evaluation::ALL,
        report::ALL,
        project::ALL,
        lint::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The code of an id (`K1001`, any case) or a name (`unknown-property`).
pub fn find(word: &str) -> Option<&'static Code> {
    all().find(|c| c.id.eq_ignore_ascii_case(word) || c.name == word)
}
