//! The example shop: its data is what its generator makes, and its numbers are what a plain
//! reading of the files gives.

#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "../examples/shop/generator/mod.rs"]
mod generator;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/shop/data")
}

#[allow(clippy::disallowed_methods, reason = "the test reads what is committed, not a host's")]
fn read(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).unwrap()
}

#[allow(clippy::disallowed_methods, reason = "as above")]
fn committed() -> BTreeSet<String> {
    std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn the_committed_data_is_what_the_generator_makes() {
    let files = generator::files();
    assert_eq!(committed(), files.iter().map(|(name, _)| name.clone()).collect());
    for (name, content) in files {
        let found = read(&name);
        let line = found.lines().zip(content.lines()).position(|(a, b)| a != b);
        assert!(found == content, "{name} differs from line {line:?} (0-based) on");
    }
}

/// A row by header.
type Row = BTreeMap<String, String>;

/// The rows of all files whose name begins with `prefix`; `skip` lines stand above the header.
fn rows(prefix: &str, skip: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    for name in committed().iter().filter(|name| name.starts_with(prefix)) {
        let text = read(name);
        let table = text.splitn(skip + 1, '\n').nth(skip).unwrap();
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let header = reader.headers().unwrap().clone();
        for record in reader.records() {
            let record = record.unwrap();
            rows.push(
                header.iter().map(String::from).zip(record.iter().map(String::from)).collect(),
            );
        }
    }
    rows
}

/// Hundredths of a cell: `"1,204.5"` is 120450. Whole numbers too.
fn hundredths(row: &Row, column: &str) -> i128 {
    let text = row[column].replace(',', "");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    assert!(rest.len() <= 2, "{text}");
    whole.parse::<i128>().unwrap() * 100 + format!("{rest:0<2}").parse::<i128>().unwrap()
}

fn total<'a>(rows: impl IntoIterator<Item = &'a Row>, column: &str) -> i128 {
    rows.into_iter().map(|row| hundredths(row, column)).sum()
}

/// `number / 10^scale` without trailing zeros.
fn decimal(number: i128, scale: usize) -> String {
    let digits = format!("{:0>width$}", number, width = scale + 1);
    let (whole, rest) = digits.split_at(digits.len() - scale);
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") }
}

/// `numerator / denominator` with 18 significant digits, half to even; both are positive.
fn quotient(numerator: i128, denominator: i128) -> String {
    let (mut scale, mut scaled) = (0, numerator);
    while scaled / denominator < 10_i128.pow(17) {
        scaled *= 10;
        scale += 1;
    }
    let (result, rest) = (scaled / denominator, scaled % denominator);
    let up = 2 * rest > denominator || 2 * rest == denominator && result % 2 == 1;
    decimal(result + i128::from(up), scale)
}

/// The month of a Mailchimp date: `Jun 01, 2026 09:46 am`.
fn american_month(date: &str) -> String {
    let names =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = names.iter().position(|name| date.starts_with(name)).unwrap() + 1;
    format!("{}-{month:02}", &date[8..12])
}

