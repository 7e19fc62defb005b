use std::collections::BTreeSet;

use dharmagraph_cmdb as cmdb;
use serde::Serialize;
use serde_json::Value;
use utoipa::PartialSchema;

use super::*;

/// Asserts that the described keys are the ones that are written.
fn assert_described<Described: PartialSchema>(written: impl Serialize) {
    let written = serde_json::to_value(written).unwrap();
    let schema = serde_json::to_value(Described::schema()).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(&schema["properties"]), keys(&written), "{}", std::any::type_name::<Described>());
}

fn resource() -> cmdb::Resource {
    let mut resource = cmdb::Resource::new(
        "i-1",
        cmdb::Provider::AWS,
        cmdb::ResourceType::COMPUTE,
        "AWS::EC2::Instance",
        "123456789012",
        "us-east-1",
    );
    resource.first_discovered = Some(cmdb::Timestamp::MIN);
    resource.last_discovered = Some(cmdb::Timestamp::MIN);
    resource.content_hash = Some(resource.hash());
    resource
}

#[test]
fn resources_and_graphs_are_described_as_they_are_written() {
    let summary =
        cmdb::ResourceSummary { id: cmdb::ResourceId::new("i-1"), resource_type: cmdb::ResourceType::COMPUTE, name: None };
    let kind = cmdb::RelationshipKind::RUNS_ON;
    assert_described::<Resource>(resource());
    assert_described::<ResourcePage>(cmdb::ResourcePage::default());
    assert_described::<ResourceSummary>(&summary);
    assert_described::<Relationship>(cmdb::Relationship::new(summary.id.clone(), kind.clone(), summary.id.clone()));
    assert_described::<Neighbor>(cmdb::Neighbor {
        kind: kind.clone(),
        direction: cmdb::Direction::Outgoing,
        related_resource: summary.clone(),
    });
    assert_described::<Subgraph>(cmdb::Subgraph {
        root_id: summary.id.clone(),
        depth: 1,
        nodes: Vec::new(),
        relationships: Vec::new(),
        truncated: false,
    });
    assert_described::<Impact>(cmdb::Impact { resource_id: summary.id.clone(), impacted: Vec::new(), truncated: false });
    assert_described::<Impacted>(cmdb::Impacted { resource: summary, distance: 1, via: vec![kind] });
    assert_described::<Statistics>(cmdb::Statistics::default());
}

#[test]
fn history_is_described_as_it_is_written() {
    let task_id = cmdb::TaskId::new("aws-discovery-20250118-123045");
    assert_described::<Version>(cmdb::Version {
        at: cmdb::Timestamp::MIN,
        task_id: task_id.clone(),
        kind: cmdb::ChangeKind::Created,
        resource: resource(),
    });
    assert_described::<VersionPage>(cmdb::VersionPage {
        resource_id: cmdb::ResourceId::new("i-1"),
        versions: Vec::new(),
        next_cursor: None,
    });
    assert_described::<Change>(cmdb::Change {
        at: cmdb::Timestamp::MIN,
        task_id,
        kind: cmdb::ChangeKind::Updated,
        id: cmdb::ResourceId::new("i-1"),
        resource_type: cmdb::ResourceType::COMPUTE,
        fields: [("status".to_owned(), [Value::Null, Value::Null])].into(),
    });
    assert_described::<ChangePage>(cmdb::ChangePage::default());
}

#[test]
fn discoveries_are_described_as_they_are_written() {
    use cmdb::sync;
    assert_described::<Task>(sync::Task {
        task_id: cmdb::TaskId::new("aws-discovery-20250118-123045"),
        provider: cmdb::Provider::AWS,
        status: sync::TaskStatus::Running,
        started_at: cmdb::Timestamp::MIN,
        completed_at: None,
        resources_discovered: 0,
        errors: Vec::new(),
        created: 0,
        updated: 0,
        unchanged: 0,
        removed: 0,
        held_back: 0,
        progress: sync::TaskProgress::default(),
        request: sync::DiscoveryRequest::new(cmdb::Provider::AWS),
    });
    assert_described::<TaskError>(sync::TaskError { scope: Some(String::new()), code: String::new(), message: String::new() });
    assert_described::<TaskProgress>(sync::TaskProgress::default());
    assert_described::<TaskPage>(sync::TaskPage::default());
}
