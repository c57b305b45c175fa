//! The abstract syntax tree: what was written, with its places, and nothing that was concluded.
//!
//! Names are not resolved, dates not checked against a calendar, units not compared: all that is
//! the model's work. Every node carries the span that it was written at.

mod expr;
mod measure;
mod report;
mod source;

pub use expr::{Arg, Call, ChainOp, CompareOp, Expr, ExprKind, Link, UnaryOp};
pub use measure::{
    Baseline, Because, Benchmark, Measure, MeasureKind, Member, Reference, Scope, Target,
    TargetValue, UnitRef,
};
pub use report::{
    Claim, Compare, Event, Experiment, Figure, Goal, Note, Report, Review, Section, Test, TestLine,
};
pub use source::{
    Column, ColumnType, DateFormat, DateRule, Dialect, Footer, Header, Input, Key, Lookup, Source,
    Unpivot,
};

use crate::source::{FileId, Span};

/// A file's items in the order in which they stand.
#[derive(Clone, Debug)]
pub struct File {
    /// Which file.
    pub id: FileId,
    /// Its items, the broken ones too.
    pub items: Vec<Item>,
    /// Every comment, `#` included, in order.
    pub comments: Vec<Span>,
}

/// A name as it was written and as it is compared.
#[derive(Clone, Debug)]
pub struct Ident {
    /// As written, without backticks.
    pub text: String,
    /// In NFC with Arabic yeh and kaf folded to the Persian ones: two names are one when these are.
    pub key: String,
    /// Backticks included.
    pub span: Span,
    /// Whether it stood in backticks: the exact header of a column.
    pub quoted: bool,
}

/// `a` or `a.b`.
#[derive(Clone, Debug)]
pub struct Path {
    /// One or more names.
    pub segments: Vec<Ident>,
    /// All of it.
    pub span: Span,
}

/// A text with its escapes resolved.
#[derive(Clone, Debug)]
pub struct Text {
    /// The content.
    pub value: String,
    /// With its quotes.
    pub span: Span,
}

/// A text and its variants by language: `"SEO" fa "سئو"`.
#[derive(Clone, Debug)]
pub struct Localized {
    /// The plain one.
    pub plain: Text,
    /// Language tag and text, in the order written.
    pub variants: Vec<(Ident, Text)>,
}

/// A property's value with the place of its key.
#[derive(Clone, Debug)]
pub struct Property<T> {
    /// The key, without the colon.
    pub key: Span,
    /// What stands behind the colon.
    pub value: T,
    /// Key and value.
    pub span: Span,
}

/// A property of texts that may carry a language: `title fa: "…"`.
#[derive(Clone, Debug)]
pub struct TextProperty {
    /// `fa` in `title fa:`, none in `title:`.
    pub language: Option<Ident>,
    /// The text.
    pub text: Text,
    /// The key.
    pub key: Span,
}

/// A calendar day as written; whether there is such a day is for the model to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateLit {
    /// 1200 to 1599 is Solar Hijri, 1900 to 2199 Gregorian.
    pub year: i32,
    /// From 1.
    pub month: u32,
    /// From 1.
    pub day: u32,
    /// Where it stands.
    pub span: Span,
}

/// Which part of a year a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodPart {
    /// `2026`
    Year,
    /// `2026-Q2`
    Quarter(u32),
    /// `2026-06`
    Month(u32),
    /// `2026-W27`
    Week(u32),
}

/// A period as written, in the project's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodLit {
    /// The year that is written.
    pub year: i32,
    /// The part of it.
    pub part: PeriodPart,
    /// Where it stands.
    pub span: Span,
}

/// A day or a period: `in 2026-06`, `in 2026-06-03`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A day.
    Day(DateLit),
    /// A period.
    Period(PeriodLit),
}

/// An exact decimal: `mantissa / 10^scale`. Suffixes (`k`, `M`, `B`) and `%` are worked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// All digits.
    pub mantissa: i128,
    /// How many of them are behind the point, 0 to 28.
    pub scale: u32,
    /// Whether it was written with `%` (the value is already divided by 100).
    pub percent: bool,
}

/// The words for durations and spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitWord {
    /// `ms`
    Milliseconds,
    /// `s`
    Seconds,
    /// `min`
    Minutes,
    /// `h`
    Hours,
    /// `day`, `days`
    Days,
    /// `week`, `weeks`
    Weeks,
    /// `month`, `months`
    Months,
    /// `quarter`, `quarters`
    Quarters,
    /// `year`, `years`
    Years,
}

