//! Blocks of channels: their rules once as an expression over parameters, and the calls that put
//! columns in.

use std::collections::HashSet;

use super::Context;
use super::demand::condition;
use super::functions::arity;
use super::row::{self, Parameters, Scope};
use super::shadow::{self, Closed};
use super::types::{Type, Typed};
use super::{comparison, demand};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::row::{ColumnId, RowExpr};
use crate::model::source::ColumnType;
use crate::source::Span;
use crate::syntax::ast::{self, Call, ChannelCondition};

/// The rules of a block, over its parameters: parameter 0 is column 0.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    types: Vec<Option<ColumnType>>,
    cases: Vec<(RowExpr, String)>,
    otherwise: Option<String>,
}

/// Checks the rules of every block.
pub(super) fn check(cx: &mut Context<'_, '_>) -> Vec<Rules> {
    let blocks: Vec<&ast::Channels> = cx.names.blocks.items().collect();
    blocks.into_iter().map(|block| rules(block, cx)).collect()
}

fn rules(block: &ast::Channels, cx: &mut Context<'_, '_>) -> Rules {
    duplicates(block, cx);
    let types = vec![None; block.parameters.len()];
    let mut parameters = Parameters { block, types, missing: HashSet::new() };
    let mut cases: Vec<(RowExpr, String)> = Vec::new();
    let mut written: Vec<&ast::ChannelRule> = Vec::new();
    let mut otherwise: Option<(String, Span)> = None;
    for rule in &block.rules {
        if let Some((_, before)) = &otherwise {
            cx.out.push(unreachable(rule, *before));
            continue;
        }
        match &rule.condition {
            ChannelCondition::When(test) => {
                let test = condition(test, &mut Scope::Parameters(&mut parameters), cx);
                cases.push((test, rule.name.text.clone()));
                written.push(rule);
            }
            ChannelCondition::Otherwise(span) => otherwise = Some((rule.name.text.clone(), *span)),
            ChannelCondition::None => {}
        }
    }
    if !cx.texts.is_borrowed(block.name.span) {
        let tests: Vec<&RowExpr> = cases.iter().map(|(test, _)| test).collect();
        for (at, why) in shadow::closed(&tests) {
            cx.out.push(shadowed(&written, at, &why));
        }
    }
    Rules { types: parameters.types, cases, otherwise: otherwise.map(|(name, _)| name) }
}

fn unreachable(rule: &ast::ChannelRule, otherwise: Span) -> Diagnostic {
    let message = format!("no row can be of channel `{}`", rule.name.text);
    Diagnostic::new(&codes::UNREACHABLE_CHANNEL, message)
        .at(rule.name.span, "stands behind `otherwise`")
        .at(otherwise, "takes every row that is left")
        .help("move the rule before `otherwise`")
}

/// So many of the rules that stand before another one are shown.
const SHOWN: usize = 3;

/// A rule that earlier ones leave nothing to, or that excludes itself.
fn shadowed(rules: &[&ast::ChannelRule], at: usize, why: &Closed) -> Diagnostic {
    let rule = rules[at];
    let message = format!("no row can be of channel `{}`", rule.name.text);
    let found = Diagnostic::new(&codes::UNREACHABLE_CHANNEL, message);
    match why {
        Closed::Contradiction => found
            .at(rule.name.span, "its condition excludes itself")
            .help("join what excludes one another by `or`, or remove the rule"),
        Closed::Taken(earlier) => {
            let names: Vec<String> =
                earlier.iter().map(|e| format!("`{}`", rules[*e].name.text)).collect();
            let label = format!("{} takes its rows first", names.join(" or "));
            let mut found = found.at(rule.name.span, label);
            for earlier in earlier.iter().take(SHOWN) {
                found = found.at(rules[*earlier].name.span, "stands before it");
            }
            found.help("move the rule up, or remove it")
        }
    }
}

