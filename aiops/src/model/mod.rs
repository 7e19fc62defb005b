//! What every model has: checked parameters before it is fitted, a file after, warnings with its answers.

mod file;
mod traits;
mod warning;

pub use file::{Model, load, save};
pub use traits::{Detector, Forecaster, Online, Predictor, Trainer};
pub use warning::Warning;
