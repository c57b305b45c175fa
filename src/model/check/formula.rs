//! Formulas: from the syntax tree to a tree over aggregates and measures, with its unit.

use std::collections::{BTreeSet, HashMap};

use super::Context;
use super::additivity::{Flow, Hazard};
use super::comparison::compare_op;
use super::names::{Found, meant};
use super::owner;
use super::row::{no_duration, scalar};
use super::table::Table;
use super::units::{self, Doing, Scalar, Side};
use super::{aggregate, calls, literal};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::formula::{Aggregate, AggregateId, AggregateOp, Condition, Node, Place, Sign};
use crate::model::measure::MeasureId;
use crate::model::row::{ColumnId, CompareOp, RowExpr};
use crate::model::source::SourceId;
use crate::source::Span;
use crate::syntax::ast::{self, Call, ChainOp, Expr, ExprKind, Link, UnaryOp};
use crate::time::Grain;
use crate::value::{Number, Unit};

/// What is known of a measure that another one names.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// In what it is measured.
    pub(super) unit: Scalar,
    /// Whether it adds up.
    pub(super) flow: Flow,
    /// From which sources it is computed.
    pub(super) sources: BTreeSet<SourceId>,
}

impl Facts {
    /// Of a measure that has a mistake, or that is only stated.
    pub(super) fn unknown() -> Self {
        Self { unit: Scalar::Unknown, flow: Flow::Unknown, sources: BTreeSet::new() }
    }
}

/// The aggregates of all formulas, each once.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// In order of first use.
    pub(super) all: Vec<Aggregate>,
    ids: HashMap<PoolKey, AggregateId>,
}

type PoolKey = ((SourceId, AggregateOp), [Option<RowExpr>; 3], [Option<ColumnId>; 2]);

impl Pool {
    /// Takes an aggregate in, or finds the same one.
    pub(super) fn add(&mut self, aggregate: Aggregate) -> AggregateId {
        let Aggregate { source, op, value, weight, condition, on, per, .. } = &aggregate;
        let parts = [value.clone(), weight.clone(), condition.clone()];
        let key = ((*source, *op), parts, [*on, *per]);
        if let Some(id) = self.ids.get(&key) {
            return *id;
        }
        let id = AggregateId(self.all.len() as u32);
        self.ids.insert(key, id);
        self.all.push(aggregate);
        id
    }
}

/// What the check of one formula reads and writes.
#[derive(Debug)]
pub(super) struct Desk<'d, 'a> {
    /// The columns of every source.
    pub(super) tables: &'d mut [Table<'a>],
    /// The aggregates so far.
    pub(super) pool: &'d mut Pool,
    /// What is known of each measure; those that this one needs are done.
    pub(super) facts: &'d [Facts],
    /// The sources of this formula so far.
    pub(super) sources: BTreeSet<SourceId>,
    /// The measures that it names, with the grain of the sub-periods that they are asked by.
    pub(super) named: Vec<(MeasureId, Option<Grain>)>,
    /// Sums that may count twice.
    pub(super) hazards: Vec<Hazard>,
    /// The grain of the sub-periods of the `each:` that the check is inside of.
    pub(super) each: Option<Grain>,
}

impl<'d, 'a> Desk<'d, 'a> {
    /// For a formula of its own.
    pub(super) fn new(tables: &'d mut [Table<'a>], pool: &'d mut Pool, facts: &'d [Facts]) -> Self {
        Self {
            tables,
            pool,
            facts,
            sources: BTreeSet::new(),
            named: Vec::new(),
            hazards: Vec::new(),
            each: None,
        }
    }
}

/// A checked part of a formula.
#[derive(Clone, Debug)]
pub(super) struct Value {
    /// The node.
    pub(super) node: Node,
    /// In what it is measured.
    pub(super) unit: Scalar,
    /// Whether it adds up.
    pub(super) flow: Flow,
    /// Where it stands.
    pub(super) span: Span,
}

impl Value {
    /// What stands in for a mistake that has been reported.
    pub(super) fn unknown(span: Span) -> Self {
        Self::new(Node::Value(Number::ZERO), Scalar::Unknown, Flow::Unknown, span)
    }

