//! Malformed files: what is said, and where.

use std::fmt::Write;

use sanjeh::plan::{CellKind, ColumnPlan, SlotOp};

use super::build::{column, engine, iso, read, run, run_on, scan, slot};
use sanjeh::host::memory::MemoryHost;
use sanjeh::plan::Scan;

fn columns() -> Vec<ColumnPlan> {
    vec![read("date", iso()), read("source", CellKind::Text), read("n", CellKind::Number)]
}

fn sums() -> Scan {
    scan(columns(), vec![column(2)], vec![slot(SlotOp::Sum(0))])
}

/// Code, line and column of everything that is found.
fn found(csv: &[u8]) -> Vec<(&'static str, u64, u64)> {
    let mut all = Vec::new();
    for block in [1 << 20, 16] {
        for threads in [1, 3] {
            let host = MemoryHost::new([("data/a.csv", csv)]);
            let (_, out) = run_on(&host, &sums(), engine(threads, block));
            let places: Vec<_> = out
                .iter()
                .map(|d| {
                    let (line, column) = d.data.as_ref().map_or((0, 0), |p| (p.line, p.column));
                    (d.code.id, line, column)
                })
                .collect();
            all.push(places);
        }
    }
    assert!(all.iter().all(|a| *a == all[0]), "{:?}: {all:?}", String::from_utf8_lossy(csv));
    all.swap_remove(0)
}

