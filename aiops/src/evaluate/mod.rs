//! Measures of how good answers are, and evaluations with them.

mod nab;
mod ranges;

pub use nab::{NabScore, NabSeries, nab_score};
pub use ranges::{RangeAreas, range_areas};
