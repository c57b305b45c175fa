//! A source, checked: where its rows are, how its files are written, what its columns are.

pub use super::encoding::Encoding;
use super::preset::Rules;
use super::row::{CellType, ColumnId, RowExpr};
use crate::source::Span;
use crate::syntax::fold_name;
use crate::time::{Date, DateFormat, FileName, Grain};
use crate::value::{Currency, NumberFormat, Unit};

/// A source, by its place in [`Model::sources`](super::Model::sources).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// The name that a header goes by where no column is declared for it: lower case, everything but
/// letters, digits, `_` and inner joiners turned into `_`, none at either end.
///
/// ```
/// use sanjeh::model::source::header_key;
/// assert_eq!(header_key("Key events"), "key_events");
/// assert_eq!(header_key(" Impr. (k)"), "impr_k");
/// assert_eq!(header_key("سفارش\u{200C}ها"), "سفارش\u{200C}ها");
/// ```
pub fn header_key(header: &str) -> String {
    let mut key = String::with_capacity(header.len());
    let mut gap = false;
    for letter in fold_name(header).chars().flat_map(char::to_lowercase) {
        if letter == '\u{200C}' || letter != '_' && unicode_ident::is_xid_continue(letter) {
            if gap && !key.is_empty() {
                key.push('_');
            }
            gap = false;
            key.push(letter);
        } else {
            gap = true;
        }
    }
    key
}

/// A source of rows.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name as written.
    pub name: String,
    /// Its name as compared.
    pub key: String,
    /// Where the name stands.
    pub span: Span,
    /// Where its rows are.
    pub input: Input,
    /// How its files are written.
    pub dialect: Dialect,
    /// Its columns: the declared ones, the undeclared ones that something uses, and the headers
    /// that nothing uses, as texts to break down by.
    pub columns: Vec<Column>,
    /// The sources of which a row is joined to each of its rows.
    pub lookups: Vec<Lookup>,
    /// The column of a row's date; none for lookups only.
    pub date: Option<ColumnId>,
    /// What its rows stand for, where they have no dates of their own.
    pub range: Option<RangeRule>,
    /// The columns of dates that are turned into rows.
    pub unpivot: Option<Unpivot>,
    /// Rows that do not pass are not used.
    pub filter: Option<RowExpr>,
    /// What no rows mean.
    pub rows: Rows,
    /// What a row's date stands for.
    pub grain: Grain,
    /// The first and last day that the source is declared to hold.
    pub covers: Option<(Date, Date)>,
    /// What identifies a row.
    pub identity: Option<Key>,
    /// What a bad cell does.
    pub on_error: OnError,
}

impl Source {
    /// The column of a name as compared.
    pub fn column(&self, key: &str) -> Option<ColumnId> {
        self.columns.iter().position(|c| c.key == key).map(|i| ColumnId(i as u32))
    }
}

/// How the days are told that all rows of a file stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RangeRule {
    /// `in 2026-06`: the first and the last one.
    In(Date, Date),
    /// `file "ads-%Y-%m.csv"`: the name of the file.
    File(FileName),
    /// `preamble`: the lines above the header; where a grain is given, one whole of it.
    Preamble(Option<Grain>),
}

/// Columns whose headers are dates: each of their cells becomes a row, beside the other cells of
/// its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpivot {
    /// How the dates are written.
    pub format: DateFormat,
    /// Where the spec says so.
    pub span: Span,
}

/// One row of another source, or none, joined to each row of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The source that is looked up.
    pub source: SourceId,
    /// The column of the own row.
    pub own: ColumnId,
    /// The column of the looked-up row.
    pub theirs: ColumnId,
    /// When two rows belong together.
    pub matching: Matching,
    /// Where the spec says so.
    pub span: Span,
}

/// When a row belongs to a looked-up one. Null belongs to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matching {
    /// Their keys are equal; of a moment and a day the days are.
    Equal,
    /// It is the latest one that is not after the own one.
    OrEarlier,
}

/// What no rows mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// `events`: a complete log, so no rows means zero.
    Events,
    /// `snapshot`: levels that hold until the next reading.
    Snapshot,
    /// Not said: no rows means no data.
    Unset,
}

