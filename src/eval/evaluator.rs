//! The evaluator.

use std::collections::BTreeMap;

use super::{Change, Coverage, Point, Progress, Slice, Value};
use crate::engine::Aggregates;
use crate::model::{Compare, MeasureId, Model, SourceId};
use crate::plan::Plan;
use crate::time::{Date, Grain, Period};

/// Answers what the aggregates say of the model's measures.
#[derive(Debug)]
pub struct Evaluator<'a> {
    model: &'a Model,
    plan: &'a Plan,
    aggregates: &'a Aggregates,
    as_of: Date,
    coverage: BTreeMap<SourceId, Coverage>,
}
