//! The built-in templates, and those of a project that take their place.

use std::collections::BTreeMap;

use crate::diagnostic::{DataPlace, Diagnostic, codes};
use crate::host::{EntryKind, Failure, Host, HostError, join};

/// The built-in templates by name: their paths below `templates/`.
pub(super) static BUILT_IN: &[(&str, &str)] = &[
    ("report.html.j2", include_str!("../../templates/report.html.j2")),
    ("report.md.j2", include_str!("../../templates/report.md.j2")),
    ("html/macros.html.j2", include_str!("../../templates/html/macros.html.j2")),
    ("html/kpi.html.j2", include_str!("../../templates/html/kpi.html.j2")),
    ("html/appendix.html.j2", include_str!("../../templates/html/appendix.html.j2")),
    ("html/style.css.j2", include_str!("../../templates/html/style.css.j2")),
    ("md/macros.md.j2", include_str!("../../templates/md/macros.md.j2")),
    ("chart/style.css.j2", include_str!("../../templates/chart/style.css.j2")),
    ("chart/frame.svg.j2", include_str!("../../templates/chart/frame.svg.j2")),
    ("chart/line.svg.j2", include_str!("../../templates/chart/line.svg.j2")),
    ("chart/bar.svg.j2", include_str!("../../templates/chart/bar.svg.j2")),
    ("chart/pie.svg.j2", include_str!("../../templates/chart/pie.svg.j2")),
    ("chart/spark.svg.j2", include_str!("../../templates/chart/spark.svg.j2")),
];

/// The most that one template may hold.
const LARGEST: u64 = 1_000_000;
/// The most templates that a project may bring.
const MOST: usize = 200;

/// A project's own templates, by name.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The folder they lie in, for messages.
    folder: String,
    texts: BTreeMap<String, String>,
}

impl Overrides {
    /// No templates of the project's own.
    pub fn none() -> Self {
        Self::default()
    }

    /// These texts by name, as if they lay in a folder; for tests and editors.
    pub fn of<N: Into<String>, T: Into<String>>(
        folder: &str,
        texts: impl IntoIterator<Item = (N, T)>,
    ) -> Self {
        let texts = texts.into_iter().map(|(n, t)| (n.into(), t.into())).collect();
        Self { folder: folder.to_owned(), texts }
    }

    /// Every `.j2` file below a folder of the host; none where there is no such folder. The host
    /// sees to it that no path leads out.
    pub fn read(host: &dyn Host, folder: &str) -> Result<(Self, Vec<Diagnostic>), HostError> {
        let mut found = Self { folder: folder.to_owned(), texts: BTreeMap::new() };
        let mut wrong = Vec::new();
        found.walk(host, "", &mut wrong)?;
        Ok((found, wrong))
    }

    fn walk(
        &mut self,
        host: &dyn Host,
        below: &str,
        wrong: &mut Vec<Diagnostic>,
    ) -> Result<(), HostError> {
        let folder = if below.is_empty() { self.folder.clone() } else { join(&self.folder, below) };
        let entries = match host.list(&folder) {
            Err(e) if below.is_empty() && e.kind == Failure::NotFound => return Ok(()),
            other => other?,
        };
        for entry in entries {
            let name = join(below, &entry.name);
            match entry.kind {
                EntryKind::Folder => self.walk(host, &name, wrong)?,
                EntryKind::File if has_extension(&name) => self.take(host, name, wrong)?,
                EntryKind::File => {}
            }
        }
        Ok(())
    }

    fn take(
        &mut self,
        host: &dyn Host,
        name: String,
        wrong: &mut Vec<Diagnostic>,
    ) -> Result<(), HostError> {
        let path = join(&self.folder, &name);
        let refused = |message: String| {
            let place = DataPlace {
                path: path.clone(),
                line: 1,
                column: 0,
                excerpt: String::new(),
                mark: None,
            };
            Diagnostic::new(&codes::TEMPLATE, message).in_data(place)
        };
        if self.texts.len() >= MOST {
            wrong.push(refused(format!("a project may have {MOST} templates at most")));
            return Ok(());
        }
        if host.size(&path)? > LARGEST {
            wrong.push(refused("a template may hold a million bytes at most".to_owned()));
            return Ok(());
        }
        match String::from_utf8(host.read(&path)?) {
            Ok(text) => {
                self.texts.insert(name, text);
            }
            Err(_) => wrong.push(refused("the template is not UTF-8".to_owned())),
        }
        Ok(())
    }

    /// The text of a template: the project's, else the built-in one.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str).or_else(|| built_in(name))
    }

    /// The path of a template as messages show it.
    pub(super) fn path(&self, name: &str) -> String {
        if self.texts.contains_key(name) {
            join(&self.folder, name)
        } else {
            format!("(built in) templates/{name}")
        }
    }

    /// The project's templates that neither take a built-in one's place nor were used.
    pub(super) fn unused(&self, used: &std::collections::BTreeSet<String>) -> Vec<&str> {
        let names = self.texts.keys().map(String::as_str);
        names.filter(|n| built_in(n).is_none() && !used.contains(*n)).collect()
    }
}

fn has_extension(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ext)| ext == "j2")
}

fn built_in(name: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(n, _)| *n == name).map(|(_, text)| *text)
}
