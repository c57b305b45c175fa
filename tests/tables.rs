//! The eight tables of `examples/tables`, cell by cell: what they say is worked out here from the
//! files, or stands here as a reader expects it.

use std::collections::BTreeMap;

use sanjeh::diagnostic::Diagnostics;
use sanjeh::diagnostic::render::{Style, human};
use sanjeh::driver;
use sanjeh::eval::Outcome;
use sanjeh::host::disk::DiskHost;
use sanjeh::host::memory::MemoryHost;
use sanjeh::render::Format;
use sanjeh::time::Date;

use crate::support::root;

/// The report as Markdown and as a page.
fn report() -> (String, String) {
    let (host, path) = DiskHost::around(&root().join("examples/tables")).unwrap();
    let project = driver::load(&host, &path).unwrap();
    let mut out = Diagnostics::default();
    let specs = driver::reports(&project.model);
    let specs: Vec<_> = specs.iter().collect();
    let built = driver::build(&host, &project, &specs, &Format::ALL, None, &mut out).unwrap();
    let built = built.unwrap_or_else(|| panic!("{}", human(&out, &project.sources, Style::Plain)));
    assert!(out.is_empty(), "{}", human(&out, &project.sources, Style::Plain));
    let text = |ending: &str| {
        let file = built[0].files.iter().find(|f| f.path.ends_with(ending)).unwrap();
        // What keeps a number and its unit on one line is a blank here.
        String::from_utf8(file.bytes.clone()).unwrap().replace('\u{a0}', " ")
    };
    (text("tables.md"), text("tables.html"))
}

/// The cells of the first table under a heading.
fn table(markdown: &str, heading: &str) -> Vec<Vec<String>> {
    let mark = format!("\n## {heading}\n");
    let (_, below) = markdown.split_once(&mark).unwrap_or_else(|| panic!("no heading {heading:?}"));
    rows(below)
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().skip_while(|l| !l.starts_with('|')).take_while(|l| l.starts_with('|'));
    let cells = |line: &str| {
        let inner = line.trim_start_matches('|').trim_end_matches('|');
        inner.split(" | ").map(|cell| cell.trim().to_owned()).collect()
    };
    lines.skip(2).map(cells).collect()
}

/// Column by column: the sum of a file's cells in the rows whose first cell begins like that.
fn sums(file: &str, month: &str) -> BTreeMap<String, f64> {
    let path = root().join("examples/tables/data").join(file);
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(ToOwned::to_owned).collect();
    let mut all = BTreeMap::new();
    for record in reader.records().map(Result::unwrap).filter(|r| r[0].starts_with(month)) {
        for (name, cell) in names.iter().zip(&record).skip(1) {
            if let Ok(number) = cell.parse::<f64>() {
                *all.entry(name.clone()).or_default() += number;
            }
        }
    }
    all
}

fn column(table: &[Vec<String>], at: usize) -> BTreeMap<&str, &str> {
    table.iter().map(|row| (row[0].as_str(), row[at].as_str())).collect()
}

#[test]
fn how_often_a_kpi_is_looked_at() {
    let found = table(&report().0, "How often, and what is looked at");
    let expected = [
        ("Website traffic", "monthly", "Website"),
        ("Bounce rate", "monthly", "Website"),
        ("Conversion rate", "monthly", "Website"),
        ("Customer acquisition cost", "monthly", "Customers"),
        ("Customer lifetime value", "monthly", "Customers"),
        ("Customer lifetime value, by purchases", "monthly", "Customers"),
        ("Customer satisfaction", "quarterly", "Customers"),
        ("Keyword rankings", "monthly", "Search"),
        ("Organic traffic", "monthly", "Search"),
        ("Social engagement rate", "weekly", "Social media and e-mail"),
        ("E-mail open rate", "weekly and monthly", "Social media and e-mail"),
        ("E-mail click rate", "weekly and monthly", "Social media and e-mail"),
    ];
    assert_eq!(found, expected.map(|(a, b, c)| [a, b, c].map(ToOwned::to_owned).to_vec()));
}

#[test]
fn why_targets_change() {
    let found = table(&report().0, "Target changes");
    let july: Vec<Vec<&str>> = found
        .iter()
        .filter(|row| row[0] == "1 July 2026")
        .map(|row| row[1..].iter().map(String::as_str).collect())
        .collect();
    let more = "more than in the period before";
    let expected = [
        ["Website traffic", "15,000", more, "*strategy*: New SEO strategy"],
        ["Conversion rate", "3.00%", "5.00%", "*method*: Results of the A/B test"],
        ["Customer satisfaction", "4.20", "4.50", "*strategy*: New customer-service policy"],
        ["Social engagement rate", "5.00%", more, "*strategy*: New content strategy"],
    ];
    assert_eq!(july, expected);
}

