//! Dictionaries: every distinct text of a column once, under a small number.

use crate::engine::Texts;

use super::hash::xxh64;
use super::records::Place;

/// Stands for null among ids.
pub(super) const NONE: u32 = u32::MAX;

/// Past this many bytes or entries a dictionary that may forget is emptied.
const MOST_BYTES: usize = 4 << 20;
const MOST_ENTRIES: usize = 1 << 16;

/// Tables of fewer places than this are kept three quarters empty.
const ROOMY: usize = 1 << 13;
/// Tables of fewer places than this are kept half empty.
const HUGE: usize = 1 << 17;

/// Distinct texts by id, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Dictionary {
    bytes: Vec<u8>,
    /// Where each text ends; it begins where the one before ends.
    ends: Vec<usize>,
    /// Open addressing. Its length is a power of two.
    table: Vec<Entry>,
}

/// A place of the table: everything that a look needs, so that it costs one trip to memory.
#[derive(Clone, Copy, Debug)]
struct Entry {
    head: u64,
    tail: u64,
    length: u32,
    /// `NONE` where the place is free.
    id: u32,
}

const FREE: Entry = Entry { head: 0, tail: 0, length: 0, id: NONE };

impl Entry {
    fn digest(&self) -> Digest {
        Digest { head: self.head, tail: self.tail, length: self.length }
    }
}

/// What tells texts apart: of up to 16 bytes this is the whole text, of longer ones a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Digest {
    head: u64,
    tail: u64,
    length: u32,
}

impl Digest {
    fn of(bytes: &[u8]) -> Self {
        let length = bytes.len() as u32;
        if bytes.len() > 16 {
            return Self { head: xxh64(0, bytes), tail: 0, length };
        }
        let (head, tail) = bytes.split_at(bytes.len().min(8));
        Self { head: padded(head), tail: padded(tail), length }
    }

    /// The same of a part of a block that is short and not at the block's very end, without a
    /// branch on its length: lengths are hard to foretell.
    #[inline]
    fn of_short(block: &[u8], place: Place) -> Option<Self> {
        let length = place.len();
        let window = block.get(place.start as usize..)?.first_chunk::<16>()?;
        let (head, tail) = window.split_at(8);
        let masks = MASKS.get(length)?;
        Some(Self {
            head: word(head) & masks[0],
            tail: word(tail) & masks[1],
            length: length as u32,
        })
    }

    /// A place in a table, before its mask.
    #[inline]
    fn slot(self) -> usize {
        const K: u64 = 0x9E37_79B9_7F4A_7C15;
        let a = self.head ^ K ^ u64::from(self.length);
        let product = u128::from(a) * u128::from(self.tail ^ 0xD6E8_FEB8_6659_FD93);
        ((product as u64) ^ (product >> 64) as u64) as usize
    }
}

impl Dictionary {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The texts by id; only valid UTF-8 is taken in by [`Self::text_id`].
    pub(super) fn into_texts(self) -> Texts {
        Texts::of_parts(self.bytes, self.ends).unwrap_or_default()
    }

    /// The bytes that it takes.
    pub(super) fn room(&self) -> u64 {
        let table = self.table.capacity() * size_of::<Entry>();
        (self.bytes.capacity() + self.ends.capacity() * 8 + table) as u64
    }

    /// Whether it has grown past what a cache may hold.
    pub(super) fn is_full(&self) -> bool {
        self.bytes.len() > MOST_BYTES || self.ends.len() > MOST_ENTRIES
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.table.fill(FREE);
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
        let digest = Digest::of(text);
        match self.find(text, digest) {
            Some(id) => Some(id),
            None if std::str::from_utf8(text).is_ok() => Some(self.insert(text, digest)),
            None => None,
        }
    }

    /// The id of a part of a block, where it is known and found at the first look, as most are.
    #[inline]
    pub(super) fn id_at_once(&self, block: &[u8], place: Place) -> Option<u32> {
        self.at_once(Digest::of_short(block, place)?)
    }

    /// Whether a look costs a trip to memory.
    pub(super) fn is_far(&self) -> bool {
        self.table.len() >= HUGE
    }

