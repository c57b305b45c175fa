//! The files of an input, in order of their paths.

use std::io::{self, Cursor};

use crate::diagnostic::Diagnostics;
use crate::engine::columns::spool::Spool;
use crate::engine::columns::{NoTable, Place, Wanted};
use crate::host::{Failure, Host, HostError, failed};
use crate::plan::{Dialect, Encoding, Footer, Input, Records};

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
    held: Held,
    /// Its size in bytes before it is read.
    pub(super) size: u64,
    /// Where reading goes on behind the header; none where nothing of it is known.
    pub(super) resume: Option<Resume>,
}

/// A place in a file, behind a whole row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resume {
    /// In bytes.
    pub(super) from: u64,
    /// The physical lines before it.
    pub(super) lines: u64,
}

/// Where the bytes of a source are.
#[derive(Clone, Debug)]
enum Held {
    /// In a file of the host.
    File,
    /// In the spec.
    Text(String),
    /// In what was fetched from a database.
    Spool(Spool),
}

/// How much a packed table is taken to grow, where only a guess is needed.
const GROWTH: u64 = 8;

impl Source {
    /// Whether it is a file of the host.
    pub(super) fn is_file(&self) -> bool {
        matches!(self.held, Held::File)
    }

    /// About how many bytes of text it holds.
    pub(super) fn content(&self) -> u64 {
        match Packing::of(&self.path) {
            Some(_) if matches!(self.held, Held::File) => self.size.saturating_mul(GROWTH),
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
    /// This program was built without the feature that reads it.
    #[cfg_attr(feature = "parquet", allow(dead_code, reason = "it is built in"))]
    NotBuiltIn(&'static str),
}

/// The files of an input; a diagnostic where there is none.
pub(super) fn sources(
    host: &dyn Host,
    input: &Input,
    wanted: &Wanted,
    out: &mut Diagnostics,
) -> Result<Vec<Source>, HostError> {
    match input {
        Input::Table { connection, dialect, path, span } => {
            let place = Place { connection, dialect: *dialect, path };
            let shown = format!("{connection}.{}", path.join("."));
            match fetched(host, place, wanted)? {
                Ok((spool, size)) => Ok(vec![Source {
                    path: shown,
                    offset: 0,
                    held: Held::Spool(spool),
                    size,
                    resume: None,
                }]),
                Err(why) => {
                    out.push(faults::no_table(*span, &shown, why));
                    Ok(Vec::new())
                }
            }
        }
        Input::Inline { text, path, first_line, .. } => Ok(vec![Source {
            path: path.clone(),
            offset: first_line.saturating_sub(1),
            held: Held::Text(text.clone()),
            size: text.len() as u64,
            resume: None,
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
                    Ok(size) => {
                        all.push(Source { path, offset: 0, held: Held::File, size, resume: None });
                    }
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
    wanted: &Wanted,
) -> Result<Opened, HostError> {
    if dialect.records == Records::Parquet {
        return parquet(host, source, wanted);
    }
    let footer = match dialect.footer {
        Footer::Lines(lines) => lines,
        _ => 0,
    };
    let reader: Option<Box<dyn io::Read + Send>> = match &source.held {
        Held::File => None,
        Held::Text(text) => Some(Box::new(Cursor::new(text.clone().into_bytes()))),
        Held::Spool(spool) => Some(Box::new(spool.reader())),
    };
    if let Some(reader) = reader {
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

/// Opens a Parquet file: all of it is counted and hashed first, since it is not read in order.
#[cfg(feature = "parquet")]
fn parquet(host: &dyn Host, source: &Source, wanted: &Wanted) -> Result<Opened, HostError> {
    let read = || -> Result<io::Result<Stream>, HostError> {
        let meter = Meter::new();
        let mut whole = Metered::new(host.open(&source.path)?, meter.clone());
        if let Err(e) = io::copy(&mut whole, &mut io::sink()) {
            return Ok(Err(e));
        }
        let file = host.open_at(&source.path)?;
        let text = crate::engine::columns::parquet::text(file, meter.bytes(), wanted);
        Ok(text.map(|text| Stream::new(text, 0).metered(meter)))
    };
    match read() {
        Ok(Ok(stream)) => Ok(Opened::File(Box::new(stream))),
        Ok(Err(e)) if super::broken::of(&e).is_some() => Ok(Opened::Broken(e)),
        Ok(Err(e)) => Err(failed(&source.path, &e)),
        Err(e) if e.kind == Failure::Other => Err(e),
        Err(e) => Ok(Opened::Unreadable(e.message)),
    }
}

#[cfg(not(feature = "parquet"))]
#[expect(clippy::unnecessary_wraps, reason = "as where it is built in")]
fn parquet(_: &dyn Host, _: &Source, _: &Wanted) -> Result<Opened, HostError> {
    Ok(Opened::NotBuiltIn("parquet"))
}

/// Fetches the rows of a table.
#[cfg(feature = "engines")]
fn fetched(
    host: &dyn Host,
    place: Place<'_>,
    wanted: &Wanted,
) -> Result<Result<(Spool, u64), NoTable>, HostError> {
    crate::engine::columns::table::fetch(host, place, wanted)
}

#[cfg(not(feature = "engines"))]
#[expect(clippy::unnecessary_wraps, reason = "as where it is built in")]
fn fetched(
    _: &dyn Host,
    _: Place<'_>,
    _: &Wanted,
) -> Result<Result<(Spool, u64), NoTable>, HostError> {
    Ok(Err(NoTable::NotBuiltIn))
}
