//! What `use` brings in: definitions of other folders and files, and of the library that comes
//! with the program.
//!
//! The files that are used are loaded, the items that are asked for selected with all that they
//! need, and items of the project that are named like one of them completed by it. What comes out
//! are trees like those of the project itself: whoever comes after sees one namespace.

mod complete;
mod cycles;
mod load;
mod needs;
mod select;
pub mod shipped;

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::host::{Host, HostError};
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast::{self, ItemKind};

pub(crate) use load::is_project;

/// Brings in what the files of a project use: gives their trees completed, and behind them those
/// of the library with the items that are used.
///
/// A `use` stays in its tree only where it leads nowhere, so that names which it may have brought
/// in give no second message.
///
/// # Errors
/// Where the world fails.
pub fn bring_in(
    host: &dyn Host,
    files: Vec<ast::File>,
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Result<Vec<ast::File>, HostError> {
    let mut shelf = load::Shelf::new(host, files, sources, out);
    shelf.follow()?;
    let ranks = cycles::ranks(&mut shelf);
    let chosen = select::select(&mut shelf, ranks);
    let mut trees = complete::trees(&mut shelf, &chosen);
    for item_of in &mut trees {
        item_of.items.retain(|item| match &item.kind {
            ItemKind::Use(written) => shelf.lost.contains(&written.path.span),
            _ => true,
        });
    }
    Ok(trees)
}

/// Where a file stops being UTF-8.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    path: String,
    at: usize,
}

impl Cut {
    /// The message.
    pub(crate) fn told(&self, id: FileId) -> Diagnostic {
        let Self { path, at } = self;
        let message = format!("`{path}` is not UTF-8 from byte {at} on");
        let help = "save the file as UTF-8; a `.kpi` file has no other encoding";
        let found = Diagnostic::new(&codes::SPEC_NOT_UTF8, message);
        found.at(Span::new(id, *at, *at), "here").help(help)
    }
}

/// The text of a `.kpi` file; of one that is not UTF-8 what stands before, so that its names are
/// known.
pub(crate) fn text_of(host: &dyn Host, path: &str) -> Result<(String, Option<Cut>), HostError> {
    let error = match String::from_utf8(host.read(path)?) {
        Ok(text) => return Ok((text, None)),
        Err(error) => error,
    };
    let at = error.utf8_error().valid_up_to();
    let text = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
    Ok((text, Some(Cut { path: path.to_owned(), at })))
}
