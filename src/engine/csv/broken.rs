//! Files that cannot be read as what they are said to be: the failures of reading that are the
//! data's fault and not the world's. They travel as the payload of an [`io::Error`].

use std::fmt;
use std::io;

/// What is wrong with a file's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Broken {
    /// A packed file that is not whole.
    Damaged {
        /// What it is said to be: `gzip`, `zstd`.
        packing: &'static str,
        /// Lines that could still be unpacked.
        lines: u64,
        /// In the words of whoever unpacks.
        why: String,
    },
    /// A packed file that holds far more than its size lets expect.
    Swollen {
        packing: &'static str,
        /// Its bytes that were read, and what they made.
        packed: u64,
        unpacked: u64,
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
    /// A table that is none, or has a column that no cell can say.
    #[cfg_attr(
        not(any(feature = "parquet", feature = "engines")),
        allow(dead_code, reason = "text has none")
    )]
    Columns { why: String, help: &'static str },
    /// UTF-16 without the mark that would say which one.
    NoMark,
    /// The file begins with the mark of another encoding than the declared one.
    OtherMark {
        /// The encoding that the mark is of.
        marked: &'static str,
        declared: &'static str,
    },
}

#[cfg(any(feature = "parquet", feature = "engines"))]
impl Broken {
    /// A table that cannot be read, for this reason.
    pub(in crate::engine) fn columns(why: String) -> Self {
        Self::Columns { why, help: "is it what its name says, and whole?" }
    }

    /// A table of which a column is nothing that cells can say.
    #[cfg(feature = "parquet")]
    pub(in crate::engine) fn unsuited(why: String) -> Self {
        Self::Columns { why, help: "read another column, or write it with one value a row" }
    }
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
pub(in crate::engine) fn of(error: &io::Error) -> Option<&Broken> {
    error.get_ref()?.downcast_ref()
}
