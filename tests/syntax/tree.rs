//! What the tree holds: precedence, values, places.

use super::{mutation::EVERY, parse, shown};
use sanjeh::source::Sources;
use sanjeh::syntax::ast::{
    ChainOp, Claim, CompareOp, Expr, ExprKind, File, Input, ItemKind, Measure, Number, Reference,
    TargetValue, UnaryOp,
};
use std::fmt::Write as _;

/// A compact S-expression.
fn dump(e: &Expr) -> String {
    let list = |head: &str, parts: &[&Expr]| {
        let parts: Vec<String> = parts.iter().map(|p| dump(p)).collect();
        format!("({head} {})", parts.join(" "))
    };
    let not = |negated: bool, word: &str| format!("{}{word}", if negated { "not-" } else { "" });
    match &e.kind {
        ExprKind::Number(n) => number(n),
        ExprKind::Money(n, c) => format!("{}{}", number(n), c.text),
        ExprKind::Quantity(q) => format!("{}{:?}", number(&q.number), q.unit),
        ExprKind::Date(d) => format!("{}-{}-{}", d.year, d.month, d.day),
        ExprKind::Period(p) => format!("{}-{:?}", p.year, p.part),
        ExprKind::Text(t) => format!("{t:?}"),
        ExprKind::Regex(r) => format!("/{}/{}", r.pattern, if r.ignore_case { "i" } else { "" }),
        ExprKind::Bool(b) => b.to_string(),
        ExprKind::Null => "null".into(),
        ExprKind::Name(p) => {
            p.segments.iter().map(|s| s.key.as_str()).collect::<Vec<_>>().join(".")
        }
        ExprKind::Unary(UnaryOp::Negate, x) => list("neg", &[x]),
        ExprKind::Unary(UnaryOp::Not, x) => list("not", &[x]),
        ExprKind::Chain(first, links) => {
            let mut text = format!("({}", dump(first));
            for link in links {
                let op = match link.op {
                    ChainOp::Add => "+",
                    ChainOp::Subtract => "-",
                    ChainOp::Multiply => "*",
                    ChainOp::Divide => "/",
                    ChainOp::Default => "??",
                    ChainOp::And => "and",
                    ChainOp::Or => "or",
                };
                let _ = write!(text, " {op} {}", dump(&link.operand));
            }
            text + ")"
        }
        ExprKind::Compare(a, op, b) => list(&format!("{op:?}"), &[a, b]),
        ExprKind::Match { value, regex, negated } => {
            format!("({} {} /{}/)", not(*negated, "match"), dump(value), regex.pattern)
        }
        ExprKind::In { value, members, negated } => {
            let members: Vec<String> = members.iter().map(dump).collect();
            format!("({} {} [{}])", not(*negated, "in"), dump(value), members.join(" "))
        }
        ExprKind::Between { value, low, high, negated } => {
            list(&not(*negated, "between"), &[value, low, high])
        }
        ExprKind::IsNull { value, negated } => list(&not(*negated, "null"), &[value]),
        ExprKind::Call(call) => {
            let mut text = format!("{}(", call.name.text);
            for arg in &call.args {
                let name = arg.name.as_ref().map(|n| format!("{}=", n.text)).unwrap_or_default();
                let _ = write!(text, "{name}{} ", dump(&arg.value));
            }
            if let Some(filter) = &call.filter {
                let _ = write!(text, "? {}", dump(filter));
            }
            text.trim_end().to_owned() + ")"
        }
    }
}

fn number(n: &Number) -> String {
    let percent = if n.percent { "%" } else { "" };
    if n.scale == 0 {
        format!("{}{percent}", n.mantissa)
    } else {
        format!("{}e-{}{percent}", n.mantissa, n.scale)
    }
}

fn read(text: &str) -> (Sources, File) {
    let (sources, file, found) = parse("tree.kpi", text);
    assert_eq!(shown(&sources, &found), "", "{text}");
    (sources, file)
}

fn measure(text: &str) -> Measure {
    let (_, file) = read(text);
    match file.items.into_iter().next().map(|i| i.kind) {
        Some(ItemKind::Measure(measure)) => *measure,
        other => panic!("{other:?}"),
    }
}

fn formula(text: &str) -> String {
    dump(&measure(&format!("metric a = {text}\n")).formula.unwrap().value)
}

