//! The pages of the syntax's codes, before any model: example and repair, by the syntax alone.

use super::{parse, shown};
use sanjeh::diagnostic::codes;

fn fences(page: &str) -> Vec<&str> {
    page.split("```kpi\n").skip(1).filter_map(|rest| rest.split("\n```\n").next()).collect()
}

#[test]
fn examples_yield_their_code_alone() {
    let pages: Vec<_> = codes::all().filter(|c| c.id.starts_with("K1")).collect();
    assert_eq!(pages.len(), 28);
    for code in pages {
        assert!(code.page.starts_with(&format!("# {} {}\n\n", code.id, code.name)), "{}", code.id);
        let fences = fences(code.page);
        let [example, repaired] = fences.as_slice() else { panic!("{}", code.id) };
        let (sources, _, found) = parse(code.id, example);
        let ids: Vec<&str> = found.iter().map(|d| d.code.id).collect();
        assert_eq!(ids, [code.id], "{}", shown(&sources, &found));
        let (sources, _, found) = parse(code.id, repaired);
        assert_eq!(shown(&sources, &found), "", "{}", code.id);
    }
}
