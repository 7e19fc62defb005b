//! Active task definitions.

use aws_sdk_ecs::operation::describe_task_definition::DescribeTaskDefinitionOutput;
use aws_sdk_ecs::types::{ContainerDefinition, TaskDefinition, TaskDefinitionField, TaskDefinitionStatus};
use futures_util::{StreamExt, TryStreamExt};
use serde_json::Value;

use super::{PAGE, SERVICE, tags_of};
use crate::aws::facts::Facts;
use crate::aws::fault::Fault;
use crate::aws::kind::Kind;
use crate::aws::page::{Page, Report};
use crate::aws::pages::{Pages, given, identity};
use crate::aws::region::{FOLLOW_UPS, Region};
use crate::aws::tags::name;
use crate::aws_status::aws_status;
use crate::model::RelationshipKind;

pub(in crate::aws) async fn list(region: &Region, report: &Report) -> Result<(), Fault> {
    let call = region.clients.ecs.list_task_definitions().status(TaskDefinitionStatus::Active);
    let mut pages = Pages::new(SERVICE, call.into_paginator().page_size(PAGE).send(), |page| page.next_token());
    while let Some(answer) = pages.next().await? {
        let arns = given(SERVICE, "task definitions", answer.task_definition_arns)?;
        let answers: Vec<DescribeTaskDefinitionOutput> =
            futures_util::stream::iter(arns).map(|arn| ask(region, arn)).buffered(FOLLOW_UPS).try_collect().await?;
        let mut page = Page::new();
        for answer in &answers {
            describe(region, answer, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

async fn ask(region: &Region, arn: String) -> Result<DescribeTaskDefinitionOutput, Fault> {
    let call = region.clients.ecs.describe_task_definition().task_definition(arn).include(TaskDefinitionField::Tags);
    call.send().await.map_err(|error| Fault::of(SERVICE, &error))
}

fn describe(region: &Region, answer: &DescribeTaskDefinitionOutput, page: &mut Page) -> Result<(), Fault> {
    let definition =
        answer.task_definition().ok_or_else(|| Fault::bad_response(SERVICE, "an answer without its task definition"))?;
    let id = identity(SERVICE, "a task definition", definition.task_definition_arn())?;
    let state = definition.status().map(|state| state.as_str());
    let mut resource = region.resource(Kind::EcsTaskDefinition, id);
    resource.tags = tags_of(answer.tags());
    let revision = definition.family().map(|family| format!("{family}:{}", definition.revision()));
    resource.name = name(&resource.tags, revision.as_deref());
    resource.status = aws_status(state);
    resource.metadata = facts(definition, id, state).into_map();
    page.relate(&resource.id, RelationshipKind::ASSUMES_ROLE, definition.task_role_arn());
    page.add(resource);
    Ok(())
}

/// Environment variables and commands are left out: secrets stand in them.
fn facts(definition: &TaskDefinition, arn: &str, state: Option<&str>) -> Facts {
    let containers = definition.container_definitions();
    let mut facts = Facts::new();
    facts
        .text("arn", Some(arn))
        .text("state", state)
        .text("family", definition.family())
        .number("revision", Some(definition.revision()))
        .text("network_mode", definition.network_mode().map(|mode| mode.as_str()))
        .list("requires_compatibilities", definition.requires_compatibilities().iter().map(|launch| launch.as_str()))
        .text("cpu", definition.cpu())
        .text("memory", definition.memory())
        .text("task_role_arn", definition.task_role_arn())
        .text("execution_role_arn", definition.execution_role_arn())
        .records("containers", containers.iter().map(container))
        .list("images", containers.iter().filter_map(|container| container.image()))
        .list("volumes", definition.volumes().iter().filter_map(|volume| volume.name()))
        .time("create_time", definition.registered_at());
    facts
}

fn container(container: &ContainerDefinition) -> Value {
    let ports = container.port_mappings().iter().map(|mapping| {
        Facts::record(|facts| {
            facts
                .number("container_port", mapping.container_port())
                .number("host_port", mapping.host_port())
                .text("protocol", mapping.protocol().map(|protocol| protocol.as_str()))
        })
    });
    Facts::record(|facts| {
        facts
            .text("name", container.name())
            .text("image", container.image())
            .number("cpu", Some(container.cpu()))
            .number("memory", container.memory())
            .number("memory_reservation", container.memory_reservation())
            .flag("essential", container.essential())
            .flag("privileged", container.privileged())
            .records("ports", ports)
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_ecs::types::KeyValuePair;

    use super::*;
    use crate::aws::region::tests::region;

    #[test]
    fn the_environment_of_a_container_is_not_told() {
        let secret = KeyValuePair::builder().name("PASSWORD").value("hunter2").build();
        let app = ContainerDefinition::builder().name("app").image("web:1").environment(secret).command("--key=hunter2").build();
        let definition =
            TaskDefinition::builder().task_definition_arn("arn").family("api").revision(3).container_definitions(app);
        let answer = DescribeTaskDefinitionOutput::builder().task_definition(definition.build()).build();
        let mut page = Page::new();
        describe(&region(), &answer, &mut page).unwrap();
        let (resources, _) = page.into_parts();
        assert_eq!(resources[0].name.as_deref(), Some("api:3"));
        let metadata = serde_json::to_string(&resources[0].metadata).unwrap();
        assert!(metadata.contains("web:1") && !metadata.contains("hunter2"), "{metadata}");
    }
}
