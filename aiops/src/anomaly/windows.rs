//! Windows of a series that are far from the usual ones.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Windows to learn from at most, evenly spaced: more change the centres little.
const LEARNT: usize = 4096;
/// Rounds at most; the centres stand still earlier as a rule.
const ROUNDS: usize = 30;

/// For each window its distance from the nearest of `clusters` centres (Yairi et al., "Fault Detection by Mining Association
/// Rules from House-keeping Data", 2001; in TSB-AD `KMeansAD`).
///
/// Lloyd's rounds from k-means++ (Arthur & Vassilvitskii 2007). Not those of `linfa-clustering`: they run in the threads of
/// `rayon`, where this crate starts none, and want the overlapping windows as one matrix, each value copied as often as the
/// window is long.
pub(super) fn centre_distances(values: &[f64], window: usize, clusters: usize, seed: u64) -> Vec<f64> {
    let windows = values.len() + 1 - window;
    let learnt = windows.min(LEARNT);
    let sample: Vec<&[f64]> = (0..learnt).map(|index| index * windows / learnt).map(|at| &values[at..at + window]).collect();
    let centres = centres(&sample, clusters, seed);
    values.windows(window).map(|one| nearest(one, &centres, window).1.sqrt()).collect()
}

/// The centres, one after the other.
fn centres(sample: &[&[f64]], clusters: usize, seed: u64) -> Vec<f64> {
    let window = sample[0].len();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut centres = sample[(random.next_u64() % sample.len() as u64) as usize].to_vec();
    while centres.len() < clusters * window {
        let distances: Vec<f64> = sample.iter().map(|one| nearest(one, &centres, window).1).collect();
        let mut left = distances.iter().sum::<f64>() * ((random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64);
        let far = distances.iter().position(|distance| {
            left -= distance;
            left < 0.0
        });
        let Some(far) = far else { break };
        centres.extend_from_slice(sample[far]);
    }
    let count = centres.len() / window;
    let mut assigned = vec![usize::MAX; sample.len()];
    for _ in 0..ROUNDS {
        let mut moved = false;
        let (mut sums, mut sizes) = (vec![0.0; centres.len()], vec![0_usize; count]);
        for (one, cluster) in sample.iter().zip(&mut assigned) {
            let (near, _) = nearest(one, &centres, window);
            moved |= *cluster != near;
            *cluster = near;
            sizes[near] += 1;
            sums[near * window..][..window].iter_mut().zip(*one).for_each(|(sum, value)| *sum += value);
        }
        if !moved {
            break;
        }
        for (cluster, size) in sizes.iter().enumerate().filter(|(_, size)| **size > 0) {
            let mean = sums[cluster * window..][..window].iter().map(|sum| sum / *size as f64);
            centres[cluster * window..][..window].iter_mut().zip(mean).for_each(|(centre, mean)| *centre = mean);
        }
    }
    centres
}

/// The nearest centre, and the squared distance from it.
fn nearest(one: &[f64], centres: &[f64], window: usize) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    for (cluster, centre) in centres.chunks_exact(window).enumerate() {
        let mut sums = [0.0; 4];
        for (index, (value, mean)) in one.iter().zip(centre).enumerate() {
            sums[index % 4] += (value - mean) * (value - mean);
        }
        let distance = (sums[0] + sums[1]) + (sums[2] + sums[3]);
        if distance < best.1 {
            best = (cluster, distance);
        }
    }
    best
}

/// For each point the mean of the windows that hold it; `scores` has one for each window, the first begins at the first point.
pub(super) fn spread(scores: &[f64], window: usize) -> Vec<f64> {
    let points = scores.len() + window - 1;
    let mut sums = Vec::with_capacity(scores.len() + 1);
    sums.push(0.0);
    for score in scores {
        sums.push(sums[sums.len() - 1] + score);
    }
    let mean = |point: usize| {
        let (first, end) = ((point + 1).saturating_sub(window), (point + 1).min(scores.len()));
        ((sums[end] - sums[first]) / (end - first) as f64).max(0.0)
    };
    (0..points).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_odd_window_is_far_from_the_centres() {
        let mut wave: Vec<f64> = (0..600).map(|place| (f64::from(place) * std::f64::consts::TAU / 20.0).sin()).collect();
        wave[300..320].fill(0.0);
        let scores = spread(&centre_distances(&wave, 20, 5, 1), 20);
        assert_eq!(scores.len(), wave.len());
        let largest = (0..600).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap();
        assert!((295..325).contains(&largest), "{largest}");
        assert_eq!(centre_distances(&wave, 20, 5, 1), centre_distances(&wave, 20, 5, 1));
    }

    #[test]
    fn equal_windows_have_one_centre() {
        assert!(centre_distances(&[1.0; 50], 10, 5, 1).iter().all(|distance| *distance == 0.0));
        assert_eq!(centre_distances(&[1.0; 10], 10, 5, 1), [0.0]);
    }

    #[test]
    fn a_point_is_as_strange_as_its_windows_on_average() {
        assert_eq!(spread(&[1.0, 3.0, 5.0], 2), [1.0, 2.0, 4.0, 5.0]);
    }
}
