//! Networks and interfaces.

use super::facts::Facts;
use crate::error::{Error, Result};
use crate::model::{Resource, ResourceType};

/// A range of addresses: a network, or a subnet of one.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Network<'a> {
    /// What this is a view of.
    pub resource: &'a Resource,
    /// Its IPv4 addresses in CIDR notation.
    pub cidr: Option<&'a str>,
    /// Whether the provider made it by default.
    pub is_default: Option<bool>,
    /// For a subnet, the network that it is a part of.
    pub vpc_id: Option<&'a str>,
}

impl<'a> TryFrom<&'a Resource> for Network<'a> {
    type Error = Error;

    fn try_from(resource: &'a Resource) -> Result<Self> {
        let native_types = ["AWS::EC2::VPC", "AWS::EC2::Subnet"];
        let facts = Facts::of(resource, "Network", &ResourceType::NETWORK, &native_types)?;
        Ok(Self { resource, cidr: facts.text("cidr"), is_default: facts.flag("is_default"), vpc_id: facts.text("vpc_id") })
    }
}

/// A network interface.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NetworkInterface<'a> {
    /// What this is a view of.
    pub resource: &'a Resource,
    /// First private IPv4 address.
    pub private_ip: Option<&'a str>,
    /// Public IPv4 address.
    pub public_ip: Option<&'a str>,
    /// Network that it is in.
    pub vpc_id: Option<&'a str>,
    /// Subnet that it is in.
    pub subnet_id: Option<&'a str>,
}

impl<'a> TryFrom<&'a Resource> for NetworkInterface<'a> {
    type Error = Error;

    fn try_from(resource: &'a Resource) -> Result<Self> {
        let facts = Facts::of(resource, "NetworkInterface", &ResourceType::NETWORK, &["AWS::EC2::NetworkInterface"])?;
        Ok(Self {
            resource,
            private_ip: facts.text("private_ip"),
            public_ip: facts.text("public_ip"),
            vpc_id: facts.text("vpc_id"),
            subnet_id: facts.text("subnet_id"),
        })
    }
}
