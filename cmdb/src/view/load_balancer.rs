//! Load balancers and their targets.

use super::facts::Facts;
use crate::error::{Error, Result};
use crate::model::{Resource, ResourceType};

/// A load balancer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LoadBalancer<'a> {
    /// What this is a view of.
    pub resource: &'a Resource,
    /// `application`, `network` or `gateway`.
    pub kind: Option<&'a str>,
    /// `internet-facing` or `internal`.
    pub scheme: Option<&'a str>,
    /// Host name that clients connect to.
    pub dns_name: Option<&'a str>,
    /// Network that it is in.
    pub vpc_id: Option<&'a str>,
}

impl<'a> TryFrom<&'a Resource> for LoadBalancer<'a> {
    type Error = Error;

    fn try_from(resource: &'a Resource) -> Result<Self> {
        let native_types = ["AWS::ElasticLoadBalancingV2::LoadBalancer"];
        let facts = Facts::of(resource, "LoadBalancer", &ResourceType::LOAD_BALANCER, &native_types)?;
        Ok(Self {
            resource,
            kind: facts.text("kind"),
            scheme: facts.text("scheme"),
            dns_name: facts.text("dns_name"),
            vpc_id: facts.text("vpc_id"),
        })
    }
}

/// A set of targets that a load balancer sends requests to.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TargetGroup<'a> {
    /// What this is a view of.
    pub resource: &'a Resource,
    /// Port that targets listen on unless they say otherwise.
    pub port: Option<u16>,
    /// Protocol that targets speak, for instance `HTTP`.
    pub protocol: Option<&'a str>,
    /// `instance`, `ip`, `lambda` or `alb`.
    pub target_type: Option<&'a str>,
    /// Network that its targets are in.
    pub vpc_id: Option<&'a str>,
    /// Each target with its health, as it was when it was discovered.
    pub target_health: Vec<TargetHealth<'a>>,
}

/// One target and whether it can take requests.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TargetHealth<'a> {
    /// The target: an instance's id, an ARN or an address.
    pub id: &'a str,
    /// Port that it listens on.
    pub port: Option<u16>,
    /// The provider's word, for instance `healthy` or `draining`.
    pub state: Option<&'a str>,
}

impl<'a> TryFrom<&'a Resource> for TargetGroup<'a> {
    type Error = Error;

    fn try_from(resource: &'a Resource) -> Result<Self> {
        let native_types = ["AWS::ElasticLoadBalancingV2::TargetGroup"];
        let facts = Facts::of(resource, "TargetGroup", &ResourceType::LOAD_BALANCER, &native_types)?;
        let health = |facts: Facts<'a>| {
            Some(TargetHealth { id: facts.text("id")?, port: facts.number("port"), state: facts.text("state") })
        };
        Ok(Self {
            resource,
            port: facts.number("port"),
            protocol: facts.text("protocol"),
            target_type: facts.text("target_type"),
            vpc_id: facts.text("vpc_id"),
            target_health: facts.blocks("target_health").filter_map(health).collect(),
        })
    }
}
