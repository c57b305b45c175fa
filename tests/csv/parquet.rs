//! Parquet against CSV: the same rows give the same answer, and broken files are told as such.

use std::sync::Arc;

use arrow_array::builder::{Int64Builder, ListBuilder};
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterProperties;

use sanjeh::engine::csv::headers;
use sanjeh::host::memory::MemoryHost;
use sanjeh::plan::{CellKind, Dialect, Input, OnError, Records, Scan, SlotOp, Unpivot};
use sanjeh::time::DateFormat;

use super::build::{column, engine, iso, print, read, run_on, scan, slot, span};
use super::random::Dice;
use super::typed::{Rows, everything};

fn packing(nth: usize) -> Compression {
    let all = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
    ];
    all[nth % all.len()]
}

/// A file of these rows.
fn file(batch: &RecordBatch, packing: Compression, group: usize) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_compression(packing)
        .set_max_row_group_row_count(Some(group))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn plain(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    file(&RecordBatch::try_from_iter(columns).unwrap(), Compression::SNAPPY, 100)
}

fn of_parquet(scan: Scan) -> Scan {
    let input = Input::Csv { pattern: "data/*.parquet".to_owned(), span: span(2) };
    let dialect = Dialect { records: Records::Parquet, ..scan.dialect };
    Scan { input, dialect, ..scan }
}

fn answer(scan: &Scan, path: &str, bytes: &[u8], threads: usize, block: usize) -> String {
    let host = MemoryHost::new([(path, bytes)]);
    let (found, out) = run_on(&host, scan, engine(threads, block));
    assert!(out.iter().all(|d| d.code.id == "K5005"), "{out:?}");
    let result = &found.scans[0];
    print(&result.groupings[0], &result.distinct)
}

/// What is told of a file: code, message, and the line in the data.
fn told(scan: &Scan, bytes: &[u8]) -> Vec<String> {
    let (_, out) = run_on(&MemoryHost::new([("data/a.parquet", bytes)]), scan, engine(1, 1 << 16));
    let line = |d: &sanjeh::diagnostic::Diagnostic| d.data.as_ref().map_or(0, |p| p.line);
    out.sorted().iter().map(|d| format!("{} {} {}", d.code.id, line(d), d.message)).collect()
}

#[test]
fn what_csv_gives_parquet_gives() {
    let mut dice = Dice::new(77);
    for round in 0..120 {
        let rows = Rows::random(&mut dice, 400);
        let mut asked = everything();
        asked.dialect.numbers.decimal = ['.', ',', '٫'][round % 3];
        let csv = rows.csv(asked.dialect.numbers.decimal);
        let expected = answer(&asked, "data/a.csv", csv.as_bytes(), 1, 1 << 16);
        let bytes = file(&rows.batch(), packing(round), dice.below(90) + 1);
        let block = dice.below(3000) + 1;
        let found = answer(&of_parquet(asked), "data/a.parquet", &bytes, 1 + round % 2, block);
        assert_eq!(found, expected, "round {round}, blocks of {block}\n{csv}");
    }
}

