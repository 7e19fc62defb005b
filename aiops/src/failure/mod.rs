//! Will it fail, and when.
//!
//! [`Parameters`] are checked into a [`FailureTrainer`], which learns from [`Records`] of units that failed. Its [`FailureModel`]
//! answers with a calibrated probability of failing within the horizon, the remaining life within an interval, and what
//! contributed. What is measured over time becomes features by [`Windows`]. Where nothing was trained, [`hazard`] answers by
//! rule.

mod answer;
mod features;
mod hazard;
mod model;
mod pairs;
mod parameters;
mod records;
mod train;
mod windows;

pub use answer::{Factor, Failure, Severity};
pub use features::Value;
pub use hazard::hazard;
pub use model::FailureModel;
pub use parameters::{FailureTrainer, Parameters};
pub use records::Records;
pub use windows::{AGE, Windows};
