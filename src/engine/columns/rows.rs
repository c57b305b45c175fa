//! Rows of typed columns as the bytes of a CSV file, batch by batch.

use std::io::{self, Read};

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Fields, Schema};

use crate::engine::csv::Broken;

use super::{Form, Wanted, text};

/// How deep records are looked into for their fields.
const DEEPEST: usize = 32;

/// A column of cells: one of the table, or a field of a column of records.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// `country`, `user.country`
    name: String,
    /// The column, then the fields that lead to it.
    path: Vec<usize>,
    /// How it is read; none where it is not.
    form: Option<Form>,
}

/// The columns of cells of a table, or what is wrong with one that is wanted.
pub(super) fn leaves(schema: &Schema, wanted: &Wanted) -> Result<Vec<Leaf>, String> {
    let mut all = Vec::new();
    flatten(schema.fields(), "", &[], wanted, &mut all)?;
    if all.is_empty() {
        return Err("it has no columns".to_owned());
    }
    Ok(all)
}

fn flatten(
    fields: &Fields,
    prefix: &str,
    path: &[usize],
    wanted: &Wanted,
    all: &mut Vec<Leaf>,
) -> Result<(), String> {
    for (at, field) in fields.iter().enumerate() {
        let name = format!("{prefix}{}", field.name());
        let path = [path, &[at]].concat();
        if let DataType::Struct(inner) = field.data_type()
            && path.len() < DEEPEST
        {
            flatten(inner, &format!("{name}."), &path, wanted, all)?;
            continue;
        }
        let form = wanted.form(&name);
        if let Some(what) = text::foreign(field.data_type()).filter(|_| form.is_some()) {
            return Err(format!("its column `{name}` holds {what}, and a cell is one value"));
        }
        all.push(Leaf { name, path, form });
    }
    Ok(())
}

/// The columns of the table that are read, ascending.
pub(super) fn roots(leaves: &[Leaf]) -> Vec<usize> {
    let read = leaves.iter().filter(|l| l.form.is_some());
    let mut all: Vec<usize> = read.map(|leaf| leaf.path[0]).collect();
    all.dedup();
    all
}

/// The values of a leaf in a batch.
struct Cells {
    form: Form,
    /// The records that it is a field of, and the column itself.
    holders: Vec<ArrayRef>,
    values: ArrayRef,
    /// Where each row's value is, where equal ones are held once.
    keys: Option<Vec<usize>>,
}

impl Cells {
    /// A field of a record that is not there is null, whatever is held for it.
    fn is_null(&self, row: usize) -> bool {
        self.holders.iter().any(|holder| holder.is_null(row))
    }
}

/// Batches of the columns that are read, one after the other.
pub(super) type Batches = Box<dyn Iterator<Item = io::Result<RecordBatch>> + Send>;

/// The text of a table.
pub(super) struct RowText {
    batches: Batches,
    leaves: Vec<Leaf>,
    roots: Vec<usize>,
    decimal: char,
    /// What is written and not read yet.
    text: Vec<u8>,
    read: usize,
    rows: u64,
}

impl RowText {
    pub(super) fn new(batches: Batches, leaves: Vec<Leaf>, wanted: &Wanted) -> Self {
        let mut text = Vec::new();
        for (nth, leaf) in leaves.iter().enumerate() {
            if nth > 0 {
                text.push(b',');
            }
            text::quote(&leaf.name, &mut text);
        }
        end_row(&leaves, &mut text);
        let roots = roots(&leaves);
        Self { batches, leaves, roots, decimal: wanted.decimal, text, read: 0, rows: 0 }
    }

    /// Writes a batch out.
    fn write(&mut self, batch: &RecordBatch) -> io::Result<()> {
        let columns: Vec<Option<Cells>> =
            self.leaves.iter().map(|leaf| self.cells(leaf, batch)).collect();
        for row in 0..batch.num_rows() {
            self.rows += 1;
            for (nth, (leaf, cells)) in self.leaves.iter().zip(&columns).enumerate() {
                if nth > 0 {
                    self.text.push(b',');
                }
                let Some(cells) = cells.as_ref().filter(|cells| !cells.is_null(row)) else {
                    continue;
                };
                let place = cells.keys.as_ref().map_or(row, |keys| keys[row]);
                text::write(&cells.values, place, cells.form, self.decimal, &mut self.text)
                    .map_err(|why| {
                        Broken::columns(format!("row {}, `{}`: {why}", self.rows, leaf.name))
                    })?;
            }
            end_row(&self.leaves, &mut self.text);
        }
        Ok(())
    }

    /// A leaf's values; none where it is not read.
    fn cells(&self, leaf: &Leaf, batch: &RecordBatch) -> Option<Cells> {
        let form = leaf.form?;
        let (root, fields) = leaf.path.split_first()?;
        let place = self.roots.iter().position(|r| r == root)?;
        let mut holders = vec![batch.column(place).clone()];
        for field in fields {
            let field = holders.last()?.as_struct_opt()?.column(*field).clone();
            holders.push(field);
        }
        let values = holders.last()?.clone();
        Some(match values.as_any_dictionary_opt() {
            None => Cells { form, holders, values, keys: None },
            Some(dictionary) => Cells {
                form,
                holders,
                values: dictionary.values().clone(),
                keys: Some(dictionary.normalized_keys()),
            },
        })
    }
}

/// A row of one column gets a second one, empty and without a name: a null alone would be no line.
fn end_row(leaves: &[Leaf], text: &mut Vec<u8>) {
    text.extend_from_slice(if leaves.len() == 1 { b",\n" } else { b"\n" });
}

impl Read for RowText {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.read == self.text.len() {
            self.text.clear();
            self.read = 0;
            match self.batches.next() {
                None => return Ok(0),
                Some(batch) => self.write(&batch?)?,
            }
        }
        let held = &self.text[self.read..];
        let count = held.len().min(buffer.len());
        buffer[..count].copy_from_slice(&held[..count]);
        self.read += count;
        Ok(count)
    }
}
