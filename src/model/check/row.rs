//! Expressions over one row: from the syntax tree to a typed, resolved expression.

use std::collections::HashSet;

use super::Context;
use super::functions;
use super::lists;
use super::names::unknown;
use super::table::Table;
use super::types::{Type, Typed};
use super::units::{self, Doing, Scalar, Side};
use super::{dates, literal, regexes};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::row::{Arithmetic, Case, ColumnId, CompareOp, Comparison, RowExpr, RowFunction};
use crate::model::source::ColumnType;
use crate::source::Span;
use crate::syntax::ast::{self, ChainOp, Expr, ExprKind, Link, UnaryOp};
use crate::value::{Decimal, Unit};

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

    fn settle(&mut self, id: ColumnId, ty: ColumnType, at: Span) {
        match self {
            Self::Table(table) => table.settle(id, ty, at),
            Self::Parameters(parameters) => {
                parameters.types[id.0 as usize].get_or_insert(ty);
            }
        }
    }
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
            let (left, right) = (check(left, scope, cx), check(right, scope, cx));
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

/// The model's word for an operator.
pub(super) fn compare_op(op: ast::CompareOp) -> CompareOp {
    match op {
        ast::CompareOp::Equal => CompareOp::Equal,
        ast::CompareOp::NotEqual => CompareOp::NotEqual,
        ast::CompareOp::Less => CompareOp::Less,
        ast::CompareOp::LessEqual => CompareOp::LessEqual,
        ast::CompareOp::Greater => CompareOp::Greater,
        ast::CompareOp::GreaterEqual => CompareOp::GreaterEqual,
    }
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
                let found = unknown(&codes::UNKNOWN_COLUMN, "parameter", name, known);
                return mistake(found, span, cx);
            };
            let id = ColumnId(at as u32);
            let ty = parameters.types[at].as_ref().map_or(Type::Open(id), Type::of);
            Typed::new(RowExpr::Column(id), ty, span)
        }
        Scope::Table(table) => match path.segments.as_slice() {
            [name] => column(table, name, span, cx),
            [source, name] if source.key == table.key() => column(table, name, span, cx),
            [source, name] => functions::looked_up(table, source, name, span, cx),
            _ => Typed::unknown(span),
        },
    }
}

fn column(table: &mut Table<'_>, name: &ast::Ident, span: Span, cx: &mut Context<'_, '_>) -> Typed {
    match table.resolve(name, cx.out) {
        Some(id) => Typed::new(RowExpr::Column(id), table.type_of(id), span),
        None => Typed::unknown(span),
    }
}

