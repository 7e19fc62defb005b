//! Attacks in flows: boosted trees that know some attacks, and what normal traffic looks like.
//!
//! Three judges add their scores. One tells normal rows from attacks that were labelled; one from reference rows: normal ones of
//! which some features were drawn anew, so that each value is usual and their combination is not; and one from both. To tell
//! reference rows apart is to learn the density of normal traffic (Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", 2nd
//! edition, section 14.2.4; Theiler and Cai, "Resampling approach for anomaly detection in multispectral images", SPIE 2003), and
//! what lies outside is an alarm though nobody labelled its like.
//!
//! The threshold is set on the normal rows of the training, each scored by trees that have not seen it, so that a budget of
//! false alarms is kept on data like that.

mod detector;
mod examples;
mod explain;
mod fit;
mod judges;
mod parameters;
mod ranks;
mod reference;

pub use detector::{FlowDetector, FlowScore};
pub use examples::FlowExamples;
pub use parameters::{FlowParameters, FlowTrainer};
