//! What is part of the language and not evaluated by this version: refused by name, never ignored.
//!
//! One small function or one arm a construct, so that whoever evaluates it deletes it here. It runs
//! only over a project without errors: whoever has mistakes to repair learns of these first.

use super::Context;
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind};

/// Refuses every such construct of a project.
pub(super) fn refuse(files: &[ast::File], cx: &mut Context<'_, '_>) {
    for item in files.iter().flat_map(|f| &f.items) {
        match &item.kind {
            ItemKind::Connection(_) => {
                say("`connection`", item.keyword, "read the rows from CSV files", cx);
            }
            ItemKind::Source(source) => self::source(source, cx),
            ItemKind::Project(_)
            | ItemKind::Report(_)
            | ItemKind::Use(_)
            | ItemKind::Channels(_)
            | ItemKind::List(_)
            | ItemKind::Measure(_)
            | ItemKind::Goal(_)
            | ItemKind::Review(_)
            | ItemKind::Note(_)
            | ItemKind::Event(_)
            | ItemKind::Experiment(_)
            | ItemKind::Test(_)
            | ItemKind::Broken { .. } => {}
        }
    }
}

/// The message; `instead` is the nearest thing that works, or empty.
fn say(what: &str, at: Span, instead: &str, cx: &mut Context<'_, '_>) {
    let message =
        format!("{what} is part of the language but this version does not evaluate it yet");
    let found = Diagnostic::new(&codes::NOT_YET, message).at(at, "not yet");
    cx.out.push(match instead {
        "" => found,
        help => found.help(format!("until then: {help}")),
    });
}

fn source(source: &ast::Source, cx: &mut Context<'_, '_>) {
    if let Some(input) = &source.input {
        self::input(&input.value, cx);
    }
}

fn input(input: &ast::Input, cx: &mut Context<'_, '_>) {
    let instead = "read the rows from CSV files";
    match input {
        ast::Input::Csv(_) | ast::Input::Jsonl(_) | ast::Input::Inline(_) => {}
        ast::Input::Parquet(text) => say("`parquet`", text.span, instead, cx),
        ast::Input::Table(path) => say("`table`", path.span, instead, cx),
    }
}
