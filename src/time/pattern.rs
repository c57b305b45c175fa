//! Date patterns: what they hold, and how a text is read along them.

use std::fmt;

use super::calendar::CalendarKind;
use super::date::{Date, Weekday, digits};
use super::format::{DateProblem, Moment, day};
use super::iso::{offset, seconds_of_day};

/// A date pattern that cannot be read with. It prints as the sentence that says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPattern {
    message: String,
    /// The directive that is wrong, as written, where it is one.
    pub directive: Option<String>,
}

impl BadPattern {
    fn new(message: &str) -> Self {
        Self { message: message.to_owned(), directive: None }
    }

    fn at(directive: &str, message: impl fmt::Display) -> Self {
        let message = format!("`{directive}` {message}");
        Self { message, directive: Some(directive.to_owned()) }
    }
}

impl fmt::Display for BadPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for BadPattern {}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Field(Field, Width),
    Literal(String),
}

/// How many digits a number has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// As many as the field has at most: the number touches another one.
    Full,
    /// From one to as many as the field has.
    Any,
}

/// What a directive stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    PaddedDay,
    DayOfYear,
    WeekdayName,
    Hour,
    HalfDayHour,
    HalfDay,
    Minute,
    Second,
    Fraction,
    Offset,
}

impl Field {
    /// The most digits of a number; none for a field that is no number.
    fn digits(self) -> Option<usize> {
        match self {
            Self::Year => Some(4),
            Self::DayOfYear => Some(3),
            Self::ShortYear
            | Self::Month
            | Self::Day
            | Self::PaddedDay
            | Self::Hour
            | Self::HalfDayHour
            | Self::Minute
            | Self::Second => Some(2),
            Self::Fraction => Some(9),
            Self::MonthName | Self::WeekdayName | Self::HalfDay | Self::Offset => None,
        }
    }

    /// What it tells, in words: two fields of one subject contradict each other at best.
    fn subject(self) -> &'static str {
        match self {
            Self::Year | Self::ShortYear => "year",
            Self::Month | Self::MonthName => "month",
            Self::Day | Self::PaddedDay => "day",
            Self::DayOfYear => "day of the year",
            Self::WeekdayName => "day of the week",
            Self::Hour | Self::HalfDayHour => "hour",
            Self::HalfDay => "half of the day",
            Self::Minute => "minute",
            Self::Second => "second",
            Self::Fraction => "fraction",
            Self::Offset => "offset",
        }
    }
}

/// Reads a pattern and checks that it names a date.
pub(super) fn compile(pattern: &str) -> Result<Vec<Item>, BadPattern> {
    let items = split(pattern)?;
    let fields: Vec<Field> = items
        .iter()
        .filter_map(|item| match item {
            Item::Field(field, _) => Some(*field),
            Item::Literal(_) => None,
        })
        .collect();
    for (at, field) in fields.iter().enumerate() {
        if fields[..at].iter().any(|earlier| earlier.subject() == field.subject()) {
            return Err(BadPattern::new(&format!("the pattern has the {} twice", field.subject())));
        }
    }
    let has = |subject: &str| fields.iter().any(|field| field.subject() == subject);
    let needs = [
        (!has("year"), "the pattern has no year, write `%Y`"),
        (has("day") && !has("month"), "the pattern has a day without a month, write `%m`"),
        (has("day of the year") && has("month"), "the day of the year (`%j`) excludes the month"),
        (has("minute") && !has("hour"), "the pattern has minutes without an hour, write `%H`"),
        (has("second") && !has("minute"), "the pattern has seconds without minutes, write `%M`"),
        (has("fraction") && !has("second"), "the pattern has a fraction without seconds"),
        (has("offset") && !has("hour"), "the pattern has an offset without an hour, write `%H`"),
        (
            fields.contains(&Field::HalfDayHour) != fields.contains(&Field::HalfDay),
            "`%I` (12 hours) and `%p` (am or pm) go together; 24 hours are `%H`",
        ),
    ];
    if let Some((_, message)) = needs.iter().find(|(wrong, _)| *wrong) {
        return Err(BadPattern::new(message));
    }
    Ok(items)
}

/// The items of a pattern, widths settled.
fn split(pattern: &str) -> Result<Vec<Item>, BadPattern> {
    let mut items: Vec<Item> = Vec::new();
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            push_literal(&mut items, c);
            continue;
        }
        let mut written = String::from('%');
        let mut directive = rest.next();
        if let Some(flag @ ('-' | '_' | '0')) = directive {
            written.push(flag);
            directive = rest.next();
        }
        let Some(letter) = directive else {
            return Err(BadPattern::at(
                &written,
                "ends the pattern; write `%%` for a percent sign",
            ));
        };
        written.push(letter);
        push_directive(&mut items, letter, &written)?;
    }
    settle_widths(&mut items);
    Ok(items)
}

