//! `K1xxx`: the text is not of the language.

codes! {
    /// A block has no property of that name.
    UNKNOWN_PROPERTY = "K1001" "unknown-property" Error;
    /// A property takes one of a few words, and this is none of them.
    UNKNOWN_WORD = "K1002" "unknown-word" Error;
    /// A property or a clause stands twice.
    DUPLICATE_PROPERTY = "K1003" "duplicate-property" Error;
    /// A property without its colon.
    MISSING_COLON = "K1004" "missing-colon" Error;
    /// Two properties on one line.
    TWO_PROPERTIES = "K1005" "two-properties-on-a-line" Error;
    /// A `{` without its `}`.
    UNCLOSED_BLOCK = "K1006" "unclosed-block" Error;
    /// A `}` or `)` that closes nothing.
    STRAY_BRACKET = "K1007" "stray-bracket" Error;
    /// A `(` without its `)`.
    UNCLOSED_BRACKET = "K1008" "unclosed-bracket" Error;
    /// A text, or a name in backticks, that is not closed on its line.
    UNCLOSED_TEXT = "K1009" "unclosed-text" Error;
    /// A `"""` without its second one.
    UNCLOSED_PARAGRAPH = "K1010" "unclosed-paragraph" Error;
    /// An operator of another language.
    WRONG_OPERATOR = "K1011" "wrong-operator" Error;
    /// `1 < a < 9`
    CHAINED_COMPARISON = "K1012" "chained-comparison" Error;
    /// Typographic quotes around a text.
    TYPOGRAPHIC_QUOTES = "K1013" "typographic-quotes" Error;
    /// `;`, `،` or another mark where `,` or a line break is due.
    WRONG_SEPARATOR = "K1014" "wrong-separator" Error;
    /// A date that is not written like `2026-06-01`.
    DATE_FORM = "K1015" "date-form" Error;
    /// A path or another text without quotes.
    UNQUOTED_TEXT = "K1016" "unquoted-text" Error;
    /// An item that does not start at the first column.
    INDENTED_ITEM = "K1017" "indented-item" Error;
    /// A mark that turns the direction of the line.
    BIDI_CONTROL = "K1018" "bidi-control" Error;
    /// A character that nobody sees.
    INVISIBLE_CHARACTER = "K1019" "invisible-character" Error;
    /// A word of the language as a name.
    RESERVED_WORD = "K1020" "reserved-word" Error;
    /// A number with more digits than can be kept.
    NUMBER_TOO_LONG = "K1021" "number-too-long" Error;
    /// A year of no calendar.
    YEAR_OUT_OF_RANGE = "K1022" "year-out-of-range" Error;
    /// Something else was expected.
    UNEXPECTED = "K1023" "unexpected" Error;
    /// A line outside of any item.
    NO_ITEM = "K1024" "no-item" Error;
    /// Nested too deep, or a file too large.
    LIMIT = "K1025" "limit" Error;
    /// A backslash before something that it does not change.
    UNKNOWN_ESCAPE = "K1026" "unknown-escape" Error;
    /// A property without a value.
    MISSING_VALUE = "K1027" "missing-value" Error;
    /// A block where there is none, or none where there is one.
    MISPLACED_BLOCK = "K1028" "misplaced-block" Error;
}
