//! Totals: exact sums, and sums of products, by cell.

use std::collections::BTreeMap;

use crate::value::{Decimal, Sum};

use super::slots::SKIPPED;
use super::vector::{NO_NUMBER, Numbers, POWERS, Vector, small};

/// Exact totals: mantissas of one scale, and whatever does not fit 64 bits beside them.
#[derive(Clone, Debug, Default)]
pub(super) struct Totals {
    scale: u8,
    small: Vec<i64>,
    wide: BTreeMap<u32, Sum>,
}

impl Totals {
    pub(super) fn resize(&mut self, cells: usize) {
        self.small.resize(cells, 0);
    }

    /// Adds a mantissa of the own scale.
    #[inline]
    fn add_small(&mut self, cell: u32, mantissa: i64) {
        let total = &mut self.small[cell as usize];
        match total.checked_add(mantissa) {
            Some(sum) => *total = sum,
            None => self.spill(cell, mantissa),
        }
    }

    #[cold]
    fn spill(&mut self, cell: u32, mantissa: i64) {
        let scale = self.scale;
        let total = std::mem::replace(&mut self.small[cell as usize], mantissa);
        self.add_wide(cell, i128::from(total), scale);
    }

    #[cold]
    fn add_wide(&mut self, cell: u32, mantissa: i128, scale: u8) {
        add_mantissa(self.wide.entry(cell).or_default(), mantissa, scale);
    }

    /// What mantissas of a scale are to be multiplied with to be of the own one, which is raised
    /// if need be; none where that is beyond 64 bits.
    fn factor(&mut self, scale: u8) -> Option<i64> {
        if scale > self.scale {
            let power = POWERS.get(usize::from(scale - self.scale)).copied();
            for cell in 0..self.small.len() {
                if let Some(raised) = power.and_then(|p| self.small[cell].checked_mul(p)) {
                    self.small[cell] = raised;
                } else {
                    let total = std::mem::replace(&mut self.small[cell], 0);
                    self.add_wide(cell as u32, i128::from(total), self.scale);
                }
            }
            self.scale = scale;
        }
        POWERS.get(usize::from(self.scale - scale)).copied()
    }

    fn add_decimal(&mut self, cell: u32, value: Decimal) {
        let Some((mantissa, scale)) = small(value) else {
            self.wide.entry(cell).or_default().add(value);
            return;
        };
        match self.factor(scale).and_then(|f| mantissa.checked_mul(f)) {
            Some(m) => self.add_small(cell, m),
            None => self.add_wide(cell, i128::from(mantissa), scale),
        }
    }

    /// Adds mantissas of the own scale.
    fn add_all(&mut self, cells: &[u32], mantissas: &[i64]) {
        for (&cell, &mantissa) in cells.iter().zip(mantissas) {
            // A row without a cell has a number beyond all of them.
            let Some(total) = self.small.get_mut(cell as usize) else { continue };
            if mantissa == NO_NUMBER {
                continue;
            }
            match total.checked_add(mantissa) {
                Some(sum) => *total = sum,
                None => self.spill(cell, mantissa),
            }
        }
    }

    /// Adds every number that is not null to its cell.
    pub(super) fn add(&mut self, cells: &[u32], values: &Vector) {
        match values {
            Vector::Number(n) => {
                let factor = self.factor(n.scale);
                if factor == Some(1) {
                    self.add_all(cells, &n.mantissas);
                    return;
                }
                for (&cell, &mantissa) in cells.iter().zip(&n.mantissas) {
                    if cell == SKIPPED || mantissa == NO_NUMBER {
                        continue;
                    }
                    match factor.and_then(|f| mantissa.checked_mul(f)) {
                        Some(m) => self.add_small(cell, m),
                        None => self.add_wide(cell, i128::from(mantissa), n.scale),
                    }
                }
            }
            other => {
                for (row, &cell) in cells.iter().enumerate() {
                    if let Some(value) = other.number(row).filter(|_| cell != SKIPPED) {
                        self.add_decimal(cell, value);
                    }
                }
            }
        }
    }

    /// Adds every product of two numbers that are both not null; rows whose product has too many
    /// digits go to `overflow`.
    pub(super) fn add_products(
        &mut self,
        cells: &[u32],
        a: &Vector,
        b: &Vector,
        overflow: &mut Vec<u32>,
    ) {
        if let (Vector::Number(a), Vector::Number(b)) = (a, b) {
            self.add_small_products(cells, a, b);
            return;
        }
        for (row, &cell) in cells.iter().enumerate() {
            if let (Some(a), Some(b)) = (a.number(row), b.number(row))
                && cell != SKIPPED
            {
                match exact_product(a, b) {
                    Some(product) => self.wide.entry(cell).or_default().add(product),
                    None => overflow.push(row as u32),
                }
            }
        }
    }

    fn add_small_products(&mut self, cells: &[u32], a: &Numbers, b: &Numbers) {
        let scale = a.scale + b.scale;
        let factor = self.factor(scale);
        for ((&cell, &a), &b) in cells.iter().zip(&a.mantissas).zip(&b.mantissas) {
            if cell == SKIPPED || a == NO_NUMBER || b == NO_NUMBER {
                continue;
            }
            let product = a.checked_mul(b);
            match product.and_then(|p| p.checked_mul(factor?)) {
                Some(m) => self.add_small(cell, m),
                None => self.add_wide(cell, i128::from(a) * i128::from(b), scale),
            }
        }
    }

    /// Makes a cell nought again.
    pub(super) fn clear(&mut self, cell: u32) {
        self.small[cell as usize] = 0;
        self.wide.remove(&cell);
    }

    pub(super) fn merge_cell(&mut self, cell: u32, other: &Self, from: u32) {
        let mantissa = other.small[from as usize];
        match self.factor(other.scale).and_then(|f| mantissa.checked_mul(f)) {
            Some(m) => self.add_small(cell, m),
            None => self.add_wide(cell, i128::from(mantissa), other.scale),
        }
        if let Some(sum) = other.wide.get(&from) {
            self.wide.entry(cell).or_default().merge(sum);
        }
    }

    /// The total of a cell.
    pub(super) fn sum(&self, cell: u32) -> Sum {
        let mut sum = self.wide.get(&cell).cloned().unwrap_or_default();
        sum.add(Decimal::new(i128::from(self.small[cell as usize]), self.scale));
        sum
    }
}

fn add_mantissa(sum: &mut Sum, mantissa: i128, scale: u8) {
    // A decimal has no smallest mantissa, so that each has a negative.
    if mantissa == i128::MIN {
        sum.add(Decimal::new(i128::MIN / 2, scale));
        sum.add(Decimal::new(i128::MIN / 2, scale));
    } else {
        sum.add(Decimal::new(mantissa, scale));
    }
}

/// The product, if no digit of it is lost.
fn exact_product(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (a, b) = (a.normalised(), b.normalised());
    let mantissa = a.mantissa().checked_mul(b.mantissa()).filter(|m| *m != i128::MIN)?;
    let scale = a.scale() + b.scale();
    (scale <= Decimal::MAX_SCALE).then(|| Decimal::new(mantissa, scale))
}
