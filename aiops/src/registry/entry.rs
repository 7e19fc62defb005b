//! What is known of one version.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::data::Schema;

/// A model to be registered.
#[derive(Debug, Clone, PartialEq)]
pub struct NewModel {
    /// Its name, for instance that of the fleet it is for: 1 to 200 characters.
    pub name: String,
    /// What it does, the same for every version of a name: `failure`, `threat_flows`.
    pub kind: String,
    /// When it was trained, in seconds since 1970-01-01T00:00:00Z.
    pub trained_at: i64,
    /// What it was trained on, see [`data_hash`](super::data_hash).
    pub data_hash: String,
    /// What the columns mean that it is asked about, for models of tables.
    pub schema: Option<Schema>,
    /// How good it is, by the name of the measure.
    pub metrics: BTreeMap<String, f64>,
    /// Its file, as [`save`](crate::model::save) wrote it.
    pub file: Vec<u8>,
}

/// A version of a model, without its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelVersion {
    /// The model's name.
    pub name: String,
    /// 1, 2, 3 and so on; never given twice.
    pub version: u32,
    /// What it does.
    pub kind: String,
    /// When it was trained, in seconds since 1970-01-01T00:00:00Z.
    pub trained_at: i64,
    /// What it was trained on.
    pub data_hash: String,
    /// What the columns mean that it is asked about.
    pub schema: Option<Schema>,
    /// How good it is.
    pub metrics: BTreeMap<String, f64>,
    /// BLAKE3 of its file, in hexadecimal.
    pub file_hash: String,
    /// How many bytes its file has.
    pub size: u64,
}

/// A version with its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) version: ModelVersion,
    pub(super) file: Vec<u8>,
}
