//! Runs something again when the files that it read change.
//!
//! Folders are watched, not files: most editors save by renaming a new file over the old one, and
//! a watch on the file itself dies with the first such save.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// So long must it be quiet after a change before it counts as done.
const QUIET: Duration = Duration::from_millis(100);
/// No change is held back longer than this.
const PATIENCE: Duration = Duration::from_millis(500);

/// What a run depended on.
#[derive(Clone, Debug, Default)]
pub struct Dependencies {
    /// Folders in which a change matters.
    pub folders: BTreeSet<PathBuf>,
    /// Where the run writes: changes there are its own.
    pub output: PathBuf,
}

/// Calls `run` now and after every batch of changes, until watching fails.
///
/// # Errors
/// Where the system cannot watch; the run before it has taken place.
pub fn watch(run: &mut dyn FnMut() -> Dependencies) -> notify::Result<()> {
    let (send, changes) = channel();
    let mut watcher = notify::recommended_watcher(send)?;
    let mut watched: BTreeSet<PathBuf> = BTreeSet::new();
    loop {
        let depends = run();
        if follow(&mut watcher, &mut watched, &depends)? {
            // What changed between the run and the watch was not seen: once more.
            run();
        }
        wait(&changes, &depends)?;
    }
}

/// Watches the folders that are new, and says whether there were any.
fn follow(
    watcher: &mut RecommendedWatcher,
    watched: &mut BTreeSet<PathBuf>,
    depends: &Dependencies,
) -> notify::Result<bool> {
    let mut fresh = false;
    for folder in &depends.folders {
        // A folder that is not there yet: its nearest ancestor tells when it comes.
        let Some(place) = folder.ancestors().find(|f| f.is_dir()) else { continue };
        if watched.insert(place.to_owned()) {
            watcher.watch(place, RecursiveMode::NonRecursive)?;
            fresh = true;
        }
    }
    Ok(fresh)
}

/// Returns when something that matters has changed and it has been quiet since.
fn wait(changes: &Receiver<notify::Result<Event>>, depends: &Dependencies) -> notify::Result<()> {
    let closed = || notify::Error::generic("the watcher has stopped");
    loop {
        let change = changes.recv().map_err(|_| closed())??;
        if matters(&change, &depends.output) {
            break;
        }
    }
    let first = Instant::now();
    while first.elapsed() < PATIENCE {
        match changes.recv_timeout(QUIET) {
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => return Err(closed()),
        }
    }
    Ok(())
}

/// Reading a file is an event too, and so are our own writes: neither may start a run, or it
/// would never end. An overflow of the system's queue always does.
fn matters(change: &Event, output: &Path) -> bool {
    if change.need_rescan() {
        return true;
    }
    let hidden =
        |path: &Path| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
    !matches!(change.kind, EventKind::Access(_))
        && change.paths.iter().any(|p| !p.starts_with(output) && !hidden(p))
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, CreateKind, Flag};

    use super::*;

    #[test]
    fn reads_own_writes_and_hidden_files_do_not_matter() {
        let change = |kind, path: &str| Event::new(kind).add_path(path.into());
        let made = EventKind::Create(CreateKind::File);
        let output = Path::new("a/out");
        assert!(matters(&change(made, "a/shop.kpi"), output));
        assert!(!matters(&change(made, "a/out/monthly.html"), output));
        assert!(!matters(&change(made, "a/.shop.kpi.swp"), output));
        assert!(!matters(&change(EventKind::Access(AccessKind::Any), "a/shop.kpi"), output));
        assert!(matters(&Event::new(EventKind::Other).set_flag(Flag::Rescan), output));
    }
}
