//! Cells that hold more than a bare number: shares, lengths of time, amounts of money.

use super::currency::{Currency, meanings};
use super::decimal::Decimal;
use super::grammar::{
    BadNumber, NumberFormat, is_digit, is_sign, is_space, parse_ascii, parse_body, parse_decimal,
    split_sign,
};

/// Reads a share: `4.88%` is 0.0488, and so is a bare `0.0488`. The sign may be `%` or `٪`, before
/// or after the number.
pub fn parse_percent(text: &str, format: &NumberFormat) -> Result<Decimal, BadNumber> {
    if format.decimal == '.'
        && let Some(points) = text.as_bytes().strip_suffix(b"%").and_then(parse_ascii)
        && points.scale() < Decimal::MAX_SCALE - 2
    {
        return Ok(Decimal::new(points.mantissa(), points.scale() + 2));
    }
    let text = text.trim_matches(is_space);
    let (negative, body) = split_sign(text);
    let sign = |c: char| matches!(c, '%' | '٪' | '％');
    let Some(body) = body.strip_suffix(sign).or_else(|| body.strip_prefix(sign)) else {
        return parse_decimal(text, format);
    };
    let body = body.trim_matches(is_space);
    // One sign only: `-%-5` is refused below as a character that no number begins with.
    let (negative, body) = if negative { (true, body) } else { split_sign(body) };
    let points = match body {
        "" => return Err(BadNumber::NoDigits),
        _ => parse_body(body, negative, *format)?,
    };
    let hundredth = Decimal::new(1, 2);
    points.checked_mul(hundredth).ok_or(BadNumber::TooManyDigits)
}

/// Reads a length of time in seconds: `126`, `65.25`, or `00:02:06` (hours, minutes, seconds).
/// `2:06` is refused, for it may be of minutes or of hours.
///
/// ```
/// use sanjeh::value::{NumberFormat, parse_duration};
/// let plain = NumberFormat::default();
/// assert_eq!(parse_duration("00:02:06", &plain).unwrap().to_string(), "126");
/// assert_eq!(parse_duration("65.25", &plain).unwrap().to_string(), "65.25");
/// assert!(parse_duration("2:06", &plain).is_err());
/// ```
pub fn parse_duration(text: &str, format: &NumberFormat) -> Result<Decimal, BadNumber> {
    let text = text.trim_matches(is_space);
    if !text.contains(':') {
        return parse_decimal(text, format);
    }
    let (negative, body) = split_sign(text);
    let mut parts = body.split(':').map(|part| parse_body(part, false, *format));
    let (Some(hours), Some(minutes), Some(seconds), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(BadNumber::Clock);
    };
    let (hours, minutes, seconds) = (hours?, minutes?, seconds?);
    let sixty = Decimal::from_i64(60);
    if hours.scale() > 0 || minutes.scale() > 0 || minutes >= sixty || seconds >= sixty {
        return Err(BadNumber::Clock);
    }
    let total = hours
        .checked_mul(sixty)
        .and_then(|total| total.checked_add(minutes)?.checked_mul(sixty)?.checked_add(seconds))
        .ok_or(BadNumber::TooManyDigits)?;
    Ok(if negative { -total } else { total })
}

/// Reads an amount of money, with or without a currency's code or symbol before it, after it, or
/// both: `$1.50`, `1.50 USD`, `-€3`, `۵۰۰ تومان`. Where the column's currency is given, a mark of
/// another one is refused; `$` and its like may mean any of theirs.
///
/// ```
/// use sanjeh::value::{Currency, NumberFormat, parse_money};
/// let usd = Currency::from_code("USD");
/// let plain = NumberFormat::default();
/// assert_eq!(parse_money("$12.50", &plain, usd).unwrap().to_string(), "12.5");
/// assert!(parse_money("€12.50", &plain, usd).is_err());
/// ```
pub fn parse_money(
    text: &str,
    format: &NumberFormat,
    currency: Option<Currency>,
) -> Result<Decimal, BadNumber> {
    let text = text.trim_matches(is_space);
    let (Some(first), Some(last)) = (text.find(is_digit), text.rfind(is_digit)) else {
        return parse_decimal(text, format);
    };
    let after = last + text[last..].chars().next().map_or(0, char::len_utf8);
    let (before, behind) = (&text[..first], &text[after..]);
    let (negative, before) = split_sign(before.trim_matches(is_space));
    let (before, point) = match before.strip_suffix(format.decimal) {
        // `.5`: the point belongs to the number, unless it ends the symbol (`kr.`).
        Some(symbol) if meanings(before.trim_matches(is_space)).is_none() => (symbol, true),
        _ => (before, false),
    };
    // A sign may also stand between symbol and digits: `$-5`.
    let (negative, before) = match before.strip_suffix(is_sign) {
        Some(symbol) if !negative => (!before.ends_with('+'), symbol),
        _ => (negative, before),
    };
    let marks = [before, behind].map(|mark| mark.trim_matches(is_space));
    if marks == ["", ""] {
        return parse_decimal(text, format);
    }
    if behind == format.decimal.to_string() {
        return Err(BadNumber::PointAtEnd);
    }
    check_marks(&marks, currency)?;
    let body = &text[if point { first - format.decimal.len_utf8() } else { first }..after];
    parse_body(body, negative, *format)
}

