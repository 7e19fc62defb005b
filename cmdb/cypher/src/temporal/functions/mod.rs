//! The functions that make temporal values.

use crate::functions::Function;

/// All of them, names in lower case.
pub(crate) static FUNCTIONS: &[Function] = &[];
