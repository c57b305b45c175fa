//! `target:` with its clauses, which come in any order.

use super::context::Context;
use super::{atom, expression};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::ast::{
    Because, Member, Number, Reference, Scope, Target, TargetValue, Text, When,
};
use crate::syntax::grammar::{Node, Rule};
use crate::syntax::{numeral, words};

pub(super) fn target(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Target> {
    let mut target = Target {
        value: value(cx, node)?,
        from: None,
        by: None,
        starting: None,
        per: None,
        scope: None,
        because: None,
    };
    let mut seen: Vec<Rule> = Vec::new();
    for clause in node.children() {
        let rule = clause.rule();
        if word(rule).is_none() {
            continue;
        }
        if seen.contains(&rule) {
            report_twice(cx, &clause);
            continue;
        }
        seen.push(rule);
        read_clause(cx, &clause, &mut target)?;
    }
    Some(target)
}

/// The word that a clause begins with.
fn word(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::from_clause => "from",
        Rule::by_clause => "by",
        Rule::starting_clause => "starting",
        Rule::per_clause => "per",
        Rule::scope_clause => "for",
        Rule::because_clause => "because",
        _ => return None,
    })
}

fn report_twice(cx: &mut Context<'_, '_, '_>, clause: &Node<'_>) {
    let Some(word) = word(clause.rule()) else { return };
    let start = clause.span().start;
    let span = Span { start, end: start + word.len() as u32, ..clause.span() };
    cx.push(atom::twice(word, span));
}

fn read_clause(cx: &mut Context<'_, '_, '_>, clause: &Node<'_>, target: &mut Target) -> Option<()> {
    match clause.rule() {
        Rule::from_clause => target.from = Some(atom::when(cx, &clause.child(Rule::when)?)?),
        Rule::by_clause => target.by = Some(atom::date(cx, &clause.child(Rule::date)?)?),
        Rule::starting_clause => {
            let value = expression::expression_in(cx, clause)?;
            let date = atom::date(cx, &clause.child(Rule::date)?)?;
            target.starting = Some((value, date));
        }
        Rule::per_clause => {
            let name = atom::first_name(clause)?;
            target.per = Some(atom::word_of(cx, name, &words::GRAINS, "a period")?);
        }
        Rule::scope_clause => target.scope = Some(scope(cx, &clause.child(Rule::scope)?)?),
        _ => {
            let trigger = match atom::first_name(clause) {
                Some(name) => atom::word_of(cx, name, &words::TRIGGERS, "a trigger word"),
                None => None,
            };
            let text = atom::text(cx, &clause.child(Rule::text)?);
            target.because = Some(Because { trigger, text });
        }
    }
    Some(())
}

/// `channel email`, `device "mobile"`
pub(super) fn scope(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Scope> {
    let dimension = atom::first_name(node)?;
    let member = if let Some(path) = node.child(Rule::path) {
        Member::Name(atom::path(&path))
    } else if let Some(text) = node.child(Rule::text) {
        Member::Text(atom::text(cx, &text))
    } else {
        let number = node.child(Rule::number)?;
        let plain = |c: char| numeral::digit(c).and_then(|d| char::from_digit(d, 10)).unwrap_or(c);
        let value = number.text().chars().map(plain).collect();
        Member::Text(Text { value, span: number.span() })
    };
    Some(Scope { dimension, member })
}

fn value(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<TargetValue> {
    let mut parts = node.children();
    let first = parts.next()?;
    match first.rule() {
        Rule::direction if first.text() == "increase" => Some(TargetValue::Increase(first.span())),
        Rule::direction => Some(TargetValue::Decrease(first.span())),
        Rule::relative => relative(cx, &first),
        _ => {
            let low = expression::expression(cx, &first)?;
            match parts.next().filter(|n| n.rule() == Rule::expression) {
                Some(high) => Some(TargetValue::Range(low, expression::expression(cx, &high)?)),
                None => Some(TargetValue::Value(low)),
            }
        }
    }
}

fn relative(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<TargetValue> {
    let figure = node.child(Rule::number)?;
    let number = atom::number(cx, &figure)?;
    let sign = node.child(Rule::sign);
    let Some(sign) = sign else {
        let right = format!("+{}", figure.text());
        cx.push(
            Diagnostic::new(&codes::UNEXPECTED, "a relative target begins with `+` or `-`")
                .at(figure.span(), "more, or less?")
                .suggest(format!("write `{right}`"), figure.span(), right),
        );
        return None;
    };
    expression::check_operator(cx, sign.span());
    let negative = sign.text() != "+";
    let mantissa = if negative { -number.mantissa } else { number.mantissa };
    let points = node.has(Rule::kw_points);
    let over = node.children().last()?;
    let span = sign.span().to(over.span());
    let over = reference(cx, &over)?;
    let amount = Number { mantissa, ..number };
    Some(TargetValue::Relative { amount, points, over, span })
}

fn reference(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Reference> {
    let span = node.span();
    Some(match node.rule() {
        Rule::kw_previous => Reference::Previous(span),
        Rule::last_year => Reference::LastYear(span),
        Rule::kw_baseline => Reference::Baseline(span),
        _ => match atom::when(cx, node)? {
            When::Period(period) => Reference::Period(period),
            When::Day(_) => {
                cx.push(
                    Diagnostic::new(&codes::UNEXPECTED, "a target is relative to a period")
                        .at(span, "a day")
                        .help("write a period: `2025-Q4`, `2025-12`, `2025`"),
                );
                return None;
            }
        },
    })
}
