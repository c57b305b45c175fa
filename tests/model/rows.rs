//! Row expressions: what the functions and operators become.

use sanjeh::model::source::ColumnOrigin;

use super::support::one;

/// The expression of a computed column of a source with some undeclared headers.
fn row(ty: &str, expr: &str) -> String {
    let text = format!(
        "source s {{\n  inline: \"date,a,b,t,u,d,m\\n\"\n  date: date\n  columns {{\n    \
         x: {ty} = {expr}\n    m: timestamp\n  }}\n}}\n"
    );
    let checked = one(&text);
    if !checked.told().is_empty() {
        return checked.told().join("; ");
    }
    let source = &checked.model.sources[0];
    let ColumnOrigin::Computed(expr) = &source.columns[0].origin else { panic!() };
    let mut text = format!("{expr:?}");
    for (at, column) in source.columns.iter().enumerate() {
        let short = format!("{}:{:?}", column.key, column.ty);
        text = text.replace(&format!("Column(ColumnId({at}))"), &short);
    }
    // `Number(1)` as `1`.
    let number = regex::Regex::new(r"Number\((-?[0-9.]+)\)").unwrap();
    number.replace_all(&text, "$1").into_owned()
}

#[test]
fn undeclared_columns_take_their_type_from_their_use() {
    assert_eq!(
        row("number", "a + b * 2"),
        "Arithmetic(a:Number, [(Add, Arithmetic(b:Number, [(Multiply, 2)]))])"
    );
    assert_eq!(row("text", "lower(t ?? \"\")"), "Call(Lower, [Default([t:Text, Text(\"\")])])");
    assert_eq!(
        row("bool", "d >= 2026-06-01"),
        "Compare(d:Date, Comparison { op: GreaterEqual, case: Sensitive }, Date(2026-06-01))"
    );
    assert_eq!(row("bool", "a and not b"), "And([a:Bool, Not(b:Bool)])");
    assert_eq!(row("duration", "d - date"), "Elapsed(d:Date, date:Date)");
    assert_eq!(
        row("bool", "t == u"),
        "Compare(t:Text, Comparison { op: Equal, case: Sensitive }, u:Text)"
    );
    assert_eq!(row("text", "t"), "t:Text");
    assert_eq!(row("number", "if(m is null, a, b)"), "If(IsNull(m:Timestamp), a:Number, b:Number)");
    assert_eq!(row("number", "least(a, b)"), "Call(Least, [a:Number, b:Number])");
    assert_eq!(row("number", "abs(a ?? b)"), "Call(Abs, [Default([a:Number, b:Number])])");
    assert_eq!(
        row("bool", "t == length(t)"),
        "5 K3002 `t` is used as text and as number [declare its type: `t: ...` in `columns`]"
    );
}

#[test]
fn a_moment_and_a_day_compare_by_the_day() {
    assert_eq!(
        row("bool", "m < 2026-06-01"),
        "Compare(Call(DaysBetween, [Date(2026-06-01), m:Timestamp]), Comparison { op: Less, case: Sensitive }, 0)"
    );
}

#[test]
fn operators() {
    assert_eq!(
        row("bool", "t in (\"a\", \"b\")"),
        "In(t:Text, [Text(\"a\"), Text(\"b\")], Sensitive)"
    );
    assert_eq!(row("bool", "a not in (-1, 2)"), "Not(In(a:Number, [-1, 2], Sensitive))");
    assert_eq!(row("bool", "a between 1 and 2"), "Between(a:Number, 1, 2)");
    assert_eq!(row("bool", "t !~ /^x/i"), "Not(Match(t:Text, \"(?i)^x\"))");
    assert_eq!(row("bool", "t is not null"), "Not(IsNull(t:Text))");
    assert_eq!(
        row("number", "if(a > 1, 2, b)"),
        "If(Compare(a:Number, Comparison { op: Greater, case: Sensitive }, 1), 2, b:Number)"
    );
    assert_eq!(row("duration", "a * 1 ms"), "Arithmetic(a:Number, [(Multiply, 0.001)])");
    assert_eq!(row("money GBP", "a / 1_000_000"), "Arithmetic(a:Number, [(Divide, 1000000)])");
}

#[test]
fn functions() {
    assert_eq!(row("number", "length(t)"), "Call(Length, [t:Text])");
    assert_eq!(row("text", "extract(t, /-(\\d+)$/)"), "Call(Extract(\"-(\\\\d+)$\"), [t:Text])");
    assert_eq!(
        row("date", "date(t, \"%d.%m.%Y\")"),
        "Call(Date(\"%d.%m.%Y\", Gregorian), [t:Text])"
    );
    assert_eq!(row("number", "weekday(d)"), "Call(Weekday, [d:Date])");
    assert_eq!(row("number", "days(d - date)"), "Call(Days, [Elapsed(d:Date, date:Date)])");
    assert_eq!(row("number", "greatest(a, 0)"), "Call(Greatest, [a:Number, 0])");
    assert_eq!(row("number", "round(a, 2)"), "Call(Round, [a:Number, 2])");
    assert_eq!(
        row("number", "number(replace(t, \"x\", \"\"))"),
        "Call(Number, [Call(Replace, [t:Text, Text(\"x\"), Text(\"\")])])"
    );
    assert_eq!(
        row("number", "round(a, 2.5)"),
        "5 K3003 `round` takes a number of places from 0 to 18"
    );
    assert_eq!(row("number", "days(a, 2)"), "5 K3003 `days` takes one argument, and here are 2");
}
