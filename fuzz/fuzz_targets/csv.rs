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

/// A way to read the bytes: what stands before them in the file, and the source's properties.
struct Way {
    head: &'static str,
    properties: &'static str,
}

/// The first of the bytes says which.
const WAYS: [Way; 7] = [
    // Bad rows are left out.
    Way { head: "day,amount,kind\n", properties: "where: kind != \"x\"\n  on_error: skip" },
    // Bad cells are null.
    Way { head: "day,amount,kind\n", properties: "where: kind != \"x\"\n  on_error: null" },
    // Bad cells stop it.
    Way { head: "day,amount,kind\n", properties: "on_error: stop" },
    // Later rows win.
    Way { head: "day,amount,kind\n", properties: "key: kind keep last\n  on_error: skip" },
    // One column.
    Way { head: "day\n", properties: "on_error: skip" },
    // The bytes alone.
    Way { head: "", properties: "header: none\n  on_error: skip" },
    // Another dialect: lines left out at both ends, comments, nulls.
    Way {
        head: "Umsatz\nday;amount;kind\n",
        properties: r##"delimiter: ";"
  quote: "'"
  decimal: ","
  thousands: "."
  skip: 1
  footer: 1
  comment: "#"
  nulls: "-", "n/a"
  on_error: skip"##,
    },
];

impl Way {
    fn spec(&self) -> String {
        let properties = self.properties;
        let (day, amount, kind) = match self.head {
            "" => ("column_1", Some("column_2"), Some("column_3")),
            "day\n" => ("day", None, None),
            _ => ("day", Some("amount"), Some("kind")),
        };
        let column =
            |name: Option<&str>, ty| name.map_or(String::new(), |n| format!("    {n}: {ty}\n"));
        let columns = column(Some(day), "date") + &column(amount, "number") + &column(kind, "text");
        let value = amount.map_or("count(t)".to_owned(), |name| format!("sum(t.{name})"));
        format!(
            "source t {{\n  csv: \"t.csv\"\n  date: {day}\n  {properties}\n  columns {{\n{columns}  }}\n}}\n\
             metric m = {value}\n"
        )
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let way = &WAYS[usize::from(choice) % WAYS.len()];
    let table = [way.head.as_bytes(), bytes].concat();
    let host = MemoryHost::new([("main.kpi", way.spec().into_bytes()), ("t.csv", table)]);
    let project = driver::load(&host, "").expect("memory does not fail");
    if project.diagnostics.has_errors() {
        // Without a header of ours, the bytes decide which columns there are.
        assert!(way.head.is_empty(), "{:?}", project.diagnostics);
        return;
    }
    let measures = project.model.find("m").map(|measure| Wanted { measure, slices: vec![vec![]] });
    let request = Request { measures: measures.into_iter().collect(), until: None };
    let (plan, _) = plan::plan(&project.model, &request);

    let (facts, said) = run(CsvEngine::default(), &plan, &host);
    let one = NonZeroUsize::MIN;
    let (again, said_again) =
        run(CsvEngine::default().with_threads(one).with_block(one), &plan, &host);
    assert_eq!(said, said_again, "blocks and threads change what is said");
    let Some(facts) = facts else { return };
    assert_eq!(Some(&facts), again.as_ref(), "blocks and threads change what is counted");

    let rows: u64 = facts.files.iter().map(|f| f.rows).sum();
    let used: u64 = facts.files.iter().map(|f| f.used + f.rejected).sum();
    let left_out = facts.filtered + facts.replaced + facts.later;
    assert_eq!(rows, used + left_out, "{facts:?}");
    if let Some(lines) = plain_lines(way, bytes) {
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
fn plain_lines(way: &Way, bytes: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(bytes).ok()?;
    let odd = way.head.contains(';') || text.contains(['"', '\r', '\0', '\u{feff}']);
    let lines = || text.strip_suffix('\n').unwrap_or(text).split('\n');
    (!odd && lines().all(|l| !l.trim().is_empty())).then(|| lines().count() as u64)
}
