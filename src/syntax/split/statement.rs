//! Where a statement ends: before a line break that it does not go on over, a brace, the next
//! property, the next item.

use super::nesting::Nesting;
use super::{Run, Splitter, closes_nothing};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::token::{Kind, Token};
use crate::syntax::words;

impl Splitter<'_, '_, '_> {
    /// Reads on to where the statement ends: before a line break that it does not go on over, a
    /// brace, the next property, the next item. `owner` is the token before or at its beginning.
    pub(super) fn run(&mut self, owner: usize) -> Run {
        let first = self.at;
        let mut nesting = Nesting::default();
        let mut broken = false;
        let mut second = false;
        while let Some(token) = self.peek() {
            match token.kind {
                Kind::Semicolon if self.ends_statement(self.at + 1) => break,
                Kind::Semicolon => broken = true,
                Kind::BlockClose if self.is_stray_brace(first) => {
                    let text = token.text(self.text);
                    self.report.push(closes_nothing(self.span(self.at), text));
                    broken = true;
                }
                Kind::BlockOpen if self.is_brace_in_value(first, &nesting) => {
                    self.report_brace_in_value();
                    broken = true;
                }
                Kind::BlockOpen | Kind::BlockClose => break,
                Kind::Newline => {
                    let Some(next) = self.goes_on(owner, &nesting) else { break };
                    self.at = next;
                    continue;
                }
                Kind::Open => nesting.enter(self.at),
                Kind::Close => {
                    if !nesting.leave() {
                        let text = token.text(self.text);
                        self.report.push(closes_nothing(self.span(self.at), text));
                        broken = true;
                    }
                }
                _ if self.is_sign(first) => nesting.sign(self.at),
                _ => nesting.operand(),
            }
            if nesting.open.is_empty() && self.at > first && self.second_property(first) {
                self.report_second_property(first);
                second = true;
                break;
            }
            self.at += 1;
        }
        let comma = second && self.kind(self.at - 1) == Some(Kind::Comma);
        let end = self.end_of_run(first, self.at - usize::from(comma));
        broken |= self.report_nesting(&nesting, end);
        Run { first, end, broken }
    }

    /// Where a run ends that stopped at `end`, without the line breaks before it.
    fn end_of_run(&self, first: usize, mut end: usize) -> usize {
        while end > first && self.kind(end - 1) == Some(Kind::Newline) {
            end -= 1;
        }
        end
    }

    /// Reports brackets that are not closed, or too many; says whether there were any.
    fn report_nesting(&mut self, nesting: &Nesting, end: usize) -> bool {
        self.deepest = self.deepest.max(nesting.deepest);
        if let Some(index) = nesting.too_deep {
            self.report_too_deep(index);
            return true;
        }
        let Some(&(open, _)) = nesting.open.first() else { return false };
        self.report_unclosed_bracket(open, end);
        true
    }

    /// Whether a statement may end before the token: nothing more on the line, or a property.
    fn ends_statement(&self, index: usize) -> bool {
        let end = matches!(
            self.kind(index),
            None | Some(Kind::Newline | Kind::BlockClose | Kind::Semicolon)
        );
        end || self.key_length(index).is_some()
    }

    /// Whether the `}` at the cursor stands in the middle of a line, with no item behind it.
    fn is_stray_brace(&self, first: usize) -> bool {
        let next = self.at + 1;
        let more = !matches!(
            self.kind(next),
            None | Some(Kind::Newline | Kind::BlockClose | Kind::Semicolon)
        );
        self.at > first && more && !words::ITEMS.contains(&self.word(next))
    }

    /// Whether the `{` at the cursor stands in a property's value, or in brackets.
    fn is_brace_in_value(&self, first: usize, nesting: &Nesting) -> bool {
        let begins = self.key_length(first).map(|length| first + length);
        let value = begins.is_some_and(|b| self.at > b && self.tokens[b - 1].kind == Kind::Colon);
        value || !nesting.open.is_empty() && self.kind(self.at + 1) != Some(Kind::Newline)
    }

    fn report_brace_in_value(&mut self) {
        let span = self.span(self.at);
        self.report.push(
            Diagnostic::new(&codes::MISPLACED_BLOCK, "a value has no block")
                .at(span, "opens one")
                .suggest("remove it", span, ""),
        );
    }

    /// Whether the token at the cursor is an operator before its operand.
    fn is_sign(&self, first: usize) -> bool {
        match self.word(self.at) {
            "not" | "!" => return true,
            "-" | "−" => {}
            _ => return false,
        }
        let before = self.tokens[first..self.at].iter().rev().find(|t| t.kind != Kind::Newline);
        before.is_none_or(|token| match token.kind {
            Kind::Number | Kind::Text | Kind::Quoted | Kind::Regex | Kind::Close => false,
            Kind::Word => words::RESERVED.contains(&token.text(self.text)),
            _ => true,
        })
    }

    fn report_unclosed_bracket(&mut self, open: usize, end: usize) {
        let open_span = self.span(open);
        let tail = self.span(end - 1).tail();
        if self.report.has_error_in(open_span.start as usize..tail.end as usize) {
            return;
        }
        self.report.push(
            Diagnostic::new(&codes::UNCLOSED_BRACKET, "`(` is not closed")
                .at(open_span, "opened here")
                .suggest("add `)`", tail, ")"),
        );
    }

    /// Where the statement goes on behind the line break at the cursor, if it does.
    fn goes_on(&self, owner: usize, nesting: &Nesting) -> Option<usize> {
        let mut next = self.at;
        while self.kind(next) == Some(Kind::Newline) {
            next += 1;
        }
        let kind = self.kind(next)?;
        let brace = matches!(kind, Kind::BlockOpen | Kind::BlockClose);
        if brace || self.is_item(next) || self.begins_inner_block(next) {
            return None;
        }
        let in_brackets = !nesting.open.is_empty();
        let goes_on = if self.key_length(next).is_some() {
            in_brackets && words::ARGUMENTS.contains(&self.word(next))
        } else {
            in_brackets
                || self.asks_for_more(self.at.saturating_sub(1).max(owner))
                || self.belongs_to_what_is_before(next)
        };
        goes_on.then_some(next)
    }

    /// Whether the token begins `columns {` or `section "Title" {`.
    fn begins_inner_block(&self, index: usize) -> bool {
        let behind = self.kind(index + 1);
        match self.word(index) {
            "columns" => behind == Some(Kind::BlockOpen),
            "section" => behind == Some(Kind::Text),
            _ => false,
        }
    }

    /// Whether a line that ends with the token is not finished.
    fn asks_for_more(&self, index: usize) -> bool {
        match self.kind(index) {
            Some(Kind::Operator | Kind::Comma | Kind::Colon) => true,
            Some(Kind::Word) => {
                matches!(self.word(index), "and" | "or" | "not" | "in" | "between" | "is" | "where")
            }
            _ => false,
        }
    }

    /// Whether a line that begins with the token goes on from the line before.
    fn belongs_to_what_is_before(&self, index: usize) -> bool {
        match self.kind(index) {
            Some(Kind::Operator) => true,
            Some(Kind::Word) => matches!(
                self.word(index),
                "and" | "or" | "because" | "when" | "in" | "between" | "is" | "not" | "where"
            ),
            _ => false,
        }
    }

    /// How many tokens the key at a token has, its colon included: `unit:`, `title fa:`.
    pub(super) fn key_length(&self, index: usize) -> Option<usize> {
        key_length(self.text, self.tokens, index)
    }

    /// Whether a second property begins at the cursor, on the line of the first.
    fn second_property(&self, first: usize) -> bool {
        let Some(length) = self.key_length(self.at) else { return false };
        let begins = self.key_length(first).map_or(first, |l| first + l);
        let known = words::is_property(self.word(self.at));
        known && length > 0 && self.at > begins && self.key_length(first).is_some()
    }

    fn report_second_property(&mut self, first: usize) {
        let span = self.span(self.at);
        let key = self.word(self.at).to_owned();
        let indent = " ".repeat(self.column_of_line(first));
        let comma = self.kind(self.at - 1) == Some(Kind::Comma);
        let before = self.tokens[self.at - 1 - usize::from(comma)].end as usize;
        let gap = Span::new(span.file, before, span.start as usize);
        self.report.push(
            Diagnostic::new(&codes::TWO_PROPERTIES, "two properties on one line")
                .at(span, "the second one")
                .suggest(format!("break the line before `{key}:`"), gap, format!("\n{indent}")),
        );
    }
}

/// How many tokens the key at a token has, its colon included: `unit:`, `title fa:`.
pub(in crate::syntax) fn key_length(text: &str, tokens: &[Token], index: usize) -> Option<usize> {
    let kind = |at: usize| tokens.get(at).map(|t| t.kind);
    let word = |at: usize| tokens.get(at).map_or("", |t| t.text(text));
    if !matches!(kind(index), Some(Kind::Word | Kind::Quoted)) {
        return None;
    }
    if kind(index + 1) == Some(Kind::Colon) {
        return Some(2);
    }
    let language = kind(index + 1) == Some(Kind::Word) && words::takes_language(word(index));
    let plain = language && kind(index + 2) == Some(Kind::Colon);
    let region = language
        && word(index + 2) == "-"
        && kind(index + 3) == Some(Kind::Word)
        && kind(index + 4) == Some(Kind::Colon);
    if plain {
        Some(3)
    } else if region {
        Some(5)
    } else {
        None
    }
}
