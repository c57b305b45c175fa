//! The one place that knows pest: the derived parser, and nodes with spans of our own.

use crate::source::{FileId, Span};
use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};
use pest::iterators::{Pair, Pairs};

#[allow(missing_docs, clippy::all, clippy::pedantic)]
mod derived {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/lexical.pest"]
    #[grammar = "grammar/expression.pest"]
    #[grammar = "grammar/item.pest"]
    pub(crate) struct Grammar;
}

use super::describe::describe;
use derived::Grammar;
pub(super) use derived::Rule;

/// A piece of the file that matched a rule.
#[derive(Clone)]
pub(super) struct Node<'s> {
    pair: Pair<'s, Rule>,
    file: FileId,
    base: usize,
}

impl<'s> Node<'s> {
    pub(super) fn rule(&self) -> Rule {
        self.pair.as_rule()
    }

    pub(super) fn text(&self) -> &'s str {
        self.pair.as_str()
    }

    /// Where it stands in the file. White space may trail in rules that end with an optional part.
    pub(super) fn span(&self) -> Span {
        let span = self.pair.as_span();
        Span::new(self.file, self.base + span.start(), self.base + span.end())
    }

    /// What it is made of, without the end of the input.
    pub(super) fn children(&self) -> Nodes<'s> {
        Nodes { pairs: self.pair.clone().into_inner(), file: self.file, base: self.base }
    }

    /// The first part that matched `rule`.
    pub(super) fn child(&self, rule: Rule) -> Option<Node<'s>> {
        self.children().find(|n| n.rule() == rule)
    }

    /// The first part of any kind.
    pub(super) fn first(&self) -> Option<Node<'s>> {
        self.children().next()
    }

    /// Whether a part matched `rule`.
    pub(super) fn has(&self, rule: Rule) -> bool {
        self.child(rule).is_some()
    }
}

/// The parts of a node, in order.
#[derive(Clone)]
pub(super) struct Nodes<'s> {
    pairs: Pairs<'s, Rule>,
    file: FileId,
    base: usize,
}

impl<'s> Iterator for Nodes<'s> {
    type Item = Node<'s>;

    fn next(&mut self) -> Option<Node<'s>> {
        let pair = self.pairs.next()?;
        if pair.as_rule() == Rule::EOI {
            return None;
        }
        Some(Node { pair, file: self.file, base: self.base })
    }
}

/// Why a slice could not be read.
pub(super) struct Failure {
    /// The furthest byte that was reached.
    pub(super) at: usize,
    /// What could have stood there, in words, sorted, each once.
    pub(super) expected: Vec<&'static str>,
}

/// Reads `text[range]` by a rule that ends with the end of the input.
pub(super) fn read(
    rule: Rule,
    file: FileId,
    text: &str,
    range: std::ops::Range<usize>,
) -> Result<Node<'_>, Failure> {
    let base = range.start;
    match Grammar::parse(rule, &text[range]) {
        Ok(mut pairs) => match pairs.next() {
            Some(pair) => Ok(Node { pair, file, base }),
            None => Err(Failure { at: base, expected: Vec::new() }),
        },
        Err(error) => Err(failure(&error, base)),
    }
}

fn failure(error: &Error<Rule>, base: usize) -> Failure {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => base + at,
    };
    let mut expected: Vec<&'static str> = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => {
            positives.iter().filter_map(|&rule| describe(rule)).collect()
        }
        ErrorVariant::CustomError { .. } => Vec::new(),
    };
    expected.sort_unstable();
    expected.dedup();
    Failure { at, expected }
}
