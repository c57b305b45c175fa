//! The plan: what is to be read and added up. Data only, no I/O: every engine runs the same plan.
//!
//! One [`Scan`] a source, one pass over its rows for all KPIs at once. Rows are grouped by day and
//! by the members of some dimensions; a day's state of each slot can be merged with another day's,
//! so that evaluation can make any period, any window and any as-of date of the same aggregates
//! without a second pass. That is why a plan knows neither periods nor calendars' grains.

mod bindings;
mod build;
mod carriers;
mod columns;
mod dimension;
mod lineage;
mod lookups;
mod scan;
mod wants;
mod witness;

pub use crate::model::preset::{Described, End, Preset, Rules, Total};
pub use crate::model::row::{
    Arithmetic, Case, CellType, ColumnId, CompareOp, Comparison, RowExpr, RowFunction,
};
pub use crate::model::source::{
    Auto, CellKind, Dialect, Encoding, Footer, Header, Input, Key, Matching, OnError, RangeRule,
    Rank, Records, Repeated, SqlDialect, Unpivot, header_key,
};
pub(crate) use crate::model::{each_node, pattern};
pub use bindings::{Binding, Bindings, CurrencySlot, Digits, Layout};
pub use build::plan;
pub(crate) use carriers::sources_of_formulas;
pub use dimension::{Dimension, dimension, lacking};
pub use lineage::{Definition, DefinitionKind, Lineage, lineage};
pub use witness::{Witnessed, witness};

use crate::model::MeasureId;
use crate::source::{FileId, Span};
use crate::time::{Calendar, Date, Zone};

/// What is to be evaluated.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The measures that are asked for; what they are computed from comes along.
    pub measures: Vec<Wanted>,
    /// Rows after this day do not count: the as-of date, where the user gives one.
    pub until: Option<Date>,
}

/// A measure that is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which.
    pub measure: MeasureId,
    /// The sets of dimensions, as compared, by which it is broken down. The total, and what the
    /// targets of a KPI need, is always there.
    pub slices: Vec<Vec<String>>,
}

/// All scans of a run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The project's calendar, for the functions of dates in a row.
    pub calendar: Calendar,
    /// The project's time zone, to which moments with an offset move.
    pub zone: Zone,
    /// The sources that others look up, each after those that it looks up itself.
    pub tables: Vec<Table>,
    /// One a source that is needed, in order of the sources' names.
    pub scans: Vec<Scan>,
}

/// A source that others look up: it is read once and held, with no more than is needed of it.
#[derive(Clone, Debug)]
pub struct Table {
    /// How it is read. It has no groupings, and all of its rows count, whatever their date.
    pub scan: Scan,
    /// The columns of the scan that are held.
    pub columns: Vec<ColumnId>,
    /// What it is looked up by.
    pub keys: Vec<TableKey>,
}

/// A column by which a table is looked up. Two rows of one key are an error, rows whose key is null
/// are never found.
#[derive(Clone, Debug)]
pub struct TableKey {
    /// Its place in [`Table::columns`].
    pub column: usize,
    /// Which row is found.
    pub matching: Matching,
    /// The first lookup that asks for it.
    pub span: Span,
}

/// A table of which one row, or none, is joined to each row of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Join {
    /// Its place in [`Plan::tables`].
    pub table: usize,
    /// The place of the key in [`Table::keys`].
    pub key: usize,
    /// The column of the scan whose value is looked for. Of a moment, where the key is a day, its
    /// day is.
    pub own: ColumnId,
}

/// One pass over one source.
#[derive(Clone, Debug)]
pub struct Scan {
    /// The source's name.
    pub source: String,
    /// Where the spec declares it.
    pub span: Span,
    /// Where its rows are.
    pub input: Input,
    /// How its files are written.
    pub dialect: Dialect,
    /// The columns that are needed; a computed one only uses columns before it, as does a joined
    /// one.
    pub columns: Vec<ColumnPlan>,
    /// What is looked up for each row.
    pub joins: Vec<Join>,
    /// The column of the row's date; rows without a date of a dated source are bad rows. A
    /// source without dates (`None`) yields no aggregates.
    pub date: Option<ColumnId>,
    /// How the days are told that all rows of a file stand for. Rows count where all of these days
    /// do.
    pub range: Option<RangeRule>,
    /// Where headers that are dates become rows: each row of the file becomes as many, one after the
    /// other, as there are such headers.
    pub unpivot: Option<Unpivot>,
    /// Rows that do not pass are not used.
    pub filter: Option<RowExpr>,
    /// Repeated keys.
    pub key: Option<Key>,
    /// What a bad cell does.
    pub on_error: OnError,
    /// Rows after this day do not count.
    pub until: Option<Date>,
    /// The days that ranks look at, where the source says how far it reaches; rows outside are
    /// none of its rows.
    pub within: Option<(Date, Date)>,
    /// Conditions of slots, each evaluated once a row.
    pub conditions: Vec<RowExpr>,
    /// Arguments of slots, each evaluated once a row.
    pub values: Vec<RowExpr>,
    /// What is added up.
    pub groupings: Vec<Grouping>,
}

