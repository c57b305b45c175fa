//! Extremes: the smallest or largest number of each cell.

use crate::value::Decimal;

use super::slots::SKIPPED;
use super::vector::{NO_NUMBER, Numbers, POWERS, Vector, small};

/// The smallest or largest number of each cell.
#[derive(Clone, Debug)]
pub(super) struct Extremes {
    side: Side,
    scale: u8,
    /// Mantissas of the one scale.
    small: Vec<i64>,
    /// Used instead as soon as a number does not fit.
    wide: Option<Vec<Option<Decimal>>>,
}

/// Which extreme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Least,
    Greatest,
}

impl Extremes {
    pub(super) fn new(side: Side) -> Self {
        Self { side, scale: 0, small: Vec::new(), wide: None }
    }

    pub(super) fn resize(&mut self, cells: usize) {
        match &mut self.wide {
            Some(wide) => wide.resize(cells, None),
            None => self.small.resize(cells, NO_NUMBER),
        }
    }

    pub(super) fn add(&mut self, cells: &[u32], values: &Vector) {
        if let Vector::Number(n) = values
            && self.wide.is_none()
            && self.reach(n.scale)
        {
            let power = POWERS[usize::from(self.scale - n.scale)];
            for (&cell, &mantissa) in cells.iter().zip(&n.mantissas) {
                if cell == SKIPPED || mantissa == NO_NUMBER {
                    continue;
                }
                let Some(m) = mantissa.checked_mul(power) else {
                    self.put(cell, Decimal::new(i128::from(mantissa), n.scale));
                    continue;
                };
                if let Some(own) = self.small.get_mut(cell as usize) {
                    let wins = *own == NO_NUMBER
                        || match self.side {
                            Side::Least => m < *own,
                            Side::Greatest => m > *own,
                        };
                    if wins && m != NO_NUMBER {
                        *own = m;
                    }
                } else {
                    self.put(cell, Decimal::new(i128::from(mantissa), n.scale));
                }
            }
            return;
        }
        for (row, &cell) in cells.iter().enumerate() {
            if let Some(value) = values.number(row).filter(|_| cell != SKIPPED) {
                self.put(cell, value);
            }
        }
    }

    /// Whether the own scale is at least this one, or has been brought there.
    fn reach(&mut self, scale: u8) -> bool {
        if scale <= self.scale {
            return true;
        }
        let mut numbers = Numbers { mantissas: std::mem::take(&mut self.small), scale: self.scale };
        let reached = numbers.rescale(scale);
        self.small = numbers.mantissas;
        self.scale = numbers.scale;
        reached
    }

    #[cold]
    fn put(&mut self, cell: u32, value: Decimal) {
        let numbers = Numbers { mantissas: std::mem::take(&mut self.small), scale: self.scale };
        let own = &mut self.wide.get_or_insert_with(|| numbers.to_decimals())[cell as usize];
        let wins = own.is_none_or(|own| match self.side {
            Side::Least => value < own,
            Side::Greatest => value > own,
        });
        if wins {
            *own = Some(value);
        }
    }

    /// The extreme of a cell.
    pub(super) fn get(&self, cell: u32) -> Option<Decimal> {
        if let Some(wide) = &self.wide {
            return wide[cell as usize];
        }
        let mantissa = self.small[cell as usize];
        (mantissa != NO_NUMBER).then(|| Decimal::new(i128::from(mantissa), self.scale))
    }

    pub(super) fn merge_cell(&mut self, cell: u32, other: &Self, from: u32) {
        let Some(value) = other.get(from) else { return };
        let vector = match small(value) {
            Some((mantissa, scale)) => Vector::Number(Numbers { mantissas: vec![mantissa], scale }),
            None => Vector::Decimal(vec![Some(value)]),
        };
        self.add(&[cell], &vector);
    }
}
