//! The distance of Kolmogorov and Smirnov.

use super::reference::Measure;
use super::{MINIMUM_ROWS, SIGNIFICANCE};
use crate::error::{Error, Result};
use crate::model::Warning;

/// A distance below this is no drift, however sure it is: a tenth of the rows would have to be others.
const DISTANCE: f64 = 0.1;

/// From which distance on it is drift: [`DISTANCE`], or for few rows `sqrt(-ln(alpha / 2) / 2 / n)`, the asymptotic quantile of
/// Smirnov (Annals of Mathematical Statistics 1948); for two samples `1 / n` is `1 / n + 1 / m`.
pub(super) fn threshold(inverse: f64, alpha: f64) -> f64 {
    DISTANCE.max((-(alpha / 2.0).ln() / 2.0 * inverse).sqrt())
}

/// Judges p-values that a detector gave: those of data like that of its training are uniform on (0, 1]. Answers with a warning
/// where they are not, and nothing for fewer than [`MINIMUM_ROWS`].
///
/// # Errors
/// [`Error::Data`] for a value that is not between 0 and 1.
pub fn uniformity(p_values: &[f64]) -> Result<Option<Warning>> {
    if let Some(place) = p_values.iter().position(|p| !(0.0..=1.0).contains(p)) {
        return Err(Error::data(format!("p-value {}", place + 1), "a number from 0 to 1", p_values[place].to_string()));
    }
    if p_values.len() < MINIMUM_ROWS {
        return Ok(None);
    }
    let rows = p_values.len() as f64;
    let mut sorted = p_values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let (mut value, mut below) = (0.0_f64, 0.0);
    // Conformal p-values have ties, and P(p <= t) is t where they do: only the upper end of a tie is compared, and the lower end
    // with the value before it.
    for tied in sorted.chunk_by(|a, b| a == b) {
        let upto = below + tied.len() as f64;
        value = value.max((upto / rows - tied[0]).abs());
        below = upto;
    }
    let threshold = threshold(1.0 / rows, SIGNIFICANCE);
    Ok((value > threshold).then(|| Measure::Uniformity.warning("p_value", value, threshold)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uniform_p_values_pass_and_others_do_not() {
        let uniform: Vec<f64> = (1..=1000).map(|i| f64::from(i) / 1000.0).collect();
        assert_eq!(uniformity(&uniform).unwrap(), None);
        let coarse: Vec<f64> = (0..1000).map(|i| f64::from(i % 5 + 1) / 5.0).collect();
        assert_eq!(uniformity(&coarse).unwrap(), None);
        let strange: Vec<f64> = uniform.iter().map(|p| p * p).collect();
        let Some(Warning::Drift { feature, measure, value, threshold }) = uniformity(&strange).unwrap() else { panic!("drift") };
        // The distance of p^2 from p is greatest at 1/4, where it is 1/4.
        assert_eq!((feature.as_str(), measure.as_str(), threshold), ("p_value", "uniformity", 0.1));
        assert!((value - 0.25).abs() < 0.002, "{value}");
        assert_eq!(uniformity(&vec![1.0; 99]).unwrap(), None);
        assert!(uniformity(&[f64::NAN]).is_err());
    }

    #[test]
    fn few_rows_have_a_wider_threshold() {
        // sqrt(-ln(0.0005) / 2 / 100) = 0.1949.
        assert!((threshold(0.01, 0.001) - 0.1949).abs() < 1e-4);
        assert_eq!(threshold(1e-6, 0.001), 0.1);
    }
}
