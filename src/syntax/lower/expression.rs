//! Expressions: from the flat list of the grammar to a tree, by precedence.
//!
//! Tightest first: `-x`, `??`, `* /`, `+ -`, comparisons, `not`, `and`, `or`. Chains of one level
//! stay flat. Recursion goes only into brackets and signs, whose depth the splitter has bounded.

use super::atom;
use super::context::Context;
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::ast::{Arg, Call, ChainOp, CompareOp, Expr, ExprKind, Link, Regex, UnaryOp};
use crate::syntax::grammar::{Node, Rule};
use std::iter::Peekable;

type Parts<'s> = Peekable<std::vec::IntoIter<Node<'s>>>;

/// The tree of an `expression`; none where a part of it had an error of its own.
pub(super) fn expression(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Expr> {
    let parts: Vec<Node<'_>> = node.children().collect();
    let mut parts = parts.into_iter().peekable();
    disjunction(cx, &mut parts)
}

/// The `expression` among a node's parts.
pub(super) fn expression_in(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Expr> {
    node.child(Rule::expression).and_then(|n| expression(cx, &n))
}

fn disjunction(cx: &mut Context<'_, '_, '_>, parts: &mut Parts<'_>) -> Option<Expr> {
    chain(cx, parts, conjunction, |text| matches!(text, "or" | "||" | "|").then_some(ChainOp::Or))
}

fn conjunction(cx: &mut Context<'_, '_, '_>, parts: &mut Parts<'_>) -> Option<Expr> {
    chain(cx, parts, negation, |text| matches!(text, "and" | "&&" | "&").then_some(ChainOp::And))
}

/// One level of operators over the next tighter one.
fn chain<'s>(
    cx: &mut Context<'_, '_, '_>,
    parts: &mut Parts<'s>,
    operand: fn(&mut Context<'_, '_, '_>, &mut Parts<'s>) -> Option<Expr>,
    of_level: fn(&str) -> Option<ChainOp>,
) -> Option<Expr> {
    let first = operand(cx, parts)?;
    let mut links = Vec::new();
    while let Some(op) =
        parts.peek().filter(|n| n.rule() == Rule::infix).and_then(|n| of_level(n.text()))
    {
        let op_span = parts.next()?.span();
        check_operator(cx, op_span);
        links.push(Link { op, op_span, operand: operand(cx, parts)? });
    }
    Some(match links.last() {
        None => first,
        Some(last) => {
            let span = first.span.to(last.operand.span);
            Expr { kind: ExprKind::Chain(Box::new(first), links), span }
        }
    })
}

fn negation(cx: &mut Context<'_, '_, '_>, parts: &mut Parts<'_>) -> Option<Expr> {
    let mut signs = Vec::new();
    while let Some(sign) =
        parts.next_if(|n| n.rule() == Rule::prefix && matches!(n.text(), "not" | "!"))
    {
        check_operator(cx, sign.span());
        signs.push(sign.span());
    }
    let operand = comparison(cx, parts)?;
    Some(signs.into_iter().rev().fold(operand, |inner, sign| {
        let span = sign.to(inner.span);
        Expr { kind: ExprKind::Unary(UnaryOp::Not, Box::new(inner)), span }
    }))
}

/// At most one comparison; a second one is reported with what was meant.
fn comparison(cx: &mut Context<'_, '_, '_>, parts: &mut Parts<'_>) -> Option<Expr> {
    let left = sum(cx, parts)?;
    if !parts.peek().is_some_and(is_comparison) {
        return Some(left);
    }
    let first = compare(cx, parts, left)?;
    if parts.peek().is_some_and(is_comparison) {
        second_comparison(cx, parts, &first)?;
    }
    Some(first)
}

fn is_comparison(node: &Node<'_>) -> bool {
    match node.rule() {
        Rule::null_test | Rule::membership | Rule::match_test => true,
        Rule::infix => compare_op(node.text()).is_some() || node.text().ends_with("between"),
        _ => false,
    }
}

pub(super) fn compare_op(text: &str) -> Option<CompareOp> {
    Some(match text {
        "==" | "=" | "===" => CompareOp::Equal,
        "!=" | "!==" | "<>" | "≠" => CompareOp::NotEqual,
        "<" => CompareOp::Less,
        "<=" | "=<" | "≤" => CompareOp::LessEqual,
        ">" => CompareOp::Greater,
        ">=" | "=>" | "≥" => CompareOp::GreaterEqual,
        _ => return None,
    })
}

fn compare(cx: &mut Context<'_, '_, '_>, parts: &mut Parts<'_>, left: Expr) -> Option<Expr> {
    let node = parts.next()?;
    let start = left.span;
    let value = Box::new(left);
    let (kind, end) = match node.rule() {
        Rule::null_test => {
            let negated = node.has(Rule::kw_not);
            (ExprKind::IsNull { value, negated }, node.span())
        }
        Rule::membership => {
            let negated = node.has(Rule::kw_not);
            let members = members(cx, &node)?;
            (ExprKind::In { value, members, negated }, node.span())
        }
        Rule::match_test => {
            let negated = node.child(Rule::match_op)?.text() == "!~";
            (ExprKind::Match { value, regex: pattern(cx, &node)?, negated }, node.span())
        }
        _ => {
            if let Some(op) = compare_op(node.text()) {
                check_operator(cx, node.span());
                let right = sum(cx, parts)?;
                let end = right.span;
                (ExprKind::Compare(value, op, Box::new(right)), end)
            } else {
                let negated = node.text().starts_with("not");
                return between(cx, parts, value, start, negated);
            }
        }
    };
    Some(Expr { kind, span: start.to(end) })
}

fn between(
    cx: &mut Context<'_, '_, '_>,
    parts: &mut Parts<'_>,
    value: Box<Expr>,
    start: Span,
    negated: bool,
) -> Option<Expr> {
    let low = Box::new(sum(cx, parts)?);
    let and = parts.next_if(|n| n.rule() == Rule::infix && matches!(n.text(), "and" | "&&"));
    let Some(and) = and else {
        cx.push(
            Diagnostic::new(&codes::UNEXPECTED, "`between` needs two bounds")
                .at(low.span, "only one is here")
                .help("write `between 1 and 9`"),
        );
        return None;
    };
    check_operator(cx, and.span());
    let high = Box::new(sum(cx, parts)?);
    let span = start.to(high.span);
    Some(Expr { kind: ExprKind::Between { value, low, high, negated }, span })
}

fn members(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Vec<Expr>> {
    if let Some(list) = node.child(Rule::members) {
        return list
            .children()
            .filter(|n| n.rule() == Rule::expression)
            .map(|n| expression(cx, &n))
            .collect();
    }
    let path = atom::path(&node.child(Rule::path)?);
    let span = path.span;
    Some(vec![Expr { kind: ExprKind::Name(path), span }])
}

fn pattern(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Regex> {
    if let Some(regex) = node.child(Rule::regex) {
        return Some(atom::regex(&regex));
    }
    let quoted = node.child(Rule::text)?;
    let text = atom::text(cx, &quoted);
    let right = format!("/{}/", text.value.replace('/', "\\/"));
    cx.push(
        Diagnostic::new(&codes::UNEXPECTED, "a regular expression stands between slashes")
            .at(text.span, "this is a text")
            .suggest(format!("write `{right}`"), text.span, right),
    );
    Some(Regex { pattern: text.value, ignore_case: false, span: text.span })
}

/// Reads what follows a comparison on its level, and says what to write instead.
fn second_comparison(
    cx: &mut Context<'_, '_, '_>,
    parts: &mut Parts<'_>,
    first: &Expr,
) -> Option<()> {
    let mut second: Option<(String, Span)> = None;
    let mut whole = first.span;
    let mut count = 1;
    while parts.peek().is_some_and(is_comparison) {
        let node = parts.next()?;
        let op = compare_op(node.text());
        whole = whole.to(node.span());
        count += 1;
        if let (Rule::infix, Some(_)) = (node.rule(), op) {
            let right = sum(cx, parts)?;
            whole = whole.to(right.span);
            second.get_or_insert((node.text().to_owned(), right.span));
        }
    }
    let diagnostic = Diagnostic::new(&codes::CHAINED_COMPARISON, "comparisons do not chain")
        .at(whole, "two comparisons in one");
    let diagnostic = match (&first.kind, second) {
        (ExprKind::Compare(left, op, middle), Some((second_op, right))) if count == 2 => {
            let slice = |span: Span| &cx.text[span.range()];
            let (left_text, middle_text) = (slice(left.span), slice(middle.span));
            let first_text = if is_literal(left) {
                format!("{middle_text} {} {left_text}", sign(flipped(*op)))
            } else {
                format!("{left_text} {} {middle_text}", sign(*op))
            };
            let right = format!("{first_text} and {middle_text} {second_op} {}", slice(right));
            diagnostic.suggest(format!("write `{right}`"), whole, right)
        }
        _ => diagnostic.help("join them with `and`"),
    };
    cx.push(diagnostic);
    Some(())
}

fn is_literal(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Number(_)
            | ExprKind::Money(..)
            | ExprKind::Quantity(_)
            | ExprKind::Date(_)
            | ExprKind::Text(_)
            | ExprKind::Unary(UnaryOp::Negate, _)
    )
}

fn flipped(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessEqual => CompareOp::GreaterEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterEqual => CompareOp::LessEqual,
        CompareOp::Equal | CompareOp::NotEqual => op,
    }
}

fn sign(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Equal => "==",
        CompareOp::NotEqual => "!=",
        CompareOp::Less => "<",
        CompareOp::LessEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterEqual => ">=",
    }
}

