//! The history of one definition, from commit to commit.

use std::collections::{BTreeMap, BTreeSet};

use super::{Project, load};
use crate::changes::{self, Change, Definition, What, definitions};
use crate::host::git::{Blobs, Commit, Git, Touched};
use crate::host::{Host, HostError};
use crate::source::{FileId, Sources};
use crate::syntax::fold_name;

/// What a commit did to a definition.
#[derive(Debug)]
pub struct Step {
    /// The commit.
    pub commit: Commit,
    /// What it changed: the definition itself, and reviews and notes of it.
    pub changes: Vec<Change>,
}

/// The history of a definition.
#[derive(Debug, Default)]
pub struct History {
    /// The commits that changed it, the latest first.
    pub steps: Vec<Step>,
    /// The definition as it is in the files that lie there, where it is.
    pub now: Option<Now>,
    /// Names of definitions like the one asked for, where there is no such.
    pub known: Vec<String>,
}

/// A definition as it is.
#[derive(Debug)]
pub struct Now {
    /// The keyword.
    pub kind: &'static str,
    /// Its name as written.
    pub name: String,
    /// Its title.
    pub title: Option<String>,
    /// Where it stands: `kpis.kpi:62`.
    pub place: String,
}

/// Follows a definition of the project at a path back through the repository, through other names
/// and other files. Nothing that a definition needs is followed.
///
/// # Errors
/// Where the world fails.
pub fn history(host: &dyn Host, git: &Git, path: &str, name: &str) -> Result<History, HostError> {
    let project = load(host, path)?;
    let mut found = History { now: now(&project, name), ..History::default() };
    // A repository that has no commit yet has no history either.
    let Ok(head) = git.commit("HEAD") else { return Ok(found) };
    let commits: Vec<Commit> = git
        .log(&head)?
        .into_iter()
        .map(|commit| Commit { files: within(&project, commit.files), ..commit })
        .filter(|commit| !commit.files.is_empty())
        .collect();
    let ids = commits.iter().flat_map(|c| &c.files).flat_map(|f| [&f.before, &f.after]);
    let blobs = git.blobs(ids.flatten().map(String::as_str))?;
    // From the latest to the first: the name that it has, then the one before.
    let mut name = fold_name(name);
    let mut known: BTreeSet<String> =
        super::difference::project_definitions(&project).into_iter().map(|d| d.name).collect();
    for commit in commits {
        let side = |of: &dyn Fn(&Touched) -> Option<&String>| {
            let files = commit.files.iter().filter_map(|file| Some((&file.path, of(file)?)));
            let texts: BTreeMap<&String, &String> = files.collect();
            read(&texts, &blobs)
        };
        let (before, after) = (side(&|f| f.before.as_ref()), side(&|f| f.after.as_ref()));
        known.extend(before.iter().chain(&after).map(|d| d.name.clone()));
        let mut changes = changes::compare(&before, &after);
        changes.retain(|change| is_about(change, &name));
        let was = changes.iter().find(|c| c.what == What::Renamed && is_it(c, &name));
        if let Some(was) = was.and_then(|change| change.was.as_ref()) {
            name = fold_name(was);
        }
        if !changes.is_empty() {
            found.steps.push(Step { commit, changes });
        }
    }
    if found.steps.is_empty() && found.now.is_none() {
        found.known = known.into_iter().filter(|name| !name.is_empty()).collect();
    }
    Ok(found)
}

/// Whether a change is one of the definition itself.
fn is_it(change: &Change, name: &str) -> bool {
    let was = || change.was.as_ref().is_some_and(|was| fold_name(was) == name);
    !matches!(change.key.space, "review" | "note" | "use" | "test" | "event")
        && (change.key.name == name || was())
}

/// Whether a change is one of the definition, or of what is said of it.
fn is_about(change: &Change, name: &str) -> bool {
    let said = match change.key.space {
        "review" => change.key.name.rsplit_once(" on "),
        "note" => change.key.name.rsplit_once(" in "),
        _ => None,
    };
    is_it(change, name) || said.is_some_and(|(of, _)| of == name)
}

/// The definition of that name in the project as it is.
fn now(project: &Project, name: &str) -> Option<Now> {
    let name = fold_name(name);
    let all = super::difference::project_definitions(project);
    let is_named =
        |d: &&Definition| d.key.name == name && !matches!(d.key.space, "review" | "note" | "test");
    all.iter().find(is_named).map(|found| {
        let file = project.sources.get(found.span.file);
        let place = format!("{}:{}", file.path, file.place(found.span.start).line);
        Now { kind: found.kind, name: found.name.clone(), title: found.title.clone(), place }
    })
}

/// The files of the project, and those of other folders that it uses.
fn within(project: &Project, files: Vec<Touched>) -> Vec<Touched> {
    let home = |path: &str| path.rsplit_once('/').map_or("", |(home, _)| home).to_owned();
    let mut folders: BTreeSet<String> = BTreeSet::from([project.folder.clone()]);
    let used = project.sources.iter().map(|(_, file)| file.path.as_str());
    folders.extend(used.filter(|path| !path.starts_with("std:")).map(home));
    let is_in = |path: &str| {
        folders.iter().any(|folder| folder.is_empty() || path.starts_with(&format!("{folder}/")))
    };
    files.into_iter().filter(|file| is_in(&file.path)).collect()
}

fn read(files: &BTreeMap<&String, &String>, blobs: &Blobs) -> Vec<Definition> {
    let mut sources = Sources::default();
    let mut ids: Vec<FileId> = Vec::new();
    for (path, id) in files {
        if let Some(bytes) = blobs.get(*id) {
            ids.push(sources.add(path.as_str(), String::from_utf8_lossy(bytes)));
        }
    }
    definitions(&sources, ids)
}
