//! Any bytes as a table: reading ends, never panics, loses no row in silence, and says the same
//! whatever the size of the blocks and the number of threads.
#![no_main]

use std::num::NonZeroUsize;

use libfuzzer_sys::fuzz_target;
use sanjeh::diagnostic::Diagnostics;
use sanjeh::driver;
use sanjeh::engine::csv::CsvEngine;
use sanjeh::engine::{Engine, ScanFacts};
use sanjeh::host::memory::MemoryHost;
use sanjeh::plan::{self, Plan, Request, Wanted};

/// Ways to read the bytes; the first of them says which.
const SPECS: [&str; 5] = [
    // Three columns, bad rows left out.
    r#"source t {
  csv: "t.csv"
  header: none
  date: column_1
  where: column_3 != "x"
  on_error: skip
  columns {
    column_1: date
    column_2: number
    column_3: text
  }
}
metric m = sum(t.column_2)
"#,
    // The same, bad cells null.
    r#"source t {
  csv: "t.csv"
  header: none
  date: column_1
  where: column_3 != "x"
  on_error: null
  columns {
    column_1: date
    column_2: number
    column_3: text
  }
}
metric m = sum(t.column_2)
"#,
    // One column.
    r#"source t {
  csv: "t.csv"
  header: none
  date: column_1
  on_error: skip
  columns { column_1: date }
}
metric m = count(t)
"#,
    // Another dialect, lines left out at both ends, comments.
    r##"source t {
  csv: "t.csv"
  header: none
  date: column_1 as "%d.%m.%Y"
  delimiter: ";"
  quote: "'"
  decimal: ","
  thousands: "."
  skip: 1
  footer: 1
  comment: "#"
  nulls: "-", "n/a"
  on_error: skip
  columns {
    column_1: date
    column_2: number
    column_3: text
  }
}
metric m = sum(t.column_2)
"##,
    // Later rows win.
    r#"source t {
  csv: "t.csv"
  header: none
  date: column_1
  key: column_3 keep last
  on_error: skip
  columns {
    column_1: date
    column_2: number
    column_3: text
  }
}
metric m = sum(t.column_2)
"#,
];

fuzz_target!(|data: &[u8]| {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let choice = usize::from(choice) % SPECS.len();
    let host = MemoryHost::new([("main.kpi", SPECS[choice].as_bytes()), ("t.csv", bytes)]);
    let project = driver::load(&host, "").expect("memory does not fail");
    if project.diagnostics.has_errors() {
        return;
    }
    let measures = project.model.find("m").map(|measure| Wanted { measure, slices: vec![vec![]] });
    let request = Request { measures: measures.into_iter().collect(), until: None };
    let (plan, _) = plan::plan(&project.model, &request);

    let (facts, said) = run(CsvEngine::default(), &plan, &host);
    let one = NonZeroUsize::MIN;
    let (again, said_again) = run(CsvEngine::default().with_threads(one).with_block(one), &plan, &host);
    assert_eq!(said, said_again, "blocks and threads change what is said");
    let Some(facts) = facts else { return };
    assert_eq!(Some(&facts), again.as_ref(), "blocks and threads change what is counted");

    let rows: u64 = facts.files.iter().map(|f| f.rows).sum();
    let used: u64 = facts.files.iter().map(|f| f.used + f.rejected).sum();
    let left_out = facts.filtered + facts.replaced + facts.later;
    assert_eq!(rows, used + left_out, "{facts:?}");
    if let Some(lines) = plain_lines(choice, bytes) {
        assert_eq!(rows, lines, "{facts:?}");
    }
});

/// The facts of the one scan, where the rows are to be used, and the messages.
fn run(engine: CsvEngine, plan: &Plan, host: &MemoryHost) -> (Option<ScanFacts>, Vec<String>) {
    let mut out = Diagnostics::default();
    let result = engine.run(plan, host, &mut out).expect("memory does not fail");
    let said = out.sorted().iter().map(|d| format!("{} {:?}", d.message, d.data)).collect();
    let facts = result.scans.into_iter().next().map(|scan| scan.facts);
    (facts.filter(|_| !out.has_errors()), said)
}

/// How many rows there are, where nothing in the bytes makes that a question.
fn plain_lines(choice: usize, bytes: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}');
    let plain = choice != 3 && !text.contains(['"', '\r', '\0', '\u{feff}']);
    let lines = || text.strip_suffix('\n').unwrap_or(text).split('\n');
    (plain && lines().all(|l| !l.trim().is_empty())).then(|| lines().count() as u64)
}
