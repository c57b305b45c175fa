//! The functions of a row, and what stands in for those that this version does not evaluate.

use super::Context;
use super::comparison;
use super::demand::{self, condition};
use super::names::{Found, meant};
use super::row::{self, Scope, mistake};
use super::types::{Type, Typed};
use super::units::{Doing, Scalar};
use super::{channels, convert, literal, ranks, regexes};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::row::{Case, RowExpr, RowFunction};
use crate::model::source::Rank;
use crate::source::Span;
use crate::syntax::ast::{Call, Expr, ExprKind};
use crate::time::{CalendarKind, DateFormat};
use crate::value::Unit;

/// The functions of a row.
pub(super) const NAMES: [&str; 31] = [
    "if",
    "lower",
    "upper",
    "trim",
    "contains",
    "starts_with",
    "ends_with",
    "replace",
    "extract",
    "length",
    "year",
    "quarter",
    "month",
    "week",
    "weekday",
    "day",
    "hour",
    "days_between",
    "number",
    "date",
    "abs",
    "round",
    "least",
    "greatest",
    "hours",
    "days",
    "nth",
    "first_seen",
    "convert",
    "ga4",
    "ua",
];

/// Checks a call in a row expression.
pub(super) fn call(
    call: &Call,
    span: Span,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    let name = call.name.key.as_str();
    if let Some(filter) = &call.filter {
        let found = Diagnostic::new(&codes::BAD_ARGUMENTS, format!("`{name}` has no `where`"))
            .at(filter.span, "not here")
            .help("a `where` belongs to an aggregate such as `sum`");
        return mistake(found, span, cx);
    }
    if let Some(named) = call.args.iter().find_map(|a| a.name.as_ref()) {
        let message = format!("`{name}` has no argument `{}`", named.text);
        let found = Diagnostic::new(&codes::BAD_ARGUMENTS, message).at(named.span, "not here");
        return mistake(found, span, cx);
    }
    if let Found::Item(at, block) = cx.names.find(&cx.names.blocks, &call.name.key)
        && cx.names.blocks.entry(&call.name.key).is_some()
    {
        return channels::call(call, at, block, span, scope, cx);
    }
    match name {
        "lower" => on_text(call, RowFunction::Lower, Type::Text, span, scope, cx),
        "upper" => on_text(call, RowFunction::Upper, Type::Text, span, scope, cx),
        "trim" => on_text(call, RowFunction::Trim, Type::Text, span, scope, cx),
        "length" => on_text(call, RowFunction::Length, Type::plain(), span, scope, cx),
        "number" => on_text(call, RowFunction::Number, Type::plain(), span, scope, cx),
        "contains" => on_texts(call, RowFunction::Contains, Type::Bool, span, scope, cx),
        "starts_with" => on_texts(call, RowFunction::StartsWith, Type::Bool, span, scope, cx),
        "ends_with" => on_texts(call, RowFunction::EndsWith, Type::Bool, span, scope, cx),
        "replace" => on_texts(call, RowFunction::Replace, Type::Text, span, scope, cx),
        "extract" => extract(call, span, scope, cx),
        "date" => date(call, span, scope, cx),
        "year" => on_day(call, RowFunction::Year, span, scope, cx),
        "quarter" => on_day(call, RowFunction::Quarter, span, scope, cx),
        "month" => on_day(call, RowFunction::Month, span, scope, cx),
        "week" => on_day(call, RowFunction::Week, span, scope, cx),
        "weekday" => on_day(call, RowFunction::Weekday, span, scope, cx),
        "day" => on_day(call, RowFunction::Day, span, scope, cx),
        "days_between" => on_day(call, RowFunction::DaysBetween, span, scope, cx),
        "hour" => hour(call, span, scope, cx),
        "hours" => on_duration(call, RowFunction::Hours, span, scope, cx),
        "days" => on_duration(call, RowFunction::Days, span, scope, cx),
        "abs" => on_number(call, RowFunction::Abs, span, scope, cx),
        "round" => on_number(call, RowFunction::Round, span, scope, cx),
        "least" => extreme(call, RowFunction::Least, span, scope, cx),
        "greatest" => extreme(call, RowFunction::Greatest, span, scope, cx),
        "if" => choice(call, span, scope, cx),
        "nth" => ranks::check(call, Rank::Nth, span, scope, cx),
        "first_seen" => ranks::check(call, Rank::FirstSeen, span, scope, cx),
        "convert" => convert::in_row(call, span, scope, cx),
        _ => mistake(unknown(call, cx), span, cx),
    }
}

