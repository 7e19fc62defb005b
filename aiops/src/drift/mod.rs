//! Whether data still is as it was at the training.
//!
//! A [`DriftReference`] is stored beside a model and compared with the rows that it is asked about. Two measures judge each
//! feature, the population stability index and the distance of Kolmogorov and Smirnov; [`uniformity`] judges a model's own
//! p-values. Each has a threshold of size, so that what is small is no drift however many rows there are, and one of chance, so
//! that few rows are not taken for drift.

mod distance;
mod feature;
mod reference;
mod stability;

pub use distance::uniformity;
pub use reference::{DriftReference, FeatureDrift, Measure};

/// The fewest rows that are judged.
pub const MINIMUM_ROWS: usize = 100;

/// How probable it is at most that data without drift gives a warning, over all features.
const SIGNIFICANCE: f64 = 0.001;
