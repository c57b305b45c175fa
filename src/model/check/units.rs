//! The algebra of units: what may be added, what comes of a product, what a declared unit takes.
//!
//! A [`Scalar`] is a unit as far as it is known: a mistake that has been reported, or a column
//! without a declaration, is [`Scalar::Unknown`] and goes with everything, so that one mistake
//! gives one message. A bare number in a formula is of no unit until it meets one.

use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::value::{Currency, Unit};

/// A unit, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    /// Nothing is known, or a mistake has been reported.
    Unknown,
    /// A number as written, `100`.
    Bare,
    /// Nought as written: nought of anything.
    Zero,
    /// A unit.
    Of(Unit),
    /// Money of a row, in the currency that a column of it names, as compared.
    InColumn(String),
}

impl Scalar {
    /// The unit for the model; a plain number where none is known.
    pub(super) fn unit(&self) -> Unit {
        match self {
            Self::Unknown | Self::Bare | Self::Zero => Unit::Number,
            Self::Of(unit) => unit.clone(),
            Self::InColumn(_) => Unit::MoneyOfSource,
        }
    }

    /// In the user's words: `GBP`, `count`, `a plain number`.
    pub(super) fn noun(&self) -> String {
        match self {
            Self::Unknown => "something unknown".to_owned(),
            Self::Bare | Self::Zero => "a bare number".to_owned(),
            Self::Of(unit) => noun(unit),
            Self::InColumn(column) => format!("money in `{column}`"),
        }
    }
}

/// A unit in the user's words.
pub(super) fn noun(unit: &Unit) -> String {
    match unit {
        Unit::Number => "a plain number".to_owned(),
        Unit::Count => "count".to_owned(),
        Unit::Percent => "percent".to_owned(),
        Unit::Money(_) | Unit::MoneyOfSource => "money".to_owned(),
        Unit::Duration => "duration".to_owned(),
        Unit::Own(word) => format!("`{word}`"),
        Unit::Compound { over, under } => {
            let list = |units: &[Unit]| units.iter().map(noun).collect::<Vec<_>>().join(" times ");
            match (over.is_empty(), under.is_empty()) {
                (false, false) => format!("{} per {}", list(over), list(under)),
                (true, _) => format!("something per {}", list(under)),
                (_, true) => list(over),
            }
        }
    }
}

/// What is done with two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a < b`
    Compare,
    /// `a ?? b`
    Default,
    /// The branches of `if`, the arguments of `least`.
    Choose,
    /// `a / b` of two currencies
    Divide,
}

impl Doing {
    fn words(self) -> &'static str {
        match self {
            Self::Add => "added",
            Self::Subtract => "subtracted",
            Self::Compare => "compared",
            Self::Default => "put in for one another",
            Self::Choose => "chosen between",
            Self::Divide => "divided",
        }
    }
}

/// A side of an operator: its unit, its place, its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side<'s> {
    /// What it is measured in.
    pub(super) unit: &'s Scalar,
    /// Where it stands.
    pub(super) span: Span,
    /// As written.
    pub(super) text: &'s str,
}

/// The unit of two sides that must be alike, or what is wrong.
pub(super) fn alike(
    doing: Doing,
    left: Side<'_>,
    right: Side<'_>,
) -> Result<Scalar, Box<Diagnostic>> {
    let (a, b) = (left.unit, right.unit);
    match (a, b) {
        // The currency of each row stays known beside what is not.
        (Scalar::InColumn(_), Scalar::Unknown) => Ok(a.clone()),
        (Scalar::Unknown, Scalar::InColumn(_)) => Ok(b.clone()),
        (Scalar::Unknown, _) | (_, Scalar::Unknown) => Ok(Scalar::Unknown),
        (Scalar::Zero, other) | (other, Scalar::Zero) => Ok(other.clone()),
        (Scalar::Bare, Scalar::Bare) => Ok(Scalar::Bare),
        (Scalar::InColumn(x), Scalar::InColumn(y)) if x == y => Ok(a.clone()),
        (Scalar::InColumn(_), _) | (_, Scalar::InColumn(_)) => {
            Err(Box::new(own_currency(doing.words(), left, right)))
        }
        (Scalar::Bare, Scalar::Of(unit)) => bare(doing, unit, left, right),
        (Scalar::Of(unit), Scalar::Bare) => bare(doing, unit, right, left),
        (Scalar::Of(x), Scalar::Of(y)) => {
            known(x, y).map(Scalar::Of).ok_or_else(|| Box::new(clash(doing, left, right)))
        }
    }
}

