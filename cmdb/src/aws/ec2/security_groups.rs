//! Security groups with their rules.

use aws_sdk_ec2::types::{IpPermission, SecurityGroup};
use serde_json::Value;

use super::{PAGE, SERVICE, tags_of};
use crate::aws::facts::Facts;
use crate::aws::fault::Fault;
use crate::aws::kind::Kind;
use crate::aws::page::{Page, Report};
use crate::aws::pages::{Pages, given, identity};
use crate::aws::region::Region;
use crate::aws::tags::name;
use crate::model::RelationshipKind;

pub(in crate::aws) async fn list(region: &Region, report: &Report) -> Result<(), Fault> {
    let pages = region.clients.ec2.describe_security_groups().into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_token());
    while let Some(answer) = pages.next().await? {
        let mut page = Page::new();
        for group in given(SERVICE, "security groups", answer.security_groups)? {
            describe(region, &group, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

fn describe(region: &Region, group: &SecurityGroup, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a security group", group.group_id())?;
    let mut facts = Facts::new();
    facts
        .text("arn", Some(&region.arn_of("ec2", group.owner_id(), &format!("security-group/{id}"))))
        .text("group_name", group.group_name())
        .text("description", group.description())
        .text("vpc_id", group.vpc_id())
        .rules("ingress_rules", group.ip_permissions().iter().map(rule))
        .rules("egress_rules", group.ip_permissions_egress().iter().map(rule))
        .text("owner_id", group.owner_id());
    let mut resource = region.resource(Kind::SecurityGroup, id);
    resource.tags = tags_of(group.tags());
    resource.name = name(&resource.tags, group.group_name());
    resource.metadata = facts.into_map();

    let id = &resource.id;
    page.relate(id, RelationshipKind::BELONGS_TO_VPC, group.vpc_id());
    for other in others(group.ip_permissions()) {
        page.relate(id, RelationshipKind::ALLOWS_TRAFFIC_FROM, Some(other));
    }
    for other in others(group.ip_permissions_egress()) {
        page.relate(id, RelationshipKind::ALLOWS_TRAFFIC_TO, Some(other));
    }
    page.add(resource);
    Ok(())
}

fn others(permissions: &[IpPermission]) -> impl Iterator<Item = &str> {
    permissions.iter().flat_map(|permission| permission.user_id_group_pairs()).filter_map(|pair| pair.group_id())
}

/// One permission. Ports are left out where the protocol has none or all are meant.
fn rule(permission: &IpPermission) -> Value {
    Facts::record(|facts| {
        facts
            .text("protocol", permission.ip_protocol())
            .number("from_port", permission.from_port())
            .number("to_port", permission.to_port())
            .list("cidrs", permission.ip_ranges().iter().filter_map(|range| range.cidr_ip()))
            .list("ipv6_cidrs", permission.ipv6_ranges().iter().filter_map(|range| range.cidr_ipv6()))
            .list("security_groups", others(std::slice::from_ref(permission)))
            .list("prefix_lists", permission.prefix_list_ids().iter().filter_map(|list| list.prefix_list_id()))
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::{IpRange, UserIdGroupPair};
    use serde_json::json;

    use super::*;
    use crate::aws::region::tests::region;
    use crate::model::{Relationship, ResourceId};

    #[test]
    fn each_permission_is_a_rule_and_each_named_group_a_relationship() {
        let world = IpRange::builder().cidr_ip("0.0.0.0/0").build();
        let web = IpPermission::builder().ip_protocol("tcp").from_port(443).to_port(443).ip_ranges(world).build();
        let all =
            IpPermission::builder().ip_protocol("-1").user_id_group_pairs(UserIdGroupPair::builder().group_id("sg-2").build());
        let group = SecurityGroup::builder().group_id("sg-1").group_name("web").ip_permissions(web).ip_permissions(all.build());
        let mut page = Page::new();
        describe(&region(), &group.build(), &mut page).unwrap();
        let (resources, relationships) = page.into_parts();
        let metadata = json!(resources[0].metadata);
        let rules = json!([
            {"protocol": "-1", "security_groups": ["sg-2"]},
            {"cidrs": ["0.0.0.0/0"], "from_port": 443, "protocol": "tcp", "to_port": 443},
        ]);
        let mut found = metadata["ingress_rules"].as_array().cloned().unwrap_or_default();
        found.sort_by_key(|rule| rule["protocol"].to_string());
        assert_eq!(json!(found), rules);
        assert_eq!(metadata["egress_rules"], json!([]));
        assert_eq!(resources[0].name.as_deref(), Some("web"));
        let from = Relationship::new(ResourceId::new("sg-1"), RelationshipKind::ALLOWS_TRAFFIC_FROM, ResourceId::new("sg-2"));
        assert_eq!(relationships, [from]);
    }
}
