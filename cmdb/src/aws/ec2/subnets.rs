//! Subnets.

use aws_sdk_ec2::types::Subnet;

use super::{PAGE, SERVICE, tags_of};
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
    let pages = region.clients.ec2.describe_subnets().into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_token());
    while let Some(answer) = pages.next().await? {
        let mut page = Page::new();
        for subnet in given(SERVICE, "subnets", answer.subnets)? {
            describe(region, &subnet, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

/// The number of free addresses is left out: it changes with whatever is started in the subnet.
fn describe(region: &Region, subnet: &Subnet, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a subnet", subnet.subnet_id())?;
    let state = subnet.state().map(|state| state.as_str());
    let mut facts = Facts::new();
    facts
        .text("arn", Some(&region.arn_of("ec2", subnet.owner_id(), &format!("subnet/{id}"))))
        .text("state", state)
        .text("vpc_id", subnet.vpc_id())
        .text("cidr", subnet.cidr_block())
        .list("ipv6_cidrs", subnet.ipv6_cidr_block_association_set().iter().filter_map(|block| block.ipv6_cidr_block()))
        .flag("is_default", subnet.default_for_az())
        .flag("map_public_ip_on_launch", subnet.map_public_ip_on_launch())
        .flag("assign_ipv6_address_on_creation", subnet.assign_ipv6_address_on_creation())
        .text("availability_zone_id", subnet.availability_zone_id())
        .text("outpost_arn", subnet.outpost_arn())
        .text("owner_id", subnet.owner_id());
    let mut resource = region.resource(Kind::Subnet, id);
    resource.tags = tags_of(subnet.tags());
    resource.name = name(&resource.tags, None);
    resource.status = aws_status(state);
    resource.availability_zone = subnet.availability_zone().map(str::to_owned);
    resource.metadata = facts.into_map();
    page.relate(&resource.id, RelationshipKind::BELONGS_TO_VPC, subnet.vpc_id());
    page.add(resource);
    Ok(())
}
