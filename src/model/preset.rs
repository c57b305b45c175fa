//! Presets: how known tools write their exports. Data alone, one place a tool; what the source
//! says itself wins.
//!
//! Each rule comes from real files or from the tool's documentation. Where a tool leaves something
//! to its user (a locale's dates, the decimal sign), the preset does not fix it.

use crate::time::{CalendarKind, DateFormat};

/// How a tool writes its tables.
#[derive(Debug, PartialEq, Eq)]
pub struct Preset {
    /// As the language calls it.
    pub name: &'static str,
    /// What may part the fields, the likeliest first: the header's line tells.
    pub delimiters: &'static [u8],
    /// Names of which a header has one at least; for sources that name no column.
    pub known: &'static [&'static str],
    /// Where the table ends.
    pub end: End,
    /// Rows that are no rows of the table.
    pub totals: &'static [Total],
    /// Whether a row without any number may stand below the header that describes the columns.
    pub described: Described,
    /// Cells that mean null.
    pub nulls: &'static [&'static str],
    /// Whether numbers have separators between thousands.
    pub thousands: Thousands,
    /// Patterns of dates, tried in this order; empty for the ISO forms.
    pub dates: &'static [&'static str],
    /// Names of one column over time and languages.
    pub aliases: &'static [&'static [&'static str]],
}

/// Where a table ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With the file.
    File,
    /// Before the first blank line, or row of empty cells: something else follows.
    Blank,
}

/// A row that is no row of the table: it adds others up, or says that there are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// Its first cell is empty.
    EmptyFirst,
    /// Its first cell begins with this.
    Begins(&'static str),
    /// The cells of all these columns that are there are empty.
    Unnamed(&'static [&'static str]),
    /// It is this text alone.
    Alone(&'static str),
}

/// Whether a description of the columns may stand below the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Described {
    /// A first row without any number is one.
    Maybe,
    /// None.
    Never,
}

/// Whether numbers have separators between thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thousands {
    /// Commas; points where the decimal sign is a comma.
    Marked,
    /// None.
    Plain,
}

/// A tool of which nothing is known but that it writes a header and rows.
const PLAIN: Preset = Preset {
    name: "",
    delimiters: b",",
    known: &[],
    end: End::File,
    totals: &[],
    described: Described::Never,
    nulls: &[],
    thousands: Thousands::Plain,
    dates: &[],
    aliases: &[],
};

/// The ISO forms, among other patterns.
const ISO: &str = "";

/// Dates of Google Analytics.
const COMPACT: &[&str] = &["%Y%m%d", ISO];

const GA4: Preset = Preset {
    name: "ga4",
    known: &[
        "Sessions",
        "Users",
        "Total users",
        "Active users",
        "New users",
        "Views",
        "Event count",
        "Key events",
        "Conversions",
        "Total revenue",
    ],
    end: End::Blank,
    dates: COMPACT,
    // Conversions were renamed in 2024.
    aliases: &[&["Key events", "Conversions"]],
    ..PLAIN
};

