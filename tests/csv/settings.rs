//! What a source can say of its files: dialect, keys, bad cells, the as-of date, inline rows.

use sanjeh::diagnostic::Diagnostics;
use sanjeh::engine::Texts;
use sanjeh::engine::csv::headers;
use sanjeh::engine::{Aggregates, ScanFacts};
use sanjeh::host::memory::MemoryHost;
use sanjeh::plan::{
    CellKind, ColumnId, Footer, Header, Input, Key, OnError, Repeated, Scan, SlotOp,
};
use sanjeh::time::Date;
use sanjeh::value::NumberFormat;

use super::build::{column, dialect, engine, iso, print, read, run, run_on, scan, slot, span};

fn sums() -> Scan {
    let columns =
        vec![read("date", iso()), read("source", CellKind::Text), read("n", CellKind::Number)];
    let slots = vec![slot(SlotOp::Rows), slot(SlotOp::Sum(0))];
    let mut scan = scan(columns, vec![column(2)], slots);
    scan.groupings[0].dimensions = vec![ColumnId(1)];
    scan
}

fn facts(found: &Aggregates) -> &ScanFacts {
    &found.scans[0].facts
}

/// The groups, one a line; panics on any diagnostic.
fn result(csv: &str, scan: &Scan) -> String {
    let mut all = Vec::new();
    for (threads, block) in [(1, 1 << 20), (3, 16), (2, 40)] {
        let host = MemoryHost::new([("data/a.csv", csv)]);
        let (found, out) = run_on(&host, scan, engine(threads, block));
        assert!(out.is_empty(), "{csv:?}: {out:?}");
        all.push(print(&found.scans[0].groupings[0], &found.scans[0].distinct));
    }
    assert!(all.iter().all(|a| *a == all[0]), "{all:?}");
    all.swap_remove(0)
}

fn codes(out: &Diagnostics) -> Vec<(&'static str, u64)> {
    out.iter().map(|d| (d.code.id, d.data.as_ref().map_or(0, |p| p.line))).collect()
}

#[test]
fn null_and_empty_text_are_two_members() {
    let csv = "date,source,n\n2026-01-01,,1\n2026-01-01,\"\",2\n2026-01-01,b,\n";
    assert_eq!(
        result(csv, &sums()),
        "[Some(\"\")] 2026-01-01: 1 2\n[Some(\"b\")] 2026-01-01: 1 0\n[None] 2026-01-01: 1 1\n"
    );
}

#[test]
fn preambles_comments_and_header_rows() {
    let body = "date,source,n\n# it's \"quoted\n2026-01-01,#a,1\n#x\n2026-01-01,#a,2\n";
    let expected = "[Some(\"#a\")] 2026-01-01: 2 3\n";
    let mut scan = sums();
    scan.dialect.comment = Some(b'#');
    assert_eq!(result(&format!("# Report\n#\n\n{body}"), &scan), expected);
    scan.dialect.skip = 2;
    assert_eq!(result(&format!("Report, \"x\n\n{body}"), &scan), expected);
    scan.dialect.header = Header::Row(3);
    assert_eq!(result(&format!("a\nb\nc\r\nd\n{body}"), &scan), expected);
}

#[test]
fn no_header() {
    let mut scan = sums();
    scan.dialect.header = Header::None;
    for (column, header) in scan.columns.iter_mut().zip(["column_1", "column_2", "column_3"]) {
        let cell = match column.name.as_str() {
            "date" => iso(),
            "source" => CellKind::Text,
            _ => CellKind::Number,
        };
        *column = read(header, cell);
    }
    assert_eq!(result("2026-01-01,a,1\n2026-01-01,a,2", &scan), "[Some(\"a\")] 2026-01-01: 2 3\n");
}

