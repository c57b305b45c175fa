//! The abstract syntax tree: what was written, with its places, and nothing that was concluded.
//!
//! Names are not resolved, dates not checked against a calendar, units not compared: all that is
//! the model's work. Every node carries the span that it was written at.

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

/// An expression: of a row, or a formula.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands, brackets around it included.
    pub span: Span,
}

/// The kinds of expressions. Chains of one level of precedence are flat, so that a million terms
/// are no deeper than two.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `2.5`, `3%`, `15k`
    Number(Number),
    /// `50 USD`
    Money(Number, Ident),
    /// `90 s`, `2 months`
    Quantity(Quantity),
    /// `2026-12-31`
    Date(DateLit),
    /// `2026-06`, `2026-Q2` (never a bare year, which is a number)
    Period(PeriodLit),
    /// `"text"`
    Text(String),
    /// `/^a/i`
    Regex(Regex),
    /// `true`, `false`
    Bool(bool),
    /// `null`
    Null,
    /// `visits`, `web.visits`, `` `Key events` ``
    Name(Path),
    /// `-x`, `not x`
    Unary(UnaryOp, Box<Expr>),
    /// `a + b - c`, `a * b / c`, `a ?? b`, `a and b`, `a or b`: operators of one level.
    Chain(Box<Expr>, Vec<Link>),
    /// `a < b`
    Compare(Box<Expr>, CompareOp, Box<Expr>),
    /// `a =~ /x/`, `a !~ /x/`
    Match {
        /// Left of the operator.
        value: Box<Expr>,
        /// Right of it.
        regex: Regex,
        /// `!~`
        negated: bool,
    },
    /// `a in ("x", "y")`, `a in engines`, `a in std.search_engines`
    In {
        /// Left of `in`.
        value: Box<Expr>,
        /// Right of it: the members, or one `Name` of a list.
        members: Vec<Expr>,
        /// `not in`
        negated: bool,
    },
    /// `a between b and c`
    Between {
        /// Left of `between`.
        value: Box<Expr>,
        /// The lower bound, included.
        low: Box<Expr>,
        /// The upper bound, included.
        high: Box<Expr>,
        /// `not between`
        negated: bool,
    },
    /// `a is null`, `a is not null`
    IsNull {
        /// Left of `is`.
        value: Box<Expr>,
        /// `is not null`
        negated: bool,
    },
    /// `sum(web.visits where device == "mobile")`
    Call(Call),
}

/// One step of a flat chain.
#[derive(Clone, Debug)]
pub struct Link {
    /// The operator.
    pub op: ChainOp,
    /// Where the operator stands.
    pub op_span: Span,
    /// What stands right of it.
    pub operand: Expr,
}

/// Operators that chain. A chain holds operators of one level only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `??`
    Default,
    /// `and`
    And,
    /// `or`
    Or,
}

/// Operators before their operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Negate,
    /// `not`
    Not,
}

/// Operators that compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

/// A call of a function.
#[derive(Clone, Debug)]
pub struct Call {
    /// The function's name.
    pub name: Ident,
    /// Its arguments in order.
    pub args: Vec<Arg>,
    /// The condition behind `where`, wherever in the brackets it stood.
    pub filter: Option<Box<Expr>>,
}

/// An argument: `x` or `each: day`.
#[derive(Clone, Debug)]
pub struct Arg {
    /// `each` in `each: day`.
    pub name: Option<Ident>,
    /// The value. Grain words (`day`, `year`) are plain names here.
    pub value: Expr,
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

/// `source web { ... }`
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name.
    pub name: Ident,
    /// `csv`, `jsonl`, `parquet`, `table`, `inline`.
    pub input: Option<Property<Input>>,
    /// `preset: ga4`
    pub preset: Option<Property<Ident>>,
    /// `date: ...`
    pub date: Option<Property<DateRule>>,
    /// `where: ...`
    pub filter: Option<Property<Expr>>,
    /// `rows: events`
    pub rows: Option<Property<Ident>>,
    /// `grain: month`
    pub grain: Option<Property<Ident>>,
    /// `covers: 2024-01-01 to 2026-06-30`
    pub covers: Option<Property<(DateLit, DateLit)>>,
    /// The `columns` block.
    pub columns: Vec<Column>,
    /// The key of the `columns` block, for messages.
    pub columns_span: Option<Span>,
    /// `key: event_id keep last`
    pub key: Option<Property<Key>>,
    /// `on_error: stop`
    pub on_error: Option<Property<Ident>>,
    /// `lookup: customers on customer_id = id`, one or more.
    pub lookups: Vec<Property<Lookup>>,
    /// `unpivot: dates as day, volume`
    pub unpivot: Option<Property<Unpivot>>,
    /// How the file is written.
    pub dialect: Dialect,
}

