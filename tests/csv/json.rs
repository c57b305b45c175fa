//! JSON lines against CSV: the same rows give the same answer, whatever the blocks and threads.

use std::fmt::Write;

use sanjeh::host::memory::MemoryHost;
use sanjeh::plan::{CellKind, Input, Records, SlotOp};

use super::build::{column, engine, iso, print, read, run_on, scan, slot};
use super::random::Dice;

const TEXTS: [&str; 7] =
    ["plain", "", "two\nlines", "a \"quoted\" b", "كتاب", "{\"a\":1}", "tab\t,;"];
const NUMBERS: [&str; 6] = ["0", "-1.5", "1e3", "12345678901234567890.5", "2.50E-2", "7"];
const PLAIN: [&str; 6] = ["0", "-1.5", "1000", "12345678901234567890.5", "0.025", "7"];

#[test]
fn what_csv_gives_json_lines_give() {
    let mut dice = Dice::new(58);
    for round in 0..150 {
        let (mut csv, mut json) = ("day,x,name\n".to_owned(), String::new());
        for _ in 0..=dice.below(50) {
            let day = format!("2026-06-{:02}", dice.below(28) + 1);
            let (x, name) = (dice.below(8), dice.below(9));
            let text = TEXTS.get(name);
            let quoted = text.map_or(String::new(), |t| format!("\"{}\"", t.replace('"', "\"\"")));
            writeln!(csv, "{day},{},{quoted}", PLAIN.get(x).unwrap_or(&"")).unwrap();
            let number = match (NUMBERS.get(x), dice.below(2)) {
                (None, 0) => None,
                (None, _) => Some("null".to_owned()),
                (Some(n), 0) if !n.contains(['e', 'E']) => Some(format!("\"{n}\"")),
                (Some(n), _) => Some((*n).to_owned()),
            };
            let mut parts = vec![format!("\"day\":\"{day}\"")];
            parts.extend(number.map(|n| format!("\"x\" : {n}")));
            parts.extend(text.map(|t| format!("\"user\":{{\"name\":{}}}", serde_json::json!(t))));
            parts.push("\"other\":[1,{\"x\":2}]".to_owned());
            let turn = dice.below(parts.len());
            parts.rotate_left(turn);
            writeln!(json, "{{{}}}{}", parts.join(", "), ["", "\r", "\n"][dice.below(3)]).unwrap();
        }
        let slots = vec![slot(SlotOp::Sum(0)), slot(SlotOp::Rows), slot(SlotOp::Distinct(1))];
        let columns = |name: &str| {
            let name = read(name, CellKind::Text);
            vec![read("day", iso()), read("x", CellKind::Number), name]
        };
        let values = vec![column(1), column(2)];
        let plain = scan(columns("name"), values.clone(), slots.clone());
        let mut lines = scan(columns("user.name"), values, slots);
        lines.input = Input::Csv { pattern: "data/*.jsonl".to_owned(), span: plain.span };
        lines.dialect.records = Records::JsonLines;
        let answer = |scan, file: &str, text: &str, threads, block| {
            let host = MemoryHost::new([(file, text.as_bytes())]);
            let (found, out) = run_on(&host, scan, engine(threads, block));
            // A column that is null in every row is missing in the one and empty in the other.
            let missing = out.iter().all(|d| d.code.id == "K4005");
            assert!(missing, "{out:?}\n{text}");
            let result = &found.scans[0];
            print(&result.groupings[0], &result.distinct)
        };
        let expected = answer(&plain, "data/a.csv", &csv, 1, 1 << 16);
        let block = dice.below(400) + 1;
        let found = answer(&lines, "data/a.jsonl", &json, 1 + round % 2, block);
        assert_eq!(found, expected, "blocks of {block}\n{json}");
    }
}
