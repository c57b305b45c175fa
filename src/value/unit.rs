//! What a number counts, and what becomes of that in arithmetic.

use std::fmt;

use super::currency::Currency;

/// What a number counts.
///
/// Numbers, counts, shares and words of the user's are *plain*: pure numbers that differ in how
/// they are shown. Money and durations have a dimension, and so has a compound of them.
///
/// ```
/// use sanjeh::value::{Currency, Unit, add, div};
/// let usd = Unit::Money(Currency::from_code("USD").unwrap());
/// let eur = Unit::Money(Currency::from_code("EUR").unwrap());
/// assert_eq!(div(&usd, &Unit::Count), usd);
/// assert_eq!(div(&usd, &usd), Unit::Number);
/// assert_eq!(div(&usd, &Unit::Duration).to_string(), "USD per second");
/// assert_eq!(add(&usd, &eur).unwrap_err().to_string(), "USD and EUR cannot be added");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// A plain number, or one of which nothing is known.
    Number,
    /// A number of things.
    Count,
    /// A share, stored as 0..1.
    Percent,
    /// Money.
    Money(Currency),
    /// Money of a currency that only the rows tell. It goes with every money; where the rows turn
    /// out to be of another currency, whoever reads them says so.
    MoneyOfSource,
    /// A length of time, stored in seconds.
    Duration,
    /// A plain number under a word of the user's.
    Own(String),
    /// A product or quotient that is none of the others, such as money per second.
    Compound {
        /// The units multiplied, in order; [`Unit::Money`], [`Unit::MoneyOfSource`] and
        /// [`Unit::Duration`] alone.
        over: Vec<Unit>,
        /// The units divided by, likewise.
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

/// Two units that do not go together. It prints as a sentence.
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
        let verb = match self.operation {
            Operation::Add => "added",
            Operation::Compare => "compared",
        };
        write!(f, "{} and {} cannot be {verb}", self.left, self.right)
    }
}

impl std::error::Error for UnitClash {}

impl Unit {
    /// The unit as the command line's JSON names it: `percent`, a currency's code, `seconds`,
    /// `count`, the user's word, and `number` for all others.
    pub fn json(&self) -> String {
        match self {
            Self::Count => "count".to_owned(),
            Self::Percent => "percent".to_owned(),
            Self::Money(currency) => currency.code().to_owned(),
            Self::Duration => "seconds".to_owned(),
            Self::Own(word) => word.clone(),
            Self::Number | Self::MoneyOfSource | Self::Compound { .. } => "number".to_owned(),
        }
    }

    /// Whether it is a pure number: no money, no time.
    pub fn is_plain(&self) -> bool {
        matches!(self, Self::Number | Self::Count | Self::Percent | Self::Own(_))
    }

    /// Whether it is money, of a known currency or not.
    pub fn is_money(&self) -> bool {
        matches!(self, Self::Money(_) | Self::MoneyOfSource)
    }
}

/// The unit in words, for messages.
impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number => f.write_str("number"),
            Self::Count => f.write_str("count"),
            Self::Percent => f.write_str("percent"),
            Self::Money(currency) => currency.fmt(f),
            Self::MoneyOfSource => f.write_str("money"),
            Self::Duration => f.write_str("duration"),
            Self::Own(word) => f.write_str(word),
            Self::Compound { over, under } => {
                let names = |units: &[Self]| {
                    let name = |unit: &Self| match unit {
                        Self::Duration => "second".to_owned(),
                        _ => unit.to_string(),
                    };
                    units.iter().map(name).collect::<Vec<_>>().join(" ")
                };
                match (over.is_empty(), under.is_empty()) {
                    (true, _) => write!(f, "number per {}", names(under)),
                    (_, true) => f.write_str(&names(over)),
                    _ => write!(f, "{} per {}", names(over), names(under)),
                }
            }
        }
    }
}

/// The unit of a sum or difference (and of `least`, `greatest`, `??` and the branches of `if`).
///
/// Plain numbers go with each other, save a percent with a count or with the user's word; what
/// is not plain goes with its like. `1 - bounce_rate` is a percent, `sessions + 1` a count.
pub fn add(left: &Unit, right: &Unit) -> Result<Unit, UnitClash> {
    meet(left, right).ok_or_else(|| clash(Operation::Add, left, right))
}

/// Whether two values may be compared: the same rule as for sums.
pub fn compare(left: &Unit, right: &Unit) -> Result<(), UnitClash> {
    meet(left, right).map(|_| ()).ok_or_else(|| clash(Operation::Compare, left, right))
}

/// Whether a value may be compared with a literal. As [`compare`], but a percent needs a percent:
/// of `conversion_rate > 3` nobody knows whether 3 % is meant.
pub fn compare_literal(value: &Unit, literal: &Unit) -> Result<(), UnitClash> {
    if *value == Unit::Percent && *literal != Unit::Percent {
        return Err(clash(Operation::Compare, value, literal));
    }
    compare(value, literal)
}

