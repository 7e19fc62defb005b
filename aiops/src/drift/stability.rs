//! The population stability index.

/// An index from which on the population has shifted: Siddiqi, "Credit Risk Scorecards" (2006), chapter 10.
const SHIFTED: f64 = 0.25;

/// `sum (p - q) ln(p / q)` over the shares of bins; each bin counts half a row more than it has, so that empty ones are finite
/// (Krichevsky and Trofimov, IEEE Transactions on Information Theory 1981).
pub(super) fn index(expected: &[u64], found: &[u64]) -> f64 {
    let total = |counts: &[u64]| counts.iter().sum::<u64>() as f64 + 0.5 * counts.len() as f64;
    let (all_expected, all_found) = (total(expected), total(found));
    let term = |(expected, found): (&u64, &u64)| {
        let (p, q) = ((*found as f64 + 0.5) / all_found, (*expected as f64 + 0.5) / all_expected);
        (p - q) * (p / q).ln()
    };
    expected.iter().zip(found).map(term).sum()
}

/// From which index on it is drift: [`SHIFTED`], or for few rows the quantile of chance: without drift the index is about
/// `1 / n + 1 / m` times a chi-squared number of one degree less than there are bins (Yurdakul, "Statistical Properties of
/// Population Stability Index", 2018).
pub(super) fn threshold(bins: usize, inverse: f64, alpha: f64) -> f64 {
    let degrees = bins.saturating_sub(1).max(1) as f64;
    SHIFTED.max(inverse * chi_squared(degrees, alpha))
}

/// The number that a chi-squared one exceeds with this probability: Wilson and Hilferty, PNAS 1931.
fn chi_squared(degrees: f64, alpha: f64) -> f64 {
    let part = 2.0 / (9.0 * degrees);
    degrees * (1.0 - part + normal(alpha) * part.sqrt()).powi(3)
}

/// The number that a normal one exceeds with this probability, below one half: Abramowitz and Stegun 26.2.23, to 0.00045.
fn normal(alpha: f64) -> f64 {
    let t = (-2.0 * alpha.ln()).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    t - above / below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_that_counted_by_hand() {
        // Shares .5 and .5 against .75 and .25 of many: .25 * ln(1.5) + .25 * ln(2) = .27465.
        let value = index(&[500_000, 500_000], &[750_000, 250_000]);
        assert!((value - 0.274_65).abs() < 1e-4, "{value}");
        assert_eq!(index(&[10, 20], &[10, 20]), 0.0);
        assert!(index(&[100, 0], &[0, 100]).is_finite());
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        assert!((normal(0.001) - 3.0902).abs() < 5e-4);
        for (degrees, quantile) in [(1.0, 10.828), (10.0, 29.588), (100.0, 149.449)] {
            let found = chi_squared(degrees, 0.001);
            assert!((found / quantile - 1.0).abs() < 0.04, "{degrees}: {found}");
        }
    }
}
