//! Numbers, dates and periods as a reader's language writes them. This is the one place where a
//! digit, a separator, a unit or a date becomes text.

mod dates;

use super::tree::Count;
use super::words::{self, Numerals, Words};
use crate::time::Calendar;
use crate::value::{Currency, Decimal, Number, Unit};

/// Writes in one language and one calendar.
#[derive(Clone, Copy, Debug)]
pub struct Formatter {
    /// The language.
    pub words: &'static Words,
    /// How its numbers are written.
    pub numerals: &'static Numerals,
    /// The project's calendar.
    pub calendar: Calendar,
}

/// How the numbers of one KPI are written: all of them alike, so that they can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// What they count.
    pub unit: Unit,
    /// Digits after the point.
    pub places: usize,
    /// Whether they are written in thousands or millions.
    pub compact: Compact,
}

/// A power of ten that stands as a letter behind the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compact {
    /// In full.
    Full,
    /// `12k`
    Thousands,
    /// `1.42M`
    Millions,
    /// `1.42B`
    Billions,
}

/// Whether a rise is written with a plus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    /// Only falls have a sign.
    Negative,
    /// Rises have one too.
    Both,
}

impl Compact {
    fn factor(self) -> Number {
        let scale = match self {
            Self::Full => 0,
            Self::Thousands => 3,
            Self::Millions => 6,
            Self::Billions => 9,
        };
        Number::from(Decimal::new(1, scale))
    }

    fn sentence(self) -> Option<&'static str> {
        match self {
            Self::Full => None,
            Self::Thousands => Some("compact_thousand"),
            Self::Millions => Some("compact_million"),
            Self::Billions => Some("compact_billion"),
        }
    }
}

impl Scale {
    /// The scale of numbers that are shown together. `exact` are numbers that must not lose a
    /// digit by it, such as targets; they get up to two digits more than the others would.
    ///
    /// ```
    /// use sanjeh::report::format::Scale;
    /// use sanjeh::value::{Decimal, Number, Unit};
    /// let shares = [Number::from(Decimal::new(275, 4))];
    /// assert_eq!(Scale::fitting(&Unit::Percent, &shares, &[]).places, 2);
    /// ```
    pub fn fitting(unit: &Unit, shown: &[Number], exact: &[Number]) -> Self {
        let factor = if *unit == Unit::Percent { hundred() } else { Number::ONE };
        let sizes: Vec<Number> = shown
            .iter()
            .chain(exact)
            .map(|n| n.abs().mul(&factor))
            .filter(|n| !n.is_zero())
            .collect();
        let largest = sizes.iter().max().cloned().unwrap_or(Number::ZERO);
        let smallest = sizes.iter().min().cloned().unwrap_or(Number::ZERO);
        let compact = compact_of(unit, &smallest);
        let places = match compact {
            Compact::Full => places_of(unit, &largest, &sizes),
            _ => 2,
        };
        let needed = |n: &Number| {
            let n = n.mul(&factor).mul(&compact.factor());
            n.to_decimal().map_or(0, |d| usize::from(d.scale()))
        };
        let wanted = exact.iter().map(needed).max().unwrap_or(0);
        let places = if wanted <= places + 2 { places.max(wanted) } else { places };
        Self { unit: unit.clone(), places, compact }
    }
}

/// The most digits that are added so that a small number does not read as nought.
const FURTHER: usize = 4;

/// With so many digits after the point; with some more where a number that is not nought would
/// read as nought.
fn rounded(number: &Number, places: usize) -> String {
    let is_nought = |text: &str| text.bytes().all(|b| matches!(b, b'0' | b'.' | b'-'));
    let text = number.fixed(places);
    if number.is_zero() || !is_nought(&text) {
        return text;
    }
    let further = (places + 1..=places + FURTHER).map(|p| number.fixed(p));
    further.into_iter().find(|t| !is_nought(t)).unwrap_or(text)
}

fn hundred() -> Number {
    Number::from(100)
}

/// Millions only where each number has at least one: a column of mixed sizes stays in full.
fn compact_of(unit: &Unit, smallest: &Number) -> Compact {
    if matches!(unit, Unit::Percent | Unit::Duration) {
        Compact::Full
    } else if *smallest >= Number::from(1_000_000_000) {
        Compact::Billions
    } else if *smallest >= Number::from(1_000_000) {
        Compact::Millions
    } else {
        Compact::Full
    }
}

