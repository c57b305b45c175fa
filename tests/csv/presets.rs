//! Presets over real exports: they lie beside the project; where they are not, there is nothing to
//! test. The totals were added up by another program.

use std::fmt::Write;
use std::path::Path;

use sanjeh::diagnostic::Severity;
use sanjeh::driver;
use sanjeh::eval::table::Question;
use sanjeh::host::memory::MemoryHost;

use crate::support::rows;

fn export(name: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/exports");
    std::fs::read(folder.join(format!("{name}.csv"))).ok()
}

/// A source `s` of an export with these properties and columns; each formula is a KPI.
fn host(export: Vec<u8>, source: &str, columns: &str, formulas: &[&str]) -> MemoryHost {
    let mut spec =
        format!("source s {{\n  csv: \"data.csv\"\n{source}\n  columns {{\n{columns}\n  }}\n}}\n");
    for (at, formula) in formulas.iter().enumerate() {
        writeln!(spec, "kpi k{at:02} \"K{at}\" {{\n  formula: {formula}\n}}").unwrap();
    }
    MemoryHost::new([("data.csv".to_owned(), export), ("main.kpi".to_owned(), spec.into())])
}

/// The values in all, over years; none where the export is not there.
fn values(name: &str, source: &str, columns: &str, formulas: &[&str]) -> Option<Vec<String>> {
    let host = host(export(name)?, source, columns, formulas);
    let question = Question { every: Some(sanjeh::time::Grain::Year), ..Question::default() };
    let all = rows(&host, &question);
    let value = |row: &sanjeh::eval::table::Row| row.value.clone().unwrap_or("-".to_owned());
    Some(all.iter().map(value).collect())
}

/// The same of a table without dates: each row is of one made-up day.
fn totals(name: &str, preset: &str, columns: &str, formulas: &[&str]) -> Option<Vec<String>> {
    let source = format!("  preset: {preset}\n  date: made_up");
    let day = "    made_up: date = date(\"2026-01-31\", \"%Y-%m-%d\")";
    values(name, &source, &format!("{columns}\n{day}"), formulas)
}

macro_rules! same {
    ($found:expr, $expected:expr) => {
        if let Some(found) = $found {
            assert_eq!(found, $expected);
        }
    };
}

#[test]
fn analytics() {
    same!(
        totals(
            "ga4_pages_and_screens",
            "ga4",
            "path: text from `Page path and screen class`\nviews: count from `Views`\n\
             events: count from `Event count`\nkey: count from `Key events`",
            &["sum(s.views)", "sum(s.events)", "sum(s.key)", "count(s)"]
        ),
        ["951", "4647", "62", "16"]
    );
    // Conversions are the key events of before 2024; a blank line stands above the header.
    same!(
        totals(
            "ga4_landing_page_blank_line_before_header",
            "ga4",
            "page: text from `Landing page`\nkey: count from `Key events`\nsessions: count",
            &["sum(s.sessions)", "sum(s.key)", "count(s where page == \"(not set)\")"]
        ),
        ["10", "0", "1"]
    );
    same!(
        values(
            "ga4_daily_unsorted_compact_dates",
            "  preset: ga4\n  date: `Date`",
            "events: count from `Event count`",
            &["sum(s.events)", "sum(s.total_users)"]
        )
        .map(|v| v.len()),
        4
    );
    // The total row has a cell more than the header.
    same!(
        totals(
            "ga4_exploration_grand_total_extra_field",
            "ga4_exploration",
            "events: count from `Event count`",
            &["sum(s.events)", "count(s)"]
        ),
        ["3857", "62"]
    );
}

#[test]
fn one_of_many_tables() {
    same!(
        totals(
            "ga4_snapshot_multi_section",
            "ga4_snapshot",
            "event: text from `Event name`\nn: count from `Event count`",
            &["sum(s.n)", "count(s)"]
        ),
        ["41", "5"]
    );
    same!(
        totals(
            "ga4_snapshot_multi_section",
            "ga4_snapshot",
            "title: text from `Page title and screen class`\nviews: count from `Views`",
            &["sum(s.views)", "count(s)"]
        ),
        ["15", "3"]
    );
    // What cannot be known yet is written -1.
    same!(
        totals(
            "ga4_snapshot_multi_section",
            "ga4_snapshot",
            "week: text from `Date`\nfirst: count from `Week 0`\nlast: count from `Week 5`",
            &["sum(s.first)", "count(s.last)"]
        ),
        ["3", "1"]
    );
    same!(
        values(
            "ua_browser_os_two_tables",
            "  preset: ua\n  date: `Date`",
            "sessions: count from `Sessions`\nusers: count from `Users`\n\
             value: money USD from `Goal Value`\nbounced: percent from `Bounce Rate`\n\
             stay: duration from `Avg. Session Duration`",
            &["sum(s.sessions)", "sum(s.users)", "sum(s.value)", "max(s.stay)", "count(s)"]
        )
        .map(|v| [v[0].clone(), v[1].clone(), v[2].clone(), v[4].clone()]),
        ["829", "682", "0", "33"]
    );
    same!(
        values(
            "ua_browser_os_two_tables",
            "  preset: ua\n  date: `Day Index` as \"%m/%d/%y\"",
            "users: count from `Users`",
            &["sum(s.users)", "count(s)"]
        ),
        ["2277", "75"]
    );
}

