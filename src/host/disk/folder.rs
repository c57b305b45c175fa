//! A folder of results that are kept from one run to the next.
//!
//! One file an entry, named by its key, put in place by a rename: a reader finds the whole of an
//! entry or none. Whatever goes wrong, nothing is kept; the folder can be deleted at any time.
#![expect(clippy::disallowed_methods, reason = "a part of the one place that touches the disk")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Shelf, Stamp, named};

/// Past so many bytes the entries go that were not used for the longest time.
const MOST: u64 = 1 << 30;
/// An entry that was not used for so long goes whenever others do.
const LONGEST: Duration = Duration::from_secs(60 * 60 * 24 * 90);
/// What stands in front of an entry, and behind it: a file that was cut short has no end.
const BEGIN: &[u8] = b"kpi-shelf-1\n";
const END: &[u8] = b"\nend";

/// A folder on the disk as a shelf.
#[derive(Debug)]
pub struct ShelfFolder {
    folder: PathBuf,
    owner: String,
    most: u64,
    /// The bytes that were put there since there was room made.
    put: AtomicU64,
}

impl ShelfFolder {
    /// The user's folder, for the files under a root.
    pub(super) fn of_user(root: &Path) -> Option<Self> {
        let caches = || {
            named("XDG_CACHE_HOME")
                .or_else(|| named("LOCALAPPDATA"))
                .or_else(|| Some(named("HOME")?.join(".cache")))
        };
        let folder = named("KPI_CACHE").or_else(|| Some(caches()?.join("kpi")))?;
        Self::new(folder, root)
    }

    /// A folder for the files under a root; it is made when the first entry is kept.
    pub fn new(folder: PathBuf, root: &Path) -> Option<Self> {
        // What another build of this program worked out may be worked out differently.
        let program = std::env::current_exe().ok()?;
        let build = stamp(&fs::metadata(&program).ok()?)?;
        let owner = format!("{}\n{}\n{}", root.display(), build.size, build.modified);
        Some(Self { folder, owner, most: MOST, put: AtomicU64::new(u64::MAX) })
    }

    /// The same with room for so many bytes.
    #[must_use]
    pub fn with_room(self, most: u64) -> Self {
        Self { most, ..self }
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.entry"))
    }

    fn keep(&self, key: &str, bytes: &[u8]) -> std::io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        // Totals are nobody else's business than those of the files are.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder)?;
        let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(&self.folder)?;
        for part in [BEGIN, bytes, END] {
            file.write_all(part)?;
        }
        file.persist(self.path(key))?;
        // Looking at all entries each time would cost more than keeping some of them.
        let size = bytes.len() as u64;
        let put = self.put.fetch_update(Relaxed, Relaxed, |put| Some(put.saturating_add(size)));
        if put.is_ok_and(|put| put.saturating_add(size) > self.most / 16) {
            self.put.store(0, Relaxed);
            return self.make_room();
        }
        Ok(())
    }

    /// Removes what was not used for the longest time, until the rest fits.
    fn make_room(&self) -> std::io::Result<()> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&self.folder)?.flatten() {
            let path = entry.path();
            let Ok(facts) = entry.metadata() else { continue };
            let Ok(used) = facts.modified() else { continue };
            let age = SystemTime::now().duration_since(used).unwrap_or_default();
            let is_entry = path.extension().is_some_and(|e| e == "entry");
            // What a run that was killed left half written.
            let is_left = entry.file_name().to_string_lossy().starts_with(".new-")
                && age > Duration::from_secs(3600);
            if is_left || is_entry && age > LONGEST {
                let _ = fs::remove_file(path);
            } else if is_entry {
                entries.push((used, facts.len(), path));
            }
        }
        let mut total: u64 = entries.iter().map(|(_, size, _)| size).sum();
        entries.sort();
        for (_, size, path) in entries {
            if total <= self.most {
                break;
            }
            if fs::remove_file(path).is_ok() {
                total -= size;
            }
        }
        Ok(())
    }
}

impl Shelf for ShelfFolder {
    fn owner(&self) -> String {
        self.owner.clone()
    }

