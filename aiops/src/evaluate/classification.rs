//! Whether: measures of scores and probabilities against what happened.
//!
//! Every measure takes one outcome for each score, and gives 0 for data that it has no meaning for: none, or of one class alone.

/// Average precision, the area under the curve of precision over recall (Davis and Goadrich, ICML 2006), equal scores as one
/// step.
#[must_use]
pub fn average_precision(scores: &[f64], outcomes: &[bool]) -> f64 {
    let (mut before, mut area) = (0.0, 0.0);
    for (hits, alarms) in steps(scores, outcomes) {
        area += (hits - before) * hits / (hits + alarms);
        before = hits;
    }
    if before > 0.0 { area / before } else { 0.0 }
}

/// The area under the curve of hits over false alarms: how often a row of the one class scores above one of the other.
#[must_use]
pub fn area_under_curve(scores: &[f64], outcomes: &[bool]) -> f64 {
    let (mut last, mut area) = ((0.0, 0.0), 0.0);
    for (hits, alarms) in steps(scores, outcomes) {
        area += (alarms - last.1) * (hits + last.0) / 2.0;
        last = (hits, alarms);
    }
    if last.0 > 0.0 && last.1 > 0.0 { area / last.0 / last.1 } else { 0.0 }
}

/// The largest share of hits among thresholds that raise at most this share of false alarms.
#[must_use]
pub fn recall_at_false_alarms(scores: &[f64], outcomes: &[bool], budget: f64) -> f64 {
    let steps = steps(scores, outcomes);
    let Some((hits, alarms)) = steps.last().copied() else { return 0.0 };
    let within = steps.iter().filter(|step| step.1 <= budget * alarms).map(|step| step.0).fold(0.0, f64::max);
    if hits > 0.0 { within / hits } else { 0.0 }
}

/// The expected calibration error over ten bins of equal width (Naeini et al., AAAI 2015).
#[must_use]
pub fn calibration_error(probabilities: &[f64], outcomes: &[bool]) -> f64 {
    const BINS: usize = 10;
    let mut bins = [(0.0_f64, 0.0); BINS];
    for (probability, outcome) in probabilities.iter().zip(outcomes) {
        let bin = &mut bins[((probability * BINS as f64) as usize).min(BINS - 1)];
        bin.0 += probability;
        bin.1 += f64::from(*outcome);
    }
    bins.iter().map(|(expected, came): &(f64, f64)| (expected - came).abs()).sum::<f64>() / outcomes.len().max(1) as f64
}

/// The mean squared difference of probability and outcome (Brier 1950).
#[must_use]
pub fn brier(probabilities: &[f64], outcomes: &[bool]) -> f64 {
    let square = |(probability, outcome): (&f64, &bool)| (probability - f64::from(*outcome)).powi(2);
    probabilities.iter().zip(outcomes).map(square).sum::<f64>() / outcomes.len().max(1) as f64
}

/// Hits and false alarms from the highest score down, one step for each score that occurs.
fn steps(scores: &[f64], outcomes: &[bool]) -> Vec<(f64, f64)> {
    let mut order: Vec<usize> = (0..scores.len().min(outcomes.len())).collect();
    order.sort_unstable_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let (mut hits, mut alarms) = (0.0, 0.0);
    let mut steps = Vec::new();
    for (place, row) in order.iter().enumerate() {
        if outcomes[*row] {
            hits += 1.0
        } else {
            alarms += 1.0
        }
        if order.get(place + 1).is_none_or(|next| scores[*next] != scores[*row]) {
            steps.push((hits, alarms));
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCORES: [f64; 6] = [0.9, 0.8, 0.7, 0.7, 0.3, 0.1];
    const OUTCOMES: [bool; 6] = [true, false, true, false, true, false];

    #[test]
    fn measures_have_their_known_values() {
        // Worked out by hand; scikit-learn gives the same.
        assert!((average_precision(&SCORES, &OUTCOMES) - 0.7).abs() < 1e-12);
        assert!((area_under_curve(&SCORES, &OUTCOMES) - 5.5 / 9.0).abs() < 1e-12);
        assert!((brier(&SCORES, &OUTCOMES) - 1.73 / 6.0).abs() < 1e-12);
        assert_eq!(recall_at_false_alarms(&SCORES, &OUTCOMES, 0.01), 1.0 / 3.0);
        assert_eq!(recall_at_false_alarms(&SCORES, &OUTCOMES, 0.67), 1.0);
        assert!((calibration_error(&[0.75, 0.75, 0.25], &[true, false, false]) - 0.75 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn data_without_meaning_is_zero() {
        for (scores, outcomes) in [(&[][..], &[][..]), (&[0.5], &[true]), (&[0.5], &[false])] {
            assert_eq!(area_under_curve(scores, outcomes), 0.0);
            assert!(average_precision(scores, outcomes).is_finite());
            assert!(recall_at_false_alarms(scores, outcomes, 0.01).is_finite());
            assert!(calibration_error(scores, outcomes).is_finite() && brier(scores, outcomes).is_finite());
        }
    }
}
