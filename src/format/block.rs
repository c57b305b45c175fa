//! Statements and blocks to lines.

use std::borrow::Cow;

use super::lines::{Comments, Line, Role, align, width_of};
use super::pieces::{Above, Gap, Piece, gap, pieces};
use super::spacing::is_spaced;
use crate::syntax::outline::{Kind, Outline, RawBlock, RawItem, Run, Statement};

/// How far a line in a block stands behind the block's own.
pub(super) const STEP: usize = 2;

/// Brackets that stand deeper in one another are not indented further.
const DEEPEST: usize = 16;

/// A value that its writer began on a line of its own stays there only where this is not enough.
const ROOM: usize = 100;

/// An item as lines, not aligned with those around it yet; the comment behind its end is not
/// among them.
pub(super) fn item(outline: &Outline<'_>, item: &RawItem) -> Vec<Line> {
    let head = Run { first: item.keyword, ..item.head };
    let mut pieces = pieces(outline, head);
    let Some(block) = &item.block else {
        return match split_of_measure(&pieces, item.word) {
            Some(at) if pieces[at].text == "=" => flow(&mut pieces, 0, &[at], Some(at + 1)),
            split => flow(&mut pieces, 0, split.as_slice(), split),
        };
    };
    let mut lines = flow(&mut pieces, 0, &[], None);
    for line in &mut lines {
        line.role = Role::Loose;
    }
    open(outline, &mut lines, head, block, item.word);
    align(lines, Comments::OfTheirLines)
}

