//! Single files: in the place of old ones, and where there was none.

use std::fs;
use std::io::{Error, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::host::{Failure, HostError, OutputFile, failed};

/// Writes beside the old file, and renames into its place.
pub(super) fn replace(
    path: &Path,
    permissions: fs::Permissions,
    bytes: &[u8],
) -> Result<(), Error> {
    let fresh = written(path, bytes)?;
    fs::set_permissions(fresh.path(), permissions)?;
    fresh.persist(path).map_err(|e| e.error)?;
    Ok(())
}

fn written(beside: &Path, bytes: &[u8]) -> Result<NamedTempFile, Error> {
    let folder = beside.parent().unwrap_or(Path::new("."));
    let mut fresh = Builder::new().prefix(".kpi-").tempfile_in(folder)?;
    fresh.write_all(bytes)?;
    fresh.as_file().sync_all()?;
    Ok(fresh)
}

/// Puts new files into a folder, which is made where it is not there: all of them, or none. A file
/// that is there is never written over.
///
/// # Errors
/// Where one of the files is there already (`Exists`, and the error names it), or the world fails.
pub fn create(folder: &Path, files: &[OutputFile]) -> Result<(), HostError> {
    let paths: Vec<PathBuf> = files.iter().map(|f| folder.join(&f.path)).collect();
    if let Some(taken) = paths.iter().find(|p| fs::symlink_metadata(p).is_ok()) {
        return Err(exists(taken));
    }
    let mut placed = Placed::default();
    for (file, path) in files.iter().zip(&paths) {
        placed.put(path, &file.bytes).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => exists(path),
            _ => failed(&path.to_string_lossy(), &error),
        })?;
    }
    placed.keep();
    Ok(())
}

/// Adds to the end of a file, which is made where it is not there.
///
/// # Errors
/// Where the world fails.
pub fn append(path: &Path, bytes: &[u8]) -> Result<(), HostError> {
    let file = fs::File::options().append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(bytes)).map_err(|e| failed(&path.to_string_lossy(), &e))
}

/// The path of a file seen from a folder, where it lies inside of it.
pub fn inside(folder: &Path, file: &Path) -> Option<String> {
    let (folder, file) = (fs::canonicalize(folder).ok()?, fs::canonicalize(file).ok()?);
    let parts = file.strip_prefix(folder).ok()?.iter().map(|p| p.to_string_lossy());
    Some(parts.collect::<Vec<_>>().join("/"))
}

fn exists(path: &Path) -> HostError {
    let message = "is there already; nothing was written".to_owned();
    HostError { path: path.to_string_lossy().into_owned(), kind: Failure::Exists, message }
}

/// What was made so far; it goes again with this value unless it is kept.
#[derive(Default)]
struct Placed {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Placed {
    fn put(&mut self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        let parent = path.parent().unwrap_or(Path::new("."));
        let missing = |p: &&Path| !p.as_os_str().is_empty() && !p.exists();
        let missing: Vec<&Path> = parent.ancestors().take_while(missing).collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder)?;
            self.folders.push(folder.to_owned());
        }
        // The mode that the user's other new files have; those of `tempfile` are the owner's alone.
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
        self.files.push(path.to_owned());
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn keep(mut self) {
        self.files.clear();
        self.folders.clear();
    }
}

impl Drop for Placed {
    fn drop(&mut self) {
        // What cannot be taken back is told by the error that led here.
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> OutputFile {
        OutputFile { path: path.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn creates_all_or_nothing_and_never_writes_over() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("new/project");
        create(&folder, &[file("a.kpi", "a"), file("data/b.csv", "b")]).unwrap();
        assert_eq!(fs::read_to_string(folder.join("data/b.csv")).unwrap(), "b");
        let error = create(&folder, &[file("c.kpi", "c"), file("a.kpi", "x")]).unwrap_err();
        assert_eq!(error.kind, Failure::Exists);
        assert!(error.path.ends_with("a.kpi"), "{error}");
        assert_eq!(fs::read_to_string(folder.join("a.kpi")).unwrap(), "a");
        assert!(!folder.join("c.kpi").exists());
        // `a.kpi` is no folder: what was made before that shows goes again.
        let error = create(&folder, &[file("sub/d.kpi", "d"), file("a.kpi/e", "x")]);
        assert!(error.is_err());
        assert!(!folder.join("sub").exists());
    }

    #[cfg(unix)]
    #[test]
    fn replacing_keeps_the_mode() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a.kpi");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, fs::metadata(&path).unwrap().permissions(), b"new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }
}
