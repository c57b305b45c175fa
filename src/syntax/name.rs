//! Names: what is one, and when two are the same.

use super::marks::is_unseen;
use super::words;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Joins letters in Persian names without a space: `دنبال‌کننده`.
pub(super) const ZWNJ: char = '\u{200C}';

/// The key of a name: in NFC, with Arabic yeh and kaf folded to the Persian ones. Two names are
/// one when their keys are. ZWNJ stays, and case counts.
///
/// ```
/// use sanjeh::syntax::fold_name;
/// assert_eq!(fold_name("نرخ_تبديل"), fold_name("نرخ_تبدیل"));
/// assert_ne!(fold_name("Visits"), fold_name("visits"));
/// ```
pub fn fold_name(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let folded: String = text.nfc().map(fold_letter).collect();
    if is_nfc(&folded) { folded } else { folded.nfc().collect() }
}

fn fold_letter(letter: char) -> char {
    match letter {
        'ي' => 'ی',
        'ك' => 'ک',
        other => other,
    }
}

/// Whether a text can stand as a name without backticks.
///
/// ```
/// use sanjeh::syntax::is_name;
/// assert!(is_name("income") && is_name("سفارش‌ها"));
/// assert!(!is_name("in") && !is_name("Key events") && !is_name("2nd"));
/// ```
pub fn is_name(text: &str) -> bool {
    let begins = text.chars().next().is_some_and(begins_word);
    begins && word_length(text) == text.len() && !words::RESERVED.contains(&text)
}

/// Whether a word may begin with the character.
pub(super) fn begins_word(c: char) -> bool {
    c == '_' || unicode_ident::is_xid_start(c) && !is_unseen(c)
}

/// How many bytes at the beginning of `text` belong to a word that has already begun: identifier
/// characters, and ZWNJ between them.
pub(super) fn word_length(text: &str) -> usize {
    let mut length = 0;
    for (at, c) in text.char_indices() {
        if c.is_ascii_alphanumeric() || unicode_ident::is_xid_continue(c) && !is_unseen(c) {
            length = at + c.len_utf8();
        } else if c != ZWNJ {
            break;
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_joiner_belongs_to_a_name_only_between_letters() {
        assert!(is_name("می\u{200C}رود"));
        assert!(!is_name("می\u{200C}"));
        assert!(!is_name("\u{200C}می"));
    }

    #[test]
    fn composed_and_decomposed_are_one_name() {
        assert_eq!(fold_name("e\u{301}"), fold_name("\u{e9}"));
        assert_eq!(fold_name("كتاب"), "کتاب");
        assert_eq!(fold_name("سفارش\u{200C}ها"), "سفارش\u{200C}ها");
    }
}