fn duplicates(block: &ast::Channels, cx: &mut Context<'_, '_>) {
    let mut seen = std::collections::HashMap::new();
    for rule in &block.rules {
        if let Some(first) = seen.insert(rule.name.key.as_str(), rule.name.span) {
            let message = format!("channel `{}` is defined twice", rule.name.text);
            cx.out.push(
                Diagnostic::new(&codes::DUPLICATE_NAME, message)
                    .at(rule.name.span, "the second definition")
                    .at(first, "the first definition")
                    .help("choose another name, or join the two conditions by `or`"),
            );
        }
    }
}

/// `marketing(source, medium)` in a row expression.
pub(super) fn call(
    call: &Call,
    block: u32,
    item: &ast::Channels,
    span: Span,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    let nothing = Typed::new(RowExpr::Null, Type::Text, span);
    if item.parameters.is_empty() {
        let message = format!("the channels `{}` have no rules over rows", item.name.text);
        let found = Diagnostic::new(&codes::BAD_ARGUMENTS, message)
            .at(call.name.span, "only names areas")
            .at(item.name.span, "defined here");
        cx.out.push(found);
        return nothing;
    }
    let due = item.parameters.len();
    if arity(call, due, due, cx).is_none() {
        return nothing;
    }
    let args: Vec<Typed> = call.args.iter().map(|a| row::check(&a.value, scope, cx)).collect();
    let Some(rules) = cx.rules.get(block as usize).cloned() else { return nothing };
    for (arg, ty) in args.iter().zip(&rules.types) {
        let why = format!("the rules of `{}` compare this with a text", item.name.text);
        match ty {
            None => {}
            Some(ColumnType::Text | ColumnType::Id) => demand::text(arg, &why, scope, cx),
            Some(other) => {
                let due = Typed::new(RowExpr::Null, Type::of(other), arg.span);
                let both = [(due.ty, arg.span), (arg.ty.clone(), arg.span)];
                comparison::same(&both, super::units::Doing::Compare, scope, cx);
            }
        }
    }
    let args: Vec<RowExpr> = args.into_iter().map(|a| a.expr).collect();
    let cases = rules.cases.into_iter().map(|(test, name)| (put_in(test, &args), name)).collect();
    Typed::new(RowExpr::Cases(cases, rules.otherwise), Type::Text, span)
}

/// The expression with the arguments in place of the parameters.
fn put_in(expr: RowExpr, args: &[RowExpr]) -> RowExpr {
    let one = |e: Box<RowExpr>| Box::new(put_in(*e, args));
    let all = |es: Vec<RowExpr>| es.into_iter().map(|e| put_in(e, args)).collect();
    match expr {
        RowExpr::Column(ColumnId(at)) => args[at as usize].clone(),
        RowExpr::Number(_)
        | RowExpr::Text(_)
        | RowExpr::Bool(_)
        | RowExpr::Date(_)
        | RowExpr::Null => expr,
        RowExpr::Negate(e) => RowExpr::Negate(one(e)),
        RowExpr::Arithmetic(first, steps) => {
            let steps = steps.into_iter().map(|(op, e)| (op, put_in(e, args))).collect();
            RowExpr::Arithmetic(one(first), steps)
        }
        RowExpr::Elapsed(a, b) => RowExpr::Elapsed(one(a), one(b)),
        RowExpr::Default(es) => RowExpr::Default(all(es)),
        RowExpr::Compare(a, op, b) => RowExpr::Compare(one(a), op, one(b)),
        RowExpr::And(es) => RowExpr::And(all(es)),
        RowExpr::Or(es) => RowExpr::Or(all(es)),
        RowExpr::Not(e) => RowExpr::Not(one(e)),
        RowExpr::IsNull(e) => RowExpr::IsNull(one(e)),
        RowExpr::In(e, members, case) => RowExpr::In(one(e), members, case),
        RowExpr::Between(a, b, c) => RowExpr::Between(one(a), one(b), one(c)),
        RowExpr::Match(e, pattern) => RowExpr::Match(one(e), pattern),
        RowExpr::If(a, b, c) => RowExpr::If(one(a), one(b), one(c)),
        RowExpr::Cases(cases, otherwise) => {
            let cases = cases.into_iter().map(|(e, name)| (put_in(e, args), name)).collect();
            RowExpr::Cases(cases, otherwise)
        }
        RowExpr::Call(function, es) => RowExpr::Call(function, all(es)),
    }
}
