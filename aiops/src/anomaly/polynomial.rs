//! Points that their neighbourhood would not have foretold.

/// For each point what a line through the points around its block gives, the block itself left out (after POLY: Li et al.,
/// "Unifying the Approaches to Outlier Detection with Polynomial Approximation", 2007, as TSB-AD has it, of degree 1).
///
/// Blocks are `window` points long; the line sees five of them on either side.
pub(super) fn line_around(values: &[f64], window: usize) -> Vec<f64> {
    let reach = (5 * window).min(values.len() / 2);
    let mut expected = Vec::with_capacity(values.len());
    for start in (0..values.len()).step_by(window) {
        let end = (start + window).min(values.len());
        let around = (start.saturating_sub(reach)..start).chain(end..(end + reach).min(values.len()));
        let points: Vec<(f64, f64)> = around.map(|place| (place as f64 - start as f64, values[place])).collect();
        let (mean, slope, middle) = line(&points);
        expected.extend((start..end).map(|place| mean + slope * (place as f64 - start as f64 - middle)));
    }
    expected
}

/// The least-squares line: its value in the middle, its slope, and the middle.
fn line(points: &[(f64, f64)]) -> (f64, f64, f64) {
    let count = points.len().max(1) as f64;
    let middle = points.iter().map(|(place, _)| place).sum::<f64>() / count;
    let mean = points.iter().map(|(_, value)| value).sum::<f64>() / count;
    let (mut along, mut across) = (0.0, 0.0);
    for (place, value) in points {
        along += (place - middle) * (place - middle);
        across += (place - middle) * (value - mean);
    }
    (mean, if along > 0.0 { across / along } else { 0.0 }, middle)
}

/// The mean of the values at most half a window before and behind each.
pub(super) fn smoothed(values: &[f64], window: usize) -> Vec<f64> {
    let mut sums = Vec::with_capacity(values.len() + 1);
    sums.push(0.0);
    for value in values {
        sums.push(sums[sums.len() - 1] + value);
    }
    let half = window / 2;
    let mean = |place: usize| {
        let (first, end) = (place.saturating_sub(half), (place + half + 1).min(values.len()));
        ((sums[end] - sums[first]) / (end - first) as f64).max(0.0)
    };
    (0..values.len()).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_foretold_and_its_own_block_does_not_count() {
        let mut ramp: Vec<f64> = (0..200).map(f64::from).collect();
        ramp[100..110].fill(1000.0);
        let expected = line_around(&ramp, 10);
        assert_eq!(expected.len(), 200);
        assert!((expected[105] - 105.0).abs() < 1e-6, "{}", expected[105]);
        assert!((expected[20] - 20.0).abs() < 1e-6, "{}", expected[20]);
        assert_eq!(line_around(&[3.0], 10), [0.0]);
    }

    #[test]
    fn smoothing_takes_the_points_around() {
        assert_eq!(smoothed(&[0.0, 3.0, 6.0], 3), [1.5, 3.0, 4.5]);
    }
}