/// The unit of a product.
///
/// Scaling keeps the unit: number times count is a count, percent times money is money. A percent
/// times a number is a number, for the number may be the 100 that turns shares into points.
pub fn mul(left: &Unit, right: &Unit) -> Unit {
    let ((over, under), (over_too, under_too)) = (factors(left), factors(right));
    combine([over, over_too].concat(), [under, under_too].concat(), plain_product(left, right))
}

/// The unit of a quotient.
///
/// Like over like is a number; anything over a plain number keeps its unit, save a count over
/// things counted, which is a rate: a number.
pub fn div(left: &Unit, right: &Unit) -> Unit {
    let ((over, under), (under_too, over_too)) = (factors(left), factors(right));
    combine([over, over_too].concat(), [under, under_too].concat(), plain_quotient(left, right))
}

fn clash(operation: Operation, left: &Unit, right: &Unit) -> UnitClash {
    UnitClash { operation, left: left.clone(), right: right.clone() }
}

/// The unit in which both may stand, if there is one.
fn meet(left: &Unit, right: &Unit) -> Option<Unit> {
    use Unit::{Count, Number, Own, Percent};
    Some(match (left, right) {
        _ if left == right => left.clone(),
        (Percent, Count | Own(_)) | (Count | Own(_), Percent) => return None,
        (Number, plain) | (plain, Number) if plain.is_plain() => plain.clone(),
        (Count | Own(_), Count | Own(_)) => Number,
        _ => return meet_money(left, right),
    })
}

/// Units that differ only in that one names its currency and the other does not yet: the result
/// is of the unknown one, so that nothing is claimed before the rows are read.
fn meet_money(left: &Unit, right: &Unit) -> Option<Unit> {
    let unknown = |unit: &Unit| {
        let (over, under) = factors(unit);
        over.iter().chain(&under).any(|unit| *unit == Unit::MoneyOfSource)
    };
    let forget = |unit: &Unit| {
        let (over, under) = factors(unit);
        let any = |unit: Unit| if unit.is_money() { Unit::MoneyOfSource } else { unit };
        let mut over: Vec<Unit> = over.into_iter().map(any).collect();
        let mut under: Vec<Unit> = under.into_iter().map(any).collect();
        over.sort_unstable();
        under.sort_unstable();
        (over, under)
    };
    let open = if unknown(left) { left } else { right };
    (unknown(open) && forget(left) == forget(right)).then(|| open.clone())
}

/// What a unit multiplies and divides by, plain numbers aside.
fn factors(unit: &Unit) -> (Vec<Unit>, Vec<Unit>) {
    match unit {
        Unit::Compound { over, under } => (over.clone(), under.clone()),
        plain if plain.is_plain() => (Vec::new(), Vec::new()),
        single => (vec![single.clone()], Vec::new()),
    }
}

/// Cancels, sorts, and names the result; `plain` is the answer where nothing is left.
fn combine(mut over: Vec<Unit>, under: Vec<Unit>, plain: Unit) -> Unit {
    if over.is_empty() && under.is_empty() {
        return plain;
    }
    let mut left = Vec::new();
    for unit in under {
        // Its like first; else money of which one currency is not known yet.
        let exact = over.iter().position(|other| *other == unit);
        let near = || over.iter().position(|other| meet_money(other, &unit).is_some());
        if let Some(at) = exact.or_else(near) {
            over.remove(at);
        } else {
            left.push(unit);
        }
    }
    over.sort_unstable();
    left.sort_unstable();
    match (over.as_slice(), left.as_slice()) {
        ([], []) => Unit::Number,
        ([single], []) => single.clone(),
        _ => Unit::Compound { over, under: left },
    }
}

/// The product of two plain units; for others the answer is not used.
fn plain_product(left: &Unit, right: &Unit) -> Unit {
    use Unit::{Count, Number, Own, Percent};
    match (left, right) {
        (Percent, Percent) => Percent,
        (Number, Percent) | (Percent, Number) | (Own(_) | Count, Count | Own(_)) => Number,
        (Number | Percent, kept) | (kept, Number | Percent) => kept.clone(),
        _ => Number,
    }
}

