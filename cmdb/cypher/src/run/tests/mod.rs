//! Whole queries over small graphs.

mod deep;
mod graph;
