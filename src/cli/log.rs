//! `kpi log`

use std::fmt::Write as _;

use std::path::Path;

use serde::Serialize;

use super::args::{DiffFormat, LogArgs};
use super::diff::{Edited, property, reason, sentence};
use super::output::Terminal;
use super::{FINE, USAGE};
use crate::changes::{Change, What};
use crate::diagnostic::nearest;
use crate::diagnostic::render::visible;
use crate::driver::{self, History, Step};
use crate::host::disk::DiskHost;
use crate::host::git::Git;
use crate::render::escape_markdown;

/// Prints the history of a definition.
pub(super) fn run(args: &LogArgs, terminal: &mut Terminal) -> u8 {
    let (path, name) = match args.words.as_slice() {
        [name] => (".", name),
        [path, name, ..] => (path.as_str(), name),
        [] => return USAGE,
    };
    let (host, path) = match DiskHost::around(Path::new(path)) {
        Ok(found) => found,
        Err(error) => return terminal.fail(&error),
    };
    let Some(git) = Git::at(host.root()) else {
        terminal.say(
            "error: this is not in a git repository, and its history is what `kpi log` tells\n",
        );
        return USAGE;
    };
    let found = driver::history(&host, &git, &path, name)
        .and_then(|found| git.is_shallow().map(|shallow| (found, shallow)));
    let (found, shallow) = match found {
        Ok(found) => found,
        Err(error) => return terminal.fail(&error),
    };
    if found.steps.is_empty() && found.now.is_none() {
        let near = nearest(name, found.known.iter().map(String::as_str));
        let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        terminal.say(&format!("error: no definition is or was called `{name}`{near}\n"));
        return USAGE;
    }
    let printed = match args.format {
        DiffFormat::Text => terminal.print(&text(&found)),
        DiffFormat::Markdown => terminal.print(&markdown(&found)),
        DiffFormat::Json => terminal.print(&json(&found)),
    };
    if shallow {
        terminal.say("the clone is a shallow one: what was before its first commit is not known\n");
    }
    if found.steps.is_empty() {
        terminal.say("it is not in any commit yet\n");
    }
    if printed == FINE { FINE } else { printed }
}

/// "kpi rate, added", "review rate on 2026-06-30, added"; nothing where the definition itself has
/// changed.
fn what(change: &Change) -> Option<String> {
    match (change.what, &change.was) {
        (What::Renamed, Some(was)) => Some(format!("renamed: {was} → {}", change.name)),
        (What::Changed, _) if is_itself(change) => None,
        (what, _) if is_itself(change) => Some(what.word().to_owned()),
        (what, _) => Some(format!("{} {} {}", change.kind, change.name, what.word())),
    }
}

fn is_itself(change: &Change) -> bool {
    !matches!(change.key.space, "review" | "note")
}

/// What a step changed, line by line; what is below a line is further in.
fn lines(step: &Step) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    for change in &step.changes {
        let what = what(change);
        let deeper = usize::from(what.is_some() && !is_itself(change));
        lines.extend(what.map(|what| (0, what)));
        for edit in &change.edits {
            // What is gone needs no listing, it stands in the steps before.
            if change.what == What::Removed {
                continue;
            }
            let plain = change.what == What::Added;
            let told = match (&edit.new, plain) {
                (Some(new), true) => format!("{}: {new}", edit.property),
                _ => sentence(edit),
            };
            lines.push((deeper, told));
            lines.extend(reason(edit).map(|reason| (deeper + 1, reason)));
        }
    }
    lines
}

fn text(found: &History) -> String {
    let mut out = String::new();
    if let Some(now) = &found.now {
        let title = now.title.as_ref().map(|t| format!(" \"{t}\"")).unwrap_or_default();
        let _ = writeln!(out, "{} {}{title} ({})", now.kind, now.name, now.place);
    }
    for step in &found.steps {
        let commit = &step.commit;
        let id = commit.id.get(..7).unwrap_or(&commit.id);
        let _ = write!(out, "\n{} {} {}: {}\n", commit.day, id, commit.author, commit.subject);
        for (depth, line) in lines(step) {
            let _ = writeln!(out, "  {}{line}", "  ".repeat(depth));
        }
    }
    // What stands in a repository reaches the terminal as no command.
    out.lines().map(|line| visible(line) + "\n").collect()
}

fn markdown(found: &History) -> String {
    let mut out = String::new();
    if let Some(now) = &found.now {
        let title = now.title.as_deref().unwrap_or(&now.name);
        let _ = write!(
            out,
            "### {} (`{}`)\n\n{}\n",
            escape_markdown(title),
            now.name,
            escape_markdown(&now.place)
        );
    }
    for step in &found.steps {
        let commit = &step.commit;
        let id = commit.id.get(..7).unwrap_or(&commit.id);
        let (author, subject) = (escape_markdown(&commit.author), escape_markdown(&commit.subject));
        let _ = write!(out, "\n**{}**, {author}: {subject} ({id})\n\n", commit.day);
        for (depth, line) in lines(step) {
            let _ = writeln!(out, "{}- {}", "  ".repeat(depth), escape_markdown(&line));
        }
    }
    out
}

#[derive(Serialize)]
struct Entry<'h> {
    commit: &'h str,
    day: &'h str,
    author: &'h str,
    subject: &'h str,
    changes: Vec<Changed<'h>>,
}

#[derive(Serialize)]
struct Changed<'h> {
    change: &'static str,
    kind: &'static str,
    name: &'h str,
    was: Option<&'h str>,
    properties: Vec<Edited<'h>>,
}

fn json(found: &History) -> String {
    let entries: Vec<Entry<'_>> = found.steps.iter().map(entry).collect();
    serde_json::to_string_pretty(&entries).unwrap_or_default() + "\n"
}

fn entry(step: &Step) -> Entry<'_> {
    let commit = &step.commit;
    Entry {
        commit: &commit.id,
        day: &commit.day,
        author: &commit.author,
        subject: &commit.subject,
        changes: step.changes.iter().map(changed).collect(),
    }
}

fn changed(change: &Change) -> Changed<'_> {
    Changed {
        change: change.what.word(),
        kind: change.kind,
        name: &change.name,
        was: change.was.as_deref(),
        properties: change.edits.iter().map(property).collect(),
    }
}
