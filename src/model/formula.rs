//! Formulas: arithmetic over aggregates and other measures, checked.

use super::measure::MeasureId;
use super::row::{ColumnId, RowExpr};
use super::source::SourceId;
use crate::source::Span;
use crate::time::{Grain, SpanUnit};
use crate::value::{Currency, Decimal, Number, Unit};

/// An aggregate, by its place in [`Model::aggregates`](super::Model::aggregates).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AggregateId(pub u32);

/// A formula and what it gives.
#[derive(Clone, Debug)]
pub struct Formula {
    /// The tree.
    pub node: Node,
    /// What comes out.
    pub unit: Unit,
    /// As it was written.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A node of a formula. Chains are flat; depth is bounded by the syntax.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A constant in base units (0.03 for `3%`, seconds for durations).
    Value(Number),
    /// Another metric or KPI.
    Measure(MeasureId),
    /// An aggregate of a source.
    Aggregate(AggregateId),
    /// `-x`
    Negate(Box<Node>),
    /// `a + b - c`: each term with its sign.
    Sum(Vec<(Sign, Node)>),
    /// `a * b / c`: each factor, above or below the line, from left to right.
    Product(Vec<(Place, Node)>),
    /// `a ?? b`: the first that has a value.
    Default(Vec<Node>),
    /// `if(c, a, b)`
    If(Box<Condition>, Box<Node>, Box<Node>),
    /// `abs round least greatest`
    Function(Function, Vec<Node>),
    /// `previous(x)`, `rolling(x, 28 days)`, ...
    Over(Over, Box<Node>),
    /// `avg(x, each: day)` over sub-periods.
    Each(EachOp, Grain, Box<Node>),
    /// `share(x)`
    Share(Box<Node>),
    /// `total(x)`, `total(x, over: channel)`: the dimensions, as compared, that are left out; all
    /// of them where none is named.
    Total(Box<Node>, Vec<String>),
    /// `attainment(x)`
    Attainment(MeasureId),
    /// `convert(x, IRT)`: a fixed factor, between rial and toman only.
    Convert(Box<Node>, Currency, Decimal),
}

/// Whether a term is added or taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `+`
    Plus,
    /// `-`
    Minus,
}

/// Above or below the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `*`
    Above,
    /// `/`
    Below,
}

/// A condition over values.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `a < b`
    Compare(Node, super::row::CompareOp, Node),
    /// `x is null`: whether it has no value.
    IsNull(Node),
    /// All hold.
    And(Vec<Condition>),
    /// One holds.
    Or(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
}

/// Functions of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `abs(x)`
    Abs,
    /// `round(x)`, `round(x, places)`
    Round,
    /// `least(a, b)`
    Least,
    /// `greatest(a, b)`
    Greatest,
}

/// Functions over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// `previous(x)`, `previous(x, 1 year)`
    Previous(Option<(u32, SpanUnit)>),
    /// `growth(x)`
    Growth,
    /// `rolling(x, 28 days)`
    Rolling(u32, SpanUnit),
    /// `to_date(x, year)`
    ToDate(Grain),
    /// `cumulative(x)`
    Cumulative,
    /// `opening(x)`
    Opening,
}

/// How sub-periods are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EachOp {
    /// `avg(x, each: day)`
    Avg,
    /// `sum(x, each: day)`
    Sum,
    /// `min(x, each: day)`
    Min,
    /// `max(x, each: day)`
    Max,
}

/// An aggregate of a source's rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// Of which source.
    pub source: SourceId,
    /// What is computed.
    pub op: AggregateOp,
    /// Of what; none for `count(source)`.
    pub value: Option<RowExpr>,
    /// `weight: w`
    pub weight: Option<RowExpr>,
    /// `where ...`
    pub condition: Option<RowExpr>,
    /// `on: closed_at`: another date than the source's.
    pub on: Option<ColumnId>,
    /// `per: account`
    pub per: Option<ColumnId>,
    /// Where it is a sum over a column that is not additive over dates: that column. Such a sum
    /// has a value only where it goes over one date of the source.
    pub one_date: Option<ColumnId>,
    /// The column that names the currency of its amounts, where they are of no declared one.
    pub currency: Option<ColumnId>,
    /// What comes out.
    pub unit: Unit,
    /// As it was written.
    pub text: String,
    /// Where it stands first.
    pub span: Span,
}

/// What an aggregate computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AggregateOp {
    /// `count(source)`: rows.
    Rows,
    /// `count(x)`: rows with a value.
    Count,
    /// `sum(x)`
    Sum,
    /// `count_distinct(x)`, with `at_least: n`
    CountDistinct(Option<u32>),
    /// `avg(x)`, weighted where there is a weight
    Avg,
    /// `min(x)`
    Min,
    /// `max(x)`
    Max,
    /// `percentile(x, p)`: R-7, p from 0 to 100; the median is 50.
    Percentile(Decimal),
    /// `stddev(x)`: of a sample.
    Stddev,
    /// `first(x)`
    First,
    /// `last(x)`
    Last,
    /// `new(id)`
    New,
    /// `returning(id)`
    Returning,
    /// `lost(id)`
    Lost,
    /// `retained(id, 1 year)`, `of:` is the value
    Retained(u32, SpanUnit),
}
