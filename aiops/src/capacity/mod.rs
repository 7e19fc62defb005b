//! Where a metric goes, and when it reaches its limit.
//!
//! [`CapacityForecaster`] lets simple members (levels, seasons, profiles, lines, autoregressions) forecast from origins in the
//! past of the series, weights them by how well they did, and takes intervals from the errors that the ensemble would have
//! made.

mod answer;
mod autocorrelation;
mod backtest;
mod conformal;
mod exhaustion;
mod forecast;
mod forecaster;
mod least_squares;
mod members;
mod order;
mod prepare;
mod seasons;
mod shift;

pub use exhaustion::{Limit, Side};
pub use forecast::{Exhaustion, Forecast, Interval, Member, Point, Season};
pub use forecaster::{CapacityForecaster, HORIZON};
pub use prepare::NEWEST;
