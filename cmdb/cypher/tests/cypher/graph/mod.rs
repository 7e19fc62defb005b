//! Graphs to ask questions of.

mod in_memory;

pub(crate) use in_memory::{InMemoryGraph, Properties};
