//! What the model of a sound spec holds, in a compact form.

use std::fmt::Write;

use sanjeh::model::measure::Additivity;
use sanjeh::model::source::ColumnOrigin;
use sanjeh::model::{Aggregate, Model, Node};

use super::support::one;

/// A model as text: sources with their columns, aggregates, measures.
fn dump(model: &Model) -> String {
    let mut text = String::new();
    for source in &model.sources {
        let date = source.date.map(|id| source.columns[id.0 as usize].key.as_str());
        writeln!(text, "source {} date={}", source.key, date.unwrap_or("-")).unwrap();
        for column in &source.columns {
            let origin = match &column.origin {
                ColumnOrigin::Read { headers, .. } => format!("from {headers:?}"),
                ColumnOrigin::Computed(expr) => format!("= {expr:?}"),
                other => format!("{other:?}"),
            };
            writeln!(text, "  {}: {:?} {origin}", column.key, column.ty).unwrap();
        }
    }
    for (at, aggregate) in model.aggregates.iter().enumerate() {
        let Aggregate { op, value, condition, .. } = aggregate;
        write!(text, "#{at} {op:?} of {}", model.source(aggregate.source).key).unwrap();
        if let Some(value) = value {
            write!(text, " {value:?}").unwrap();
        }
        if let Some(condition) = condition {
            write!(text, " where {condition:?}").unwrap();
        }
        text.push('\n');
    }
    for measure in &model.measures {
        let adds = if measure.additive == Additivity::Additive { " additive" } else { "" };
        let formula = measure.formula.as_ref().map_or("-".to_owned(), |f| node(&f.node));
        let sources: Vec<_> = measure.sources.iter().map(|s| &*model.source(*s).key).collect();
        writeln!(
            text,
            "{}: {}{adds} from {} by {} = {formula}",
            measure.key,
            measure.unit.json(),
            sources.join(","),
            measure.dimensions.join(","),
        )
        .unwrap();
    }
    text
}

fn node(node: &Node) -> String {
    format!("{node:?}").replace("AggregateId", "#").replace("MeasureId", "@")
}

const SHOP: &str = r#"project "Shop" {
  currency: GBP
}

source web {
  inline: """
    Date,Device category,Sessions,Key events
    2026-06-01,mobile,100,3
  """
  date: `Date`
  columns {
    sessions: count
    mobile:   bool = device_category == "mobile"
  }
}

source orders {
  inline: """
    day,device_category,amount,qty,note
    2026-06-01,mobile,12.50,2,
  """
  date: day
  columns {
    amount: money
    each_one: money = amount / qty
  }
}

metric sessions = sum(web.sessions)
metric mobile   = sum(web.sessions where mobile)
metric again    = sum(web.sessions)
metric sales    = sum(orders.amount)
kpi sales_per_session "Sales" {
  formula: sales / sessions
  unit:    money
}
"#;

