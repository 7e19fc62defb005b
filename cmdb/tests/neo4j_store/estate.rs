//! Made-up accounts.

use dharmagraph_cmdb::{
    GraphStore, Provider, ReconcileOptions, ReconcileReport, Relationship, RelationshipKind, Resource, ResourceId, ResourceType,
    Scope, ScopeSnapshot, Snapshot, TaskId, Timestamp,
};
use serde_json::json;

/// As many types and kinds of relationships as an account of AWS has.
const TYPES: [&str; 9] =
    ["COMPUTE", "STORAGE", "NETWORK", "DATABASE", "CONTAINER", "CONTAINER_CLUSTER", "LOAD_BALANCER", "SECURITY_GROUP", "OTHER"];
const KINDS: [&str; 14] = [
    "BELONGS_TO_VPC",
    "BELONGS_TO_SUBNET",
    "ATTACHED_TO",
    "PROTECTED_BY",
    "ROUTES_TO",
    "MEMBER_OF",
    "RUNS_ON",
    "REPLICA_OF",
    "SNAPSHOT_OF",
    "CREATED_FROM",
    "ALLOWS_TRAFFIC_FROM",
    "USES_ROUTE_TABLE",
    "USES_TASK_DEFINITION",
    "HAS_PROFILE",
];
/// Listings of one account: regions by types.
const SCOPES: usize = 100;

fn id(n: usize) -> String {
    format!("r-{n:05}")
}

/// `count` resources in [`SCOPES`] scopes, each tied to two others; the first `changed` of them with another name.
pub(crate) fn account(count: usize, changed: usize) -> Vec<ScopeSnapshot> {
    let mut scopes: Vec<ScopeSnapshot> = (0..SCOPES)
        .map(|n| ScopeSnapshot {
            scope: Scope::new(Provider::AWS, "1", format!("region-{}", n / 10), format!("AWS::Any::T{}", n % 10)),
            resources: Vec::new(),
            relationships: Vec::new(),
            complete: true,
        })
        .collect();
    for n in 0..count {
        let listing = &mut scopes[n % SCOPES];
        let kind = ResourceType::new(TYPES[n % TYPES.len()]);
        let mut resource =
            Resource::new(id(n), Provider::AWS, kind, listing.scope.native_type.clone(), "1", listing.scope.region.clone());
        resource.name = Some(if n < changed { format!("changed {n}") } else { format!("name {n}") });
        resource.tags.insert("Team".into(), format!("team {}", n % 7));
        resource.metadata.insert("rules".into(), json!([{"port": n}]));
        listing.resources.push(resource);
        for step in [1, 17] {
            let (source, target) = (ResourceId::new(id(n)), ResourceId::new(id((n + step) % count)));
            let kind = RelationshipKind::new(KINDS[(n + step) % KINDS.len()]);
            listing.relationships.push(Relationship::new(source, kind, target));
        }
    }
    scopes
}

/// Tells a store of an account at a second, in one snapshot.
pub(crate) async fn tell(store: &dyn GraphStore, second: i64, scopes: Vec<ScopeSnapshot>) -> ReconcileReport {
    let at = Timestamp::from_micros(1_735_689_600_000_000 + second * 1_000_000);
    let snapshot = Snapshot { task_id: TaskId::new(format!("task-{second}")), at, scopes };
    store.reconcile(snapshot, &ReconcileOptions::default()).await.unwrap()
}
