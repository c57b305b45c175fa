//! Slots: what is added up, cell by cell. A cell is one group on one day.

use std::collections::BTreeMap;

use crate::engine::Series;
use crate::value::{Decimal, Sum};

use super::vector::{NO_NUMBER, Numbers, Vector, small};

/// Exact totals: mantissas of one scale, and whatever does not fit beside them.
#[derive(Clone, Debug, Default)]
pub(super) struct Totals {
    scale: u8,
    small: Vec<i128>,
    wide: BTreeMap<u32, Sum>,
}

impl Totals {
    pub(super) fn resize(&mut self, cells: usize) {
        self.small.resize(cells, 0);
    }

    /// Adds numbers that have been brought to [`Self::scale`] by [`Self::factor`].
    #[inline]
    fn add_scaled(&mut self, cell: u32, mantissa: i128) {
        let total = &mut self.small[cell as usize];
        match total.checked_add(mantissa) {
            Some(sum) => *total = sum,
            None => self.spill(cell, mantissa),
        }
    }

    #[cold]
    fn spill(&mut self, cell: u32, mantissa: i128) {
        let scale = self.scale;
        let total = std::mem::replace(&mut self.small[cell as usize], 0);
        self.add_wide(cell, total, scale);
        self.add_wide(cell, mantissa, scale);
    }

    fn add_wide(&mut self, cell: u32, mantissa: i128, scale: u8) {
        add_mantissa(self.wide.entry(cell).or_default(), mantissa, scale);
    }

    /// What mantissas of a scale are to be multiplied with; raises the own scale if need be.
    fn factor(&mut self, scale: u8) -> i128 {
        if scale > self.scale {
            let power = 10i128.pow(u32::from(scale - self.scale));
            for cell in 0..self.small.len() {
                match self.small[cell].checked_mul(power) {
                    Some(raised) => self.small[cell] = raised,
                    None => {
                        let total = std::mem::replace(&mut self.small[cell], 0);
                        self.add_wide(cell as u32, total, self.scale);
                    }
                }
            }
            self.scale = scale;
        }
        10i128.pow(u32::from(self.scale - scale))
    }

    fn add_decimal(&mut self, cell: u32, value: Decimal) {
        match small(value) {
            Some((mantissa, scale)) => {
                let factor = self.factor(scale);
                match i128::from(mantissa).checked_mul(factor) {
                    Some(m) => self.add_scaled(cell, m),
                    None => self.add_wide(cell, i128::from(mantissa), scale),
                }
            }
            None => self.wide.entry(cell).or_default().add(value),
        }
    }

