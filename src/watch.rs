//! Runs something again when the files that it read change.
//!
//! Folders are watched, not files: most editors save by renaming a new file over the old one, and
//! a watch on the file itself dies with the first such save.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// So long must it be quiet after a change before it counts as done.
const QUIET: Duration = Duration::from_millis(100);
/// So long after a rest, where every file that changed was closed or put in place whole: one save
/// in an editor.
const SETTLED: Duration = Duration::from_millis(8);
/// No change is held back longer than this.
const PATIENCE: Duration = Duration::from_millis(500);
/// After so long without a change the next one is the first after a rest: three of them in a second.
const RESTED: Duration = Duration::from_millis(350);
/// So often is looked where the system tells of no changes.
const LOOK: Duration = Duration::from_millis(500);

/// What a run depended on.
#[derive(Clone, Debug, Default)]
pub struct Dependencies {
    /// Folders in which a change may matter.
    pub folders: BTreeSet<PathBuf>,
    /// Those of them in which any file matters: all of their names were asked for.
    pub listed: BTreeSet<PathBuf>,
    /// Those in which every file with this ending matters: what has it was looked for.
    pub ending: &'static str,
    /// Files that matter, those that are not there among them.
    pub files: BTreeSet<PathBuf>,
    /// Where the run writes: changes there are its own.
    pub output: PathBuf,
}

impl Dependencies {
    /// Whether a run would see that something about a path is another.
    pub fn hold(&self, path: &Path) -> bool {
        let is_listed = |folder: &Path| self.listed.contains(folder);
        !is_aside(path, &self.output)
            && (self.files.contains(path)
                || path.parent().is_some_and(is_listed)
                || path.extension().is_some_and(|ending| ending == self.ending)
                // A folder that came, went, or has another name.
                || self.folders.iter().any(|folder| folder.starts_with(path))
                || path.is_dir())
    }
}

/// What is to be run again and again.
pub trait Task {
    /// What tells whether anything changed that it depends on.
    type State: PartialEq;

    /// Runs it once.
    fn run(&mut self) -> Dependencies;

    /// Does a part of what can wait, while nothing has changed; false once there is nothing left
    /// to do.
    fn idle(&mut self) -> bool {
        false
    }

    /// The state of what a run depended on, as far as any change shows in it.
    fn look(&self, depends: &Dependencies) -> Self::State;

    /// Is told where the system can watch no more folders, and changes are looked for instead.
    fn blind(&mut self);
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

    /// Runs a task now and after every batch of changes, until it is stopped or watching fails.
    /// With `silent` the system is not relied on to tell of changes: they are looked for.
    ///
    /// # Errors
    /// Where the system cannot watch; the run before it has taken place.
    pub fn run(self, silent: bool, task: &mut impl Task) -> notify::Result<()> {
        if silent {
            self.look(task);
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
            let depends = task.run();
            let fresh = match follow(&mut watcher, &mut watched, &depends) {
                Err(error) if is_limit(&error) => {
                    drop(watcher);
                    task.blind();
                    self.look(task);
                    return Ok(());
                }
                outcome => outcome?,
            };
            if fresh {
                // What changed between the run and the watch was not seen: once more.
                task.run();
            }
            if !wait(&self.messages, &depends, &mut watched, task)? {
                return Ok(());
            }
        }
    }

