//! Other encodings and packed files: the same numbers and the same places as plain UTF-8.

use std::fmt::Write as _;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use sanjeh::engine::Aggregates;
use sanjeh::host::memory::MemoryHost;
use sanjeh::plan::{CellKind, Encoding, Scan, SlotOp};

use super::build::{column, engine, iso, print, read, run_on, scan, slot};
use super::random::Dice;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

fn utf16(text: &str) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

/// Sum, rows and distinct texts of `day,x,name`.
fn table() -> Scan {
    let columns =
        vec![read("day", iso()), read("x", CellKind::Number), read("name", CellKind::Text)];
    let slots = vec![slot(SlotOp::Sum(0)), slot(SlotOp::Rows), slot(SlotOp::Distinct(1))];
    let mut scan = scan(columns, vec![column(1), column(2)], slots);
    "data/*".clone_into(match &mut scan.input {
        sanjeh::plan::Input::Csv { pattern, .. } => pattern,
        sanjeh::plan::Input::Inline { .. } | sanjeh::plan::Input::Table { .. } => {
            unreachable!("built from a pattern")
        }
    });
    scan
}

fn answer(found: &Aggregates) -> String {
    let scan = &found.scans[0];
    scan.groupings.iter().map(|g| print(g, &scan.distinct)).collect()
}

fn random_table(dice: &mut Dice, letters: &[char]) -> String {
    let mut text = "day,x,name\r\n".to_owned();
    for _ in 0..=dice.below(60) {
        let name: String = (0..dice.below(9)).map(|_| letters[dice.below(letters.len())]).collect();
        let (day, x) = (dice.below(28) + 1, dice.below(10_000));
        let name = name.replace('"', "\"\"");
        write!(text, "2026-06-{day:02},{x}.{},\"{name}\"\r\n", dice.below(100)).unwrap();
    }
    text
}

#[test]
fn every_encoding_and_packing_gives_what_plain_text_gives() {
    let mut dice = Dice::new(55);
    let alphabets = [
        ("windows-1252", "abcäöüßéñ€\"\n,"),
        ("windows-1256", "سلامگپچژabc،؟\n,"),
        ("windows-1251", "привет,мир\n"),
        ("iso-8859-9", "ğışĞİŞabc,"),
        ("shift_jis", "日本語テスト,a"),
        ("gb18030", "汉字测试,a\n"),
        ("utf-16le", "aäی日\u{1F600},\n"),
    ];
    for round in 0..120 {
        let (label, letters) = alphabets[round % alphabets.len()];
        let letters: Vec<char> = letters.chars().collect();
        let text = random_table(&mut dice, &letters);
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
        let bytes = match label {
            "utf-16le" => utf16(&text),
            _ => encoding.encode(&text).0.into_owned(),
        };
        let mut scan = table();
        let block = dice.below(300) + 16;
        let run = |name: &str, bytes: &[u8], scan: &Scan| {
            let host = MemoryHost::new([(format!("data/{name}"), bytes.to_vec())]);
            let (found, out) = run_on(&host, scan, engine(1 + round % 2, block));
            assert!(out.is_empty(), "{label} {name}: {out:?}\n{text}");
            answer(&found)
        };
        let expected = run("a.csv", text.as_bytes(), &scan);
        // Two members, two frames: cut anywhere.
        let cut = dice.below(text.len());
        let parts = [&text.as_bytes()[..cut], &text.as_bytes()[cut..]];
        assert_eq!(run("a.csv.gz", &parts.map(gzip).concat(), &scan), expected);
        assert_eq!(run("a.csv.zst", &parts.map(zstd).concat(), &scan), expected);
        scan.dialect.encoding = Encoding::named(label).unwrap();
        assert_eq!(run("a.csv", &bytes, &scan), expected, "{label}");
        assert_eq!(run("a.csv.GZ", &gzip(&bytes), &scan), expected, "{label}");
        // Split into a plain and a packed file under one pattern.
        scan.dialect.encoding = Encoding::Utf8;
        let host = MemoryHost::new([
            ("data/a.csv", text.clone().into_bytes()),
            ("data/b.csv.gz", gzip(text.as_bytes())),
        ]);
        let double = text.clone() + text.split_once("\r\n").unwrap().1;
        let (both, out) = run_on(&host, &scan, engine(2, block));
        assert!(out.is_empty(), "{out:?}");
        assert_eq!(answer(&both), run("a.csv", double.as_bytes(), &scan));
    }
}