fn sum(cx: &mut Context<'_, '_, '_>, parts: &mut Parts<'_>) -> Option<Expr> {
    chain(cx, parts, product, |text| match text {
        "+" => Some(ChainOp::Add),
        "-" | "−" | "–" => Some(ChainOp::Subtract),
        _ => None,
    })
}

fn product(cx: &mut Context<'_, '_, '_>, parts: &mut Parts<'_>) -> Option<Expr> {
    chain(cx, parts, fallback, |text| match text {
        "*" | "×" | "**" => Some(ChainOp::Multiply),
        "/" | "÷" => Some(ChainOp::Divide),
        _ => None,
    })
}

fn fallback(cx: &mut Context<'_, '_, '_>, parts: &mut Parts<'_>) -> Option<Expr> {
    chain(cx, parts, signed, |text| (text == "??").then_some(ChainOp::Default))
}

fn signed(cx: &mut Context<'_, '_, '_>, parts: &mut Parts<'_>) -> Option<Expr> {
    let mut signs = Vec::new();
    while let Some(sign) = parts.next_if(|n| n.rule() == Rule::prefix) {
        let span = sign.span();
        check_operator(cx, span);
        let op = match sign.text() {
            "-" | "−" => UnaryOp::Negate,
            _ => UnaryOp::Not,
        };
        if op == UnaryOp::Not {
            cx.push(
                Diagnostic::new(&codes::UNEXPECTED, "`not` takes a whole condition")
                    .at(span, "a value is expected here")
                    .help("put brackets around it: `a == (not b)`"),
            );
        }
        signs.push((op, span));
    }
    let operand = primary(cx, &parts.next()?)?;
    Some(signs.into_iter().rev().fold(operand, |inner, (op, sign)| {
        let span = sign.to(inner.span);
        Expr { kind: ExprKind::Unary(op, Box::new(inner)), span }
    }))
}

