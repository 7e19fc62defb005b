//! Target groups with the health of their targets.

use aws_sdk_elasticloadbalancingv2::types::{TargetGroup, TargetHealthDescription, TargetTypeEnum};
use futures_util::{StreamExt, TryStreamExt};

use super::{PAGE, SERVICE, Tags, is_gone, tags_of};
use crate::aws::facts::Facts;
use crate::aws::fault::Fault;
use crate::aws::kind::Kind;
use crate::aws::page::{Page, Report};
use crate::aws::pages::{Pages, given, identity};
use crate::aws::region::{FOLLOW_UPS, Region};
use crate::aws::tags::name;
use crate::model::RelationshipKind;

pub(in crate::aws) async fn list(region: &Region, report: &Report) -> Result<(), Fault> {
    let pages = region.clients.elb.describe_target_groups().page_size(PAGE).into_paginator().send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_marker());
    while let Some(answer) = pages.next().await? {
        let groups = given(SERVICE, "target groups", answer.target_groups)?;
        let arns: Vec<String> = groups.iter().filter_map(|group| group.target_group_arn().map(str::to_owned)).collect();
        let mut tags = tags_of(region, arns).await?;
        let groups: Vec<(TargetGroup, Vec<TargetHealthDescription>)> =
            futures_util::stream::iter(groups).map(|group| with_health(region, group)).buffered(FOLLOW_UPS).try_collect().await?;
        let mut page = Page::new();
        for (group, targets) in &groups {
            let id = identity(SERVICE, "a target group", group.target_group_arn())?;
            if let Some(tags) = tags.remove(id) {
                describe(region, group, targets, id, tags, &mut page);
            }
        }
        report.page(page).await;
    }
    Ok(())
}

async fn with_health(region: &Region, group: TargetGroup) -> Result<(TargetGroup, Vec<TargetHealthDescription>), Fault> {
    let call = region.clients.elb.describe_target_health().set_target_group_arn(group.target_group_arn.clone());
    match call.send().await.map_err(|error| Fault::of(SERVICE, &error)) {
        Ok(answer) => Ok((group, given(SERVICE, "targets", answer.target_health_descriptions)?)),
        Err(fault) if is_gone(&fault) => Ok((group, Vec::new())),
        Err(fault) => Err(fault),
    }
}

fn describe(region: &Region, group: &TargetGroup, targets: &[TargetHealthDescription], id: &str, tags: Tags, page: &mut Page) {
    let mut resource = region.resource(Kind::TargetGroup, id);
    resource.name = name(&tags, group.target_group_name());
    resource.tags = tags;
    resource.metadata = facts(group, targets, id).into_map();

    let id = &resource.id;
    page.relate(id, RelationshipKind::BELONGS_TO_VPC, group.vpc_id());
    // An address names no resource.
    if group.target_type() != Some(&TargetTypeEnum::Ip) {
        for target in targets {
            page.relate(id, RelationshipKind::ROUTES_TO, target.target().and_then(|target| target.id()));
        }
    }
    page.add(resource);
}

fn facts(group: &TargetGroup, targets: &[TargetHealthDescription], arn: &str) -> Facts {
    let health = targets.iter().map(|description| {
        let (target, health) = (description.target(), description.target_health());
        Facts::record(|facts| {
            facts
                .text("id", target.and_then(|target| target.id()))
                .number("port", target.and_then(|target| target.port()))
                .text("availability_zone", target.and_then(|target| target.availability_zone()))
                .text("state", health.and_then(|health| health.state()).map(|state| state.as_str()))
                .text("reason", health.and_then(|health| health.reason()).map(|reason| reason.as_str()))
        })
    });
    let matcher = group.matcher();
    let mut facts = Facts::new();
    facts
        .text("arn", Some(arn))
        .text("target_type", group.target_type().map(|kind| kind.as_str()))
        .number("port", group.port())
        .text("protocol", group.protocol().map(|protocol| protocol.as_str()))
        .text("protocol_version", group.protocol_version())
        .text("ip_address_type", group.ip_address_type().map(|kind| kind.as_str()))
        .text("vpc_id", group.vpc_id())
        .flag("health_check_enabled", group.health_check_enabled())
        .text("health_check_protocol", group.health_check_protocol().map(|protocol| protocol.as_str()))
        .text("health_check_port", group.health_check_port())
        .text("health_check_path", group.health_check_path())
        .number("health_check_interval_seconds", group.health_check_interval_seconds())
        .number("health_check_timeout_seconds", group.health_check_timeout_seconds())
        .number("healthy_threshold", group.healthy_threshold_count())
        .number("unhealthy_threshold", group.unhealthy_threshold_count())
        .text("health_check_codes", matcher.and_then(|matcher| matcher.http_code().or(matcher.grpc_code())))
        .list("load_balancers", group.load_balancer_arns().iter().map(String::as_str))
        .records("target_health", health);
    facts
}

#[cfg(test)]
mod tests {
    use aws_sdk_elasticloadbalancingv2::types::TargetDescription;

    use super::*;
    use crate::aws::region::tests::region;

    fn targets_of(kind: TargetTypeEnum, target: &str) -> Vec<String> {
        let target = TargetDescription::builder().id(target).build();
        let target = TargetHealthDescription::builder().target(target).build();
        let mut page = Page::new();
        describe(&region(), &TargetGroup::builder().target_type(kind).build(), &[target], "tg", Tags::new(), &mut page);
        page.into_parts().1.iter().map(|tie| tie.target.to_string()).collect()
    }

    #[test]
    fn targets_are_resources_unless_they_are_addresses() {
        assert_eq!(targets_of(TargetTypeEnum::Instance, "i-1"), ["i-1"]);
        assert_eq!(targets_of(TargetTypeEnum::Alb, "arn:lb"), ["arn:lb"]);
        assert!(targets_of(TargetTypeEnum::Ip, "10.0.0.1").is_empty());
    }
}
