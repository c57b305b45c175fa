//! Texts: when two are the same, and how they are shown.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// The form in which texts compare and group: NFC, Arabic yeh and kaf as the Persian letters, and
/// no invisible marks (the zero-width non-joiner is kept). ASCII stays as it is.
pub fn canonical(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || (is_nfc(text) && !text.chars().any(is_changed)) {
        return Cow::Borrowed(text);
    }
    // Marks go first: one between a letter and its accent would keep them apart.
    let kept = text.chars().filter(|c| !is_invisible(*c));
    Cow::Owned(kept.nfc().map(fold).collect())
}

fn is_changed(c: char) -> bool {
    is_invisible(c) || fold(c) != c
}

fn fold(c: char) -> char {
    match c {
        'ي' => 'ی',
        'ك' => 'ک',
        other => other,
    }
}

/// Marks that nobody sees: directions, joiners (but for ZWNJ), soft hyphen, byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200D}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
    )
}

/// Control characters and marks of direction made visible, so that no cell can disguise a message.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || is_invisible(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// At most so many characters, with a sign where some are missing.
pub(super) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if text.chars().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    let kept: String = text.chars().take(most - 1).collect();
    Cow::Owned(kept + "…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_in_several_spellings() {
        assert_eq!(canonical("كتاب"), canonical("کتاب"));
        assert_eq!(canonical("علي"), canonical("علی"));
        assert_eq!(canonical("e\u{301}"), "é");
        assert_eq!(canonical("e\u{200D}\u{301}"), "é");
        assert_eq!(canonical("می\u{200C}روم"), "می\u{200C}روم");
        assert_ne!(canonical("می\u{200C}روم"), canonical("میروم"));
        assert_eq!(canonical("a\u{200F}b"), "ab");
    }

    #[test]
    fn nothing_hidden_in_a_message() {
        assert_eq!(escape("a\u{202E}b\u{1b}[m"), "a\\u{202e}b\\u{1b}[m");
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("abcd", 4), "abcd");
    }
}
