//! `kpi graph`

use std::path::Path;

use super::FAILED;
use super::args::{GraphArgs, GraphFormat};
use super::output::Terminal;
use crate::diagnostic::render::visible;
use crate::driver::{self, Definition, DefinitionKind, Lineage};
use crate::host::disk::DiskHost;

/// Prints what is made of what.
pub(super) fn run(args: &GraphArgs, terminal: &mut Terminal) -> u8 {
    let loaded =
        DiskHost::around(Path::new(&args.path)).and_then(|(host, path)| driver::load(&host, &path));
    let project = match loaded {
        Ok(project) => project,
        Err(error) => return terminal.fail(&error),
    };
    terminal.diagnose(&project.diagnostics, &project.sources);
    if project.diagnostics.has_errors() {
        return FAILED;
    }
    let lineage = driver::lineage(&project.model);
    terminal.print(&match args.format {
        GraphFormat::Text => text(&lineage),
        GraphFormat::Dot => dot(&lineage),
        GraphFormat::Mermaid => mermaid(&lineage),
    })
}

/// `kpi conversion_rate`
fn name(node: &Definition) -> String {
    format!("{} {}", node.kind.word(), node.name)
}

/// A node a paragraph: what it is made from, and what uses it.
fn text(lineage: &Lineage) -> String {
    let mut out = String::new();
    for (place, node) in lineage.nodes.iter().enumerate() {
        out.push_str(&name(node));
        if !node.title.is_empty() {
            out.extend([" \"", &visible(&one_line(&node.title)), "\""]);
        }
        out.push('\n');
        let from = lineage.edges.iter().filter(|(_, to)| *to == place).map(|(from, _)| *from);
        let to = lineage.edges.iter().filter(|(from, _)| *from == place).map(|(_, to)| *to);
        for (word, others) in [("from", from.collect::<Vec<_>>()), ("to", to.collect())] {
            let names: Vec<String> = others.iter().map(|i| name(&lineage.nodes[*i])).collect();
            if !names.is_empty() {
                out.extend(["  ", word, " ", &names.join(", "), "\n"]);
            }
        }
    }
    out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// For Graphviz: an id is the kind and the name, since namespaces may share names.
fn dot(lineage: &Lineage) -> String {
    let quoted = |text: &str| {
        let text = one_line(text).replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{text}\"")
    };
    let mut out = String::from("digraph lineage {\n  rankdir=LR;\n  node [shape=box];\n");
    for node in &lineage.nodes {
        let shape = match node.kind {
            DefinitionKind::Source => "cylinder",
            DefinitionKind::Metric => "ellipse",
            DefinitionKind::Kpi => "box",
            DefinitionKind::Goal => "house",
            DefinitionKind::Report => "note",
        };
        let (id, label) = (quoted(&name(node)), quoted(label(node)));
        out.extend(["  ", &id, " [label=", &label, ", shape=", shape, "];\n"]);
    }
    for (from, to) in &lineage.edges {
        let (from, to) = (quoted(&name(&lineage.nodes[*from])), quoted(&name(&lineage.nodes[*to])));
        out.extend(["  ", &from, " -> ", &to, ";\n"]);
    }
    out.push_str("}\n");
    out
}

fn label(node: &Definition) -> &str {
    if node.title.is_empty() { &node.name } else { &node.title }
}

/// For Markdown: nodes go by their numbers, texts by Mermaid's own entities.
fn mermaid(lineage: &Lineage) -> String {
    let mut out = String::from("flowchart LR\n");
    for (place, node) in lineage.nodes.iter().enumerate() {
        let (open, close) = match node.kind {
            DefinitionKind::Source => ("[(", ")]"),
            DefinitionKind::Metric => ("([", "])"),
            DefinitionKind::Kpi => ("[", "]"),
            DefinitionKind::Goal => ("{{", "}}"),
            DefinitionKind::Report => ("[[", "]]"),
        };
        let text = entities(&one_line(label(node)));
        out.push_str(&["  n", &place.to_string(), open, "\"", &text, "\"", close, "\n"].concat());
    }
    for (from, to) in &lineage.edges {
        out.push_str(&["  n", &from.to_string(), " --> n", &to.to_string(), "\n"].concat());
    }
    out
}

fn entities(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' | '#' | '<' | '>' | '&' | '`' | ';' => {
                out.extend(["#", &u32::from(c).to_string(), ";"]);
            }
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn lineage() -> Lineage {
        let node = |kind, name: &str, title: &str| Definition {
            kind,
            name: name.to_owned(),
            title: title.to_owned(),
        };
        Lineage {
            nodes: vec![
                node(DefinitionKind::Source, "web", ""),
                node(DefinitionKind::Kpi, "web", "a \"b\" <c> \\ `d`\n#e"),
            ],
            edges: BTreeSet::from([(0, 1)]),
        }
    }

    #[test]
    fn two_of_one_name_stay_two_and_titles_cannot_end_their_quotes() {
        assert_eq!(
            text(&lineage()),
            "source web\n  to kpi web\nkpi web \"a \"b\" <c> \\ `d` #e\"\n  from source web\n"
        );
        let dot = dot(&lineage());
        assert!(dot.contains("\"source web\" -> \"kpi web\";\n"), "{dot}");
        assert!(dot.contains("[label=\"a \\\"b\\\" <c> \\\\ `d` #e\", shape=box];"), "{dot}");
        let mermaid = mermaid(&lineage());
        assert!(mermaid.contains("n0 --> n1"), "{mermaid}");
        assert!(mermaid.contains("n1[\"a #34;b#34; #60;c#62; \\ #96;d#96; #35;e\"]"), "{mermaid}");
    }
}
