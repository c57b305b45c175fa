//! Expressions over one row: from the syntax tree to a typed, resolved expression.

use std::collections::HashSet;

use super::Context;
use super::arithmetic::arithmetic;
use super::comparison::{between, compare, compare_op, kinds, membership, same, unquoted};
use super::demand::{condition, number, text};
use super::functions;
use super::lookup::looked_up;
use super::names::unknown;
use super::table::Table;
use super::types::{Type, Typed, word};
use super::units::{Doing, Scalar};
use super::{dates, literal, regexes};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::model::row::{Case, ColumnId, RowExpr};
use crate::model::source::ColumnType;
use crate::source::Span;
use crate::syntax::ast::{self, ChainOp, Expr, ExprKind, Link, UnaryOp};
use crate::value::Unit;

/// Where the names of a row expression are looked up.
#[derive(Debug)]
pub(super) enum Scope<'s, 'a> {
    /// In the columns of a source.
    Table(&'s mut Table<'a>),
    /// In the parameters of a block of channels; there text ignores case.
    Parameters(&'s mut Parameters<'a>),
}

/// The parameters of a block of channels, each with the type that its use gives it.
#[derive(Debug)]
pub(super) struct Parameters<'a> {
    /// The block.
    pub(super) block: &'a ast::Channels,
    /// One a parameter.
    pub(super) types: Vec<Option<ColumnType>>,
    /// Names that are none, each told once.
    pub(super) missing: HashSet<String>,
}

impl Scope<'_, '_> {
    /// How texts compare here.
    pub(super) fn case(&self) -> Case {
        match self {
            Self::Table(_) => Case::Sensitive,
            Self::Parameters(_) => Case::Folded,
        }
    }

    /// Gives undeclared columns their type. One that another part of the same expression has given
    /// another type is a mistake.
    pub(super) fn settle(
        &mut self,
        ids: &[ColumnId],
        ty: &ColumnType,
        at: Span,
        out: &mut Diagnostics,
    ) {
        for id in ids {
            let (name, known) = match self {
                Self::Table(table) => {
                    table.settle(*id, ty, at);
                    let slot = table.slot(*id);
                    (slot.name.as_str(), slot.ty.as_ref())
                }
                Self::Parameters(parameters) => {
                    let at = id.0 as usize;
                    parameters.types[at].get_or_insert_with(|| ty.clone());
                    (parameters.block.parameters[at].text.as_str(), parameters.types[at].as_ref())
                }
            };
            if let Some(known) = known.filter(|known| known.cell() != ty.cell()) {
                out.push(two_types(name, known, ty, at));
            }
        }
    }
}

/// A column of undeclared type that is used as two.
fn two_types(name: &str, one: &ColumnType, other: &ColumnType, at: Span) -> Diagnostic {
    let (one, other) = (word(one), word(other));
    let message = format!("`{name}` is used as {one} and as {other}");
    Diagnostic::new(&codes::TYPE_MISMATCH, message)
        .at(at, format!("used as {other}"))
        .help(format!("declare its type: `{name}: ...` in `columns`"))
}

