//! Features as bins.

use crate::data::{Feature, FeatureKind, Table};

/// The bin of missing values.
pub(super) const MISSING: u8 = 255;
/// Most bins of values.
const BINS: usize = 255;
/// The most rows that the edges are taken from.
const SAMPLE: usize = 200_000;

/// How the values of one feature are put into bins.
#[derive(Debug)]
pub(super) enum Bins {
    /// Bin `b` holds what is above edge `b - 1` and not above edge `b`.
    Numeric {
        /// Between the bins, ascending; each lies in the lower bin.
        edges: Vec<f64>,
    },
    /// Bin `b` holds one level; levels beyond the commonest 255 are as missing.
    Categorical {
        /// The bin of each level.
        bins: Vec<u8>,
        /// The level of each bin.
        levels: Vec<u32>,
    },
}

impl Bins {
    /// Bins of one column: one for each value while there are few, else of about as many rows each.
    pub(super) fn of(feature: &Feature, rows: &Table, column: usize) -> Self {
        match &feature.kind {
            FeatureKind::Numeric => {
                let every = rows.rows().div_ceil(SAMPLE).max(1);
                let values: Vec<f64> = rows.column(column).step_by(every).filter(|value| !value.is_nan()).collect();
                Self::Numeric { edges: edges(values) }
            }
            FeatureKind::Categorical { levels } => {
                let mut counts = vec![0_u32; levels.len()];
                for level in rows.column(column).filter_map(|value| level(value, levels.len())) {
                    counts[level] += 1;
                }
                let mut order: Vec<usize> = (0..levels.len()).filter(|level| counts[*level] > 0).collect();
                order.sort_by_key(|level| std::cmp::Reverse(counts[*level]));
                order.truncate(BINS);
                let mut bins = vec![MISSING; levels.len()];
                for (bin, level) in order.iter().enumerate() {
                    bins[*level] = u8::try_from(bin).unwrap_or(MISSING);
                }
                Self::Categorical { bins, levels: order.into_iter().filter_map(|level| u32::try_from(level).ok()).collect() }
            }
        }
    }

    /// The bin of a value.
    pub(super) fn bin(&self, value: f64) -> u8 {
        match self {
            Self::Numeric { .. } if value.is_nan() => MISSING,
            Self::Numeric { edges } => u8::try_from(edges.partition_point(|edge| *edge < value)).unwrap_or(MISSING),
            Self::Categorical { bins, .. } => level(value, bins.len()).map_or(MISSING, |level| bins[level]),
        }
    }

    /// How many bins there are, that of missing values left out.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Numeric { edges } => edges.len() + 1,
            Self::Categorical { levels, .. } => levels.len(),
        }
    }
}

/// The level that a value of a table stands for; what is no place in the list is missing.
pub(super) fn level(value: f64, levels: usize) -> Option<usize> {
    let place = value as usize;
    (place < levels && place as f64 == value).then_some(place)
}

/// At most 254 edges between the values.
fn edges(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let mut distinct: Vec<(f64, usize)> = Vec::new();
    for value in &values {
        match distinct.last_mut() {
            Some((last, count)) if *last == *value => *count += 1,
            _ => distinct.push((*value, 1)),
        }
    }
    if distinct.len() <= BINS {
        return distinct.windows(2).map(|pair| between(pair[0].0, pair[1].0)).collect();
    }
    let mut edges = Vec::with_capacity(BINS - 1);
    let mut left = values.len();
    let mut held = 0;
    for pair in distinct.windows(2) {
        held += pair[0].1;
        // What is left is shared evenly among the bins that are left, so that a common value does not starve the others.
        if edges.len() < BINS - 1 && held * (BINS - edges.len()) >= left {
            edges.push(between(pair[0].0, pair[1].0));
            left -= held;
            held = 0;
        }
    }
    edges
}

/// A number that is not below `low` and below `high`: their middle where there is one.
fn between(low: f64, high: f64) -> f64 {
    let middle = low / 2.0 + high / 2.0;
    if middle >= low && middle < high { middle } else { low }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Schema;

    fn numeric(values: Vec<f64>) -> Bins {
        let schema = Schema::numeric(["x"]).unwrap();
        Bins::of(&schema.features()[0], &Table::new(values, 1).unwrap(), 0)
    }

    #[test]
    fn few_values_have_a_bin_each_and_missing_its_own() {
        let bins = numeric(vec![3.0, -0.0, f64::NAN, 0.0, 3.0, f64::MAX, f64::MIN]);
        assert_eq!(bins.len(), 4);
        let found: Vec<u8> = [f64::MIN, 0.0, 3.0, f64::MAX, f64::NAN].map(|value| bins.bin(value)).to_vec();
        assert_eq!(found, [0, 1, 2, 3, MISSING]);
        assert_eq!(numeric(vec![f64::NAN; 3]).len(), 1);
    }

    #[test]
    fn many_values_are_spread_evenly() {
        let bins = numeric((0..25_500).map(f64::from).collect());
        assert_eq!(bins.len(), 255);
        let mut counts = [0; 256];
        (0..25_500).for_each(|value| counts[usize::from(bins.bin(f64::from(value)))] += 1);
        assert_eq!(counts[..255], [100; 255]);
    }

    #[test]
    fn what_is_no_level_is_missing() {
        assert_eq!(level(2.0, 3), Some(2));
        for value in [3.0, -1.0, 0.5, f64::NAN, f64::MAX] {
            assert_eq!(level(value, 3), None, "{value}");
        }
    }
}
