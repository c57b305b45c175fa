//! The corpus of projects and of typical mistakes that lies beside a checkout, where it does.

use std::path::PathBuf;

use sanjeh::diagnostic::render::{Style, human};
use sanjeh::diagnostic::{Diagnostics, Severity};
use sanjeh::driver;
use sanjeh::eval::Outcome;
use sanjeh::host::disk::DiskHost;
use sanjeh::host::memory::MemoryHost;
use sanjeh::render::Format;

fn corpus() -> Option<PathBuf> {
    let path = crate::support::root().join("../shared/kpi");
    path.is_dir().then_some(path)
}

/// Each head names line, kind and fix: `# expect: 26, unknown property `x`, did you mean `y`?`.
#[test]
fn each_mistake_is_found_where_it_is() {
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    for path in crate::support::files(&corpus.join("broken"), "kpi") {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let expected: Vec<String> = text
            .lines()
            .filter_map(|l| l.strip_prefix("# expect: "))
            .filter(|l| !l.starts_with("none"))
            .map(ToOwned::to_owned)
            .collect();
        let host = MemoryHost::new([("main.kpi", text.as_bytes())]);
        let project = driver::load(&host, "").unwrap();
        let all = project.diagnostics.sorted();
        let found: Vec<_> = all
            .iter()
            .filter(|d| {
                !d.code.id.starts_with("K9") || expected.iter().any(|e| e.contains("warning"))
            })
            .collect();
        let lines: Vec<u32> = found
            .iter()
            .map(|d| d.span().map_or(0, |s| project.sources.get(s.file).place(s.start).line))
            .collect();
        let wanted: Vec<u32> =
            expected.iter().map(|e| e.split(',').next().unwrap().parse().unwrap()).collect();
        let told: Vec<String> = found
            .iter()
            .map(|d| format!("{}: {} ({})", d.code.id, d.message, d.help.as_deref().unwrap_or("")))
            .collect();
        // Two that clash, and the steps of a cycle, may be told at either place.
        let either = name.starts_with("21") || name.starts_with("22");
        if lines != wanted && !(either && lines.len() == wanted.len()) {
            wrong.push(format!("{name}: expected {expected:?}, found {lines:?} {told:?}"));
            continue;
        }
        for (expected, (diagnostic, told)) in expected.iter().zip(found.iter().zip(&told)) {
            if expected.contains("warning") != (diagnostic.severity == Severity::Warning) {
                wrong.push(format!("{name}: {told} has the wrong severity"));
            }
            // What stands in backticks in the expectation must stand in the message or its help.
            for (i, part) in expected.split('`').enumerate() {
                let plain = part.replace("...", "");
                if i % 2 == 1 && !plain.contains('(') && !told.contains(&plain) {
                    wrong.push(format!("{name}: expected {expected:?}, found {told:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Projects that carry data: they check, the sums that were worked out apart hold, and their
/// reports build.
#[test]
fn projects_with_data_give_the_sums_that_were_worked_out_apart() {
    let Some(corpus) = corpus() else { return };
    for (name, lines) in [("guides", 12), ("shop", 14), ("persian", 8)] {
        let (host, path) = DiskHost::around(&corpus.join(name)).unwrap();
        let project = driver::load(&host, &path).unwrap();
        let mut out = Diagnostics::default();
        out.extend(project.diagnostics.clone());
        assert!(!out.has_errors(), "{name}: {}", human(&out, &project.sources, Style::Plain));
        let tests = driver::test(&host, &project, None, &mut out).unwrap();
        let tests =
            tests.unwrap_or_else(|| panic!("{}", human(&out, &project.sources, Style::Plain)));
        let checked: Vec<_> = tests.iter().flat_map(|t| &t.lines).collect();
        assert_eq!(checked.len(), lines, "{name}");
        for (line, found) in checked {
            let fails = found.findings.iter().any(|f| f.outcome == Outcome::Fails);
            assert!(!fails, "{name}: {}", line.text);
        }
        let specs = driver::reports(&project.model);
        let specs: Vec<_> = specs.iter().collect();
        let built = driver::build(&host, &project, &specs, &Format::ALL, None, &mut out).unwrap();
        assert!(built.is_some(), "{name}: {}", human(&out, &project.sources, Style::Plain));
    }
}

/// Whole projects: every construct parses and resolves; what is not evaluated yet is named.
#[test]
fn whole_projects_are_understood() {
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    for name in ["guides", "shop", "persian", "saas", "library/marketing"] {
        let (host, path) = DiskHost::around(&corpus.join(name)).unwrap();
        let project = driver::load(&host, &path).unwrap();
        for found in project.diagnostics.sorted() {
            if found.code.name != "not-yet" && found.severity == Severity::Error {
                wrong.push(format!("{name}: {}: {}", found.code.id, found.message));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