/// The unit that stands for two known ones; none where they do not go together.
fn known(left: &Unit, right: &Unit) -> Option<Unit> {
    let plain = |unit: &Unit| matches!(unit, Unit::Number | Unit::Own(_));
    match (left, right) {
        (a, b) if a == b => Some(a.clone()),
        (Unit::MoneyOfSource, Unit::Money(c)) | (Unit::Money(c), Unit::MoneyOfSource) => {
            Some(Unit::Money(*c))
        }
        (a, b) if plain(a) && plain(b) => Some(Unit::Number),
        (Unit::Count, other) | (other, Unit::Count) if plain(other) => Some(Unit::Number),
        // `growth(x) + conversions / visits`: a share and a quotient without a declared unit.
        (Unit::Percent, Unit::Number) | (Unit::Number, Unit::Percent) => Some(Unit::Number),
        _ => None,
    }
}

/// A bare number beside a unit.
fn bare(
    doing: Doing,
    unit: &Unit,
    number: Side<'_>,
    other: Side<'_>,
) -> Result<Scalar, Box<Diagnostic>> {
    let (shown, fix) = match unit {
        Unit::Money(currency) => ("money", Some(format!("{} {}", number.text, currency.code()))),
        Unit::MoneyOfSource => ("money", None),
        // Seconds or days: only the user knows.
        Unit::Duration => ("a duration", None),
        // `1 - rate` is a share again; `rate > 3` can only be a slip.
        Unit::Percent if doing == Doing::Compare && above_one(number.text) => {
            ("percent", Some(format!("{}%", number.text)))
        }
        _ => return Ok(Scalar::Of(unit.clone())),
    };
    let message = format!("{shown} and a bare number cannot be {}", doing.words());
    let found = Diagnostic::new(&codes::UNIT_MISMATCH, message)
        .at(number.span, "a bare number")
        .at(other.span, shown);
    Err(Box::new(match fix {
        Some(text) => found.suggest(format!("write `{text}`"), number.span, text),
        None if *unit == Unit::Duration => {
            let text = number.text;
            found.help(format!("say of what: `{text} days`, `{text} h` or `{text} s`"))
        }
        None => found.help("name the currency of the number, such as `50 USD`"),
    }))
}

fn above_one(text: &str) -> bool {
    text.replace('_', "").parse::<f64>().is_ok_and(|n| n.abs() > 1.0)
}

fn clash(doing: Doing, left: Side<'_>, right: Side<'_>) -> Diagnostic {
    let (a, b) = (left.unit, right.unit);
    let (Scalar::Of(Unit::Money(x)), Scalar::Of(Unit::Money(y))) = (a, b) else {
        let message = format!("{} and {} cannot be {}", a.noun(), b.noun(), doing.words());
        return Diagnostic::new(&codes::UNIT_MISMATCH, message)
            .at(right.span, format!("this is {}", b.noun()))
            .at(left.span, format!("this is {}", a.noun()));
    };
    currencies(doing, (*x, left.span), (*y, right.span))
}

/// Money in the currency of its row, beside what is not of that currency.
fn own_currency(done: &str, left: Side<'_>, right: Side<'_>) -> Diagnostic {
    let (a, b) = (left.unit.noun(), right.unit.noun());
    let money = if matches!(left.unit, Scalar::InColumn(_)) { left } else { right };
    Diagnostic::new(&codes::UNIT_MISMATCH, format!("{a} and {b} cannot be {done}"))
        .at(right.span, format!("this is {b}"))
        .at(left.span, format!("this is {a}"))
        .help(format!(
            "bring each row to one currency first: `convert({}, GBP, rates.rate)`",
            money.text
        ))
}

/// Two currencies where one is due.
fn currencies(doing: Doing, left: (Currency, Span), right: (Currency, Span)) -> Diagnostic {
    let (x, y) = (left.0.code(), right.0.code());
    let message = format!("{x} and {y} cannot be {}", doing.words());
    let rial = |code: &str| code == "IRR" || code == "IRT";
    let help = if rial(x) && rial(y) {
        format!("bring the second to the first: `convert(..., {x})`")
    } else {
        format!("bring the second to the first by a rate: `convert(..., {x}, RATE)`")
    };
    Diagnostic::new(&codes::UNIT_MISMATCH, message)
        .at(right.1, format!("this is {y}"))
        .at(left.1, format!("this is {x}"))
        .help(help)
}

