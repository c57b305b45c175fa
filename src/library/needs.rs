//! What an item needs: the names that it uses of others, by their namespaces.
//!
//! A name in an expression may be a metric, a list, a source or a column; all of these are asked
//! for, since what nobody defines is asked for in vain.

use crate::syntax::ast::{self, Expr, ExprKind, Ident, ItemKind, Member};
use crate::syntax::walk;

/// A namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Space {
    Connection,
    Source,
    Block,
    /// A channel of any block, by its own name.
    Channel,
    List,
    Measure,
    Goal,
    Report,
}

/// A name in its namespace, as compared.
pub(super) type Need = (Space, String);

/// What an item defines: its namespace and name.
pub(super) fn defined(item: &ItemKind) -> Option<(Space, &Ident)> {
    Some(match item {
        ItemKind::Connection(connection) => (Space::Connection, &connection.name),
        ItemKind::Source(source) => (Space::Source, &source.name),
        ItemKind::Channels(block) => (Space::Block, &block.name),
        ItemKind::List(list) => (Space::List, &list.name),
        ItemKind::Measure(measure) => (Space::Measure, &measure.name),
        ItemKind::Goal(goal) => (Space::Goal, &goal.name),
        ItemKind::Report(report) => (Space::Report, &report.name),
        ItemKind::Project(_)
        | ItemKind::Use(_)
        | ItemKind::Review(_)
        | ItemKind::Note(_)
        | ItemKind::Event(_)
        | ItemKind::Experiment(_)
        | ItemKind::Test(_)
        | ItemKind::Broken { .. } => return None,
    })
}

/// The names that an item uses, each as often as it stands there.
pub(super) fn of(item: &ItemKind) -> Vec<Need> {
    let mut found = Vec::new();
    match item {
        ItemKind::Source(source) => self::source(source, &mut found),
        ItemKind::Channels(block) => {
            for rule in &block.rules {
                if let ast::ChannelCondition::When(test) = &rule.condition {
                    expression(test, &mut found);
                }
            }
        }
        ItemKind::List(list) => {
            for member in &list.members {
                expression(member, &mut found);
            }
        }
        ItemKind::Measure(measure) => self::measure(measure, &mut found),
        ItemKind::Project(_)
        | ItemKind::Use(_)
        | ItemKind::Connection(_)
        | ItemKind::Goal(_)
        | ItemKind::Review(_)
        | ItemKind::Note(_)
        | ItemKind::Event(_)
        | ItemKind::Experiment(_)
        | ItemKind::Report(_)
        | ItemKind::Test(_)
        | ItemKind::Broken { .. } => {}
    }
    found
}

fn source(source: &ast::Source, found: &mut Vec<Need>) {
    if let Some(ast::Input::Table(path)) = source.input.as_ref().map(|i| &i.value)
        && let Some(name) = path.segments.first()
    {
        found.push((Space::Connection, name.key.clone()));
    }
    let computed = source.columns.iter().filter_map(|c| c.computed.as_ref());
    for expr in computed.chain(source.filter.as_ref().map(|f| &f.value)) {
        expression(expr, found);
    }
    for lookup in &source.lookups {
        found.push((Space::Source, lookup.value.source.key.clone()));
    }
}

/// A `variant_of` is a remark on another definition, not a need of it.
fn measure(measure: &ast::Measure, found: &mut Vec<Need>) {
    if let Some(formula) = &measure.formula {
        expression(&formula.value, found);
    }
    for target in &measure.targets {
        match &target.value.value {
            ast::TargetValue::Value(expr) => expression(expr, found),
            ast::TargetValue::Range(low, high) => {
                expression(low, found);
                expression(high, found);
            }
            ast::TargetValue::Relative { .. }
            | ast::TargetValue::Increase(_)
            | ast::TargetValue::Decrease(_) => {}
        }
        if let Some(Member::Name(path)) = target.value.scope.as_ref().map(|s| &s.member) {
            channel(path, found);
        }
    }
    for path in measure.channels.iter().flat_map(|c| &c.value) {
        channel(path, found);
    }
    if let Some(goal) = &measure.goal {
        found.push((Space::Goal, goal.value.key.clone()));
    }
}

/// `email`, `ga4.email`
fn channel(path: &ast::Path, found: &mut Vec<Need>) {
    match path.segments.as_slice() {
        [name] => found.push((Space::Channel, name.key.clone())),
        [block, _] => found.push((Space::Block, block.key.clone())),
        _ => {}
    }
}

fn expression(expr: &Expr, found: &mut Vec<Need>) {
    walk(expr, &mut |e| match &e.kind {
        ExprKind::Name(path) => match path.segments.as_slice() {
            [name] => {
                for space in [Space::Measure, Space::List, Space::Source] {
                    found.push((space, name.key.clone()));
                }
            }
            [head, name] if head.key == "std" => {
                found.push((Space::List, super::shipped::list_key(&name.key)));
            }
            [head, ..] => found.push((Space::Source, head.key.clone())),
            [] => {}
        },
        ExprKind::Call(call) => found.push((Space::Block, call.name.key.clone())),
        _ => {}
    });
}
