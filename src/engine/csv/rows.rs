//! Row expressions, one row at a time: what every operator and function means.
//!
//! This is the one place of their meaning; [`super::batch`] only does the same for many rows at
//! once. Two-valued logic: null equals only null, every other comparison with null is false, a
//! condition that is null does not hold, arithmetic with null is null, and so is division by zero.

use std::cell::Cell;
use std::cmp::Ordering;
use std::sync::Arc;

use regex::Regex;
use rustc_hash::FxHashSet;

use crate::plan::{Arithmetic, Case, CompareOp, Comparison, RowExpr, RowFunction};
use crate::time::{Calendar, CalendarKind, Date, DateFormat, Weekday};
use crate::value::{Decimal, NumberFormat, parse_decimal};

use super::text::canonical;

/// A value of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Number(Decimal),
    Text(Arc<str>),
    Bool(bool),
    /// Days since 1970-01-01.
    Date(i32),
    /// Seconds since 1970-01-01.
    Timestamp(i64),
}

/// An expression made ready: patterns compiled, lists hashed.
#[derive(Debug)]
pub(super) enum Expr {
    Column(usize),
    Constant(Value),
    Negate(Box<Expr>),
    Arithmetic(Box<Expr>, Vec<(Arithmetic, Expr)>),
    Elapsed(Box<Expr>, Box<Expr>),
    Default(Vec<Expr>),
    Compare(Box<Expr>, Comparison, Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    IsNull(Box<Expr>),
    InTexts(Box<Expr>, FxHashSet<String>, Case),
    In(Box<Expr>, Vec<Value>),
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    Match(Box<Expr>, Box<Regex>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    Cases(Vec<(Expr, Arc<str>)>, Option<Arc<str>>),
    Call(Function, Vec<Expr>),
}

/// A function, with its pattern made ready.
#[derive(Debug)]
pub(super) enum Function {
    Plain(RowFunction),
    Extract(Box<Regex>),
    Date(DateFormat),
}

/// What an expression is evaluated in.
pub(super) trait Row {
    /// The value of a column.
    fn column(&self, column: usize) -> Value;
}

/// What expressions need besides the row.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) calendar: Calendar,
    pub(super) numbers: NumberFormat,
    /// Set where a result is of more digits than fit: it is null then, and the row is bad.
    pub(super) overflow: Cell<bool>,
}

impl Context {
    fn fit(&self, result: Option<Decimal>) -> Value {
        if let Some(number) = result {
            return Value::Number(number);
        }
        self.overflow.set(true);
        Value::Null
    }
}

/// Makes an expression ready.
///
/// # Panics
/// On a pattern that is not valid: the model has checked it.
pub(super) fn compile(expr: &RowExpr) -> Expr {
    let one = |e: &RowExpr| Box::new(compile(e));
    let all = |list: &[RowExpr]| list.iter().map(compile).collect::<Vec<_>>();
    match expr {
        RowExpr::Column(id) => Expr::Column(id.0 as usize),
        RowExpr::Number(n) => Expr::Constant(Value::Number(*n)),
        RowExpr::Text(t) => Expr::Constant(Value::Text(t.as_str().into())),
        RowExpr::Bool(b) => Expr::Constant(Value::Bool(*b)),
        RowExpr::Date(d) => Expr::Constant(Value::Date(d.days())),
        RowExpr::Null => Expr::Constant(Value::Null),
        RowExpr::Negate(e) => Expr::Negate(one(e)),
        RowExpr::Arithmetic(first, steps) => {
            let steps = steps.iter().map(|(op, e)| (*op, compile(e))).collect();
            Expr::Arithmetic(one(first), steps)
        }
        RowExpr::Elapsed(a, b) => Expr::Elapsed(one(a), one(b)),
        RowExpr::Default(list) => Expr::Default(all(list)),
        RowExpr::Compare(a, op, b) => Expr::Compare(one(a), *op, one(b)),
        RowExpr::And(list) => Expr::And(all(list)),
        RowExpr::Or(list) => Expr::Or(all(list)),
        RowExpr::Not(e) => Expr::Not(one(e)),
        RowExpr::IsNull(e) => Expr::IsNull(one(e)),
        RowExpr::In(e, list, case) => compile_in(one(e), list, *case),
        RowExpr::Between(e, low, high) => Expr::Between(one(e), one(low), one(high)),
        RowExpr::Match(e, pattern) => Expr::Match(one(e), Box::new(pattern_of(pattern))),
        RowExpr::If(c, a, b) => Expr::If(one(c), one(a), one(b)),
        RowExpr::Cases(rules, otherwise) => {
            let rules = rules.iter().map(|(e, t)| (compile(e), t.as_str().into())).collect();
            Expr::Cases(rules, otherwise.as_deref().map(Into::into))
        }
        RowExpr::Call(function, arguments) => {
            let function = match function {
                RowFunction::Extract(p) => Function::Extract(Box::new(pattern_of(p))),
                RowFunction::Date(pattern) => Function::Date(date_format(pattern)),
                other => Function::Plain(other.clone()),
            };
            Expr::Call(function, all(arguments))
        }
    }
}

fn compile_in(operand: Box<Expr>, list: &[RowExpr], case: Case) -> Expr {
    let texts = list.iter().map(|e| match e {
        RowExpr::Text(t) => Some(folded(t, case)),
        _ => None,
    });
    if let Some(texts) = texts.collect::<Option<FxHashSet<String>>>() {
        return Expr::InTexts(operand, texts, case);
    }
    let constant = |e: &RowExpr| match compile(e) {
        Expr::Constant(value) => value,
        _ => panic!("a list of `in` holds constants"),
    };
    Expr::In(operand, list.iter().map(constant).collect())
}

fn pattern_of(pattern: &str) -> Regex {
    match Regex::new(&canonical(pattern)) {
        Ok(regex) => regex,
        Err(e) => panic!("the model let a bad pattern through: {e}"),
    }
}

fn date_format(pattern: &str) -> DateFormat {
    match DateFormat::new(pattern, CalendarKind::Gregorian) {
        Ok(format) => format,
        Err(e) => panic!("the model let a bad date pattern through: {e}"),
    }
}

fn folded(text: &str, case: Case) -> String {
    match case {
        Case::Sensitive => canonical(text).into_owned(),
        Case::Folded => canonical(text).to_lowercase(),
    }
}

impl Expr {
    /// The value in a row.
    pub(super) fn value(&self, row: &dyn Row, context: &Context) -> Value {
        match self {
            Self::Column(column) => row.column(*column),
            Self::Constant(value) => value.clone(),
            Self::Negate(e) => match e.value(row, context) {
                Value::Number(n) => Value::Number(-n),
                _ => Value::Null,
            },
            Self::Arithmetic(first, steps) => arithmetic(first, steps, row, context),
            Self::Elapsed(a, b) => {
                match (seconds(&a.value(row, context)), seconds(&b.value(row, context))) {
                    (Some(a), Some(b)) => Value::Number(Decimal::from_i64(a - b)),
                    _ => Value::Null,
                }
            }
            Self::Default(list) => {
                let values = list.iter().map(|e| e.value(row, context));
                values.into_iter().find(|v| *v != Value::Null).unwrap_or(Value::Null)
            }
            Self::Cases(rules, otherwise) => {
                let hit = rules.iter().find(|(condition, _)| condition.holds(row, context));
                match hit.map(|(_, name)| name).or(otherwise.as_ref()) {
                    Some(name) => Value::Text(name.clone()),
                    None => Value::Null,
                }
            }
            Self::If(condition, a, b) => {
                let chosen = if condition.holds(row, context) { a } else { b };
                chosen.value(row, context)
            }
            Self::Call(function, arguments) => call(function, arguments, row, context),
            _ => Value::Bool(self.condition(row, context)),
        }
    }

