//! What a number counts, and what becomes of that in arithmetic.

use std::fmt;

/// A currency, by its ISO 4217 code; also `IRT`, the toman, which is ten rial (`IRR`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The currency of that code, in capitals.
    pub fn from_code(code: &str) -> Option<Self> {
        Some(Self(code.as_bytes().try_into().ok()?))
    }

    /// The code, in capitals.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// The digits after the point in which amounts are usually given.
    pub fn minor_digits(self) -> u8 {
        2
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What a number counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A plain number, or one of which nothing is known.
    Number,
    /// A number of things.
    Count,
    /// A share, stored as 0..1.
    Percent,
    /// Money.
    Money(Currency),
    /// Money of a currency that only the rows tell.
    MoneyOfSource,
    /// A length of time, in seconds.
    Duration,
    /// A plain number under a word of the user's.
    Own(String),
    /// A product and quotient of the others.
    Compound {
        /// The units multiplied, in order.
        over: Vec<Unit>,
        /// The units divided by, in order.
        under: Vec<Unit>,
    },
}

/// What was done with two units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Operation {
    Add,
    Compare,
}

/// Two units that do not go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitClash {
    /// What was tried.
    pub operation: Operation,
    /// The unit on the left.
    pub left: Unit,
    /// The unit on the right.
    pub right: Unit,
}

impl fmt::Display for UnitClash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} and {}", self.left.json(), self.right.json())
    }
}

impl std::error::Error for UnitClash {}

impl Unit {
    /// The unit as the command line's JSON names it: `percent`, a currency's code, `seconds`,
    /// `count`, `number`, or the user's word.
    pub fn json(&self) -> String {
        match self {
            Self::Number => "number".to_owned(),
            Self::Count => "count".to_owned(),
            Self::Percent => "percent".to_owned(),
            Self::Money(currency) => currency.code().to_owned(),
            Self::MoneyOfSource => "money".to_owned(),
            Self::Duration => "seconds".to_owned(),
            Self::Own(word) => word.clone(),
            Self::Compound { .. } => "number".to_owned(),
        }
    }
}

/// The unit of a sum or difference.
pub fn add(left: &Unit, right: &Unit) -> Result<Unit, UnitClash> {
    compare(left, right).map(|()| left.clone())
}

/// The unit of a product.
pub fn mul(left: &Unit, _right: &Unit) -> Unit {
    left.clone()
}

/// The unit of a quotient.
pub fn div(left: &Unit, _right: &Unit) -> Unit {
    left.clone()
}

/// Whether two values may be compared.
pub fn compare(left: &Unit, right: &Unit) -> Result<(), UnitClash> {
    if left == right {
        return Ok(());
    }
    Err(UnitClash { operation: Operation::Compare, left: left.clone(), right: right.clone() })
}

/// Whether a value may be compared with a literal: a share needs `3%`, not a bare `3`.
pub fn compare_literal(value: &Unit, literal: &Unit) -> Result<(), UnitClash> {
    compare(value, literal)
}