/// Checks an expression over one row. A mistake gives one message and [`Type::Unknown`].
pub(super) fn check(expr: &Expr, scope: &mut Scope<'_, '_>, cx: &mut Context<'_, '_>) -> Typed {
    let span = expr.span;
    let constant = |expr, ty| Typed::new(expr, ty, span);
    match &expr.kind {
        ExprKind::Number(n) => constant(RowExpr::Number(literal::decimal(*n)), number_type(*n)),
        ExprKind::Money(n, code) => {
            let unit = cx.currency(code).map_or(Scalar::Unknown, |c| Scalar::Of(Unit::Money(c)));
            constant(RowExpr::Number(literal::decimal(*n)), Type::Number(unit))
        }
        ExprKind::Quantity(quantity) => duration(quantity, span, cx),
        ExprKind::Date(date) => match dates::day(*date, cx.out) {
            Some(day) => constant(RowExpr::Date(day), Type::Date),
            None => constant(RowExpr::Null, Type::Unknown),
        },
        ExprKind::Period(_) => {
            let found = Diagnostic::new(&codes::TYPE_MISMATCH, "a row has a day, not a period")
                .at(span, "this is a period")
                .help(
                    "compare with its first and last day: `day between 2026-06-01 and 2026-06-30`",
                );
            mistake(found, span, cx)
        }
        ExprKind::Text(text) => constant(RowExpr::Text(text.clone()), Type::Text),
        ExprKind::Regex(_) => {
            let found = Diagnostic::new(&codes::TYPE_MISMATCH, "a regular expression is no value")
                .at(span, "a regular expression")
                .help("compare with it: `medium =~ /^cpc$/`");
            mistake(found, span, cx)
        }
        ExprKind::Bool(value) => constant(RowExpr::Bool(*value), Type::Bool),
        ExprKind::Null => constant(RowExpr::Null, Type::Null),
        ExprKind::Name(path) => name(path, scope, cx),
        ExprKind::Unary(UnaryOp::Negate, inner) => {
            let inner = check(inner, scope, cx);
            let ty = number(&inner, "`-` takes a number", scope, cx);
            Typed::new(RowExpr::Negate(Box::new(inner.expr)), ty, span)
        }
        ExprKind::Unary(UnaryOp::Not, inner) => {
            let inner = condition(inner, scope, cx);
            Typed::new(RowExpr::Not(Box::new(inner)), Type::Bool, span)
        }
        ExprKind::Chain(first, links) => chain(first, links, span, scope, cx),
        ExprKind::Compare(left, op, right) => {
            let left = check(left, scope, cx);
            let right =
                unquoted(&left, right, scope, cx).unwrap_or_else(|| check(right, scope, cx));
            compare(left, compare_op(*op), right, span, scope, cx)
        }
        ExprKind::Match { value, regex, negated } => {
            let value = check(value, scope, cx);
            text(&value, "a regular expression matches a text", scope, cx);
            let Some(pattern) = regexes::pattern(regex, scope.case(), cx.out) else {
                return Typed::new(RowExpr::Null, Type::Bool, span);
            };
            let matched = RowExpr::Match(Box::new(value.expr), pattern);
            Typed::new(negate(matched, *negated), Type::Bool, span)
        }
        ExprKind::In { value, members, negated } => {
            let value = check(value, scope, cx);
            let found = membership(value, members, scope, cx);
            Typed::new(negate(found, *negated), Type::Bool, span)
        }
        ExprKind::Between { value, low, high, negated } => {
            let value = check(value, scope, cx);
            let (low, high) = (check(low, scope, cx), check(high, scope, cx));
            let found = between(value, low, high, scope, cx);
            Typed::new(negate(found, *negated), Type::Bool, span)
        }
        ExprKind::IsNull { value, negated } => {
            let value = check(value, scope, cx);
            let found = RowExpr::IsNull(Box::new(value.expr));
            Typed::new(negate(found, *negated), Type::Bool, span)
        }
        ExprKind::Call(call) => functions::call(call, span, scope, cx),
    }
}

/// The type of a number as written.
fn number_type(number: ast::Number) -> Type {
    Type::Number(scalar(number))
}

/// The unit of a number as written.
pub(super) fn scalar(number: ast::Number) -> Scalar {
    if number.percent {
        Scalar::Of(Unit::Percent)
    } else if number.mantissa == 0 {
        Scalar::Zero
    } else {
        Scalar::Bare
    }
}

fn duration(quantity: &ast::Quantity, span: Span, cx: &mut Context<'_, '_>) -> Typed {
    match literal::seconds(quantity) {
        Some(seconds) => {
            let unit = Scalar::Of(Unit::Duration);
            Typed::new(RowExpr::Number(seconds), Type::Number(unit), span)
        }
        None => mistake(no_duration(span), span, cx),
    }
}