    /// Whether it is true.
    pub(super) fn holds(&self, row: &dyn Row, context: &Context) -> bool {
        self.value(row, context) == Value::Bool(true)
    }

    fn condition(&self, row: &dyn Row, context: &Context) -> bool {
        match self {
            Self::Compare(a, op, b) => compare(&a.value(row, context), *op, &b.value(row, context)),
            Self::And(list) => list.iter().all(|e| e.holds(row, context)),
            Self::Or(list) => list.iter().any(|e| e.holds(row, context)),
            Self::Not(e) => !e.holds(row, context),
            Self::IsNull(e) => e.value(row, context) == Value::Null,
            Self::InTexts(e, texts, case) => match e.value(row, context) {
                Value::Text(text) => texts.contains(&folded(&text, *case)),
                _ => false,
            },
            Self::In(e, list) => {
                let value = e.value(row, context);
                list.iter().any(|constant| equal(&value, constant, Case::Sensitive))
            }
            Self::Between(e, low, high) => {
                let value = e.value(row, context);
                let at_least = order(&low.value(row, context), &value, Case::Sensitive);
                let at_most = order(&value, &high.value(row, context), Case::Sensitive);
                at_least.is_some_and(Ordering::is_le) && at_most.is_some_and(Ordering::is_le)
            }
            Self::Match(e, pattern) => match e.value(row, context) {
                Value::Text(text) => pattern.is_match(&canonical(&text)),
                _ => false,
            },
            _ => false,
        }
    }
}

/// `a == b` and so on.
pub(super) fn compare(a: &Value, comparison: Comparison, b: &Value) -> bool {
    let Comparison { op, case } = comparison;
    match op {
        CompareOp::Equal => equal(a, b, case),
        CompareOp::NotEqual => !equal(a, b, case),
        _ => order(a, b, case).is_some_and(|found| ordered(op, found)),
    }
}

/// Whether an ordering is what an operator asks for.
pub(super) fn ordered(op: CompareOp, found: Ordering) -> bool {
    match op {
        CompareOp::Equal => found.is_eq(),
        CompareOp::NotEqual => found.is_ne(),
        CompareOp::Less => found.is_lt(),
        CompareOp::LessEqual => found.is_le(),
        CompareOp::Greater => found.is_gt(),
        CompareOp::GreaterEqual => found.is_ge(),
    }
}

fn equal(a: &Value, b: &Value, case: Case) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => folded(a, case) == folded(b, case),
        (Value::Null, _) | (_, Value::Null) => a == b,
        _ => order(a, b, case).is_some_and(Ordering::is_eq),
    }
}

