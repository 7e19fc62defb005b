//! Graphs to ask questions of.

mod in_memory;
mod indexed;
mod ring;

pub(crate) use in_memory::{InMemoryGraph, Properties};
pub(crate) use indexed::IndexedGraph;
pub(crate) use ring::RingGraph;
