//! The splitter: tokens to items, items to heads, blocks and statements.
//!
//! It decides where things end, so that a mistake stays where it is: an item's keyword at the
//! first column ends whatever is still open, and so does a property's name inside brackets.

mod nesting;
mod statement;

pub(in crate::syntax) use statement::key_length;

use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::source::Span;
use crate::syntax::phrase::all_of;
use crate::syntax::report::Report;
use crate::syntax::scan::item_begins;
use crate::syntax::token::{Kind, Token};
use crate::syntax::words;

/// Blocks, brackets and signs may stand in one another so deep.
pub(in crate::syntax) const MOST_NESTED: usize = 128;

/// An item as it lies in the text.
#[derive(Debug)]
pub struct RawItem {
    /// The keyword; where it is misspelt, the one that was meant.
    pub word: &'static str,
    /// The index of the keyword's token.
    pub keyword: usize,
    /// What stands between the keyword and the block.
    pub head: Run,
    /// Its `{ }`, where it has one.
    pub block: Option<RawBlock>,
    /// The index of its last token.
    pub last: usize,
}

/// A `{ }` and the statements in it.
#[derive(Debug)]
pub struct RawBlock {
    /// The index of the `{`.
    pub open: usize,
    /// What stands in it, in order.
    pub statements: Vec<Statement>,
    /// The index of its last token: the `}`, or what stands before it should.
    pub last: usize,
}

/// A property, a rule, a test line, or a block with its head.
#[derive(Debug)]
pub struct Statement {
    /// Its tokens up to its end or its block.
    pub run: Run,
    /// Its block, where it is the head of one.
    pub block: Option<RawBlock>,
}

/// Tokens that belong together, line breaks among them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Run {
    /// The index of the first token.
    pub first: usize,
    /// The index behind the last token.
    pub end: usize,
    /// Whether its brackets do not pair or are too deep: that has been reported, and no grammar
    /// is to read it.
    pub broken: bool,
}

impl Run {
    /// Whether nothing stands there.
    pub fn is_empty(self) -> bool {
        self.first >= self.end
    }
}

/// Finds the items of a file, and how deep the deepest nesting in them is.
pub(in crate::syntax) fn split(
    text: &str,
    tokens: &[Token],
    report: &mut Report<'_>,
) -> (Vec<RawItem>, usize) {
    let mut splitter = Splitter { text, tokens, at: 0, gave_up: false, deepest: 0, report };
    let mut items = Vec::new();
    while let Some(token) = splitter.skip_blank() {
        if splitter.is_item(splitter.at) {
            items.push(splitter.item(splitter.keyword()));
        } else if splitter.is_indented_item() {
            splitter.report_indented();
            items.push(splitter.item(splitter.keyword()));
        } else if let Some(word) = splitter.misspelt_item() {
            items.push(splitter.item(word));
        } else {
            splitter.stray(token);
        }
    }
    (items, splitter.deepest)
}

struct Splitter<'s, 'r, 'o> {
    text: &'s str,
    tokens: &'s [Token],
    at: usize,
    /// Whether the item at hand is nested so deep that its end is not looked for.
    gave_up: bool,
    deepest: usize,
    report: &'r mut Report<'o>,
}