/// Where `= FORMULA` or the type behind `NAME:` begins.
fn split_of_measure(pieces: &[Piece<'_>], word: &str) -> Option<usize> {
    if !matches!(word, "metric" | "kpi") {
        return None;
    }
    let at = pieces.iter().position(|p| p.kind == Kind::Colon || p.text == "=")?;
    let split = if pieces[at].kind == Kind::Colon { at + 1 } else { at };
    (at + 1 < pieces.len()).then_some(split)
}

/// Whether a measure is one that the project is to define: `metric sessions: count`.
pub(super) fn is_need(outline: &Outline<'_>, item: &RawItem) -> bool {
    let head = &outline.tokens[item.head.first..item.head.end.max(item.head.first)];
    let first = head.iter().find(|t| t.kind == Kind::Colon || t.text(outline.text) == "=");
    item.block.is_none() && first.is_some_and(|t| t.kind == Kind::Colon)
}

/// The block behind a head whose lines are the last ones: ` {`, what is in it, `}`.
fn open(outline: &Outline<'_>, lines: &mut Vec<Line>, head: Run, block: &RawBlock, item: &str) {
    let indent = lines.first().map_or(0, |l| l.indent);
    let end = |index: usize| outline.tokens[index].end as usize;
    let brace = outline.tokens[block.open].start as usize;
    let before = gap(outline, end(head.end.max(head.first + 1) - 1), brace);
    let inner = inside(outline, block, indent + STEP, item, before);
    let Some(last) = lines.last_mut() else { return };
    if inner.lines.is_empty() && inner.behind_brace.is_none() {
        last.tail().push_str(" {}");
        return;
    }
    last.tail().push_str(" {");
    last.comment = inner.behind_brace;
    lines.extend(inner.lines);
    lines.push(Line::loose(indent, "}"));
}

/// What stands between braces.
struct Inside {
    /// The comment on the line of the `{`.
    behind_brace: Option<String>,
    lines: Vec<Line>,
}

fn inside(
    outline: &Outline<'_>,
    block: &RawBlock,
    indent: usize,
    item: &str,
    before: Gap<'_>,
) -> Inside {
    let mut lines: Vec<Line> = Vec::new();
    let mut at = outline.tokens[block.open].end as usize;
    let mut first = Some(before);
    let close = outline.tokens[block.last].start as usize;
    let mut behind_brace = None;
    for statement in block.statements.iter().map(Some).chain([None]) {
        let next = statement.map_or(close, |s| outline.tokens[s.run.first].start as usize);
        let mut gap = gap(outline, at, next);
        if let Some(before) = first.take() {
            gap = joined(before, gap);
            behind_brace = gap.behind.take().map(ToOwned::to_owned);
        }
        if let (Some(behind), Some(last)) = (gap.behind, lines.last_mut()) {
            last.comment = Some(behind.to_owned());
        }
        for comment in gap.above {
            let blank = comment.blank && !lines.is_empty();
            lines.push(Line { blank, ..Line::loose(indent, comment.text) });
        }
        let Some(statement) = statement else { break };
        let from = lines.len();
        write_statement(outline, &mut lines, statement, indent, item);
        if let Some(line) = lines.get_mut(from) {
            line.blank = gap.blank && from > 0;
        }
        at = outline.tokens[end_of(statement)].end as usize;
    }
    Inside { behind_brace, lines: align(lines, Comments::OfTheirLines) }
}

/// The comments before and behind a `{`, as if it stood at the end of the head's line.
fn joined<'s>(before: Gap<'s>, behind: Gap<'s>) -> Gap<'s> {
    let mut above = before.above;
    let mut first = before.behind;
    match behind.behind {
        Some(comment) if first.is_none() && above.is_empty() => first = Some(comment),
        Some(text) => above.push(Above { blank: false, text, column: 0 }),
        None => {}
    }
    above.extend(behind.above);
    Gap { behind: first, above, ..behind }
}

/// The index of a statement's last token.
fn end_of(statement: &Statement) -> usize {
    let end = statement.run.end.max(statement.run.first + 1) - 1;
    statement.block.as_ref().map_or(end, |b| b.last)
}

fn write_statement(
    outline: &Outline<'_>,
    lines: &mut Vec<Line>,
    statement: &Statement,
    indent: usize,
    item: &str,
) {
    let run = statement.run;
    let mut pieces = pieces(outline, run);
    if let Some(block) = &statement.block {
        let mut head = flow(&mut pieces, indent, &[], None);
        for line in &mut head {
            line.role = Role::Loose;
        }
        open(outline, &mut head, run, block, item);
        lines.extend(head);
        return;
    }
    let key = outline.key_length(run.first).filter(|&k| k < pieces.len());
    let cells = match (item, key) {
        ("channels", _) => cells_of_rule(&pieces),
        (_, Some(key)) => vec![key],
        _ => Vec::new(),
    };
    lines.extend(flow(&mut pieces, indent, &cells, key));
}

/// Where the title and the condition of a channel begin. A rule without a title has an empty one.
fn cells_of_rule(pieces: &[Piece<'_>]) -> Vec<usize> {
    let is_condition =
        |p: &Piece<'_>| p.kind == Kind::Word && matches!(p.text, "when" | "otherwise");
    let condition = pieces.iter().skip(1).position(is_condition).map(|i| i + 1);
    let title = (pieces.len() > 1).then_some(1);
    title.into_iter().chain(condition).collect()
}

/// The lines of a statement. A part begins at each of `cells`; a line break at `join` goes where
/// there is room.
fn flow(
    pieces: &mut [Piece<'_>],
    indent: usize,
    cells: &[usize],
    join: Option<usize>,
) -> Vec<Line> {
    if let Some(at) = join
        && has_room(pieces, indent, at)
    {
        pieces[at].begins_line = false;
    }
    let mut lines = Vec::new();
    let mut line = Line::row(indent);
    // For each open bracket, where the line begins that opened it.
    let mut open: Vec<usize> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let behind = at.checked_sub(1).and_then(|i| pieces[i].behind);
        if at > 0 && (piece.begins_line || behind.is_some() || !piece.above.is_empty()) {
            line.comment = behind.map(ToOwned::to_owned);
            lines.push(line);
            let inner = open.last().copied().unwrap_or(indent).min(indent + DEEPEST * STEP) + STEP;
            lines.extend(piece.above.iter().map(|comment| Line::loose(inner, *comment)));
            let closed = closing(&pieces[at..]).and_then(|n| open.get(open.len().checked_sub(n)?));
            line = Line::loose(closed.copied().unwrap_or(inner), "");
        } else if cells.contains(&at) {
            line.cells.extend(cells.iter().filter(|c| **c == at).map(|_| String::new()));
        } else if is_spaced(pieces, at) {
            line.tail().push(' ');
        }
        match piece.kind {
            Kind::Open => open.push(line.indent),
            Kind::Close => drop(open.pop()),
            _ => {}
        }
        line.tail().push_str(&plain_breaks(piece.text));
    }
    line.comment = pieces.last().and_then(|p| p.behind).map(ToOwned::to_owned);
    lines.push(line);
    lines
}

/// How many closing brackets the line begins with; none where it begins with something else.
fn closing(pieces: &[Piece<'_>]) -> Option<usize> {
    let more = pieces.iter().skip(1);
    let count = more.take_while(|p| p.kind == Kind::Close && !p.begins_line).count();
    (pieces.first()?.kind == Kind::Close).then_some(count + 1)
}

/// Whether the value that begins at a piece fits behind its key, as far as its first line goes.
fn has_room(pieces: &[Piece<'_>], indent: usize, at: usize) -> bool {
    let end =
        pieces[at + 1..].iter().position(|p| p.begins_line).map_or(pieces.len(), |i| at + 1 + i);
    let widths = pieces[..end].iter().enumerate().map(|(i, p)| {
        let first = p.text.split('\n').next().unwrap_or_default();
        width_of(first) + usize::from(is_spaced(pieces, i))
    });
    indent + widths.sum::<usize>() <= ROOM
}

/// A text with the line breaks of the file: a carriage return before one goes, as reading it does.
pub(super) fn plain_breaks(text: &str) -> Cow<'_, str> {
    if !text.contains("\r\n") {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\r\n") {
        let doubled = rest[..at].ends_with('\r');
        plain.push_str(if doubled { &rest[..=at] } else { &rest[..at] });
        plain.push('\n');
        rest = &rest[at + 2..];
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}
