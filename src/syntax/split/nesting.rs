//! How deep a statement is nested.

use super::MOST_NESTED;

/// What holds on to the statement that is being read.
#[derive(Default)]
pub(super) struct Nesting {
    /// For each open bracket its token, and the depth outside of it.
    pub(super) open: Vec<(usize, usize)>,
    /// Brackets and signs that are open here.
    depth: usize,
    /// Whether the depth has passed the limit.
    pub(super) too_deep: Option<usize>,
    pub(super) deepest: usize,
}

impl Nesting {
    pub(super) fn enter(&mut self, index: usize) {
        self.depth += 1;
        self.open.push((index, self.depth - 1));
        self.note(index);
    }

    pub(super) fn leave(&mut self) -> bool {
        let Some((_, depth)) = self.open.pop() else { return false };
        self.depth = self.open.last().map_or(0, |&(_, d)| d + 1).min(depth);
        true
    }

    /// A sign deepens what it stands before.
    pub(super) fn sign(&mut self, index: usize) {
        self.depth += 1;
        self.note(index);
    }

    /// Anything else ends the reach of the signs before it.
    pub(super) fn operand(&mut self) {
        self.depth = self.open.last().map_or(0, |&(_, d)| d + 1);
    }

    fn note(&mut self, index: usize) {
        self.deepest = self.deepest.max(self.depth);
        if self.depth > MOST_NESTED && self.too_deep.is_none() {
            self.too_deep = Some(index);
        }
    }
}