fn order(a: &Value, b: &Value, case: Case) -> Option<Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(folded(a, case).cmp(&folded(b, case))),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        _ => Some(seconds(a)?.cmp(&seconds(b)?)),
    }
}

/// A moment as seconds; a day begins at midnight.
fn seconds(value: &Value) -> Option<i64> {
    match value {
        Value::Date(days) => Some(i64::from(*days) * 86_400),
        Value::Timestamp(seconds) => Some(*seconds),
        _ => None,
    }
}

/// The day of a date or timestamp.
fn day(value: &Value) -> Option<Date> {
    match value {
        Value::Date(days) => Some(Date::from_days(*days)),
        Value::Timestamp(seconds) => Some(Date::from_days(seconds.div_euclid(86_400) as i32)),
        _ => None,
    }
}

fn arithmetic(
    first: &Expr,
    steps: &[(Arithmetic, Expr)],
    row: &dyn Row,
    context: &Context,
) -> Value {
    let mut total = first.value(row, context);
    for (op, operand) in steps {
        let operand = operand.value(row, context);
        let (Value::Number(a), Value::Number(b)) = (&total, &operand) else {
            return Value::Null;
        };
        total = step(*a, *op, *b, context);
    }
    total
}

/// One step of arithmetic.
pub(super) fn step(a: Decimal, op: Arithmetic, b: Decimal, context: &Context) -> Value {
    match op {
        Arithmetic::Add => context.fit(a.checked_add(b)),
        Arithmetic::Subtract => context.fit(a.checked_sub(b)),
        Arithmetic::Multiply => context.fit(a.checked_mul(b)),
        Arithmetic::Divide if b.is_zero() => Value::Null,
        Arithmetic::Divide => context.fit(a.checked_div(b)),
    }
}

fn call(function: &Function, arguments: &[Expr], row: &dyn Row, context: &Context) -> Value {
    let values: Vec<Value> = arguments.iter().map(|e| e.value(row, context)).collect();
    match function {
        Function::Extract(pattern) => with_text(&values, |text| {
            let text = canonical(text);
            let found = pattern.captures(&text)?;
            let part = found.get(1).or_else(|| found.get(0))?;
            Some(Value::Text(part.as_str().into()))
        }),
        Function::Date(format) => {
            with_text(&values, |text| Some(Value::Date(format.parse(text.trim())?.date.days())))
        }
        Function::Plain(function) => plain(function, &values, context),
    }
}

fn with_text(values: &[Value], f: impl FnOnce(&str) -> Option<Value>) -> Value {
    match values.first() {
        Some(Value::Text(text)) => f(text).unwrap_or(Value::Null),
        _ => Value::Null,
    }
}

fn plain(function: &RowFunction, values: &[Value], context: &Context) -> Value {
    use RowFunction as F;
    match function {
        F::Lower | F::Upper | F::Trim | F::Replace | F::Length | F::Number => {
            text_function(function, values, context)
        }
        F::Contains | F::StartsWith | F::EndsWith => match values {
            [Value::Text(text), Value::Text(part)] => {
                let (text, part) = (canonical(text), canonical(part));
                Value::Bool(match function {
                    F::Contains => text.contains(part.as_ref()),
                    F::StartsWith => text.starts_with(part.as_ref()),
                    _ => text.ends_with(part.as_ref()),
                })
            }
            _ => Value::Bool(false),
        },
        F::Hour => match values {
            [Value::Timestamp(s)] => whole(s.rem_euclid(86_400) / 3600),
            [Value::Date(_)] => whole(0),
            _ => Value::Null,
        },
        F::DaysBetween => match (values.first().and_then(day), values.get(1).and_then(day)) {
            (Some(a), Some(b)) => whole(i64::from(b.days()) - i64::from(a.days())),
            _ => Value::Null,
        },
        F::Year | F::Quarter | F::Month | F::Week | F::Weekday | F::Day => {
            match values.first().and_then(day) {
                Some(date) => whole(part_of(function, date, context.calendar)),
                None => Value::Null,
            }
        }
        F::Hours | F::Days | F::Abs | F::Round | F::Least | F::Greatest => {
            number_function(function, values, context)
        }
        F::Extract(_) | F::Date(_) => Value::Null,
    }
}

