//! Checks that every implementation of this crate's traits must pass. Each panics on the first broken promise. Not under
//! semantic versioning.
