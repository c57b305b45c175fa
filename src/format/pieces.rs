//! What a statement is made of: tokens with the comments around them.

use crate::syntax::outline::{Kind, Outline, Run};

/// A token of a statement.
#[derive(Clone, Debug)]
pub(super) struct Piece<'s> {
    pub(super) kind: Kind,
    pub(super) text: &'s str,
    /// Comments on lines of their own above it.
    pub(super) above: Vec<&'s str>,
    /// The comment behind it, which ends its line.
    pub(super) behind: Option<&'s str>,
    /// Whether it begins a line.
    pub(super) begins_line: bool,
    /// Whether nothing stood between it and the token before.
    pub(super) touches: bool,
}

impl Piece<'_> {
    fn has_comments(&self) -> bool {
        self.behind.is_some() || !self.above.is_empty()
    }
}

/// The comments of a stretch of text, and its line breaks.
#[derive(Debug, Default)]
pub(super) struct Gap<'s> {
    /// The comment on the line on which the stretch begins.
    pub(super) behind: Option<&'s str>,
    /// Those on lines of their own.
    pub(super) above: Vec<Above<'s>>,
    /// Whether a blank line stands at its end.
    pub(super) blank: bool,
    /// Whether there is a line break in it.
    pub(super) breaks: bool,
}

/// A comment on a line of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Above<'s> {
    /// Whether a blank line stands above it.
    pub(super) blank: bool,
    pub(super) text: &'s str,
    /// So many bytes stand before it on its line.
    pub(super) column: usize,
}

/// What stands between two places that hold no token between them.
pub(super) fn gap<'s>(outline: &Outline<'s>, from: usize, to: usize) -> Gap<'s> {
    let mut gap = Gap::default();
    let mut at = from;
    let first = outline.comments.partition_point(|c| (c.start as usize) < from);
    for comment in outline.comments[first..].iter().take_while(|c| (c.end as usize) <= to) {
        let breaks = line_breaks(&outline.text[at..comment.start as usize]);
        let text = outline.text[comment.range()].trim_end();
        if at == from && breaks == 0 {
            gap.behind = Some(text);
        } else {
            let start = comment.start as usize;
            let column = start - outline.text[..start].rfind('\n').map_or(0, |i| i + 1);
            gap.above.push(Above { blank: breaks > 1, text, column });
        }
        gap.breaks |= breaks > 0;
        at = comment.end as usize;
    }
    let breaks = line_breaks(&outline.text[at..to]);
    gap.blank = breaks > 1;
    gap.breaks |= breaks > 0;
    gap
}

fn line_breaks(text: &str) -> usize {
    memchr::memchr_iter(b'\n', text.as_bytes()).take(2).count()
}

/// The pieces of a run, in the order in which they are to be written.
pub(super) fn pieces<'s>(outline: &Outline<'s>, run: Run) -> Vec<Piece<'s>> {
    let mut pieces: Vec<Piece<'s>> = Vec::with_capacity(run.end.saturating_sub(run.first));
    let mut end = None;
    for token in &outline.tokens[run.first..run.end.max(run.first)] {
        if token.kind == Kind::Newline {
            continue;
        }
        let start = token.start as usize;
        let gap = end.map(|end| gap(outline, end, start)).unwrap_or_default();
        if let Some(before) = pieces.last_mut() {
            before.behind = gap.behind;
        }
        pieces.push(Piece {
            kind: token.kind,
            text: token.text(outline.text),
            above: gap.above.iter().map(|c| c.text).collect(),
            behind: None,
            begins_line: gap.breaks,
            touches: end == Some(start),
        });
        end = Some(token.end as usize);
    }
    order(&mut pieces);
    pieces
}

/// An open bracket, while its end is looked for.
struct Open {
    filter: Option<usize>,
    /// The comma that ends the condition.
    comma: Option<usize>,
}

/// Moves `where` and its condition to the end of their brackets, and takes out commas before a
/// closing bracket.
fn order(pieces: &mut Vec<Piece<'_>>) {
    let mut open: Vec<Open> = Vec::new();
    for at in 0..pieces.len() {
        let piece = &pieces[at];
        match (piece.kind, open.last_mut()) {
            (Kind::Open, _) => open.push(Open { filter: None, comma: None }),
            (Kind::Word, Some(last)) if piece.text == "where" && last.filter.is_none() => {
                last.filter = Some(at);
            }
            (Kind::Comma, Some(last)) if last.filter.is_some() && last.comma.is_none() => {
                last.comma = Some(at);
            }
            (Kind::Close, Some(_)) => {
                let last = open.pop();
                let before = &mut pieces[at - 1];
                if before.kind == Kind::Comma && !before.has_comments() {
                    before.text = "";
                }
                if let Some(Open { filter: Some(filter), comma: Some(comma) }) = last
                    && comma + 1 < at
                {
                    pieces[filter..at].rotate_left(comma - filter);
                }
            }
            _ => {}
        }
    }
    pieces.retain(|piece| !piece.text.is_empty());
}