/// How many digits after the point make a column of numbers readable.
fn places_of(unit: &Unit, largest: &Number, all: &[Number]) -> usize {
    let at_least = |n: i64| *largest >= Number::from(n);
    let whole = || all.iter().all(|n| n.fixed(0) == n.to_plain());
    match unit {
        Unit::Percent if at_least(10) => 1,
        Unit::Percent if at_least(1) || largest.is_zero() => 2,
        Unit::Percent => 3,
        Unit::Money(currency) if !at_least(1000) => usize::from(currency.minor_digits()),
        _ if at_least(1000) || whole() => 0,
        _ if at_least(100) => 1,
        _ if at_least(1) => 2,
        _ if largest.is_zero() => 0,
        _ => 4,
    }
}

impl Formatter {
    /// A formatter of a language and a calendar.
    pub fn new(words: &'static Words, calendar: Calendar) -> Self {
        Self { words, numerals: &words.numerals, calendar }
    }

    /// The same with the numbers of a language tag, which may ask for other digits.
    #[must_use]
    pub fn tagged(self, tag: &str) -> Self {
        Self { numerals: words::numerals_of(tag), ..self }
    }

    /// A number in its unit: `2.75%`, `$1.42M`, `3 min 05 s`.
    pub fn number(&self, number: &Number, scale: &Scale) -> String {
        self.signed(number, scale, Signs::Negative)
    }

    /// A change in its unit, with its sign: `+$1,200`. Of a percent KPI in points.
    pub fn change(&self, number: &Number, scale: &Scale) -> String {
        if scale.unit == Unit::Percent {
            self.points(number, scale)
        } else {
            self.signed(number, scale, Signs::Both)
        }
    }

    fn points(&self, number: &Number, scale: &Scale) -> String {
        let text = rounded(&number.mul(&hundred()), scale.places);
        let text = self.with_sign(&text, Signs::Both, str::to_owned);
        self.words.say("points", &[("n", &text)])
    }

    /// A share with one digit after the point, with its sign: `+12.3%`; none from 1000% on.
    pub fn relative(&self, share: &Number) -> String {
        let share = share.mul(&hundred());
        let places = usize::from(share.abs() < Number::from(1000));
        self.with_sign(&rounded(&share, places), Signs::Both, |body| self.percent(body))
    }

    /// A share without a sign: `96%`.
    pub fn share(&self, share: &Number, places: usize) -> String {
        let text = rounded(&share.mul(&hundred()), places);
        self.with_sign(&text, Signs::Negative, |body| self.percent(body))
    }

    fn percent(&self, body: &str) -> String {
        let (before, behind) = self.numerals.percent;
        format!("{before}{body}{behind}")
    }

    /// A number by itself, with two digits after the point at most and none too many: `2.4%`.
    pub fn alone(&self, number: &Number, unit: &Unit) -> String {
        let of = |n: &Number| {
            let text = n.fixed(2);
            if text.contains('.') {
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            } else {
                text
            }
        };
        match unit {
            Unit::Duration => self.duration(number, Signs::Negative),
            Unit::Percent => {
                self.with_sign(&of(&number.mul(&hundred())), Signs::Negative, |b| self.percent(b))
            }
            Unit::Money(currency) => {
                self.with_sign(&of(number), Signs::Negative, |b| self.with_currency(b, *currency))
            }
            Unit::Own(word) => {
                self.with_sign(&of(number), Signs::Negative, |b| format!("{b} {word}"))
            }
            _ => self.with_sign(&of(number), Signs::Negative, str::to_owned),
        }
    }

    fn signed(&self, number: &Number, scale: &Scale, signs: Signs) -> String {
        match &scale.unit {
            Unit::Duration => self.duration(number, signs),
            Unit::Percent => {
                let text = rounded(&number.mul(&hundred()), scale.places);
                self.with_sign(&text, signs, |body| self.percent(body))
            }
            unit => {
                let text = rounded(&number.mul(&scale.compact.factor()), scale.places);
                self.with_sign(&text, signs, |body| {
                    let body = match scale.compact.sentence() {
                        Some(name) => self.words.say(name, &[("n", body)]),
                        None => body.to_owned(),
                    };
                    match unit {
                        Unit::Money(currency) => self.with_currency(&body, *currency),
                        _ => body,
                    }
                })
            }
        }
    }

