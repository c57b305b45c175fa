//! The language's own words.

use super::ast::UnitWord;

/// What an item begins with.
pub const ITEMS: [&str; 15] = [
    "project",
    "use",
    "connection",
    "source",
    "channels",
    "list",
    "metric",
    "goal",
    "kpi",
    "review",
    "note",
    "event",
    "experiment",
    "report",
    "test",
];

/// Words that cannot be names.
pub const RESERVED: [&str; 11] =
    ["and", "or", "not", "in", "between", "is", "null", "true", "false", "if", "where"];

/// The words of durations and spans.
pub const DURATIONS: [&str; 14] = [
    "ms", "s", "min", "h", "day", "days", "week", "weeks", "month", "months", "quarter",
    "quarters", "year", "years",
];

/// What a KPI's unit may be without quotes.
pub const UNITS: [&str; 5] = ["percent", "money", "duration", "count", "number"];

/// Which way is better.
pub const DIRECTIONS: [&str; 3] = ["higher", "lower", "within"];

/// How often.
pub const CADENCES: [&str; 5] = ["daily", "weekly", "monthly", "quarterly", "yearly"];

/// The parts of a calendar.
pub const GRAINS: [&str; 5] = ["day", "week", "month", "quarter", "year"];

/// How a source's rows are to be understood.
pub const ROWS: [&str; 2] = ["events", "snapshot"];

/// What to do with a bad cell.
pub const ON_ERROR: [&str; 3] = ["stop", "skip", "null"];

/// Which of two rows with one key stays.
pub const KEEP: [&str; 2] = ["first", "last"];

/// Languages that reports are written in.
pub const LOCALES: [&str; 4] = ["en", "de", "fa", "tr"];

/// Calendars.
pub const CALENDARS: [&str; 2] = ["gregorian", "persian"];

/// Days of the week.
pub const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// What a fiscal year is named by.
pub const NAMED_BY: [&str; 2] = ["start", "end"];

/// Months of both calendars.
pub const MONTHS: [&str; 24] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "farvardin",
    "ordibehesht",
    "khordad",
    "tir",
    "mordad",
    "shahrivar",
    "mehr",
    "aban",
    "azar",
    "dey",
    "bahman",
    "esfand",
];

/// What a review decides.
pub const DECISIONS: [&str; 3] = ["keep", "change", "retire"];

/// Why a target changed.
pub const TRIGGERS: [&str; 6] =
    ["campaign", "strategy", "market", "competition", "method", "insufficient"];

/// Which way time runs on charts.
pub const WAYS: [&str; 2] = ["ltr", "rtl"];

/// Kinds of charts.
pub const CHARTS: [&str; 8] =
    ["line", "bar", "pie", "heatmap", "funnel", "bullet", "stacked", "waterfall"];

/// Types of columns.
pub const TYPES: [&str; 10] =
    ["count", "number", "money", "percent", "duration", "text", "bool", "date", "timestamp", "id"];

/// Dialects of a connection.
pub const SQL_DIALECTS: [&str; 4] = ["duckdb", "postgres", "spark", "clickhouse"];

/// Known exports.
pub const PRESETS: [&str; 26] = [
    "ga4",
    "ga4_snapshot",
    "ga4_exploration",
    "ua",
    "firebase",
    "search_console",
    "google_ads",
    "google_trends",
    "business_profile",
    "meta_business",
    "meta_ads",
    "facebook_page",
    "x",
    "semrush",
    "seranking",
    "ahrefs",
    "mailchimp",
    "salesforce",
    "tableau",
    "hubspot",
    "mixpanel",
    "kissmetrics",
    "hotjar",
    "clarity",
    "hootsuite",
    "buffer",
];

/// The preset that looks at the file itself.
pub const AUTO: &str = "auto";

/// Currencies whose code is recognised in small letters, for a suggestion.
pub const CURRENCIES: [&str; 17] = [
    "USD", "EUR", "GBP", "IRR", "IRT", "TRY", "JPY", "CHF", "CAD", "AUD", "CNY", "INR", "AED",
    "SEK", "NOK", "DKK", "PLN",
];

/// Names of arguments.
pub const ARGUMENTS: [&str; 7] = ["on", "weight", "per", "each", "of", "over", "at_least"];

/// The unit that a word stands for, singular or plural.
///
/// ```
/// use sanjeh::syntax::{ast::UnitWord, words};
/// assert_eq!(words::unit("days"), Some(UnitWord::Days));
/// assert_eq!(words::unit("fortnight"), None);
/// ```
pub fn unit(word: &str) -> Option<UnitWord> {
    Some(match word {
        "ms" => UnitWord::Milliseconds,
        "s" => UnitWord::Seconds,
        "min" => UnitWord::Minutes,
        "h" => UnitWord::Hours,
        "day" | "days" => UnitWord::Days,
        "week" | "weeks" => UnitWord::Weeks,
        "month" | "months" => UnitWord::Months,
        "quarter" | "quarters" => UnitWord::Quarters,
        "year" | "years" => UnitWord::Years,
        _ => return None,
    })
}

