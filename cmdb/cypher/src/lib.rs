//! A read-only executor of openCypher over any property graph.
//!
//! A [`Statement`] is a query that was read and checked once; it runs any number of times, over any [`PropertyGraph`],
//! within [`Limits`]. The language is openCypher 2024.3 without its writing clauses, procedures and files.
//!
//! | step | module |
//! |---|---|
//! | text to tree: size and nesting, the parser, what is refused, names and types | `parse` |
//! | the tree | `tree` |
//! | tree to operators, chosen by what the graph can find fast | `plan` |
//! | operators over rows | `run` |
//! | expressions over one row | `evaluate`, `functions`, `temporal` |
//! | values: equality, order, JSON | [`value`](Value) |

mod error;
mod evaluate;
mod functions;
mod graph;
pub mod guard;
mod limits;
mod parse;
mod plan;
mod run;
mod statement;
pub mod temporal;
mod tree;
mod value;

pub use error::{Error, Position, Result};
pub use graph::{Direction, NodeId, PropertyGraph, Relationship, Symbol};
pub use limits::{Cancellation, Limits, TextLimits};
pub use run::PlanDescription;
pub use statement::{Answer, Statement};
pub use temporal::Temporal;
pub use value::{Path, Value};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
