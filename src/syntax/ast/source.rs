//! Sources: where rows are, how their files are written, what their columns are.

use super::{DateLit, Expr, Ident, Number, Path, Property, Regex, Text, When};
use crate::source::Span;

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
