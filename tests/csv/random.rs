//! Thousands of small random files: the engine against the reference, to the last digit, however
//! the rows are quoted, ordered, split into files and cut into blocks.

use std::collections::BTreeMap;

use sanjeh::engine::Aggregates;
use sanjeh::host::memory::MemoryHost;
use sanjeh::plan::{
    Arithmetic, Case, CellKind, ColumnId, CompareOp, Comparison, Grouping, RowExpr, RowFunction,
    Scan, Slot, SlotOp,
};
use sanjeh::value::Decimal;

use super::build::{column, computed, engine, iso, print, read, run_on, scan, text};
use super::reference::{self, Cell, Exact, Groups};

/// A deterministic source of numbers (`SplitMix64`).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}

/// Spellings, and the text that each of them is.
const SOURCES: [(&str, &str); 16] = [
    ("google", "google"),
    ("goo,gle \"ads\"", "goo,gle \"ads\""),
    ("two\nlines", "two\nlines"),
    ("two\r\nlines,\"", "two\r\nlines,\""),
    ("ab", "ab"),
    ("a\u{200F}b", "ab"),
    ("كتاب", "کتاب"),
    ("کتاب", "کتاب"),
    ("علي", "علی"),
    ("علی", "علی"),
    ("cafe\u{301}", "café"),
    ("café", "café"),
    ("می\u{200C}روم", "می\u{200C}روم"),
    ("", ""),
    ("5\" pipe", "5\" pipe"),
    (" blank ", " blank "),
];
const DEVICES: [&str; 4] = ["mobile", "desktop", "Tablet", "tablet"];
const NUMBERS: [&str; 12] =
    ["0", "1", "-1", "0.1", "0.2", "12.50", "1000000", "-0.0001", "99999.99", "3", "7.125", "42"];
const WIDE: [&str; 5] =
    ["12345678901234567.5", "0.0000000000000000001", "2", "-9999999999999999999", "0.5"];
const DAYS: [&str; 6] =
    ["2026-01-31", "2026-02-01", "2025-12-31", "2026-02-28", "2024-02-29", "2026-01-01"];

/// One row as it was meant; cells in the order of [`HEADER`].
type Row = Vec<Cell>;
const HEADER: &str = "Date,Source,Device,Flag,N,M,User,Closed";

fn row(dice: &mut Dice) -> Row {
    let maybe = |dice: &mut Dice, text: String| (dice.below(6) > 0).then_some(text);
    let source = dice.one(&SOURCES).0.to_owned();
    let device = (*dice.one(&DEVICES)).to_owned();
    let flag = (*dice.one(&["true", "false", "Yes", "0"])).to_owned();
    let closed = (*dice.one(&DAYS)).to_owned();
    let wide = dice.below(40) == 0;
    let number = if wide { dice.one(&WIDE) } else { dice.one(&NUMBERS) }.to_string();
    let weight = (dice.below(50)).to_string();
    let user = if dice.below(5) == 0 {
        dice.one(&SOURCES).0.to_owned()
    } else {
        format!("u{}", dice.below(9))
    };
    vec![
        Some(dice.one(&DAYS).to_string()),
        maybe(dice, source),
        maybe(dice, device),
        maybe(dice, flag),
        maybe(dice, number),
        maybe(dice, weight),
        maybe(dice, user),
        maybe(dice, closed),
    ]
}

/// Writes rows: quotes where they are needed, and sometimes where they are not.
fn write(rows: &[Row], dice: &mut Dice) -> String {
    let end = if dice.below(2) == 0 { "\n" } else { "\r\n" };
    let mut out = if dice.below(4) == 0 { "\u{FEFF}".to_owned() } else { String::new() };
    out.push_str(HEADER);
    let quoting = dice.below(3);
    for row in rows {
        out.push_str(end);
        let cells: Vec<String> = row.iter().map(|cell| write_cell(cell, quoting, dice)).collect();
        out.push_str(&cells.join(","));
    }
    match dice.below(3) {
        0 => {}
        1 => out.push_str(end),
        _ => out.push_str(&end.repeat(3)),
    }
    out
}

fn write_cell(cell: &Cell, quoting: usize, dice: &mut Dice) -> String {
    let Some(text) = cell else { return String::new() };
    let must = text.is_empty() || text.starts_with('"') || text.contains([',', '\n', '\r']);
    let inside = text.contains('"') && dice.below(2) == 0;
    if must || inside || quoting == 2 || (quoting == 1 && dice.below(4) == 0) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.clone()
}

fn same(a: RowExpr, b: RowExpr) -> RowExpr {
    let equal = Comparison { op: CompareOp::Equal, case: Case::Sensitive };
    RowExpr::Compare(Box::new(a), equal, Box::new(b))
}

