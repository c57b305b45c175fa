//! The scanner: one pass over the bytes, before any grammar.
//!
//! It knows where texts, comments and regular expressions begin and end, so that everything behind
//! it may look at brackets and line breaks without thinking. What is wrong with a single character
//! or an unclosed text is reported here, once; the token survives in a form that the grammar reads.

use super::name::{begins_word, word_length};
use super::report::Report;
use super::token::{Kind, Token};
use super::{marks, paragraph, report, words};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::{FileId, Span};

/// The tokens of a file and its comments.
pub(super) struct Scan {
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Span>,
}

/// Operators of more than one character, the longer before its prefix. Those of other languages
/// are among them: their messages need them whole.
const OPERATORS: [&str; 20] = [
    "===", "!==", "==", "=>", "=<", "=~", "!=", "!~", "<=", "<>", ">=", "??", "&&", "||", "..",
    "+-", "**", "->", "::", ":=",
];

/// Cuts a text into tokens.
pub(super) fn scan(text: &str, report: &mut Report<'_>) -> Scan {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        file: report.file(),
        at: 0,
        tokens: Vec::with_capacity(text.len() / 6),
        comments: Vec::new(),
        found: Vec::new(),
        paragraphs: Vec::new(),
        unclosed: Vec::new(),
        no_quote_before: 0,
    };
    if text.starts_with('\u{FEFF}') {
        scanner.at = '\u{FEFF}'.len_utf8();
    }
    while scanner.at < text.len() {
        scanner.step();
    }
    for diagnostic in scanner.found {
        report.push(diagnostic);
    }
    Scan { tokens: scanner.tokens, comments: scanner.comments }
}

/// So often the scanner goes back for a paragraph that an item shows to be unclosed.
const MOST_RETURNS: usize = 8;

/// A paragraph that was read as closed, and how far everything else was then.
struct Paragraph {
    start: usize,
    end: usize,
    tokens: usize,
    comments: usize,
    found: usize,
}

struct Scanner<'s> {
    text: &'s str,
    bytes: &'s [u8],
    file: FileId,
    at: usize,
    tokens: Vec<Token>,
    comments: Vec<Span>,
    found: Vec<Diagnostic>,
    paragraphs: Vec<Paragraph>,
    /// Where paragraphs begin that are known to be unclosed.
    unclosed: Vec<usize>,
    /// Up to here no typographic quote is closed.
    no_quote_before: usize,
}

