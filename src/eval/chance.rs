//! What chance may do: intervals for differences, sample sizes, uneven splits.
//!
//! All of it is computed with exact fractions and roots of 40 digits, so that every machine gives
//! the same digits.

use super::aggregate::whole;
use crate::value::{Decimal, Number};

/// The standard normal's quantile at 97.5%: of an interval at 95%, two-sided.
const Z_95: Decimal = Decimal::new(1_959_963_984_540_054, 15);

/// The standard normal's quantile at 80%: of a power of 80%.
const Z_80: Decimal = Decimal::new(841_621_233_572_914, 15);

/// The chi-squared distribution's quantiles at 99.9%, for 1 to 9 degrees of freedom.
const CHI_999: [Decimal; 9] = [
    Decimal::new(10_827_566, 6),
    Decimal::new(13_815_511, 6),
    Decimal::new(16_266_236, 6),
    Decimal::new(18_466_827, 6),
    Decimal::new(20_515_006, 6),
    Decimal::new(22_457_744, 6),
    Decimal::new(24_321_886, 6),
    Decimal::new(26_124_482, 6),
    Decimal::new(27_877_165, 6),
];

/// From the lower to the upper limit of an interval.
pub(super) type Interval = (Number, Number);

/// So many of so many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) hits: Number,
    pub(super) tries: Number,
}

/// The mean of a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mean {
    pub(super) value: Number,
    pub(super) deviation: Number,
    pub(super) count: Number,
}

/// Kept short between steps: far more digits than are printed.
fn short(number: &Number) -> Number {
    number.round_half_even(60)
}

/// A quotient whose divisor is above nought.
fn over(a: &Number, b: &Number) -> Number {
    a.div(b).map_or(Number::ZERO, |q| short(&q))
}

/// The root of what is not below nought.
fn root(number: &Number) -> Number {
    number.sqrt().map_or(Number::ZERO, |r| short(&r))
}

fn square(number: &Number) -> Number {
    number.mul(number)
}

impl Share {
    /// Whether it is one of counts: whole numbers, and no more hits than tries.
    pub(super) fn is_one(&self) -> bool {
        let whole = |n: &Number| n.round_half_even(0) == *n && !n.is_negative();
        whole(&self.hits) && whole(&self.tries) && self.hits <= self.tries && !self.tries.is_zero()
    }

    fn value(&self) -> Number {
        over(&self.hits, &self.tries)
    }

    /// Wilson's score interval at 95% (E. B. Wilson, "Probable inference, the law of succession,
    /// and statistical inference", JASA 22, 1927).
    pub(super) fn wilson(&self) -> Interval {
        let z = Number::from(Z_95);
        let (z2, two) = (square(&z), whole(2));
        let missed = self.tries.sub(&self.hits);
        let spread = over(&self.hits.mul(&missed).mul(&whole(4)), &self.tries).add(&z2);
        let half = z.mul(&root(&spread));
        let middle = self.hits.mul(&two).add(&z2);
        let below = self.tries.add(&z2).mul(&two);
        let low = over(&middle.sub(&half), &below);
        // Rounded roots must not carry a limit past what a share can be.
        (low.max(Number::ZERO), over(&middle.add(&half), &below).min(Number::ONE))
    }
}

/// The interval at 95% for the share of a variant minus that of the control: Newcombe's hybrid
/// score interval, built of Wilson's (R. G. Newcombe, "Interval estimation for the difference
/// between independent proportions: comparison of eleven methods", Statistics in Medicine 17,
/// 1998, method 10).
pub(super) fn shares(variant: &Share, control: &Share) -> Interval {
    let (p, q) = (variant.value(), control.value());
    let ((low, high), (control_low, control_high)) = (variant.wilson(), control.wilson());
    let reach = |a: &Number, b: &Number| root(&square(a).add(&square(b)));
    let difference = p.sub(&q);
    let down = reach(&p.sub(&low), &control_high.sub(&q));
    let up = reach(&high.sub(&p), &q.sub(&control_low));
    (difference.sub(&down), difference.add(&up))
}

