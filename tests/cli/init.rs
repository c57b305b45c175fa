//! `kpi init`

use std::path::Path;

use tempfile::TempDir;

use super::{Call, kpi, listed};

/// The project checks, builds and is formatted, and nothing is said against it.
fn is_whole(folder: &Path, dir: &str) {
    let check = kpi(folder, &["check", "--deny", "warnings", dir]);
    assert_eq!(check.code, 0, "{}", check.err);
    let build = kpi(folder, &["build", dir]);
    assert_eq!(build.code, 0, "{}", build.err);
    assert!(!build.err.contains("warning"), "{}", build.err);
    let page = build.out.lines().find(|p| p.contains(".html")).unwrap();
    assert!(folder.join(page).is_file(), "{page}");
    let fmt = kpi(folder, &["fmt", "--check", dir]);
    assert_eq!(fmt.code, 0, "{}", fmt.out);
}

#[test]
fn a_first_project_is_whole() {
    let call = Call::new(&["init", "tea"]).run();
    assert_eq!(call.code, 0, "{}", call.err);
    assert_eq!(call.out, "tea/shop.kpi\ntea/data/shop.csv\n");
    assert!(call.err.contains("kpi build tea"), "{}", call.err);
    is_whole(call.folder.path(), "tea");
    let test = kpi(call.folder.path(), &["test", "tea"]);
    assert_eq!(test.code, 0, "{}{}", test.out, test.err);
    let eval = kpi(
        call.folder.path(),
        &["eval", "tea", "--format", "csv", "--from", "2026-06", "--to", "2026-06"],
    );
    let rows: Vec<&str> = eval.out.lines().filter(|l| l.starts_with("takings,")).collect();
    // Added up by hand from the file.
    assert_eq!(
        rows,
        ["takings,2026-06,2026-06-01,2026-06-30,true,4009,GBP,4000,on track"],
        "{}",
        eval.err
    );
}

#[test]
fn a_first_project_in_persian_is_whole() {
    let call = Call::new(&["init", "--lang", "fa"]).run();
    assert_eq!(call.code, 0, "{}", call.err);
    is_whole(call.folder.path(), ".");
    let test = kpi(call.folder.path(), &["test"]);
    assert_eq!(test.code, 0, "{}{}", test.out, test.err);
    let args = ["eval", "--format", "csv", "--from", "1405-03", "--to", "1405-03"];
    let eval = kpi(call.folder.path(), &args);
    let row = eval.out.lines().find(|l| l.starts_with("فروش,")).unwrap_or_default();
    let expected = "فروش,1405-03,2026-05-22,2026-06-21,true,124460000,IRT,120000000,on track";
    assert_eq!(row, expected, "{}", eval.err);
}

#[test]
fn nothing_is_ever_written_over() {
    for (args, taken) in [
        (&["init"][..], "data/shop.csv"),
        (&["init"], "shop.kpi"),
        (&["init", "--from", "visits.csv"], "visits.kpi"),
    ] {
        let call =
            Call::new(args).file(taken, "mine").file("visits.csv", "day,visits\n2026-06-01,1\n");
        let before = listed(call.folder.path());
        let answer = call.run();
        assert_eq!(answer.code, 1);
        assert!(answer.err.contains(taken) && answer.err.contains("already"), "{}", answer.err);
        assert_eq!(listed(answer.folder.path()), before);
        assert_eq!(std::fs::read_to_string(answer.folder.path().join(taken)).unwrap(), "mine");
    }
    let again = Call::new(&["init"]).run();
    assert_eq!(kpi(again.folder.path(), &["init"]).code, 1);
}

/// A project for a table: what the spec must hold, and that it is whole.
fn from(table: &str, expected: &[&str]) -> TempDir {
    let answer = Call::new(&["init", "--from", "table.csv"]).file("table.csv", table).run();
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert_eq!(answer.out, "table.kpi\n");
    let spec = std::fs::read_to_string(answer.folder.path().join("table.kpi")).unwrap();
    for line in expected {
        let plain = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
        let found = spec.lines().any(|l| plain(l) == plain(line));
        assert!(found, "`{line}` is not in\n{spec}");
    }
    is_whole(answer.folder.path(), ".");
    answer.folder
}

fn sum(folder: &Path, name: &str) -> Vec<String> {
    let eval = kpi(folder, &["eval", "--kpi", name, "--every", "yearly", "--format", "csv"]);
    assert_eq!(eval.code, 0, "{}", eval.err);
    let value = |line: &str| line.split(',').nth(5).unwrap_or_default().to_owned();
    eval.out.lines().skip(1).map(value).collect()
}

#[test]
fn a_plain_table() {
    let table = "Day,Channel,Sessions,Bounce rate,Paid\n2026-06-01,a,1,0.5,yes\n2026-06-02,b,2,0.25,no\n2026-06-20,a,4,0.5,no\n";
    let folder = from(
        table,
        &[
            "csv: \"table.csv\"",
            "date: Day",
            "channel: text from `Channel`",
            "sessions: count from `Sessions`",
            "bounce_rate: number from `Bounce rate`",
            "paid: bool from `Paid`",
            "formula: sum(table.sessions)",
            "cadence: weekly",
            "by: channel",
        ],
    );
    assert_eq!(sum(folder.path(), "sessions"), ["7"]);
}