#[test]
fn search_console() {
    for (name, first, expected) in [
        ("gsc_en_queries", "Top queries", ["6", "285", "56"]),
        ("gsc_en_pages", "Top pages", ["30", "1320", "35"]),
        ("gsc_fr_requetes", "Top queries", ["229525", "2796013", "119"]),
        ("gsc_fa_queries_persian", "Top queries", ["696", "18734", "27"]),
    ] {
        let columns = format!(
            "what: text from `{first}`\nclicks: count from `Clicks`\nimpressions: count\n\
             ctr: percent from `CTR`\nposition: number from `Position`"
        );
        let formulas = ["sum(s.clicks)", "sum(s.impressions)", "count(s.ctr)"];
        same!(totals(name, "search_console", &columns, &formulas), expected);
    }
    same!(
        values(
            "gsc_en_chart",
            "  preset: search_console\n  date: `Date`",
            "clicks: count from `Clicks`",
            &["sum(s.clicks)", "sum(s.impressions)"]
        ),
        ["27", "832"]
    );
    same!(
        totals(
            "gsc_en_filters",
            "search_console",
            "filter: text from `Filter`\nvalue: text from `Value`",
            &["count(s where value == \"Last 3 months\")"]
        ),
        ["1"]
    );
}

#[test]
fn google_ads() {
    let columns = "campaign: text from `Campaign`\ncost: money USD from `Cost`\n\
                   impr: count from `Impr.`\nconversions: count from `Conversions`\n\
                   share: percent from `Search impr. share`";
    let formulas = ["sum(s.cost)", "sum(s.impr)", "sum(s.conversions)", "count(s)"];
    same!(
        totals("google_ads_campaign_all_time_en_us", "google_ads", columns, &formulas),
        ["199421.15", "14117313", "18703.32", "12"]
    );
    let columns = "cost: money GBP from `Cost`\nimpr: count from `Impr.`\n\
                   score: number from `Optimization score`";
    same!(
        totals(
            "google_ads_campaign_utf16_tab",
            "google_ads",
            columns,
            &["sum(s.cost)", "sum(s.impr)", "max(s.score)"]
        ),
        ["365.22", "9380", "48.9"]
    );
    let columns = "cost: money BRL from `Cost`\nclicks: count from `Clicks`\n\
                   rate: percent from `Conv. rate`";
    same!(
        totals(
            "google_ads_campaign_pt_br_decimal_comma",
            "google_ads\n  decimal: \",\"",
            columns,
            &["sum(s.cost)", "sum(s.clicks)", "max(s.rate)"]
        ),
        ["118.99", "34", "1"]
    );
    let columns = "cost: money BRL from `Cost`\nclicks: count from `Clicks`\n\
                   cpc: money BRL from `Avg. CPC`";
    same!(
        totals(
            "google_ads_chart_pt_br_em_dash",
            "google_ads\n  decimal: \",\"",
            columns,
            &["sum(s.cost)", "sum(s.clicks)", "count(s.cpc)"]
        ),
        ["118.99", "34", "9"]
    );
}

#[test]
fn what_is_left_out_is_counted() {
    let Some(bytes) = export("google_ads_campaign_all_time_en_us") else { return };
    let host = host(
        bytes,
        "  preset: google_ads\n  date: day",
        "cost: money USD from `Cost`\nshare: percent from `Search impr. share`\n\
         day: date = date(\"2026-01-31\", \"%Y-%m-%d\")",
        &["sum(s.cost)", "count(s.share)"],
    );
    let project = driver::load(&host, "").unwrap();
    let mut out = sanjeh::diagnostic::Diagnostics::default();
    let specs = driver::reports(&project.model);
    let specs: Vec<_> = specs.iter().collect();
    let built = driver::build(&host, &project, &specs, &[], None, &mut out).unwrap().unwrap();
    let source = &built[0].document.sources[0];
    assert_eq!((source.totals.raw, source.rows.raw), (5, 12));
    assert!(source.bounds.raw > 0, "`< 10%` is a bound");
    assert_eq!(source.rejections.len() as u64, source.bounds.raw);
    assert!(out.iter().any(|d| d.code.id == "K4059" && d.severity == Severity::Warning));
}