/// A column of a source.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name as written.
    pub name: String,
    /// Its name as compared.
    pub key: String,
    /// Where it is declared, or first used.
    pub span: Span,
    /// What it holds.
    pub ty: ColumnType,
    /// Where its values come from.
    pub origin: ColumnOrigin,
    /// Dimensions (or `date`) over which its values must not be added up, as compared.
    pub not_additive_over: Vec<String>,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// A count; fractions allowed.
    Count,
    /// A plain number.
    Number,
    /// Money of a currency.
    Money(Currency),
    /// Money in the currency that another column of the row names, as compared.
    MoneyIn(String),
    /// A share, 0 to 1.
    Percent,
    /// Seconds.
    Duration,
    /// A text.
    Text,
    /// True or false.
    Bool,
    /// A day.
    Date,
    /// A day and a time.
    Timestamp,
    /// What identifies something; a text that is never a number.
    Id,
}

impl ColumnType {
    /// What it is physically.
    pub fn cell(&self) -> CellType {
        match self {
            Self::Count
            | Self::Number
            | Self::Money(_)
            | Self::MoneyIn(_)
            | Self::Percent
            | Self::Duration => CellType::Number,
            Self::Text | Self::Id => CellType::Text,
            Self::Bool => CellType::Bool,
            Self::Date => CellType::Date,
            Self::Timestamp => CellType::Timestamp,
        }
    }

    /// The unit of its numbers; none where it holds no numbers.
    pub fn unit(&self) -> Option<Unit> {
        match self {
            Self::Count => Some(Unit::Count),
            Self::Number => Some(Unit::Number),
            Self::Money(currency) => Some(Unit::Money(*currency)),
            Self::MoneyIn(_) => Some(Unit::MoneyOfSource),
            Self::Percent => Some(Unit::Percent),
            Self::Duration => Some(Unit::Duration),
            Self::Text | Self::Bool | Self::Date | Self::Timestamp | Self::Id => None,
        }
    }
}

/// Where a column's values come from.
#[derive(Clone, Debug)]
pub enum ColumnOrigin {
    /// The file.
    Read {
        /// Headers that may carry it, the first that is there counts.
        headers: Vec<String>,
        /// How a cell becomes a value.
        cell: CellKind,
    },
    /// Other columns of the row.
    Computed(RowExpr),
    /// The row's place among the rows of the id in a column.
    Ranked(Rank, ColumnId),
    /// The first of the days that the row stands for.
    Range,
    /// The date above the cell that became a row.
    Header,
    /// The cell that became a row.
    Turned(CellKind),
    /// The row of another source that is joined to the row.
    Joined {
        /// Which of the source's lookups.
        lookup: usize,
        /// The column of the looked-up source.
        column: ColumnId,
    },
}

/// What is asked of a row's place among the rows of its id that count, by date, then by path and
/// line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rank {
    /// `nth(id)`: 1 for the first one.
    Nth,
    /// `first_seen(id)`: the day of the first one.
    FirstSeen,
}

impl Rank {
    /// The function's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nth => "nth",
            Self::FirstSeen => "first_seen",
        }
    }
}

/// Where a source's rows are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A pattern of paths, relative to the root of the host.
    Csv {
        /// With `/`; `*`, `?` and `**` are wildcards.
        pattern: String,
        /// The text in the spec.
        span: Span,
    },
    /// A table of a database.
    Table {
        /// The connection's name, as it is written.
        connection: String,
        /// What the database speaks.
        dialect: SqlDialect,
        /// The names that lead to the table: of a schema, of the table itself.
        path: Vec<String>,
        /// The names in the spec.
        span: Span,
    },
    /// Rows in the spec itself.
    Inline {
        /// The text, common indentation removed.
        text: String,
        /// Where it stands.
        span: Span,
        /// The path of the spec, for messages.
        path: String,
        /// The physical line of the spec on which the text's first line stands.
        first_line: u64,
    },
}

