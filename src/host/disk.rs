//! The real file system, jailed under one root.
//!
//! The root is the repository that the project lies in (the nearest ancestor with `.git`), or the
//! project's own folder. Symbolic links are followed only where they stay under it.
#![expect(clippy::disallowed_methods, reason = "this is the one place that touches the disk")]

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::{
    Entry, EntryKind, Failure, Host, HostError, OutputFile, ReadAt, Scratch, Setting, Shelf, Stamp,
    Walk, failed, normalise,
};

mod create;
mod folder;
mod mounts;

pub use create::{append, create, inside};
pub use folder::ShelfFolder;
pub use mounts::silent;

/// Files under a root on the disk.
#[derive(Debug)]
pub struct DiskHost {
    root: PathBuf,
    shelf: Option<ShelfFolder>,
}

impl DiskHost {
    /// The host of the repository that holds `path`, and `path` as that host names it.
    pub fn around(path: &Path) -> Result<(Self, String), HostError> {
        let shown = path.to_string_lossy().replace('\\', "/");
        let real = fs::canonicalize(path).map_err(|e| failed(&shown, &e))?;
        let folder = if real.is_dir() { real.as_path() } else { real.parent().unwrap_or(&real) };
        let root = folder.ancestors().find(|a| a.join(".git").exists()).unwrap_or(folder);
        let inner = real.strip_prefix(root).unwrap_or(Path::new(""));
        let inner: Vec<_> = inner.iter().map(|p| p.to_string_lossy().into_owned()).collect();
        Ok((Self { root: root.to_owned(), shelf: None }, inner.join("/")))
    }

    /// The same, keeping what it would work out again in a folder of the user's: the one that
    /// `$KPI_CACHE` names, else `kpi` where the system keeps caches. Without a home nothing is kept.
    #[must_use]
    pub fn keeping(self) -> Self {
        let shelf = ShelfFolder::of_user(&self.root);
        Self { shelf, ..self }
    }

    /// The folder that everything lies under, as the system names it.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The real path of something under the root.
    pub fn locate(&self, path: &str) -> Result<PathBuf, HostError> {
        let outside = || HostError {
            path: path.to_owned(),
            kind: Failure::Outside,
            message: "the path leads out of the repository".to_owned(),
        };
        let clean = normalise(path).ok_or_else(outside)?;
        let real = fs::canonicalize(self.root.join(clean)).map_err(|e| failed(path, &e))?;
        if real.starts_with(&self.root) { Ok(real) } else { Err(outside()) }
    }

    fn file(&self, path: &str) -> Result<(PathBuf, fs::Metadata), HostError> {
        let real = self.locate(path)?;
        let facts = fs::metadata(&real).map_err(|e| failed(path, &e))?;
        if facts.is_file() {
            return Ok((real, facts));
        }
        let message = if facts.is_dir() { "is a folder" } else { "is not a regular file" };
        Err(HostError {
            path: path.to_owned(),
            kind: Failure::NotAFile,
            message: message.to_owned(),
        })
    }
}

impl Host for DiskHost {
    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, HostError> {
        let (real, _) = self.file(path)?;
        Ok(Box::new(fs::File::open(real).map_err(|e| failed(path, &e))?))
    }

    fn open_at(&self, path: &str) -> Result<Box<dyn ReadAt>, HostError> {
        let (real, _) = self.file(path)?;
        Ok(Box::new(fs::File::open(real).map_err(|e| failed(path, &e))?))
    }

    fn scratch(&self) -> Result<Box<dyn Scratch>, HostError> {
        Ok(Box::new(tempfile::tempfile().map_err(|e| failed("the folder of temporary files", &e))?))
    }

