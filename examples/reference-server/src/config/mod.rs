//! What an operator can set.
//!
//! One TOML file, then environment variables over it: `DHARMAGRAPH_` and the key in capitals, with two underscores where
//! the key has a dot (`DHARMAGRAPH_AWS__INLINE_KEYS=false`), lists with commas. A key that is not known is refused.

mod auth;
mod error;
mod keys;
mod load;
mod profile;
mod schedule;
mod store;
mod variables;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dharmagraph_cmdb::RemovalGuard;
use serde::{Deserialize, Serialize};

pub(crate) use auth::refuse_default_password;
pub use auth::{AuthConfiguration, AuthStoreKind, TokenLifetimes};
pub use error::ConfigurationError;
pub use keys::{KEYS, Key, KeyKind};
pub use profile::Profile;
pub use schedule::{Interval, ScheduledDiscovery};
pub use store::{Neo4jConfiguration, StoreKind};

/// Everything that can be set; what is not set has its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Configuration {
    /// For whom the server is: `development` or `production`. Default: `development`.
    pub profile: Profile,
    /// Where the data is kept. Default: `dharmagraph` in `$XDG_DATA_HOME`, else in `~/.local/share`.
    pub data_directory: PathBuf,
    /// What keeps the graph: `embedded` or `neo4j`. Default: `embedded`.
    pub store: StoreKind,
    /// Addresses to listen on, in `development` all loopback; each answers the same, port 0 takes any free one.
    /// Default: `127.0.0.1:4000`, `127.0.0.1:8100`, `127.0.0.1:8200`.
    pub listen: Vec<SocketAddr>,
    /// Where the Neo4j is that keeps the graph, if it does.
    pub neo4j: Neo4jConfiguration,
    /// Who may come in.
    pub auth: AuthConfiguration,
    /// How AWS is discovered.
    pub aws: AwsConfiguration,
    /// How Terraform state is discovered.
    pub terraform: TerraformConfiguration,
    /// What is kept of the past.
    pub history: HistoryConfiguration,
    /// How discoveries are stored.
    pub sync: SyncConfiguration,
    /// Discoveries that run by themselves.
    pub discover: Vec<ScheduledDiscovery>,
    /// What is logged.
    pub log: LogConfiguration,
}

/// `[aws]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AwsConfiguration {
    /// Another endpoint than AWS's own, for every service. The environment's `AWS_ENDPOINT_URL` counts too.
    pub endpoint_url: Option<String>,
    /// Whether requests may bring keys of their own; never in `production`. Default: true in `development`.
    pub inline_keys: Option<bool>,
    /// What `ref` credentials and token files may name: `env://NAME`, `file:///folder/` for every file below it.
    /// Default: nothing.
    pub references: Vec<String>,
    /// Requests under way at once, over all accounts, regions and services; 1 to 1000. Default: 16.
    pub concurrency: usize,
}

/// `[terraform]`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TerraformConfiguration {
    /// State files may be read from below these folders. Default: none.
    pub folders: Vec<PathBuf>,
}

/// `[history]`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HistoryConfiguration {
    /// Days after which a change is forgotten, at least 1. Default: never.
    pub retention_days: Option<u32>,
}

/// `[sync]`
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SyncConfiguration {
    /// When removals are held back: both `minimum` resources and more than `share` of a scope. Default: 20 and 0.5.
    pub guard: RemovalGuard,
}

/// `[log]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfiguration {
    /// `json` or `text`. Default: `json`.
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug`, `trace`, or `target=level` pairs with commas. Libraries never log below
    /// `warn`, whatever is set. Default: `info`.
    pub level: String,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object.
    #[default]
    Json,
    /// Words.
    Text,
}

impl Configuration {
    /// Reads the file, if one is given, and the environment.
    ///
    /// # Errors
    /// [`ConfigurationError`] that names the source, the key, what was expected and what was found.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigurationError> {
        load::load(file, std::env::vars_os())
    }

    /// Checks what a single key's type cannot say. [`Configuration::load`] and the server do it.
    ///
    /// # Errors
    /// [`ConfigurationError::Invalid`].
    pub fn check(&self) -> Result<(), ConfigurationError> {
        let refuse = |key: &str, expected: &str, found: String| {
            Err(ConfigurationError::invalid("the configuration", key, expected, found))
        };
        if self.listen.is_empty() {
            return refuse("listen", "at least one address", "none".into());
        }
        if self.store == StoreKind::Neo4j {
            self.neo4j.check(self.profile)?;
        }
        self.auth.check(self.profile)?;
        if self.profile == Profile::Production && self.aws.inline_keys == Some(true) {
            let expected = "in the profile production false, or nothing: keys in requests pass through every proxy and client on \
                            their way; use roles, profiles or references";
            return refuse("aws.inline_keys", expected, "true".into());
        }
        if !(1..=1000).contains(&self.aws.concurrency) {
            return refuse("aws.concurrency", "1 to 1000", self.aws.concurrency.to_string());
        }
        if self.history.retention_days == Some(0) {
            return refuse("history.retention_days", "at least 1; leave it out to keep everything", "0".into());
        }
        if !(0.0..=1.0).contains(&self.sync.guard.share) {
            return refuse("sync.guard.share", "0 to 1", self.sync.guard.share.to_string());
        }
        self.discover.iter().enumerate().try_for_each(|(index, scheduled)| scheduled.check(index))
    }

    /// Whether requests may bring keys of their own.
    #[must_use]
    pub fn allows_inline_keys(&self) -> bool {
        self.profile == Profile::Development && self.aws.inline_keys.unwrap_or(true)
    }

    /// Whether anybody may sign up.
    #[must_use]
    pub fn allows_signup(&self) -> bool {
        self.auth.signup.unwrap_or(self.profile == Profile::Development)
    }
}

impl HistoryConfiguration {
    /// [`retention_days`](Self::retention_days) as a duration.
    #[must_use]
    pub fn retention(&self) -> Option<Duration> {
        self.retention_days.map(|days| Duration::from_secs(u64::from(days) * 24 * 60 * 60))
    }
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            profile: Profile::default(),
            data_directory: default_data_directory(),
            store: StoreKind::default(),
            listen: [4000, 8100, 8200].map(|port| SocketAddr::from(([127, 0, 0, 1], port))).into(),
            neo4j: Neo4jConfiguration::default(),
            auth: AuthConfiguration::default(),
            aws: AwsConfiguration::default(),
            terraform: TerraformConfiguration::default(),
            history: HistoryConfiguration::default(),
            sync: SyncConfiguration::default(),
            discover: Vec::new(),
            log: LogConfiguration::default(),
        }
    }
}

impl Default for AwsConfiguration {
    fn default() -> Self {
        Self { endpoint_url: None, inline_keys: None, references: Vec::new(), concurrency: 16 }
    }
}

impl Default for LogConfiguration {
    fn default() -> Self {
        Self { format: LogFormat::default(), level: "info".to_owned() }
    }
}

fn default_data_directory() -> PathBuf {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute("XDG_DATA_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/share")));
    base.unwrap_or_default().join("dharmagraph")
}
