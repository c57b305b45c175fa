//! What of the plan belongs to what of the model: for evaluation, not for engines.

use std::collections::BTreeMap;

use super::{ColumnId, Slot};
use crate::model::{AggregateId, SourceId};

/// Where evaluation finds what a scan gives.
#[derive(Clone, Debug, Default)]
pub struct Bindings {
    /// The scan of each source that has one.
    pub(super) scans: BTreeMap<SourceId, usize>,
    /// The slots of each aggregate that was asked for.
    pub(super) aggregates: BTreeMap<AggregateId, Binding>,
    /// By scan and grouping: the grouping's dimensions as compared, sorted.
    pub(super) dimensions: Vec<Vec<Vec<String>>>,
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
}

impl Bindings {
    /// The scan of a source; none where nothing that was asked for needs it.
    pub fn scan(&self, source: SourceId) -> Option<usize> {
        self.scans.get(&source).copied()
    }

    /// What an aggregate is made of; none where it was not asked for, or its source has no dates.
    pub fn aggregate(&self, id: AggregateId) -> Option<&Binding> {
        self.aggregates.get(&id)
    }

    /// The dimensions of a scan's groupings as compared, in the plan's order.
    pub fn dimensions(&self, scan: usize) -> &[Vec<String>] {
        &self.dimensions[scan]
    }
}