fn push_literal(items: &mut Vec<Item>, c: char) {
    if let Some(Item::Literal(text)) = items.last_mut() {
        text.push(c);
    } else {
        items.push(Item::Literal(c.to_string()));
    }
}

fn push_directive(items: &mut Vec<Item>, letter: char, written: &str) -> Result<(), BadPattern> {
    let field = match letter {
        '%' => {
            push_literal(items, '%');
            return Ok(());
        }
        'F' => return push_all(items, "Y-m-d", written),
        'T' => return push_all(items, "H:M:S", written),
        'R' => return push_all(items, "H:M", written),
        'Y' => Field::Year,
        'y' => Field::ShortYear,
        'm' => Field::Month,
        'b' | 'B' | 'h' => Field::MonthName,
        'd' => Field::Day,
        'e' => Field::PaddedDay,
        'j' => Field::DayOfYear,
        'a' | 'A' => Field::WeekdayName,
        'H' => Field::Hour,
        'I' => Field::HalfDayHour,
        'p' | 'P' => Field::HalfDay,
        'M' => Field::Minute,
        'S' => Field::Second,
        'f' => Field::Fraction,
        'z' => Field::Offset,
        'Z' => {
            let why = "is not read: names of zones are ambiguous, `%z` reads offsets";
            return Err(BadPattern::at(written, why));
        }
        _ => {
            let known = "%Y %y %m %d %e %j %b %B %a %A %H %I %p %M %S %f %z %F %T %R %%";
            let why = format_args!("is not a known directive; there are {known}");
            return Err(BadPattern::at(written, why));
        }
    };
    items.push(Item::Field(field, Width::Any));
    Ok(())
}

fn push_all(items: &mut Vec<Item>, letters: &str, written: &str) -> Result<(), BadPattern> {
    for letter in letters.chars() {
        if letter.is_ascii_alphabetic() {
            push_directive(items, letter, written)?;
        } else {
            push_literal(items, letter);
        }
    }
    Ok(())
}

/// A number that touches another number, or a digit, has its full width: `%Y%m%d` is eight digits.
fn settle_widths(items: &mut [Item]) {
    let is_digit = |c: char| c.is_ascii_digit();
    let begins = |item: &Item| match item {
        Item::Literal(text) => text.starts_with(is_digit),
        Item::Field(field, _) => field.digits().is_some(),
    };
    let ends = |item: &Item| match item {
        Item::Literal(text) => text.ends_with(is_digit),
        Item::Field(field, _) => field.digits().is_some(),
    };
    for at in 0..items.len() {
        let touched = at > 0 && ends(&items[at - 1]) || items.get(at + 1).is_some_and(begins);
        if let Item::Field(field, width) = &mut items[at]
            && touched
            && *field != Field::Fraction
        {
            *width = Width::Full;
        }
    }
}

/// What a text said, as far as it has been read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fields {
    year: i32,
    month: Option<u32>,
    day: Option<u32>,
    day_of_year: Option<u32>,
    weekday: Option<Weekday>,
    hour: Option<u32>,
    afternoon: Option<bool>,
    minute: u32,
    second: u32,
    offset: Option<i32>,
}

impl Fields {
    /// Reads the whole text along the items; none where it does not match.
    pub(super) fn read(&mut self, items: &[Item], text: &[u8], kind: CalendarKind) -> Option<()> {
        let mut rest = text;
        for item in items {
            rest = match item {
                Item::Literal(literal) => strip(rest, literal.as_bytes())?,
                Item::Field(field, width) => self.read_field(*field, *width, rest, kind)?,
            };
        }
        rest.is_empty().then_some(())
    }

