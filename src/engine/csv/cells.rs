//! Cells: how the raw field of a column becomes a value.

use std::borrow::Cow;
use std::ops::Range;

use crate::plan::{CellKind, Dialect};
use crate::time::{DateFormat, Moment, Zone};
use crate::value::{
    BadNumber, Currency, Decimal, NumberFormat, parse_decimal, parse_duration, parse_money,
    parse_percent,
};

use super::dictionary::{Dictionary, NONE};
use super::digits::{Digits, plain_number, short_number};
use super::records::{Place, Rows};
use super::vector::{NO_BOOL, NO_DATE, NO_TIME, NumberBuilder, Vector};

/// So many cells are looked up in a large dictionary together.
const AHEAD: usize = 32;

/// A cell that is not of its column's type.
#[derive(Clone, Debug)]
pub(super) struct Bad {
    /// The row, by its place among the rows that are looked at.
    pub(super) position: u32,
    pub(super) column: usize,
    pub(super) why: Why,
}

/// Why a cell is bad.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// In words, for the middle of a message, and what to do.
    Cell(String, Option<String>),
    /// The text is no date of the column's form: why, in words.
    Date(String),
    /// The row's key is null.
    NoKey,
    /// Only a bound of the number is told: `< 10%`. In words, for the middle of a message.
    Bound(String),
    /// Bytes that are not UTF-8: the first of them, counted from the cell's beginning, and the
    /// cell, where it is not too long.
    NotUtf8(usize, Vec<u8>),
    /// The row's date is null.
    NoDate,
}

/// Reads the cells of one column and remembers what it has read before.
#[derive(Debug)]
pub(super) struct CellReader {
    kind: CellKind,
    format: NumberFormat,
    /// The decimal point where it is ASCII: plain numbers are read without the longer grammar.
    point: Option<u8>,
    nulls: Vec<Vec<u8>>,
    quote: u8,
    /// Raw cells of dates whose meaning is known.
    seen: Dictionary,
    moments: Vec<i64>,
    zone: Zone,
    scale: u8,
    /// Cells of a percent column without a sign whose number is above 1 or below -1.
    pub(super) above_one: u64,
    /// Cells that only tell a bound of their number.
    pub(super) bounds: u64,
}

/// The block, its rows, and which of them are looked at.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    pub(super) block: &'a [u8],
    pub(super) rows: &'a Rows,
    pub(super) selection: &'a [u32],
    /// The place of the column among the fields.
    pub(super) field: usize,
    /// The place of the column in the scan, for messages.
    pub(super) column: usize,
}

impl<'a> Cells<'a> {
    /// The places of the raw cells in the block.
    fn places(&self) -> Vec<Place> {
        let Self { rows, selection, field, .. } = *self;
        if selection.len() == rows.len() {
            return rows.column(field).collect();
        }
        selection.iter().map(|row| Place::of(rows.field(*row as usize, field))).collect()
    }

    fn raw(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let block = self.block;
        self.places().into_iter().map(move |place| &block[place.range()])
    }

    fn bad(&self, position: usize, why: Why) -> Bad {
        Bad { position: position as u32, column: self.column, why }
    }
}

impl CellReader {
    pub(super) fn new(kind: CellKind, dialect: &Dialect, zone: &Zone) -> Self {
        let decimal = dialect.numbers.decimal;
        Self {
            kind,
            format: dialect.numbers,
            point: u8::try_from(decimal).ok().filter(u8::is_ascii),
            nulls: dialect.nulls.iter().map(|n| n.trim().as_bytes().to_vec()).collect(),
            quote: dialect.quote,
            seen: Dictionary::default(),
            moments: Vec::new(),
            zone: zone.clone(),
            scale: 0,
            above_one: 0,
            bounds: 0,
        }
    }

