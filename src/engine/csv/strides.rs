//! Strides: separators and quotes found for 64 bytes together.
//!
//! A byte of a stride is a bit of a word, so that questions about all of them are a few
//! instructions: which are separators, which stand inside of quotes. Whatever is not plain is left
//! to the passes of [`super::records`] that look at each field.

use memchr::memchr_iter;
use wide::u8x16;

use super::records::{LONGEST_FIELD, Marks, Rows};

/// How many bytes are looked at together.
const STRIDE: usize = 64;
/// How many separators are held before they are put away.
const HELD: usize = 256;

/// A bit for each byte that is this one, the first byte the lowest.
#[inline]
fn equal(bytes: &[u8; STRIDE], byte: u8x16) -> u64 {
    let (lanes, _) = bytes.as_chunks::<16>();
    let mut hits = 0;
    for (at, lane) in lanes.iter().enumerate() {
        hits |= u64::from(u8x16::new(*lane).simd_eq(byte).to_bitmask()) << (16 * at);
    }
    hits
}

/// A bit for each byte that is a delimiter or a line feed, the first byte the lowest.
#[inline]
fn separators(bytes: &[u8; STRIDE], delimiter: u8x16, line: u8x16) -> u64 {
    let (lanes, _) = bytes.as_chunks::<16>();
    let mut hits = 0;
    for (at, lane) in lanes.iter().enumerate() {
        let lane = u8x16::new(*lane);
        let hit = lane.simd_eq(delimiter) | lane.simd_eq(line);
        hits |= u64::from(hit.to_bitmask()) << (16 * at);
    }
    hits
}

/// Separators found, put away by the hundred.
struct Held {
    slots: [u32; HELD + STRIDE],
    count: usize,
}

impl Held {
    fn new() -> Self {
        Self { slots: [0; HELD + STRIDE], count: 0 }
    }

    /// Takes a stride's separators. They are written a dozen at a time whether there are that many
    /// or not: a branch on their number would be guessed wrong too often.
    #[expect(clippy::inline_always, reason = "measured: a call for each stride costs a tenth")]
    #[inline(always)]
    fn take(&mut self, mut hits: u64, base: u32, ends: &mut Vec<u32>) {
        let found = hits.count_ones() as usize;
        let mut at = self.count;
        for _ in 0..if found <= 4 { 1 } else { 3 } {
            for slot in &mut self.slots[at..at + 4] {
                *slot = base + hits.trailing_zeros();
                hits &= hits.wrapping_sub(1);
            }
            at += 4;
        }
        while hits != 0 {
            self.slots[at] = base + hits.trailing_zeros();
            hits &= hits - 1;
            at += 1;
        }
        self.count += found;
        if self.count >= HELD {
            self.put_away(ends);
        }
    }

    fn put_away(&mut self, ends: &mut Vec<u32>) {
        ends.extend_from_slice(&self.slots[..self.count]);
        self.count = 0;
    }
}

/// The fast path: collects all separators, then checks that each row has its share of them.
/// False where that does not hold; then nothing in `rows` counts.
pub(super) fn plain(block: &[u8], delimiter: u8, rows: &mut Rows) -> bool {
    let (comma, line) = (u8x16::splat(delimiter), u8x16::splat(b'\n'));
    let ends = &mut rows.ends;
    let mut held = Held::new();
    let (strides, rest) = block.as_chunks::<STRIDE>();
    for (bytes, base) in strides.iter().zip((0u32..).step_by(STRIDE)) {
        held.take(separators(bytes, comma, line), base, ends);
    }
    held.put_away(ends);
    let base = block.len() - rest.len();
    let hits = rest.iter().enumerate().filter(|(_, b)| **b == delimiter || **b == b'\n');
    ends.extend(hits.map(|(at, _)| (base + at) as u32));
    if block.last().is_some_and(|&b| b != b'\n') {
        ends.push(block.len() as u32);
    }
    check_plain(block, rows)
}

/// Which bytes stand inside of quotes, worked out for 64 of them together.
struct Quotes {
    comma: u8x16,
    line: u8x16,
    quote: u8x16,
    carriage: u8x16,
    /// Of the byte before: all ones where it is inside of quotes.
    inside: u64,
    /// Of the byte before, a one where it is a separator or closes a field, where it closes one,
    /// and where it is a carriage return outside of quotes.
    before: u64,
    closed: u64,
    returned: u64,
    /// Not nought as soon as any quote does not plainly open or close a field, or a carriage return
    /// outside of quotes stands before anything but a line feed.
    wrong: u64,
}

