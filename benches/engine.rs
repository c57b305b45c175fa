//! Runs the benchmark's plan over one file with the engine alone: `bench-engine FILE [THREADS [BLOCK]]`.
//!
//! It is what `kpi eval` does between the plan and the formulas, without the rest: for profiling.

use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Instant;

use sanjeh::diagnostic::Diagnostics;
use sanjeh::engine::csv::CsvEngine;
use sanjeh::engine::{Engine, Series};
use sanjeh::host::disk::DiskHost;
use sanjeh::plan::{
    Arithmetic, Case, CellKind, ColumnId, ColumnPlan, CompareOp, Comparison, Dialect, Grouping,
    Input, OnError, Origin, Plan, RowExpr, Scan, Slot, SlotOp,
};
use sanjeh::source::{FileId, Span};
use sanjeh::time::{Calendar, DateFormat, Zone};
use sanjeh::value::{Currency, Decimal, Sum};

fn span() -> Span {
    Span::new(FileId(0), 0, 0)
}

fn column(at: u32) -> RowExpr {
    RowExpr::Column(ColumnId(at))
}

fn text(text: &str) -> RowExpr {
    RowExpr::Text(text.to_owned())
}

fn matches(at: u32, pattern: &str) -> RowExpr {
    RowExpr::Match(Box::new(column(at)), pattern.to_owned())
}

fn compare(a: RowExpr, op: CompareOp, b: RowExpr) -> RowExpr {
    RowExpr::Compare(Box::new(a), Comparison { op, case: Case::Sensitive }, Box::new(b))
}

fn channel() -> RowExpr {
    let engines = ["google", "bing", "duckduckgo"].map(text).to_vec();
    let engines = RowExpr::In(Box::new(column(1)), engines, Case::Folded);
    let paid = matches(2, "(?i)^(.*cp.*|ppc|paid.*)$");
    RowExpr::Cases(
        vec![
            (RowExpr::And(vec![paid.clone(), engines]), "paid_search".to_owned()),
            (paid, "paid_other".to_owned()),
            (matches(3, "(?i)^black_friday"), "black_friday".to_owned()),
            (compare(column(2), CompareOp::Equal, text("organic")), "seo".to_owned()),
            (
                RowExpr::Or(vec![matches(2, "(?i)^e-?mail$"), matches(1, "(?i)newsletter")]),
                "email".to_owned(),
            ),
            (matches(2, "(?i)social"), "social".to_owned()),
            (compare(column(2), CompareOp::Equal, text("referral")), "referral".to_owned()),
        ],
        Some("other".to_owned()),
    )
}

fn scan(file: &str) -> Scan {
    let read = |name: &str, header: &str, cell| ColumnPlan {
        name: name.to_owned(),
        span: span(),
        origin: Origin::Read { headers: vec![header.to_owned()], cell },
    };
    let computed = |name: &str, e| ColumnPlan {
        name: name.to_owned(),
        span: span(),
        origin: Origin::Computed(e),
    };
    let million = RowExpr::Number(Decimal::from_i64(1_000_000));
    let cost = RowExpr::Arithmetic(Box::new(column(11)), vec![(Arithmetic::Divide, million)]);
    let columns = vec![
        read("date", "Date", CellKind::Date(DateFormat::iso())),
        read("source", "Source", CellKind::Text),
        read("medium", "Medium", CellKind::Text),
        read("campaign", "Campaign", CellKind::Text),
        read("device", "Device", CellKind::Text),
        read("sessions", "Sessions", CellKind::Number),
        read("engaged", "Engaged sessions", CellKind::Number),
        read("views", "Page views", CellKind::Number),
        read("duration", "Duration", CellKind::Duration),
        read("conversions", "Conversions", CellKind::Number),
        read(
            "revenue",
            "Revenue",
            CellKind::Money(Currency::from_code("USD").expect("a known code")),
        ),
        read("cost_micros", "Cost micros", CellKind::Number),
        computed("cost", cost),
        computed("channel", channel()),
    ];
    let slot = |op| Slot { op, condition: None };
    let slots = vec![
        slot(SlotOp::Sum(0)),
        slot(SlotOp::Sum(1)),
        slot(SlotOp::Sum(2)),
        slot(SlotOp::Sum(3)),
        slot(SlotOp::Sum(4)),
        slot(SlotOp::Sum(5)),
        Slot { op: SlotOp::Sum(0), condition: Some(0) },
        Slot { op: SlotOp::Rows, condition: Some(1) },
        slot(SlotOp::WeightedSum(6, 0)),
        slot(SlotOp::WeightSum(6, 0)),
        slot(SlotOp::Max(4)),
    ];
    let grouping = |dimensions: &[u32]| Grouping {
        date: ColumnId(0),
        dimensions: dimensions.iter().map(|d| ColumnId(*d)).collect(),
        within: None,
        slots: slots.clone(),
    };
    Scan {
        source: "web".to_owned(),
        span: span(),
        input: Input::Csv { pattern: file.to_owned(), span: span() },
        dialect: Dialect::default(),
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
        conditions: vec![
            compare(column(4), CompareOp::Equal, text("mobile")),
            compare(column(9), CompareOp::Greater, RowExpr::Number(Decimal::ZERO)),
        ],
        values: [5, 6, 7, 9, 10, 12, 8].map(column).to_vec(),
        groupings: vec![grouping(&[]), grouping(&[13])],
    }
}

#[expect(clippy::print_stdout, reason = "a program of its own")]
fn main() {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().unwrap_or_else(|| "web.csv".to_owned());
    let threads = arguments.next().and_then(|n| n.parse::<NonZeroUsize>().ok());
    let (host, name) = DiskHost::around(Path::new(&file)).expect("a file");
    let plan = Plan {
        calendar: Calendar::default(),
        zone: Zone::default(),
        tables: Vec::new(),
        scans: vec![scan(&name)],
    };
    let mut engine = CsvEngine::default();
    if let Some(threads) = threads {
        engine = engine.with_threads(threads);
    }
    if let Some(block) = arguments.next().and_then(|n| n.parse().ok()) {
        engine = engine.with_block(block);
    }
    let mut out = Diagnostics::default();
    let start = Instant::now();
    let found = engine.run(&plan, &host, &mut out).expect("a world that works");
    let time = start.elapsed();
    for diagnostic in out {
        println!("{}: {} {:?}", diagnostic.code.id, diagnostic.message, diagnostic.data);
    }
    for group in &found.scans[0].groupings[1].groups {
        let Some(Series::Sums(sums)) = group.series.first() else { continue };
        let mut total = Sum::default();
        for sum in sums {
            total.merge(sum);
        }
        println!("{:?}: {}", group.members, total.to_number().to_plain());
    }
    println!("{:?} in {time:?}", found.scans[0].facts.files);
}
