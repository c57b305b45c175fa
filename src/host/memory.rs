//! A world in memory, for tests and the editor.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::sync::Mutex;

use super::{Entry, EntryKind, Failure, Host, HostError, OutputFile, Setting, join, normalise};

/// Files by path; what is published can be read back.
#[derive(Debug, Default)]
pub struct MemoryHost {
    files: BTreeMap<String, Vec<u8>>,
    published: Mutex<BTreeMap<String, Vec<u8>>>,
    now: i64,
    connections: Option<String>,
    variables: BTreeMap<String, String>,
}

impl MemoryHost {
    /// A world of these files.
    pub fn new<P: Into<String>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        let files = files.into_iter().map(|(p, b)| (p.into(), b.into())).collect();
        Self { files, ..Self::default() }
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// Sets the clock: seconds since 1970-01-01 00:00 UTC.
    #[must_use]
    pub fn at(mut self, now: i64) -> Self {
        self.now = now;
        self
    }

    /// Gives the user a file of connections.
    #[must_use]
    pub fn connected(mut self, settings: impl Into<String>) -> Self {
        self.connections = Some(settings.into());
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn with_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// What was published or replaced, by path.
    pub fn published(&self) -> BTreeMap<String, Vec<u8>> {
        self.published.lock().map(|p| p.clone()).unwrap_or_default()
    }

    fn get(&self, path: &str) -> Result<&Vec<u8>, HostError> {
        let clean = normalise(path).ok_or_else(|| error(path, Failure::Outside))?;
        self.files.get(&clean).ok_or_else(|| error(path, Failure::NotFound))
    }
}

fn error(path: &str, kind: Failure) -> HostError {
    let message = match kind {
        Failure::Outside => "the path leads out of the repository",
        _ => "no such file",
    };
    HostError { path: path.to_owned(), kind, message: message.to_owned() }
}

impl Host for MemoryHost {
    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, HostError> {
        Ok(Box::new(Cursor::new(self.get(path)?.clone())))
    }

    fn size(&self, path: &str) -> Result<u64, HostError> {
        Ok(self.get(path)?.len() as u64)
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, HostError> {
        let folder = normalise(folder).ok_or_else(|| error(folder, Failure::Outside))?;
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut entries = BTreeSet::new();
        for path in self.files.keys() {
            let Some(rest) = path.strip_prefix(&prefix) else { continue };
            let entry = match rest.split_once('/') {
                Some((name, _)) => Entry { name: name.to_owned(), kind: EntryKind::Folder },
                None => Entry { name: rest.to_owned(), kind: EntryKind::File },
            };
            entries.insert(entry);
        }
        if entries.is_empty() && !folder.is_empty() {
            return Err(error(&folder, Failure::NotFound));
        }
        Ok(entries.into_iter().filter(|e| !e.name.starts_with('.')).collect())
    }

    fn is_file(&self, path: &str) -> bool {
        self.get(path).is_ok()
    }

    fn now(&self) -> i64 {
        self.now
    }

    fn connections(&self) -> Result<Setting, HostError> {
        Ok(Setting { path: "connections.toml".to_owned(), text: self.connections.clone() })
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn publish(&self, folder: &str, files: &[OutputFile]) -> Result<(), HostError> {
        if let Ok(mut published) = self.published.lock() {
            for file in files {
                published.insert(join(folder, &file.path), file.bytes.clone());
            }
        }
        Ok(())
    }

    fn replace(&self, path: &str, bytes: &[u8]) -> Result<(), HostError> {
        self.get(path)?;
        if let Ok(mut published) = self.published.lock() {
            published.insert(path.to_owned(), bytes.to_vec());
        }
        Ok(())
    }
}
