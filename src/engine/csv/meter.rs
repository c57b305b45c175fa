//! A meter: how many bytes a file has and what they hash to, whatever is made of them behind it.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use super::hash::Xxh64;

/// What has gone through a [`Metered`] reader.
#[derive(Clone, Debug)]
pub(super) struct Meter(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    hash: Xxh64,
    bytes: u64,
    failed: bool,
}

impl Meter {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(State { hash: Xxh64::new(0), bytes: 0, failed: false })))
    }

    fn state<T>(&self, get: impl FnOnce(&mut State) -> T) -> T {
        get(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Bytes read so far.
    pub(super) fn bytes(&self) -> u64 {
        self.state(|s| s.bytes)
    }

    /// Their hash, in hexadecimal.
    pub(super) fn hash(&self) -> String {
        self.state(|s| format!("{:016x}", s.hash.finish()))
    }

    /// Whether reading the file itself has failed, so that whoever reads behind it is not to blame.
    pub(super) fn has_failed(&self) -> bool {
        self.state(|s| s.failed)
    }
}

/// A reader that is counted.
pub(super) struct Metered {
    inner: Box<dyn Read + Send>,
    meter: Meter,
}

impl Metered {
    pub(super) fn new(inner: Box<dyn Read + Send>, meter: Meter) -> Self {
        Self { inner, meter }
    }
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer);
        self.meter.state(|state| match &read {
            Ok(count) => {
                state.hash.update(&buffer[..*count]);
                state.bytes += *count as u64;
            }
            Err(e) => state.failed |= e.kind() != io::ErrorKind::Interrupted,
        });
        read
    }
}
