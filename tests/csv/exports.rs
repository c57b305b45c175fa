//! Real exports. They lie beside the project; where they are not, there is nothing to test.

use std::path::Path;

use sanjeh::engine::Series;
use sanjeh::plan::{CellKind, SlotOp};
use sanjeh::value::Sum;

use super::build::{column, iso, read, run, scan, slot};

#[test]
fn search_console_by_month() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/exports/gsc_en_chart.csv");
    let Ok(bytes) = std::fs::read(path) else { return };
    let columns = vec![
        read("date", iso()),
        read("clicks", CellKind::Number),
        read("impressions", CellKind::Number),
        read("ctr", CellKind::Percent),
        read("position", CellKind::Number),
    ];
    let slots = vec![
        slot(SlotOp::Sum(0)),
        slot(SlotOp::Sum(1)),
        slot(SlotOp::WeightedSum(2, 1)),
        slot(SlotOp::WeightSum(2, 1)),
    ];
    let values = vec![column(1), column(2), column(4)];
    let (found, out) = run(&bytes, &scan(columns, values, slots));
    assert!(out.is_empty(), "{out:?}");
    let group = &found.scans[0].groupings[0].groups[0];
    let month = |month: u32, at: usize| {
        let Series::Sums(sums) = &group.series[at] else { panic!("no sums") };
        let mut total = Sum::default();
        for (day, sum) in group.days.iter().zip(sums) {
            if day.ymd().1 == month {
                total.merge(sum);
            }
        }
        total.to_number()
    };
    let plain = |m, at| month(m, at).to_plain();
    assert_eq!((plain(4, 0), plain(4, 1)), ("9".to_owned(), "268".to_owned()));
    assert_eq!((plain(5, 0), plain(5, 1)), ("18".to_owned(), "564".to_owned()));
    let position = |m| month(m, 2).div(&month(m, 3)).unwrap().to_plain();
    assert_eq!(position(4), "5.47873134328358209");
    assert_eq!(position(5), "7.85957446808510638");
}
