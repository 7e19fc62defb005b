//! Discoveries: what is asked for and how far it has come.

use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A discovery.
#[derive(Debug, ToSchema)]
pub struct Task {
    /// Its name.
    #[schema(example = "aws-discovery-20250118-123045")]
    pub task_id: String,
    /// Who is asked.
    pub provider: String,
    /// `running`, `completed`, `partial`, `failed` or `cancelled`.
    pub status: String,
    /// When it was accepted, RFC 3339.
    pub started_at: String,
    /// When it ended, RFC 3339.
    #[schema(required)]
    pub completed_at: Option<String>,
    /// Resources listed.
    pub resources_discovered: u64,
    /// What failed.
    pub errors: Vec<TaskError>,
    /// Resources that were not there before.
    pub created: u64,
    /// Resources with a changed fact.
    pub updated: u64,
    /// Resources as they already were.
    pub unchanged: u64,
    /// Resources that went.
    pub removed: u64,
    /// Resources that would have gone, but for the guard.
    pub held_back: u64,
    /// How much is done.
    pub progress: TaskProgress,
    /// What was asked, without secrets.
    pub request: Map<String, Value>,
}

/// Why a scope, or the whole discovery, failed.
#[derive(Debug, ToSchema)]
pub struct TaskError {
    /// Provider, account, region and native type; absent where the whole discovery failed.
    #[schema(example = "aws/123456789012/us-west-2/AWS::RDS::DBInstance")]
    pub scope: Option<String>,
    /// The provider's error code, or one of ours.
    #[schema(example = "AccessDenied")]
    pub code: String,
    /// In words.
    pub message: String,
}

/// How much of a discovery is done.
#[derive(Debug, ToSchema)]
pub struct TaskProgress {
    /// Scopes that ended, failed ones included.
    pub scopes_done: u64,
    /// Scopes in all.
    pub scopes_total: u64,
    /// Calls of the provider's API.
    pub api_calls: u64,
    /// Calls that were made again.
    pub retries: u64,
}

/// A part of the discoveries, newest first.
#[derive(Debug, ToSchema)]
pub struct TaskPage {
    /// Newest first.
    pub tasks: Vec<Task>,
    /// Cursor of the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// What to discover at AWS.
#[derive(Debug, ToSchema)]
pub struct AwsDiscovery {
    /// With which identity.
    pub credentials: AwsCredentials,
    /// Which regions; may stand inside `credentials` instead.
    #[schema(example = json!(["us-east-1", "us-west-2"]))]
    pub regions: Option<Vec<String>>,
    /// Only these types, by our name (`COMPUTE`) or AWS's (`AWS::EC2::Instance`).
    pub resource_types: Option<Vec<String>>,
    /// Report what would change; write nothing.
    pub dry_run: Option<bool>,
    /// Let removals through that the guard would hold back.
    pub accept_removals: Option<bool>,
    /// Two requests with one key are one discovery; the `Idempotency-Key` header does the same.
    pub idempotency_key: Option<String>,
    /// The opposite of `dry_run`, kept for compatibility.
    pub store_in_graph: Option<bool>,
}

/// With which identity AWS is asked.
#[derive(Debug, ToSchema)]
pub struct AwsCredentials {
    /// `default_chain`, `profile`, `assume_role`, `web_identity` or `ref`. Without it, the keys themselves are expected,
    /// which is deprecated.
    #[schema(example = "default_chain")]
    pub source: Option<String>,
    /// For `profile`: a profile of the server's shared configuration.
    pub profile: Option<String>,
    /// For `assume_role` and `web_identity`: the role. The external id is the server's own.
    pub role_arn: Option<String>,
    /// For `web_identity`: the token's file, from the allow-list.
    pub token_file: Option<String>,
    /// For `ref`: `env://NAME` or `file:///path` of the key's id, from the allow-list. Without a source: the key's id.
    pub access_key: Option<String>,
    /// For `ref`: where the key is. Without a source: the key. Never stored, logged or answered.
    pub secret_key: Option<String>,
    /// The same for the token of temporary keys.
    pub session_token: Option<String>,
    /// Which regions.
    pub regions: Option<Vec<String>>,
}

/// What to discover from Terraform.
#[derive(Debug, ToSchema)]
pub struct TerraformDiscovery {
    /// A state file below an allow-listed folder of the server. Either this or `state`.
    pub path: Option<String>,
    /// The content of a state file, format version 4.
    pub state: Option<Map<String, Value>>,
    /// Only these regions.
    pub regions: Option<Vec<String>>,
    /// Only these types.
    pub resource_types: Option<Vec<String>>,
    /// Report what would change; write nothing.
    pub dry_run: Option<bool>,
    /// Let removals through that the guard would hold back.
    pub accept_removals: Option<bool>,
    /// Two requests with one key are one discovery; the `Idempotency-Key` header does the same.
    pub idempotency_key: Option<String>,
    /// The opposite of `dry_run`, kept for compatibility.
    pub store_in_graph: Option<bool>,
}
