//! Containers.

use super::facts::Facts;
use crate::error::{Error, Result};
use crate::model::{Resource, ResourceType};

/// A cluster that runs containers.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ContainerCluster<'a> {
    /// What this is a view of.
    pub resource: &'a Resource,
    /// Version of the orchestrator, where the cluster has one of its own.
    pub version: Option<&'a str>,
}

impl<'a> TryFrom<&'a Resource> for ContainerCluster<'a> {
    type Error = Error;

    fn try_from(resource: &'a Resource) -> Result<Self> {
        let facts = Facts::of(resource, "ContainerCluster", &ResourceType::CONTAINER_CLUSTER, &[])?;
        Ok(Self { resource, version: facts.text("version") })
    }
}

/// Something that runs in containers: a service, one task of it, or the definition of such tasks.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ContainerWorkload<'a> {
    /// What this is a view of.
    pub resource: &'a Resource,
    /// What it runs on, for instance `EC2` or `FARGATE`.
    pub launch_type: Option<&'a str>,
    /// For a service, how many tasks there should be.
    pub desired_count: Option<u32>,
    /// For a service, how many tasks there were when it was discovered.
    pub running_count: Option<u32>,
}

impl<'a> TryFrom<&'a Resource> for ContainerWorkload<'a> {
    type Error = Error;

    fn try_from(resource: &'a Resource) -> Result<Self> {
        let native_types = ["AWS::ECS::Service", "AWS::ECS::Task", "AWS::ECS::TaskDefinition"];
        let facts = Facts::of(resource, "ContainerWorkload", &ResourceType::CONTAINER, &native_types)?;
        Ok(Self {
            resource,
            launch_type: facts.text("launch_type"),
            desired_count: facts.number("desired_count"),
            running_count: facts.number("running_count"),
        })
    }
}
