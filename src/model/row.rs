//! Expressions over one row, resolved and typed: what filters, computed columns and the arguments
//! of aggregates are made of.
//!
//! Two-valued logic: null equals only null, `null < x` is false, arithmetic with null is null.

use crate::time::CalendarKind;
use crate::time::Date;
use crate::value::Decimal;

/// A column of a source, by its place in the source's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId(pub u32);

/// What a row expression gives, physically. Percent, money and durations (in seconds) are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CellType {
    /// An exact decimal.
    Number,
    /// A text.
    Text,
    /// True or false.
    Bool,
    /// A day.
    Date,
    /// A day and a time of day.
    Timestamp,
}

/// An expression over one row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RowExpr {
    /// A column's value.
    Column(ColumnId),
    /// A number.
    Number(Decimal),
    /// A text.
    Text(String),
    /// True or false.
    Bool(bool),
    /// A day.
    Date(Date),
    /// Nothing.
    Null,
    /// `-x`
    Negate(Box<RowExpr>),
    /// `a + b - c`: the first operand and the steps. Numbers only.
    Arithmetic(Box<RowExpr>, Vec<(Arithmetic, RowExpr)>),
    /// The span from the second to the first, in seconds: `shipped - created` of two dates or two
    /// timestamps.
    Elapsed(Box<RowExpr>, Box<RowExpr>),
    /// `a ?? b ?? c`: the first that is not null.
    Default(Vec<RowExpr>),
    /// `a == b` and so on, over two values of one type.
    Compare(Box<RowExpr>, Comparison, Box<RowExpr>),
    /// All hold.
    And(Vec<RowExpr>),
    /// One holds at least.
    Or(Vec<RowExpr>),
    /// It does not hold.
    Not(Box<RowExpr>),
    /// `x is null`
    IsNull(Box<RowExpr>),
    /// `x in (...)`: constants of one type; folded to lower case already where `fold` says so.
    In(Box<RowExpr>, Vec<RowExpr>, Case),
    /// `low <= x and x <= high`
    Between(Box<RowExpr>, Box<RowExpr>, Box<RowExpr>),
    /// `x =~ /pattern/`; null matches nothing. The pattern is valid and carries its own flags.
    Match(Box<RowExpr>, String),
    /// `if(c, a, b)`
    If(Box<RowExpr>, Box<RowExpr>, Box<RowExpr>),
    /// A channel rule set as one expression: the first condition that holds gives its text.
    Cases(Vec<(RowExpr, String)>, Option<String>),
    /// A function of the row.
    Call(RowFunction, Vec<RowExpr>),
}

impl RowExpr {
    /// The columns that it uses itself, in the order in which they stand.
    pub(crate) fn columns(&self) -> Vec<ColumnId> {
        let mut columns = Vec::new();
        self.each(&mut |e| {
            if let Self::Column(id) = e {
                columns.push(*id);
            }
        });
        columns
    }

    /// Calls `visit` with an expression and every one below it.
    pub(crate) fn each(&self, visit: &mut dyn FnMut(&Self)) {
        visit(self);
        match self {
            Self::Column(_)
            | Self::Number(_)
            | Self::Text(_)
            | Self::Bool(_)
            | Self::Date(_)
            | Self::Null => {}
            Self::Negate(a) | Self::Not(a) | Self::IsNull(a) | Self::Match(a, _) => {
                a.each(visit);
            }
            Self::Arithmetic(first, steps) => {
                first.each(visit);
                for (_, e) in steps {
                    e.each(visit);
                }
            }
            Self::Elapsed(a, b) | Self::Compare(a, _, b) => {
                a.each(visit);
                b.each(visit);
            }
            Self::Default(all) | Self::And(all) | Self::Or(all) | Self::Call(_, all) => {
                for e in all {
                    e.each(visit);
                }
            }
            Self::In(a, all, _) => {
                a.each(visit);
                for e in all {
                    e.each(visit);
                }
            }
            Self::Between(a, b, c) | Self::If(a, b, c) => {
                a.each(visit);
                b.each(visit);
                c.each(visit);
            }
            Self::Cases(cases, _) => {
                for (c, _) in cases {
                    c.each(visit);
                }
            }
        }
    }
}

/// Whether texts compare as they are or without regard to case (in `channels`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Case {
    /// `A` is not `a`.
    Sensitive,
    /// `A` is `a`.
    Folded,
}

/// Operators of arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`; by zero gives null.
    Divide,
}

/// Operators of comparison, with the case rule for texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Comparison {
    /// Which of the six.
    pub op: CompareOp,
    /// How texts compare.
    pub case: Case,
}

/// The six comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

/// Functions of a row; the model has checked number and types of their arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RowFunction {
    /// `lower(text)`
    Lower,
    /// `upper(text)`
    Upper,
    /// `trim(text)`
    Trim,
    /// `contains(text, part)`
    Contains,
    /// `starts_with(text, part)`
    StartsWith,
    /// `ends_with(text, part)`
    EndsWith,
    /// `replace(text, from, to)`
    Replace,
    /// `extract(text, /pattern/)`: the first group, else the match, else null.
    Extract(String),
    /// `length(text)` in characters
    Length,
    /// `year(date)` in the project's calendar, and so on
    Year,
    /// `quarter(date)`
    Quarter,
    /// `month(date)`
    Month,
    /// `week(date)`, the project's
    Week,
    /// `weekday(date)`: 1 (Monday) to 7
    Weekday,
    /// `day(date)`
    Day,
    /// `hour(timestamp)`
    Hour,
    /// `days_between(a, b)`: b - a
    DaysBetween,
    /// `hours(duration)`
    Hours,
    /// `days(duration)`
    Days,
    /// `number(text)`; null where it is none
    Number,
    /// `date(text, format)`, `date(text, format, jalali)`; null where it is none
    Date(String, CalendarKind),
    /// `abs(x)`
    Abs,
    /// `round(x)` or `round(x, places)`, half-even
    Round,
    /// `least(a, b, ...)`; nulls are skipped
    Least,
    /// `greatest(a, b, ...)`; nulls are skipped
    Greatest,
}
