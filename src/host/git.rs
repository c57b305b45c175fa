//! The history that a project lies in, through the `git` command.
//!
//! Nothing is checked out, nothing is written, no hook runs and nothing is fetched: objects are read
//! as they lie in the repository.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Failure, HostError};

/// A larger file is no spec.
const MOST: u64 = 10_000_000;

/// A repository.
#[derive(Clone, Debug)]
pub struct Git {
    root: PathBuf,
}

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id, in full.
    pub id: String,
    /// The day on which it was written, as its author's clock had it: `2026-06-30`.
    pub day: String,
    /// Who wrote it.
    pub author: String,
    /// The first line of its message.
    pub subject: String,
    /// The `.kpi` files that it changed.
    pub files: Vec<Touched>,
}

/// A file that a commit changed: the ids of its content before and after, none where there was or
/// is no such file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// Its path from the root.
    pub path: String,
    /// What it held.
    pub before: Option<String>,
    /// What it holds.
    pub after: Option<String>,
}

/// Contents by their ids.
pub type Blobs = BTreeMap<String, Vec<u8>>;

impl Git {
    /// The repository at a root; none where there is none.
    pub fn at(root: &Path) -> Option<Self> {
        root.join(".git").exists().then(|| Self { root: root.to_owned() })
    }

    /// The id of the commit that a revision names.
    ///
    /// # Errors
    /// Where it names none, or git cannot be run.
    pub fn commit(&self, revision: &str) -> Result<String, HostError> {
        let name = format!("{revision}^{{commit}}");
        let args = ["rev-parse", "--verify", "--quiet", "--end-of-options", &name];
        let found = self.run(&args).map_err(|error| HostError {
            // git says nothing where the name is well formed and known to nobody.
            message: match error.message.as_str() {
                "" => "git knows no such revision".to_owned(),
                said => said.to_owned(),
            },
            path: revision.to_owned(),
            ..error
        })?;
        Ok(String::from_utf8_lossy(&found).trim().to_owned())
    }

    /// The commit where two lines of history parted.
    ///
    /// # Errors
    /// Where they have nothing in common, or git cannot be run.
    pub fn merge_base(&self, one: &str, other: &str) -> Result<String, HostError> {
        let found = self.run(&["merge-base", one, other]).map_err(|error| HostError {
            message: match error.message.as_str() {
                "" => "their histories have no commit in common; a shallow clone may lack it \
                       (`fetch-depth: 0` fetches all)"
                    .to_owned(),
                said => said.to_owned(),
            },
            path: format!("{one}...{other}"),
            ..error
        })?;
        Ok(String::from_utf8_lossy(&found).trim().to_owned())
    }

    /// Whether the history ends where it was cut when it was fetched.
    ///
    /// # Errors
    /// Where git cannot be run.
    pub fn is_shallow(&self) -> Result<bool, HostError> {
        Ok(self.run(&["rev-parse", "--is-shallow-repository"])?.starts_with(b"true"))
    }

    /// The files of a commit whose names end in `.kpi`, by path; hidden ones left out.
    ///
    /// # Errors
    /// Where git cannot be run or an object is not there.
    pub fn specs(&self, commit: &str) -> Result<BTreeMap<String, Vec<u8>>, HostError> {
        let listed = self.run(&["ls-tree", "-r", "-z", "--full-tree", commit])?;
        let mut ids: BTreeMap<String, (String, bool)> = BTreeMap::new();
        for line in listed.split(|b| *b == 0).filter(|line| !line.is_empty()) {
            let line = String::from_utf8_lossy(line);
            let Some((facts, path)) = line.split_once('\t') else { continue };
            let facts: Vec<&str> = facts.split(' ').collect();
            if let [mode, "blob", id] = facts.as_slice()
                && is_spec(path)
            {
                ids.insert(path.to_owned(), ((*id).to_owned(), *mode == "120000"));
            }
        }
        let blobs = self.blobs(ids.values().map(|(id, _)| id.as_str()))?;
        let mut files = BTreeMap::new();
        for path in ids.keys() {
            if let Some(bytes) = followed(path, &ids, &blobs) {
                files.insert(path.clone(), bytes);
            }
        }
        Ok(files)
    }