/// A function that nobody knows, or one of formulas.
fn unknown(call: &Call, cx: &Context<'_, '_>) -> Diagnostic {
    let name = &call.name;
    if super::aggregate::is_name(&name.key) || super::calls::is_name(&name.key) {
        let message = format!("`{}` works on many rows, and here is one", name.text);
        return Diagnostic::new(&codes::UNKNOWN_FUNCTION, message)
            .at(name.span, "not a function of a row")
            .help("use it in a `formula`");
    }
    let found =
        Diagnostic::new(&codes::UNKNOWN_FUNCTION, format!("unknown function `{}`", name.text))
            .at(name.span, "no function of that name");
    let blocks = cx.names.known(&cx.names.blocks, |b| b.name.text.as_str());
    meant(found, name, NAMES.into_iter().chain(blocks))
}

/// Demands a number of arguments; says what the function takes.
pub(super) fn arity(
    call: &Call,
    least: usize,
    most: usize,
    cx: &mut Context<'_, '_>,
) -> Option<()> {
    let given = call.args.len();
    if (least..=most).contains(&given) {
        return Some(());
    }
    let name = &call.name.text;
    let due = match (least, most) {
        (1, 1) => "one argument".to_owned(),
        (a, b) if a == b => format!("{a} arguments"),
        (a, usize::MAX) => format!("at least {a} arguments"),
        (a, b) => format!("{a} to {b} arguments"),
    };
    let message = format!("`{name}` takes {due}, and here {}", given_words(given));
    cx.out.push(
        Diagnostic::new(&codes::BAD_ARGUMENTS, message).at(call.name.span, format!("takes {due}")),
    );
    None
}

fn given_words(given: usize) -> String {
    match given {
        0 => "is none".to_owned(),
        1 => "is one".to_owned(),
        n => format!("are {n}"),
    }
}

pub(super) fn args(call: &Call, scope: &mut Scope<'_, '_>, cx: &mut Context<'_, '_>) -> Vec<Typed> {
    call.args.iter().map(|a| row::check(&a.value, scope, cx)).collect()
}

fn built(function: RowFunction, args: Vec<Typed>, ty: Type, span: Span) -> Typed {
    let args = args.into_iter().map(|a| a.expr).collect();
    Typed::new(RowExpr::Call(function, args), ty, span)
}

/// `f(text)`
fn on_text(
    call: &Call,
    function: RowFunction,
    ty: Type,
    span: Span,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    if arity(call, 1, 1, cx).is_none() {
        return Typed::new(RowExpr::Null, ty, span);
    }
    let found = args(call, scope, cx);
    demand::text(&found[0], &format!("`{}` takes a text", call.name.text), scope, cx);
    built(function, found, ty, span)
}

/// `f(text, text)`, `replace(text, text, text)`
fn on_texts(
    call: &Call,
    function: RowFunction,
    ty: Type,
    span: Span,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    let due = if function == RowFunction::Replace { 3 } else { 2 };
    if arity(call, due, due, cx).is_none() {
        return Typed::new(RowExpr::Null, ty, span);
    }
    let mut found = args(call, scope, cx);
    for arg in &found {
        demand::text(arg, &format!("`{}` takes texts", call.name.text), scope, cx);
    }
    if scope.case() == Case::Folded && function != RowFunction::Replace {
        for arg in &mut found {
            arg.expr = lower(std::mem::replace(&mut arg.expr, RowExpr::Null));
        }
    }
    built(function, found, ty, span)
}