fn days(texts: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

fn days_or_none(texts: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

#[test]
fn a_bad_cell_is_told_with_its_row() {
    let texts = ["a\nb\nc", "d", "1.5x", "e"];
    let bytes = plain(vec![
        ("day", days(&["2026-06-01"; 4])),
        ("name", days(&["two\nlines"; 4])),
        ("x", days(&["1", "2", "1.5x", "3"])),
    ]);
    let columns =
        vec![read("day", iso()), read("name", CellKind::Text), read("x", CellKind::Number)];
    let asked = of_parquet(scan(columns, vec![column(2)], vec![slot(SlotOp::Sum(0))]));
    let found = told(&asked, &bytes);
    assert_eq!(found.len(), 1, "{texts:?}");
    assert!(found[0].starts_with("K4001 3 "), "{found:?}");
    assert!(found[0].contains("1.5x"), "{found:?}");
}

#[test]
fn columns_that_no_cell_can_say_are_told_where_they_are_read() {
    let mut lists = ListBuilder::new(Int64Builder::new());
    lists.append_value([Some(1), Some(2)]);
    let bytes = plain(vec![
        ("day", days(&["2026-06-01"])),
        ("tags", Arc::new(lists.finish())),
        ("x", Arc::new(Int64Array::from(vec![5]))),
    ]);
    let asked = |name: &str| {
        let columns = vec![read("day", iso()), read(name, CellKind::Number)];
        of_parquet(scan(columns, vec![column(1)], vec![slot(SlotOp::Sum(0))]))
    };
    assert_eq!(answer(&asked("x"), "data/a.parquet", &bytes, 1, 100), "[] 2026-06-01: 5\n");
    assert_eq!(
        told(&asked("tags"), &bytes),
        ["K4056 0 data/a.parquet cannot be read as Parquet: its column `tags` holds lists, and a \
          cell is one value"]
    );
    let missing = told(&asked("y"), &bytes);
    assert_eq!(missing, ["K4005 1 data/a.parquet has no column `y`"]);
}

#[test]
fn one_column_of_nulls_is_as_many_rows() {
    let bytes = plain(vec![("x", days_or_none(&[None, Some("2026-06-02"), None]))]);
    let asked = of_parquet(scan(vec![read("x", iso())], vec![column(0)], vec![slot(SlotOp::Rows)]));
    let asked = Scan { on_error: OnError::Skip, ..asked };
    let (found, out) =
        run_on(&MemoryHost::new([("data/a.parquet", bytes)]), &asked, engine(1, 100));
    assert!(out.is_empty(), "{out:?}");
    let facts = &found.scans[0].facts.files[0];
    assert_eq!((facts.rows, facts.used, facts.rejected), (3, 1, 2));
}

#[test]
fn headers_that_are_days_become_rows() {
    let bytes = plain(vec![
        ("campaign", days(&["a", "b"])),
        ("2026-06-01", Arc::new(Int64Array::from(vec![1, 2]))),
        ("2026-06-02", Arc::new(Int64Array::from(vec![Some(3), None]))),
    ]);
    let mut asked = scan(
        vec![read("day", iso()), read("clicks", CellKind::Number)],
        vec![column(1)],
        vec![slot(SlotOp::Rows), slot(SlotOp::Sum(0))],
    );
    asked.columns[0].origin = sanjeh::plan::Origin::Header;
    asked.columns[1].origin = sanjeh::plan::Origin::Turned(CellKind::Number);
    asked.unpivot = Some(Unpivot { format: DateFormat::iso(), span: span(3) });
    let found = answer(&of_parquet(asked), "data/a.parquet", &bytes, 1, 100);
    assert_eq!(found, "[] 2026-06-01: 2 3\n[] 2026-06-02: 2 3\n");
}

#[test]
fn a_check_knows_the_columns() {
    let mut dice = Dice::new(4);
    let bytes = file(&Rows::random(&mut dice, 5).batch(), Compression::SNAPPY, 100);
    let asked = of_parquet(everything());
    let host = MemoryHost::new([("data/a.parquet", bytes)]);
    let found = headers(&host, &asked.input, &asked.dialect).unwrap().unwrap();
    let expected =
        ["day", "moment", "amount", "rate", "user.name", "user.kind", "count", "truth", "span"];
    assert_eq!(found, expected);
}

/// Whatever the bytes are: an answer or a message, never a panic.
#[test]
fn broken_files_are_told_and_nothing_else() {
    let mut dice = Dice::new(9);
    let asked = of_parquet(everything());
    let (mut refused, rounds) = (0, 1500);
    for round in 0..rounds {
        let rows = Rows::random(&mut dice, 30);
        let mut bytes = file(&rows.batch(), packing(round), 20);
        if round % 5 == 0 {
            bytes.truncate(dice.below(bytes.len()));
        } else {
            // Most of what matters stands at the end.
            let from = if round % 2 == 0 { bytes.len().saturating_sub(2500) } else { 0 };
            for _ in 0..=dice.below(3) {
                let at = from + dice.below(bytes.len() - from);
                bytes[at] ^= 1 << dice.below(8);
            }
        }
        let host = MemoryHost::new([("data/a.parquet", bytes)]);
        let (_, out) = run_on(&host, &asked, engine(1, 1 << 16));
        refused += usize::from(!out.is_empty());
    }
    assert!(refused > rounds / 3, "only {refused} of {rounds} were noticed");
}
