//! What a discovery is asked to do.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Credentials;
use crate::model::Provider;

/// What a discovery is asked to do.
///
/// Serialised into the task's row; secrets and documents are never part of that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DiscoveryRequest {
    /// Who is asked.
    pub provider: Provider,
    /// With which credentials; nothing where the provider needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<Credentials>,
    /// Which regions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Only these types, by our name (`COMPUTE`) or the provider's (`AWS::EC2::Instance`); all where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource_types: Vec<String>,
    /// The file to read, for providers that read one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The file's content, where it came with the request. Never stored.
    #[serde(skip)]
    pub document: Option<Arc<[u8]>>,
    /// Whether `document` came with the request, so that a resumed task knows what it lacks.
    #[serde(default)]
    pub inline_document: bool,
    /// Report what would change; write nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// Let removals through that the guard would hold back.
    #[serde(default)]
    pub accept_removals: bool,
    /// Two requests with one key are one task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

impl DiscoveryRequest {
    /// A request with nothing but its provider.
    #[must_use]
    pub const fn new(provider: Provider) -> Self {
        Self {
            provider,
            credentials: None,
            regions: Vec::new(),
            resource_types: Vec::new(),
            path: None,
            document: None,
            inline_document: false,
            dry_run: false,
            accept_removals: false,
            idempotency_key: None,
        }
    }
}
