//! The corner cases of the format that conformance suites collect: what the cells are.

use sanjeh::plan::{CellKind, ColumnId, Scan, SlotOp};

use super::build::{engine, iso, read, run_on, scan, slot};
use sanjeh::host::memory::MemoryHost;

/// Two columns of text behind a date.
fn texts() -> Scan {
    let columns = vec![read("d", iso()), read("a", CellKind::Text), read("b", CellKind::Text)];
    let mut scan = scan(columns, Vec::new(), vec![slot(SlotOp::Rows)]);
    scan.groupings[0].dimensions = vec![ColumnId(1), ColumnId(2)];
    scan
}

/// The distinct pairs of cells of a file whose rows stand behind `d,a,b`, sorted.
fn pairs(rows: &str) -> Vec<(Option<String>, Option<String>)> {
    let mut all = Vec::new();
    for block in [1, 16, 1 << 20] {
        let host = MemoryHost::new([("data/a.csv", format!("d,a,b{rows}"))]);
        let (found, out) = run_on(&host, &texts(), engine(2, block));
        assert!(out.is_empty(), "{rows:?}: {out:?}");
        let groups = found.scans[0].groupings[0].groups.iter();
        all.push(groups.map(|g| (g.members[0].clone(), g.members[1].clone())).collect());
    }
    assert!(all.iter().all(|a| *a == all[0]), "{rows:?}: {all:?}");
    all.swap_remove(0)
}

#[test]
fn cells_are_what_the_file_says() {
    let some = |t: &str| Some(t.to_owned());
    // Every row begins with a date; `@` stands for it.
    let cases: &[(&str, Option<&str>, Option<&str>)] = &[
        ("\n@,1,2", Some("1"), Some("2")),
        ("\r\n@,1,2\r\n", Some("1"), Some("2")),
        ("\r@,1,2\r", Some("1"), Some("2")),
        ("\n@,\"1\",\"2\"\n", Some("1"), Some("2")),
        ("\n@,\"a,b\",\"c;d\"\n", Some("a,b"), Some("c;d")),
        ("\n@,\"say \"\"hi\"\"\",\"\"\"\"\n", Some("say \"hi\""), Some("\"")),
        ("\n@,\"\"\"\"\"\",\"\"\"x\"\n", Some("\"\""), Some("\"x")),
        (
            "\n@,\"{\"\"type\"\": \"\"Point\"\"}\",\"[1, 2]\"\n",
            Some("{\"type\": \"Point\"}"),
            Some("[1, 2]"),
        ),
        ("\n@,\"a\nb\",\"\n\"\n", Some("a\nb"), Some("\n")),
        ("\r\n@,\"a\r\nb\",\"\r\"\r\n", Some("a\r\nb"), Some("\r")),
        ("\n@,\"a\n\n\nb\",c\n\n\n", Some("a\n\n\nb"), Some("c")),
        ("\n@,,\n", None, None),
        ("\n@,\"\",\n", Some(""), None),
        ("\n@,,\"\"", None, Some("")),
        ("\n@, 1 ,\t2\n", Some(" 1 "), Some("\t2")),
        ("\n@,5\" pipe,6'\n", Some("5\" pipe"), Some("6'")),
        ("\n@,a\"b\"c,x\"\n", Some("a\"b\"c"), Some("x\"")),
        ("\n@,ʤ,日本語\n", Some("ʤ"), Some("日本語")),
        ("\n@,«نرخ»,👩🏽‍🚀\n", Some("«نرخ»"), Some("👩🏽‍🚀")),
        ("\n@,#x,// y\n", Some("#x"), Some("// y")),
        ("\n@,\\\",\\n\n", Some("\\\""), Some("\\n")),
        ("\n@,=1+1,-\n", Some("=1+1"), Some("-")),
        ("\n@,NULL,NaN\n", Some("NULL"), Some("NaN")),
        ("\n\"@\",1,2\n\n\r\n", Some("1"), Some("2")),
        (
            "\n@,aaaaaaaabbbbbbbb,aaaaaaaabbbbbbbbc",
            Some("aaaaaaaabbbbbbbb"),
            Some("aaaaaaaabbbbbbbbc"),
        ),
    ];
    for (rows, a, b) in cases {
        let found = pairs(&rows.replace('@', "2026-01-01"));
        assert_eq!(found, [(a.and_then(some), b.and_then(some))], "{rows:?}");
    }
}

#[test]
fn many_rows_of_many_shapes_in_one_file() {
    let mut rows = String::new();
    let mut expected = Vec::new();
    for n in 0..300 {
        let (cell, text) = match n % 5 {
            0 => (format!("p{n}"), format!("p{n}")),
            1 => (format!("\"q,{n}\""), format!("q,{n}")),
            2 => (format!("\"r\r\n{n}\""), format!("r\r\n{n}")),
            3 => (format!("\"s\"\"{n}\"\"\""), format!("s\"{n}\"")),
            _ => (format!("t\"{n}"), format!("t\"{n}")),
        };
        rows.push_str(if n % 2 == 0 { "\n" } else { "\r\n" });
        rows.extend(["2026-01-01,", &cell, ","]);
        expected.push((Some(text), None));
    }
    expected.sort();
    assert_eq!(pairs(&rows), expected);
}
