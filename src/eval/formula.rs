//! The value of a formula's node.

use super::evaluator::{Evaluator, Key, SliceId};
use super::frame::Frame;
use super::{Reason, Value};
use crate::model::formula::{Condition, Function, Place, Sign};
use crate::model::row::CompareOp;
use crate::model::{MeasureId, Node};
use crate::value::{Decimal, Number};

/// One evaluation of a formula. Measures that are not known yet are noted, and have no value
/// meanwhile: the evaluation is done again once they are known.
pub(super) struct Formula<'e, 'a> {
    pub(super) evaluator: &'e Evaluator<'a>,
    pub(super) missing: Vec<Key>,
}

impl Formula<'_, '_> {
    pub(super) fn node(&mut self, node: &Node, frame: Frame, slice: SliceId) -> Value {
        match node {
            Node::Value(number) => Value::Known(number.clone()),
            Node::Measure(measure) => self.measure(*measure, frame, slice),
            Node::Aggregate(id) => self.evaluator.aggregate(*id, frame, slice),
            Node::Negate(a) => map(self.node(a, frame, slice), Number::neg),
            Node::Sum(terms) => self.sum(terms, frame, slice),
            Node::Product(factors) => self.product(factors, frame, slice),
            Node::Default(all) => self.first_known(all, frame, slice),
            Node::If(condition, a, b) => match self.condition(condition, frame, slice) {
                Ok(true) => self.node(a, frame, slice),
                Ok(false) => self.node(b, frame, slice),
                Err(none) => none,
            },
            Node::Function(function, arguments) => {
                self.function(*function, arguments, frame, slice)
            }
            Node::Over(over, a) => self.over(*over, a, frame, slice),
            Node::Each(op, grain, a) => self.each(*op, *grain, a, frame, slice),
            Node::Share(a) => self.share(a, frame, slice),
            Node::Total(a, over) => {
                let whole = self.evaluator.without(slice, over);
                self.node(a, frame, whole)
            }
            Node::Attainment(measure) => self.attainment(*measure, frame, slice),
            Node::Convert(a, _, factor) => {
                map(self.node(a, frame, slice), |x| x.mul(&Number::from(*factor)))
            }
        }
    }

    /// A measure's value, noted as missing where it is not known yet.
    pub(super) fn measure(&mut self, measure: MeasureId, frame: Frame, slice: SliceId) -> Value {
        let key = Key { measure, frame, slice };
        self.evaluator.remembered(key).unwrap_or_else(|| {
            self.missing.push(key);
            Value::NoData
        })
    }

    fn sum(&mut self, terms: &[(Sign, Node)], frame: Frame, slice: SliceId) -> Value {
        let mut total = Number::ZERO;
        for (sign, term) in terms {
            match (sign, self.node(term, frame, slice)) {
                (Sign::Plus, Value::Known(x)) => total = total.add(&x),
                (Sign::Minus, Value::Known(x)) => total = total.sub(&x),
                (_, none) => return none,
            }
        }
        Value::Known(total)
    }

    fn product(&mut self, factors: &[(Place, Node)], frame: Frame, slice: SliceId) -> Value {
        let mut total = Value::Known(Number::ONE);
        for (place, factor) in factors {
            let value = self.node(factor, frame, slice);
            total = match (place, total, value) {
                (Place::Above, Value::Known(t), Value::Known(x)) => Value::Known(t.mul(&x)),
                (Place::Below, t @ Value::Known(_), x) => {
                    let name = || self.evaluator.describe(factor);
                    quotient(t, x, || Reason::ZeroDivisor(name()))
                }
                (Place::Above, Value::Known(_), none) | (_, none, _) => none,
            };
        }
        total
    }

    fn share(&mut self, a: &Node, frame: Frame, slice: SliceId) -> Value {
        let part = self.node(a, frame, slice);
        let whole = self.evaluator.without(slice, &[]);
        let whole = self.node(a, frame, whole);
        quotient(part, whole, || Reason::ZeroTotal(self.evaluator.describe(a)))
    }

    fn first_known(&mut self, all: &[Node], frame: Frame, slice: SliceId) -> Value {
        let mut cause = None;
        for node in all {
            match self.node(node, frame, slice) {
                known @ Value::Known(_) => return known,
                none => cause = cause.or(Some(none)),
            }
        }
        cause.unwrap_or(Value::NoData)
    }