impl Scan {
    /// The same without its places in the spec and without where its rows are: two of these write
    /// themselves alike (`{:?}`) where the same files give the same under both.
    #[must_use]
    pub fn without_places(&self) -> Self {
        let nowhere = Span::new(FileId(0), 0, 0);
        let mut scan = self.clone();
        scan.span = nowhere;
        scan.input = Input::Csv { pattern: String::new(), span: nowhere };
        scan.columns.iter_mut().for_each(|column| column.span = nowhere);
        if let Some(key) = &mut scan.key {
            key.span = nowhere;
        }
        if let Some(unpivot) = &mut scan.unpivot {
            unpivot.span = nowhere;
        }
        if let Some(auto) = &mut scan.dialect.auto {
            auto.span = nowhere;
        }
        scan
    }
}

/// A column that a scan needs.
#[derive(Clone, Debug)]
pub struct ColumnPlan {
    /// Its name in the spec.
    pub name: String,
    /// Where the spec binds it: its declaration, or its first use.
    pub span: Span,
    /// Where its values come from.
    pub origin: Origin,
}

/// Where a column's values come from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// The file.
    Read {
        /// Headers that may carry it, the first that is there counts.
        headers: Vec<String>,
        /// How a cell becomes a value.
        cell: CellKind,
    },
    /// Other columns of the row.
    Computed(RowExpr),
    /// The row's place among the rows of the id in a column of texts.
    Ranked(Rank, ColumnId),
    /// The first of the days that the row's file stands for, by [`Scan::range`].
    Range,
    /// The date above the cell that became a row, by [`Scan::unpivot`].
    Header,
    /// The cell that became a row.
    Turned(CellKind),
    /// A row of a table; null where none is found.
    Joined {
        /// The place in [`Scan::joins`].
        join: usize,
        /// The place in [`Table::columns`].
        column: usize,
        /// What it holds.
        kind: CellType,
    },
}

/// A set of dimensions and what is added up for each of their members, day by day.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// The date that rows go by: the scan's, or another (`on:`).
    pub date: ColumnId,
    /// The columns whose values are the members; none for the total.
    pub dimensions: Vec<ColumnId>,
    /// The days that [`SlotOp::First`] looks at, where the source says how far it reaches; rows
    /// outside are none of its rows.
    pub within: Option<(Date, Date)>,
    /// What is added up.
    pub slots: Vec<Slot>,
}

/// One thing that is added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// What.
    pub op: SlotOp,
    /// Only over rows for which this condition of the scan holds.
    pub condition: Option<usize>,
}

impl SlotOp {
    /// The value whose distinct values are told apart by ids.
    pub fn ids(self) -> Option<usize> {
        match self {
            Self::Distinct(id)
            | Self::First(id)
            | Self::Tally(id)
            | Self::SumBy(_, id)
            | Self::Earliest(_, id)
            | Self::Latest(_, id) => Some(id),
            Self::Rows
            | Self::Count(_)
            | Self::Sum(_)
            | Self::Min(_)
            | Self::Max(_)
            | Self::Values(_)
            | Self::WeightedSum(..)
            | Self::WeightSum(..)
            | Self::SquareSum(_) => None,
        }
    }

    /// Whether its state holds values one by one, so that finer groups hold them more than once.
    pub fn is_large(self) -> bool {
        matches!(self, Self::Values(_)) || self.ids().is_some() && !matches!(self, Self::First(_))
    }
}

/// What a slot adds up; the numbers are places in [`Scan::values`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SlotOp {
    /// Rows.
    Rows,
    /// Rows with a value.
    Count(usize),
    /// The exact sum of the values.
    Sum(usize),
    /// The smallest value.
    Min(usize),
    /// The largest value.
    Max(usize),
    /// The distinct values, by day.
    Distinct(usize),
    /// Every value, by day, for medians and percentiles.
    Values(usize),
    /// The exact sum of value times weight over rows that have both.
    WeightedSum(usize, usize),
    /// The exact sum of the weights (second) over rows that have both.
    WeightSum(usize, usize),
    /// The exact sum of squares.
    SquareSum(usize),
    /// The ids whose first row of all is here: by the grouping's date, then by path and line.
    First(usize),
    /// The rows of each id, by day.
    Tally(usize),
    /// The exact sum of the values (first) of each id (second), by day.
    SumBy(usize, usize),
    /// The same of each key's first moment of a day that has a value.
    Earliest(usize, usize),
    /// The same of each key's last moment of a day that has a value.
    Latest(usize, usize),
}
