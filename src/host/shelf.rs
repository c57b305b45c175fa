//! Shelves: results that are kept from one run to the next, and how a file is known again.

use serde::{Deserialize, Serialize};

/// What the system says of a file beside its content. Two equal stamps are of one content, unless
/// the file was written again within the clock's step: see [`Stamp::is_older_than`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Its size in bytes.
    pub size: u64,
    /// When its content was last written, in nanoseconds since 1970-01-01.
    pub modified: i128,
    /// When anything about it last changed, in nanoseconds, where the system tells: a program can
    /// set the other time back, but not this one.
    pub changed: i128,
    /// The file's number on its device, where the system tells.
    pub number: u64,
}

impl Stamp {
    /// The coarsest step of a file system's clock, with room: two seconds on FAT.
    const STEP: i128 = 3_000_000_000;

    /// Whether the file was surely at rest by a moment, in seconds since 1970-01-01: then whatever
    /// is written later shows in its stamp.
    pub fn is_older_than(&self, seconds: i64) -> bool {
        self.modified.max(self.changed) + Self::STEP < i128::from(seconds) * 1_000_000_000
    }
}

/// Results by key. It may forget at any time, and never fails: what cannot be kept is not kept.
pub trait Shelf: Sync {
    /// Which world this is and which build of the program: what is kept by another build is not
    /// for this one, and two repositories may name their files alike.
    fn owner(&self) -> String;

    /// What is kept under a key; none where nothing is, or less than was put there.
    fn get(&self, key: &str) -> Option<Vec<u8>>;

    /// Keeps something under a key, in the place of what was there.
    fn put(&self, key: &str, bytes: &[u8]);

    /// Whether looking costs next to nothing, so that little is worth keeping as well.
    fn is_near(&self) -> bool {
        false
    }
}
