//! Network ACLs, and the subnets that they protect.

use aws_sdk_ec2::types::{NetworkAcl, NetworkAclEntry};
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
    let pages = region.clients.ec2.describe_network_acls().into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_token());
    while let Some(answer) = pages.next().await? {
        let mut page = Page::new();
        for acl in given(SERVICE, "network ACLs", answer.network_acls)? {
            describe(region, &acl, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

fn describe(region: &Region, acl: &NetworkAcl, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a network ACL", acl.network_acl_id())?;
    let entries = |egress: bool| acl.entries().iter().filter(move |entry| entry.egress().unwrap_or_default() == egress);
    let mut facts = Facts::new();
    facts
        .text("arn", Some(&region.arn_of("ec2", acl.owner_id(), &format!("network-acl/{id}"))))
        .text("vpc_id", acl.vpc_id())
        .flag("is_default", Some(acl.is_default().unwrap_or_default()))
        .list("subnets", acl.associations().iter().filter_map(|association| association.subnet_id()))
        .rules("ingress_rules", entries(false).map(rule))
        .rules("egress_rules", entries(true).map(rule))
        .text("owner_id", acl.owner_id());
    let mut resource = region.resource(Kind::NetworkAcl, id);
    resource.tags = tags_of(acl.tags());
    resource.name = name(&resource.tags, None);
    resource.metadata = facts.into_map();
    page.relate(&resource.id, RelationshipKind::BELONGS_TO_VPC, acl.vpc_id());
    for association in acl.associations() {
        page.relate_from(association.subnet_id(), RelationshipKind::PROTECTED_BY, &resource.id);
    }
    page.add(resource);
    Ok(())
}

fn rule(entry: &NetworkAclEntry) -> Value {
    Facts::record(|facts| {
        facts
            .number("rule_number", entry.rule_number())
            .text("action", entry.rule_action().map(|action| action.as_str()))
            .text("protocol", entry.protocol())
            .number("from_port", entry.port_range().and_then(|range| range.from()))
            .number("to_port", entry.port_range().and_then(|range| range.to()))
            .text("cidr", entry.cidr_block())
            .text("ipv6_cidr", entry.ipv6_cidr_block())
    })
}