/// What a database speaks: how names are quoted is all that reading a table needs of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SqlDialect {
    /// `duckdb`
    DuckDb,
    /// `postgres`, and what speaks like it.
    Postgres,
    /// `spark`, and what speaks like it.
    Spark,
    /// `clickhouse`
    ClickHouse,
}

impl SqlDialect {
    /// The dialect of a word of the language.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "duckdb" => Self::DuckDb,
            "postgres" => Self::Postgres,
            "spark" => Self::Spark,
            "clickhouse" => Self::ClickHouse,
            _ => return None,
        })
    }
}

/// How a file is written. Nothing is guessed.
#[derive(Clone, Debug)]
pub struct Dialect {
    /// What a record is.
    pub records: Records,
    /// How bytes become characters.
    pub encoding: Encoding,
    /// Between fields.
    pub delimiter: u8,
    /// Around fields.
    pub quote: u8,
    /// Where the header is.
    pub header: Header,
    /// Lines before the header that are left out.
    pub skip: u64,
    /// Lines that begin with it (before any field) are left out.
    pub comment: Option<u8>,
    /// What is left out at the end.
    pub footer: Footer,
    /// How numbers are written.
    pub numbers: NumberFormat,
    /// Cells that mean null, besides the unquoted empty one.
    pub nulls: Vec<String>,
    /// How the tool that wrote the file writes tables; the keys above have been settled by it.
    pub preset: Option<Rules>,
    /// The file itself is to tell what the source does not.
    pub auto: Option<Auto>,
}

/// `preset: auto`.
#[derive(Clone, Debug)]
pub struct Auto {
    /// Where the spec says so.
    pub span: Span,
    /// The dialect keys that the source declares, which win.
    pub declared: Vec<&'static str>,
}

impl Default for Dialect {
    /// As RFC 4180 has it, in UTF-8.
    fn default() -> Self {
        Self {
            records: Records::Csv,
            encoding: Encoding::Utf8,
            delimiter: b',',
            quote: b'"',
            header: Header::Row(1),
            skip: 0,
            comment: None,
            footer: Footer::None,
            numbers: NumberFormat::default(),
            nulls: Vec::new(),
            preset: None,
            auto: None,
        }
    }
}

/// What a record of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Records {
    /// Fields between delimiters, below a header.
    Csv,
    /// A JSON object on a line of its own.
    JsonLines,
    /// The rows of a Parquet file, whose columns have names and types of their own.
    Parquet,
    /// The rows of a table of a database.
    Table,
}

/// Where a header is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// In this row after the skipped lines, from 1.
    Row(u64),
    /// Nowhere: columns are `column_1`, `column_2`...
    None,
}

/// What is left out at the end of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Footer {
    /// Nothing.
    None,
    /// So many lines.
    Lines(u64),
    /// Every line that matches.
    Matching(String),
}

/// How a cell becomes a value.
#[derive(Clone, Debug)]
pub enum CellKind {
    /// `1234.5`
    Number,
    /// `4.88%` or `0.0488`
    Percent,
    /// `£1,234.50` or `1234.50`; a mark of another currency is refused.
    Money(Currency),
    /// The code of a currency, such as `GBP`; where one is named, only that one.
    Currency(Option<Currency>),
    /// Seconds as a number, `00:01:23`, or `83s`; a number of seconds.
    Duration,
    /// The text as it is; the empty quoted text is no null.
    Text,
    /// `true`/`false`, `yes`/`no`, `1`/`0`, whatever the case.
    Bool,
    /// A day.
    Date(DateFormat),
    /// A moment, local to the project.
    Timestamp(DateFormat),
}

/// A key of rows.
#[derive(Clone, Debug)]
pub struct Key {
    /// The columns that identify a row.
    pub columns: Vec<ColumnId>,
    /// Which of two wins.
    pub repeated: Repeated,
    /// Where the spec says so.
    pub span: Span,
}

/// What a repeated key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeated {
    /// It is an error.
    Error,
    /// The later row counts, in order of path and line.
    KeepLast,
}

/// What a bad cell does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// The build stops.
    Stop,
    /// The row is left out, counted and listed.
    Skip,
    /// The cell is null, counted and listed.
    Null,
}