#[test]
fn footers() {
    let mut scan = sums();
    let csv = "date,source,n\n2026-01-01,a,1\n2026-01-02,a,2\n";
    let expected = "[Some(\"a\")] 2026-01-01: 1 1\n[Some(\"a\")] 2026-01-02: 1 2\n";
    scan.dialect.footer = Footer::Lines(2);
    assert_eq!(result(&format!("{csv}Total,3\n\"it's"), &scan), expected);
    scan.dialect.footer = Footer::Lines(1);
    assert_eq!(result(&format!("{csv}\nTotal,3\n\n\n"), &scan), expected);
    scan.dialect.footer = Footer::Matching("^Total".to_owned());
    assert_eq!(result(&format!("{csv}\nTotal: all,,3\n\nTotal,3\n\n"), &scan), expected);
    assert_eq!(result(&format!("{csv}Total: all,,3\nTotal,3\n"), &scan), expected);
}

#[test]
fn delimiters_numbers_and_nulls() {
    let mut scan = sums();
    scan.dialect.delimiter = b';';
    scan.dialect.quote = b'\'';
    scan.dialect.numbers = NumberFormat { decimal: ',', thousands: Some('.') };
    scan.dialect.nulls = vec!["--".to_owned(), "n/a".to_owned()];
    let csv = "date;source;n\n2026-01-01;'a;''b';1.234,5\n2026-01-01;n/a; --\n2026-01-01;\"c\";7\n";
    assert_eq!(
        result(csv, &scan),
        "[Some(\"\\\"c\\\"\")] 2026-01-01: 1 7\n[Some(\"a;'b\")] 2026-01-01: 1 1234.5\n\
         [None] 2026-01-01: 1 0\n"
    );
}

#[test]
fn one_column_and_blank_lines() {
    let mut scan = scan(vec![read("n", CellKind::Number)], vec![column(0)], Vec::new());
    scan.date = None;
    scan.groupings.clear();
    let (found, out) = run(b"n\n1\n\n2\n\n", &scan);
    assert!(out.is_empty());
    let nulls = [("n".to_owned(), 2)];
    assert_eq!((facts(&found).files[0].rows, facts(&found).nulls.as_slice()), (4, &nulls[..]));
}

#[test]
fn bad_cells_skipped_or_made_null() {
    let csv = "date,source,n\n2026-01-01,a,x\n,a,2\n2026-01-01,a,3\nno,a,y\n2026-01-01,b,?\n";
    for (threads, block) in [(1, 1 << 20), (3, 16)] {
        let host = MemoryHost::new([("data/a.csv", csv)]);
        let mut scan = sums();
        scan.on_error = OnError::Skip;
        let (found, out) = run_on(&host, &scan, engine(threads, block));
        assert!(out.is_empty(), "{out:?}");
        let groups = print(&found.scans[0].groupings[0], &Texts::default());
        assert_eq!(groups, "[Some(\"a\")] 2026-01-01: 1 3\n");
        let file = &facts(&found).files[0];
        assert_eq!((file.rows, file.used, file.rejected, file.nulled), (5, 1, 4, 0));
        let rejected: Vec<_> = facts(&found)
            .rejections
            .iter()
            .map(|r| (r.place.line, r.place.column, r.column.as_str()))
            .collect();
        let expected = [(2, 14, "n"), (3, 1, "date"), (5, 1, "date"), (5, 6, "n"), (6, 14, "n")];
        assert_eq!(rejected, expected);

        scan.on_error = OnError::Null;
        let (found, out) = run_on(&host, &scan, engine(threads, block));
        assert!(out.is_empty(), "{out:?}");
        let groups = print(&found.scans[0].groupings[0], &Texts::default());
        assert_eq!(groups, "[Some(\"a\")] 2026-01-01: 2 3\n[Some(\"b\")] 2026-01-01: 1 0\n");
        let file = &facts(&found).files[0];
        assert_eq!((file.rows, file.used, file.rejected, file.nulled), (5, 3, 2, 3));
    }
}