/// Where a source's rows are.
#[derive(Clone, Debug)]
pub enum Input {
    /// `csv: "data/*.csv"`
    Csv(Text),
    /// `jsonl: "data/*.jsonl"`
    Jsonl(Text),
    /// `parquet: "data/*.parquet"`
    Parquet(Text),
    /// `table: warehouse.orders`
    Table(Path),
    /// `inline: """..."""`
    Inline(Text),
}

/// The dialect keys of a source.
#[derive(Clone, Debug, Default)]
pub struct Dialect {
    /// `delimiter: ";"`
    pub delimiter: Option<Property<Text>>,
    /// `quote: "'"`
    pub quote: Option<Property<Text>>,
    /// `encoding: "windows-1252"`
    pub encoding: Option<Property<Text>>,
    /// `header: 2`, `header: none`
    pub header: Option<Property<Header>>,
    /// `skip: 2`
    pub skip: Option<Property<Number>>,
    /// `comment: "#"`
    pub comment: Option<Property<Text>>,
    /// `footer: 2`, `footer: /^Total/`
    pub footer: Option<Property<Footer>>,
    /// `decimal: ","`
    pub decimal: Option<Property<Text>>,
    /// `thousands: "."`
    pub thousands: Option<Property<Text>>,
    /// `nulls: "-", "n/a"`
    pub nulls: Option<Property<Vec<Text>>>,
}

/// Where the header is.
#[derive(Clone, Debug)]
pub enum Header {
    /// The row's number, from 1.
    Row(Number),
    /// There is none.
    None,
}

/// What to leave out at the end of a file.
#[derive(Clone, Debug)]
pub enum Footer {
    /// So many lines.
    Lines(Number),
    /// Rows whose line matches.
    Matching(Regex),
}

/// A source's `date`.
#[derive(Clone, Debug)]
pub enum DateRule {
    /// `` `Date` as "%Y%m%d" ``
    Column(Ident, Option<DateFormat>),
    /// `in 2026-06`
    In(When),
    /// `file "ads-%Y-%m.csv"`
    File(Text),
    /// `preamble`
    Preamble(Span),
}

/// `as "%Y%m%d"`, `as jalali "%Y/%m/%d"`
#[derive(Clone, Debug)]
pub struct DateFormat {
    /// The word `jalali`, where it stands.
    pub jalali: Option<Span>,
    /// The pattern.
    pub pattern: Option<Text>,
}

/// A line of a `columns` block.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: Ident,
    /// Its type, where it is written.
    pub ty: Option<ColumnType>,
    /// The headers behind `from`, in order of preference.
    pub from: Vec<Ident>,
    /// `as "%d/%m/%Y"`
    pub format: Option<DateFormat>,
    /// The names behind `not additive over`.
    pub not_additive_over: Vec<Ident>,
    /// The expression behind `=`.
    pub computed: Option<Expr>,
    /// The whole line.
    pub span: Span,
}

/// `count`, `money USD`, `money in currency_code`
#[derive(Clone, Debug)]
pub struct ColumnType {
    /// The type's word.
    pub name: Ident,
    /// `USD` in `money USD`.
    pub currency: Option<Ident>,
    /// `currency_code` in `money in currency_code`.
    pub currency_column: Option<Ident>,
}

/// `event_id, day keep last`
#[derive(Clone, Debug)]
pub struct Key {
    /// The columns that identify a row.
    pub columns: Vec<Ident>,
    /// The word behind `keep`.
    pub keep: Option<Ident>,
}

/// `customers on customer_id = id`, `rates on day or earlier`
#[derive(Clone, Debug)]
pub struct Lookup {
    /// The other source.
    pub source: Ident,
    /// The column here.
    pub left: Ident,
    /// The column there, where it has another name.
    pub right: Option<Ident>,
    /// `or earlier`, where it stands.
    pub or_earlier: Option<Span>,
}

/// `dates as day, volume`
#[derive(Clone, Debug)]
pub struct Unpivot {
    /// What is turned: `dates`.
    pub what: Ident,
    /// The names of the new columns.
    pub columns: Vec<Ident>,
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

/// Whether a measure has a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureKind {
    /// `metric`
    Metric,
    /// `kpi`
    Kpi,
}

