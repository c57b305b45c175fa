//! Dictionaries: every distinct text of a column once, under a small number.

use std::ops::Range;

use super::hash::xxh64;

/// Stands for null among ids.
pub(super) const NONE: u32 = u32::MAX;

/// Past this many bytes or entries a dictionary that may forget is emptied.
const MOST_BYTES: usize = 4 << 20;
const MOST_ENTRIES: usize = 1 << 16;

/// Distinct texts by id, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Dictionary {
    bytes: Vec<u8>,
    /// Where each text ends; it begins where the one before ends.
    ends: Vec<usize>,
    digests: Vec<Digest>,
    /// Open addressing: an id, or `NONE`. Its length is a power of two.
    table: Vec<u32>,
}

/// What tells texts apart: of up to 16 bytes this is the whole text, of longer ones a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Digest {
    head: u64,
    tail: u64,
    length: u64,
}

impl Digest {
    fn of(bytes: &[u8]) -> Self {
        let length = bytes.len() as u64;
        if bytes.len() > 16 {
            return Self { head: xxh64(0, bytes), tail: 0, length };
        }
        let (head, tail) = bytes.split_at(bytes.len().min(8));
        Self { head: padded(head), tail: padded(tail), length }
    }

    /// The same of a part of a block, without a branch on its length: lengths are hard to foretell.
    #[inline]
    fn within(block: &[u8], range: Range<usize>) -> Self {
        let length = range.len();
        if length <= 16
            && let Some(window) = block.get(range.start..range.start + 16)
        {
            let (head, tail) = window.split_at(8);
            let head = word(head) & LOWEST[length.min(8)];
            let tail = word(tail) & LOWEST[length.saturating_sub(8)];
            return Self { head, tail, length: length as u64 };
        }
        Self::of(&block[range])
    }

    /// A place in a table, before its mask.
    #[inline]
    fn slot(self) -> usize {
        const K: u64 = 0x9E37_79B9_7F4A_7C15;
        let a = self.head ^ K ^ self.length;
        let product = u128::from(a) * u128::from(self.tail ^ 0xD6E8_FEB8_6659_FD93);
        let folded = (product as u64) ^ (product >> 64) as u64;
        (folded.wrapping_mul(K) >> 32) as usize
    }
}

impl Dictionary {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has grown past what a cache may hold.
    pub(super) fn is_full(&self) -> bool {
        self.bytes.len() > MOST_BYTES || self.ends.len() > MOST_ENTRIES
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.digests.clear();
        self.table.fill(NONE);
    }

    pub(super) fn bytes(&self, id: u32) -> &[u8] {
        let at = id as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.bytes[start..self.ends[at]]
    }

    /// The text of an id; only valid UTF-8 is taken in by [`Self::text_id`].
    pub(super) fn text(&self, id: u32) -> &str {
        std::str::from_utf8(self.bytes(id)).unwrap_or_default()
    }

    /// The id of a text, new or known; none where it is not UTF-8.
    pub(super) fn text_id(&mut self, text: &[u8]) -> Option<u32> {
        self.text_id_within(text, 0..text.len())
    }

    /// The id of a text that is part of a block.
    #[inline]
    pub(super) fn text_id_within(&mut self, block: &[u8], range: Range<usize>) -> Option<u32> {
        let digest = Digest::within(block, range.clone());
        let text = &block[range];
        match self.find(text, digest) {
            Some(id) => Some(id),
            None if std::str::from_utf8(text).is_ok() => Some(self.insert(text, digest)),
            None => None,
        }
    }

    /// The id of bytes that are known.
    pub(super) fn known(&self, bytes: &[u8]) -> Option<u32> {
        self.find(bytes, Digest::of(bytes))
    }

    /// The id of any bytes, and whether they are new.
    pub(super) fn id(&mut self, bytes: &[u8]) -> (u32, bool) {
        self.id_within(bytes, 0..bytes.len())
    }

    /// The id of any bytes that are part of a block, and whether they are new.
    #[inline]
    pub(super) fn id_within(&mut self, block: &[u8], range: Range<usize>) -> (u32, bool) {
        let digest = Digest::within(block, range.clone());
        let bytes = &block[range];
        match self.find(bytes, digest) {
            Some(id) => (id, false),
            None => (self.insert(bytes, digest), true),
        }
    }

