//! Runs something again when the files that it read change.
//!
//! Folders are watched, not files: most editors save by renaming a new file over the old one, and
//! a watch on the file itself dies with the first such save.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::ModifyKind;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// So long must it be quiet after a change before it counts as done.
const QUIET: Duration = Duration::from_millis(100);
/// No change is held back longer than this.
const PATIENCE: Duration = Duration::from_millis(500);
/// So often is looked where the system tells of no changes.
const LOOK: Duration = Duration::from_millis(500);

/// What a run depended on.
#[derive(Clone, Debug, Default)]
pub struct Dependencies {
    /// Folders in which a change matters.
    pub folders: BTreeSet<PathBuf>,
    /// Where the run writes: changes there are its own.
    pub output: PathBuf,
}

/// What wakes a watch.
enum Message {
    Change(notify::Result<Event>),
    Stop,
}

/// A watch that has not begun.
pub struct Watch {
    send: Sender<Message>,
    messages: Receiver<Message>,
}

/// Ends a watch, from another thread.
#[derive(Clone)]
pub struct Stopper(Sender<Message>);

impl Stopper {
    /// The watch ends as soon as the run that is going on has ended.
    pub fn stop(&self) {
        // A watch that has ended already needs no telling.
        let _ = self.0.send(Message::Stop);
    }
}

impl Default for Watch {
    fn default() -> Self {
        let (send, messages) = channel();
        Self { send, messages }
    }
}

impl Watch {
    /// What ends it.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.send.clone())
    }

    /// Calls `run` now and after every batch of changes, until it is stopped or watching fails.
    ///
    /// `look` tells the state of what a run depended on, as far as any change shows in it. With
    /// `silent` the system is not relied on to tell of changes: they are looked for. Where it can
    /// watch no more folders, they are looked for as well, and `told` is called.
    ///
    /// # Errors
    /// Where the system cannot watch; the run before it has taken place.
    pub fn run<S: PartialEq>(
        self,
        silent: bool,
        run: &mut dyn FnMut() -> Dependencies,
        look: &dyn Fn(&Dependencies) -> S,
        told: &mut dyn FnMut(),
    ) -> notify::Result<()> {
        if silent {
            self.look(run, look);
            return Ok(());
        }
        let send = self.send.clone();
        let tell = move |change| {
            // Nobody listens once the watch has ended.
            let _ = send.send(Message::Change(change));
        };
        let mut watcher = notify::recommended_watcher(tell)?;
        let mut watched: BTreeSet<PathBuf> = BTreeSet::new();
        loop {
            let depends = run();
            let fresh = match follow(&mut watcher, &mut watched, &depends) {
                Err(error) if is_limit(&error) => {
                    drop(watcher);
                    told();
                    self.look(run, look);
                    return Ok(());
                }
                outcome => outcome?,
            };
            if fresh {
                // What changed between the run and the watch was not seen: once more.
                run();
            }
            if !wait(&self.messages, &depends, &mut watched)? {
                return Ok(());
            }
        }
    }

    /// The same by looking, until it is stopped.
    fn look<S: PartialEq>(
        &self,
        run: &mut dyn FnMut() -> Dependencies,
        look: &dyn Fn(&Dependencies) -> S,
    ) {
        let mut depends = run();
        loop {
            // Before the run, so that what changes meanwhile shows after it.
            let known = look(&depends);
            depends = run();
            let mut now = look(&depends);
            while now == known {
                if !self.rests(LOOK) {
                    return;
                }
                now = look(&depends);
            }
            // Until it is at rest.
            let first = Instant::now();
            while first.elapsed() < PATIENCE {
                if !self.rests(QUIET) {
                    return;
                }
                let later = look(&depends);
                if later == now {
                    break;
                }
                now = later;
            }
        }
    }

    /// Waits so long; false when it is stopped. What the system tells does not count here.
    fn rests(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        loop {
            match self.messages.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Message::Change(_)) => {}
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
                Err(RecvTimeoutError::Timeout) => return true,
            }
        }
    }
}

/// Whether the system can watch no more folders: it has a limit for each user.
fn is_limit(error: &notify::Error) -> bool {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => true,
        notify::ErrorKind::Io(e) => e.kind() == std::io::ErrorKind::StorageFull,
        _ => false,
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

/// Returns when something that matters has changed and it has been quiet since; false when it is
/// stopped.
fn wait(
    messages: &Receiver<Message>,
    depends: &Dependencies,
    watched: &mut BTreeSet<PathBuf>,
) -> notify::Result<bool> {
    loop {
        let Ok(Message::Change(change)) = messages.recv() else { return Ok(false) };
        let change = change?;
        forget(&change, watched);
        if matters(&change, &depends.output) {
            break;
        }
    }
    let first = Instant::now();
    while first.elapsed() < PATIENCE {
        match messages.recv_timeout(QUIET) {
            Ok(Message::Change(change)) => forget(&change?, watched),
            Err(RecvTimeoutError::Timeout) => break,
            Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return Ok(false),
        }
    }
    Ok(true)
}

/// A folder that went, or has another name, is watched no more: what comes in its place is another
/// folder.
fn forget(change: &Event, watched: &mut BTreeSet<PathBuf>) {
    if matches!(change.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))) {
        for path in &change.paths {
            watched.retain(|folder| !folder.starts_with(path));
        }
    }
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
