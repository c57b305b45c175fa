//! `kpi graph`

use super::{Call, DATA, SPEC};

#[test]
fn lineage_runs_from_the_source_to_goal_and_report() {
    let spec = format!(
        "{SPEC}\nreport monthly \"Web\" {{\n  section \"a\" {{\n    kpis: conversion_rate\n  }}\n}}\n"
    );
    let call = |args: &[&str]| Call::new(args).file("shop.kpi", &spec).file("web.csv", DATA).run();
    let answer = call(&["graph"]);
    assert_eq!(
        answer.out,
        "source web\n  to metric visits, kpi conversion_rate\n\
         metric visits\n  from source web\n  to kpi conversion_rate\n\
         kpi conversion_rate \"Conversion rate\"\n  from source web, metric visits\n  \
         to goal grow, report monthly\n\
         goal grow \"Grow\"\n  from kpi conversion_rate\n\
         report monthly \"Web\"\n  from kpi conversion_rate\n"
    );
    let dot = call(&["graph", "--format", "dot"]).out;
    assert!(dot.starts_with("digraph lineage {\n") && dot.ends_with("}\n"), "{dot}");
    assert!(dot.contains("\"metric visits\" -> \"kpi conversion_rate\";\n"), "{dot}");
    let mermaid = call(&["graph", "--format", "mermaid"]).out;
    assert!(mermaid.starts_with("flowchart LR\n  n0[(\"web\")]\n"), "{mermaid}");
    assert!(mermaid.contains("  n1 --> n2\n"), "{mermaid}");
    assert_eq!(call(&["graph", "--format", "png"]).code, 2);
}
