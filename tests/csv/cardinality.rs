//! Columns of very many distinct values: what is remembered of them is forgotten now and then, and
//! no number may depend on that.

use std::fmt::Write;

use sanjeh::engine::Texts;
use sanjeh::host::memory::MemoryHost;
use sanjeh::plan::{CellKind, ColumnId, Grouping, RowExpr, SlotOp};

use super::build::{column, computed, engine, iso, print, read, run_on, scan, slot};

#[test]
fn more_values_than_are_remembered() {
    let rows = 150_000;
    let mut csv = "date,source,medium,user\n".to_owned();
    for n in 0..rows {
        let day = 1 + n % 2;
        writeln!(csv, "2026-01-0{day},source-number-{n},m{},u{}", n % 70_000, n % 100_000).unwrap();
    }
    let matches = |at, pattern: &str| RowExpr::Match(Box::new(column(at)), pattern.to_owned());
    let both = RowExpr::And(vec![matches(1, "7$"), matches(2, "0$")]);
    let rules = vec![(both, "both".to_owned()), (matches(1, "7$"), "seven".to_owned())];
    let last = RowExpr::Call(
        sanjeh::plan::RowFunction::Extract("(.)$".to_owned()),
        vec![RowExpr::Default(vec![column(1), column(2)])],
    );
    let columns = vec![
        read("date", iso()),
        read("source", CellKind::Text),
        read("medium", CellKind::Text),
        read("user", CellKind::Text),
        computed("channel", RowExpr::Cases(rules, Some("other".to_owned()))),
        computed("last", last),
    ];
    let mut scan = scan(columns, vec![column(3)], Vec::new());
    let grouping = |dimensions: &[u32], op| Grouping {
        date: ColumnId(0),
        dimensions: dimensions.iter().map(|d| ColumnId(*d)).collect(),
        within: None,
        slots: vec![slot(op)],
    };
    scan.groupings = vec![
        grouping(&[4], SlotOp::Rows),
        grouping(&[5, 4], SlotOp::Count(0)),
        grouping(&[1], SlotOp::Count(0)),
        grouping(&[], SlotOp::Distinct(0)),
    ];
    for threads in [1, 2] {
        let host = MemoryHost::new([("data/a.csv", csv.as_str())]);
        let (found, out) = run_on(&host, &scan, engine(threads, 1 << 16));
        assert!(out.is_empty(), "{out:?}");
        let found = &found.scans[0];
        // No row has a source on 7 and a medium on 0: both are of the row's number.
        assert_eq!(
            print(&found.groupings[0], &Texts::default()),
            "[Some(\"other\")] 2026-01-01: 75000\n[Some(\"other\")] 2026-01-02: 60000\n\
             [Some(\"seven\")] 2026-01-02: 15000\n"
        );
        let pairs = print(&found.groupings[1], &Texts::default());
        assert_eq!(pairs.lines().count(), 10);
        assert!(pairs.contains("[Some(\"7\"), Some(\"seven\")] 2026-01-02: 15000\n"), "{pairs}");
        assert_eq!(found.groupings[2].groups.len(), rows);
        let sanjeh::engine::Series::Distinct(ids) = &found.groupings[3].groups[0].series[0] else {
            panic!("no ids")
        };
        let lengths: Vec<usize> = ids.iter().map(|day| day.len()).collect();
        assert_eq!(lengths, [50_000, 50_000]);
    }
}
