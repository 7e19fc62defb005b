//! How good a model is, by the measures of the field.

mod alarms;
pub mod classification;
pub mod failure;
pub mod regression;
mod threat;

pub use alarms::{AlarmScores, alarm_scores};
pub use threat::{LabelledFlows, ThreatScores, evaluate_threats, evaluate_unseen_threats};
