//! Whole queries over whole graphs, by way of the public interface alone.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bad_input;
mod cmdb_queries;
mod equivalence;
mod graph;
mod outcome;
mod scenario;
mod tck;
mod workers;
mod write;