/// What is outside of quotes, and where quotes begin.
struct Outside {
    separators: u64,
    lines: u64,
    opening: u64,
}

impl Quotes {
    /// From the beginning of a record.
    fn new(marks: &Marks) -> Self {
        let of = u8x16::splat;
        Self {
            comma: of(marks.delimiter),
            line: of(b'\n'),
            quote: of(marks.quote),
            carriage: of(b'\r'),
            inside: 0,
            before: 1,
            closed: 0,
            returned: 0,
            wrong: 0,
        }
    }

    #[inline]
    fn step(&mut self, bytes: &[u8; STRIDE]) -> Outside {
        let quotes = equal(bytes, self.quote);
        let within = prefix_xor(quotes) ^ self.inside;
        let (opening, closing) = (quotes & within, quotes & !within);
        let lines = equal(bytes, self.line) & !within;
        let separators = lines | equal(bytes, self.comma) & !within;
        let returns = equal(bytes, self.carriage) & !within;
        // A field's first byte opens it, and a quote right behind a closing one is half of a pair.
        self.wrong |= opening & !((separators | closing) << 1 | self.before);
        self.wrong |= (closing << 1 | self.closed) & !(separators | opening | returns);
        self.wrong |= (returns << 1 | self.returned) & !lines;
        self.inside = 0u64.wrapping_sub(within >> 63);
        self.before = (separators | closing) >> 63;
        (self.closed, self.returned) = (closing >> 63, returns >> 63);
        Outside { separators, lines, opening }
    }
}

/// All bytes in strides, the last one filled up with line feeds; and where each begins.
fn strides<'b>(
    bytes: &'b [u8],
    last: &'b mut [u8; STRIDE],
) -> impl Iterator<Item = (&'b [u8; STRIDE], u32)> {
    let (strides, rest) = bytes.as_chunks::<STRIDE>();
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()..].fill(b'\n');
    strides.iter().chain(std::iter::once(&*last)).zip((0u32..).step_by(STRIDE))
}

/// The fast path for blocks with quotes. False where any of them is not plain; then nothing in
/// `rows` counts.
pub(super) fn quoted(block: &[u8], marks: &Marks, rows: &mut Rows) -> bool {
    let (mut held, mut quotes) = (Held::new(), Quotes::new(marks));
    for (bytes, base) in strides(block, &mut [0; STRIDE]) {
        held.take(quotes.step(bytes).separators, base, &mut rows.ends);
    }
    held.put_away(&mut rows.ends);
    if quotes.wrong != 0 || quotes.inside != 0 {
        return false;
    }
    // The line feeds behind the block were none of it.
    let ends = rows.ends.partition_point(|end| (*end as usize) < block.len());
    rows.ends.truncate(ends);
    if block.last().is_some_and(|&b| b != b'\n') {
        rows.ends.push(block.len() as u32);
    }
    let lines = rows.ends.iter().filter(|end| block.get(**end as usize) == Some(&b'\n')).count();
    check_rows(block, rows, lines)
}

/// What [`last_border`] gives, where all quotes are plain.
pub(super) fn plain_border(bytes: &[u8], marks: &Marks) -> Option<(usize, Option<usize>)> {
    let (mut border, mut open) = (0, 0);
    let mut quotes = Quotes::new(marks);
    for (stride, base) in strides(bytes, &mut [0; STRIDE]) {
        let mut outside = quotes.step(stride);
        let real = bytes.len() - base as usize;
        if real < STRIDE {
            outside.lines &= (1 << real) - 1;
        }
        if outside.lines != 0 {
            border = base as usize + (64 - outside.lines.leading_zeros() as usize);
        }
        if outside.opening != 0 {
            open = base as usize + (63 - outside.opening.leading_zeros() as usize);
        }
    }
    // A pair of quotes inside of a field looks as if it began there; how long a field is that has no
    // end is asked of long ones only.
    let is_open = quotes.inside != 0;
    // A carriage return that stands last ends a line where the file ends with it.
    let unsure = is_open && bytes.len() > LONGEST_FIELD || !is_open && bytes.last() == Some(&b'\r');
    let known = quotes.wrong == 0 && !unsure;
    known.then_some((border, is_open.then_some(open)))
}

