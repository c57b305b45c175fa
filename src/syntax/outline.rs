//! How a file is laid out: its tokens, comments, items, blocks and statements, without what they
//! mean. For those who work on the text itself.

pub use super::split::{RawBlock, RawItem, Run, Statement};
pub use super::token::{Kind, Token};

use super::report::Report;
use super::{MOST_BYTES, scan, split};
use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Sources, Span};

/// The outline of a file.
#[derive(Debug)]
pub struct Outline<'s> {
    /// The whole text.
    pub text: &'s str,
    /// All tokens, line breaks among them.
    pub tokens: Vec<Token>,
    /// Every comment, `#` included, in order.
    pub comments: Vec<Span>,
    /// The items in order. What belongs to none lies between them.
    pub items: Vec<RawItem>,
}

impl Outline<'_> {
    /// How many tokens the key of a property has that begins with a token, its colon included:
    /// `unit:`, `title fa:`. None where no property begins there.
    pub fn key_length(&self, first: usize) -> Option<usize> {
        split::key_length(self.text, &self.tokens, first)
    }
}

/// Reads the outline of a file. What is wrong with it is [`parse`](super::parse)'s to say.
///
/// ```
/// use sanjeh::{source::Sources, syntax::outline::outline};
///
/// let mut sources = Sources::default();
/// let id = sources.add("shop.kpi", "# ours\nkpi visits {\n  unit: count\n}\n");
/// let found = outline(&sources, id);
/// assert_eq!((found.comments.len(), found.items.len()), (1, 1));
/// assert_eq!(found.items[0].block.as_ref().unwrap().statements.len(), 1);
/// ```
pub fn outline(sources: &Sources, id: FileId) -> Outline<'_> {
    let text = sources.get(id).text.as_str();
    if text.len() > MOST_BYTES {
        return Outline { text, tokens: Vec::new(), comments: Vec::new(), items: Vec::new() };
    }
    let mut unheard = Diagnostics::default();
    let mut report = Report::new(id, &mut unheard);
    let scan::Scan { tokens, comments } = scan::scan(text, &mut report);
    let (items, _) = split::split(text, &tokens, &mut report);
    Outline { text, tokens, comments, items }
}