    fn connections(&self) -> Result<Setting, HostError> {
        let Some(path) = connections_file() else {
            return Ok(Setting { path: "$KPI_CONNECTIONS".to_owned(), text: None });
        };
        let shown = path.to_string_lossy().into_owned();
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Setting { path: shown, text: Some(text) }),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                Ok(Setting { path: shown, text: None })
            }
            Err(e) => Err(failed(&shown, &e)),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        folder::stamp(&self.file(path).ok()?.1)
    }

    fn shelf(&self) -> Option<&dyn Shelf> {
        self.shelf.as_ref().map(|shelf| shelf as &dyn Shelf)
    }

    fn size(&self, path: &str) -> Result<u64, HostError> {
        Ok(self.file(path)?.1.len())
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, HostError> {
        let real = self.locate(folder)?;
        let mut entries = Vec::new();
        for entry in fs::read_dir(&real).map_err(|e| failed(folder, &e))? {
            let entry = entry.map_err(|e| failed(folder, &e))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            // Through links, too: `locate` has the last word on opening. A link that leads nowhere
            // counts as a file, so that reading it fails instead of leaving it out in silence.
            let target = fs::canonicalize(entry.path());
            let is_folder = target.as_ref().is_ok_and(|t| t.is_dir());
            // A link to a folder above this one leads to files that are listed there already.
            if is_folder && target.is_ok_and(|t| real.starts_with(t)) {
                continue;
            }
            let kind = if is_folder { EntryKind::Folder } else { EntryKind::File };
            entries.push(Entry { name, kind });
        }
        entries.sort();
        Ok(entries)
    }

    fn walk(&self, folder: &str) -> Result<Walk, HostError> {
        let real = self.locate(folder)?;
        let mut found = Walk::default();
        let walk = ignore::WalkBuilder::new(&real)
            .parents(true)
            .git_global(false)
            .follow_links(false)
            .require_git(false)
            .build();
        for entry in walk {
            let entry = entry.map_err(|e| HostError {
                path: folder.to_owned(),
                kind: Failure::Other,
                message: e.to_string(),
            })?;
            let path = entry.path();
            let is_spec = path.extension().is_some_and(|e| e == "kpi");
            // A linked spec belongs to the project; where it leads out, reading it says so.
            let is_file = entry
                .file_type()
                .is_some_and(|t| t.is_file() || (t.is_symlink() && !path.is_dir()));
            let inner = || {
                let inner = path.strip_prefix(&self.root).unwrap_or(path);
                inner.iter().map(|p| p.to_string_lossy()).collect::<Vec<_>>().join("/")
            };
            if is_spec && is_file {
                found.specs.push(inner());
            } else if entry.file_type().is_some_and(|t| t.is_dir()) {
                found.folders.push(inner());
            }
        }
        found.specs.sort();
        Ok(found)
    }

    fn is_file(&self, path: &str) -> bool {
        self.file(path).is_ok()
    }

    fn now(&self) -> i64 {
        let now = std::time::SystemTime::now();
        let seconds = now.duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs());
        i64::try_from(seconds).unwrap_or(i64::MAX)
    }

    /// Everything is written beside the folder first and only then renamed into it, file by file;
    /// where a rename fails, those before it are undone.
    fn publish(&self, folder: &str, files: &[OutputFile]) -> Result<(), HostError> {
        publish(&PathBuf::from(folder), files)
            .map_err(|(path, error)| failed(&path.to_string_lossy(), &error))
    }

    /// The new file lies beside the old one first. Of a link, what it leads to is replaced.
    fn replace(&self, path: &str, bytes: &[u8]) -> Result<(), HostError> {
        let (real, facts) = self.file(path)?;
        create::replace(&real, facts.permissions(), bytes).map_err(|e| failed(path, &e))
    }
}

/// Has the user's browser show an address.
///
/// # Errors
/// Where no program for it can be started.
pub fn browse(address: &str) -> std::io::Result<()> {
    let (program, before): (&str, &[&str]) = if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    let quiet = std::process::Stdio::null;
    let mut command = std::process::Command::new(program);
    command.args(before).arg(address).stdin(quiet()).stdout(quiet()).stderr(quiet());
    command.spawn().map(|_| ())
}

/// A path that a variable of the environment holds.
fn named(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from)
}

/// Where the user says how databases are reached; none where the system tells no home.
fn connections_file() -> Option<PathBuf> {
    let settings = || {
        named("XDG_CONFIG_HOME")
            .or_else(|| named("APPDATA"))
            .or_else(|| Some(named("HOME")?.join(".config")))
    };
    named("KPI_CONNECTIONS").or_else(|| Some(settings()?.join("kpi").join("connections.toml")))
}

/// How many files are written at a time.
const WRITERS: usize = 8;

type Placed<T> = Result<T, (PathBuf, std::io::Error)>;

trait At<T> {
    fn at(self, path: &Path) -> Placed<T>;
}

impl<T> At<T> for std::io::Result<T> {
    fn at(self, path: &Path) -> Placed<T> {
        self.map_err(|e| (path.to_owned(), e))
    }
}