/// Of each bit, whether it and the bits below it are an odd number of ones.
#[inline]
fn prefix_xor(mut bits: u64) -> u64 {
    for by in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << by;
    }
    bits
}

/// Every `width`-th separator ends a line, and no other one does.
fn check_plain(block: &[u8], rows: &mut Rows) -> bool {
    let lines = memchr_iter(b'\n', block).count();
    rows.lines = Some(lines as u64);
    check_rows(block, rows, lines)
}

/// Every `width`-th separator ends a line, and of separators that do there are so many.
fn check_rows(block: &[u8], rows: &mut Rows, all: usize) -> bool {
    let width = rows.width;
    if !rows.ends.len().is_multiple_of(width) {
        return false;
    }
    let mut start = 0;
    let mut lines = 0;
    for row in rows.ends.chunks_exact(width) {
        rows.starts.push(start);
        let end = row[width - 1] as usize;
        match block.get(end) {
            Some(b'\n') => lines += 1,
            None => {}
            Some(_) => return false,
        }
        if end - start as usize > LONGEST_FIELD {
            return false;
        }
        start = end as u32 + 1;
    }
    width == 1 || lines == all
}

#[cfg(test)]
mod tests {
    use super::super::records::{Reach, careful_border, last_border, strict, trim_returns};
    use super::*;
    use crate::plan::Records;

    const MARKS: Marks =
        Marks { records: Records::Csv, delimiter: b',', quote: b'"', comment: None, footer: None };

    const PIECES: [&str; 12] = [
        "a",
        "12.5",
        ",",
        ",",
        "\n",
        "\r\n",
        "\"a\"",
        "\"a,\nb\"",
        "\"\"",
        "\"x\"\"y\"",
        "\"",
        "\r",
    ];

    /// Texts of what matters, long enough for several strides.
    fn texts() -> impl Iterator<Item = Vec<u8>> {
        let mut seed = 11u64;
        let mut next = move |limit: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as usize % limit
        };
        (0..40_000).map(move |round| {
            // Most texts have no stray quote and no lone carriage return, the last two pieces.
            let pieces = if round % 4 == 0 { 12 } else { 10 };
            let length = next(90);
            (0..length).flat_map(|_| PIECES[next(pieces)].bytes()).collect()
        })
    }

    #[test]
    fn the_plain_border_is_the_careful_one() {
        let (mut plain, mut open) = (0, 0);
        for text in texts() {
            for reach in [Reach::More, Reach::End] {
                let Some((border, field)) = plain_border(&text, &MARKS) else { continue };
                let (careful, opens) = careful_border(&text, &MARKS, reach);
                let shown = String::from_utf8_lossy(&text);
                assert_eq!(border, careful, "{shown:?}");
                // A quote that ends the bytes may be half of a pair: then the field may be open.
                if reach == Reach::End || text.last() != Some(&b'"') {
                    assert_eq!(field.is_some(), opens.is_some(), "{shown:?}");
                }
                plain += 1;
                open += usize::from(field.is_some());
            }
        }
        assert!(plain > 5_000 && open > 100, "{plain} plain, {open} open");
    }

    #[test]
    fn quoted_blocks_split_as_the_strict_pass_does() {
        let mut quick = 0;
        for text in texts() {
            let text = &text[..last_border(&text, &MARKS, Reach::More).0];
            for width in [1, 2, 3] {
                let (mut rows, mut strictly) = (Rows::default(), Rows::default());
                rows.clear(width);
                if !quoted(text, &MARKS, &mut rows) {
                    continue;
                }
                trim_returns(text, &mut rows);
                strictly.clear(width);
                let mut faults = Vec::new();
                strict(text, &MARKS, &mut strictly, &mut faults);
                let shown = String::from_utf8_lossy(text);
                assert_eq!(faults, [], "{shown:?}");
                assert_eq!((rows.starts, rows.ends), (strictly.starts, strictly.ends), "{shown:?}");
                quick += usize::from(!text.is_empty());
            }
        }
        assert!(quick > 1_000, "{quick}");
    }
}
