//! Models by name and version: which there are, which one answers, and the way back.
//!
//! A [`Registry`] lives in memory and does no I/O. It is itself a [`Model`](crate::model::Model): [`save`](crate::model::save)
//! writes it with every file in it, [`load`](crate::model::load) reads it back.

mod check;
mod entry;
mod hash;
mod store;

pub use entry::{ModelVersion, NewModel};
pub use hash::data_hash;
pub use store::Registry;
