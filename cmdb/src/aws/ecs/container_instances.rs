//! Container instances.

use aws_sdk_ecs::types::{ContainerInstance, ContainerInstanceField};

use super::{BATCH, PAGE, SERVICE, check_batch, clusters_of, is_gone, tags_of};
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
    for cluster in clusters_of(region).await? {
        match list_of(region, cluster, report).await {
            Err(fault) if is_gone(&fault) => {}
            listed => listed?,
        }
    }
    Ok(())
}

async fn list_of(region: &Region, cluster: &str, report: &Report) -> Result<(), Fault> {
    let pages = region.clients.ecs.list_container_instances().cluster(cluster).into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_token());
    while let Some(answer) = pages.next().await? {
        for arns in given(SERVICE, "container instances", answer.container_instance_arns)?.chunks(BATCH) {
            let call = region.clients.ecs.describe_container_instances().cluster(cluster);
            let call = call.set_container_instances(Some(arns.to_vec())).include(ContainerInstanceField::Tags);
            let answer = call.send().await.map_err(|error| Fault::of(SERVICE, &error))?;
            let instances = given(SERVICE, "container instances", answer.container_instances)?;
            check_batch(arns.len(), instances.len(), answer.failures.as_deref().unwrap_or_default())?;
            let mut page = Page::new();
            for instance in &instances {
                describe(region, instance, cluster, &mut page)?;
            }
            report.page(page).await;
        }
    }
    Ok(())
}

/// Remaining resources, counts of tasks and the agent's connection are left out: they change by themselves.
fn describe(region: &Region, instance: &ContainerInstance, cluster: &str, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a container instance", instance.container_instance_arn())?;
    let registered = |name: &str| instance.registered_resources().iter().find(|resource| resource.name() == Some(name));
    let attribute = |name: &str| {
        instance.attributes().iter().find(|attribute| attribute.name() == name).and_then(|attribute| attribute.value())
    };
    let version = instance.version_info();
    let mut facts = Facts::new();
    facts
        .text("arn", Some(id))
        .text("state", instance.status())
        .text("state_reason", instance.status_reason())
        .text("cluster", Some(cluster))
        .text("instance_id", instance.ec2_instance_id())
        .text("instance_type", attribute("ecs.instance-type"))
        .text("capacity_provider", instance.capacity_provider_name())
        .number("cpu_units", registered("CPU").map(|resource| resource.integer_value()))
        .number("memory_mb", registered("MEMORY").map(|resource| resource.integer_value()))
        .text("agent_version", version.and_then(|version| version.agent_version()))
        .text("docker_version", version.and_then(|version| version.docker_version()))
        .time("create_time", instance.registered_at());
    let mut resource = region.resource(Kind::EcsContainerInstance, id);
    resource.tags = tags_of(instance.tags());
    resource.name = name(&resource.tags, None);
    resource.status = aws_status(instance.status());
    resource.metadata = facts.into_map();
    page.relate(&resource.id, RelationshipKind::MEMBER_OF, Some(cluster));
    page.relate(&resource.id, RelationshipKind::RUNS_ON, instance.ec2_instance_id());
    page.add(resource);
    Ok(())
}