/// Checks a condition; what is none becomes a message.
pub(super) fn condition(
    expr: &Expr,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> RowExpr {
    let found = check(expr, scope, cx);
    match &found.ty {
        Type::Bool | Type::Unknown | Type::Null => {}
        Type::Open(id) => scope.settle(*id, ColumnType::Bool, found.span),
        other => {
            let message = format!("a condition is needed, and this is {}", other.noun());
            let text = cx.texts.slice(found.span);
            let help = match other {
                Type::Text => format!("compare it: `{text} == \"...\"`"),
                Type::Number(_) => format!("compare it: `{text} > 0`"),
                _ => format!("compare it: `{text} is not null`"),
            };
            let diagnostic =
                Diagnostic::new(&codes::TYPE_MISMATCH, message).at(found.span, other.noun());
            cx.out.push(with_origin(diagnostic, &found, scope).help(help));
        }
    }
    found.expr
}

/// Demands a number; gives its type.
pub(super) fn number(
    found: &Typed,
    why: &str,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Type {
    match &found.ty {
        Type::Number(unit) => Type::Number(unit.clone()),
        Type::Unknown | Type::Null => Type::number(),
        Type::Open(id) => {
            scope.settle(*id, ColumnType::Number, found.span);
            Type::number()
        }
        other => {
            mismatch(found, why, other.noun(), scope, cx);
            Type::number()
        }
    }
}

/// Demands a text.
pub(super) fn text(found: &Typed, why: &str, scope: &mut Scope<'_, '_>, cx: &mut Context<'_, '_>) {
    match &found.ty {
        Type::Text | Type::Unknown | Type::Null => {}
        Type::Open(id) => scope.settle(*id, ColumnType::Text, found.span),
        other => mismatch(found, why, other.noun(), scope, cx),
    }
}

/// Demands a day, with or without a time.
pub(super) fn day(found: &Typed, why: &str, scope: &mut Scope<'_, '_>, cx: &mut Context<'_, '_>) {
    match &found.ty {
        Type::Date | Type::Timestamp | Type::Unknown | Type::Null => {}
        Type::Open(id) => scope.settle(*id, ColumnType::Date, found.span),
        other => mismatch(found, why, other.noun(), scope, cx),
    }
}

/// Demands a moment.
pub(super) fn moment(
    found: &Typed,
    why: &str,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) {
    match &found.ty {
        Type::Timestamp | Type::Unknown | Type::Null => {}
        Type::Open(id) => scope.settle(*id, ColumnType::Timestamp, found.span),
        other => mismatch(found, why, other.noun(), scope, cx),
    }
}

/// "`lower` takes a text": and this is something else.
fn mismatch(found: &Typed, why: &str, noun: &str, scope: &Scope<'_, '_>, cx: &mut Context<'_, '_>) {
    let message = format!("{why}, and this is {noun}");
    let diagnostic = Diagnostic::new(&codes::TYPE_MISMATCH, message).at(found.span, noun);
    cx.out.push(with_origin(diagnostic, found, scope));
}

/// Says where an undeclared column got its type.
fn with_origin(diagnostic: Diagnostic, found: &Typed, scope: &Scope<'_, '_>) -> Diagnostic {
    let Scope::Table(table) = scope else { return diagnostic };
    match table.settled(&found.expr) {
        Some((slot, word, at)) => {
            let help = format!("declare its type: `{}: ...` in `columns`", slot.name);
            diagnostic.at(at, format!("used as {word} here")).help(help)
        }
        None => diagnostic,
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

/// `a + b - c`, `a * b / c`, and the difference of two dates.
fn arithmetic(
    first: &Expr,
    links: &[Link],
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    let mut acc = check(first, scope, cx);
    let mut steps: Vec<(Arithmetic, RowExpr)> = Vec::new();
    for link in links {
        let right = check(&link.operand, scope, cx);
        if link.op == ChainOp::Subtract && steps.is_empty() && (is_day(&acc) || is_day(&right)) {
            acc = elapsed(acc, right, scope, cx);
            continue;
        }
        let (left_unit, right_unit) = (operand(&acc, scope, cx), operand(&right, scope, cx));
        let left = Side { unit: &left_unit, span: acc.span, text: cx.texts.slice(acc.span) };
        let text = cx.texts.slice(right.span);
        let right_side = Side { unit: &right_unit, span: right.span, text };
        let (op, unit) = match link.op {
            ChainOp::Add => (Arithmetic::Add, units::alike(Doing::Add, left, right_side)),
            ChainOp::Subtract => {
                (Arithmetic::Subtract, units::alike(Doing::Subtract, left, right_side))
            }
            ChainOp::Multiply => (Arithmetic::Multiply, units::times(left, right_side)),
            _ => (Arithmetic::Divide, units::per(left, right_side)),
        };
        let unit = unit.unwrap_or_else(|found| {
            cx.out.push(*found);
            Scalar::Unknown
        });
        steps.push((op, right.expr));
        acc.ty = Type::Number(unit);
        acc.span = acc.span.to(right.span);
    }
    if !steps.is_empty() {
        acc.expr = RowExpr::Arithmetic(Box::new(acc.expr), steps);
    }
    acc
}

fn is_day(typed: &Typed) -> bool {
    matches!(typed.ty, Type::Date | Type::Timestamp)
}

/// The unit of an operand of arithmetic.
fn operand(found: &Typed, scope: &mut Scope<'_, '_>, cx: &mut Context<'_, '_>) -> Scalar {
    match number(found, "arithmetic takes numbers", scope, cx) {
        Type::Number(unit) => unit,
        _ => Scalar::Unknown,
    }
}

/// `shipped - created`: two dates, or two timestamps.
fn elapsed(
    left: Typed,
    right: Typed,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    let span = left.span.to(right.span);
    let ty = Type::Number(Scalar::Of(Unit::Duration));
    let known = if is_day(&left) { left.ty.clone() } else { right.ty.clone() };
    let column = if known == Type::Date { ColumnType::Date } else { ColumnType::Timestamp };
    for side in [&left, &right] {
        match &side.ty {
            Type::Open(id) => scope.settle(*id, column.clone(), side.span),
            Type::Unknown | Type::Null => {}
            other if *other == known => {}
            other => {
                let message =
                    format!("{} and {} have no difference", left.ty.noun(), right.ty.noun());
                let help = "take the difference of two dates or of two timestamps; \
                            a number of days between any two gives `days_between(a, b)`";
                let found = Diagnostic::new(&codes::TYPE_MISMATCH, message)
                    .at(side.span, other.noun())
                    .help(help);
                return mistake(found, span, cx);
            }
        }
    }
    Typed::new(RowExpr::Elapsed(Box::new(left.expr), Box::new(right.expr)), ty, span)
}

/// The one type of several values: of `??`, of the branches of `if`, of `least`.
pub(super) fn same(
    all: &[Kind],
    doing: Doing,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Type {
    let mut found: Option<(Type, Span)> = None;
    for (ty, at) in all {
        match ty {
            Type::Unknown | Type::Null | Type::Open(_) => {}
            ty => match &mut found {
                None => found = Some((ty.clone(), *at)),
                Some((Type::Number(unit), span)) if matches!(ty, Type::Number(_)) => {
                    let Type::Number(other) = ty else { continue };
                    let left = Side { unit, span: *span, text: cx.texts.slice(*span) };
                    let right = Side { unit: other, span: *at, text: cx.texts.slice(*at) };
                    match units::alike(doing, left, right) {
                        Ok(both) => *unit = both,
                        Err(diagnostic) => {
                            cx.out.push(*diagnostic);
                            return Type::Unknown;
                        }
                    }
                }
                Some((known, _)) if known == ty => {}
                Some((known, span)) => {
                    let (one, other) = (known.noun(), ty.noun());
                    let message = format!("one type is needed: here are {one} and {other}");
                    cx.out.push(
                        Diagnostic::new(&codes::TYPE_MISMATCH, message)
                            .at(*at, ty.noun())
                            .at(*span, known.noun()),
                    );
                    return Type::Unknown;
                }
            },
        }
    }
    let Some((ty, _)) = found else { return Type::Unknown };
    for (open, at) in all {
        if let (Type::Open(id), Some(column)) = (open, column_type(&ty)) {
            scope.settle(*id, column, *at);
        }
    }
    ty
}

/// A type and its place: what it takes to compare types.
pub(super) type Kind = (Type, Span);

/// The types of several values.
pub(super) fn kinds(all: &[Typed]) -> Vec<Kind> {
    all.iter().map(kind).collect()
}

fn kind(typed: &Typed) -> Kind {
    (typed.ty.clone(), typed.span)
}

/// What an undeclared column is when it meets a value of this type.
fn column_type(ty: &Type) -> Option<ColumnType> {
    match ty {
        Type::Number(_) => Some(ColumnType::Number),
        Type::Text => Some(ColumnType::Text),
        Type::Bool => Some(ColumnType::Bool),
        Type::Date => Some(ColumnType::Date),
        Type::Timestamp => Some(ColumnType::Timestamp),
        Type::Unknown | Type::Null | Type::Open(_) => None,
    }
}

/// `a < b`
fn compare(
    left: Typed,
    op: CompareOp,
    right: Typed,
    span: Span,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    let expr = compared(left, op, right, scope, cx);
    Typed::new(expr, Type::Bool, span)
}

/// A comparison of two values of one type; of a moment with a day, by its day.
pub(super) fn compared(
    left: Typed,
    op: CompareOp,
    right: Typed,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> RowExpr {
    let comparison = Comparison { op, case: scope.case() };
    match (&left.ty, &right.ty) {
        (Type::Timestamp, Type::Date) | (Type::Date, Type::Timestamp) => {
            let nought = RowExpr::Number(Decimal::ZERO);
            let days = RowExpr::Call(RowFunction::DaysBetween, vec![right.expr, left.expr]);
            return RowExpr::Compare(Box::new(days), comparison, Box::new(nought));
        }
        // Two columns that nothing has given a type: as texts, until one is declared.
        (Type::Open(a), Type::Open(b)) => {
            scope.settle(*a, ColumnType::Text, left.span);
            scope.settle(*b, ColumnType::Text, right.span);
        }
        (Type::Number(_), Type::Number(_)) => {
            same(&[kind(&left), kind(&right)], Doing::Compare, scope, cx);
        }
        (a, b) => {
            let settled = (column_type(a), column_type(b));
            match (a, b, settled) {
                (Type::Open(id), _, (_, Some(ty))) => scope.settle(*id, ty, left.span),
                (_, Type::Open(id), (Some(ty), _)) => scope.settle(*id, ty, right.span),
                (Type::Unknown | Type::Null | Type::Open(_), ..)
                | (_, Type::Unknown | Type::Null | Type::Open(_), _) => {}
                (a, b, _) if a == b => {}
                (a, b, _) => {
                    let message = format!("{} and {} cannot be compared", a.noun(), b.noun());
                    let found = Diagnostic::new(&codes::TYPE_MISMATCH, message)
                        .at(right.span, b.noun())
                        .at(left.span, a.noun());
                    let found = with_origin(with_origin(found, &left, scope), &right, scope);
                    cx.out.push(comparison_help(found, &left, &right, cx));
                }
            }
        }
    }
    RowExpr::Compare(
        Box::new(fold(left.expr, scope)),
        comparison,
        Box::new(fold(right.expr, scope)),
    )
}

/// What to do about a text beside a number or a date, where it is plain.
fn comparison_help(
    found: Diagnostic,
    left: &Typed,
    right: &Typed,
    cx: &Context<'_, '_>,
) -> Diagnostic {
    let unquoted = |text: &Typed, other: &Typed| {
        let RowExpr::Text(value) = &text.expr else { return None };
        let fits = match other.ty {
            Type::Number(_) => value.parse::<Decimal>().is_ok(),
            Type::Date | Type::Timestamp => crate::time::Date::parse_iso(value).is_some(),
            _ => false,
        };
        fits.then(|| (text.span, value.clone()))
    };
    let quoted = |text: &Typed, other: &Typed| {
        let constant = matches!(other.expr, RowExpr::Number(_) | RowExpr::Date(_));
        (text.ty == Type::Text && constant)
            .then(|| (other.span, format!("\"{}\"", cx.texts.slice(other.span))))
    };
    let fix = unquoted(left, right)
        .or_else(|| unquoted(right, left))
        .or_else(|| quoted(left, right))
        .or_else(|| quoted(right, left));
    match fix {
        Some((span, text)) => found.suggest(format!("write `{text}`"), span, text),
        None => found,
    }
}

/// A constant text in lower case where case does not count.
fn fold(expr: RowExpr, scope: &Scope<'_, '_>) -> RowExpr {
    match expr {
        RowExpr::Text(text) if scope.case() == Case::Folded => RowExpr::Text(text.to_lowercase()),
        other => other,
    }
}

/// `low <= value <= high`
fn between(
    value: Typed,
    low: Typed,
    high: Typed,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> RowExpr {
    let mixed = |a: &Typed, b: &Typed| {
        matches!((&a.ty, &b.ty), (Type::Timestamp, Type::Date) | (Type::Date, Type::Timestamp))
    };
    if mixed(&value, &low) || mixed(&value, &high) {
        let from = compared(value.clone(), CompareOp::GreaterEqual, low, scope, cx);
        let to = compared(value, CompareOp::LessEqual, high, scope, cx);
        return RowExpr::And(vec![from, to]);
    }
    same(&[kind(&value), kind(&low), kind(&high)], Doing::Compare, scope, cx);
    RowExpr::Between(Box::new(value.expr), Box::new(low.expr), Box::new(high.expr))
}

/// `value in (...)`: constants, or the members of a list.
fn membership(
    value: Typed,
    members: &[Expr],
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> RowExpr {
    let mut constants: Vec<Typed> = Vec::new();
    for member in members {
        if let ExprKind::Name(path) = &member.kind {
            let texts = lists::members(path, cx);
            let span = member.span;
            constants
                .extend(texts.into_iter().map(|t| Typed::new(RowExpr::Text(t), Type::Text, span)));
            if constants.is_empty() {
                constants.push(Typed::unknown(span));
            }
            continue;
        }
        let found = check(member, scope, cx);
        let constant = matches!(
            found.expr,
            RowExpr::Text(_)
                | RowExpr::Number(_)
                | RowExpr::Date(_)
                | RowExpr::Bool(_)
                | RowExpr::Null
        );
        let negative =
            matches!(&found.expr, RowExpr::Negate(n) if matches!(**n, RowExpr::Number(_)));
        if constant || negative {
            constants.push(folded_negation(found));
        } else if found.ty != Type::Unknown {
            let diagnostic = Diagnostic::new(&codes::TYPE_MISMATCH, "`in` looks among constants")
                .at(found.span, "not a constant")
                .help("compare with `==` and `or`");
            cx.out.push(diagnostic);
        }
    }
    let mut all = vec![kind(&value)];
    all.extend(constants.iter().map(kind));
    same(&all, Doing::Compare, scope, cx);
    let members = constants.into_iter().filter(|c| c.ty != Type::Unknown);
    let members = members.map(|c| fold(c.expr, scope)).collect();
    RowExpr::In(Box::new(value.expr), members, scope.case())
}

/// `-1` among constants is a constant.
fn folded_negation(typed: Typed) -> Typed {
    match typed.expr {
        RowExpr::Negate(inner) => match *inner {
            RowExpr::Number(n) => {
                let negative = Decimal::new(-n.mantissa(), n.scale());
                Typed { expr: RowExpr::Number(negative), ..typed }
            }
            other => Typed { expr: RowExpr::Negate(Box::new(other)), ..typed },
        },
        _ => typed,
    }
}
