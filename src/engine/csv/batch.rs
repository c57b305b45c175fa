//! Row expressions over all rows of a block at once.
//!
//! What an expression means is said in [`super::rows`]. Here the common shapes run as loops over
//! vectors, and what depends only on columns of few distinct values (texts, days, truth values)
//! is worked out once for each combination of them that occurs. Everything else goes row by row.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::plan::{Arithmetic, CellType, ColumnId, CompareOp, RowExpr, RowFunction};
use crate::value::Decimal;

use super::classes::Classes;
use super::dictionary::{Dictionary, NONE};
use super::rows::{Context, Expr, Row, Value, compile, ordered, step};
use super::vector::{
    NO_BOOL, NO_DATE, NO_NUMBER, NO_TIME, NumberBuilder, Numbers, POWERS, Vector, small,
};

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

/// What an expression gave for each combination of its columns' values.
#[derive(Clone, Debug)]
pub(super) struct Memo {
    expr: Arc<Expr>,
    inputs: Vec<usize>,
    /// Of one column of texts: the slot of each id, null last.
    direct: Vec<u32>,
    /// Of several columns: what each one's values come down to.
    classes: Vec<Option<Classes>>,
    /// Of several columns: a key's id is its slot.
    keys: Dictionary,
    slots: Slots,
    overflowed: FxHashSet<u32>,
}

/// Results by slot.
#[derive(Clone, Debug)]
enum Slots {
    Number(Vec<Option<Decimal>>),
    Text(Vec<u32>),
    Bool(Vec<u8>),
    Date(Vec<i32>),
    Timestamp(Vec<i64>),
}

impl Slots {
    fn new(kind: CellType) -> Self {
        match kind {
            CellType::Number => Self::Number(Vec::new()),
            CellType::Text => Self::Text(Vec::new()),
            CellType::Bool => Self::Bool(Vec::new()),
            CellType::Date => Self::Date(Vec::new()),
            CellType::Timestamp => Self::Timestamp(Vec::new()),
        }
    }

    fn clear(&mut self) {
        match self {
            Self::Number(v) => v.clear(),
            Self::Text(v) => v.clear(),
            Self::Bool(v) => v.clear(),
            Self::Date(v) => v.clear(),
            Self::Timestamp(v) => v.clear(),
        }
    }

    fn push(&mut self, value: &Value, texts: &mut Dictionary) -> u32 {
        let slot = match (self, value) {
            (Self::Number(v), Value::Number(n)) => push(v, Some(*n)),
            (Self::Number(v), _) => push(v, None),
            (Self::Text(v), Value::Text(t)) => push(v, texts.id(t.as_bytes()).0),
            (Self::Text(v), _) => push(v, NONE),
            (Self::Bool(v), Value::Bool(b)) => push(v, u8::from(*b)),
            (Self::Bool(v), _) => push(v, NO_BOOL),
            (Self::Date(v), Value::Date(d)) => push(v, *d),
            (Self::Date(v), _) => push(v, NO_DATE),
            (Self::Timestamp(v), Value::Timestamp(t)) => push(v, *t),
            (Self::Timestamp(v), _) => push(v, NO_TIME),
        };
        slot as u32
    }

    fn gather(&self, slots: &[u32]) -> Vector {
        let at = |s: &u32| *s as usize;
        match self {
            Self::Number(v) => {
                let mut all = NumberBuilder::new(0, slots.len());
                for slot in slots {
                    all.push(v[at(slot)]);
                }
                all.finish()
            }
            Self::Text(v) => Vector::Text(slots.iter().map(|s| v[at(s)]).collect()),
            Self::Bool(v) => Vector::Bool(slots.iter().map(|s| v[at(s)]).collect()),
            Self::Date(v) => Vector::Date(slots.iter().map(|s| v[at(s)]).collect()),
            Self::Timestamp(v) => Vector::Timestamp(slots.iter().map(|s| v[at(s)]).collect()),
        }
    }
}

fn push<T>(items: &mut Vec<T>, item: T) -> usize {
    items.push(item);
    items.len() - 1
}

