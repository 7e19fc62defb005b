//! What models learn from and are asked about: rows of named features, and series with a step.

mod ndarray;
mod schema;
mod series;
mod table;

pub use schema::{Feature, FeatureKind, Schema};
pub use series::Series;
pub use table::Table;
