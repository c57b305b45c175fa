//! The pages of the codes that the check gives: the example yields the code and the repair not.

use sanjeh::diagnostic::codes;

use super::support::check;
use crate::support::{Fence, fences};

fn found(fences: &[Fence]) -> Vec<&'static str> {
    let path = |f: &Fence| if f.rest.is_empty() { "main.kpi".to_owned() } else { f.rest.clone() };
    let files: Vec<(String, &str)> = fences.iter().map(|f| (path(f), f.text.as_str())).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), *t)).collect();
    check(&files).out.sorted().iter().map(|d| d.code.id).collect()
}

#[test]
fn examples_yield_exactly_their_code() {
    let mut wrong = Vec::new();
    let mine = codes::all()
        .filter(|c| ["K2", "K3", "K7003", "K9001", "K9002"].iter().any(|p| c.id.starts_with(p)));
    for code in mine {
        let all = fences(code.page);
        let under = |heading: &str| -> Vec<Fence> {
            all.iter().filter(|f| f.heading == heading).cloned().collect()
        };
        let (example, repair) = (found(&under("Example")), found(&under("How to fix")));
        if example != [code.id] {
            wrong.push(format!("{}: the example yields {example:?}", code.id));
        }
        if !repair.is_empty() {
            wrong.push(format!("{}: the repaired example yields {repair:?}", code.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