    /// The column's values; bad cells are null and listed. Texts go to `texts`.
    pub(super) fn read(
        &mut self,
        cells: Cells<'_>,
        texts: &mut Dictionary,
        bad: &mut Vec<Bad>,
    ) -> Vector {
        match self.kind {
            CellKind::Text => self.read_texts(cells, texts, bad),
            CellKind::Currency(only) => {
                let refused = bad.len();
                self.refuse_currencies(cells, only, bad);
                let refused: Vec<u32> = bad[refused..].iter().map(|b| b.position).collect();
                let mut read = self.read_texts(cells, texts, bad);
                if let Vector::Text(ids) = &mut read {
                    for at in refused {
                        ids[at as usize] = NONE;
                    }
                }
                read
            }
            CellKind::Date(_) => {
                let days = self.read_moments(cells, bad);
                let day = |m: i64| if m == NO_TIME { NO_DATE } else { m as i32 };
                Vector::Date(days.into_iter().map(day).collect())
            }
            CellKind::Timestamp(_) => Vector::Timestamp(self.read_moments(cells, bad)),
            CellKind::Bool => self.read_bools(cells, bad),
            _ => self.read_numbers(cells, bad),
        }
    }

    fn read_numbers(&mut self, cells: Cells<'_>, bad: &mut Vec<Bad>) -> Vector {
        let mut all = NumberBuilder::new(self.scale, cells.selection.len());
        let shape = self.quick_point().and_then(|point| Digits::new(point, self.scale));
        let mut places = cells.places();
        for place in &mut places {
            if cells.block.get(place.start as usize) == Some(&self.quote) {
                *place = place.inner();
            }
        }
        let raw = |at: usize| cells.rows.field(cells.selection[at] as usize, cells.field);
        let mut at = 0;
        while at < places.len() {
            // Cells that look like those before, up to the first that does not.
            let before = at;
            if let Some((shape, mantissas)) = shape.as_ref().zip(all.of_scale(self.scale)) {
                at += shape.read_all(cells.block, &places[at..], mantissas);
            }
            if at == before {
                self.read_number(&cells, at, raw(at), &mut all, bad);
                at += 1;
            }
        }
        let vector = all.finish();
        // The next block begins with the scale of this one, unless that leaves large numbers no room.
        if let Vector::Number(numbers) = &vector {
            self.scale = numbers.scale.min(9);
        }
        vector
    }

    /// The decimal point where nothing but digits can be a number.
    fn quick_point(&self) -> Option<u8> {
        self.point.filter(|_| self.nulls.is_empty() && !matches!(self.kind, CellKind::Percent))
    }

    #[inline(never)]
    fn read_number(
        &mut self,
        cells: &Cells<'_>,
        position: usize,
        range: Range<usize>,
        all: &mut NumberBuilder,
        bad: &mut Vec<Bad>,
    ) {
        if let Some(point) = self.quick_point()
            && let Some((mantissa, scale)) = short_number(cells.block, range.clone(), point)
        {
            all.push_small(mantissa, scale);
            return;
        }
        let raw = &cells.block[range];
        match self.number(raw) {
            Ok(value) => {
                if matches!(self.kind, CellKind::Percent) {
                    self.above_one += u64::from(value.is_some_and(|v| is_suspicious(v, raw)));
                }
                all.push(value);
            }
            Err(why) => {
                self.bounds += u64::from(matches!(why, Why::Bound(_)));
                all.push_null();
                bad.push(cells.bad(position, why));
            }
        }
    }

    /// A number in the longer grammar; none where the cell is null.
    fn number(&self, raw: &[u8]) -> Result<Option<Decimal>, Why> {
        let Some(bytes) = self.unquoted(raw) else { return Ok(None) };
        if let Some((mantissa, scale)) = self.point.and_then(|p| plain_number(&bytes, p)) {
            return Ok(Some(Decimal::new(i128::from(mantissa), scale)));
        }
        let text = utf8(&bytes)?.trim();
        if let Some(words) = self.bound(text) {
            return Err(Why::Bound(words));
        }
        self.parse(text).map(Some).map_err(|e| {
            let help = match e {
                BadNumber::Thousands(c) => {
                    Some(format!("if it separates thousands, declare `thousands: \"{c}\"`"))
                }
                BadNumber::Empty => {
                    Some("if an empty quoted cell means null, declare `nulls: \"\"`".to_owned())
                }
                _ => None,
            };
            Why::Cell(e.to_string(), help)
        })
    }

