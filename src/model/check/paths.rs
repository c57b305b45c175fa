//! Paths of data files: from the spec's folder to the root of the project.

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::source::Sources;
use crate::syntax::ast::Text;

/// A `csv:` pattern relative to the root; the spec's folder is where it starts from.
pub(super) fn pattern(text: &Text, texts: &Sources, out: &mut Diagnostics) -> Option<String> {
    let bad = |message: &str, help: &str| {
        Diagnostic::new(&codes::PATH_OUTSIDE, message).at(text.span, "this path").help(help)
    };
    let written = text.value.as_str();
    if written.trim().is_empty() {
        out.push(bad("the path is empty", "name a file, such as \"data/web.csv\""));
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
        out.push(bad(
            "the path does not start from the folder of this file",
            "copy the data into the project, and name it from here: \"data/web.csv\"",
        ));
        return None;
    }
    let spec = texts.get(text.span.file).path.as_str();
    let folder = spec.rsplit_once('/').map_or("", |(folder, _)| folder);
    let joined = if folder.is_empty() { written.to_owned() } else { format!("{folder}/{written}") };
    let inside = normalise(&joined);
    if inside.is_none() {
        out.push(bad(
            "the path leads out of the project",
            "copy the data into the project, or build from a folder above both",
        ));
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
