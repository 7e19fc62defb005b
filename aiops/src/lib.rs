//! Failure prediction, capacity forecasting, threat and anomaly detection: trained and served in Rust.
//!
//! Everything here is synchronous and does no I/O: callers choose the thread and read the files.

mod error;

pub mod anomaly;
pub mod boost;
pub mod calibrate;
pub mod capacity;
pub mod data;
pub mod drift;
pub mod evaluate;
pub mod failure;
#[cfg(feature = "linfa")]
pub mod linfa;
pub mod model;
pub mod registry;
#[cfg(feature = "testkit")]
pub mod testkit;
pub mod threat;

pub use error::{Error, ErrorKind, Result};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
