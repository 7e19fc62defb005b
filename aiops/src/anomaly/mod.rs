//! Which rows, and which points of a series, are not normal.
//!
//! Several metrics: [`MultivariateTrainer`], whose model answers for rows each for itself or one after the other.
//! One series, as a whole: [`SeriesDetector`].
//! As they come, without training: one metric [`StreamDetector`], several [`MultivariateStreamDetector`]. What these and the models
//! remember from one row to the next is a [`Model`](crate::model::Model), too, and can be kept as a file.

mod conformal;
mod covariance;
mod deviation;
mod factor;
mod forest;
mod known;
mod last_scores;
mod matrix;
mod multivariate;
mod multivariate_stream;
mod parameters;
mod period;
mod persistence;
mod point;
mod polynomial;
mod principal;
mod running;
mod scale;
mod series;
mod stream;
mod subspace;
mod windows;

pub use multivariate::MultivariateModel;
pub use multivariate_stream::{MultivariateStreamDetector, MultivariateStreamState};
pub use parameters::{MultivariateMethod, MultivariateTrainer, Scaling, SeriesDetector, StreamDetector};
pub use period::autocorrelation_period;
pub use persistence::PersistenceState;
pub use point::{AnomalyPoint, AnomalyRange, Severity, merge_anomalies};
pub use series::SeriesAnomalies;
pub use stream::StreamState;

/// The most metrics that a row has: the covariance grows with their square, and each row's cost with it.
const METRICS: usize = 512;
