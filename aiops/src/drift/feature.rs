//! What is kept of one feature.

use serde::{Deserialize, Serialize};

/// The most points of a numeric feature's distribution.
const POINTS: usize = 512;
/// Into how many bins of about equal size the stability index puts it.
const BINS: usize = 10;
/// The most words of a categorical feature that are counted apart; the rest is counted together.
const WORDS: usize = 1000;

/// The distribution of one feature, in bounded size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct FeatureReference {
    pub(super) name: String,
    pub(super) missing: u64,
    pub(super) values: Values,
}

/// How its values are distributed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Values {
    /// Values, ascending, with how many there are up to each, itself counted. The last one is the greatest.
    Numeric(Vec<(f64, u64)>),
    /// How many there are of each word, in the order of the schema; what else there is at the end.
    Categorical(Vec<u64>),
}

impl FeatureReference {
    /// Looks at the values of a feature, as they are in a table.
    pub(super) fn new(name: String, words: Option<usize>, values: impl Iterator<Item = f64>) -> Self {
        let (mut missing, mut known) = (0, Vec::new());
        values.for_each(|value| if value.is_nan() { missing += 1 } else { known.push(value) });
        let values = match words {
            Some(words) => Values::Categorical(count_words(&known, words.min(WORDS) + 1)),
            None => Values::Numeric(points(known)),
        };
        Self { name, missing, values }
    }

    /// How many rows it has of each bin, the missing ones last, here and among these values.
    pub(super) fn bins(&self, values: &[f64]) -> (Vec<u64>, Vec<u64>) {
        let known = values.iter().copied().filter(|value| !value.is_nan());
        let (mut expected, mut found) = match &self.values {
            Values::Categorical(counts) => (counts.clone(), count_words(&known.collect::<Vec<_>>(), counts.len())),
            Values::Numeric(points) => {
                let edges = edges(points);
                let mut expected: Vec<u64> = edges.iter().map(|(_, upto)| *upto).collect();
                expected.push(points.last().map_or(0, |(_, all)| *all));
                (1..expected.len()).rev().for_each(|bin| expected[bin] -= expected[bin - 1]);
                let mut found = vec![0; expected.len()];
                known.for_each(|value| found[edges.partition_point(|(edge, _)| *edge < value)] += 1);
                (expected, found)
            }
        };
        expected.push(self.missing);
        found.push(values.iter().filter(|value| value.is_nan()).count() as u64);
        (expected, found)
    }

    /// The distance of Kolmogorov and Smirnov from these values, at the points that were kept, and how many known values each
    /// side has; `None` where it is no number or one side has none. Never above the distance from all values of the training,
    /// and less than 1/500 below it.
    pub(super) fn distance(&self, values: &[f64]) -> Option<(f64, f64, f64)> {
        let Values::Numeric(points) = &self.values else { return None };
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let (all, count) = (points.last()?.1 as f64, sorted.len() as f64);
        if sorted.is_empty() {
            return None;
        }
        let apart = |(point, upto): &(f64, u64)| {
            let below = sorted.partition_point(|value| value <= point) as f64;
            (below / count - *upto as f64 / all).abs()
        };
        Some((points.iter().map(apart).fold(0.0, f64::max), all, count))
    }

    /// Whether what was read holds together.
    pub(super) fn holds(&self, rows: u64) -> bool {
        let known = rows.checked_sub(self.missing);
        match &self.values {
            Values::Categorical(counts) => {
                let sum = counts.iter().try_fold(0_u64, |sum, count| sum.checked_add(*count));
                (1..=WORDS + 1).contains(&counts.len()) && sum.is_some() && sum == known
            }
            Values::Numeric(points) => {
                let ascending = points.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1);
                let finite = points.iter().all(|(value, upto)| value.is_finite() && *upto > 0);
                ascending && finite && points.len() <= 2 * POINTS && Some(points.last().map_or(0, |(_, upto)| *upto)) == known
            }
        }
    }
}

