//! `kpi watch`

use std::path::PathBuf;

use super::FAILED;
use super::args::BuildArgs;
use super::build::{folder, once};
use super::output::Terminal;
use crate::host::record::RecordingHost;
use crate::watch::{Dependencies, watch};

/// Builds now and at each change. A mistake is told, and the last good reports stay.
pub(super) fn run(args: &BuildArgs, terminal: &mut Terminal) -> u8 {
    let (host, path) = match super::open(&args.path, args.cache) {
        Ok(found) => found,
        Err(error) => return terminal.fail(&error),
    };
    let output = std::path::absolute(folder(args)).unwrap_or_else(|_| PathBuf::from(folder(args)));
    let mut run = || {
        let recording = RecordingHost::new(&host);
        once(args, &recording, &path, terminal);
        let places = recording.seen().places();
        let folders = places.iter().map(|place| host.root().join(place)).collect();
        Dependencies { folders, output: output.clone() }
    };
    let ended = watch(&mut run);
    if let Err(error) = ended {
        terminal.say(&format!("error: cannot watch: {error}\n"));
    }
    FAILED
}