#[test]
fn a_small_shop() {
    let checked = one(SHOP);
    assert_eq!(checked.told(), [""; 0]);
    let expected = r#"source web date=date
  sessions: Count from ["Sessions"]
  mobile: Bool = Compare(Column(ColumnId(3)), Comparison { op: Equal, case: Sensitive }, Text("mobile"))
  date: Date from ["Date"]
  device_category: Text from ["Device category"]
  key_events: Text from ["Key events"]
source orders date=day
  amount: Money(GBP) from ["amount"]
  each_one: Money(GBP) = Arithmetic(Column(ColumnId(0)), [(Divide, Column(ColumnId(3)))])
  day: Date from ["day"]
  qty: Number from ["qty"]
  device_category: Text from ["device_category"]
  note: Text from ["note"]
#0 Sum of web Column(ColumnId(0))
#1 Sum of web Column(ColumnId(0)) where Column(ColumnId(1))
#2 Sum of orders Column(ColumnId(0))
sessions: count additive from web by date,device_category,key_events,mobile = Aggregate(#(0))
mobile: count additive from web by date,device_category,key_events,mobile = Aggregate(#(1))
again: count additive from web by date,device_category,key_events,mobile = Aggregate(#(0))
sales: GBP additive from orders by day,device_category,note = Aggregate(#(2))
sales_per_session: GBP from web,orders by device_category = Product([(Above, Measure(@(3))), (Below, Measure(@(0)))])
"#;
    assert_eq!(dump(&checked.model), expected);
}

#[test]
fn channels_put_columns_into_their_rules() {
    let text = r#"channels marketing(source, medium) {
  paid  "Paid"  when medium =~ /^(cpc|ppc)$/ and source in engines
  email "Email" when medium == "E-Mail" or contains(source, "News")
  other "Other" otherwise
}

list engines = more, "Bing"
list more = "Google", "Bing"

source web {
  inline: """
    date,utm_source,utm_medium,visits
    2026-06-01,google,cpc,3
  """
  date: date
  columns {
    channel: text = marketing(lower(utm_source), utm_medium)
  }
}
"#;
    let checked = one(text);
    assert_eq!(checked.told(), [""; 0]);
    let expected = concat!(
        r#"  channel: Text = Cases([(And([Match(Column(ColumnId(3)), "(?i)^(cpc|ppc)$"), "#,
        r#"In(Call(Lower, [Column(ColumnId(2))]), [Text("google"), Text("bing")], Folded)]), "paid"), "#,
        r#"(Or([Compare(Column(ColumnId(3)), Comparison { op: Equal, case: Folded }, Text("e-mail")), "#,
        r#"Call(Contains, [Call(Lower, [Call(Lower, [Column(ColumnId(2))])]), Text("news")])]), "email")], "#,
        r#"Some("other"))"#
    );
    let dumped = dump(&checked.model);
    assert!(dumped.contains(expected), "{dumped}");
}

#[test]
fn settings_come_from_the_project() {
    let checked =
        one("project \"Shop\" fa \"فروشگاه\" {\n  currency: USD\n  week: starts saturday\n  \
                       fiscal_year: starts april, named by end\n}\n");
    assert_eq!(checked.told(), [""; 0]);
    let settings = &checked.model.settings;
    assert_eq!(settings.title.get("fa"), "فروشگاه");
    assert_eq!(settings.title.get("de"), "Shop");
    assert_eq!(settings.currency.unwrap().code(), "USD");
    assert_eq!(settings.calendar.fiscal_start, 4);
    assert_eq!(settings.timezone.name(), "UTC");
    let june = settings.calendar.quarter(2027, 1).unwrap();
    assert_eq!(
        (june.start.to_string(), june.end.to_string()),
        ("2026-04-01".into(), "2026-06-30".into())
    );
}

#[test]
fn inputs_start_from_the_folder_of_their_spec() {
    let spec = "source web {\n  csv: \"../data/*.csv\"\n  date: date\n}\n";
    let checked = super::support::check(&[("shop/kpis/web.kpi", spec)]);
    assert_eq!(checked.told(), [""; 0]);
    let input = format!("{:?}", checked.model.sources[0].input);
    assert!(input.contains("pattern: \"shop/data/*.csv\""), "{input}");
}

#[test]
fn inline_rows_know_their_line() {
    let line = |text: &str| format!("{:?}", one(text).model.sources[0].input);
    let below = line(
        "source a {\n  inline: \"\"\"\n    date,x\n    2026-06-01,1\n  \"\"\"\n  date: date\n}\n",
    );
    assert!(below.contains("first_line: 3") && below.contains("text: \"date,x\\n"), "{below}");
    let beside =
        line("source a {\n  inline: \"\"\"date,x\n2026-06-01,1\n\"\"\"\n  date: date\n}\n");
    assert!(beside.contains("first_line: 2"), "{beside}");
}