impl Scanner<'_> {
    fn step(&mut self) {
        let start = self.at;
        match self.bytes[start] {
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'\n' => self.take(Kind::Newline, start + 1),
            b'#' => self.comment(),
            b'"' => self.text(),
            b'`' => self.quoted(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
            b'0'..=b'9' => self.number(),
            b'(' => self.take(Kind::Open, start + 1),
            b')' => self.take(Kind::Close, start + 1),
            b'{' => self.take(Kind::BlockOpen, start + 1),
            b'}' => self.take(Kind::BlockClose, start + 1),
            b',' => self.take(Kind::Comma, start + 1),
            b';' => self.semicolon(1),
            b'/' => self.slash(),
            byte if byte.is_ascii() => self.operator(),
            _ => self.beyond_ascii(),
        }
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        if self.found.len() < report::MOST {
            self.found.push(diagnostic);
        }
    }

    fn take(&mut self, kind: Kind, end: usize) {
        self.tokens.push(Token { kind, start: self.at as u32, end: end as u32 });
        self.at = end;
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    fn line_end(&self, from: usize) -> usize {
        let end = memchr::memchr(b'\n', &self.bytes[from..]).map_or(self.bytes.len(), |i| from + i);
        if end > from && self.bytes[end - 1] == b'\r' { end - 1 } else { end }
    }

    fn comment(&mut self) {
        let end = self.line_end(self.at);
        let span = self.span(self.at, end);
        self.comments.push(span);
        marks::check_outside(
            &self.text[self.at..end],
            self.span(self.at, self.at),
            &mut self.found,
        );
        self.at = end;
    }

    fn text(&mut self) {
        if self.text[self.at..].starts_with("\"\"\"") {
            return self.paragraph();
        }
        let start = self.at;
        let line_end = self.line_end(start);
        let mut at = start + 1;
        while at < line_end {
            match self.bytes[at] {
                b'"' => {
                    marks::check_inside(
                        &self.text[start..at],
                        self.span(start, start),
                        &mut self.found,
                    );
                    return self.take(Kind::Text, at + 1);
                }
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        let end = self.cut(start, line_end);
        self.push(
            Diagnostic::new(&codes::UNCLOSED_TEXT, "text is not closed on its line")
                .at(self.span(start, end), "opened here")
                .suggest("add `\"`", self.span(end, end), "\""),
        );
        self.take(Kind::Text, end);
    }

    /// Where an unclosed text ends: with its line, but before a `{` that ends the line, and before
    /// a `)` that nothing in the text opens.
    fn cut(&self, start: usize, line_end: usize) -> usize {
        let line = self.text[start..line_end].trim_end();
        let mut body = line.strip_suffix('{').unwrap_or(line).trim_end();
        if !body.contains('(') {
            body = body.trim_end_matches([')', ' ', '\t']);
        }
        start + body.len().max(1)
    }

    fn paragraph(&mut self) {
        let start = self.at;
        let closed = memchr::memmem::find(&self.bytes[start + 3..], b"\"\"\"");
        if let Some(length) = closed.filter(|_| !self.unclosed.contains(&start)) {
            let end = start + 3 + length + 3;
            let (tokens, comments) = (self.tokens.len(), self.comments.len());
            let found = self.found.len();
            self.paragraphs.push(Paragraph { start, end, tokens, comments, found });
            let at = self.span(start, start);
            marks::check_inside(&self.text[start..end], at, &mut self.found);
            return self.take(Kind::Text, end);
        }
        if closed.is_none() && self.return_to_the_one_that_holds_an_item() {
            return;
        }
        let end = paragraph::cut(self.text, start);
        self.push(
            Diagnostic::new(&codes::UNCLOSED_PARAGRAPH, "paragraph is not closed")
                .at(self.span(start, start + 3), "opened here")
                .suggest("add `\"\"\"`", self.span(end, end), "\"\"\""),
        );
        self.take(Kind::Text, end);
    }

    /// The last paragraph of the file is not closed. Where an earlier one holds an item, that one
    /// is the culprit and its end another's beginning: back to it.
    fn return_to_the_one_that_holds_an_item(&mut self) -> bool {
        let text = self.text;
        if self.unclosed.len() >= MOST_RETURNS {
            return false;
        }
        let holds = |p: &Paragraph| paragraph::holds_item(&text[p.start..p.end]);
        let Some(index) = self.paragraphs.iter().position(holds) else { return false };
        let back = &self.paragraphs[index];
        self.unclosed.push(back.start);
        self.at = back.start;
        self.tokens.truncate(back.tokens);
        self.comments.truncate(back.comments);
        self.found.truncate(back.found);
        self.paragraphs.truncate(index);
        true
    }

    fn quoted(&mut self) {
        let start = self.at;
        let stop = memchr::memchr2(b'`', b'\n', &self.bytes[start + 1..]);
        match stop.filter(|length| self.bytes[start + 1 + length] == b'`') {
            Some(length) if length > 0 => {
                let end = start + 1 + length;
                marks::check_inside(
                    &self.text[start..end],
                    self.span(start, start),
                    &mut self.found,
                );
                self.take(Kind::Quoted, end + 1);
            }
            found => {
                let end =
                    if found.is_some() { start + 2 } else { self.cut(start, self.line_end(start)) };
                let (message, label) = if found.is_some() {
                    ("a name in backticks is empty", "no name between them")
                } else {
                    ("name in backticks is not closed on its line", "opened here")
                };
                let mut diagnostic = Diagnostic::new(&codes::UNCLOSED_TEXT, message)
                    .at(self.span(start, end), label);
                if found.is_none() {
                    diagnostic = diagnostic.suggest("add `` ` ``", self.span(end, end), "`");
                }
                self.push(diagnostic);
                self.take(Kind::Other, end);
            }
        }
    }

    fn word(&mut self) {
        let length = ascii_word_length(&self.bytes[self.at..]);
        let end = self.at + length;
        let beyond = self.bytes.get(end).is_some_and(|b| !b.is_ascii());
        let length = if beyond { word_length(&self.text[self.at..]) } else { length };
        self.take(Kind::Word, self.at + length);
    }

    fn number(&mut self) {
        let start = self.at;
        let end = start + super::numeral::length(&self.text[start..]);
        super::numeral::check_date_form(
            &self.text[start..end],
            self.span(start, end),
            &mut self.found,
        );
        self.take(Kind::Number, end);
    }

    fn slash(&mut self) {
        let start = self.at;
        if self.regex_may_begin()
            && let Some(length) = regex_length(&self.bytes[start..self.line_end(start)])
        {
            marks::check_inside(
                &self.text[start..start + length],
                self.span(start, start),
                &mut self.found,
            );
            return self.take(Kind::Regex, start + length);
        }
        self.take(Kind::Operator, start + 1);
    }

    /// Regular expressions begin where a value begins: behind an operator, a bracket, a comma, or a
    /// word that asks for one. Elsewhere a slash divides.
    fn regex_may_begin(&self) -> bool {
        let before = self.tokens.iter().rev().find(|t| t.kind != Kind::Newline);
        before.is_some_and(|token| match token.kind {
            Kind::Open | Kind::Comma | Kind::Colon | Kind::Operator => true,
            Kind::Word => words::asks_for_a_value(token.text(self.text)),
            _ => false,
        })
    }

    fn operator(&mut self) {
        let rest = &self.text[self.at..];
        let long = OPERATORS.iter().find(|o| rest.starts_with(**o));
        if let Some(long) = long.filter(|o| !matches!(**o, "::" | ":=" | "->")) {
            return self.take(Kind::Operator, self.at + long.len());
        }
        let kind = match self.bytes[self.at] {
            b':' => Kind::Colon,
            b'.' => Kind::Dot,
            b'+' | b'-' | b'*' | b'=' | b'<' | b'>' | b'!' | b'&' | b'|' | b'%' => Kind::Operator,
            byte if byte.is_ascii_whitespace() || byte == 0x0B => {
                self.at += 1;
                return;
            }
            _ => Kind::Other,
        };
        self.take(kind, self.at + 1);
    }

    fn semicolon(&mut self, length: usize) {
        let start = self.at;
        let end = start + length;
        let rest = self.text[end..].trim_start_matches([' ', '\t', '\r']);
        let span = self.span(start, end);
        let last = rest.is_empty() || rest.starts_with(['\n', '#', '}']);
        let (help, text) = if last { ("remove it", "") } else { ("break the line instead", "\n ") };
        let mark = &self.text[start..end];
        self.push(
            Diagnostic::new(&codes::WRONG_SEPARATOR, format!("`{mark}` ends nothing here"))
                .at(span, "not needed")
                .suggest(help, span, text),
        );
        self.take(Kind::Semicolon, end);
    }

    fn beyond_ascii(&mut self) {
        let Some(c) = self.text[self.at..].chars().next() else { return };
        let start = self.at;
        let end = start + c.len_utf8();
        if begins_word(c) {
            let length = word_length(&self.text[start..]).max(c.len_utf8());
            return self.take(Kind::Word, start + length);
        }
        if super::numeral::is_digit(c) {
            return self.number();
        }
        match c {
            '،' | '，' | '、' => {
                let span = self.span(start, end);
                self.push(
                    Diagnostic::new(&codes::WRONG_SEPARATOR, format!("`{c}` does not separate"))
                        .at(span, "not a comma of the language")
                        .suggest("write `,`", span, ","),
                );
                self.take(Kind::Comma, end);
            }
            '؛' => self.semicolon(c.len_utf8()),
            '“' | '”' | '„' | '«' | '‘' | '’' => self.typographic(c),
            '×' | '÷' | '−' | '–' | '≤' | '≥' | '≠' => self.take(Kind::Operator, end),
            _ if marks::is_unseen(c) => {
                marks::check_outside(
                    &self.text[start..end],
                    self.span(start, start),
                    &mut self.found,
                );
                self.at = end;
            }
            _ if c.is_whitespace() => self.at = end,
            _ => self.take(Kind::Other, end),
        }
    }

    fn typographic(&mut self, open: char) {
        let start = self.at;
        let from = start + open.len_utf8();
        if from <= self.no_quote_before {
            return self.take(Kind::Other, from);
        }
        let line_end = self.line_end(start);
        let body = &self.text[from..line_end];
        let closes = |c: char| match open {
            '‘' | '’' => matches!(c, '’' | '‘'),
            _ => matches!(c, '“' | '”' | '»' | '"'),
        };
        let Some((at, close)) = body.char_indices().find(|&(_, c)| closes(c)) else {
            self.no_quote_before = line_end;
            return self.take(Kind::Other, from);
        };
        let end = from + at + close.len_utf8();
        let plain = format!("\"{}\"", body[..at].replace('\\', "\\\\"));
        let span = self.span(start, end);
        self.push(
            Diagnostic::new(&codes::TYPOGRAPHIC_QUOTES, "typographic quotes")
                .at(span, "texts stand in straight quotes")
                .suggest(format!("write `{plain}`"), span, plain),
        );
        self.take(Kind::Text, end);
    }
}

fn ascii_word_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count()
}

/// The length of a regular expression that begins at the first byte, with its flags, if it is
/// closed on the line.
fn regex_length(line: &[u8]) -> Option<usize> {
    let mut at = 1;
    while at < line.len() {
        match line[at] {
            b'\\' => at += 2,
            b'/' if at == 1 => return None,
            b'/' => return Some(at + 1 + ascii_word_length(&line[at + 1..])),
            _ => at += 1,
        }
    }
    None
}

/// Whether a line that begins at `at` begins with an item's keyword that no colon follows.
pub(super) fn item_begins(text: &str, at: usize) -> bool {
    let rest = &text[at..];
    let length = ascii_word_length(rest.as_bytes());
    let followed = rest[length..].trim_start_matches([' ', '\t']).chars().next();
    words::ITEMS.contains(&&rest[..length])
        && followed.is_none_or(|c| c != ':')
        && word_length(rest) == length
}
