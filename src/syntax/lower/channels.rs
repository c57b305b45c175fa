//! `channels`: which rows belong to which channel.

use super::context::Context;
use super::item::{head, needs_block};
use super::{atom, expression};
use crate::diagnostic::{Diagnostic, codes};
use crate::syntax::ast::{ChannelCondition, ChannelRule, Channels, ItemKind};
use crate::syntax::grammar::{Node, Rule};
use crate::syntax::split::{RawBlock, Run};
use crate::syntax::token::Kind;

pub(super) fn channels(
    cx: &mut Context<'_, '_, '_>,
    run: Run,
    block: Option<&RawBlock>,
) -> Option<ItemKind> {
    let head = head(cx, run, Rule::channels_head, "channels");
    needs_block(cx, run, block, "channels");
    let statements = block.map_or(&[][..], |b| &b.statements);
    let mut rules = Vec::new();
    for statement in statements {
        if statement.block.is_some() {
            let span = cx.token_span(statement.run.first);
            cx.push(
                Diagnostic::new(&codes::MISPLACED_BLOCK, "a channels block holds no block")
                    .at(span, "begins a block")
                    .help("write a rule a line: `email \"Email\" when medium == \"email\"`"),
            );
            continue;
        }
        let node = cx.read(Rule::channel_line, statement.run, "this rule");
        let rule = node.and_then(|node| rule(cx, statement.run, &node));
        rules.extend(rule.or_else(|| unreadable(cx, statement.run)));
    }
    let head = head?;
    let name = atom::first_name(&head)?;
    let parameters = atom::names(&head);
    Some(ItemKind::Channels(Channels { name, parameters, rules }))
}

/// What is left of a rule that cannot be read: its channel, so that those who name it are right.
fn unreadable(cx: &Context<'_, '_, '_>, run: Run) -> Option<ChannelRule> {
    let named = cx.tokens.get(run.first).filter(|t| matches!(t.kind, Kind::Word | Kind::Quoted));
    let name = atom::ident_of(cx.word(run.first), named?.span(cx.file()));
    let span = cx.run_span(run);
    Some(ChannelRule { name, title: None, condition: ChannelCondition::None, span })
}

fn rule(cx: &mut Context<'_, '_, '_>, run: Run, node: &Node<'_>) -> Option<ChannelRule> {
    let name = atom::first_name(node)?;
    let title = atom::localized_in(cx, node);
    let condition = if let Some(otherwise) = node.child(Rule::kw_otherwise) {
        ChannelCondition::Otherwise(otherwise.span())
    } else if node.has(Rule::expression) {
        ChannelCondition::When(expression::expression_in(cx, node)?)
    } else {
        ChannelCondition::None
    };
    Some(ChannelRule { name, title, condition, span: cx.run_span(run) })
}
