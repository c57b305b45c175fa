//! The functions of a row.

use crate::plan::{Arithmetic, RowFunction};
use crate::time::{Calendar, CalendarKind, Date, Weekday};
use crate::value::{Decimal, parse_decimal};

use super::rows::{Context, Value, day, step};
use super::text::canonical;

/// The value of a function of values.
pub(super) fn plain(function: &RowFunction, values: &[Value], context: &Context) -> Value {
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
        F::Extract(_) | F::Date(..) => Value::Null,
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
fn part_of(function: &RowFunction, date: Date, calendar: Calendar) -> i64 {
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
