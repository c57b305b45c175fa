//! One helper: files in, what is found out.

use std::fmt::Write;
use std::path::Path;

use sanjeh::diagnostic::{Diagnostic, Diagnostics};
use sanjeh::host::memory::MemoryHost;
use sanjeh::library;
use sanjeh::model::source::{Header, Input};
use sanjeh::model::{self, Headers, Model};
use sanjeh::source::Sources;
use sanjeh::syntax;

/// A checked project.
pub(super) struct Checked {
    pub(super) sources: Sources,
    pub(super) out: Diagnostics,
    pub(super) model: Model,
}

/// Checks some files: `.kpi` files and, by their path, data files.
pub(super) fn check(files: &[(&str, &str)]) -> Checked {
    let mut sources = Sources::default();
    let mut out = Diagnostics::default();
    let mut trees = Vec::new();
    for (path, text) in
        files.iter().filter(|(path, _)| Path::new(path).extension().is_some_and(|x| x == "kpi"))
    {
        let id = sources.add(*path, *text);
        trees.push(id);
    }
    let trees: Vec<_> = trees.into_iter().map(|id| syntax::parse(&sources, id, &mut out)).collect();
    let host = MemoryHost::default();
    let trees = library::bring_in(&host, trees, &mut sources, &mut out).unwrap();
    let mut headers = Headers::default();
    for request in model::inputs(&trees, &sources) {
        let text = match &request.input {
            Input::Inline { text, .. } => Some(text.as_str()),
            Input::Csv { pattern, .. } => {
                files.iter().find(|(path, _)| path == pattern).map(|(_, text)| *text)
            }
            Input::Table { .. } => None,
        };
        let Header::Row(row) = request.dialect.header else { continue };
        // Where such a header is, the engine finds out.
        if request.dialect.preset.is_some() {
            continue;
        }
        let at = request.dialect.skip + row - 1;
        if let Some(line) =
            text.and_then(|t| t.trim_start_matches('\u{FEFF}').lines().nth(at as usize))
        {
            let cells = line.split(request.dialect.delimiter as char);
            headers.insert(request.source, cells.map(|c| c.trim().to_owned()).collect());
        }
    }
    let model = model::check(&trees, &sources, &headers, &mut out);
    Checked { sources, out, model }
}

/// Checks one file.
pub(super) fn one(text: &str) -> Checked {
    check(&[("main.kpi", text)])
}

impl Checked {
    /// What was found, lint aside, as `LINE CODE MESSAGE [HELP] {EDIT}`.
    pub(super) fn told(&self) -> Vec<String> {
        let found = self.out.sorted();
        found.iter().filter(|d| !d.code.id.starts_with("K9")).map(|d| self.line(d)).collect()
    }

    /// A diagnostic as one line.
    pub(super) fn line(&self, found: &Diagnostic) -> String {
        let mut line = match found.span() {
            Some(span) => {
                let file = self.sources.get(span.file);
                format!("{} {}", file.place(span.start).line, found.code.id)
            }
            None => format!("- {}", found.code.id),
        };
        write!(line, " {}", found.message).unwrap();
        if let Some(help) = &found.help {
            write!(line, " [{help}]").unwrap();
        }
        if let Some(fix) = &found.fix {
            let edit = &fix.edits[0];
            let old = self.sources.slice(edit.span);
            write!(line, " {{{old} -> {}}}", edit.text).unwrap();
        }
        line
    }

    /// The text of the first file with every fix carried out.
    pub(super) fn repaired(&self) -> String {
        let mut text = self.sources.iter().next().unwrap().1.text.clone();
        let mut edits: Vec<_> = self
            .out
            .iter()
            .filter_map(|d| d.fix.as_ref())
            .flat_map(|f| &f.edits)
            .map(|e| (e.span.range(), e.text.clone()))
            .collect();
        edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
        for (range, new) in edits {
            text.replace_range(range, &new);
        }
        text
    }
}

/// The folder of projects beside the repository, where it is there.
pub(super) fn corpus() -> Option<std::path::PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/kpi");
    path.is_dir().then_some(path)
}
