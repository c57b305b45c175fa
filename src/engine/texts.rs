//! Many texts by number, in one piece of memory.

use serde::{Deserialize, Serialize};

/// Texts by their numbers: millions of them cost their bytes and eight more each.
///
/// ```
/// let texts: sanjeh::engine::Texts = ["a", "", "ccc"].into_iter().collect();
/// assert_eq!(texts.get(2), "ccc");
/// assert_eq!(texts.len(), 3);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    bytes: String,
    ends: Vec<usize>,
}

impl Texts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of a number.
    ///
    /// # Panics
    ///
    /// Where there is no such number.
    pub fn get(&self, id: u32) -> &str {
        let at = id as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.bytes[start..self.ends[at]]
    }

    /// Adds a text.
    pub fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len() as u32).map(|id| self.get(id))
    }
}

impl Texts {
    /// Texts one behind the other, and where each ends; none where that is no text.
    pub(crate) fn of_parts(bytes: Vec<u8>, ends: Vec<usize>) -> Option<Self> {
        let bytes = String::from_utf8(bytes).ok()?;
        let ascending = ends.is_sorted() && ends.last().copied().unwrap_or(0) == bytes.len();
        (ascending && ends.iter().all(|end| bytes.is_char_boundary(*end)))
            .then_some(Self { bytes, ends })
    }
}

impl<'t> FromIterator<&'t str> for Texts {
    fn from_iter<I: IntoIterator<Item = &'t str>>(texts: I) -> Self {
        let mut all = Self::default();
        for text in texts {
            all.push(text);
        }
        all
    }
}
