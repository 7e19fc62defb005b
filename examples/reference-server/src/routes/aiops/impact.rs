//! What depends on the resources that predictions are about.

use std::collections::{BTreeMap, BTreeSet};

use dharmagraph_auth::policy::{Authorizer, Permission, Principal};
use dharmagraph_cmdb::{Error, Impact, ImpactRequest};
use serde_json::{Value, json};

use crate::state::AppState;

/// The most resources that are named for each.
const NODES: usize = 1000;
/// The most resources of a batch whose impact is looked for.
const RESOURCES: usize = 100;

/// For each resource what depends on it, or the warning that takes its place. That a prediction is about something that the
/// inventory does not know is no error; neither is an inventory that is away.
pub(super) async fn impacts(
    state: &AppState,
    principal: Option<&Principal>,
    references: BTreeSet<String>,
) -> BTreeMap<String, Result<Impact, Value>> {
    let policy = state.admission().service.policy();
    let hidden = principal.is_some_and(|principal| !policy.decide(principal, &Permission::cmdb_read(), None).allowed());
    let mut found = BTreeMap::new();
    for (index, reference) in references.into_iter().enumerate() {
        let impact = match (hidden, index < RESOURCES) {
            (true, _) => Err(json!({"code": "impact_hidden", "resource_id": reference, "needs": "cmdb:read"})),
            (false, false) => Err(json!({"code": "impact_left_out", "resource_id": reference, "limit": RESOURCES})),
            (false, true) => impact(state, &reference).await.map_err(|error| warning(&reference, &error)),
        };
        found.insert(reference, impact);
    }
    found
}

async fn impact(state: &AppState, reference: &str) -> dharmagraph_cmdb::Result<Impact> {
    let id = state.store().resolve(reference, None).await?;
    state.store().impact(&id, &ImpactRequest { max_nodes: NODES, ..ImpactRequest::default() }, None).await
}

fn warning(reference: &str, error: &Error) -> Value {
    match error {
        Error::NotFound { .. } => json!({"code": "unknown_resource", "resource_id": reference}),
        Error::Conflict { candidates, .. } => {
            json!({"code": "ambiguous_resource", "resource_id": reference, "candidates": candidates})
        }
        other => {
            tracing::warn!(error = %other, "the impact of a resource was not found out");
            json!({"code": "impact_unavailable", "resource_id": reference})
        }
    }
}