/// The columns, and what is computed from them.
fn plan(filter: usize) -> Scan {
    let columns = vec![
        read("date", iso()),
        read("source", CellKind::Text),
        read("device", CellKind::Text),
        read("flag", CellKind::Bool),
        read("n", CellKind::Number),
        read("m", CellKind::Number),
        read("user", CellKind::Text),
        read("closed", iso()),
        computed("channel", channel()),
        computed("weekday", RowExpr::Call(RowFunction::Weekday, vec![column(0)])),
        computed(
            "product",
            RowExpr::Arithmetic(Box::new(column(4)), vec![(Arithmetic::Multiply, column(5))]),
        ),
    ];
    let ops = [
        SlotOp::Rows,
        SlotOp::Count(0),
        SlotOp::Sum(0),
        SlotOp::Min(0),
        SlotOp::Max(0),
        SlotOp::Values(0),
        SlotOp::Distinct(2),
        SlotOp::WeightedSum(0, 1),
        SlotOp::WeightSum(0, 1),
        SlotOp::SquareSum(0),
        SlotOp::Sum(3),
    ];
    let with = |condition| ops.iter().map(move |op| Slot { op: *op, condition });
    let slots: Vec<Slot> = with(None).chain(with(Some(0))).collect();
    let grouping = |date: u32, dimensions: &[u32]| Grouping {
        date: ColumnId(date),
        dimensions: dimensions.iter().map(|d| ColumnId(*d)).collect(),
        within: None,
        slots: slots.clone(),
    };
    let values = vec![column(4), column(5), column(6), column(10)];
    let mut scan = scan(columns, values, Vec::new());
    scan.groupings =
        vec![grouping(0, &[]), grouping(0, &[8]), grouping(0, &[1]), grouping(7, &[2, 9, 3])];
    scan.conditions = vec![RowExpr::And(vec![
        same(column(2), text("mobile")),
        RowExpr::Not(Box::new(RowExpr::IsNull(Box::new(column(4))))),
    ])];
    scan.filter = match filter {
        0 => None,
        1 => Some(RowExpr::Not(Box::new(same(column(1), text("کتاب"))))),
        2 => Some(RowExpr::Or(vec![
            RowExpr::Match(Box::new(column(1)), "goo|l".to_owned()),
            column(3),
        ])),
        _ => Some(RowExpr::Compare(
            Box::new(column(4)),
            Comparison { op: CompareOp::GreaterEqual, case: Case::Sensitive },
            Box::new(RowExpr::Number(Decimal::new(1, 1))),
        )),
    };
    scan
}

fn channel() -> RowExpr {
    let folded =
        RowExpr::In(Box::new(column(2)), vec![text("tablet"), text("phone")], Case::Folded);
    RowExpr::Cases(
        vec![
            (RowExpr::Match(Box::new(column(1)), "(?i)^GOO".to_owned()), "paid".to_owned()),
            (RowExpr::And(vec![folded, same(column(1), text("café"))]), "café".to_owned()),
            (RowExpr::In(Box::new(column(1)), vec![text("ab")], Case::Sensitive), "ab".to_owned()),
        ],
        Some("other".to_owned()),
    )
}

fn meant(cell: &Cell) -> Option<String> {
    let spelt = cell.as_ref()?;
    let known = SOURCES.iter().find(|(spelling, _)| spelling == spelt);
    Some(known.map_or(spelt.clone(), |(_, text)| (*text).to_owned()))
}

fn truth(cell: &Cell) -> Option<bool> {
    Some(matches!(cell.as_deref()?, "true" | "Yes"))
}

/// What the rows give, worked out by hand.
fn expected(rows: &[Row], filter: usize) -> Vec<String> {
    let mut shown: BTreeMap<String, String> = BTreeMap::new();
    let kept: Vec<&Row> = rows.iter().filter(|r| keeps(r, filter)).collect();
    for row in &kept {
        if let (Some(spelt), Some(text)) = (&row[1], meant(&row[1])) {
            let first = shown.entry(text).or_insert_with(|| spelt.clone());
            if spelt < first {
                first.clone_from(spelt);
            }
        }
    }
    let member = |text: Option<String>| (text.is_none(), text.unwrap_or_default());
    let source = |r: &Row| member(meant(&r[1]).map(|t| shown[&t].clone()));
    let flag = |r: &Row| member(truth(&r[3]).map(|b| b.to_string()));
    let channel = |r: &Row| member(Some(channel_of(r).to_owned()));
    let weekday = |r: &Row| member(r[0].as_deref().map(weekday_of));
    let device = |r: &Row| member(r[2].clone());
    let groups = |date: usize, members: &dyn Fn(&Row) -> Vec<(bool, String)>| {
        let mut groups = Groups::new();
        for row in &kept {
            let Some(day) = row[date].clone() else { continue };
            let (all, some) = groups.entry(members(row)).or_default().entry(day).or_default();
            let n = row[4].as_deref().map(Exact::read);
            let m = row[5].as_deref().map(Exact::read);
            let user = meant(&row[6]);
            all.add(n.as_ref(), m.as_ref(), user.as_ref());
            if row[2].as_deref() == Some("mobile") && n.is_some() {
                some.add(n.as_ref(), m.as_ref(), user.as_ref());
            }
        }
        reference::print(&groups)
    };
    vec![
        groups(0, &|_| Vec::new()),
        groups(0, &|r| vec![channel(r)]),
        groups(0, &|r| vec![source(r)]),
        groups(7, &|r| vec![device(r), weekday(r), flag(r)]),
    ]
}