#[test]
fn where_a_kpi_stands_and_what_to_do() {
    let found = table(&report().0, "Current, target, what to improve");
    let (current, target, improve) = (column(&found, 1), column(&found, 2), column(&found, 5));
    let june = sums("site.csv", "2026-06");
    let share = |a: &str, b: &str| june[a] / june[b];
    assert_eq!(current["Website traffic"], "15,800");
    assert!((june["visitors"] - 15_800.0).abs() < 1e-9);
    let percent = |x: f64, digits: usize| format!("{:.*}%", digits, 100.0 * x);
    assert_eq!(current["Conversion rate"], percent(share("conversions", "sessions"), 2));
    let bounced = 1.0 - share("engaged_sessions", "sessions");
    assert_eq!(current["Bounce rate"], percent(bounced, 1));
    let money = |x: f64| format!("{x:.2} TRY");
    assert_eq!(current["Customer acquisition cost"], money(share("cost", "new_customers")));
    assert_eq!(current["Customer lifetime value"], money(share("revenue", "customers")));
    let by_purchase = share("revenue", "orders") * share("orders", "customers");
    let by_purchase = by_purchase * share("years", "customers");
    assert!((by_purchase - 1500.0).abs() < 1e-9);
    assert_eq!(current["Customer lifetime value, by purchases"], "1,500 TRY");
    let clicks = sums("search.csv", "2026-06")["clicks"];
    assert_eq!(current["Organic traffic"], format!("{clicks}"));
    let week = sums("email.csv", "2026-06-22");
    assert_eq!(current["E-mail open rate"], percent(week["opened"] / week["delivered"], 1));
    assert_eq!(current["E-mail click rate"], percent(week["clicked"] / week["delivered"], 2));
    let week = sums("social.csv", "2026-06-22");
    let engaged = (week["likes"] + week["comments"] + week["shares"]) / week["impressions"];
    assert_eq!(current["Social engagement rate"], percent(engaged, 2));
    assert_eq!(target["Website traffic"], "15,000");
    assert_eq!(target["Conversion rate"], "3.00%");
    assert_eq!(target["Customer acquisition cost"], "40.00 TRY");
    assert_eq!(target["Customer lifetime value"], "600.00 TRY");
    assert_eq!(improve["Customer acquisition cost"], "Aim the campaigns better.");
    assert!(improve.values().all(|text| text.ends_with('.')), "{improve:?}");
    assert_eq!(found.len(), 12);
}

#[test]
fn the_three_formulas() {
    let found = table(&report().0, "How it is computed");
    let expected = [
        ["Conversion rate", "`sum(site.conversions) / sum(site.sessions)`"],
        ["Customer acquisition cost", "`sum(site.cost) / sum(site.new_customers)`"],
        [
            "Customer lifetime value, by purchases",
            "`average_purchase * purchases_a_year * years_together`, \
             `average_purchase = sum(site.revenue) / sum(site.orders)`, \
             `purchases_a_year = sum(site.orders) / last(site.customers)`, \
             `years_together = sum(site.years) / last(site.customers)`",
        ],
    ];
    assert_eq!(found, expected);
}

