//! Where the graph is kept.

use std::fmt;

use clap::ValueEnum;
use dharmagraph_auth::password::is_known_default;
use dharmagraph_cmdb::Secret;
use serde::{Deserialize, Serialize};

use super::{ConfigurationError, Profile};

/// Which store keeps the graph, its history and the discoveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum StoreKind {
    /// One file in the data directory.
    #[default]
    Embedded,
    /// A Neo4j server.
    Neo4j,
}

impl fmt::Display for StoreKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Embedded => "embedded",
            Self::Neo4j => "neo4j",
        })
    }
}

/// `[neo4j]`: counts where `store` is `neo4j`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Neo4jConfiguration {
    /// Where it listens for Bolt. The environment's `NEO4J_URI` counts too. Default: `bolt://127.0.0.1:7687`.
    pub uri: String,
    /// Who logs in. The environment's `NEO4J_USER` counts too. Default: `neo4j`.
    pub user: String,
    /// With which password. The environment's `NEO4J_PASSWORD` counts too. No default.
    #[serde(skip_serializing)]
    pub password: Option<Secret>,
}

impl Default for Neo4jConfiguration {
    fn default() -> Self {
        Self { uri: "bolt://127.0.0.1:7687".to_owned(), user: "neo4j".to_owned(), password: None }
    }
}

/// What the address of a Neo4j server may begin with; `+s` is encrypted.
const SCHEMES: [&str; 4] = ["bolt", "bolt+s", "neo4j", "neo4j+s"];

impl Neo4jConfiguration {
    /// The password.
    ///
    /// # Errors
    /// [`ConfigurationError::Invalid`] where none is set.
    pub fn password(&self) -> Result<&Secret, ConfigurationError> {
        let missing = || refusal("neo4j.password", "the password, best in the environment variable NEO4J_PASSWORD", "nothing");
        self.password.as_ref().ok_or_else(missing)
    }

    pub(super) fn check(&self, profile: Profile) -> Result<(), ConfigurationError> {
        if profile == Profile::Production && self.password.as_ref().is_some_and(|password| is_known_default(password.expose())) {
            let expected = "in the profile production a password of its own; change it in Neo4j and here";
            return Err(refusal("neo4j.password", expected, "a password that programs come with"));
        }
        let expected = "an address such as bolt://127.0.0.1:7687, with one of the schemes bolt, bolt+s, neo4j, neo4j+s, and \
                        without a user and password";
        if self.uri.contains('@') {
            // What stands before the sign may be a password.
            return Err(refusal("neo4j.uri", expected, "an address with a user"));
        }
        match self.uri.split_once("://") {
            Some((scheme, host)) if SCHEMES.contains(&scheme) && !host.is_empty() => Ok(()),
            _ => Err(refusal("neo4j.uri", expected, &format!("`{}`", self.uri))),
        }
    }
}

fn refusal(key: &str, expected: &str, found: &str) -> ConfigurationError {
    ConfigurationError::invalid("the configuration", key, expected, found)
}
