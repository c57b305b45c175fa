//! Reading dates and times from text.

use std::fmt;

use super::calendar::CalendarKind;
use super::date::Date;

/// A day, with the time of day and the offset where the text has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The day, as written.
    pub date: Date,
    /// Seconds since midnight; none where the text has no time.
    pub seconds: Option<u32>,
    /// Seconds east of UTC; none where the text has no offset.
    pub offset: Option<i32>,
}

/// A date pattern that cannot be read with. It prints as the sentence that says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPattern {
    message: String,
}

impl fmt::Display for BadPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for BadPattern {}

/// How the dates of a column are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFormat {
    pattern: String,
    kind: CalendarKind,
}

impl DateFormat {
    /// Reads a pattern such as `%Y%m%d`.
    pub fn new(pattern: &str, kind: CalendarKind) -> Result<Self, BadPattern> {
        Ok(Self { pattern: pattern.to_owned(), kind })
    }

    /// The ISO forms.
    pub fn iso() -> Self {
        Self { pattern: String::new(), kind: CalendarKind::Gregorian }
    }

    /// The moment that the whole text names.
    pub fn parse(&self, text: &str) -> Option<Moment> {
        let date = Date::parse_iso(text)?;
        Some(Moment { date, seconds: None, offset: None })
    }
}
