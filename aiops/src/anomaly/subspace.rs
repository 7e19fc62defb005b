//! Windows of a series that the directions of the usual ones do not explain.

use super::matrix::{covariance, dot, triangle, whitening};

/// Windows to learn from at most, evenly spaced.
const LEARNT: usize = 4096;
/// Added to each variance, as a share of their mean: directions with less count as noise.
const NOISE: f64 = 0.1;

/// For each window its squared distance from the mean window by the principal directions of all of them, each weighted with
/// the inverse of its variance, as the benchmark's Sub-PCA weights them (Shyu et al., "A Novel Anomaly Detection Scheme Based
/// on Principal Component Classifier", 2003); with a floor under the variances, so that no direction decides alone.
///
/// All directions count, so that the sum over them is the Mahalanobis distance, and a Cholesky factor does without them.
pub(super) fn subspace_distances(values: &[f64], window: usize) -> Vec<f64> {
    let windows = values.len() + 1 - window;
    let learnt = windows.min(LEARNT);
    let sample: Vec<&[f64]> = (0..learnt).map(|index| index * windows / learnt).map(|at| &values[at..at + window]).collect();
    let (centre, matrix) = covariance(&sample);
    let mean_variance = matrix.diag().iter().sum::<f64>() / window as f64;
    let whitening = whitening(matrix, (NOISE * mean_variance).max(1e-12));
    let mut deviations = vec![0.0; window];
    let distance = |one: &[f64]| {
        for ((deviation, value), mean) in deviations.iter_mut().zip(one).zip(&centre) {
            *deviation = value - mean;
        }
        triangle(&whitening, window).map(|factors| dot(factors, &deviations[..factors.len()])).map(|white| white * white).sum()
    };
    values.windows(window).map(distance).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_of_another_shape_is_far() {
        let mut wave: Vec<f64> = (0..600).map(|place| (f64::from(place) * std::f64::consts::TAU / 20.0).sin()).collect();
        wave[305] += 1.0;
        let distances = subspace_distances(&wave, 20);
        assert_eq!(distances.len(), 581);
        let largest = (0..581).max_by(|a, b| distances[*a].total_cmp(&distances[*b])).unwrap();
        assert!((286..=305).contains(&largest), "{largest}");
        assert!(subspace_distances(&[1.0; 50], 10).iter().all(|distance| *distance == 0.0));
    }
}
