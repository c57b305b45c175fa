//! The outside world behind one trait: files in, reports out, today's date.
//!
//! Paths are texts with `/`, relative to the root that the host was made for; nothing above the
//! root can be named. [`memory::MemoryHost`] serves tests and the editor, [`disk::DiskHost`] the
//! command line.

pub mod disk;
pub mod git;
mod held;
pub mod memory;
pub mod record;
pub mod revision;
mod shelf;

pub use held::HeldShelf;
pub use shelf::{Shelf, Stamp};

use std::io::{self, Read, Seek, Write};

/// The world failed: a file is missing, a disk is full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostError {
    /// The path it happened at.
    pub path: String,
    /// What kind of failure.
    pub kind: Failure,
    /// In the system's words.
    pub message: String,
}

/// The failures that callers tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There is no such file or folder.
    NotFound,
    /// The path leads out of the root.
    Outside,
    /// It is something else than a regular file or a folder.
    NotAFile,
    /// Something stands there already.
    Exists,
    /// Anything else.
    Other,
}

impl std::fmt::Display for HostError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

impl std::error::Error for HostError {}

/// What a folder holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The name alone.
    pub name: String,
    /// Whether it is a folder.
    pub kind: EntryKind,
}

/// File or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
}

/// What a walk below a folder came by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// The `.kpi` files, sorted by path.
    pub specs: Vec<String>,
    /// The folders, those without one among them.
    pub folders: Vec<String>,
}

/// A file of a build's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Relative to the output folder, with `/`.
    pub path: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// A file of which any part can be read at any time.
pub trait ReadAt: Send {
    /// Reads from this byte on into the buffer, as [`Read::read`] does: how many bytes, 0 behind
    /// the end.
    fn read_at(&mut self, at: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

impl<T: Read + Seek + Send> ReadAt for T {
    fn read_at(&mut self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.seek(io::SeekFrom::Start(at))?;
        self.read(buffer)
    }
}

/// Room for what is too much to be held: written once, then read, and gone with its last user.
pub trait Scratch: Read + Write + Seek + Send {}

impl<T: Read + Write + Seek + Send> Scratch for T {}

/// A file of the user's own settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// As messages name it.
    pub path: String,
    /// Its content; none where there is no such file.
    pub text: Option<String>,
}

/// All that the program asks of the world.
pub trait Host: Sync {
    /// Opens a file for reading from its beginning.
    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, HostError>;

    /// Opens a file for reading its parts in any order.
    fn open_at(&self, path: &str) -> Result<Box<dyn ReadAt>, HostError> {
        Ok(Box::new(io::Cursor::new(self.read(path)?)))
    }

    /// Room for a table that comes from elsewhere.
    fn scratch(&self) -> Result<Box<dyn Scratch>, HostError> {
        Ok(Box::new(io::Cursor::new(Vec::new())))
    }

    /// How the user reaches databases: the file that `$KPI_CONNECTIONS` names, else
    /// `kpi/connections.toml` where the system keeps a user's settings.
    fn connections(&self) -> Result<Setting, HostError> {
        Ok(Setting { path: "connections.toml".to_owned(), text: None })
    }

    /// A variable of the environment, which is where secrets are.
    fn variable(&self, name: &str) -> Option<String> {
        let _ = name;
        None
    }

    /// What tells whether a file is still the same without reading it; none where nothing does.
    fn stamp(&self, path: &str) -> Option<Stamp> {
        let _ = path;
        None
    }

    /// Where results are kept that would be worked out again; none where nothing is to be kept.
    fn shelf(&self) -> Option<&dyn Shelf> {
        None
    }

    /// A file's size in bytes.
    fn size(&self, path: &str) -> Result<u64, HostError>;

    /// What a folder holds, sorted by name; hidden entries left out.
    fn list(&self, folder: &str) -> Result<Vec<Entry>, HostError>;

    /// The `.kpi` files below a folder, sorted by path; hidden and ignored ones left out.
    fn specs(&self, folder: &str) -> Result<Vec<String>, HostError> {
        Ok(self.walk(folder)?.specs)
    }

    /// The same, and the folders in which they were looked for.
    fn walk(&self, folder: &str) -> Result<Walk, HostError> {
        let specs = glob::expand(self, &join(folder, "**/*.kpi"))?;
        Ok(Walk { specs, folders: vec![folder.to_owned()] })
    }

    /// Whether there is such a file.
    fn is_file(&self, path: &str) -> bool;

    /// Seconds since 1970-01-01 00:00 UTC now; asked only for which day is today.
    fn now(&self) -> i64;

    /// Puts all files of a build in place: all of them, or none and the folder as it was. The
    /// folder is a path of the system, since `--out` may lie outside the root.
    fn publish(&self, folder: &str, files: &[OutputFile]) -> Result<(), HostError>;

    /// Puts a new content in the place of a file's: the whole of it or nothing.
    fn replace(&self, path: &str, bytes: &[u8]) -> Result<(), HostError> {
        let _ = bytes;
        let message = "files cannot be changed here".to_owned();
        Err(HostError { path: path.to_owned(), kind: Failure::Other, message })
    }

    /// Reads a file whole.
    fn read(&self, path: &str) -> Result<Vec<u8>, HostError> {
        let mut bytes = Vec::new();
        let mut file = self.open(path)?;
        file.read_to_end(&mut bytes).map_err(|e| failed(path, &e))?;
        Ok(bytes)
    }

    /// The files that a pattern names, sorted by path. `*` and `?` stand for characters of one
    /// name, `**` for any number of folders.
    fn glob(&self, pattern: &str) -> Result<Vec<String>, HostError> {
        glob::expand(self, pattern)
    }
}

/// A system error as ours.
pub(crate) fn failed(path: &str, error: &std::io::Error) -> HostError {
    let kind = match error.kind() {
        std::io::ErrorKind::NotFound => Failure::NotFound,
        _ => Failure::Other,
    };
    let message = match kind {
        Failure::NotFound => "no such file".to_owned(),
        _ => error.to_string(),
    };
    HostError { path: path.to_owned(), kind, message }
}

mod glob;

/// `a/./b//c` and `a/x/../b/c` as `a/b/c`; none where it climbs above the root.
pub fn normalise(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// `name` seen from `folder`: both relative to the root.
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
