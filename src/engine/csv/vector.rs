//! Vectors: one column's values over the rows of a block.

use crate::value::Decimal;

use super::dictionary::NONE;

/// Stands for null among mantissas.
pub(super) const NO_NUMBER: i64 = i64::MIN;
/// Stands for null among days.
pub(super) const NO_DATE: i32 = i32::MIN;
/// Stands for null among seconds.
pub(super) const NO_TIME: i64 = i64::MIN;
/// Stands for null among truth values, which are 0 and 1.
pub(super) const NO_BOOL: u8 = 2;

/// The values of one column, null by a mark of its own in each kind.
#[derive(Clone, Debug)]
pub(super) enum Vector {
    /// Numbers of one scale.
    Number(Numbers),
    /// Numbers that do not fit that.
    Decimal(Vec<Option<Decimal>>),
    /// Ids of a dictionary.
    Text(Vec<u32>),
    Bool(Vec<u8>),
    /// Days since 1970-01-01.
    Date(Vec<i32>),
    /// Seconds since 1970-01-01, local.
    Timestamp(Vec<i64>),
}

/// Numbers as mantissas of one scale.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    pub(super) mantissas: Vec<i64>,
    pub(super) scale: u8,
}

/// The powers of ten that fit 64 bits.
pub(super) const POWERS: [i64; 19] = {
    let mut powers = [1i64; 19];
    let mut at = 1;
    while at < 19 {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

impl Numbers {
    pub(super) fn get(&self, row: usize) -> Option<Decimal> {
        let mantissa = self.mantissas[row];
        (mantissa != NO_NUMBER).then(|| Decimal::new(i128::from(mantissa), self.scale))
    }

    /// All at a scale that is not below the present one; false (and unchanged) if one does not fit.
    pub(super) fn rescale(&mut self, scale: u8) -> bool {
        let Some(&power) = POWERS.get(usize::from(scale - self.scale)) else { return false };
        let most = i64::MAX / power;
        let fits = |m: &i64| *m == NO_NUMBER || (*m <= most && *m >= -most);
        if !self.mantissas.iter().all(fits) {
            return false;
        }
        for mantissa in self.mantissas.iter_mut().filter(|m| **m != NO_NUMBER) {
            *mantissa *= power;
        }
        self.scale = scale;
        true
    }

    pub(super) fn to_decimals(&self) -> Vec<Option<Decimal>> {
        (0..self.mantissas.len()).map(|row| self.get(row)).collect()
    }
}

/// A number as a mantissa of at most 18 digits with its scale, where it is one.
pub(super) fn small(value: Decimal) -> Option<(i64, u8)> {
    let pair = |v: Decimal| {
        let mantissa = i64::try_from(v.mantissa()).ok()?;
        (mantissa != NO_NUMBER && v.scale() <= 18).then_some((mantissa, v.scale()))
    };
    pair(value).or_else(|| pair(value.normalised()))
}

/// Collects numbers: of one scale as long as that goes.
#[derive(Debug)]
pub(super) struct NumberBuilder {
    numbers: Numbers,
    decimals: Option<Vec<Option<Decimal>>>,
}

impl NumberBuilder {
    pub(super) fn new(scale: u8, capacity: usize) -> Self {
        let numbers = Numbers { mantissas: Vec::with_capacity(capacity), scale };
        Self { numbers, decimals: None }
    }

    /// The mantissas, where all are of this scale.
    pub(super) fn of_scale(&mut self, scale: u8) -> Option<&mut Vec<i64>> {
        let plain = self.decimals.is_none() && self.numbers.scale == scale;
        plain.then_some(&mut self.numbers.mantissas)
    }

    #[inline]
    pub(super) fn push_null(&mut self) {
        match &mut self.decimals {
            None => self.numbers.mantissas.push(NO_NUMBER),
            Some(all) => all.push(None),
        }
    }

    #[inline]
    pub(super) fn push_small(&mut self, mantissa: i64, scale: u8) {
        if self.decimals.is_none() {
            if scale == self.numbers.scale {
                self.numbers.mantissas.push(mantissa);
                return;
            }
            if scale < self.numbers.scale
                && let Some(m) =
                    mantissa.checked_mul(POWERS[usize::from(self.numbers.scale - scale)])
                && m != NO_NUMBER
            {
                self.numbers.mantissas.push(m);
                return;
            }
        }
        self.push_unlike(mantissa, scale);
    }

    pub(super) fn push(&mut self, value: Option<Decimal>) {
        match (value, value.and_then(small)) {
            (None, _) => self.push_null(),
            (_, Some((mantissa, scale))) => self.push_small(mantissa, scale),
            (Some(_), None) => self.wide().push(value),
        }
    }

    #[cold]
    fn push_unlike(&mut self, mantissa: i64, scale: u8) {
        if self.decimals.is_none() && scale > self.numbers.scale && self.numbers.rescale(scale) {
            self.numbers.mantissas.push(mantissa);
            return;
        }
        let value = Decimal::new(i128::from(mantissa), scale);
        self.wide().push(Some(value));
    }

    fn wide(&mut self) -> &mut Vec<Option<Decimal>> {
        let numbers = &self.numbers;
        self.decimals.get_or_insert_with(|| numbers.to_decimals())
    }

    pub(super) fn finish(self) -> Vector {
        match self.decimals {
            None => Vector::Number(self.numbers),
            Some(all) => Vector::Decimal(all),
        }
    }
}

impl Vector {
    pub(super) fn number(&self, row: usize) -> Option<Decimal> {
        match self {
            Self::Number(n) => n.get(row),
            Self::Decimal(d) => d[row],
            _ => None,
        }
    }

    pub(super) fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Number(n) => n.mantissas[row] == NO_NUMBER,
            Self::Decimal(d) => d[row].is_none(),
            Self::Text(t) => t[row] == NONE,
            Self::Bool(b) => b[row] == NO_BOOL,
            Self::Date(d) => d[row] == NO_DATE,
            Self::Timestamp(t) => t[row] == NO_TIME,
        }
    }

    pub(super) fn count_nulls(&self) -> u64 {
        let count = match self {
            Self::Number(n) => n.mantissas.iter().filter(|m| **m == NO_NUMBER).count(),
            Self::Decimal(d) => d.iter().filter(|v| v.is_none()).count(),
            Self::Text(t) => t.iter().filter(|v| **v == NONE).count(),
            Self::Bool(b) => memchr::memchr_iter(NO_BOOL, b).count(),
            Self::Date(d) => d.iter().filter(|v| **v == NO_DATE).count(),
            Self::Timestamp(t) => t.iter().filter(|v| **v == NO_TIME).count(),
        };
        count as u64
    }

    /// The values of these rows.
    pub(super) fn picked(&self, rows: &[u32]) -> Self {
        fn of<T: Copy>(items: &[T], rows: &[u32]) -> Vec<T> {
            rows.iter().map(|row| items[*row as usize]).collect()
        }
        match self {
            Self::Number(n) => {
                Self::Number(Numbers { mantissas: of(&n.mantissas, rows), scale: n.scale })
            }
            Self::Decimal(d) => Self::Decimal(of(d, rows)),
            Self::Text(t) => Self::Text(of(t, rows)),
            Self::Bool(b) => Self::Bool(of(b, rows)),
            Self::Date(d) => Self::Date(of(d, rows)),
            Self::Timestamp(t) => Self::Timestamp(of(t, rows)),
        }
    }

    /// Keeps the rows that are marked.
    pub(super) fn retain(&mut self, keep: &[bool]) {
        match self {
            Self::Number(n) => retain(&mut n.mantissas, keep),
            Self::Decimal(d) => retain(d, keep),
            Self::Text(t) => retain(t, keep),
            Self::Bool(b) => retain(b, keep),
            Self::Date(d) => retain(d, keep),
            Self::Timestamp(t) => retain(t, keep),
        }
    }
}

/// Keeps the items that are marked.
pub(super) fn retain<T: Copy>(items: &mut Vec<T>, keep: &[bool]) {
    let mut kept = 0;
    for (at, keep) in keep.iter().enumerate() {
        if *keep {
            items[kept] = items[at];
            kept += 1;
        }
    }
    items.truncate(kept);
}
