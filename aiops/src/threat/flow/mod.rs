//! Attacks in flows: boosted trees that know some attacks, and what normal traffic looks like.
//!
//! One model does both. Its trees tell normal rows from attacks that were labelled, and from reference rows: normal ones whose
//! features were drawn apart from each other, so that each value is usual and their combination is not. To tell those apart is to
//! learn the density of normal traffic (Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", 2nd edition,
//! section 14.2.4; Theiler and Cai, "Resampling approach for anomaly detection in multispectral images", SPIE 2003), and what
//! lies outside is an alarm though nobody labelled its like.

mod detector;
mod examples;
mod explain;
mod fit;
mod parameters;
mod ranks;
mod reference;

pub use detector::{FlowDetector, FlowScore};
pub use examples::FlowExamples;
pub use parameters::{FlowParameters, FlowTrainer};