/// Lays an expression out. `kinds` are the types of the scan's columns.
pub(super) fn lay_out(expr: &RowExpr, kinds: &[CellType]) -> Node {
    if let RowExpr::Column(id) = expr {
        return Node::Column(id.0 as usize);
    }
    let constant = match expr {
        RowExpr::Number(n) => Some(Value::Number(*n)),
        RowExpr::Text(t) => Some(Value::Text(t.as_str().into())),
        RowExpr::Bool(b) => Some(Value::Bool(*b)),
        RowExpr::Date(d) => Some(Value::Date(d.days())),
        _ => None,
    };
    if let Some(value) = constant {
        return Node::Constant(value);
    }
    let mut inputs = Vec::new();
    columns_of(expr, &mut inputs);
    let inputs: Vec<usize> = inputs.iter().map(|c| c.0 as usize).collect();
    let few = |c: &usize| matches!(kinds[*c], CellType::Text | CellType::Bool | CellType::Date);
    let boxed = |e: &RowExpr| Box::new(lay_out(e, kinds));
    let all = |list: &[RowExpr]| list.iter().map(|e| lay_out(e, kinds)).collect::<Vec<_>>();
    let same = |a: &RowExpr, b: &RowExpr, kind: CellType| {
        kind_of(a, kinds) == Some(kind) && kind_of(b, kinds) == Some(kind)
    };
    match expr {
        _ if inputs.len() == 1 && kinds[inputs[0]] == CellType::Text => {}
        RowExpr::And(list) => return Node::And(all(list)),
        RowExpr::Or(list) => return Node::Or(all(list)),
        RowExpr::Not(e) => return Node::Not(boxed(e)),
        RowExpr::IsNull(e) => return Node::IsNull(boxed(e)),
        RowExpr::Compare(a, op, b)
            if same(a, b, CellType::Number) || same(a, b, CellType::Date) =>
        {
            return Node::Compare(boxed(a), op.op, boxed(b));
        }
        RowExpr::Arithmetic(first, steps) if !inputs.iter().all(few) => {
            let steps = steps.iter().map(|(op, e)| (*op, lay_out(e, kinds))).collect();
            return Node::Arithmetic(boxed(first), steps);
        }
        RowExpr::Negate(e) if !inputs.iter().all(few) => {
            let zero = Node::Constant(Value::Number(Decimal::ZERO));
            return Node::Arithmetic(Box::new(zero), vec![(Arithmetic::Subtract, *boxed(e))]);
        }
        RowExpr::If(c, a, b) if same(a, b, CellType::Number) => {
            return Node::Choose(boxed(c), boxed(a), boxed(b));
        }
        _ => {}
    }
    let kind = kind_of(expr, kinds).unwrap_or(CellType::Number);
    let compiled = Arc::new(compile(expr));
    if inputs.is_empty() || !inputs.iter().all(few) {
        return Node::Rows(compiled, kind);
    }
    Node::Memo(Box::new(Memo {
        classes: Classes::of_inputs(expr, &inputs, kinds),
        expr: compiled,
        inputs,
        direct: Vec::new(),
        keys: Dictionary::default(),
        slots: Slots::new(kind),
        overflowed: FxHashSet::default(),
    }))
}

/// The type of what an expression gives; none for null.
pub(super) fn kind_of(expr: &RowExpr, kinds: &[CellType]) -> Option<CellType> {
    use RowFunction as F;
    match expr {
        RowExpr::Column(id) => kinds.get(id.0 as usize).copied(),
        RowExpr::Number(_)
        | RowExpr::Negate(_)
        | RowExpr::Arithmetic(..)
        | RowExpr::Elapsed(..) => Some(CellType::Number),
        RowExpr::Text(_) | RowExpr::Cases(..) => Some(CellType::Text),
        RowExpr::Date(_) => Some(CellType::Date),
        RowExpr::Null => None,
        RowExpr::Default(list) => list.iter().find_map(|e| kind_of(e, kinds)),
        RowExpr::If(_, a, b) => kind_of(a, kinds).or_else(|| kind_of(b, kinds)),
        RowExpr::Bool(_)
        | RowExpr::Compare(..)
        | RowExpr::And(_)
        | RowExpr::Or(_)
        | RowExpr::Not(_)
        | RowExpr::IsNull(_)
        | RowExpr::In(..)
        | RowExpr::Between(..)
        | RowExpr::Match(..) => Some(CellType::Bool),
        RowExpr::Call(function, arguments) => Some(match function {
            F::Lower | F::Upper | F::Trim | F::Replace | F::Extract(_) => CellType::Text,
            F::Contains | F::StartsWith | F::EndsWith => CellType::Bool,
            F::Date(_) => CellType::Date,
            F::Least | F::Greatest => {
                return arguments.iter().find_map(|e| kind_of(e, kinds));
            }
            _ => CellType::Number,
        }),
    }
}

