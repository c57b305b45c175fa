//! A host that remembers what was asked of it, so that a watcher knows what a build depends on.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Mutex;

use super::{Entry, Host, HostError, OutputFile, ReadAt, Scratch, Setting, Shelf, Stamp, Walk};

/// What a run read, by paths relative to the host's root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Files that were opened or looked for, also those that are not there.
    pub files: BTreeSet<String>,
    /// Folders whose entries were asked for: any of them may matter.
    pub folders: BTreeSet<String>,
    /// Folders in which specs were looked for: a file matters there whose name ends in `.kpi`.
    pub walked: BTreeSet<String>,
}

impl Seen {
    /// Every folder in which a change matters: the listed ones and those of the files.
    pub fn places(&self) -> BTreeSet<String> {
        let homes = self.files.iter().map(|f| f.rsplit_once('/').map_or("", |(home, _)| home));
        let asked = self.folders.iter().chain(&self.walked).cloned();
        asked.chain(homes.map(ToOwned::to_owned)).collect()
    }
}

/// Another host, with a memory.
pub struct RecordingHost<'h, H: Host> {
    inner: &'h H,
    shelf: Option<&'h dyn Shelf>,
    seen: Mutex<Seen>,
}

impl<'h, H: Host> RecordingHost<'h, H> {
    /// Remembers from now on.
    pub fn new(inner: &'h H) -> Self {
        Self { inner, shelf: inner.shelf(), seen: Mutex::default() }
    }

    /// The same with another shelf than the host's own.
    #[must_use]
    pub fn with_shelf(self, shelf: Option<&'h dyn Shelf>) -> Self {
        Self { shelf, ..self }
    }

    /// What was asked so far.
    pub fn seen(&self) -> Seen {
        self.seen.lock().map(|s| s.clone()).unwrap_or_default()
    }

    fn file(&self, path: &str) {
        if let (Ok(mut seen), Some(path)) = (self.seen.lock(), super::normalise(path)) {
            seen.files.insert(path);
        }
    }

    fn folder(&self, path: &str) {
        if let (Ok(mut seen), Some(path)) = (self.seen.lock(), super::normalise(path)) {
            seen.folders.insert(path);
        }
    }
}

impl<H: Host> Host for RecordingHost<'_, H> {
    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, HostError> {
        self.file(path);
        self.inner.open(path)
    }

    fn open_at(&self, path: &str) -> Result<Box<dyn ReadAt>, HostError> {
        self.file(path);
        self.inner.open_at(path)
    }

    fn scratch(&self) -> Result<Box<dyn Scratch>, HostError> {
        self.inner.scratch()
    }

    fn connections(&self) -> Result<Setting, HostError> {
        self.inner.connections()
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.inner.variable(name)
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        self.file(path);
        self.inner.stamp(path)
    }

    fn shelf(&self) -> Option<&dyn Shelf> {
        self.shelf
    }

    fn size(&self, path: &str) -> Result<u64, HostError> {
        self.file(path);
        self.inner.size(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, HostError> {
        self.folder(folder);
        self.inner.list(folder)
    }

    fn walk(&self, folder: &str) -> Result<Walk, HostError> {
        let found = self.inner.walk(folder)?;
        for path in &found.specs {
            self.file(path);
        }
        if let Ok(mut seen) = self.seen.lock() {
            seen.walked.extend(found.folders.iter().cloned());
        }
        Ok(found)
    }

    fn is_file(&self, path: &str) -> bool {
        self.file(path);
        self.inner.is_file(path)
    }

    fn now(&self) -> i64 {
        self.inner.now()
    }

    fn publish(&self, folder: &str, files: &[OutputFile]) -> Result<(), HostError> {
        self.inner.publish(folder, files)
    }

    fn replace(&self, path: &str, bytes: &[u8]) -> Result<(), HostError> {
        self.inner.replace(path, bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::MemoryHost;
    use super::*;

    #[test]
    fn missing_files_and_globs_are_remembered() {
        let inner = MemoryHost::new([("a/data/x.csv", ""), ("a/b.kpi", "")]);
        let host = RecordingHost::new(&inner);
        host.glob("a/data/*.csv").unwrap();
        host.specs("a").unwrap();
        assert!(host.read("a/gone/y.csv").is_err());
        let places: Vec<String> = host.seen().places().into_iter().collect();
        assert_eq!(places, ["a", "a/data", "a/gone"]);
    }
}