#[test]
fn tighter_operators_bind_first() {
    for (text, tree) in [
        ("a + b * c - d / e", "(a + (b * c) - (d / e))"),
        ("-a ?? b * c", "(((neg a) ?? b) * c)"),
        ("a ?? b ?? 0 + 1", "((a ?? b ?? 0) + 1)"),
        ("(a + b) * c", "((a + b) * c)"),
        ("not a == b and c or d", "(((not (Equal a b)) and c) or d)"),
        ("not not a", "(not (not a))"),
        ("a + 1 > b * 2 and c", "((Greater (a + 1) (b * 2)) and c)"),
        ("a between 1 and b + 2 and c", "((between a 1 (b + 2)) and c)"),
        ("a not between 1 and 2 or b", "((not-between a 1 2) or b)"),
        ("a in (1, \"x\") or b not in std.c", "((in a [1 \"x\"]) or (not-in b [std.c]))"),
        ("a is not null and b is null", "((not-null a) and (null b))"),
        ("a =~ /x\\/y/i and b !~ /z/", "((match a /x/y/) and (not-match b /z/))"),
        ("- - a", "(neg (neg a))"),
        ("2026-06 - 06", "(2026-Month(6) - 6)"),
        ("2026 - 06", "(2026 - 6)"),
        ("a - -1", "(a - (neg 1))"),
        ("income + orders + notes + android", "(income + orders + notes + android)"),
        ("a/b/c", "(a / b / c)"),
        ("1 - a / b # of all\n  + c", "(1 - (a / b) + c)"),
    ] {
        assert_eq!(formula(text), tree, "{text}");
    }
}

#[test]
fn values_are_read_exactly() {
    for (text, tree) in [
        ("1_000 + 2.5M + 3% + 15k + 3B", "(1000 + 2500000 + 3e-2% + 15000 + 3000000000)"),
        ("۲٫۵٪ + ۱٬۰۰۰ + ٤٫٣", "(25e-3% + 1000 + 43e-1)"),
        ("50 USD + 2.5M IRT + 48k GBP", "(50USD + 2500000IRT + 48000GBP)"),
        ("90 s + 1.5 days + 300 ms", "(90Seconds + 15e-1Days + 300Milliseconds)"),
        ("f(2 months, 3 quarters, 1 year)", "f(2Months 3Quarters 1Years)"),
        ("f(2026-12-31, ۱۴۰۵-۰۷-۰۱)", "f(2026-12-31 1405-7-1)"),
        ("f(2026-Q2, 2026-W27)", "f(2026-Quarter(2) 2026-Week(27))"),
        ("f(\"a\\\"b\\\\c\\n\\t\\u{2026}\")", "f(\"a\\\"b\\\\c\\n\\t…\")"),
        ("f(/^(ppc|cpc)$/i, x, /-(\\d+)$/)", "f(/^(ppc|cpc)$/i x /-(\\d+)$/)"),
        ("f(true, false, null)", "f(true false null)"),
        ("`Key events` + web.`a b`", "(Key events + web.a b)"),
        ("نرخ_تبديل", "نرخ_تبدیل"),
        ("سفارش‌ها.كد", "سفارش‌ها.کد"),
    ] {
        assert_eq!(formula(text), tree, "{text}");
    }
}

#[test]
fn where_stands_behind_any_argument() {
    for (text, tree) in [
        ("sum(a.b where c == 1)", "sum(a.b ? (Equal c 1))"),
        ("sum(a.b where c, on: d)", "sum(a.b on=d ? c)"),
        ("count(a, on: d where c)", "count(a on=d ? c)"),
        ("count(orders where late)", "count(orders ? late)"),
        ("if(a > 1, b, 0)", "if((Greater a 1) b 0)"),
        ("avg(users, each: day) / users", "(avg(users each=day) / users)"),
        ("now()", "now()"),
        ("sum(\n  a where b\n  and c\n)", "sum(a ? (b and c))"),
        ("avg(x,\n  weight: y)", "avg(x weight=y)"),
    ] {
        assert_eq!(formula(text), tree, "{text}");
    }
}

#[test]
fn a_value_goes_on_over_line_breaks() {
    let text = "kpi a {\n  formula: b +\n\n    c # why\n    / d\n    and e\n  cadence: weekly,\n    monthly\n  target: 3%\n    because \"x\"\n  unit:\n    count\n}\n";
    let a = measure(text);
    assert_eq!(dump(&a.formula.unwrap().value), "((b + (c / d)) and e)");
    assert_eq!(a.cadence.unwrap().value.len(), 2);
    assert!(a.targets[0].value.because.is_some());
    assert!(a.unit.is_some());
}

