//! The alphabetical order of a language: پ behind ب in Persian, Ç behind C in Turkish.

use std::cmp::Ordering;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::Locale;

/// Compares texts as a dictionary of the language has them.
pub struct Order(Option<CollatorBorrowed<'static>>);

impl Order {
    /// The order of a language; that of the characters where nobody knows it.
    ///
    /// ```
    /// use sanjeh::report::order::Order;
    /// let mut letters = ["گ", "پ", "ت", "ب"];
    /// letters.sort_by(|a, b| Order::of("fa").compare(a, b));
    /// assert_eq!(letters, ["ب", "پ", "ت", "گ"]);
    /// ```
    pub fn of(tag: &str) -> Self {
        let locale = Locale::try_from_str(tag).ok();
        Self(locale.and_then(|l| Collator::try_new((&l).into(), CollatorOptions::default()).ok()))
    }

    /// Which of two texts comes first. Only the same texts are equal.
    pub fn compare(&self, a: &str, b: &str) -> Ordering {
        let found = self.0.as_ref().map_or(Ordering::Equal, |order| order.compare(a, b));
        found.then_with(|| a.cmp(b))
    }
}
