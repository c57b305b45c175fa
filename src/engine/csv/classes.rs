//! Classes: what the values of a column come down to in an expression.
//!
//! Channel rules ask a column a handful of yes-or-no questions: a thousand campaigns come down to
//! those that begin with `black_friday` and those that do not. Values with the same answers are of
//! one class, and the expression is worked out once for each combination of classes, of which there
//! are a few dozen where there are millions of combinations of values.

use std::sync::Arc;

use crate::plan::{CellType, RowExpr, RowFunction};

use super::batch::{Batch, BatchRow};
use super::dictionary::{Dictionary, NONE};
use super::layout::{columns_of, kind_of};
use super::rows::{Context, Expr, compile};

/// The classes of one column of texts.
#[derive(Clone, Debug)]
pub(super) struct Classes {
    questions: Arc<[Expr]>,
    /// The class of each id, null first.
    of_id: Vec<u32>,
    /// A class's number is the id of its answers.
    answers: Dictionary,
}

impl Classes {
    /// The classes of each input; none for inputs that are no texts, and for all of them where the
    /// expression looks at more of a value than such questions do.
    pub(super) fn of_inputs(
        expr: &RowExpr,
        inputs: &[usize],
        kinds: &[CellType],
    ) -> Vec<Option<Self>> {
        let mut questions = Vec::new();
        let only_questions = ask(expr, kinds, &mut questions);
        let of_input = |input: &usize| {
            if !only_questions || kinds[*input] != CellType::Text {
                return None;
            }
            let own = questions.iter().filter(|(column, _)| column == input);
            let questions = own.map(|(_, question)| compile(question)).collect();
            Some(Self { questions, of_id: Vec::new(), answers: Dictionary::default() })
        };
        inputs.iter().map(of_input).collect()
    }

    /// Forgets which id is of which class: ids mean something else from now on.
    pub(super) fn forget(&mut self) {
        self.of_id.clear();
    }

    /// The class of every row. `ids` are the column's.
    pub(super) fn run(
        &mut self,
        column: usize,
        ids: &[u32],
        batch: &Batch,
        context: &Context,
    ) -> Vec<u32> {
        let known = batch.dictionaries[batch.sources[column]].len() + 1;
        if self.of_id.len() < known {
            self.of_id.resize(known, NONE);
        }
        // The classes first, so that the loop below has nothing but loads in it.
        for (row, &id) in ids.iter().enumerate() {
            if self.of_id[place(id)] == NONE {
                self.of_id[place(id)] = self.class_of(batch, row, context);
            }
        }
        ids.iter().map(|id| self.of_id[place(*id)]).collect()
    }

    /// How many classes there are so far.
    pub(super) fn len(&self) -> usize {
        self.answers.len()
    }

    #[cold]
    fn class_of(&mut self, batch: &Batch, row: usize, context: &Context) -> u32 {
        let row = BatchRow { batch, row };
        let answers = self.questions.iter().map(|q| u8::from(q.holds(&row, context)));
        let answers: Vec<u8> = answers.collect();
        self.answers.id(&answers).0
    }
}

/// Null comes first, and its id is the greatest there is.
fn place(id: u32) -> usize {
    id.wrapping_add(1) as usize
}

/// Collects the questions that an expression asks of single columns of texts; false where it uses
/// such a column in another way.
fn ask<'e>(
    expr: &'e RowExpr,
    kinds: &[CellType],
    questions: &mut Vec<(usize, &'e RowExpr)>,
) -> bool {
    let mut columns = Vec::new();
    columns_of(expr, &mut columns);
    let texts: Vec<usize> =
        columns.iter().map(|c| c.0 as usize).filter(|c| kinds[*c] == CellType::Text).collect();
    match (texts.as_slice(), expr) {
        ([], _) => true,
        (&[column], _)
            if columns.len() == 1
                && kind_of(expr, kinds) == Some(CellType::Bool)
                && is_of_texts(expr) =>
        {
            questions.push((column, expr));
            true
        }
        (_, RowExpr::And(list) | RowExpr::Or(list)) => {
            list.iter().all(|e| ask(e, kinds, questions))
        }
        (_, RowExpr::Not(e)) => ask(e, kinds, questions),
        (_, RowExpr::Cases(rules, _)) => rules.iter().all(|(e, _)| ask(e, kinds, questions)),
        (_, RowExpr::If(c, a, b)) => [c, a, b].into_iter().all(|e| ask(e, kinds, questions)),
        _ => false,
    }
}

/// Whether an expression does nothing but with texts: no number in it can have too many digits.
fn is_of_texts(expr: &RowExpr) -> bool {
    use RowFunction as F;
    match expr {
        RowExpr::Column(_) | RowExpr::Text(_) | RowExpr::Bool(_) | RowExpr::Null => true,
        RowExpr::Not(e) | RowExpr::IsNull(e) | RowExpr::Match(e, _) => is_of_texts(e),
        RowExpr::Compare(a, _, b) => is_of_texts(a) && is_of_texts(b),
        RowExpr::Between(a, b, c) => [a, b, c].into_iter().all(|e| is_of_texts(e)),
        RowExpr::And(list) | RowExpr::Or(list) => list.iter().all(is_of_texts),
        RowExpr::In(e, list, _) => is_of_texts(e) && list.iter().all(is_of_texts),
        RowExpr::Call(function, list) => {
            let of_texts = matches!(
                function,
                F::Lower
                    | F::Upper
                    | F::Trim
                    | F::Contains
                    | F::StartsWith
                    | F::EndsWith
                    | F::Replace
                    | F::Extract(_)
            );
            of_texts && list.iter().all(is_of_texts)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::ColumnId;

    fn column(at: u32) -> RowExpr {
        RowExpr::Column(ColumnId(at))
    }

    fn matches(at: u32) -> RowExpr {
        RowExpr::Match(Box::new(column(at)), "a".to_owned())
    }

    #[test]
    fn only_questions_make_classes() {
        let kinds = [CellType::Text, CellType::Text, CellType::Bool];
        let asked = |expr: &RowExpr| {
            let mut questions = Vec::new();
            ask(expr, &kinds, &mut questions).then_some(questions.len())
        };
        let both = RowExpr::And(vec![matches(0), RowExpr::Not(Box::new(matches(1))), column(2)]);
        assert_eq!(asked(&both), Some(2));
        let cases = RowExpr::Cases(vec![(both.clone(), "x".to_owned())], None);
        assert_eq!(asked(&cases), Some(2));
        let shown = RowExpr::If(Box::new(both), Box::new(column(0)), Box::new(column(1)));
        assert_eq!(asked(&shown), None);
        let default = RowExpr::Default(vec![column(0), column(1)]);
        assert_eq!(asked(&RowExpr::IsNull(Box::new(default))), None);
    }
}
