//! Digits: numbers that are written as nothing but digits and a point, eight characters together.

use std::ops::Range;

use super::dictionary::word;
use super::records::Place;

/// `-?\d+(\.\d+)?` of at most 18 digits as mantissa and scale; none for any other text.
#[inline]
pub(super) fn plain_number(bytes: &[u8], point: u8) -> Option<(i64, u8)> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut value = 0i64;
    let mut behind = None;
    for (at, &byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            value = value * 10 + i64::from(digit);
        } else if byte == point && behind.is_none() && at > 0 && at + 1 < digits.len() {
            behind = Some(digits.len() - at - 1);
        } else {
            return None;
        }
    }
    Some((if negative { -value } else { value }, behind.unwrap_or(0) as u8))
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// How most cells of a column look: up to eight characters, as many of them behind the point as in
/// the block before.
#[derive(Debug)]
pub(super) struct Digits {
    scale: usize,
    point: u8,
}

impl Digits {
    /// None where no cell of eight characters has so many digits behind its point.
    pub(super) fn new(point: u8, scale: u8) -> Option<Self> {
        (scale <= 6).then_some(Self { scale: usize::from(scale), point })
    }

    /// Adds the mantissas of the first cells, as far as they look like that; gives their number.
    pub(super) fn read_all(&self, block: &[u8], places: &[Place], out: &mut Vec<i64>) -> usize {
        let before = out.len();
        if self.scale == 0 {
            out.extend(places.iter().map_while(|place| whole(block, *place)));
        } else {
            let bits = self.scale as u32 * 8;
            // In a word whose last character is at the top: what stands behind the point, the
            // point, and what stands before it.
            let behind = u64::MAX << (64 - bits);
            let (at_point, point) = (0xFF << (56 - bits), u64::from(self.point) << (56 - bits));
            let first = (1 << (56 - bits)) - 1;
            let read = |place: &Place| {
                let word = at_top(block, *place)?;
                // A digit must stand before the point.
                if word & at_point != point || place.len() < self.scale + 2 {
                    return None;
                }
                digits((word & behind) | (word & first) << 8, place.len() - 1)
            };
            out.extend(places.iter().map_while(read));
        }
        out.len() - before
    }
}

/// A cell of one to eight characters in a word, its last character at the top.
#[inline]
fn at_top(block: &[u8], place: Place) -> Option<u64> {
    let window = block.get(place.start as usize..)?.first_chunk::<8>()?;
    let length = place.len();
    (length.wrapping_sub(1) < 8).then(|| u64::from_le_bytes(*window) << (64 - length * 8))
}

/// A cell that is nothing but one to eight digits.
#[inline]
fn whole(block: &[u8], place: Place) -> Option<i64> {
    digits(at_top(block, place)?, place.len())
}

/// A word's upper bytes as a number, if all of them are digits.
#[inline]
fn digits(word: u64, length: usize) -> Option<i64> {
    let digits = word ^ ((ONES * 0x30) << (64 - length * 8));
    // Every byte is now below ten, or it was no digit.
    let other = digits.wrapping_add(ONES * 0x76) | digits;
    (other & (ONES << 7) == 0).then(|| joined(digits))
}

/// Eight digits, the first the lowest byte, as a number: pairs, then fours, then all.
#[inline]
fn joined(digits: u64) -> i64 {
    let pairs = digits.wrapping_mul(10 << 8 | 1) >> 8 & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100 << 16 | 1) >> 16 & 0x0000_FFFF_0000_FFFF;
    (fours.wrapping_mul(10_000 << 32 | 1) >> 32).cast_signed()
}

/// The same of a part of a block; of up to eight bytes without a loop.
#[inline]
pub(super) fn short_number(block: &[u8], range: Range<usize>, point: u8) -> Option<(i64, u8)> {
    let (start, length) = (range.start, range.len());
    match block.get(start..start + 8) {
        Some(window) if (1..=8).contains(&length) => {
            eight_bytes(word(window), length, point).or_else(|| plain_number(&block[range], point))
        }
        _ => plain_number(&block[range], point),
    }
}

/// A number of digits, with or without a point, in the lowest `length` bytes of a word.
#[inline]
fn eight_bytes(word: u64, length: usize, point: u8) -> Option<(i64, u8)> {
    let bits = length * 8;
    // The first character goes to the top end less what is missing; zeros go before it.
    let mut digits = word << (64 - bits);
    let apart = digits ^ (ONES * u64::from(point));
    let hits = apart.wrapping_sub(ONES) & !apart & (ONES << 7);
    let mut scale = 0;
    let mut zeros = 64 - bits;
    if hits != 0 {
        let at = hits.trailing_zeros() & !7;
        // What stands before the point moves up by one place, over it.
        let before = digits & ((1u64 << at) - 1);
        let behind = digits & !(u64::MAX >> (56 - at));
        scale = 7 - at / 8;
        if at as usize == zeros || scale == 0 {
            return None;
        }
        digits = behind | before << 8;
        zeros += 8;
    }
    digits |= (ONES * 0x30) & ((1u128 << zeros) - 1) as u64;
    let wrong = (digits & (ONES * 0xF0)) ^ (ONES * 0x30)
        | (digits.wrapping_add(ONES * 0x06) & (ONES * 0xF0)) ^ (ONES * 0x30);
    if wrong != 0 {
        return None;
    }
    Some((joined(digits & (ONES * 0x0F)), scale as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers_and_no_others() {
        assert_eq!(plain_number(b"-12.50", b'.'), Some((-1250, 2)));
        assert_eq!(plain_number(b"12,5", b','), Some((125, 1)));
        for text in ["", "-", ".5", "5.", "1.2.3", "1e5", "+1", "NaN", " 1", "1234567890123456789"]
        {
            assert_eq!(plain_number(text.as_bytes(), b'.'), None, "{text}");
        }
    }

    #[test]
    fn short_numbers_are_read_as_long_ones_are() {
        let letters = b"0159.-,a /:\x80";
        let mut texts = vec![Vec::new()];
        for length in 0..5 {
            let of_length = texts.iter().filter(|t: &&Vec<u8>| t.len() == length);
            let longer: Vec<Vec<u8>> = of_length
                .flat_map(|t| letters.iter().map(|l| [t.as_slice(), &[*l]].concat()))
                .collect();
            texts.extend(longer);
        }
        texts.extend(
            [&b"12345678"[..], b"1234.678", b"99999999", b".1234567", b"1234567."]
                .map(<[u8]>::to_vec),
        );
        for text in texts {
            let block = [text.as_slice(), b",0.5;9999"].concat();
            for point in [b'.', b','] {
                let short = short_number(&block, 0..text.len(), point);
                assert_eq!(short, plain_number(&text, point), "{text:?}");
                for scale in 0..9 {
                    let Some(shape) = Digits::new(point, scale) else { continue };
                    let mut read = Vec::new();
                    let place = Place::of(0..text.len());
                    let count = shape.read_all(&block, &[place, place], &mut read);
                    let expected = short.filter(|(m, s)| *s == scale && text[0] != b'-' && *m >= 0);
                    match expected {
                        Some((mantissa, _)) => assert_eq!(read, [mantissa; 2], "{text:?}"),
                        None => assert_eq!(count, 0, "{text:?} with {scale} places"),
                    }
                }
            }
        }
    }
}
