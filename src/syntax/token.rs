//! What the scanner cuts a file into.

use crate::source::{FileId, Span};

/// Kinds of tokens, as coarse as the splitter and the messages need them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
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
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub start: u32,
    /// The byte behind its last.
    pub end: u32,
}

impl Token {
    /// What is written there, out of the text that it was cut from.
    pub fn text(self, source: &str) -> &str {
        &source[self.start as usize..self.end as usize]
    }

    pub(super) fn span(self, file: FileId) -> Span {
        Span { file, start: self.start, end: self.end }
    }
}