/// Whether a value follows the word, so that a bracket behind it is no call's and a slash divides
/// nothing.
pub fn asks_for_a_value(word: &str) -> bool {
    matches!(word, "and" | "or" | "not" | "in" | "between" | "is" | "where" | "when" | "starting")
}

/// Whether any block has a property of that name.
pub fn is_property(word: &str) -> bool {
    BLOCKS.iter().any(|b| b.keys.contains(&word))
}

/// A kind of block with what may stand in it.
#[derive(Debug)]
pub struct Block {
    /// `kpi`
    pub name: &'static str,
    /// Its properties, in the order in which they are usually written.
    pub keys: &'static [&'static str],
    /// Those that may stand more than once.
    pub repeatable: &'static [&'static str],
    /// Those that may carry a language: `title fa:`.
    pub localized: &'static [&'static str],
    /// The blocks that may stand in it.
    pub blocks: &'static [&'static str],
}

/// `project { }`
pub static PROJECT: Block = Block {
    name: "project",
    keys: &["currency", "timezone", "calendar", "week", "fiscal_year", "locale"],
    repeatable: &[],
    localized: &[],
    blocks: &[],
};

/// `connection NAME { }`
pub static CONNECTION: Block =
    Block { name: "connection", keys: &["dialect"], repeatable: &[], localized: &[], blocks: &[] };

/// `source NAME { }`
pub static SOURCE: Block = Block {
    name: "source",
    keys: &[
        "csv",
        "jsonl",
        "parquet",
        "table",
        "inline",
        "preset",
        "unpivot",
        "date",
        "where",
        "rows",
        "grain",
        "covers",
        "lookup",
        "key",
        "on_error",
        "delimiter",
        "quote",
        "encoding",
        "header",
        "skip",
        "comment",
        "footer",
        "decimal",
        "thousands",
        "nulls",
    ],
    repeatable: &["lookup"],
    localized: &[],
    blocks: &["columns"],
};

/// `kpi NAME { }`
pub static MEASURE: Block = Block {
    name: "kpi",
    keys: &[
        "formula",
        "variant_of",
        "unit",
        "better",
        "target",
        "baseline",
        "benchmark",
        "tolerance",
        "cadence",
        "review",
        "channels",
        "by",
        "goal",
        "owner",
        "about",
        "title",
        "improve",
    ],
    repeatable: &["target"],
    localized: &["about", "title", "improve"],
    blocks: &[],
};

/// `metric NAME { }`: what has no purpose is held to nothing.
pub static METRIC: Block = Block {
    name: "metric",
    keys: &["formula", "variant_of", "unit", "better", "by", "owner", "about", "title", "improve"],
    repeatable: &[],
    localized: &["about", "title", "improve"],
    blocks: &[],
};

/// `goal NAME { }`
pub static GOAL: Block = Block {
    name: "goal",
    keys: &["due", "owner", "about", "title"],
    repeatable: &[],
    localized: &["about", "title"],
    blocks: &[],
};

/// `review NAME on DATE { }`
pub static REVIEW: Block = Block {
    name: "review",
    keys: &["decision", "note"],
    repeatable: &[],
    localized: &[],
    blocks: &[],
};

/// `event DATE "Title" { }`
pub static EVENT: Block =
    Block { name: "event", keys: &["affects"], repeatable: &[], localized: &[], blocks: &[] };

/// `experiment "Title" { }`
pub static EXPERIMENT: Block = Block {
    name: "experiment",
    keys: &["kpi", "variant", "values", "from"],
    repeatable: &[],
    localized: &[],
    blocks: &[],
};

/// `report NAME { }`
pub static REPORT: Block = Block {
    name: "report",
    keys: &[
        "purpose",
        "questions",
        "cadence",
        "compare",
        "history",
        "locale",
        "time_axis",
        "title",
    ],
    repeatable: &[],
    localized: &["purpose", "title"],
    blocks: &["section"],
};

/// `section "Title" { }`
pub static SECTION: Block = Block {
    name: "section",
    keys: &["text", "kpis", "compare", "chart", "table"],
    repeatable: &["chart", "table"],
    localized: &["text"],
    blocks: &[],
};

/// Every block of properties.
pub static BLOCKS: [&Block; 11] = [
    &PROJECT,
    &CONNECTION,
    &SOURCE,
    &MEASURE,
    &METRIC,
    &GOAL,
    &REVIEW,
    &EVENT,
    &EXPERIMENT,
    &REPORT,
    &SECTION,
];

/// Whether a property of any block may carry a language: `title fa:`.
pub fn takes_language(word: &str) -> bool {
    BLOCKS.iter().any(|b| b.localized.contains(&word))
}
