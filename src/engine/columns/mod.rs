//! Tables whose columns have names and types of their own: Parquet files, tables of databases.
//!
//! They reach the reader as the CSV file that would hold them, so that every promise about cells
//! (types, nulls, filters, keys, places in messages) is kept by one piece of code. Only columns that
//! the scan reads are fetched; the others are headers with empty cells.
#![cfg_attr(
    not(all(feature = "parquet", feature = "engines")),
    allow(
        dead_code,
        reason = "what is here is shared by two features, of which one is not built in"
    )
)]

#[cfg(feature = "parquet")]
mod chunks;
#[cfg(feature = "parquet")]
pub(super) mod parquet;
#[cfg(any(feature = "parquet", feature = "engines"))]
mod rows;
#[cfg(feature = "engines")]
mod settings;
pub(super) mod spool;
#[cfg(feature = "engines")]
pub(super) mod table;
#[cfg(any(feature = "parquet", feature = "engines"))]
mod text;

use crate::plan::{CellKind, Origin, Scan, SqlDialect, header_key};
use crate::time::DateFormat;

use super::csv::canonical;

/// Why there are no rows of a table.
#[derive(Debug)]
pub(super) enum NoTable {
    /// This program was built without what reaches databases.
    #[cfg_attr(feature = "engines", allow(dead_code, reason = "it is built in"))]
    NotBuiltIn,
    /// It was tried: what went wrong, and what to do about it.
    Failed { why: String, help: String },
}

/// A table of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    pub(super) connection: &'p str,
    pub(super) dialect: SqlDialect,
    pub(super) path: &'p [String],
}

/// What a scan reads of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    columns: Vec<Column>,
    /// Headers that are dates are read, too.
    turned: Option<DateFormat>,
    /// The sign that the source's numbers are read with.
    decimal: char,
}

#[derive(Clone, Debug)]
struct Column {
    names: Vec<String>,
    keys: Vec<String>,
    form: Form,
}

/// How the cells of a column are to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Numbers as a text has them.
    Text,
    /// Moments at midnight are days.
    Day,
    /// Numbers with the source's decimal sign.
    Value,
}

impl Wanted {
    /// The columns of a scan.
    pub(super) fn of(scan: &Scan) -> Self {
        let columns = scan.columns.iter().filter_map(|column| {
            let Origin::Read { headers, cell } = &column.origin else { return None };
            Some(Column {
                names: headers.clone(),
                keys: headers.iter().map(|h| header_key(&canonical(h))).collect(),
                form: match cell {
                    CellKind::Text | CellKind::Currency(_) => Form::Text,
                    CellKind::Date(_) => Form::Day,
                    _ => Form::Value,
                },
            })
        });
        Self {
            columns: columns.collect(),
            turned: scan.unpivot.as_ref().map(|u| u.format.clone()),
            decimal: scan.dialect.numbers.decimal,
        }
    }
}

#[cfg(any(feature = "parquet", feature = "engines"))]
impl Wanted {
    /// How a column of this name is wanted, if it is.
    fn form(&self, name: &str) -> Option<Form> {
        let (name, key) = (name.trim(), header_key(&canonical(name)));
        let is = |c: &&Column| c.keys.contains(&key) || c.names.iter().any(|n| n.trim() == name);
        let found = self.columns.iter().find(is).map(|c| c.form);
        let turned = || self.turned.as_ref()?.parse(name).map(|_| Form::Value);
        found.or_else(turned)
    }
}
