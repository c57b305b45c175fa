//! Lookups, turned tables and rows that stand for a range, held against plain code over random
//! rows: shuffled, split into files, in small blocks and over several threads.

mod plain;

use std::num::NonZeroUsize;

use sanjeh::diagnostic::Diagnostics;
use sanjeh::driver;
use sanjeh::engine::Engine;
use sanjeh::engine::csv::CsvEngine;
use sanjeh::eval::Evaluator;
use sanjeh::eval::table::{self, Question};
use sanjeh::host::memory::MemoryHost;
use sanjeh::plan;
use sanjeh::time::Grain;

use plain::{Dice, World};

const SPEC: &str = r#"
source orders {
  csv:    "orders*.csv"
  date:   day
  lookup: customers on who = id
  lookup: prices on day or earlier
  columns {
    who:     id
    amount:  number
    country: text = customers.country
    worth:   number = amount * prices.price
  }
}

source customers {
  csv:    "customers*.csv"
  where:  country != "XX"
  lookup: regions on country
  columns {
    id:      id
    country: text
    weight:  number
    region:  text = regions.region
  }
}

source regions {
  csv: "regions.csv"
}

source prices {
  csv: "prices*.csv"
  columns {
    day:   date
    price: number
  }
}

source wide {
  csv:     "wide*.csv"
  unpivot: dates as day, volume
  date:    day
  columns {
    key:    text
    volume: number
  }
}

source months {
  csv:  "months-*.csv"
  date: file "months-%Y-%m.csv"
  columns {
    x: number
  }
}

metric sales     = sum(orders.amount)
metric home      = sum(orders.amount where customers.country == "GB")
metric far       = count(orders where customers.region == "far")
metric worth     = sum(orders.worth)
metric weighted  = sum(orders.amount * customers.weight)
metric found     = count(orders where customers.id is not null)
metric countries = count_distinct(orders.country)
metric volume    = sum(wide.volume)
metric filled    = count(wide.volume)
metric monthly   = sum(months.x)
"#;

const NAMES: [&str; 10] = [
    "sales",
    "home",
    "far",
    "worth",
    "weighted",
    "found",
    "countries",
    "volume",
    "filled",
    "monthly",
];

fn host(world: &World, dice: &mut Dice, files: usize) -> MemoryHost {
    let mut all = vec![("main.kpi".to_owned(), SPEC.to_owned())];
    all.extend(world.files(dice, files));
    MemoryHost::new(all.iter().map(|(path, text)| (path.as_str(), text.as_str())))
}

/// The answers, by an engine of so many threads with blocks of about so many bytes.
fn ask(host: &MemoryHost, by: &[&str], threads: usize, block: usize) -> Vec<table::Row> {
    let project = driver::load(host, "").unwrap();
    let told: Vec<String> = project.diagnostics.iter().map(|d| d.message.clone()).collect();
    assert!(!project.diagnostics.has_errors(), "{told:?}");
    let names = if by.is_empty() { &NAMES[..] } else { &NAMES[..7] };
    let question = Question {
        measures: names.iter().map(|name| project.model.find(name).unwrap()).collect(),
        by: by.iter().map(|d| (*d).to_owned()).collect(),
        every: Some(Grain::Month),
        ..Question::default()
    };
    let (plan, bindings) = plan::plan(&project.model, &question.request(&project.model));
    let count = |n| NonZeroUsize::new(n).unwrap();
    let engine = CsvEngine::default().with_threads(count(threads)).with_block(count(block));
    let mut out = Diagnostics::default();
    let aggregates = engine.run(&plan, host, &mut out).unwrap();
    let told: Vec<String> = out.iter().map(|d| d.message.clone()).collect();
    assert!(!out.has_errors(), "{told:?}");
    table::rows(&Evaluator::new(&project.model, &bindings, &aggregates, None), &question)
}

#[test]
fn every_number_is_what_plain_code_says() {
    let mut compared = 0;
    for seed in 1..=40 {
        let mut dice = Dice(seed);
        let world = World::random(&mut dice);
        for by in [&[][..], &["country"]] {
            let host = host(&world, &mut dice, 1 + seed as usize % 3);
            let rows = ask(&host, by, 1 + seed as usize % 2, [50, 400, 100_000][seed as usize % 3]);
            for row in rows {
                let member = row.by.first().map(|(_, member)| member.as_deref());
                let expected = world.value(&row.kpi, &row.period, member);
                assert_eq!(row.value, expected.map(|n| n.to_string()), "seed {seed}: {row:?}");
                compared += usize::from(row.value.is_some());
            }
        }
    }
    assert!(compared > 2_000, "only {compared} values were compared");
}

#[test]
fn neither_order_nor_files_nor_threads_change_a_digit() {
    for seed in 100..110 {
        let mut dice = Dice(seed);
        let world = World::random(&mut dice);
        let once = ask(&host(&world, &mut dice, 1), &["country"], 1, 1 << 20);
        assert!(once.iter().any(|row| row.value.is_some()));
        for (files, threads, block) in [(1, 2, 30), (3, 1, 64), (4, 3, 100)] {
            let again = ask(&host(&world, &mut dice, files), &["country"], threads, block);
            assert_eq!(format!("{once:?}"), format!("{again:?}"), "seed {seed}");
        }
    }
}

#[test]
fn reports_say_which_files_were_looked_up() {
    let spec = r#"
source orders {
  csv:    "orders.csv"
  date:   day
  lookup: customers on who = id
  lookup: unused on who = id
}
source customers {
  csv: "customers.csv"
}
source unused {
  csv: "unused.csv"
}
kpi home "Home" {
  formula: count(orders where customers.country == "GB")
}
"#;
    let host = MemoryHost::new([
        ("main.kpi", spec),
        ("orders.csv", "day,who\n2026-06-01,a\n2026-06-01,b\n"),
        ("customers.csv", "id,country\na,GB\nb,GB\nc,FR\n"),
        ("unused.csv", "id\na\na\n"),
    ]);
    let project = driver::load(&host, "").unwrap();
    let reports = driver::reports(&project.model);
    let reports: Vec<_> = reports.iter().collect();
    let mut out = Diagnostics::default();
    let built = driver::build(&host, &project, &reports, &[], None, &mut out).unwrap().unwrap();
    let sources = &built[0].document.sources;
    let read: Vec<(&str, &str, &str)> = sources
        .iter()
        .map(|s| (s.name.as_str(), s.files[0].path.as_str(), s.files[0].rows.text.as_str()))
        .collect();
    assert_eq!(read, [("orders", "orders.csv", "2"), ("customers", "customers.csv", "3")]);
}
