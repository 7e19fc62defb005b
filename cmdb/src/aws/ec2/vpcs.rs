//! VPCs.

use aws_sdk_ec2::types::Vpc;

use super::{PAGE, SERVICE, tags_of};
use crate::aws::facts::Facts;
use crate::aws::fault::Fault;
use crate::aws::kind::Kind;
use crate::aws::page::{Page, Report};
use crate::aws::pages::{Pages, given, identity};
use crate::aws::region::Region;
use crate::aws::tags::name;
use crate::aws_status::aws_status;

pub(in crate::aws) async fn list(region: &Region, report: &Report) -> Result<(), Fault> {
    let pages = region.clients.ec2.describe_vpcs().into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_token());
    while let Some(answer) = pages.next().await? {
        let mut page = Page::new();
        for vpc in given(SERVICE, "VPCs", answer.vpcs)? {
            describe(region, &vpc, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

fn describe(region: &Region, vpc: &Vpc, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a VPC", vpc.vpc_id())?;
    let state = vpc.state().map(|state| state.as_str());
    let mut facts = Facts::new();
    facts
        .text("arn", Some(&region.arn_of("ec2", vpc.owner_id(), &format!("vpc/{id}"))))
        .text("state", state)
        .text("cidr", vpc.cidr_block())
        .list("cidrs", vpc.cidr_block_association_set().iter().filter_map(|block| block.cidr_block()))
        .list("ipv6_cidrs", vpc.ipv6_cidr_block_association_set().iter().filter_map(|block| block.ipv6_cidr_block()))
        .flag("is_default", Some(vpc.is_default().unwrap_or_default()))
        .text("tenancy", vpc.instance_tenancy().map(|tenancy| tenancy.as_str()))
        .text("dhcp_options_id", vpc.dhcp_options_id())
        .text("owner_id", vpc.owner_id());
    let mut resource = region.resource(Kind::Vpc, id);
    resource.tags = tags_of(vpc.tags());
    resource.name = name(&resource.tags, None);
    resource.status = aws_status(state);
    resource.metadata = facts.into_map();
    page.add(resource);
    Ok(())
}
