//! `kpi check` for machines

use super::{Call, DATA, SPEC};

#[test]
fn formats_for_machines_go_to_stdout_and_exit_codes_stay() {
    let broken = SPEC.replace("target: ", "taregt: ");
    for format in ["json", "sarif", "github"] {
        let call = |spec| Call::new(&["check", "--format", format]).file("a/b c.kpi", spec);
        let answer = call(&broken).file("a/web.csv", DATA).run();
        assert_eq!((answer.code, answer.err.as_str()), (1, ""), "{format}");
        let found = match format {
            "json" => "\"code\": \"K1001\"",
            "sarif" => "\"ruleId\": \"K1001\"",
            _ => {
                "::error file=a/b c.kpi,line=17,endLine=17,col=3,endColumn=9,title=K1001 unknown-property::"
            }
        };
        assert!(answer.out.contains(found), "{}", answer.out);
        let fine = call(SPEC).file("a/web.csv", DATA).run();
        assert_eq!((fine.code, fine.err.as_str()), (0, ""), "{format}");
        let empty = if format == "github" { String::new() } else { fine.out.clone() };
        assert_eq!(fine.out, empty);
        // A file that is not there is a warning: fine, unless it is denied.
        let warned = call(SPEC).run();
        assert_eq!(warned.code, 0);
        assert!(!warned.out.is_empty());
        let mut denied = call(SPEC);
        denied.args.extend(["--deny", "warnings"].map(ToOwned::to_owned));
        assert_eq!(denied.run().code, 1);
    }
    let answer =
        Call::new(&["check", "--format", "sarif"]).file("a.kpi", SPEC).file("web.csv", DATA).run();
    let log: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    assert_eq!(log["runs"][0]["tool"]["driver"]["name"], "kpi");
}
