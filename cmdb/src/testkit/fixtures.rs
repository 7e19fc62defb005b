//! A small estate to tell stores about.

use std::fmt::Debug;

use serde_json::json;

use crate::error::{Error, Result};
use crate::model::{
    Filter, PageRequest, PageStart, Provider, Relationship, RelationshipKind, Resource, ResourceId, ResourceType, Scope, TaskId,
    Timestamp,
};
use crate::store::{GraphStore, ReconcileOptions, ReconcileReport, ScopeSnapshot, Snapshot};

pub(super) const INSTANCE: &str = "AWS::EC2::Instance";
pub(super) const VOLUME: &str = "AWS::EC2::Volume";
pub(super) const VPC: &str = "AWS::EC2::VPC";
const ACCOUNT: &str = "111111111111";
const REGION: &str = "eu-west-1";

/// So many seconds after a fixed moment.
pub(super) fn second(n: i64) -> Timestamp {
    Timestamp::from_micros((1_735_689_600 + n) * 1_000_000)
}

pub(super) fn task(n: i64) -> TaskId {
    TaskId::new(format!("task-{n}"))
}

pub(super) fn id(text: &str) -> ResourceId {
    ResourceId::new(text)
}

/// The API's listing of one type.
pub(super) fn scope(native_type: &str) -> Scope {
    Scope::new(Provider::AWS, ACCOUNT, REGION, native_type)
}

/// A state file's listing of one type.
pub(super) fn state_file(native_type: &str) -> Scope {
    Scope::new(Provider::TERRAFORM, "0c9d", REGION, native_type)
}

pub(super) fn resource(text: &str, resource_type: ResourceType, native_type: &str) -> Resource {
    let mut resource = Resource::new(text, Provider::AWS, resource_type, native_type, ACCOUNT, REGION);
    resource.metadata.insert("arn".into(), json!(format!("arn:aws:ec2:{REGION}:{ACCOUNT}:thing/{text}")));
    resource
}

pub(super) fn machine(text: &str) -> Resource {
    resource(text, ResourceType::COMPUTE, INSTANCE)
}

pub(super) fn volume(text: &str) -> Resource {
    resource(text, ResourceType::STORAGE, VOLUME)
}

pub(super) fn network(text: &str) -> Resource {
    resource(text, ResourceType::NETWORK, VPC)
}

pub(super) fn named(mut resource: Resource, name: &str) -> Resource {
    resource.name = Some(name.to_owned());
    resource
}

/// `count` machines, `i-000` and on.
pub(super) fn machines(count: usize) -> Vec<Resource> {
    (0..count).map(|n| machine(&format!("i-{n:03}"))).collect()
}

pub(super) fn tie(source: &str, kind: RelationshipKind, target: &str) -> Relationship {
    Relationship::new(id(source), kind, id(target))
}

/// The complete listing of a scope.
pub(super) fn listing(scope: Scope, resources: Vec<Resource>, relationships: Vec<Relationship>) -> ScopeSnapshot {
    ScopeSnapshot { scope, resources, relationships, complete: true }
}

/// A listing that broke off.
pub(super) fn partial(scope: Scope, resources: Vec<Resource>) -> ScopeSnapshot {
    ScopeSnapshot { scope, resources, relationships: Vec::new(), complete: false }
}

/// The snapshot of second `n`, by task `n`.
pub(super) fn snapshot(n: i64, scopes: Vec<ScopeSnapshot>) -> Snapshot {
    Snapshot { task_id: task(n), at: second(n), scopes }
}

/// Reconciles the snapshot of second `n`.
pub(super) async fn tell(store: &dyn GraphStore, n: i64, scopes: Vec<ScopeSnapshot>) -> ReconcileReport {
    ok(store.reconcile(snapshot(n, scopes), &ReconcileOptions::default()).await)
}

/// A resource that has to be there.
pub(super) async fn get(store: &dyn GraphStore, text: &str) -> Resource {
    match ok(store.get(&id(text), None).await) {
        Some(resource) => resource,
        None => panic!("{text} is missing"),
    }
}

/// The ids of all resources, from one page.
pub(super) async fn ids(store: &dyn GraphStore) -> Vec<String> {
    let page = ok(store.list(&Filter::default(), &first(1000), None).await);
    page.resources.iter().map(|resource| resource.id.to_string()).collect()
}

pub(super) fn first(limit: usize) -> PageRequest {
    PageRequest { limit, start: PageStart::First }
}

pub(super) fn offset(limit: usize, items: u64) -> PageRequest {
    PageRequest { limit, start: PageStart::Offset(items) }
}

pub(super) fn cursor(limit: usize, cursor: String) -> PageRequest {
    PageRequest { limit, start: PageStart::Cursor(cursor) }
}

#[track_caller]
pub(super) fn ok<T>(result: Result<T>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("expected an answer, got: {error}"),
    }
}

#[track_caller]
pub(super) fn refused<T: Debug>(result: Result<T>) -> Error {
    match result {
        Ok(value) => panic!("expected a refusal, got {value:?}"),
        Err(error) => error,
    }
}

#[track_caller]
pub(super) fn invalid<T: Debug>(result: Result<T>) -> Error {
    let error = refused(result);
    assert!(matches!(error, Error::Invalid { .. }), "expected Error::Invalid, got {error:?}");
    error
}

#[track_caller]
pub(super) fn not_found<T: Debug>(result: Result<T>) {
    let error = refused(result);
    assert!(matches!(error, Error::NotFound { .. }), "expected Error::NotFound, got {error:?}");
}
