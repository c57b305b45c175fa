//! What of the plan belongs to what of the model: for evaluation, not for engines.

use std::collections::BTreeMap;

use super::{ColumnId, Slot};
use crate::model::{AggregateId, SourceId};

/// Where evaluation finds what a scan gives.
#[derive(Clone, Debug, Default)]
pub struct Bindings {
    /// The scan of each source that has one.
    pub(super) scans: BTreeMap<SourceId, usize>,
    /// The table of each source that is looked up.
    pub(super) tables: BTreeMap<SourceId, usize>,
    /// The slots of each aggregate that was asked for.
    pub(super) aggregates: BTreeMap<AggregateId, Binding>,
    /// By scan, what its groupings hold, in the plan's order.
    pub(super) layouts: Vec<Vec<Layout>>,
}

/// What a grouping holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The date that rows go by, a column of the scan.
    pub date: ColumnId,
    /// The dimensions as compared, sorted.
    pub dimensions: Vec<String>,
    /// What is added up, in the grouping's order.
    pub slots: Vec<Slot>,
}

/// What an aggregate is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The scan, by its place in the plan.
    pub scan: usize,
    /// The date that its rows go by, a column of the scan.
    pub date: ColumnId,
    /// The rows that it looks at, under its condition.
    pub rows: Slot,
    /// What else it needs, in the order in which evaluation reads it.
    pub slots: Vec<Slot>,
    /// What it needs of all rows, whatever the members of a breakdown, in that order.
    pub overall: Vec<Slot>,
    /// Whether its values are as exact as the cells.
    pub digits: Digits,
    /// Which currencies its amounts are of, where only the rows tell.
    pub currency: Option<CurrencySlot>,
}

/// Where the currencies of amounts are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurrencySlot {
    /// The codes, by day; the empty text stands for an amount without one.
    pub codes: Slot,
    /// The column of the scan that names them.
    pub column: ColumnId,
    /// The amounts, by their place among the scan's values.
    pub amount: usize,
}

/// Whether a row's value is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    /// Cells, and their sums and products.
    Exact,
    /// A division that need not end went into it: a quotient, which prints as one.
    Quotient,
}

impl Bindings {
    /// The scan of a source; none where nothing that was asked for needs it.
    pub fn scan(&self, source: SourceId) -> Option<usize> {
        self.scans.get(&source).copied()
    }

    /// The table of a source; none where nothing that was asked for looks it up.
    pub fn table(&self, source: SourceId) -> Option<usize> {
        self.tables.get(&source).copied()
    }

    /// What an aggregate is made of; none where it was not asked for, or its source has no dates.
    pub fn aggregate(&self, id: AggregateId) -> Option<&Binding> {
        self.aggregates.get(&id)
    }

    /// The coarsest grouping of a scan that has these dimensions (sorted) and these slots: its
    /// place and the slots'.
    pub fn find(
        &self,
        scan: usize,
        date: ColumnId,
        dimensions: &[String],
        slots: &[Slot],
    ) -> Option<(usize, Vec<usize>)> {
        let layouts = self.layouts[scan].iter().enumerate();
        let fitting = layouts.filter_map(|(place, layout)| {
            let fits = layout.date == date
                && dimensions.iter().all(|name| layout.dimensions.contains(name));
            let at = slots.iter().map(|slot| layout.slots.binary_search(slot).ok());
            let at: Vec<usize> = at.collect::<Option<_>>().filter(|_| fits)?;
            Some((layout.dimensions.len(), place, at))
        });
        fitting.min().map(|(_, place, at)| (place, at))
    }

    /// What a grouping of a scan holds.
    pub fn layout(&self, scan: usize, grouping: usize) -> &Layout {
        &self.layouts[scan][grouping]
    }
}
