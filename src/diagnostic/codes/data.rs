//! `K4xxx`: the data.

codes! {
    /// A cell is not of its column's type.
    BAD_CELL = "K4001" "bad-cell" Error;
    /// A file is not there, or a pattern matches none.
    NO_FILE = "K4002" "no-file" Error;
    /// A file of no bytes.
    EMPTY_FILE = "K4003" "empty-file" Error;
    /// A file ends before its header.
    NO_HEADER = "K4004" "no-header" Error;
    /// No header carries the name of a column.
    MISSING_HEADER = "K4005" "missing-header" Error;
    /// Several headers carry the name of a column.
    AMBIGUOUS_HEADER = "K4006" "ambiguous-header" Error;
    /// A row has fewer or more cells than the header.
    RAGGED_ROW = "K4007" "ragged-row" Error;
    /// A quote opens a cell and is never closed.
    UNCLOSED_QUOTE = "K4008" "unclosed-quote" Error;
    /// Something stands between a closing quote and the next delimiter.
    TEXT_AFTER_QUOTE = "K4009" "text-after-quote" Error;
    /// A cell begins with a blank and then a quote.
    BLANK_BEFORE_QUOTE = "K4010" "blank-before-quote" Error;
    /// A cell of a date column is no date of the declared form.
    BAD_DATE = "K4011" "bad-date" Error;
    /// A row of a dated source has no date.
    ROW_WITHOUT_DATE = "K4012" "row-without-date" Error;
    /// Two rows have one key.
    REPEATED_KEY = "K4013" "repeated-key" Error;
    /// A text is not UTF-8.
    DATA_NOT_UTF8 = "K4014" "data-not-utf8" Error;
    /// A zero byte.
    NUL_BYTE = "K4015" "nul-byte" Error;
    /// A cell is longer than any that is read.
    FIELD_TOO_LONG = "K4016" "field-too-long" Error;
    /// A file has more columns than are read.
    TOO_MANY_COLUMNS = "K4017" "too-many-columns" Error;
    /// A file is in an encoding or a format that is not read.
    UNREADABLE_FORMAT = "K4018" "unreadable-format" Error;
    /// Cells of a percent column are above 1 and have no percent sign.
    PERCENT_ABOVE_ONE = "K4019" "percent-above-one" Warning;
    /// Amounts of several currencies where one is due.
    MIXED_CURRENCIES = "K4038" "mixed-currencies" Error;
    /// Amounts of which no currency is named.
    AMOUNT_WITHOUT_CURRENCY = "K4039" "amount-without-currency" Error;
    /// Two rows of a looked-up source have one key.
    REPEATED_LOOKUP_KEY = "K4045" "repeated-lookup-key" Error;
    /// No header is a date, where dates are to be turned into rows.
    NO_DATE_HEADER = "K4046" "no-date-header" Error;
    /// Nothing tells which days the rows of a file stand for.
    NO_RANGE = "K4047" "no-range" Error;
    /// Two files stand for days of which they share some.
    OVERLAPPING_RANGES = "K4048" "overlapping-ranges" Error;
    /// Two files stand for the same days.
    SAME_RANGE = "K4049" "same-range" Warning;
    /// A byte means nothing in the declared encoding.
    UNDECODABLE = "K4055" "undecodable" Error;
    /// A packed file cannot be unpacked, or breaks off.
    DAMAGED_FILE = "K4056" "damaged-file" Error;
    /// A file's byte order mark says another encoding than the source, or is missing.
    OTHER_ENCODING = "K4057" "other-encoding" Error;
    /// A line of a file of JSON lines is no object.
    BAD_JSON_LINE = "K4058" "bad-json-line" Error;
    /// Cells only tell a bound of their number.
    CENSORED_CELLS = "K4059" "censored-cells" Warning;
    /// A file holds another table of the headers of the one that is read.
    FURTHER_TABLE = "K4060" "further-table" Warning;
    /// What `preset: auto` has found.
    SNIFFED = "K4061" "sniffed" Warning;
    /// `preset: auto` finds two readings, or none.
    NOT_SURE = "K4062" "not-sure" Error;
    /// Rows that look up a number and find none.
    UNMATCHED_LOOKUP = "K4063" "unmatched-lookup" Warning;
    /// A table of a database gives no rows.
    NO_TABLE = "K4064" "no-table" Error;
    /// What is counted exactly needs more memory than may be taken.
    TOO_MUCH_MEMORY = "K4065" "too-much-memory" Error;
    /// A packed file unpacks to far more than any table does.
    SWOLLEN_FILE = "K4066" "swollen-file" Error;
}
