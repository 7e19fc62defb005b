//! Databases, load balancers and containers.

use dharmagraph_cmdb::{ResourceType, Status};
use serde_json::json;

use crate::{Found, SERVICES};

const RDS: &str = "arn:aws:rds:us-east-1:210987654321";
const ELB: &str = "arn:aws:elasticloadbalancing:us-east-1:210987654321";
const ECS: &str = "arn:aws:ecs:us-east-1:210987654321";

#[tokio::test]
async fn a_database_has_the_facts_that_the_api_gives() {
    let found = Found::of(SERVICES).await;
    let database = found.resource(&format!("{RDS}:db:orders"));
    assert_eq!((database.name.as_deref(), &database.status), (Some("orders"), &Some(Status::RUNNING)));
    assert_eq!(database.resource_type, ResourceType::DATABASE);
    assert_eq!(database.availability_zone.as_deref(), Some("us-east-1a"));
    for (name, expected) in [
        ("engine", json!("postgres")),
        ("engine_version", json!("16.4")),
        ("endpoint", json!("orders.abcdefghijkl.us-east-1.rds.amazonaws.com")),
        ("port", json!(5432)),
        ("multi_az", json!(true)),
        ("encrypted", json!(true)),
        ("instance_class", json!("db.m6g.large")),
        ("storage_gb", json!(200)),
        ("backup_retention_days", json!(14)),
        ("vpc_id", json!("vpc-0da7a000000000000")),
    ] {
        assert_eq!(database.metadata.get(name), Some(&expected), "{name}");
    }
    assert!(!database.metadata.contains_key("latest_restorable_time"));
}

#[tokio::test]
async fn databases_are_tied_to_networks_clusters_and_sources() {
    let found = Found::of(SERVICES).await;
    for (id, expected) in [
        (
            "db:orders",
            vec![
                "BELONGS_TO_VPC vpc-0da7a000000000000".to_owned(),
                "ENCRYPTED_WITH arn:aws:kms:us-east-1:210987654321:key/99999999-8888-7777-6666-555555555555".to_owned(),
                format!("MEMBER_OF {RDS}:subgrp:data"),
                "PROTECTED_BY sg-0da7a000000000000".to_owned(),
            ],
        ),
        (
            "db:orders-replica",
            vec![
                "BELONGS_TO_VPC vpc-0da7a000000000000".to_owned(),
                format!("MEMBER_OF {RDS}:subgrp:data"),
                format!("REPLICA_OF {RDS}:db:orders"),
            ],
        ),
        ("cluster:search", vec![format!("MEMBER_OF {RDS}:subgrp:data"), "PROTECTED_BY sg-0da7a000000000001".to_owned()]),
        (
            "db:search-0",
            vec![
                "BELONGS_TO_VPC vpc-0da7a000000000000".to_owned(),
                format!("MEMBER_OF {RDS}:cluster:search"),
                format!("MEMBER_OF {RDS}:subgrp:data"),
                "PROTECTED_BY sg-0da7a000000000001".to_owned(),
            ],
        ),
        (
            "subgrp:data",
            vec!["BELONGS_TO_SUBNET subnet-0da7a000000000000".to_owned(), "BELONGS_TO_VPC vpc-0da7a000000000000".to_owned()],
        ),
    ] {
        assert_eq!(found.from(&format!("{RDS}:{id}")), expected, "{id}");
    }
    assert_eq!(found.resource(&format!("{RDS}:db:orders-replica")).status, Some(Status::PENDING));
    assert_eq!(found.resource(&format!("{RDS}:db:search-0")).native_type, "AWS::RDS::DBInstance");
}

#[tokio::test]
async fn a_load_balancer_routes_to_what_its_listeners_and_rules_forward_to() {
    let found = Found::of(SERVICES).await;
    let balancer = format!("{ELB}:loadbalancer/app/web/50dc6c495c0c9188");
    assert_eq!(
        found.from(&balancer),
        [
            "BELONGS_TO_SUBNET subnet-0da7a000000000000".to_owned(),
            "BELONGS_TO_VPC vpc-0da7a000000000000".to_owned(),
            "PROTECTED_BY sg-0da7a000000000002".to_owned(),
            format!("ROUTES_TO {ELB}:targetgroup/blue/73e2d6bc24d8a067"),
            format!("ROUTES_TO {ELB}:targetgroup/green/83e2d6bc24d8a067"),
        ]
    );
    assert_eq!(found.fact(&balancer, "scheme"), "internet-facing");
    assert_eq!(found.fact(&balancer, "kind"), "application");
    let listener = format!("{ELB}:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2");
    assert_eq!(found.from(&listener), [format!("MEMBER_OF {balancer}")]);
    assert_eq!((found.fact(&listener, "port"), found.fact(&listener, "protocol")), (json!(443), json!("HTTPS")));
    assert_eq!(found.resource(&listener).name, None);
}

#[tokio::test]
async fn a_target_that_is_an_address_is_no_relationship() {
    let found = Found::of(SERVICES).await;
    let group = format!("{ELB}:targetgroup/blue/73e2d6bc24d8a067");
    assert_eq!(found.from(&group), ["BELONGS_TO_VPC vpc-0da7a000000000000", "ROUTES_TO i-0da7a000000000000"]);
    assert_eq!(found.fact(&group, "target_type"), "instance");
}

#[tokio::test]
async fn services_find_cluster_and_task_definition_by_arn_name_or_family() {
    let found = Found::of(SERVICES).await;
    let api = format!("{ECS}:service/main/api");
    assert_eq!(
        found.from(&api),
        [
            "BELONGS_TO_SUBNET subnet-0da7a000000000000".to_owned(),
            format!("MEMBER_OF {ECS}:cluster/main"),
            "PROTECTED_BY sg-0da7a000000000002".to_owned(),
            format!("USES_TASK_DEFINITION {ECS}:task-definition/api:3"),
        ]
    );
    for (service, definition) in [("worker", "worker:9"), ("latest", "api:3")] {
        assert_eq!(
            found.from(&format!("{ECS}:service/main/{service}")),
            [format!("MEMBER_OF {ECS}:cluster/main"), format!("USES_TASK_DEFINITION {ECS}:task-definition/{definition}")]
        );
    }
    let definition = found.resource(&format!("{ECS}:task-definition/api:3"));
    assert_eq!((definition.name.as_deref(), &definition.status), (Some("api:3"), &None));
    assert_eq!((&definition.metadata["cpu"], &definition.metadata["memory"]), (&json!("256"), &json!("512")));
    assert_eq!(found.from(definition.id.as_str()), ["ASSUMES_ROLE arn:aws:iam::210987654321:role/api"]);
    assert_eq!(found.resource(&format!("{ECS}:cluster/main")).resource_type, ResourceType::CONTAINER_CLUSTER);
}
