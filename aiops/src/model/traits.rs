//! What trainers and models promise.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::data::{Series, Table};
use crate::error::Result;

/// Learns a model from data. What it is made of was checked when it was made: only data can be refused.
///
/// - Fitting gives another type: what was not fitted cannot be asked.
/// - The same data and the same seed give the same model, to the byte of its file, on every machine.
/// - Nothing random is drawn but from the seed, and nothing depends on the number of threads or the time.
pub trait Trainer: Debug + Send + Sync {
    /// What it learns from.
    type Data;
    /// What it learns.
    type Model;

    /// Learns.
    ///
    /// # Errors
    /// [`Error::Data`](crate::Error::Data) and [`Error::TooShort`](crate::Error::TooShort) for data that nothing can be learnt
    /// from: empty, constant where it must vary, of one class alone.
    fn fit(&self, data: &Self::Data) -> Result<Self::Model>;
}

/// Answers for rows of the schema that it was fitted with.
///
/// - One answer for each row, in order; a row alone is answered as it is among others, to the bit.
/// - No number in an answer is `NaN` or infinite.
pub trait Predictor: Debug + Send + Sync {
    /// What it says of a row.
    type Answer;

    /// Answers for each row.
    ///
    /// # Errors
    /// [`Error::Data`](crate::Error::Data) for another number of columns than the model's schema has.
    fn predict(&self, rows: &Table) -> Result<Vec<Self::Answer>>;
}

/// Tells how a series goes on.
pub trait Forecaster: Debug + Send + Sync {
    /// What it says.
    type Forecast;

    /// The next `horizon` values, and for each level in (0, 1) an interval around each of them.
    ///
    /// - Within an interval, the lower end is not above the value, and the value not above the upper; a higher level's interval
    ///   holds a lower one's.
    /// - No number is `NaN` or infinite.
    ///
    /// # Errors
    /// [`Error::TooShort`](crate::Error::TooShort) for a series with too few values that are not missing;
    /// [`Error::Parameter`](crate::Error::Parameter) for a horizon of zero or too far, and for a level outside (0, 1).
    fn forecast(&self, series: &Series, horizon: usize, levels: &[f64]) -> Result<Self::Forecast>;
}

/// Tells how unusual each row is, for rows of the schema that it was fitted with.
///
/// - A higher score is stranger.
/// - The p-value is the share of normal data that is at least as strange: uniform on (0, 1] for data like that it was fitted
///   on, so that `p <= 0.01` raises one false alarm in a hundred.
pub trait Detector: Debug + Send + Sync {
    /// What it says of a row.
    type Score;

    /// Scores each row.
    ///
    /// # Errors
    /// [`Error::Data`](crate::Error::Data) for another number of columns than the model's schema has.
    fn score(&self, rows: &Table) -> Result<Vec<Self::Score>>;
}

/// Takes one observation after the other, and knows nothing of those to come.
///
/// - The state can be written at any time and read back; going on from it gives the same answers, to the bit.
/// - Its size is bounded, however long it runs.
pub trait Online: Debug + Send + Sync {
    /// What it remembers.
    type State: Clone + Serialize + DeserializeOwned;
    /// What it says of an observation.
    type Answer;

    /// A state that has seen nothing.
    fn begin(&self) -> Self::State;

    /// Takes one observation, one value for each metric; `NaN` is missing.
    ///
    /// # Errors
    /// [`Error::Data`](crate::Error::Data) for another number of values than it has metrics, and for an infinite one.
    fn observe(&self, state: &mut Self::State, values: &[f64]) -> Result<Self::Answer>;
}
