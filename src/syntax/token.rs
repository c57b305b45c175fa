//! What the scanner cuts a file into.

use crate::source::{FileId, Span};

/// Kinds of tokens, as coarse as the splitter and the messages need them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A line break.
    Newline,
    /// A name or a word of the language.
    Word,
    /// A number with its suffix, a date or a period.
    Number,
    /// A text, a paragraph.
    Text,
    /// A name in backticks.
    Quoted,
    /// A regular expression.
    Regex,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `{`
    BlockOpen,
    /// `}`
    BlockClose,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `;`
    Semicolon,
    /// `+`, `=>`, `..`
    Operator,
    /// `.`
    Dot,
    /// Anything else.
    Other,
}

/// A token: its kind and its bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Token {
    pub(super) fn text(self, source: &str) -> &str {
        &source[self.start as usize..self.end as usize]
    }

    pub(super) fn span(self, file: FileId) -> Span {
        Span { file, start: self.start, end: self.end }
    }
}