#[test]
fn a_filter_spares_the_cells_of_rows_that_it_leaves_out() {
    let mut scan = sums();
    scan.filter = Some(sanjeh::plan::RowExpr::Not(Box::new(sanjeh::plan::RowExpr::Match(
        Box::new(column(1)),
        "^Total".to_owned(),
    ))));
    let csv = "date,source,n\n2026-01-01,a,1\n,Total,--\n";
    assert_eq!(result(csv, &scan), "[Some(\"a\")] 2026-01-01: 1 1\n");
}

#[test]
fn rows_after_the_as_of_date_do_not_count() {
    let mut scan = sums();
    scan.until = Date::from_ymd(2026, 1, 2);
    let csv = "date,source,n\n2026-01-03,a,4\n2026-01-02,a,2\n2026-01-01,a,1\n";
    let (found, _) = run(csv.as_bytes(), &scan);
    let facts = facts(&found);
    assert_eq!((facts.later, facts.files[0].used), (1, 2));
    assert_eq!(facts.days, Some((Date::from_ymd(2026, 1, 1).unwrap(), scan.until.unwrap())));
}

#[test]
fn repeated_keys() {
    let files = [
        ("data/b.csv", "date,source,n\n2026-01-02,y,10\n\n"),
        ("data/a.csv", "date,source,n\n2026-01-01,x,1\n2026-01-01,y,2\n2026-01-01,\"x\",4\n"),
    ];
    for (threads, block) in [(1, 1 << 20), (3, 16), (2, 40)] {
        let host = MemoryHost::new(files);
        let mut scan = sums();
        let columns = vec![ColumnId(1)];
        scan.key = Some(Key { columns, repeated: Repeated::KeepLast, span: span(9) });
        let (found, out) = run_on(&host, &scan, engine(threads, block));
        assert!(out.is_empty(), "{out:?}");
        let groups = print(&found.scans[0].groupings[0], &Texts::default());
        assert_eq!(groups, "[Some(\"x\")] 2026-01-01: 1 4\n[Some(\"y\")] 2026-01-02: 1 10\n");
        assert_eq!(facts(&found).replaced, 2);

        scan.key.as_mut().unwrap().repeated = Repeated::Error;
        let (_, out) = run_on(&host, &scan, engine(threads, block));
        assert_eq!(codes(&out), [("K4013", 4), ("K4013", 2)]);
        let first = out.iter().next().unwrap();
        assert!(first.message.contains("data/a.csv, line 2"), "{}", first.message);
        assert_eq!(first.span(), Some(span(9)));
    }
}

#[test]
fn rows_in_the_spec_are_named_by_its_lines() {
    let mut scan = sums();
    scan.input = Input::Inline {
        text: "date,source,n\n2026-01-01,a,1\n2026-01-01,a,x\n".to_owned(),
        span: span(5),
        path: "shop.kpi".to_owned(),
        first_line: 12,
    };
    let host = MemoryHost::default();
    let (found, out) = run_on(&host, &scan, engine(2, 16));
    let place = out.iter().next().unwrap().data.clone().unwrap();
    assert_eq!((place.path.as_str(), place.line), ("shop.kpi", 14));
    assert_eq!(facts(&found).files[0].path, "shop.kpi");
}

#[test]
fn headers_alone() {
    let host = MemoryHost::new([("data/b.csv", "\u{FEFF}Key events , Sessions\n1,2\n")]);
    let input = |pattern: &str| Input::Csv { pattern: pattern.to_owned(), span: span(3) };
    let names = headers(&host, &input("data/*.csv"), &dialect()).unwrap();
    assert_eq!(names.unwrap(), ["Key events", "Sessions"]);
    let out = headers(&host, &input("data/none.csv"), &dialect()).unwrap_err();
    assert_eq!(codes(&out), [("K4002", 0)]);
}

#[test]
fn the_hash_and_size_of_a_file() {
    let host = MemoryHost::new([("data/a.csv", "date,source,n\n")]);
    for block in [1, 100] {
        let (found, _) = run_on(&host, &sums(), engine(1, block));
        let file = &facts(&found).files[0];
        assert_eq!((file.bytes, file.hash.len(), file.rows), (14, 16, 0));
    }
}
