//! XXH64 as a stream: a fast hash of a file's content. It tells one content from another by
//! accident, not by intent: it is not cryptographic.
//!
//! Source: the XXH64 specification of Yann Collet; the tests hold its published values.

const P1: u64 = 0x9E37_79B1_85EB_CA87;
const P2: u64 = 0xC2B2_AE3D_27D4_EB4F;
const P3: u64 = 0x1656_67B1_9E37_79F9;
const P4: u64 = 0x85EB_CA77_C2B2_AE63;
const P5: u64 = 0x27D4_EB2F_1656_67C5;

/// The state of a hash over the bytes so far.
#[derive(Clone, Debug)]
pub(super) struct Xxh64 {
    seed: u64,
    lanes: [u64; 4],
    rest: [u8; 32],
    held: usize,
    total: u64,
}

impl Xxh64 {
    pub(super) fn new(seed: u64) -> Self {
        let lanes = [
            seed.wrapping_add(P1).wrapping_add(P2),
            seed.wrapping_add(P2),
            seed,
            seed.wrapping_sub(P1),
        ];
        Self { seed, lanes, rest: [0; 32], held: 0, total: 0 }
    }

    /// Takes bytes in.
    pub(super) fn update(&mut self, mut bytes: &[u8]) {
        self.total = self.total.wrapping_add(bytes.len() as u64);
        if self.held > 0 {
            let taken = bytes.len().min(32 - self.held);
            self.rest[self.held..self.held + taken].copy_from_slice(&bytes[..taken]);
            self.held += taken;
            bytes = &bytes[taken..];
            if self.held < 32 {
                return;
            }
            let full = self.rest;
            self.stripe(&full);
            self.held = 0;
        }
        let mut stripes = bytes.chunks_exact(32);
        for stripe in &mut stripes {
            self.stripe(stripe);
        }
        let left = stripes.remainder();
        self.rest[..left.len()].copy_from_slice(left);
        self.held = left.len();
    }

    /// The hash of all bytes so far.
    pub(super) fn finish(&self) -> u64 {
        let mut hash = if self.total >= 32 {
            let [a, b, c, d] = self.lanes;
            let folded = a
                .rotate_left(1)
                .wrapping_add(b.rotate_left(7))
                .wrapping_add(c.rotate_left(12))
                .wrapping_add(d.rotate_left(18));
            self.lanes
                .iter()
                .fold(folded, |h, &lane| (h ^ round(0, lane)).wrapping_mul(P1).wrapping_add(P4))
        } else {
            self.seed.wrapping_add(P5)
        };
        hash = hash.wrapping_add(self.total);
        let mut words = self.rest[..self.held].chunks_exact(8);
        for word in &mut words {
            hash ^= round(0, little(word));
            hash = hash.rotate_left(27).wrapping_mul(P1).wrapping_add(P4);
        }
        let mut left = words.remainder();
        if let Some((half, tail)) = left.split_at_checked(4) {
            hash ^= little(half).wrapping_mul(P1);
            hash = hash.rotate_left(23).wrapping_mul(P2).wrapping_add(P3);
            left = tail;
        }
        for &byte in left {
            hash ^= u64::from(byte).wrapping_mul(P5);
            hash = hash.rotate_left(11).wrapping_mul(P1);
        }
        hash ^= hash >> 33;
        hash = hash.wrapping_mul(P2);
        hash ^= hash >> 29;
        hash = hash.wrapping_mul(P3);
        hash ^ (hash >> 32)
    }

    fn stripe(&mut self, stripe: &[u8]) {
        for (lane, word) in self.lanes.iter_mut().zip(stripe.chunks_exact(8)) {
            *lane = round(*lane, little(word));
        }
    }
}

/// The hash of some bytes.
pub(super) fn xxh64(seed: u64, bytes: &[u8]) -> u64 {
    let mut state = Xxh64::new(seed);
    state.update(bytes);
    state.finish()
}

fn round(lane: u64, word: u64) -> u64 {
    lane.wrapping_add(word.wrapping_mul(P2)).rotate_left(31).wrapping_mul(P1)
}

/// Up to eight bytes as a number, the first the lowest.
fn little(bytes: &[u8]) -> u64 {
    match <[u8; 8]>::try_from(bytes) {
        Ok(word) => u64::from_le_bytes(word),
        Err(_) => bytes.iter().rev().fold(0, |n, &b| n << 8 | u64::from(b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_values() {
        assert_eq!(xxh64(0, b""), 0xEF46_DB37_51D8_E999);
        assert_eq!(xxh64(0, b"a"), 0xD24E_C4F1_A98C_6E5B);
        assert_eq!(xxh64(0, b"abc"), 0x44BC_2CF5_AD77_0999);
        let long = b"Nobody inspects the spammish repetition";
        assert_eq!(xxh64(0, long), 0xFBCE_A83C_8A37_8BF1);
    }

    #[test]
    fn any_split_gives_the_same() {
        let bytes: Vec<u8> = (0..200u8).collect();
        for size in 1..70 {
            let mut state = Xxh64::new(7);
            bytes.chunks(size).for_each(|c| state.update(c));
            assert_eq!(state.finish(), xxh64(7, &bytes), "in pieces of {size}");
        }
    }
}
