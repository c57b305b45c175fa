//! Picks: the rows of a block for which a condition holds, and their values.
//!
//! Conditions hold for some rows in no order that a processor could foretell. So each is looked at
//! once: the rows that it leaves are listed without a branch, and whatever is added up under it
//! goes over that list.

use std::collections::BTreeMap;

use super::groups::Rows;
use super::vector::Vector;

/// The rows of a block by condition, as far as they are asked for.
pub(super) struct Picks<'b> {
    pub(super) rows: &'b Rows<'b>,
    cells: &'b [u32],
    picked: Vec<Option<Picked>>,
}

/// What one condition leaves.
#[derive(Default)]
struct Picked {
    rows: Vec<u32>,
    cells: Vec<u32>,
    values: BTreeMap<usize, Vector>,
}

impl<'b> Picks<'b> {
    /// `cells` are those of all rows.
    pub(super) fn new(rows: &'b Rows<'b>, cells: &'b [u32]) -> Self {
        let picked = rows.conditions.iter().map(|_| None).collect();
        Self { rows, cells, picked }
    }

    fn pick(&mut self, condition: usize) -> &mut Picked {
        let Self { rows, cells, picked } = self;
        picked[condition].get_or_insert_with(|| {
            let listed = true_rows(&rows.conditions[condition]);
            let cells = listed.iter().map(|row| cells[*row as usize]).collect();
            Picked { rows: listed, cells, values: BTreeMap::new() }
        })
    }

    /// The cells of the rows that count, and the numbers of these rows; none where all do.
    pub(super) fn numbered(&mut self, condition: Option<usize>) -> (&[u32], Option<&[u32]>) {
        let Some(condition) = condition else { return (self.cells, None) };
        let Picked { rows, cells, .. } = self.pick(condition);
        (cells, Some(rows))
    }

    /// From places among the rows that count to numbers of rows.
    pub(super) fn number(&mut self, condition: Option<usize>, places: &mut [u32]) {
        if let (_, Some(rows)) = self.numbered(condition) {
            for place in places {
                *place = rows[*place as usize];
            }
        }
    }

    /// The cells of the rows that count, and a value of each.
    pub(super) fn pair(&mut self, condition: Option<usize>, value: usize) -> (&[u32], &Vector) {
        let (cells, value, _) = self.triple(condition, value, value);
        (cells, value)
    }

    /// The cells of the rows that count, and two values of each.
    pub(super) fn triple(
        &mut self,
        condition: Option<usize>,
        a: usize,
        b: usize,
    ) -> (&[u32], &Vector, &Vector) {
        let all = self.rows.values;
        let Some(condition) = condition else { return (self.cells, all[a], all[b]) };
        let Picked { rows, cells, values } = self.pick(condition);
        for value in [a, b] {
            values.entry(value).or_insert_with(|| all[value].picked(rows));
        }
        (cells, &values[&a], &values[&b])
    }
}

/// The rows that are true, without a branch on any of them.
fn true_rows(truth: &[u8]) -> Vec<u32> {
    let mut rows = vec![0u32; truth.len()];
    let mut count = 0;
    for (row, truth) in truth.iter().enumerate() {
        rows[count] = row as u32;
        count += usize::from(*truth == 1);
    }
    rows.truncate(count);
    rows
}
