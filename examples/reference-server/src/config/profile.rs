//! For whom the server is.

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// For whom the server is, and so what it asks of callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// For the people of one machine: loopback addresses alone, and the inventory is open to them.
    #[default]
    Development,
    /// For everybody who reaches it: a token or an API key on every route, by role.
    Production,
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Development => "development",
            Self::Production => "production",
        })
    }
}