    /// A value of its parts.
    pub(super) fn new(node: Node, unit: Scalar, flow: Flow, span: Span) -> Self {
        Self { node, unit, flow, span }
    }
}

/// Reports a mistake; the value is unknown from here on.
pub(super) fn mistake(found: Diagnostic, span: Span, cx: &mut Context<'_, '_>) -> Value {
    cx.out.push(found);
    Value::unknown(span)
}

/// Checks a formula or a part of one.
pub(super) fn check(expr: &Expr, desk: &mut Desk<'_, '_>, cx: &mut Context<'_, '_>) -> Value {
    let span = expr.span;
    match &expr.kind {
        ExprKind::Number(n) => constant(literal::number(*n), scalar(*n), span),
        ExprKind::Money(n, code) => {
            let unit = cx.currency(code).map_or(Scalar::Unknown, |c| Scalar::Of(Unit::Money(c)));
            constant(literal::number(*n), unit, span)
        }
        ExprKind::Quantity(quantity) => match literal::seconds(quantity) {
            Some(seconds) => constant(seconds.to_number(), Scalar::Of(Unit::Duration), span),
            None => mistake(no_duration(span), span, cx),
        },
        ExprKind::Name(path) => name(path, desk, cx),
        ExprKind::Unary(UnaryOp::Negate, inner) => {
            let inner = check(inner, desk, cx);
            let node = match inner.node {
                Node::Value(number) => Node::Value(number.neg()),
                other => Node::Negate(Box::new(other)),
            };
            Value { node, span, ..inner }
        }
        ExprKind::Chain(first, links) => chain(first, links, span, desk, cx),
        ExprKind::Call(call) => function(call, span, desk, cx),
        ExprKind::Unary(UnaryOp::Not, _)
        | ExprKind::Compare(..)
        | ExprKind::Match { .. }
        | ExprKind::In { .. }
        | ExprKind::Between { .. }
        | ExprKind::IsNull { .. }
        | ExprKind::Bool(_) => mistake(not_a_number(span, "a condition"), span, cx),
        ExprKind::Date(_) => mistake(not_a_number(span, "a date"), span, cx),
        ExprKind::Period(_) => mistake(not_a_number(span, "a period"), span, cx),
        ExprKind::Text(_) => mistake(not_a_number(span, "a text"), span, cx),
        ExprKind::Regex(_) => mistake(not_a_number(span, "a regular expression"), span, cx),
        ExprKind::Null => mistake(not_a_number(span, "`null`"), span, cx),
    }
}

fn constant(number: Number, unit: Scalar, span: Span) -> Value {
    let flow = if number.is_zero() { Flow::Nought } else { Flow::Constant };
    Value::new(Node::Value(number), unit, flow, span)
}

fn not_a_number(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&codes::TYPE_MISMATCH, format!("a formula gives a number, and this is {what}"))
        .at(span, what)
        .help("conditions belong behind `where`, or into `if(condition, a, b)`")
}

/// `visits`: a measure; `web.visits` belongs into an aggregate.
fn name(path: &ast::Path, desk: &mut Desk<'_, '_>, cx: &mut Context<'_, '_>) -> Value {
    let span = path.span;
    let [name] = path.segments.as_slice() else {
        let found = owner::bare_column(path, desk, cx);
        return found.map_or_else(|| Value::unknown(span), |found| mistake(found, span, cx));
    };
    match cx.names.find(&cx.names.measures, &name.key) {
        Found::Item(at, _) => measure(MeasureId(at), span, desk),
        Found::Silent => Value::unknown(span),
        Found::Nowhere => mistake(unknown_name(name, desk, cx), span, cx),
    }
}

/// A measure that the formula names.
pub(super) fn measure(id: MeasureId, span: Span, desk: &mut Desk<'_, '_>) -> Value {
    let facts = &desk.facts[id.0 as usize];
    desk.sources.extend(&facts.sources);
    desk.named.push((id, desk.each));
    Value::new(Node::Measure(id), facts.unit.clone(), facts.flow, span)
}

