//! Engines run a [`Plan`] and give [`Aggregates`].

mod columns;
pub mod csv;
mod texts;

pub use texts::Texts;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{DataPlace, Diagnostics};
use crate::host::{Host, HostError};
use crate::plan::Plan;
use crate::time::Date;
use crate::value::{Decimal, Sum};

/// Something that can run a plan.
pub trait Engine {
    /// Runs every scan. Mistakes in the data become diagnostics (with them, the aggregates are
    /// not to be used); a world that fails is an `Err`.
    fn run(
        &self,
        plan: &Plan,
        host: &dyn Host,
        out: &mut Diagnostics,
    ) -> Result<Aggregates, HostError>;
}

/// What a plan's scans gave, in their order.
#[derive(Clone, Debug, Default)]
pub struct Aggregates {
    /// One a scan.
    pub scans: Vec<ScanResult>,
    /// What was read of each table of the plan.
    pub tables: Vec<ScanFacts>,
}

/// What one scan gave.
#[derive(Clone, Debug, Default)]
pub struct ScanResult {
    /// What was read.
    pub facts: ScanFacts,
    /// One a grouping of the scan, in order.
    pub groupings: Vec<GroupingResult>,
    /// The distinct values behind the ids of [`Series::Distinct`] and [`Series::Keyed`], in no
    /// order of meaning.
    pub distinct: Texts,
}

/// What a scan read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanFacts {
    /// File by file, sorted by path.
    pub files: Vec<FileFacts>,
    /// The first and last day of the rows that are used.
    pub days: Option<(Date, Date)>,
    /// Null cells by column, for the columns that were read, in the scan's order.
    pub nulls: Vec<(String, u64)>,
    /// Rows left out by the source's `where`.
    pub filtered: u64,
    /// Rows replaced by a later one of the same key.
    pub replaced: u64,
    /// Rows after the as-of date.
    pub later: u64,
    /// Bad cells that were skipped or made null: the first fifty, by place.
    pub rejections: Vec<Rejection>,
}

/// What was read of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// Relative to the host's root.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Rows below the header, footer and totals aside.
    pub rows: u64,
    /// Rows that counted.
    pub used: u64,
    /// Rows left out because of a bad cell.
    pub rejected: u64,
    /// Cells made null because they were bad.
    pub nulled: u64,
    /// Cells made null because they only tell a bound of their number: `< 10%`.
    pub bounds: u64,
    /// Rows left out because they are totals of others, as the source's preset knows them.
    pub totals: u64,
    /// A hash of the content, in hexadecimal.
    pub hash: String,
    /// The days that its rows stand for, where they have no dates of their own.
    pub range: Option<(Date, Date)>,
}

/// A bad cell that did not stop the build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Where.
    pub place: DataPlace,
    /// The column's name in the spec.
    pub column: String,
    /// Why.
    pub reason: String,
}

/// A grouping's members, sorted by their texts (null last).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GroupingResult {
    /// One a combination of members that has rows.
    pub groups: Vec<Group>,
}

/// One combination of members.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Group {
    /// The member of each dimension, null as none.
    pub members: Vec<Option<String>>,
    /// The days that have rows, ascending.
    pub days: Vec<Date>,
    /// One a slot of the grouping, each as long as `days`.
    pub series: Vec<Series>,
}

/// A slot's state, day by day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Series {
    /// Of `Rows`, `Count` and `First`.
    Counts(Vec<u64>),
    /// Of the sums.
    Sums(Vec<Sum>),
    /// Of `Min` and `Max`; none on a day without a value.
    Extremes(Vec<Option<Decimal>>),
    /// Of `Distinct`: each day's ids, ascending.
    Distinct(Vec<Box<[u32]>>),
    /// Of `Values`: each day's values, ascending.
    Values(Vec<Box<[Decimal]>>),
    /// Of `Tally`, `SumBy`, `Earliest` and `Latest`: each day's keys, ascending.
    Keyed(Vec<Box<[Keyed]>>),
}

/// What a slot has of one key on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyed {
    /// The key's id in [`ScanResult::distinct`]; none for rows without a key.
    pub key: Option<u32>,
    /// Of `Earliest` and `Latest`: seconds from 1970-01-01, local; else 0.
    pub moment: i64,
    /// The rows that were added up.
    pub rows: u64,
    /// Their exact sum.
    pub sum: Sum,
}
