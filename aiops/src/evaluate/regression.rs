//! How much: measures of predictions and intervals against what came.

use crate::calibrate::Interval;

/// The root of the mean squared difference, both cut to `cap`; 0 for no rows.
#[must_use]
pub fn root_mean_square(predicted: &[f64], came: &[f64], cap: f64) -> f64 {
    let square = |(predicted, came): (&f64, &f64)| (predicted.min(cap) - came.min(cap)).powi(2);
    (predicted.iter().zip(came).map(square).sum::<f64>() / came.len().max(1) as f64).sqrt()
}

/// The share of intervals that hold what came, cut to `cap`; 0 for no rows.
#[must_use]
pub fn coverage(intervals: &[Interval], came: &[f64], cap: f64) -> f64 {
    let holds = |(interval, came): &(&Interval, &f64)| (interval.lower..=interval.upper).contains(&came.min(cap));
    intervals.iter().zip(came).filter(holds).count() as f64 / came.len().max(1) as f64
}

/// The score of the PHM 2008 challenge (Saxena et al. 2008): the sum over units of `exp(d / 10) - 1` for a remaining life told
/// `d` too long, and of `exp(-d / 13) - 1` for one told too short.
#[must_use]
pub fn nasa_score(predicted: &[f64], came: &[f64]) -> f64 {
    let cost = |(predicted, came): (&f64, &f64)| {
        let late = predicted - came;
        (if late < 0.0 { -late / 13.0 } else { late / 10.0 }).min(700.0).exp() - 1.0
    };
    predicted.iter().zip(came).map(cost).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_have_their_known_values() {
        assert_eq!(root_mean_square(&[1.0, 200.0], &[4.0, 129.0], 125.0), 4.5_f64.sqrt());
        assert!((nasa_score(&[10.0, 20.0], &[23.0, 10.0]) - 2.0 * (1.0_f64.exp() - 1.0)).abs() < 1e-12);
        let interval = Interval { point: 120.0, lower: 110.0, upper: 125.0, level: 0.9 };
        assert_eq!(coverage(&[interval; 4], &[109.0, 110.0, 125.0, 200.0], 125.0), 0.75);
        assert_eq!((root_mean_square(&[], &[], 1.0), coverage(&[], &[], 1.0), nasa_score(&[], &[])), (0.0, 0.0, 0.0));
    }
}
