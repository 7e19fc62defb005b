//! Measures of how good answers are, and evaluations with them.

mod alarms;
mod anomaly;
mod capacity;
pub mod classification;
pub mod failure;
mod forecast;
mod nab;
mod ranges;
pub mod regression;
mod threat;

pub use alarms::{AlarmScores, alarm_scores};
pub use anomaly::{DetectionScores, LabelledSeries, evaluate_rows, evaluate_series, evaluate_stream};
pub use capacity::{ForecastCase, ForecastScores, evaluate_forecasts};
pub use forecast::{coverage, mean_interval_score, naive2, scaled_error, seasonal_scale, symmetric_percentage_error};
pub use nab::{NabScore, NabSeries, nab_score};
pub use ranges::{RangeAreas, range_areas};
pub use threat::{LabelledFlows, ThreatScores, attack_groups, evaluate_threats, evaluate_unseen_threats};
