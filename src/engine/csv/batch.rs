//! Row expressions over all rows of a block at once.
//!
//! What an expression means is said in [`super::rows`]. Here the common shapes run as loops over
//! vectors, and what depends only on columns of few distinct values (texts, days, truth values)
//! is worked out once for each combination of them that occurs. Everything else goes row by row.

use std::borrow::Cow;
use std::sync::Arc;

use crate::plan::{Arithmetic, CellType, CompareOp};

use super::arithmetic::{combine, compare, power_of_ten};
use super::dictionary::Dictionary;
use super::memo::{Memo, Slots};
use super::rows::{Context, Expr, Row, Value};
use super::vector::{NumberBuilder, Numbers, Vector, small};

/// The columns of a block's rows, as far as they are read.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) columns: Vec<Option<Vector>>,
    /// The texts behind the ids of each column, by [`Self::sources`].
    pub(super) dictionaries: Vec<Dictionary>,
    /// Which dictionary a column's ids are of.
    pub(super) sources: Vec<usize>,
    pub(super) rows: usize,
}

impl Batch {
    pub(super) fn column(&self, column: usize) -> &Vector {
        match &self.columns[column] {
            Some(vector) => vector,
            None => panic!("column {column} is used before it is read"),
        }
    }
}

/// One row of a batch.
pub(super) struct BatchRow<'b> {
    pub(super) batch: &'b Batch,
    pub(super) row: usize,
}

impl Row for BatchRow<'_> {
    fn column(&self, column: usize) -> Value {
        let vector = self.batch.column(column);
        if vector.is_null(self.row) {
            return Value::Null;
        }
        match vector {
            Vector::Number(_) | Vector::Decimal(_) => {
                vector.number(self.row).map_or(Value::Null, Value::Number)
            }
            Vector::Text(ids) => {
                let dictionary = &self.batch.dictionaries[self.batch.sources[column]];
                Value::Text(dictionary.text(ids[self.row]).into())
            }
            Vector::Bool(b) => Value::Bool(b[self.row] == 1),
            Vector::Date(d) => Value::Date(d[self.row]),
            Vector::Timestamp(t) => Value::Timestamp(t[self.row]),
        }
    }
}

/// An expression laid out for batches, with what it remembers.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Column(usize),
    Constant(Value),
    Memo(Box<Memo>),
    Rows(Arc<Expr>, CellType),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    IsNull(Box<Node>),
    Compare(Box<Node>, CompareOp, Box<Node>),
    Arithmetic(Box<Node>, Vec<(Arithmetic, Node)>),
    Choose(Box<Node>, Box<Node>, Box<Node>),
}

/// Where the results of an expression go besides the vector.
pub(super) struct Sink<'s> {
    /// The texts behind the ids of a text result.
    pub(super) texts: &'s mut Dictionary,
    /// Rows whose result does not fit.
    pub(super) overflow: &'s mut Vec<u32>,
}

impl Node {
    /// The dictionary of another column, where the expression is just that column.
    pub(super) fn alias(&self) -> Option<usize> {
        match self {
            Self::Column(column) => Some(*column),
            _ => None,
        }
    }

    /// Forgets everything: the dictionaries that it knew are emptied.
    pub(super) fn forget(&mut self) {
        match self {
            Self::Column(_) | Self::Constant(_) | Self::Rows(..) => {}
            Self::Memo(memo) => memo.forget(),
            Self::And(list) | Self::Or(list) => list.iter_mut().for_each(Self::forget),
            Self::Not(e) | Self::IsNull(e) => e.forget(),
            Self::Compare(a, _, b) => {
                a.forget();
                b.forget();
            }
            Self::Arithmetic(first, steps) => {
                first.forget();
                for (_, e) in steps {
                    e.forget();
                }
            }
            Self::Choose(a, b, c) => {
                a.forget();
                b.forget();
                c.forget();
            }
        }
    }

