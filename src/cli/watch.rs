//! `kpi watch`

use std::path::PathBuf;

use super::args::BuildArgs;
use super::build::{folder, once};
use super::output::Terminal;
use super::{FAILED, FINE};
use crate::host::disk::{self, DiskHost};
use crate::host::record::RecordingHost;
use crate::host::{HeldShelf, Host, Shelf, Stamp, join};
use crate::watch::{Dependencies, Watch};

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
    let silent = if poll { None } else { disk::silent(host.root()) };
    if let Some(kind) = &silent {
        terminal.say(&format!(
            "looking for changes every half second: {kind} tells of none that others make\n"
        ));
    }
    // Both print, one after the other.
    let terminal = std::cell::RefCell::new(terminal);
    let held = host.shelf().map(HeldShelf::new);
    let mut run = || {
        let shelf = held.as_ref().map(|held| held as &dyn Shelf);
        let recording = RecordingHost::new(&host).with_shelf(shelf);
        once(args, &recording, &path, &mut terminal.borrow_mut());
        let places = recording.seen().places();
        let folders = places.iter().map(|place| host.root().join(place)).collect();
        Dependencies { folders, output: output.clone() }
    };
    let mut told = || {
        terminal.borrow_mut().say(
            "looking for changes every half second: the system watches as many folders as it may \
             for one user (`sysctl fs.inotify.max_user_watches` says how many)\n",
        );
    };
    let look = |depends: &Dependencies| state(&host, depends);
    match watch.run(poll || silent.is_some(), &mut run, &look, &mut told) {
        Ok(()) => FINE,
        Err(error) => {
            terminal.borrow_mut().say(&format!("error: cannot watch: {error}\n"));
            FAILED
        }
    }
}

/// The files of the folders that matter, each with what tells whether it is still the same.
fn state(host: &DiskHost, depends: &Dependencies) -> Vec<(String, Option<Stamp>)> {
    let mut all = Vec::new();
    for folder in depends.folders.iter().filter(|folder| !folder.starts_with(&depends.output)) {
        let Ok(inner) = folder.strip_prefix(host.root()) else { continue };
        let inner = inner.to_string_lossy().replace('\\', "/");
        for entry in host.list(&inner).unwrap_or_default() {
            let path = join(&inner, &entry.name);
            let stamp = host.stamp(&path);
            all.push((path, stamp));
        }
    }
    all
}
