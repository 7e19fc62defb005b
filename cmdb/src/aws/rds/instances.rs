//! Database instances.

use aws_sdk_rds::types::DbInstance;

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
    let pages = region.clients.rds.describe_db_instances().into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.marker());
    while let Some(answer) = pages.next().await? {
        let mut page = Page::new();
        for instance in given(SERVICE, "database instances", answer.db_instances)? {
            describe(region, &instance, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

fn describe(region: &Region, instance: &DbInstance, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a database instance", instance.db_instance_arn())?;
    let mut resource = region.resource(Kind::DbInstance, id);
    resource.tags = tags_of(instance.tag_list());
    resource.name = name(&resource.tags, instance.db_instance_identifier());
    resource.status = aws_status(instance.db_instance_status());
    resource.availability_zone = instance.availability_zone().map(str::to_owned);
    resource.metadata = facts(instance, id).into_map();

    let id = &resource.id;
    let group = instance.db_subnet_group();
    page.relate(id, RelationshipKind::BELONGS_TO_VPC, group.and_then(|group| group.vpc_id()));
    let group = match group.and_then(|group| group.db_subnet_group_arn()) {
        Some(arn) => Some(arn.to_owned()),
        None => arn_of_name(region, "subgrp", group.and_then(|group| group.db_subnet_group_name())),
    };
    page.relate(id, RelationshipKind::MEMBER_OF, group.as_deref());
    let cluster = arn_of_name(region, "cluster", instance.db_cluster_identifier());
    page.relate(id, RelationshipKind::MEMBER_OF, cluster.as_deref());
    for group in instance.vpc_security_groups() {
        page.relate(id, RelationshipKind::PROTECTED_BY, group.vpc_security_group_id());
    }
    let source = arn_of_name(region, "db", instance.read_replica_source_db_instance_identifier());
    page.relate(id, RelationshipKind::REPLICA_OF, source.as_deref());
    let source = arn_of_name(region, "cluster", instance.read_replica_source_db_cluster_identifier());
    page.relate(id, RelationshipKind::REPLICA_OF, source.as_deref());
    page.relate(id, RelationshipKind::ENCRYPTED_WITH, instance.kms_key_id());
    page.add(resource);
    Ok(())
}

/// The latest restorable time is left out: it is another one at every call.
fn facts(instance: &DbInstance, arn: &str) -> Facts {
    let (endpoint, group) = (instance.endpoint(), instance.db_subnet_group());
    let parameters = instance.db_parameter_groups().iter().filter_map(|group| group.db_parameter_group_name());
    let options = instance.option_group_memberships().iter().filter_map(|group| group.option_group_name());
    let mut facts = Facts::new();
    facts
        .text("arn", Some(arn))
        .text("identifier", instance.db_instance_identifier())
        .text("resource_id", instance.dbi_resource_id())
        .text("state", instance.db_instance_status())
        .text("engine", instance.engine())
        .text("engine_version", instance.engine_version())
        .text("license_model", instance.license_model())
        .text("instance_class", instance.db_instance_class())
        .text("database_name", instance.db_name())
        .text("endpoint", endpoint.and_then(|endpoint| endpoint.address()))
        .number("port", endpoint.and_then(|endpoint| endpoint.port()))
        .flag("multi_az", instance.multi_az())
        .text("secondary_availability_zone", instance.secondary_availability_zone())
        .number("storage_gb", instance.allocated_storage())
        .number("max_storage_gb", instance.max_allocated_storage())
        .text("storage_type", instance.storage_type())
        .number("iops", instance.iops())
        .number("throughput", instance.storage_throughput())
        .flag("encrypted", instance.storage_encrypted())
        .text("kms_key_id", instance.kms_key_id())
        .number("backup_retention_days", instance.backup_retention_period())
        .text("backup_window", instance.preferred_backup_window())
        .text("maintenance_window", instance.preferred_maintenance_window())
        .text("vpc_id", group.and_then(|group| group.vpc_id()))
        .text("subnet_group", group.and_then(|group| group.db_subnet_group_name()))
        .list("security_groups", instance.vpc_security_groups().iter().filter_map(|group| group.vpc_security_group_id()))
        .text("cluster", instance.db_cluster_identifier())
        .text("replica_source", instance.read_replica_source_db_instance_identifier())
        .list("replicas", instance.read_replica_db_instance_identifiers().iter().map(String::as_str))
        .list("parameter_groups", parameters)
        .list("option_groups", options)
        .text("ca_certificate", instance.ca_certificate_identifier())
        .list("log_exports", instance.enabled_cloudwatch_logs_exports().iter().map(String::as_str))
        .number("monitoring_interval_seconds", instance.monitoring_interval())
        .flag("performance_insights_enabled", instance.performance_insights_enabled())
        .flag("iam_authentication_enabled", instance.iam_database_authentication_enabled())
        .flag("publicly_accessible", instance.publicly_accessible())
        .flag("deletion_protection", instance.deletion_protection())
        .flag("auto_minor_version_upgrade", instance.auto_minor_version_upgrade())
        .time("create_time", instance.instance_create_time());
    facts
}

#[cfg(test)]
mod tests {
    use aws_sdk_rds::types::DbSubnetGroup;

    use super::*;
    use crate::aws::region::tests::region;

    #[test]
    fn what_the_api_names_without_arn_is_tied_by_its_arn() {
        let group = DbSubnetGroup::builder().db_subnet_group_name("private").vpc_id("vpc-1").build();
        let instance = DbInstance::builder()
            .db_instance_arn("arn:aws:rds:us-east-1:123456789012:db:orders-1")
            .db_subnet_group(group)
            .db_cluster_identifier("orders")
            .read_replica_source_db_instance_identifier("arn:aws:rds:eu-west-1:123456789012:db:orders")
            .build();
        let mut page = Page::new();
        describe(&region(), &instance, &mut page).unwrap();
        let ties: Vec<String> = page.into_parts().1.iter().map(|tie| format!("{} {}", tie.kind, tie.target)).collect();
        let expected = [
            "BELONGS_TO_VPC vpc-1",
            "MEMBER_OF arn:aws:rds:us-east-1:123456789012:subgrp:private",
            "MEMBER_OF arn:aws:rds:us-east-1:123456789012:cluster:orders",
            "REPLICA_OF arn:aws:rds:eu-west-1:123456789012:db:orders",
        ];
        assert_eq!(ties, expected);
    }
}
