//! The few statistics that the rules use.

/// The median of numbers, without `NaN`; `None` of none. Reorders them.
pub(super) fn median(values: &mut [f64]) -> Option<f64> {
    let middle = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let even = values.len().is_multiple_of(2);
    let (below, value, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let upper = *value;
    if !even {
        return Some(upper);
    }
    let lower = below.iter().copied().max_by(f64::total_cmp).unwrap_or(upper);
    Some(f64::midpoint(lower, upper))
}

/// Median, and the median distance from it in units of a normal distribution's standard deviation (1.4826, Rousseeuw and Croux,
/// "Alternatives to the median absolute deviation", JASA 1993).
pub(super) fn robust(values: &mut [f64]) -> Option<(f64, f64)> {
    let center = median(values)?;
    for value in values.iter_mut() {
        *value = (*value - center).abs();
    }
    Some((center, 1.4826 * median(values)?))
}

/// `ln P(N >= count)` for a Poisson count, by the Chernoff bound, which is never below it: `count - mean - count ln(count / mean)`
/// above the mean, 0 elsewhere (Mitzenmacher and Upfal, "Probability and Computing", theorem 5.4).
pub(super) fn poisson_tail(count: f64, mean: f64) -> f64 {
    if count <= mean { 0.0 } else { count - mean - count * (count / mean.max(f64::MIN_POSITIVE)).ln() }
}

/// A belief between 0 and 1 that is one half at the threshold, and 1 - 1/2^k at k times of it.
pub(super) fn belief(value: f64, threshold: f64) -> f64 {
    if value <= 0.0 { 0.0 } else { (1.0 - (-value / threshold).exp2()).clamp(0.0, 1.0) }
}

/// What independent beliefs give together: one less the product of the doubts.
pub(super) fn together(beliefs: impl IntoIterator<Item = f64>) -> f64 {
    1.0 - beliefs.into_iter().fold(1.0, |doubt, belief| doubt * (1.0 - belief.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_deviations_are_those_of_the_textbook() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(robust(&mut [1.0, 2.0, 3.0, 4.0, 100.0]), Some((3.0, 1.4826)));
    }

    #[test]
    fn the_tail_is_a_bound_of_the_exact_one() {
        // P(N >= 10 | 2) = 4.65e-5 by the series.
        let bound = poisson_tail(10.0, 2.0).exp();
        assert!((4.65e-5..1e-3).contains(&bound), "{bound}");
        assert_eq!(poisson_tail(1.0, 2.0), 0.0);
        assert!(poisson_tail(5.0, 0.0) < -1000.0);
    }

    #[test]
    fn beliefs_are_one_half_at_the_threshold_and_add_up_below_one() {
        assert_eq!(belief(10.0, 10.0), 0.5);
        assert_eq!(belief(0.0, 10.0), 0.0);
        assert_eq!(together([0.5, 0.5]), 0.75);
        assert_eq!(together([]), 0.0);
    }
}