#[test]
fn all_clauses_of_a_target_in_any_order() {
    let one = "3% from 2026-01-01 by 2026-12-31 starting 1% on 2026-02-01 per year for channel ga4.email because method \"x\"";
    let two = "3% because method \"x\" for channel ga4.email per year starting 1% on 2026-02-01 by 2026-12-31 from 2026-01-01";
    let strip = |text: &str| {
        let a = measure(&format!("kpi a {{\n  target: {text}\n}}\n"));
        let span = regex::Regex::new(r"(start|end): \d+").unwrap();
        span.replace_all(&format!("{:?}", a.targets[0].value), "_").into_owned()
    };
    assert_eq!(strip(one), strip(two));
    assert!(!strip(one).contains("None"));
}

#[test]
fn kinds_of_targets() {
    let target = |text: &str| {
        measure(&format!("kpi a {{\n  target: {text}\n}}\n")).targets[0].value.value.clone()
    };
    assert!(matches!(target("increase from 2026-07-01"), TargetValue::Increase(_)));
    assert!(matches!(target("decrease"), TargetValue::Decrease(_)));
    assert!(matches!(target("2% .. 4%"), TargetValue::Range(..)));
    assert!(matches!(target("2%..4%"), TargetValue::Range(..)));
    assert!(matches!(target("-2_000 GBP from 2026-04-01"), TargetValue::Value(_)));
    assert!(matches!(target("sum(plan.amount)"), TargetValue::Value(_)));
    let TargetValue::Relative { amount, points, over, .. } = target("-0.2 points over 2025-Q4")
    else {
        panic!()
    };
    assert_eq!((amount.mantissa, amount.scale, points), (-2, 1, true));
    assert!(matches!(over, Reference::Period(_)));
    let over = |text: &str| match target(text) {
        TargetValue::Relative { over, .. } => over,
        other => panic!("{other:?}"),
    };
    assert!(matches!(over("+20% over previous"), Reference::Previous(_)));
    assert!(matches!(over("+20% over last year from 2026-01-01"), Reference::LastYear(_)));
    assert!(matches!(over("+20% over baseline"), Reference::Baseline(_)));
}

#[test]
fn short_and_long_forms_of_measures() {
    assert!(measure("metric a: money USD\n").needs.unwrap().currency.is_some());
    assert!(measure("metric a \"T\" fa \"ت\" = 1\n").title.unwrap().variants.len() == 1);
    let completing = measure("kpi a {\n  goal: g\n}\n");
    assert!(completing.title.is_none() && completing.formula.is_none());
    assert_eq!(measure("kpi a {\n  title: \"T\"\n}\n").title.unwrap().plain.value, "T");
    let about = measure("kpi a {\n  about: \"x\" fa \"y\"\n  about de: \"z\"\n}\n").about;
    let tags: Vec<_> = about.iter().map(|t| t.language.as_ref().map(|l| l.text.clone())).collect();
    assert_eq!(tags, [None, Some("fa".into()), Some("de".into())]);
}

#[test]
fn line_breaks_bom_and_tabs_are_accepted() {
    let plain = "kpi a \"A\" {\n  formula: b\n    / c\n  about: \"\"\"\n    x\n    y\n  \"\"\"\n}\nmetric b = 1\n";
    let strip = |text: &str| {
        let (_, file) = read(text);
        let places = regex::Regex::new(r"(start|end): \d+").unwrap();
        places.replace_all(&format!("{:?}", file.items), "_").into_owned()
    };
    assert_eq!(strip(plain), strip(&plain.replace('\n', "\r\n")));
    assert_eq!(strip(plain), strip(&format!("\u{FEFF}{plain}")));
    assert_eq!(strip(plain), strip(&plain.replace("\n  ", "\n\t")));
    assert_eq!(strip(plain), strip(plain.trim_end()));
}

#[test]
fn one_line_blocks() {
    let (_, file) =
        read("channels areas { website \"Website\" }\nconnection w { dialect: postgres }\n");
    assert!(matches!(&file.items[0].kind, ItemKind::Channels(c) if c.rules.len() == 1));
    let (_, file) = read("source a { columns { x: count } }\n");
    assert!(matches!(&file.items[0].kind, ItemKind::Source(s) if s.columns.len() == 1));
}

#[test]
fn keywords_may_be_properties_at_the_first_column() {
    let a = measure("kpi a {\ngoal: g\nreview: quarterly\nchannels: seo\n}\n");
    assert!(a.goal.is_some() && a.review.is_some() && a.channels.is_some());
}

