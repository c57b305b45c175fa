//! Dictionaries: every distinct text of a column once, under a small number.

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
    /// The upper half of each text's hash.
    hashes: Vec<u32>,
    /// Open addressing: an id, or `NONE`. Its length is a power of two.
    table: Vec<u32>,
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
        self.hashes.clear();
        self.table.fill(NONE);
    }

    #[inline]
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
    #[inline]
    pub(super) fn text_id(&mut self, text: &[u8]) -> Option<u32> {
        let hash = hash_of(text);
        match self.find(text, hash) {
            Some(id) => Some(id),
            None if text.is_ascii() || std::str::from_utf8(text).is_ok() => {
                Some(self.insert(text, hash))
            }
            None => None,
        }
    }

    /// The id of any bytes, and whether they are new.
    #[inline]
    pub(super) fn id(&mut self, bytes: &[u8]) -> (u32, bool) {
        let hash = hash_of(bytes);
        match self.find(bytes, hash) {
            Some(id) => (id, false),
            None => (self.insert(bytes, hash), true),
        }
    }

    #[inline]
    fn find(&self, bytes: &[u8], hash: u64) -> Option<u32> {
        let mask = self.table.len().checked_sub(1)?;
        let mut slot = hash as usize & mask;
        loop {
            let id = self.table[slot];
            if id == NONE {
                return None;
            }
            if self.hashes[id as usize] == (hash >> 32) as u32 && self.bytes(id) == bytes {
                return Some(id);
            }
            slot = (slot + 1) & mask;
        }
    }

    #[cold]
    fn insert(&mut self, bytes: &[u8], hash: u64) -> u32 {
        if (self.ends.len() + 1) * 2 > self.table.len() {
            self.grow();
        }
        let id = self.ends.len() as u32;
        self.bytes.extend_from_slice(bytes);
        self.ends.push(self.bytes.len());
        self.hashes.push((hash >> 32) as u32);
        place(&mut self.table, hash, id);
        id
    }

    fn grow(&mut self) {
        let size = (self.table.len() * 2).max(64);
        self.table.clear();
        self.table.resize(size, NONE);
        for id in 0..self.ends.len() as u32 {
            let hash = hash_of(self.bytes(id));
            place(&mut self.table, hash, id);
        }
    }
}

fn place(table: &mut [u32], hash: u64, id: u32) {
    let mask = table.len() - 1;
    let mut slot = hash as usize & mask;
    while table[slot] != NONE {
        slot = (slot + 1) & mask;
    }
    table[slot] = id;
}

/// A quick hash of short texts; long ones go through XXH64.
#[inline]
fn hash_of(bytes: &[u8]) -> u64 {
    const K: u64 = 0x9E37_79B9_7F4A_7C15;
    let n = bytes.len();
    let (a, b) = match n {
        0 => (0, 0),
        1..=3 => (
            u64::from(bytes[0]) << 16 | u64::from(bytes[n / 2]) << 8 | u64::from(bytes[n - 1]),
            0,
        ),
        4..=7 => (word32(&bytes[..4]), word32(&bytes[n - 4..])),
        8..=16 => (word64(&bytes[..8]), word64(&bytes[n - 8..])),
        _ => (xxh64(0, bytes), 0),
    };
    let product = u128::from(a ^ K ^ n as u64) * u128::from(b ^ 0xD6E8_FEB8_6659_FD93);
    let folded = (product as u64) ^ (product >> 64) as u64;
    (folded ^ folded >> 29).wrapping_mul(K) ^ folded >> 32
}

#[inline]
fn word32(bytes: &[u8]) -> u64 {
    u64::from(u32::from_le_bytes(bytes.try_into().unwrap_or_default()))
}

#[inline]
fn word64(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().unwrap_or_default())
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
}