    /// Whether it remembers more than a cache should.
    pub(super) fn is_full(&self) -> bool {
        match self {
            Self::Column(_) | Self::Constant(_) | Self::Rows(..) => false,
            Self::Memo(memo) => memo.is_full(),
            Self::And(list) | Self::Or(list) => list.iter().any(Self::is_full),
            Self::Not(e) | Self::IsNull(e) => e.is_full(),
            Self::Compare(a, _, b) => a.is_full() || b.is_full(),
            Self::Arithmetic(first, steps) => {
                first.is_full() || steps.iter().any(|(_, e)| e.is_full())
            }
            Self::Choose(a, b, c) => a.is_full() || b.is_full() || c.is_full(),
        }
    }

    /// The value in every row.
    pub(super) fn run<'b>(
        &mut self,
        batch: &'b Batch,
        context: &Context,
        sink: &mut Sink<'_>,
    ) -> Cow<'b, Vector> {
        let vector = match self {
            Self::Column(column) => return Cow::Borrowed(batch.column(*column)),
            Self::Constant(value) => constant(value, batch.rows, sink),
            Self::Memo(memo) => memo.run(batch, context, sink),
            Self::Rows(expr, kind) => row_by_row(expr, *kind, batch, context, sink),
            Self::And(list) => {
                let mut all = vec![1u8; batch.rows];
                for e in list {
                    let truth = truths(&e.run(batch, context, sink));
                    all.iter_mut().zip(truth).for_each(|(a, b)| *a &= b);
                }
                Vector::Bool(all)
            }
            Self::Or(list) => {
                let mut any = vec![0u8; batch.rows];
                for e in list {
                    let truth = truths(&e.run(batch, context, sink));
                    any.iter_mut().zip(truth).for_each(|(a, b)| *a |= b);
                }
                Vector::Bool(any)
            }
            Self::Not(e) => {
                let mut truth = truths(&e.run(batch, context, sink));
                for b in &mut truth {
                    *b ^= 1;
                }
                Vector::Bool(truth)
            }
            Self::IsNull(e) => {
                let vector = e.run(batch, context, sink);
                Vector::Bool((0..batch.rows).map(|r| u8::from(vector.is_null(r))).collect())
            }
            Self::Compare(a, op, b) => {
                let (a, b) = (a.run(batch, context, sink), b.run(batch, context, sink));
                Vector::Bool(compare(&a, *op, &b, batch.rows))
            }
            Self::Arithmetic(first, steps) => {
                let mut total = first.run(batch, context, sink).into_owned();
                for (op, operand) in steps {
                    total = match (power_of_ten(*op, operand), total) {
                        (Some(places), Vector::Number(mut n)) if n.scale + places <= 18 => {
                            n.scale += places;
                            Vector::Number(n)
                        }
                        (_, total) => {
                            let operand = operand.run(batch, context, sink);
                            combine(&total, *op, &operand, context, sink)
                        }
                    };
                }
                total
            }
            Self::Choose(condition, a, b) => {
                let truth = truths(&condition.run(batch, context, sink));
                let (a, b) = (a.run(batch, context, sink), b.run(batch, context, sink));
                let mut all = NumberBuilder::new(0, batch.rows);
                for (row, truth) in truth.iter().enumerate() {
                    all.push(if *truth == 1 { a.number(row) } else { b.number(row) });
                }
                all.finish()
            }
        };
        Cow::Owned(vector)
    }
}

/// 1 where it is true, else 0.
pub(super) fn truths(vector: &Vector) -> Vec<u8> {
    match vector {
        Vector::Bool(b) => b.iter().map(|v| u8::from(*v == 1)).collect(),
        _ => panic!("a condition is no truth value"),
    }
}

fn constant(value: &Value, rows: usize, sink: &mut Sink<'_>) -> Vector {
    match value {
        Value::Number(n) => match small(*n) {
            Some((mantissa, scale)) => {
                Vector::Number(Numbers { mantissas: vec![mantissa; rows], scale })
            }
            None => Vector::Decimal(vec![Some(*n); rows]),
        },
        Value::Text(t) => Vector::Text(vec![sink.texts.id(t.as_bytes()).0; rows]),
        Value::Bool(b) => Vector::Bool(vec![u8::from(*b); rows]),
        Value::Date(d) => Vector::Date(vec![*d; rows]),
        Value::Timestamp(t) => Vector::Timestamp(vec![*t; rows]),
        Value::Null => Vector::Decimal(vec![None; rows]),
    }
}

