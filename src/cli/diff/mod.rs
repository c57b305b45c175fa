//! `kpi diff`

mod json;
mod markdown;
mod text;
mod wording;

use std::path::Path;

use super::args::{DiffArgs, DiffFormat};
use super::output::Terminal;
use super::{FAILED, FINE, USAGE};
use crate::diagnostic::Diagnostics;
use crate::driver::{self, Difference};
use crate::host::disk::DiskHost;
use crate::host::git::Git;
use crate::host::revision::RevisionHost;
use crate::host::{Host, HostError};
use crate::source::Sources;

pub(super) use json::{Edited, property};
pub(super) use wording::{reason, sentence};

/// What two states are called.
struct Range {
    old: String,
    new: String,
    /// From where the two parted.
    from_fork: bool,
}

/// What is shown as the name of the files as they lie there.
const FILES: &str = "the files as they are";

impl Range {
    /// `main..HEAD`, `main...HEAD`, `main..`, `main`.
    fn parse(text: &str) -> Self {
        let or_head =
            |name: &str| if name.is_empty() { "HEAD".to_owned() } else { name.to_owned() };
        let (from_fork, halves) = match text.split_once("...") {
            Some(halves) => (true, Some(halves)),
            None => (false, text.split_once("..")),
        };
        let (old, new) = halves.unwrap_or((text, ""));
        Self { old: or_head(old), new: new.to_owned(), from_fork }
    }
}

/// Prints what changed.
pub(super) fn run(args: &DiffArgs, terminal: &mut Terminal) -> u8 {
    let (path, range) = match args.words.as_slice() {
        [] => (".", Range::parse("HEAD")),
        // A folder is rather meant than a revision of its name, and a range is neither.
        [word] if !word.contains("..") && Path::new(word).exists() => {
            (word.as_str(), Range::parse("HEAD"))
        }
        [word] => (".", Range::parse(word)),
        [path, range, ..] => (path.as_str(), Range::parse(range)),
    };
    let (host, path) = match super::open(path, args.cache) {
        Ok(found) => found,
        Err(error) => return terminal.fail(&error),
    };
    let Some(git) = Git::at(host.root()) else {
        terminal.say(
            "error: this is not in a git repository, and two states of it are what `kpi diff` \
             compares\n",
        );
        return USAGE;
    };
    match compare(args, (&host, &path), &git, range, terminal) {
        Ok(code) => code,
        Err(error) => terminal.fail(&error),
    }
}

fn compare(
    args: &DiffArgs,
    (host, path): (&DiskHost, &str),
    git: &Git,
    range: Range,
    terminal: &mut Terminal,
) -> Result<u8, HostError> {
    let mut old = git.commit(&range.old)?;
    let new = (!range.new.is_empty()).then(|| git.commit(&range.new)).transpose()?;
    if range.from_fork {
        let other = match &new {
            Some(new) => new.clone(),
            None => git.commit("HEAD")?,
        };
        old = git.merge_base(&old, &other)?;
    }
    let before = RevisionHost::new(host, git.specs(&old)?);
    let then = new.as_deref().map(|new| git.specs(new)).transpose()?;
    let now = then.map(|specs| RevisionHost::new(host, specs));
    let now: &dyn Host = now.as_ref().map_or(host, |now| now);
    let settings = super::eval::as_of;
    // The calendar is that of the new state, else of the old one.
    let calendar_of = |host: &dyn Host| driver::load(host, path).map(|p| p.model.settings);
    let mut as_of = None;
    if let Some(asked) = args.as_of.as_deref() {
        let found = calendar_of(now).or_else(|_| calendar_of(&before))?;
        as_of = match settings(Some(asked), found.calendar, found.timezone.day(host.now())) {
            Ok(day) => day,
            Err(message) => {
                terminal.say(&format!("error: {message}\n"));
                return Ok(USAGE);
            }
        };
    }
    let mut out = Diagnostics::default();
    let valued = (!args.no_values, as_of);
    let found = driver::difference((&before, now), path, valued, &mut out)?;
    if found.old.is_none() && found.new.is_none() {
        let shown = if path.is_empty() { "this folder" } else { path };
        terminal.say(&format!("error: no `.kpi` file in {shown}, neither before nor after\n"));
        return Ok(FAILED);
    }
    let new_name = if range.new.is_empty() { FILES.to_owned() } else { range.new };
    let compared = Compared {
        old: State { name: range.old, commit: Some(old) },
        new: State { name: new_name, commit: new },
        from_fork: range.from_fork,
        found,
    };
    let text = match args.format {
        DiffFormat::Text => text::write(&compared),
        DiffFormat::Markdown => markdown::write(&compared),
        DiffFormat::Json => json::write(&compared),
    };
    let none = Sources::default();
    let sources = compared.found.new.as_ref().map_or(&none, |project| &project.sources);
    terminal.diagnose(&out, sources);
    let printed = terminal.print(&text);
    Ok(if out.has_errors() || printed != FINE { FAILED } else { FINE })
}

/// A state of the repository.
struct State {
    /// As it was asked for.
    name: String,
    /// The commit's id; none of files that are not committed.
    commit: Option<String>,
}

impl State {
    /// `main (1a2b3c4)`; a commit that was asked for by its id once.
    fn shown(&self) -> String {
        match &self.commit {
            Some(id) if !id.starts_with(&self.name) => {
                format!("{} ({})", self.name, id.get(..7).unwrap_or(id))
            }
            _ => self.name.clone(),
        }
    }
}

/// Two states and what differs.
struct Compared {
    old: State,
    new: State,
    from_fork: bool,
    found: Difference,
}

#[cfg(test)]
mod tests {
    use super::Range;

    #[test]
    fn ranges_are_those_of_git() {
        let of = |text| {
            let range = Range::parse(text);
            (range.old, range.new, range.from_fork)
        };
        let is = |old: &str, new: &str, fork| (old.to_owned(), new.to_owned(), fork);
        assert_eq!(of("main..HEAD"), is("main", "HEAD", false));
        assert_eq!(of("main...topic"), is("main", "topic", true));
        assert_eq!(of("main.."), is("main", "", false));
        assert_eq!(of("v1.2"), is("v1.2", "", false));
        assert_eq!(of("..topic"), is("HEAD", "topic", false));
    }
}