    /// The id of up to four numbers, as that of their bytes, and whether they are new.
    #[inline]
    pub(super) fn words_id(&mut self, words: &[u32]) -> (u32, bool) {
        let at = |i: usize| u64::from(words.get(i).copied().unwrap_or(0));
        let (head, tail) = (at(0) | at(1) << 32, at(2) | at(3) << 32);
        let digest = Digest { head, tail, length: words.len() as u64 * 4 };
        if words.len() <= 4
            && let Some(id) = self.find(&[], digest)
        {
            return (id, false);
        }
        let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
        self.id(&bytes)
    }

    #[inline]
    fn find(&self, bytes: &[u8], digest: Digest) -> Option<u32> {
        let mask = self.table.len().checked_sub(1)?;
        let mut slot = digest.slot() & mask;
        loop {
            let id = self.table[slot];
            if id == NONE {
                return None;
            }
            let same = self.digests[id as usize] == digest;
            if same && (digest.length <= 16 || self.bytes(id) == bytes) {
                return Some(id);
            }
            slot = (slot + 1) & mask;
        }
    }

    #[cold]
    fn insert(&mut self, bytes: &[u8], digest: Digest) -> u32 {
        // A quarter full at most: a second look costs more than the room.
        if (self.ends.len() + 1) * 4 > self.table.len() {
            self.grow();
        }
        let id = self.ends.len() as u32;
        self.bytes.extend_from_slice(bytes);
        self.ends.push(self.bytes.len());
        self.digests.push(digest);
        place(&mut self.table, digest, id);
        id
    }

    fn grow(&mut self) {
        let size = (self.table.len() * 2).max(64);
        self.table.clear();
        self.table.resize(size, NONE);
        for (id, digest) in self.digests.iter().enumerate() {
            place(&mut self.table, *digest, id as u32);
        }
    }
}

fn place(table: &mut [u32], digest: Digest, id: u32) {
    let mask = table.len() - 1;
    let mut slot = digest.slot() & mask;
    while table[slot] != NONE {
        slot = (slot + 1) & mask;
    }
    table[slot] = id;
}

/// So many lowest bytes of a word.
const LOWEST: [u64; 9] = {
    let mut masks = [u64::MAX; 9];
    let mut at = 0;
    while at < 8 {
        masks[at] = (1 << (at * 8)) - 1;
        at += 1;
    }
    masks
};

/// Eight bytes as a number, the first the lowest.
#[inline]
pub(super) fn word(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().unwrap_or_default())
}

/// Up to eight bytes as a number, the first the lowest, zeros behind.
fn padded(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |n, byte| n << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_has_one_id() {
        let mut dictionary = Dictionary::default();
        let texts: Vec<String> = (0..5000).map(|i| "x".repeat(i % 23) + &i.to_string()).collect();
        let ids: Vec<u32> =
            texts.iter().map(|t| dictionary.text_id(t.as_bytes()).unwrap()).collect();
        for (text, id) in texts.iter().zip(&ids) {
            assert_eq!(dictionary.text_id(text.as_bytes()), Some(*id));
            assert_eq!(dictionary.text(*id), text);
        }
        assert_eq!(dictionary.len(), 5000);
        assert_eq!(dictionary.text_id(b"\xFF"), None);
        dictionary.clear();
        assert_eq!(dictionary.text_id(b"a"), Some(0));
    }

    #[test]
    fn short_texts_are_told_apart_by_their_digest() {
        let mut seen = std::collections::HashSet::new();
        let mut texts = vec![Vec::new()];
        for _ in 0..6 {
            let longer = |t: &Vec<u8>| b"ab\0".map(|b| [t.as_slice(), &[b]].concat());
            texts.extend(texts.clone().iter().flat_map(longer));
            texts.sort();
            texts.dedup();
        }
        for text in texts {
            let digest = Digest::of(&text);
            let padded = [text.as_slice(), &[b'x'; 16]].concat();
            assert_eq!(Digest::within(&padded, 0..text.len()), digest);
            assert!(seen.insert((digest.head, digest.tail, digest.length)), "{text:?}");
        }
    }
}
