//! Files that run a project in CI and before each commit.

use crate::host::OutputFile;

/// What is to run it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ci {
    /// GitHub Actions.
    Github,
    /// GitLab CI.
    Gitlab,
    /// The program `pre-commit`, before each commit.
    PreCommit,
}

/// The file for it, relative to the repository's root, for the project at a path below that. None
/// where the path has a sign that has a meaning in those files.
///
/// ```
/// use sanjeh::init::{Ci, ci};
/// let file = ci(Ci::Gitlab, "reports/kpis", "0.1.0").unwrap();
/// assert_eq!(file.path, ".gitlab-ci.yml");
/// assert!(String::from_utf8(file.bytes).unwrap().contains("KPI_PATH: 'reports/kpis'"));
/// assert_eq!(ci(Ci::Gitlab, "it's", "0.1.0"), None);
/// ```
pub fn ci(kind: Ci, path: &str, version: &str) -> Option<OutputFile> {
    if path.contains(['\'', '"', '$', '`', '\\', '\n', '\r', '{', '}', '#', '@']) {
        return None;
    }
    let (name, text) = match kind {
        Ci::Github => {
            (".github/workflows/kpi.yml", include_str!("../../templates/init/ci/github.yml"))
        }
        Ci::Gitlab => (".gitlab-ci.yml", include_str!("../../templates/init/ci/gitlab.yml")),
        Ci::PreCommit => {
            (".pre-commit-config.yaml", include_str!("../../templates/init/ci/pre-commit.yml"))
        }
    };
    let text = text.replace("@VERSION@", version).replace("@PATH@", path);
    Some(OutputFile { path: name.to_owned(), bytes: text.into_bytes() })
}