fn lower(expr: RowExpr) -> RowExpr {
    match expr {
        RowExpr::Text(text) => RowExpr::Text(text.to_lowercase()),
        other => RowExpr::Call(RowFunction::Lower, vec![other]),
    }
}

/// `extract(text, /pattern/)`
fn extract(call: &Call, span: Span, scope: &mut Scope<'_, '_>, cx: &mut Context<'_, '_>) -> Typed {
    let nothing = Typed::new(RowExpr::Null, Type::Text, span);
    if arity(call, 2, 2, cx).is_none() {
        return nothing;
    }
    let value = row::check(&call.args[0].value, scope, cx);
    demand::text(&value, "`extract` takes a text", scope, cx);
    let second = &call.args[1].value;
    let ExprKind::Regex(regex) = &second.kind else {
        let found = Diagnostic::new(
            &codes::BAD_ARGUMENTS,
            "`extract` takes a regular expression as its second argument",
        )
        .at(second.span, "not a regular expression")
        .help("write it between slashes: `/-(\\d+)$/`");
        cx.out.push(found);
        return nothing;
    };
    let Some(pattern) = regexes::pattern(regex, scope.case(), cx.out) else { return nothing };
    built(RowFunction::Extract(pattern), vec![value], Type::Text, span)
}

/// `date(text, "%d.%m.%Y")`
fn date(call: &Call, span: Span, scope: &mut Scope<'_, '_>, cx: &mut Context<'_, '_>) -> Typed {
    let nothing = Typed::new(RowExpr::Null, Type::Date, span);
    if arity(call, 2, 3, cx).is_none() {
        return nothing;
    }
    let value = row::check(&call.args[0].value, scope, cx);
    demand::text(&value, "`date` takes a text", scope, cx);
    let kind = match call.args.get(2).map(|a| &a.value) {
        None => CalendarKind::Gregorian,
        Some(Expr { kind: ExprKind::Name(path), .. }) if matches!(path.segments.as_slice(), [one] if one.key == "jalali") => {
            CalendarKind::Persian
        }
        Some(other) => {
            let message = "`date` takes `jalali` as its third argument, or none";
            let found = Diagnostic::new(&codes::BAD_ARGUMENTS, message);
            let found = found.at(other.span, "no calendar");
            cx.out.push(found.help("`date(x, \"%Y/%m/%d\", jalali)` reads Solar Hijri dates"));
            return nothing;
        }
    };
    let second = &call.args[1].value;
    let ExprKind::Text(pattern) = &second.kind else {
        let message = "`date` takes a pattern in quotes as its second argument";
        let found = Diagnostic::new(&codes::BAD_ARGUMENTS, message)
            .at(second.span, "not a text")
            .help("write it as \"%d.%m.%Y\"");
        cx.out.push(found);
        return nothing;
    };
    if let Err(bad) = DateFormat::new(pattern, kind) {
        cx.out.push(super::source::bad_pattern(&bad, second.span));
        return nothing;
    }
    built(RowFunction::Date(pattern.clone(), kind), vec![value], Type::Date, span)
}

/// `year(day)`, `days_between(a, b)`
fn on_day(
    call: &Call,
    function: RowFunction,
    span: Span,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    let due = if function == RowFunction::DaysBetween { 2 } else { 1 };
    if arity(call, due, due, cx).is_none() {
        return Typed::new(RowExpr::Null, Type::plain(), span);
    }
    let found = args(call, scope, cx);
    for arg in &found {
        demand::day(arg, &format!("`{}` takes a date", call.name.text), scope, cx);
    }
    built(function, found, Type::plain(), span)
}

