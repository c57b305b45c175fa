//! A second implementation, as plain as can be: characters one by one, rows one by one, numbers as
//! big integers. It shares no code with the engine, and knows the one table of the random tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use num_bigint::BigInt;

/// A cell: none is null, an empty text is the quoted empty one.
pub(super) type Cell = Option<String>;

/// Reads CSV one character at a time. It takes well-formed files for granted.
pub(super) fn parse(text: &str) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let (mut row, mut cell, mut quoted, mut open) = (Vec::new(), String::new(), false, false);
    let mut chars = text.chars().peekable();
    let mut pending = false;
    while let Some(c) = chars.next() {
        pending = true;
        if open {
            if c == '"' && chars.peek() == Some(&'"') {
                chars.next();
                cell.push('"');
            } else if c == '"' {
                open = false;
            } else {
                cell.push(c);
            }
        } else if c == '"' && cell.is_empty() && !quoted {
            (open, quoted) = (true, true);
        } else if c == ',' || c == '\n' || c == '\r' {
            let whole = std::mem::take(&mut cell);
            row.push((quoted || !whole.is_empty()).then_some(whole));
            quoted = false;
            if c != ',' {
                if c == '\r' && chars.peek() == Some(&'\n') {
                    chars.next();
                }
                rows.push(std::mem::take(&mut row));
                pending = false;
            }
        } else {
            cell.push(c);
        }
    }
    if pending {
        row.push((quoted || !cell.is_empty()).then_some(cell));
        rows.push(row);
    }
    rows
}

/// A number in units of 10^-40.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Exact(pub(super) BigInt);

const PLACES: u32 = 40;

impl Exact {
    pub(super) fn read(text: &str) -> Self {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits: BigInt = format!("{whole}{fraction}").parse().unwrap();
        Self(digits * BigInt::from(10).pow(PLACES - fraction.len() as u32))
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        let one = BigInt::from(10).pow(PLACES);
        let product = &self.0 * &other.0;
        assert_eq!(&product % &one, BigInt::from(0), "a product of more than 40 places");
        Self(product / one)
    }

    pub(super) fn show(&self) -> String {
        let text = self.0.magnitude().to_string();
        let text = format!("{text:0>41}");
        let (whole, fraction) = text.split_at(text.len() - PLACES as usize);
        let fraction = fraction.trim_end_matches('0');
        let sign = if self.0 < BigInt::from(0) { "-" } else { "" };
        match fraction {
            "" => format!("{sign}{whole}"),
            _ => format!("{sign}{whole}.{fraction}"),
        }
    }
}

/// What is added up over some rows.
#[derive(Debug, Default)]
pub(super) struct Totals {
    rows: u64,
    count: u64,
    sum: Exact,
    least: Option<Exact>,
    greatest: Option<Exact>,
    values: Vec<Exact>,
    distinct: BTreeSet<String>,
    weighted: Exact,
    weights: Exact,
    squares: Exact,
    products: Exact,
}

impl Totals {
    pub(super) fn add(&mut self, n: Option<&Exact>, m: Option<&Exact>, user: Option<&String>) {
        self.rows += 1;
        if let Some(n) = n {
            self.count += 1;
            self.sum.0 += &n.0;
            self.squares.0 += n.times(n).0;
            self.values.push(n.clone());
            if self.least.as_ref().is_none_or(|l| n < l) {
                self.least = Some(n.clone());
            }
            if self.greatest.as_ref().is_none_or(|g| n > g) {
                self.greatest = Some(n.clone());
            }
            if let Some(m) = m {
                self.weighted.0 += n.times(m).0;
                self.weights.0 += &m.0;
                self.products.0 += n.times(m).0;
            }
        }
        self.distinct.extend(user.cloned());
    }

    /// As `build::print` prints the slots of the random tests.
    pub(super) fn print(&self) -> String {
        let extreme = |e: &Option<Exact>| e.as_ref().map_or("-".to_owned(), Exact::show);
        let mut values = self.values.clone();
        values.sort();
        let values: Vec<String> = values.iter().map(Exact::show).collect();
        format!(
            " {} {} {} {} {} [{}] {:?} {} {} {} {}",
            self.rows,
            self.count,
            self.sum.show(),
            extreme(&self.least),
            extreme(&self.greatest),
            values.join(", "),
            self.distinct.iter().collect::<Vec<_>>(),
            self.weighted.show(),
            self.weights.show(),
            self.squares.show(),
            self.products.show(),
        )
    }
}

/// Rows by members (null last), then by day.
pub(super) type Groups = BTreeMap<Vec<(bool, String)>, BTreeMap<String, (Totals, Totals)>>;

/// As `build::print` prints a grouping.
pub(super) fn print(groups: &Groups) -> String {
    let mut out = String::new();
    for (members, days) in groups {
        let members: Vec<Option<&String>> =
            members.iter().map(|(null, text)| (!null).then_some(text)).collect();
        for (day, (all, some)) in days {
            writeln!(out, "{members:?} {day}:{}{}", all.print(), some.print()).unwrap();
        }
    }
    out
}
