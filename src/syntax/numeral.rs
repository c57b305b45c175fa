//! Numbers, dates and periods: how long one is, what it says, and how a date is written.

use super::ast::{Number, PeriodPart};
use super::name::word_length;
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;

/// So many digits a number may have; more would not survive a multiplication by a thousand million.
pub(super) const MOST_DIGITS: usize = 28;

/// The years of Solar Hijri dates.
pub(super) const PERSIAN_YEARS: std::ops::RangeInclusive<i32> = 1200..=1599;

/// The years of Gregorian dates.
pub(super) const GREGORIAN_YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// The value of a digit, Persian and Arabic-Indic ones too.
pub(super) fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '۰'..='۹' => Some(c as u32 - '۰' as u32),
        '٠'..='٩' => Some(c as u32 - '٠' as u32),
        _ => None,
    }
}

/// Whether a number may begin with the character.
pub(super) fn is_digit(c: char) -> bool {
    digit(c).is_some()
}

/// The length in bytes of the number, date or period at the beginning of `text`.
pub(super) fn length(text: &str) -> usize {
    let (whole, digits) = digit_run(text);
    if let Some(length) = date_length(text, whole, digits) {
        return length;
    }
    let mut length = whole;
    let point = text[length..].chars().next().filter(|c| matches!(c, '.' | '٫'));
    if let Some(point) = point {
        let (fraction, _) = digit_run(&text[length + point.len_utf8()..]);
        if fraction > 0 {
            length += point.len_utf8() + fraction;
        }
    }
    length += word_length(&text[length..]);
    let percent = text[length..].chars().next().filter(|c| matches!(c, '%' | '٪'));
    length + percent.map_or(0, char::len_utf8)
}

/// Bytes and digits of a run of digits and their separators; nothing unless it begins with a digit.
fn digit_run(text: &str) -> (usize, usize) {
    let mut bytes = 0;
    let mut digits = 0;
    for c in text.chars() {
        if is_digit(c) {
            digits += 1;
        } else if !(matches!(c, '_' | '٬') && digits > 0) {
            break;
        }
        bytes += c.len_utf8();
    }
    (bytes, digits)
}

/// The length of something that is meant as a date or a period, rightly written or not.
fn date_length(text: &str, first: usize, digits: usize) -> Option<usize> {
    let separator = text[first..].chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
    let year_first = digits == 4;
    let day_first = digits <= 2 && separator == '/';
    if !year_first && !day_first {
        return None;
    }
    let second = &text[first + 1..];
    if separator == '-' && second.starts_with(['Q', 'q', 'W', 'w']) {
        let (length, count) = digit_run(&second[1..]);
        let end = first + 2 + length;
        return (1..=2).contains(&count).then_some(end).filter(|&e| word_length(&text[e..]) == 0);
    }
    let (second_length, count) = digit_run(second);
    if !(1..=2).contains(&count) {
        return None;
    }
    let end = first + 1 + second_length;
    let third = text[end..].strip_prefix(separator).map(digit_run).filter(|(_, n)| *n > 0);
    let wanted = if day_first { 4..=4 } else { 1..=2 };
    match third {
        Some((length, count)) if wanted.contains(&count) => Some(end + 1 + length),
        None if separator == '-' && year_first && word_length(&text[end..]) == 0 => Some(end),
        _ => None,
    }
}

/// Reports a date that is not written with hyphens and two digits, and a period with a small
/// letter.
pub(super) fn check_date_form(text: &str, span: Span, found: &mut Vec<Diagnostic>) {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    if parts.len() < 2 || parts.len() == 2 && !text.contains('-') {
        return;
    }
    if parts.len() == 3 && parts[2].chars().count() == 4 {
        found.push(
            Diagnostic::new(&codes::DATE_FORM, "a date is written with hyphens, the year first")
                .at(span, "this divides")
                .help("write it like `2026-06-01`: year, month, day"),
        );
        return;
    }
    let padded = parts[1..].iter().map(|part| {
        let short = part.chars().count() == 1;
        if short { format!("0{part}") } else { part.to_uppercase() }
    });
    let right = std::iter::once(parts[0].to_owned()).chain(padded).collect::<Vec<_>>().join("-");
    if right == text {
        return;
    }
    let (message, label) = if !text.contains('-') {
        ("a date is written with hyphens", "this is no date")
    } else if parts.len() == 3 {
        ("month and day have two digits", "a digit is missing")
    } else if parts[1].starts_with(['q', 'w']) {
        ("quarters and weeks are written with a capital letter", "a small one here")
    } else {
        ("a month has two digits, and a subtraction spaces around its `-`", "neither of the two")
    };
    found.push(Diagnostic::new(&codes::DATE_FORM, message).at(span, label).suggest(
        format!("write `{right}`"),
        span,
        right,
    ));
}

