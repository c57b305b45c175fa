//! What the documents show is true.

use sanjeh::diagnostic::Diagnostics;
use sanjeh::source::Sources;
use sanjeh::syntax;

use crate::support::{fences, files, root};

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
