//! How good a model is, by the measures of the field.

pub mod classification;
pub mod failure;
pub mod regression;