/// A file, and what is wrong with it: code, line, column.
type Case = (&'static [u8], &'static [(&'static str, u64, u64)]);

const CASES: &[Case] = &[
    // Files that are fine.
    (b"date,source,n\n", &[]),
    (b"date,source,n", &[]),
    (b"date,source,n\r\n2026-01-01,a,1\r\n\r\n\r\n", &[]),
    (b"\xEF\xBB\xBFdate,source,n\n2026-01-01,\"a\r\nb\",1", &[]),
    (b"date,source,n\r2026-01-01,a,1\r2026-01-02,b,2\r", &[]),
    (b"n,date,source\n1,2026-01-01,5\" pipe\n", &[]),
    (b" Date , SOURCE ,\xE2\x80\x8FN\n2026-01-01,a,1\n", &[]),
    (b"date,source,n,other\n2026-01-01,a,1,\xFF\n", &[]),
    // The file as a whole.
    (b"", &[("K4003", 0, 0)]),
    (b"\xFF\xFEd\0a\0", &[("K4018", 0, 0)]),
    (b"\x1F\x8B\x08\0", &[("K4018", 0, 0)]),
    (b"\n\n\n", &[("K4004", 0, 0)]),
    // The header.
    (b"date,source\n2026-01-01,a\n", &[("K4005", 1, 0)]),
    (b"date,n,source,n\n2026-01-01,1,a,2\n", &[("K4006", 1, 0)]),
    (b"date,source,source,n\n2026-01-01,a,b,1\n", &[("K4006", 1, 0)]),
    (b"date,source,n,x,x\n2026-01-01,a,1,2,3\n", &[]),
    (b"date,\"source,n\n2026-01-01,a,1\n", &[("K4008", 1, 6)]),
    (b"date,so\xFFrce,n\n", &[("K4014", 1, 6)]),
    // Cells.
    (b"date,source,n\n2026-01-01,a,1x\n", &[("K4001", 2, 14)]),
    (b"date,source,n\n2026-01-01,a,NaN\n", &[("K4001", 2, 14)]),
    (b"date,source,n\n2026-01-01,a,inf\n", &[("K4001", 2, 14)]),
    (b"date,source,n\n2026-01-01,a,0x10\n", &[("K4001", 2, 14)]),
    (b"date,source,n\n2026-01-01,a,1e400\n", &[("K4001", 2, 14)]),
    (b"date,source,n\n2026-01-01,a,\"1,234\"\n", &[("K4001", 2, 14)]),
    (b"date,source,n\n2026-01-01,a,\"\"\n", &[("K4001", 2, 14)]),
    (b"date,source,n\r\n2026-01-01,\"a\r\nb\",1\r\n2026-01-01,\xC3\xA9,x\r\n", &[("K4001", 4, 14)]),
    (b"date,source,n\n2026-01-01,\"two\nlines\",x\n", &[("K4001", 3, 8)]),
    (b"date,source,n\n2026-02-30,a,1\n", &[("K4011", 2, 1)]),
    (b"date,source,n\n01/02/2026,a,1\n", &[("K4011", 2, 1)]),
    (b"date,source,n\n,a,1\n", &[("K4012", 2, 1)]),
    (b"date,source,n\n2026-01-01,\xFFa,1\n", &[("K4014", 2, 12)]),
    (b"date,source,n\n\n2026-01-01,a,x\n", &[("K4007", 2, 1), ("K4001", 3, 14)]),
    (
        b"date,source,n\nx,a,x\n2026-01-01,a,y\n",
        &[("K4011", 2, 1), ("K4001", 2, 5), ("K4001", 3, 14)],
    ),
    // Records.
    (b"date,source,n\n2026-01-01,a\n", &[("K4007", 2, 1)]),
    (b"date,source,n\n2026-01-01,a,1,\n", &[("K4007", 2, 1)]),
    (b"date,source,n\n2026-01-01,a,1\n\n2026-01-02,a,1\n", &[("K4007", 3, 1)]),
    (b"date,source,n\n2026-01-01,a,1\n2026-01-01,a,1,2\nx\n", &[("K4007", 3, 1), ("K4007", 4, 1)]),
    (b"date,source,n\n2026-01-01,\"a,1\n2026-01-02,b,2\n", &[("K4008", 2, 12)]),
    (b"date,source,n\r\n2026-01-01,\"x\r\ny\",1\r\n2026-01-02,\"b,2\r\n", &[("K4008", 4, 12)]),
    (b"date,source,n\n2026-01-01,\"a\" b,1\n", &[("K4009", 2, 15)]),
    (b"date,source,n\n2026-01-01,\"a\"b\",1\n", &[("K4009", 2, 15)]),
    (b"date,source,n\n2026-01-01,\"a\nb\"c,1\n", &[("K4009", 3, 3)]),
    (b"date,source,n\n2026-01-01, \"a\",1\n", &[("K4010", 2, 12)]),
    (b"date,source,n\n2026-01-01,a\0b,1\n", &[("K4015", 2, 13)]),
    (
        b"date,source,n\n2026-01-01,a,1\x002\n2026-01-01,a,x\n",
        &[("K4015", 2, 15), ("K4001", 3, 14)],
    ),
];

#[test]
fn every_fault_is_found_at_its_place() {
    for (csv, expected) in CASES {
        assert_eq!(&found(csv), expected, "{}", String::from_utf8_lossy(csv));
    }
}

#[test]
fn the_first_thousand_bad_cells_by_place() {
    let mut csv = "date,source,n\n".to_owned();
    for row in 0..5000 {
        let n = if row % 3 == 0 { "bad" } else { "1" };
        writeln!(csv, "2026-01-01,s{row},{n}").unwrap();
    }
    let lines: Vec<u64> = found(csv.as_bytes()).iter().map(|f| f.1).collect();
    // The last one says, at the place of the one before, that there are more.
    let expected = (0..1000).chain([999]).map(|i| 2 + 3 * i);
    assert_eq!(lines, expected.collect::<Vec<u64>>());
}

#[test]
fn a_bad_cell_says_why_and_what_to_do() {
    let csv = b"date,source,n\n2026-01-01,\"a\x1B[31m\",\"1,234\"\n";
    let (_, out) = run(csv, &sums());
    let found = out.iter().next().unwrap();
    let place = found.data.as_ref().unwrap();
    assert_eq!(place.path, "data/a.csv");
    assert_eq!(place.excerpt, "2026-01-01,\"a\\u{1b}[31m\",\"1,234\"");
    let marked: String = {
        let (start, length) = place.mark.unwrap();
        place.excerpt.chars().skip(start).take(length).collect()
    };
    assert_eq!(marked, "\"1,234\"");
    assert!(found.message.contains("column `n`"), "{}", found.message);
    assert!(found.help.as_deref().unwrap().contains("thousands: \",\""), "{:?}", found.help);
    assert!(!found.labels.is_empty());
}

#[test]
fn a_long_line_is_cut() {
    let csv = format!("date,source,n\n2026-01-01,{},x{}\n", "s".repeat(500), "y".repeat(500));
    let (_, out) = run(csv.as_bytes(), &sums());
    let place = out.iter().next().unwrap().data.as_ref().unwrap();
    assert_eq!((place.line, place.column), (2, 513));
    assert!(place.excerpt.chars().count() <= 200, "{}", place.excerpt.len());
    assert!(place.excerpt.starts_with("xyyy"), "{}", place.excerpt);
}

#[test]
fn a_missing_header_names_those_that_are_there() {
    let (_, out) = run(b"date,Sources,N\n2026-01-01,a,1\n", &sums());
    let found = out.iter().next().unwrap();
    assert_eq!(found.code.id, "K4005");
    let help = found.help.as_deref().unwrap();
    assert!(help.contains("did you mean `Sources`?"), "{help}");
    assert!(help.contains("`date`, `Sources`, `N`"), "{help}");
}

#[test]
fn files_that_are_not_there() {
    for pattern in ["data/none.csv", "none/*.csv", "../up.csv"] {
        let mut scan = sums();
        let span = super::build::span(2);
        scan.input = sanjeh::plan::Input::Csv { pattern: pattern.to_owned(), span };
        let host = MemoryHost::new([("data/a.csv", "date,source,n\n")]);
        let (_, out) = run_on(&host, &scan, engine(1, 100));
        let codes: Vec<_> = out.iter().map(|d| (d.code.id, d.span())).collect();
        assert_eq!(codes, [("K4002", Some(span))], "{pattern}");
    }
}

#[test]
fn an_endless_quote_does_not_fill_the_memory() {
    let mut csv = b"date,source,n\n2026-01-01,\"".to_vec();
    csv.extend(std::iter::repeat_n(b'x', 40 << 20));
    let host = MemoryHost::new([("data/a.csv", csv)]);
    let (_, out) = run_on(&host, &sums(), engine(1, 1 << 20));
    let found: Vec<_> = out.iter().map(|d| (d.code.id, d.data.as_ref().unwrap().line)).collect();
    assert_eq!(found, [("K4016", 2)]);
}

#[test]
fn a_wide_file_is_refused() {
    let header: Vec<String> = (0..20_000).map(|n| format!("c{n}")).collect();
    let (_, out) = run(header.join(",").as_bytes(), &sums());
    let codes: Vec<_> = out.iter().map(|d| d.code.id).collect();
    assert_eq!(codes, ["K4017"]);
}

#[test]
fn a_file_that_changes_is_no_result() {
    struct Growing(MemoryHost);
    impl sanjeh::host::Host for Growing {
        fn open(
            &self,
            path: &str,
        ) -> Result<Box<dyn std::io::Read + Send>, sanjeh::host::HostError> {
            self.0.open(path)
        }
        fn size(&self, path: &str) -> Result<u64, sanjeh::host::HostError> {
            self.0.size(path).map(|n| n - 1)
        }
        fn list(&self, folder: &str) -> Result<Vec<sanjeh::host::Entry>, sanjeh::host::HostError> {
            self.0.list(folder)
        }
        fn is_file(&self, path: &str) -> bool {
            self.0.is_file(path)
        }
        fn now(&self) -> i64 {
            self.0.now()
        }
        fn publish(
            &self,
            folder: &str,
            files: &[sanjeh::host::OutputFile],
        ) -> Result<(), sanjeh::host::HostError> {
            self.0.publish(folder, files)
        }
    }
    use sanjeh::engine::Engine;
    let host = Growing(MemoryHost::new([("data/a.csv", "date,source,n\n2026-01-01,a,1\n")]));
    let calendar = sanjeh::time::Calendar::default();
    let zone = sanjeh::time::Zone::default();
    let plan = sanjeh::plan::Plan { calendar, zone, tables: Vec::new(), scans: vec![sums()] };
    let mut out = sanjeh::diagnostic::Diagnostics::default();
    let error = engine(1, 100).run(&plan, &host, &mut out).unwrap_err();
    assert!(error.to_string().contains("changed while it was read"), "{error}");
}