    fn get(&self, key: &str) -> Option<Vec<u8>> {
        let path = self.path(key);
        let mut bytes = fs::read(&path).ok()?;
        let whole = bytes.starts_with(BEGIN) && bytes.ends_with(END);
        if !whole || bytes.len() < BEGIN.len() + END.len() {
            return None;
        }
        bytes.truncate(bytes.len() - END.len());
        bytes.drain(..BEGIN.len());
        // Its turn to go comes when it is not used any more.
        if let Ok(file) = fs::File::options().append(true).open(&path) {
            let _ = file.set_modified(SystemTime::now());
        }
        Some(bytes)
    }

    fn put(&self, key: &str, bytes: &[u8]) {
        // A disk that is full or may not be written to is no reason to fail.
        let _ = self.keep(key, bytes);
    }
}

/// A file's stamp, where the system tells its times.
pub(super) fn stamp(facts: &fs::Metadata) -> Option<Stamp> {
    let modified = facts.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let modified = i128::try_from(modified.as_nanos()).ok()?;
    #[cfg(unix)]
    let (changed, number) = {
        use std::os::unix::fs::MetadataExt;
        let changed = i128::from(facts.ctime()) * 1_000_000_000 + i128::from(facts.ctime_nsec());
        (changed, facts.ino())
    };
    #[cfg(not(unix))]
    let (changed, number) = (0, 0);
    Some(Stamp { size: facts.len(), modified, changed, number })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf(place: &Path) -> ShelfFolder {
        ShelfFolder::new(place.join("cache"), place).unwrap()
    }

    #[test]
    fn what_is_put_is_got_and_what_is_cut_short_is_not() {
        let place = tempfile::tempdir().unwrap();
        let shelf = shelf(place.path());
        assert_eq!(shelf.get("a"), None);
        for bytes in [&b"one"[..], b"", &[0; 3000]] {
            shelf.put("a", bytes);
            assert_eq!(shelf.get("a").as_deref(), Some(bytes));
        }
        let path = shelf.path("a");
        let whole = fs::read(&path).unwrap();
        for size in [0, 3, BEGIN.len(), whole.len() - 1] {
            fs::write(&path, &whole[..size]).unwrap();
            assert_eq!(shelf.get("a"), None, "{size} bytes");
        }
        fs::remove_dir_all(place.path().join("cache")).unwrap();
        assert_eq!(shelf.get("a"), None);
        shelf.put("a", b"again");
        assert_eq!(shelf.get("a").as_deref(), Some(&b"again"[..]));
    }

    #[test]
    fn the_longest_unused_goes_first() {
        let place = tempfile::tempdir().unwrap();
        let shelf = shelf(place.path()).with_room(2500);
        let age = |key: &str, seconds| {
            let file = fs::File::options().append(true).open(shelf.path(key)).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
        };
        shelf.put("a", &[1; 1000]);
        age("a", 300);
        shelf.put("b", &[2; 1000]);
        age("b", 200);
        // Being asked for makes it young again.
        assert!(shelf.get("a").is_some());
        let left = place.path().join("cache/.new-1");
        fs::write(&left, "half").unwrap();
        fs::File::options()
            .append(true)
            .open(&left)
            .unwrap()
            .set_modified(SystemTime::now() - Duration::from_secs(9000))
            .unwrap();
        shelf.put("c", &[3; 1000]);
        assert!(shelf.get("b").is_none() && shelf.get("a").is_some() && shelf.get("c").is_some());
        assert!(!left.exists());
    }

    #[test]
    fn where_nothing_can_be_kept_nothing_is() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("cache"), "a file").unwrap();
        let shelf = shelf(place.path());
        shelf.put("a", b"one");
        assert_eq!(shelf.get("a"), None);
    }

    #[test]
    fn many_at_once_find_the_whole_or_nothing() {
        let place = tempfile::tempdir().unwrap();
        let shelf = shelf(place.path());
        std::thread::scope(|scope| {
            for byte in 0..4u8 {
                let shelf = &shelf;
                scope.spawn(move || {
                    for _ in 0..50 {
                        shelf.put("a", &vec![byte; 5000]);
                        let got = shelf.get("a").unwrap_or_default();
                        assert!(
                            got.is_empty() || got.len() == 5000 && got.iter().all(|b| *b == got[0])
                        );
                    }
                });
            }
        });
    }
}
