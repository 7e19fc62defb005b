//! Subnet groups of databases.

use aws_sdk_rds::types::DbSubnetGroup;

use super::{PAGE, SERVICE};
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
    let pages = region.clients.rds.describe_db_subnet_groups().into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.marker());
    while let Some(answer) = pages.next().await? {
        let mut page = Page::new();
        for group in given(SERVICE, "subnet groups", answer.db_subnet_groups)? {
            describe(region, &group, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

fn describe(region: &Region, group: &DbSubnetGroup, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a subnet group", group.db_subnet_group_arn())?;
    let subnets = || group.subnets().iter().filter_map(|subnet| subnet.subnet_identifier());
    let mut facts = Facts::new();
    facts
        .text("arn", Some(id))
        .text("state", group.subnet_group_status())
        .text("description", group.db_subnet_group_description())
        .text("vpc_id", group.vpc_id())
        .list("subnets", subnets())
        .list("network_types", group.supported_network_types().iter().map(String::as_str));
    let mut resource = region.resource(Kind::DbSubnetGroup, id);
    resource.name = name(&resource.tags, group.db_subnet_group_name());
    resource.status = aws_status(group.subnet_group_status());
    resource.metadata = facts.into_map();
    page.relate(&resource.id, RelationshipKind::BELONGS_TO_VPC, group.vpc_id());
    for subnet in subnets() {
        page.relate(&resource.id, RelationshipKind::BELONGS_TO_SUBNET, Some(subnet));
    }
    page.add(resource);
    Ok(())
}
