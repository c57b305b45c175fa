//! Expressions: of rows, of formulas, of conditions.

use super::{DateLit, Ident, Number, Path, PeriodLit, Quantity, Regex};
use crate::source::Span;

/// An expression: of a row, or a formula.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands, brackets around it included.
    pub span: Span,
}

/// The kinds of expressions. Chains of one level of precedence are flat, so that a million terms
/// are no deeper than two.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `2.5`, `3%`, `15k`
    Number(Number),
    /// `50 USD`
    Money(Number, Ident),
    /// `90 s`, `2 months`
    Quantity(Quantity),
    /// `2026-12-31`
    Date(DateLit),
    /// `2026-06`, `2026-Q2` (never a bare year, which is a number)
    Period(PeriodLit),
    /// `"text"`
    Text(String),
    /// `/^a/i`
    Regex(Regex),
    /// `true`, `false`
    Bool(bool),
    /// `null`
    Null,
    /// `visits`, `web.visits`, `` `Key events` ``
    Name(Path),
    /// `-x`, `not x`
    Unary(UnaryOp, Box<Expr>),
    /// `a + b - c`, `a * b / c`, `a ?? b`, `a and b`, `a or b`: operators of one level.
    Chain(Box<Expr>, Vec<Link>),
    /// `a < b`
    Compare(Box<Expr>, CompareOp, Box<Expr>),
    /// `a =~ /x/`, `a !~ /x/`
    Match {
        /// Left of the operator.
        value: Box<Expr>,
        /// Right of it.
        regex: Regex,
        /// `!~`
        negated: bool,
    },
    /// `a in ("x", "y")`, `a in engines`, `a in std.search_engines`
    In {
        /// Left of `in`.
        value: Box<Expr>,
        /// Right of it: the members, or one `Name` of a list.
        members: Vec<Expr>,
        /// `not in`
        negated: bool,
    },
    /// `a between b and c`
    Between {
        /// Left of `between`.
        value: Box<Expr>,
        /// The lower bound, included.
        low: Box<Expr>,
        /// The upper bound, included.
        high: Box<Expr>,
        /// `not between`
        negated: bool,
    },
    /// `a is null`, `a is not null`
    IsNull {
        /// Left of `is`.
        value: Box<Expr>,
        /// `is not null`
        negated: bool,
    },
    /// `sum(web.visits where device == "mobile")`
    Call(Call),
}

/// One step of a flat chain.
#[derive(Clone, Debug)]
pub struct Link {
    /// The operator.
    pub op: ChainOp,
    /// Where the operator stands.
    pub op_span: Span,
    /// What stands right of it.
    pub operand: Expr,
}

/// Operators that chain. A chain holds operators of one level only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `??`
    Default,
    /// `and`
    And,
    /// `or`
    Or,
}

/// Operators before their operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Negate,
    /// `not`
    Not,
}

/// Operators that compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// A call of a function.
#[derive(Clone, Debug)]
pub struct Call {
    /// The function's name.
    pub name: Ident,
    /// Its arguments in order.
    pub args: Vec<Arg>,
    /// The condition behind `where`, wherever in the brackets it stood.
    pub filter: Option<Box<Expr>>,
}

/// An argument: `x` or `each: day`.
#[derive(Clone, Debug)]
pub struct Arg {
    /// `each` in `each: day`.
    pub name: Option<Ident>,
    /// The value. Grain words (`day`, `year`) are plain names here.
    pub value: Expr,
}