fn publish(folder: &Path, files: &[OutputFile]) -> Placed<()> {
    // Said before anything is written; the system would only say that something exists.
    if let Some(file) = folder.ancestors().find(|p| p.exists() && !p.is_dir()) {
        let told = std::io::Error::other("is no folder, and reports go into one");
        return Err((file.to_owned(), told));
    }
    let parent = match folder.parent() {
        Some(p) if !p.as_os_str().is_empty() => p.to_owned(),
        _ => PathBuf::from("."),
    };
    fs::create_dir_all(&parent).at(&parent)?;
    let _turn = turn(&parent);
    sweep(&parent);
    let stage = tempfile::Builder::new().prefix(".kpi-").tempdir_in(&parent).at(&parent)?;
    let (fresh, old) = (stage.path().join("new"), stage.path().join("old"));
    // What stands there already is not written again: most of a page saved once more.
    let same = |file: &&OutputFile| {
        fs::symlink_metadata(folder.join(&file.path)).is_ok_and(|facts| facts.is_file())
            && fs::read(folder.join(&file.path)).is_ok_and(|bytes| bytes == file.bytes)
    };
    let (_, files): (Vec<_>, Vec<&OutputFile>) = files.iter().partition(same);
    if files.is_empty() {
        return Ok(());
    }
    write_all(&fresh, &files)?;
    let existed = folder.exists();
    let mut moved: Vec<(PathBuf, Option<PathBuf>)> = Vec::new();
    let result = files.iter().try_for_each(|file| {
        swap(&fresh.join(&file.path), &folder.join(&file.path), &old.join(&file.path), &mut moved)
    });
    if result.is_err() {
        // Undone in reverse order; what cannot be undone is told by the first error.
        for (target, kept) in moved.iter().rev() {
            let _ = match kept {
                Some(kept) => fs::rename(kept, target),
                None => fs::remove_file(target),
            };
        }
        if !existed {
            let _ = fs::remove_dir_all(folder);
        }
    }
    result
}

/// No build waits longer for another one to put its files in place.
const TURN: std::time::Duration = std::time::Duration::from_secs(10);

