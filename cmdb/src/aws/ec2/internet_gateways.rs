//! Internet gateways.

use aws_sdk_ec2::types::InternetGateway;

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
    let pages = region.clients.ec2.describe_internet_gateways().into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_token());
    while let Some(answer) = pages.next().await? {
        let mut page = Page::new();
        for gateway in given(SERVICE, "internet gateways", answer.internet_gateways)? {
            describe(region, &gateway, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

fn describe(region: &Region, gateway: &InternetGateway, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "an internet gateway", gateway.internet_gateway_id())?;
    let vpcs = || gateway.attachments().iter().filter_map(|attachment| attachment.vpc_id());
    let mut facts = Facts::new();
    facts
        .text("arn", Some(&region.arn_of("ec2", gateway.owner_id(), &format!("internet-gateway/{id}"))))
        .text("vpc_id", vpcs().next())
        .text("owner_id", gateway.owner_id());
    let mut resource = region.resource(Kind::InternetGateway, id);
    resource.tags = tags_of(gateway.tags());
    resource.name = name(&resource.tags, None);
    resource.metadata = facts.into_map();
    for vpc in vpcs() {
        page.relate(&resource.id, RelationshipKind::ATTACHED_TO, Some(vpc));
    }
    page.add(resource);
    Ok(())
}
