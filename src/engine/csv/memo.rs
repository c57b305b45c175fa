//! Memos: what an expression gave, once for each combination of its columns' values.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::plan::{CellType, RowExpr};
use crate::value::Decimal;

use super::batch::{Batch, BatchRow, Sink};
use super::classes::Classes;
use super::dictionary::{Dictionary, NONE};
use super::layout::kind_of;
use super::rows::{Context, Expr, Value, compile};
use super::vector::{NO_BOOL, NO_DATE, NO_TIME, NumberBuilder, Vector};

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
    /// Of several columns that all come down to few classes.
    dense: Dense,
    slots: Slots,
    overflowed: FxHashSet<u32>,
}

/// The slot of every combination of classes.
#[derive(Clone, Debug, Default)]
struct Dense {
    /// Of each column, how many classes there is room for.
    room: Vec<usize>,
    slots: Vec<u32>,
}

/// A table of more combinations is not made.
const MOST_COMBINATIONS: usize = 1 << 12;

impl Dense {
    /// Makes room for so many classes of each column; false where that is too much. What was known
    /// is forgotten where there was no room yet.
    fn fits(&mut self, classes: impl Iterator<Item = usize> + Clone) -> bool {
        let had = self.room.iter().copied().chain(std::iter::repeat(0));
        if self.room.is_empty() || classes.clone().zip(had).any(|(now, had)| now > had) {
            self.room = classes.map(|now| (now + 1).next_power_of_two()).collect();
            let all = self.room.iter().try_fold(1usize, |all, room| all.checked_mul(*room));
            let all = all.filter(|all| *all <= MOST_COMBINATIONS).unwrap_or(0);
            self.slots.clear();
            self.slots.resize(all, NONE);
        }
        !self.slots.is_empty()
    }
}

/// Results by slot.
#[derive(Clone, Debug)]
pub(super) enum Slots {
    Number(Vec<Option<Decimal>>),
    Text(Vec<u32>),
    Bool(Vec<u8>),
    Date(Vec<i32>),
    Timestamp(Vec<i64>),
}

impl Slots {
    pub(super) fn new(kind: CellType) -> Self {
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

    pub(super) fn push(&mut self, value: &Value, texts: &mut Dictionary) -> u32 {
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

    /// Adds a text by its id.
    pub(super) fn push_id(&mut self, id: u32) {
        if let Self::Text(ids) = self {
            ids.push(id);
        }
    }

    /// Adds a value of a vector of the same kind; `ids` are the own ids of its texts.
    pub(super) fn push_from(&mut self, vector: &Vector, row: usize, ids: &[u32]) {
        match (self, vector) {
            (Self::Number(v), numbers) => v.push(numbers.number(row)),
            (Self::Text(v), Vector::Text(t)) if t[row] == NONE => v.push(NONE),
            (Self::Text(v), Vector::Text(t)) => v.push(ids[t[row] as usize]),
            (Self::Bool(v), Vector::Bool(b)) => v.push(b[row]),
            (Self::Date(v), Vector::Date(d)) => v.push(d[row]),
            (Self::Timestamp(v), Vector::Timestamp(t)) => v.push(t[row]),
            _ => panic!("values of another kind"),
        }
    }

    /// The results of these slots.
    pub(super) fn gather(&self, slots: &[u32]) -> Vector {
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

impl Memo {
    /// An expression over these columns, none of which has very many values in a block.
    pub(super) fn new(expr: &RowExpr, inputs: Vec<usize>, kinds: &[CellType]) -> Self {
        Self {
            classes: Classes::of_inputs(expr, &inputs, kinds),
            expr: Arc::new(compile(expr)),
            inputs,
            direct: Vec::new(),
            keys: Dictionary::default(),
            dense: Dense::default(),
            slots: Slots::new(kind_of(expr, kinds).unwrap_or(CellType::Number)),
            overflowed: FxHashSet::default(),
        }
    }

    /// Forgets everything: the dictionaries that it knew are emptied.
    pub(super) fn forget(&mut self) {
        self.direct.clear();
        self.keys.clear();
        self.dense = Dense::default();
        for classes in self.classes.iter_mut().flatten() {
            classes.forget();
        }
        self.slots.clear();
        self.overflowed.clear();
    }

    /// Whether it remembers more than a cache should.
    pub(super) fn is_full(&self) -> bool {
        self.keys.is_full()
    }

    /// The value in every row.
    pub(super) fn run(&mut self, batch: &Batch, context: &Context, sink: &mut Sink<'_>) -> Vector {
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
        let classes = self.classes.iter().map(|c| c.as_ref().map_or(usize::MAX >> 1, Classes::len));
        if self.dense.fits(classes) {
            self.by_classes(&words, batch, context, sink, slots);
            return;
        }
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

    fn by_classes(
        &mut self,
        words: &[Cow<'_, [u32]>],
        batch: &Batch,
        context: &Context,
        sink: &mut Sink<'_>,
        slots: &mut Vec<u32>,
    ) {
        let mut places = vec![0u32; batch.rows];
        for (words, room) in words.iter().zip(&self.dense.room) {
            for (place, word) in places.iter_mut().zip(words.iter()) {
                *place = *place * *room as u32 + word;
            }
        }
        for (row, place) in places.into_iter().enumerate() {
            let mut slot = self.dense.slots[place as usize];
            if slot == NONE {
                slot = self.work_out(batch, row, context, sink);
                self.dense.slots[place as usize] = slot;
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