/// Builds that write to one place do so one after the other, so that no folder holds some pages of
/// one and some of another. It ends with what is returned; where the system locks no folders, each
/// page is still whole.
fn turn(parent: &Path) -> Option<fs::File> {
    let folder = fs::File::open(parent).ok()?;
    let begun = std::time::Instant::now();
    loop {
        match folder.try_lock() {
            Ok(()) => return Some(folder),
            Err(fs::TryLockError::WouldBlock) if begun.elapsed() < TURN => {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            Err(_) => return None,
        }
    }
}

/// So old is what a build left that was killed: no build takes that long to rename its files.
const LEFT: std::time::Duration = std::time::Duration::from_secs(3600);

/// Removes what builds left that were killed. Whatever cannot be removed stays.
fn sweep(parent: &Path) {
    let is_left = |path: &Path| {
        let age = fs::metadata(path).and_then(|facts| facts.modified()).ok()?.elapsed().ok()?;
        let mut inside = fs::read_dir(path).ok()?.flatten();
        Some(
            age > LEFT
                && inside.all(|entry| ["new", "old"].iter().any(|n| entry.file_name() == *n)),
        )
    };
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let path = entry.path();
        if name.to_string_lossy().starts_with(".kpi-") && is_left(&path) == Some(true) {
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// Writes the staged files, several at a time: most of it is waiting for the disk to confirm.
fn write_all(folder: &Path, files: &[&OutputFile]) -> Placed<()> {
    let share = files.len().div_ceil(WRITERS).max(1);
    std::thread::scope(|scope| {
        let write = |files: &[&OutputFile]| {
            files.iter().try_for_each(|file| write(&folder.join(&file.path), &file.bytes))
        };
        let writers: Vec<_> =
            files.chunks(share).map(|part| scope.spawn(move || write(part))).collect();
        let done = writers.into_iter().map(|writer| match writer.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done.collect::<Vec<_>>().into_iter().collect()
    })
}

fn write(path: &Path, bytes: &[u8]) -> Placed<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).at(parent)?;
    }
    let mut file = fs::File::create(path).at(path)?;
    file.write_all(bytes).at(path)?;
    file.sync_all().at(path)
}

fn swap(
    fresh: &Path,
    target: &Path,
    kept: &Path,
    moved: &mut Vec<(PathBuf, Option<PathBuf>)>,
) -> Placed<()> {
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent).at(parent)?;
    }
    if let Some(parent) = kept.parent() {
        fs::create_dir_all(parent).at(parent)?;
    }
    // A hard link keeps the old file without a moment in which the report is not there.
    let before = match fs::hard_link(target, kept) {
        Ok(()) => Some(kept.to_owned()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
        Err(_) => {
            fs::copy(target, kept).at(target)?;
            Some(kept.to_owned())
        }
    };
    fs::rename(fresh, target).at(target)?;
    moved.push((target.to_owned(), before));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> OutputFile {
        OutputFile { path: path.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn publishes_all_or_nothing() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        publish(&out, &[file("a.html", "one"), file("charts/b.svg", "two")]).unwrap();
        assert_eq!(fs::read_to_string(out.join("charts/b.svg")).unwrap(), "two");
        // `charts` is a folder, so the second file cannot take its name: the first must stay old.
        let failed = publish(&out, &[file("a.html", "new"), file("charts", "x")]);
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(out.join("a.html")).unwrap(), "one");
        let left: Vec<_> = fs::read_dir(place.path()).unwrap().flatten().collect();
        assert_eq!(left.len(), 1, "a staging folder stayed behind: {left:?}");
    }

    #[test]
    fn what_is_there_already_is_not_written_again() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        let old = std::time::SystemTime::now() - LEFT;
        publish(&out, &[file("a.html", "one"), file("b.html", "two")]).unwrap();
        for name in ["a.html", "b.html"] {
            fs::File::options()
                .append(true)
                .open(out.join(name))
                .unwrap()
                .set_modified(old)
                .unwrap();
        }
        let written = |name: &str| fs::metadata(out.join(name)).unwrap().modified().unwrap() != old;
        publish(&out, &[file("a.html", "one"), file("b.html", "new")]).unwrap();
        assert_eq!([written("a.html"), written("b.html")], [false, true]);
    }

    #[test]
    fn what_a_killed_build_left_goes_with_the_next_one() {
        let place = tempfile::tempdir().unwrap();
        let old = std::time::SystemTime::now() - 2 * LEFT;
        for (name, inside) in
            [(".kpi-abc123", "new"), (".kpi-young1", "new"), (".kpi-mine", "a.csv")]
        {
            fs::create_dir_all(place.path().join(name).join(inside)).unwrap();
            if name != ".kpi-young1" {
                fs::File::open(place.path().join(name)).unwrap().set_modified(old).unwrap();
            }
        }
        publish(&place.path().join("out"), &[file("a.html", "one")]).unwrap();
        let mut left: Vec<_> =
            fs::read_dir(place.path()).unwrap().flatten().map(|e| e.file_name()).collect();
        left.sort();
        assert_eq!(left, [".kpi-mine", ".kpi-young1", "out"]);
    }

    #[test]
    fn a_link_out_of_the_root_is_refused() {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join("project")).unwrap();
        fs::write(place.path().join("secret.csv"), "x").unwrap();
        let root = place.path().join("project");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(place.path().join("secret.csv"), root.join("a.csv"))
                .unwrap();
            let (host, inner) = DiskHost::around(&root).unwrap();
            assert_eq!(inner, "");
            assert_eq!(host.read("a.csv").unwrap_err().kind, Failure::Outside);
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_never_left_out_in_silence() {
        use std::os::unix::fs::symlink;
        let place = tempfile::tempdir().unwrap();
        let root = place.path();
        fs::create_dir_all(root.join("data/real")).unwrap();
        fs::write(root.join("data/real/a.csv"), "x").unwrap();
        symlink(root.join("data/real"), root.join("data/linked")).unwrap();
        symlink(root.join("nowhere"), root.join("data/gone.csv")).unwrap();
        let (host, _) = DiskHost::around(root).unwrap();
        let found = host.glob("data/**/*.csv").unwrap();
        assert_eq!(found, ["data/gone.csv", "data/linked/a.csv", "data/real/a.csv"]);
        assert_eq!(host.read("data/gone.csv").unwrap_err().kind, Failure::NotFound);
        symlink(root.join("data"), root.join("data/real/round")).unwrap();
        assert_eq!(host.glob("data/real/*.csv").unwrap(), ["data/real/a.csv"]);
        symlink("elsewhere.kpi", root.join("linked.kpi")).unwrap();
        assert_eq!(host.specs("").unwrap(), ["linked.kpi"]);
    }

    #[test]
    fn specs_leave_out_hidden_and_ignored_files() {
        let place = tempfile::tempdir().unwrap();
        for path in ["b.kpi", "sub/a.kpi", ".hidden/c.kpi", "skipped/d.kpi", "x.csv"] {
            let path = place.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        fs::write(place.path().join(".gitignore"), "skipped/\n").unwrap();
        let (host, inner) = DiskHost::around(place.path()).unwrap();
        assert_eq!(host.specs(&inner).unwrap(), ["b.kpi", "sub/a.kpi"]);
    }
}