fn whole(number: i64) -> Value {
    Value::Number(Decimal::from_i64(number))
}

fn text_function(function: &RowFunction, values: &[Value], context: &Context) -> Value {
    use RowFunction as F;
    let Some(Value::Text(text)) = values.first() else { return Value::Null };
    match function {
        F::Lower => Value::Text(text.to_lowercase().into()),
        F::Upper => Value::Text(text.to_uppercase().into()),
        F::Trim => Value::Text(text.trim().into()),
        F::Length => Value::Number(Decimal::new(text.chars().count() as i128, 0)),
        F::Number => match parse_decimal(text.trim(), &context.numbers) {
            Ok(number) => Value::Number(number),
            Err(_) => Value::Null,
        },
        F::Replace => match values {
            [_, Value::Text(from), Value::Text(to)] if !from.is_empty() => {
                let text = canonical(text).replace(canonical(from).as_ref(), to);
                Value::Text(text.into())
            }
            [_, Value::Text(_), Value::Text(_)] => Value::Text(text.clone()),
            _ => Value::Null,
        },
        _ => Value::Null,
    }
}

fn number_function(function: &RowFunction, values: &[Value], context: &Context) -> Value {
    use RowFunction as F;
    let mut numbers = values.iter().filter_map(|v| match v {
        Value::Number(n) => Some(*n),
        _ => None,
    });
    match function {
        F::Least => numbers.min().map_or(Value::Null, Value::Number),
        F::Greatest => numbers.max().map_or(Value::Null, Value::Number),
        _ => {
            let (Some(Value::Number(number)), Some(_)) = (values.first(), numbers.next()) else {
                return Value::Null;
            };
            match function {
                F::Hours => step(*number, Arithmetic::Divide, Decimal::from_i64(3600), context),
                F::Days => step(*number, Arithmetic::Divide, Decimal::from_i64(86_400), context),
                F::Abs => Value::Number(number.abs()),
                _ => round(*number, values.get(1), context),
            }
        }
    }
}

/// `round(x)`, `round(x, 2)`, `round(x, -3)`.
fn round(number: Decimal, places: Option<&Value>, context: &Context) -> Value {
    let places = match places {
        None => 0,
        Some(Value::Number(n)) => n.round_half_even(0).mantissa().clamp(-38, 64) as i32,
        Some(_) => return Value::Null,
    };
    if let Ok(places) = u8::try_from(places) {
        return Value::Number(number.round_half_even(places));
    }
    let power = Decimal::new(10i128.pow(places.unsigned_abs()), 0);
    let rounded = number.checked_div(power).map(|n| n.round_half_even(0));
    context.fit(rounded.and_then(|n| n.checked_mul(power)))
}

/// A part of a date. Years, quarters and months are the calendar's (not the fiscal year's); weeks
/// that begin on Monday have their ISO number, others count from the first one that begins in the
/// year.
pub(super) fn part_of(function: &RowFunction, date: Date, calendar: Calendar) -> i64 {
    use RowFunction as F;
    let (year, month, day) = calendar.kind.ymd(date);
    match function {
        F::Year => i64::from(year),
        F::Quarter => i64::from((month - 1) / 3 + 1),
        F::Month => i64::from(month),
        F::Day => i64::from(day),
        F::Weekday => i64::from(date.weekday().number()),
        _ => week(date, calendar),
    }
}

fn week(date: Date, calendar: Calendar) -> i64 {
    let since =
        |first: Weekday| i32::from((date.weekday().number() + 7 - first.number()) as u8 % 7);
    let start = date.plus(-since(calendar.week_start));
    // The day that decides to which year a week belongs: ISO's is the Thursday.
    let (decides, kind) = match calendar.week_start {
        Weekday::Monday => (start.plus(3), CalendarKind::Gregorian),
        _ => (start, calendar.kind),
    };
    let (year, _, _) = kind.ymd(decides);
    let first = kind.day(year, 1, 1).map_or(decides, |d| d);
    i64::from((decides.days() - first.days()) / 7 + 1)
}
