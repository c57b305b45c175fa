//! Files, spans and positions: where in the user's text something stands.
//!
//! A [`Span`] is twelve bytes, `Copy`, and counts bytes; lines and columns are worked out only
//! when a message is printed.
//!
//! ```
//! use sanjeh::source::Sources;
//!
//! let mut sources = Sources::default();
//! let id = sources.add("shop.kpi", "kpi a {\n  unit: count\n}\n");
//! let span = sources.span_of(id, "count").unwrap();
//! let place = sources.get(id).place(span.start);
//! assert_eq!((place.line, place.column), (2, 9));
//! ```

mod lines;

use std::fmt;

pub use lines::{LineIndex, Place};

/// A file of the project, by its place in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A half-open range of bytes in one file. Shown with `{:-?}` it is `_`, wherever it stands: so two
/// trees can be compared without their places.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file that the range lies in.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.sign_minus() {
            return f.write_str("_");
        }
        let mut shown = f.debug_struct("Span");
        shown.field("file", &self.file).field("start", &self.start).field("end", &self.end);
        shown.finish()
    }
}

impl Span {
    /// A span over `start..end` of `file`, in bytes.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        Self { file, start: start as u32, end: end as u32 }
    }

    /// The smallest span that holds both; of two files, `self` wins.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The bytes as a range, to slice the file's text with.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// An empty span at the first byte of this one.
    #[must_use]
    pub fn head(self) -> Self {
        Self { end: self.start, ..self }
    }

    /// An empty span behind the last byte of this one.
    #[must_use]
    pub fn tail(self) -> Self {
        Self { start: self.end, ..self }
    }
}

/// To whom a file belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// To the project that is built.
    Project,
    /// To a folder that the project uses, or to the library that comes with the program.
    Library,
}

/// One file: its path as messages show it (with `/`), its text, and where its lines begin.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Relative to the folder that the program was called for.
    pub path: String,
    /// The whole text, as it was read.
    pub text: String,
    /// To whom it belongs.
    pub origin: Origin,
    lines: LineIndex,
}

impl SourceFile {
    /// The line and column of a byte offset, both from 1, the column in characters.
    pub fn place(&self, offset: u32) -> Place {
        self.lines.place(&self.text, offset)
    }

    /// The index of the file's lines.
    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }
}

/// All `.kpi` files of one run, in the order in which they were read.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Takes a file of the project in and names it.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        self.add_of(Origin::Project, path, text)
    }

    /// Takes a file in and names it.
    pub fn add_of(
        &mut self,
        origin: Origin,
        path: impl Into<String>,
        text: impl Into<String>,
    ) -> FileId {
        let text = text.into();
        let lines = LineIndex::new(&text);
        self.files.push(SourceFile { path: path.into(), text, origin, lines });
        FileId(self.files.len() as u32 - 1)
    }

    /// Whether a span lies in a file that the project uses but does not own.
    pub fn is_borrowed(&self, span: Span) -> bool {
        self.get(span.file).origin == Origin::Library
    }

    /// The file behind an id.
    ///
    /// # Panics
    /// Where the id belongs to other `Sources`: a bug of ours.
    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The text under a span.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file).text.get(span.range()).unwrap_or_default()
    }

    /// Every file with its id, in order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, f)| (FileId(i as u32), f))
    }

    /// Where `needle` stands first in a file; for tests and examples.
    pub fn span_of(&self, id: FileId, needle: &str) -> Option<Span> {
        let start = self.get(id).text.find(needle)?;
        Some(Span::new(id, start, start + needle.len()))
    }
}