    /// Lists the cells that hold no code of a currency, or another one than the only one.
    fn refuse_currencies(&self, cells: Cells<'_>, only: Option<Currency>, bad: &mut Vec<Bad>) {
        let mut last: &[u8] = &[];
        for (position, raw) in cells.raw().enumerate() {
            // Most rows are of the currency of the row before.
            if raw == last {
                continue;
            }
            let Some(text) = self.unquoted(raw) else { continue };
            // What is no text is told where texts are read.
            let Ok(text) = std::str::from_utf8(&text) else { continue };
            let why = match (Currency::from_code(text), only) {
                (None, _) => {
                    let help = "codes are those of ISO 4217 in capitals, such as `GBP`, and `IRT`";
                    Why::Cell("there is no such currency".to_owned(), Some(help.to_owned()))
                }
                (Some(found), Some(only)) if found != only => {
                    Why::Cell(found.code().to_owned(), None)
                }
                _ => {
                    last = raw;
                    continue;
                }
            };
            bad.push(cells.bad(position, why));
        }
    }

    fn parse(&self, text: &str) -> Result<Decimal, BadNumber> {
        match &self.kind {
            CellKind::Percent => parse_percent(text, &self.format),
            CellKind::Money(currency) => parse_money(text, &self.format, Some(*currency)),
            CellKind::Duration => parse_duration(text, &self.format),
            _ => parse_decimal(text, &self.format),
        }
    }

    /// What a text says that gives but a bound of its number.
    fn bound(&self, text: &str) -> Option<String> {
        let of = |words: &str, number: &str| {
            let number = number.trim();
            self.parse(number).ok().map(|_| format!("all it says is {words} {number}"))
        };
        match text.chars().next()? {
            '<' => match text.strip_prefix("<=") {
                Some(number) => of("at most", number),
                None => of("less than", &text[1..]),
            },
            '>' => match text.strip_prefix(">=") {
                Some(number) => of("at least", number),
                None => of("more than", &text[1..]),
            },
            '≤' => of("at most", text.strip_prefix('≤')?),
            '≥' => of("at least", text.strip_prefix('≥')?),
            _ => None,
        }
    }

    fn read_texts(&self, cells: Cells<'_>, texts: &mut Dictionary, bad: &mut Vec<Bad>) -> Vector {
        let mut ids = Vec::with_capacity(cells.selection.len());
        let (any_null, quote) = (!self.nulls.is_empty(), self.quote);
        let places = cells.places();
        for (at, places) in places.chunks(AHEAD).enumerate() {
            if texts.is_far() {
                texts.fetch(cells.block, places);
            }
            for (position, &place) in places.iter().enumerate() {
                let in_quotes = cells.block.get(place.start as usize) == Some(&quote);
                let bare = if in_quotes { place.inner() } else { place };
                if !any_null
                    && !bare.is_empty()
                    && (!in_quotes || memchr::memchr(quote, &cells.block[bare.range()]).is_none())
                    && let Some(id) = texts.id_at_once(cells.block, bare)
                {
                    ids.push(id);
                } else {
                    let position = at * AHEAD + position;
                    ids.push(self.read_text(&cells, position, place.range(), texts, bad));
                }
            }
        }
        Vector::Text(ids)
    }

    #[inline(never)]
    fn read_text(
        &self,
        cells: &Cells<'_>,
        position: usize,
        range: Range<usize>,
        texts: &mut Dictionary,
        bad: &mut Vec<Bad>,
    ) -> u32 {
        let raw = &cells.block[range];
        let id = match self.unquoted(raw) {
            None => Some(NONE),
            Some(text) => texts.text_id(&text),
        };
        id.unwrap_or_else(|| {
            bad.push(cells.bad(position, not_utf8(&unquote(raw, self.quote))));
            NONE
        })
    }

    /// Days, or seconds of timestamps.
    fn read_moments(&mut self, cells: Cells<'_>, bad: &mut Vec<Bad>) -> Vec<i64> {
        if self.seen.is_full() {
            self.forget_moments();
        }
        let mut all = Vec::with_capacity(cells.selection.len());
        for (position, place) in cells.places().into_iter().enumerate() {
            let known = self.seen.id_at_once(cells.block, place);
            if let Some(&moment) = known.and_then(|id| self.moments.get(id as usize)) {
                all.push(moment);
                continue;
            }
            match self.moment(&cells.block[place.range()]) {
                Ok(moment) => all.push(moment),
                Err(why) => {
                    bad.push(cells.bad(position, why));
                    all.push(NO_TIME);
                }
            }
        }
        all
    }