/// `hour(moment)`
fn hour(call: &Call, span: Span, scope: &mut Scope<'_, '_>, cx: &mut Context<'_, '_>) -> Typed {
    if arity(call, 1, 1, cx).is_none() {
        return Typed::new(RowExpr::Null, Type::plain(), span);
    }
    let found = args(call, scope, cx);
    demand::moment(&found[0], "`hour` takes a timestamp", scope, cx);
    built(RowFunction::Hour, found, Type::plain(), span)
}

/// `hours(duration)`
fn on_duration(
    call: &Call,
    function: RowFunction,
    span: Span,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    if arity(call, 1, 1, cx).is_none() {
        return Typed::new(RowExpr::Null, Type::plain(), span);
    }
    let found = args(call, scope, cx);
    let why = format!("`{}` takes a duration", call.name.text);
    if let Type::Number(Scalar::Of(unit)) = demand::number(&found[0], &why, scope, cx)
        && unit != Unit::Duration
    {
        let noun = super::units::noun(&unit);
        let message = format!("{why}, and this is {noun}");
        cx.out.push(Diagnostic::new(&codes::TYPE_MISMATCH, message).at(found[0].span, noun));
    }
    built(function, found, Type::plain(), span)
}

/// `abs(x)`, `round(x)`, `round(x, places)`
fn on_number(
    call: &Call,
    function: RowFunction,
    span: Span,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    let most = if function == RowFunction::Round { 2 } else { 1 };
    if arity(call, 1, most, cx).is_none() {
        return Typed::new(RowExpr::Null, Type::number(), span);
    }
    if let Some(second) = call.args.get(1) {
        places(&second.value, cx);
    }
    let found = args(call, scope, cx);
    let ty = demand::number(&found[0], &format!("`{}` takes a number", call.name.text), scope, cx);
    built(function, found, ty, span)
}

/// The second argument of `round`: a whole number as written, 0 to 18.
pub(super) fn places(expr: &Expr, cx: &mut Context<'_, '_>) -> Option<u32> {
    let found = match &expr.kind {
        ExprKind::Number(n) => literal::whole(*n).filter(|n| *n <= 18),
        _ => None,
    };
    if found.is_none() {
        let message = "`round` takes a number of places from 0 to 18";
        cx.out.push(Diagnostic::new(&codes::BAD_ARGUMENTS, message).at(expr.span, "not that"));
    }
    found
}

/// `least(a, b)`
fn extreme(
    call: &Call,
    function: RowFunction,
    span: Span,
    scope: &mut Scope<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Typed {
    if arity(call, 2, usize::MAX, cx).is_none() {
        return Typed::new(RowExpr::Null, Type::number(), span);
    }
    let found = args(call, scope, cx);
    let ty = match comparison::same(&comparison::kinds(&found), Doing::Choose, scope, cx) {
        // Only columns that nobody has typed: numbers are what is meant.
        Type::Unknown | Type::Open(_) => {
            for arg in &found {
                demand::number(arg, "it takes numbers", scope, cx);
            }
            Type::number()
        }
        ty @ (Type::Number(_) | Type::Date | Type::Timestamp) => ty,
        other => {
            let message =
                format!("`{}` takes numbers, and this is {}", call.name.text, other.noun());
            cx.out.push(
                Diagnostic::new(&codes::TYPE_MISMATCH, message).at(found[0].span, other.noun()),
            );
            Type::Unknown
        }
    };
    built(function, found, ty, span)
}

/// `if(c, a, b)`
fn choice(call: &Call, span: Span, scope: &mut Scope<'_, '_>, cx: &mut Context<'_, '_>) -> Typed {
    if arity(call, 3, 3, cx).is_none() {
        return Typed::unknown(span);
    }
    let test = condition(&call.args[0].value, scope, cx);
    let branches = [1, 2].map(|at| row::check(&call.args[at].value, scope, cx));
    let ty = comparison::same(&comparison::kinds(&branches), Doing::Choose, scope, cx);
    let [yes, no] = branches.map(|b| Box::new(b.expr));
    Typed::new(RowExpr::If(Box::new(test), yes, no), ty, span)
}
