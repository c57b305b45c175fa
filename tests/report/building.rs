//! Reports of small projects, held to reviewed Markdown; and the example, whole.
//!
//! `UPDATE_GOLDEN=1 cargo test report` writes the expected files anew: read them before they are
//! committed.

use std::fs;
use std::path::Path;

use sanjeh::host::disk::DiskHost;
use sanjeh::report::tree::{ChartKind, Document, StatusCode, ValueState};

use super::{built, keep, pictures, report_of, text_of};

fn golden(name: &str) -> Document {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/report/golden").join(name);
    let built = report_of(&fs::read_to_string(folder.join("main.kpi")).unwrap());
    keep(&format!("report-{name}"), &built.files);
    let text = text_of(&built.files, ".md");
    let expected = folder.join("expected.md");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&expected, &text).unwrap();
    }
    let wanted = fs::read_to_string(&expected).unwrap_or_default();
    assert!(text == wanted, "{name}: the report is not as expected:\n{text}");
    built.document
}

#[test]
fn a_project_without_a_report_builds_one() {
    let document = golden("default");
    assert_eq!(document.period.label, "2026-05");
    let revenue = &document.sections[0].rows[0];
    assert_eq!(revenue.value.raw.as_deref(), Some("200.5"));
    assert_eq!(revenue.status.code, StatusCode::AtRisk);
    let open = revenue.open.as_ref().unwrap();
    assert_eq!(open.progress, "12 of 30 days");
    // Twelve days of June against twelve of May, not against all of it.
    assert_eq!(open.change.as_ref().unwrap().from.raw.as_deref(), Some("90"));
    let shares = &document.sections[0].kpis[0].breakdowns[0].rows;
    assert_eq!(shares[0].member, "web");
    assert_eq!(shares[0].share.as_ref().unwrap().text, "55.1%");
}

#[test]
fn every_kind_of_figure() {
    let document = golden("figures");
    let figures = &document.sections[0].figures;
    let pie = figures[0].chart.as_ref().unwrap();
    assert_eq!(pie.series[0].points.len(), 5, "four parts and the others");
    assert_eq!(figures[1].table.rows.len(), 4, "three bars and the others");
    assert_eq!(figures.len(), 9);
    // 730 and what every channel added come to 830; what is not named is the others'.
    let steps = &figures[5].chart.as_ref().unwrap().series[0].points;
    let raw: Vec<&str> = steps.iter().map(|p| p.value.raw.as_deref().unwrap()).collect();
    assert_eq!(raw, ["730", "20", "20", "20", "40", "830"]);
    assert_eq!(steps[4].label, "Others");
    // A channel has one colour in all figures; the others have none.
    let tone = |figure: usize, title: &str| {
        let series = &figures[figure].chart.as_ref().unwrap().series;
        let all = series.iter().map(|s| (&s.title, s.tone));
        let points = series[0].points.iter().map(|p| (&p.label, p.tone));
        all.chain(points).find(|(t, _)| *t == title).unwrap().1
    };
    for channel in ["search", "email"] {
        assert_ne!(tone(0, channel), 0);
        assert_eq!(tone(0, channel), tone(6, channel));
    }
    assert_ne!(tone(0, "search"), tone(0, "email"));
    assert_eq!(tone(6, "Others"), 0);
}

#[test]
fn heat_maps_funnels_bullets_and_comparisons_of_a_section() {
    let document = golden("charts");
    let figures = &document.sections[0].figures;
    let kinds: Vec<ChartKind> = figures.iter().map(|f| f.chart.as_ref().unwrap().kind).collect();
    let (heat, funnel, bullet) = (ChartKind::Heatmap, ChartKind::Funnel, ChartKind::Bullet);
    let (stacked, waterfall) = (ChartKind::Stacked, ChartKind::Waterfall);
    let (line, pie) = (ChartKind::Line, ChartKind::Pie);
    let expected = [heat, heat, heat, funnel, bullet, bullet, stacked, waterfall, line, pie];
    assert_eq!(kinds, expected);
    let cell = |figure: usize, row: usize, column: usize| {
        figures[figure].table.rows[row][column].raw.as_deref()
    };
    // Search by phone and by laptop, the larger device first.
    assert_eq!([cell(0, 0, 1), cell(0, 0, 2)], [Some("280"), Some("240")]);
    // The days of the week in their order, over May and June.
    let days: Vec<&str> = figures[1].table.rows.iter().map(|r| r[0].text.as_str()).collect();
    assert_eq!(days, ["Monday", "Tuesday", "Wednesday", "Saturday"]);
    assert_eq!([cell(1, 0, 1), cell(1, 0, 2)], [Some("650"), Some("400")]);
    assert_eq!(figures[2].remarks, ["2 smaller ones are not shown."]);
    // 148 carts of 830 visits, 24 orders of 148 carts.
    assert_eq!(figures[3].table.rows[1][2].text, "17.8%");
    assert_eq!(figures[3].table.rows[2][2].text, "16.2%");
    assert_eq!(figures[3].table.rows[2][3].text, "2.9%");
    let held =
        |row: usize| figures[4].chart.as_ref().unwrap().series[0].points[row].held.clone().unwrap();
    assert_eq!(held(0).edge.as_deref(), Some("680"), "15% below 800");
    assert_eq!(held(1).edge, None, "a range to stay within has no edge");
    assert_eq!(held(2).edge.as_deref(), Some("0.84"), "5% above 80%");
    assert!(held(3).target.is_none());
}

