//! What is wrong with the user's spec or data: a code, a sentence, the place, what to do.
//!
//! ```
//! use sanjeh::diagnostic::{Diagnostic, codes};
//! use sanjeh::source::Sources;
//!
//! let mut sources = Sources::default();
//! let id = sources.add("shop.kpi", "kpi a {\n  unti: count\n}\n");
//! let at = sources.span_of(id, "unti").unwrap();
//! let found = Diagnostic::new(&codes::UNKNOWN_PROPERTY, "a kpi has no property `unti`")
//!     .at(at, "unknown property")
//!     .suggest("did you mean `unit`?", at, "unit");
//! assert_eq!(found.code.id, "K1001");
//! assert_eq!(found.fix.unwrap().edits[0].text, "unit");
//! ```

pub mod codes;
mod cycle;
pub mod render;
mod suggest;

pub use codes::Code;
pub(crate) use cycle::{Step, cycle};
pub use suggest::nearest;

use crate::source::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The result would be wrong: nothing is built.
    Error,
    /// Worth a look; `--deny warnings` makes it an error.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A span and what is to be said of that spot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The spot.
    pub span: Span,
    /// What is there; may be empty.
    pub text: String,
}

/// A replacement of one span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub text: String,
}

/// A repair that an editor can carry out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// In words: "did you mean `unit`?".
    pub title: String,
    /// All of it, in order of place, none overlapping.
    pub edits: Vec<Edit>,
}

/// A spot in a data file, which is no `.kpi` file and is never held whole.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DataPlace {
    /// Path of the data file as messages show it.
    pub path: String,
    /// The physical line, from 1.
    pub line: u64,
    /// The column in characters, from 1; 0 where only the line is known.
    pub column: u64,
    /// The line or the cell, cut to 200 characters; may be empty.
    pub excerpt: String,
    /// Where in the excerpt the cell stands, in characters: first and length.
    pub mark: Option<(usize, usize)>,
}

/// One mistake in the spec or in the data.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The stable code and its name.
    pub code: &'static Code,
    /// Error or warning.
    pub severity: Severity,
    /// One sentence in the user's words, lower case, without a full stop.
    pub message: String,
    /// The first is the place; the others explain it.
    pub labels: Vec<Label>,
    /// The place in a data file, where the mistake is there.
    pub data: Option<DataPlace>,
    /// What to do.
    pub help: Option<String>,
    /// The repair, where there is exactly one.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A diagnostic of the code's own severity.
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity,
            message: message.into(),
            labels: Vec::new(),
            data: None,
            help: None,
            fix: None,
        }
    }

    /// Adds a label; the first one is the place.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Names the spot in a data file.
    #[must_use]
    pub fn in_data(mut self, place: DataPlace) -> Self {
        self.data = Some(place);
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Says what to do, and offers to do it by one replacement.
    #[must_use]
    pub fn suggest(
        mut self,
        title: impl Into<String>,
        span: Span,
        text: impl Into<String>,
    ) -> Self {
        let title = title.into();
        self.help = Some(title.clone());
        self.fix = Some(Fix { title, edits: vec![Edit { span, text: text.into() }] });
        self
    }

    /// The place in the spec, where there is one.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|l| l.span)
    }
}

/// The diagnostics of a run.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Takes one in.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Takes many in.
    pub fn extend(&mut self, more: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(more);
    }

    /// Whether an error is among them.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether there is none at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, by place (those without a place last), the same ones once.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<&Diagnostic> = self.0.iter().collect();
        all.sort_by_key(|d| {
            let data = d.data.as_ref().map(|p| (p.path.clone(), p.line, p.column));
            (d.span().is_none(), d.span(), data, d.code.id, d.message.clone())
        });
        all.dedup_by(|a, b| {
            a.code == b.code && a.labels == b.labels && a.message == b.message && a.data == b.data
        });
        all
    }

    /// As they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }
}

impl<'d> IntoIterator for &'d Diagnostics {
    type Item = &'d Diagnostic;
    type IntoIter = std::slice::Iter<'d, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
