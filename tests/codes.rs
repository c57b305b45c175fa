//! Every code has a page; the page's example yields the code, the repaired one does not.

use sanjeh::diagnostic::codes;

use crate::support::{Fence, diagnose, fences, host_of};

#[test]
fn every_page_has_its_parts() {
    let mut wrong = Vec::new();
    for code in codes::all() {
        let head = format!("# {} {}\n", code.id, code.name);
        if !code.page.starts_with(&head) {
            wrong.push(format!("{}: the page must begin with `{}`", code.id, head.trim()));
        }
        for part in ["## Why", "## Example", "## How to fix"] {
            if !code.page.contains(part) {
                wrong.push(format!("{}: the page lacks `{part}`", code.id));
            }
        }
    }
    let pages = crate::support::files(&crate::support::root().join("docs/codes"), "md");
    for page in pages {
        let id = page.file_stem().unwrap().to_string_lossy().into_owned();
        if codes::find(&id).is_none() && id != "README" {
            wrong.push(format!("docs/codes/{id}.md belongs to no code"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What cannot stand in a page (bytes that are no text, megabytes) has tests of its own: below,
/// and in `csv::malformed`.
const UNPRINTABLE: [&codes::Code; 8] = [
    &codes::SPEC_NOT_UTF8,
    &codes::DATA_NOT_UTF8,
    &codes::NUL_BYTE,
    &codes::FIELD_TOO_LONG,
    &codes::TOO_MANY_COLUMNS,
    &codes::UNREADABLE_FORMAT,
    &codes::TOO_MUCH_MEMORY,
    &codes::SWOLLEN_FILE,
];

/// What hangs on the features that the program is built with.
const UNBUILT: &codes::Code =
    if cfg!(feature = "engines") { &codes::NOT_BUILT_IN } else { &codes::NO_TABLE };

#[test]
fn examples_yield_their_code_and_repairs_do_not() {
    let mut wrong = Vec::new();
    for code in codes::all() {
        let all = fences(code.page);
        let under = |heading: &str| -> Vec<Fence> {
            all.iter().filter(|f| f.heading == heading).cloned().collect()
        };
        let (broken, repaired) = (under("Example"), under("How to fix"));
        let found = |fences: &[Fence]| -> Vec<&str> {
            diagnose(&host_of(fences)).1.iter().map(|d| d.code.id).collect()
        };
        let example = found(&broken);
        if UNPRINTABLE.contains(&code) || code == UNBUILT {
            continue;
        }
        if !example.contains(&code.id) {
            wrong.push(format!("{}: the example yields {example:?}", code.id));
        }
        if example.iter().any(|id| *id != code.id && !id.starts_with("K9")) {
            wrong.push(format!("{}: the example yields more: {example:?}", code.id));
        }
        // Files that the repair does not repeat stay as they were in the example.
        let names: Vec<_> = repaired.iter().map(|f| (f.language.clone(), f.rest.clone())).collect();
        let mut files = repaired.clone();
        let kept = broken.iter().filter(|f| !names.contains(&(f.language.clone(), f.rest.clone())));
        files.extend(kept.cloned());
        let repaired = found(&files);
        if repaired.iter().any(|id| *id == code.id || !id.starts_with("K9")) {
            wrong.push(format!("{}: the repaired example yields {repaired:?}", code.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn bytes_that_are_no_utf8_are_told_with_their_place() {
    let host = sanjeh::host::memory::MemoryHost::new([("main.kpi", &b"goal a \"Caf\xe9\"\n"[..])]);
    let project = sanjeh::driver::load(&host, "").unwrap();
    let found = project.diagnostics.sorted();
    assert_eq!(found[0].code, &codes::SPEC_NOT_UTF8);
    assert!(found[0].message.contains("byte 11"), "{}", found[0].message);
}
