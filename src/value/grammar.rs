//! How numbers are written in cells.

use std::fmt;

use super::currency::Currency;
use super::decimal::Decimal;

/// How the numbers of a column are written.
///
/// ```
/// use sanjeh::value::{NumberFormat, parse_decimal};
/// let german = NumberFormat { decimal: ',', thousands: Some('.') };
/// assert_eq!(parse_decimal("1.234,50", &german).unwrap().to_string(), "1234.5");
/// let plain = NumberFormat::default();
/// assert_eq!(parse_decimal("1,234", &plain).unwrap_err().to_string(),
///     "`,` stands between groups of digits, but no thousands separator is declared");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    /// The character before the fraction. With `.`, Persian `٫` is read too.
    pub decimal: char,
    /// The character between groups of three digits; none if there is none. With a space, no-break
    /// ones are read too; with `'`, `’`; with `,`, Persian `٬`.
    pub thousands: Option<char>,
}

impl Default for NumberFormat {
    /// A point, and no groups.
    fn default() -> Self {
        Self { decimal: '.', thousands: None }
    }
}

/// Why a cell is not a number. It prints as words for the middle of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadNumber {
    /// There is nothing in the cell.
    Empty,
    /// A separator between groups of digits, where none is declared, or another one.
    Thousands(char),
    /// What looks like a decimal sign, and is not the declared one.
    Point(char),
    /// Groups that are not of three digits, or a separator after the decimal sign.
    Groups(char),
    /// `0,123`: nobody parts thousands behind a nought, so that this is a decimal sign.
    GroupsOfNought(char),
    /// A character that no number holds.
    Character(char),
    /// `NaN`, `inf`, or a hexadecimal number.
    NotFinite,
    /// `1e5`.
    Exponent,
    /// Two decimal signs.
    TwoPoints,
    /// A decimal sign without a digit after it.
    PointAtEnd,
    /// More digits than fit.
    TooManyDigits,
    /// A sign or a symbol without digits.
    NoDigits,
    /// Colons that do not part hours, minutes (00 to 59) and seconds (00 to 59).
    Clock,
    /// Text beside an amount that is no currency's.
    NotACurrency(String),
    /// Another currency than the column's.
    OtherCurrency {
        /// The symbol or code in the cell.
        found: String,
        /// The column's currency.
        expected: Currency,
    },
}

impl BadNumber {
    /// The declaration that would make the cell a number, if one would.
    ///
    /// ```
    /// use sanjeh::value::BadNumber;
    /// assert_eq!(BadNumber::Thousands(',').declaration().unwrap(), "thousands: \",\"");
    /// ```
    pub fn declaration(&self) -> Option<String> {
        match self {
            Self::Thousands(c) => Some(format!("thousands: \"{c}\"")),
            Self::Point(c) => Some(format!("decimal: \"{c}\"")),
            _ => None,
        }
    }
}

impl fmt::Display for BadNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the cell is empty"),
            Self::Thousands(c) => write!(
                f,
                "`{c}` stands between groups of digits, but no thousands separator is declared"
            ),
            Self::Point(c) => write!(f, "`{c}` is not the declared decimal sign"),
            Self::Groups(c) => write!(f, "`{c}` does not separate groups of three digits"),
            Self::GroupsOfNought(c) => write!(
                f,
                "`{c}` is declared to separate thousands, and behind a nought there are none"
            ),
            Self::Character(c) => write!(f, "`{c}` is not part of a number"),
            Self::NotFinite => f.write_str("NaN, infinity and hexadecimal are not numbers here"),
            Self::Exponent => f.write_str("numbers with an exponent are not read"),
            Self::TwoPoints => f.write_str("it has two decimal signs"),
            Self::PointAtEnd => f.write_str("no digit follows the decimal sign"),
            Self::TooManyDigits => f.write_str("it has more digits than fit (38)"),
            Self::NoDigits => f.write_str("it has no digits"),
            Self::Clock => f.write_str("colons part hours, minutes and seconds: `1:02:06`"),
            Self::NotACurrency(text) => write!(f, "`{text}` is not a known currency"),
            Self::OtherCurrency { found, expected } => {
                write!(f, "`{found}` is another currency than {expected}")
            }
        }
    }
}

impl std::error::Error for BadNumber {}