#[test]
fn meta_and_x() {
    let follows = |skip: &str| {
        values(
            "meta_business_follows_utf16_sep",
            &format!("  preset: meta_business\n  date: `Date`{skip}"),
            "follows: count from `Primary`",
            &["sum(s.follows)"],
        )
        .map(|years| years.iter().map(|n| n.parse::<u64>().unwrap()).sum::<u64>())
    };
    same!(follows(""), 4795);
    same!(follows("\n  skip: 247"), 1352);
    same!(
        values(
            "meta_ads_no_data",
            "  preset: meta_ads\n  date: `Reporting starts`\n  covers: 2024-09-01 to 2024-09-30",
            "campaign: text from `Campaign name`\nspent: money USD from `Amount spent`",
            &["sum(s.spent)"]
        ),
        ["-"]
    );
    same!(
        values(
            "facebook_insights_page_2014",
            "  preset: facebook_page\n  encoding: \"windows-1252\"\n  date: `Date`",
            "likes: count from `Daily New Likes`\nreach: count from `Daily Total Reach`",
            &["sum(s.likes)", "sum(s.reach)", "count(s)"]
        ),
        ["21", "492", "58"]
    );
    same!(
        values(
            "x_account_overview",
            "  preset: x\n  date: `Date`",
            "seen: count from `Impressions`\nlikes: count",
            &["sum(s.seen)"]
        )
        .map(|years| years.iter().map(|n| n.parse::<u64>().unwrap()).sum::<u64>()),
        9699
    );
    same!(
        totals(
            "twitter_tweet_activity_2022",
            "x",
            "id: id from `Tweet id`\nseen: count from `impressions`\n\
             bought: count from `promoted impressions`",
            &["sum(s.seen)", "count(s.bought)", "count_distinct(s.id)"]
        ),
        ["13662", "0", "39"]
    );
}

#[test]
fn search_engine_tools() {
    same!(
        totals(
            "semrush_position_tracking_preamble",
            "semrush",
            "keyword: text from `Keyword`\nvolume: count from `Search Volume`\n\
             place: number from `*.starfieldportal.com/*_20230909`",
            &["sum(s.volume)", "count(s)", "count(s where place is null)"]
        ),
        ["82080", "84", "72"]
    );
    same!(
        totals(
            "semrush_broad_match_semicolon",
            "semrush",
            "volume: count from `Volume`\nhard: number from `Keyword Difficulty`",
            &["sum(s.volume)", "count(s.hard)"]
        ),
        ["90", "0"]
    );
    same!(
        totals(
            "semrush_overview_trend_comma_wide",
            "semrush",
            "target: text from `Target`\nall: count from `Summary`",
            &["sum(s.all)"]
        ),
        ["5334703788"]
    );
    same!(
        totals(
            "seranking_positions_duplicate_columns",
            "seranking",
            "keyword: text from `Keyword`\nvolume: count from `Search vol.`",
            &["sum(s.volume)", "count(s)"]
        ),
        ["8500", "37"]
    );
    same!(
        totals(
            "ahrefs_organic_keywords_utf16_tab",
            "ahrefs",
            "keyword: text from `Keyword`\nvolume: count from `Volume`\n\
             traffic: count from `Organic traffic`\nlanguage: text from `Language`",
            &["sum(s.volume)", "sum(s.traffic)", "count(s where language is null)", "count(s)"]
        ),
        ["8780", "1276", "2", "79"]
    );
    same!(
        totals(
            "ahrefs_top_pages_utf8_comma",
            "ahrefs",
            "url: text from `URL`\ntraffic: count from `Traffic`",
            &["sum(s.traffic)", "count(s)"]
        ),
        ["8012", "79"]
    );
}

#[test]
fn mail_sales_and_tables() {
    same!(
        values(
            "mailchimp_aggregate_report",
            "  preset: mailchimp\n  date: `Send Date`",
            "sent: count from `Total Recipients`\nopened: count from `Unique Opens`\n\
             list: text from `Audience`",
            &["sum(s.sent)", "sum(s.opened)", "count(s where list == \"Main List\")"]
        ),
        ["381", "95", "3"]
    );
    same!(
        totals(
            "salesforce_report_footer",
            "salesforce",
            "value: text from `Value`\nstatus: text from `Status`",
            &["count(s)", "count(s where status is null)"]
        ),
        ["6", "1"]
    );
    same!(
        totals(
            "tableau_summary_data_bom",
            "tableau",
            "country: text from `Country Name`\nco2: number from `CO2 (kt)`",
            &["sum(s.co2)", "count(s)", "count(s where co2 is null)"]
        ),
        ["890622393.979", "214", "15"]
    );
}