/// All of them, in the order of the language's page.
static PRESETS: [Preset; 26] = [
    GA4,
    // -1 stands for weeks of a cohort that are not over.
    Preset { name: "ga4_snapshot", nulls: &["-1"], ..GA4 },
    // The first row is the total: without a dimension, and with a cell more than the header.
    Preset { name: "ga4_exploration", totals: &[Total::EmptyFirst], ..GA4 },
    // The last row of each table is a total without a dimension.
    Preset {
        name: "ua",
        known: &["Users", "New Users", "Sessions", "Pageviews", "Total Events", "Day Index"],
        end: End::Blank,
        totals: &[Total::EmptyFirst],
        thousands: Thousands::Marked,
        dates: COMPACT,
        ..PLAIN
    },
    Preset {
        name: "firebase",
        known: &["Users", "Date", "Event Name", "App Version"],
        end: End::Blank,
        dates: COMPACT,
        ..PLAIN
    },
    Preset {
        name: "search_console",
        known: &["Clicks", "Clics", "Impressions"],
        aliases: &[
            &["Top queries", "Queries", "Requêtes les plus fréquentes"],
            &["Clicks", "Clics"],
            &["Country", "Pays"],
            &["Device", "Appareil"],
            &["Search Appearance", "Apparence dans les résultats de recherche"],
            &["Filter", "Filtre"],
            &["Value", "Valeur"],
        ],
        ..PLAIN
    },
    // "Excel .csv" is UTF-16 with tabs. Totals are of the filter, the account and each type.
    Preset {
        name: "google_ads",
        delimiters: b",\t",
        known: &["Campaign", "Cost", "Clicks", "Impr.", "Campanha", "Custo", "Cliques"],
        totals: &[Total::Begins("Total:")],
        nulls: &["--", "—"],
        thousands: Thousands::Marked,
        dates: &[ISO, "%a, %b %d, %Y", "%b %d, %Y"],
        aliases: &[
            &["Campaign status", "Status da campanha"],
            &["Campaign", "Campanha"],
            &["Campaign type", "Tipo de campanha"],
            &["Budget", "Orçamento"],
            &["Currency code", "Código da moeda"],
            &["Optimization score", "Optimisation score", "Pontuação de otimização"],
            &["Impr.", "Impressões"],
            &["Clicks", "Cliques"],
            &["Cost", "Custo"],
            &["Conversions", "Conversões"],
            &["Conv. rate", "Taxa de conv."],
            &["Avg. CPC", "CPC méd."],
        ],
        ..PLAIN
    },
    Preset {
        name: "google_trends",
        known: &["Day", "Week", "Month", "Time", "Region", "Country"],
        end: End::Blank,
        dates: &[ISO, "%Y-%m"],
        ..PLAIN
    },
    Preset {
        name: "business_profile",
        known: &["Store code", "Business name"],
        described: Described::Maybe,
        ..PLAIN
    },
    // `sep=,` for Excel, then a title, then the table; the next table has the same header.
    Preset {
        name: "meta_business",
        delimiters: b",\t",
        known: &["Date", "Primary"],
        end: End::Blank,
        ..PLAIN
    },
    Preset {
        name: "meta_ads",
        known: &["Reporting starts", "Campaign name", "Reach", "Impressions"],
        totals: &[
            Total::Alone("No data available."),
            Total::Unnamed(&["Campaign name", "Ad set name", "Ad name"]),
        ],
        ..PLAIN
    },
    // A second row describes the columns; dates are American, without zeros before.
    Preset {
        name: "facebook_page",
        known: &["Date"],
        described: Described::Maybe,
        dates: &["%m/%d/%Y", ISO],
        ..PLAIN
    },
    Preset {
        name: "x",
        known: &["Impressions", "impressions", "Post id", "Tweet id"],
        nulls: &["-"],
        dates: &["%a, %b %d, %Y", "%a %b %d %Y", "%Y-%m-%d %H:%M %z", ISO],
        aliases: &[&["Shares", "Share"]],
        ..PLAIN
    },
    // The same report comes with commas or semicolons.
    Preset {
        name: "semrush",
        delimiters: b",;",
        known: &["Keyword", "Target", "Domain", "URL"],
        nulls: &["-", "n/a"],
        dates: &[ISO, "%Y%m%d"],
        ..PLAIN
    },
    Preset { name: "seranking", delimiters: b",;", known: &["Keyword"], nulls: &["-"], ..PLAIN },
    // UTF-16 with tabs and every cell in quotes, or UTF-8 with commas; unknown is the empty cell.
    Preset {
        name: "ahrefs",
        delimiters: b"\t,",
        known: &["Keyword", "URL", "Domain", "Referring page URL"],
        nulls: &[""],
        ..PLAIN
    },
    Preset {
        name: "mailchimp",
        known: &["Title", "URL", "Email Address"],
        end: End::Blank,
        nulls: &["n/a"],
        dates: &["%b %d, %Y %I:%M %p", ISO],
        aliases: &[&["Audience", "List"]],
        ..PLAIN
    },
    // Empty rows, then the report's title, copyright and author.
    Preset {
        name: "salesforce",
        end: End::Blank,
        totals: &[Total::Begins("Grand Totals")],
        ..PLAIN
    },
    // A crosstab is UTF-16 with tabs.
    Preset { name: "tableau", delimiters: b",\t", ..PLAIN },
    Preset { name: "hubspot", known: &["Record ID"], ..PLAIN },
    Preset { name: "mixpanel", ..PLAIN },
    Preset { name: "kissmetrics", known: &["Identity"], ..PLAIN },
    Preset { name: "hotjar", ..PLAIN },
    Preset { name: "clarity", ..PLAIN },
    Preset { name: "hootsuite", ..PLAIN },
    Preset { name: "buffer", ..PLAIN },
];

impl Preset {
    /// The preset of a name.
    ///
    /// ```
    /// use sanjeh::model::preset::Preset;
    /// assert_eq!(Preset::named("google_ads").unwrap().nulls[0], "--");
    /// assert!(Preset::named("auto").is_none());
    /// ```
    pub fn named(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|p| p.name == name)
    }

    /// How its dates are read where the source does not say; none for the ISO forms.
    pub fn date_format(&self) -> Option<DateFormat> {
        let format = |pattern: &&str| match *pattern {
            ISO => Some(DateFormat::iso()),
            pattern => DateFormat::new(pattern, CalendarKind::Gregorian).ok(),
        };
        let all: Vec<DateFormat> = self.dates.iter().filter_map(format).collect();
        (!all.is_empty()).then(|| DateFormat::any_of(all))
    }

    /// Other names of a column, in the tool's other languages and times.
    pub fn aliases<'n>(&'static self, name: &'n str) -> impl Iterator<Item = &'static str> + 'n {
        let key = super::source::header_key(name);
        let groups = self
            .aliases
            .iter()
            .filter(move |group| group.iter().any(|alias| super::source::header_key(alias) == key));
        groups.flat_map(|group| group.iter().copied()).filter(move |alias| *alias != name)
    }
}

/// A preset as a source uses it.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Which.
    pub preset: &'static Preset,
    /// What may part the fields.
    pub delimiters: Vec<u8>,
    /// The columns that the source names, each by the keys of the headers that may carry it.
    pub wanted: Vec<Vec<String>>,
    /// Where the table ends.
    pub end: End,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::words;

    #[test]
    fn every_preset_of_the_language_is_there() {
        for name in words::PRESETS {
            let preset = Preset::named(name).unwrap();
            assert_eq!(preset.name, name);
            for pattern in preset.dates.iter().filter(|p| **p != ISO) {
                DateFormat::new(pattern, CalendarKind::Gregorian).unwrap();
            }
        }
    }

    #[test]
    fn aliases_go_both_ways() {
        let ads = Preset::named("google_ads").unwrap();
        assert_eq!(ads.aliases("Custo").collect::<Vec<_>>(), ["Cost"]);
        assert_eq!(ads.aliases("cost").collect::<Vec<_>>(), ["Cost", "Custo"]);
        assert_eq!(ads.aliases("Impr. (top)").count(), 0);
    }
}