/// The number that a text says, or none where it has too many digits.
pub(super) fn number(text: &str) -> Option<Number> {
    let mut mantissa: i128 = 0;
    let mut scale: u32 = 0;
    let mut significant = 0;
    let mut behind_point = false;
    let mut percent = false;
    let mut power = 0;
    for c in text.chars() {
        if let Some(value) = digit(c) {
            significant += usize::from(significant > 0 || value > 0);
            scale += u32::from(behind_point);
            if significant > MOST_DIGITS || scale > 28 {
                return None;
            }
            mantissa = mantissa * 10 + i128::from(value);
            continue;
        }
        match c {
            '.' | '٫' => behind_point = true,
            'k' => power = 3,
            'M' => power = 6,
            'B' => power = 9,
            '%' | '٪' => percent = true,
            _ => {}
        }
    }
    while power > 0 && scale > 0 {
        power -= 1;
        scale -= 1;
    }
    mantissa *= 10i128.pow(power);
    scale += if percent { 2 } else { 0 };
    (scale <= 28).then_some(Number { mantissa, scale, percent })
}

/// The number behind plain digits; the grammar has seen to it that there are few.
fn plain(text: &str) -> u32 {
    text.chars().filter_map(digit).fold(0, |sum, d| sum.saturating_mul(10).saturating_add(d))
}

/// A year of four digits.
fn year(text: &str) -> i32 {
    i32::try_from(plain(text)).unwrap_or(i32::MAX)
}

/// Year, month and day of a date as written.
pub(super) fn date(text: &str) -> (i32, u32, u32) {
    let mut parts = text.split(['-', '/', '.']);
    let mut next = || parts.next().unwrap_or_default();
    (year(next()), plain(next()), plain(next()))
}

/// Year and part of a period as written.
pub(super) fn period(text: &str) -> (i32, PeriodPart) {
    let Some((first, part)) = text.split_once('-') else {
        return (year(text), PeriodPart::Year);
    };
    let number = plain(part);
    let part = match part.as_bytes().first() {
        Some(b'Q' | b'q') => PeriodPart::Quarter(number),
        Some(b'W' | b'w') => PeriodPart::Week(number),
        _ => PeriodPart::Month(number),
    };
    (year(first), part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> (i128, u32, bool) {
        let n = number(text).unwrap();
        (n.mantissa, n.scale, n.percent)
    }

    #[test]
    fn suffixes_shift_the_point() {
        assert_eq!(value("1_000"), (1000, 0, false));
        assert_eq!(value("2.5M"), (2_500_000, 0, false));
        assert_eq!(value("7.6825k"), (76825, 1, false));
        assert_eq!(value("3%"), (3, 2, true));
        assert_eq!(value("۲٫۵٪"), (25, 3, true));
        assert_eq!(value("۱٬۵۰۰٬۰۰۰"), (1_500_000, 0, false));
        assert_eq!(value("٤٫٣"), (43, 1, false));
        assert_eq!(value("3B"), (3_000_000_000, 0, false));
    }

    #[test]
    fn a_number_has_at_most_twenty_eight_digits() {
        assert!(number("9999999999999999999999999999B").is_some());
        assert!(number("99999999999999999999999999999").is_none());
        assert!(number("0.00000000000000000000000000001").is_none());
        assert!(number("0000000000000000000000000000000001").is_some());
    }

    #[test]
    fn a_number_ends_where_its_word_ends() {
        let whole = |text: &str| text[..length(text)].to_owned();
        assert_eq!(whole("2026-06-01 x"), "2026-06-01");
        assert_eq!(whole("2026-06)"), "2026-06");
        assert_eq!(whole("2026 - 06"), "2026");
        assert_eq!(whole("2026-Q2,"), "2026-Q2");
        assert_eq!(whole("2026-x"), "2026");
        assert_eq!(whole("2% .. 4%"), "2%");
        assert_eq!(whole("2..4"), "2");
        assert_eq!(whole("2026/06/01"), "2026/06/01");
        assert_eq!(whole("4/2/3"), "4");
        assert_eq!(whole("90s"), "90s");
    }

    #[test]
    fn dates_and_periods_in_any_digits() {
        assert_eq!(date("۱۴۰۵-۰۷-۰۱"), (1405, 7, 1));
        assert_eq!(period("2026-W27"), (2026, PeriodPart::Week(27)));
        assert_eq!(period("2026"), (2026, PeriodPart::Year));
    }
}
