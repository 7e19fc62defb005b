//! Peering connections between VPCs.

use aws_sdk_ec2::types::{VpcPeeringConnection, VpcPeeringConnectionVpcInfo};

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
    let pages = region.clients.ec2.describe_vpc_peering_connections().into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_token());
    while let Some(answer) = pages.next().await? {
        let mut page = Page::new();
        for connection in given(SERVICE, "peering connections", answer.vpc_peering_connections)? {
            describe(region, &connection, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

fn describe(region: &Region, connection: &VpcPeeringConnection, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a peering connection", connection.vpc_peering_connection_id())?;
    let state = connection.status().and_then(|status| status.code()).map(|code| code.as_str());
    let (requester, accepter) = (connection.requester_vpc_info(), connection.accepter_vpc_info());
    let mut facts = Facts::new();
    facts
        .text("arn", Some(&region.arn("ec2", &format!("vpc-peering-connection/{id}"))))
        .text("state", state)
        .text("state_reason", connection.status().and_then(|status| status.message()));
    side(&mut facts, ["requester_vpc_id", "requester_account", "requester_region", "requester_cidr"], requester);
    side(&mut facts, ["accepter_vpc_id", "accepter_account", "accepter_region", "accepter_cidr"], accepter);
    let mut resource = region.resource(Kind::PeeringConnection, id);
    resource.tags = tags_of(connection.tags());
    resource.name = name(&resource.tags, None);
    resource.status = aws_status(state);
    resource.metadata = facts.into_map();
    for end in [requester, accepter].into_iter().flatten() {
        page.relate(&resource.id, RelationshipKind::PEERS_WITH, end.vpc_id());
    }
    page.add(resource);
    Ok(())
}

fn side(facts: &mut Facts, [vpc, account, region, cidr]: [&str; 4], info: Option<&VpcPeeringConnectionVpcInfo>) {
    let Some(info) = info else { return };
    facts.text(vpc, info.vpc_id()).text(account, info.owner_id()).text(region, info.region()).text(cidr, info.cidr_block());
}
