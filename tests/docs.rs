//! What the documents show is true.

use std::collections::BTreeSet;

use sanjeh::diagnostic::{Diagnostics, codes};
use sanjeh::driver;
use sanjeh::eval::table::Question;
use sanjeh::model::functions;
use sanjeh::source::Sources;
use sanjeh::syntax;
use sanjeh::syntax::words::BLOCKS;

use crate::support::{Fence, fences, files, host_of, root, rows};

#[test]
fn every_kpi_fence_of_the_documents_parses() {
    let mut pages = files(&root().join("docs"), "md");
    pages.extend([root().join("README.md"), root().join("CONTRIBUTING.md")]);
    pages.retain(|p| !p.starts_with(root().join("docs/codes")));
    let mut wrong = Vec::new();
    let mut count = 0;
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        for fence in fences(&text).iter().filter(|f| f.language == "kpi") {
            let mut sources = Sources::default();
            let id = sources.add("fence.kpi", fence.text.as_str());
            let mut out = Diagnostics::default();
            syntax::parse(&sources, id, &mut out);
            count += 1;
            for found in out.sorted() {
                wrong.push(format!("{}:{}: {}", page.display(), fence.line, found.message));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 5, "only {count} fences were found");
}

/// A fence with a file's name joins the project of its page, in place of an earlier one of that
/// name; one without is a project by itself.
#[test]
fn every_specification_of_the_documents_is_without_a_mistake() {
    let mut pages = files(&root().join("docs"), "md");
    pages.push(root().join("README.md"));
    pages.retain(|p| !p.starts_with(root().join("docs/codes")));
    let mut wrong = Vec::new();
    for page in pages {
        let all = fences(&std::fs::read_to_string(&page).unwrap());
        for (at, fence) in all.iter().enumerate().filter(|(_, f)| f.language == "kpi") {
            let named = |f: &&Fence| !f.rest.is_empty();
            let host = if fence.rest.is_empty() {
                host_of([fence])
            } else {
                host_of(all[..=at].iter().filter(named))
            };
            let project = driver::load(&host, "").unwrap();
            for found in project.diagnostics.sorted() {
                wrong.push(format!("{}:{}: {}", page.display(), fence.line, found.message));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_tutorial_says_what_comes_out() {
    let page = std::fs::read_to_string(root().join("docs/tutorial.md")).unwrap();
    let all = fences(&page);
    let host = host_of(all.iter().filter(|f| !f.rest.is_empty()));
    let show = |question: &Question| -> Vec<String> {
        let text = |t: &Option<String>| t.clone().unwrap_or_else(|| "-".to_owned());
        rows(&host, question)
            .iter()
            .map(|r| {
                let by: Vec<String> = r.by.iter().map(|(_, m)| text(m)).collect();
                let (value, status) = (text(&r.value), text(&r.status));
                format!("{} {} {} {value} {status}", r.kpi, r.period, by.join(","))
            })
            .collect()
    };
    let found = show(&Question::default());
    let expected = [
        "conversion_rate 2026-05  0.0263959390862944162 on track",
        "conversion_rate 2026-06  0.0285714285714285714 at risk",
        "takings 2026-05  1385.5 off track",
        "takings 2026-06  2360 on track",
    ];
    assert_eq!(found, expected);
    let by_channel = show(&Question { by: vec!["channel".to_owned()], ..Question::default() });
    for line in [
        "conversion_rate 2026-06 letter 0.0583333333333333333 no target",
        "conversion_rate 2026-06 search 0.0230769230769230769 no target",
    ] {
        assert!(by_channel.iter().any(|row| row == line), "{line} is not in {by_channel:#?}");
    }
}

/// The reference speaks of every word of the language.
#[test]
fn the_reference_leaves_out_no_word() {
    let page = std::fs::read_to_string(root().join("docs/language.md")).unwrap();
    let words: BTreeSet<&str> =
        page.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).collect();
    let calls = |name: &str| page.contains(&format!("{name}("));
    let mut absent: Vec<String> = Vec::new();
    for block in BLOCKS {
        absent.extend((!words.contains(block.name)).then(|| block.name.to_owned()));
        let keys = block.keys.iter().filter(|key| !words.contains(*key));
        absent.extend(keys.map(|key| format!("{}: {key}", block.name)));
    }
    absent.extend(functions().filter(|name| !calls(name)).map(|name| format!("{name}()")));
    let opinions = codes::all().filter(|code| code.id.starts_with("K90"));
    absent.extend(opinions.filter(|c| !page.contains(c.name)).map(|c| c.name.to_owned()));
    assert!(absent.is_empty(), "docs/language.md does not speak of {absent:?}");
}
