//! The standard library: no file is forgotten, each is right, each KPI has values.

use std::fmt::Write;

use sanjeh::diagnostic::Severity;
use sanjeh::driver;
use sanjeh::eval::table::Question;
use sanjeh::host::memory::MemoryHost;
use sanjeh::library::shipped::ALL;
use sanjeh::model::Model;

use crate::support::{files, root, rows};

#[test]
fn the_table_holds_every_file_of_the_folder() {
    let folder = root().join("specs");
    let on_disk: Vec<String> = files(&folder, "kpi")
        .iter()
        .map(|path| {
            let inner = path.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/");
            inner.trim_end_matches(".kpi").to_owned()
        })
        .collect();
    let mut in_table: Vec<&str> = ALL.iter().map(|s| s.name).collect();
    in_table.sort_unstable();
    let mut on_disk: Vec<&str> = on_disk.iter().map(String::as_str).collect();
    on_disk.sort_unstable();
    assert_eq!(in_table, on_disk);
    for file in ALL {
        let path = folder.join(format!("{}.kpi", file.name));
        assert_eq!(std::fs::read_to_string(path).unwrap(), file.text, "{}", file.name);
    }
}

/// A file alone is a project too, and stands without a warning.
#[test]
fn every_file_is_right_by_itself() {
    for (name, theme) in driver::standard().unwrap() {
        let found: Vec<String> =
            theme.diagnostics.iter().map(|d| format!("{} {}", d.code.id, d.message)).collect();
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

#[test]
fn every_kpi_speaks_persian_too_and_says_what_it_is() {
    let mut wrong = Vec::new();
    for (name, theme) in driver::standard().unwrap() {
        for (_, kpi) in theme.model.kpis() {
            let purpose = kpi.purpose.as_ref().unwrap();
            let variant = kpi.variant_of.is_some();
            let persian = |text: &sanjeh::model::Localized| text.get("fa") != text.plain;
            let full = persian(&kpi.title)
                && persian(&kpi.about)
                && !kpi.about.plain.is_empty()
                && (variant || persian(&purpose.improve))
                && purpose.review.is_some()
                && !purpose.channels.is_empty();
            if !full {
                wrong.push(format!("{name}: {}", kpi.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// What is read now and then, and holds until the next reading.
const LEVELS: [&str; 5] =
    ["backlinks", "customers", "followers", "list_members", "referring_domains"];

/// A project that defines every input of a theme by a column of a row now and then.
fn project(name: &str, kpi: &str, theme: &Model) -> String {
    let inputs: Vec<_> = theme.measures.iter().filter(|m| m.formula.is_none()).collect();
    let mut spec = format!("use {name:?} only {kpi}\n\nproject \"P\" {{\n  currency: EUR\n}}\n\n");
    let mut columns = String::new();
    let (mut head, mut before, mut first, mut second) = (
        "day,channel,landing_page,page,campaign,product,project".to_owned(),
        "2026-02-02,a,x,x,x,x,x".to_owned(),
        "2026-05-02,a,x,x,x,x,x".to_owned(),
        "2026-06-03,b,y,y,y,y,y".to_owned(),
    );
    for (at, input) in inputs.iter().enumerate() {
        let ty = match input.unit.json().as_str() {
            _ if input.unit.is_money() => "money EUR",
            "count" => "count",
            "percent" => "percent",
            "seconds" => "duration",
            "number" => "number",
            _ => "money EUR",
        };
        writeln!(columns, "    {}: {ty}", input.name).unwrap();
        write!(head, ",{}", input.name).unwrap();
        write!(before, ",{}", 4 + at).unwrap();
        write!(first, ",{}", 3 + at).unwrap();
        write!(second, ",{}", 5 + 2 * at).unwrap();
    }
    let long_ago = before.replace("2026-02-02", "2025-05-02");
    write!(
        spec,
        "source rows {{\n  inline: \"\"\"\n    {head}\n    {long_ago}\n    {before}\n    {first}\n    {second}\n  \"\"\"\n  date: day\n  \
         covers: 2025-01-01 to 2026-06-30\n  columns {{\n    channel: text\n    landing_page: text\n    page: text\n    campaign: text\n    product: text\n    project: text\n{columns}  }}\n}}\n\n"
    )
    .unwrap();
    for input in inputs {
        let op = if LEVELS.contains(&&*input.name) { "last" } else { "sum" };
        writeln!(spec, "metric {0} = {op}(rows.{0})", input.name).unwrap();
    }
    spec
}

#[test]
fn every_kpi_has_a_value_where_its_inputs_have() {
    let mut seen = 0;
    for (name, theme) in driver::standard().unwrap() {
        for (_, kpi) in theme.model.kpis() {
            let mut spec = project(&name, &kpi.name, &theme.model);
            // An attainment takes a target, which is the project's to set.
            let formula = &kpi.formula.as_ref().unwrap().text;
            for part in formula.split("attainment(").skip(1) {
                let held = part.split(')').next().unwrap();
                writeln!(spec, "\nkpi {held} {{\n  target: 30%\n}}").unwrap();
            }
            let host = MemoryHost::new([("main.kpi", spec.as_bytes())]);
            let project = driver::load(&host, "").unwrap();
            let errors: Vec<String> = project
                .diagnostics
                .iter()
                .filter(|d| d.severity == Severity::Error)
                .map(|d| format!("{} {}", d.code.id, d.message))
                .collect();
            assert!(errors.is_empty(), "{}: {errors:?}\n{spec}", kpi.name);
            let id = project.model.find(&kpi.key).unwrap();
            assert!(project.model.measure(id).lacks.is_empty());
            let rows = rows(&host, &Question { measures: vec![id], ..Question::default() });
            assert!(rows.iter().any(|r| r.value.is_some()), "{}: {rows:?}", kpi.name);
            seen += 1;
        }
    }
    assert!(seen > 10, "only {seen} KPIs were evaluated");
}

/// The page has every input and every KPI, with its formula, and none that is not there.
#[test]
fn the_vocabulary_is_documented() {
    let page = include_str!("../../docs/library.md");
    let mut names = std::collections::BTreeSet::new();
    for (theme, library) in driver::standard().unwrap() {
        for measure in &library.model.measures {
            let row = match &measure.formula {
                None => format!("| `{}` | ", measure.name),
                Some(formula) => {
                    format!("| `{}` | {} | `{}` |", measure.name, measure.title.plain, formula.text)
                }
            };
            assert!(page.contains(&row), "{theme}: docs/library.md lacks {row:?}");
            names.insert(measure.name.clone());
        }
    }
    let tables = page.split("## The vocabulary").nth(1).unwrap();
    for line in tables.lines().filter(|l| l.starts_with("| ")) {
        let Some(name) = line.split('`').nth(1) else { continue };
        assert!(names.contains(name), "docs/library.md has `{name}`, and no theme does");
    }
}