    fn function(
        &mut self,
        function: Function,
        arguments: &[Node],
        frame: Frame,
        slice: SliceId,
    ) -> Value {
        let mut numbers = Vec::with_capacity(arguments.len());
        for argument in arguments {
            match self.node(argument, frame, slice) {
                Value::Known(x) => numbers.push(x),
                none => return none,
            }
        }
        let found = match function {
            Function::Abs => numbers.first().map(Number::abs),
            Function::Round => numbers.first().map(|x| round(x, numbers.get(1))),
            Function::Least => numbers.into_iter().min(),
            Function::Greatest => numbers.into_iter().max(),
        };
        found.map_or(Value::NoData, Value::Known)
    }

    /// Whether a condition holds. A comparison with an operand without a value leaves the formula
    /// without one; `is null` asks for that.
    fn condition(
        &mut self,
        condition: &Condition,
        frame: Frame,
        slice: SliceId,
    ) -> Result<bool, Value> {
        match condition {
            Condition::Compare(a, op, b) => {
                let (a, b) = (self.node(a, frame, slice), self.node(b, frame, slice));
                match (a, b) {
                    (Value::Known(a), Value::Known(b)) => Ok(compare(&a, *op, &b)),
                    (Value::Known(_), none) | (none, _) => Err(none),
                }
            }
            Condition::IsNull(a) => Ok(self.node(a, frame, slice).known().is_none()),
            Condition::And(all) => {
                for one in all {
                    if !self.condition(one, frame, slice)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Condition::Or(all) => {
                for one in all {
                    if self.condition(one, frame, slice)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Condition::Not(a) => Ok(!self.condition(a, frame, slice)?),
        }
    }
}

/// The value with a function applied, if there is one.
pub(super) fn map(value: Value, change: impl FnOnce(&Number) -> Number) -> Value {
    match value {
        Value::Known(x) => Value::Known(change(&x)),
        none => none,
    }
}

/// The quotient of two values; where the divisor is nought there is none, for the reason.
pub(super) fn quotient(a: Value, b: Value, reason: impl FnOnce() -> Reason) -> Value {
    match (a, b) {
        (Value::Known(a), Value::Known(b)) => {
            a.div(&b).map_or_else(|| Value::Undefined(reason()), Value::Known)
        }
        (Value::Known(_), none) | (none, _) => none,
    }
}

/// Half to even, to so many places; whole where none are given.
fn round(x: &Number, places: Option<&Number>) -> Number {
    let places = places.and_then(Number::to_decimal).map_or(0, Decimal::mantissa);
    let places = usize::try_from(places).unwrap_or(0).min(usize::from(Decimal::MAX_SCALE));
    // More digits than a decimal holds: far beyond what is printed, so the number stays as it is.
    x.fixed(places).parse::<Decimal>().map_or_else(|_| x.clone(), Number::from)
}

pub(super) fn compare(a: &Number, op: CompareOp, b: &Number) -> bool {
    match op {
        CompareOp::Equal => a == b,
        CompareOp::NotEqual => a != b,
        CompareOp::Less => a < b,
        CompareOp::LessEqual => a <= b,
        CompareOp::Greater => a > b,
        CompareOp::GreaterEqual => a >= b,
    }
}

/// Calls `visit` with each measure whose value over the same days for the same slice a node needs.
pub(super) fn each_measure(node: &Node, visit: &mut impl FnMut(MeasureId)) {
    match node {
        Node::Measure(id) => visit(*id),
        Node::Negate(a) | Node::Convert(a, _, _) => each_measure(a, visit),
        Node::Sum(terms) => terms.iter().for_each(|(_, n)| each_measure(n, visit)),
        Node::Product(factors) => factors.iter().for_each(|(_, n)| each_measure(n, visit)),
        Node::Default(all) | Node::Function(_, all) => {
            for n in all {
                each_measure(n, visit);
            }
        }
        Node::If(_, a, b) => {
            each_measure(a, visit);
            each_measure(b, visit);
        }
        Node::Value(_)
        | Node::Aggregate(_)
        | Node::Over(..)
        | Node::Each(..)
        | Node::Share(_)
        | Node::Total(..)
        | Node::Attainment(_) => {}
    }
}
