//! Numbers that rows look up and do not find: whatever is computed of them leaves these rows out,
//! and that is told.

use super::batch::Batch;
use crate::diagnostic::{Diagnostic, codes};
use crate::plan::{CellType, ColumnId, ColumnPlan, Origin, RowExpr, Scan};

/// Counts the rows that lack a number that they look up.
#[derive(Debug)]
pub(super) struct Unmatched {
    /// By column; nought of all but looked-up numbers.
    rows: Vec<u64>,
    /// Each looked-up number with the columns that are computed of it.
    watched: Vec<(usize, Vec<usize>)>,
}

impl Unmatched {
    pub(super) fn new(scan: &Scan) -> Self {
        let numbers =
            scan.columns.iter().enumerate().filter(|(_, c)| {
                matches!(&c.origin, Origin::Joined { kind: CellType::Number, .. })
            });
        let watched = numbers.map(|(at, _)| (at, computed_of(scan, at)));
        let watched = watched.filter(|(at, users)| !users.is_empty() || is_used_bare(scan, *at));
        Self { rows: vec![0; scan.columns.len()], watched: watched.collect() }
    }

    /// Adds the rows of a batch, once only those that count are left. A row counts where what is
    /// computed of the number is null with it: `rate ?? 1`, or a row that needs no rate, is not.
    pub(super) fn count(&mut self, batch: &Batch) {
        for (at, users) in &self.watched {
            let number = batch.column(*at);
            if number.count_nulls() == 0 {
                continue;
            }
            let lost = |row: &usize| {
                let mut users = users.iter();
                number.is_null(*row)
                    && (users.len() == 0 || users.any(|user| batch.column(*user).is_null(*row)))
            };
            self.rows[*at] += (0..batch.rows).filter(lost).count() as u64;
        }
    }

    pub(super) fn rows(&self) -> &[u64] {
        &self.rows
    }
}

/// One warning a looked-up column of numbers that some rows lack.
pub(super) fn told(scan: &Scan, rows: &[u64]) -> Vec<Diagnostic> {
    let lacking = scan.columns.iter().zip(rows).filter(|(_, rows)| **rows > 0);
    let warning = |(column, &count): (&ColumnPlan, &u64)| {
        let rows = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
        let message = format!("{rows} of `{}` found no number in `{}`", scan.source, column.name);
        let help =
            "complete the table that is looked up, or say what holds without a number: `... ?? 0`";
        Diagnostic::new(&codes::UNMATCHED_LOOKUP, message)
            .at(column.span, "what is computed of it leaves them out")
            .help(help)
    };
    lacking.map(warning).collect()
}

/// The columns whose expressions name a column.
fn computed_of(scan: &Scan, at: usize) -> Vec<usize> {
    let names = |expr: &RowExpr| {
        let mut found = false;
        expr.each(&mut |e| found |= *e == RowExpr::Column(ColumnId(at as u32)));
        found
    };
    let users = scan.columns.iter().enumerate().filter(|(_, c)| match &c.origin {
        Origin::Computed(expr) => names(expr),
        _ => false,
    });
    users.map(|(user, _)| user).collect()
}

/// Whether a filter or an argument uses a column without saying what holds where it is null.
fn is_used_bare(scan: &Scan, at: usize) -> bool {
    let is_it = |expr: &RowExpr| *expr == RowExpr::Column(ColumnId(at as u32));
    let (mut uses, mut guarded) = (0, 0);
    for expr in scan.filter.iter().chain(&scan.conditions).chain(&scan.values) {
        expr.each(&mut |e| match e {
            RowExpr::Column(_) if is_it(e) => uses += 1,
            RowExpr::IsNull(inner) if is_it(inner) => guarded += 1,
            RowExpr::Default(parts) => {
                let before_last = parts.iter().rev().skip(1);
                guarded += before_last.filter(|part| is_it(part)).count();
            }
            _ => {}
        });
    }
    uses > guarded
}
