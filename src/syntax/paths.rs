//! Paths that a spec writes: from its own folder to the root of the repository.

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::source::Sources;
use crate::syntax::ast::Text;

/// What a path leads to, for the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leads {
    /// To files with rows.
    ToData,
    /// To definitions: a file or folder of them.
    ToDefinitions,
}

/// How the messages help.
struct Words {
    example: &'static str,
    start: &'static str,
    outside: &'static str,
}

impl Leads {
    fn words(self) -> Words {
        match self {
            Self::ToData => Words {
                example: "data/web.csv",
                start: "copy the data into the project, and name it from here: \"data/web.csv\"",
                outside: "copy the data into the project, or build from a folder above both",
            },
            Self::ToDefinitions => Words {
                example: "../shared/finance",
                start: "name it from the folder of this file: \"../shared/finance\"",
                outside: "keep both in one repository, or copy the definitions into the project",
            },
        }
    }
}

/// The message for a path that leads out of the repository.
pub(crate) fn outside(text: &Text, leads: Leads) -> Diagnostic {
    Diagnostic::new(&codes::PATH_OUTSIDE, "the path leads out of the project")
        .at(text.span, "this path")
        .help(leads.words().outside)
}

/// A path relative to the root; the folder of the file that it stands in is where it starts from.
pub(crate) fn from_spec(
    text: &Text,
    leads: Leads,
    texts: &Sources,
    out: &mut Diagnostics,
) -> Option<String> {
    let words = leads.words();
    let bad = |message: &str, help: &str| {
        Diagnostic::new(&codes::PATH_OUTSIDE, message).at(text.span, "this path").help(help)
    };
    let written = text.value.as_str();
    if written.trim().is_empty() {
        out.push(bad("the path is empty", &format!("name a file, such as \"{}\"", words.example)));
        return None;
    }
    if written.contains('\\') {
        let fixed = written.replace('\\', "/");
        let help = format!("write \"{fixed}\"");
        out.push(bad("paths are written with `/`", "").suggest(
            help,
            text.span,
            format!("{fixed:?}"),
        ));
        return None;
    }
    let drive = written.as_bytes().get(1) == Some(&b':');
    if written.starts_with('/') || written.starts_with('~') || drive {
        out.push(bad("the path does not start from the folder of this file", words.start));
        return None;
    }
    let spec = texts.get(text.span.file).path.as_str();
    let folder = spec.rsplit_once('/').map_or("", |(folder, _)| folder);
    let joined = if folder.is_empty() { written.to_owned() } else { format!("{folder}/{written}") };
    let inside = normalise(&joined);
    if inside.is_none() {
        out.push(outside(text, leads));
    }
    inside
}

/// `a/./b/../c` as `a/c`; none where it climbs above the root.
fn normalise(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}
