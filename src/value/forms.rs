//! Cells that hold more than a bare number: shares, lengths of time, amounts of money.

use super::currency::{Currency, meanings};
use super::decimal::Decimal;
use super::grammar::{
    BadNumber, NumberFormat, booked_negative, is_digit, is_sign, is_space, parse_ascii, parse_body,
    parse_decimal, split_sign,
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
    if let Some(inner) = booked_negative(text) {
        return parse_percent(inner, format).map(std::ops::Neg::neg);
    }
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

/// Reads a length of time in seconds: `126`, `65.25`, `00:02:06` (hours, minutes, seconds), or with
/// units, `83s`, `1m 23s`, `2 h 5 min`, `250 ms`. `2:06` is refused, for it may be of minutes or of
/// hours.
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
    let (negative, body) = split_sign(text);
    if !text.contains(':') {
        if body.starts_with(is_digit) && body.chars().any(char::is_alphabetic) {
            return with_units(body, *format).map(|total| if negative { -total } else { total });
        }
        return parse_decimal(text, format);
    }
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

/// The units of lengths of time, from the longest, in milliseconds.
const UNITS: [(&[&str], i64); 5] = [
    (&["d", "day", "days"], 86_400_000),
    (&["h", "hr", "hrs", "hour", "hours"], 3_600_000),
    (&["m", "min", "mins", "minute", "minutes"], 60_000),
    (&["s", "sec", "secs", "second", "seconds"], 1000),
    (&["ms"], 1),
];

/// Reads `1h 2m 3.5s`: longer units first, each once, a fraction in the last one alone.
fn with_units(text: &str, format: NumberFormat) -> Result<Decimal, BadNumber> {
    let mut rest = text;
    let mut total = Decimal::ZERO;
    let mut next = 0;
    let mut fraction = false;
    while !rest.is_empty() {
        let word = rest.find(char::is_alphabetic).ok_or(BadNumber::Clock)?;
        let (number, behind) = rest.split_at(word);
        let end = behind.find(|c: char| !c.is_alphabetic()).unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(end);
        let unit = unit.to_lowercase();
        let known = UNITS.iter().position(|(names, _)| names.contains(&unit.as_str()));
        let at = known
            .ok_or_else(|| unit.chars().next().map_or(BadNumber::NoDigits, BadNumber::Character))?;
        let number = parse_body(number.trim_matches(is_space), false, format)?;
        // `75m` is that long, `1h 75m` a slip.
        let room = match at.checked_sub(1).filter(|_| next > 0) {
            Some(longer) => UNITS[longer].1 / UNITS[at].1,
            None => i64::MAX,
        };
        if at < next || fraction || number >= Decimal::from_i64(room) {
            return Err(BadNumber::Clock);
        }
        let part = number.checked_mul(Decimal::new(i128::from(UNITS[at].1), 3));
        total = part.and_then(|p| total.checked_add(p)).ok_or(BadNumber::TooManyDigits)?;
        (next, fraction) = (at + 1, number.scale() > 0);
        rest = behind.trim_matches(is_space);
    }
    Ok(total)
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
    if let Some(inner) = booked_negative(text) {
        return parse_money(inner, format, currency).map(std::ops::Neg::neg);
    }
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
            ("(5%)", "-0.05"),
            ("۵٪-", "-0.05"),
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
            ("1m 23s", "83"),
            ("83s", "83"),
            ("-1.5 h", "-5400"),
            ("2d 3h 4min 5.25 sec", "183845.25"),
            ("250ms", "0.25"),
            ("1m 250 ms", "60.25"),
            ("۱m ۲۳s", "83"),
            ("75m", "4500"),
            ("1h 75m", clock),
            ("23s 1m", clock),
            ("1m 2m", clock),
            ("1.5h 3m", clock),
            ("1m 23", clock),
            ("3 parsecs", "! `p` is not part of a number"),
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
            ("(5.00)", PLAIN, "USD", "-5"),
            ("($1,234.50)", ENGLISH, "USD", "-1234.5"),
            ("$5.00-", PLAIN, "USD", "-5"),
            ("۵۰۰ تومان\u{2212}", PLAIN, "IRT", "-500"),
            ("(-5.00)", PLAIN, "USD", "! `(` is not a known currency"),
            ("(5.00", PLAIN, "USD", "! `(` is not a known currency"),
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