/// The quotient of two plain units; for others the answer is not used.
fn plain_quotient(left: &Unit, right: &Unit) -> Unit {
    use Unit::{Number, Percent};
    match (left, right) {
        (Percent, Percent) => Number,
        (kept, Number | Percent) => kept.clone(),
        _ => Number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A unit by its short name: a code, a class, or a word of the user's.
    fn unit(name: &str) -> Unit {
        match name {
            "number" => Unit::Number,
            "count" => Unit::Count,
            "percent" => Unit::Percent,
            "money" => Unit::MoneyOfSource,
            "duration" => Unit::Duration,
            _ => Currency::from_code(name).map_or_else(|| Unit::Own(name.to_owned()), Unit::Money),
        }
    }

    #[test]
    fn sums() {
        for (left, right, expected) in [
            ("USD", "USD", "USD"),
            ("USD", "EUR", "!"),
            ("USD", "number", "!"),
            ("USD", "percent", "!"),
            ("USD", "duration", "!"),
            ("USD", "money", "money"),
            ("money", "money", "money"),
            ("count", "count", "count"),
            ("count", "number", "count"),
            ("count", "percent", "!"),
            ("percent", "percent", "percent"),
            ("percent", "number", "percent"),
            ("percent", "visitors", "!"),
            ("visitors", "visitors", "visitors"),
            ("visitors", "leads", "number"),
            ("visitors", "count", "number"),
            ("visitors", "number", "visitors"),
            ("duration", "duration", "duration"),
            ("duration", "number", "!"),
        ] {
            for (left, right) in [(left, right), (right, left)] {
                let (left, right) = (unit(left), unit(right));
                let sum = add(&left, &right);
                let shown = sum.as_ref().map_or_else(|_| "!".to_owned(), ToString::to_string);
                assert_eq!(shown, expected, "{left} + {right}");
                assert_eq!(compare(&left, &right).is_ok(), sum.is_ok(), "{left} < {right}");
            }
        }
    }

    #[test]
    fn products() {
        for (left, right, expected) in [
            ("USD", "count", "USD"),
            ("USD", "number", "USD"),
            ("USD", "percent", "USD"),
            ("USD", "visitors", "USD"),
            ("USD", "USD", "USD USD"),
            ("count", "count", "number"),
            ("count", "number", "count"),
            ("count", "percent", "count"),
            ("percent", "number", "number"),
            ("percent", "percent", "percent"),
            ("visitors", "percent", "visitors"),
            ("visitors", "count", "number"),
            ("duration", "count", "duration"),
        ] {
            let (left, right) = (unit(left), unit(right));
            assert_eq!(mul(&left, &right).to_string(), expected, "{left} * {right}");
            assert_eq!(mul(&right, &left).to_string(), expected, "{right} * {left}");
        }
    }

    #[test]
    fn quotients() {
        for (left, right, expected) in [
            ("USD", "USD", "number"),
            ("USD", "EUR", "USD per EUR"),
            ("USD", "count", "USD"),
            ("USD", "percent", "USD"),
            ("USD", "visitors", "USD"),
            ("USD", "duration", "USD per second"),
            ("USD", "money", "number"),
            ("money", "money", "number"),
            ("count", "count", "number"),
            ("count", "number", "count"),
            ("count", "duration", "number per second"),
            ("percent", "number", "percent"),
            ("percent", "percent", "number"),
            ("number", "count", "number"),
            ("visitors", "number", "visitors"),
            ("visitors", "visitors", "number"),
            ("duration", "duration", "number"),
            ("duration", "count", "duration"),
        ] {
            let (left, right) = (unit(left), unit(right));
            assert_eq!(div(&left, &right).to_string(), expected, "{left} / {right}");
        }
    }

    #[test]
    fn compounds_cancel() {
        let rate = div(&unit("IRT"), &unit("USD"));
        assert_eq!(mul(&unit("USD"), &rate), unit("IRT"));
        let pay = div(&unit("USD"), &Unit::Duration);
        assert_eq!(mul(&pay, &Unit::Duration), unit("USD"));
        assert_eq!(div(&pay, &unit("USD")).to_string(), "number per second");
        assert_eq!(add(&pay, &pay).unwrap(), pay);
        assert!(add(&pay, &unit("USD")).is_err());
        let unknown = div(&Unit::MoneyOfSource, &Unit::Duration);
        assert_eq!(add(&pay, &unknown).unwrap(), unknown);
    }

    #[test]
    fn a_percent_is_compared_with_a_percent() {
        let clash = compare_literal(&Unit::Percent, &Unit::Number).unwrap_err();
        assert_eq!(clash.to_string(), "percent and number cannot be compared");
        assert!(compare_literal(&Unit::Percent, &Unit::Percent).is_ok());
        assert!(compare_literal(&Unit::Number, &Unit::Percent).is_ok(), "a / b > 3%");
        assert!(compare_literal(&Unit::Count, &Unit::Percent).is_err());
        assert!(compare_literal(&unit("USD"), &Unit::Number).is_err());
    }

    #[test]
    fn names_in_json() {
        for (name, expected) in [
            ("percent", "percent"),
            ("USD", "USD"),
            ("duration", "seconds"),
            ("count", "count"),
            ("number", "number"),
            ("money", "number"),
            ("visitors", "visitors"),
        ] {
            assert_eq!(unit(name).json(), expected);
        }
        assert_eq!(div(&unit("USD"), &Unit::Duration).json(), "number");
    }
}
