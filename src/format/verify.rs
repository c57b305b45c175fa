//! That a new layout says what the old text said.

use std::fmt::Write as _;

use crate::diagnostic::Diagnostics;
use crate::source::Sources;
use crate::syntax::{self, ast};

/// A layout that would have changed what a file says. It was not given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The file.
    pub path: String,
    /// What would have changed, in words.
    pub what: String,
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}: formatting would have changed {}; the file is as it was",
            self.path, self.what
        )
    }
}

impl std::error::Error for Mismatch {}

/// Compares a text, its tree and its messages with those of a new text, places aside.
pub(super) fn verify(
    path: &str,
    old: (&str, &ast::File, &Diagnostics),
    new: &str,
) -> Result<(), Mismatch> {
    let fail = |what: String| Err(Mismatch { path: path.to_owned(), what });
    let (text, tree, found) = old;
    let mut sources = Sources::default();
    let id = sources.add(path, new);
    let mut again = Diagnostics::default();
    let read = syntax::parse(&sources, id, &mut again);
    if comments(text, tree) != comments(new, &read) {
        return fail("the comments".to_owned());
    }
    if tree.items.len() != read.items.len() {
        return fail(format!("{} items into {}", tree.items.len(), read.items.len()));
    }
    let (mut one, mut other) = (String::new(), String::new());
    for (index, (before, after)) in tree.items.iter().zip(&read.items).enumerate() {
        one.clear();
        other.clear();
        // Writing into a text does not fail.
        let _ = write!(one, "{before:-?}");
        let _ = write!(other, "{after:-?}");
        if one != other {
            let line = text[..before.span.range().start].matches('\n').count() + 1;
            return fail(format!("item {} (line {line})", index + 1));
        }
    }
    let (before, after) = (messages(found), messages(&again));
    let other = before.iter().zip(&after).find(|(a, b)| a != b).map(|(a, _)| a);
    let longer = if before.len() > after.len() { &before } else { &after };
    match other.or(longer.get(before.len().min(after.len()))) {
        Some((code, message)) => fail(format!("what is wrong with it ({code}: {message})")),
        None => Ok(()),
    }
}

/// The comments in an order that does not depend on where they stand.
fn comments<'t>(text: &'t str, tree: &ast::File) -> Vec<&'t str> {
    let mut all: Vec<&str> = tree.comments.iter().map(|c| text[c.range()].trim_end()).collect();
    all.sort_unstable();
    all
}

fn messages(found: &Diagnostics) -> Vec<(&'static str, &str)> {
    let mut all: Vec<_> = found.iter().map(|d| (d.code.id, d.message.as_str())).collect();
    all.sort_unstable();
    all
}