#[test]
fn inline_rows_lose_their_indentation_only() {
    let (_, file) =
        read("source a {\n  inline: \"\"\"\n    d,x\n    1,\"two, three\"\n  \"\"\"\n}\n");
    let ItemKind::Source(source) = &file.items[0].kind else { panic!() };
    let Some(Input::Inline(text)) = source.input.as_ref().map(|i| &i.value) else { panic!() };
    assert_eq!(text.value, "d,x\n1,\"two, three\"");
}

#[test]
fn test_lines_claim() {
    let (_, file) = read(
        "test \"t\" {\n  a in 2026-06 for channel email, device \"m\" by x == 3% +- 0.1%\n  a in 2026 is null\n  a in 2026 is not null\n  a in 2026-W01 is \"on track\"\n  a in 2026-01-05 >= 1\n}\n",
    );
    let ItemKind::Test(test) = &file.items[0].kind else { panic!() };
    let [one, two, three, four, five] = test.lines.as_slice() else { panic!() };
    assert_eq!((one.scopes.len(), one.by.len()), (2, 1));
    assert!(matches!(one.claim, Claim::Compare(CompareOp::Equal, _, Some(_))));
    assert!(matches!(two.claim, Claim::IsNull(true)));
    assert!(matches!(three.claim, Claim::IsNull(false)));
    assert!(matches!(&four.claim, Claim::Status(t) if t.value == "on track"));
    assert!(matches!(five.claim, Claim::Compare(CompareOp::GreaterEqual, _, None)));
}

#[test]
fn allowances_stand_right_above_their_item() {
    let (_, file, found) = parse(
        "tree.kpi",
        "# kpi: allow(no-goal) later\n# said twice\n# kpi: allow(no-owner)\nmetric a = 1\n\n# kpi: allow(no-goal)\n\nmetric b = 1\n",
    );
    let names: Vec<_> =
        file.items[0].allows.iter().map(|a| (a.lint.text.as_str(), a.reason.as_str())).collect();
    assert_eq!(names, [("no-goal", "later"), ("no-owner", "")]);
    assert!(file.items[1].allows.is_empty());
    assert_eq!(found.len(), 1);
    assert_eq!(file.comments.len(), 4);
}

#[test]
fn a_broken_item_keeps_its_name() {
    let (_, file, found) =
        parse("x", "kpi a \"A\" {\n  formula: b +\n}\nmetric b = = 2\ngoal c {\n  due: soon\n}\n");
    assert_eq!(found.len(), 3);
    let ItemKind::Broken { keyword, name } = &file.items[0].kind else { panic!() };
    assert_eq!((keyword.as_str(), name.as_ref().unwrap().key.as_str()), ("kpi", "a"));
    assert!(matches!(&file.items[1].kind, ItemKind::Broken { .. }));
    assert!(matches!(&file.items[2].kind, ItemKind::Goal(g) if g.due.is_none()));
}

/// Every place in the tree is a piece of the text, with nothing blank around it; a name's place
/// says the name.
#[test]
fn places_slice_back_to_their_text() {
    let (_, file) = read(EVERY);
    let tree = format!("{:#?}", file.items);
    let places = regex::Regex::new(
        r"Span \{\s+file: FileId\(\s+0,\s+\),\s+start: (\d+),\s+end: (\d+),\s+\}",
    )
    .unwrap();
    let mut count = 0;
    for found in places.captures_iter(&tree) {
        let (start, end): (usize, usize) = (found[1].parse().unwrap(), found[2].parse().unwrap());
        let slice = EVERY.get(start..end).unwrap();
        assert!(!slice.is_empty() && slice.trim() == slice, "{slice:?} at {start}");
        count += 1;
    }
    assert!(count > 400, "{count}");
    let plain = format!("{:?}", file.items);
    let names = regex::Regex::new(r#"Ident \{ text: "([^"]*)", key: "[^"]*", span: Span \{ file: FileId\(0\), start: (\d+), end: (\d+) \}, quoted: (\w+)"#).unwrap();
    for found in names.captures_iter(&plain) {
        let slice = &EVERY[found[2].parse().unwrap()..found[3].parse().unwrap()];
        let quoted = &found[4] == "true";
        let name = if quoted {
            format!("`{}`", &found[1])
        } else {
            found[1].replace("\\u{200c}", "\u{200C}")
        };
        assert_eq!(slice, name);
    }
    let comments: Vec<&str> = file.comments.iter().map(|c| &EVERY[c.range()]).collect();
    assert!(comments.iter().all(|c| c.starts_with('#')));
    assert_eq!(comments.len(), EVERY.lines().filter(|l| l.starts_with('#')).count());
}
