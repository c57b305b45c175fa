//! What every lowering function has at hand.

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use crate::syntax::ast::Property;
use crate::syntax::explain;
use crate::syntax::grammar::{Node, Rule, read};
use crate::syntax::report::Report;
use crate::syntax::split::Run;
use crate::syntax::token::Token;

/// The text and its tokens, the messages, and what of the item could not be read.
pub(in crate::syntax) struct Context<'s, 'r, 'o> {
    pub(in crate::syntax) text: &'s str,
    pub(in crate::syntax) tokens: &'s [Token],
    pub(in crate::syntax) report: &'r mut Report<'o>,
    /// The properties of the item at hand that could not be read: their keys.
    pub(in crate::syntax) damaged: Vec<&'static str>,
}

/// A property that the block knows, found in the text.
#[derive(Clone)]
pub(in crate::syntax) struct Entry {
    pub(in crate::syntax) key: &'static str,
    pub(in crate::syntax) key_span: Span,
    pub(in crate::syntax) language: Option<crate::syntax::ast::Ident>,
    pub(in crate::syntax) value: Run,
    pub(in crate::syntax) span: Span,
}

impl<'s> Context<'s, '_, '_> {
    pub(in crate::syntax) fn file(&self) -> FileId {
        self.report.file()
    }

    pub(in crate::syntax) fn push(&mut self, diagnostic: Diagnostic) {
        self.report.push(diagnostic);
    }

    pub(in crate::syntax) fn token_span(&self, index: usize) -> Span {
        self.tokens[index].span(self.file())
    }

    pub(in crate::syntax) fn word(&self, index: usize) -> &'s str {
        self.tokens.get(index).map_or("", |t| t.text(self.text))
    }

    /// The bytes of a run; an empty one lies behind the token before it.
    pub(in crate::syntax) fn range(&self, run: Run) -> std::ops::Range<usize> {
        if run.is_empty() {
            let at = match run.first.checked_sub(1).and_then(|i| self.tokens.get(i)) {
                Some(token) => token.end as usize,
                None => 0,
            };
            return at..at;
        }
        self.tokens[run.first].start as usize..self.tokens[run.end - 1].end as usize
    }

    pub(in crate::syntax) fn run_span(&self, run: Run) -> Span {
        let range = self.range(run);
        Span::new(self.file(), range.start, range.end)
    }

    /// Reads a run by a rule; what is wrong with it is reported. `what` names it: "`unit`".
    pub(in crate::syntax) fn read(&mut self, rule: Rule, run: Run, what: &str) -> Option<Node<'s>> {
        let range = self.range(run);
        if run.broken {
            return None;
        }
        match read(rule, self.file(), self.text, range.clone()) {
            Ok(node) => Some(node),
            Err(failure) => {
                if !self.report.has_error_in(range) {
                    let diagnostic = explain::explain(self, rule, run, &failure, what);
                    self.push(diagnostic);
                }
                None
            }
        }
    }

    /// Reads a property's value and makes something of it. A value that cannot be read, or of
    /// which nothing can be made, damages the property.
    pub(in crate::syntax) fn value<T>(
        &mut self,
        entry: &Entry,
        rule: Rule,
        make: impl FnOnce(&mut Self, &Node<'s>) -> Option<T>,
    ) -> Option<Property<T>> {
        let node = self.read(rule, entry.value, &format!("`{}`", entry.key));
        let made = node.and_then(|node| make(self, &node));
        if made.is_none() {
            self.damaged.push(entry.key);
        }
        made.map(|value| Property { key: entry.key_span, value, span: entry.span })
    }
}
