//! The built-in templates, and those of a project that take their place.

use std::collections::BTreeMap;

use crate::diagnostic::{DataPlace, Diagnostic, codes, nearest};
use crate::host::{EntryKind, Failure, Host, HostError, join};

/// The built-in templates by name: their paths below `templates/`.
pub(super) static BUILT_IN: &[(&str, &str)] = &[
    ("report.html.j2", include_str!("../../templates/report.html.j2")),
    ("email.html.j2", include_str!("../../templates/email.html.j2")),
    ("index.html.j2", include_str!("../../templates/index.html.j2")),
    ("report.md.j2", include_str!("../../templates/report.md.j2")),
    ("html/macros.html.j2", include_str!("../../templates/html/macros.html.j2")),
    ("html/marks.html.j2", include_str!("../../templates/html/marks.html.j2")),
    ("html/kpi.html.j2", include_str!("../../templates/html/kpi.html.j2")),
    ("html/appendix.html.j2", include_str!("../../templates/html/appendix.html.j2")),
    ("html/style.css.j2", include_str!("../../templates/html/style.css.j2")),
    ("md/macros.md.j2", include_str!("../../templates/md/macros.md.j2")),
    ("chart/style.css.j2", include_str!("../../templates/chart/style.css.j2")),
    ("chart/frame.svg.j2", include_str!("../../templates/chart/frame.svg.j2")),
    ("chart/line.svg.j2", include_str!("../../templates/chart/line.svg.j2")),
    ("chart/bar.svg.j2", include_str!("../../templates/chart/bar.svg.j2")),
    ("chart/heatmap.svg.j2", include_str!("../../templates/chart/heatmap.svg.j2")),
    ("chart/funnel.svg.j2", include_str!("../../templates/chart/funnel.svg.j2")),
    ("chart/bullet.svg.j2", include_str!("../../templates/chart/bullet.svg.j2")),
    ("chart/stacked.svg.j2", include_str!("../../templates/chart/stacked.svg.j2")),
    ("chart/waterfall.svg.j2", include_str!("../../templates/chart/waterfall.svg.j2")),
    ("chart/pie.svg.j2", include_str!("../../templates/chart/pie.svg.j2")),
    ("chart/spark.svg.j2", include_str!("../../templates/chart/spark.svg.j2")),
];

/// The built-in templates: name and text.
pub fn built_in_templates() -> impl Iterator<Item = (&'static str, &'static str)> {
    BUILT_IN.iter().copied()
}

/// What stands before the name of a built-in template.
const BASE: &str = "base/";
/// The most that one template may hold.
const LARGEST: u64 = 1_000_000;
/// The most templates that a project may bring.
const MOST: usize = 200;

/// A project's own templates, by name.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    /// The folder they lie in, for messages.
    folder: String,
    texts: BTreeMap<String, String>,
    /// Files there that are no templates.
    pub(super) wrong: Vec<Diagnostic>,
}

impl Templates {
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
        Self { folder: folder.to_owned(), texts, wrong: Vec::new() }
    }

    /// The templates of a project: every `.j2` file below its folder `templates/`, if there is
    /// one. The host sees to it that no path leads out. What cannot be used is told when they are
    /// rendered with.
    ///
    /// # Errors
    /// Where the world fails.
    pub fn load(host: &dyn Host, project: &str) -> Result<Self, HostError> {
        let mut found = Self { folder: join(project, "templates"), ..Self::default() };
        let mut wrong = Vec::new();
        found.walk(host, "", &mut wrong)?;
        found.wrong = wrong;
        Ok(found)
    }

    /// Templates of the project's that neither take a built-in one's place nor are named by
    /// another template of the project's.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        let named = |name: &str| {
            let quoted = [format!("\"{name}\""), format!("'{name}'")];
            self.texts.iter().any(|(other, text)| {
                other != name && quoted.iter().any(|q| text.contains(q.as_str()))
            })
        };
        let unused = self.texts.keys().filter(|n| built_in(n).is_none() && !named(n));
        unused.map(|name| self.unused(name)).collect()
    }

    fn unused(&self, name: &str) -> Diagnostic {
        let near = nearest(name, BUILT_IN.iter().map(|(n, _)| *n));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "include it in one that replaces a built-in template, or remove it".to_owned(),
        };
        Diagnostic::new(&codes::UNUSED_TEMPLATE, format!("nothing uses the template `{name}`"))
            .in_data(first_line(self.path(name)))
            .help(help)
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
            Diagnostic::new(&codes::TEMPLATE, message).in_data(first_line(path.clone()))
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

    /// The text of a template: the project's, else the built-in one. `base/` before a name asks for
    /// the built-in one, so that a template can extend the one whose place it takes.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        if let Some(name) = name.strip_prefix(BASE) {
            return built_in(name);
        }
        self.texts.get(name).map(String::as_str).or_else(|| built_in(name))
    }

    /// The path of a template as messages show it.
    pub(super) fn path(&self, name: &str) -> String {
        if self.texts.contains_key(name) {
            join(&self.folder, name)
        } else {
            format!("(built in) templates/{}", name.strip_prefix(BASE).unwrap_or(name))
        }
    }
}

fn first_line(path: String) -> DataPlace {
    DataPlace { path, line: 1, column: 0, excerpt: String::new(), mark: None }
}

fn has_extension(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ext)| ext == "j2")
}

fn built_in(name: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(n, _)| *n == name).map(|(_, text)| *text)
}
