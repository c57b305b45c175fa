//! A file of the host, read in parts as the Parquet reader asks for them.

use std::io::{self, BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

use crate::host::ReadAt;

/// How much is read at a time of a stream within the file.
const PIECE: usize = 64 << 10;

/// A file and its length.
#[derive(Clone)]
pub(super) struct Chunks {
    file: Arc<Mutex<Box<dyn ReadAt>>>,
    length: u64,
}

impl Chunks {
    pub(super) fn new(file: Box<dyn ReadAt>, length: u64) -> Self {
        Self { file: Arc::new(Mutex::new(file)), length }
    }
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Chunks {
    type T = BufReader<Part>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::with_capacity(PIECE, Part { chunks: self.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let end = start.checked_add(length as u64).filter(|end| *end <= self.length);
        if end.is_none() {
            return Err(ParquetError::EOF("a part lies behind the end of the file".to_owned()));
        }
        let mut bytes = Vec::with_capacity(length);
        let part = Part { chunks: self.clone(), at: start };
        let read = part.take(length as u64).read_to_end(&mut bytes).map_err(outside)?;
        if read < length {
            return Err(ParquetError::EOF("the file ends before its length".to_owned()));
        }
        Ok(bytes.into())
    }
}

fn outside(error: io::Error) -> ParquetError {
    ParquetError::External(Box::new(error))
}

/// A file from some byte on.
pub(super) struct Part {
    chunks: Chunks,
    at: u64,
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = self.chunks.file.lock().unwrap_or_else(PoisonError::into_inner);
        let read = file.read_at(self.at, buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}
