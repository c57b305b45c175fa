//! A table that is fetched once and read as often as needed: a second query could give other rows.

use std::io::{self, Read, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use crate::host::Scratch;

/// What was fetched.
#[derive(Clone)]
pub(in crate::engine) struct Spool(Arc<Mutex<Box<dyn Scratch>>>);

impl std::fmt::Debug for Spool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Spool")
    }
}

impl Spool {
    /// Takes everything in; its size in bytes comes with it.
    #[cfg(feature = "engines")]
    pub(super) fn fill(mut room: Box<dyn Scratch>, rows: &mut dyn Read) -> io::Result<(Self, u64)> {
        let size = io::copy(rows, &mut room)?;
        room.flush()?;
        Ok((Self(Arc::new(Mutex::new(room))), size))
    }

    /// All of it, from the beginning.
    pub(in crate::engine) fn reader(&self) -> SpoolReader {
        SpoolReader { spool: self.clone(), at: 0 }
    }
}

/// A reader of a spool.
pub(in crate::engine) struct SpoolReader {
    spool: Spool,
    at: u64,
}

impl Read for SpoolReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut room = self.spool.0.lock().unwrap_or_else(PoisonError::into_inner);
        room.seek(SeekFrom::Start(self.at))?;
        let read = room.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}
