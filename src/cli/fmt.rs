//! `kpi fmt`

use std::path::Path;

use super::args::FmtArgs;
use super::output::Terminal;
use super::{BUG, FAILED};
use crate::diagnostic::Diagnostics;
use crate::driver::{self, Formatted};
use crate::format::diff;
use crate::host::Host;
use crate::host::disk::DiskHost;
use crate::host::memory::MemoryHost;
use crate::source::Sources;

/// What standard input is called in messages and diffs.
const STDIN: &str = "stdin.kpi";

/// Formats files, one from standard input, or says what would change.
pub(super) fn run(args: &FmtArgs, terminal: &mut Terminal) -> u8 {
    if args.stdin {
        return stdin(args, terminal);
    }
    let path = args.path.as_deref().unwrap_or(".");
    let mut out = Diagnostics::default();
    let formatted = DiskHost::around(Path::new(path))
        .and_then(|(host, path)| Ok((driver::format(&host, &path, &mut out)?, host)));
    let ((sources, files), host) = match formatted {
        Ok(formatted) => formatted,
        Err(error) => return terminal.fail(&error),
    };
    terminal.diagnose(&out, &sources);
    let changes = match changes(&sources, &files, terminal) {
        Ok(changes) => changes,
        Err(code) => return code,
    };
    if args.check {
        let code = print_diffs(&changes, terminal);
        terminal.say(&tally(changes.len(), files.len(), "not formatted"));
        return if out.has_errors() { FAILED } else { code };
    }
    let mut written = String::new();
    let mut failure = None;
    for change in &changes {
        if let Err(error) = host.replace(change.path, change.new.as_bytes()) {
            failure = Some(error);
            break;
        }
        written.extend([change.path, "\n"]);
    }
    let printed = terminal.print(&written);
    if let Some(error) = failure {
        return terminal.fail(&error);
    }
    terminal.say(&tally(changes.len(), files.len(), "formatted"));
    if out.has_errors() { FAILED } else { printed }
}

fn stdin(args: &FmtArgs, terminal: &mut Terminal) -> u8 {
    let text = match terminal.read() {
        Ok(text) => text,
        Err(code) => return code,
    };
    let host = MemoryHost::new([(STDIN, text)]);
    let mut out = Diagnostics::default();
    let (sources, files) = match driver::format(&host, STDIN, &mut out) {
        Ok(formatted) => formatted,
        Err(error) => return terminal.fail(&error),
    };
    terminal.diagnose(&out, &sources);
    let changes = match changes(&sources, &files, terminal) {
        Ok(changes) => changes,
        Err(code) => return code,
    };
    let code = if args.check {
        print_diffs(&changes, terminal)
    } else {
        let old = || files.first().map_or("", |f| sources.get(f.id).text.as_str());
        terminal.print(changes.first().map_or_else(old, |c| c.new))
    };
    if out.has_errors() { FAILED } else { code }
}

/// A file whose text is to be another.
struct Change<'f> {
    path: &'f str,
    old: &'f str,
    new: &'f str,
}

/// The files that change. Where the layout of one would say something else than the file,
/// nothing is done at all.
fn changes<'f>(
    sources: &'f Sources,
    files: &'f [Formatted],
    terminal: &mut Terminal,
) -> Result<Vec<Change<'f>>, u8> {
    let mut changes = Vec::new();
    for file in files {
        let source = sources.get(file.id);
        match &file.text {
            Ok(new) if *new != source.text => {
                changes.push(Change { path: &source.path, old: &source.text, new });
            }
            Ok(_) => {}
            Err(mismatch) => {
                terminal.say(&format!("error: {mismatch}\n"));
                terminal.plead();
                return Err(BUG);
            }
        }
    }
    Ok(changes)
}

fn print_diffs(changes: &[Change<'_>], terminal: &mut Terminal) -> u8 {
    let diffs: String = changes.iter().map(|c| diff(c.path, c.old, c.new)).collect();
    let printed = terminal.print(&diffs);
    if changes.is_empty() { printed } else { FAILED }
}

fn tally(changed: usize, all: usize, what: &str) -> String {
    let files = if all == 1 { "file" } else { "files" };
    format!("{changed} of {all} {files} {what}\n")
}