    /// `$1,200`, `1,200 IRT`: a sign or a word where the language has one, else the code.
    fn with_currency(&self, body: &str, currency: Currency) -> String {
        let money = &self.words.money;
        let find = |all: &'static [(&str, &'static str)]| {
            all.iter().find(|(code, _)| *code == currency.code()).map(|(_, sign)| *sign)
        };
        match (find(money.before), find(money.behind)) {
            (Some(sign), _) => format!("{sign}{body}"),
            (None, Some(sign)) => format!("{body}{sign}"),
            (None, None) => format!("{body}\u{a0}{}", currency.code()),
        }
    }

    /// Sets sign, separators and digits of a plain decimal; `dress` gets the text without a sign.
    fn with_sign(&self, plain: &str, signs: Signs, dress: impl Fn(&str) -> String) -> String {
        let (negative, body) = match plain.strip_prefix('-') {
            Some(body) => (true, body),
            None => (false, plain),
        };
        let zero = body.chars().all(|c| matches!(c, '0' | '.'));
        let sign = match (negative, signs) {
            (true, _) => self.numerals.minus,
            (false, Signs::Both) if !zero => self.numerals.plus,
            _ => "",
        };
        format!("{sign}{}", dress(&self.grouped(body)))
    }

    /// `1234567.5` as `1,234,567.5`. Four digits are grouped too.
    fn grouped(&self, plain: &str) -> String {
        let numerals = self.numerals;
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
        let mut text = String::with_capacity(plain.len() + plain.len() / 3);
        for (i, c) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                text.push_str(numerals.group);
            }
            text.push(self.digit(c));
        }
        if !fraction.is_empty() {
            text.push_str(numerals.decimal);
            text.extend(fraction.chars().map(|c| self.digit(c)));
        }
        text
    }

    fn digit(&self, c: char) -> char {
        c.to_digit(10).map_or(c, |d| self.numerals.digits[d as usize])
    }

    /// A whole number without separators, in the language's digits: a year, a day.
    pub fn plain(&self, number: i64) -> String {
        number.to_string().chars().map(|c| self.digit(c)).collect()
    }

    /// A whole number with separators.
    pub fn whole(&self, number: u64) -> String {
        self.grouped(&number.to_string())
    }

    /// A count with its text.
    pub fn count(&self, number: u64) -> Count {
        Count { raw: number, text: self.whole(number) }
    }

    /// A size in bytes with its text: `12.3 kB` of 1000 bytes each.
    pub fn bytes(&self, bytes: u64) -> Count {
        let (name, divisor) = match bytes {
            0..1_000 => ("bytes", 1),
            1_000..1_000_000 => ("kilobytes", 1_000),
            1_000_000..1_000_000_000 => ("megabytes", 1_000_000),
            _ => ("gigabytes", 1_000_000_000),
        };
        let text = if divisor == 1 {
            self.whole(bytes)
        } else {
            let tenths = (bytes * 10 + divisor / 2) / divisor;
            self.grouped(&format!("{}.{}", tenths / 10, tenths % 10))
        };
        Count { raw: bytes, text: self.words.say_of(name, bytes, &[("n", &text)]) }
    }

    fn duration(&self, seconds: &Number, signs: Signs) -> String {
        let size = seconds.abs();
        let sign = match (seconds.is_negative(), signs) {
            (true, _) => self.numerals.minus,
            (false, Signs::Both) if !size.is_zero() => self.numerals.plus,
            _ => "",
        };
        format!("{sign}{}", self.duration_body(&size))
    }

    fn duration_body(&self, seconds: &Number) -> String {
        let below = |limit: i64| *seconds < Number::from(limit);
        let in_units = |seconds_each: i64, places: usize| {
            let each = Number::from(seconds_each);
            self.grouped(&seconds.div(&each).unwrap_or(Number::ZERO).fixed(places))
        };
        let two = |name: &str, large: (&str, i64), small: (&str, i64)| {
            let count: i64 = seconds
                .div(&Number::from(small.1))
                .and_then(|n| n.fixed(0).parse().ok())
                .unwrap_or(0);
            let ratio = large.1 / small.1;
            let (whole, rest) = (self.plain(count / ratio), self.two_digits(count % ratio));
            self.words.say(name, &[(large.0, &whole), (small.0, &rest)])
        };
        if !seconds.is_zero() && below(1) {
            let n = self.grouped(&seconds.mul(&Number::from(1000)).fixed(0));
            self.words.say("milliseconds", &[("n", &n)])
        } else if below(60) {
            let places = usize::from(below(10) && !seconds.is_zero());
            self.words.say("seconds", &[("n", &in_units(1, places))])
        } else if below(3600) {
            two("minutes_seconds", ("m", 60), ("s", 1))
        } else if below(172_800) {
            two("hours_minutes", ("h", 3600), ("m", 60))
        } else {
            self.words.say("days", &[("n", &in_units(86_400, 1))])
        }
    }

    fn two_digits(&self, number: i64) -> String {
        format!("{number:02}").chars().map(|c| self.digit(c)).collect()
    }

    /// `a, b and c`
    pub fn list(&self, items: &[String]) -> String {
        let comma = self.words.label("list_comma");
        let and = self.words.label(if items.len() > 2 { "list_last" } else { "list_and" });
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [most @ .., last] => format!("{}{and}{last}", most.join(comma)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Date;

    fn english() -> Formatter {
        Formatter::new(words::of("en").unwrap(), Calendar::default())
    }

    fn number(text: &str) -> Number {
        Number::from(text.parse::<Decimal>().unwrap())
    }

    fn written(unit: &Unit, text: &str) -> String {
        let n = number(text);
        let scale = Scale::fitting(unit, std::slice::from_ref(&n), &[]);
        english().number(&n, &scale)
    }

    #[test]
    fn numbers_in_their_units() {
        let usd = || Unit::Money(Currency::from_code("USD").unwrap());
        let irt = Unit::Money(Currency::from_code("IRT").unwrap());
        assert_eq!(written(&Unit::Percent, "0.0275"), "2.75%");
        assert_eq!(written(&Unit::Percent, "0.4821"), "48.2%");
        assert_eq!(written(&usd(), "12.5"), "$12.50");
        assert_eq!(written(&usd(), "-412311.4"), "\u{2212}$412,311");
        assert_eq!(written(&usd(), "1423456"), "$1.42M");
        assert_eq!(written(&irt, "2500000000"), "2.50B\u{a0}IRT");
        assert_eq!(written(&Unit::Count, "9"), "9");
        assert_eq!(written(&Unit::Number, "5.47873"), "5.48");
        assert_eq!(written(&Unit::Number, "0"), "0");
    }

    #[test]
    fn durations() {
        for (seconds, text) in [
            ("0.25", "250 ms"),
            ("7.25", "7.2 s"),
            ("42", "42 s"),
            ("185", "3 min 05 s"),
            ("19800", "5 h 30 min"),
            ("259200", "3.0 days"),
            ("-185", "\u{2212}3 min 05 s"),
        ] {
            assert_eq!(written(&Unit::Duration, seconds), text);
        }
    }

    #[test]
    fn changes_have_signs_and_percent_has_points() {
        let f = english();
        let percent = Scale { unit: Unit::Percent, places: 2, compact: Compact::Full };
        assert_eq!(f.change(&number("0.0031"), &percent), "+0.31 pts");
        assert_eq!(f.change(&number("-0.0031"), &percent), "\u{2212}0.31 pts");
        assert_eq!(f.relative(&number("0.1234")), "+12.3%");
        assert_eq!(f.relative(&number("0")), "0.0%");
        assert_eq!(f.relative(&number("11.2")), "+1,120%");
    }

    #[test]
    fn what_is_not_nought_does_not_read_as_nought() {
        let f = english();
        let pounds = Unit::Money(Currency::from_code("GBP").unwrap());
        let scale = Scale::fitting(&pounds, &[number("46000"), number("0.4")], &[]);
        assert_eq!(scale.places, 0);
        assert_eq!(f.number(&number("0.4"), &scale), "\u{a3}0.4");
        assert_eq!(f.number(&number("0"), &scale), "\u{a3}0");
        assert_eq!(f.relative(&number("-0.0004")), "\u{2212}0.04%");
        assert_eq!(f.relative(&number("0.000000001")), "0.0%");
    }

    #[test]
    fn a_target_loses_no_digit() {
        let scale = Scale::fitting(&Unit::Percent, &[number("0.482")], &[number("0.4525")]);
        assert_eq!(scale.places, 2);
    }

    #[test]
    fn dates_and_periods() {
        let f = english();
        let day = |text| Date::parse_iso(text).unwrap();
        assert_eq!(f.days(day("2026-11-27"), day("2026-11-30")), "27 to 30 November 2026");
        assert_eq!(f.days(day("2026-11-27"), day("2026-12-01")), "27 November to 1 December 2026");
        let texts = |label| {
            let text = f.period(f.calendar.parse_label(label).unwrap());
            (text.text, text.short, text.year)
        };
        let own = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        assert_eq!(texts("2026-06"), own("June 2026", "Jun", "2026"));
        assert_eq!(texts("2026-Q2"), own("Q2 2026", "Q2", "2026"));
        assert_eq!(texts("2026-W07"), own("Week 7, 2026", "W7", "2026"));
        assert_eq!(texts("2026-06-03"), own("3 June 2026", "3 Jun", "2026"));
        assert_eq!(texts("2026"), own("2026", "2026", ""));
    }

    #[test]
    fn sizes_and_lists() {
        let f = english();
        assert_eq!(f.bytes(12_345).text, "12.3 kB");
        assert_eq!(f.bytes(1).text, "1 byte");
        let items: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(f.list(&items), "a, b and c");
    }
}
