//! Services.

use aws_sdk_ecs::types::{Service, ServiceField};

use super::{PAGE, SERVICE, check_batch, clusters_of, is_gone, tags_of};
use crate::aws::facts::Facts;
use crate::aws::fault::Fault;
use crate::aws::kind::Kind;
use crate::aws::page::{Page, Report};
use crate::aws::pages::{Pages, given, identity};
use crate::aws::region::Region;
use crate::aws::tags::name;
use crate::aws_status::aws_status;
use crate::model::RelationshipKind;

/// The most services that one call describes.
const SERVICES: usize = 10;

pub(in crate::aws) async fn list(region: &Region, report: &Report) -> Result<(), Fault> {
    for cluster in clusters_of(region).await? {
        match list_of(region, cluster, report).await {
            Err(fault) if is_gone(&fault) => {}
            listed => listed?,
        }
    }
    Ok(())
}

async fn list_of(region: &Region, cluster: &str, report: &Report) -> Result<(), Fault> {
    let pages = region.clients.ecs.list_services().cluster(cluster).into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_token());
    while let Some(answer) = pages.next().await? {
        for arns in given(SERVICE, "services", answer.service_arns)?.chunks(SERVICES) {
            let call = region.clients.ecs.describe_services().cluster(cluster).set_services(Some(arns.to_vec()));
            let answer = call.include(ServiceField::Tags).send().await.map_err(|error| Fault::of(SERVICE, &error))?;
            let services = given(SERVICE, "services", answer.services)?;
            check_batch(arns.len(), services.len(), answer.failures.as_deref().unwrap_or_default())?;
            let mut page = Page::new();
            for service in &services {
                describe(region, service, &mut page)?;
            }
            report.page(page).await;
        }
    }
    Ok(())
}

fn describe(region: &Region, service: &Service, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a service", service.service_arn())?;
    let network = service.network_configuration().and_then(|network| network.awsvpc_configuration());
    let subnets = || network.into_iter().flat_map(|network| network.subnets());
    let groups = || network.into_iter().flat_map(|network| network.security_groups());
    let mut facts = facts(service, id);
    facts
        .list("subnets", subnets().map(String::as_str))
        .list("security_groups", groups().map(String::as_str))
        .text("assign_public_ip", network.and_then(|network| network.assign_public_ip()).map(|assign| assign.as_str()));
    let mut resource = region.resource(Kind::EcsService, id);
    resource.tags = tags_of(service.tags());
    resource.name = name(&resource.tags, service.service_name());
    resource.status = aws_status(service.status());
    resource.metadata = facts.into_map();

    let id = &resource.id;
    page.relate(id, RelationshipKind::MEMBER_OF, service.cluster_arn());
    page.relate(id, RelationshipKind::USES_TASK_DEFINITION, service.task_definition());
    for subnet in subnets() {
        page.relate(id, RelationshipKind::BELONGS_TO_SUBNET, Some(subnet));
    }
    for group in groups() {
        page.relate(id, RelationshipKind::PROTECTED_BY, Some(group));
    }
    page.add(resource);
    Ok(())
}

fn facts(service: &Service, arn: &str) -> Facts {
    let balancers = service.load_balancers().iter().map(|balancer| {
        Facts::record(|facts| {
            facts
                .text("target_group", balancer.target_group_arn())
                .text("load_balancer", balancer.load_balancer_name())
                .text("container", balancer.container_name())
                .number("port", balancer.container_port())
        })
    });
    let controller = service.deployment_controller().map(|controller| controller.r#type());
    let mut facts = Facts::new();
    facts
        .text("arn", Some(arn))
        .text("state", service.status())
        .text("cluster", service.cluster_arn())
        .text("task_definition", service.task_definition())
        .number("desired_count", Some(service.desired_count()))
        .number("running_count", Some(service.running_count()))
        .text("launch_type", service.launch_type().map(|kind| kind.as_str()))
        .list("capacity_providers", service.capacity_provider_strategy().iter().map(|item| item.capacity_provider()))
        .text("platform_version", service.platform_version())
        .text("platform_family", service.platform_family())
        .text("scheduling_strategy", service.scheduling_strategy().map(|strategy| strategy.as_str()))
        .text("deployment_controller", controller.map(|controller| controller.as_str()))
        .text("role_arn", service.role_arn())
        .records("load_balancers", balancers)
        .flag("execute_command_enabled", Some(service.enable_execute_command()))
        .time("create_time", service.created_at());
    facts
}