    /// The same by looking, until it is stopped.
    fn look(&self, task: &mut impl Task) {
        let mut depends = task.run();
        loop {
            // Before the run, so that what changes meanwhile shows after it.
            let known = task.look(&depends);
            depends = task.run();
            let mut now = task.look(&depends);
            while now == known {
                let pause = if task.idle() { Duration::ZERO } else { LOOK };
                if !self.rests(pause) {
                    return;
                }
                now = task.look(&depends);
            }
            // Until it is at rest.
            let first = Instant::now();
            while first.elapsed() < PATIENCE {
                if !self.rests(QUIET) {
                    return;
                }
                let later = task.look(&depends);
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
    for folder in depends.folders.iter().filter(|folder| !folder.starts_with(&depends.output)) {
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
/// stopped. The first change after a rest does not wait long where nothing is being written any
/// more.
fn wait(
    messages: &Receiver<Message>,
    depends: &Dependencies,
    watched: &mut BTreeSet<PathBuf>,
    task: &mut impl Task,
) -> notify::Result<bool> {
    let begun = Instant::now();
    let mut open = Unfinished::default();
    let mut is_idle = true;
    loop {
        let next = match messages.try_recv() {
            Err(TryRecvError::Empty) if is_idle => {
                is_idle = task.idle();
                continue;
            }
            Err(TryRecvError::Empty) => messages.recv().ok(),
            next => next.ok(),
        };
        let Some(Message::Change(change)) = next else { return Ok(false) };
        let change = change?;
        forget(&change, watched);
        open.hear(&change, depends);
        if matters(&change, depends) {
            break;
        }
    }
    let first = Instant::now();
    // What came while the run before went on is no first change after a rest.
    let rested = first - begun > RESTED;
    while first.elapsed() < PATIENCE {
        let quiet = if rested && open.is_empty() { SETTLED } else { QUIET };
        match messages.recv_timeout(quiet) {
            Ok(Message::Change(change)) => {
                let change = change?;
                forget(&change, watched);
                open.hear(&change, depends);
            }
            Err(RecvTimeoutError::Timeout) => break,
            Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return Ok(false),
        }
    }
    Ok(true)
}

/// Files of which a change has begun, and nothing yet says that it is over: somebody still writes,
/// or it went to come back. Where a system never tells of files being closed, all of them stay.
#[derive(Default)]
struct Unfinished(BTreeSet<PathBuf>);

impl Unfinished {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn hear(&mut self, change: &Event, depends: &Dependencies) {
        let mut begin = |path: &PathBuf| {
            if depends.hold(path) {
                self.0.insert(path.clone());
            }
        };
        match (change.kind, change.paths.as_slice()) {
            (EventKind::Access(AccessKind::Close(AccessMode::Write)), paths) => {
                for path in paths {
                    self.0.remove(path);
                }
            }
            (EventKind::Modify(ModifyKind::Name(RenameMode::To)), [to]) => {
                self.0.remove(to);
            }
            (EventKind::Modify(ModifyKind::Name(RenameMode::Both)), [from, to]) => {
                // A copy beside the file had its name before, and is done with.
                if !self.0.remove(from) && depends.hold(from) {
                    self.0.insert(from.clone());
                }
                self.0.remove(to);
            }
            (EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)), _) => {}
            (_, paths) => paths.iter().for_each(&mut begin),
        }
    }
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
fn matters(change: &Event, depends: &Dependencies) -> bool {
    if change.need_rescan() {
        return true;
    }
    !matches!(change.kind, EventKind::Access(_))
        && change.paths.iter().any(|path| depends.hold(path))
}

/// Whether a path is hidden, or below the output.
fn is_aside(path: &Path, output: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    path.starts_with(output) || name.is_some_and(|name| name.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use notify::event::{CreateKind, DataChange, Flag};

    use super::*;

    #[test]
    fn reads_own_writes_and_hidden_files_do_not_matter() {
        let change = |kind, path: &str| Event::new(kind).add_path(path.into());
        let made = EventKind::Create(CreateKind::File);
        let depends = depends();
        assert!(matters(&change(made, "a/shop.kpi"), &depends));
        assert!(matters(&change(made, "a/new.kpi"), &depends));
        assert!(matters(&change(made, "a/web.csv"), &depends));
        assert!(matters(&change(made, "a/data/new.csv"), &depends));
        assert!(matters(
            &change(EventKind::Remove(notify::event::RemoveKind::Any), "a/data"),
            &depends
        ));
        assert!(!matters(&change(made, "a/README.md"), &depends));
        assert!(!matters(&change(made, "a/out/monthly.html"), &depends));
        assert!(!matters(&change(made, "a/.shop.kpi.swp"), &depends));
        assert!(!matters(&change(EventKind::Access(AccessKind::Any), "a/shop.kpi"), &depends));
        assert!(matters(&Event::new(EventKind::Other).set_flag(Flag::Rescan), &depends));
    }

    fn depends() -> Dependencies {
        let set = |all: &[&str]| all.iter().map(PathBuf::from).collect();
        Dependencies {
            folders: set(&["a", "a/data"]),
            listed: set(&["a/data"]),
            ending: "kpi",
            files: set(&["a/shop.kpi", "a/web.csv"]),
            output: PathBuf::from("a/out"),
        }
    }
    #[test]
    fn a_save_is_over_once_every_file_is_closed_or_in_place() {
        let depends =
            Dependencies { files: ["a/x", "a/y"].iter().map(PathBuf::from).collect(), ..depends() };
        let hear = |changes: &[(EventKind, &[&str])]| {
            let mut open = Unfinished::default();
            for (kind, paths) in changes {
                let event = paths.iter().fold(Event::new(*kind), |e, path| e.add_path(path.into()));
                open.hear(&event, &depends);
            }
            open.is_empty()
        };
        let made = EventKind::Create(CreateKind::File);
        let written = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        let closed = EventKind::Access(AccessKind::Close(AccessMode::Write));
        let name = |mode| EventKind::Modify(ModifyKind::Name(mode));
        let gone = EventKind::Remove(notify::event::RemoveKind::File);
        assert!(hear(&[(written, &["a/x"]), (closed, &["a/x"])]));
        assert!(!hear(&[(written, &["a/x"]), (written, &["a/y"]), (closed, &["a/x"])]));
        // Beside it, and renamed over it.
        let both = name(RenameMode::Both);
        assert!(hear(&[
            (made, &["a/n"]),
            (name(RenameMode::From), &["a/n"]),
            (both, &["a/n", "a/x"])
        ]));
        assert!(hear(&[(name(RenameMode::To), &["a/x"])]));
        assert!(hear(&[(both, &["a/.x", "a/x"])]));
        // Away, and nothing in its place yet.
        assert!(!hear(&[(gone, &["a/x"])]));
        assert!(!hear(&[(both, &["a/x", "a/x~"])]));
        assert!(hear(&[(both, &["a/x", "a/x~"]), (made, &["a/x"]), (closed, &["a/x"])]));
        assert!(hear(&[(written, &["a/out/x"]), (written, &["a/.x.swp"])]));
    }
}
