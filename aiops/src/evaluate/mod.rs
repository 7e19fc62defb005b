//! Measures of how good answers are, and evaluations with them.

mod anomaly;
mod nab;
mod ranges;

pub use anomaly::{DetectionScores, LabelledSeries, evaluate_rows, evaluate_series, evaluate_stream};
pub use nab::{NabScore, NabSeries, nab_score};
pub use ranges::{RangeAreas, range_areas};
