//! Days of the Solar Hijri calendar, counted by its own lengths of months: apart from the
//! program's calendar, so that a test of the one is a test of the other.

/// A day: how many days after 1 Farvardin 1403.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(i64);

/// The first day of the data: 20 March 2024.
pub(super) const FIRST: Day = Day::of(1403, 1, 1);
/// The last one: 21 June 2026.
pub(super) const LAST: Day = Day::of(1405, 3, 31);

/// How many days a month has; of the years here 1403 alone has a leap day.
const fn length(year: i64, month: i64) -> i64 {
    match month {
        1..=6 => 31,
        7..=11 => 30,
        _ if year == 1403 => 30,
        _ => 29,
    }
}

impl Day {
    /// A day of one of these years.
    pub(super) const fn of(year: i64, month: i64, day: i64) -> Self {
        let mut days = day - 1;
        let (mut y, mut m) = (1403, 1);
        while y < year || (y == year && m < month) {
            days += length(y, m);
            (y, m) = if m == 12 { (y + 1, 1) } else { (y, m + 1) };
        }
        Self(days)
    }

    /// Year, month and day of the month.
    pub(super) const fn date(self) -> (i64, i64, i64) {
        let (mut year, mut month, mut left) = (1403, 1, self.0);
        while left >= length(year, month) {
            left -= length(year, month);
            (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        }
        (year, month, left + 1)
    }

    /// 0 for Saturday to 6 for Friday: the first day was a Wednesday.
    pub(super) const fn weekday(self) -> i64 {
        (self.0 + 4).rem_euclid(7)
    }

    /// All days from this one to another, both included.
    pub(super) fn to(self, last: Self) -> impl Iterator<Item = Self> {
        (self.0..=last.0).map(Self)
    }

    /// How many days it is after `other`.
    pub(super) const fn since(self, other: Self) -> i64 {
        self.0 - other.0
    }

    /// `1405/03/31`
    pub(super) fn latin(self) -> String {
        let (year, month, day) = self.date();
        format!("{year}/{month:02}/{day:02}")
    }

    /// `۱۴۰۵/۰۳/۳۱`
    pub(super) fn persian(self) -> String {
        persian(&self.latin())
    }
}

/// The same text in Persian digits.
fn persian(text: &str) -> String {
    let digit = |c: char| match c.to_digit(10) {
        Some(digit) => char::from_u32(0x6f0 + digit).unwrap_or(c),
        None => c,
    };
    text.chars().map(digit).collect()
}

/// `۱٬۲۵۰٬۰۰۰`
pub(super) fn amount(number: i64) -> String {
    let plain = number.to_string();
    let mut text = String::new();
    for (at, c) in plain.chars().enumerate() {
        if at > 0 && (plain.len() - at).is_multiple_of(3) {
            text.push('٬');
        }
        text.push(c);
    }
    persian(&text)
}
