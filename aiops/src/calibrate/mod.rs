//! Scores made honest: probabilities that are frequencies, intervals that hold as often as they say.

mod conformal;
mod isotonic;

pub use conformal::{Conformal, Interval};
pub use isotonic::Isotonic;