/// The codes with file, line and column.
fn faults(name: &str, bytes: &[u8], scan: &Scan) -> Vec<String> {
    let host = MemoryHost::new([(format!("data/{name}"), bytes.to_vec())]);
    let (_, out) = run_on(&host, scan, engine(1, 64));
    let told = |d: &sanjeh::diagnostic::Diagnostic| match &d.data {
        Some(place) => format!("{} {}:{}", d.code.id, place.line, place.column),
        None => format!("{} {}", d.code.id, d.message),
    };
    out.iter().map(told).collect()
}

#[test]
fn places_are_those_of_the_text_inside() {
    let text = "day,x,name\n2026-06-01,1,é\n2026-06-02,éa,b\n";
    let mut scan = table();
    assert_eq!(faults("a.csv", text.as_bytes(), &scan), ["K4001 3:12"]);
    assert_eq!(faults("a.csv.gz", &gzip(text.as_bytes()), &scan), ["K4001 3:12"]);
    assert_eq!(faults("a.csv.zst", &zstd(text.as_bytes()), &scan), ["K4001 3:12"]);
    scan.dialect.encoding = Encoding::Utf16;
    assert_eq!(faults("a.csv", &utf16(text), &scan), ["K4001 3:12"]);
    scan.dialect.encoding = Encoding::named("windows-1252").unwrap();
    let bytes = b"day,x,name\n2026-06-01,1,\xE9\n2026-06-02,2,\xE9\xE9\x8D\n";
    assert_eq!(faults("a.csv.gz", &gzip(bytes), &scan), ["K4055 3:16"]);
}

#[test]
fn a_packed_file_that_is_not_whole_is_an_error() {
    let mut text = "day,x,name\n".to_owned();
    for row in 0..2000 {
        writeln!(text, "2026-06-{:02},{row},n{}", row % 28 + 1, row * 7919 % 1000).unwrap();
    }
    let scan = table();
    for (name, packed) in
        [("a.csv.gz", gzip(text.as_bytes())), ("a.csv.zst", zstd(text.as_bytes()))]
    {
        assert!(faults(name, &packed, &scan).is_empty());
        for cut in [3, packed.len() / 2, packed.len() - 1] {
            let found = faults(name, &packed[..cut], &scan);
            assert!(found[0].starts_with("K4056 "), "{name} {cut}: {found:?}");
        }
        let mut spoilt = packed.clone();
        let middle = packed.len() / 2;
        spoilt[middle] ^= 0x40;
        let found = faults(name, &spoilt, &scan);
        assert!(found.iter().any(|f| f.starts_with("K4056 ")), "{name}: {found:?}");
        let twice = [packed.as_slice(), b"no member"].concat();
        assert!(!faults(name, &twice, &scan).is_empty(), "{name}");
    }
}

#[test]
fn what_grows_without_end_costs_no_memory() {
    // 40 MB of one cell in a few kB: no field may be that long, and nothing holds it whole.
    let mut text = b"day,x,name\n2026-06-01,1,\"".to_vec();
    text.resize(40 << 20, b'a');
    let found = faults("a.csv.gz", &gzip(&text), &table());
    assert!(found[0].starts_with("K4016 "), "{found:?}");
}

#[test]
fn marks_that_nobody_declared_are_told() {
    let scan = table();
    let found = faults("a.csv", &utf16("day,x,name\n"), &scan);
    assert!(found[0].starts_with("K4018 data/a.csv is written in UTF-16LE"), "{found:?}");
    let found = faults("a.csv", &gzip(b"day,x,name\n"), &scan);
    assert!(found[0].contains("packed with gzip, and its name does not say so"), "{found:?}");
    let host = MemoryHost::new([("data/a.csv", &b"day,x,name\n2026-06-01,1,caf\xE9 \xC7a\n"[..])]);
    let (_, out) = run_on(&host, &scan, engine(1, 64));
    let help = out.iter().next().unwrap().help.clone().unwrap();
    assert!(help.contains("`encoding: \"windows-1252\"` reads `café Ça`"), "{help}");
}