    /// Adds every number that is not null to its cell.
    pub(super) fn add(&mut self, cells: &[u32], values: &Vector) {
        match values {
            Vector::Number(n) => {
                let factor = self.factor(n.scale);
                for (&cell, &mantissa) in cells.iter().zip(&n.mantissas) {
                    if cell == SKIPPED || mantissa == NO_NUMBER {
                        continue;
                    }
                    // A factor is at most 10^36 where products have raised the scale.
                    match i128::from(mantissa).checked_mul(factor) {
                        Some(m) => self.add_scaled(cell, m),
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
            let product = i128::from(a) * i128::from(b);
            match product.checked_mul(factor) {
                Some(m) => self.add_scaled(cell, m),
                None => self.add_wide(cell, product, scale),
            }
        }
    }

    pub(super) fn merge_cell(&mut self, cell: u32, other: &Self, from: u32) {
        let mantissa = other.small[from as usize];
        let factor = self.factor(other.scale);
        match mantissa.checked_mul(factor) {
            Some(m) => self.add_scaled(cell, m),
            None => self.add_wide(cell, mantissa, other.scale),
        }
        if let Some(sum) = other.wide.get(&from) {
            self.wide.entry(cell).or_default().merge(sum);
        }
    }

    fn sum(&self, cell: u32) -> Sum {
        let mut sum = self.wide.get(&cell).cloned().unwrap_or_default();
        add_mantissa(&mut sum, self.small[cell as usize], self.scale);
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

/// Stands for "no cell": the row does not count.
pub(super) const SKIPPED: u32 = u32::MAX;

/// The state of a slot in every cell.
#[derive(Clone, Debug)]
pub(super) enum State {
    Counts(Vec<u64>),
    Sums(Totals),
    Least(Vec<Option<Decimal>>),
    Greatest(Vec<Option<Decimal>>),
    Values(Vec<Vec<Decimal>>),
    Distinct(Pairs),
}

/// Cells and ids, each pair once as soon as it is tidied up.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs {
    pairs: Vec<u64>,
    tidy: usize,
}

impl Pairs {
    pub(super) fn add(&mut self, cell: u32, id: u32) {
        self.pairs.push(u64::from(cell) << 32 | u64::from(id));
    }

    /// Sorts and drops what is there twice, if enough has come in since the last time.
    pub(super) fn tidy(&mut self, slack: usize) {
        if self.pairs.len() >= 2 * self.tidy + slack {
            self.pairs.sort_unstable();
            self.pairs.dedup();
            self.tidy = self.pairs.len();
        }
    }

    /// Renames cells and ids.
    pub(super) fn renamed(self, cells: &[u32], ids: &[u32]) -> Vec<u64> {
        let mut pairs = self.pairs;
        for pair in &mut pairs {
            let cell = cells[(*pair >> 32) as usize];
            let id = ids[(*pair & u64::from(u32::MAX)) as usize];
            *pair = u64::from(cell) << 32 | u64::from(id);
        }
        pairs
    }

    pub(super) fn extend(&mut self, pairs: Vec<u64>) {
        if self.pairs.is_empty() {
            self.pairs = pairs;
        } else {
            self.pairs.extend(pairs);
        }
        self.tidy(1 << 20);
    }

    fn of_cell(&self, cell: u32) -> Box<[u32]> {
        let first = self.pairs.partition_point(|p| (p >> 32) < u64::from(cell));
        let own = self.pairs[first..].iter().take_while(|p| **p >> 32 == u64::from(cell));
        own.map(|p| (*p & u64::from(u32::MAX)) as u32).collect()
    }
}

impl State {
    pub(super) fn resize(&mut self, cells: usize) {
        match self {
            Self::Counts(v) => v.resize(cells, 0),
            Self::Sums(totals) => totals.resize(cells),
            Self::Least(v) | Self::Greatest(v) => v.resize(cells, None),
            Self::Values(v) => v.resize_with(cells, Vec::new),
            Self::Distinct(_) => {}
        }
    }

    /// Takes in another state (but for distinct ids, which are renamed first).
    pub(super) fn merge(&mut self, other: Self, cells: &[u32]) {
        let targets = cells.iter().copied();
        match (self, other) {
            (Self::Counts(own), Self::Counts(other)) => {
                targets.zip(other).for_each(|(cell, n)| own[cell as usize] += n);
            }
            (Self::Sums(own), Self::Sums(other)) => {
                for (from, cell) in targets.enumerate() {
                    own.merge_cell(cell, &other, from as u32);
                }
            }
            (Self::Least(own), Self::Least(other)) => {
                for (cell, value) in targets.zip(other) {
                    let own = &mut own[cell as usize];
                    *own = [*own, value].into_iter().flatten().min();
                }
            }
            (Self::Greatest(own), Self::Greatest(other)) => {
                for (cell, value) in targets.zip(other) {
                    let own = &mut own[cell as usize];
                    *own = (*own).max(value);
                }
            }
            (Self::Values(own), Self::Values(other)) => {
                targets.zip(other).for_each(|(cell, v)| own[cell as usize].extend(v));
            }
            _ => {}
        }
    }

    /// Brings it into its final order; nothing is added after that.
    pub(super) fn settle(&mut self) {
        match self {
            Self::Values(cells) => cells.iter_mut().for_each(|v| v.sort_unstable()),
            Self::Distinct(pairs) => {
                pairs.pairs.sort_unstable();
                pairs.pairs.dedup();
            }
            _ => {}
        }
    }

    /// The state of some cells as the engine's users see it.
    pub(super) fn series(&self, cells: &[u32]) -> Series {
        let at = |c: &u32| *c as usize;
        match self {
            Self::Counts(v) => Series::Counts(cells.iter().map(|c| v[at(c)]).collect()),
            Self::Sums(t) => Series::Sums(cells.iter().map(|c| t.sum(*c)).collect()),
            Self::Least(v) | Self::Greatest(v) => {
                let plain = |c: &u32| v[at(c)].map(Decimal::normalised);
                Series::Extremes(cells.iter().map(plain).collect())
            }
            Self::Values(v) => {
                let own = |c: &u32| v[at(c)].iter().map(|d| d.normalised()).collect();
                Series::Values(cells.iter().map(own).collect())
            }
            Self::Distinct(p) => Series::Distinct(cells.iter().map(|c| p.of_cell(*c)).collect()),
        }
    }
}
