//! Comparisons and arithmetic over whole vectors.

use crate::plan::{Arithmetic, CompareOp};

use super::batch::{Node, Sink};
use super::rows::{Context, Value, ordered, step};
use super::vector::{NO_DATE, NO_NUMBER, NumberBuilder, Numbers, POWERS, Vector};

/// 1 where the comparison holds, else 0. Both are numbers, or both are days.
pub(super) fn compare(a: &Vector, op: CompareOp, b: &Vector, rows: usize) -> Vec<u8> {
    let null_equal = |a_null: bool, b_null: bool| match op {
        CompareOp::Equal => a_null && b_null,
        CompareOp::NotEqual => a_null != b_null,
        _ => false,
    };
    match (a, b) {
        (Vector::Date(a), Vector::Date(b)) => {
            let pairs = a.iter().zip(b);
            let one = |(a, b): (&i32, &i32)| match (*a == NO_DATE, *b == NO_DATE) {
                (false, false) => ordered(op, a.cmp(b)),
                (a, b) => null_equal(a, b),
            };
            pairs.map(|p| u8::from(one(p))).collect()
        }
        (Vector::Number(a), Vector::Number(b)) => {
            let scale = a.scale.max(b.scale);
            let left = i128::from(POWERS[usize::from(scale - a.scale)]);
            let right = i128::from(POWERS[usize::from(scale - b.scale)]);
            let pairs = a.mantissas.iter().zip(&b.mantissas);
            let one = |(a, b): (&i64, &i64)| match (*a == NO_NUMBER, *b == NO_NUMBER) {
                (false, false) => {
                    ordered(op, (i128::from(*a) * left).cmp(&(i128::from(*b) * right)))
                }
                (a, b) => null_equal(a, b),
            };
            pairs.map(|p| u8::from(one(p))).collect()
        }
        _ => {
            let one = |row| match (a.number(row), b.number(row)) {
                (Some(a), Some(b)) => ordered(op, a.cmp(&b)),
                (a, b) => null_equal(a.is_none(), b.is_none()),
            };
            (0..rows).map(|row| u8::from(one(row))).collect()
        }
    }
}

/// The places by which a division moves the point, where that is all it does.
pub(super) fn power_of_ten(op: Arithmetic, operand: &Node) -> Option<u8> {
    match operand {
        Node::Constant(Value::Number(n)) if op == Arithmetic::Divide => {
            let n = n.normalised();
            let at = POWERS.iter().position(|p| i128::from(*p) == n.mantissa())?;
            (n.scale() == 0).then_some(at as u8)
        }
        _ => None,
    }
}

pub(super) fn combine(
    a: &Vector,
    op: Arithmetic,
    b: &Vector,
    context: &Context,
    sink: &mut Sink<'_>,
) -> Vector {
    if let (Vector::Number(a), Vector::Number(b)) = (a, b)
        && let Some(result) = combine_small(a, op, b)
    {
        return Vector::Number(result);
    }
    let rows = match a {
        Vector::Number(n) => n.mantissas.len(),
        Vector::Decimal(d) => d.len(),
        _ => panic!("arithmetic with something else than numbers"),
    };
    let mut all = NumberBuilder::new(0, rows);
    for row in 0..rows {
        let value = match (a.number(row), b.number(row)) {
            (Some(a), Some(b)) => match step(a, op, b, context) {
                Value::Number(n) => Some(n),
                _ => None,
            },
            _ => None,
        };
        if context.overflow.take() {
            sink.overflow.push(row as u32);
        }
        all.push(value);
    }
    all.finish()
}

/// Sums, differences and products that fit 64 bits in every row.
fn combine_small(a: &Numbers, op: Arithmetic, b: &Numbers) -> Option<Numbers> {
    let (scale, left, right) = match op {
        Arithmetic::Divide => return None,
        Arithmetic::Multiply => (a.scale + b.scale, 1, 1),
        Arithmetic::Add | Arithmetic::Subtract => {
            let scale = a.scale.max(b.scale);
            let power = |s: u8| POWERS[usize::from(scale - s)];
            (scale, power(a.scale), power(b.scale))
        }
    };
    if scale > 18 {
        return None;
    }
    let mut mantissas = Vec::with_capacity(a.mantissas.len());
    for (&x, &y) in a.mantissas.iter().zip(&b.mantissas) {
        if x == NO_NUMBER || y == NO_NUMBER {
            mantissas.push(NO_NUMBER);
            continue;
        }
        let (x, y) = (x.checked_mul(left)?, y.checked_mul(right)?);
        let result = match op {
            Arithmetic::Add => x.checked_add(y),
            Arithmetic::Subtract => x.checked_sub(y),
            _ => x.checked_mul(y),
        };
        mantissas.push(result.filter(|r| *r != NO_NUMBER)?);
    }
    Some(Numbers { mantissas, scale })
}
