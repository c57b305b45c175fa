//! Slots: what is added up, cell by cell. A cell is one group on one day.

use std::collections::BTreeMap;

use crate::engine::Series;
use crate::value::{Decimal, Sum};

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

    /// Adds every number that is not null to its cell.
    pub(super) fn add(&mut self, cells: &[u32], values: &Vector) {
        match values {
            Vector::Number(n) => {
                let factor = self.factor(n.scale);
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

    fn sum(&self, cell: u32) -> Sum {
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

    fn resize(&mut self, cells: usize) {
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

    fn get(&self, cell: u32) -> Option<Decimal> {
        if let Some(wide) = &self.wide {
            return wide[cell as usize];
        }
        let mantissa = self.small[cell as usize];
        (mantissa != NO_NUMBER).then(|| Decimal::new(i128::from(mantissa), self.scale))
    }

    fn merge_cell(&mut self, cell: u32, other: &Self, from: u32) {
        let Some(value) = other.get(from) else { return };
        let vector = match small(value) {
            Some((mantissa, scale)) => Vector::Number(Numbers { mantissas: vec![mantissa], scale }),
            None => Vector::Decimal(vec![Some(value)]),
        };
        self.add(&[cell], &vector);
    }
}

/// Stands for "no cell": the row does not count.
pub(super) const SKIPPED: u32 = u32::MAX;

/// The state of a slot in every cell.
#[derive(Clone, Debug)]
pub(super) enum State {
    Counts(Vec<u64>),
    Sums(Totals),
    Extremes(Extremes),
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

    /// Gives every id the name that it has in `ids`.
    pub(super) fn rename(&mut self, ids: &[u32]) {
        for pair in &mut self.pairs {
            let id = ids[(*pair & u64::from(u32::MAX)) as usize];
            *pair = *pair >> 32 << 32 | u64::from(id);
        }
    }

    fn merge(&mut self, other: &Self, cells: &[u32]) {
        let renamed = other.pairs.iter().map(|pair| {
            let cell = cells[(*pair >> 32) as usize];
            u64::from(cell) << 32 | *pair & u64::from(u32::MAX)
        });
        self.pairs.extend(renamed);
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
            Self::Extremes(extremes) => extremes.resize(cells),
            Self::Values(v) => v.resize_with(cells, Vec::new),
            Self::Distinct(_) => {}
        }
    }

    /// Takes in another state; `cells` are the own cells of the other's. Distinct ids must be the
    /// same in both.
    pub(super) fn merge(&mut self, other: &Self, cells: &[u32]) {
        let targets = cells.iter().copied();
        match (self, other) {
            (Self::Counts(own), Self::Counts(other)) => {
                targets.zip(other).for_each(|(cell, n)| own[cell as usize] += n);
            }
            (Self::Sums(own), Self::Sums(other)) => {
                for (from, cell) in targets.enumerate() {
                    own.merge_cell(cell, other, from as u32);
                }
            }
            (Self::Extremes(own), Self::Extremes(other)) => {
                for (from, cell) in targets.enumerate() {
                    own.merge_cell(cell, other, from as u32);
                }
            }
            (Self::Values(own), Self::Values(other)) => {
                targets.zip(other).for_each(|(cell, v)| own[cell as usize].extend_from_slice(v));
            }
            (Self::Distinct(own), Self::Distinct(other)) => own.merge(other, cells),
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
            Self::Extremes(e) => {
                let plain = |c: &u32| e.get(*c).map(Decimal::normalised);
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
