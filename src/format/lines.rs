//! Lines before they are text, and their alignment.

use unicode_width::UnicodeWidthChar;

/// A line, or where a text in it holds line breaks, several.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Whether a blank line stands above it.
    pub(super) blank: bool,
    /// So many blanks before it.
    pub(super) indent: usize,
    /// What is aligned with the lines around it, part by part.
    pub(super) cells: Vec<String>,
    /// The comment at its end.
    pub(super) comment: Option<String>,
    /// Whether its parts are those of a row.
    pub(super) role: Role,
}

/// What a line is to the lines around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Its parts stand below theirs.
    Row,
    /// Its comment alone does.
    Loose,
    /// Nothing of it does: it is finished.
    Done,
}

/// Which lines the comments at line ends keep clear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comments {
    /// Those that have one.
    OfTheirLines,
    /// All rows: a table whose last column they are.
    OfAllRows,
}

/// What is wider than this is aligned with nothing: a part, or a line before its comment.
const WIDEST: usize = 80;

impl Line {
    /// A line whose parts are aligned.
    pub(super) fn row(indent: usize) -> Self {
        let cells = vec![String::new()];
        Self { blank: false, indent, cells, comment: None, role: Role::Row }
    }

    /// A line of one part that is aligned with nothing.
    pub(super) fn loose(indent: usize, text: impl Into<String>) -> Self {
        let cells = vec![text.into()];
        Self { blank: false, indent, cells, comment: None, role: Role::Loose }
    }

    /// A finished line.
    pub(super) fn done(indent: usize, text: impl Into<String>) -> Self {
        Self { role: Role::Done, ..Self::loose(indent, text) }
    }

    /// The last part, to be written on.
    pub(super) fn tail(&mut self) -> &mut String {
        if self.cells.is_empty() {
            self.cells.push(String::new());
        }
        let last = self.cells.len() - 1;
        &mut self.cells[last]
    }

    /// The whole line, with its indentation and its end.
    pub(super) fn write(&self, out: &mut String) {
        if self.blank {
            out.push('\n');
        }
        let text = self.cells.concat();
        if !text.is_empty() {
            out.extend(std::iter::repeat_n(' ', self.indent));
            out.push_str(&text);
        }
        out.push('\n');
    }
}

/// Finishes lines that belong together: their parts and their comments stand below one another.
pub(super) fn align(lines: Vec<Line>, comments: Comments) -> Vec<Line> {
    let mut lines = lines;
    align_parts(&mut lines);
    let at = comment_column(&lines, comments);
    for line in &mut lines {
        if let Some(comment) = line.comment.take() {
            let here = width(line);
            let gap = at.filter(|&at| takes_part(line) && here + 2 <= at).map_or(2, |at| at - here);
            let tail = line.tail();
            tail.extend(std::iter::repeat_n(' ', gap));
            tail.push_str(&comment);
        }
        line.role = Role::Done;
    }
    lines
}

/// Pads every part of a row to the widest of its column, and puts the parts together.
fn align_parts(lines: &mut [Line]) {
    let rows = || lines.iter().filter(|l| l.role == Role::Row);
    let columns = rows().map(|l| l.cells.len()).max().unwrap_or(0);
    let widest = |column: usize| {
        let parts = rows().filter_map(|l| l.cells.get(column)).map(|c| width_of(c));
        parts.filter(|&w| w <= WIDEST).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    for line in lines.iter_mut().filter(|l| l.role == Role::Row) {
        let mut text = String::new();
        let last = line.cells.iter().rposition(|c| !c.is_empty()).unwrap_or(0);
        for (column, cell) in line.cells.iter().enumerate().take(last + 1) {
            text.push_str(cell);
            if column < last && widths[column].max(cell.len()) > 0 {
                let gap = widths[column].saturating_sub(width_of(cell)) + 1;
                text.extend(std::iter::repeat_n(' ', gap));
            }
        }
        line.cells = vec![text];
    }
}

fn comment_column(lines: &[Line], comments: Comments) -> Option<usize> {
    let counts = |l: &&Line| match comments {
        Comments::OfTheirLines => l.comment.is_some(),
        Comments::OfAllRows => l.comment.is_some() || l.role == Role::Row,
    };
    let any = lines.iter().any(|l| l.comment.is_some());
    let widest = lines.iter().filter(counts).filter(|l| takes_part(l)).map(width).max()?;
    any.then_some(widest + 2)
}

fn takes_part(line: &Line) -> bool {
    line.role != Role::Done && width(line) <= WIDEST && !line.cells.concat().contains('\n')
}

fn width(line: &Line) -> usize {
    line.indent + line.cells.iter().map(|c| width_of(c)).sum::<usize>()
}

/// How many columns a text takes, each character by itself: editors that keep to a grid draw a lam
/// and an alef in two columns, as one letter or not.
pub(super) fn width_of(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().filter_map(UnicodeWidthChar::width).sum()
}
