//! Rows of typed columns, and the CSV file that holds the same.

use std::fmt::Write;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray,
    DurationMillisecondArray, Float64Array, Int64Array, RecordBatch, StringArray, StructArray,
    TimestampMicrosecondArray,
};
use arrow_schema::{DataType, Field, TimeUnit};

use sanjeh::plan::{CellKind, Scan, SlotOp};
use sanjeh::time::{Date, DateFormat};

use super::build::{column, iso, read, scan, slot};
use super::random::Dice;

const TEXTS: [&str; 7] = ["plain", "", "two\nlines", "a \"quoted\" b", "كتاب", "x,y;z", " blanks "];

/// Random rows of every type that has cells.
#[derive(Debug, Default)]
pub(super) struct Rows {
    days: Vec<i32>,
    moments: Vec<Option<i64>>,
    amounts: Vec<Option<i128>>,
    rates: Vec<Option<f64>>,
    counts: Vec<Option<i64>>,
    names: Vec<Option<&'static str>>,
    kinds: Vec<Option<&'static str>>,
    truths: Vec<Option<bool>>,
    spans: Vec<Option<i64>>,
}

impl Rows {
    pub(super) fn random(dice: &mut Dice, most: usize) -> Self {
        let mut rows = Self::default();
        for _ in 0..=dice.below(most) {
            // From 2026-06-01 on.
            let mut below = |most: u32| u32::try_from(dice.below(most as usize)).unwrap();
            rows.days.push(20_605 + i32::try_from(below(40)).unwrap());
            let mut maybe = |most: u32| Some(below(most)).filter(|v| v % 7 != 3);
            rows.moments
                .push(maybe(40 * 86_400).map(|s| (20_605 * 86_400 + i64::from(s)) * 1_000_000));
            rows.amounts.push(maybe(10_000_000).map(|v| i128::from(v) - 5_000_000));
            rows.rates.push(maybe(1000).map(|v| f64::from(v) / 8.0 - 3.0));
            rows.counts.push(maybe(100).map(i64::from));
            rows.names.push(maybe(7).map(|at| TEXTS[at as usize]));
            rows.kinds.push(maybe(3).map(|at| ["a", "b", "c"][at as usize]));
            rows.truths.push(maybe(2).map(|v| v == 1));
            rows.spans.push(maybe(100_000).map(|v| i64::from(v) - 20_000));
        }
        rows
    }

    /// In the file's order: day, moment, amount, rate, user.name, user.kind, count, truth, span.
    pub(super) fn batch(&self) -> RecordBatch {
        let names: ArrayRef = Arc::new(StringArray::from(self.names.clone()));
        let kinds: DictionaryArray<Int32Type> = self.kinds.iter().copied().collect();
        let kinds: ArrayRef = Arc::new(kinds);
        let user = StructArray::from(vec![
            (Arc::new(Field::new("name", DataType::Utf8, true)), names),
            (Arc::new(Field::new("kind", kinds.data_type().clone(), true)), kinds),
        ]);
        let amounts = Decimal128Array::from(self.amounts.clone());
        let moments = TimestampMicrosecondArray::from(self.moments.clone());
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("day", Arc::new(Date32Array::from(self.days.clone()))),
            ("moment", Arc::new(moments)),
            ("amount", Arc::new(amounts.with_precision_and_scale(20, 3).unwrap())),
            ("rate", Arc::new(Float64Array::from(self.rates.clone()))),
            ("user", Arc::new(user)),
            ("count", Arc::new(Int64Array::from(self.counts.clone()))),
            ("truth", Arc::new(BooleanArray::from(self.truths.clone()))),
            ("span", Arc::new(DurationMillisecondArray::from(self.spans.clone()))),
        ];
        assert_eq!(columns[1].1.data_type(), &DataType::Timestamp(TimeUnit::Microsecond, None));
        RecordBatch::try_from_iter(columns).unwrap()
    }

    /// The same rows as text, numbers with this decimal sign.
    pub(super) fn csv(&self, sign: char) -> String {
        let mut out = "day,moment,amount,rate,user.name,user.kind,count,truth,span\n".to_owned();
        let sign = |number: String| format!("\"{}\"", number.replace('.', &sign.to_string()));
        let quoted = |t: &str| format!("\"{}\"", t.replace('"', "\"\""));
        for row in 0..self.days.len() {
            let moment = self.moments[row].map(|micros| {
                let seconds = micros / 1_000_000;
                let (day, rest) = (seconds / 86_400, seconds % 86_400);
                let (hour, minute) = (rest / 3600, rest / 60 % 60);
                format!("{}T{hour:02}:{minute:02}:{:02}", Date::from_days(day as i32), rest % 60)
            });
            let amount = self.amounts[row].map(|v| {
                let minus = if v < 0 { "-" } else { "" };
                sign(format!("{minus}{}.{:03}", v.abs() / 1000, v.abs() % 1000))
            });
            let span = self.spans[row].map(|v| {
                let minus = if v < 0 { "-" } else { "" };
                sign(format!("{minus}{}.{:03}s", v.abs() / 1000, v.abs() % 1000))
            });
            let cells = [
                Some(Date::from_days(self.days[row]).to_string()),
                moment,
                amount,
                self.rates[row].map(|v| sign(v.to_string())),
                self.names[row].map(quoted),
                self.kinds[row].map(quoted),
                self.counts[row].map(|v| v.to_string()),
                self.truths[row].map(|v| v.to_string()),
                span,
            ];
            let cells = cells.map(Option::unwrap_or_default);
            writeln!(out, "{}", cells.join(",")).unwrap();
        }
        out
    }
}

/// A scan that asks of every column.
pub(super) fn everything() -> Scan {
    let moment = CellKind::Timestamp(DateFormat::iso());
    let columns = vec![
        read("day", iso()),
        read("moment", moment),
        read("amount", CellKind::Number),
        read("rate", CellKind::Number),
        read("user.name", CellKind::Text),
        read("user.kind", CellKind::Text),
        read("count", CellKind::Number),
        read("truth", CellKind::Bool),
        read("span", CellKind::Duration),
    ];
    let values = (1..columns.len()).map(column).collect();
    let slots = vec![
        slot(SlotOp::Rows),
        slot(SlotOp::Count(0)),
        slot(SlotOp::Sum(1)),
        slot(SlotOp::Min(1)),
        slot(SlotOp::Sum(2)),
        slot(SlotOp::Max(2)),
        slot(SlotOp::Distinct(3)),
        slot(SlotOp::Distinct(4)),
        slot(SlotOp::Sum(5)),
        slot(SlotOp::Count(6)),
        slot(SlotOp::Values(7)),
    ];
    scan(columns, values, slots)
}