fn unknown_name(name: &ast::Ident, desk: &Desk<'_, '_>, cx: &Context<'_, '_>) -> Diagnostic {
    let found = Diagnostic::new(&codes::UNKNOWN_NAME, format!("unknown name `{}`", name.text))
        .at(name.span, "no metric or KPI of that name");
    if cx.names.sources.entry(&name.key).is_some() {
        let count = format!("count({})", name.text);
        return found.suggest(
            format!("it is a source: its rows are counted by `{count}`"),
            name.span,
            count,
        );
    }
    let owner = desk.tables.iter().find(|t| t.known(&name.key).is_some());
    if let Some(table) = owner {
        let sum = format!("sum({}.{})", table.item.name.text, name.text);
        return found.help(format!("a column stands in an aggregate, with its source: `{sum}`"));
    }
    meant(found, name, cx.names.known_measures())
}

/// `a + b - c`, `a * b / c`, `a ?? b`
fn chain(
    first: &Expr,
    links: &[Link],
    span: Span,
    desk: &mut Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Value {
    match links.first().map(|l| l.op) {
        Some(ChainOp::And | ChainOp::Or) => mistake(not_a_number(span, "a condition"), span, cx),
        Some(ChainOp::Default) => defaults(first, links, span, desk, cx),
        Some(ChainOp::Add | ChainOp::Subtract) => sum(first, links, desk, cx),
        _ => product(first, links, desk, cx),
    }
}

/// Both sides for the algebra of units.
fn sides<'s>(left: &'s Value, right: &'s Value, cx: &Context<'s, '_>) -> (Side<'s>, Side<'s>) {
    let side = |v: &'s Value| Side { unit: &v.unit, span: v.span, text: cx.texts.slice(v.span) };
    (side(left), side(right))
}

/// The unit of a step, or a message and nothing known.
fn unit_of(found: Result<Scalar, Box<Diagnostic>>, cx: &mut Context<'_, '_>) -> Scalar {
    found.unwrap_or_else(|diagnostic| {
        cx.out.push(*diagnostic);
        Scalar::Unknown
    })
}

fn sum(first: &Expr, links: &[Link], desk: &mut Desk<'_, '_>, cx: &mut Context<'_, '_>) -> Value {
    let mut acc = check(first, desk, cx);
    let mut terms = vec![(Sign::Plus, acc.node.clone())];
    for link in links {
        let right = check(&link.operand, desk, cx);
        let (sign, doing) = match link.op {
            ChainOp::Subtract => (Sign::Minus, Doing::Subtract),
            _ => (Sign::Plus, Doing::Add),
        };
        let (left, side) = sides(&acc, &right, cx);
        let unit = units::alike(doing, left, side);
        acc.unit = unit_of(unit, cx);
        acc.flow = acc.flow.plus(right.flow);
        acc.span = acc.span.to(right.span);
        terms.push((sign, right.node));
    }
    Value { node: Node::Sum(terms), ..acc }
}

