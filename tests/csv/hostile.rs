//! Files that are made to take all time or memory: a clear error, and bounded memory.

use std::fmt::Write as _;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use sanjeh::engine::csv::CsvEngine;
use sanjeh::host::memory::MemoryHost;
use sanjeh::plan::{CellKind, ColumnId, ColumnPlan, Key, Origin, Rank, Repeated, Scan, SlotOp};

use super::build::{column, engine, iso, read, run_on, scan, slot};

fn plan(op: SlotOp) -> Scan {
    let columns =
        vec![read("day", iso()), read("who", CellKind::Text), read("x", CellKind::Number)];
    scan(columns, vec![column(1), column(2)], vec![slot(op)])
}

#[test]
fn a_file_that_swells_without_end_is_given_up() {
    let rows = "2026-03-01,ann,1\n".repeat(1 << 16);
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(rows.as_bytes()).unwrap();
    let piece = packer.finish().unwrap();
    assert!(rows.len() > 100 * piece.len());
    let mut head = GzEncoder::new(Vec::new(), Compression::best());
    head.write_all(b"day,who,x\n").unwrap();
    // Members one behind the other are one file: this one would become 64 GB. A run of spaces packs
    // better than rows do, so the last pieces are those.
    let mut blank = GzEncoder::new(Vec::new(), Compression::best());
    blank.write_all("2026-03-01,ann,1\n".as_bytes()).unwrap();
    blank.write_all(&vec![b'0'; 8 << 20]).unwrap();
    blank.write_all(b"\n").unwrap();
    let mut file = head.finish().unwrap();
    let blank = blank.finish().unwrap();
    file.extend_from_slice(&piece);
    for _ in 0..100 {
        file.extend_from_slice(&blank);
    }
    let host = MemoryHost::new([("data/a.csv.gz", file)]);
    let mut scan = plan(SlotOp::Rows);
    scan.input = sanjeh::plan::Input::Csv {
        pattern: "data/a.csv.gz".to_owned(),
        span: super::build::span(2),
    };
    let (_, out) = run_on(&host, &scan, CsvEngine::default());
    let codes: Vec<&str> = out.into_iter().map(|d| d.code.id).collect();
    assert!(codes.contains(&"K4066"), "{codes:?}");
}

#[test]
fn what_is_exact_only_in_memory_is_refused_past_a_limit() {
    let mut text = "day,who,x\n".to_owned();
    for n in 0..40_000 {
        writeln!(text, "2026-03-{:02},visitor-{n},{n}.5", 1 + n % 28).unwrap();
    }
    let host = MemoryHost::new([("data/a.csv", text)]);
    for (op, what) in [
        (SlotOp::Distinct(0), "distinct values"),
        (SlotOp::Values(1), "medians and percentiles"),
        (SlotOp::Tally(0), "what is kept by key"),
    ] {
        let small = engine(2, 4000).with_memory(200_000);
        let (_, out) = run_on(&host, &plan(op), small);
        let out: Vec<_> = out.into_iter().collect();
        assert_eq!(out.len(), 1, "{out:?}");
        assert_eq!(out[0].code.id, "K4065");
        assert!(out[0].message.contains(what), "{}", out[0].message);
        assert!(out[0].help.iter().any(|h| h.contains("KPI_MEMORY_MB=")), "{:?}", out[0].help);
        let (_, out) = run_on(&host, &plan(op), engine(2, 4000).with_memory(100_000_000));
        assert!(out.is_empty(), "{out:?}");
    }
    // Keys and ranks are looked at before the rows are added up: what ends that ends all.
    let key = |repeated| Key { columns: vec![ColumnId(1)], repeated, span: super::build::span(3) };
    let mut ranked = plan(SlotOp::Sum(1));
    let origin = Origin::Ranked(Rank::Nth, ColumnId(1));
    ranked.columns.push(ColumnPlan { origin, ..ranked.columns[0].clone() });
    for scan in [
        Scan { key: Some(key(Repeated::Error)), ..plan(SlotOp::Sum(1)) },
        Scan { key: Some(key(Repeated::KeepLast)), ..plan(SlotOp::Sum(1)) },
        ranked,
    ] {
        let (_, out) = run_on(&host, &scan, engine(2, 4000).with_memory(200_000));
        let out: Vec<_> = out.into_iter().collect();
        assert!(out.iter().any(|d| d.code.id == "K4065"), "{out:?}");
        let (_, out) = run_on(&host, &scan, engine(2, 4000).with_memory(100_000_000));
        assert!(out.is_empty(), "{out:?}");
    }
    let (_, out) = run_on(&host, &plan(SlotOp::Sum(1)), engine(2, 4000).with_memory(200_000));
    assert!(out.is_empty(), "sums need no room by row: {out:?}");
}
