//! Ids, keys and ranks: neither threads, nor blocks, nor the cut into files change what is found.

use std::collections::BTreeSet;
use std::fmt::Write;

use sanjeh::engine::Series;
use sanjeh::host::memory::MemoryHost;
use sanjeh::plan::{
    CellKind, ColumnId, ColumnPlan, Grouping, Key, OnError, Origin, Rank, Repeated, Scan, SlotOp,
};
use sanjeh::time::DateFormat;

use super::build::{column, engine, print, read, run_on, scan, slot, span};

/// One person in two spellings, and others.
const PEOPLE: [&str; 6] = ["كيان", "کیان", "ann", "", "bob", "cyd"];

fn rows(seed: u64) -> Vec<String> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut below = |limit: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) % limit
    };
    let row = |n: usize| {
        let (day, hour) = (1 + below(9), below(3) * 6);
        let who = PEOPLE[below(6) as usize];
        let channel = ["seo", "ads"][below(2) as usize];
        let x = ["", "1.5", "2", "-3.25", "oops"][below(5) as usize];
        format!("2026-06-0{day} {hour:02}:00:00,{who},{channel},{x},{}\n", n as u64 / 2 + below(3))
    };
    (0..120).map(row).collect()
}

fn ranked(name: &str, rank: Rank) -> ColumnPlan {
    let origin = Origin::Ranked(rank, ColumnId(1));
    ColumnPlan { name: name.to_owned(), span: span(100), origin }
}

fn plan(repeated: Option<Repeated>) -> Scan {
    let columns = vec![
        read("at", CellKind::Timestamp(DateFormat::iso())),
        read("who", CellKind::Text),
        read("channel", CellKind::Text),
        read("x", CellKind::Number),
        read("id", CellKind::Text),
        ranked("nth(who)", Rank::Nth),
        ranked("first_seen(who)", Rank::FirstSeen),
    ];
    let slots = vec![
        slot(SlotOp::First(0)),
        slot(SlotOp::Tally(0)),
        slot(SlotOp::SumBy(1, 0)),
        slot(SlotOp::Earliest(1, 0)),
        slot(SlotOp::Latest(1, 0)),
        slot(SlotOp::Sum(2)),
        slot(SlotOp::Distinct(3)),
    ];
    let values = vec![column(1), column(3), column(5), column(6)];
    let mut scan = scan(columns, values, Vec::new());
    let grouping = |dimensions: &[u32]| Grouping {
        date: ColumnId(0),
        dimensions: dimensions.iter().map(|d| ColumnId(*d)).collect(),
        within: None,
        slots: slots.clone(),
    };
    scan.groupings = vec![grouping(&[]), grouping(&[2])];
    scan.on_error = OnError::Skip;
    let key = |repeated| Key { columns: vec![ColumnId(4)], repeated, span: span(3) };
    scan.key = repeated.map(key);
    scan
}

fn files(rows: &[String], cuts: &[usize]) -> MemoryHost {
    let mut borders = vec![0];
    borders.extend(cuts);
    borders.push(rows.len());
    let parts = borders.windows(2).enumerate().map(|(n, cut)| {
        let mut text = "at,who,channel,x,id\n".to_owned();
        rows[cut[0]..cut[1]].iter().for_each(|row| text.write_str(row).unwrap());
        (format!("data/{n}.csv"), text)
    });
    let parts: Vec<(String, String)> = parts.collect();
    MemoryHost::new(parts.iter().map(|(path, text)| (path.as_str(), text.as_str())))
}

#[test]
fn neither_threads_nor_blocks_nor_files_change_a_rank() {
    for seed in 1..=12 {
        let rows = rows(seed);
        let scan = plan((seed % 3 > 0).then_some(Repeated::KeepLast));
        let shown = |host: &MemoryHost, threads, block| {
            let (found, out) = run_on(host, &scan, engine(threads, block));
            assert!(out.is_empty(), "{out:?}");
            let found = &found.scans[0];
            let all = found.groupings.iter().map(|g| print(g, &found.distinct));
            all.collect::<Vec<_>>()
        };
        let whole = files(&rows, &[]);
        let expected = shown(&whole, 1, 1 << 20);
        for (threads, block) in [(1, 1), (2, 70), (3, 150), (4, 1), (3, 1000)] {
            assert_eq!(shown(&whole, threads, block), expected, "{threads} threads, {block} bytes");
            let cut = files(&rows, &[7, 7, 60, 111]);
            assert_eq!(
                shown(&cut, threads, block),
                expected,
                "{threads} threads, {block} bytes, cut"
            );
        }
    }
}

#[test]
fn each_person_is_new_once_whatever_the_spelling() {
    let rows = rows(5);
    let (found, _) = run_on(&files(&rows, &[50]), &plan(None), engine(3, 90));
    let found = &found.scans[0];
    let mut people = BTreeSet::new();
    for row in rows.iter().filter(|row| !row.contains("oops")) {
        let who = row.split(',').nth(1).unwrap().replace('ك', "ک").replace('ي', "ی");
        people.extend((!who.is_empty()).then_some(who));
    }
    assert_eq!(people.len(), 4);
    for grouping in &found.groupings {
        let firsts = grouping.groups.iter().map(|group| match &group.series[0] {
            Series::Counts(days) => days.iter().sum::<u64>(),
            other => panic!("{other:?}"),
        });
        assert_eq!(firsts.sum::<u64>(), 4);
    }
}