fn product(
    first: &Expr,
    links: &[Link],
    desk: &mut Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Value {
    let mut acc = check(first, desk, cx);
    let mut factors = vec![(Place::Above, acc.node.clone())];
    for link in links {
        let right = check(&link.operand, desk, cx);
        let (left, side) = sides(&acc, &right, cx);
        let (place, unit, flow) = if link.op == ChainOp::Divide {
            (Place::Below, units::per(left, side), acc.flow.over(right.flow))
        } else {
            (Place::Above, units::times(left, side), acc.flow.times(right.flow))
        };
        acc.unit = unit_of(unit, cx);
        acc.flow = flow;
        acc.span = acc.span.to(right.span);
        factors.push((place, right.node));
    }
    Value { node: Node::Product(factors), ..acc }
}

fn defaults(
    first: &Expr,
    links: &[Link],
    span: Span,
    desk: &mut Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Value {
    let mut acc = check(first, desk, cx);
    let mut nodes = vec![acc.node.clone()];
    for link in links {
        let right = check(&link.operand, desk, cx);
        let (left, side) = sides(&acc, &right, cx);
        let unit = units::alike(Doing::Default, left, side);
        acc.unit = unit_of(unit, cx);
        acc.flow = acc.flow.or(right.flow);
        nodes.push(right.node);
    }
    Value { node: Node::Default(nodes), span, ..acc }
}

/// A call: an aggregate, or a function of values.
fn function(call: &Call, span: Span, desk: &mut Desk<'_, '_>, cx: &mut Context<'_, '_>) -> Value {
    let name = call.name.key.as_str();
    if aggregate::is_name(name) {
        aggregate::check(call, span, desk, cx)
    } else if calls::is_name(name) {
        calls::check(call, span, desk, cx)
    } else {
        let known = aggregate::NAMES.into_iter().chain(calls::NAMES);
        let message = format!("unknown function `{}`", call.name.text);
        let found = Diagnostic::new(&codes::UNKNOWN_FUNCTION, message)
            .at(call.name.span, "no function of that name");
        mistake(meant(found, &call.name, known), span, cx)
    }
}

/// The unit of several values that must be alike.
pub(super) fn alike(values: &[Value], doing: Doing, cx: &mut Context<'_, '_>) -> Scalar {
    let mut rest = values.iter();
    let Some(first) = rest.next() else { return Scalar::Unknown };
    let mut acc = Value::new(Node::Value(Number::ZERO), first.unit.clone(), first.flow, first.span);
    for value in rest {
        let (left, right) = sides(&acc, value, cx);
        let unit = units::alike(doing, left, right);
        acc.unit = unit_of(unit, cx);
    }
    acc.unit
}

/// A condition over values, for `if`.
pub(super) fn condition(
    expr: &Expr,
    desk: &mut Desk<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Condition {
    let not = |negated: bool, c: Condition| {
        if negated { Condition::Not(Box::new(c)) } else { c }
    };
    match &expr.kind {
        ExprKind::Bool(true) => Condition::And(Vec::new()),
        ExprKind::Bool(false) => Condition::Or(Vec::new()),
        ExprKind::Unary(UnaryOp::Not, inner) => {
            Condition::Not(Box::new(condition(inner, desk, cx)))
        }
        ExprKind::Chain(first, links)
            if matches!(links.first().map(|l| l.op), Some(ChainOp::And | ChainOp::Or)) =>
        {
            let mut all = vec![condition(first, desk, cx)];
            all.extend(links.iter().map(|l| condition(&l.operand, desk, cx)));
            if links[0].op == ChainOp::And { Condition::And(all) } else { Condition::Or(all) }
        }
        ExprKind::Compare(left, op, right) => {
            let (left, right) = (check(left, desk, cx), check(right, desk, cx));
            compared(left, compare_op(*op), right, cx)
        }
        ExprKind::Between { value, low, high, negated } => {
            let value = check(value, desk, cx);
            let (low, high) = (check(low, desk, cx), check(high, desk, cx));
            let from = compared(value.clone(), CompareOp::GreaterEqual, low, cx);
            let to = compared(value, CompareOp::LessEqual, high, cx);
            not(*negated, Condition::And(vec![from, to]))
        }
        ExprKind::In { value, members, negated } => {
            let value = check(value, desk, cx);
            let any = members.iter().map(|m| {
                let member = check(m, desk, cx);
                compared(value.clone(), CompareOp::Equal, member, cx)
            });
            let any = Condition::Or(any.collect());
            not(*negated, any)
        }
        ExprKind::IsNull { value, negated } => {
            let value = check(value, desk, cx);
            not(*negated, Condition::IsNull(value.node))
        }
        _ => {
            let found = Diagnostic::new(&codes::TYPE_MISMATCH, "`if` needs a condition")
                .at(expr.span, "not a condition")
                .help("compare it: `visits > 0`");
            cx.out.push(found);
            Condition::And(Vec::new())
        }
    }
}

fn compared(left: Value, op: CompareOp, right: Value, cx: &mut Context<'_, '_>) -> Condition {
    let both = [left, right];
    alike(&both, Doing::Compare, cx);
    let [left, right] = both;
    Condition::Compare(left.node, op, right.node)
}
