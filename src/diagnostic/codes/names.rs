//! `K2xxx`: names.

codes! {
    /// Something is named that nobody defines.
    UNKNOWN_NAME = "K2001" "unknown-name" Error;
    /// A source is named that nobody defines.
    UNKNOWN_SOURCE = "K2002" "unknown-source" Error;
    /// A source has no column of that name.
    UNKNOWN_COLUMN = "K2003" "unknown-column" Error;
    /// There is no function of that name.
    UNKNOWN_FUNCTION = "K2004" "unknown-function" Error;
    /// A name is defined twice.
    DUPLICATE_NAME = "K2005" "duplicate-name" Error;
    /// Definitions that need one another.
    CYCLE = "K2006" "cycle" Error;
    /// There is no currency of that code.
    UNKNOWN_CURRENCY = "K2007" "unknown-currency" Error;
    /// A definition lacks what makes it one.
    INCOMPLETE = "K2008" "incomplete" Error;
    /// There is no time zone of that name.
    UNKNOWN_TIMEZONE = "K2030" "unknown-timezone" Error;
    /// A channel's name that several blocks have.
    AMBIGUOUS_CHANNEL = "K2065" "ambiguous-channel" Error;
    /// Reports are not written in that language.
    UNKNOWN_LOCALE = "K2090" "unknown-locale" Error;
}
