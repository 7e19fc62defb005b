//! Measures of how good answers are, and evaluations with them.

mod capacity;
mod forecast;

pub use capacity::{ForecastCase, ForecastScores, evaluate_forecasts};
pub use forecast::{coverage, mean_interval_score, naive2, scaled_error, seasonal_scale, symmetric_percentage_error};
