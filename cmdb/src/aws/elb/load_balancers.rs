//! Load balancers.

use aws_sdk_elasticloadbalancingv2::types::LoadBalancer;

use super::{PAGE, SERVICE, Tags, tags_of};
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
    let pages = region.clients.elb.describe_load_balancers().page_size(PAGE).into_paginator().send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_marker());
    while let Some(answer) = pages.next().await? {
        let balancers = given(SERVICE, "load balancers", answer.load_balancers)?;
        let arns = balancers.iter().filter_map(|balancer| balancer.load_balancer_arn().map(str::to_owned)).collect();
        let mut tags = tags_of(region, arns).await?;
        let mut page = Page::new();
        for balancer in &balancers {
            let id = identity(SERVICE, "a load balancer", balancer.load_balancer_arn())?;
            if let Some(tags) = tags.remove(id) {
                describe(region, balancer, id, tags, &mut page);
            }
        }
        report.page(page).await;
    }
    Ok(())
}

fn describe(region: &Region, balancer: &LoadBalancer, id: &str, tags: Tags, page: &mut Page) {
    let state = balancer.state().and_then(|state| state.code()).map(|code| code.as_str());
    let zones = balancer.availability_zones();
    let mut facts = Facts::new();
    facts
        .text("arn", Some(id))
        .text("state", state)
        .text("state_reason", balancer.state().and_then(|state| state.reason()))
        .text("kind", balancer.r#type().map(|kind| kind.as_str()))
        .text("scheme", balancer.scheme().map(|scheme| scheme.as_str()))
        .text("dns_name", balancer.dns_name())
        .text("hosted_zone_id", balancer.canonical_hosted_zone_id())
        .text("ip_address_type", balancer.ip_address_type().map(|kind| kind.as_str()))
        .text("vpc_id", balancer.vpc_id())
        .list("availability_zones", zones.iter().filter_map(|zone| zone.zone_name()))
        .list("subnets", zones.iter().filter_map(|zone| zone.subnet_id()))
        .list("security_groups", balancer.security_groups().iter().map(String::as_str))
        .time("create_time", balancer.created_time());
    let mut resource = region.resource(Kind::LoadBalancer, id);
    resource.name = name(&tags, balancer.load_balancer_name());
    resource.tags = tags;
    resource.status = aws_status(state);
    resource.metadata = facts.into_map();

    let id = &resource.id;
    page.relate(id, RelationshipKind::BELONGS_TO_VPC, balancer.vpc_id());
    for zone in zones {
        page.relate(id, RelationshipKind::BELONGS_TO_SUBNET, zone.subnet_id());
    }
    for group in balancer.security_groups() {
        page.relate(id, RelationshipKind::PROTECTED_BY, Some(group));
    }
    page.add(resource);
}