/// The tries that each variant needs for a power of 80% at a level of 5%, two-sided, if the
/// difference that was seen is the true one (J. L. Fleiss, B. Levin, M. C. Paik, "Statistical
/// Methods for Rates and Proportions", 3rd edition, 2003, section 4.2, without the correction for
/// continuity). None where no difference was seen.
pub(super) fn tries_needed(variant: &Share, control: &Share) -> Option<Number> {
    let (p, q) = (variant.value(), control.value());
    let spread = |p: &Number| p.mul(&Number::ONE.sub(p));
    let middle = over(&p.add(&q), &whole(2));
    let together = root(&spread(&middle).mul(&whole(2))).mul(&Number::from(Z_95));
    let apart = root(&spread(&p).add(&spread(&q))).mul(&Number::from(Z_80));
    let needed = square(&together.add(&apart)).div(&square(&p.sub(&q)))?;
    Some(rounded_up(&needed))
}

/// The interval at 95% for the mean of a variant minus that of the control: Welch's (B. L. Welch,
/// "The generalization of 'Student's' problem when several different population variances are
/// involved", Biometrika 34, 1947). None with fewer than five degrees of freedom, where the
/// quantile's expansion is not good enough, and where no value differs from another.
pub(super) fn means(variant: &Mean, control: &Mean) -> Option<Interval> {
    let of = |m: &Mean| over(&square(&m.deviation), &m.count);
    let (a, b) = (of(variant), of(control));
    let error = a.add(&b);
    let part = |v: &Number, m: &Mean| over(&square(v), &m.count.sub(&Number::ONE));
    let freedom = square(&error).div(&part(&a, variant).add(&part(&b, control)))?;
    if freedom < whole(5) {
        return None;
    }
    let half = student(&freedom.round_half_even(12)).mul(&root(&error));
    let difference = variant.value.sub(&control.value);
    Some((difference.sub(&half), difference.add(&half)))
}

/// Student's quantile at 97.5%, by the expansion 26.7.5 of M. Abramowitz, I. A. Stegun, "Handbook
/// of Mathematical Functions", 1964; from five degrees of freedom on off by less than 0.001.
fn student(freedom: &Number) -> Number {
    // By rising powers of z² times z; each row is over the next power of the degrees of freedom.
    const ROWS: [(&[i64], i64); 4] = [
        (&[1, 1], 4),
        (&[3, 16, 5], 96),
        (&[-15, 17, 19, 3], 384),
        (&[-945, -1920, 1482, 776, 79], 92_160),
    ];
    let z = Number::from(Z_95);
    let z2 = square(&z);
    let (mut total, mut power) = (z.clone(), Number::ONE);
    for (factors, below) in ROWS {
        power = power.mul(freedom);
        let (mut sum, mut term) = (Number::ZERO, z.clone());
        for factor in factors {
            sum = sum.add(&term.mul(&Number::from(*factor)));
            term = term.mul(&z2);
        }
        total = total.add(&over(&sum, &power.mul(&Number::from(below))));
    }
    total
}

/// The values that each variant needs for a power of 80% at a level of 5%, two-sided, if the
/// difference that was seen is the true one: (z₉₇.₅ + z₈₀)² (s₁² + s₂²) / d², the normal
/// approximation (S.-C. Chow, J. Shao, H. Wang, "Sample Size Calculations in Clinical Research",
/// 2nd edition, 2008, section 3.2). None where no difference was seen.
pub(super) fn values_needed(variant: &Mean, control: &Mean) -> Option<Number> {
    let spread = square(&variant.deviation).add(&square(&control.deviation));
    let z = Number::from(Z_95).add(&Number::from(Z_80));
    let needed = square(&z).mul(&spread).div(&square(&variant.value.sub(&control.value)))?;
    Some(rounded_up(&needed))
}

/// Whether samples differ from an equal split by more than chance does once in a thousand times:
/// Pearson's chi-squared test. None where there is nothing to split.
pub(super) fn is_uneven(samples: &[Number]) -> Option<bool> {
    let limit = CHI_999.get(samples.len().checked_sub(2)?)?;
    let all = samples.iter().fold(Number::ZERO, |sum, n| sum.add(n));
    let due = over(&all, &whole(samples.len() as u64));
    let distance = samples.iter().fold(Number::ZERO, |sum, n| sum.add(&square(&n.sub(&due))));
    Some(distance.div(&due)? > Number::from(*limit))
}

