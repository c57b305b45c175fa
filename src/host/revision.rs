//! The specs of a revision over the data of today.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use super::{
    Entry, EntryKind, Failure, Host, HostError, OutputFile, ReadAt, Scratch, Setting, Shelf, Stamp,
    join, normalise,
};

/// A host whose `.kpi` files are those of a commit, and all else those of another host.
pub struct RevisionHost<'h> {
    inner: &'h dyn Host,
    specs: BTreeMap<String, Vec<u8>>,
}

impl<'h> RevisionHost<'h> {
    /// The specs by their paths from the root, and what lies around them.
    pub fn new(inner: &'h dyn Host, specs: BTreeMap<String, Vec<u8>>) -> Self {
        Self { inner, specs }
    }

    /// The content of a spec; none of a path that names none.
    fn spec(&self, path: &str) -> Option<Result<&Vec<u8>, HostError>> {
        let clean = normalise(path)?;
        clean.strip_suffix(".kpi").map(|_| {
            self.specs.get(&clean).ok_or_else(|| HostError {
                path: path.to_owned(),
                kind: Failure::NotFound,
                message: "no such file".to_owned(),
            })
        })
    }
}

impl Host for RevisionHost<'_> {
    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, HostError> {
        match self.spec(path) {
            Some(bytes) => Ok(Box::new(Cursor::new(bytes?.clone()))),
            None => self.inner.open(path),
        }
    }

    fn open_at(&self, path: &str) -> Result<Box<dyn ReadAt>, HostError> {
        match self.spec(path) {
            Some(bytes) => Ok(Box::new(Cursor::new(bytes?.clone()))),
            None => self.inner.open_at(path),
        }
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
        if self.spec(path).is_some() { None } else { self.inner.stamp(path) }
    }

    fn shelf(&self) -> Option<&dyn Shelf> {
        self.inner.shelf()
    }

    fn size(&self, path: &str) -> Result<u64, HostError> {
        match self.spec(path) {
            Some(bytes) => Ok(bytes?.len() as u64),
            None => self.inner.size(path),
        }
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, HostError> {
        let listed = self.inner.list(folder);
        let Some(clean) = normalise(folder) else { return listed };
        let prefix = if clean.is_empty() { String::new() } else { format!("{clean}/") };
        let below = self.specs.keys().filter_map(|path| path.strip_prefix(&prefix));
        let mut own: BTreeSet<Entry> = below
            .map(|path| match path.split_once('/') {
                Some((name, _)) => Entry { name: name.to_owned(), kind: EntryKind::Folder },
                None => Entry { name: path.to_owned(), kind: EntryKind::File },
            })
            .collect();
        let others = match listed {
            Ok(entries) => entries,
            // A folder that went since.
            Err(error) if error.kind == Failure::NotFound && !own.is_empty() => Vec::new(),
            Err(error) => return Err(error),
        };
        own.extend(others.into_iter().filter(|entry| {
            self.spec(&join(&clean, &entry.name)).is_none() || entry.kind == EntryKind::Folder
        }));
        Ok(own.into_iter().collect())
    }

    fn specs(&self, folder: &str) -> Result<Vec<String>, HostError> {
        let clean = normalise(folder).unwrap_or_default();
        let prefix = if clean.is_empty() { String::new() } else { format!("{clean}/") };
        Ok(self.specs.keys().filter(|path| path.starts_with(&prefix)).cloned().collect())
    }

    fn is_file(&self, path: &str) -> bool {
        match self.spec(path) {
            Some(found) => found.is_ok(),
            None => self.inner.is_file(path),
        }
    }

    fn now(&self) -> i64 {
        self.inner.now()
    }

    /// What was is not written.
    fn publish(&self, folder: &str, _: &[OutputFile]) -> Result<(), HostError> {
        let message = "nothing is built from an earlier state".to_owned();
        Err(HostError { path: folder.to_owned(), kind: Failure::Other, message })
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::MemoryHost;
    use super::*;

    #[test]
    fn specs_are_those_of_the_revision_and_data_those_of_today() {
        let inner =
            MemoryHost::new([("a/new.kpi", "new"), ("a/both.kpi", "now"), ("a/x.csv", "1")]);
        let then = [("a/both.kpi", "then"), ("b/old.kpi", "old")];
        let specs = then.iter().map(|(p, b)| ((*p).to_owned(), b.as_bytes().to_vec())).collect();
        let host = RevisionHost::new(&inner, specs);
        assert_eq!(host.specs("").unwrap(), ["a/both.kpi", "b/old.kpi"]);
        assert_eq!(host.specs("a").unwrap(), ["a/both.kpi"]);
        assert_eq!(host.read("a/both.kpi").unwrap(), b"then");
        assert_eq!(host.read("a/x.csv").unwrap(), b"1");
        assert_eq!(host.read("a/new.kpi").unwrap_err().kind, Failure::NotFound);
        assert!(!host.is_file("a/new.kpi") && host.is_file("a/./both.kpi"));
        let names = |folder| -> Vec<String> {
            host.list(folder).unwrap().into_iter().map(|e| e.name).collect()
        };
        assert_eq!(names("a"), ["both.kpi", "x.csv"]);
        assert_eq!(names("b"), ["old.kpi"]);
        assert_eq!(names(""), ["a", "b"]);
        assert_eq!(host.list("c").unwrap_err().kind, Failure::NotFound);
        assert!(host.publish("out", &[]).is_err());
    }
}
