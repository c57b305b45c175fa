//! What is kept from one run to the next: whatever happens to the files, the plan or the shelf, the
//! numbers are those of a run that keeps nothing; and where nothing happened, nothing is read.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::Mutex;

use sanjeh::engine::csv::CsvEngine;
use sanjeh::host::memory::MemoryHost;
use sanjeh::host::{Entry, Host, HostError, OutputFile, ReadAt, Shelf, Stamp};
use sanjeh::plan::{
    Case, CellKind, ColumnId, ColumnPlan, CompareOp, Comparison, Grouping, Key, OnError, Origin,
    Rank, Repeated, RowExpr, Scan, Slot, SlotOp,
};
use sanjeh::time::Date;
use sanjeh::value::Decimal;

use super::build::{column, engine, iso, read, run_on, scan, span, text};
use super::random::Dice;

/// A shelf in memory.
#[derive(Default)]
struct Board(Mutex<BTreeMap<String, Vec<u8>>>);

impl Shelf for Board {
    fn owner(&self) -> String {
        "tests".to_owned()
    }

    fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.0.lock().unwrap().get(key).cloned()
    }

    fn put(&self, key: &str, bytes: &[u8]) {
        self.0.lock().unwrap().insert(key.to_owned(), bytes.to_vec());
    }
}

/// Files with stamps, and a memory of what was opened.
struct World {
    files: BTreeMap<String, (String, Stamp)>,
    clock: i64,
    shelf: Board,
    opened: Mutex<BTreeSet<String>>,
}

impl World {
    fn new() -> Self {
        let (files, opened) = (BTreeMap::new(), Mutex::default());
        Self { files, clock: 1_000_000, shelf: Board::default(), opened }
    }

    /// Writes a file now.
    fn write(&mut self, path: &str, text: &str) {
        let now = i128::from(self.clock) * 1_000_000_000;
        let stamp = Stamp { size: text.len() as u64, modified: now, changed: now, number: 1 };
        self.files.insert(path.to_owned(), (text.to_owned(), stamp));
    }

    /// Time passes; what is written from now on has another stamp.
    fn wait(&mut self) {
        self.clock += 10;
    }

    fn inner(&self) -> MemoryHost {
        MemoryHost::new(self.files.iter().map(|(path, (text, _))| (path.as_str(), text.as_str())))
    }

    /// The files that were opened since the last question.
    fn opened(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.opened.lock().unwrap())
    }

    /// The same files with nothing kept.
    fn plain(&self) -> MemoryHost {
        self.inner()
    }
}

impl Host for World {
    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, HostError> {
        self.opened.lock().unwrap().insert(path.to_owned());
        self.inner().open(path)
    }

    fn open_at(&self, path: &str) -> Result<Box<dyn ReadAt>, HostError> {
        self.opened.lock().unwrap().insert(format!("{path} from within"));
        self.inner().open_at(path)
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        Some(self.files.get(path)?.1)
    }

    fn shelf(&self) -> Option<&dyn Shelf> {
        Some(&self.shelf)
    }

