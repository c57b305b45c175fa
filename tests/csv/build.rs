//! Plans by hand.

use std::fmt::Write;
use std::num::NonZeroUsize;

use sanjeh::diagnostic::Diagnostics;
use sanjeh::engine::csv::CsvEngine;
use sanjeh::engine::{Aggregates, Engine, GroupingResult, Series, Texts};
use sanjeh::host::Host;
use sanjeh::host::memory::MemoryHost;
use sanjeh::plan::{
    CellKind, ColumnId, ColumnPlan, Dialect, Grouping, Input, OnError, Origin, Plan, RowExpr, Scan,
    Slot, SlotOp,
};
use sanjeh::source::{FileId, Span};
use sanjeh::time::{Calendar, DateFormat, Zone};

/// A span of the imagined spec; columns have one each, so that labels can be told apart.
pub(super) fn span(at: usize) -> Span {
    Span::new(FileId(0), at, at + 1)
}

/// Plain CSV.
pub(super) fn dialect() -> Dialect {
    Dialect::default()
}

pub(super) fn read(name: &str, cell: CellKind) -> ColumnPlan {
    let origin = Origin::Read { headers: vec![name.to_owned()], cell };
    ColumnPlan { name: name.to_owned(), span: span(100), origin }
}

pub(super) fn computed(name: &str, expr: RowExpr) -> ColumnPlan {
    ColumnPlan { name: name.to_owned(), span: span(100), origin: Origin::Computed(expr) }
}

pub(super) fn iso() -> CellKind {
    CellKind::Date(DateFormat::iso())
}

pub(super) fn column(at: usize) -> RowExpr {
    RowExpr::Column(ColumnId(at as u32))
}

pub(super) fn text(text: &str) -> RowExpr {
    RowExpr::Text(text.to_owned())
}

pub(super) fn slot(op: SlotOp) -> Slot {
    Slot { op, condition: None }
}

/// A scan over `data/*.csv` whose first column is the date, with one grouping in total.
pub(super) fn scan(columns: Vec<ColumnPlan>, values: Vec<RowExpr>, slots: Vec<Slot>) -> Scan {
    Scan {
        source: "data".to_owned(),
        span: span(1),
        input: Input::Csv { pattern: "data/*.csv".to_owned(), span: span(2) },
        dialect: dialect(),
        columns,
        joins: Vec::new(),
        range: None,
        unpivot: None,
        date: Some(ColumnId(0)),
        filter: None,
        key: None,
        on_error: OnError::Stop,
        until: None,
        within: None,
        conditions: Vec::new(),
        values,
        groupings: vec![Grouping {
            date: ColumnId(0),
            dimensions: Vec::new(),
            within: None,
            slots,
        }],
    }
}

/// An engine of so many threads, with blocks of about so many bytes.
pub(super) fn engine(threads: usize, block: usize) -> CsvEngine {
    let count = |n| NonZeroUsize::new(n).unwrap();
    CsvEngine::default().with_threads(count(threads)).with_block(count(block))
}

/// Runs one scan.
pub(super) fn run_on(host: &dyn Host, scan: &Scan, engine: CsvEngine) -> (Aggregates, Diagnostics) {
    let plan = Plan {
        calendar: Calendar::default(),
        zone: Zone::default(),
        tables: Vec::new(),
        scans: vec![scan.clone()],
    };
    let mut out = Diagnostics::default();
    let aggregates = engine.run(&plan, host, &mut out).unwrap();
    (aggregates, out)
}

/// Runs one scan over one file.
pub(super) fn run(csv: &[u8], scan: &Scan) -> (Aggregates, Diagnostics) {
    run_on(&MemoryHost::new([("data/a.csv", csv)]), scan, CsvEngine::default())
}

/// All series in words, with the distinct values spelt out.
pub(super) fn print(result: &GroupingResult, distinct: &Texts) -> String {
    let mut out = String::new();
    for group in &result.groups {
        for (at, day) in group.days.iter().enumerate() {
            write!(out, "{:?} {day}:", group.members).unwrap();
            for series in &group.series {
                write!(out, " {}", one(series, at, distinct)).unwrap();
            }
            out.push('\n');
        }
    }
    out
}

fn one(series: &Series, at: usize, distinct: &Texts) -> String {
    match series {
        Series::Counts(c) => c[at].to_string(),
        Series::Sums(s) => s[at].to_number().to_plain(),
        Series::Extremes(e) => e[at].map_or("-".to_owned(), |d| d.to_string()),
        Series::Values(v) => format!("{:?}", v[at]),
        Series::Distinct(d) => {
            let mut texts: Vec<&str> = d[at].iter().map(|i| distinct.get(*i)).collect();
            texts.sort_unstable();
            format!("{texts:?}")
        }
        Series::Keyed(k) => {
            let text = |key: Option<u32>| key.map_or("-", |id| distinct.get(id));
            let mut texts: Vec<String> = k[at]
                .iter()
                .map(|k| {
                    let sum = k.sum.to_number().to_plain();
                    format!("{}@{}: {} of {}", text(k.key), k.moment, sum, k.rows)
                })
                .collect();
            texts.sort_unstable();
            format!("{texts:?}")
        }
    }
}
