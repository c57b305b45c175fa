//! Distinct values: an id for each, and its text.

use std::borrow::Cow;

use crate::time::Date;

use super::dictionary::{Dictionary, NONE};
use super::groups::push_key;
use super::text::canonical;
use super::vector::Vector;

/// The distinct values of one argument, as one thread has seen them.
#[derive(Debug, Default)]
pub(super) struct DistinctIds {
    /// Of values that are no texts: what [`push_key`] gives.
    keys: Dictionary,
    /// Their texts.
    texts: Vec<String>,
}

impl DistinctIds {
    /// An id for each row's value; texts keep the ids that they have.
    pub(super) fn ids(&mut self, vector: &Vector, rows: usize) -> Vec<u32> {
        if let Vector::Text(ids) = vector {
            return ids.clone();
        }
        let mut key = Vec::new();
        let mut ids = Vec::with_capacity(rows);
        for row in 0..rows {
            if vector.is_null(row) {
                ids.push(NONE);
                continue;
            }
            key.clear();
            push_key(vector, row, &mut key);
            let (id, new) = self.keys.id(&key);
            if new {
                self.texts.push(rendered(vector, row).unwrap_or_default());
            }
            ids.push(id);
        }
        ids
    }

    /// Whether the ids are those of these texts, each in its canonical form.
    pub(super) fn are_texts_of(&self, own: &Dictionary) -> bool {
        let is_canonical = |id| matches!(canonical(own.text(id)), Cow::Borrowed(_));
        self.keys.len() == 0 && (0..own.len() as u32).all(is_canonical)
    }

    /// The ids that the values get in `all`: the same text, in whatever spelling, the same id.
    /// `own` holds the values that are texts.
    pub(super) fn renamed(&self, own: &Dictionary, all: &mut Dictionary) -> Vec<u32> {
        if self.keys.len() > 0 {
            return self.texts.iter().map(|text| all.id(text.as_bytes()).0).collect();
        }
        let texts = (0..own.len() as u32).map(|id| own.text(id));
        texts.map(|text| all.id(canonical(text).as_bytes()).0).collect()
    }
}

/// The text of a value that is no text; none for null.
pub(super) fn rendered(vector: &Vector, row: usize) -> Option<String> {
    if vector.is_null(row) {
        return None;
    }
    Some(match vector {
        Vector::Bool(b) => (b[row] == 1).to_string(),
        Vector::Date(d) => Date::from_days(d[row]).to_string(),
        Vector::Timestamp(t) => timestamp(t[row]),
        Vector::Number(_) | Vector::Decimal(_) => vector.number(row)?.to_string(),
        Vector::Text(_) => return None,
    })
}

fn timestamp(seconds: i64) -> String {
    let (day, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    format!("{}T{hour:02}:{minute:02}:{second:02}", Date::from_days(day as i32))
}
