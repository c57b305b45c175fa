//! Reports, tests and what stands beside the numbers.

use super::{
    CompareOp, DateLit, Expr, Ident, Localized, Number, Path, Property, Quantity, Scope, Text,
    TextProperty, When,
};
use crate::source::Span;

/// `goal grow "Title" { due: ... owner: ... }`
#[derive(Clone, Debug)]
pub struct Goal {
    /// Its name.
    pub name: Ident,
    /// How reports call it.
    pub title: Option<Localized>,
    /// `due: 2026-12-31`
    pub due: Option<Property<DateLit>>,
    /// `owner: "CMO"`
    pub owner: Option<Property<Text>>,
    /// `about:`
    pub about: Vec<TextProperty>,
    /// `title fa:`
    pub titles: Vec<TextProperty>,
}

/// `review conversion_rate on 2026-09-30 { ... }`
#[derive(Clone, Debug)]
pub struct Review {
    /// The KPI.
    pub kpi: Ident,
    /// The day.
    pub on: DateLit,
    /// `decision: keep`
    pub decision: Option<Property<Ident>>,
    /// `note: "..."`
    pub note: Option<Property<Text>>,
}

/// `note conversion_rate in 2026-06 "..." by "growth team"`
#[derive(Clone, Debug)]
pub struct Note {
    /// The KPI.
    pub kpi: Ident,
    /// The period.
    pub when: When,
    /// What is to be known.
    pub text: Localized,
    /// Who says so.
    pub by: Option<Text>,
}

/// `event 2026-11-27 to 2026-11-30 "Black Friday"`
#[derive(Clone, Debug)]
pub struct Event {
    /// The first day.
    pub from: DateLit,
    /// The last day, where it is another.
    pub to: Option<DateLit>,
    /// What happened.
    pub title: Localized,
    /// `affects: a, b`
    pub affects: Option<Property<Vec<Ident>>>,
}

/// `experiment "One-page checkout" { ... }`
#[derive(Clone, Debug)]
pub struct Experiment {
    /// Its title.
    pub title: Localized,
    /// `kpi: conversion_rate`
    pub kpi: Option<Property<Ident>>,
    /// `variant: web.variant`
    pub variant: Option<Property<Path>>,
    /// `values: "A", "B"`
    pub values: Option<Property<Vec<Text>>>,
    /// `from: 2026-06-01 to 2026-06-30`
    pub from: Option<Property<(DateLit, DateLit)>>,
}

/// `report monthly "Title" { ... }`
#[derive(Clone, Debug)]
pub struct Report {
    /// Its name.
    pub name: Ident,
    /// Its title.
    pub title: Option<Localized>,
    /// `purpose: "..."`
    pub purpose: Option<Property<Localized>>,
    /// `questions: "...", "..."`
    pub questions: Option<Property<Vec<Localized>>>,
    /// `cadence: monthly`
    pub cadence: Option<Property<Ident>>,
    /// `compare: previous, last year`
    pub compare: Option<Property<Vec<Compare>>>,
    /// `history: 13 months`
    pub history: Option<Property<Quantity>>,
    /// `locale: fa`
    pub locale: Option<Property<Ident>>,
    /// `time_axis: rtl`
    pub time_axis: Option<Property<Ident>>,
    /// Its sections in order.
    pub sections: Vec<Section>,
    /// `title fa:`
    pub titles: Vec<TextProperty>,
}

/// What a report compares with.
#[derive(Clone, Debug)]
pub enum Compare {
    /// `previous`
    Previous(Span),
    /// `last year`
    LastYear(Span),
    /// `28 days around "New SEO strategy"`
    Around(Quantity, Text),
}

/// `section "Website" { ... }`
#[derive(Clone, Debug)]
pub struct Section {
    /// Its title.
    pub title: Localized,
    /// `text: """..."""`
    pub text: Vec<TextProperty>,
    /// `kpis: a, b`
    pub kpis: Option<Property<Vec<Ident>>>,
    /// `compare:`
    pub compare: Option<Property<Vec<Compare>>>,
    /// Charts and tables in the order written.
    pub figures: Vec<Property<Figure>>,
    /// All of it.
    pub span: Span,
}

/// `chart: a, b by channel top 5 as bar`, `table: a by channel`
#[derive(Clone, Debug)]
pub struct Figure {
    /// A chart's kind (`line`, `bar`, ...); none for a table.
    pub chart: Option<Ident>,
    /// Whether the key was `chart`.
    pub is_chart: bool,
    /// What is shown.
    pub measures: Vec<Ident>,
    /// By which dimensions.
    pub by: Vec<Ident>,
    /// `top 10`
    pub top: Option<Number>,
}

/// `test "Title" { ... }`
#[derive(Clone, Debug)]
pub struct Test {
    /// Its title.
    pub title: Localized,
    /// Its lines.
    pub lines: Vec<TestLine>,
}

/// `conversion_rate in 2026-06 for channel email == 2.75% +- 0.01%`
#[derive(Clone, Debug)]
pub struct TestLine {
    /// The measure.
    pub measure: Ident,
    /// The period.
    pub when: When,
    /// `for DIM VALUE, ...`
    pub scopes: Vec<Scope>,
    /// `by DIM`
    pub by: Vec<Ident>,
    /// What must hold.
    pub claim: Claim,
    /// The whole line.
    pub span: Span,
}

/// What a test line claims.
#[allow(clippy::large_enum_variant)] // comparisons are the rule
#[derive(Clone, Debug)]
pub enum Claim {
    /// `== 3% +- 0.1%`
    Compare(CompareOp, Expr, Option<Expr>),
    /// `is null` (true), `is not null` (false)
    IsNull(bool),
    /// `is "off track"`
    Status(Text),
}
