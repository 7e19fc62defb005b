//! Machines.

use super::facts::Facts;
use crate::error::{Error, Result};
use crate::model::{Resource, ResourceType};

/// A virtual machine.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ComputeInstance<'a> {
    /// What this is a view of.
    pub resource: &'a Resource,
    /// The provider's name for this size of machine, for instance `t3.medium`.
    pub instance_type: Option<&'a str>,
    /// Virtual processors.
    pub cpu_cores: Option<u32>,
    /// Memory in GiB.
    pub memory_gb: Option<f64>,
    /// First private IPv4 address.
    pub private_ip: Option<&'a str>,
    /// Public IPv4 address.
    pub public_ip: Option<&'a str>,
    /// Network that it is in.
    pub vpc_id: Option<&'a str>,
    /// Subnet that its first interface is in.
    pub subnet_id: Option<&'a str>,
}

impl<'a> TryFrom<&'a Resource> for ComputeInstance<'a> {
    type Error = Error;

    fn try_from(resource: &'a Resource) -> Result<Self> {
        let facts = Facts::of(resource, "ComputeInstance", &ResourceType::COMPUTE, &[])?;
        Ok(Self {
            resource,
            instance_type: facts.text("instance_type"),
            cpu_cores: facts.number("cpu_cores"),
            memory_gb: facts.decimal("memory_gb"),
            private_ip: facts.text("private_ip"),
            public_ip: facts.text("public_ip"),
            vpc_id: facts.text("vpc_id"),
            subnet_id: facts.text("subnet_id"),
        })
    }
}

/// A machine of one's own.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OnPremiseServer<'a> {
    /// What this is a view of.
    pub resource: &'a Resource,
    /// Processor cores.
    pub cpu_cores: Option<u32>,
    /// Memory in GiB.
    pub memory_gb: Option<f64>,
    /// First private address.
    pub private_ip: Option<&'a str>,
    /// Public address.
    pub public_ip: Option<&'a str>,
}

impl<'a> TryFrom<&'a Resource> for OnPremiseServer<'a> {
    type Error = Error;

    fn try_from(resource: &'a Resource) -> Result<Self> {
        let facts = Facts::of(resource, "OnPremiseServer", &ResourceType::ON_PREMISE_SERVER, &[])?;
        Ok(Self {
            resource,
            cpu_cores: facts.number("cpu_cores"),
            memory_gb: facts.decimal("memory_gb"),
            private_ip: facts.text("private_ip"),
            public_ip: facts.text("public_ip"),
        })
    }
}
