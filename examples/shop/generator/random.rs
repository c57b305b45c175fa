//! A small pseudo-random generator (`SplitMix64`), one stream a purpose: drawing more from one
//! never moves another.

/// A stream of numbers.
pub(super) struct Random(u64);

impl Random {
    /// The stream of a purpose; the name is its seed (FNV-1a).
    pub(super) fn of(purpose: &str) -> Self {
        let mut seed = 0xcbf2_9ce4_8422_2325_u64;
        for byte in purpose.bytes() {
            seed = (seed ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `bound` - 1.
    pub(super) fn below(&mut self, bound: i64) -> i64 {
        i64::from((self.next() >> 33) as u32) % bound
    }

    /// An index into `length` things.
    pub(super) fn index(&mut self, length: usize) -> usize {
        (self.next() >> 33) as usize % length
    }

    /// Whether something happens that happens `parts_per_million` times in a million.
    pub(super) fn happens(&mut self, parts_per_million: i64) -> bool {
        self.below(1_000_000) < parts_per_million
    }

    /// A factor in thousandths around 1000, at most `width` away, near ones likelier.
    pub(super) fn around(&mut self, width: i64) -> i64 {
        1000 - width + i64::midpoint(self.below(2 * width + 1), self.below(2 * width + 1))
    }

    /// `numerator / denominator`, rounded up as often as the rest asks for, so that sums hold.
    pub(super) fn rounded(&mut self, numerator: i64, denominator: i64) -> i64 {
        numerator / denominator + i64::from(self.below(denominator) < numerator % denominator)
    }

    /// How many of `count` trials succeed.
    pub(super) fn successes(&mut self, count: i64, parts_per_million: i64) -> i64 {
        (0..count).map(|_| i64::from(self.happens(parts_per_million))).sum()
    }

    /// The one of `weights` that the draw falls on.
    pub(super) fn weighted(&mut self, weights: &[i64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (i, weight) in weights.iter().enumerate() {
            if left < *weight {
                return i;
            }
            left -= weight;
        }
        weights.len() - 1
    }
}