/// `2 months` where a duration is due.
pub(super) fn no_duration(span: Span) -> Diagnostic {
    Diagnostic::new(&codes::TYPE_MISMATCH, "months, quarters and years have no fixed length")
        .at(span, "not a duration")
        .help("write it in weeks, days or hours")
}

/// Reports a mistake; the expression is unknown from here on.
pub(super) fn mistake(found: Diagnostic, span: Span, cx: &mut Context<'_, '_>) -> Typed {
    cx.out.push(found);
    Typed::unknown(span)
}

fn negate(expr: RowExpr, negated: bool) -> RowExpr {
    if negated { RowExpr::Not(Box::new(expr)) } else { expr }
}

/// A name: a column, bare or qualified, or a parameter.
fn name(path: &ast::Path, scope: &mut Scope<'_, '_>, cx: &mut Context<'_, '_>) -> Typed {
    let span = path.span;
    match scope {
        Scope::Parameters(parameters) => {
            let [name] = path.segments.as_slice() else {
                let found = Diagnostic::new(
                    &codes::UNKNOWN_COLUMN,
                    "a rule of channels sees its parameters only",
                )
                .at(span, "not a parameter")
                .help("hand the column over: add it to the brackets behind the block's name");
                return mistake(found, span, cx);
            };
            let known = &parameters.block.parameters;
            let Some(at) = known.iter().position(|p| p.key == name.key) else {
                if !parameters.missing.insert(name.key.clone()) {
                    return Typed::unknown(span);
                }
                let known = known.iter().map(|p| p.text.as_str());
                let mut found = unknown(&codes::UNKNOWN_COLUMN, "parameter", name, known);
                if found.help.is_none() {
                    let block = &parameters.block.name.text;
                    found = found.help(format!("add it to the brackets behind `{block}`"));
                }
                return mistake(found, span, cx);
            };
            let id = ColumnId(at as u32);
            let ty = parameters.types[at].as_ref().map_or(Type::Open(vec![id]), Type::of);
            Typed::new(RowExpr::Column(id), ty, span)
        }
        Scope::Table(table) => match path.segments.as_slice() {
            [name] => column(table, name, span, cx),
            [source, name] if source.key == table.key() => column(table, name, span, cx),
            [source, name] => looked_up(table, source, name, span, cx),
            _ => mistake(too_deep(span), span, cx),
        },
    }
}

/// `customers.rates.rate`
fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(&codes::UNKNOWN_COLUMN, "a column is named by its source and its name")
        .at(span, "more than two names")
        .help("what a looked-up row looks up itself is a column to be declared there")
}

fn column(table: &mut Table<'_>, name: &ast::Ident, span: Span, cx: &mut Context<'_, '_>) -> Typed {
    match table.resolve(name, cx.out) {
        Some(id) => Typed::new(RowExpr::Column(id), table.type_of(id), span),
        None => Typed::unknown(span),
    }
}

/// `a + b - c` and the other chains.
fn chain(
    first: &Expr,
    links: &[Link],
    span: Span,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    match links.first().map(|l| l.op) {
        Some(ChainOp::And | ChainOp::Or) => {
            let is_and = links[0].op == ChainOp::And;
            let mut all = vec![condition(first, scope, cx)];
            all.extend(links.iter().map(|l| condition(&l.operand, scope, cx)));
            let expr = if is_and { RowExpr::And(all) } else { RowExpr::Or(all) };
            Typed::new(expr, Type::Bool, span)
        }
        Some(ChainOp::Default) => {
            let mut all = vec![check(first, scope, cx)];
            all.extend(links.iter().map(|l| check(&l.operand, scope, cx)));
            let ty = same(&kinds(&all), Doing::Default, scope, cx);
            Typed::new(RowExpr::Default(all.into_iter().map(|t| t.expr).collect()), ty, span)
        }
        _ => arithmetic(first, links, scope, cx),
    }
}
