//! What an answer cannot be trusted for, though it is one.

use serde::{Deserialize, Serialize};

/// A reason to be careful with an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Warning {
    /// The data is not distributed as it was at the training.
    Drift {
        /// The feature, or `p_value` where the model's own scores moved.
        feature: String,
        /// Which measure: `psi`, `ks`, `uniformity`.
        measure: String,
        /// Its value.
        value: f64,
        /// From where on it is drift.
        threshold: f64,
    },
    /// A word that the training did not have; taken as missing.
    UnseenCategory {
        /// The feature.
        feature: String,
        /// The word, cut to 80 characters.
        value: String,
    },
    /// A metric that the model does not know came; left out.
    UnknownFeature {
        /// The metric.
        feature: String,
    },
    /// A feature that the model knows did not come; taken as missing.
    MissingFeature {
        /// The feature.
        feature: String,
    },
    /// There is less data than the answer would need to be as good as it can be.
    TooShort {
        /// What is short, and what for.
        what: String,
        /// How many points would do.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// There is more data than is looked at: only the newest was.
    TooLong {
        /// What is long.
        what: String,
        /// How many of the newest points were used.
        used: usize,
        /// How many there are.
        found: usize,
    },
    /// Every value is the same.
    Constant {
        /// What is constant.
        what: String,
    },
    /// Values that its unit does not have: it may be another unit.
    OutOfUnit {
        /// What has them.
        what: String,
        /// The unit that was said: `percent`, `ratio`.
        unit: String,
        /// The value farthest out.
        value: f64,
    },
    /// It does not say its unit; taken as the one of the training.
    UnknownUnit {
        /// What does not say it.
        what: String,
        /// The unit of the training.
        expected: String,
    },
    /// Many values are missing.
    Missing {
        /// What they are missing from.
        what: String,
        /// Which share of them.
        share: f64,
    },
    /// The level of the series moved; what was before it counts less.
    LevelShift {
        /// The place of the first value after it.
        at: usize,
    },
    /// Events of a type that no rule reads; they were left out.
    UnknownEventType {
        /// The type, cut to 80 characters.
        value: String,
        /// How many there were.
        count: usize,
    },
    /// Nothing was trained: the answer is a rule's, and its probability is not calibrated.
    Untrained,
}
