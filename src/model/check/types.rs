//! What a row expression gives, as far as it is known.

use super::units::Scalar;
use crate::model::row::{ColumnId, RowExpr};
use crate::model::source::ColumnType;
use crate::source::Span;
use crate::value::Unit;

/// The type of a row expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// A mistake has been reported, or nothing is known: goes with everything.
    Unknown,
    /// `null`: goes with everything too.
    Null,
    /// Undeclared columns that nothing has given a type yet: they will all be of one.
    Open(Vec<ColumnId>),
    /// A number in a unit.
    Number(Scalar),
    /// A text or an id.
    Text,
    /// True or false.
    Bool,
    /// A day.
    Date,
    /// A day and a time.
    Timestamp,
}

impl Type {
    /// What a column holds.
    pub(super) fn of(column: &ColumnType) -> Self {
        match column {
            ColumnType::Text | ColumnType::Id => Self::Text,
            ColumnType::Bool => Self::Bool,
            ColumnType::Date => Self::Date,
            ColumnType::Timestamp => Self::Timestamp,
            ColumnType::MoneyIn(column) => Self::Number(Scalar::InColumn(column.clone())),
            ColumnType::Count
            | ColumnType::Number
            | ColumnType::Money(_)
            | ColumnType::Percent
            | ColumnType::Duration => {
                Self::Number(column.unit().map_or(Scalar::Unknown, Scalar::Of))
            }
        }
    }

    /// A plain number.
    pub(super) fn plain() -> Self {
        Self::Number(Scalar::Of(Unit::Number))
    }

    /// A number of which the unit is not known.
    pub(super) fn number() -> Self {
        Self::Number(Scalar::Unknown)
    }

    /// In the user's words, with an article.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Self::Unknown | Self::Open(_) => "something unknown",
            Self::Null => "null",
            Self::Number(_) => "a number",
            Self::Text => "a text",
            Self::Bool => "a condition",
            Self::Date => "a date",
            Self::Timestamp => "a timestamp",
        }
    }
}

/// A column's type in the user's words.
pub(super) fn word(column: &ColumnType) -> &'static str {
    match column {
        ColumnType::Count => "count",
        ColumnType::Number => "number",
        ColumnType::Money(_) | ColumnType::MoneyIn(_) => "money",
        ColumnType::Percent => "percent",
        ColumnType::Duration => "duration",
        ColumnType::Text => "text",
        ColumnType::Bool => "bool",
        ColumnType::Date => "date",
        ColumnType::Timestamp => "timestamp",
        ColumnType::Id => "id",
    }
}

/// A checked row expression.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    /// The expression.
    pub(super) expr: RowExpr,
    /// What it gives.
    pub(super) ty: Type,
    /// Where it stands.
    pub(super) span: Span,
}

impl Typed {
    /// An expression of a known type.
    pub(super) fn new(expr: RowExpr, ty: Type, span: Span) -> Self {
        Self { expr, ty, span }
    }

    /// What stands in for a mistake that has been reported.
    pub(super) fn unknown(span: Span) -> Self {
        Self { expr: RowExpr::Null, ty: Type::Unknown, span }
    }
}