fn keeps(row: &Row, filter: usize) -> bool {
    let source = meant(&row[1]);
    match filter {
        0 => true,
        1 => source.as_deref() != Some("کتاب"),
        2 => {
            source.is_some_and(|s| s.contains("goo") || s.contains('l'))
                || truth(&row[3]) == Some(true)
        }
        _ => row[4].as_deref().is_some_and(|n| Exact::read(n) >= Exact::read("0.1")),
    }
}

fn channel_of(row: &Row) -> &'static str {
    let source = meant(&row[1]).unwrap_or("?".to_owned());
    let tablet = row[2].as_deref().is_some_and(|d| d.eq_ignore_ascii_case("tablet"));
    match source.as_str() {
        s if s.starts_with("goo") => "paid",
        "café" if tablet => "café",
        "ab" => "ab",
        _ => "other",
    }
}

fn weekday_of(day: &str) -> String {
    let number = match day {
        "2026-01-31" | "2026-02-28" => 6,
        "2026-02-01" => 7,
        "2025-12-31" => 3,
        "2024-02-29" | "2026-01-01" => 4,
        _ => panic!("{day}"),
    };
    number.to_string()
}

fn printed(found: &Aggregates) -> Vec<String> {
    let scan = &found.scans[0];
    scan.groupings.iter().map(|g| print(g, &scan.distinct)).collect()
}

#[test]
fn thousands_of_random_files() {
    for seed in 0..500 {
        let mut dice = Dice::new(seed);
        let count = [0, 1, 3, 20, 60][dice.below(5)];
        let mut rows: Vec<Row> = (0..count).map(|_| row(&mut dice)).collect();
        let filter = dice.below(4);
        let scan = plan(filter);
        let expected = expected(&rows, filter);
        for attempt in 0..3 {
            let files = split(&rows, &mut dice);
            let threads = 1 + dice.below(4);
            let block = [16, 17, 50, 300, 1 << 20][dice.below(5)];
            let names = ["data/a.csv", "data/b.csv", "data/c.csv"];
            let host = MemoryHost::new(names.into_iter().zip(files.clone()));
            let (found, out) = run_on(&host, &scan, engine(threads, block));
            let about = || format!("seed {seed}, attempt {attempt}, block {block}: {files:?}");
            assert!(out.is_empty(), "{}\n{out:?}", about());
            for (found, expected) in printed(&found).iter().zip(&expected) {
                assert_eq!(found, expected, "{}", about());
            }
            let facts = &found.scans[0].facts;
            let total = |f: fn(&sanjeh::engine::FileFacts) -> u64| -> u64 {
                facts.files.iter().map(f).sum()
            };
            let kept = rows.iter().filter(|r| keeps(r, filter)).count() as u64;
            assert_eq!(total(|f| f.rows), rows.len() as u64, "{}", about());
            assert_eq!(total(|f| f.used), kept, "{}", about());
            assert_eq!(facts.filtered, rows.len() as u64 - kept, "{}", about());
            let turn = dice.below(rows.len().max(1));
            let turn = turn.min(rows.len());
            rows.rotate_left(turn);
        }
    }
}

/// The rows in one to three files.
fn split(rows: &[Row], dice: &mut Dice) -> Vec<String> {
    let first = dice.below(rows.len() + 1);
    match dice.below(3) {
        0 => vec![write(rows, dice)],
        1 => vec![write(&rows[..first], dice), write(&rows[first..], dice)],
        _ => {
            let second = first + dice.below(rows.len() - first + 1);
            vec![
                write(&rows[..first], dice),
                write(&rows[first..second], dice),
                write(&rows[second..], dice),
            ]
        }
    }
}

#[test]
fn the_reference_reads_as_the_csv_crate_does() {
    for seed in 0..500 {
        let mut dice = Dice::new(seed);
        let rows: Vec<Row> = (0..dice.below(20)).map(|_| row(&mut dice)).collect();
        let text = write(&rows, &mut dice);
        let text = text.trim_start_matches('\u{FEFF}').trim_end_matches(['\r', '\n']);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let other: Vec<Vec<String>> =
            reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
        let own: Vec<Vec<String>> = reference::parse(text)
            .into_iter()
            .map(|r| r.into_iter().map(Option::unwrap_or_default).collect())
            .collect();
        assert_eq!(own, other, "seed {seed}");
        assert_eq!(&reference::parse(text)[1..], rows, "seed {seed}");
    }
}
