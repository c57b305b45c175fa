//! What is part of the language and not evaluated by this version: refused by name, never ignored.
//!
//! One small function or one arm a construct, so that whoever evaluates it deletes it here. It runs
//! only over a project without errors: whoever has mistakes to repair learns of these first.

use super::Context;
use super::walk::walk;
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::ast::{self, Expr, ExprKind, ItemKind};

/// Refuses every such construct of a project.
pub(super) fn refuse(files: &[ast::File], cx: &mut Context<'_, '_>) {
    for item in files.iter().flat_map(|f| &f.items) {
        match &item.kind {
            ItemKind::Project(project) => self::project(project, cx),
            ItemKind::Use(_) => say("`use`", item.keyword, "copy the definitions in", cx),
            ItemKind::Connection(_) => {
                say("`connection`", item.keyword, "read the rows from CSV files", cx);
            }
            ItemKind::Source(source) => self::source(source, cx),
            ItemKind::Channels(block) => {
                for rule in &block.rules {
                    if let ast::ChannelCondition::When(test) = &rule.condition {
                        row(test, cx);
                    }
                }
            }
            ItemKind::List(list) => list.members.iter().for_each(|m| row(m, cx)),
            ItemKind::Measure(measure) => self::measure(measure, cx),
            ItemKind::Report(report) => self::report(report, cx),
            ItemKind::Goal(_)
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

fn project(project: &ast::Project, cx: &mut Context<'_, '_>) {
    if let Some(locale) = &project.locale {
        self::locale(&locale.value, cx);
    }
}

fn locale(locale: &ast::Ident, cx: &mut Context<'_, '_>) {
    if locale.key != "en" {
        say(&format!("`locale: {}`", locale.text), locale.span, "use `en`", cx);
    }
}

fn source(source: &ast::Source, cx: &mut Context<'_, '_>) {
    if let Some(input) = &source.input {
        self::input(&input.value, cx);
    }
    for column in &source.columns {
        if let Some(expr) = &column.computed {
            row(expr, cx);
        }
    }
    if let Some(filter) = &source.filter {
        row(&filter.value, cx);
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

/// A construct, its place, what to do instead.
type Waiting<'w> = (String, Span, &'w str);

/// What a row expression may hold.
fn row(expr: &Expr, cx: &mut Context<'_, '_>) {
    let mut found: Vec<Waiting<'_>> = Vec::new();
    walk(expr, &mut |e| {
        found.extend(of_rows(e, cx));
    });
    for (what, at, instead) in found {
        say(&what, at, instead, cx);
    }
}

/// The functions of a row and the shipped lists that wait.
fn of_rows(expr: &Expr, cx: &Context<'_, '_>) -> Option<Waiting<'static>> {
    match &expr.kind {
        ExprKind::Call(call) => {
            let name = call.name.key.as_str();
            let own = cx.names.blocks.entry(name).is_some();
            let instead = match name {
                "ga4" | "ua" if !own => "write a block of `channels`",
                _ => return None,
            };
            Some((format!("`{name}`"), call.name.span, instead))
        }
        ExprKind::Name(path) if path.segments.len() > 1 && path.segments[0].key == "std" => {
            let what = format!("`{}`", cx.texts.slice(path.span));
            Some((what, path.span, "write a `list` of your own"))
        }
        _ => None,
    }
}

fn measure(measure: &ast::Measure, cx: &mut Context<'_, '_>) {
    if let Some(formula) = &measure.formula {
        self::formula(&formula.value, cx);
    }
    for target in &measure.targets {
        if let ast::TargetValue::Value(expr) = &target.value.value {
            self::formula(expr, cx);
        }
    }
}

/// What a formula may hold.
fn formula(expr: &Expr, cx: &mut Context<'_, '_>) {
    let mut found: Vec<Waiting<'_>> = Vec::new();
    walk(expr, &mut |e| {
        found.extend(of_rows(e, cx));
    });
    for (what, at, instead) in found {
        say(&what, at, instead, cx);
    }
}

fn report(report: &ast::Report, cx: &mut Context<'_, '_>) {
    if let Some(locale) = &report.locale {
        self::locale(&locale.value, cx);
    }
}