/// Reads `-?\d+(\.\d+)?` in ASCII and nothing else; none for any other text, which may still be a
/// number in the longer grammar of [`parse_decimal`]. The bytes need not be UTF-8.
///
/// ```
/// use sanjeh::value::parse_ascii;
/// assert_eq!(parse_ascii(b"-376.50").unwrap().to_string(), "-376.5");
/// assert_eq!(parse_ascii(b"1,5"), None);
/// ```
#[inline]
pub fn parse_ascii(bytes: &[u8]) -> Option<Decimal> {
    let (negative, text) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    // At most 18 digits, so that 64 bits hold them.
    if text.len() > 18 {
        return parse_long(negative, text);
    }
    let (value, whole) = leading_digits(0, text);
    let (value, scale) = if whole == text.len() {
        (value, 0)
    } else {
        let fraction = text[whole..].strip_prefix(b".")?;
        let (value, length) = leading_digits(value, fraction);
        if length == 0 || length != fraction.len() {
            return None;
        }
        (value, length)
    };
    if whole == 0 {
        return None;
    }
    let value = value as i64;
    Some(Decimal::new(i128::from(if negative { -value } else { value }), scale as u8))
}

/// Appends the digits at the start of `text` to a value, and counts them.
#[inline]
fn leading_digits(mut value: u64, text: &[u8]) -> (u64, usize) {
    let mut length = 0;
    while let Some(byte) = text.get(length) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        value = value * 10 + u64::from(digit);
        length += 1;
    }
    (value, length)
}

fn parse_long(negative: bool, text: &[u8]) -> Option<Decimal> {
    let point = text.iter().position(|b| *b == b'.');
    let (whole, fraction) = match point {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &[][..]),
    };
    if whole.is_empty() || (point.is_some() && fraction.is_empty()) {
        return None;
    }
    let mut digits = Digits::default();
    for byte in whole.iter().chain(fraction) {
        let digit = byte.is_ascii_digit().then(|| byte - b'0')?;
        digits.push(digit)?;
    }
    digits.decimal(negative, fraction.len())
}

/// The digits read so far, as one whole number.
#[derive(Default)]
struct Digits {
    value: i128,
    count: usize,
}

impl Digits {
    /// None where the digits no longer fit.
    fn push(&mut self, digit: u8) -> Option<()> {
        self.value = self.value.checked_mul(10)?.checked_add(i128::from(digit))?;
        self.count += 1;
        Some(())
    }

    fn decimal(&self, negative: bool, scale: usize) -> Option<Decimal> {
        let scale = u8::try_from(scale).ok().filter(|scale| *scale <= Decimal::MAX_SCALE)?;
        Some(Decimal::new(if negative { -self.value } else { self.value }, scale))
    }
}

/// Reads a number as the format says.
///
/// A sign (`-`, `+`, `−`) may stand before it, white space and invisible marks of direction
/// around it; digits may be Persian or Arabic-Indic. Groups are of three digits, and may be left
/// out; the first of them does not begin with 0. `.5` is a half. As bookkeepers write it, `(5)` and `5-` are -5. Exponents, `NaN`, `inf` and
/// hexadecimal are refused.
pub fn parse_decimal(text: &str, format: &NumberFormat) -> Result<Decimal, BadNumber> {
    if format.decimal == '.'
        && let Some(value) = parse_ascii(text.as_bytes())
    {
        return Ok(value);
    }
    let text = text.trim_matches(is_space);
    if text.is_empty() {
        return Err(BadNumber::Empty);
    }
    if let Some(inner) = booked_negative(text) {
        return parse_decimal(inner, format).map(std::ops::Neg::neg);
    }
    let (negative, body) = split_sign(text);
    parse_body(body, negative, *format).map_err(|problem| match problem {
        BadNumber::Character(_) if is_special(body) => BadNumber::NotFinite,
        _ => problem,
    })
}

