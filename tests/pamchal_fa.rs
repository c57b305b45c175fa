//! The Persian example: its data is what its generator makes, and its months are what the rows of
//! its files add up to, read by their text and by nothing of the program's.

#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "../examples/pamchal-fa/generator/mod.rs"]
mod generator;

use std::collections::{BTreeMap, BTreeSet};

use sanjeh::diagnostic::Diagnostics;
use sanjeh::driver;
use sanjeh::eval::table::Question;
use sanjeh::host::disk::DiskHost;
use sanjeh::value::{Decimal, Number};

use crate::support::root;

fn committed() -> BTreeMap<String, String> {
    let folder = root().join("examples/pamchal-fa/data");
    let file = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read_to_string(path).unwrap())
    };
    std::fs::read_dir(folder).unwrap().map(file).collect()
}

#[test]
fn the_committed_data_is_what_the_generator_makes() {
    let files = generator::files();
    let found = committed();
    let names = |all: &BTreeMap<String, String>| all.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&found), files.iter().map(|(name, _)| name.clone()).collect());
    for (name, content) in files {
        assert!(found[&name] == content, "{name} is another one");
    }
}

/// The text in Latin digits, without marks between thousands.
fn latin(text: &str) -> String {
    let digit = |c: char| match u32::from(c).checked_sub(0x6f0) {
        Some(digit @ 0..=9) => char::from_digit(digit, 10).unwrap(),
        _ => c,
    };
    text.chars().filter(|c| *c != '٬').map(digit).collect()
}

/// The rows of a file by header.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headers: Vec<String> = reader.headers().unwrap().iter().map(ToOwned::to_owned).collect();
    let row =
        |record: csv::StringRecord| headers.iter().cloned().zip(record.iter().map(latin)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// What a KPI comes to in each month, by hand: `(above, below)` of the fraction line.
fn expected() -> BTreeMap<(&'static str, String), (i64, i64)> {
    let mut found: BTreeMap<(&'static str, String), (i64, i64)> = BTreeMap::new();
    let mut add = |kpi: &'static str, month: &str, above: i64, below: i64| {
        let sum = found.entry((kpi, month.to_owned())).or_default();
        *sum = (sum.0 + above, sum.1 + below);
    };
    for (name, text) in committed() {
        for row in rows(&text) {
            let Some(month) = row.get("تاریخ").map(|day| day[..7].replace('/', "-")) else {
                continue;
            };
            let number = |column: &str| row[column].parse::<i64>().unwrap();
            if name.starts_with("سفارش") {
                let cancelled = row["وضعیت"] == "لغوشده";
                add("نرخ_لغو", &month, i64::from(cancelled), 1);
                if !cancelled {
                    let (amount, goods) = (number("مبلغ (تومان)"), number("بهای کالا"));
                    add("درآمد", &month, amount, 0);
                    add("سفارش‌ها", &month, 1, 0);
                    add("میانگین_سبد", &month, amount, 1);
                    add("حاشیهٔ_سود", &month, amount - goods, amount);
                    add("نرخ_تبدیل", &month, 1, 0);
                }
            } else if name == "بازدید.csv" {
                add("نشست‌ها", &month, number("نشست"), 0);
                add("نرخ_تبدیل", &month, 0, number("نشست"));
            } else if name == "تبلیغات.csv" {
                add("بودجهٔ_تبلیغ", &month, number("بهای کل"), 0);
                add("هزینهٔ_کلیک", &month, number("بهای کل"), number("کلیک"));
            } else if name == "پیامک.csv" {
                add("کلیک_پیامک", &month, number("کلیک"), number("رسیده"));
            }
        }
    }
    found
}

#[test]
fn the_months_of_the_solar_year_add_up() {
    let (host, path) = DiskHost::around(&root().join("examples/pamchal-fa")).unwrap();
    let project = driver::load(&host, &path).unwrap();
    let mut out = Diagnostics::default();
    let answers = driver::evaluate(&host, &project, &Question::default(), &mut out).unwrap();
    let answers = answers.unwrap_or_else(|| panic!("{out:?}"));
    let mut compared = 0;
    for ((kpi, month), (above, below)) in expected() {
        let row = answers.iter().find(|row| row.kpi == kpi && row.period == month);
        let row = row.unwrap_or_else(|| panic!("{kpi} in {month} is missing"));
        let above = Number::from(above);
        let value = if below == 0 { Some(above) } else { above.div(&Number::from(below)) };
        let text = |n: &Number| n.fixed(9);
        let found = row.value.as_ref().map(|v| Number::from(v.parse::<Decimal>().unwrap()));
        assert_eq!(found.as_ref().map(text), value.as_ref().map(text), "{kpi} in {month}");
        compared += 1;
    }
    // Ten KPIs over the 27 months from Farvardin 1403 to Khordad 1405.
    assert_eq!(compared, 10 * 27);
}
