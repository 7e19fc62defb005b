//! Tasks, those that stopped lately among them.

use std::collections::BTreeSet;

use aws_sdk_ecs::types::{DesiredStatus, Task, TaskField};

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

/// A task that stops between the two lists is in both, and described once.
async fn list_of(region: &Region, cluster: &str, report: &Report) -> Result<(), Fault> {
    let mut arns = BTreeSet::new();
    for wanted in [DesiredStatus::Running, DesiredStatus::Stopped] {
        let call = region.clients.ecs.list_tasks().cluster(cluster).desired_status(wanted);
        let mut pages = Pages::new(SERVICE, call.into_paginator().page_size(PAGE).send(), |page| page.next_token());
        while let Some(answer) = pages.next().await? {
            arns.extend(given(SERVICE, "tasks", answer.task_arns)?);
        }
    }
    let arns: Vec<String> = arns.into_iter().collect();
    for arns in arns.chunks(BATCH) {
        let call = region.clients.ecs.describe_tasks().cluster(cluster).set_tasks(Some(arns.to_vec()));
        let answer = call.include(TaskField::Tags).send().await.map_err(|error| Fault::of(SERVICE, &error))?;
        let tasks = given(SERVICE, "tasks", answer.tasks)?;
        check_batch(arns.len(), tasks.len(), answer.failures.as_deref().unwrap_or_default())?;
        let mut page = Page::new();
        for task in &tasks {
            describe(region, task, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

fn describe(region: &Region, task: &Task, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a task", task.task_arn())?;
    let mut resource = region.resource(Kind::EcsTask, id);
    resource.tags = tags_of(task.tags());
    resource.name = name(&resource.tags, None);
    resource.status = aws_status(task.last_status());
    resource.availability_zone = task.availability_zone().map(str::to_owned);
    resource.metadata = facts(task, id).into_map();

    let id = &resource.id;
    page.relate(id, RelationshipKind::MEMBER_OF, task.cluster_arn());
    page.relate(id, RelationshipKind::RUNS_ON, task.container_instance_arn());
    page.relate(id, RelationshipKind::USES_TASK_DEFINITION, task.task_definition_arn());
    page.relate(id, RelationshipKind::BELONGS_TO_SUBNET, interface_detail(task, "subnetId"));
    page.add(resource);
    Ok(())
}

/// A fact of the network interface that a task may have of its own.
fn interface_detail<'a>(task: &'a Task, detail: &str) -> Option<&'a str> {
    let interfaces = task.attachments().iter().filter(|attachment| attachment.r#type() == Some("ElasticNetworkInterface"));
    interfaces.flat_map(|interface| interface.details()).find(|pair| pair.name() == Some(detail)).and_then(|pair| pair.value())
}

/// Times of connections and of pulling images are left out: they change by themselves.
fn facts(task: &Task, arn: &str) -> Facts {
    let containers = task.containers().iter().map(|container| {
        Facts::record(|facts| {
            facts
                .text("name", container.name())
                .text("image", container.image())
                .text("image_digest", container.image_digest())
                .text("state", container.last_status())
                .number("exit_code", container.exit_code())
                .text("reason", container.reason())
        })
    });
    let mut facts = Facts::new();
    facts
        .text("arn", Some(arn))
        .text("state", task.last_status())
        .text("desired_state", task.desired_status())
        .text("cluster", task.cluster_arn())
        .text("task_definition", task.task_definition_arn())
        .text("container_instance", task.container_instance_arn())
        .text("group", task.group())
        .text("started_by", task.started_by())
        .text("launch_type", task.launch_type().map(|kind| kind.as_str()))
        .text("capacity_provider", task.capacity_provider_name())
        .text("platform_version", task.platform_version())
        .text("cpu", task.cpu())
        .text("memory", task.memory())
        .text("health", task.health_status().map(|health| health.as_str()))
        .text("network_interface_id", interface_detail(task, "networkInterfaceId"))
        .text("subnet_id", interface_detail(task, "subnetId"))
        .text("private_ip", interface_detail(task, "privateIPv4Address"))
        .records("containers", containers)
        .list("images", task.containers().iter().filter_map(|container| container.image()))
        .text("stop_code", task.stop_code().map(|code| code.as_str()))
        .text("stopped_reason", task.stopped_reason())
        .time("create_time", task.created_at())
        .time("started_time", task.started_at())
        .time("stopped_time", task.stopped_at());
    facts
}