#[test]
fn a_german_table_with_a_head_a_foot_and_nulls() {
    let table = "Umsatz nach Tagen\nErstellt am 1.7.2026\n\nDatum;Filiale;Umsatz;Kunden-ID\n01.05.2026;Nord;1.234,50;0012\n31.05.2026;Süd;-;0013\n30.06.2026;Nord;0,50;0014\nSumme;;1.235,00;\n\n";
    let folder = from(
        table,
        &[
            "delimiter: \";\"",
            "skip: 3",
            "footer: 1",
            "decimal: \",\"",
            "thousands: \".\"",
            "nulls: \"-\"",
            "date: Datum as \"%d.%m.%Y\"",
            "umsatz: number from `Umsatz`",
            "kunden_id: id from `Kunden-ID`",
            "cadence: monthly",
        ],
    );
    assert_eq!(sum(folder.path(), "umsatz"), ["1235"]);
}

#[test]
fn what_can_be_read_in_two_ways_is_said() {
    let folder = from(
        "date,cost\n01/02/2026,\"1,234\"\n01/02/2026,\"2,500\"\n",
        &[
            "# Day and month could be exchanged: all dates fit \"%m/%d/%Y\" too.",
            "date: date as \"%d/%m/%Y\"",
            "# 1,234 could be read in two ways; this one was chosen.",
            "thousands: \",\"",
        ],
    );
    assert_eq!(sum(folder.path(), "cost"), ["3734"]);
}

#[test]
fn months_currencies_tabs_and_no_header() {
    let folder = from(
        "Month\tSpend\tShare\n2026-04-01\t$1,200.50\t12%\n2026-05-01\t$800.00\t8%\n",
        &[
            "delimiter: \"\\t\"",
            "grain: month",
            "covers: 2026-04-01 to 2026-05-31",
            "cadence: monthly",
            "spend: money USD from `Spend`",
            "share: percent from `Share`",
            "unit: money",
        ],
    );
    assert_eq!(sum(folder.path(), "spend"), ["2000.5"]);
    let folder = from(
        "2026-06-01,7\n2026-06-02,8\n",
        &["header: none", "date: column_1", "column_2: count"],
    );
    assert_eq!(sum(folder.path(), "column_2"), ["15"]);
    // Names that are no names, that stand twice, that are words of the language.
    let folder = from(
        "date,in,2nd,Twice,Twice,,note\n2026-06-01,1,2,3,4,5,x\n",
        &["column_2: count from `in`", "column_3: count from `2nd`", "note: text"],
    );
    assert_eq!(sum(folder.path(), "column_2"), ["1"]);
    let folder =
        from("when,what\n2026-06-01,a\n2026-06-01,b\n", &["formula: count(table)", "by: what"]);
    assert_eq!(sum(folder.path(), "rows"), ["2"]);
}

#[test]
fn solar_hijri_dates_are_known() {
    let folder = from(
        "تاریخ,بازدید\n۱۴۰۵/۰۱/۰۱,۱۲\n۱۴۰۵/۰۱/۰۲,۳۰\n",
        &["date: تاریخ as jalali \"%Y/%m/%d\"", "بازدید: count"],
    );
    assert_eq!(sum(folder.path(), "بازدید"), ["42"]);
    let answer = Call::new(&["init", "--lang", "fa", "--from", "a.csv"])
        .file("a.csv", "تاریخ,بازدید\n۱۴۰۵/۰۱/۰۱,۱۲\n۱۴۰۵/۰۲/۰۱,۳۰\n")
        .run();
    assert_eq!(answer.code, 0, "{}", answer.err);
    let spec = std::fs::read_to_string(answer.folder.path().join("a.kpi")).unwrap();
    assert!(spec.contains("  covers: 1405-01-01 to 1405-02-31\n"), "{spec}");
    is_whole(answer.folder.path(), ".");
}

#[test]
fn a_table_outside_of_the_folder_is_copied() {
    let table = "day,visits\n2026-06-01,1\n";
    let answer = Call::new(&["init", "--from", "there/web log.csv", "new"])
        .file("there/web log.csv", table)
        .run();
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert_eq!(answer.out, "new/web log.kpi\nnew/data/web log.csv\n");
    let copy = std::fs::read_to_string(answer.folder.path().join("new/data/web log.csv")).unwrap();
    assert_eq!(copy, table);
    is_whole(answer.folder.path(), "new");
}

