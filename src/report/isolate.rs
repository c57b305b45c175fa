//! Parts of a text that are read in a direction of their own.
//!
//! In a language that is read from right to left, a number, a date, a Latin name inside a sentence
//! must stand by itself: `−1.2` would have its sign behind it, `2026-06-30` its day first. Inside
//! the tree such a part stands between two marks that are no characters of any text (Unicode's
//! noncharacters), which each output writes in its own way: `<bdi>`, or the character references
//! of FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE.

use std::borrow::Cow;

/// A part begins.
pub const OPEN: char = '\u{fdd0}';
/// A part ends.
pub const CLOSE: char = '\u{fdd1}';

/// The value as a part by itself, where what stands beside it could reach into it.
///
/// ```
/// use sanjeh::report::isolate::{CLOSE, OPEN, isolated};
/// assert_eq!(isolated("خرداد ۱۴۰۵"), "خرداد ۱۴۰۵");
/// assert_eq!(isolated("CTR"), format!("{OPEN}CTR{CLOSE}"));
/// assert_eq!(isolated("۳٫۱٪"), format!("{OPEN}۳٫۱٪{CLOSE}"));
/// ```
pub fn isolated(value: &str) -> Cow<'_, str> {
    if value.chars().all(is_quiet) || is_one_part(value) {
        return Cow::Borrowed(value);
    }
    Cow::Owned(format!("{OPEN}{value}{CLOSE}"))
}

/// What joins nothing and changes no side: letters from right to left, digits and what stands
/// inside numbers, space.
fn is_quiet(c: char) -> bool {
    let is_letter =
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdcf}' | '\u{fe70}'..='\u{fefc}');
    let is_sign = matches!(c, '٪' | '؉' | '؊');
    (is_letter && !is_sign) || c.is_ascii_digit() || matches!(c, ' ' | '\u{a0}' | '\u{200c}')
}

/// Whether the value is one part already, from its first character to its last.
fn is_one_part(value: &str) -> bool {
    let Some(inner) = value.strip_prefix(OPEN).and_then(|v| v.strip_suffix(CLOSE)) else {
        return false;
    };
    let mut depth = 0_i32;
    inner.chars().all(|c| {
        depth += i32::from(c == OPEN) - i32::from(c == CLOSE);
        depth >= 0
    })
}

/// The text with as many ends as beginnings, each end behind its beginning: what was cut off, or
/// stood in somebody's data, opens nothing that it does not close.
pub fn balanced(text: &str) -> Cow<'_, str> {
    if !text.contains([OPEN, CLOSE]) {
        return Cow::Borrowed(text);
    }
    let mut depth = 0_usize;
    let mut out = String::with_capacity(text.len() + 6);
    for c in text.chars() {
        match c {
            OPEN => depth += 1,
            CLOSE if depth == 0 => continue,
            CLOSE => depth -= 1,
            _ => {}
        }
        out.push(c);
    }
    out.extend(std::iter::repeat_n(CLOSE, depth));
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_marked_once() {
        let once = isolated("a").into_owned();
        assert_eq!(isolated(&once), once);
        let two = format!("{once} {once}");
        assert_eq!(isolated(&two), format!("{OPEN}{two}{CLOSE}"));
    }

    #[test]
    fn ends_and_beginnings_are_in_balance() {
        assert_eq!(balanced("plain"), "plain");
        assert_eq!(balanced("\u{fdd1}a\u{fdd0}b"), "a\u{fdd0}b\u{fdd1}");
        assert_eq!(balanced("\u{fdd0}a\u{fdd1}\u{fdd1}"), "\u{fdd0}a\u{fdd1}");
    }
}
