//! Measures of how good answers are, and evaluations with them.

mod alarms;
mod threat;

pub use alarms::{AlarmScores, alarm_scores};
pub use threat::{LabelledFlows, ThreatScores, evaluate_threats, evaluate_unseen_threats};