    fn read_field<'t>(
        &mut self,
        field: Field,
        width: Width,
        text: &'t [u8],
        kind: CalendarKind,
    ) -> Option<&'t [u8]> {
        let Some(most) = field.digits() else {
            return self.read_word(field, text, kind);
        };
        let text = match (field, text) {
            (Field::PaddedDay, [b' ', rest @ ..]) => rest,
            _ => text,
        };
        let found = text.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
        let least = match (field, width) {
            (Field::Year | Field::ShortYear, _) | (_, Width::Full) => most,
            _ => 1,
        };
        if found < least {
            return None;
        }
        let (number, rest) = text.split_at(found);
        let value = digits(number)?;
        match field {
            Field::Year => self.year = value as i32,
            Field::ShortYear => self.year = full_year(value as i32, kind),
            Field::Month => self.month = Some(value),
            Field::Day | Field::PaddedDay => self.day = Some(value),
            Field::DayOfYear => self.day_of_year = Some(value),
            Field::Hour | Field::HalfDayHour => self.hour = Some(value),
            Field::Minute => self.minute = value,
            Field::Second => self.second = value,
            _ => {}
        }
        Some(rest)
    }

    fn read_word<'t>(
        &mut self,
        field: Field,
        text: &'t [u8],
        kind: CalendarKind,
    ) -> Option<&'t [u8]> {
        let rest;
        match field {
            Field::MonthName => {
                let (month, after) = month_name(text, kind)?;
                (self.month, rest) = (Some(month), after);
            }
            Field::WeekdayName => {
                let (day, after) = weekday_name(text)?;
                (self.weekday, rest) = (Some(day), after);
            }
            Field::HalfDay => {
                let (afternoon, after) = half_day(text)?;
                (self.afternoon, rest) = (Some(afternoon), after);
            }
            _ => {
                let (seconds, after) = offset(text)?;
                (self.offset, rest) = (Some(seconds), after);
            }
        }
        Some(rest)
    }

    /// The moment that the fields name.
    pub(super) fn moment(&self, kind: CalendarKind) -> Result<Moment, DateProblem> {
        let date = match self.day_of_year {
            Some(number) => self.date_of_number(number, kind)?,
            None => day(kind, self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))?,
        };
        if self.weekday.is_some_and(|named| named != date.weekday()) {
            return Err(DateProblem::Weekday(date.weekday()));
        }
        let seconds = match self.hour {
            None => None,
            Some(hour) => {
                let hour = self.full_hour(hour).ok_or(DateProblem::Time)?;
                let of_day = seconds_of_day(hour, self.minute, self.second);
                Some(of_day.ok_or(DateProblem::Time)?)
            }
        };
        Ok(Moment { date, seconds, offset: self.offset })
    }

    fn date_of_number(&self, number: u32, kind: CalendarKind) -> Result<Date, DateProblem> {
        let first = day(kind, self.year, 1, 1)?;
        let length = 365 + u32::from(kind.is_leap(self.year));
        if !(1..=length).contains(&number) {
            return Err(DateProblem::DayOfYear);
        }
        Ok(first.plus(number as i32 - 1))
    }

    fn full_hour(&self, hour: u32) -> Option<u32> {
        let Some(afternoon) = self.afternoon else {
            return Some(hour);
        };
        (1..=12).contains(&hour).then(|| hour % 12 + if afternoon { 12 } else { 0 })
    }
}

/// The year of two digits: 1969 to 2068 as in POSIX; Solar Hijri 1350 to 1449.
fn full_year(short: i32, kind: CalendarKind) -> i32 {
    match kind {
        CalendarKind::Gregorian if short < 69 => 2000 + short,
        CalendarKind::Gregorian => 1900 + short,
        CalendarKind::Persian if short < 50 => 1400 + short,
        CalendarKind::Persian => 1300 + short,
    }
}

/// The text after a prefix, whatever the case of ASCII letters.
fn strip<'t>(text: &'t [u8], prefix: &[u8]) -> Option<&'t [u8]> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// The months of the Solar Hijri calendar as they are written in Persian.
const PERSIAN_SCRIPT: [&str; 12] = [
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
];

pub(super) fn month_name(text: &[u8], kind: CalendarKind) -> Option<(u32, &[u8])> {
    let by_name = |name: &str| strip(text, name.as_bytes());
    for (number, name) in (1..).zip(kind.month_names()) {
        if let Some(rest) = by_name(name) {
            return Some((number, rest));
        }
    }
    for (number, name) in (1..).zip(kind.month_names()) {
        let found = match kind {
            // `Sept` is the one common short form of four letters.
            CalendarKind::Gregorian if number == 9 => by_name("sept").or_else(|| by_name("sep")),
            CalendarKind::Gregorian => by_name(&name[..3]),
            CalendarKind::Persian => by_name(PERSIAN_SCRIPT[number as usize - 1]),
        };
        if let Some(rest) = found {
            return Some((number, rest));
        }
    }
    None
}

fn weekday_name(text: &[u8]) -> Option<(Weekday, &[u8])> {
    let by = |day: Weekday, name: &str| Some((day, strip(text, name.as_bytes())?));
    let long = Weekday::ALL.into_iter().find_map(|day| by(day, day.name()));
    long.or_else(|| Weekday::ALL.into_iter().find_map(|day| by(day, &day.name()[..3])))
}

fn half_day(text: &[u8]) -> Option<(bool, &[u8])> {
    let forms = [("am", false), ("pm", true), ("a.m.", false), ("p.m.", true)];
    forms.into_iter().find_map(|(form, afternoon)| Some((afternoon, strip(text, form.as_bytes())?)))
}