fn primary(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Expr> {
    let span = node.span();
    let kind = match node.rule() {
        Rule::date => ExprKind::Date(atom::date(cx, node)?),
        Rule::period => ExprKind::Period(atom::period(cx, node)?),
        Rule::amount => return amount(cx, node),
        Rule::truth => ExprKind::Bool(node.text() == "true"),
        Rule::null => ExprKind::Null,
        Rule::path => ExprKind::Name(atom::path(node)),
        Rule::text => ExprKind::Text(atom::text(cx, node).value),
        Rule::regex => ExprKind::Regex(atom::regex(node)),
        Rule::call => ExprKind::Call(call(cx, node)?),
        Rule::brackets => return Some(Expr { span, ..expression_in(cx, node)? }),
        _ => return None,
    };
    Some(Expr { kind, span })
}

fn amount(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Expr> {
    let figure = node.child(Rule::number)?;
    if node.has(Rule::duration) {
        let quantity = atom::quantity(cx, node)?;
        return Some(Expr { span: quantity.span, kind: ExprKind::Quantity(quantity) });
    }
    let number = atom::number(cx, &figure)?;
    Some(match node.child(Rule::currency) {
        Some(currency) => {
            let currency = atom::ident(&currency);
            let span = figure.span().to(currency.span);
            Expr { kind: ExprKind::Money(number, currency), span }
        }
        None => Expr { kind: ExprKind::Number(number), span: figure.span() },
    })
}

fn call(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Call> {
    let name = atom::ident(&node.first()?);
    let mut args = Vec::new();
    let mut filter: Option<Box<Expr>> = None;
    for argument in node.children().filter(|n| n.rule() == Rule::argument) {
        let name = argument.child(Rule::argument_name).map(|n| atom::ident(&n));
        args.push(Arg { name, value: expression_in(cx, &argument)? });
        let Some(condition) = argument.child(Rule::filter) else { continue };
        let expr = expression_in(cx, &condition)?;
        if filter.is_some() {
            let word = condition.child(Rule::kw_where)?.span();
            cx.push(atom::twice("where", word).help("join the conditions with `and`"));
        } else {
            filter = Some(Box::new(expr));
        }
    }
    Some(Call { name, args, filter })
}

/// Reports an operator of another language, with the right one.
pub(super) fn check_operator(cx: &mut Context<'_, '_, '_>, span: Span) {
    let text = &cx.text[span.range()];
    let right = match text {
        "&&" | "&" => "and",
        "||" | "|" => "or",
        "!" => "not ",
        "=" | "===" => "==",
        "!==" | "<>" | "≠" => "!=",
        "=>" | "≥" => ">=",
        "=<" | "≤" => "<=",
        "×" => "*",
        "÷" => "/",
        "−" | "–" => "-",
        "**" => {
            let diagnostic = Diagnostic::new(&codes::WRONG_OPERATOR, "there are no powers")
                .at(span, "not an operator")
                .help("multiply instead: `a * a`");
            return cx.push(diagnostic);
        }
        _ => return,
    };
    let message = if text == "=" {
        "`=` does not compare".to_owned()
    } else {
        format!("`{text}` is not an operator")
    };
    let title = format!("write `{}`", right.trim());
    cx.push(
        Diagnostic::new(&codes::WRONG_OPERATOR, message)
            .at(span, "not an operator of the language")
            .suggest(title, span, right),
    );
}