    fn size(&self, path: &str) -> Result<u64, HostError> {
        self.inner().size(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, HostError> {
        self.inner().list(folder)
    }

    fn is_file(&self, path: &str) -> bool {
        self.inner().is_file(path)
    }

    fn now(&self) -> i64 {
        self.clock
    }

    fn publish(&self, _: &str, _: &[OutputFile]) -> Result<(), HostError> {
        unreachable!("nothing is built here")
    }
}

/// Every kind of slot, in total and by a dimension, with and without a condition.
fn plan() -> Scan {
    let columns = vec![
        read("at", iso()),
        read("who", CellKind::Text),
        read("channel", CellKind::Text),
        read("x", CellKind::Number),
    ];
    let over = Comparison { op: CompareOp::Greater, case: Case::Sensitive };
    let two = RowExpr::Number(Decimal::new(2, 0));
    let mut scan = scan(columns, vec![column(3), column(1), column(2)], Vec::new());
    scan.conditions = vec![RowExpr::Compare(Box::new(column(3)), over, Box::new(two))];
    let ops = [
        SlotOp::Rows,
        SlotOp::Count(0),
        SlotOp::Sum(0),
        SlotOp::SquareSum(0),
        SlotOp::WeightedSum(0, 0),
        SlotOp::Min(0),
        SlotOp::Max(0),
        SlotOp::Values(0),
        SlotOp::Distinct(1),
        SlotOp::Tally(1),
        SlotOp::SumBy(0, 1),
        SlotOp::Earliest(0, 2),
        SlotOp::Latest(0, 2),
    ];
    let slots = |condition| ops.map(|op| Slot { op, condition });
    let slots: Vec<Slot> = slots(None).into_iter().chain(slots(Some(0))).collect();
    let grouping = |dimensions: &[u32]| Grouping {
        date: ColumnId(0),
        dimensions: dimensions.iter().map(|d| ColumnId(*d)).collect(),
        within: None,
        slots: slots.clone(),
    };
    scan.groupings = vec![grouping(&[]), grouping(&[2])];
    scan.on_error = OnError::Null;
    scan
}

fn row(dice: &mut Dice) -> String {
    let day = 1 + dice.below(28);
    let who = ["ann", "bo", "كيوان", "کیوان", ""][dice.below(5)];
    let channel = ["seo", "paid", "\"a,\nb\"", ""][dice.below(4)];
    let x = ["1", "2.50", "-3", "", "123456789012345678.5", "oops", "7"][dice.below(7)];
    format!("2026-03-{day:02},{who},{channel},{x}\n")
}

fn table(dice: &mut Dice, rows: usize) -> String {
    let mut text = "at,who,channel,x\n".to_owned();
    for _ in 0..rows {
        text.push_str(&row(dice));
    }
    text
}

/// All that a run gives, in words: ids spelt out.
fn told(host: &dyn Host, scan: &Scan, engine: CsvEngine) -> String {
    let (found, out) = run_on(host, scan, engine);
    let found = &found.scans[0];
    let groups: Vec<String> =
        found.groupings.iter().map(|g| super::build::print(g, &found.distinct)).collect();
    let out: Vec<String> = out.into_iter().map(|d| format!("{} {:?}", d.message, d.data)).collect();
    format!("{groups:#?}\n{:#?}\n{out:#?}", found.facts)
}

#[test]
fn what_did_not_change_is_not_opened() {
    let mut world = World::new();
    let mut dice = Dice::new(1);
    for path in ["data/a.csv", "data/b.csv", "data/c.csv"] {
        world.write(path, &table(&mut dice, 40));
    }
    world.wait();
    let (scan, engine) = (plan(), engine(2, 200).with_entries_of(1));
    let expected = told(&world.plain(), &scan, engine);
    assert_eq!(told(&world, &scan, engine), expected);
    assert_eq!(world.opened().len(), 3);
    assert_eq!(told(&world, &scan, engine), expected);
    assert_eq!(world.opened(), BTreeSet::new());
    // A title, a target, a template: places move, and nothing else.
    let moved = Scan { span: super::build::span(77), ..scan.clone() };
    assert_eq!(told(&world, &moved, engine), expected);
    assert_eq!(world.opened(), BTreeSet::new());
    // A new file is read, and no other.
    world.write("data/bb.csv", &table(&mut dice, 30));
    world.wait();
    assert_eq!(told(&world, &scan, engine), told(&world.plain(), &scan, engine));
    assert_eq!(world.opened(), BTreeSet::from(["data/bb.csv".to_owned()]));
    // Another plan reads all of them.
    let other = Scan { on_error: OnError::Skip, ..scan.clone() };
    assert_eq!(told(&world, &other, engine), told(&world.plain(), &other, engine));
    assert_eq!(world.opened().len(), 4);
}

#[test]
fn a_file_that_is_written_within_the_clocks_step_is_read_again() {
    let mut world = World::new();
    world.write("data/a.csv", "at,who,channel,x\n2026-03-01,ann,seo,1\n");
    let (scan, engine) = (plan(), engine(1, 200).with_entries_of(1));
    told(&world, &scan, engine);
    // As long, at the same moment by its stamp.
    world.write("data/a.csv", "at,who,channel,x\n2026-03-01,ann,seo,9\n");
    assert_eq!(told(&world, &scan, engine), told(&world.plain(), &scan, engine));
}

#[test]
fn a_file_that_only_grew_is_read_from_where_it_ended() {
    let begin = "at,who,channel,x\n2026-03-01,ann,\"a,\nb\",1\n2026-03-02,bo,seo,2.5\n";
    let more = "2026-03-02,bo,seo,7\n2026-04-01,کیوان,\"x\"\"y\",\n";
    let (scan, engine) = (plan(), engine(1, 200).with_entries_of(1));
    let grows = |begin: &str, end: &str| {
        let mut world = World::new();
        world.write("data/a.csv", begin);
        world.wait();
        told(&world, &scan, engine);
        world.opened();
        world.write("data/a.csv", end);
        world.wait();
        assert_eq!(told(&world, &scan, engine), told(&world.plain(), &scan, engine), "{end}");
        let from_within = world.opened().contains("data/a.csv from within");
        // What was put together is as good as what is read at once.
        assert_eq!(told(&world, &scan, engine), told(&world.plain(), &scan, engine), "{end}");
        assert_eq!(world.opened(), BTreeSet::new(), "{end}");
        from_within
    };
    assert!(grows(begin, &format!("{begin}{more}")));
    let carriage = |text: &str| text.replace('\n', "\r\n");
    assert!(grows(&carriage(begin), &carriage(&format!("{begin}{more}"))));
    // Another beginning, a row that was not whole, a border that is not at the end of a row.
    assert!(!grows(begin, &format!("{}{more}", begin.replace(",ann,", ",bob,"))));
    assert!(!grows(begin.trim_end(), &format!("{begin}{more}")));
    assert!(!grows(begin.trim_end(), &format!("{}00\n{more}", begin.trim_end())));
    assert!(!grows(begin, "at,who,channel,x\n2026-03-01,ann,seo,1\n"));
}

#[test]
fn rows_that_change_what_others_come_to_are_read_with_them() {
    let begin = "at,who,channel,x\n2026-03-01,ann,seo,1\n2026-03-02,bo,seo,2.5\n";
    let more = "2026-03-01,ann,seo,7\n2026-03-09,bo,paid,3\n";
    let key = |repeated| Key { columns: vec![ColumnId(0), ColumnId(1)], repeated, span: span(3) };
    let mut ranked = plan();
    let origin = Origin::Ranked(Rank::Nth, ColumnId(1));
    ranked.columns.push(ColumnPlan { origin, ..ranked.columns[0].clone() });
    ranked.values.push(column(4));
    let mut firsts = plan();
    for scan in [&mut ranked, &mut firsts] {
        let op = if scan.values.len() > 3 { SlotOp::Sum(3) } else { SlotOp::First(1) };
        scan.groupings[1].slots.push(Slot { op, condition: None });
    }
    let engine = engine(1, 200).with_entries_of(1);
    for scan in [
        Scan { key: Some(key(Repeated::KeepLast)), ..plan() },
        Scan { key: Some(key(Repeated::Error)), ..plan() },
        ranked,
        firsts,
    ] {
        let mut world = World::new();
        world.write("data/a.csv", begin);
        world.wait();
        told(&world, &scan, engine);
        for path in ["data/a.csv", "data/b.csv"] {
            let text =
                if path == "data/a.csv" { format!("{begin}{more}") } else { begin.to_owned() };
            world.write(path, &text);
            world.wait();
            let expected = told(&world.plain(), &scan, engine);
            assert_eq!(told(&world, &scan, engine), expected, "{path}");
            assert_eq!(told(&world, &scan, engine), expected, "{path} again");
        }
    }
}

#[test]
fn mistakes_in_what_is_new_have_their_place_in_the_whole() {
    let mut world = World::new();
    let begin = "at,who,channel,x\n2026-03-01,ann,seo,1\n";
    world.write("data/a.csv", begin);
    world.wait();
    let scan = Scan { on_error: OnError::Stop, ..plan() };
    let engine = engine(1, 200).with_entries_of(1);
    told(&world, &scan, engine);
    // A bad cell, a ragged row, a blank line between rows.
    for more in ["2026-03-01,ann,seo,oops\n", "2026-03-01,ann\n", "\n2026-03-01,ann,seo,1\n"] {
        world.write("data/a.csv", &format!("{begin}{more}"));
        world.wait();
        for _ in 0..2 {
            let found = told(&world, &scan, engine);
            assert_eq!(found, told(&world.plain(), &scan, engine));
            assert!(found.contains("line: "), "no place is told: {found}");
        }
    }
}

#[test]
fn an_entry_that_is_torn_counts_for_nothing() {
    let mut world = World::new();
    let mut dice = Dice::new(5);
    world.write("data/a.csv", &table(&mut dice, 30));
    world.write("data/b.csv", &table(&mut dice, 30));
    world.wait();
    let (scan, engine) = (plan(), engine(1, 500).with_entries_of(1));
    let expected = told(&world, &scan, engine);
    let whole = world.shelf.0.lock().unwrap().clone();
    assert!(whole.len() >= 4, "notes, two files and both of them: {}", whole.len());
    for round in 0..60 {
        let mut torn = whole.clone();
        for bytes in torn.values_mut() {
            match round % 3 {
                0 => bytes.truncate(dice.below(bytes.len())),
                1 => {
                    let at = dice.below(bytes.len());
                    bytes[at] ^= 1 << dice.below(8);
                }
                _ => bytes.clear(),
            }
        }
        *world.shelf.0.lock().unwrap() = torn;
        assert_eq!(told(&world, &scan, engine), expected);
    }
}

#[test]
fn as_of_dates_find_what_holds_for_them() {
    let mut world = World::new();
    let mut dice = Dice::new(6);
    world.write("data/a.csv", &table(&mut dice, 60));
    world.write("data/b.csv", &table(&mut dice, 60));
    world.wait();
    let engine = engine(2, 500).with_entries_of(1);
    let day = |day: i32| Date::from_days(20_513 + day - 1);
    for until in
        [None, Some(day(9)), Some(day(28)), Some(day(2)), None, Some(day(31)), Some(day(9))]
    {
        let scan = Scan { until, ..plan() };
        let expected = told(&world.plain(), &scan, engine);
        assert_eq!(told(&world, &scan, engine), expected, "{until:?}");
        world.opened();
        assert_eq!(told(&world, &scan, engine), expected, "{until:?} again");
        assert_eq!(world.opened(), BTreeSet::new(), "{until:?}");
    }
}

#[test]
fn whatever_happens_to_files_the_numbers_are_those_of_reading_them() {
    let names = ["data/a.csv", "data/b.csv", "data/c.csv", "data/d.csv"];
    for seed in 0..40 {
        let mut dice = Dice::new(seed);
        let mut world = World::new();
        let engine = engine(1 + dice.below(3), [50, 300][dice.below(2)]);
        let engine = engine.with_entries_of([1, 200, 1500][dice.below(3)]);
        for step in 0..12 {
            let path = names[dice.below(names.len())];
            let known = world.files.get(path).map(|(text, _)| text.clone());
            match (dice.below(5), known) {
                (0, Some(_)) => drop(world.files.remove(path)),
                (1, Some(text)) => world.write(path, &text),
                (2 | 3, Some(text)) => {
                    let more: String = (0..dice.below(9)).map(|_| row(&mut dice)).collect();
                    world.write(path, &format!("{text}{more}"));
                }
                _ => {
                    let rows = dice.below(40);
                    world.write(path, &table(&mut dice, rows));
                }
            }
            if dice.below(3) > 0 {
                world.wait();
            }
            let filter = RowExpr::IsNull(Box::new(column(2)));
            let columns = vec![ColumnId(0), ColumnId(1)];
            let key = Key { columns, repeated: Repeated::KeepLast, span: span(3) };
            let scan = match dice.below(5) {
                2 => Scan { key: Some(key), ..plan() },
                0 => Scan { filter: Some(RowExpr::Not(Box::new(filter))), ..plan() },
                1 => Scan { values: vec![column(3), text("all"), column(1)], ..plan() },
                _ => plan(),
            };
            let expected = told(&world.plain(), &scan, engine);
            assert_eq!(told(&world, &scan, engine), expected, "seed {seed}, step {step}");
        }
    }
}
