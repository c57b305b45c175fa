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

use crate::plan::{self, Arithmetic, Case, CompareOp, Comparison, RowExpr, RowFunction};
use crate::time::{Calendar, CalendarKind, Date, DateFormat, Zone};
use crate::value::{Decimal, NumberFormat};

use super::functions::plain;
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
    pub(super) zone: Zone,
    pub(super) numbers: NumberFormat,
    /// Set where a result is of more digits than fit: it is null then, and the row is bad.
    pub(super) overflow: Cell<bool>,
}

impl Context {
    /// A result that may not fit.
    pub(super) fn fit(&self, result: Option<Decimal>) -> Value {
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
                RowFunction::Date(pattern, kind) => Function::Date(date_format(pattern, *kind)),
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
    match plan::pattern::built(&canonical(pattern)) {
        Ok(regex) => regex,
        Err(e) => panic!("the model let a bad pattern through: {e}"),
    }
}

fn date_format(pattern: &str, kind: CalendarKind) -> DateFormat {
    match DateFormat::new(pattern, kind) {
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
                elapsed(&a.value(row, context), &b.value(row, context), &context.zone)
                    .map_or(Value::Null, |s| Value::Number(Decimal::from_i64(s)))
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

/// The seconds from `b` to `a`. Between two moments it is what has elapsed, changes of clocks
/// included; a day is a name, and all of them have 24 hours.
fn elapsed(a: &Value, b: &Value, zone: &Zone) -> Option<i64> {
    match (a, b) {
        (Value::Timestamp(a), Value::Timestamp(b)) => Some(zone.instant(*a) - zone.instant(*b)),
        _ => Some(seconds(a)? - seconds(b)?),
    }
}

/// The day of a date or timestamp.
pub(super) fn day(value: &Value) -> Option<Date> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::ColumnId;
    use crate::time::CalendarKind::{Gregorian, Persian};

    /// The row: text, number, date, timestamp, truth value, null.
    struct Fixed;

    impl Row for Fixed {
        fn column(&self, column: usize) -> Value {
            match column {
                0 => Value::Text("Café «بازار» 12-34".into()),
                1 => Value::Number(Decimal::new(1_235, 2)),
                2 => Value::Date(Date::from_ymd(2026, 3, 20).unwrap().days()),
                3 => Value::Timestamp(
                    i64::from(Date::from_ymd(2026, 3, 21).unwrap().days()) * 86_400 + 3 * 3600 + 59,
                ),
                4 => Value::Bool(true),
                _ => Value::Null,
            }
        }
    }

    fn column(at: u32) -> RowExpr {
        RowExpr::Column(ColumnId(at))
    }

    fn text(text: &str) -> RowExpr {
        RowExpr::Text(text.to_owned())
    }

    fn number(text: &str) -> RowExpr {
        RowExpr::Number(text.parse().unwrap())
    }

    fn call(function: RowFunction, arguments: &[RowExpr]) -> RowExpr {
        RowExpr::Call(function, arguments.to_vec())
    }

    fn compared(a: RowExpr, op: CompareOp, b: RowExpr) -> RowExpr {
        RowExpr::Compare(Box::new(a), Comparison { op, case: Case::Sensitive }, Box::new(b))
    }

    fn show_in(expr: &RowExpr, calendar: Calendar) -> String {
        let numbers = NumberFormat::default();
        let context =
            Context { calendar, zone: Zone::default(), numbers, overflow: Cell::new(false) };
        let shown = match compile(expr).value(&Fixed, &context) {
            Value::Null => "null".to_owned(),
            Value::Number(n) => n.to_string(),
            Value::Text(t) => t.to_string(),
            Value::Bool(b) => b.to_string(),
            Value::Date(d) => Date::from_days(d).to_string(),
            Value::Timestamp(t) => t.to_string(),
        };
        if context.overflow.get() { "too many digits".to_owned() } else { shown }
    }

    fn show(expr: &RowExpr) -> String {
        show_in(expr, Calendar::default())
    }

    #[test]
    fn functions() {
        use RowFunction as F;
        let cases = [
            (call(F::Lower, &[column(0)]), "café «بازار» 12-34"),
            (call(F::Upper, &[text("straße")]), "STRASSE"),
            (call(F::Trim, &[text(" \u{A0}x ")]), "x"),
            (call(F::Length, &[column(0)]), "18"),
            (call(F::Contains, &[column(0), text("«بازار»")]), "true"),
            (call(F::Contains, &[column(5), text("x")]), "false"),
            (call(F::StartsWith, &[column(0), text("Cafe\u{301}")]), "true"),
            (call(F::EndsWith, &[column(0), text("35")]), "false"),
            (call(F::Replace, &[text("a-b-c"), text("-"), text("")]), "abc"),
            (call(F::Replace, &[text("abc"), text(""), text("x")]), "abc"),
            (call(F::Extract("([0-9]+)-".to_owned()), &[column(0)]), "12"),
            (call(F::Extract("[0-9]+$".to_owned()), &[column(0)]), "34"),
            (call(F::Extract("z".to_owned()), &[column(0)]), "null"),
            (call(F::Number, &[text(" 1.50 ")]), "1.5"),
            (call(F::Number, &[text("NaN")]), "null"),
            (call(F::Date("%d/%m/%Y".to_owned(), Gregorian), &[text("31/12/2025")]), "2025-12-31"),
            (call(F::Date("%Y/%m/%d".to_owned(), Persian), &[text("1405/03/11")]), "2026-06-01"),
            (call(F::Date("%d/%m/%Y".to_owned(), Gregorian), &[text("31/02/2025")]), "null"),
            (call(F::Year, &[column(2)]), "2026"),
            (call(F::Quarter, &[column(3)]), "1"),
            (call(F::Month, &[column(5)]), "null"),
            (call(F::Day, &[column(2)]), "20"),
            (call(F::Weekday, &[column(2)]), "5"),
            (call(F::Week, &[column(2)]), "12"),
            (call(F::Hour, &[column(3)]), "3"),
            (call(F::DaysBetween, &[column(2), column(3)]), "1"),
            (call(F::Hours, &[number("5400")]), "1.5"),
            (call(F::Days, &[number("129600")]), "1.5"),
            (call(F::Abs, &[number("-2.5")]), "2.5"),
            (call(F::Round, &[column(1)]), "12"),
            (call(F::Round, &[column(1), number("1")]), "12.4"),
            (call(F::Round, &[number("1250"), number("-2")]), "1200"),
            (call(F::Least, &[column(1), column(5), number("3")]), "3"),
            (call(F::Greatest, &[column(5)]), "null"),
        ];
        for (expr, expected) in cases {
            assert_eq!(show(&expr), expected, "{expr:?}");
        }
    }

    #[test]
    fn parts_of_dates_in_other_calendars() {
        let persian = Calendar {
            kind: CalendarKind::Persian,
            week_start: crate::time::Weekday::Saturday,
            ..Calendar::default()
        };
        let part = |function, at| show_in(&call(function, &[column(at)]), persian);
        // 20 March 2026 is the last day of 1404, a Friday; the 21st begins 1405 and a week.
        assert_eq!(part(RowFunction::Year, 2), "1404");
        assert_eq!(part(RowFunction::Quarter, 2), "4");
        assert_eq!(part(RowFunction::Month, 2), "12");
        assert_eq!(part(RowFunction::Day, 2), "29");
        assert_eq!(part(RowFunction::Year, 3), "1405");
        assert_eq!(part(RowFunction::Week, 3), "1");
        assert_eq!(part(RowFunction::Weekday, 3), "6");
    }

    #[test]
    fn null_equals_only_null() {
        use CompareOp as C;
        let null = || column(5);
        let not = |e| RowExpr::Not(Box::new(e));
        let between = |a, b, c| RowExpr::Between(Box::new(a), Box::new(b), Box::new(c));
        let cases = [
            (compared(null(), C::Equal, null()), "true"),
            (compared(null(), C::Equal, text("x")), "false"),
            (compared(null(), C::NotEqual, text("x")), "true"),
            (compared(null(), C::NotEqual, RowExpr::Null), "false"),
            (compared(null(), C::Less, number("1")), "false"),
            (compared(null(), C::GreaterEqual, number("1")), "false"),
            (not(compared(null(), C::Less, number("1"))), "true"),
            (not(null()), "true"),
            (RowExpr::And(vec![column(4), null()]), "false"),
            (RowExpr::Or(vec![null(), column(4)]), "true"),
            (RowExpr::Match(Box::new(null()), String::new()), "false"),
            (between(column(1), number("12.35"), number("12.35")), "true"),
            (between(column(1), null(), number("99")), "false"),
            (RowExpr::In(Box::new(null()), vec![text("x")], Case::Sensitive), "false"),
            (RowExpr::In(Box::new(null()), vec![RowExpr::Null], Case::Sensitive), "true"),
            (RowExpr::Default(vec![null(), column(1), number("9")]), "12.35"),
            (RowExpr::If(Box::new(null()), Box::new(text("a")), Box::new(text("b"))), "b"),
            (RowExpr::Cases(vec![(null(), "a".to_owned())], None), "null"),
        ];
        for (expr, expected) in cases {
            assert_eq!(show(&expr), expected, "{expr:?}");
        }
    }

    #[test]
    fn arithmetic_is_exact_or_says_so() {
        use crate::plan::Arithmetic as A;
        let steps = |first: &str, steps: &[(A, &str)]| {
            let steps = steps.iter().map(|(op, n)| (*op, number(n))).collect();
            RowExpr::Arithmetic(Box::new(number(first)), steps)
        };
        let huge = "99999999999999999999999999999999999999";
        let cases = [
            (steps("0.1", &[(A::Add, "0.2"), (A::Subtract, "0.3")]), "0"),
            (steps("1", &[(A::Divide, "3")]), "0.3333333333333333333333333333"),
            (steps("1", &[(A::Divide, "0"), (A::Add, "1")]), "null"),
            (steps(huge, &[(A::Multiply, huge)]), "too many digits"),
            (RowExpr::Negate(Box::new(column(1))), "-12.35"),
            (RowExpr::Elapsed(Box::new(column(3)), Box::new(column(2))), "97259"),
            (RowExpr::Elapsed(Box::new(column(3)), Box::new(column(5))), "null"),
        ];
        for (expr, expected) in cases {
            assert_eq!(show(&expr), expected, "{expr:?}");
        }
    }
}
