//! The files of an input, in order of their paths.

use std::io::Cursor;

use crate::diagnostic::Diagnostics;
use crate::host::{Failure, Host, HostError};
use crate::plan::{Dialect, Footer, Input};

use super::blocks::Stream;
use super::faults;

/// One file of an input, or the text in the spec.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// As messages show it.
    pub(super) path: String,
    /// Physical lines before the first one of the text, where it stands in a spec.
    pub(super) offset: u64,
    /// The text, where it stands in a spec.
    text: Option<String>,
    /// Its size in bytes before it is read.
    pub(super) size: u64,
}

/// A file, or why there is none.
pub(super) enum Opened {
    File(Stream),
    Unreadable(String),
}

/// The files of an input; a diagnostic where there is none.
pub(super) fn sources(
    host: &dyn Host,
    input: &Input,
    out: &mut Diagnostics,
) -> Result<Vec<Source>, HostError> {
    match input {
        Input::Inline { text, path, first_line, .. } => Ok(vec![Source {
            path: path.clone(),
            offset: first_line.saturating_sub(1),
            text: Some(text.clone()),
            size: text.len() as u64,
        }]),
        Input::Csv { pattern, .. } => {
            let paths = match host.glob(pattern) {
                Ok(paths) => paths,
                Err(e) if e.kind == Failure::Other => return Err(e),
                Err(e) => {
                    out.push(faults::no_file(input, pattern, &e.message));
                    return Ok(Vec::new());
                }
            };
            if paths.is_empty() {
                out.push(faults::no_file(input, pattern, "no file matches"));
            }
            let mut all = Vec::with_capacity(paths.len());
            for path in paths {
                match host.size(&path) {
                    Ok(size) => all.push(Source { path, offset: 0, text: None, size }),
                    Err(e) if e.kind == Failure::Other => return Err(e),
                    Err(e) => out.push(faults::no_file(input, &path, &e.message)),
                }
            }
            Ok(all)
        }
    }
}

/// Opens a file from its beginning.
pub(super) fn open(
    host: &dyn Host,
    source: &Source,
    dialect: &Dialect,
) -> Result<Opened, HostError> {
    let footer = match dialect.footer {
        Footer::Lines(lines) => lines,
        _ => 0,
    };
    if let Some(text) = &source.text {
        let reader = Box::new(Cursor::new(text.clone().into_bytes()));
        return Ok(Opened::File(Stream::new(reader, footer)));
    }
    match host.open(&source.path) {
        Ok(reader) => Ok(Opened::File(Stream::new(reader, footer))),
        Err(e) if e.kind == Failure::Other => Err(e),
        Err(e) => Ok(Opened::Unreadable(e.message)),
    }
}
