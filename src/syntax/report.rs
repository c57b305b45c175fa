//! Where the messages of one file go.

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::source::FileId;

/// After so many messages a file gives no more: it is no `.kpi` file then.
pub(super) const MOST: usize = 200;

/// The messages of one file, and where errors stand, so that one mistake gives one message.
pub(super) struct Report<'o> {
    file: FileId,
    out: &'o mut Diagnostics,
    left: usize,
    errors: Vec<u32>,
}

impl<'o> Report<'o> {
    pub(super) fn new(file: FileId, out: &'o mut Diagnostics) -> Self {
        Self { file, out, left: MOST, errors: Vec::new() }
    }

    pub(super) fn file(&self) -> FileId {
        self.file
    }

    /// Whether nothing more is taken in.
    pub(super) fn is_full(&self) -> bool {
        self.left == 0
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        if self.left == 0 {
            return;
        }
        if let (Severity::Error, Some(span)) = (diagnostic.severity, diagnostic.span()) {
            let at = self.errors.partition_point(|&e| e <= span.start);
            self.errors.insert(at, span.start);
        }
        self.left -= 1;
        self.out.push(diagnostic);
    }

    /// Whether an error has been reported that begins in the range of bytes.
    pub(super) fn has_error_in(&self, range: std::ops::Range<usize>) -> bool {
        let at = self.errors.partition_point(|&e| (e as usize) < range.start);
        self.errors.get(at).is_some_and(|&e| (e as usize) <= range.end)
    }
}