#[test]
fn tables_that_no_project_can_be_made_for_are_refused() {
    for (table, why) in [
        (&b""[..], "no rows"),
        (b"day,visits\n", "no rows"),
        (b"name,visits\na,1\n", "no column of dates"),
        (b"day,visits\n2026-06-01,1\n2026-06-02,1,2\n2026-06-03,1\n", "line 3 has 3 fields"),
        (b"day,caf\x81\n2026-06-01,1\n", "not windows-1252 from line 1 on"),
        (b"PK\x03\x04\0\0", "no text"),
    ] {
        let call = Call::new(&["init", "--from", "t.csv"]);
        std::fs::write(call.folder.path().join("t.csv"), table).unwrap();
        let answer = call.run();
        assert_eq!(answer.code, 1);
        assert!(answer.err.contains(why), "{}", answer.err);
        assert!(answer.err.contains("help: "), "{}", answer.err);
        assert_eq!(listed(answer.folder.path()), ["t.csv"]);
    }
    assert_eq!(Call::new(&["init", "--from", "nowhere.csv"]).run().code, 1);
    assert_eq!(Call::new(&["init", "--lang", "xx"]).run().code, 2);
}

/// A file of bytes, made a project: its spec and what the KPI `n` adds up to.
fn from_bytes(bytes: &[u8], lang: &str) -> (String, Vec<String>) {
    let call = Call::new(&["init", "--lang", lang, "--from", "table.csv"]);
    std::fs::write(call.folder.path().join("table.csv"), bytes).unwrap();
    let answer = call.run();
    assert_eq!(answer.code, 0, "{}", answer.err);
    is_whole(answer.folder.path(), ".");
    let spec = std::fs::read_to_string(answer.folder.path().join("table.kpi")).unwrap();
    (spec, sum(answer.folder.path(), "n"))
}

#[test]
fn a_file_in_another_encoding() {
    let utf16: Vec<u8> = "\u{FEFF}day,città,n\n2026-06-01,Forlì,3\n2026-06-02,Bari,4\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let (spec, found) = from_bytes(&utf16, "en");
    assert!(spec.contains("encoding: \"utf-16\"") && spec.contains("città: text"), "{spec}");
    assert_eq!(found, ["7"]);

    let (spec, found) = from_bytes(b"day,citt\xe0,n\n2026-06-01,Forl\xec,3\n", "en");
    assert!(spec.contains("it says \"città\""), "{spec}");
    assert!(spec.contains("encoding: \"windows-1252\"") && spec.contains("città: text"), "{spec}");
    assert_eq!(found, ["3"]);

    // «شهر» in windows-1256.
    let (spec, found) = from_bytes(b"day,\xd4\xe5\xd1,n\n2026-06-01,x,3\n", "fa");
    assert!(spec.contains("encoding: \"windows-1256\"") && spec.contains("شهر: text"), "{spec}");
    assert_eq!(found, ["3"]);
}

#[test]
fn the_templates_are_there_to_be_changed() {
    let answer = Call::new(&["init", "--templates"]).run();
    assert_eq!(answer.code, 0, "{}", answer.err);
    let folder = answer.folder.path();
    for path in
        ["templates/report.html.j2", "templates/html/kpi.html.j2", "templates/index.html.j2"]
    {
        assert!(answer.out.lines().any(|l| l == path), "{path} is not in\n{}", answer.out);
    }
    // All of them at once make the very same report, and a change in one shows.
    assert_eq!(kpi(folder, &["init"]).code, 0);
    let build = || {
        let built = kpi(folder, &["build"]);
        assert_eq!((built.code, built.err.contains("warning")), (0, false), "{}", built.err);
        std::fs::read(folder.join("out/monthly.html")).unwrap()
    };
    let own = build();
    let marks = folder.join("templates/html/macros.html.j2");
    let text = std::fs::read_to_string(&marks).unwrap();
    std::fs::write(&marks, text.replace("data-label=", "data-name=")).unwrap();
    assert_ne!(build(), own);
    std::fs::remove_dir_all(folder.join("templates")).unwrap();
    assert_eq!(build(), own);
    assert_eq!(Call::new(&["init", "--templates", "--lang", "fa"]).run().code, 2);
}

#[test]
fn ci_runs_the_project_that_is_there() {
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join(".git")).unwrap();
    assert_eq!(kpi(place.path(), &["init", "docs/kpis"]).code, 0);
    let all = ["init", "docs/kpis", "--ci", "github,gitlab,pre-commit"];
    let made = kpi(place.path(), &all);
    assert_eq!((made.code, made.err.as_str()), (0, ""));
    let root = place.path().canonicalize().unwrap();
    let names = [".github/workflows/kpi.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml"];
    let shown: Vec<String> = names.iter().map(|n| format!("{}/{n}\n", root.display())).collect();
    assert_eq!(made.out, shown.concat());
    for name in names {
        let text = std::fs::read_to_string(root.join(name)).unwrap();
        assert!(
            text.contains("docs/kpis") && !text.contains('@') || name.contains("github"),
            "{text}"
        );
        assert!(!text.contains("@PATH@") && !text.contains("@VERSION@"), "{text}");
    }
    // What is there is never written over, and the others are not written either.
    std::fs::remove_file(root.join(names[1])).unwrap();
    let again = kpi(place.path(), &all);
    assert_eq!(again.code, 1, "{}", again.out);
    assert!(!root.join(names[1]).exists());
    let none = kpi(place.path(), &["init", ".git", "--ci", "gitlab"]);
    assert_eq!(none.code, 1);
    assert!(none.err.contains("no `.kpi` file"), "{}", none.err);
}