/// What the KPIs of the example are: name, period, exact decimal. Worked out here from the files
/// with whole numbers, apart from the product.
pub(crate) fn expected() -> Vec<(&'static str, &'static str, String)> {
    let in_june =
        |column: &'static str, from: &'static str| move |row: &Row| row[column].starts_with(from);
    let pick = |rows: Vec<Row>, keep: &dyn Fn(&Row) -> bool| -> Vec<Row> {
        rows.into_iter().filter(keep).collect()
    };
    let web = pick(rows("ga4-traffic-", 0), &in_june("Date", "202606"));
    let ads = pick(rows("google-ads-", 2), &in_june("Day", "2026-06"));
    let search = pick(rows("search-console", 0), &in_june("Date", "2026-06"));
    let mail = rows("mailchimp-", 0);
    let week = pick(mail.clone(), &in_june("Send Date", "Jun 25, 2026"));
    let mail = pick(mail, &|row: &Row| american_month(&row["Send Date"]) == "2026-06");
    let sold = pick(rows("orders-", 0), &|row: &Row| matches!(&*row["status"], "paid" | "shipped"));
    let mut quarter: Vec<i128> = sold
        .iter()
        .filter(|row| ("2026-04".."2026-07").contains(&&row["created_at"][..7]))
        .map(|row| hundredths(row, "amount"))
        .collect();
    quarter.sort_unstable();
    let middle = quarter[(quarter.len() - 1) / 2] + quarter[quarter.len() / 2];
    let sold = pick(sold, &in_june("created_at", "2026-06"));

    let sessions = total(&web, "Sessions");
    let bounced = sessions - total(&web, "Engaged sessions");
    let orders = i128::try_from(sold.len()).unwrap();
    let revenue = total(&sold, "amount");
    let cost_of_goods: i128 = sold
        .iter()
        .map(|row| hundredths(row, "unit_cost") * row["quantity"].parse::<i128>().unwrap())
        .sum();
    let ad_cost = total(&ads, "Cost");
    let paid = total(sold.iter().filter(|row| row["utm_medium"] == "cpc"), "amount");
    let buyers = |kinds: &[&str]| -> i128 {
        let of_kind = sold.iter().filter(|row| kinds.contains(&&*row["customer_type"]));
        let distinct: BTreeSet<&str> = of_kind.map(|row| &*row["customer_id"]).collect();
        i128::try_from(distinct.len()).unwrap()
    };
    let weighted: i128 =
        search.iter().map(|r| hundredths(r, "Position") * hundredths(r, "Impressions")).sum();
    let delivered = total(&mail, "Successful Deliveries");
    vec![
        ("visits", "2026-06", decimal(sessions, 2)),
        ("bounce_rate", "2026-06", quotient(bounced, sessions)),
        ("conversion_rate", "2026-06", quotient(total(&web, "Key events"), sessions)),
        ("orders_sold", "2026-06", decimal(orders, 0)),
        ("revenue", "2026-06", decimal(revenue, 2)),
        ("average_order", "2026-06", quotient(revenue, orders * 100)),
        ("median_order", "2026-Q2", decimal(middle * 5, 3)),
        ("gross_margin", "2026-06", quotient(revenue - cost_of_goods, revenue)),
        ("buyers", "2026-06", decimal(buyers(&["new", "returning"]), 0)),
        ("ad_spend", "2026-06", decimal(ad_cost, 2)),
        ("cost_per_click", "2026-06", quotient(ad_cost, total(&ads, "Clicks"))),
        ("return_on_ad_spend", "2026-06", quotient(paid, ad_cost)),
        ("acquisition_cost", "2026-06", quotient(ad_cost, buyers(&["new"]) * 100)),
        ("open_rate", "2026-06", quotient(total(&mail, "Unique Opens"), delivered)),
        (
            "click_rate",
            "2026-W26",
            quotient(total(&week, "Unique Clicks"), total(&week, "Successful Deliveries")),
        ),
        ("unsubscribe_rate", "2026-06", quotient(total(&mail, "Unsubscribes"), delivered)),
        ("organic_clicks", "2026-06", decimal(total(&search, "Clicks"), 2)),
        (
            "organic_click_rate",
            "2026-06",
            quotient(total(&search, "Clicks"), total(&search, "Impressions")),
        ),
        ("average_position", "2026-06", quotient(weighted, total(&search, "Impressions") * 100)),
    ]
}

#[test]
fn the_numbers_of_june_2026_stand() {
    let found: Vec<String> = expected()
        .into_iter()
        .map(|(kpi, period, value)| format!("{kpi} {period} {value}"))
        .collect();
    assert_eq!(found.join("\n"), JUNE.trim());
}

/// Written down once, so that a change of the data or of the reader above shows.
const JUNE: &str = "
visits 2026-06 27453
bounce_rate 2026-06 0.390121298218773904
conversion_rate 2026-06 0.0277201034495319273
orders_sold 2026-06 789
revenue 2026-06 46242.27
average_order 2026-06 58.6087072243346008
median_order 2026-Q2 45.72
gross_margin 2026-06 0.511951943535643903
buyers 2026-06 770
ad_spend 2026-06 2848.98
cost_per_click 2026-06 0.496337979094076655
return_on_ad_spend 2026-06 3.25800812922519639
acquisition_cost 2026-06 5.23709558823529412
open_rate 2026-06 0.349679530887767626
click_rate 2026-W26 0.0497776813794599284
unsubscribe_rate 2026-06 0.00414564298377198964
organic_clicks 2026-06 8093
organic_click_rate 2026-06 0.0295209816738648302
average_position 2026-06 11.559265021302673
";

#[test]
fn the_files_agree_with_one_another() {
    let mut sold: BTreeMap<String, i128> = BTreeMap::new();
    for row in rows("orders-", 0) {
        if matches!(&*row["status"], "paid" | "shipped" | "refunded") {
            *sold.entry(row["created_at"][..10].replace('-', "")).or_default() += 100;
        }
    }
    let mut counted: BTreeMap<String, i128> = BTreeMap::new();
    for row in rows("ga4-traffic-", 0) {
        let name = if row.contains_key("Key events") { "Key events" } else { "Conversions" };
        let (sessions, engaged) =
            (hundredths(&row, "Sessions"), hundredths(&row, "Engaged sessions"));
        let (purchases, carts) = (hundredths(&row, name), hundredths(&row, "Add to carts"));
        assert!(purchases <= engaged && engaged <= sessions, "{row:?}");
        assert!(purchases <= carts && carts <= sessions, "{row:?}");
        *counted.entry(row["Date"].clone()).or_default() += purchases;
    }
    assert_eq!(counted.len(), 730);
    for (day, purchases) in counted {
        assert!(purchases <= *sold.get(&day).unwrap_or(&0), "{day}: more purchases than orders");
    }
}
