//! Database clusters.

use aws_sdk_rds::types::DbCluster;

use super::{PAGE, SERVICE, arn_of_name, tags_of};
use crate::aws::facts::Facts;
use crate::aws::fault::Fault;
use crate::aws::kind::Kind;
use crate::aws::page::{Page, Report};
use crate::aws::pages::{Pages, given, identity};
use crate::aws::region::Region;
use crate::aws::tags::name;
use crate::aws_status::aws_status;
use crate::model::RelationshipKind;

pub(in crate::aws) async fn list(region: &Region, report: &Report) -> Result<(), Fault> {
    let pages = region.clients.rds.describe_db_clusters().into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.marker());
    while let Some(answer) = pages.next().await? {
        let mut page = Page::new();
        for cluster in given(SERVICE, "database clusters", answer.db_clusters)? {
            describe(region, &cluster, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

fn describe(region: &Region, cluster: &DbCluster, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a database cluster", cluster.db_cluster_arn())?;
    let mut resource = region.resource(Kind::DbCluster, id);
    resource.tags = tags_of(cluster.tag_list());
    resource.name = name(&resource.tags, cluster.db_cluster_identifier());
    resource.status = aws_status(cluster.status());
    resource.metadata = facts(cluster, id).into_map();

    let id = &resource.id;
    let group = arn_of_name(region, "subgrp", cluster.db_subnet_group());
    page.relate(id, RelationshipKind::MEMBER_OF, group.as_deref());
    for group in cluster.vpc_security_groups() {
        page.relate(id, RelationshipKind::PROTECTED_BY, group.vpc_security_group_id());
    }
    let source = cluster.replication_source_identifier().filter(|source| source.starts_with("arn:"));
    page.relate(id, RelationshipKind::REPLICA_OF, source);
    page.relate(id, RelationshipKind::ENCRYPTED_WITH, cluster.kms_key_id());
    page.add(resource);
    Ok(())
}

/// Times of restoring and the current capacity are left out: they change by themselves.
fn facts(cluster: &DbCluster, arn: &str) -> Facts {
    let mut facts = Facts::new();
    facts
        .text("arn", Some(arn))
        .text("identifier", cluster.db_cluster_identifier())
        .text("resource_id", cluster.db_cluster_resource_id())
        .text("state", cluster.status())
        .text("engine", cluster.engine())
        .text("engine_version", cluster.engine_version())
        .text("engine_mode", cluster.engine_mode())
        .text("instance_class", cluster.db_cluster_instance_class())
        .text("database_name", cluster.database_name())
        .text("endpoint", cluster.endpoint())
        .text("reader_endpoint", cluster.reader_endpoint())
        .list("custom_endpoints", cluster.custom_endpoints().iter().map(String::as_str))
        .number("port", cluster.port())
        .flag("multi_az", cluster.multi_az())
        .list("availability_zones", cluster.availability_zones().iter().map(String::as_str))
        .number("storage_gb", cluster.allocated_storage())
        .text("storage_type", cluster.storage_type())
        .number("iops", cluster.iops())
        .flag("encrypted", cluster.storage_encrypted())
        .text("kms_key_id", cluster.kms_key_id())
        .number("backup_retention_days", cluster.backup_retention_period())
        .text("backup_window", cluster.preferred_backup_window())
        .text("maintenance_window", cluster.preferred_maintenance_window())
        .text("subnet_group", cluster.db_subnet_group())
        .list("security_groups", cluster.vpc_security_groups().iter().filter_map(|group| group.vpc_security_group_id()))
        .list("members", cluster.db_cluster_members().iter().filter_map(|member| member.db_instance_identifier()))
        .list("replicas", cluster.read_replica_identifiers().iter().map(String::as_str))
        .text("replica_source", cluster.replication_source_identifier())
        .text("parameter_group", cluster.db_cluster_parameter_group())
        .list("log_exports", cluster.enabled_cloudwatch_logs_exports().iter().map(String::as_str))
        .flag("iam_authentication_enabled", cluster.iam_database_authentication_enabled())
        .flag("publicly_accessible", cluster.publicly_accessible())
        .flag("deletion_protection", cluster.deletion_protection())
        .time("create_time", cluster.cluster_create_time());
    facts
}
