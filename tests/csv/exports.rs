//! Real exports. They lie beside the project; where they are not, there is nothing to test.

use std::path::Path;

use sanjeh::engine::{Aggregates, Series};
use sanjeh::plan::{CellKind, ColumnPlan, Footer, Header, RowExpr, Scan, SlotOp};
use sanjeh::time::{CalendarKind, Date, DateFormat};
use sanjeh::value::{Currency, Sum};

use super::build::{column, computed, iso, read, run, scan, slot};

fn export(name: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/exports");
    std::fs::read(folder.join(name)).ok()
}

/// Sums of the columns of a file without dates, behind a made-up one.
fn sums(columns: Vec<ColumnPlan>) -> Scan {
    let day = RowExpr::Date(Date::from_days(20_000));
    let values = (1..=columns.len()).map(column).collect();
    let slots = (0..columns.len()).map(|n| slot(SlotOp::Sum(n))).collect();
    let mut all = vec![computed("day", day)];
    all.extend(columns);
    scan(all, values, slots)
}

fn totals(found: &Aggregates) -> Vec<String> {
    let group = &found.scans[0].groupings[0].groups[0];
    let total = |series: &Series| {
        let Series::Sums(sums) = series else { panic!("no sums") };
        let mut total = Sum::default();
        for sum in sums {
            total.merge(sum);
        }
        total.to_number().to_plain()
    };
    group.series.iter().map(total).collect()
}

#[test]
fn search_console_by_month() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/exports/gsc_en_chart.csv");
    let Ok(bytes) = std::fs::read(path) else { return };
    let columns = vec![
        read("date", iso()),
        read("clicks", CellKind::Number),
        read("impressions", CellKind::Number),
        read("ctr", CellKind::Percent),
        read("position", CellKind::Number),
    ];
    let slots = vec![
        slot(SlotOp::Sum(0)),
        slot(SlotOp::Sum(1)),
        slot(SlotOp::WeightedSum(2, 1)),
        slot(SlotOp::WeightSum(2, 1)),
    ];
    let values = vec![column(1), column(2), column(4)];
    let (found, out) = run(&bytes, &scan(columns, values, slots));
    assert!(out.is_empty(), "{out:?}");
    let group = &found.scans[0].groupings[0].groups[0];
    let month = |month: u32, at: usize| {
        let Series::Sums(sums) = &group.series[at] else { panic!("no sums") };
        let mut total = Sum::default();
        for (day, sum) in group.days.iter().zip(sums) {
            if day.ymd().1 == month {
                total.merge(sum);
            }
        }
        total.to_number()
    };
    let plain = |m, at| month(m, at).to_plain();
    assert_eq!((plain(4, 0), plain(4, 1)), ("9".to_owned(), "268".to_owned()));
    assert_eq!((plain(5, 0), plain(5, 1)), ("18".to_owned(), "564".to_owned()));
    let position = |m| month(m, 2).div(&month(m, 3)).unwrap().to_plain();
    assert_eq!(position(4), "5.47873134328358209");
    assert_eq!(position(5), "7.85957446808510638");
}

#[test]
fn google_ads_with_preamble_totals_and_marks_for_null() {
    let Some(bytes) = export("google_ads_campaign_all_time_en_us.csv") else { return };
    let mut scan = sums(vec![
        read("cost", CellKind::Money(Currency::from_code("USD").unwrap())),
        read("impr", CellKind::Number),
        read("conversions", CellKind::Number),
        read("conv_rate", CellKind::Percent),
    ]);
    scan.dialect.header = Header::Row(3);
    scan.dialect.footer = Footer::Matching("^Total:".to_owned());
    scan.dialect.numbers.thousands = Some(',');
    scan.dialect.nulls = vec!["--".to_owned()];
    let (found, out) = run(&bytes, &scan);
    assert!(out.is_empty(), "{out:?}");
    assert_eq!(found.scans[0].facts.files[0].rows, 12);
    assert_eq!(totals(&found)[..3], ["199421.15", "14117313", "18703.32"]);
    // Without the footer the totals would be added to what they are the totals of.
    scan.dialect.footer = Footer::None;
    assert_eq!(totals(&run(&bytes, &scan).0)[0], "797937.48");
}

#[test]
fn analytics_behind_a_commented_preamble() {
    let Some(bytes) = export("ga4_daily_unsorted_compact_dates.csv") else { return };
    let compact = DateFormat::new("%Y%m%d", CalendarKind::Gregorian).unwrap();
    let columns = vec![
        read("date", CellKind::Date(compact)),
        read("event_count", CellKind::Number),
        read("average_session_duration", CellKind::Duration),
    ];
    let mut scan = scan(columns, vec![column(1), column(2)], vec![slot(SlotOp::Sum(0))]);
    scan.dialect.comment = Some(b'#');
    let (found, out) = run(&bytes, &scan);
    assert!(out.is_empty(), "{out:?}");
    assert_eq!(totals(&found), ["1003468"]);
    let days = found.scans[0].facts.days.unwrap();
    assert_eq!(
        (days.0.to_string(), days.1.to_string()),
        ("2023-07-08".into(), "2024-03-04".into())
    );
    scan.dialect.comment = None;
    let (_, out) = run(&bytes, &scan);
    assert!(out.has_errors(), "the preamble is no header");
}

#[test]
fn other_dialects() {
    if let Some(bytes) = export("semrush_broad_match_semicolon.csv") {
        let mut scan = sums(vec![read("volume", CellKind::Number)]);
        let (_, out) = run(&bytes, &scan);
        assert_eq!(out.iter().next().unwrap().code.id, "K4005", "one column, and not this one");
        scan.dialect.delimiter = b';';
        assert_eq!(totals(&run(&bytes, &scan).0), ["90"]);
    }
    if let Some(bytes) = export("salesforce_report_footer.csv") {
        let mut scan = sums(vec![read("value", CellKind::Text)]);
        scan.groupings[0].slots = vec![slot(SlotOp::Rows)];
        scan.dialect.footer = Footer::Lines(7);
        let (found, out) = run(&bytes, &scan);
        assert!(out.is_empty(), "{out:?}");
        assert_eq!(found.scans[0].facts.files[0].rows, 6);
    }
    if let Some(bytes) = export("gsc_fa_queries_persian.csv") {
        let scan = sums(vec![read("top_queries", CellKind::Text), read("ctr", CellKind::Percent)]);
        let (_, out) = run(&bytes, &scan);
        assert!(out.is_empty(), "{out:?}");
    }
}

#[test]
fn what_cannot_be_read_says_so() {
    let code = |name: &str| {
        let bytes = export(name)?;
        let (_, out) = run(&bytes, &sums(vec![read("page", CellKind::Text)]));
        Some(out.iter().next().unwrap().code.id)
    };
    for name in ["ahrefs_organic_keywords_utf16_tab.csv", "meta_business_follows_utf16_sep.csv"] {
        assert!(code(name).is_none_or(|c| c == "K4018"), "{name}");
    }
    assert!(code("facebook_insights_page_2014.csv").is_none_or(|c| c == "K4014"));
    // The total row has one field more than the header.
    let Some(bytes) = export("ga4_exploration_grand_total_extra_field.csv") else { return };
    let mut scan = sums(vec![read("event_count", CellKind::Number)]);
    scan.dialect.comment = Some(b'#');
    let (_, out) = run(&bytes, &scan);
    assert_eq!(out.iter().next().unwrap().code.id, "K4007");
}
