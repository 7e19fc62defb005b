//! What the operator decides.

use crate::secret::Secret;

/// How AWS is reached, and what a request may ask for. From the operator's configuration, never from a request.
#[derive(Debug, Clone)]
pub struct AwsSettings {
    /// Another endpoint than AWS's own, for every service.
    pub endpoint_url: Option<String>,
    /// Whether requests may bring keys of their own.
    pub allow_inline_keys: bool,
    /// What `ref` credentials and `token_file` may name: `env://NAME`, or `file:///folder/` for every file below it.
    pub references: Vec<String>,
    /// Key from which each role's external id is made. Must stay the same for the life of the installation.
    pub external_id_key: Secret,
    /// Requests under way at once, over all accounts, regions and services.
    pub concurrency: usize,
}