/// `metric` and `kpi` in all their forms.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Which of the two.
    pub kind: MeasureKind,
    /// Its name.
    pub name: Ident,
    /// The title in the head.
    pub title: Option<Localized>,
    /// `metric sessions: count`: an input without a formula.
    pub needs: Option<ColumnType>,
    /// Behind `=` or `formula:`; the key is the `=` in the short form.
    pub formula: Option<Property<Expr>>,
    /// `unit: percent`, `unit: "visitors" fa "نفر"`
    pub unit: Option<Property<UnitRef>>,
    /// `better: higher`
    pub better: Option<Property<Ident>>,
    /// `target: ...`, in the order written.
    pub targets: Vec<Property<Target>>,
    /// `baseline: 2.1% on 2025-12-31`
    pub baseline: Option<Property<Baseline>>,
    /// `benchmark: 2.9% "source"`
    pub benchmark: Option<Property<Benchmark>>,
    /// `tolerance: 10%`
    pub tolerance: Option<Property<Expr>>,
    /// `cadence: monthly, weekly`
    pub cadence: Option<Property<Vec<Ident>>>,
    /// `review: quarterly`
    pub review: Option<Property<Ident>>,
    /// `channels: seo, ga4.email`
    pub channels: Option<Property<Vec<Path>>>,
    /// `by: channel, device`
    pub by: Option<Property<Vec<Ident>>>,
    /// `goal: grow_sales`
    pub goal: Option<Property<Ident>>,
    /// `variant_of: bounce_rate`
    pub variant_of: Option<Property<Ident>>,
    /// `owner: "growth team"`
    pub owner: Option<Property<Text>>,
    /// `about:`, `about fa:`
    pub about: Vec<TextProperty>,
    /// `title fa:`
    pub titles: Vec<TextProperty>,
    /// `improve:`, `improve fa:`
    pub improve: Vec<TextProperty>,
}

/// A unit: a word of the language or one's own.
#[derive(Clone, Debug)]
pub enum UnitRef {
    /// `percent`, `money`
    Word(Ident),
    /// `"visitors" fa "نفر"`
    Own(Localized),
}

/// A `target:` with all its clauses.
#[derive(Clone, Debug)]
pub struct Target {
    /// What is to be reached.
    pub value: TargetValue,
    /// `from 2026-01-01`
    pub from: Option<When>,
    /// `by 2026-12-31`
    pub by: Option<DateLit>,
    /// `starting 7_500 on 2026-01-01`
    pub starting: Option<(Expr, DateLit)>,
    /// `per year`: the word.
    pub per: Option<Ident>,
    /// `for channel email`, `for device "mobile"`
    pub scope: Option<Scope>,
    /// `because method "..."`
    pub because: Option<Because>,
}

/// What a target asks for.
#[derive(Clone, Debug)]
pub enum TargetValue {
    /// `3%`, `sum(plan.amount)`
    Value(Expr),
    /// `2% .. 4%`
    Range(Expr, Expr),
    /// `+20% over previous`, `+2 points over baseline`
    Relative {
        /// With its sign worked in.
        amount: Number,
        /// `points` behind the number.
        points: bool,
        /// What it is relative to.
        over: Reference,
        /// All of it.
        span: Span,
    },
    /// `increase`
    Increase(Span),
    /// `decrease`
    Decrease(Span),
}

/// What a relative target refers to.
#[derive(Clone, Debug)]
pub enum Reference {
    /// `previous`
    Previous(Span),
    /// `last year`
    LastYear(Span),
    /// `baseline`
    Baseline(Span),
    /// `2025-Q4`
    Period(PeriodLit),
}

/// `for channel email`, `for device "mobile"`
#[derive(Clone, Debug)]
pub struct Scope {
    /// The dimension: `channel` or a column's name.
    pub dimension: Ident,
    /// The member: a channel's name or a text.
    pub member: Member,
}

/// A member of a dimension.
#[derive(Clone, Debug)]
pub enum Member {
    /// `email`, `ga4.email`
    Name(Path),
    /// `"mobile"`
    Text(Text),
}

/// `because method "A/B test"`
#[derive(Clone, Debug)]
pub struct Because {
    /// The trigger word.
    pub trigger: Option<Ident>,
    /// The reason.
    pub text: Text,
}

/// `2.1% on 2025-12-31`, `10_000 in 2026-05`
#[derive(Clone, Debug)]
pub struct Baseline {
    /// The value.
    pub value: Expr,
    /// When it held.
    pub when: Option<When>,
}

/// `2.9% "median of our trade"`
#[derive(Clone, Debug)]
pub struct Benchmark {
    /// The value.
    pub value: Expr,
    /// Where it comes from.
    pub text: Option<Text>,
}

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