    #[inline(never)]
    fn moment(&mut self, raw: &[u8]) -> Result<i64, Why> {
        let (id, new) = self.seen.id(raw);
        if !new && let Some(&known) = self.moments.get(id as usize) {
            return Ok(known);
        }
        let parsed = self.parse_moment(raw);
        match parsed {
            Ok(moment) if self.moments.len() == id as usize => self.moments.push(moment),
            Ok(_) => {}
            Err(_) => self.forget_moments(),
        }
        parsed
    }

    fn forget_moments(&mut self) {
        self.seen.clear();
        self.moments.clear();
    }

    fn parse_moment(&self, raw: &[u8]) -> Result<i64, Why> {
        let Some(bytes) = self.unquoted(raw) else { return Ok(NO_TIME) };
        let text = utf8(&bytes)?.trim();
        match &self.kind {
            CellKind::Date(format) => {
                // The day on the project's clocks; one without a time is that day everywhere.
                Ok(self.zone.local(read_moment(format, text)?).div_euclid(86_400))
            }
            CellKind::Timestamp(format) => Ok(self.zone.local(read_moment(format, text)?)),
            _ => Ok(NO_TIME),
        }
    }

    fn read_bools(&mut self, cells: Cells<'_>, bad: &mut Vec<Bad>) -> Vector {
        let mut all = Vec::with_capacity(cells.selection.len());
        for (position, raw) in cells.raw().enumerate() {
            let Some(bytes) = self.unquoted(raw) else {
                all.push(NO_BOOL);
                continue;
            };
            let word = bytes.trim_ascii();
            let is =
                |words: [&str; 3]| words.iter().any(|w| word.eq_ignore_ascii_case(w.as_bytes()));
            if is(["true", "yes", "1"]) {
                all.push(1);
            } else if is(["false", "no", "0"]) {
                all.push(0);
            } else {
                let why = Why::Cell("neither true nor false".to_owned(), None);
                bad.push(cells.bad(position, why));
                all.push(NO_BOOL);
            }
        }
        Vector::Bool(all)
    }

    /// The cell without its quotes; none where it means null.
    #[inline]
    fn unquoted<'r>(&self, raw: &'r [u8]) -> Option<Cow<'r, [u8]>> {
        if raw.is_empty() {
            return None;
        }
        let text = unquote(raw, self.quote);
        if !self.nulls.is_empty() && self.nulls.iter().any(|n| n == text.trim_ascii()) {
            return None;
        }
        Some(text)
    }
}

/// Whether a rate is above 1 and its cell has no percent sign: 45 may be meant for 45%.
fn is_suspicious(value: Decimal, raw: &[u8]) -> bool {
    let one = Decimal::new(1, 0);
    let signed = || String::from_utf8_lossy(raw).contains(['%', '٪', '﹪', '％']);
    (value > one || value < Decimal::new(-1, 0)) && !signed()
}

/// A raw field without its quotes, doubled ones made single.
#[inline]
pub(super) fn unquote(raw: &[u8], quote: u8) -> Cow<'_, [u8]> {
    if raw.first() != Some(&quote) || raw.len() < 2 {
        return Cow::Borrowed(raw);
    }
    let inner = &raw[1..raw.len() - 1];
    if memchr::memchr(quote, inner).is_none() {
        return Cow::Borrowed(inner);
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr::memchr(quote, rest) {
        out.extend_from_slice(&rest[..=at]);
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

/// The moment of a text.
fn read_moment(format: &DateFormat, text: &str) -> Result<Moment, Why> {
    format.read(text).map_err(|problem| Why::Date(problem.to_string()))
}

fn utf8(bytes: &[u8]) -> Result<&str, Why> {
    std::str::from_utf8(bytes).map_err(|e| {
        let cell = if bytes.len() <= 200 { bytes.to_vec() } else { Vec::new() };
        Why::NotUtf8(e.valid_up_to(), cell)
    })
}

fn not_utf8(bytes: &[u8]) -> Why {
    utf8(bytes).err().unwrap_or(Why::NotUtf8(0, Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_come_off() {
        assert_eq!(unquote(b"\"a\"\"b\"", b'"').as_ref(), b"a\"b");
        assert_eq!(unquote(b"\"\"", b'"').as_ref(), b"");
        assert_eq!(unquote(b"\"\"\"\"", b'"').as_ref(), b"\"");
        assert_eq!(unquote(b"a\"b", b'"').as_ref(), b"a\"b");
    }
}