#[test]
fn as_many_days_before_an_event_as_after_it() {
    let document = golden("charts");
    let texts = |section: usize, figure: usize, row: usize| -> Vec<&str> {
        let table = &document.sections[section].figures[figure].table;
        table.rows[row].iter().map(|c| c.text.as_str()).collect()
    };
    // 25 May to 7 June against 8 to 21 June.
    assert_eq!(texts(1, 0, 0), ["Visits", "250", "520", "+108.0%", "14 of 14 days"]);
    assert_eq!(
        texts(1, 0, 1),
        ["Conversion rate", "3.60%", "2.69%", "\u{2212}0.91 pts", "14 of 14 days"]
    );
    // The data begin a week before the fair: 4 to 10 May against 18 to 24 May.
    assert_eq!(texts(2, 0, 0), ["Visits", "100", "200", "+100.0%", "7 of 28 days"]);
    assert_eq!(texts(2, 1, 0)[3..], ["June 2025", "not covered", "not covered"]);
}

#[test]
fn what_is_missing_says_why() {
    let document = golden("missing");
    let rows = &document.sections[0].rows;
    assert_eq!(rows[0].value.state, ValueState::Undefined);
    assert!(rows[0].value.reason.is_some() && rows[0].value.raw.is_none());
    assert_eq!(rows[0].changes[0].from.state, ValueState::NoData);
    assert_eq!(rows[1].value.raw.as_deref(), Some("0"), "zero is a value");
    assert_eq!(rows[2].changes[0].from.state, ValueState::NotCovered);
    assert_eq!(rows[2].status.code, StatusCode::NoTarget);
}

#[test]
fn channels_have_a_scorecard_of_their_own() {
    let document = golden("channels");
    let titles: Vec<&str> = document.channels.iter().map(|c| c.title.as_str()).collect();
    assert_eq!(titles, ["E-mail", "Search"]);
    let email = &document.channels[0].rows;
    assert_eq!(email[0].value.raw.as_deref(), Some("120"));
    assert_eq!(email[0].target.as_ref().unwrap().raw, "150");
    assert!(email[1].remark.is_some(), "the till knows no channels: its total stands in");
    // The total's target judges the total only.
    assert_eq!(document.channels[1].rows[0].status.code, StatusCode::NoTarget);
}

#[test]
fn the_example_is_a_report_for_a_board() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/shop");
    let (host, below) = DiskHost::around(&root).unwrap();
    let reports = built(&host, &below);
    keep("report-shop", &reports[0].files);
    let document = &reports[0].document;
    assert!(document.state.total >= 15);
    let html = text_of(&reports[0].files, ".html");
    assert!(html.len() < 400_000, "{} bytes", html.len());
    for svg in pictures(&reports[0].files) {
        assert!(svg.bytes.len() < 20_000, "{}: {} bytes", svg.path, svg.bytes.len());
    }
    let again = built(&host, &below);
    assert_eq!(reports[0].files, again[0].files, "the same inputs, the same bytes");
}

/// A KPI over a source whose days are these.
fn of_days(rows: &str, cadence: &str) -> String {
    format!(
        "source web {{\n  inline: \"\"\"\n    date,visits,page\n{rows}  \"\"\"\n  date: date\n  \
         columns {{\n    visits: count\n    page: text\n  }}\n}}\n\nkpi visits \"Visits\" {{\n  formula: \
         sum(web.visits)\n  better: higher\n  target: 20\n  cadence: {cadence}\n  by: page\n}}\n"
    )
}

#[test]
fn a_part_of_a_period_has_not_attained_a_whole_target() {
    let rows = "    2026-01-01,100,a\n    2026-02-28,100,b\n";
    for cadence in ["quarterly", "yearly"] {
        let built = report_of(&of_days(rows, cadence));
        let row = &built.document.sections[0].rows[0];
        assert_eq!(row.value.raw.as_deref(), Some("200"), "{cadence}");
        assert!(row.attainment.is_none(), "{cadence}: {:?}", row.attainment);
        assert!(row.remark.as_ref().unwrap().contains("59 of"), "{cadence}: {:?}", row.remark);
        assert!(!text_of(&built.files, ".md").contains("1,000%"));
    }
    let whole = report_of(&of_days(rows, "monthly"));
    assert!(whole.document.sections[0].rows[0].attainment.is_some());
}

#[test]
fn a_chart_without_a_value_says_so_and_makes_up_no_axis() {
    let rows = "    2026-05-01,,a\n    2026-05-31,,b\n";
    let built = report_of(&of_days(rows, "monthly"));
    let reason = built.document.sections[0].rows[0].value.reason.clone().unwrap();
    assert!(reason.contains("no rows in it, or none with a value"), "{reason}");
    let svg = pictures(&built.files).find(|f| f.path.ends_with("visits-trend.svg")).unwrap();
    let svg = std::str::from_utf8(&svg.bytes).unwrap();
    assert!(svg.contains(">no data</text>") && !svg.contains("class=\"grid\""), "{svg}");
}

/// Of a range of durations only a word that both have is written once, never a part of the number.
#[test]
fn a_border_of_a_range_keeps_all_of_its_number() {
    let spec = |target: &str| {
        format!(
            "source calls {{\n  inline: \"\"\"\n    date,took\n    2026-06-01,06:10:00\n    2026-06-30,06:20:00\n  \"\"\"\n  date: date\n  rows: events\n  covers: 2026-06-01 to 2026-06-30\n  columns {{\n    took: duration\n  }}\n}}\n\
             kpi wait \"Wait\" {{\n  formula: avg(calls.took)\n  unit: duration\n  better: within\n  target: {target}\n  cadence: monthly\n}}\n"
        )
    };
    let text = |target: &str| {
        let built = super::report_of(&spec(target));
        built.document.sections[0].rows[0].target.clone().unwrap().text
    };
    assert_eq!(text("330 min .. 450 min"), "5 h 30 min to 7 h 30 min");
    assert_eq!(text("3 days .. 5 days"), "3.0 to 5.0 days");
}