    /// The commits that changed a `.kpi` file, the latest first; merges left out, since what they
    /// bring in has commits of its own.
    ///
    /// # Errors
    /// Where git cannot be run.
    pub fn log(&self, from: &str) -> Result<Vec<Commit>, HostError> {
        // Nothing that somebody writes can be the mark alone: author and subject begin with a dot.
        let form = "--format=%x00%x01%x00%H%x00%ad%x00.%an%x00.%s%x00";
        let args = [
            "log",
            "--no-merges",
            "--no-renames",
            "--no-show-signature",
            "--topo-order",
            "--date=short",
            "--raw",
            "--no-abbrev",
            "-z",
            form,
            "--end-of-options",
            from,
            "--",
            "*.kpi",
        ];
        let listed = self.run(&args)?;
        let listed = String::from_utf8_lossy(&listed);
        let mut commits = Vec::new();
        for entry in listed.split("\0\u{1}\0").skip(1) {
            let mut parts = entry.split('\0');
            let mut next = || parts.next().unwrap_or_default();
            let (id, day) = (next().to_owned(), next().to_owned());
            let mut dotted = || next().trim_start_matches('.').to_owned();
            let (author, subject) = (dotted(), dotted());
            let mut files = Vec::new();
            // `:100644 100644 OLD NEW M`, then the path.
            while let Some(facts) = parts.next() {
                let Some(facts) = facts.trim_start().strip_prefix(':') else { continue };
                let facts: Vec<&str> = facts.split(' ').collect();
                let (Some(path), [_, _, old, new, _]) = (parts.next(), facts.as_slice()) else {
                    break;
                };
                let id = |id: &str| Some(id.to_owned()).filter(|id| id.bytes().any(|b| b != b'0'));
                if is_spec(path) {
                    files.push(Touched { path: path.to_owned(), before: id(old), after: id(new) });
                }
            }
            if !files.is_empty() {
                commits.push(Commit { id, day, author, subject, files });
            }
        }
        Ok(commits)
    }

    /// Contents by their ids, all with one run of git. What is larger than a spec may be, or not
    /// there, is left out.
    ///
    /// # Errors
    /// Where git cannot be run.
    pub fn blobs<'i>(&self, ids: impl Iterator<Item = &'i str>) -> Result<Blobs, HostError> {
        let mut wanted: Vec<&str> = ids.collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut found = Blobs::new();
        if wanted.is_empty() {
            return Ok(found);
        }
        let asked = wanted.join("\n") + "\n";
        let mut command = self.command(&["cat-file", "--batch"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| unavailable(&e))?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let read = std::thread::scope(|scope| {
            // Answers come while questions are still being asked.
            scope.spawn(|| input.map(|mut input| input.write_all(asked.as_bytes())));
            output.map_or(Ok(()), |output| read_blobs(BufReader::new(output), &mut found))
        });
        let ended = child.wait();
        read.and(ended.map(|_| ())).map_err(|e| unavailable(&e))?;
        Ok(found)
    }

    /// A command of git over the repository, that asks nothing, fetches nothing and takes no lock.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.root)
            .arg("--no-pager")
            .args(args)
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        // What a hook or another git set would lead elsewhere.
        for name in
            ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_LITERAL_PATHSPECS"]
        {
            command.env_remove(name);
        }
        command
    }

    fn run(&self, args: &[&str]) -> Result<Vec<u8>, HostError> {
        let ended = self.command(args).output().map_err(|e| unavailable(&e))?;
        if ended.status.success() {
            return Ok(ended.stdout);
        }
        let said = String::from_utf8_lossy(&ended.stderr);
        let said = said.lines().next().unwrap_or_default();
        let message = said.trim_start_matches("fatal: ").trim_start_matches("error: ").to_owned();
        Err(HostError { path: "git".to_owned(), kind: Failure::Other, message })
    }
}

fn unavailable(error: &std::io::Error) -> HostError {
    let message = match error.kind() {
        std::io::ErrorKind::NotFound => {
            "the command `git` is not there, and the history of a repository is read with it"
                .to_owned()
        }
        _ => error.to_string(),
    };
    HostError { path: "git".to_owned(), kind: Failure::Other, message }
}

fn is_spec(path: &str) -> bool {
    path.strip_suffix(".kpi").is_some() && !path.split('/').any(|part| part.starts_with('.'))
}

/// A file's content, through links to others of the same commit.
fn followed(path: &str, ids: &BTreeMap<String, (String, bool)>, blobs: &Blobs) -> Option<Vec<u8>> {
    let mut path = path.to_owned();
    for _ in 0..8 {
        let (id, is_link) = ids.get(&path)?;
        let bytes = blobs.get(id)?;
        if !is_link {
            return Some(bytes.clone());
        }
        let home = path.rsplit_once('/').map_or("", |(home, _)| home);
        path = super::normalise(&super::join(home, &String::from_utf8_lossy(bytes)))?;
    }
    None
}

/// Reads `ID blob SIZE`, a line feed, so many bytes and a line feed, again and again.
fn read_blobs(mut output: impl BufRead, found: &mut Blobs) -> std::io::Result<()> {
    let mut head = String::new();
    while output.read_line(&mut head)? > 0 {
        let parts: Vec<&str> = head.trim_end().split(' ').collect();
        if let [id, "blob", size] = parts.as_slice() {
            let size: u64 = size.parse().unwrap_or(0);
            let mut content = (&mut output).take(size);
            if size <= MOST {
                let mut bytes = Vec::new();
                content.read_to_end(&mut bytes)?;
                found.insert((*id).to_owned(), bytes);
            } else {
                std::io::copy(&mut content, &mut std::io::sink())?;
            }
            output.read_exact(&mut [0])?;
        }
        head.clear();
    }
    Ok(())
}
