//! The corpus of projects and of typical mistakes that lies beside a checkout, where it does.

use std::path::PathBuf;

use sanjeh::diagnostic::Severity;
use sanjeh::driver;
use sanjeh::host::disk::DiskHost;
use sanjeh::host::memory::MemoryHost;

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
