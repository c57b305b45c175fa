//! `test`: lines that claim a number.

use super::context::Context;
use super::item::{head, needs_block};
use super::{atom, expression, target};
use crate::diagnostic::{Diagnostic, codes};
use crate::syntax::ast::{Claim, ItemKind, Test, TestLine};
use crate::syntax::grammar::{Node, Rule};
use crate::syntax::split::{RawBlock, Run};

pub(super) fn test(
    cx: &mut Context<'_, '_, '_>,
    run: Run,
    block: Option<&RawBlock>,
) -> Option<ItemKind> {
    let head = head(cx, run, Rule::text_head, "test");
    needs_block(cx, run, block, "test");
    let mut lines = Vec::new();
    let statements = block.map_or(&[][..], |b| &b.statements);
    for statement in statements {
        if statement.block.is_some() {
            let span = cx.token_span(statement.run.first);
            cx.push(
                Diagnostic::new(&codes::MISPLACED_BLOCK, "a test holds no block")
                    .at(span, "begins a block")
                    .help("write a claim a line: `visits in 2026-06 == 120`"),
            );
            continue;
        }
        let node = cx.read(Rule::test_line, statement.run, "this claim");
        lines.extend(node.and_then(|node| line(cx, statement.run, &node)));
    }
    let title = atom::localized_in(cx, &head?)?;
    Some(ItemKind::Test(Test { title, lines }))
}

fn line(cx: &mut Context<'_, '_, '_>, run: Run, node: &Node<'_>) -> Option<TestLine> {
    let measure = atom::first_name(node)?;
    let when = atom::when(cx, &node.child(Rule::when)?)?;
    let mut scopes = Vec::new();
    let mut by = Vec::new();
    for part in node.children() {
        match part.rule() {
            Rule::test_scopes => {
                for scope in part.children().filter(|n| n.rule() == Rule::scope) {
                    scopes.push(target::scope(cx, &scope)?);
                }
            }
            Rule::test_by => by.extend(atom::names(&part)),
            _ => {}
        }
    }
    let claim = claim(cx, &node.child(Rule::claim)?)?;
    Some(TestLine { measure, when, scopes, by, claim, span: cx.run_span(run) })
}

fn claim(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Claim> {
    let Some(op) = node.child(Rule::claim_op) else {
        return Some(match node.child(Rule::text) {
            Some(status) => Claim::Status(atom::text(cx, &status)),
            None => Claim::IsNull(!node.has(Rule::kw_not)),
        });
    };
    expression::check_operator(cx, op.span());
    let op = expression::compare_op(op.text())?;
    let mut values = node.children().filter(|n| n.rule() == Rule::expression);
    let value = expression::expression(cx, &values.next()?)?;
    let tolerance = match values.next() {
        Some(tolerance) => Some(expression::expression(cx, &tolerance)?),
        None => None,
    };
    Some(Claim::Compare(op, value, tolerance))
}