    /// Looks at where these texts are to be found, and at nothing else: a processor makes many
    /// trips to memory at once, but only if little stands between them.
    pub(super) fn fetch(&self, block: &[u8], places: &[Place]) {
        let mask = self.table.len().wrapping_sub(1);
        let mut seen = 0;
        for digest in places.iter().filter_map(|place| Digest::of_short(block, *place)) {
            seen ^= self.table.get(digest.slot() & mask).map_or(0, |entry| entry.id);
        }
        std::hint::black_box(seen);
    }

    /// The id of a short text that stands where it is looked for first, as most do.
    #[inline]
    fn at_once(&self, digest: Digest) -> Option<u32> {
        let entry = self.table.get(digest.slot() & self.table.len().wrapping_sub(1))?;
        // One branch instead of five.
        let differs = (entry.head ^ digest.head)
            | (entry.tail ^ digest.tail)
            | u64::from(entry.length ^ digest.length);
        (differs == 0 && entry.id != NONE).then_some(entry.id)
    }

    /// The id of bytes that are known.
    pub(super) fn known(&self, bytes: &[u8]) -> Option<u32> {
        self.find(bytes, Digest::of(bytes))
    }

    /// The id of any bytes, and whether they are new.
    pub(super) fn id(&mut self, bytes: &[u8]) -> (u32, bool) {
        let digest = Digest::of(bytes);
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
        let digest = Digest { head, tail, length: words.len() as u32 * 4 };
        if words.len() <= 4
            && let Some(id) = self.at_once(digest).or_else(|| self.find(&[], digest))
        {
            return (id, false);
        }
        let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
        self.id(&bytes)
    }

    fn find(&self, bytes: &[u8], digest: Digest) -> Option<u32> {
        let mask = self.table.len().checked_sub(1)?;
        let mut slot = digest.slot() & mask;
        loop {
            let entry = &self.table[slot];
            if entry.digest() == digest
                && entry.id != NONE
                && (digest.length <= 16 || self.bytes(entry.id) == bytes)
            {
                return Some(entry.id);
            }
            if entry.id == NONE {
                return None;
            }
            slot = (slot + 1) & mask;
        }
    }

    #[cold]
    fn insert(&mut self, bytes: &[u8], digest: Digest) -> u32 {
        // A small table is a quarter full at most: a second look costs more than the room. Past what
        // a cache holds a look costs a trip to memory anyway, and the room counts.
        let places = self.table.len();
        let most = match places {
            ..ROOMY => places / 4,
            ROOMY..HUGE => places / 2,
            HUGE.. => places / 4 * 3,
        };
        if self.ends.len() + 1 > most {
            self.grow();
        }
        let id = self.ends.len() as u32;
        self.bytes.extend_from_slice(bytes);
        self.ends.push(self.bytes.len());
        let Digest { head, tail, length } = digest;
        place(&mut self.table, Entry { head, tail, length, id });
        id
    }

    fn grow(&mut self) {
        let size = (self.table.len() * 2).max(64);
        let old = std::mem::replace(&mut self.table, vec![FREE; size]);
        for entry in old.into_iter().filter(|entry| entry.id != NONE) {
            place(&mut self.table, entry);
        }
    }
}

fn place(table: &mut [Entry], entry: Entry) {
    let mask = table.len() - 1;
    let mut slot = entry.digest().slot() & mask;
    while table[slot].id != NONE {
        slot = (slot + 1) & mask;
    }
    table[slot] = entry;
}

/// The masks of the first and the second eight bytes of a text, by its length.
const MASKS: [[u64; 2]; 17] = {
    let mut masks = [[u64::MAX; 2]; 17];
    let mut at = 0;
    while at < 8 {
        masks[at] = [(1 << (at * 8)) - 1, 0];
        masks[at + 8][1] = (1 << (at * 8)) - 1;
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
            assert_eq!(Digest::of_short(&padded, Place::of(0..text.len())), Some(digest));
            assert!(seen.insert((digest.head, digest.tail, digest.length)), "{text:?}");
        }
    }
}
