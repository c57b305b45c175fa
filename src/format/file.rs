//! A whole file: its items one after the other, what cannot be read among them as it stands.

use std::ops::Range;

use super::block::{is_need, item, plain_breaks};
use super::lines::{Comments, Line, align};
use super::pieces::gap;
use crate::syntax::outline::{Kind, Outline, RawItem};

/// A stretch of the file that is written as one.
enum Chunk<'o> {
    Item(&'o RawItem),
    /// From the beginning of a line to the end of one.
    Verbatim,
}

/// Which items without a block are aligned with one another.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Group {
    word: &'static str,
    comments: Comments,
}

/// Writes a file. Items in which one of the places lies that are `wrong` stay as they are.
pub(super) fn write(outline: &Outline<'_>, wrong: &[usize]) -> String {
    let mut writer = Writer {
        outline,
        out: String::with_capacity(outline.text.len() + outline.text.len() / 8),
        lines: Vec::new(),
        group: None,
        at: if outline.text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 },
        after_verbatim: false,
    };
    let chunks = chunks(outline, wrong);
    for (range, chunk) in &chunks {
        writer.chunk(range.clone(), chunk);
    }
    writer.between(outline.text.len());
    writer.flush();
    // At the beginning it would be a mark of the encoding, and no mistake any more.
    if writer.out.starts_with('\u{FEFF}') {
        writer.out.insert(0, '\n');
    }
    // What is left alone is not even ended by a line break.
    if unended(outline.text, &chunks) {
        writer.out.pop();
    }
    writer.out
}

/// Whether the file ends in the middle of a line that is left alone.
fn unended(text: &str, chunks: &[(Range<usize>, Chunk<'_>)]) -> bool {
    let last = chunks.last();
    last.is_some_and(|(range, chunk)| {
        matches!(chunk, Chunk::Verbatim) && range.end == text.len() && !text.ends_with('\n')
    })
}

/// The chunks in order, with the bytes that they cover.
fn chunks<'o>(outline: &'o Outline<'_>, wrong: &[usize]) -> Vec<(Range<usize>, Chunk<'o>)> {
    let mut alone = strays(outline);
    alone.extend(wrong.iter().map(|&at| whole_lines(outline.text, at..at)));
    let places = merged(alone);
    let mut verbatim = places.clone();
    let mut chunks = Vec::new();
    for item in &outline.items {
        let first = outline.tokens[item.keyword].start as usize;
        let range = first..outline.tokens[item.last].end as usize;
        let lines = whole_lines(outline.text, range.clone());
        // An item that shares a line with what is left alone is left alone, too.
        let at = places.partition_point(|place| place.end < lines.start);
        if places.get(at).is_some_and(|place| place.start <= lines.end) {
            verbatim.push(lines);
        } else {
            chunks.push((range, Chunk::Item(item)));
        }
    }
    chunks.extend(merged(verbatim).into_iter().map(|lines| (lines, Chunk::Verbatim)));
    chunks.sort_by_key(|(range, _)| range.start);
    chunks
}

/// The lines with tokens that belong to no item.
fn strays(outline: &Outline<'_>) -> Vec<Range<usize>> {
    let ends = outline.items.iter().map(|item| item.last + 1);
    let begins = outline.items.iter().map(|item| item.keyword);
    let between = std::iter::once(0).chain(ends).zip(begins.chain([outline.tokens.len()]));
    let tokens = between.flat_map(|(from, to)| outline.tokens.get(from..to).unwrap_or_default());
    let mut lines: Vec<Range<usize>> = Vec::new();
    for token in tokens.filter(|t| t.kind != Kind::Newline) {
        let range = token.start as usize..token.end as usize;
        if lines.last().is_none_or(|line| line.end < range.end) {
            lines.push(whole_lines(outline.text, range));
        }
    }
    lines
}

/// Ranges in order, those that meet made one.
fn merged(ranges: impl IntoIterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = ranges.into_iter().collect();
    all.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(all.len());
    for range in all {
        match merged.last_mut() {
            Some(last) if last.end >= range.start => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// From the beginning of the first line to the end of the last, its line break left out.
fn whole_lines(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |i| i + 1);
    let end = text[range.end..].find('\n').map_or(text.len(), |i| range.end + i);
    start..end
}

struct Writer<'o, 's> {
    outline: &'o Outline<'s>,
    out: String,
    /// The lines of the group at hand.
    lines: Vec<Line>,
    group: Option<Group>,
    /// Up to here the text has been written.
    at: usize,
    /// Whether what was written last is left alone: the comments behind it are, too.
    after_verbatim: bool,
}

impl Writer<'_, '_> {
    fn chunk(&mut self, range: Range<usize>, chunk: &Chunk<'_>) {
        let blank = self.between(range.start);
        match chunk {
            Chunk::Verbatim => {
                self.group_of(None);
                let text = verbatim(self.outline.text, range.clone());
                self.lines.push(Line { blank, ..Line::done(0, text) });
            }
            Chunk::Item(raw) => {
                let comments = if is_need(self.outline, raw) {
                    Comments::OfAllRows
                } else {
                    Comments::OfTheirLines
                };
                let group = raw.block.is_none().then_some(Group { word: raw.word, comments });
                if blank || group.is_none() || self.group != group {
                    self.group_of(group);
                }
                let from = self.lines.len();
                self.lines.extend(item(self.outline, raw));
                if let Some(line) = self.lines.get_mut(from) {
                    line.blank = blank;
                }
            }
        }
        self.after_verbatim = matches!(chunk, Chunk::Verbatim);
        self.at = range.end;
    }

    /// Writes the comments up to a place. Says whether a blank line is to stand there.
    fn between(&mut self, to: usize) -> bool {
        let gap = gap(self.outline, self.at, to.max(self.at));
        match (gap.behind, self.lines.last_mut()) {
            (Some(behind), Some(last)) => last.comment = Some(behind.to_owned()),
            (Some(first), None) => self.lines.push(Line::loose(0, first)),
            (None, _) => {}
        }
        for comment in gap.above {
            let blank = comment.blank && self.has_written();
            if blank {
                self.group_of(None);
            }
            let indent = if self.after_verbatim { comment.column } else { 0 };
            self.lines.push(Line { blank, ..Line::loose(indent, comment.text) });
        }
        gap.blank && self.has_written()
    }

    fn has_written(&self) -> bool {
        !self.out.is_empty() || !self.lines.is_empty()
    }

    fn group_of(&mut self, group: Option<Group>) {
        self.flush();
        self.group = group;
    }

    fn flush(&mut self) {
        let lines = std::mem::take(&mut self.lines);
        let comments = self.group.map_or(Comments::OfTheirLines, |g| g.comments);
        for line in align(lines, comments) {
            line.write(&mut self.out);
        }
    }
}

/// Whole lines as they stand, but for a mark at the beginning of the file, and for carriage
/// returns at line ends.
fn verbatim(text: &str, range: Range<usize>) -> String {
    let lines = &text[range.clone()];
    let marked = lines.strip_prefix('\u{FEFF}').filter(|_| range.start == 0);
    let lines = marked.unwrap_or(lines);
    if range.end == text.len() {
        return plain_breaks(lines).into_owned();
    }
    let plain = plain_breaks(&format!("{lines}\n")).into_owned();
    plain.strip_suffix('\n').map(ToOwned::to_owned).unwrap_or(plain)
}