/// Reads digits, groups and a fraction; the sign is off already.
pub(super) fn parse_body(
    body: &str,
    negative: bool,
    format: NumberFormat,
) -> Result<Decimal, BadNumber> {
    let mut digits = Digits::default();
    let mut groups = Groups::default();
    let mut fraction: Option<usize> = None;
    for (at, c) in body.char_indices() {
        if let Some(digit) = digit_of(c) {
            digits.push(digit).ok_or(BadNumber::TooManyDigits)?;
            match &mut fraction {
                Some(places) => *places += 1,
                None => groups.current += 1,
            }
        } else if is_decimal(c, format) {
            if fraction.is_some() {
                return Err(BadNumber::TwoPoints);
            }
            groups.close()?;
            fraction = Some(0);
        } else if is_thousands(c, format) {
            if fraction.is_some() {
                return Err(BadNumber::Groups(c));
            }
            groups.separate(c)?;
            if begins_with_nought(body) {
                return Err(BadNumber::GroupsOfNought(c));
            }
        } else {
            return Err(stranger(c, (body, at), digits.count, fraction.is_some()));
        }
    }
    match fraction {
        _ if digits.count == 0 => return Err(BadNumber::NoDigits),
        Some(0) => return Err(BadNumber::PointAtEnd),
        Some(_) => {}
        None => groups.close()?,
    }
    digits.decimal(negative, fraction.unwrap_or(0)).ok_or(BadNumber::TooManyDigits)
}

/// The groups of digits before the decimal sign.
#[derive(Default)]
struct Groups {
    /// The digits since the last separator.
    current: usize,
    separator: Option<char>,
}

impl Groups {
    fn separate(&mut self, c: char) -> Result<(), BadNumber> {
        let right = match self.separator {
            None => (1..=3).contains(&self.current),
            Some(_) => self.current == 3,
        };
        if !right {
            return Err(BadNumber::Groups(c));
        }
        self.separator = Some(c);
        self.current = 0;
        Ok(())
    }

    fn close(&self) -> Result<(), BadNumber> {
        match self.separator {
            Some(c) if self.current != 3 => Err(BadNumber::Groups(c)),
            _ => Ok(()),
        }
    }
}

/// What is wrong with a character that the format does not know.
fn stranger(
    c: char,
    (body, at): (&str, usize),
    digits_before: usize,
    in_fraction: bool,
) -> BadNumber {
    let after = &body[at + c.len_utf8()..];
    let run = after.chars().take_while(|c| is_digit(*c)).count();
    if digits_before == 0 || run == 0 {
        let exponent = matches!(c, 'e' | 'E') && digits_before > 0;
        let signed = after.strip_prefix(is_sign).is_some_and(|s| s.starts_with(is_digit));
        return if exponent && signed { BadNumber::Exponent } else { BadNumber::Character(c) };
    }
    match c {
        'e' | 'E' => BadNumber::Exponent,
        ',' | '.' | '٫' if in_fraction || run != 3 || c == '٫' || begins_with_nought(body) => {
            BadNumber::Point(c)
        }
        ',' | '.' | '٬' | '،' | '\'' | '’' => BadNumber::Thousands(c),
        _ if is_blank(c) && run == 3 => BadNumber::Thousands(' '),
        _ => BadNumber::Character(c),
    }
}

/// Whether the first digit is 0, as that of no number with thousands is.
fn begins_with_nought(body: &str) -> bool {
    body.chars().next().and_then(digit_of) == Some(0)
}

/// Whether a text is one of the names that programs write for what is no number.
fn is_special(body: &str) -> bool {
    let names = ["nan", "inf", "infinity", "∞", "1.#inf", "1.#ind", "1.#qnan"];
    let lower = body.to_ascii_lowercase();
    let hex = lower.strip_prefix("0x").is_some_and(|d| d.chars().all(|c| c.is_ascii_hexdigit()));
    hex || names.contains(&lower.as_str())
}

/// What is negative the way bookkeepers write it, `(5)` or `5-`; none where a text is not of that
/// form, or has another sign besides.
pub(super) fn booked_negative(text: &str) -> Option<&str> {
    let minus = |c: char| is_sign(c) && c != '+';
    let inner = match text.strip_prefix('(') {
        Some(rest) => rest.strip_suffix(')')?,
        None => text.strip_suffix(minus)?,
    };
    let inner = inner.trim_matches(is_space);
    let plain = !inner.contains(is_sign) && !inner.contains(['(', ')']);
    (plain && inner.contains(is_digit)).then_some(inner)
}

/// A sign at the start, and what follows it.
pub(super) fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix(is_sign) {
        Some(rest) => (!text.starts_with('+'), rest),
        None => (false, text),
    }
}

pub(super) fn is_sign(c: char) -> bool {
    matches!(c, '-' | '+' | '\u{2212}')
}

