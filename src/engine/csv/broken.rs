//! Files that cannot be read as what they are said to be: the failures of reading that are the
//! data's fault and not the world's. They travel as the payload of an [`io::Error`].

use std::fmt;
use std::io;

/// What is wrong with a file's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// A packed file that is not whole.
    Damaged {
        /// What it is said to be: `gzip`, `zstd`.
        packing: &'static str,
        /// Lines that could still be unpacked.
        lines: u64,
        /// In the words of whoever unpacks.
        why: String,
    },
    /// Bytes that mean nothing in the encoding.
    Undecodable {
        encoding: &'static str,
        /// The physical line, from 1.
        line: u64,
        /// In characters, from 1.
        column: u64,
        /// The bytes, where they are known.
        bytes: Vec<u8>,
        /// The beginning of the line, up to them.
        before: String,
    },
    /// UTF-16 without the mark that would say which one.
    NoMark,
    /// The file begins with the mark of another encoding than the declared one.
    OtherMark {
        /// The encoding that the mark is of.
        marked: &'static str,
        declared: &'static str,
    },
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the file is not what it is said to be")
    }
}

impl std::error::Error for Broken {}

impl From<Broken> for io::Error {
    fn from(broken: Broken) -> Self {
        Self::other(broken)
    }
}

/// What the data did wrong; none where the world failed.
pub(super) fn of(error: &io::Error) -> Option<&Broken> {
    error.get_ref()?.downcast_ref()
}
