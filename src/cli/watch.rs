//! `kpi watch`

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::args::BuildArgs;
use super::build::{folder, once};
use super::output::Terminal;
use super::{FAILED, FINE};
use crate::host::disk::{self, DiskHost};
use crate::host::record::{RecordingHost, Seen};
use crate::host::{HeldShelf, Host, Shelf, Stamp, join};
use crate::watch::{Dependencies, Task, Watch};

/// Builds now and at each change, until it is interrupted. A mistake is told, and the last good
/// reports stay.
pub(super) fn run(args: &BuildArgs, poll: bool, terminal: &mut Terminal) -> u8 {
    let (host, path) = match super::open(&args.path, args.cache) {
        Ok(found) => found,
        Err(error) => return terminal.fail(&error),
    };
    let output = std::path::absolute(folder(args)).unwrap_or_else(|_| PathBuf::from(folder(args)));
    let watch = Watch::default();
    let stopper = watch.stopper();
    // Where there is no way to hear of it, the program ends as any other does.
    let _ = ctrlc::set_handler(move || stopper.stop());
    let silent = silent(&host, poll, terminal);
    let held = host.shelf().map(HeldShelf::new);
    let mut task = Build { args, host: &host, path: &path, output, held: held.as_ref(), terminal };
    let ended = watch.run(silent, &mut task);
    end(ended, terminal)
}

/// Whether changes are to be looked for, since the system tells of none; that is said.
pub(super) fn silent(host: &DiskHost, poll: bool, terminal: &mut Terminal) -> bool {
    let kind = if poll { None } else { disk::silent(host.root()) };
    if let Some(kind) = &kind {
        terminal.say(&format!(
            "looking for changes every half second: {kind} tells of none that others make\n"
        ));
    }
    poll || kind.is_some()
}

/// What is said where the system can watch no more folders.
pub(super) const BLIND: &str = "looking for changes every half second: the system watches as many \
folders as it may for one user (`sysctl fs.inotify.max_user_watches` says how many)\n";

/// The exit code of a watch that has ended.
pub(super) fn end(ended: notify::Result<()>, terminal: &mut Terminal) -> u8 {
    match ended {
        Ok(()) => FINE,
        Err(error) => {
            terminal.say(&format!("error: cannot watch: {error}\n"));
            FAILED
        }
    }
}

/// Builds to the disk.
struct Build<'b, 't> {
    args: &'b BuildArgs,
    host: &'b DiskHost,
    path: &'b str,
    output: PathBuf,
    held: Option<&'b HeldShelf<'b>>,
    terminal: &'t mut Terminal,
}

impl Task for Build<'_, '_> {
    type State = Vec<(String, Option<Stamp>)>;

    fn run(&mut self) -> Dependencies {
        let shelf = self.held.map(|held| held as &dyn Shelf);
        let recording = RecordingHost::new(self.host).with_shelf(shelf);
        once(self.args, &recording, self.path, self.terminal);
        depends(self.host, &recording.seen(), self.output.clone())
    }

    fn look(&self, depends: &Dependencies) -> Self::State {
        state(self.host, depends)
    }

    fn blind(&mut self) {
        self.terminal.say(BLIND);
    }
}

/// What a build depends on, as the system names it.
pub(super) fn depends(host: &DiskHost, seen: &Seen, output: PathBuf) -> Dependencies {
    let named = |all: &BTreeSet<String>| all.iter().map(|path| host.root().join(path)).collect();
    Dependencies {
        folders: named(&seen.places()),
        listed: named(&seen.folders),
        ending: "kpi",
        files: named(&seen.files),
        output,
    }
}

/// The files of the folders that matter, each with what tells whether it is still the same.
pub(super) fn state(host: &DiskHost, depends: &Dependencies) -> Vec<(String, Option<Stamp>)> {
    let mut all = Vec::new();
    for folder in depends.folders.iter().filter(|folder| !folder.starts_with(&depends.output)) {
        let Ok(inner) = folder.strip_prefix(host.root()) else { continue };
        let inner = inner.to_string_lossy().replace('\\', "/");
        for entry in host.list(&inner).unwrap_or_default() {
            let path = join(&inner, &entry.name);
            if depends.hold(&host.root().join(&path)) {
                let stamp = host.stamp(&path);
                all.push((path, stamp));
            }
        }
    }
    all
}