/// Whether the marks beside an amount name one currency, the given one if there is one.
fn check_marks(marks: &[&str], currency: Option<Currency>) -> Result<(), BadNumber> {
    let mut common: Option<Vec<Currency>> = currency.map(|known| vec![known]);
    for mark in marks.iter().filter(|mark| !mark.is_empty()) {
        let meant = meanings(mark).ok_or_else(|| BadNumber::NotACurrency((*mark).to_owned()))?;
        let both: Vec<Currency> = match &common {
            None => meant,
            Some(known) => known.iter().copied().filter(|c| meant.contains(c)).collect(),
        };
        if let (true, Some(expected)) = (both.is_empty(), common.and_then(|c| c.first().copied())) {
            return Err(BadNumber::OtherCurrency { found: (*mark).to_owned(), expected });
        }
        common = Some(both);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: NumberFormat = NumberFormat { decimal: '.', thousands: None };
    const ENGLISH: NumberFormat = NumberFormat { decimal: '.', thousands: Some(',') };
    const GERMAN: NumberFormat = NumberFormat { decimal: ',', thousands: Some('.') };
    const FRENCH: NumberFormat = NumberFormat { decimal: ',', thousands: Some(' ') };

    /// The value as text, or the message.
    fn shown<E: ToString>(read: Result<Decimal, E>) -> String {
        read.map_or_else(|problem| format!("! {}", problem.to_string()), |value| value.to_string())
    }

    #[test]
    fn shares() {
        for (text, expected) in [
            ("4.88%", "0.0488"),
            ("100%", "1"),
            ("-12.5 %", "-0.125"),
            ("0.0488", "0.0488"),
            ("۴٫۸۸٪", "0.0488"),
            ("%5", "0.05"),
            ("-%5", "-0.05"),
            ("%-5", "-0.05"),
            ("٪۵", "0.05"),
            ("< 1%", "! `<` is not part of a number"),
            ("%", "! it has no digits"),
            ("5%%", "! `%` is not part of a number"),
            ("-%-5", "! `-` is not part of a number"),
            ("", "! the cell is empty"),
            ("1,5%", "! `,` is not the declared decimal sign"),
        ] {
            assert_eq!(shown(parse_percent(text, &PLAIN)), expected, "{text:?}");
        }
        assert_eq!(shown(parse_percent("1.234,5 %", &GERMAN)), "12.345");
    }

    #[test]
    fn lengths_of_time() {
        let clock = "! colons part hours, minutes and seconds: `1:02:06`";
        for (text, expected) in [
            ("00:02:06", "126"),
            ("1:00:00", "3600"),
            ("-100:00:00.5", "-360000.5"),
            ("۰۰:۰۲:۰۶", "126"),
            ("65.106", "65.106"),
            ("2:06", clock),
            ("1:2:3:4", clock),
            ("00:60:00", clock),
            ("00:00:60", clock),
            ("0.5:00:00", clock),
            ("00::06", "! it has no digits"),
            ("1m 23s", "! `m` is not part of a number"),
            ("", "! the cell is empty"),
        ] {
            assert_eq!(shown(parse_duration(text, &PLAIN)), expected, "{text:?}");
        }
    }

    #[test]
    fn amounts_of_money() {
        for (text, format, currency, expected) in [
            ("12.50", PLAIN, "USD", "12.5"),
            ("$12.50", PLAIN, "USD", "12.5"),
            ("-$12.50", PLAIN, "USD", "-12.5"),
            ("$-12.50", PLAIN, "USD", "-12.5"),
            ("$ 12.50 USD", PLAIN, "USD", "12.5"),
            ("$.50", PLAIN, "USD", "0.5"),
            ("12.50 USD", PLAIN, "USD", "12.5"),
            ("usd 12.50", PLAIN, "USD", "12.5"),
            ("CA$1,234.50", ENGLISH, "CAD", "1234.5"),
            ("R$ 1.234,50", GERMAN, "BRL", "1234.5"),
            ("1 234,50 €", FRENCH, "EUR", "1234.5"),
            ("12.50\u{a0}€", PLAIN, "EUR", "12.5"),
            ("kr.500", PLAIN, "DKK", "500"),
            ("500 kr.", PLAIN, "DKK", "500"),
            ("۵۰۰٬۰۰۰ تومان", ENGLISH, "IRT", "500000"),
            ("500000 ریال", PLAIN, "IRR", "500000"),
            ("﷼ ۵۰۰", PLAIN, "IRR", "500"),
            ("$5", PLAIN, "CAD", "5"),
            ("€5", PLAIN, "USD", "! `€` is another currency than USD"),
            ("5 تومان", PLAIN, "IRR", "! `تومان` is another currency than IRR"),
            ("CA$5", PLAIN, "USD", "! `CA$` is another currency than USD"),
            ("$5 EUR", PLAIN, "USD", "! `EUR` is another currency than USD"),
            ("5 apples", PLAIN, "USD", "! `apples` is not a known currency"),
            ("(5.00)", PLAIN, "USD", "! `(` is not a known currency"),
            ("$5.", PLAIN, "USD", "! no digit follows the decimal sign"),
            ("--5", PLAIN, "USD", "! `-` is not a known currency"),
            ("-$-5", PLAIN, "USD", "! `$-` is not a known currency"),
            (
                "$1,234",
                PLAIN,
                "USD",
                "! `,` stands between groups of digits, but no thousands separator is declared",
            ),
            ("1e5", PLAIN, "USD", "! numbers with an exponent are not read"),
            ("$", PLAIN, "USD", "! `$` is not part of a number"),
            ("", PLAIN, "USD", "! the cell is empty"),
        ] {
            let read = parse_money(text, &format, Currency::from_code(currency));
            assert_eq!(shown(read), expected, "{text:?} as {currency}");
        }
        assert_eq!(shown(parse_money("$5", &PLAIN, None)), "5");
        let clash = parse_money("€5 GBP", &PLAIN, None);
        assert_eq!(shown(clash), "! `GBP` is another currency than EUR");
    }
}
