//! Whole queries over small graphs.

mod aggregation;
mod deep;
mod graph;
mod patterns;
mod plans;
mod projections;
mod shortest;
mod subqueries;
mod walks;
