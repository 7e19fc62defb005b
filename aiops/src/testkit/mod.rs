//! Checks that every implementation of this crate's traits must pass. Not under semantic versioning.
//!
//! Each module is named as the trait whose promises it holds an implementation to, each function as a promise; `every` makes all
//! checks of a module. A check panics on the first promise that is broken, and says which and with what.

pub mod detector;
pub mod file;
pub mod forecaster;
pub mod online;
pub mod predictor;
mod rows;
pub mod trainer;

use std::fmt::Debug;

use crate::error::{Error, Result};

/// What had to be answered.
#[track_caller]
pub(crate) fn ok<T>(answer: Result<T>, what: &str) -> T {
    match answer {
        Ok(value) => value,
        Err(error) => panic!("{what} was refused: {error}"),
    }
}

/// Why something was refused that had to be.
#[track_caller]
pub(crate) fn refused<T>(answer: Result<T>, what: &str) -> Error {
    match answer {
        Ok(_) => panic!("{what} was not refused"),
        Err(error) => error,
    }
}

/// Panics where an answer has a number that JSON has not, in a text of it, too.
#[track_caller]
pub(crate) fn finite(answer: &impl Debug, what: &str) {
    let text = format!("{answer:?}");
    let odd = text.split(|letter: char| !letter.is_alphanumeric()).find(|word| matches!(*word, "NaN" | "inf" | "infinity"));
    assert!(odd.is_none(), "{what} was answered with a number that is none: {text}");
}