/// How many there are of each word; what lies beyond is counted in the last place.
fn count_words(values: &[f64], places: usize) -> Vec<u64> {
    let mut counts = vec![0; places];
    for value in values {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "negative numbers become 0, great ones the last"
        )]
        let place = *value as usize;
        counts[place.min(places - 1)] += 1;
    }
    counts
}

/// The distribution at so many points that at most about 1/512 of the values lie between two of them; a value that alone is
/// more is a point.
fn points(mut values: Vec<f64>) -> Vec<(f64, u64)> {
    // Zero has two signs, and only one place.
    values.iter_mut().for_each(|value| *value += 0.0);
    values.sort_unstable_by(f64::total_cmp);
    let step = (values.len() / POINTS).max(1) as u64;
    let (mut points, mut upto, mut last) = (Vec::new(), 0, 0);
    let mut groups = values.chunk_by(|a, b| a == b).peekable();
    while let Some(equal) = groups.next() {
        upto += equal.len() as u64;
        let next = groups.peek().map_or(0, |equal| equal.len() as u64);
        // Before a value that is frequent there is a point, too.
        if upto - last >= step || upto + next - last > step || next == 0 {
            points.push((equal[0], upto));
            last = upto;
        }
    }
    points
}

/// The upper edges of all bins but the last: the points nearest above each tenth, each once.
fn edges(points: &[(f64, u64)]) -> Vec<(f64, u64)> {
    let Some((_, all)) = points.last() else { return Vec::new() };
    let mut edges: Vec<(f64, u64)> = Vec::new();
    for bin in 1..BINS as u64 {
        let place = points.partition_point(|(_, upto)| u128::from(*upto) * (BINS as u128) < u128::from(*all) * u128::from(bin));
        let point = points[place.min(points.len() - 1)];
        if edges.last().is_none_or(|last| last.0 < point.0) && point.1 < *all {
            edges.push(point);
        }
    }
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numeric(values: impl IntoIterator<Item = f64>) -> FeatureReference {
        FeatureReference::new("x".into(), None, values.into_iter())
    }

    #[test]
    fn a_distribution_is_kept_in_bounded_size() {
        let reference = numeric((0..100_000).map(f64::from));
        let Values::Numeric(points) = &reference.values else { panic!("numbers") };
        assert!((400..=1024).contains(&points.len()), "{}", points.len());
        assert!(reference.holds(100_000));
        let mixed = numeric((0..100_000).map(|i| if i % 2 == 0 { 0.0 } else { f64::from(i) }));
        assert!(mixed.holds(100_000));
    }

    #[test]
    fn the_distance_of_shifted_values_is_their_shift() {
        let reference = numeric((0..10_000).map(|i| f64::from(i) / 10_000.0));
        let shifted: Vec<f64> = (0..1000).map(|i| f64::from(i) / 1000.0 + 0.2).collect();
        let (distance, all, count) = reference.distance(&shifted).unwrap();
        assert!((distance - 0.2).abs() < 0.004, "{distance}");
        assert_eq!((all, count), (10_000.0, 1000.0));
        let same: Vec<f64> = (0..10_000).map(|i| f64::from(i) / 10_000.0).collect();
        assert_eq!(reference.distance(&same).unwrap().0, 0.0);
    }

    #[test]
    fn bins_hold_tenths_and_what_is_missing() {
        let reference = numeric((0..1000).map(f64::from).chain([f64::NAN; 10]));
        let (expected, found) = reference.bins(&[f64::NAN, -5.0, 1e9]);
        assert_eq!(expected.len(), 11);
        assert_eq!((expected[10], found[10], found[0], found[9]), (10, 1, 1, 1));
        assert!(expected[..10].iter().all(|count| (98..=102).contains(count)), "{expected:?}");
        let constant = numeric([7.0; 50]);
        assert_eq!(constant.bins(&[7.0, 8.0]), (vec![50, 0], vec![2, 0]));
        let empty = numeric([f64::NAN; 50]);
        assert_eq!(empty.bins(&[8.0]), (vec![0, 50], vec![1, 0]));
        assert_eq!(empty.distance(&[8.0]), None);
    }
}