/// The columns that an expression reads, each once.
pub(super) fn columns_of(expr: &RowExpr, out: &mut Vec<ColumnId>) {
    match expr {
        RowExpr::Column(id) => {
            if !out.contains(id) {
                out.push(*id);
            }
        }
        RowExpr::Number(_)
        | RowExpr::Text(_)
        | RowExpr::Bool(_)
        | RowExpr::Date(_)
        | RowExpr::Null => {}
        RowExpr::Negate(e) | RowExpr::Not(e) | RowExpr::IsNull(e) | RowExpr::Match(e, _) => {
            columns_of(e, out);
        }
        RowExpr::Arithmetic(first, steps) => {
            columns_of(first, out);
            for (_, e) in steps {
                columns_of(e, out);
            }
        }
        RowExpr::Elapsed(a, b) | RowExpr::Compare(a, _, b) => {
            columns_of(a, out);
            columns_of(b, out);
        }
        RowExpr::Default(list) | RowExpr::And(list) | RowExpr::Or(list) => {
            for e in list {
                columns_of(e, out);
            }
        }
        RowExpr::In(e, list, _) => {
            columns_of(e, out);
            for e in list {
                columns_of(e, out);
            }
        }
        RowExpr::Between(a, b, c) | RowExpr::If(a, b, c) => {
            columns_of(a, out);
            columns_of(b, out);
            columns_of(c, out);
        }
        RowExpr::Cases(rules, _) => rules.iter().for_each(|(e, _)| columns_of(e, out)),
        RowExpr::Call(_, list) => list.iter().for_each(|e| columns_of(e, out)),
    }
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
            Self::Memo(memo) => {
                memo.direct.clear();
                memo.keys.clear();
                for classes in memo.classes.iter_mut().flatten() {
                    classes.forget();
                }
                memo.slots.clear();
                memo.overflowed.clear();
            }
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
            Self::Memo(memo) => memo.keys.is_full(),
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

impl Memo {
    fn run(&mut self, batch: &Batch, context: &Context, sink: &mut Sink<'_>) -> Vector {
        let mut slots = Vec::with_capacity(batch.rows);
        match (self.inputs.as_slice(), batch.column(self.inputs[0])) {
            (&[column], Vector::Text(ids)) => {
                let known = batch.dictionaries[batch.sources[column]].len();
                self.grow_direct(known);
                for (row, &id) in ids.iter().enumerate() {
                    let at = if id == NONE { 0 } else { id as usize + 1 };
                    if self.direct[at] == NONE {
                        self.direct[at] = self.work_out(batch, row, context, sink);
                    }
                    slots.push(self.direct[at]);
                }
            }
            _ => self.by_keys(batch, context, sink, &mut slots),
        }
        if !self.overflowed.is_empty() {
            let over = |(_, slot): &(usize, &u32)| self.overflowed.contains(slot);
            let rows = slots.iter().enumerate().filter(over).map(|(row, _)| row as u32);
            sink.overflow.extend(rows);
        }
        self.slots.gather(&slots)
    }

    fn grow_direct(&mut self, known: usize) {
        if self.direct.len() < known + 1 {
            self.direct.resize(known + 1, NONE);
        }
    }

    fn by_keys(
        &mut self,
        batch: &Batch,
        context: &Context,
        sink: &mut Sink<'_>,
        slots: &mut Vec<u32>,
    ) {
        let inputs = self.inputs.iter().zip(&mut self.classes);
        let words: Vec<Cow<'_, [u32]>> = inputs
            .map(|(column, classes)| match (classes, batch.column(*column)) {
                (Some(classes), Vector::Text(ids)) => {
                    Cow::Owned(classes.run(*column, ids, batch, context))
                }
                (_, Vector::Text(ids)) => Cow::Borrowed(ids.as_slice()),
                (_, Vector::Bool(b)) => b.iter().map(|b| u32::from(*b)).collect(),
                (_, Vector::Date(d)) => d.iter().map(|d| d.cast_unsigned()).collect(),
                _ => panic!("a memo over values that are too many"),
            })
            .collect();
        let mut key = vec![0u32; words.len()];
        for row in 0..batch.rows {
            for (word, words) in key.iter_mut().zip(&words) {
                *word = words[row];
            }
            let (slot, new) = self.keys.words_id(&key);
            if new {
                self.work_out(batch, row, context, sink);
            }
            slots.push(slot);
        }
    }

    #[cold]
    fn work_out(
        &mut self,
        batch: &Batch,
        row: usize,
        context: &Context,
        sink: &mut Sink<'_>,
    ) -> u32 {
        let value = self.expr.value(&BatchRow { batch, row }, context);
        let slot = self.slots.push(&value, sink.texts);
        if context.overflow.take() {
            self.overflowed.insert(slot);
        }
        slot
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
    match slots {
        Slots::Number(values) => {
            let mut all = NumberBuilder::new(0, values.len());
            for value in values {
                all.push(value);
            }
            all.finish()
        }
        Slots::Text(v) => Vector::Text(v),
        Slots::Bool(v) => Vector::Bool(v),
        Slots::Date(v) => Vector::Date(v),
        Slots::Timestamp(v) => Vector::Timestamp(v),
    }
}

fn compare(a: &Vector, op: CompareOp, b: &Vector, rows: usize) -> Vec<u8> {
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
fn power_of_ten(op: Arithmetic, operand: &Node) -> Option<u8> {
    match operand {
        Node::Constant(Value::Number(n)) if op == Arithmetic::Divide => {
            let n = n.normalised();
            let at = POWERS.iter().position(|p| i128::from(*p) == n.mantissa())?;
            (n.scale() == 0).then_some(at as u8)
        }
        _ => None,
    }
}

fn combine(
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
