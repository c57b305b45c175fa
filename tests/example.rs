//! The example shop through the program: its numbers are those of the plain reading in
//! [`crate::shop`], and its last month is the mixture that it was made to be.

use sanjeh::diagnostic::Diagnostics;
use sanjeh::diagnostic::render::{Style, human};
use sanjeh::driver;
use sanjeh::eval::table::{Question, Row};
use sanjeh::host::disk::DiskHost;

use crate::support::root;

/// What `kpi eval examples/shop` answers.
fn answers() -> Vec<Row> {
    let (host, path) =
        DiskHost::around(&root().join("examples/shop")).expect("the example is there");
    let project = driver::load(&host, &path).expect("it can be read");
    let mut out = Diagnostics::default();
    out.extend(project.diagnostics.clone());
    let warnings = human(&out, &project.sources, Style::Plain);
    assert!(warnings.is_empty(), "{warnings}");
    let rows =
        driver::evaluate(&host, &project, &Question::default(), &mut out).expect("so can its data");
    rows.unwrap_or_else(|| panic!("{}", human(&out, &project.sources, Style::Plain)))
}

#[test]
fn the_program_gives_the_numbers_of_the_plain_reading() {
    let answers = answers();
    for (kpi, period, value) in crate::shop::expected() {
        let found = answers.iter().find(|row| row.kpi == kpi && row.period == period);
        let found = found.unwrap_or_else(|| panic!("{kpi} in {period} is missing"));
        assert!(found.complete, "{kpi} in {period} is not complete");
        assert_eq!(found.value.as_ref(), Some(&value), "{kpi} in {period}");
    }
}

#[test]
fn the_last_month_is_a_mixture() {
    let answers = answers();
    let of = |status: &str| -> Vec<&str> {
        let last = ["2026-06", "2026-W26", "2026-Q2"];
        let rows = answers.iter().filter(|row| last.contains(&&*row.period));
        rows.filter(|row| row.status.as_deref() == Some(status)).map(|row| &*row.kpi).collect()
    };
    assert_eq!(of("at risk"), ["average_order", "gross_margin", "open_rate", "revenue"]);
    assert_eq!(of("off track"), ["acquisition_cost", "cost_per_click", "unsubscribe_rate"]);
    assert_eq!(of("no target"), ["buyers"]);
    assert_eq!(of("on track").len(), 12);
}

/// Every example is as a careful colleague would have it, on the day after its data end.
#[test]
fn examples_leave_no_opinion_to_tell() {
    let mut seen = 0;
    for entry in std::fs::read_dir(crate::support::root().join("examples")).unwrap() {
        let folder = entry.unwrap().path();
        if crate::support::files(&folder, "kpi").is_empty() {
            continue;
        }
        let (host, path) = DiskHost::around(&folder).unwrap();
        let project = driver::load(&host, &path).unwrap();
        let day = sanjeh::time::Date::from_ymd(2026, 7, 1).unwrap();
        let told: Vec<String> = driver::lint(&project, day)
            .iter()
            .chain(project.diagnostics.iter())
            .map(|d| format!("{}: {} {}", folder.display(), d.code.name, d.message))
            .collect();
        assert_eq!(told, [""; 0]);
        seen += 1;
    }
    assert!(seen > 0, "no example was found");
}

/// What the examples claim in their `test` blocks holds.
#[test]
fn the_tests_of_the_examples_hold() {
    for name in ["pamchal-fa", "tables"] {
        let folder = crate::support::root().join("examples").join(name);
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_kpi"))
            .args(["test".as_ref(), folder.as_os_str()])
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    }
}