fn row_by_row(
    expr: &Expr,
    kind: CellType,
    batch: &Batch,
    context: &Context,
    sink: &mut Sink<'_>,
) -> Vector {
    let mut slots = Slots::new(kind);
    for row in 0..batch.rows {
        let value = expr.value(&BatchRow { batch, row }, context);
        slots.push(&value, sink.texts);
        if context.overflow.take() {
            sink.overflow.push(row as u32);
        }
    }
    let all: Vec<u32> = (0..batch.rows as u32).collect();
    slots.gather(&all)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::cast_possible_wrap, reason = "small numbers")]

    use super::super::dictionary::NONE;
    use super::super::layout::lay_out;
    use super::super::rows::compile;
    use super::super::vector::{NO_BOOL, NO_DATE, NO_NUMBER};
    use super::*;
    use crate::plan::{Case, ColumnId, Comparison, RowExpr, RowFunction};
    use crate::time::{Calendar, Date, Zone};
    use crate::value::{Decimal, NumberFormat};

    const KINDS: [CellType; 7] = [
        CellType::Text,
        CellType::Text,
        CellType::Number,
        CellType::Number,
        CellType::Number,
        CellType::Date,
        CellType::Bool,
    ];

    fn batch() -> Batch {
        let mut texts = Dictionary::default();
        for text in ["google", "cpc", "", "كتاب", "کتاب", "Organic", "black_friday_12"] {
            texts.text_id(text.as_bytes());
        }
        let rows = 60;
        let id = |row: usize, step: usize| match row * step % 8 {
            7 => NONE,
            id => id as u32,
        };
        let number = |row: usize, step: i64| match row % 7 {
            6 => NO_NUMBER,
            n => (n as i64 - 2) * step,
        };
        let wide = |row: usize| match row % 5 {
            4 => None,
            n => Some(Decimal::new(10i128.pow(20 + n as u32), n as u8)),
        };
        let numbers = |step: i64, scale| Numbers {
            mantissas: (0..rows).map(|row| number(row, step)).collect(),
            scale,
        };
        let day = |row: usize| if row.is_multiple_of(9) { NO_DATE } else { 20_000 + row as i32 };
        let columns = vec![
            Vector::Text((0..rows).map(|row| id(row, 1)).collect()),
            Vector::Text((0..rows).map(|row| id(row, 3)).collect()),
            Vector::Number(numbers(25, 1)),
            Vector::Number(numbers(4_000_000_000_000, 3)),
            Vector::Decimal((0..rows).map(wide).collect()),
            Vector::Date((0..rows).map(day).collect()),
            Vector::Bool((0..rows).map(|row| [1, 0, NO_BOOL][row % 3]).collect()),
        ];
        Batch {
            columns: columns.into_iter().map(Some).collect(),
            dictionaries: vec![texts.clone(), texts],
            sources: vec![0, 1, 0, 0, 0, 0, 0],
            rows,
        }
    }

    /// A deterministic source of choices.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (self.0 >> 33) % limit
        }
    }

    fn column(at: u64) -> RowExpr {
        RowExpr::Column(ColumnId(at as u32))
    }

    fn number(dice: &mut Dice, depth: u32) -> RowExpr {
        let choice = if depth == 0 { dice.below(3) } else { dice.below(8) };
        let deeper = |dice: &mut Dice| Box::new(number(dice, depth.saturating_sub(1)));
        match choice {
            0 | 1 => column(2 + dice.below(3)),
            2 => RowExpr::Number(Decimal::new([0, 1, 1000, -25, 7][dice.below(5) as usize], 0)),
            3 | 4 => {
                let op = [
                    Arithmetic::Add,
                    Arithmetic::Subtract,
                    Arithmetic::Multiply,
                    Arithmetic::Divide,
                ][dice.below(4) as usize];
                RowExpr::Arithmetic(deeper(dice), vec![(op, *deeper(dice))])
            }
            5 => RowExpr::Negate(deeper(dice)),
            6 => {
                let condition = Box::new(truth(dice, depth - 1));
                RowExpr::If(condition, deeper(dice), deeper(dice))
            }
            _ => RowExpr::Call(RowFunction::Weekday, vec![column(5)]),
        }
    }

    fn text(dice: &mut Dice) -> RowExpr {
        match dice.below(4) {
            0 | 1 => column(dice.below(2)),
            2 => RowExpr::Call(RowFunction::Lower, vec![column(dice.below(2))]),
            _ => RowExpr::Text(["google", "كتاب", "organic"][dice.below(3) as usize].to_owned()),
        }
    }

    fn truth(dice: &mut Dice, depth: u32) -> RowExpr {
        let choice = if depth == 0 { dice.below(4) } else { dice.below(9) };
        let deeper = |dice: &mut Dice| truth(dice, depth.saturating_sub(1));
        let ops = [
            CompareOp::Equal,
            CompareOp::NotEqual,
            CompareOp::Less,
            CompareOp::LessEqual,
            CompareOp::Greater,
            CompareOp::GreaterEqual,
        ];
        let case = if dice.below(2) == 0 { Case::Sensitive } else { Case::Folded };
        let comparison = Comparison { op: ops[dice.below(6) as usize], case };
        match choice {
            0 => column(6),
            1 => {
                let (a, b) = (text(dice), text(dice));
                RowExpr::Compare(Box::new(a), comparison, Box::new(b))
            }
            2 => RowExpr::Match(Box::new(text(dice)), "o|k|ک".to_owned()),
            3 => {
                let list = vec![RowExpr::Text("google".to_owned()), RowExpr::Text(String::new())];
                RowExpr::In(Box::new(text(dice)), list, case)
            }
            4 => {
                let (a, b) = (number(dice, depth - 1), number(dice, depth - 1));
                RowExpr::Compare(Box::new(a), comparison, Box::new(b))
            }
            5 => {
                let day = RowExpr::Date(Date::from_days(20_030));
                RowExpr::Compare(Box::new(column(5)), comparison, Box::new(day))
            }
            6 => RowExpr::And(vec![deeper(dice), deeper(dice), deeper(dice)]),
            7 => RowExpr::Or(vec![deeper(dice), RowExpr::Not(Box::new(deeper(dice)))]),
            _ => RowExpr::IsNull(Box::new(number(dice, depth - 1))),
        }
    }

    fn any(dice: &mut Dice) -> RowExpr {
        match dice.below(4) {
            0 => number(dice, 3),
            1 => {
                let rules =
                    vec![(truth(dice, 2), "a".to_owned()), (truth(dice, 1), "b".to_owned())];
                RowExpr::Cases(rules, (dice.below(2) == 0).then(|| "c".to_owned()))
            }
            _ => truth(dice, 3),
        }
    }

    #[test]
    fn batches_give_what_single_rows_give() {
        let batch = batch();
        let context = Context {
            calendar: Calendar::default(),
            zone: Zone::default(),
            numbers: NumberFormat::default(),
            overflow: std::cell::Cell::new(false),
        };
        let mut dice = Dice(7);
        for _ in 0..3000 {
            let expr = any(&mut dice);
            let (mut texts, mut overflow) = (Dictionary::default(), Vec::new());
            let mut node = lay_out(&expr, &KINDS);
            let compiled = compile(&expr);
            // Twice, for the second time is answered from memory.
            for _ in 0..2 {
                overflow.clear();
                let mut sink = Sink { texts: &mut texts, overflow: &mut overflow };
                let vector = node.run(&batch, &context, &mut sink).into_owned();
                for row in 0..batch.rows {
                    let expected = compiled.value(&BatchRow { batch: &batch, row }, &context);
                    if context.overflow.take() {
                        assert!(overflow.contains(&(row as u32)), "{expr:?} in row {row}");
                        continue;
                    }
                    let found = match &vector {
                        _ if vector.is_null(row) => Value::Null,
                        Vector::Text(ids) => Value::Text(texts.text(ids[row]).into()),
                        Vector::Bool(b) => Value::Bool(b[row] == 1),
                        Vector::Date(d) => Value::Date(d[row]),
                        Vector::Timestamp(t) => Value::Timestamp(t[row]),
                        _ => vector.number(row).map_or(Value::Null, Value::Number),
                    };
                    assert_eq!(found, expected, "{expr:?} in row {row}");
                }
            }
        }
    }
}
