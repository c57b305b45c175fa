//! A channel that no KPI speaks of: none names it, none has a target for it, none is broken down
//! by its block.

use std::collections::BTreeSet;

use super::Subject;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{ChannelBlock, ColumnOrigin, Purpose, RowExpr};
use crate::syntax::ast;

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let purposes: Vec<&Purpose> =
        subject.model.kpis().filter_map(|(_, m)| m.purpose.as_deref()).collect();
    if purposes.is_empty() {
        return;
    }
    let named: BTreeSet<_> = purposes.iter().flat_map(|p| &p.channels).collect();
    let scopes = purposes.iter().flat_map(|p| &p.targets).filter_map(|t| t.scope.as_ref());
    let mut members: BTreeSet<&str> = scopes.map(|s| s.member.as_str()).collect();
    // A formula that asks for a channel speaks of it: `where channel == "email"`.
    for condition in subject.model.aggregates.iter().filter_map(|a| a.condition.as_ref()) {
        members.extend(texts(condition));
    }
    for block in subject.model.channels.iter().filter(|b| subject.is_own(b.span)) {
        if is_broken_down(subject, block, &purposes) {
            continue;
        }
        for channel in &block.channels {
            let known = named.contains(&block.name_of(channel)) || members.contains(&*channel.name);
            let at = place(subject, block, &channel.key).unwrap_or(block.span);
            // An area of a library is the library's, though the block is joined with it.
            if !known && subject.is_own(at) {
                let message = format!("no KPI speaks of channel `{}`", channel.name);
                let help = "name it in the `channels:` of a KPI, or leave it out";
                let found = Diagnostic::new(&codes::CHANNEL_WITHOUT_KPI, message);
                out.push(found.at(at, "no KPI").help(help));
            }
        }
    }
}

/// Whether a KPI has a breakdown by a column that the block's rules fill.
fn is_broken_down(subject: &Subject<'_>, block: &ChannelBlock, purposes: &[&Purpose]) -> bool {
    let filled = |origin: &ColumnOrigin| match origin {
        ColumnOrigin::Computed(RowExpr::Cases(cases, rest)) => {
            let mut texts = cases.iter().map(|(_, text)| text).chain(rest);
            texts.all(|text| block.channels.iter().any(|c| c.name == *text))
        }
        _ => false,
    };
    let columns = subject.model.sources.iter().flat_map(|s| &s.columns);
    let keys: BTreeSet<&str> =
        columns.filter(|c| filled(&c.origin)).map(|c| c.key.as_str()).collect();
    let figures = subject.model.reports.iter().flat_map(|r| &r.sections).flat_map(|s| &s.figures);
    let mut shown = purposes.iter().flat_map(|p| &p.by).chain(figures.flat_map(|f| &f.by));
    shown.any(|by| keys.contains(by.as_str()))
}

/// The texts that a condition compares with.
fn texts(condition: &RowExpr) -> Vec<&str> {
    let mut found = Vec::new();
    let mut todo = vec![condition];
    while let Some(expr) = todo.pop() {
        match expr {
            RowExpr::Text(text) => found.push(text.as_str()),
            RowExpr::Compare(a, _, b) => todo.extend([a.as_ref(), b.as_ref()]),
            RowExpr::And(all) | RowExpr::Or(all) | RowExpr::In(_, all, _) => todo.extend(all),
            RowExpr::Not(a) => todo.push(a),
            _ => {}
        }
    }
    found
}

fn place(subject: &Subject<'_>, block: &ChannelBlock, key: &str) -> Option<crate::source::Span> {
    let items = subject.files.iter().flat_map(|f| &f.items);
    let mut blocks = items.filter_map(|item| match &item.kind {
        ast::ItemKind::Channels(found) if found.name.span == block.span => Some(found),
        _ => None,
    });
    let rule = blocks.next()?.rules.iter().find(|r| r.name.key == key)?;
    Some(rule.name.span)
}