#[test]
fn which_kpi_is_of_which_channel() {
    let markdown = report().0;
    let (_, channels) = markdown.split_once("\n## Channel scorecard\n").unwrap();
    let (channels, _) = channels.split_once("\n## ").unwrap();
    let found: Vec<(String, Vec<String>)> = channels
        .split("\n### ")
        .skip(1)
        .map(|part| {
            let name = part.lines().next().unwrap().to_owned();
            let title = |row: Vec<String>| {
                let cell = row[0].clone();
                cell.split([',', '(']).next().unwrap().trim().to_owned()
            };
            (name, rows(part).into_iter().map(title).collect())
        })
        .collect();
    let expected: [(&str, &[&str]); 6] = [
        ("Website", &["Website traffic", "Bounce rate", "Conversion rate"]),
        ("SEO", &["Conversion rate", "Keyword rankings", "Organic traffic"]),
        ("Pay per click", &["Conversion rate", "Customer acquisition cost"]),
        ("Social media", &["Conversion rate", "Social engagement rate"]),
        ("E-mail", &["Conversion rate", "E-mail open rate", "E-mail click rate"]),
        (
            "Shop",
            &[
                "Conversion rate",
                "Customer lifetime value",
                "Customer lifetime value",
                "Customer satisfaction",
            ],
        ),
    ];
    let found: Vec<(&str, Vec<&str>)> = found
        .iter()
        .map(|(name, all)| (name.as_str(), all.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(found, expected.map(|(name, all)| (name, all.to_vec())));
}

#[test]
fn how_a_report_is_read() {
    let found = table(&report().0, "How a report is read");
    let expected = [
        ["Report regularly", "June 2026, held against May 2026"],
        ["Compare with the targets", "12 KPIs: 11 on track, 0 at risk, 1 off track"],
        [
            "Look at the trend",
            "Website traffic, visitors, monthly, April 2026 to June 2026, and so for each KPI",
        ],
        ["Cut into segments", "Keyword rankings by query, June 2026"],
    ];
    assert_eq!(found, expected);
}

#[test]
fn in_what_a_kpi_is_measured() {
    let found = table(&report().0, "In what it is measured");
    let units = column(&found, 1);
    assert_eq!(units["Website traffic"], "visitors");
    assert_eq!(units["Customer acquisition cost"], "TRY");
    assert_eq!(units["Customer satisfaction"], "of 5");
    assert_eq!(units["Keyword rankings"], "position");
    let rates = ["Bounce rate", "Conversion rate", "Social engagement rate", "E-mail open rate"];
    assert!(rates.iter().all(|name| units[name] == "percent"), "{units:?}");
}

#[test]
fn what_was_exceeded_reached_and_missed() {
    let found = table(&report().0, "Exceeded, reached, missed");
    let expected = [
        [
            "Exceeded",
            "Website traffic, Bounce rate, Customer satisfaction, Keyword rankings, Organic \
             traffic, Social engagement rate, E-mail open rate, E-mail click rate",
        ],
        [
            "Reached",
            "Conversion rate, Customer lifetime value, Customer lifetime value, by purchases",
        ],
        ["Missed", "Customer acquisition cost"],
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_page_has_the_same_tables() {
    let (markdown, page) = report();
    let headings = [
        "How often, in what, and where",
        "How it is computed",
        "How a report is read",
        "Exceeded, reached, missed",
        "Target changes",
        "Current, target, what to improve",
        "Channel scorecard",
    ];
    for heading in headings {
        assert!(page.contains(&format!(">{heading}</h2>")), "{heading}");
    }
    for row in table(&markdown, "How often, and what is looked at") {
        let cells = format!("<td>{}</td>", row[1]);
        assert!(page.contains(&cells) && page.contains(&row[0]), "{row:?}");
    }
}

#[test]
fn its_own_tests_hold() {
    let (host, path) = DiskHost::around(&root().join("examples/tables")).unwrap();
    let project = driver::load(&host, &path).unwrap();
    let mut out = Diagnostics::default();
    let tests = driver::test(&host, &project, None, &mut out).unwrap().unwrap();
    let lines: Vec<_> = tests.iter().flat_map(|t| &t.lines).collect();
    assert_eq!(lines.len(), 12);
    for (line, checked) in lines {
        assert_eq!(checked.outcome, Outcome::Holds, "{}", line.text);
    }
}

/// "Increase" is no target, and whoever copies it from a handbook is told.
#[test]
fn two_targets_are_directions_alone() {
    let text = std::fs::read_to_string(root().join("examples/tables/kpis.kpi")).unwrap();
    let text: Vec<&str> = text.lines().filter(|l| !l.contains("allow(direction-only)")).collect();
    let read =
        |name: &str| std::fs::read_to_string(root().join("examples/tables").join(name)).unwrap();
    let host = MemoryHost::new([
        ("kpis.kpi", text.join("\n") + "\n"),
        ("project.kpi", read("project.kpi")),
        ("sources.kpi", read("sources.kpi")),
        ("reports.kpi", read("reports.kpi")),
    ]);
    let project = driver::load(&host, "").unwrap();
    let told = driver::lint(&project, Date::from_ymd(2026, 7, 1).unwrap());
    let told: Vec<_> = told.iter().map(|d| (d.code.name, d.message.as_str())).collect();
    let expected = [
        ("direction-only", "the target of `traffic` is a direction alone"),
        ("direction-only", "the target of `engagement_rate` is a direction alone"),
    ];
    assert_eq!(told, expected);
}
