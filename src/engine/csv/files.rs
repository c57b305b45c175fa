//! The files of an input, in order of their paths.

use std::io::{self, Cursor};

use crate::diagnostic::Diagnostics;
use crate::host::{Failure, Host, HostError, failed};
use crate::plan::{Dialect, Encoding, Footer, Input};

use super::blocks::Stream;
use super::decode::decoded;
use super::faults;
use super::meter::{Meter, Metered};
use super::unpack::Packing;

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

/// How much a packed table is taken to grow, where only a guess is needed.
const GROWTH: u64 = 8;

impl Source {
    /// About how many bytes of text it holds.
    pub(super) fn content(&self) -> u64 {
        match Packing::of(&self.path) {
            Some(_) if self.text.is_none() => self.size.saturating_mul(GROWTH),
            _ => self.size,
        }
    }
}

/// A file, or why there is none.
pub(super) enum Opened {
    File(Box<Stream>),
    /// Not what it is said to be: see [`super::broken`].
    Broken(io::Error),
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
        return Ok(Opened::File(Box::new(Stream::new(reader, footer))));
    }
    match host.open(&source.path) {
        Ok(reader) => {
            let packing = Packing::of(&source.path);
            if packing.is_none() && dialect.encoding == Encoding::Utf8 {
                return Ok(Opened::File(Box::new(Stream::new(reader, footer))));
            }
            let meter = Meter::new();
            let mut reader: Box<dyn io::Read + Send> =
                Box::new(Metered::new(reader, meter.clone()));
            if let Some(packing) = packing {
                reader = Box::new(packing.unpack(reader, meter.clone()));
            }
            match decoded(reader, dialect.encoding) {
                Ok(reader) => {
                    Ok(Opened::File(Box::new(Stream::new(reader, footer).metered(meter))))
                }
                Err(e) if super::broken::of(&e).is_some() => Ok(Opened::Broken(e)),
                Err(e) => Err(failed(&source.path, &e)),
            }
        }
        Err(e) if e.kind == Failure::Other => Err(e),
        Err(e) => Ok(Opened::Unreadable(e.message)),
    }
}