impl Splitter<'_, '_, '_> {
    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    fn kind(&self, index: usize) -> Option<Kind> {
        self.tokens.get(index).map(|t| t.kind)
    }

    fn word(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |t| t.text(self.text))
    }

    fn span(&self, index: usize) -> Span {
        self.tokens[index].span(self.report.file())
    }

    /// To the next token that is no line break and no `;`.
    fn skip_blank(&mut self) -> Option<Token> {
        while let Some(Kind::Newline | Kind::Semicolon) = self.kind(self.at) {
            self.at += 1;
        }
        self.peek()
    }

    fn begins_line(&self, index: usize) -> bool {
        index == 0 || self.tokens[index - 1].kind == Kind::Newline
    }

    /// Whether an item begins at the token: a keyword at the first column.
    fn is_item(&self, index: usize) -> bool {
        let token = self.tokens[index];
        let start = token.start as usize;
        token.kind == Kind::Word
            && self.begins_line(index)
            && (start == 0
                || self.text.as_bytes()[start - 1] == b'\n'
                || start == 3 && self.text.starts_with('\u{FEFF}'))
            && item_begins(self.text, start)
    }

    /// Outside of a block, a keyword with white space before it.
    fn is_indented_item(&self) -> bool {
        let token = self.tokens[self.at];
        token.kind == Kind::Word
            && self.begins_line(self.at)
            && item_begins(self.text, token.start as usize)
    }

    fn report_indented(&mut self) {
        let span = self.span(self.at);
        let start = span.start as usize;
        let line = self.text[..start].rfind('\n').map_or(0, |i| i + 1);
        let indent = Span::new(span.file, line, start);
        self.report.push(
            Diagnostic::new(&codes::INDENTED_ITEM, "an item starts at the first column")
                .at(span, "white space before it")
                .suggest("remove the indentation", indent, ""),
        );
    }

    /// A line that belongs to nothing, and those behind it up to the next item.
    fn stray(&mut self, token: Token) {
        let span = token.span(self.report.file());
        if matches!(token.kind, Kind::BlockClose | Kind::Close) {
            self.report.push(closes_nothing(span, token.text(self.text)));
            self.at += 1;
            return;
        }
        let first = self.at;
        while let Some(token) = self.peek() {
            let line_begins = self.at > first && self.begins_line(self.at);
            if line_begins
                && token.kind != Kind::Newline
                && (self.is_item(self.at) || self.is_indented_item())
            {
                break;
            }
            self.at += 1;
        }
        let end =
            (first..self.at).find(|&i| self.kind(i) == Some(Kind::Newline)).unwrap_or(self.at);
        let line = span.to(self.span(end - 1));
        if self.report.has_error_in(line.range()) {
            return;
        }
        self.report.push(self.no_item(first, line));
    }

    /// What to say of a line that belongs to nothing and begins with the token.
    fn no_item(&self, first: usize, line: Span) -> Diagnostic {
        let word = self.word(first);
        let colon = self.kind(first + 1) == Some(Kind::Colon);
        if colon && words::ITEMS.contains(&word) {
            let colon = self.span(first + 1);
            return Diagnostic::new(&codes::NO_ITEM, "an item's keyword has no colon")
                .at(colon, "not here")
                .suggest("remove it", colon, "");
        }
        if self.kind(first) != Some(Kind::Word) || colon {
            return Diagnostic::new(&codes::NO_ITEM, "this line stands outside of any item")
                .at(line, "belongs to nothing")
                .help("move it into a block, or begin it with `#`");
        }
        Diagnostic::new(&codes::NO_ITEM, format!("no item begins with `{word}`"))
            .at(self.span(first), "not a keyword")
            .help(format!("items begin with {}", all_of(&words::ITEMS)))
    }

    /// The keyword at the cursor.
    fn keyword(&self) -> &'static str {
        let word = self.word(self.at);
        words::ITEMS.iter().find(|i| **i == word).copied().unwrap_or_default()
    }

    /// The keyword that is meant by the word at the cursor, if an item seems to follow it; that
    /// it is misspelt is reported.
    fn misspelt_item(&mut self) -> Option<&'static str> {
        let token = self.tokens[self.at];
        let follows = matches!(
            self.kind(self.at + 1),
            Some(Kind::Word | Kind::Quoted | Kind::Text | Kind::Number)
        );
        let first = self.begins_line(self.at) && !self.report.is_full();
        if token.kind != Kind::Word || !follows || !first {
            return None;
        }
        let word = self.word(self.at);
        let near = nearest(word, words::ITEMS)?;
        let span = self.span(self.at);
        let message = format!("no item begins with `{word}`");
        self.report.push(
            Diagnostic::new(&codes::NO_ITEM, message).at(span, "not a keyword").suggest(
                format!("did you mean `{near}`?"),
                span,
                near,
            ),
        );
        Some(near)
    }

    fn item(&mut self, word: &'static str) -> RawItem {
        let keyword = self.at;
        self.at += 1;
        self.gave_up = false;
        let head = self.run(keyword);
        let block = self.block_behind_head(keyword).or_else(|| self.unopened_block(keyword));
        RawItem { word, keyword, head, block, last: self.last_significant(keyword) }
    }

    /// The last token before the cursor that is no line break.
    fn last_significant(&self, from: usize) -> usize {
        let mut last = self.at.saturating_sub(1);
        while last > from && matches!(self.kind(last), Some(Kind::Newline | Kind::Semicolon)) {
            last -= 1;
        }
        last.max(from)
    }

    /// The block that begins behind a head, on its line or on the next.
    fn block_behind_head(&mut self, owner: usize) -> Option<RawBlock> {
        let mut next = self.at;
        while self.kind(next) == Some(Kind::Newline) {
            next += 1;
        }
        if self.kind(next) != Some(Kind::BlockOpen) {
            return None;
        }
        self.at = next;
        Some(self.block(0, owner))
    }

    /// Properties that follow a head without a `{`.
    fn unopened_block(&mut self, owner: usize) -> Option<RawBlock> {
        let mut next = self.at;
        while self.kind(next) == Some(Kind::Newline) {
            next += 1;
        }
        let indented = next > self.at && next < self.tokens.len() && self.column(next) > 0;
        if !indented || self.is_item(next) || self.key_length(next).is_none() {
            return None;
        }
        let at = self.span(self.at - 1).tail();
        self.report.push(
            Diagnostic::new(&codes::MISPLACED_BLOCK, "a block is not opened")
                .at(at, "no `{` here")
                .suggest("add `{`", at, " {"),
        );
        self.at -= 1;
        Some(self.block(0, owner))
    }

    fn block(&mut self, depth: usize, owner: usize) -> RawBlock {
        let open = self.at;
        self.at += 1;
        let mut statements = Vec::new();
        if depth >= MOST_NESTED {
            self.report_too_deep(open);
            self.gave_up = true;
            self.skip_to_item();
        }
        loop {
            let Some(token) = self.skip_blank() else {
                self.report_unclosed(open, owner);
                break;
            };
            if self.is_item(self.at) {
                self.report_unclosed(open, owner);
                break;
            }
            match token.kind {
                Kind::BlockClose if self.closes_outer(depth, owner) => {
                    self.give_back(&mut statements, owner);
                    self.report_unclosed(open, owner);
                    break;
                }
                Kind::BlockClose => {
                    self.at += 1;
                    break;
                }
                _ => statements.push(self.statement(depth, token)),
            }
        }
        RawBlock { open, statements, last: self.last_significant(open) }
    }

    /// Statements that stand no further in than the block itself belong to the block around it:
    /// back to the first of them.
    fn give_back(&mut self, statements: &mut Vec<Statement>, owner: usize) {
        let inner = self.column(owner);
        let outside =
            |s: &Statement| self.begins_line(s.run.first) && self.column(s.run.first) <= inner;
        if let Some(index) = statements.iter().position(outside) {
            self.at = statements[index].run.first;
            statements.truncate(index);
        }
    }

    /// Whether a `}` that begins a line stands so far to the left that it can only close the
    /// block around this one, and nothing is left to close that one otherwise.
    fn closes_outer(&self, depth: usize, owner: usize) -> bool {
        if depth == 0 || !self.begins_line(self.at) || self.column(self.at) >= self.column(owner) {
            return false;
        }
        let mut next = self.at + 1;
        while let Some(kind) = self.kind(next) {
            if kind == Kind::BlockClose {
                return false;
            }
            if kind != Kind::Newline && self.is_item(next) {
                return true;
            }
            next += 1;
        }
        true
    }

    /// How many bytes stand before the line's first token, given that it is the one.
    fn column(&self, index: usize) -> usize {
        let start = self.tokens[index].start as usize;
        start - self.text[..start].rfind('\n').map_or(0, |i| i + 1)
    }

    fn skip_to_item(&mut self) {
        while self.at < self.tokens.len() && !self.is_item(self.at) {
            self.at += 1;
        }
    }

    fn report_unclosed(&mut self, open: usize, owner: usize) {
        if self.gave_up {
            return;
        }
        let last = self.last_significant(open);
        let file = self.report.file();
        let at = Span::new(file, self.tokens[last].end as usize, self.tokens[last].end as usize);
        let indent = " ".repeat(self.column_of_line(owner));
        let message = if self.at < self.tokens.len() && self.is_item(self.at) {
            "block is not closed before the next item"
        } else {
            "block is not closed"
        };
        self.report.push(
            Diagnostic::new(&codes::UNCLOSED_BLOCK, message)
                .at(self.span(open), "opened here")
                .suggest("add `}` after its last property", at, format!("\n{indent}}}")),
        );
    }

    fn column_of_line(&self, index: usize) -> usize {
        let start = self.tokens[index].start as usize;
        let line = &self.text[self.text[..start].rfind('\n').map_or(0, |i| i + 1)..start];
        line.len() - line.trim_start().len()
    }

    fn report_too_deep(&mut self, index: usize) {
        let message = format!("nested more than {MOST_NESTED} deep");
        self.report.push(
            Diagnostic::new(&codes::LIMIT, message)
                .at(self.span(index), "too deep here")
                .help("name a part of it as a metric of its own"),
        );
    }

    fn statement(&mut self, depth: usize, token: Token) -> Statement {
        let first = self.at;
        let run = self.run(first);
        if run.is_empty() && token.kind != Kind::BlockOpen {
            self.at += 1;
        }
        let run = if run.is_empty() { Run { first, end: self.at, broken: true } } else { run };
        if token.kind == Kind::BlockOpen {
            let run = Run { first, end: first + 1, broken: false };
            return Statement { run, block: Some(self.block(depth + 1, first)) };
        }
        let block = if self.kind(self.at) == Some(Kind::BlockOpen) {
            Some(self.block(depth + 1, first))
        } else {
            None
        };
        Statement { run, block }
    }
}

fn closes_nothing(span: Span, bracket: &str) -> Diagnostic {
    Diagnostic::new(&codes::STRAY_BRACKET, format!("`{bracket}` closes nothing"))
        .at(span, "nothing is open here")
        .suggest("remove it", span, "")
}
