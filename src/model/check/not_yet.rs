//! What is part of the language and not evaluated by this version: refused by name, never ignored.
//!
//! One small function or one arm a construct, so that whoever evaluates it deletes it here. It runs
//! only over a project without errors: whoever has mistakes to repair learns of these first.

use super::Context;
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::ast::{self, Call, Expr, ExprKind, ItemKind};
use crate::syntax::walk;

/// Refuses every such construct of a project.
pub(super) fn refuse(files: &[ast::File], cx: &mut Context<'_, '_>) {
    for item in files.iter().flat_map(|f| &f.items) {
        match &item.kind {
            ItemKind::Project(project) => self::project(project, cx),
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
            ItemKind::Measure(measure) => self::measure(measure, cx),
            ItemKind::Report(report) => self::report(report, cx),
            ItemKind::Use(_)
            | ItemKind::List(_)
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
        found.extend(of_rows(e));
    });
    for (what, at, instead) in found {
        say(&what, at, instead, cx);
    }
}

/// The functions of a row that wait.
fn of_rows(expr: &Expr) -> Option<Waiting<'static>> {
    match &expr.kind {
        ExprKind::Call(call) => {
            let name = call.name.key.as_str();
            matches!(name, "nth" | "first_seen").then(|| (format!("`{name}`"), call.name.span, ""))
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
        found.extend(of_rows(e));
        if let ExprKind::Call(call) = &e.kind {
            function(call, &mut found);
        }
    });
    for (what, at, instead) in found {
        say(&what, at, instead, cx);
    }
}

/// The functions of formulas that wait, each in its arm.
fn function(call: &Call, found: &mut Vec<Waiting<'_>>) {
    let name = call.name.key.as_str();
    let mut wait = |what: &str, at: Span, instead| found.push((format!("`{what}`"), at, instead));
    let at = call.name.span;
    match name {
        "new" | "returning" | "lost" | "retained" => {
            wait(name, at, "`count_distinct` counts the ids of a period");
        }
        _ => {}
    }
    for key in call.args.iter().filter_map(|a| a.name.as_ref()) {
        match key.key.as_str() {
            "per" => wait("per:", key.span, ""),
            "at_least" => wait("at_least:", key.span, ""),
            _ => {}
        }
    }
}

fn report(report: &ast::Report, cx: &mut Context<'_, '_>) {
    if let Some(locale) = &report.locale {
        self::locale(&locale.value, cx);
    }
}
