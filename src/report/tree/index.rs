//! The front page: every report, and the periods that there are of each.

use serde::Serialize;

use super::{DateText, Document, LanguageTag, PeriodText, StateLine};

/// All reports of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Index {
    /// The program and its version: `Sanjeh 0.1.0`.
    pub generator: String,
    /// The project's language.
    pub language: LanguageTag,
    /// The project's title; the first report's where it has none.
    pub title: String,
    /// The last day whose data count.
    pub as_of: DateText,
    /// The reports, in the order of the spec.
    pub reports: Vec<IndexReport>,
}

/// A report with its periods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndexReport {
    /// Its title.
    pub title: String,
    /// The language that it is written in.
    pub language: LanguageTag,
    /// What it is for.
    pub purpose: Option<String>,
    /// The periods, the latest first.
    pub issues: Vec<Issue>,
}

/// A report of one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// The name of its files.
    pub name: String,
    /// The period.
    pub period: PeriodText,
    /// How many KPIs are where.
    pub state: StateLine,
    /// The report in a sentence or two.
    pub takeaway: String,
}

impl Index {
    /// The front page over reports: of each the latest document first, then earlier ones. None
    /// without a report.
    pub fn of(title: &str, language: LanguageTag, reports: &[Vec<&Document>]) -> Option<Self> {
        let first = *reports.iter().flatten().next()?;
        let latest = reports.iter().filter_map(|all| all.first());
        let as_of = latest.map(|d| &d.as_of).max_by_key(|day| &day.raw).unwrap_or(&first.as_of);
        let issue = |document: &&Document| Issue {
            name: document.name.clone(),
            period: document.period.clone(),
            state: document.state.clone(),
            takeaway: document.takeaway.clone(),
        };
        let report = |all: &Vec<&Document>| {
            let latest = all.first()?;
            Some(IndexReport {
                title: latest.title.clone(),
                language: latest.language.clone(),
                purpose: latest.purpose.clone(),
                issues: all.iter().map(issue).collect(),
            })
        };
        Some(Self {
            generator: first.generator.clone(),
            language,
            title: if title.is_empty() { first.title.clone() } else { title.to_owned() },
            as_of: as_of.clone(),
            reports: reports.iter().filter_map(report).collect(),
        })
    }
}