/// The next whole number.
fn rounded_up(number: &Number) -> Number {
    let near = number.round_half_even(0);
    if near < *number { near.add(&Number::ONE) } else { near }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(hits: u64, tries: u64) -> Share {
        Share { hits: whole(hits), tries: whole(tries) }
    }

    /// Table II of Newcombe's paper, the row of method 10.
    #[test]
    fn newcombe_s_own_examples() {
        for (a, b, low, high) in [
            (share(56, 70), share(48, 80), "0.0524", "0.3339"),
            (share(9, 10), share(3, 10), "0.1705", "0.8090"),
            (share(6, 7), share(2, 7), "0.0582", "0.8062"),
            (share(5, 56), share(0, 29), "-0.0381", "0.1926"),
            (share(0, 10), share(0, 20), "-0.1611", "0.2775"),
            (share(0, 10), share(0, 10), "-0.2775", "0.2775"),
            (share(10, 10), share(0, 20), "0.6791", "1.0000"),
            (share(10, 10), share(0, 10), "0.6075", "1.0000"),
        ] {
            let (found_low, found_high) = shares(&a, &b);
            assert_eq!((found_low.fixed(4), found_high.fixed(4)), (low.into(), high.into()));
        }
    }

    #[test]
    fn a_limit_never_leaves_what_a_share_can_be() {
        for tries in 1..60 {
            for hits in [0, tries / 2, tries] {
                let (low, high) = share(hits, tries).wilson();
                assert!(low >= Number::ZERO && high <= Number::ONE && low < high);
            }
        }
    }

    /// Student's quantiles as every table has them.
    #[test]
    fn quantiles_of_student() {
        for (freedom, expected) in
            [(5, "2.571"), (6, "2.447"), (10, "2.228"), (30, "2.042"), (120, "1.980")]
        {
            let found = student(&whole(freedom));
            let off = found.sub(&expected.parse::<Decimal>().unwrap().to_number()).abs();
            assert!(off < Number::from(Decimal::new(15, 4)), "{freedom}: {}", found.fixed(5));
        }
    }

    /// 10% against 15%: 686 a group, the textbook's figure without a correction.
    #[test]
    fn sample_sizes() {
        let needed = tries_needed(&share(15, 100), &share(10, 100)).unwrap();
        assert_eq!(needed.to_plain(), "686");
        assert_eq!(tries_needed(&share(1, 10), &share(2, 20)), None);
        let mean = |mean| Mean { value: whole(mean), deviation: whole(10), count: whole(50) };
        // 2 · 100 · (1.96 + 0.8416)² / 25 = 62.79
        assert_eq!(values_needed(&mean(105), &mean(100)).unwrap().to_plain(), "63");
    }

    /// Two samples of 10 with means 5 and 3 and deviations 2 and 1: 13.2 degrees of freedom.
    #[test]
    fn welch() {
        let mean = |mean, deviation| Mean {
            value: whole(mean),
            deviation: whole(deviation),
            count: whole(10),
        };
        let (low, high) = means(&mean(5, 2), &mean(3, 1)).unwrap();
        assert_eq!((low.fixed(3), high.fixed(3)), ("0.475".to_owned(), "3.525".to_owned()));
        let few = Mean { count: whole(3), ..mean(5, 2) };
        assert_eq!(means(&few, &Mean { count: whole(3), ..mean(3, 1) }), None);
        assert_eq!(means(&mean(5, 0), &mean(3, 0)), None);
    }

    #[test]
    fn uneven_splits() {
        let of =
            |samples: &[u64]| is_uneven(&samples.iter().map(|n| whole(*n)).collect::<Vec<_>>());
        assert_eq!(of(&[500, 500]), Some(false));
        assert_eq!(of(&[450, 550]), Some(false));
        assert_eq!(of(&[440, 560]), Some(true));
        assert_eq!(of(&[400, 400, 500]), Some(true));
        assert_eq!(of(&[0, 0]), None);
    }
}
