//! The splitter: tokens to items, items to heads, blocks and statements.
//!
//! It decides where things end, so that a mistake stays where it is: an item's keyword at the
//! first column ends whatever is still open, and so does a property's name inside brackets.

use super::report::Report;
use super::scan::item_begins;
use super::token::{Kind, Token};
use super::words;
use crate::diagnostic::{Diagnostic, Edit, Fix, codes};
use crate::source::Span;

/// Blocks, brackets and signs may stand in one another so deep.
pub(super) const MOST_NESTED: usize = 128;

/// An item as it lies in the text.
#[derive(Debug)]
pub(super) struct RawItem {
    /// The index of the keyword's token.
    pub(super) keyword: usize,
    /// What stands between the keyword and the block.
    pub(super) head: Run,
    pub(super) block: Option<RawBlock>,
    /// The index of its last token.
    pub(super) last: usize,
}

/// A `{ }` and the statements in it.
#[derive(Debug)]
pub(super) struct RawBlock {
    /// The index of the `{`.
    pub(super) open: usize,
    pub(super) statements: Vec<Statement>,
    /// The index of its last token: the `}`, or what stands before it should.
    pub(super) last: usize,
}

/// A property, a rule, a test line, or a block with its head.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) run: Run,
    pub(super) block: Option<RawBlock>,
}

/// Tokens that belong together, line breaks among them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Run {
    /// The index of the first token.
    pub(super) first: usize,
    /// The index behind the last token.
    pub(super) end: usize,
    /// Whether its brackets do not pair or are too deep: that has been reported, and no grammar
    /// is to read it.
    pub(super) broken: bool,
}

impl Run {
    pub(super) fn is_empty(self) -> bool {
        self.first >= self.end
    }
}

/// Finds the items of a file, and how deep the deepest nesting in them is.
pub(super) fn split(
    text: &str,
    tokens: &[Token],
    report: &mut Report<'_>,
) -> (Vec<RawItem>, usize) {
    let mut splitter = Splitter { text, tokens, at: 0, gave_up: false, deepest: 0, report };
    let mut items = Vec::new();
    while let Some(token) = splitter.skip_blank() {
        if splitter.is_item(splitter.at) {
            items.push(splitter.item());
        } else if splitter.is_indented_item() {
            splitter.report_indented();
            items.push(splitter.item());
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

/// What holds on to the statement that is being read.
#[derive(Default)]
struct Nesting {
    /// For each open bracket its token, and the depth outside of it.
    open: Vec<(usize, usize)>,
    /// Brackets and signs that are open here.
    depth: usize,
    /// Whether the depth has passed the limit.
    too_deep: Option<usize>,
    deepest: usize,
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
            (first..self.at).find(|&i| self.kind(i) == Some(Kind::Newline)).map_or(self.at, |i| i);
        let line = span.to(self.span(end - 1));
        if self.report.has_error_in(line.range()) {
            return;
        }
        let word = token.text(self.text);
        let colon = self.kind(first + 1) == Some(Kind::Colon);
        let diagnostic = if colon && words::ITEMS.contains(&word) {
            let colon = self.span(first + 1);
            Diagnostic::new(&codes::NO_ITEM, "an item's keyword has no colon")
                .at(colon, "not here")
                .suggest("remove it", colon, "")
        } else if token.kind == Kind::Word && !colon {
            let message = format!("no item begins with `{word}`");
            let diagnostic = Diagnostic::new(&codes::NO_ITEM, message).at(span, "not a keyword");
            match crate::diagnostic::nearest(word, words::ITEMS) {
                Some(near) => diagnostic.suggest(format!("did you mean `{near}`?"), span, near),
                None => diagnostic.help(format!("items begin with {}", list(&words::ITEMS))),
            }
        } else {
            Diagnostic::new(&codes::NO_ITEM, "this line stands outside of any item")
                .at(line, "belongs to nothing")
                .help("move it into a block, or begin it with `#`")
        };
        self.report.push(diagnostic);
    }

    fn item(&mut self) -> RawItem {
        let keyword = self.at;
        self.at += 1;
        self.gave_up = false;
        let head = self.run(keyword);
        let block = self.block_behind_head(keyword).or_else(|| self.unopened_block(keyword));
        RawItem { keyword, head, block, last: self.last_significant(keyword) }
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

    /// Reads on to where the statement ends: before a line break that it does not go on over, a
    /// brace, the next property, the next item. `owner` is the token before or at its beginning.
    fn run(&mut self, owner: usize) -> Run {
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
        let mut end = self.at;
        while end > first && self.kind(end - 1) == Some(Kind::Newline) {
            end -= 1;
        }
        if second && self.kind(end - 1) == Some(Kind::Comma) {
            end -= 1;
        }
        self.deepest = self.deepest.max(nesting.deepest);
        if let Some(index) = nesting.too_deep {
            self.report_too_deep(index);
            broken = true;
        } else if let Some(&(open, _)) = nesting.open.first() {
            self.report_unclosed_bracket(open, end);
            broken = true;
        }
        Run { first, end, broken }
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
    fn key_length(&self, index: usize) -> Option<usize> {
        if !matches!(self.kind(index), Some(Kind::Word | Kind::Quoted)) {
            return None;
        }
        if self.kind(index + 1) == Some(Kind::Colon) {
            return Some(2);
        }
        let language =
            self.kind(index + 1) == Some(Kind::Word) && words::takes_language(self.word(index));
        let plain = language && self.kind(index + 2) == Some(Kind::Colon);
        let region = language
            && self.word(index + 2) == "-"
            && self.kind(index + 3) == Some(Kind::Word)
            && self.kind(index + 4) == Some(Kind::Colon);
        if plain {
            Some(3)
        } else if region {
            Some(5)
        } else {
            None
        }
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

impl Nesting {
    fn enter(&mut self, index: usize) {
        self.depth += 1;
        self.open.push((index, self.depth - 1));
        self.note(index);
    }

    fn leave(&mut self) -> bool {
        let Some((_, depth)) = self.open.pop() else { return false };
        self.depth = self.open.last().map_or(0, |&(_, d)| d + 1).min(depth);
        true
    }

    /// A sign deepens what it stands before.
    fn sign(&mut self, index: usize) {
        self.depth += 1;
        self.note(index);
    }

    /// Anything else ends the reach of the signs before it.
    fn operand(&mut self) {
        self.depth = self.open.last().map_or(0, |&(_, d)| d + 1);
    }

    fn note(&mut self, index: usize) {
        self.deepest = self.deepest.max(self.depth);
        if self.depth > MOST_NESTED && self.too_deep.is_none() {
            self.too_deep = Some(index);
        }
    }
}

fn closes_nothing(span: Span, bracket: &str) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::new(&codes::STRAY_BRACKET, format!("`{bracket}` closes nothing"))
            .at(span, "nothing is open here");
    let title = "remove it".to_owned();
    diagnostic.help = Some(title.clone());
    diagnostic.fix = Some(Fix { title, edits: vec![Edit { span, text: String::new() }] });
    diagnostic
}

/// `a`, `b` and `c`
pub(super) fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|w| format!("`{w}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