pub(super) fn is_digit(c: char) -> bool {
    digit_of(c).is_some()
}

fn digit_of(c: char) -> Option<u8> {
    let zero = match c {
        '0'..='9' => '0',
        '۰'..='۹' => '۰',
        '٠'..='٩' => '٠',
        _ => return None,
    };
    Some((c as u32 - zero as u32) as u8)
}

fn is_decimal(c: char, format: NumberFormat) -> bool {
    c == format.decimal || (c == '٫' && format.decimal == '.')
}

fn is_thousands(c: char, format: NumberFormat) -> bool {
    format.thousands.is_some_and(|declared| match declared {
        ',' => matches!(c, ',' | '٬'),
        '\'' | '’' => matches!(c, '\'' | '’'),
        _ if is_blank(declared) => is_blank(c),
        _ => c == declared,
    })
}

/// A space inside a number: plain, no-break, narrow no-break or thin.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// What may stand around a number: blanks, tabs, and invisible marks of direction.
pub(super) fn is_space(c: char) -> bool {
    is_blank(c) || matches!(c, '\t' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: NumberFormat = NumberFormat { decimal: '.', thousands: None };
    const ENGLISH: NumberFormat = NumberFormat { decimal: '.', thousands: Some(',') };
    const GERMAN: NumberFormat = NumberFormat { decimal: ',', thousands: Some('.') };
    const FRENCH: NumberFormat = NumberFormat { decimal: ',', thousands: Some(' ') };
    const SWISS: NumberFormat = NumberFormat { decimal: '.', thousands: Some('\'') };
    const PERSIAN: NumberFormat = NumberFormat { decimal: '٫', thousands: Some('٬') };

    /// The value as text, or the message.
    fn shown<E: ToString>(read: Result<Decimal, E>) -> String {
        read.map_or_else(|problem| format!("! {}", problem.to_string()), |value| value.to_string())
    }

    #[test]
    fn numbers_that_are_read() {
        for (text, format, expected) in [
            ("0", PLAIN, "0"),
            ("-0", PLAIN, "0"),
            ("007", PLAIN, "7"),
            ("376.0", PLAIN, "376"),
            ("376.50", PLAIN, "376.5"),
            ("-12.5", PLAIN, "-12.5"),
            ("+12.5", PLAIN, "12.5"),
            ("\u{2212}12.5", PLAIN, "-12.5"),
            (".5", PLAIN, "0.5"),
            ("-.5", PLAIN, "-0.5"),
            ("(1,234.5)", ENGLISH, "-1234.5"),
            ("۵-", PLAIN, "-5"),
            ("5\u{2212}", PLAIN, "-5"),
            ("  42\t", PLAIN, "42"),
            ("\u{a0}42\u{a0}", PLAIN, "42"),
            ("\u{200e}-42\u{200f}", PLAIN, "-42"),
            ("۱۲۳", PLAIN, "123"),
            ("٤٥٦", PLAIN, "456"),
            ("۱۲٫۵", PLAIN, "12.5"),
            ("۱2٣", PLAIN, "123"),
            ("999999999999999999", PLAIN, "999999999999999999"),
            ("-9999999999999999999", PLAIN, "-9999999999999999999"),
            ("0.1234567890123456789", PLAIN, "0.1234567890123456789"),
            (
                "170141183460469231731687303715884105727",
                PLAIN,
                "170141183460469231731687303715884105727",
            ),
            ("1,234", ENGLISH, "1234"),
            ("12,345,678.90", ENGLISH, "12345678.9"),
            ("1234567.5", ENGLISH, "1234567.5"),
            ("-1,234", ENGLISH, "-1234"),
            ("۱٬۲۳۴٫۵", ENGLISH, "1234.5"),
            ("1.234,5", GERMAN, "1234.5"),
            ("0,5", GERMAN, "0.5"),
            ("1 234,5", FRENCH, "1234.5"),
            ("1\u{202f}234\u{a0}567,5", FRENCH, "1234567.5"),
            ("1’234.5", SWISS, "1234.5"),
            ("۱٬۲۳۴٬۵۶۷٫۸۹", PERSIAN, "1234567.89"),
            ("1234", PERSIAN, "1234"),
        ] {
            assert_eq!(shown(parse_decimal(text, &format)), expected, "{text:?}");
        }
    }

    #[test]
    fn numbers_that_are_refused() {
        use BadNumber as B;
        for (text, format, expected) in [
            ("", PLAIN, B::Empty),
            (" \u{a0} ", PLAIN, B::Empty),
            ("-", PLAIN, B::NoDigits),
            (".", PLAIN, B::NoDigits),
            ("5.", PLAIN, B::PointAtEnd),
            ("1,234", PLAIN, B::Thousands(',')),
            ("1,5", PLAIN, B::Point(',')),
            ("1.234,5", PLAIN, B::Point(',')),
            ("1 234", PLAIN, B::Thousands(' ')),
            ("1\u{a0}234", PLAIN, B::Thousands(' ')),
            ("1'234", PLAIN, B::Thousands('\'')),
            ("۱٬۲۳۴", PLAIN, B::Thousands('٬')),
            ("۱،۲۳۴", PLAIN, B::Thousands('،')),
            ("1.234", FRENCH, B::Thousands('.')),
            ("1.5", FRENCH, B::Point('.')),
            ("1.5", PERSIAN, B::Point('.')),
            ("1.5", GERMAN, B::Groups('.')),
            ("1,23", ENGLISH, B::Groups(',')),
            ("12,34,567", ENGLISH, B::Groups(',')),
            ("1234,567", ENGLISH, B::Groups(',')),
            (",123", ENGLISH, B::Groups(',')),
            ("0,123", ENGLISH, B::GroupsOfNought(',')),
            ("-0.123", GERMAN, B::GroupsOfNought('.')),
            ("۰٬۱۲۳", PERSIAN, B::GroupsOfNought('٬')),
            ("012,345", ENGLISH, B::GroupsOfNought(',')),
            ("0,123", PLAIN, B::Point(',')),
            ("1,234,", ENGLISH, B::Groups(',')),
            ("1,,234", ENGLISH, B::Groups(',')),
            ("1.234,567", ENGLISH, B::Groups(',')),
            ("1.2.3", PLAIN, B::TwoPoints),
            ("۱۲/۵", PLAIN, B::Character('/')),
            ("1_000", PLAIN, B::Character('_')),
            ("12abc", PLAIN, B::Character('a')),
            ("abc", PLAIN, B::Character('a')),
            ("--5", PLAIN, B::Character('-')),
            ("$5", PLAIN, B::Character('$')),
            ("5%", PLAIN, B::Character('%')),
            ("1e5", PLAIN, B::Exponent),
            ("1E-5", PLAIN, B::Exponent),
            ("1.5e+5", PLAIN, B::Exponent),
            ("1e", PLAIN, B::Character('e')),
            ("NaN", PLAIN, B::NotFinite),
            ("-inf", PLAIN, B::NotFinite),
            ("Infinity", PLAIN, B::NotFinite),
            ("0x1F", PLAIN, B::NotFinite),
            ("170141183460469231731687303715884105728", PLAIN, B::TooManyDigits),
            ("1234567890123456789012345678901234567890", ENGLISH, B::TooManyDigits),
        ] {
            assert_eq!(parse_decimal(text, &format), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn the_fast_path_reads_what_the_grammar_reads() {
        for text in [
            "0",
            "-0",
            "1",
            "-1.5",
            "123456789012345678",
            "1234567890123456789",
            "1.5",
            "0.1",
            "12345678901234567.8",
            "00.10",
            "-0.000000000000000000000001",
        ] {
            let slow = parse_body(text.trim_start_matches('-'), text.starts_with('-'), PLAIN);
            assert_eq!(parse_ascii(text.as_bytes()), Some(slow.unwrap()), "{text}");
        }
        for text in ["", "-", ".", "1.", ".5", "+1", "1 ", "1.2.3", "1e5", "--1", "-.", "1,2"] {
            assert_eq!(parse_ascii(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse_ascii(b"12345678901234567890.1\xff"), None);
        assert_eq!(parse_ascii(b"\xff"), None);
    }

    #[test]
    fn a_missing_declaration_is_proposed() {
        let fix = |text| parse_decimal(text, &PLAIN).unwrap_err().declaration();
        assert_eq!(fix("1,234").as_deref(), Some("thousands: \",\""));
        assert_eq!(fix("1,5").as_deref(), Some("decimal: \",\""));
        assert_eq!(fix("abc"), None);
    }
}