/// The unit of `left * right`.
pub(super) fn times(left: Side<'_>, right: Side<'_>) -> Result<Scalar, Box<Diagnostic>> {
    Ok(match (left.unit, right.unit) {
        (Scalar::InColumn(_), other) if scales(other) => left.unit.clone(),
        (other, Scalar::InColumn(_)) if scales(other) => right.unit.clone(),
        (Scalar::InColumn(_), _) | (_, Scalar::InColumn(_)) => {
            return Err(Box::new(own_currency("multiplied", left, right)));
        }
        (Scalar::Unknown, _) | (_, Scalar::Unknown) => Scalar::Unknown,
        (Scalar::Bare | Scalar::Zero, Scalar::Bare | Scalar::Zero) => Scalar::Bare,
        (Scalar::Bare | Scalar::Zero, Scalar::Of(unit))
        | (Scalar::Of(unit), Scalar::Bare | Scalar::Zero) => Scalar::Of(own_dropped(unit)),
        (Scalar::Of(x), Scalar::Of(y)) => match (x, y) {
            (Unit::Percent, other) | (other, Unit::Percent) => Scalar::Of(own_dropped(other)),
            (a, b) if is_plain(a) && is_plain(b) => Scalar::Of(Unit::Number),
            (a, b) if is_plain(a) => Scalar::Of(b.clone()),
            (a, b) if is_plain(b) => Scalar::Of(a.clone()),
            (Unit::Money(_) | Unit::MoneyOfSource, Unit::Money(_) | Unit::MoneyOfSource) => {
                let message = "money and money cannot be multiplied";
                return Err(Box::new(
                    Diagnostic::new(&codes::UNIT_MISMATCH, message)
                        .at(right.span, "this is money")
                        .at(left.span, "this is money too")
                        .help("one of the two should be a plain number"),
                ));
            }
            // Money times hours, per hour: what it is, the declared unit says.
            _ => Scalar::Unknown,
        },
    })
}

/// The unit of `left / right`.
pub(super) fn per(left: Side<'_>, right: Side<'_>) -> Result<Scalar, Box<Diagnostic>> {
    Ok(match (left.unit, right.unit) {
        (Scalar::InColumn(x), Scalar::InColumn(y)) if x == y => Scalar::Of(Unit::Number),
        (Scalar::InColumn(_), other) if scales(other) => left.unit.clone(),
        (Scalar::InColumn(_), _) | (_, Scalar::InColumn(_)) => {
            return Err(Box::new(own_currency("divided", left, right)));
        }
        (Scalar::Bare | Scalar::Zero, Scalar::Bare | Scalar::Zero) => Scalar::Bare,
        (Scalar::Of(unit), Scalar::Bare | Scalar::Zero) => Scalar::Of(own_dropped(unit)),
        (Scalar::Bare | Scalar::Zero, Scalar::Of(unit)) if is_plain(unit) => {
            Scalar::Of(Unit::Number)
        }
        (Scalar::Bare | Scalar::Zero, Scalar::Of(Unit::Percent)) => Scalar::Of(Unit::Number),
        (Scalar::Of(x), Scalar::Of(y)) => match (x, y) {
            (Unit::Money(a), Unit::Money(b)) if a != b => {
                return Err(Box::new(currencies(Doing::Divide, (*a, left.span), (*b, right.span))));
            }
            (a, b) if is_plain(b) => Scalar::Of(if is_plain(a) || *a == Unit::Percent {
                Unit::Number
            } else {
                a.clone()
            }),
            (a, Unit::Percent) => {
                Scalar::Of(if *a == Unit::Percent { Unit::Number } else { own_dropped(a) })
            }
            (Unit::Money(_) | Unit::MoneyOfSource, Unit::Money(_) | Unit::MoneyOfSource)
            | (Unit::Duration, Unit::Duration) => Scalar::Of(Unit::Number),
            // Orders per euro of cost, visits per hour: a plain number.
            (a, Unit::Money(_) | Unit::MoneyOfSource | Unit::Duration) if is_plain(a) => {
                Scalar::Of(Unit::Number)
            }
            _ => Scalar::Unknown,
        },
        // Nothing is known, or something like 1 per euro: what it is, the declared unit says.
        _ => Scalar::Unknown,
    })
}

/// Whether money times or over it is money of the same currency.
fn scales(unit: &Scalar) -> bool {
    match unit {
        Scalar::Unknown | Scalar::Bare | Scalar::Zero => true,
        Scalar::Of(unit) => is_plain(unit) || *unit == Unit::Percent,
        Scalar::InColumn(_) => false,
    }
}

fn is_plain(unit: &Unit) -> bool {
    matches!(unit, Unit::Number | Unit::Count | Unit::Own(_))
}

/// A multiple of something counted in the user's own word is a plain number.
fn own_dropped(unit: &Unit) -> Unit {
    match unit {
        Unit::Own(_) => Unit::Number,
        other => other.clone(),
    }
}

/// Whether a formula that gives `found` may be declared to be `declared`.
pub(super) fn declared(declared: &Unit, found: &Scalar) -> bool {
    let found = match found {
        Scalar::Unknown | Scalar::Zero => return true,
        Scalar::Bare => &Unit::Number,
        Scalar::Of(unit) => unit,
        Scalar::InColumn(_) => return false,
    };
    match declared {
        unit if unit == found => true,
        Unit::Money(_) => *found == Unit::MoneyOfSource,
        Unit::MoneyOfSource => matches!(found, Unit::Money(_)),
        Unit::Percent | Unit::Count => matches!(found, Unit::Number | Unit::Own(_)),
        Unit::Number => matches!(found, Unit::Count | Unit::Percent | Unit::Own(_)),
        Unit::Own(_) => matches!(found, Unit::Number | Unit::Count | Unit::Own(_)),
        Unit::Duration | Unit::Compound { .. } => false,
    }
}
