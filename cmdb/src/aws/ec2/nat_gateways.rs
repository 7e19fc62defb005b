//! NAT gateways.

use aws_sdk_ec2::types::NatGateway;

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
    let pages = region.clients.ec2.describe_nat_gateways().into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_token());
    while let Some(answer) = pages.next().await? {
        let mut page = Page::new();
        for gateway in given(SERVICE, "NAT gateways", answer.nat_gateways)? {
            describe(region, &gateway, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

fn describe(region: &Region, gateway: &NatGateway, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a NAT gateway", gateway.nat_gateway_id())?;
    let state = gateway.state().map(|state| state.as_str());
    let addresses = gateway.nat_gateway_addresses().iter().map(|address| {
        Facts::record(|facts| {
            facts
                .text("allocation_id", address.allocation_id())
                .text("network_interface_id", address.network_interface_id())
                .text("private_ip", address.private_ip())
                .text("public_ip", address.public_ip())
                .flag("is_primary", address.is_primary())
        })
    });
    let primary = gateway.nat_gateway_addresses().iter().find(|address| address.is_primary() != Some(false));
    let mut facts = Facts::new();
    facts
        .text("arn", Some(&region.arn("ec2", &format!("natgateway/{id}"))))
        .text("state", state)
        .text("failure_code", gateway.failure_code())
        .text("failure_message", gateway.failure_message())
        .text("connectivity_type", gateway.connectivity_type().map(|kind| kind.as_str()))
        .text("vpc_id", gateway.vpc_id())
        .text("subnet_id", gateway.subnet_id())
        .text("private_ip", primary.and_then(|address| address.private_ip()))
        .text("public_ip", primary.and_then(|address| address.public_ip()))
        .records("addresses", addresses)
        .time("create_time", gateway.create_time());
    let mut resource = region.resource(Kind::NatGateway, id);
    resource.tags = tags_of(gateway.tags());
    resource.name = name(&resource.tags, None);
    resource.status = aws_status(state);
    resource.metadata = facts.into_map();
    page.relate(&resource.id, RelationshipKind::BELONGS_TO_VPC, gateway.vpc_id());
    page.relate(&resource.id, RelationshipKind::BELONGS_TO_SUBNET, gateway.subnet_id());
    page.add(resource);
    Ok(())
}