/// `90 s`, `28 days`, `3 months`.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    /// How many.
    pub number: Number,
    /// Of what.
    pub unit: UnitWord,
    /// Where it stands.
    pub span: Span,
}

/// A regular expression literal.
#[derive(Clone, Debug)]
pub struct Regex {
    /// Between the slashes, with `\/` turned into `/`.
    pub pattern: String,
    /// Whether `i` follows.
    pub ignore_case: bool,
    /// With slashes and flag.
    pub span: Span,
}

/// A top-level item.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// From the keyword to the last character.
    pub span: Span,
    /// The keyword.
    pub keyword: Span,
    /// `# kpi: allow(NAME) reason` lines right above it.
    pub allows: Vec<Allow>,
}

/// A lint that is allowed for one item.
#[derive(Clone, Debug)]
pub struct Allow {
    /// The lint's name.
    pub lint: Ident,
    /// Why, as written behind the brackets.
    pub reason: String,
}

/// The kinds of items.
#[derive(Clone, Debug)]
pub enum ItemKind {
    /// `project`
    Project(Box<Project>),
    /// `use`
    Use(Use),
    /// `connection`
    Connection(Connection),
    /// `source`
    Source(Box<Source>),
    /// `channels`
    Channels(Channels),
    /// `list`
    List(List),
    /// `metric` and `kpi`
    Measure(Box<Measure>),
    /// `goal`
    Goal(Goal),
    /// `review`
    Review(Review),
    /// `note`
    Note(Note),
    /// `event`
    Event(Event),
    /// `experiment`
    Experiment(Box<Experiment>),
    /// `report`
    Report(Box<Report>),
    /// `test`
    Test(Test),
    /// An item whose head cannot be read. Its name, if any, still counts as defined, so that uses
    /// of it give no second message.
    Broken {
        /// The keyword as written.
        keyword: String,
        /// The name that follows it.
        name: Option<Ident>,
    },
}

/// `project "Title" { ... }`
#[derive(Clone, Debug)]
pub struct Project {
    /// The title.
    pub title: Option<Localized>,
    /// `currency: USD`
    pub currency: Option<Property<Ident>>,
    /// `timezone: "Europe/London"`
    pub timezone: Option<Property<Text>>,
    /// `calendar: gregorian`
    pub calendar: Option<Property<Ident>>,
    /// `week: starts monday`: the day.
    pub week: Option<Property<Ident>>,
    /// `fiscal_year: starts april, named by end`
    pub fiscal_year: Option<Property<FiscalYear>>,
    /// `locale: en`
    pub locale: Option<Property<Ident>>,
}

/// `starts april, named by end`
#[derive(Clone, Debug)]
pub struct FiscalYear {
    /// The month's name.
    pub starts: Ident,
    /// `start` or `end`, where it is written.
    pub named_by: Option<Ident>,
}

/// `use "std:marketing/website" only a, b`
#[derive(Clone, Debug)]
pub struct Use {
    /// What is used.
    pub path: Text,
    /// The names behind `only`, or all.
    pub only: Option<Vec<Ident>>,
}

/// `connection warehouse { dialect: postgres }`
#[derive(Clone, Debug)]
pub struct Connection {
    /// Its name.
    pub name: Ident,
    /// `dialect: postgres`
    pub dialect: Option<Property<Ident>>,
}

/// `channels marketing(source, medium) { ... }`
#[derive(Clone, Debug)]
pub struct Channels {
    /// The block's name.
    pub name: Ident,
    /// Its parameters; none for a block that only names areas.
    pub parameters: Vec<Ident>,
    /// Its channels in order.
    pub rules: Vec<ChannelRule>,
}

/// `seo "SEO" when medium == "organic"`
#[derive(Clone, Debug)]
pub struct ChannelRule {
    /// The channel's name.
    pub name: Ident,
    /// How reports call it.
    pub title: Option<Localized>,
    /// Which rows belong to it.
    pub condition: ChannelCondition,
    /// The whole rule.
    pub span: Span,
}

/// When a row belongs to a channel.
#[derive(Clone, Debug)]
pub enum ChannelCondition {
    /// `when EXPR`
    When(Expr),
    /// `otherwise`
    Otherwise(Span),
    /// Nothing: a name without a rule.
    None,
}

/// `list engines = std.search_engines, "zarebin.ir"`
#[derive(Clone, Debug)]
pub struct List {
    /// Its name.
    pub name: Ident,
    /// Texts and names of other lists.
    pub members: Vec<Expr>,
}
