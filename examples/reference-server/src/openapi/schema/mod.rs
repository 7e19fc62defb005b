//! The JSON shapes of the API as OpenAPI describes them.
//!
//! Answers are written by the core's own types; a test compares the keys that those write with the ones described here.

mod aiops;
mod auth;
mod discovery;
mod history;
mod inventory;

pub use aiops::{
    Anomalies, Anomaly, AnsweringModel, CapacityForecast, ContributingFactor, EnsembleMember, Exhaustion, FailurePrediction,
    ForecastInterval, ForecastPoint, JudgedPoint, RemainingLife, Season, Threat, ThreatEvent, ThreatIndicator,
};
pub use auth::{
    ApiKeyRequest, Bootstrap, Login, Logout, NewPassword, NewUser, PasswordChange, Refresh, Signup, TotpCode, UserChange,
};
pub use discovery::{AwsCredentials, AwsDiscovery, Task, TaskError, TaskPage, TaskProgress, TerraformDiscovery};
pub use history::{Change, ChangePage, Version, VersionPage};
pub use inventory::{
    Impact, Impacted, Neighbor, Query, QueryResults, Relationship, Relationships, Resource, ResourcePage, ResourceSummary,
    Statistics, Subgraph,
};

#[cfg(test)]
mod tests;
